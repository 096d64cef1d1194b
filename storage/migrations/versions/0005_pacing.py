"""Pacing: holidays, milestones, absence, completion, versions of the course file."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("starts_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("ends_at", storage.sql.schema.Utc(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("back_at", storage.sql.schema.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_absences_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_absences_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absences_cohort"), ["cohort"], unique=False)
        batch_op.create_index("ix_absences_person", ["person", "cohort"], unique=False)

    op.create_table(
        "certificates",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("issued_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_certificates_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_certificates_person_people")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_certificates")),
        sa.UniqueConstraint("cohort", "person", name=op.f("uq_certificates_cohort_person")),
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.create_index("ix_certificates_person", ["person"], unique=False)

    op.create_table(
        "course_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("holidays", sa.Text(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_course_proposals_by_people")),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_course_proposals_cohort_cohorts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_proposals")),
    )
    with op.batch_alter_table("course_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_proposals_cohort"), ["cohort"], unique=False)

    op.create_table(
        "course_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("holidays", sa.Text(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", storage.sql.schema.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_course_versions_by_people")),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_course_versions_cohort_cohorts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_versions")),
        sa.UniqueConstraint("cohort", "number", name=op.f("uq_course_versions_cohort_number")),
    )
    op.create_table(
        "final_cards",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_final_cards_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_final_cards_person_people")),
        sa.PrimaryKeyConstraint("cohort", "person", name=op.f("pk_final_cards")),
    )
    op.create_table(
        "heard",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("until", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_heard_person_people")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_heard")),
    )
    op.create_table(
        "holidays",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_holidays_cohort_cohorts")),
        sa.PrimaryKeyConstraint("cohort", "day", name=op.f("pk_holidays")),
    )
    op.create_table(
        "milestone_moves",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("milestone", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_milestone_moves_by_people")),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_milestone_moves_cohort_cohorts")),
        sa.PrimaryKeyConstraint("cohort", "milestone", "person", name=op.f("pk_milestone_moves")),
    )
    op.create_table(
        "milestone_windows",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("milestone", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("opens_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("due_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("closes_at", storage.sql.schema.Utc(), nullable=True),
        sa.Column("optional", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_milestone_windows_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_milestone_windows_person_people")),
        sa.PrimaryKeyConstraint("cohort", "milestone", "person", name=op.f("pk_milestone_windows")),
    )
    with op.batch_alter_table("milestone_windows", schema=None) as batch_op:
        batch_op.create_index("ix_milestone_windows_person", ["person"], unique=False)

    op.create_table(
        "next_run_interest",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_next_run_interest_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_next_run_interest_person_people")),
        sa.PrimaryKeyConstraint("cohort", "person", name=op.f("pk_next_run_interest")),
    )
    op.create_table(
        "no_reminders",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("since", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_no_reminders_person_people")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_no_reminders")),
    )
    op.create_table(
        "silences",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("since", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_silences_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_silences_person_people")),
        sa.PrimaryKeyConstraint("cohort", "person", name=op.f("pk_silences")),
    )
    with op.batch_alter_table("silences", schema=None) as batch_op:
        batch_op.create_index("ix_silences_person", ["person"], unique=False)

    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("milestone", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("first_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("changed_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", storage.sql.schema.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_submissions_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_submissions_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("cohort", "milestone", "person", name=op.f("uq_submissions_cohort_milestone_person")),
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index("ix_submissions_person", ["person"], unique=False)

    op.create_table(
        "weekcards",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("shown_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_weekcards_cohort_cohorts")),
        sa.PrimaryKeyConstraint("cohort", "week", "person", name=op.f("pk_weekcards")),
    )
    op.create_table(
        "submission_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission"], ["submissions.id"], name=op.f("fk_submission_revisions_submission_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_revisions")),
    )
    with op.batch_alter_table("submission_revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_revisions_submission"), ["submission"], unique=False)

    with op.batch_alter_table("faq_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("run_only", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_state"))
        batch_op.create_index("ix_outbox_state", ["state", "not_before", "id"], unique=False)

    with op.batch_alter_table("remarks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rank", sa.String(), server_default="usual", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("remarks", schema=None) as batch_op:
        batch_op.drop_column("rank")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_state")
        batch_op.create_index(batch_op.f("ix_outbox_state"), ["state", "id"], unique=False)

    with op.batch_alter_table("faq_entries", schema=None) as batch_op:
        batch_op.drop_column("run_only")

    with op.batch_alter_table("submission_revisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_revisions_submission"))

    op.drop_table("submission_revisions")
    op.drop_table("weekcards")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_index("ix_submissions_person")

    op.drop_table("submissions")
    with op.batch_alter_table("silences", schema=None) as batch_op:
        batch_op.drop_index("ix_silences_person")

    op.drop_table("silences")
    op.drop_table("no_reminders")
    op.drop_table("next_run_interest")
    with op.batch_alter_table("milestone_windows", schema=None) as batch_op:
        batch_op.drop_index("ix_milestone_windows_person")

    op.drop_table("milestone_windows")
    op.drop_table("milestone_moves")
    op.drop_table("holidays")
    op.drop_table("heard")
    op.drop_table("final_cards")
    op.drop_table("course_versions")
    with op.batch_alter_table("course_proposals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_proposals_cohort"))

    op.drop_table("course_proposals")
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.drop_index("ix_certificates_person")

    op.drop_table("certificates")
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.drop_index("ix_absences_person")
        batch_op.drop_index(batch_op.f("ix_absences_cohort"))

    op.drop_table("absences")
