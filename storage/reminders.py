"""Reminders: who wants none, and who had some."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from storage.calendar import DueRow
from storage.schema import instant


class NoRemindersRow(SQLModel, table=True):
    """Somebody wants no reminders, from `since` on."""

    __tablename__ = "no_reminders"
    person: int = Field(foreign_key="people.id", primary_key=True)
    since: datetime = instant()


class Reminders:
    """The `ReminderStore` of bot/features/reminders, over a table."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def had(self, cohort: int, people: Collection[int] | None, since: date) -> Mapping[tuple[int, date], int]:
        # What came due is kept in the calendar, named by its Monday and its number in that week.
        query = select(col(DueRow.subject), col(DueRow.occurrence)).where(
            col(DueRow.cohort) == cohort,
            col(DueRow.kind) == "reminders.remind",
            col(DueRow.state) == "done",
            col(DueRow.occurrence) >= since.isoformat(),
        )
        if people is not None:
            query = query.where(col(DueRow.subject).in_(f"{cohort}/{person}" for person in people))
        rows = self._session.exec(query)
        return Counter((int(subject.partition("/")[2]), date.fromisoformat(name[:10])) for subject, name in rows)

    def unwanted(self, people: Collection[int]) -> set[int]:
        if not people:
            return set()
        # Few want none, so they are all read: cheaper than asking for thousands by number.
        return set(self._session.exec(select(col(NoRemindersRow.person)))) & set(people)

    def set_wanted(self, person: int, wanted: bool) -> None:
        self._session.exec(delete(NoRemindersRow).where(col(NoRemindersRow.person) == person))
        if not wanted:
            self._session.add(NoRemindersRow(person=person, since=self._now))
        self._session.flush()
