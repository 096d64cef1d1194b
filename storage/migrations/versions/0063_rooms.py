"""Quiet rooms, and who is in them."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rooms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("opened_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("ends_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("stays", sa.Boolean(), nullable=False),
        sa.Column("closed_at", storage.sql.schema.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_rooms_cohort_cohorts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
    )
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.create_index("ix_rooms_cohort", ["cohort", "closed_at"], unique=False)

    op.create_table(
        "room_seats",
        sa.Column("room", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("nameless", sa.Boolean(), nullable=False),
        sa.Column("done", sa.String(), nullable=False),
        sa.Column("left", sa.Boolean(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_room_seats_person_people")),
        sa.ForeignKeyConstraint(["room"], ["rooms.id"], name=op.f("fk_room_seats_room_rooms")),
        sa.PrimaryKeyConstraint("room", "person", name=op.f("pk_room_seats")),
    )
    with op.batch_alter_table("room_seats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_seats_person"), ["person"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("room_seats", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_seats_person"))

    op.drop_table("room_seats")
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.drop_index("ix_rooms_cohort")

    op.drop_table("rooms")
