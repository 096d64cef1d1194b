"""Posting in discussions, in time, late or in a word, and replying; instructors raise what nobody answered."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.expected import Receipt
from bot.app.rehearsal.player import Part, Player
from bot.app.rehearsal.script import BOT, Line
from bot.app.rehearsal.twists import Twist
from bot.app.rehearsal.watch import Broken, Watch
from bot.app.rehearsal.words import ONE_WORD
from bot.core.people import INSTRUCTORS, Cohort, Role
from bot.core.uptime import Uptime
from bot.course.loader import course_of
from bot.features.discussions.rules import rounds

POSTS = {"punctual": 0.95, "chatty": 0.95, "steady": 0.8}
"""Probability that a persona posts when the week card asks; 0.6 for others, and the same after a reminder."""

BRIEF = 0.1
"""How many of the posts are a word in each field."""

AFTER = {"punctual": (2.0, 40.0), "late": (120.0, 190.0)}
"""Range of hours after the card; others post within four days."""

SETTLED = timedelta(days=1)
"""How long after its close a round is judged: its posts come into the thread by day."""

_OWN = re.compile(r"discussion/\d+/(?P<id>.+)/own/(?P<round>\d+)/\d+")
_POST = re.compile(r"discussion/\d+/(?P<id>.+)/post/\d+")

RECEIPT = Receipt(re.compile("discussion/.+/own/.+"), "discussions.post", "discussions.take_back", "Next: reply")


class Discussing(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/discussions")
        self._posted: set[str] = set()
        self._read: set[str] = set()

    def hear(self, line: Line) -> None:
        """Posts when a card asks, and reads and replies after that."""
        post, read = line.action("discussions.post"), line.action("discussions.read")
        if line.action("discussions.take_back"):
            if read is not None and read not in self._read:
                self._read.add(read)
                self.player.later(partial(self._reply, line, read), 1, 30)
        elif post is not None and post not in self._posted:
            habit = self.player.persona.habit
            if self._random.random() < POSTS.get(habit, 0.6):
                self._posted.add(post)
                least, most = AFTER.get(habit, (2.0, 96.0))
                self.player.later(partial(self._post, line, post), least, most)

    async def _post(self, line: Line, post: str) -> None:
        if not self.player.there:
            return
        brief = self._random.random() < BRIEF or Twist.ONE_WORD in self.player.troupe.twists
        await self.player.do_what_is_asked(line.message, post, words=ONE_WORD if brief else "")

    async def _reply(self, line: Line, read: str) -> None:
        """Replies to the first post that is offered; where nobody else has posted yet, tries once more later."""
        if not self.player.there:
            return
        shown = await self.player.press(line.message, read)
        opened = await self.player.follow(shown, "discussions.reply")
        if opened is not None and opened.form is not None:
            await self.player.submit(opened.form)
        elif shown is not None and self._random.random() < 0.7:
            self.player.later(partial(self._reply, line, read), 10, 40)


class InTheThread(Watch):
    """Whoever has a receipt has their post in the thread once the round has closed, and once only."""

    def __init__(self, people: Mapping[str, Persona]) -> None:
        super().__init__(people)
        self._told: dict[tuple[str, int, str], Line] = {}
        self._shown: dict[str, dict[str, str]] = {}
        """Discussion -> the posts in its thread, each with the name of its author."""

    def hear(self, line: Line) -> None:
        anchor = line.anchor or ""
        if line.by != BOT:
            return
        if (own := _OWN.fullmatch(anchor)) and line.reader:
            key = own["id"], int(own["round"]), line.reader
            if line.action("discussions.take_back"):
                self._told.setdefault(key, line)
            else:
                self._told.pop(key, None)
        elif post := _POST.fullmatch(anchor):
            self._shown.setdefault(post["id"], {})[anchor] = line.heading.removesuffix(" (late)")

    def broken(self, cohort: Cohort, until: datetime) -> Iterator[Broken]:
        """Rounds are judged after the close that runs: by the last of the learners' clocks, and a day after a downtime
        into which it fell."""
        uptime = Uptime(until, self.outages)
        learners = [p for p in self.people.values() if p.role is Role.LEARNER]
        clocks = {zone for p in learners for zone in (p.zone, p.moves_to) if zone}
        for discussion in course_of(cohort.course_text).discussions:
            every = rounds(discussion, cohort.timetable, None, uptime, clocks=lambda: clocks)
            closed = {r.number for r in every if r.closes_at < until - SETTLED}
            told = [(who, line) for (id, n, who), line in self._told.items() if id == discussion.id and n in closed]
            shown = Counter(self._shown.get(discussion.id, {}).values())
            for who, line in told:
                if not shown[self.people[who].name]:
                    yield Broken(who, line.at, f"posted in “{discussion.title}”, and is not in its thread")
                shown[self.people[who].name] -= 1


class RaisingQuestions(Part):
    """Makes a question that nobody answered one of the queue."""

    roles = INSTRUCTORS

    def hear(self, line: Line) -> None:
        raised, every = line.action("discussions.raise"), line.action("discussions.findings")
        if line.message is None or not (raised or every) or not self.player.chance(0.7):
            return
        if raised is not None:
            self.player.later(partial(self.player.press, line.message, raised), 0.2, 2)
        elif every is not None:
            self.player.later(partial(self._look, line.message, every), 0.2, 2)

    async def _look(self, message: int, every: str) -> None:
        """Opens all that a round's one line is about, and raises what comes first."""
        await self.player.follow(await self.player.press(message, every), "discussions.raise")
