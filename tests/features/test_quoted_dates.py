"""Messages that quote a date, whatever happens to it: after each step of a history at random, everything that the bot
wrote to somebody is read again, however old it is, and says the dates that its reader has.

`PACEKEEPER_HISTORIES=100` plays that many.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.app.calendars import of_person
from bot.core.forms import ChoiceField
from bot.core.time import local, say
from storage.tables.people import CohortRow
from tests.features.test_dates_at_random import HISTORIES, WORK, ZONES, History
from tests.kit import MONDAY, World, new_world

TITLES = {"The draft": "draft", "The essay": "essay", "Bags or leaves": "bags", "Shared page": "page"}
TALK = (
    WORK.replace("id: draft,", "id: draft, essential: yes,")
    + """\
discussions:
  - {id: bags, week: 2, title: Bags or leaves, question: "Which?", closes: Sun 23:59 aoe, minutes: 10}
checkins:
  - {id: page, week: 2, title: Shared page, days: [Tue 09:00, Thu 09:00], minutes: 5, link: "https://example.org/d"}
"""
)
DATE = r"((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} [A-Z][a-z]{2}(?: \d{4})?, \d\d:\d\d)"
QUOTES = re.compile(rf"(?:due|is due|was due|closes|closed|open until|opens) {DATE}")
OTHER = (", not ", "You asked", "as before")
"""Lines that say two dates, or the day that somebody asked for."""


class Messages(History):
    """The history, with more that moves dates and more that quotes them."""

    async def move_start_and_back(self) -> None:
        before = self.world.rows(CohortRow)[0].starts_on
        for start in (before + self.chance.choice((-14, -7, 7, 14)) * timedelta(days=1), before):
            await self.ines.press(await self.ines.command("course", place="general"), "Change dates")
            shown = await self.ines.submit(starts_on=start.isoformat())
            if not shown.errors and "Use it" in shown.buttons:
                await self.ines.press(shown, "Use it")
            if self.chance.random() < 0.5:
                await self.pass_time(self.chance.randint(1, 20))

    async def ask_for_anything(self) -> None:
        person = self.people[self.chance.choice(list(self.people))]
        page = await person.command("away")
        if "Move my dates" not in page.buttons:
            return
        asked = await person.press(page, "Move my dates")
        if asked.form is None and (listed := [b for b in asked.buttons if any(title in b for title in TITLES)]):
            asked = await person.press(asked, self.chance.choice(listed))
        if asked.form is not None:
            days = next(f for f in asked.form.fields if f.name == "days")
            assert isinstance(days, ChoiceField)
            await person.submit(days=self.chance.choice(days.options).value)

    async def be_away_for_days(self) -> None:
        name = self.chance.choice(list(self.people))
        first = local(self.world.clock.now(), self.zone(name)).date()
        await self.people[name].command("away", f"{first} to {first + timedelta(days=self.chance.randint(0, 4))}")
        self.away.add(name)

    def read_again(self) -> None:
        for name in self.people:
            zone = self.zone(name)
            own: dict[str, set[str]] = {}
            for found in of_person(self.world.app.storage, "demo", name)[2]:
                own.setdefault(found.id.partition("/")[0], set()).add(say(found.at, zone))
            done = self.handed_in(name)
            for text, _at in self.private(name):
                for about, line in _lines(text):
                    quoted = QUOTES.findall(line)
                    if not quoted or any(words in line for words in OTHER):
                        continue
                    for title, id in TITLES.items():
                        if title in about and id in own and id not in done:
                            # What has passed stays as it was said by the clock that its reader had then.
                            if name in self.by_themselves and re.search("was due|closed", line):
                                continue
                            right = own[id].intersection(quoted)
                            assert right, f"{name} has {own[id]}, and reads: {line}\n{text}\n{self.done}"


def _lines(text: str) -> list[tuple[str, str]]:
    """Each line of a message with what it is about: itself, or the heading of a request for more time."""
    first, *_others = text.split("\n")
    return [(first if first.startswith("More time: ") else line, line) for line in text.split("\n")]


@pytest.mark.parametrize("first", [MONDAY, date(2026, 10, 12)], ids=["in winter", "over the change of clocks"])
@pytest.mark.parametrize("seed", range(HISTORIES))
async def test_whatever_happens_no_message_quotes_a_date_that_is_another_one(
    tmp_path: Path, seed: int, first: date
) -> None:
    world: World = new_world(tmp_path, course=TALK, now=f"{first}T08:00:00Z", starts_on=first)
    people = {name: await world.learner(name, name.title(), zone) for name, zone in ZONES.items()}
    history = Messages(world, Random(seed), people, first)
    acts: list[Callable[[], Awaitable[None]]] = [
        history.move_start,
        history.move_start_and_back,
        history.move_start_and_back,
        history.change_weeks,
        history.extend,
        history.ask_for_anything,
        history.ask_for_anything,
        history.answer_request,
        history.accommodate,
        history.hand_in,
        history.change_zone,
        history.change_cohorts_zone,
        history.end_and_reopen,
        history.be_away_for_days,
        history.be_away_for_days,
        history.be_down,
    ]
    for _ in range(10):
        await history.do_one(acts)
        history.read_again()
    for _ in range(3):
        await history.pass_time(48)
        history.read_again()
    world.app.storage.close()
