"""Planning: which due rows a feature wants for a cohort and its people.

@feature.planned("card")
def plan(turn: Turn[ClubStore], planning: Planning) -> Iterator[Plan]:
    for person in planning.people: ...

The function is called when a cohort is planned or planned again, when somebody joins, when their zone or hour changes,
and after the facts that the feature names. Rows that it does not return any more are taken back. The runtime takes back
everything of those who leave, and of a cohort that ends.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from bot.core.due import Plan, Unplan
from bot.core.facts import CohortPlanned, Joined, PresenceChanged, ZoneChanged
from bot.core.people import Cohort, Person, Role
from bot.core.turn import Turn

S = TypeVar("S")

ZONES_APART = timedelta(hours=26)
"""How far two clocks on Earth can be apart."""


@dataclass(frozen=True, slots=True)
class Planning:
    """Whose due rows are wanted. `people` are the affected members of `cohort`.

    `whole`: the cohort is planned, or planned again: `people` is everybody, and the cohort's own rows are wanted too.
    `by_another_clock`: a person's zone or hour has changed.
    """

    cohort: Cohort
    people: Sequence[Person]
    whole: bool = False
    by_another_clock: bool = False

    def when(self, at: datetime, now: datetime) -> datetime | None:
        """When something wanted at `at` happens: then, or None if that has passed. What a change of clock moved into
        the past happens at once."""
        if at > now:
            return at
        return now if self.by_another_clock and now - at < ZONES_APART else None


PlanFunction = Callable[[Turn[S], Planning], Iterable[Plan]]


def taken_back(kinds: Iterable[str], cohort: int, person: int | None = None) -> Iterator[Unplan]:
    """Takes back what is planned of these kinds, in a cohort or about one person in it."""
    for kind in kinds:
        if person is None:
            yield Unplan(kind, cohort)
        else:
            yield Unplan(kind, cohort, person=person)
            yield Unplan(kind, cohort, subject=f"{cohort}/{person}")


@dataclass(frozen=True, slots=True)
class Planner(Generic[S]):
    """Calls a feature's function when its plans may change, for members with one of `roles`."""

    kinds: Sequence[str]
    roles: frozenset[Role]
    plan: PlanFunction[S]

    def subscriptions(self, again: Collection[type]) -> Iterator[tuple[type, Callable[[Turn[S], Any], None]]]:
        yield Joined, self._follow_joining
        yield ZoneChanged, self._follow_clock
        yield PresenceChanged, self._follow_clock
        for fact in (CohortPlanned, *again):
            yield fact, self._follow

    def _follow_joining(self, turn: Turn[S], fact: Joined) -> None:
        if Role(fact.role) in self.roles:
            self._plan(turn, fact.cohort, [turn.people.person(fact.person)])

    def _follow_clock(self, turn: Turn[S], fact: ZoneChanged | PresenceChanged) -> None:
        person = turn.people.person(fact.person)
        for cohort in dict.fromkeys(m.cohort for m in turn.people.memberships(person.id) if m.role in self.roles):
            turn.plan(*taken_back(self.kinds, cohort, person.id))
            self._plan(turn, cohort, [person], by_another_clock=True)

    def _follow(self, turn: Turn[S], fact: Any) -> None:
        """Plans again after a fact about a person in a cohort, about a cohort, or (cohort 0) about all of them."""
        person: int | None = getattr(fact, "person", None)
        if person is None:
            for cohort in [fact.cohort] if fact.cohort else [c.id for c in turn.people.cohorts()]:
                found = {p.id: p for role in sorted(self.roles) for p in turn.people.members(cohort, role)}
                turn.plan(*taken_back(self.kinds, cohort))
                self._plan(turn, cohort, list(found.values()), whole=True)
        elif any(m.cohort == fact.cohort and m.role in self.roles for m in turn.people.memberships(person)):
            turn.plan(*taken_back(self.kinds, fact.cohort, person))
            self._plan(turn, fact.cohort, [turn.people.person(person)])

    def _plan(
        self, turn: Turn[S], cohort: int, people: Sequence[Person], whole: bool = False, by_another_clock: bool = False
    ) -> None:
        home = turn.people.cohort(cohort)
        people = people if whole else [p for p in people if turn.people.is_active(p.id)]
        if home is not None and home.ended_at is None and (people or whole):
            planning = Planning(home, people, whole, by_another_clock)
            turn.plan(*self.plan(replace(turn, cohort=home), planning))
