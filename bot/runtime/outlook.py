"""What the message budget would do to the cards that a course plans: `decide`, run ahead over all of its weeks."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from heapq import heapify, heappop, heappush

from bot.core.contributions import CardAhead, Finding
from bot.core.message import Message
from bot.core.time import local, local_day
from bot.core.voice import Card
from bot.runtime.budget import SPAN, Reader, Sent, Waiting, decide


def outlook(cards: Sequence[CardAhead], reader: Reader) -> list[Finding]:
    """What never comes (`starved`), and what comes on a later day than planned (`collides`), for a learner who does
    nothing. One finding for each item of the course file."""
    came = _came(cards, reader)
    starved: dict[tuple[str, bool], list[CardAhead]] = {}
    late: dict[str, tuple[datetime, list[CardAhead]]] = {}
    for number, card in enumerate(cards):
        at = came.get(number)
        if at is None:
            starved.setdefault((card.path, card.rank == "spare"), []).append(card)
        elif local_day(at, reader.zone) != local_day(card.at, reader.zone):
            late.setdefault(card.path, (at, []))[1].append(card)
    # A prompt that reaches nobody needs no reminder.
    found = [
        _starved(some, is_reminder)
        for (path, is_reminder), some in starved.items()
        if not (is_reminder and (path, False) in starved)
    ]
    return found + [_late(some, at, reader) for at, some in late.values()]


def _came(cards: Sequence[CardAhead], reader: Reader) -> Mapping[int, datetime]:
    """When each card is sent, by its position; those that are dropped are missing."""
    planned: dict[datetime, list[Waiting]] = {}
    for n, card in enumerate(cards):
        planned.setdefault(card.at, []).append(Waiting(n, _card(card, n), card.at))
    places = sorted(c.at for c in cards if c.rank != "spare")
    instants = [c.at for c in cards]
    heapify(instants)
    waiting: list[Waiting] = []
    sent: list[Sent] = []
    came: dict[int, datetime] = {}
    last: datetime | None = None
    while instants:
        now = heappop(instants)
        if last is not None and now <= last:
            continue
        last = now
        waiting += planned.get(now, ())
        ahead = places[bisect_right(places, now) : bisect_right(places, now + SPAN)]
        decision = decide(waiting, [s for s in sent if s.at > now - SPAN], ahead, now, reader)
        gone = {w.id for w in (*decision.cards, *(w for w, _ in decision.dropped))}
        came |= {w.id: now for w in decision.cards if w.id is not None}
        waiting = [w for w in waiting if w.id not in gone]
        if decision.speaks:
            sent.append(Sent(now, reader.role))
        if decision.again is not None:
            heappush(instants, decision.again)
    return came


def _card(card: CardAhead, number: int) -> Card:
    return Card(0, 0, str(number), Message(()), card.at, card.until, rank=card.rank, joins=card.joins)


def _starved(cards: Sequence[CardAhead], is_reminder: bool) -> Finding:
    title, weeks = cards[0].title, _weeks(cards)
    if is_reminder:
        message = f"{weeks} nobody is reminded of “{title}”: that week's three messages go to other cards."
        return Finding(
            cards[0].path, "starved", message, "Ask one prompt less in that week if a reminder matters more."
        )
    message = f"{weeks} “{title}” reaches nobody: that week's three messages go to other cards before it closes."
    return Finding(
        cards[0].path, "starved", message, "Put its questions into another prompt, or ask it in fewer weeks."
    )


def _late(cards: Sequence[CardAhead], at: datetime, reader: Reader) -> Finding:
    planned, comes = (f"{local(when, reader.zone):%a %H:%M}" for when in (cards[0].at, at))
    message = (
        f"{_weeks(cards)} “{cards[0].title}” comes {comes} instead of {planned}: "
        "people get one message a day, and another card comes first."
    )
    fix = f"Let it open on another day, or before the week card at {reader.hour:%H:%M}."
    return Finding(cards[0].path, "collides", message, fix)


def _weeks(cards: Sequence[CardAhead]) -> str:
    """'In week 3', 'In weeks 1 to 4', 'In weeks 1, 3'."""
    weeks = sorted({card.week for card in cards})
    if len(weeks) == 1:
        return f"In week {weeks[0]}"
    whole = weeks[-1] - weeks[0] == len(weeks) - 1
    return f"In weeks {weeks[0]} to {weeks[-1]}" if whole else f"In weeks {', '.join(map(str, weeks))}"
