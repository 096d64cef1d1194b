"""The survey: answers that name nobody, and elsewhere who has answered.

Running cohorts are planned again, so that their survey opens.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.sql.schema import Utc

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_due = sa.table(
    "due",
    sa.column("kind", sa.String),
    sa.column("subject", sa.String),
    sa.column("occurrence", sa.String),
    sa.column("at", Utc),
    sa.column("cohort", sa.Integer),
    sa.column("state", sa.String),
)
_cohorts = sa.table("cohorts", sa.column("id", sa.Integer), sa.column("ended_at", Utc))


def upgrade() -> None:
    op.create_table(
        "survey_answers",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("came", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("worth", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_survey_answers_cohort_cohorts")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_survey_answers")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("survey_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_answers_cohort"), ["cohort"], unique=False)

    op.create_table(
        "survey_people",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_survey_people_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_survey_people_person_people")),
        sa.PrimaryKeyConstraint("cohort", "person", "element", name=op.f("pk_survey_people")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("survey_people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_people_person"), ["person"], unique=False)

    op.create_table(
        "survey_results",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("advice", sa.String(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_survey_results_cohort_cohorts")),
        sa.PrimaryKeyConstraint("cohort", "element", name=op.f("pk_survey_results")),
    )
    op.create_table(
        "surveys",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("opened_at", Utc(), nullable=False),
        sa.Column("closed_at", Utc(), nullable=True),
        sa.Column("settled_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_surveys_cohort_cohorts")),
        sa.PrimaryKeyConstraint("cohort", name=op.f("pk_surveys")),
    )

    # In the past, so that it happens first.
    long_ago = sa.literal(datetime(2000, 1, 1, tzinfo=UTC), Utc)
    running = sa.select(
        sa.literal("enrolment.plan_anew"),
        sa.cast(_cohorts.c.id, sa.String),
        sa.literal(revision),
        long_ago,
        _cohorts.c.id,
        sa.literal("planned"),
    ).where(_cohorts.c.ended_at.is_(None))
    op.execute(_due.insert().from_select(["kind", "subject", "occurrence", "at", "cohort", "state"], running))


def downgrade() -> None:
    op.execute(_due.delete().where(_due.c.kind == "enrolment.plan_anew", _due.c.occurrence == revision))
    op.drop_table("surveys")
    op.drop_table("survey_results")
    with op.batch_alter_table("survey_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_people_person"))

    op.drop_table("survey_people")
    with op.batch_alter_table("survey_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_answers_cohort"))

    op.drop_table("survey_answers")
