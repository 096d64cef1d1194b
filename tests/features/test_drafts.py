"""A course is laid out on a page, as visits of somebody with a browser."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import date
from html import unescape

import httpx
import pytest

from bot.app.rehearsing import Rehearsals
from bot.core.ports import Rehearsed
from bot.course.loader import load
from storage.tables.drafts import CourseDraftRow
from tests.features.test_revisions import MORE
from tests.kit import World, new_world
from tests.test_course_outline import OUTLINE
from tests.test_web import ADDRESS, controls, hidden, open_browser, sign_in


@pytest.fixture
def world(tmp_path: object) -> World:
    return new_world(tmp_path, course=MORE, address=ADDRESS)  # type: ignore[arg-type]


@pytest.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with open_browser(world) as one:
        yield one


class Visit:
    """Somebody at the page of a course."""

    def __init__(self, browser: httpx.AsyncClient, page: httpx.Response) -> None:
        self.browser, self.page = browser, page

    @property
    def text(self) -> str:
        return unescape(self.page.text)

    async def press(self, label: str, at: int = 0) -> "Visit":
        assert controls(self.page, label), f"{label!r} is not on the page: {self.text}"
        self.page = await self.browser.post(self.page.url.path, data=controls(self.page, label)[at])
        return self

    async def send(self, submit: str, **values: str) -> "Visit":
        """Fills in the form before them; what they leave alone is sent as it stands."""
        sent = controls(self.page, submit)[0] | typed(self.page) | {f"f-{k}": v for k, v in values.items()}
        self.page = await self.browser.post(self.page.url.path, data=sent)
        return self

    async def file_at(self, path: str) -> str:
        return (await self.browser.get(path)).text

    async def choose(self, submit: str, content: bytes, **values: str) -> "Visit":
        """Sends the form with a chosen file."""
        filled = controls(self.page, submit)[0] | typed(self.page) | {f"f-{k}": v for k, v in values.items()}
        assert 'enctype="multipart/form-data"' in self.page.text
        chosen = {"file-text": ("course.md", content, "text/markdown")}
        self.page = await self.browser.post(self.page.url.path, data=filled, files=chosen)
        return self

    async def file(self) -> str:
        found = re.search(rf'href="{ADDRESS}(/draft/\d+/course.yaml)"', self.page.text)
        assert found
        answer = await self.browser.get(found[1])
        assert "attachment" in answer.headers["content-disposition"]
        return answer.text


def typed(page: httpx.Response) -> dict[str, str]:
    """The values in the fields of a form."""
    values = dict(re.findall(r'<input id="[^"]*" name="(f-[\w.-]+)"[^>]* value="([^"]*)"', page.text))
    values |= dict(re.findall(r'<textarea id="[^"]*" name="(f-[\w.-]+)"[^>]*>\n([^<]*)</textarea>', page.text))
    for name, options in re.findall(r'<select id="[^"]*" name="(f-[\w.-]+)"[^>]*>(.*?)</select>', page.text):
        chosen = re.search(r'value="([^"]*)" selected', options)
        values[name] = chosen[1] if chosen else ""
    return {name: unescape(value) for name, value in values.items()}


async def opened(world: World, browser: httpx.AsyncClient, who: str = "ines", button: str = "On a page") -> Visit:
    speaker = world.chat.person(who, who.capitalize(), "Europe/Berlin")
    asked = await speaker.command("course", place="general") if button == "On a page" else await speaker.command("")
    answer = await speaker.press(asked, button)
    found = re.search(rf"{ADDRESS}(/in/\w+)", answer.text)
    assert found, answer.text
    return Visit(browser, await sign_in(world, browser, found[1]))


OWN = "Lay out a course of my own"
AS_TEXT = "What no form holds, as text"


async def test_an_outline_becomes_a_course_with_its_minutes_dates_and_audit(
    world: World, browser: httpx.AsyncClient
) -> None:
    visit = await opened(world, browser, "nell", OWN)
    assert "Nobody sees it but you" in visit.text
    await visit.press("Take an outline or a course file")
    await visit.send("Read it", text=OUTLINE)
    assert "2 weeks were read." in visit.text
    assert "Something strange" in visit.text
    assert "Line 4: Everybody can write." in visit.text
    assert "Week 1: See the problem" in visit.text
    assert "3 h of 4 h" in visit.text
    assert "Your sentence is due" in visit.text
    assert "'Something strange' says no minutes" in visit.text
    assert load(await visit.file()).title == "Writing for the web"
    assert "pacekeeper rehearse writing-for-the-web.yaml --start 2026-01-12" in visit.text


async def test_every_kind_of_item_is_added_changed_and_removed_by_forms(
    world: World, browser: httpx.AsyncClient
) -> None:
    visit = await opened(world, browser, "nell", OWN)
    await visit.press("Begin with empty weeks")
    await visit.send("Make them", title="Tea", weeks="2")
    assert "Week 2 (Week 2) has no goal." in visit.text
    await visit.press("Add a material")
    await visit.send("Add it", title="Leaves", minutes="1 h")
    await visit.press("Add a milestone")
    assert typed(visit.page)["f-week"] == "1"
    await visit.send("Add it", title="A cup", minutes="30")
    await visit.press("Add a discussion", 1)
    await visit.send("Add it", title="Bags", question="Are bags tea?")
    await visit.press("Add a live session", 1)
    await visit.send("Add it", title="Tasting", minutes="30")
    assert "fails question 1" in visit.text
    await visit.press("Add a prompt")
    await visit.send(
        "Add it", title="Thirst", **{"questions.id": "q", "questions.text": "Why?", "questions.audience": "cohort"}
    )
    await visit.press("Milestone: A cup")
    await visit.send("Save", title="Two cups")
    assert "Saved: Milestone: A cup." in visit.text
    course = load(await visit.file())
    assert [m.title for m in course.weeks[0].materials] == ["Leaves"]
    assert [(m.title, m.week) for m in course.milestones] == [("Two cups", 1)]
    assert [(d.question, d.week) for d in course.discussions] == [("Are bags tea?", 2)]
    assert [(one.title, one.week) for one in course.live] == [("Tasting", 2)]
    await visit.press("Live session: Tasting")
    await visit.send("Save", remove="yes")
    assert "Removed: Live session: Tasting." in visit.text
    assert load(await visit.file()).live == ()
    await visit.press("Undo the last change")
    assert [one.title for one in load(await visit.file()).live] == ["Tasting"]


async def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    world: World, browser: httpx.AsyncClient
) -> None:
    visit = await opened(world, browser, "nell", OWN)
    await visit.press("Take an outline or a course file")
    await visit.send("Read it", text="Nothing of weeks in here.", title="Tea")
    assert "No week was found." in visit.text
    assert typed(visit.page)["f-text"] == "Nothing of weeks in here."
    await visit.send("Read it", text="# One\n- Read x\n# Two", weekly_minutes="0")
    assert "a number of minutes" in visit.text
    await visit.send("Read it", text="# One\n- Read x\n# Two", weekly_minutes="60")
    await visit.press("Add a milestone")
    await visit.send("Add it", title="Work", due="whenever", minutes="30")
    assert 'aria-invalid="true"' in visit.page.text
    assert typed(visit.page)["f-title"] == "Work"
    await visit.send("Add it", due="Fri 12:00")
    assert "Added: Work." in visit.text


async def test_the_file_of_a_cohort_keeps_its_comments_and_is_used_after_a_look(
    world: World, browser: httpx.AsyncClient
) -> None:
    visit = await opened(world, browser)
    await visit.press("Week 3: Three")
    await visit.send("Save", goal="End well")
    assert await visit.file() == MORE.replace("goal: End,", "goal: End well,")
    await visit.press("Use it for Demo course")
    assert "This would change" in visit.text
    await visit.press("Use it")
    assert "version 2" in visit.text.lower()
    shown = await world.chat.person("ines").command("course", place="general")
    assert "2, since" in shown.text


async def test_the_page_counts_what_it_lists_and_names_its_one_clock(world: World, browser: httpx.AsyncClient) -> None:
    visit = await opened(world, browser, "nell", OWN)
    await visit.press("Take an outline or a course file")
    await visit.send("Read it", text=OUTLINE)
    visit.page = await browser.get("/draft/0")
    listed = sum(len(re.findall("<li", part)) for part in re.findall(r"<ul.*?</ul>", visit.page.text, re.DOTALL))
    dates = len(re.findall(r"<li[^>]*>[^<]*: \w{3} \d{1,2} \w{3}, \d\d:\d\d</li>", visit.page.text))
    said = re.search(r"(\d+) things to look at, of which 2 are answers of a live session|(\d+) things", visit.text)
    assert said
    assert dates
    assert int(said[1] or said[2]) == listed - dates
    assert "your clock (Berlin), until a cohort has its own" in visit.text
    assert "<time" not in visit.page.text
    assert not re.search(r"<button[^>]*>[^<]*your-sentence-1", visit.page.text)
    # On the page of a cohort it is the cohort's, whoever reads.
    ines = world.chat.person("ines", "Ines", "America/New_York")
    visit = await opened(world, browser)
    assert "the cohort's clock (Berlin)" in visit.text
    assert ines


async def test_another_course_begun_at_a_cohorts_page_has_its_own_dates(
    world: World, browser: httpx.AsyncClient
) -> None:
    visit = await opened(world, browser)
    stale = controls(visit.page, "Use it for Demo course")[0]
    await visit.press("Take an outline or a course file")
    await visit.send("Read it", text=OUTLINE)
    visit.page = await browser.get("/draft/1")
    assert "another course than demo runs by" in visit.text
    assert "12 Jan 2026" in visit.text
    assert "it needs a cohort of its own" in visit.text
    assert not controls(visit.page, "Use it for Demo course")
    assert controls(visit.page, "The start")
    visit.page = await browser.post("/draft/1", data=stale)
    assert "This is another course than Demo course runs by." in visit.text
    await visit.press("Take this cohort's course")
    assert controls(visit.page, "Use it for Demo course")


async def test_a_course_file_is_taken_as_it_is(world: World, browser: httpx.AsyncClient) -> None:
    visit = await opened(world, browser, "nell", OWN)
    await visit.press("Take an outline or a course file")
    await visit.send("Read it", text=MORE.replace("week: 2", "week: 9"))
    line = next(n for n, said in enumerate(MORE.splitlines(), 1) if "week: 2" in said)
    assert f"Line {line}: " in visit.text
    await visit.send("Read it", text=MORE)
    assert await visit.file() == MORE


async def test_a_file_is_chosen_instead_of_pasting(world: World, browser: httpx.AsyncClient) -> None:
    visit = await opened(world, browser, "nell", OWN)
    await visit.press("Take an outline or a course file")
    await visit.choose("Read it", b"PK\x03\x04\x00\x00", text="kept")
    assert "course.md is no text." in visit.text
    await visit.choose("Read it", b"x" * 70_000)
    assert "at most 60,000" in visit.text or "60000" in visit.text, visit.text[-800:]
    await visit.choose("Read it", MORE.replace("week: 2", "week: 9").encode())
    assert "Line " in visit.text
    await visit.choose("Read it", MORE.encode("utf-16"))
    assert load(await visit.file()).title == "Demo course"
    await visit.press("Take an outline or a course file")
    await visit.choose("Read it", "# Grün\n- Read x\n# Blau\n- Read y".encode("cp1252"))
    assert "Week 1: Grün" in visit.text
    await visit.press("Take an outline or a course file")
    await visit.choose("Read it", b"", text=MORE)
    assert load(await visit.file()).title == "Demo course"


async def test_what_a_form_would_make_is_shown_while_somebody_types(world: World, browser: httpx.AsyncClient) -> None:
    async def beside(submit: str, **values: str) -> str:
        sent = controls(visit.page, submit)[0] | typed(visit.page) | {f"f-{k}": v for k, v in values.items()}
        answer = await browser.post(visit.page.url.path, data={**sent, "try": "1"})
        assert "<html" not in answer.text
        return unescape(answer.text)

    visit = await opened(world, browser)
    await visit.press("Week 3: Three")
    assert "data-try" in visit.page.text
    assert "Week 3: A new end" in await beside("Save", title="A new end")
    assert "Not yet:" in await beside("Save", title="")
    visit.page = await browser.get(visit.page.url.path)
    await visit.press("Add a milestone")
    found = await beside("Add it", title="Work", minutes="90", due="Thu 12:00", week="1")
    assert "Week 1: One" in found
    assert "Work" in found
    visit.page = await browser.get(visit.page.url.path)
    await visit.press("Take an outline or a course file")
    assert "Week 2: Two" in await beside("Read it", text="# One\n- Read x (20 min)\n# Two\n- Read y")
    assert "No week was found." in await beside("Read it", text="Hello")
    assert await visit.file_at("/draft/1/course.yaml") == MORE
    # It is the reader's own draft alone, as everything on the page.
    mia = await world.learner("mia", "Mia")
    found_link = re.search(rf"{ADDRESS}(/in/\w+)", (await mia.press(await mia.command("settings"), "Get a copy")).text)
    assert found_link
    async with open_browser(world) as other:
        await sign_in(world, other, found_link[1])
        own = hidden(await other.get("/draft/0"))
        forged = await other.post("/draft/0", data={**own, "form": "drafts.item/1/0:1.course", "try": "1"})
        assert "This is for the course team" in unescape(forged.text)


SCENARIO = """
scenarios:
  # Nobody grades it.
  - id: tea
    title: A cold cup
    week: 2
    minutes: 10
    nodes:
      - id: cup
        text: It is cold.
        choices:
          - {label: Drink it, to: end}
      - id: end
        text: It was tea.
        ending: yes
"""


async def test_what_no_form_holds_is_changed_as_text_with_errors_at_its_line(
    world: World, browser: httpx.AsyncClient
) -> None:
    visit = await opened(world, browser, "nell", OWN)
    await visit.press("Take an outline or a course file")
    await visit.send("Read it", text=MORE + SCENARIO)
    await visit.press(AS_TEXT)
    await visit.press("Scenarios")
    section = typed(visit.page)["f-text"]
    assert section.strip() == SCENARIO.strip()
    await visit.send("Save", text=section.replace("week: 2", "week: 9"))
    assert "Line 5: " in visit.text, visit.text
    assert "week: 9" in typed(visit.page)["f-text"]
    await visit.send("Save", text=section.replace("A cold cup", "A warm cup"))
    assert "Saved: Scenarios." in visit.text
    assert await visit.file() == MORE + SCENARIO.replace("A cold cup", "A warm cup")
    await visit.press(AS_TEXT)
    await visit.press("Scenarios")
    await visit.send("Save", text="")
    assert load(await visit.file()).scenarios == ()
    await visit.press(AS_TEXT)
    await visit.press("Add: Manager")
    assert typed(visit.page)["f-text"].startswith("manager:")
    await visit.send("Save", text="manager:\n  look_under: 55")
    await visit.press(AS_TEXT)
    await visit.press("Course")
    await visit.send("Save", text="")
    assert "Line " in visit.text
    visit.page = await browser.get(visit.page.url.path)
    assert load(await visit.file()).manager.look_under == 55


async def test_a_rehearsal_is_begun_on_the_page_and_its_findings_stand_there(
    world: World, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The play itself is a process of its own, and tested in a browser."""
    played, found = asyncio.Event(), ["Over the budget: Mia in week 2"]

    async def play(self: Rehearsals, key: str, text: str, starts_on: date, zone: str) -> Rehearsed:
        assert (text, starts_on, zone) == (MORE, date(2026, 1, 5), "Europe/Berlin")
        self._shares[key] = 0.4
        await played.wait()
        return Rehearsed("found" if found else "well", found, ["At most 3 a week."])

    monkeypatch.setattr(Rehearsals, "play", play)
    visit = await opened(world, browser)
    await visit.press("Rehearse it")
    assert "The rehearsal has begun." in visit.text
    working = asyncio.create_task(world.app.runtime.settle())
    await asyncio.sleep(0.2)
    visit.page = await browser.get("/draft/1")
    assert "The course is being played: 40 %." in visit.text
    assert "<main data-again>" in visit.page.text
    assert not controls(visit.page, "Rehearse it")
    played.set()
    await working
    visit.page = await browser.get("/draft/1")
    assert "Rehearsed: 1 thing to fix." in visit.text
    assert found[0] in visit.text
    assert "data-again" not in visit.page.text
    await visit.press("Week 1: One")
    await visit.send("Save", goal="Begin well")
    assert "The course was changed since." in visit.text
    await visit.press("Undo the last change")
    found.clear()
    await visit.press("Rehearse it again")
    await world.app.runtime.settle()
    visit.page = await browser.get("/draft/1")
    assert "Rehearsed: nothing to fix." in visit.text


async def test_two_windows_do_not_overwrite_one_another(world: World, browser: httpx.AsyncClient) -> None:
    one = await opened(world, browser)
    two = Visit(browser, await browser.get(one.page.url.path))
    await one.press("Week 1: One")
    await two.press("Week 1: One")
    await one.send("Save", title="First")
    await two.send("Save", title="Second")
    assert "First" in two.text
    assert "changed in another window" in two.text
    await two.send("Save", title="Second")
    assert load(await two.file()).weeks[0].title == "Second"


async def test_the_draft_of_a_cohort_is_for_its_course_team(world: World, browser: httpx.AsyncClient) -> None:
    mia = await world.learner("mia", "Mia")
    visit = await opened(world, browser)
    action = controls(visit.page, "Week 1: One")[0]
    async with open_browser(world) as other:
        assert (await other.get("/draft/1")).status_code == 403
        found = re.search(rf"{ADDRESS}(/in/\w+)", (await mia.press(await mia.command("settings"), "Get a copy")).text)
        assert found
        await sign_in(world, other, found[1])
        for path in ("/draft/1", "/draft/1/course.yaml", "/draft/99", "/draft/x/y"):
            assert (await other.get(path)).status_code in (403, 404), path
        own = await other.get("/draft/0")
        forged = await other.post("/draft/0", data={**hidden(own), "press": action["press"]})
        assert "This is for the course team" in unescape(forged.text)


async def test_a_draft_that_nobody_changes_goes_after_a_month(world: World, browser: httpx.AsyncClient) -> None:
    await opened(world, browser)
    await world.until("2026-01-20T08:00:00Z")
    visit = await opened(world, browser)
    await visit.press("Week 1: One")
    await visit.send("Save", goal="Begin well")
    await world.until("2026-02-10T08:00:00Z")
    assert len(world.rows(CourseDraftRow)) == 1
    await world.until("2026-02-20T08:00:00Z")
    assert world.rows(CourseDraftRow) == []


async def test_without_pages_the_file_is_named(tmp_path: object) -> None:
    world = new_world(tmp_path)  # type: ignore[arg-type]
    nell, ines = world.chat.person("nell", "Nell", "Europe/Berlin"), world.chat.person("ines")
    assert OWN not in (await nell.command("")).buttons
    assert "On a page" not in (await ines.command("course", place="general")).buttons


LIVELY = """\
# Tea
4 hours a week
## Week 1: Leaves
- Read [Leaves](https://example.org/leaves) (60 min)
- Hand in: a cup (60 min)
- Discuss: Are bags tea? (30 min)
## Week 2: Water
- Read [Water](https://example.org/water) (60 min)
"""


async def test_a_live_session_passes_the_gate_by_forms_alone(world: World, browser: httpx.AsyncClient) -> None:
    visit = await opened(world, browser, "nell", OWN)
    await visit.press("Take an outline or a course file")
    await visit.send("Read it", text=LIVELY)
    await visit.press("Title, time and completion")
    await visit.send("Save", live_only="Taste together")
    await visit.press("Add a live session")
    assert "Week 1 has: Read Leaves: 60; A cup: 60; Are bags tea?: 30." in visit.text
    assert "live_rules" not in visit.text
    assert "Objective: Taste together" in visit.text
    await visit.send(
        "Add it",
        title="Tasting",
        minutes="45",
        slots="Wed 08:00\nWed 20:00",
        objective="Taste together",
        kind="rehearsal",
        goal="Taste what you read about.",
        optional="yes",
        recorded="yes",
        alternative="recording",
        reflection="What was new?",
        pays="a cup: 30 min\nRead Leaves: 15",
        metric="50, 70",
    )
    assert "Added: Tasting." in visit.text
    assert "of a live session" not in visit.text
    (session,) = load(await visit.file()).live
    assert [(one.item, one.minutes) for one in session.pays] == [("a-cup-1", 30), ("Read Leaves", 15)]
    await visit.press("Live session: Tasting")
    await visit.send("Save", pays="a-cup-1: 20\nAre bags tea?: 25")
    (session,) = load(await visit.file()).live
    assert [one.minutes for one in session.pays] == [20, 25]
    await visit.press("Add a live session")
    await visit.send("Add it", title="Again", minutes="45", pays="much")
    assert "Such as: " in visit.text


async def test_a_peer_review_names_its_work_by_title(world: World, browser: httpx.AsyncClient) -> None:
    visit = await opened(world, browser, "nell", OWN)
    await visit.press("Take an outline or a course file")
    await visit.send("Read it", text=LIVELY)
    await visit.press("Add a peer review")
    assert re.search(r'<option value="a-cup-1"[^>]*>A cup</option>', visit.page.text)
    await visit.send("Add it", milestone="a-cup-1", rubric="What works best?")
    (review,) = load(await visit.file()).reviews
    assert review.milestone == "a-cup-1"
    assert "Added: Peer review." in visit.text
    assert controls(visit.page, "Peer review")
    assert controls(visit.page, "Prompt: Weekly wrap-up")


async def test_what_matters_comes_first_and_beside_it_is_said_what_is_missing_without_a_script(
    world: World, browser: httpx.AsyncClient
) -> None:
    visit = await opened(world, browser, "nell", OWN)
    await visit.press("Take an outline or a course file")
    await visit.send("Read it", text=LIVELY)
    await visit.press("Add a milestone")
    shown, _summary, folded = visit.page.text.partition("<details>")
    assert re.findall(r'id="f-(\w+)"', shown) == ["title", "week", "due", "minutes", "essential"]
    assert 'id="f-grace"' in folded
    beside = visit.text.partition("<aside")[2]
    assert "Title: Please fill this in." in beside
    assert "2 h 30 of 4 h" in beside
    await visit.send("Add it", title="A pot", grace="long")
    assert "<details open>" in visit.page.text
    await visit.send("Add it", grace="2 h")
    assert "Added: A pot." in visit.text


async def test_a_refused_value_comes_back_as_typed_with_its_mark_and_not_as_stored(
    world: World, browser: httpx.AsyncClient
) -> None:
    visit = await opened(world, browser, "nell", OWN)
    await visit.press("Take an outline or a course file")
    await visit.send("Read it", text=LIVELY)
    await visit.press("Milestone: A cup")
    await visit.send("Save", due="Funday 25:00")
    assert "Funday" in visit.text
    visit.page = await browser.get("/draft/0")
    await visit.press("Milestone: A cup")
    assert typed(visit.page)["f-due"] == "Funday 25:00"
    assert "This is what you typed before and did not save." in visit.text
    assert 'aria-invalid="true"' in visit.page.text
    beside = visit.text.partition("<aside")[2]
    assert "Due: Funday" in beside
    # The rest is tried all the same.
    sent = controls(visit.page, "Save")[0] | typed(visit.page) | {"f-minutes": "400", "try": "1"}
    beside = unescape((await browser.post("/draft/0", data=sent)).text)
    assert "Due: Funday" in beside
    assert "8 h 10 of 4 h" in beside
    await visit.send("Save", due="")
    await visit.press("Milestone: A cup")
    assert "did not save" not in visit.text
