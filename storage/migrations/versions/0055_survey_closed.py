"""The survey: it keeps the smallest group that people were told of, and once closed neither who answered nor what.

An open survey takes the figure of its course file (0 is less than any). Words that nobody has decided about stay.
Stored replies that show words are deleted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_surveys = sa.table("surveys", sa.column("cohort", sa.Integer), sa.column("closed_at", sa.DateTime))
_people = sa.table("survey_people", sa.column("cohort", sa.Integer))
_answers = sa.table(
    "survey_answers",
    *(sa.column(name, sa.String) for name in ("came", "why", "worth", "words")),
    sa.column("cohort", sa.Integer),
)
_interactions = sa.table("interactions", sa.column("answer", sa.String))


def upgrade() -> None:
    with op.batch_alter_table("surveys", schema=None) as batch_op:
        batch_op.add_column(sa.Column("smallest", sa.Integer(), nullable=False, server_default="0"))
    closed = sa.select(_surveys.c.cohort).where(_surveys.c.closed_at.is_not(None))
    op.execute(sa.delete(_people).where(_people.c.cohort.in_(closed)))
    op.execute(sa.delete(_answers).where(_answers.c.cohort.in_(closed), _answers.c.words == ""))
    op.execute(sa.update(_answers).where(_answers.c.cohort.in_(closed)).values(came="", why="", worth=""))
    op.execute(sa.delete(_interactions).where(_interactions.c.answer.contains("survey.decide/")))


def downgrade() -> None:
    with op.batch_alter_table("surveys", schema=None) as batch_op:
        batch_op.drop_column("smallest")
