"""Drafts are found in their own cohort alone, unless the cohort shares them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_entries = sa.table(
    "faq_entries", sa.column("id", sa.Integer), sa.column("cohort", sa.Integer), sa.column("state", sa.String)
)
_runs = sa.table("faq_runs", sa.column("cohort", sa.Integer), sa.column("workspace", sa.String))
_channels = sa.table("channels", sa.column("cohort", sa.Integer), sa.column("workspace", sa.String))
_cohorts = sa.table("cohorts", sa.column("id", sa.Integer), sa.column("ended_at", sa.DateTime))
_indexed = sa.table("search_entries", sa.column("entry", sa.Integer), sa.column("run", sa.Integer))


def upgrade() -> None:
    op.add_column("faq_runs", sa.Column("shares", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("faq_runs", sa.Column("workspace", sa.String(), nullable=True))
    ended = sa.select(_cohorts.c.id).where(_cohorts.c.ended_at.is_not(None))
    where = sa.select(sa.func.min(_channels.c.workspace)).where(_channels.c.cohort == _runs.c.cohort).scalar_subquery()
    op.execute(sa.update(_runs).where(_runs.c.cohort.in_(ended)).values(workspace=where))
    own = sa.select(_entries.c.cohort).where(_entries.c.id == _indexed.c.entry).scalar_subquery()
    drafts = sa.select(_entries.c.id).where(_entries.c.state == "draft")
    op.execute(sa.update(_indexed).where(_indexed.c.entry.in_(drafts)).values(run=own))


def downgrade() -> None:
    op.drop_column("faq_runs", "workspace")
    op.drop_column("faq_runs", "shares")
