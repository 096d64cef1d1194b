"""What the search index keeps. All of it is made from the entries, and can be made again.

A word is a number here, its own in each course: so the full-text index holds nothing but numbers, reads alike on every
database, and never looks into another course.
"""

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.sql.schema import number


class CourseRow(SQLModel, table=True):
    """Counts of a course. `meaning` is the sum of its entries' vectors (little-endian float32), and `meant` their
    number; `cells` are the centres (float16) by which they are looked up, made when there were `laid_out`."""

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
    """A word of a course, and how many of its entries hold it."""

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
        # The index on words of PostgreSQL is in the migration: only there is such a thing.
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
    """The vector of a whole entry, beside those of its cell."""

    __tablename__ = "search_vectors"
    __table_args__ = (Index("ix_search_vectors_entry", "entry"), {"sqlite_with_rowid": False})
    course: int = Field(primary_key=True, foreign_key="search_courses.id")
    cell: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    vector: bytes = Field(sa_type=LargeBinary)


class GroupRow(SQLModel, table=True):
    """A group of entries that ask the same: its number is its name."""

    __tablename__ = "search_groups"
    # The name of a group that is no more never becomes another one's.
    __table_args__ = {"sqlite_autoincrement": True}
    id: int = number()
    course: int = Field(foreign_key="search_courses.id")
