"""Dates that move: what differs between two states of people's items, and what a person is told about it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.asking import asked_of
from bot.core.calendar import words
from bot.core.contributions import AWAY, DateKind, DaysAway, Item
from bot.core.message import Bold, Inline, Instant, Text, shorten
from bot.core.people import Cohort, Person
from bot.core.translation import _, _n, phrase
from bot.core.turn import Turn
from bot.core.voice import URGENT, Awaited, Dates, Line

Items = Mapping[int, Mapping[str, Item]]
"""person -> what is asked of them, by `Item.key`."""

Away = Mapping[int, Sequence[DaysAway]]
"""person -> when they are away."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An item of one person before and after a change; None: it was not, or is no longer, asked of them. `into`: the
    days away into which its new date falls, also from other days away."""

    old: Item | None
    new: Item | None
    into: DaysAway | None = None

    @property
    def item(self) -> Item:
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def only_opens(self) -> bool:
        return self.old is not None and self.new is not None and self.old.due_at == self.new.due_at

    @property
    def instants(self) -> Dates:
        """The date before and after: when it is due, or when it opens if that alone moves."""
        if self.only_opens and self.old and self.new:
            return self.old.opens_at, self.new.opens_at
        return self.old.due_at if self.old else None, self.new.due_at if self.new else None

    @property
    def useful_until(self) -> datetime:
        """Until when it is of use to hear of it: the last of its dates."""
        return max(item.due_at for item in (self.old, self.new) if item is not None)

    def is_urgent(self, now: datetime) -> bool:
        return any(at is not None and now < at <= now + URGENT for at in self.instants)


def items_of(turn: Turn[Any], cohort: Cohort, people: Sequence[Person]) -> Items:
    found: dict[int, dict[str, Item]] = {p.id: {} for p in people}
    for person, item in asked_of(turn, cohort, people):
        found[person][item.key] = item
    return found


def away_of(turn: Turn[Any], cohort: Cohort) -> Away:
    found: dict[int, list[DaysAway]] = defaultdict(list)
    for days in turn.collect(AWAY, cohort):
        found[days.person].append(days)
    return found


def moves(before: Items, after: Items, away: Away, now: datetime) -> dict[int, list[Moved]]:
    """person -> the dates that they should be told about, soonest first: those that are ahead, or were. Done and
    optional items are left out, and so are new ones that have not opened, which no card has shown. The date of one that
    is dropped stood in calendars before it opened."""
    found: dict[int, list[Moved]] = {}
    for person, old in before.items():
        new, days = after.get(person, {}), away.get(person, ())
        pairs = (_moved(old.get(key), new.get(key), days) for key in {**old, **new} if old.get(key) != new.get(key))
        mine = [moved for moved in pairs if _concerns(moved, now)]
        if mine:
            found[person] = sorted(mine, key=lambda m: (m.item.due_at, m.item.key))
    return found


def _moved(old: Item | None, new: Item | None, away: Iterable[DaysAway]) -> Moved:
    moves = new is not None and (old is None or old.due_at != new.due_at)
    return Moved(old, new, days_away_at(new.due_at, away) if new and moves else None)


def days_away_at(at: datetime, away: Iterable[DaysAway]) -> DaysAway | None:
    """The days away of a person into which a date falls."""
    return next((days for days in away if days.holds(at)), None)


def _concerns(moved: Moved, now: datetime) -> bool:
    old, new = moved.old, moved.new
    found = [item for item in (old, new) if item is not None]
    if all(item.due_at <= now for item in found) or any(item.done or item.optional for item in found):
        return False
    if new is None:
        return True
    if old is None:
        return new.opens_at <= now
    return old.due_at != new.due_at or (old.opens_at != new.opens_at and min(old.opens_at, new.opens_at) > now)


def unsaid(before: Items, after: Items, told: Mapping[int, Sequence[Moved]]) -> list[tuple[int, str]]:
    """(person, item) of the dates that moved or came, and that they are not told about: what waits to be said of them
    is not true any more."""
    found = []
    for person, old in before.items():
        new, said = after.get(person, {}), {moved.item.key for moved in told.get(person, ())}
        moved = [k for k, item in old.items() if k not in new or new[k].due_at != item.due_at]
        found += [(person, key) for key in (*moved, *(new.keys() - old.keys())) if key not in said]
    return found


def moved_key(cohort: int, item: str, person: int) -> str:
    """The name of the line that tells a person about a moved date: a newer one replaces it until it is sent."""
    return f"moved/{cohort}/{item}/{person}"


def tell(
    cohort: int, moved: Mapping[int, Iterable[Moved]], now: datetime, *, asked_for: bool = False, lead: Text = ()
) -> Iterator[Line | Awaited]:
    """A line for each date, after `lead`. `asked_for`: the person waits for it, unless it is near and told at once."""
    for person, mine in moved.items():
        for one in mine:
            key, until = moved_key(cohort, one.item.key, person), one.useful_until
            text = (*lead, " ", *_text(one, now)) if lead else _text(one, now)
            urgent = one.is_urgent(now)
            if asked_for and not urgent:
                yield Awaited(person, cohort, key, text, until, moved=one.instants)
            else:
                yield Line(person, cohort, key, text, until, urgent=urgent, moved=one.instants)


def when_told(
    told: Mapping[int, Iterable[Moved]],
    now: datetime,
    gone: Collection[int],
    others: int = 0,
    *,
    asked_for: bool = False,
) -> str:
    """When these people are told of their dates. `gone`: learners who are away or silent. `others`: how many more are
    told who have no such date and are here. `asked_for`: as for `tell`."""
    here = {person: mine for person, mine in told.items() if person not in gone}
    said = [_when_told_here(here, now, others, asked_for)] if here or others else []
    if away := len(gone):
        said.append(
            _n(
                "{n} of them is away or silent, and reads it when they are back.",
                "{n} of them are away or silent, and read it when they are back.",
                away,
            )
            if said
            else _n(
                "They are away or silent, and read it when they are back.",
                "All of them are away or silent, and read it when they are back.",
                away,
            )
        )
    return " ".join(said)


def _when_told_here(told: Mapping[int, Iterable[Moved]], now: datetime, others: int, asked_for: bool) -> str:
    near, people = sum(any(one.is_urgent(now) for one in mine) for mine in told.values()), len(told) + others
    if not near and asked_for:
        return _n("They are told at their next hour.", "Each is told at their next hour.", people)
    if not near:
        return _n("They are told once, with their next message.", "Each is told once, with their next message.", people)
    if near == people:
        return _n(
            "They are told at once, or in their morning, since the date is within 48 hours.",
            "Each is told at once, or in their morning, since a date of theirs is within 48 hours.",
            near,
        )
    return _n(
        "{n} of them is told at once, or in their morning, since a date of theirs is within 48 hours; "
        "the others once, with their next message.",
        "{n} of them are told at once, or in their morning, since a date of theirs is within 48 hours; "
        "the others once, with their next message.",
        near,
    )


def falls_away(moved: Mapping[int, Iterable[Moved]]) -> str:
    """For the course team: how many learners have said that they are away at their new dates."""
    people = sum(any(one.into for one in mine) for mine in moved.values())
    if not people:
        return ""
    if people == len(moved) == 1:
        return _("The new date falls into their days away.")
    return _n(
        "For {n} of them the new date falls into their days away.",
        "For {n} of them a new date falls into their days away.",
        people,
    )


def _text(moved: Moved, now: datetime) -> Text:
    """What somebody who was away reads when they are back says nothing of these days."""
    text = _said(moved, now)
    ahead = moved.into is not None and moved.into.starts_at > now
    return (*text, " ", _("You have said that you are away then.")) if ahead else text


def _said(moved: Moved, now: datetime) -> Text:
    old, new = moved.instants
    title = shorten(moved.item.title, 80)
    if new is None:
        return phrase("{title} is not asked of you any more.", title=Bold(title))
    if old is None:
        if moved.item.closes:
            return phrase("{title} is new, open until {date}.", title=Bold(title), date=Instant(new))
        return phrase("{title} is new, due {date}.", title=Bold(title), date=Instant(new))
    if new <= now:
        given: dict[str, Inline] = {"title": Bold(title), "new": Instant(new), "old": Instant(old)}
        if moved.item.closes:
            return phrase("{title} closed {new}, not {old}: its time is over.", **given)
        return phrase("{title} was due {new}, not {old}: its time is over.", **given)
    kind: DateKind = "opens" if moved.only_opens else "closes" if moved.item.closes else "due"
    return phrase("{what} {new}, not {old}.", what=Bold(words(kind, title)), new=Instant(new), old=Instant(old))
