"""What was handed in to be said to a person unasked, and what was said when."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index, Text, delete, func
from sqlmodel import Field, Session, SQLModel, col, select

from bot.core.codec import dump_message, dump_text, load_message, load_text
from bot.core.people import Role
from bot.core.voice import Card, Line
from bot.runtime.ports import Unsaid
from storage.calendar import DueRow
from storage.schema import instant


class RemarkRow(SQLModel, table=True):
    """A card or a line that waits. `key` is the card's anchor or the line's own key."""

    __tablename__ = "remarks"
    __table_args__ = (
        Index("ix_remarks_key", "key"),
        Index("ix_remarks_cohort", "cohort"),
        # A number is never used twice: what was planned to be said goes by it.
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, primary_key=True)
    person: int = Field(foreign_key="people.id", index=True)
    cohort: int = Field(foreign_key="cohorts.id")
    key: str
    is_card: bool
    body: str = Field(sa_type=Text)
    at: datetime = instant()
    until: datetime = instant()
    role: str
    urgent: bool = False


class SpokenRow(SQLModel, table=True):
    """That one unasked message went to a person: what the budget is counted from."""

    __tablename__ = "spoken"
    __table_args__ = (Index("ix_spoken_person", "person", "role", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    person: int = Field(foreign_key="people.id")
    role: str
    at: datetime = instant()


class VoiceTable:
    """The `VoiceStore` of bot/runtime/ports.py, over tables."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session

    def keep(self, remark: Card | Line, now: datetime) -> int:
        key = remark.anchor if isinstance(remark, Card) else remark.key
        self._session.exec(delete(RemarkRow).where(col(RemarkRow.key) == key, col(RemarkRow.person) == remark.person))
        row = RemarkRow(
            person=remark.person,
            cohort=remark.cohort,
            key=key,
            is_card=isinstance(remark, Card),
            body=dump_message(remark.message) if isinstance(remark, Card) else dump_text(remark.text),
            at=remark.at if isinstance(remark, Card) else now,
            until=remark.until,
            role=remark.role.value,
            urgent=isinstance(remark, Line) and remark.urgent,
        )
        self._session.add(row)
        self._session.flush()
        assert row.id is not None
        return row.id

    def next_card(self, person: int, after: datetime) -> datetime | None:
        waiting = select(func.min(RemarkRow.at)).where(
            RemarkRow.person == person, col(RemarkRow.is_card), RemarkRow.at > after
        )
        planned = select(func.min(DueRow.at)).where(
            DueRow.person == person, DueRow.state == "planned", DueRow.at > after
        )
        found = (self._session.exec(waiting).one(), self._session.exec(planned).one())
        return min((t for t in found if t is not None), default=None)

    def hush(self, key: str) -> None:
        self._session.exec(delete(RemarkRow).where(col(RemarkRow.key) == key))

    def hush_person(self, person: int, cohort: int) -> None:
        self._session.exec(delete(RemarkRow).where(col(RemarkRow.person) == person, col(RemarkRow.cohort) == cohort))

    def hush_cohort(self, cohort: int) -> None:
        self._session.exec(delete(RemarkRow).where(col(RemarkRow.cohort) == cohort))

    def unsaid(self, person: int) -> Sequence[Unsaid]:
        query = select(RemarkRow).where(RemarkRow.person == person).order_by(col(RemarkRow.id))
        return [Unsaid(r.id or 0, _remark(r)) for r in self._session.exec(query)]

    def drop(self, ids: Sequence[int]) -> None:
        self._session.exec(delete(RemarkRow).where(col(RemarkRow.id).in_(ids)))

    def said(self, ids: Sequence[int], person: int, role: Role, now: datetime) -> None:
        self.drop(ids)
        self._session.add(SpokenRow(person=person, role=role.value, at=now))

    def said_between(self, person: int, role: Role, start: datetime, end: datetime) -> int:
        query = select(func.count()).where(
            SpokenRow.person == person, SpokenRow.role == role.value, SpokenRow.at >= start, SpokenRow.at < end
        )
        return self._session.exec(query).one()


def _remark(row: RemarkRow) -> Card | Line:
    if row.is_card:
        return Card(row.person, row.cohort, row.key, load_message(row.body), row.at, row.until, Role(row.role))
    return Line(row.person, row.cohort, row.key, load_text(row.body), row.until, Role(row.role), row.urgent)
