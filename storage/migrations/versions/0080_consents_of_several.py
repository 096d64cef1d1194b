"""Several people may be asked whether a piece is handed out, and a copy says whose names stand in it."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

_KEY = "pk_review_consents"


def upgrade() -> None:
    with op.batch_alter_table("review_consents", schema=None) as batch_op:
        batch_op.drop_constraint(_KEY, type_="primary")
        batch_op.create_primary_key(_KEY, ["cohort", "work", "person"])
    with op.batch_alter_table("review_copies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("named", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("review_copies", schema=None) as batch_op:
        batch_op.drop_column("named")
    # A piece has room for one: whoever did not agree goes before.
    op.execute(
        """
        DELETE FROM review_consents WHERE EXISTS (
            SELECT 1 FROM review_consents o
            WHERE o.cohort = review_consents.cohort AND o.work = review_consents.work
            AND o.person <> review_consents.person
            AND (
                (COALESCE(CAST(o.agreed AS INTEGER), 0), o.person)
                < (COALESCE(CAST(review_consents.agreed AS INTEGER), 0), review_consents.person)
            )
        )
        """
    )
    with op.batch_alter_table("review_consents", schema=None) as batch_op:
        batch_op.drop_constraint(_KEY, type_="primary")
        batch_op.create_primary_key(_KEY, ["cohort", "work"])
