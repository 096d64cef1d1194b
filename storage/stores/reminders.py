"""Reminders: people who want none, and what reminders named."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import col, select

from storage.sql.clauses import among
from storage.sql.statements import Put, Query
from storage.sql.store import Store
from storage.tables.reminders import NoRemindersRow, RemindedRow
from storage.tables.schedule import DueRow

KEPT = timedelta(days=60)
"""How long it is kept what a reminder named."""

# Compiled once: these run for nearly everything that learners do.
_HAD = Query(
    select(DueRow.subject, DueRow.occurrence, DueRow.state).where(
        DueRow.kind == "reminders.remind",
        DueRow.occurrence >= sa.bindparam("since"),
        among(DueRow.subject, "subjects"),
    )
)
_NAMED = Query(
    select(RemindedRow.person, RemindedRow.anchor, RemindedRow.item).where(among(RemindedRow.person, "people"))
)
_KEEP_NAMED = Put(RemindedRow, ("anchor", "item"), ("person", "at"))
_UNWANTED = Query(select(NoRemindersRow.person))


class SqlReminders(Store):
    """The `ReminderStore` of bot/features/reminders, over a table."""

    def had(self, cohort: int, people: Collection[int], since: date) -> Mapping[tuple[int, date], int]:
        # The schedule holds what was due, named by its Monday and its number in that week.
        subjects = [f"{cohort}/{person}" for person in people]
        rows = _HAD.all(self._session, since=since.isoformat(), subjects=subjects)
        # Not filtered by state: the database would search by it, and nearly all rows are done.
        done = ((subject, name) for subject, name, state in rows if state == "done")
        return Counter((int(subject.partition("/")[2]), date.fromisoformat(name[:10])) for subject, name in done)

    def named(self, people: Collection[int]) -> Sequence[tuple[int, str, str]]:
        return _NAMED.all(self._session, people=people)

    def keep_named(self, named: Collection[tuple[int, str, str]]) -> None:
        people = {person for person, _, _ in named}
        self._delete(RemindedRow, col(RemindedRow.person).in_(people), col(RemindedRow.at) < self._now - KEPT)
        _KEEP_NAMED.rows(
            self._session, [{"person": p, "anchor": anchor, "item": item, "at": self._now} for p, anchor, item in named]
        )

    def unwanted(self, people: Collection[int]) -> set[int]:
        if not people:
            return set()
        # Few people want none: reading all of them is cheaper than a query for thousands of numbers.
        return set(_UNWANTED.all(self._session)) & set(people)

    def set_wanted(self, person: int, wanted: bool) -> None:
        self._delete(NoRemindersRow, col(NoRemindersRow.person) == person)
        if not wanted:
            self._add(NoRemindersRow(person=person, since=self._now))
