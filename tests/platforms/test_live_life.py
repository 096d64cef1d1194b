"""The whole life of a live session on every platform: proposed, agreed to, moved, held, watched, judged."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app.cohorts import turn_in
from bot.core.people import Role
from tests.features.test_live import HEAD, course, tasting
from tests.features.test_live_proposed import MILESTONE, SOUND
from tests.platforms.people import OpenForm, Stage
from tests.platforms.test_discussions import press
from tests.platforms.test_live import monday
from tests.platforms.test_private_talk import in_private, whole_bot
from tests.waiting import eventually

FILE = HEAD + MILESTONE
TITLE = "Tasting *now* <!here>"
STEP = re.compile(r"\((\d) of (\d)\)$")
"""How the title of a form ends that a platform shows in steps."""


class Effort:
    """What an instructor does, counted."""

    def __init__(self, stage: Stage, who: str = "ben") -> None:
        self.stage, self.who = stage, who
        self.presses = self.typed = self.forms = 0

    async def press(self, label: str) -> None:
        await press(self.stage, self.who, "dm", label)
        self.presses += 1

    async def choose(self, label: str, option: str) -> None:
        await eventually(lambda: self._shows(label))
        await self.stage.people.choose(self.who, "dm", label, option)
        self.presses += 1

    async def _shows(self, label: str) -> bool:
        return any(label in s.buttons for s in await self.stage.people.sees(self.who, "dm"))

    async def fill_in(self, values: Mapping[str, str]) -> dict[str, str]:
        """Fills in a form, in all its steps if something is left to type, and sends it. Returns what stood there."""
        left, stood = dict(values), dict[str, str]()
        while True:
            form = await eventually(lambda: self.stage.people.form(self.who))
            here = {name: left.pop(name) for name in list(left) if name in form.values}
            stood |= form.values
            await self.stage.people.submit(self.who, here)
            self.typed += len(here)
            self.forms += 1
            step = STEP.search(form.title)
            if step is not None and step[1] != step[2]:
                await in_private(self.stage, f"Part {step[1]} of {step[2]} is kept", who=self.who)
                await self.press("Go on" if left else "Send it as it is")
            if not left:
                return stood

    async def open_a_proposal(self, *before: str) -> None:
        await self.stage.people.command(self.who, "dm", "live")
        for label in ("Propose one", "Propose all the same", *before):
            await self.press(label)
        if before:
            await in_private(self.stage, "once the cohort's manager has agreed", who=self.who)
        await self.choose("Week", "Week 1: One")


async def refused(stage: Stage, words: str) -> OpenForm:
    """The refused form, open again."""

    async def told() -> bool:
        return words in await stage.people.problems("ben")

    await eventually(told)
    return await stage.people.reopen("ben")


async def read(stage: Stage, who: str) -> str:
    return "\n".join([seen.text for place in ("dm", "general") for seen in await stage.people.sees(who, place)])


async def test_a_good_one_is_proposed_in_a_few_presses_and_four_fields(stage: Stage, tmp_path: Path) -> None:
    """What the platform asks beyond the four presses of the sandbox is one press, however long the form is."""
    async with whole_bot(stage, tmp_path, FILE, monday()):
        ben = Effort(stage)
        await ben.open_a_proposal()
        four = {name: SOUND[name] for name in ("goal", "kind", "objective")} | {"title": TITLE}
        await ben.fill_in(four)
        preview = await in_private(stage, "leaves the card", who="ben")
        assert not isinstance(preview, bool)
        assert "<!here>" in preview.text
        await ben.press("Use it")
        await stage.people.command("mia", "dm", "")
        await in_private(stage, "Live, if you like: “Tasting *now* <!here>”")
        assert ben.typed == 4
        assert ben.presses <= 5
        assert ben.forms == 1


async def test_the_audit_comes_first(stage: Stage, tmp_path: Path) -> None:
    async with whole_bot(stage, tmp_path, FILE, monday()):
        ben = Effort(stage)
        await stage.people.command("ben", "dm", "live")
        await ben.press("Propose one")
        page = await in_private(stage, "Weeks ahead with nothing to do: 2 of 3 (1, 2).", who="ben")
        assert not isinstance(page, bool)
        assert {"Add a milestone", "Set the date", "Propose all the same"} <= set(page.buttons)
        await ben.press("Set the date")
        form = await eventually(lambda: stage.people.form("ben"))
        assert "due" in form.values


async def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(stage: Stage, tmp_path: Path) -> None:
    async with whole_bot(stage, tmp_path, FILE, monday()) as app:
        ben = Effort(stage)
        await ben.open_a_proposal()
        await ben.fill_in({**SOUND, "goal": "GOAL *now*", "pays": "Read it: 10"})
        form = await refused(stage, "10 of its 30 min are paid")
        assert form.values["pays"] == "Read it: 10", "the step with the problem is the one that opens"
        await ben.fill_in({"pays": SOUND["pays"]})
        preview = await in_private(stage, "Week 1: “Read it” leaves the card, 20 min", who="ben")
        assert not isinstance(preview, bool)
        await ben.press("Use it")

        async def is_stored() -> bool:
            text = turn_in(app.storage, app.registry, "demo", "live", lambda turn: turn.here.course_text)
            return "GOAL *now*" in text

        await eventually(is_stored)


@pytest.mark.parametrize(
    ("way", "answers", "number"),
    [
        ("As a trial", {"pays": "Read it: 20"}, 12),
        ("A policy asks for it", {"mandated": "Rule 4 *of* <!here>"}, 11),
    ],
)
async def test_what_the_manager_has_to_agree_to_is_proposed_by_form(
    stage: Stage, tmp_path: Path, way: str, answers: dict[str, str], number: int
) -> None:
    async with whole_bot(stage, tmp_path, FILE, monday(), Role.MANAGER):
        ben = Effort(stage)
        await ben.open_a_proposal(way)
        form = await eventually(lambda: stage.people.form("ben"))
        step = STEP.search(form.title)
        assert (step[2] if step else len(form.values)) in (number, "3"), "three steps where five fields are the most"
        await ben.fill_in({**SOUND, **answers})
        await in_private(stage, "Learners hear of it once the manager has agreed.", who="ben")
        await ben.press("Use it")
        await stage.people.command("mia", "dm", "")
        await in_private(stage, "Week 1")
        assert "Tasting" not in await read(stage, "mia")
        await stage.people.command("ben", "dm", "live")
        await ben.press("Week 1: Tasting")
        page = await in_private(stage, "Waits for the manager's word", who="ben")
        assert not isinstance(page, bool)
        await ben.press(next(b for b in page.buttons if b.startswith("Agree")))
        await in_private(stage, "Learners read of “Tasting” on the card of week 1, from now on.", who="ben")
        await stage.people.command("mia", "dm", "")
        await in_private(stage, "“Tasting”")


async def test_who_said_yes_hears_that_a_time_moves_and_that_it_is_taken_back(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()
    async with whole_bot(stage, tmp_path, course(tasting()), clock):
        # Less than two days before, so that both are said at once.
        clock.wind(clock.now() + timedelta(days=1))
        await people.command("mia", "dm", "")
        await press(stage, "mia", "dm", "Choose a time")
        page = await in_private(stage, "You can change this until it begins.")
        assert not isinstance(page, bool)
        await people.press("mia", "dm", next(b for b in page.buttons if "20:00" in b or "21:00" in b))
        await in_private(stage, "You said that you come:")
        ben = Effort(stage)
        await people.command("ben", "dm", "live")
        await ben.press("Week 1: Tasting")
        await ben.press("Change it")
        await ben.fill_in({"slots": "Wed 09:00\nWed 21:00"})
        await ben.press("Use it")
        await in_private(stage, "to which you said yes, begins")
        await people.command("ben", "dm", "live")
        await in_private(stage, "1 said yes", who="ben")
        await ben.press("Week 1: Tasting")
        await ben.press("Take it out")
        await in_private(stage, "1 learner said yes, and is told once.", who="ben")
        await ben.press("Use it")
        await in_private(stage, "does not take place")


async def test_being_there_is_proved_by_the_code_word_and_the_team_reads_the_figure(
    stage: Stage, tmp_path: Path
) -> None:
    people, clock = stage.people, monday()
    async with whole_bot(stage, tmp_path, course(tasting()), clock):
        ben = Effort(stage)
        await people.command("ben", "dm", "live")
        await ben.press("Week 1: Tasting")
        await ben.press("Code word and recording")
        await ben.fill_in({"word": "Green *tea* <!here>"})
        await in_private(stage, "Saved", who="ben")
        await people.command("mia", "dm", "")
        await in_private(stage, "Week 1")
        # While it takes place: Wed 08:10 in Berlin.
        clock.wind(clock.now().replace(hour=7, minute=10) + timedelta(days=2))
        await people.command("mia", "dm", "")
        await in_private(stage, "Tasting")
        await people.say("mia", "dm", "green *TEA* <!here>")
        await in_private(stage, "That you were at “Tasting” is noted.")
        clock.wind(clock.now() + timedelta(days=8))
        await people.command("ben", "dm", "live")
        await in_private(stage, "1 of 1", who="ben")
