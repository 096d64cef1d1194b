"""The FAQ: entries, and the versions that somebody stood for."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Index, Text, and_, delete, func, or_, text
from sqlmodel import Field, Session, SQLModel, col, select

from bot.features.faq.border import Entry, Flag, State, Waiting
from storage.schema import instant, maybe_instant


class EntryRow(SQLModel, table=True):
    """See `Entry`. `source` is a question of storage/questions.py."""

    __tablename__ = "faq_entries"
    __table_args__ = (
        Index("ix_faq_entries_review", "cohort", "state", "id"),
        Index("ix_faq_entries_course", "course", "state", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    cohort: int = Field(foreign_key="cohorts.id")
    course: str
    question: str = Field(sa_type=Text)
    answer: str = Field(sa_type=Text)
    state: str
    source: int = Field(unique=True)
    source_stamp: str
    created_at: datetime = instant()
    verified_at: datetime | None = maybe_instant()
    flag: str = ""
    news_question: str = Field(default="", sa_type=Text)
    news_answer: str = Field(default="", sa_type=Text)
    run_only: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class VersionRow(SQLModel, table=True):
    """A text of an entry, and who stood for it when."""

    __tablename__ = "faq_versions"
    id: int | None = Field(default=None, primary_key=True)
    entry: int = Field(foreign_key="faq_entries.id", index=True)
    question: str = Field(sa_type=Text)
    answer: str = Field(sa_type=Text)
    person: int = Field(foreign_key="people.id")
    act: str
    at: datetime = instant()


class Faq:
    """The `FaqStore` of bot/features/faq, over tables."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def add(self, entry: Entry) -> Entry:
        row = EntryRow(
            cohort=entry.cohort,
            course=entry.course,
            question=entry.question,
            answer=entry.answer,
            state=entry.state,
            source=entry.source,
            source_stamp=entry.source_stamp,
            created_at=entry.created_at,
        )
        self._session.add(row)
        self._session.flush()
        return _entry(row)

    def keep(self, entry: Entry) -> None:
        row = self._session.get_one(EntryRow, entry.id)
        row.question, row.answer, row.source_stamp = entry.question, entry.answer, entry.source_stamp
        row.state, row.flag, row.verified_at = entry.state, entry.flag, entry.verified_at
        row.run_only = entry.run_only
        row.news_question, row.news_answer = entry.news_question, entry.news_answer
        if not entry.question:
            self._session.exec(delete(VersionRow).where(col(VersionRow.entry) == entry.id))
        self._session.flush()

    def keep_version(self, entry: Entry, person: int, act: str) -> None:
        self._session.add(
            VersionRow(
                entry=entry.id, question=entry.question, answer=entry.answer, person=person, act=act, at=self._now
            )
        )

    def entry(self, entry: int) -> Entry | None:
        row = self._session.get(EntryRow, entry)
        return _entry(row) if row else None

    def of_source(self, question: int) -> Entry | None:
        row = self._session.exec(select(EntryRow).where(EntryRow.source == question)).first()
        return _entry(row) if row else None

    def waiting(self, cohort: int, limit: int) -> Waiting:
        here = (EntryRow.cohort == cohort, col(EntryRow.state).in_(("draft", "flagged")))
        numbers = dict(
            self._session.exec(select(EntryRow.state, func.count()).where(*here).group_by(EntryRow.state)).all()
        )
        entries: list[Entry] = []
        for state in ("flagged", "draft"):
            if limit > len(entries) and numbers.get(state):
                query = select(EntryRow).where(EntryRow.cohort == cohort, EntryRow.state == state)
                rows = self._session.exec(query.order_by(col(EntryRow.id)).limit(limit - len(entries)))
                entries += [_entry(row) for row in rows]
        return Waiting(numbers.get("flagged", 0), numbers.get("draft", 0), tuple(entries))

    def standing(self, course: str, cohort: int | None = None) -> Sequence[Entry]:
        here = or_(~col(EntryRow.run_only), col(EntryRow.cohort) == cohort)
        query = select(EntryRow).where(EntryRow.course == course, _STANDS, here).order_by(col(EntryRow.id))
        return [_entry(row) for row in self._session.exec(query)]

    def of_run(self, cohort: int) -> Sequence[Entry]:
        """Those that came from one run of the course, by number."""
        query = select(EntryRow).where(EntryRow.cohort == cohort, _STANDS).order_by(col(EntryRow.id))
        return [_entry(row) for row in self._session.exec(query)]


_STANDS = or_(
    col(EntryRow.state) == "approved", and_(col(EntryRow.state) == "flagged", col(EntryRow.flag) == "changed")
)
"""As `Entry.stands`."""


def _entry(row: EntryRow) -> Entry:
    assert row.id is not None
    return Entry(
        id=row.id,
        cohort=row.cohort,
        course=row.course,
        question=row.question,
        answer=row.answer,
        state=cast(State, row.state),
        source=row.source,
        source_stamp=row.source_stamp,
        created_at=row.created_at,
        verified_at=row.verified_at,
        flag=cast(Flag, row.flag),
        news_question=row.news_question,
        news_answer=row.news_answer,
        run_only=row.run_only,
    )
