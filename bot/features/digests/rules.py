"""Pure decisions of the digests."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.contributions import Attention, Pile
from bot.core.people import Cohort
from bot.core.time import local_day
from bot.features.digests.store import Overview

ENOUGH_TO_TELL = timedelta(days=4)


def unseen(pile: Pile, seen: Mapping[str, datetime]) -> Pile:
    """The pile without items that were marked as seen and have not changed since."""
    if not pile.can_be_seen:
        return pile
    items = [i for i in pile.items if i.name not in seen or seen[i.name] < i.since]
    return replace(pile, items=sorted(items, key=lambda i: i.since))


def by_urgency(piles: Sequence[Pile]) -> list[Pile]:
    """Most urgent first, without empty piles."""
    return sorted((p for p in piles if p.items or not p.can_be_seen), key=lambda p: p.urgency)


def by_person(found: Sequence[Attention]) -> dict[int, list[Attention]]:
    """The learner with the most reasons first, then the one for whom they have held longest."""
    people: dict[int, list[Attention]] = {}
    for one in sorted(found, key=lambda a: a.since):
        people.setdefault(one.person, []).append(one)
    return dict(sorted(people.items(), key=lambda p: (-len(p[1]), p[1][0].since)))


def wants_a_look(overview: Overview) -> bool:
    """Whether a manager should look at a cohort: a figure is beyond its threshold, or many learners are at risk."""
    many_at_risk = overview.learners > 0 and len(overview.at_risk) * 4 >= overview.learners
    return many_at_risk or any(figure.wants_a_look for figure in overview.figures)


def has_a_week(cohort: Cohort, now: datetime) -> bool:
    """Whether a cohort has run long enough for a manager's digest."""
    return local_day(now, cohort.zone) - cohort.starts_on >= ENOUGH_TO_TELL
