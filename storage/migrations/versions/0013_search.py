"""The search index: words, vectors, groups of those that ask the same; and what was looked up in vain."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

WORDS = "array_to_tsvector(array_remove(string_to_array(question || ' ' || answer, ' '), ''))"

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_courses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("meant", sa.Integer(), nullable=False),
        sa.Column("meaning", sa.LargeBinary(), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.Column("laid_out", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_courses")),
        sa.UniqueConstraint("course", name=op.f("uq_search_courses_course")),
    )
    op.create_table(
        "faq_misses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("wrong", sa.String(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_faq_misses_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_faq_misses_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_misses")),
    )
    with op.batch_alter_table("faq_misses", schema=None) as batch_op:
        batch_op.create_index("ix_faq_misses_course", ["course", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_faq_misses_person"), ["person"], unique=False)

    op.create_table(
        "search_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["search_courses.id"], name=op.f("fk_search_groups_course_search_courses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_groups")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "search_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["search_courses.id"], name=op.f("fk_search_terms_course_search_courses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_terms")),
        sa.UniqueConstraint("course", "term", name=op.f("uq_search_terms_course_term")),
    )
    op.create_table(
        "search_vectors",
        sa.Column("course", sa.Integer(), nullable=False),
        sa.Column("cell", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course"], ["search_courses.id"], name=op.f("fk_search_vectors_course_search_courses")
        ),
        sa.PrimaryKeyConstraint("course", "cell", "entry", name=op.f("pk_search_vectors")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("search_vectors", schema=None) as batch_op:
        batch_op.create_index("ix_search_vectors_entry", ["entry"], unique=False)

    op.create_table(
        "search_entries",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("course", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("encoded", sa.Boolean(), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=True),
        sa.Column("kin", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course"], ["search_courses.id"], name=op.f("fk_search_entries_course_search_courses")
        ),
        sa.ForeignKeyConstraint(["entry"], ["faq_entries.id"], name=op.f("fk_search_entries_entry_faq_entries")),
        sa.ForeignKeyConstraint(["kin"], ["search_groups.id"], name=op.f("fk_search_entries_kin_search_groups")),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_search_entries")),
    )
    with op.batch_alter_table("search_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_entries_kin"), ["kin"], unique=False)
        batch_op.create_index("ix_search_entries_unencoded", ["encoded", "entry"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE INDEX ix_search_entries_words ON search_entries USING gin ({WORDS})")
    else:
        # The words are in `search_entries` already; the index holds where they are and nothing else.
        op.execute(
            "CREATE VIRTUAL TABLE search_fts"
            " USING fts5 (terms, content='', columnsize=0, detail=none, tokenize='ascii')"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
    with op.batch_alter_table("search_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_search_entries_unencoded")
        batch_op.drop_index(batch_op.f("ix_search_entries_kin"))

    op.drop_table("search_entries")
    with op.batch_alter_table("search_vectors", schema=None) as batch_op:
        batch_op.drop_index("ix_search_vectors_entry")

    op.drop_table("search_vectors")
    op.drop_table("search_terms")
    op.drop_table("search_groups")
    with op.batch_alter_table("faq_misses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_faq_misses_person"))
        batch_op.drop_index("ix_faq_misses_course")

    op.drop_table("faq_misses")
    op.drop_table("search_courses")
