"""What a desk shows, in which order, and when it comes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core import bounds
from bot.core.actions import read_stamp, stamp
from bot.core.contributions import DeskItem, Pile, Urgency
from bot.core.plain import plain_text
from bot.core.timetable import DAY
from bot.features.digests.store import Desk, Key, Line, Row, Sheet, Waiting

LINES = 8
"""Items of a desk with a line of their own."""

STANDING = 3
"""Lines that new things leave to broken promises which are not new."""

MOST_LINES = 12
"""Lines of a posted desk, with those that have been dealt with."""

ON_A_LINE = 3
"""Buttons of a line."""

OLD = timedelta(days=14)
"""What has waited longer is only counted while the course runs."""

CALLS_FOR = timedelta(days=28)
"""How old work that nobody has looked at may be to be a reason for a desk after the last day."""

FOLLOWS_EVERY = timedelta(minutes=10)
"""How often a posted desk follows what comes in."""

MONDAY = 0

LEARNERS = "digests/learners"
"""The pile of learners who may need a word."""

POSTED = "digests/posted"
"""The name under which it is stored when the newest desk was posted, which may have no lines."""


def waiting(desks: Sequence[Desk]) -> Iterator[Waiting]:
    for desk in desks:
        for pile in desk.piles:
            yield from (Waiting(desk.cohort, pile, item) for item in pile.items)


def version(pile: Pile) -> str:
    """The name under which it is stored that a pile without items was shown with this title."""
    return f"{pile.name}: {plain_text(pile.title)}"[:200]


# What is new


def new_items(desks: Sequence[Desk], shown: Mapping[Key, Line]) -> set[Key]:
    """What no desk has shown yet, or what has changed since."""
    return {w.key for w in waiting(desks) if _is_new(w, shown)}


def _is_new(found: Waiting, shown: Mapping[Key, Line]) -> bool:
    line = shown.get(found.key)
    parts = ((found.cohort.id, part) in shown for part in found.item.parts)
    return line is None or line.at < found.item.since or not all(parts)


def newest(shown: Mapping[Key, Line]) -> datetime | None:
    """When the last desk was posted; one by an earlier version, if it had a line."""
    return max((line.at for line in shown.values() if line.number or line.name == POSTED), default=None)


def comes(desks: Sequence[Desk], shown: Mapping[Key, Line], today: date) -> bool:
    """Whether a desk is posted today: something on it is new or has changed, and on Mondays anything waits. Never on a
    day that is a holiday in every cohort. Once the dates of a course have passed, learners who may need a word make a
    desk only with a new reason, and nothing is a task that nobody told or asked the course team."""
    if desks and all(today in d.cohort.holidays for d in desks):
        return False
    passed = _passed(desks)
    found = [w for w in waiting(desks) if w.cohort.id not in passed or not _is_past(w, today)]
    items = [w for w in found if w.pile.name != LEARNERS or w.cohort.id not in passed]
    piles = [(d.cohort.id, version(p)) for d in desks if d.cohort.id not in passed for p in d.piles if _is_task(p)]
    if today.weekday() == MONDAY and (items or piles):
        return True
    return any(_is_new(w, shown) for w in found) or any(key not in shown for key in piles)


def _passed(desks: Sequence[Desk]) -> set[int]:
    """The cohorts in which the dates of the course have passed, or which have ended."""
    return {d.cohort.id for d in desks if d.stage != "running" or d.cohort.ended_at is not None}


def _is_past(found: Waiting, today: date) -> bool:
    """Whether it is work that has not been looked at for so long after the last day that it makes no desk any more."""
    return found.pile.can_be_seen and today - found.item.since.date() > CALLS_FOR


def _is_task(pile: Pile) -> bool:
    """Whether a pile without items is something to do."""
    return not pile.items and pile.urgency is not Urgency.FOR_INFORMATION


def next_look(now: datetime) -> datetime:
    """When a posted desk next follows what came in; the same instant for everything that comes before it."""
    since = timedelta(seconds=int(now.timestamp()) % int(FOLLOWS_EVERY.total_seconds()), microseconds=now.microsecond)
    return now - since + FOLLOWS_EVERY


# What is drawn


def next_sheet(desks: Sequence[Desk], shown: Mapping[Key, Line]) -> Sheet:
    """The desk to be posted: a line for each new thing and each broken promise, as far as there is room. What is new
    and has no line is new on the next one."""
    new = new_items(desks, shown)
    rows = _chosen(desks, [w for w in waiting(desks) if w.key in new or w.item.stands], new)
    return Sheet(rows, desks, new)


def asked_sheet(desks: Sequence[Desk], shown: Mapping[Key, Line], now: datetime) -> Sheet:
    """The desk that somebody asks for: what is new or stands on the newest desk, then what else is not old. After the
    last day nothing is: no newer desk shows it."""
    last = newest(shown)
    todays = last is not None and now - last < DAY
    open_lines = {key for key, line in shown.items() if todays and line.number and line.at == last and not line.done}
    new = new_items(desks, shown) | (open_lines - _from_before(desks, shown))
    passed = _passed(desks)
    found = [
        w for w in waiting(desks) if w.key in new or w.item.stands or w.cohort.id in passed or now - w.item.since < OLD
    ]
    return Sheet(_chosen(desks, found, new), desks, new)


def posted_sheet(
    desks: Sequence[Desk], shown: Mapping[Key, Line], names: Mapping[int, str], reader: int, *, grows: bool
) -> Sheet | None:
    """The newest desk as things stand: each line keeps its number, and if it `grows`, what came in since gets lines
    below the others while there is room. None if an earlier version posted it without lines.

    `names`: of the people who dealt with lines. `reader`: whose desk it is.
    """
    last = newest(shown)
    found = {w.key: w for w in waiting(desks)}
    lines = sorted(((line.number, key) for key, line in shown.items() if line.number and line.at == last))
    rows = []
    for number, key in lines:
        line, there = shown[key], found.get(key)
        if there is None or line.done:
            by = names.get(line.done_by or 0, "")
            rows.append(Row(number, None, by, key, line.done_by == reader, line.done))
        else:
            rows.append(Row(number, there))
    open_lines = {key for _, key in lines if not shown[key].done}
    new = new_items(desks, shown) | (open_lines - _from_before(desks, shown))
    stored = any(line.name == POSTED and line.at == last for line in shown.values())
    if last is None or not (rows or stored):
        return None
    if grows:
        known = {key for _, key in lines}
        fresh = [w for key, w in found.items() if key in new and key not in known and w.item.since > last]
        room = min(LINES - sum(row.found is not None for row in rows), MOST_LINES - len(rows))
        rows += _chosen(desks, fresh, new, rows[-1].number if rows else 0, max(0, room))
    return Sheet(rows, desks, new, last)


def _from_before(desks: Sequence[Desk], shown: Mapping[Key, Line]) -> set[Key]:
    """Broken promises that the newest desk showed, and that were not new on it: their parts are older than their
    lines."""
    found = [w for w in waiting(desks) if w.item.stands and w.key in shown]
    parts = {w.key: [shown.get((w.cohort.id, part)) for part in w.item.parts] for w in found}
    return {key for key, those in parts.items() if all(p is not None and p.at < shown[key].at for p in those)}


def joined_lines(sheet: Sheet, shown: Mapping[Key, Line]) -> list[Line]:
    """What is stored of lines that joined a posted desk. They stay new until another desk is posted: only that tells
    its reader of them."""
    if sheet.posted_at is None:
        return []
    rows = [(row.number, row.found.key) for row in sheet.rows if row.found is not None]
    return [
        Line(*key, sheet.posted_at, number)
        for number, key in rows
        if key not in shown or (shown[key].at, shown[key].number) != (sheet.posted_at, number)
    ]


def lines_of(sheet: Sheet, now: datetime) -> list[Line]:
    """What is stored of a posted desk: its lines with their parts, and the piles without items."""
    lines = []
    for row in sheet.rows:
        if (found := row.found) is not None:
            lines.append(Line(*found.key, now, row.number))
            parts = found.item.parts if found.key in sheet.new else ()
            lines += [Line(found.cohort.id, part, now, 0) for part in parts]
    tasks = [Line(d.cohort.id, version(p), now, 0) for d in sheet.desks for p in d.piles if _is_task(p)]
    return [*lines, *tasks, *(Line(one.cohort.id, POSTED, now, 0) for one in sheet.desks[:1])]


def _chosen(
    desks: Sequence[Desk], found: Sequence[Waiting], new: Collection[Key], after: int = 0, room: int = LINES
) -> list[Row]:
    """What takes one press first, then what is new or stands until somebody saw it, by urgency, and of each pile what
    stands and then the oldest; some lines are left to broken promises that are not new. The numbers of the lines go on
    after `after`."""
    order = {name: n for n, name in enumerate(dict.fromkeys(p.name for p in by_urgency(_piles(desks))))}
    ordered = sorted(
        found,
        key=lambda w: (
            not w.item.quick,
            w.key not in new and not (w.item.stands and w.pile.urgency is not Urgency.OVERDUE),
            w.pile.urgency,
            order[w.pile.name],
            not w.item.stands,
            w.item.since,
        ),
    )
    standing = [w for w in ordered if w.item.stands and w.key not in new][: min(STANDING, room)]
    others = [w for w in ordered if w not in standing]
    lines = {w.key for w in (*others[: room - len(standing)], *standing)}
    return [Row(n, w) for n, w in enumerate((w for w in ordered if w.key in lines), after + 1)]


def _piles(desks: Sequence[Desk]) -> list[Pile]:
    return [pile for desk in desks for pile in desk.piles]


def by_urgency(piles: Sequence[Pile]) -> list[Pile]:
    """Most urgent first, without empty piles."""
    return sorted((p for p in piles if p.items or not p.can_be_seen), key=lambda p: p.urgency)


# What the course team has seen


def unseen(pile: Pile, seen: Mapping[str, datetime], today: datetime) -> Pile:
    """The pile without items that were marked as seen and have not changed since. A broken promise is seen for the day
    alone, which began at `today`."""
    items, overdue = pile.items, pile.urgency is Urgency.OVERDUE
    if pile.can_be_seen:
        last = {i.name: max(i.since, today) if i.stands and overdue else i.since for i in items}
        items = [i for i in items if i.name not in seen or seen[i.name] < last[i.name] or not seen.keys() >= {*i.parts}]
    held = bounds.ends(sorted(items, key=lambda i: i.since), bounds.PILE)
    return replace(pile, items=held, more=pile.more + len(items) - len(held))


def names(items: Sequence[DeskItem]) -> list[str]:
    """The names under which it is stored that these items were seen, with all their parts."""
    return [name for item in items for name in (item.name, *item.parts)]


def short_name(item: DeskItem) -> str:
    """The last part of an item's name, which is unique in its pile."""
    return item.name.rpartition("/")[2]


PAGE = "p"
"""Marks a button 'Seen' on a page of a pile, not on a desk."""

ALL = "all"
"""Marks a button 'Seen' for a whole pile."""


def listed(piles: Sequence[Pile], subject: str) -> list[DeskItem] | None:
    """What a button 'Seen' listed, as it was then: 'name.stamp' of one item, 'pile.stamp.17.18', or 'pile.stamp.all' of
    a whole pile. None: the button was posted by a version that did not write what it listed."""
    name, *given = subject.split(".")
    piles = [p for p in piles if p.can_be_seen]
    if not given:
        return None if name in {p.name for p in piles} else [i for p in piles for i in p.items if i.name == name]
    until, *tails = given
    items = [
        i for p in piles for i in p.items if i.name == name or (p.name == name and {short_name(i), ALL} & {*tails})
    ]
    return [i for i in items if int(stamp(i.since), 16) <= read_stamp(until)]
