"""Cohorts that go wrong in known ways, and what their manager reads of them on a Sunday."""

import csv
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from adapters.sandbox.driver import Speaker
from bot.app.cli import app
from bot.app.cohorts import create_cohort, turn_in
from bot.core.csv_files import as_csv
from bot.core.errors import Refused
from bot.core.people import Role
from bot.core.timetable import WEEK
from bot.features.digests import listing
from bot.features.digests.listing import digest
from bot.features.digests.looking import look_at
from bot.features.digests.store import Overview
from tests.features.test_live import HEAD, tasting
from tests.features.test_live import course as with_sessions
from tests.kit import COURSE, PLAN, World, new_world
from tests.test_web import ADDRESS, open_browser
from tests.test_web_tables import come_in

MILESTONES = """
milestones:
  - {id: first, week: 1, title: The first page, opens: Mon 00:00, due: Sat 20:00, essential: yes}
  - {id: second, week: 2, title: The second page, opens: Mon 00:00, due: Sat 20:00, essential: yes}
"""
USUAL = COURSE + MILESTONES
NIGHT = tasting(week="2", slots="[Wed 10:00, Wed 14:00]", pays="[{item: Read more, minutes: 30}]")
ANOTHER = {"week": "3", "pays": "[{item: Read on, minutes: 30}]", "slots": "[Wed 10:00, Wed 14:00]"}
NEXT = tasting(id="next", title="The next tasting", **ANOTHER)
READ_ON = HEAD.replace(
    "{title: Three, goal: End, minutes: 60}",
    "{title: Three, goal: End, materials: [{title: Read on, minutes: 30}]}",
)
ANY_HOUR = MILESTONES + "live_rules: {waking: 00:00-23:59, slots_apart: 0, weeks_share: 100}\n"
CALLS = with_sessions(NIGHT, NEXT, head=READ_ON) + ANY_HOUR
SUNDAY = "2026-01-18T20:00:00Z"
"""The end of the second week."""


@dataclass
class Cohort:
    """`hands_in`: how many of the five hand each milestone in; `late`: after its date. `answers`: after how many hours
    the instructor answers. `silent`: nobody does anything."""

    code: str
    course: str = USUAL
    hands_in: tuple[int, int] = (5, 5)
    late: bool = False
    answers: int = 2
    silent: bool = False
    zones: Sequence[str] = ("Europe/Berlin",) * 5


WRONG: Mapping[str, tuple[Cohort, str]] = {
    "silent": (Cohort("silent", silent=True), "digests/active"),
    "late": (Cohort("late", late=True), "milestones/second"),
    "hard": (Cohort("hard", hands_in=(5, 1)), "milestones/second"),
    "slow": (Cohort("slow", answers=40), "questions/wait"),
    "night": (
        Cohort("night", course=CALLS, zones=("Europe/Berlin",) * 3 + ("America/Los_Angeles",) * 2),
        "digests/outside/live/tasting",
    ),
}


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now="2026-01-04T12:00:00Z", course=USUAL)
    yield made
    made.app.storage.close()


class Played:
    """One cohort of the world, with its people and its question channel."""

    def __init__(self, world: World, cohort: Cohort) -> None:
        self.cohort, self.code, self.world = cohort, cohort.code, world
        self.people: list[Speaker] = []
        self.asked: list[int] = []

    async def begin(self) -> None:
        channels = {role: self.world.chat.channel(f"{self.code}-{role}") for role in ("main", "questions")}
        self.main, self.questions = channels["main"], channels["questions"]
        people = ((Role.MANAGER, "omar"), (Role.INSTRUCTOR, "ines"))
        text, title = self.cohort.course, self.code.title()
        plan = replace(PLAN, code=self.code, title=title, course_text=text, channels=channels, people=people)
        join_code = create_cohort(self.world.app.storage, self.world.app.registry, plan)[1]
        for n, zone in enumerate(self.cohort.zones):
            person = self.world.chat.person(f"{self.code}{n}", f"{self.code.title()}{n}", zone)
            await person.command("join", join_code)
            self.people.append(person)

    async def ask(self) -> None:
        for n, person in enumerate(self.people[:3]):
            said = await person.say(self.questions, f"What does page {n} of {self.code} need?")
            self.asked.append(said.message or 0)

    async def answer(self) -> None:
        for message in self.asked:
            await self.world.chat.person("ines").say(self.questions, "A title and a date.", thread=message)
        self.asked = []

    async def hand_in(self, week: int) -> None:
        for person in self.people[: self.cohort.hands_in[week - 1]]:
            await person.command("submit", "My page")

    async def wrap_up(self, week: int) -> None:
        for person in self.people:
            await person.press(person.find(f"Week {week} wrap-up"), "Answer")
            await person.submit(done="Wrote it")


async def play(world: World, cohorts: Sequence[Cohort]) -> list[Played]:
    """Two weeks of several cohorts at once."""
    played = [Played(world, cohort) for cohort in cohorts]
    for one in played:
        await one.begin()
    lively = [one for one in played if not one.cohort.silent]
    for week in (1, 2):
        acts = [
            act
            for one in lively
            for act in (
                (24, one.ask),
                (24 + one.cohort.answers, one.answer),
                (24 * (6 if one.cohort.late else 3), partial(one.hand_in, week)),
                (24 * 5 + 12, partial(one.wrap_up, week)),
            )
        ]
        monday = world.at("2026-01-05T10:00:00Z") + (week - 1) * WEEK
        for hours, act in sorted(acts, key=lambda act: act[0]):
            await world.app.runtime.advance(monday + timedelta(hours=hours))
            await act()
    await world.until(SUNDAY)
    return played


def seen(world: World, code: str) -> Overview:
    return turn_in(world.app.storage, world.app.registry, code, "digests", lambda turn: look_at(turn, turn.here))


@pytest.mark.parametrize("kind", WRONG)
async def test_what_goes_wrong_is_the_reason(world: World, kind: str) -> None:
    cohort, reason = WRONG[kind]
    await play(world, [cohort])
    found = seen(world, kind)
    assert found.verdict == "look"
    assert reason in {figure.name for figure in found.reasons}


async def test_three_of_eight_cohorts_are_found(world: World) -> None:
    well = [Cohort(f"well{n}") for n in range(4)] + [Cohort("few", zones=("Europe/Berlin",) * 3, hands_in=(3, 3))]
    wrong = [WRONG[kind][0] for kind in ("silent", "slow", "night")]
    await play(world, [*well, *wrong])
    assert {one.code: seen(world, one.code).verdict for one in [*well, *wrong]} == {
        **{one.code: "well" for one in well},
        **{one.code: "look" for one in wrong},
    }
    omar = world.chat.person("omar")
    message = await omar.command("overview")
    assert message.text.startswith("Your 9 cohorts: 3 would like a look\n")
    assert "And 5 are well: Well0, Well1, Well2, Well3, Few." in message.text
    acts = [label for label in message.buttons if "All figures" not in label]
    assert acts == [
        "Who may drop out (Silent)",
        "What took so long (Slow)",
        "Another time for “The next tasting” (Night)",
    ]


async def test_a_kind_letter_reaches_each_quiet_learner_once(world: World) -> None:
    (silent,) = await play(world, [WRONG["silent"][0]])
    omar, reader = world.chat.person("omar"), silent.people[0]
    await world.until("2026-01-20T09:00:00Z")
    shown = await omar.press(await omar.command("overview"), "Write to the 5 who are quiet (Silent)")
    assert "5 have been quiet for two weeks: Silent0, Silent1, Silent2, Silent3, Silent4." in shown.text
    assert not any("Silent1" in post.text for post in silent.people[0].sees("general"))
    await omar.press(shown, "Edit it first")
    sent = await omar.submit(text="I saved you a seat. Reply in a word?")
    assert "5 learners get it, each at their next hour for messages." in sent.text
    await world.until("2026-01-21T12:00:00Z")
    letter = reader.find("Omar writes to you")
    assert "I saved you a seat. Reply in a word?" in letter.text
    again = await omar.press(shown, "Send it to the 5")
    assert "5 have had a letter in this silence already, and get no other." in again.text
    assert not again.buttons
    await reader.press(letter, "Reply")
    await reader.submit(text="I moved house, and I am back on Monday.")
    assert (
        "I moved house"
        in "\n".join(world.chat.person("ines").inbox()) + (await world.chat.person("ines").command("desk")).text
    )


async def test_a_digest_is_a_file_in_each_form_from_the_same_source(world: World) -> None:
    await play(world, [WRONG["hard"][0], Cohort("well", course=USUAL.replace("The first page", "=HYPERLINK(1)"))])
    await world.until("2026-01-20T09:00:00Z")

    def made(week: int | None) -> list[Overview]:
        take = partial(digest, week=week)
        return [
            turn_in(world.app.storage, world.app.registry, code, "digests", lambda turn: take(turn, turn.here))
            for code in ("hard", "well")
        ]

    now = made(None)
    data = json.loads(json.dumps(listing.as_data(now, None)))
    hard, well = data["cohorts"]
    assert set(hard) == {"code", "verdict", "why", "figures", "acts"}
    assert (hard["verdict"], well["verdict"], data["week"]) == ("look", "well", None)
    assert any("“The second page” handed in: 1 of 5 (20 %)" in why for why in hard["why"])
    assert {"key": "digests/active", "value": 5, "of": 5, "change": 0} in hard["figures"]
    assert hard["acts"] == ["Who is missing: The second page"]
    rows = list(csv.DictReader(StringIO(listing.as_table(now))))
    assert {(r["code"], r["value"]) for r in rows if r["key"] == "milestones/second"} == {("hard", "1"), ("well", "5")}
    page = listing.as_page(now, None)
    assert "<h2>Hard: would like a look</h2>" in page
    assert "## Hard: would like a look" in listing.as_markdown(now, None)
    assert "Handed in: “The first page” 5 of 5, “The second page” 1 of 5." in page

    assert ("hard", "1", "5", "20", "", "yes") in {
        (r["code"], r["value"], r["of"], r["percent"], r["unit"], r["look"]) for r in rows
    }
    assert {r["unit"] for r in rows if r["key"] == "questions/wait"} == {"minutes"}

    first = listing.as_data(made(1), 1)["cohorts"][0]
    told = {f["key"]: (f["value"], f["of"]) for f in first["figures"]}
    assert told["milestones/first"] == (5, 5)
    assert told["questions/asked"] == (3, None)
    assert "questions/overdue" not in told, "what waited then is not known any more"
    assert "milestones/second" not in told
    assert any("Of an earlier week only what is stored" in why for why in first["why"])
    with pytest.raises(Refused, match="has the weeks 1 to 3"):
        made(9)


async def test_on_the_page_of_all_those_that_are_well_are_folded(tmp_path: Path) -> None:
    world = new_world(tmp_path, now="2026-01-04T12:00:00Z", course=USUAL, address=ADDRESS)
    await play(world, [Cohort("well"), WRONG["silent"][0]])
    async with open_browser(world) as browser:
        page = (await come_in(world, browser, "omar", "managers-week")).text
    assert re.findall(r"<details><summary><h2[^>]*>([^<]*)</h2>", page) == ["Well: all is well", "Every figure"]
    places = [page.index(words) for words in ("0 of 5", "<button", "<img", "<table")]
    assert places == sorted(places), "why, and what to do, come first"
    world.app.storage.close()


async def test_the_digest_of_all_begins_with_those_that_want_a_look(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await play(world, [Cohort("well"), WRONG["silent"][0]])
    world.app.storage.close()
    monkeypatch.setenv("PACEKEEPER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PACEKEEPER_CLOCK", f"virtual:{SUNDAY}")

    def written(form: str, *more: str) -> bytes:
        out = tmp_path / f"digest.{form}"
        told = CliRunner().invoke(app, ["digest", "all", "--format", form, "--out", str(out), *more])
        assert told.exit_code == 0, told.output
        return out.read_bytes()

    data = json.loads(written("json"))
    assert [one["code"] for one in data["cohorts"]] == ["silent", "demo", "well"], "the demo has nothing to judge by"
    text = written("md").decode()
    assert text.startswith(
        "# The last seven days\n\nYour 3 cohorts: 1 would like a look\n\n## Silent: would like a look"
    )
    page = written("html").decode()
    assert "Your 3 cohorts: 1 would like a look" in page
    assert "Active, of all who were there. Silent, week 1: 0 %; Well, week 1: 100 %." in page, "as the message has it"
    assert next(csv.DictReader(StringIO(written("csv").decode())))["code"] == "silent"
    light, dark = written("png"), written("png", "--dark")
    assert light[:4] == dark[:4] == b"\x89PNG"
    height = int.from_bytes(light[20:24], "big")
    assert height < 300, "one picture of two rows, not one below the other"


def test_a_table_has_no_formulas() -> None:
    assert as_csv(("a", "b"), [("=1+1", -1)]).splitlines() == ["a,b", "'=1+1,-1"]


async def test_a_call_at_night_has_an_act_that_moves_it(world: World) -> None:
    night = Played(world, WRONG["night"][0])
    await night.begin()
    await world.until("2026-01-12T10:00:00Z")
    omar = world.chat.person("omar")
    shown = await omar.command("overview", place=night.main)
    assert "“Tasting”, Wed 14 Jan, 10:00 in Berlin, is outside 08:00-22:00 for: 2 of 5 (40 %)" in shown.text
    await omar.press(shown, "Another time for “Tasting” (Night)")
    assert omar.form is not None
    assert "slots" in {field.name for field in omar.form.fields}
