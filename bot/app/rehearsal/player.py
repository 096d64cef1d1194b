"""Simulated people (`Player`), all of them together (`Troupe`), and what they do with a feature (`Part`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, time, timedelta
from heapq import heappop, heappush
from random import Random
from typing import ClassVar, TypeVar

from adapters.sandbox.acts import Act, Outcome
from adapters.sandbox.refusals import BadAct
from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.script import BOT, Line
from bot.app.rehearsal.stage import CHANNELS, Stage
from bot.app.rehearsal.twists import Twist
from bot.app.rehearsal.watch import Broken
from bot.app.rehearsal.words import Voice
from bot.core.forms import Form, TextField
from bot.core.people import INSTRUCTORS, LEARNERS, Role
from bot.core.time import at_wall, local

Step = Callable[[], Awaitable[object]]
T = TypeVar("T")

SILENT_WEEKS = 3
"""Weeks that a returner is silent."""

RISES, RESTS = 7, 23
"""The hours between which people act."""

GRID = timedelta(minutes=60)
OFF = timedelta(minutes=2)
"""People act once an hour at two minutes past, never at an instant of a course file. So every message that reaches a
person at another instant is unasked."""


class Prompter:
    """Planned steps in order of time; steps of the same instant run in the order in which they were planned."""

    def __init__(self) -> None:
        self._steps: list[tuple[datetime, int, Step]] = []
        self._count = 0

    def plan(self, at: datetime, step: Step) -> None:
        self._count += 1
        heappush(self._steps, (at, self._count, step))

    def next_at(self) -> datetime | None:
        return self._steps[0][0] if self._steps else None

    def take(self, now: datetime) -> Step | None:
        """Removes and returns the next due step."""
        return heappop(self._steps)[2] if self._steps and self._steps[0][0] <= now else None


class Part:
    """What a player in one of `roles` does with one feature. Subclasses are in `parts/`, in the module with the
    feature's name."""

    roles: ClassVar[frozenset[Role]] = LEARNERS

    def __init__(self, player: Player) -> None:
        self.player = player

    def begin(self) -> None:
        """Plans what the person does on their own initiative."""

    def hear(self, line: Line) -> None:
        """Handles a line that is addressed to the person, or (instructors) posted in the team's channel."""

    def hear_answer(self, line: Line) -> None:
        """Handles the bot's answer to a private message, which is edited as the person goes on."""

    def hear_edit(self, line: Line) -> None:
        """Handles any other private message of the bot that is edited."""


class Player:
    """A persona that acts, with a part in each feature. All randomness comes from its own `random`.

    `joined`: the person has joined the cohort and not left.
    """

    def __init__(self, persona: Persona, troupe: Troupe, voice: Voice, seed: str, parts: Sequence[type[Part]]) -> None:
        self.persona = persona
        self.id = persona.id
        self.zone = persona.zone
        self.stage = troupe.stage
        self.troupe = troupe
        self.voice = voice
        self.random = Random(f"{seed}/{persona.id}")
        self.joined = False
        self.parts = [part(self) for part in parts if persona.role in part.roles]

    # When

    @property
    def now(self) -> datetime:
        return self.stage.clock.now()

    @property
    def week(self) -> int:
        """The course week on the person's own calendar."""
        return self.stage.cohort.week_on(local(self.now, self.zone).date())

    @property
    def there(self) -> bool:
        """Whether they are in the cohort and neither silent nor away this week."""
        return self.joined and self.takes_part(self.week)

    def takes_part(self, week: int) -> bool:
        """Whether a learner is active in a week."""
        turning = self.persona.turning
        match self.persona.habit:
            case "silent" | "leaver":
                return week < turning
            case "away":
                return week != turning
            case "returner":
                return not turning <= week < turning + SILENT_WEEKS
            case _:
                return True

    def wall(self, week: int, weekday: int, hour: int) -> datetime:
        """An instant near an hour of a day (0 is Monday) of a course week, on the person's clock."""
        day = self.stage.cohort.timetable.monday(week) + timedelta(days=weekday)
        return at_wall(day, time(hour, self.random.randrange(60)), self.zone)

    def plan(self, at: datetime, step: Step) -> None:
        """Plans a step for an instant, or for the next one at which the person is awake."""
        hour = local(at, self.zone).hour
        if not RISES <= hour < RESTS:
            wall = local(at, self.zone)
            day = wall.date() + timedelta(days=1 if hour >= RESTS else 0)
            at = at_wall(day, time(self.random.randint(RISES, RISES + 3), self.random.randrange(60)), self.zone)
        self.troupe.prompter.plan(max(snap(at), self.now), step)

    def later(self, step: Step, least: float, most: float) -> None:
        """Plans a step between `least` and `most` hours from now, or when the person is awake."""
        self.plan(self.now + timedelta(hours=self.random.uniform(least, most)), step)

    def soon(self, step: Step) -> None:
        """Plans a step for this instant, after everything that has already happened in it."""
        self.troupe.prompter.plan(self.now, step)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    # Acts

    async def say(self, place: str, text: str, thread: int | None = None) -> int | None:
        """Says something; returns the message's id, None if it failed."""
        outcome = await self._act(Act(self.id, "say", place=place, thread=thread, text=text))
        return outcome.message if outcome else None

    async def edit(self, message: int, text: str) -> None:
        await self._act(Act(self.id, "edit", message=message, text=text))

    async def react(self, message: int, emoji: str) -> None:
        await self._act(Act(self.id, "react", message=message, emoji=emoji))

    async def command(self, text: str, /, **values: str) -> Outcome | None:
        """Issues `/cohort …` in the direct conversation. None if it failed."""
        return await self._act(Act(self.id, "command", text=text, values=values))

    async def press(self, message: int | None, action: str, value: str = "") -> Outcome | None:
        """Presses a button or picks a choice; None if it failed."""
        return await self._act(
            Act(self.id, "press", message=message, action=action, values={"value": value} if value else {})
        )

    async def submit(self, form: Form, **changes: str) -> Outcome | None:
        """Fills in and submits a form."""
        filled = self.voice.fill(self.random, form, self.week, local(self.now, self.zone).date()) | changes
        return await self._act(Act(self.id, "submit", action=form.action, values=filled, draft=form.draft))

    async def open_and_submit(self, message: int | None, action: str, **changes: str) -> Outcome | None:
        """Presses a button and submits the form that it opens."""
        opened = await self.press(message, action)
        if opened is None or opened.form is None:
            return opened
        return await self.submit(opened.form, **changes)

    async def do_what_is_asked(
        self, message: int | None, action: str, *, words: str = "", **changes: str
    ) -> Outcome | None:
        """Does what a card asks for, by its form, with `words` in each field of text. If that cannot be done, it is a
        finding."""
        opened = await self.press(message, action)
        if opened is None:
            return None
        if opened.form is not None and words:
            changes |= {field.name: words for field in opened.form.fields if isinstance(field, TextField)}
        done = await self.submit(opened.form, **changes) if opened.form is not None else None
        if done is None or done.errors:
            name = action.partition("/")[0]
            self.troupe.refused.append(Broken(self.id, self.now, f"was asked for '{name}', and could not do it"))
        return done

    async def choose(self, message: int, label: str) -> Outcome | None:
        """Chooses an entry of a message's menu; None if there is none or it failed."""
        found = next((s.name for s in self.stage.sandbox.shortcuts if s.label == label), None)
        return await self._act(Act(self.id, "shortcut", message=message, action=found)) if found else None

    async def follow(self, outcome: Outcome | None, name: str, subject: str = "") -> Outcome | None:
        """Presses the first button with this name (and subject) below a private answer; None if there is none."""
        reply = outcome.reply if outcome else None
        if reply is None or reply.message is None:
            return None
        found = [a for a in reply.message.actions() if a.startswith(f"{name}/") and a.endswith(subject)]
        return await self.press(reply.id, found[0]) if found else None

    async def _act(self, act: Act) -> Outcome | None:
        try:
            outcome = await self.stage.sandbox.act(act)
        except BadAct as e:
            # The button is gone by now, which happens to people, too.
            self.troupe.stumbles.append(f"{self.id}: {e}")
            return None
        if outcome.errors:
            self.troupe.stumbles.append(f"{self.id}: {act.action} {dict(outcome.errors)}")
        return outcome

    # Messages

    def begin(self) -> None:
        for part in self.parts:
            part.begin()

    def hear(self, line: Line) -> None:
        """Handles a line that concerns the person: each part plans its reaction."""
        for part in self.parts:
            if _answers(line):
                part.hear_answer(line)
            elif line.kind == "updated":
                part.hear_edit(line)
            else:
                part.hear(line)


class Troupe:
    """The players, and the dispatch of lines to them. `zones`: person -> their zones, each with its start."""

    def __init__(
        self,
        stage: Stage,
        people: Sequence[Persona],
        seed: str,
        voice: Voice,
        parts: Sequence[type[Part]],
        twists: Collection[Twist] = (),
    ) -> None:
        self.stage = stage
        self.twists = twists
        self.prompter = Prompter()
        self.random = Random(f"{seed}/troupe")
        self.stumbles: list[str] = []
        self.zones: dict[str, list[tuple[datetime, str]]] = {p.id: [(stage.clock.now(), p.zone)] for p in people}
        self.refused: list[Broken] = []
        self.roots: list[Callable[[Line], None]] = []
        """Listeners for the bot's posts in channels."""
        self.threads: list[Callable[[Line], None]] = []
        """Listeners for what anybody says in threads."""
        self._shared: dict[type, object] = {}
        self.players = {p.id: Player(p, self, voice, seed, parts) for p in people}

    def shared(self, kind: type[T], make: Callable[[Troupe], T]) -> T:
        """State shared by all players, such as the open questions; created at first use."""
        found = self._shared.get(kind)
        if not isinstance(found, kind):
            self._shared[kind] = found = make(self)
        return found

    def of(self, roles: Collection[Role]) -> list[Player]:
        return [p for p in self.players.values() if p.persona.role in roles]

    def begin(self) -> None:
        for player in self.players.values():
            player.begin()

    def moved(self, person: str, zone: str) -> None:
        """Records that a person now lives in another zone."""
        self.zones[person].append((self.stage.clock.now(), zone))

    def hear(self, line: Line) -> None:
        if line.reader is None and line.thread is not None and line.kind in ("said", "posted"):
            for listener in self.threads:
                listener(line)
        elif line.by != BOT:
            return
        elif line.reader is not None:
            if line.kind in ("posted", "updated"):
                self.players[line.reader].hear(line)
        elif line.kind == "posted" and line.thread is None:
            if line.place == CHANNELS["staff"]:
                self.random.choice(self.of(INSTRUCTORS)).hear(line)
            for listener in self.roots:
                listener(line)


def _answers(line: Line) -> bool:
    """Whether a line is the answer to a private message."""
    return (line.anchor or "").startswith("talk/")


def snap(at: datetime) -> datetime:
    """The next instant at which people act."""
    minutes = at.replace(second=0, microsecond=0)
    past = (minutes.minute - OFF.seconds // 60) % (GRID.seconds // 60)
    return minutes + (GRID - timedelta(minutes=past) if past else timedelta(0))
