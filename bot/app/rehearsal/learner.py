"""What learners do: they answer prompts, ask, help, edit, fall silent, move, and leave."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.app.rehearsal import words
from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.player import Player
from bot.app.rehearsal.script import Line
from bot.app.rehearsal.stage import BEFORE, CHANNELS, Stage
from bot.app.rehearsal.words import Voice
from bot.course.model import Milestone

if TYPE_CHECKING:
    from bot.app.rehearsal.troupe import Thread, Troupe

ANSWERS = {"punctual": 0.97, "chatty": 0.95, "mover": 0.92, "away": 0.9}
"""How often somebody answers a prompt; others 85 times of a hundred."""

HANDS_IN = {"punctual": 0.97, "chatty": 0.95, "steady": 0.88}
"""How often somebody hands a milestone in by themselves; others 75 times of a hundred, and more once reminded."""

BEFORE_DUE = {"punctual": (20.0, 90.0), "late": (-50.0, 10.0)}
"""So many hours before it is due; others within two days."""

NO_CHOICES = ("talk.skip/", "talk.back/", "talk.drop/")
"""Buttons below a private message that do not say what it is."""

QUESTIONS_A_WEEK = {"chatty": 1.2}
OTHERS_ASK = 0.12
SILENT_WEEKS = 3
TICK = "✅"


class Learner(Player):
    """`there`: in the cohort, and not gone silent or away this week."""

    def __init__(self, persona: Persona, stage: Stage, troupe: Troupe, voice: Voice, seed: str) -> None:
        super().__init__(persona, stage, troupe, voice, seed)
        self.joined = False
        self._asked: set[str] = set()
        self._done: set[str] = set()
        self._cards: dict[str, tuple[int, str]] = {}
        """Milestone -> where its newest button is."""
        self._shift: tuple[int, str] | None = None
        self._quiet: Line | None = None
        """The card about their silence."""

    @property
    def there(self) -> bool:
        return self.joined and self.takes_part(self.week)

    def takes_part(self, week: int) -> bool:
        """Whether the person does anything in a week."""
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

    # By themselves

    def begin(self) -> None:
        habit, turning = self.persona.habit, self.persona.turning
        if habit == "newcomer":
            joins = self.wall(turning, self.random.randrange(4), self.random.randint(9, 20))
        else:
            joins = self.now + (BEFORE - timedelta(days=1)) * self.random.random()
        self.plan(joins, self.join)
        if habit == "mover":
            self.plan(self.wall(turning, 2, 12), self.move)
        elif habit == "leaver":
            self.plan(self.wall(turning, 1, 18), self.leave)
        elif habit == "away":
            self.plan(self.wall(turning - 1, 6, 18), self.go_away)
        elif habit == "returner":
            self.plan(self.wall(turning + SILENT_WEEKS, 0, 19), self.come_back)
        for week in range(1, len(self.stage.course.weeks) + 1):
            self._plan_week(week)
        for milestone in self.stage.course.milestones:
            self._plan_work(milestone, joins)

    def _plan_work(self, milestone: Milestone, joins: datetime) -> None:
        due = milestone.window(self.stage.cohort.timetable, self.zone)[1]
        if due > joins and self.chance(HANDS_IN.get(self.persona.habit, 0.75)):
            least, most = BEFORE_DUE.get(self.persona.habit, (0.5, 48.0))
            at = due - timedelta(hours=self.random.uniform(least, most))
            self.plan(max(at, joins), partial(self.hand_in, milestone.id))
            if self.chance(0.05):
                self.plan(due - timedelta(hours=self.random.uniform(10, 60)), self.shift)

    def _plan_week(self, week: int) -> None:
        wishes = QUESTIONS_A_WEEK.get(self.persona.habit, OTHERS_ASK)
        asks = int(wishes) + self.chance(wishes - int(wishes))
        for _ in range(asks):
            self.plan(self.wall(week, self.random.randrange(6), self.random.randint(8, 21)), self.ask)
        if self.persona.habit == "chatty" and self.chance(0.5):
            self.plan(self.wall(week, self.random.randrange(7), self.random.randint(10, 21)), self.chat)

    async def join(self) -> None:
        await self.command(f"join {self.stage.join_code}")
        self.joined = True

    async def leave(self) -> None:
        await self.follow(await self.command("leave"), "enrolment.leave")
        self.joined = False

    async def move(self) -> None:
        """The platform notices, or the person says so."""
        self.zone = self.persona.moves_to
        self.troupe.moved(self.id, self.zone)
        await self.stage.sandbox.change_account(self.id, zone=self.zone)
        await self.command(f"settings {self.zone}")

    async def go_away(self) -> None:
        first = self.stage.cohort.timetable.monday(self.persona.turning)
        if self.joined:
            await self.command(f"away {first} {first + timedelta(days=6)}")

    async def come_back(self) -> None:
        if self._quiet is not None:
            await self.press(self._quiet.message, self._quiet.action("absence.catch_up") or "")
        else:
            await self.command("")

    # Work

    async def hand_in(self, milestone: str) -> None:
        """By the button of a card, by command with a link, or with a text."""
        if not self.there or milestone in self._done:
            return
        card = self._cards.get(milestone)
        if card is not None and self.chance(0.6):
            outcome = await self.open_and_submit(*card, link=self.voice.link(self.random))
        else:
            outcome = await self.command(f"submit {self.voice.link(self.random)}")
            if outcome is not None and outcome.form is not None:
                outcome = await self.submit(outcome.form, milestone=milestone)
        if outcome is not None and not outcome.errors:
            self._done.add(milestone)

    async def edit_work(self, line: Line, action: str) -> None:
        await self.open_and_submit(line.message, action, text=self.voice.say(self.random, words.DONE, self.week))

    async def shift(self) -> None:
        """Moves a date of their own, where the week's card offers that."""
        if not self.there or self._shift is None:
            return
        outcome = await self.press(*self._shift)
        if outcome is not None and outcome.form is not None:
            await self.submit(outcome.form)

    # What comes

    def hear(self, line: Line) -> None:
        if (line.anchor or "").startswith("talk/"):
            self._hear_answer(line)
            return
        self._learn(line)
        if (hour := line.action("enrolment.hour")) and self.persona.hour != 9:
            self.later(partial(self._pick, line, hour, str(self.persona.hour)), 0.1, 2)
        if (answer := line.action("wrapups.answer")) and answer not in self._asked:
            self._asked.add(answer)
            self._hear_prompt(line, answer)

    def _learn(self, line: Line) -> None:
        """Remembers which buttons there are, and does something about a card."""
        anchor, card = (line.anchor or "").partition("/")[0], line.action("milestones.open")
        if line.message is not None and card is not None:
            self._cards[card.partition(":")[2]] = (line.message, card)
        if line.message is not None and (shift := line.action("milestones.shift")):
            self._shift = (line.message, shift)
        if anchor == "silence":
            self._quiet = line
        elif anchor == "milestone" and card is not None and self.chance(0.1):
            self.later(partial(self.edit_work, line, card), 0.5, 8)
        elif anchor in ("reminder", "catchup") and card is not None and self.there and self.chance(0.6):
            self.later(partial(self.hand_in, card.partition(":")[2]), 0.5, 20)
        if anchor == "reminder" and self.chance(0.03) and (settings := line.action("reminders.show")):
            self.later(partial(self._want_none, line, settings), 0.1, 1)

    async def _want_none(self, line: Line, settings: str) -> None:
        await self.follow(await self.press(line.message, settings), "reminders.off")

    async def _pick(self, line: Line, action: str, value: str = "") -> None:
        await self.press(line.message, action, value)

    def _hear_prompt(self, line: Line, answer: str) -> None:
        if not self.there or not self.chance(ANSWERS.get(self.persona.habit, 0.85)):
            return
        match self.persona.habit:
            case "punctual":
                span = (0.3, 8.0)
            case "late" if self.chance(0.7):
                span = (72.0, 120.0)
            case _:
                span = (2.0, 64.0)
        way = self.random.choices(("form", "direct", "thread"), (6, 2, 2))[0]
        if way == "direct":
            self.later(self._answer_directly, *span)
        elif way == "thread" and answer in self.troupe.weeks:
            self.later(partial(self._answer_below, self.troupe.weeks[answer]), *span)
        else:
            self.later(partial(self._answer_by_form, line.message, answer), *span)

    async def _answer_by_form(self, message: int | None, action: str) -> None:
        await self.open_and_submit(message, action)
        if self.chance(0.1):
            self.later(partial(self._edit_by_form, message, action), 0.2, 6)

    async def _edit_by_form(self, message: int | None, action: str) -> None:
        opened = await self.press(message, action)
        if opened is None or opened.form is None:
            return
        field = next((f for f in opened.form.fields if f.kind == "text" and f.long), None)
        changes = {field.name: field.value + words.EDITED} if field else {}
        await self.submit(opened.form, **changes)

    async def _answer_directly(self) -> None:
        """Writes to the bot, which asks what that is."""
        text = self.voice.say(self.random, words.DONE, self.week)
        message = await self.say("", text)
        if message is not None and self.chance(0.2):
            self.later(lambda: self.edit(message, text + words.EDITED), 0.1, 3)

    def _hear_answer(self, line: Line) -> None:
        """Says at once what a private message is, by the first button, and answers what is asked next."""
        choice = next((a for a in line.actions if a.startswith("talk.") and not a.startswith(NO_CHOICES)), None)
        skip = line.action("talk.skip")
        if choice is not None and choice not in self._asked:
            self._asked.add(choice)
            self.soon(partial(self._pick, line, choice))
        elif skip is not None and skip not in self._asked:
            self._asked.add(skip)
            self.soon(partial(self._answer_next, line))

    async def _answer_next(self, line: Line) -> None:
        await self.say("", self.voice.answer(self.random, line.text, self.week))

    async def _answer_below(self, root: int) -> None:
        await self.say(CHANNELS["main"], self.voice.say(self.random, words.DONE, self.week), root)

    # Questions

    async def ask(self) -> None:
        if not self.there:
            return
        exchange = self.voice.exchange(self.random, self.week)
        if self.chance(0.65):
            root = await self.say(CHANNELS["questions"], exchange.question)
            if root is not None:
                self.troupe.asked(root, self.id, exchange)
            return
        values = {}
        nameless = self.chance(0.25) and self.stage.course.privacy.anonymous_questions
        if nameless:
            values["anonymous"] = "yes"
        elif self.chance(0.1):
            values["instructors_only"] = "yes"
        else:
            values = {}
        if "instructors_only" not in values:
            self.troupe.will_ask(exchange, None if nameless else self.id)
        outcome = await self.command("ask", text=exchange.question, **values)
        if self.chance(0.6):
            await self.follow(outcome, "questions.ask_anyway")
        else:
            await self.follow(outcome, "questions.helped")

    async def answer(self, thread: Thread) -> None:
        if not self.there or thread.solved:
            return
        reply = await self.say(CHANNELS["questions"], thread.answer(self.random), thread.root)
        if reply is not None:
            self.troupe.answered(thread, reply)

    async def mark(self, thread: Thread, reply: int) -> None:
        if thread.solved or not self.joined:
            return
        thread.solved = True
        await self.react(reply, TICK)
        if self.chance(0.4):
            await self.say(CHANNELS["questions"], thread.follow_up(self.random), thread.root)

    async def chat(self) -> None:
        if self.there:
            place = self.zone.split("/")[-1].replace("_", " ")
            await self.say(CHANNELS["main"], self.voice.say(self.random, words.CHATTER, self.week, place))
