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
from bot.app.rehearsal.words import ANSWERS, FOLLOW_UPS, Exchange, Voice
from bot.core.people import Role


@dataclass(slots=True)
class Thread:
    """A question in the channel. `asker` None: asked without a name. `answers` counts those that were said."""

    root: int
    asker: str | None
    exchange: Exchange
    solved: bool = False
    answers: int = 0

    def answer(self, random: Random) -> str:
        """What somebody answers next."""
        said = self.exchange.answers or (random.choice(ANSWERS),)
        self.answers += 1
        return said[min(self.answers, len(said)) - 1]

    def follow_up(self, random: Random) -> str:
        """What whoever asked says once it is answered."""
        said = self.exchange.follow_ups
        return said[-1] if said else random.choice(FOLLOW_UPS)


class Troupe:
    """The players. `zones` is where each of them lived, from when on."""

    def __init__(self, stage: Stage, people: Sequence[Persona], seed: str, past: tuple[Exchange, ...] = ()) -> None:
        self.stage = stage
        self.prompter = Prompter()
        self.random = Random(f"{seed}/troupe")
        self.stumbles: list[str] = []
        self.zones: dict[str, list[tuple[datetime, str]]] = {p.id: [(stage.clock.now(), p.zone)] for p in people}
        self.names = {p.name for p in people if p.role is Role.LEARNER}
        self.weeks: dict[str, int] = {}
        """The week's root message in the main channel, by what its buttons are about."""
        self._waiting: list[tuple[Exchange, str | None]] = []
        kinds: dict[Role, type[Player]] = {
            Role.LEARNER: Learner,
            Role.INSTRUCTOR: Teacher,
            Role.MANAGER: Manager,
        }
        voice = Voice(stage.course, past)
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
            # The answer to a private message changes in place as the person goes on.
            if line.kind == "posted" or (line.kind == "updated" and (line.anchor or "").startswith("talk/")):
                self.players[reader].hear(line)
        elif line.kind == "posted" and line.thread is None:
            self._hear_root(line)

    def _hear_root(self, line: Line) -> None:
        if line.place == CHANNELS["main"] and (action := line.action("wrapups.answer")):
            assert line.message is not None
            self.weeks[action] = line.message
        elif line.place == CHANNELS["questions"] and line.message is not None:
            text = " ".join(line.text.split())
            waiting = next((one for one in self._waiting if _begins(one[0]) in text), None)
            if waiting is not None:
                self._waiting.remove(waiting)
                self.asked(line.message, waiting[1], waiting[0])
        elif line.place == CHANNELS["staff"]:
            self.random.choice(self.teachers).hear(line)

    # Questions

    def will_ask(self, exchange: Exchange, asker: str | None) -> None:
        """Somebody has asked by command: the bot will post it."""
        self._waiting.append((exchange, asker))

    def asked(self, root: int, asker: str | None, exchange: Exchange) -> None:
        """A question stands in the channel: somebody of the team answers it, and perhaps another learner before."""
        thread = Thread(root, asker, exchange)
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


def _begins(exchange: Exchange) -> str:
    """The first line of a question, by which it is known again in what the bot posts."""
    return " ".join(exchange.question.split("\n")[0].split())
