"""All who play together: who hears what, and the questions that go around among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.learner import Learner
from bot.app.rehearsal.player import Player, Prompter
from bot.app.rehearsal.script import BOT, Line
from bot.app.rehearsal.stage import CHANNELS, Stage
from bot.app.rehearsal.teacher import Manager, Teacher
from bot.app.rehearsal.words import Voice
from bot.core.people import Role


@dataclass(slots=True)
class Thread:
    """A question in the channel. `asker` None: asked without a name."""

    root: int
    asker: str | None
    solved: bool = False


class Troupe:
    """The players. `zones` is where each of them lived, from when on."""

    def __init__(self, stage: Stage, people: Sequence[Persona], seed: str) -> None:
        self.stage = stage
        self.prompter = Prompter()
        self.random = Random(f"{seed}/troupe")
        self.stumbles: list[str] = []
        self.zones: dict[str, list[tuple[datetime, str]]] = {p.id: [(stage.clock.now(), p.zone)] for p in people}
        self.names = {p.name for p in people if p.role is Role.LEARNER}
        self.weeks: dict[str, int] = {}
        """The week's root message in the main channel, by what its buttons are about."""
        self._waiting: dict[str, str | None] = {}
        kinds: dict[Role, type[Player]] = {
            Role.LEARNER: Learner,
            Role.INSTRUCTOR: Teacher,
            Role.MANAGER: Manager,
        }
        voice = Voice(stage.course)
        self.players = {p.id: kinds[p.role](p, stage, self, voice, seed) for p in people}
        self.learners = [p for p in self.players.values() if isinstance(p, Learner)]
        self.teachers = [p for p in self.players.values() if isinstance(p, Teacher)]

    def begin(self) -> None:
        for player in self.players.values():
            player.begin()

    def moved(self, person: str, zone: str) -> None:
        """Somebody lives elsewhere from now on."""
        self.zones[person].append((self.stage.clock.now(), zone))

    # What is heard

    def hear(self, line: Line) -> None:
        if line.by != BOT:
            return
        reader = line.reader
        if reader is not None:
            if line.kind == "posted":
                self.players[reader].hear(line)
        elif line.kind == "posted" and line.thread is None:
            self._hear_root(line)

    def _hear_root(self, line: Line) -> None:
        if line.place == CHANNELS["main"] and (action := line.action("wrapups.answer")):
            assert line.message is not None
            self.weeks[action] = line.message
        elif line.place == CHANNELS["questions"] and line.message is not None:
            asked = next((text for text in self._waiting if text in line.text), None)
            if asked is not None:
                self.asked(line.message, self._waiting.pop(asked))
        elif line.place == CHANNELS["staff"]:
            self.random.choice(self.teachers).hear(line)

    # Questions

    def will_ask(self, text: str, asker: str | None) -> None:
        """Somebody has asked by command: the bot will post it."""
        self._waiting[text] = asker

    def asked(self, root: int, asker: str | None) -> None:
        """A question stands in the channel: somebody of the team answers it, and perhaps another learner before."""
        thread = Thread(root, asker)
        teacher = self.random.choice(self.teachers)
        teacher.later(lambda: teacher.answer(thread), 2, 40)
        if self.random.random() < 0.5:
            peer = self.random.choice(self.learners)
            if peer.id != asker and peer.there:
                peer.later(lambda: peer.answer(thread), 1, 20)

    def answered(self, thread: Thread, reply: int) -> None:
        """A reply stands: whoever asked may mark it, else one of the team."""
        asker = self.players.get(thread.asker or "")
        if isinstance(asker, Learner) and asker.there and asker.chance(0.75):
            asker.later(lambda: asker.mark(thread, reply), 0.5, 24)
        elif self.random.random() < 0.6:
            teacher = self.random.choice(self.teachers)
            teacher.later(lambda: teacher.mark(thread, reply), 2, 30)
