"""Asking, answering and marking answers; the course team answers the questions that learners did not."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

from bot.app.rehearsal import words
from bot.app.rehearsal.player import Part, Player, Troupe
from bot.app.rehearsal.script import Line
from bot.app.rehearsal.stage import CHANNELS
from bot.app.rehearsal.twists import Twist
from bot.app.rehearsal.words import ANSWERS, FOLLOW_UPS, Exchange
from bot.core.people import INSTRUCTORS, LEARNERS
from bot.core.time import local

A_WEEK = {"chatty": 1.2}
"""Questions per week; others ask one in eight weeks."""

POSTED_FOR_PEOPLE = "question/"

OTHERS_ASK = 0.12
WRITES, WRITES_BACK = 0.4, 0.5
"""Probability that an instructor replies privately to what a learner sent, and that the learner replies to that."""
TICK = "✅"


@dataclass(slots=True)
class Thread:
    """A question in the channel. `asker` None: asked anonymously. `answers` counts the answers so far."""

    root: int
    asker: str | None
    exchange: Exchange
    solved: bool = False
    answers: int = 0

    def answer(self, random: Random) -> str:
        """The next answer."""
        said = self.exchange.answers or (random.choice(ANSWERS),)
        self.answers += 1
        return said[min(self.answers, len(said)) - 1]

    def follow_up(self, random: Random) -> str:
        """The asker's reaction to an answer."""
        said = self.exchange.follow_ups
        return said[-1] if said else random.choice(FOLLOW_UPS)


class Threads:
    """All open questions, shared by the players."""

    def __init__(self, troupe: Troupe) -> None:
        self._troupe = troupe
        self._random = troupe.random
        self._waiting: list[tuple[Exchange, str | None]] = []
        troupe.roots.append(self._hear)

    def will_ask(self, exchange: Exchange, asker: str | None) -> None:
        """Records a question asked by command, which the bot will post."""
        self._waiting.append((exchange, asker))

    def _hear(self, line: Line) -> None:
        if line.place == CHANNELS["questions"] and line.message is not None:
            text = " ".join(line.text.split())
            waiting = next((one for one in self._waiting if _begins(one[0]) in text), None)
            if waiting is not None:
                self._waiting.remove(waiting)
                self.asked(line.message, waiting[1], waiting[0])

    def asked(self, root: int, asker: str | None, exchange: Exchange) -> None:
        """Handles a posted question: a team member answers it, perhaps after another learner."""
        thread = Thread(root, asker, exchange)
        teacher = self._teacher()
        teacher.later(partial(self._answer_as_teacher, teacher, thread), 2, 40)
        if self._random.random() < 0.5:
            peer = self._random.choice(self._troupe.of(LEARNERS))
            if peer.id != asker and peer.there:
                peer.later(partial(self._answer_as_peer, peer, thread), 1, 20)

    def _answered(self, thread: Thread, reply: int) -> None:
        """Handles a reply: the asker or a team member may mark it."""
        asker = self._troupe.players.get(thread.asker or "")
        if asker is not None and asker.there and asker.chance(0.75):
            asker.later(partial(self._mark_own, asker, thread, reply), 0.5, 24)
        elif self._random.random() < 0.6:
            teacher = self._teacher()
            teacher.later(partial(self._mark, teacher, thread, reply), 2, 30)

    def _teacher(self) -> Player:
        return self._random.choice(self._troupe.of(INSTRUCTORS))

    async def _answer_as_teacher(self, teacher: Player, thread: Thread) -> None:
        if not thread.solved and local(teacher.now, teacher.zone).weekday() > 4:
            teacher.later(partial(self._answer_as_teacher, teacher, thread), 24, 48)
        elif not thread.solved:
            await self._answer(teacher, thread)

    async def _answer_as_peer(self, peer: Player, thread: Thread) -> None:
        if peer.there and not thread.solved:
            await self._answer(peer, thread)

    async def _answer(self, player: Player, thread: Thread) -> None:
        if Twist.UNANSWERED in self._troupe.twists:
            return
        reply = await player.say(CHANNELS["questions"], thread.answer(player.random), thread.root)
        if reply is not None:
            self._answered(thread, reply)

    async def _mark_own(self, asker: Player, thread: Thread, reply: int) -> None:
        if thread.solved or not asker.joined:
            return
        await self._mark(asker, thread, reply)
        if asker.chance(0.4):
            await asker.say(CHANNELS["questions"], thread.follow_up(asker.random), thread.root)

    async def _mark(self, player: Player, thread: Thread, reply: int) -> None:
        if not thread.solved:
            thread.solved = True
            await player.react(reply, TICK)


def _begins(exchange: Exchange) -> str:
    """A question's first line, by which it is recognized in the bot's posts."""
    return " ".join(exchange.question.split("\n")[0].split())


class Asking(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        make: Callable[[Troupe], Threads] = Threads
        self._threads = player.troupe.shared(Threads, make)

    def begin(self) -> None:
        player, habit = self.player, self.player.persona.habit
        wishes = A_WEEK.get(habit, OTHERS_ASK)
        for week in range(1, len(player.stage.course.weeks) + 1):
            for _ in range(int(wishes) + player.chance(wishes - int(wishes))):
                at = player.wall(week, player.random.randrange(6), player.random.randint(8, 21))
                player.plan(at, self._ask)
            if habit == "chatty" and player.chance(0.5):
                player.plan(player.wall(week, player.random.randrange(7), player.random.randint(10, 21)), self._chat)

    async def _ask(self) -> None:
        player = self.player
        if not player.there:
            return
        exchange = player.voice.exchange(player.random, player.week)
        if player.chance(0.65):
            root = await player.say(CHANNELS["questions"], exchange.question)
            if root is not None:
                self._threads.asked(root, player.id, exchange)
            return
        values = {}
        nameless = player.chance(0.25) and player.stage.course.privacy.anonymous_questions
        if nameless:
            values["anonymous"] = "yes"
        elif player.chance(0.1):
            values["instructors_only"] = "yes"
        if "instructors_only" not in values:
            self._threads.will_ask(exchange, None if nameless else player.id)
        outcome = await player.command("ask", text=exchange.question, **values)
        await player.follow(outcome, "questions.ask_anyway" if player.chance(0.6) else "questions.helped")

    async def _chat(self) -> None:
        player = self.player
        if player.there:
            place = player.zone.split("/")[-1].replace("_", " ")
            await player.say(CHANNELS["main"], player.voice.say(player.random, words.CHATTER, player.week, place))


class Replying(Part):
    """Replies to questions for the instructors only, and now and then to work and wrap-ups on the desk."""

    roles = INSTRUCTORS

    def hear(self, line: Line) -> None:
        if reply := line.action("questions.reply"):
            self.player.later(partial(self._reply, line.message, reply), 1, 30)
        write = line.action("questions.write")
        if write and self.player.chance(WRITES):
            self.player.later(partial(self._reply, line.message, write), 1, 8)

    async def _reply(self, message: int | None, action: str) -> None:
        if Twist.UNANSWERED in self.player.troupe.twists:
            return
        await self.player.open_and_submit(message, action, text=self.player.random.choice(ANSWERS))


class WritingBack(Part):
    """Replies to what the course team wrote privately."""

    def hear(self, line: Line) -> None:
        reply = line.action("questions.write_back")
        if reply and self.player.there and self.player.chance(WRITES_BACK):
            self.player.later(partial(self._reply, line.message, reply), 1, 20)

    async def _reply(self, message: int | None, action: str) -> None:
        if self.player.there:
            text = self.player.voice.say(self.player.random, words.FOLLOW_UPS, self.player.week)
            await self.player.open_and_submit(message, action, text=text)
