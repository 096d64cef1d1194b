"""Indexes on what is planned and on what is still to go out hold those rows alone; what somebody has of milestones is
found by the person."""

from alembic import op
from sqlalchemy import text

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PLANNED = "state = 'planned'"
OPEN = "state IN ('waiting', 'held', 'sending', 'dead')"
BEFORE = (
    ("ix_due_planned", "due", ["state", "at"]),
    ("ix_due_cohort", "due", ["cohort", "kind", "state"]),
    ("ix_due_person", "due", ["person", "state", "at"]),
    ("ix_outbox_state", "outbox", ["state", "not_before", "id"]),
    ("ix_outbox_anchor", "outbox", ["anchor", "state"]),
    ("ix_outbox_held", "outbox", ["held_on"]),
    ("ix_outbox_cohort", "outbox", ["cohort", "state"]),
    ("ix_milestone_windows_person", "milestone_windows", ["person"]),
    ("ix_submissions_person", "submissions", ["person"]),
)
AFTER = (
    ("ix_due_planned", "due", ["at"], PLANNED),
    ("ix_due_person", "due", ["person", "at"], PLANNED),
    ("ix_due_cohort", "due", ["cohort", "kind"], None),
    ("ix_outbox_waiting", "outbox", ["not_before", "id"], "state = 'waiting'"),
    ("ix_outbox_sending", "outbox", ["lease_until"], "state = 'sending'"),
    ("ix_outbox_held", "outbox", ["held_on"], "state = 'held'"),
    ("ix_outbox_anchor", "outbox", ["anchor"], OPEN),
    ("ix_milestone_windows_person", "milestone_windows", ["person", "cohort"], None),
    ("ix_submissions_person", "submissions", ["person", "cohort"], None),
)


def upgrade() -> None:
    for name, table, _ in BEFORE:
        op.drop_index(name, table)
    for name, table, columns, state in AFTER:
        where = text(state) if state else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in AFTER:
        op.drop_index(name, table)
    for name, table, columns in BEFORE:
        op.create_index(name, table, columns)
