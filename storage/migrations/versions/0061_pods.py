"""Pods: the groups of a cohort with their channels, who is in them, and how people introduce themselves."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pod_introductions",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("changed_at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_pod_introductions_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_pod_introductions_person_people")),
        sa.PrimaryKeyConstraint("cohort", "person", name=op.f("pk_pod_introductions")),
    )
    with op.batch_alter_table("pod_introductions", schema=None) as batch_op:
        batch_op.create_index("ix_pod_introductions_person", ["person"], unique=False)

    op.create_table(
        "pods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("formed_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("closed_at", storage.sql.schema.Utc(), nullable=True),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_pods_cohort_cohorts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pods")),
    )
    with op.batch_alter_table("pods", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pods_cohort"), ["cohort"], unique=False)

    op.create_table(
        "pod_members",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("wants", sa.Boolean(), nullable=False),
        sa.Column("asked_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("pod", sa.Integer(), nullable=True),
        sa.Column("since", storage.sql.schema.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_pod_members_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_pod_members_person_people")),
        sa.ForeignKeyConstraint(["pod"], ["pods.id"], name=op.f("fk_pod_members_pod_pods")),
        sa.PrimaryKeyConstraint("cohort", "person", name=op.f("pk_pod_members")),
    )
    with op.batch_alter_table("pod_members", schema=None) as batch_op:
        batch_op.create_index("ix_pod_members_person", ["person"], unique=False)
        batch_op.create_index(batch_op.f("ix_pod_members_pod"), ["pod"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("pod_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pod_members_pod"))
        batch_op.drop_index("ix_pod_members_person")

    op.drop_table("pod_members")
    with op.batch_alter_table("pods", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pods_cohort"))

    op.drop_table("pods")
    with op.batch_alter_table("pod_introductions", schema=None) as batch_op:
        batch_op.drop_index("ix_pod_introductions_person")

    op.drop_table("pod_introductions")
