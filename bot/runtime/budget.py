"""The message budget as a pure decision: who is told what now, what waits until when, and what is dropped.

A learner gets at most one unasked message a day and three a week, an instructor one a workday, a manager one a week.
Awaited lines come at most once a day, and are counted apart. A channel gets three root posts a week.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from bot.core.people import Role
from bot.core.time import at_wall, local_day, monday_of, next_time
from bot.core.voice import RIDING, Awaited, Card, Line, Notice, Rank

A_DAY = 1
A_WEEK = {Role.LEARNER: 3, Role.INSTRUCTOR: 5, Role.MANAGER: 1}
"""Unasked private messages for each role."""

AWAITED_A_DAY = 1
"""Private messages with nothing but awaited lines."""

ROOTS_A_WEEK = 3
"""The bot's own root posts in a channel."""

RANKS: Sequence[Rank] = ("first", "core", "spare", *RIDING)

SPAN = timedelta(days=8)
"""How far back and ahead the budget looks: a week, and one day more for changes of clocks."""

Why = Literal["no room", "too late", "away"]
"""Why a notice is dropped. 'too late': the budget or the person's hour delayed it until it was of no use any more."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that waits. From `at` on it may be a message of its own. `id` is None if it is not stored yet."""

    id: int | None
    notice: Notice
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """A person was written to unasked in a role. `awaited`: the message held nothing but awaited lines."""

    at: datetime
    role: Role
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody in one of their roles. `hour` is when they want to get messages. `quiet`: the cohorts in which they are
    away or have fallen silent. `away`: those in which they are away, where awaited lines wait; a silence stops none.
    `workspaces`: those of their cohorts; cards of several cohorts of one workspace share a message. `dropped`: when the
    budget last kept something of a cohort from them."""

    role: Role
    zone: str
    hour: time
    quiet: frozenset[int] = frozenset()
    away: frozenset[int] = frozenset()
    workspaces: Mapping[int, str] = field(default_factory=dict)
    dropped: Mapping[int, datetime] = field(default_factory=dict)

    def next_hour(self, at: datetime) -> datetime:
        """The reader's first hour from an instant on."""
        return next_time(at, self.hour, self.zone, workdays_only=self.role is not Role.LEARNER)


@dataclass(slots=True)
class Decision:
    """What happens now: the first of `cards` leads the message, the others stand below it, and then the `lines`.
    `awaited`: the message does not count against the week. `held`: changes that the reader hears of when they are back.
    What is neither in the message nor dropped waits; `again` is when to decide next."""

    cards: list[Waiting] = field(default_factory=list)
    lines: list[Waiting] = field(default_factory=list)
    awaited: bool = False
    held: list[Waiting] = field(default_factory=list)
    dropped: list[tuple[Waiting, Why]] = field(default_factory=list)
    again: datetime | None = None

    @property
    def speaks(self) -> bool:
        return bool(self.cards or self.lines)

    def wait(self, until: datetime) -> None:
        """Decides again at `until` at the latest."""
        self.again = min(until, self.again or until)


def decide(
    waiting: Sequence[Waiting], sent: Sequence[Sent], ahead: Sequence[datetime], now: datetime, reader: Reader
) -> Decision:
    """`waiting`: what waits for the reader in this role. `sent`: when they were written to in the last `SPAN`, in any
    role. `ahead`: when cards will come to them in the next one, soonest first."""
    found = Decision()
    cards, lines, awaited = _useful(waiting, now, reader, found)
    cards = _without_nagging(cards, awaited, found)
    unasked = [s.at for s in sent if s.role is reader.role and not s.awaited]
    budget = _Budget(now, reader, unasked, ahead)
    urgent = any(_is_near(line, now, reader, found) for line in lines)
    put_off = _choose_cards(cards, budget, urgent, found)
    if found.cards or urgent:
        # An urgent line exceeds the budget. It takes no card's place in the week.
        found.lines, found.awaited = [*awaited, *lines], not found.cards
        return found
    # Lines go with the card that is put off.
    if lines and not put_off:
        at = budget.lines_from()
        if at > now:
            found.wait(at)
        elif any(line.at <= now for line in lines):
            found.lines = [*awaited, *lines]
            return found
    if any(one.at <= now for one in awaited):
        if sum(budget.today <= s.at < budget.tomorrow for s in sent if s.awaited) < AWAITED_A_DAY:
            found.lines, found.awaited = [*awaited, *lines], True
        else:
            found.wait(reader.next_hour(budget.tomorrow))
    return found


def root_fits(posts: Sequence[datetime], now: datetime, zone: str, most: int = ROOTS_A_WEEK) -> bool:
    """Whether a channel may get one more root post this week. `posts`: when it got root posts."""
    _, _, monday, next_monday = _midnights(now, zone)
    return sum(monday <= at < next_monday for at in posts) < most


def _useful(
    waiting: Sequence[Waiting], now: datetime, reader: Reader, found: Decision
) -> tuple[list[Waiting], list[Waiting], list[Waiting]]:
    """Splits what waits into due cards, lines and awaited lines, without what is dropped or waits for another day."""
    cards: list[Waiting] = []
    lines: list[Waiting] = []
    awaited: list[Waiting] = []
    for one in waiting:
        notice = one.notice
        quiet = notice.cohort in reader.quiet
        if isinstance(notice, Line) and notice.is_past(now):
            found.dropped.append((one, "away" if quiet else "too late"))
        elif quiet and isinstance(notice, Line) and notice.is_change:
            found.held.append(one)
        elif notice.until <= now:
            found.dropped.append((one, "too late"))
        elif isinstance(notice, Awaited):
            if notice.cohort in reader.away:
                found.wait(reader.next_hour(now))
            else:
                awaited.append(one)
        elif isinstance(notice, Line):
            if quiet:
                found.dropped.append((one, "away"))
            else:
                lines.append(one)
        elif one.at <= now:
            if quiet and notice.rank != "first":
                found.dropped.append((one, "away"))
            else:
                cards.append(one)
    return cards, lines, awaited


def _without_nagging(cards: list[Waiting], awaited: list[Waiting], found: Decision) -> list[Waiting]:
    """The cards, without spare ones if somebody of the course team has a word for the reader: that leads."""
    awaited.sort(key=lambda one: not _is_personal(one))
    if not any(_is_personal(one) for one in awaited):
        return cards
    found.dropped += [(one, "no room") for one in cards if _card(one).rank == "spare"]
    return [one for one in cards if _card(one).rank != "spare"]


def _is_personal(one: Waiting) -> bool:
    return isinstance(one.notice, Awaited) and one.notice.personal


def _is_near(line: Waiting, now: datetime, reader: Reader, found: Decision) -> bool:
    """Whether a line may exceed the budget. News of a date becomes urgent at the reader's hour once the date is near:
    what waits for a card until then has had none."""
    assert isinstance(line.notice, Line)
    near = line.notice.near_from(now)
    if line.notice.urgent or near is None:
        return line.notice.urgent
    at = max(line.at, reader.next_hour(near))
    if at > now:
        found.wait(at)
    return at <= now


def _choose_cards(cards: Sequence[Waiting], budget: "_Budget", urgent: bool, found: Decision) -> bool:
    """Chooses the cards that make the message now, and drops spare ones. Returns whether a card is put off. Cards that
    ride wait for one that leads."""
    in_order = sorted(cards, key=lambda c: _precedence(_card(c), budget.reader))
    firm = [c for c in in_order if _card(c).rank in ("first", "core")]
    spare = [c for c in in_order if _card(c).rank == "spare"]
    free = budget.free_from(budget.unasked)
    held: list[Waiting] = []
    if firm and (free <= budget.now or urgent):
        _lead(next((c for c in firm if not _card(c).joins), firm[0]), in_order, budget, found)
    elif spare and not firm and free <= budget.now:
        held = [c for c in spare if _card(c).joins and budget.now < (budget.card_today or budget.now) < c.notice.until]
        if budget.has_room(0):
            _lead(spare[0], in_order, budget, found)
    found.dropped += [(c, "no room") for c in spare if c not in found.cards and c not in held]
    left = [c for c in firm if c not in found.cards]
    if left:
        found.wait(budget.free_from([*budget.unasked, budget.now]) if found.cards else free)
    for one in in_order:
        if not _card(one).leads and one not in found.cards:
            found.wait(one.notice.until)
    if held and budget.card_today:
        found.wait(budget.card_today)
    return bool(left and not found.cards)


def _precedence(card: Card, reader: Reader) -> tuple[int, float, datetime]:
    """The sort key of a card. Of equally important ones, that of the cohort which lost last time goes first, so that no
    cohort starves, and of those of one cohort the one that is of use for the shorter time."""
    lost = reader.dropped.get(card.cohort)
    return RANKS.index(card.rank), -lost.timestamp() if lost else 0.0, card.until


def _lead(lead: Waiting, cards: Sequence[Waiting], budget: "_Budget", found: Decision) -> None:
    """The card that leads the message, and those that join it."""
    staff, workspaces, home = budget.reader.role is not Role.LEARNER, budget.reader.workspaces, lead.notice.cohort
    near = {home, *(id for id, at in workspaces.items() if at == workspaces.get(home))}
    own = [c for c in cards if c is not lead and (staff or c.notice.cohort in near)]
    cards = [lead, *(c for c in own if _joins(_card(c), _card(lead)))]
    listed = {card.cohort for card in map(_card, cards) if card.lists_all}
    found.cards = [c for c in cards if _card(c).rank != "echoes" or c.notice.cohort not in listed]


def _joins(card: Card, lead: Card) -> bool:
    """Whether a card may stand below the one that leads."""
    if not card.leads or (lead.rank == "first" and card.rank == "core"):
        return True
    if card.cohort != lead.cohort and card.role is Role.LEARNER and not stays_apart(lead):
        return True
    if card.rank == "spare" and (lead.rank == "first" or lead.lists_all):
        # A welcome back and a week's card say by themselves what is open.
        return False
    return card.joins and (card.rank == "spare" or not stays_apart(lead))


def stays_apart(lead: Card) -> bool:
    """Whether a card is a learner's prompt: two of them stay apart, since each is answered in words."""
    return lead.joins and lead.role is Role.LEARNER


def _card(one: Waiting) -> Card:
    assert isinstance(one.notice, Card)
    return one.notice


@dataclass(slots=True)
class _Budget:
    """What is left of a reader's day and week. `unasked`: when they were written to."""

    now: datetime
    reader: Reader
    unasked: Sequence[datetime]
    ahead: Sequence[datetime]
    today: datetime = field(init=False)
    tomorrow: datetime = field(init=False)
    monday: datetime = field(init=False)
    next_monday: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.today, self.tomorrow, self.monday, self.next_monday = _midnights(self.now, self.reader.zone)

    @property
    def card_today(self) -> datetime | None:
        """When the next card comes, if that is still today."""
        return self.ahead[0] if self.ahead and self.ahead[0] < self.tomorrow else None

    def free_from(self, unasked: Sequence[datetime]) -> datetime:
        """The first instant from now on at which one more message may be sent after these."""
        if sum(self.monday <= at < self.next_monday for at in unasked) >= A_WEEK[self.reader.role]:
            return self.reader.next_hour(self.next_monday)
        if sum(self.today <= at < self.tomorrow for at in unasked) >= A_DAY:
            return self.reader.next_hour(self.tomorrow)
        return self.now

    def has_room(self, reserved: int) -> bool:
        """Whether today and this week have room for one more message, besides the cards that are ahead and the reserved
        ones."""
        days = {local_day(at, self.reader.zone) for at in self.ahead if at < self.next_monday}
        left = A_WEEK[self.reader.role] - sum(self.monday <= at < self.next_monday for at in self.unasked)
        return self.card_today is None and len(days) + reserved < left

    def lines_from(self) -> datetime:
        """When lines without a card may be sent. They wait for the next card if it comes today, or if this week's cards
        need all that is left of the budget; for a learner one more message is left over, for a reminder."""
        free = self.free_from(self.unasked)
        if free > self.now:
            return free
        reserved = 1 if self.reader.role is Role.LEARNER else 0
        if self.has_room(reserved):
            return self.now
        return self.ahead[0] if self.ahead else self.reader.next_hour(self.next_monday)


@lru_cache(maxsize=2048)
def _midnights(now: datetime, zone: str) -> tuple[datetime, datetime, datetime, datetime]:
    """When today, tomorrow, this week and the next week begin in a zone."""
    today = local_day(now, zone)
    monday = monday_of(today)
    days = (today, today + timedelta(days=1), monday, monday + timedelta(days=7))
    first, second, third, fourth = (at_wall(day, time(0), zone) for day in days)
    return first, second, third, fourth
