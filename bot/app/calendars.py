"""Calendars of a cohort in several zones, and of one of its people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.app.cohorts import turn_in
from bot.app.features import make_registry
from bot.app.unstored import before_it_exists
from bot.core.calendar import calendar
from bot.core.contributions import Date
from bot.core.errors import Refused
from bot.core.ics import Key, revisions
from bot.core.people import Account, Cohort, Person
from bot.core.turn import Turn
from bot.features.live.contributing import told as told_of_live
from storage.unit import SqlStorage


def of_cohort(storage: SqlStorage, code: str, zones: Sequence[str]) -> tuple[Cohort, list[list[Date]]]:
    """A cohort and its calendar in each zone, with the dates that most learners have there; in the cohort's zone if
    none is given."""

    def look(turn: Turn[Any]) -> tuple[Cohort, list[list[Date]]]:
        return turn.here, [calendar(turn, turn.here, zone) for zone in zones or [turn.here.zone]]

    return turn_in(storage, make_registry(), code, "weekcard", look)


def of_person(storage: SqlStorage, code: str, account: str) -> tuple[Cohort, Person, list[Date]]:
    """A cohort and the calendar of one of its people, in their own zone. Raises Refused if nobody has the account."""

    def look(turn: Turn[Any]) -> tuple[Cohort, Person, list[Date]]:
        cohort = turn.here
        members = turn.people.members(cohort.id)
        turn.people.fetch([p.id for p in members])
        # A cohort that was just created has people, and no channel yet.
        theirs = [a for p in members if (a := turn.people.account(p.id)) is not None]
        places = {p.workspace for p in cohort.places("main")} | {a.workspace for a in theirs}
        found = (turn.people.owner(Account(workspace, account)) for workspace in sorted(places))
        person = next((p for p in found if p is not None and p.id in {m.id for m in members}), None)
        if person is None:
            raise Refused(f"Nobody in {cohort.title} has the account {account!r}. Give the account id on the platform.")
        return cohort, person, calendar(turn, cohort, person.zone, person.hour, person)

    return turn_in(storage, make_registry(), code, "weekcard", look)


def changes(storage: SqlStorage, cohort: Cohort, zone: str, person: int = 0) -> dict[Key, tuple[Date, int]]:
    """Each date of the calendar and how often it has changed, by the versions of the course: see `revisions`."""

    def look(turn: Turn[Any]) -> tuple[list[Cohort], Mapping[str, int]]:
        setups = [v.setup for v in reversed(turn.store.versions(cohort.id))]
        versions = [
            replace(cohort, id=0, course_text=s.text, starts_on=s.starts_on, zone=s.zone, holidays=s.table.holidays)
            for s in setups
        ]
        return versions, turn.store.moved(cohort.id, person)

    versions, moved = turn_in(storage, make_registry(), cohort.code, "revisions", look)
    planned = before_it_exists(cohort, lambda turn: [calendar(turn, version, zone) for version in versions])
    # Of a session only that counts which people were told.
    told = [[date for date in dates if date.kind != "live"] for dates in planned]
    told_live = turn_in(storage, make_registry(), cohort.code, "live", lambda turn: told_of_live(turn, person))
    return revisions(told, moved) | told_live
