"""The load: counts each person's unasked messages per week and day of their own clock against the budget.

There are two sources: the rows that the voice stores, and every other message in the transcript to a person who did
nothing at that instant. What is counted in another way is declared by the modules of `parts/`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from types import ModuleType
from typing import Any, Literal

from bot.app.compose import Application
from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.expected import declared
from bot.app.rehearsal.script import BOT, Line
from bot.app.rehearsal.stage import CHANNELS, Stage
from bot.core.people import Cohort, Role
from bot.core.time import local_day, monday_of, write_instant

A_DAY = 1
A_WEEK = {Role.LEARNER: 3, Role.INSTRUCTOR: 5, Role.MANAGER: 1}
"""Unasked private messages by role; an instructor gets one per workday."""

ROOTS_A_WEEK = 3
"""Root posts in a channel."""

IN_A_POD = 2
"""Messages in any other channel that the bot made, in threads too."""

AWAITED_A_DAY = 1
"""Private messages with only awaited content, which count against no other limit."""

Class = Literal["unasked", "awaited"]

Spoken = tuple[str, Role, datetime, Class]
"""A message of the voice: (account, role of the budget, instant, class)."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A message that the budget dropped for one person (their account): see `Dropped`."""

    person: str
    week: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A message dropped by the budget: `what` is its first line, `why` 'no room' or 'too late', `people` how many of
    the `of` learners missed it in that week."""

    week: str
    what: str
    why: str
    people: int
    of: int

    def __str__(self) -> str:
        return f"{self.people} of {self.of} learners did not get “{self.what}” in {self.week}: {self.why}"


@dataclass(frozen=True, slots=True)
class Unasked:
    """An unasked message. `by_voice`: the voice has a row for it, or an action in `TELLS_AT_ONCE` caused it."""

    person: str
    role: Role
    at: datetime
    heading: str
    by_voice: bool = True
    kind: Class = "unasked"


@dataclass(frozen=True, slots=True)
class Over:
    """A person or a channel over the budget. `span`: 'day' or 'week'; `at` are the instants of the messages."""

    who: str
    role: str
    span: str
    limit: int
    at: tuple[datetime, ...]
    zone: str
    kind: Class = "unasked"

    def as_data(self) -> dict[str, Any]:
        return {
            "who": self.who,
            "role": self.role,
            "class": self.kind,
            "zone": self.zone,
            "span": self.span,
            "limit": self.limit,
            "at": [write_instant(at) for at in self.at],
        }

    def __str__(self) -> str:
        when = local_day(self.at[-1], self.zone)
        said = f"{when:%G-W%V}" if self.span == "week" else when.isoformat()
        return f"{self.who} ({self.role}): {len(self.at)} in the {self.span} {said}; {self.limit} may come"


@dataclass(slots=True)
class Load:
    """Reads the transcript; the voice's own messages are passed at the end. `opened` is the instant at which the
    operator created the cohort; people named at creation get a message then."""

    cohort: Cohort
    people: Mapping[str, Persona]
    zones: Mapping[str, Sequence[tuple[datetime, str]]]
    opened: datetime
    modules: Sequence[ModuleType]
    """The modules of `parts/`."""
    _direct: list[tuple[str, datetime, str]] = field(default_factory=list)
    _roots: dict[str, list[tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(list))
    _answers: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _acted: dict[str, datetime] = field(default_factory=dict)
    _anybody: datetime | None = None
    _exempt: set[datetime] = field(default_factory=set)
    _told_at_once: set[datetime] = field(default_factory=set)

    def hear(self, line: Line) -> None:
        if line.by != BOT:
            self._acted[line.by] = self._anybody = line.at
            if self._does(line, "MAY_EXCEED"):
                self._exempt.add(line.at)
            if self._does(line, "TELLS_AT_ONCE"):
                self._told_at_once.add(line.at)
            return
        reader = line.reader
        if reader is None:
            anchors = tuple(declared(self.modules, "POSTED_FOR_PEOPLE"))
            for_somebody = (line.anchor or "").startswith(anchors) and self._anybody == line.at
            if line.kind == "posted" and (line.thread is None or _limit(line.place) == IN_A_POD) and not for_somebody:
                self._roots[line.place].append((line.at, line.heading))
        elif (line.anchor or "").startswith(tuple(declared(self.modules, "WELCOMES"))):
            return
        elif line.kind in ("posted", "whispered") and line.at not in (self._acted.get(reader), self.opened):
            self._direct.append((reader, line.at, line.heading))
        elif line.kind in ("posted", "whispered", "replied"):
            self._answers[reader][self.week(reader, line.at)] += 1

    def _does(self, line: Line, name: str) -> bool:
        """Whether the line is one of the actions that the modules declare under this name."""
        return any(line.action(action) for action in declared(self.modules, name))

    def unasked(self, spoken: Sequence[Spoken]) -> list[Unasked]:
        """All unasked messages in order of time."""
        said: dict[tuple[str, datetime], list[tuple[Role, Class]]] = defaultdict(list)
        for person, role, at, kind in spoken:
            said[person, at].append((role, kind))
        found = []
        for person, at, heading in self._direct:
            roles = said.get((person, at))
            by_voice = bool(roles) or at in self._told_at_once
            role, kind = roles.pop(0) if roles else (self.people[person].role, "unasked")
            found.append(Unasked(person, role, at, heading, by_voice, kind))
        # The rest are messages that the voice added by an edit, or sent to a person who was just acting.
        for (person, at), left in said.items():
            found += [Unasked(person, role, at, "", kind=kind) for role, kind in left]
        return sorted(found, key=lambda u: (u.at, u.person, u.heading))

    def zone(self, person: str, at: datetime) -> str:
        """A person's zone at an instant."""
        return next(zone for since, zone in reversed(self.zones[person]) if since <= at)

    def over(self, unasked: Sequence[Unasked]) -> list[Over]:
        """Finds everybody over the budget. Messages at the instant of an action in `MAY_EXCEED` may exceed it.

        Each message is counted with the earlier ones of that day and week on the person's clock at that time, so
        people who move to another zone do not get the same day twice.
        """
        found: list[Over] = []
        before: dict[tuple[str, Role | None], list[datetime]] = defaultdict(list)
        for one in unasked:
            # Awaited messages are bundled per person, across roles.
            earlier = before[one.person, one.role if one.kind == "unasked" else None]
            earlier.append(one.at)
            if one.at in self._exempt:
                continue
            zone = self.zone(one.person, one.at)
            today = local_day(one.at, zone)
            same_day = [at for at in earlier[-9:] if local_day(at, zone) == today]
            same_week = [at for at in earlier[-99:] if _monday(at, zone) == monday_of(today)]
            spans = [("day", A_DAY if one.kind == "unasked" else AWAITED_A_DAY, same_day)]
            if one.kind == "unasked":
                spans.append(("week", A_WEEK[one.role], same_week))
            for span, limit, within in spans:
                if len(within) > limit:
                    # A larger excess of the same person and span replaces the previous one.
                    found = [
                        o for o in found if not (o.who == one.person and o.span == span and o.at == tuple(within[:-1]))
                    ]
                    found.append(Over(one.person, one.role.value, span, limit, tuple(within), zone, one.kind))
        return found + list(self._over_in_channels())

    def _over_in_channels(self) -> Iterator[Over]:
        zone = self.cohort.zone
        for place, roots in self._roots.items():
            weeks: dict[Any, list[datetime]] = defaultdict(list)
            for at, _ in roots:
                weeks[_monday(at, zone)].append(at)
            for within in weeks.values():
                if len(within) > (limit := _limit(place)):
                    yield Over(f"#{place}", "channel", "week", limit, tuple(within), zone)

    def as_data(self, unasked: Sequence[Unasked], over: Sequence[Over], lost: Sequence[Lost]) -> dict[str, Any]:
        """The content of load.json: see docs/INTERFACE.md."""
        days: dict[str, Counter[str]] = defaultdict(Counter)
        awaited: dict[str, Counter[str]] = defaultdict(Counter)
        for one in unasked:
            if one.kind == "awaited":
                awaited[one.person][self.week(one.person, one.at)] += 1
            else:
                days[one.person][local_day(one.at, self.zone(one.person, one.at)).isoformat()] += 1
        zone = self.cohort.zone
        return {
            "people": [
                {
                    "person": p.id,
                    "role": p.role.value,
                    "zone": self.zones[p.id][-1][1],
                    "weeks": _weeks(days[p.id], awaited[p.id], self._answers[p.id]),
                }
                for p in self.people.values()
            ],
            "channels": [
                {"place": place, "weeks": [{"week": w, "roots": n} for w, n in _by_week(roots, zone).items()]}
                for place, roots in sorted(self._roots.items())
            ],
            "over": [o.as_data() for o in over],
            "dropped": [asdict(one) for one in lost],
        }

    def week(self, person: str, at: datetime) -> str:
        """The week of an instant by ISO 8601, on the person's own clock."""
        return f"{local_day(at, self.zone(person, at)):%G-W%V}"


def _limit(place: str) -> int:
    """How many messages of the bot may come into a channel in a week."""
    return ROOTS_A_WEEK if place in CHANNELS.values() else IN_A_POD


def _monday(at: datetime, zone: str) -> Any:
    return monday_of(local_day(at, zone))


def _weeks(days: Mapping[str, int], awaited: Mapping[str, int], answers: Mapping[str, int]) -> list[dict[str, Any]]:
    weeks: dict[str, dict[str, int]] = {week: {} for week in (*awaited, *answers)}
    for day, number in days.items():
        weeks.setdefault(f"{datetime.fromisoformat(day):%G-W%V}", {})[day] = number
    return [
        {
            "week": week,
            "unasked": sum(within.values()),
            "days": within,
            "awaited": awaited.get(week, 0),
            "answers": answers.get(week, 0),
        }
        for week, within in sorted(weeks.items())
    ]


def _by_week(roots: Sequence[tuple[datetime, str]], zone: str) -> dict[str, int]:
    return dict(sorted(Counter(f"{local_day(at, zone):%G-W%V}" for at, _ in roots).items()))


def spoken(stage: Stage) -> list[Spoken]:
    """The voice's messages, from its table."""
    from sqlmodel import Session, col, select

    from storage.tables.people import AccountRow
    from storage.tables.voice import SpokenRow

    query = (
        select(AccountRow.user, SpokenRow.role, SpokenRow.at, SpokenRow.awaited)
        .where(col(AccountRow.person) == col(SpokenRow.person))
        .order_by(col(SpokenRow.id))
    )
    with Session(stage.app.storage.engine) as session:
        found = session.exec(query).all()
    return [(user, Role(role), at, "awaited" if awaited else "unasked") for user, role, at, awaited in found]


def lost(app: Application, load: Load) -> list[Lost]:
    """What the budget dropped for learners and what did not come later either, in order of time, from the tables of the
    voice. A card that was dropped at several tries counts once, in the week of the last."""
    from sqlmodel import Session, col, select

    from storage.tables.outbox import RefRow
    from storage.tables.people import AccountRow
    from storage.tables.voice import DroppedRow, PartRow

    query = (
        select(AccountRow.user, DroppedRow)
        .where(col(AccountRow.person) == col(DroppedRow.person))
        .where(col(DroppedRow.key).not_in(select(RefRow.anchor)), col(DroppedRow.key).not_in(select(PartRow.anchor)))
        .order_by(col(DroppedRow.id))
    )
    lapses = declared(load.modules, "MAY_LAPSE")
    found: dict[tuple[str, str], Lost] = {}
    with Session(app.storage.engine) as session:
        for person, row in session.exec(query):
            if any(lapse.fullmatch(row.key) for lapse in lapses):
                continue
            if person in load.people and load.people[person].role is Role.LEARNER:
                found.pop((person, row.key), None)
                found[person, row.key] = Lost(person, load.week(person, row.at), row.what, row.why)
    return list(found.values())


def dropped(lost: Sequence[Lost], of: int) -> list[Dropped]:
    """The same by message and week, most frequent first. `of`: the number of learners."""
    people: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in lost:
        people[one.week, one.what, one.why].add(one.person)
    found = [Dropped(*key, len(who), of) for key, who in people.items()]
    return sorted(found, key=lambda d: (-d.people, d.week, d.what))


def by_card(dropped: Sequence[Dropped]) -> list[str]:
    """One line for each card: how many learners missed it at most in a week, and in how many weeks."""
    found: dict[tuple[str, str], list[Dropped]] = defaultdict(list)
    for one in dropped:
        found[one.what, one.why].append(one)
    lines = []
    for (what, why), some in found.items():
        if len(some) == 1:
            lines.append(str(some[0]))
            continue
        most, of, weeks = max(d.people for d in some), some[0].of, len({d.week for d in some})
        lines.append(f"up to {most} of {of} learners a week did not get “{what}” in {weeks} weeks: {why}")
    return lines
