"""Creates cohorts from course files, with channels and the first people."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from bot.app.roster import Row
from bot.app.zones import check_zone
from bot.core.codes import new_code
from bot.core.errors import Malformed, Refused
from bot.core.facts import CohortPlanned, ZoneChanged
from bot.core.holidays import own_holidays
from bot.core.incoming import LONGEST_NAME, hidden, quoted
from bot.core.people import Account, Actor, Cohort, Place, Role
from bot.core.turn import Turn
from bot.course.loader import load
from bot.course.model import Course
from bot.features.enrolment.joining import enrol
from bot.features.enrolment.rules import JOIN_CODE_LENGTH, PURPOSES
from bot.features.revisions.rules import public_days
from bot.features.revisions.store import Setup
from bot.runtime.ports import Unit
from bot.runtime.registry import Registry
from bot.runtime.turns import take_turn
from storage.stores.enrolment import SqlEnrolment
from storage.unit import SqlStorage

T = TypeVar("T")

BATCH = 50
"""People of a roster that are enrolled per transaction."""

LONGEST_CODE = 51
"""Characters of a cohort's code: an id of a course, a dash and a date."""


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """The settings of a new cohort. `channels`: purpose -> channel id in `workspace`; `holidays`: day -> name,
    including those of `country` ('' for none)."""

    code: str
    course_text: str
    starts_on: date
    zone: str
    workspace: str
    channels: Mapping[str, str]
    title: str = ""
    file: str = "course.yaml"
    people: Sequence[tuple[Role, str]] = field(default_factory=tuple)
    holidays: Mapping[date, str] = field(default_factory=dict)
    country: str = ""


def create_cohort(
    storage: SqlStorage,
    registry: Registry,
    plan: CohortPlan,
    fill: Callable[[Turn[SqlEnrolment], Cohort], None] = lambda turn, cohort: None,
) -> tuple[Cohort, str]:
    """Creates the cohort and plans its run; returns it with its join code. `fill` enrols people in the same unit of
    work, so no cohort is ever half created.

    Raises CourseInvalid for a course file with errors, Malformed for any other invalid value, and Refused for
    what clashes with another cohort.
    """
    course = load(plan.course_text, plan.file)
    check_zone(plan.zone)
    if len(plan.code) > LONGEST_CODE:
        raise Malformed(
            f"{quoted(plan.code)} is too long for a cohort's code: at most {LONGEST_CODE} characters. "
            "Choose another one: --code data-2026."
        )
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", plan.code):
        raise Malformed(
            f"{quoted(plan.code)} is no code for a cohort. Use small letters, digits and dashes: --code data-2026."
        )
    if unknown := set(plan.channels) - set(PURPOSES):
        raise Malformed(f"{quoted(unknown.pop())} is no purpose of a channel. There are: {', '.join(PURPOSES)}.")

    _plain("title", plan.title)
    _plain("workspace", plan.workspace)
    for channel in plan.channels.values():
        _plain("channel", channel)

    def make(turn: Turn[SqlEnrolment], unit: Unit) -> tuple[Cohort, str]:
        if turn.store.cohort_by_code(plan.code) is not None:
            raise Refused(f"There is a cohort {plan.code!r} already. Choose another code.")
        join_code = new_code(turn.store.choose, JOIN_CODE_LENGTH)
        cohort_id = turn.store.create_cohort(
            plan.code, plan.title or course.title, plan.course_text, plan.zone, plan.starts_on, join_code
        )
        turn.store.set_holidays(cohort_id, plan.holidays)
        for position, (purpose, channel) in enumerate(plan.channels.items()):
            place = Place(plan.workspace, channel)
            taken = turn.people.cohort_at(place)
            if taken is not None:
                raise Refused(f"The channel {channel} is used by {taken[0].title}. Choose another for {purpose}.")
            turn.store.bind_channel(cohort_id, purpose, place, position)
        cohort = turn.people.cohort(cohort_id)
        assert cohort is not None
        turn.cohort = cohort
        for role, user in plan.people:
            name_member(turn, cohort, plan.workspace, Row(user, role=role))
        # The first version also stores the country, which the cohort itself does not.
        setup = Setup(plan.course_text, plan.starts_on, plan.zone, plan.holidays, plan.country.upper())
        unit.store("revisions").add_version(cohort.id, setup, None, turn.now)
        turn.happened(CohortPlanned(cohort.id))
        fill(turn, cohort)
        return cohort, join_code

    return storage.run_now(
        lambda unit: take_turn(registry, unit, "enrolment", storage.now(), lambda turn: make(turn, unit))
    )


def _plain(what: str, text: str) -> None:
    """Raises Malformed for a name or an id that is too long or has invisible characters."""
    if len(text) > LONGEST_NAME:
        raise Malformed(f"The {what} {quoted(text)} has {len(text):,} characters; {LONGEST_NAME} fit.")
    if sign := hidden(text):
        raise Malformed(f"The {what} {quoted(text)} has a character that is not shown ({sign}). Type it again.")


def find_cohort(unit: Unit, code: str, ended: bool = False) -> Cohort:
    """The cohort with a code, which may be the one to join with; `ended` includes ended ones. Raises Refused if there
    is none."""
    enrolment = unit.store("enrolment")
    found = enrolment.cohort_by_code(code) or enrolment.cohort_by_join_code(code)
    cohort = unit.people.cohort(found) if found else None
    if cohort is None:
        raise Refused(f"There is no cohort {quoted(code)}. See all codes with: pacekeeper cohort list --all")
    if cohort.ended_at is not None and not ended:
        raise Refused(f"{cohort.title} has ended already. Its files: pacekeeper cohort archive {code} --out DIR")
    return cohort


def turn_in(
    storage: SqlStorage,
    registry: Registry,
    code: str,
    feature: str,
    work: Callable[[Turn[Any]], T],
    ended: bool = False,
) -> T:
    """Runs a feature's turn in a cohort on behalf of the operator: see `find_cohort`."""

    def take(unit: Unit) -> T:
        cohort = find_cohort(unit, code, ended)

        def enter(turn: Turn[Any]) -> T:
            turn.cohort = cohort
            return work(turn)

        return take_turn(registry, unit, feature, storage.now(), enter)

    return storage.run_now(take)


def name_member(turn: Turn[Any], cohort: Cohort, workspace: str, row: Row) -> bool:
    """Gives a person a role and welcomes them; False if they have it already. `workspace` applies if the row names
    none; its name and zone apply until the platform or the person provides others."""
    account = Account(row.workspace or workspace, row.account)
    _plain("account", account.user)
    _plain("workspace", account.workspace)
    person = turn.people.owner(account) or turn.people.meet(Actor(account, row.name or account.user, row.zone))
    if not enrol(turn, cohort, person.id, row.role):
        return False
    turn.log(f"the operator named {person.name} {row.role.value}")
    return True


def holidays_for(course: Course, starts_on: date, country: str, lines: Sequence[str]) -> Mapping[date, str]:
    """A cohort's holidays by day: its own (`lines`, see `own_holidays`) and those of a country ('' for none) within
    reach of the course. Raises Malformed for an unreadable line or an unknown country."""
    try:
        own = own_holidays(lines)
    except ValueError as e:
        raise Malformed(f"--holiday: {e}") from None
    try:
        public = public_days(country, starts_on, course) if country else {}
    except Refused as unknown:
        raise Malformed(f"--country: {unknown}") from None
    return {**public, **own}


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The effect of a roster: how many people are new in a role, how many stay out because they had left, and how many
    known people got another zone."""

    added: int
    left: int
    moved: int


def enrol_roster(
    storage: SqlStorage, registry: Registry, cohort: Cohort, rows: Sequence[Row], workspace: str
) -> Enrolled:
    """Enrols and welcomes the people of a roster. Members who have the role already are unchanged, and people who have
    left stay out. A zone is adopted unless the person picked one. `workspace` applies to rows that name none."""
    done: Counter[str] = Counter()

    def add_all(turn: Turn[SqlEnrolment]) -> list[str]:
        return add_rows(turn, cohort, batch, workspace)

    # In several units, so that a running bot can write in between. An interrupted run can simply be repeated.
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        done.update(storage.run_now(lambda unit: take_turn(registry, unit, "enrolment", storage.now(), add_all)))
    return Enrolled(done["added"], done["left"], done["moved"])


def add_rows(turn: Turn[SqlEnrolment], cohort: Cohort, rows: Sequence[Row], workspace: str) -> list[str]:
    """See `enrol_roster`. Returns the changes, one word each: added, left, moved."""
    turn.cohort = cohort
    return [what for row in rows for what in _add(turn, cohort, row, workspace)]


def _add(turn: Turn[SqlEnrolment], cohort: Cohort, row: Row, workspace: str) -> Iterator[str]:
    account = Account(row.workspace or workspace, row.account)
    known = turn.people.owner(account)
    if known and turn.store.has_left(cohort.id, known.id):
        yield "left"
        return
    if known and row.zone and turn.store.assume_zone(known.id, row.zone):
        turn.happened(ZoneChanged(known.id))
        yield "moved"
    if name_member(turn, cohort, workspace, row):
        yield "added"
