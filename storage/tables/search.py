"""The search index. All of it is derived from the entries, and can be rebuilt.

A word is a number here, different in each course. So the full-text index contains only numbers, works alike on every
database, and never searches another course.
"""

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.sql.schema import number


class CourseRow(SQLModel, table=True):
    """Counts of a course. `meaning` is the sum of its entries' vectors (little-endian float32), and `meant` their
    number. `cells` are the centres (float16) of its clusters, computed when there were `laid_out` vectors."""

    __tablename__ = "search_courses"
    id: int = number()
    course: str = Field(unique=True)
    entries: int = 0
    words: int = 0
    meant: int = 0
    meaning: bytes = Field(default=b"", sa_type=LargeBinary)
    cells: bytes = Field(default=b"", sa_type=LargeBinary)
    laid_out: int = 0


class TermRow(SQLModel, table=True):
    """A word of a course, and the number of its entries that contain it."""

    __tablename__ = "search_terms"
    __table_args__ = (UniqueConstraint("course", "term"),)
    id: int = number()
    course: int = Field(foreign_key="search_courses.id")
    term: str
    entries: int


class IndexedRow(SQLModel, table=True):
    """An entry that can be found. `run`: the only cohort that finds it (None: every cohort of the course). `question`
    and `answer` are the numbers of their words, in order. `vectors` (question, answer, both) are missing until they are
    made; `kin` is the group of those that ask the same."""

    __tablename__ = "search_entries"
    __table_args__ = (
        # The word index of PostgreSQL is in the migration: SQLite has no such index.
        Index("ix_search_entries_unencoded", "encoded", "entry"),
    )
    entry: int = Field(primary_key=True, foreign_key="faq_entries.id", sa_column_kwargs={"autoincrement": False})
    course: int = Field(foreign_key="search_courses.id")
    run: int | None = None
    question: str = Field(sa_type=Text)
    answer: str = Field(sa_type=Text)
    stamp: str
    encoded: bool = False
    vectors: bytes | None = Field(default=None, sa_type=LargeBinary)
    kin: int | None = Field(default=None, foreign_key="search_groups.id", index=True)


class VectorRow(SQLModel, table=True):
    """The vector of a whole entry, stored with the others of its cluster."""

    __tablename__ = "search_vectors"
    __table_args__ = (Index("ix_search_vectors_entry", "entry"), {"sqlite_with_rowid": False})
    course: int = Field(primary_key=True, foreign_key="search_courses.id")
    cell: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    vector: bytes = Field(sa_type=LargeBinary)


class GroupRow(SQLModel, table=True):
    """A group of entries that ask the same; its number is its name."""

    __tablename__ = "search_groups"
    # The name of a deleted group is never reused.
    __table_args__ = {"sqlite_autoincrement": True}
    id: int = number()
    course: int = Field(foreign_key="search_courses.id")
