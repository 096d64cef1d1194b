"""Pure decisions of the digests."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.contributions import Attention, DeskItem, Figure, Pile
from bot.core.people import Cohort
from bot.core.time import local_day
from bot.core.timetable import DAY, WEEK
from bot.features.digests.store import Desk, Unclear

ENOUGH_TO_TELL = timedelta(days=4)

OF_A_PILE = 2
"""Items of one pile that have buttons on a desk."""

ITEMS = 8
"""Items that have buttons on a desk."""

BUTTONS = 45
"""Buttons of a desk: a platform's message takes 25, and a desk is at most two messages."""


def share(desks: Sequence[Desk]) -> Counter[tuple[int, str]]:
    """How many items of each pile have buttons, by cohort and pile. The most urgent piles of all cohorts get theirs
    first, one each in turn."""
    buttons = sum(len(pile.buttons) + 1 for desk in desks for pile in desk.piles)
    found: Counter[tuple[int, str]] = Counter()
    piles = [(n, desk.cohort.id, pile) for desk in desks for n, pile in enumerate(desk.piles)]
    for turn in range(OF_A_PILE):
        for __, cohort, pile in sorted(piles, key=lambda p: p[0]):
            cost = len(pile.items[turn].buttons) + pile.can_be_seen if turn < len(pile.items) else 0
            if cost and buttons + cost <= BUTTONS and found.total() < ITEMS and found[cohort, pile.name] == turn:
                found[cohort, pile.name] += 1
                buttons += cost
    return found


def stamp(at: datetime) -> str:
    """An instant to the second, short enough for an action."""
    return f"{int(at.timestamp()):x}"


def short_name(item: DeskItem) -> str:
    """The last part of an item's name, which is unique in its pile."""
    return item.name.rpartition("/")[2]


def listed(piles: Sequence[Pile], subject: str) -> list[DeskItem] | None:
    """What a button 'Seen' listed, as it was then: 'name.stamp' of one item, or 'pile.stamp.17.18'. None: the button
    was posted by a version that did not write what it listed."""
    name, *given = subject.split(".")
    piles = [p for p in piles if p.can_be_seen]
    if not given:
        return None if name in {p.name for p in piles} else [i for p in piles for i in p.items if i.name == name]
    until, *tails = given
    items = [i for p in piles for i in p.items if i.name == name or (p.name == name and short_name(i) in tails)]
    return [i for i in items if int(stamp(i.since), 16) <= read_stamp(until)]


def read_stamp(text: str) -> int:
    """The seconds of a stamp; 0 if it is none."""
    return int(text, 16) if len(text) <= 9 and set(text) <= set("0123456789abcdef") and text else 0


def unseen(pile: Pile, seen: Mapping[str, datetime]) -> Pile:
    """The pile without items that were marked as seen and have not changed since."""
    if not pile.can_be_seen:
        return pile
    items = [i for i in pile.items if i.name not in seen or seen[i.name] < i.since or not seen.keys() >= set(i.parts)]
    return replace(pile, items=sorted(items, key=lambda i: i.since))


def names(items: Sequence[DeskItem]) -> list[str]:
    """The names under which it is stored that these items were seen, with all their parts."""
    return [name for item in items for name in (item.name, *item.parts)]


def by_urgency(piles: Sequence[Pile]) -> list[Pile]:
    """Most urgent first, without empty piles."""
    return sorted((p for p in piles if p.items or not p.can_be_seen), key=lambda p: p.urgency)


def by_person(found: Sequence[Attention]) -> dict[int, list[Attention]]:
    """The learner with the most reasons first, then the one for whom they have held longest."""
    people: dict[int, list[Attention]] = {}
    for one in sorted(found, key=lambda a: a.since):
        people.setdefault(one.person, []).append(one)
    return dict(sorted(people.items(), key=lambda p: (-len(p[1]), p[1][0].since)))


def unclear(cohort: Cohort, learners: int, expected: int, now: datetime) -> Unclear:
    """Why a cohort's last seven days cannot be judged. `expected`: how many learners were there all the time."""
    today = local_day(now, cohort.zone)
    if today < cohort.starts_on:
        return "not started"
    if not learners:
        return "empty"
    if not has_a_week(cohort, now):
        return "new"
    if all(cohort.timetable.is_break(today - n * DAY) for n in range(1, 8)):
        return "break"
    return "" if expected else "away"


def compared(cohort: Cohort, figures: Sequence[Figure], now: datetime) -> Sequence[Figure]:
    """The figures, without those of the week before if the cohort had none."""
    if local_day(now, cohort.zone) - cohort.starts_on >= 2 * WEEK:
        return figures
    return [replace(f, before=None) for f in figures]


def has_a_week(cohort: Cohort, now: datetime) -> bool:
    """Whether a cohort has run long enough for a manager's digest."""
    return local_day(now, cohort.zone) - cohort.starts_on >= ENOUGH_TO_TELL
