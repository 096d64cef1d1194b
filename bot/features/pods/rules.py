"""Decisions about a pod and its people. `grouping_rules.py` decides who is in a pod with whom."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.people import Cohort, Person
from bot.core.timetable import WEEK
from bot.features.pods.store import Introduction, Member, Pod

INTRODUCED_AFTER = WEEK
"""How long a pod has for its first introduction."""

QUIET_FOR = timedelta(days=10)
"""A pod may be quiet if nobody in it took part in anything in the course for so long."""


def within(pod: Pod, members: Mapping[int, Member], learners: Iterable[Person]) -> list[Person]:
    """The people of a pod who are there, in the order in which they joined the cohort."""
    return [p for p in learners if (m := members.get(p.id)) is not None and m.pod == pod.id]


def for_their_pod(written: Mapping[int, Introduction], members: Mapping[int, Member]) -> dict[int, Introduction]:
    """The introductions that were saved since their author came into their pod: who comes into another one decides
    anew what its people read."""
    return {
        person: said
        for person, said in written.items()
        if (m := members.get(person)) is not None and m.since is not None and said.changed_at >= m.since
    }


def channel_name(cohort: Cohort, pod: Pod) -> str:
    """The name of its channel. A further one, as after the cohort was reopened, ends with its number."""
    again = f"-{pod.opened}" if pod.opened > 1 else ""
    return f"{cohort.code}-pod-{pod.number}{again}"


def moved(before: Member | None, person: int, pod: int | None, now: datetime) -> Member:
    """Somebody in another pod, or (None) in none."""
    return replace(before or Member(person, True, now), pod=pod, since=now if pod is not None else None)


# Quiet pods


@dataclass(frozen=True, slots=True)
class Quiet:
    """A pod that may be quiet: its people, since when, and the pod that could take them. `silent`: nobody in it does
    anything in the course; else nobody has introduced themselves. What they write to one another is not read."""

    pod: Pod
    people: Sequence[Person]
    since: datetime
    silent: bool
    partner: Pod | None = None


def quiet(
    pod: Pod, people: Sequence[Person], age: timedelta, active: Collection[int], introduced: Collection[int]
) -> Quiet | None:
    """`age`: how long the pod has been there, without downtime. `active`: who took part in the last `QUIET_FOR`."""
    ids = {p.id for p in people}
    silent = age >= QUIET_FOR and ids.isdisjoint(active)
    if not people or not (silent or (age >= INTRODUCED_AFTER and ids.isdisjoint(introduced))):
        return None
    return Quiet(pod, people, pod.formed_at + (QUIET_FOR if silent else INTRODUCED_AFTER), silent)
