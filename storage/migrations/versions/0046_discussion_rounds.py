"""The rounds of discussions, which keep their numbers when a course file changes; and no reason that nobody reads."""

import sqlalchemy as sa
from alembic import op

from bot.course.loader import course_of
from bot.course.problems import CourseInvalid
from bot.features.discussions.rules import to_know

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "discussion_rounds",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("discussion", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("opens", sa.String(), nullable=False),
        sa.Column("fields", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_discussion_rounds_cohort_cohorts")),
        sa.PrimaryKeyConstraint("cohort", "discussion", "number", name=op.f("pk_discussion_rounds")),
    )
    # What the course's policy grants needs no reason.
    requests = sa.table("time_requests", *(sa.column(name) for name in ("reason", "state", "answered_by")))
    by_policy = (requests.c.state == "granted", requests.c.answered_by.is_(None), requests.c.reason != "")
    op.execute(sa.update(requests).where(*by_policy).values(reason=""))
    # The number of a round was its position until now, which is what rounds get that nobody knows yet.
    cohorts = sa.table("cohorts", *(sa.column(name) for name in ("id", "course_text")))
    bind = op.get_bind()
    for id, text in bind.execute(sa.select(cohorts)).all():
        if "discussions" not in text:
            continue
        try:
            course = course_of(text)
        except CourseInvalid:
            continue
        names = ("discussion", "number", "position", "opens", "fields")
        rows = [{"cohort": id, **{n: getattr(one, n) for n in names}} for one in to_know(course, [])]
        if rows:
            op.bulk_insert(table, rows)


def downgrade() -> None:
    op.drop_table("discussion_rounds")
