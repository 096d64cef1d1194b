"""What a waiting notice is, and when somebody asked for feedback on a live session, in columns of their own."""

import json

import sqlalchemy as sa
from alembic import op

from bot.core.time import parse_instant, write_instant
from storage.sql.schema import Utc

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

PERSONAL = "personal"

_remarks = sa.table("remarks", sa.column("change", sa.String), sa.column("personal", sa.Boolean))
_people = sa.table(
    "live_people",
    *(sa.column(name, sa.Integer) for name in ("session", "person")),
    sa.column("answers", sa.Text),
    sa.column("asked_at", Utc),
)


def upgrade() -> None:
    # A table that is made anew would give numbers of deleted rows again.
    for name in ("lists_all", "personal"):
        op.add_column("remarks", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("live_people", sa.Column("asked_at", Utc(), nullable=True))
    personal = _remarks.c.change == PERSONAL
    op.execute(sa.update(_remarks).where(personal).values(personal=True, change=""))
    for session, person, answers, _ in op.get_bind().execute(sa.select(_people)).all():
        said = json.loads(answers)
        if isinstance(said, dict):
            _keep(session, person, [said["about"]], parse_instant(said["asked_at"]))


def downgrade() -> None:
    for session, person, answers, asked_at in op.get_bind().execute(sa.select(_people)).all():
        if asked_at is not None:
            about = "".join(json.loads(answers))
            _keep(session, person, {"about": about, "asked_at": write_instant(asked_at)}, asked_at)
    op.execute(sa.update(_remarks).where(_remarks.c.personal).values(change=PERSONAL))
    op.drop_column("live_people", "asked_at")
    for name in ("personal", "lists_all"):
        op.drop_column("remarks", name)


def _keep(session: int, person: int, answers: object, asked_at: object) -> None:
    here = sa.and_(_people.c.session == session, _people.c.person == person)
    op.execute(sa.update(_people).where(here).values(answers=json.dumps(answers), asked_at=asked_at))
