"""Calendars in several zones, of a cohort or of a course file without a cohort."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import time
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from sqlmodel import SQLModel

from bot.app.cohorts import turn_in
from bot.app.compose import make_registry, open_storage
from bot.app.ics import Key, revisions
from bot.core.calendar import calendar
from bot.core.contributions import Date
from bot.core.errors import Refused
from bot.core.people import Account, Cohort, Person
from bot.core.time import WoundClock, at_wall
from bot.core.turn import Turn
from bot.runtime.turns import take_turn
from storage.unit import SqlStorage

T = TypeVar("T")


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
        places = {p.workspace for p in cohort.places("main")} | {cohort.workspace or ""}
        found = (turn.people.owner(Account(workspace, account)) for workspace in sorted(places))
        person = next(
            (p for p in found if p and any(m.cohort == cohort.id for m in turn.people.memberships(p.id))), None
        )
        if person is None:
            raise Refused(f"Nobody in {cohort.title} has the account {account!r}. Give the account id on the platform.")
        return cohort, person, calendar(turn, cohort, person.zone, person.hour, person)

    return turn_in(storage, make_registry(), code, "weekcard", look)


def of_course(cohort: Cohort, zones: Sequence[str], hour: int = 9) -> list[list[Date]]:
    """The calendar that a cohort would have."""
    return before_it_exists(cohort, lambda turn: [calendar(turn, cohort, zone, hour) for zone in zones])


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
    return revisions(planned, moved)


def before_it_exists(cohort: Cohort, look: Callable[[Turn[Any]], T]) -> T:
    """What a turn finds about a cohort that does not exist yet, over an empty database."""
    clock = WoundClock(start=at_wall(cohort.starts_on, time(0), cohort.zone))
    with TemporaryDirectory(prefix="pacekeeper-empty-") as folder:
        storage = open_storage(f"sqlite:///{folder}/empty.db", clock)
        storage.throw_away()
        try:
            # Without the migrations, which take seconds, there is no search; nothing is found in an empty one.
            SQLModel.metadata.create_all(storage.engine)
            return storage.run_now(lambda unit: take_turn(make_registry(), unit, "weekcard", clock.now(), look))
        finally:
            storage.close()
