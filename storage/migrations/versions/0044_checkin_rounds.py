"""The rounds of check-ins, which keep their keys when a course file changes."""

import sqlalchemy as sa
from alembic import op

from bot.core.people import Cohort
from bot.course.loader import course_of
from bot.course.problems import CourseInvalid
from bot.features.checkins.rules import to_know
from storage.sql.schema import Utc

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "checkin_rounds",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("checkin", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("opens_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_checkin_rounds_cohort_cohorts")),
        sa.PrimaryKeyConstraint("cohort", "key", name=op.f("pk_checkin_rounds")),
    )
    # Keys were the position of a day in its week until now, which is what days get that nobody knows yet.
    cohorts = sa.table(
        "cohorts", *(sa.column(name) for name in ("id", "course_text", "zone")), sa.column("starts_on", sa.Date())
    )
    holidays = sa.table("holidays", sa.column("cohort"), sa.column("day", sa.Date()))
    bind = op.get_bind()
    for id, text, zone, starts_on in bind.execute(sa.select(cohorts)).all():
        if "checkins" not in text:
            continue
        days = bind.execute(sa.select(holidays.c.day).where(holidays.c.cohort == id)).scalars()
        try:
            course = course_of(text)
        except CourseInvalid:
            continue
        cohort = Cohort(id, "", "", text, zone, starts_on, holidays=frozenset(days))
        names = ("key", "checkin", "place", "day", "week", "title", "opens_at")
        rows = [{"cohort": id, **{n: getattr(one, n) for n in names}} for one in to_know(course, cohort, [])]
        if rows:
            op.bulk_insert(table, rows)


def downgrade() -> None:
    op.drop_table("checkin_rounds")
