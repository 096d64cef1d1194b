"""Who took part in which week of a cohort, by what its whole course team may know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.contributions import ACTIVITY
from bot.core.people import Cohort, Person, Role
from bot.core.time import at_wall, local_day
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.digests.rules import MIDNIGHT
from bot.features.digests.store import DigestStore


@dataclass(frozen=True, slots=True)
class Week:
    """`active` took part under their name. Of the others, `expected` were there; who `joined` only later was not."""

    number: int
    is_over: bool
    active: frozenset[int]
    expected: frozenset[int]
    joined: frozenset[int]


def by_week(turn: Turn[DigestStore], cohort: Cohort) -> tuple[Sequence[Person], Sequence[Week]]:
    """The learners, by name, and the weeks that have begun."""
    there = replace(turn, cohort=cohort)
    learners = sorted(turn.people.members(cohort.id, Role.LEARNER), key=lambda p: p.name.casefold())
    since = turn.people.joined(cohort.id)
    last = min(cohort.week_on(local_day(turn.now, cohort.zone)), len(course_of(cohort.course_text).weeks))
    weeks = []
    for number in range(1, last + 1):
        begins, ends = (at_wall(cohort.timetable.monday(n), MIDNIGHT, cohort.zone) for n in (number, number + 1))
        found = there.collect(ACTIVITY, cohort, begins, ends)
        active = frozenset(one.person for one in found if not one.instructors_only)
        expected = frozenset(turn.people.expected(cohort.id, begins, ends, active))
        joined = frozenset(p for p, at in since.items() if at < ends)
        weeks.append(Week(number, ends <= turn.now, active, expected, joined))
    return learners, weeks
