"""Reviews of a pod's work: of which pod, and who of it answered."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pod", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("said_by", sa.Integer(), nullable=True))
        batch_op.create_index("ix_reviews_pod", ["pod", "cohort"], unique=False)
        batch_op.create_index(batch_op.f("ix_reviews_said_by"), ["said_by"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_reviews_said_by_people"), "people", ["said_by"], ["id"])
    reviews = sa.table("reviews", sa.column("work", sa.String()), sa.column("pod", sa.String()))
    works = sa.table("submissions", sa.column("id", sa.Integer()), sa.column("pod", sa.String()))
    named = sa.literal("milestones/") + sa.cast(works.c.id, sa.String())
    of_pods = sa.select(named).where(works.c.pod != "")
    pod = sa.select(works.c.pod).where(named == reviews.c.work).scalar_subquery()
    op.execute(reviews.update().where(reviews.c.work.in_(of_pods)).values(pod=pod))


def downgrade() -> None:
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_reviews_said_by_people"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_reviews_said_by"))
        batch_op.drop_index("ix_reviews_pod")
        batch_op.drop_column("said_by")
        batch_op.drop_column("pod")
