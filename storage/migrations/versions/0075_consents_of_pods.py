"""What a pod says about handing out its work is about one milestone."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

_CONSENTS = sa.table("review_consents", sa.column("cohort"), sa.column("work"))


def upgrade() -> None:
    # What is about an earlier version of the work asks nobody any more and stays as it is.
    op.execute(
        """
        UPDATE review_consents SET work = work || '/milestone/' || (
            SELECT MIN(s.milestone) FROM submissions s
            WHERE s.cohort = review_consents.cohort AND s.pod = review_consents.work
            AND s.changed_at = review_consents.version
        )
        WHERE work LIKE 'pod/%' AND EXISTS (
            SELECT 1 FROM submissions s
            WHERE s.cohort = review_consents.cohort AND s.pod = review_consents.work
            AND s.changed_at = review_consents.version
        )
        """
    )


def downgrade() -> None:
    # A pod has room for one: the newest.
    here = op.get_bind()
    found = here.execute(
        sa.text("SELECT cohort, work FROM review_consents WHERE work LIKE 'pod/%/milestone/%' ORDER BY version DESC")
    )
    kept = set()
    for cohort, work in found.all():
        pod, asked = work.partition("/milestone/")[0], sa.and_(_CONSENTS.c.cohort == cohort, _CONSENTS.c.work == work)
        if (cohort, pod) in kept:
            here.execute(sa.delete(_CONSENTS).where(asked))
        else:
            here.execute(sa.update(_CONSENTS).where(asked).values(work=pod))
        kept.add((cohort, pod))
