"""Names that people had before, so that they are looked for in what is to name nobody."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_names",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("until", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_former_names_person_people")),
        sa.PrimaryKeyConstraint("person", "name", name=op.f("pk_former_names")),
    )


def downgrade() -> None:
    op.drop_table("former_names")
