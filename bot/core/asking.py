"""What is asked of people: the items of all features, without the minutes that they give up for something else, and
what a week offers besides."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.core.contributions import EXTRAS, ITEMS, OWN_EXTRAS, PAYS, Extra, Item, Paid
from bot.core.people import Cohort, Person
from bot.core.turn import Turn


def asked_of(turn: Turn[Any], cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, Item]]:
    """What is asked of these people, as (person's id, item) in course order."""
    found = list(turn.collect(ITEMS, cohort, people))
    paid = turn.collect(PAYS, cohort) if found else ()
    return _less(found, paid) if paid else found


def _less(found: Sequence[tuple[int, Item]], paid: Sequence[Paid]) -> list[tuple[int, Item]]:
    pays: dict[tuple[int, str], list[Paid]] = defaultdict(list)
    for one in paid:
        pays[one.week, one.item].append(one)
    parts: dict[tuple[int, int, str], list[Item]] = defaultdict(list)
    for person, item in found:
        if _paying(item) in pays:
            parts[person, *_paying(item)].append(item)
    left = {key: _left(items, pays[key[1:]]) for key, items in parts.items()}
    made = []
    for person, item in found:
        key = (person, *_paying(item))
        if key in left:
            mine = pays[key[1:]]
            gone = any(p.whole for p in mine)
            instead = next((p.instead for p in mine if p.instead), ())
            minutes = left[key][item.name]
            item = replace(item, minutes=minutes, optional=item.optional or gone, paid=gone, instead=instead)
        made.append((person, item))
    return made


def _left(parts: Sequence[Item], paid: Sequence[Paid]) -> dict[str, int]:
    """The minutes that each part of an item has left, by its name: what was ahead shares what is given up."""
    left = {item.name: item.minutes for item in parts}
    for one in (p for p in paid if not p.instead):
        ahead = [item.name for item in parts if one.since is None or item.due_at > one.since]
        if not (total := sum(left[name] for name in ahead)):
            ahead, total = list(left), sum(left.values())
        rest = max(0, total - one.minutes)
        for name in ahead:
            left[name] = rest * left[name] // total if total else 0
    return left


def extras_of(turn: Turn[Any], cohort: Cohort, week: int, people: Sequence[Person]) -> dict[int, tuple[Extra, ...]]:
    """What a week offers each of these people besides its items."""
    shared = turn.collect(EXTRAS, cohort, week)
    theirs: dict[int, dict[str, Extra]] = defaultdict(dict)
    for person, extra in turn.collect(OWN_EXTRAS, cohort, week, people):
        theirs[person][extra.name] = extra
    found = {}
    for person in (p.id for p in people):
        own = theirs[person]
        every = [own.pop(e.name, e) for e in shared]
        found[person] = tuple(e for e in (*every, *own.values()) if e.text)
    return found


def left_out(turn: Turn[Any], cohort: Cohort) -> frozenset[tuple[int, str]]:
    """The week and the id of each item of the course file that gave up all of its minutes: nobody is asked for it."""
    return frozenset((one.week, one.item) for one in turn.collect(PAYS, cohort) if one.whole)


def _paying(item: Item) -> tuple[int, str]:
    return item.week, id_in_file(item)


def id_in_file(item: Item) -> str:
    """The id in the course file of what it is a part of."""
    return item.id.partition("/")[0].partition(".")[0]
