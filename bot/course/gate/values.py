"""What the gate finds, and what it takes into account beside the session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.core.advice import Code
from bot.core.timetable import Timetable
from bot.course.model import Live, LiveRules

SLOTS: Code = "live-slots"
"""A session is offered at no good times; others would mend it."""


@dataclass(frozen=True, slots=True)
class Failed:
    """What a session fails. `code` is stable; `key`: the key of the session that answers it.

    `question`: of a numbered question a clause, of a rule a sentence. `why` and `fix` are sentences; `fix` is written
    for the course file, `how` for people who read no keys, where they differ.
    `required`: whether it holds the session; what is not required is advice. `tried`: it is on trial. `exceeds`: its
    week would be longer than the budget. `lacks`: the minutes by which it fails.
    """

    code: Code
    key: str
    question: str
    why: str
    fix: str
    required: bool = True
    how: str = ""
    tried: bool = False
    exceeds: bool = False
    lacks: tuple[int, ...] = ()

    @property
    def remedy(self) -> str:
        """What to do, for people who read no keys."""
        return self.how or self.fix

    @property
    def number(self) -> int | None:
        """The number of the question; None: a rule beside the questions."""
        return int(self.code.removeprefix("gate-")) if self.code.startswith("gate-") else None


REFERENCE = Timetable(date(2026, 1, 5), "UTC")
"""Any Monday, for a course that has no cohort yet."""


@dataclass(frozen=True, slots=True)
class Told:
    """What learners were told of a session: `live` and `rules` as they were promised, with when it begins. `rules`
    None: that was not kept then. `awaited`: somebody said yes to it."""

    live: Live
    slots: Sequence[datetime]
    rules: LiveRules | None = None
    awaited: bool = False

    def has_begun(self, now: datetime | None) -> bool:
        """Whether one of its times has begun, so that the others stand by what was promised."""
        return now is not None and any(at <= now for at in self.slots)

    def begun(self, now: datetime) -> list[datetime]:
        return [at for at in self.slots if at <= now]

    def standing(self, live: Live) -> Live:
        """What takes place by the course file after it has begun: how long it is and what pays stay as promised."""
        return replace(live, minutes=self.live.minutes, pays=self.live.pays)

    def ahead(self, slots: Sequence[datetime], now: datetime) -> list[datetime]:
        """The times ahead after it has begun: those that stay, and new ones in place of those that do not."""
        stay = [at for at in slots if at > now and at in self.slots]
        new = sorted(at for at in slots if at > now and at not in self.slots)
        room = max(0, len(slots) - len(self.begun(now)) - len(stay))
        return sorted({*stay, *new[max(0, len(new) - room) :]})

    def keeps(self, slots: Sequence[datetime], minutes: int, rules: LiveRules, now: datetime | None) -> bool:
        """Whether its times are those that were promised and that people rely on, no longer than then and by rules that
        are no stricter. Who joins, leaves or moves to another zone takes nothing of that back; an edit may."""
        begun, before = self.has_begun(now), self.rules or rules
        same = {*slots} <= {*self.slots} and (begun or len(slots) == len(self.slots))
        looser = rules.waking[0] <= before.waking[0] and rules.waking[1] >= before.waking[1]
        no_stricter = looser and rules.slots_apart <= before.slots_apart
        return (self.awaited or begun) and same and minutes <= self.live.minutes and no_stricter


@dataclass(frozen=True, slots=True)
class Read:
    """What learners have read of a week that has begun, without live sessions. `total`: its minutes; `listed`: those of
    its items alone, which are fewer if the week names its own. `items`: the minutes of each item then, by the name that
    it has in the file now."""

    total: int
    listed: int
    items: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Settled:
    """What a cohort has settled about its sessions, by their ids. `told`: what learners know, which is asked before the
    others; of these, what has begun counts as it was promised, whatever the file has. `agreed`: the terms to which the
    manager said yes; None: to everything. `promised`: the minutes a week that learners were told first, if a running
    course has risen above them since. `now`: what has begun by then is offered to nobody. `worked`: by the id of an
    item, how many learners have worked on it, and of how many. `read`: by the numbers of weeks that have begun, what
    learners read of them then."""

    told: Mapping[str, Told] = field(default_factory=dict)
    agreed: Mapping[str, str] | None = None
    promised: int | None = None
    now: datetime | None = None
    worked: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    read: Mapping[int, Read] = field(default_factory=dict)

    @property
    def begun(self) -> dict[str, Live]:
        """What has begun, as it was promised."""
        return {id: one.live for id, one in self.told.items() if one.has_begun(self.now)}


UNSETTLED = Settled()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The sessions that passed before, the cohort's weeks, the zone of each learner, and what is settled. Without zones
    the cohort's clock counts for everybody."""

    passed: tuple[Live, ...] = ()
    table: Timetable = REFERENCE
    zones: tuple[str, ...] = ()
    settled: Settled = UNSETTLED

    def told(self, live: Live) -> Told | None:
        """What learners were told of a session."""
        return self.settled.told.get(live.id)

    def has_begun(self, live: Live) -> bool:
        return live.id in self.settled.begun


def listed(words: Sequence[str]) -> str:
    """Words in code: '`a`, `b`'."""
    return ", ".join(f"`{w}`" for w in words)
