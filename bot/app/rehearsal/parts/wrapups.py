"""Answering prompts by form, in private or in the week's thread."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from bot.app.rehearsal import words
from bot.app.rehearsal.expected import Expected, Receipt
from bot.app.rehearsal.player import Part, Player, Troupe
from bot.app.rehearsal.script import Line
from bot.app.rehearsal.stage import CHANNELS
from bot.core.people import Cohort
from bot.course.model import Course
from bot.features.wrapups.rules import plans
from bot.features.wrapups.views import BEGUN

ANSWERS = {"punctual": 0.97, "chatty": 0.95, "mover": 0.92, "away": 0.9}
"""Probability that a persona answers a prompt; 0.85 for others."""

RECEIPT = Receipt(re.compile(r"wrapup/\d+/\d+"), "wrapups.answer", "wrapups.delete", f". {BEGUN} ")


def expects(course: Course, cohort: Cohort, week: int, zone: str, hour: int) -> Iterator[Expected]:
    table = cohort.timetable
    for plan in plans(course, cohort):
        prompt = course.prompt(plan.prompt)
        if plan.week == week and prompt is not None:
            day = table.free(table.monday(prompt.opens.week or week) + timedelta(days=prompt.opens.weekday))
            until = prompt.window(table, week, zone)[1]
            yield Expected(plan.title, day, prompt.opens.time, prompt.opens.zone, until)


class Weeks:
    """The week's root message in the main channel, by the subject of its buttons."""

    def __init__(self, troupe: Troupe) -> None:
        self.roots: dict[str, int] = {}
        troupe.roots.append(self.hear)

    def hear(self, line: Line) -> None:
        action = line.action("wrapups.answer")
        if line.place == CHANNELS["main"] and action is not None and line.message is not None:
            self.roots[action] = line.message


class Answering(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._asked: set[str] = set()
        self._weeks = player.troupe.shared(Weeks, Weeks)

    def hear(self, line: Line) -> None:
        answer, player = line.action("wrapups.answer"), self.player
        if answer is None or answer in self._asked:
            return
        self._asked.add(answer)
        if not player.there or not player.chance(ANSWERS.get(player.persona.habit, 0.85)):
            return
        match player.persona.habit:
            case "punctual":
                span = (0.3, 8.0)
            case "late" if player.chance(0.7):
                span = (72.0, 120.0)
            case _:
                span = (2.0, 64.0)
        way = player.random.choices(("form", "direct", "thread"), (6, 2, 2))[0]
        if way == "direct":
            player.later(self._directly, *span)
        elif way == "thread" and answer in self._weeks.roots:
            player.later(partial(self._below, self._weeks.roots[answer]), *span)
        else:
            player.later(partial(self._by_form, line.message, answer), *span)

    async def _by_form(self, message: int | None, action: str) -> None:
        await self.player.open_and_submit(message, action)
        if self.player.chance(0.1):
            self.player.later(partial(self._edit_by_form, message, action), 0.2, 6)

    async def _edit_by_form(self, message: int | None, action: str) -> None:
        opened = await self.player.press(message, action)
        if opened is None or opened.form is None:
            return
        field = next((f for f in opened.form.fields if f.kind == "text" and f.long), None)
        changes = {field.name: field.value + words.EDITED} if field else {}
        await self.player.submit(opened.form, **changes)

    async def _directly(self) -> None:
        """Answers in a private message, which the bot asks about."""
        text = self.player.voice.say(self.player.random, words.DONE, self.player.week)
        message = await self.player.say("", text)
        if message is not None and self.player.chance(0.2):
            self.player.later(lambda: self.player.edit(message, text + words.EDITED), 0.1, 3)

    async def _below(self, root: int) -> None:
        text = self.player.voice.say(self.player.random, words.DONE, self.player.week)
        await self.player.say(CHANNELS["main"], text, root)
