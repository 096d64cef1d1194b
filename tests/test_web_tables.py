"""The pages of the course team: who may open them, tables that are searched and turned, and files of them."""

import csv
import json
import re
from io import StringIO
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session

from adapters.web.tables import ROWS
from bot.app.features import make_registry
from bot.core.codec import dump_effects
from bot.core.effects import In, Show
from bot.core.message import message, paragraph
from bot.core.pages import Page
from bot.core.people import STAFF, Account, Place, Role
from storage.tables.outbox import OutboxRow
from storage.tables.people import AccountRow, MembershipRow, PersonRow
from tests.features.test_digests_week import ESSENTIAL, another, join
from tests.features.test_live import SUNDAY, course, tasting
from tests.kit import COURSE, World, new_world
from tests.test_web import ADDRESS, controls, open_browser, sign_in

OF_A_COHORT = [page for page, _ in make_registry().pages if page.roles and "{cohort}" in page.path]
TABBED = [page for page in OF_A_COHORT if page.tab]
EVIL = '=HYPERLINK("https://evil.example")'


@pytest.fixture
def served(tmp_path: Path) -> World:
    return new_world(tmp_path, course=ESSENTIAL, address=ADDRESS)


def cells(page: httpx.Response) -> str:
    """A page without what its tables say to a narrow screen and a screen reader."""
    return re.sub(r' (role|data-head)="[^"]*"', "", page.text)


async def come_in(world: World, browser: httpx.AsyncClient, who: str, path: str = "nowhere") -> httpx.Response:
    """Somebody signs in by a link to a page."""
    await world.chat.person(who).command("")  # The bot has met them.
    person = world.app.storage.run_now(lambda unit: unit.people.owner(Account("sandbox", who)))
    assert person is not None
    key = world.app.storage.run_now(lambda unit: unit.page_sessions.invite(person.id, path))
    return await sign_in(world, browser, f"/in/{key}")


def address(page: Page, cohort: int) -> str:
    return "/" + re.sub(r"\{\w+\}", "1", page.path.replace("{cohort}", str(cohort)))


def rows_of(page: httpx.Response) -> list[str]:
    return re.findall(r'<tr role="row"><th scope="row" role="rowheader">(.*?)</th>', page.text)


@pytest.mark.parametrize("page", OF_A_COHORT, ids=lambda page: page.path)
async def test_nobody_else_opens_a_page_of_a_cohort(served: World, page: Page) -> None:
    """Neither the page nor a file of it, by whatever address."""
    await join(served, served.join_code, "Mia")
    await join(served, another(served, "other", "Another"), "Tove")
    queries = ("", "?table=learners&as=csv", "?table=work&as=json", "?page=2")
    theirs, others = [f"{address(page, 1)}{q}" for q in queries], [address(page, n) for n in (2, 99, 10**12)]
    ways = {"": theirs + others, "tove": theirs}
    for who, role in (("mia", Role.LEARNER), ("ines", Role.INSTRUCTOR)):
        ways[who] = others + ([] if role in page.roles else theirs)
    ways["omar"] = [] if Role.MANAGER in page.roles else theirs
    for who, refused in ways.items():
        async with open_browser(served) as browser:
            if who:
                await come_in(served, browser, who)
            for path in refused:
                found = await browser.get(path)
                assert found.status_code in (403, 404), (who, path)
                assert "<table" not in found.text
                assert "aria-current" not in found.text
                assert "attachment" not in found.headers.get("content-disposition", "")


@pytest.mark.parametrize("who", ["omar", "ines"])
async def test_the_pages_of_a_cohort_lead_to_one_another(served: World, who: str) -> None:
    """Each to those that its reader may open, and to no other; for a manager also to those about all cohorts."""
    role = Role.MANAGER if who == "omar" else Role.INSTRUCTOR
    every = {"/managers-week", "/runs"} if who == "omar" else set()
    theirs = {address(page, 1) for page in TABBED if role in page.roles and page.roles <= STAFF}
    async with open_browser(served) as browser:
        first = await come_in(served, browser, who, next(iter(theirs)).removeprefix("/"))
        for path in theirs:
            page = await browser.get(path)
            assert page.status_code == 200, path
            assert set(re.findall(r'<li><a href="([^"]+)"', page.text)) == theirs | every
            assert f'<a href="{path}" aria-current="page">' in page.text
        assert first.status_code == 200
        for path in every:
            page = await browser.get(path)
            assert set(re.findall(r'<li><a href="([^"]+)"', page.text)) == every
            assert f'<a href="{path}" aria-current="page">' in page.text
        for path in {"/managers-week", "/runs"} - every:
            assert (await browser.get(path)).status_code == 403


async def test_the_pages_of_ones_own_lead_to_one_another(served: World) -> None:
    (mia,) = await join(served, served.join_code, "Mia")
    async with open_browser(served) as browser:
        page = await come_in(served, browser, "mia", "progress/1")
        assert re.findall(r'<li><a href="([^"]+)"[^>]*>([^<]+)<', page.text) == [
            ("/progress/1", "My progress"),
            ("/mine/", "What is kept"),
        ]
        assert "Demo course" in page.text
        assert page.text.count("Your progress") == 2, "the title of the window and of the page"
        await mia.command("join", another(served, "half", "Half of it"))
        page = await browser.get("/mine/")
        assert [label for _path, label in re.findall(r'<li><a href="([^"]+)"[^>]*>([^<]+)<', page.text)] == [
            "My progress: Demo course",
            "My progress: Half of it",
            "What is kept",
        ]


async def test_from_the_chat_to_the_learners_and_their_files(served: World) -> None:
    ines, mia = served.chat.person("ines"), (await join(served, served.join_code, "Mia", "Leo"))[0]
    served.chat.person("leo", "<script>alert(1)</script>", "Asia/Tokyo")
    await served.chat.person("leo").command("")
    evil = served.chat.person("eve", EVIL, "Europe/Berlin")
    await evil.command("join", served.join_code)
    await mia.command("submit", "My first page")
    await served.until("2026-01-14T09:00:00Z")
    led = await ines.press(await ines.command("desk"), "On pages")
    (link,) = re.findall(rf"{ADDRESS}(/in/\w+)", led.text)
    async with open_browser(served) as browser:
        page = await sign_in(served, browser, link)
        assert page.url.path == "/learners/1"
        assert rows_of(page) == [
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "=HYPERLINK(&#34;https://evil.example&#34;)",
            "Mia",
        ]
        assert "<script>" not in page.text
        assert '<td class="n">1</td><td>active</td><td>–</td>' in cells(page)
        took = await browser.get("/learners/1?table=learners&as=csv")
        assert took.headers["content-disposition"] == 'attachment; filename="learners-1-learners.csv"'
        assert took.headers["content-type"] == "text/csv; charset=utf-8"
        assert took.content.startswith(b"\xef\xbb\xbf")
        read = list(csv.reader(StringIO(took.content.decode("utf-8-sig"), newline="")))
        found = (await browser.get("/learners/1?table=learners&as=json")).json()
        assert [row[0] for row in read] == ["learner", "<script>alert(1)</script>", f"'{EVIL}", "Mia"]
        assert [list(one) for one in found] == [read[0]] * 3
        assert found[2] == {"learner": "Mia", "weeks": 1, "week_1": "active", "week_2": "–"}
        for query in ("table=nothing&as=csv", "as=csv", "table=learners&as=xlsx"):
            assert (await browser.get(f"/learners/1?{query}")).status_code == 404


async def test_a_wrap_up_makes_nobody_active_there(served: World) -> None:
    """Who did not answer one is for instructors alone, and managers read this page."""
    (mia,) = await join(served, served.join_code, "Mia")
    await served.until("2026-01-09T16:00:00Z")
    await mia.command("wrapup")
    await mia.submit(done="Something.")
    await served.until("2026-01-14T09:00:00Z")
    async with open_browser(served) as browser:
        page = await come_in(served, browser, "omar", "learners/1")
        assert '>Mia</th><td class="n">0</td><td>–</td>' in cells(page)


def crowd(world: World, number: int) -> None:
    def add(unit: object) -> None:
        session = unit._session  # type: ignore[attr-defined]
        at = world.clock.now()
        for n in range(number):
            session.add(PersonRow(id=1000 + n, name=f"Learner {n:04d}", zone="Europe/Berlin", met_at=at))
        session.flush()
        for n in range(number):
            session.add(AccountRow(workspace="sandbox", user=f"l{n}", person=1000 + n, seen_at=at))
            session.add(MembershipRow(cohort=1, person=1000 + n, role="learner", joined_at=at, first_joined_at=at))

    world.app.storage.run_now(add)


async def test_a_long_table_is_searched_and_turned_without_a_script(served: World) -> None:
    crowd(served, 2 * ROWS + 50)
    async with open_browser(served) as browser:
        page = await come_in(served, browser, "omar", "learners/1")
        assert (len(rows_of(page)), rows_of(page)[0]) == (ROWS, "Learner 0000")
        assert "Page 1 of 3" in page.text
        following = re.findall(r'<a href="(\?[^"]+)#learners">Next</a>', page.text)[0].replace("&amp;", "&")
        page = await browser.get(f"/learners/1{following}")
        assert rows_of(page)[0] == f"Learner {ROWS:04d}"
        assert ">Previous</a>" in page.text
        assert len(rows_of(await browser.get("/learners/1?table=learners&page=99"))) == 50
        assert rows_of(await browser.get("/learners/1?table=learners&find=learner+0123")) == ["Learner 0123"]
        none = await browser.get("/learners/1", params={"table": "learners", "find": "<b>nobody</b>"})
        assert "Nothing with these words." in none.text
        assert "<b>nobody" not in none.text
        for odd in ("page=-1", "page=x", "page=99999999", "find=%00", "table=%22%3E"):
            assert (await browser.get(f"/learners/1?{odd}")).status_code == 200
        took = json.loads((await browser.get("/learners/1?table=learners&as=json")).text)
        assert len(took) == 2 * ROWS + 50


async def test_the_queue_has_what_waits_and_its_buttons_for_instructors(served: World) -> None:
    (mia, _leo) = await join(served, served.join_code, "Mia", "Leo")
    await mia.say("questions", "How long may the <b>page</b> be?")
    await mia.command("ask", "anonymous=yes Who reads it?")
    await served.until("2026-01-07T09:00:00Z")
    async with open_browser(served) as browser:
        page = await come_in(served, browser, "ines", "questions/1")
        assert rows_of(page)[0] == "How long may the &lt;b&gt;page&lt;/b&gt; be?"
        assert "Mia" in page.text
        found = (await browser.get("/questions/1?table=questions&as=json")).json()
        assert [(one["asker"], one["replies"]) for one in found] == [("Mia", 0), ("without a name", 0)]
        (drop, *_rest) = controls(page, "Not needed")
        page = await browser.post("/questions/1", data=drop)
        assert len(rows_of(page)) == 1


async def test_pages_of_work_name_to_managers_those_alone_for_whom_they_can_act(served: World) -> None:
    (mia, _leo) = await join(served, served.join_code, "Mia", "Leo")
    await mia.command("submit", "My first page")
    await served.until("2026-01-14T09:00:00Z")
    async with open_browser(served) as theirs, open_browser(served) as other:
        page, other_page = [
            await come_in(served, b, who, "milestones/1") for b, who in ((theirs, "ines"), (other, "omar"))
        ]
        assert "Mia" in page.text
        assert rows_of(other_page)[-2:] == ["Leo", "Mia"], "one is overdue, the other waits"
        figures = (await other.get("/milestones/1?table=milestones&as=json")).json()
        assert (figures[0]["asked"], figures[0]["came"], figures[0]["waits"]) == (2, 1, 1)
        assert {
            row["learner"]: row["first"] for row in (await other.get("/milestones/1?table=work&as=json")).json()
        } == {"Leo": "overdue", "Mia": "waits"}
        (one, two) = (await theirs.get("/milestones/1?table=work&as=json")).json()
        assert [one["learner"], one["handed_in"], two["learner"], two["handed_in"]] == ["Leo", 0, "Mia", 1]
        assert "waits" in two.values()
        assert "Mia" in (await other.get("/feedback/1")).text
        desk = await served.chat.person("ines").command("desk")
        await served.chat.person("ines").press(desk, next(b for b in desk.buttons if b.startswith("Give feedback")))
        await served.chat.person("ines").submit(text="Well begun.")
        assert "Mia" in (await theirs.get("/milestones/1")).text
        for path in ("/milestones/1", "/feedback/1"):
            assert "Mia" not in (await other.get(path)).text, "there is nothing that a manager could do for her"


async def test_what_was_given_up_is_tried_again_from_the_page(served: World) -> None:
    await join(served, served.join_code, "Mia")
    await served.until("2026-01-07T09:00:00Z")

    with Session(served.app.storage.engine) as session:
        for n in range(2):
            shown = Show(f"lost/{n}", In(Place("sandbox", "general")), message(paragraph("Lost and found.")))
            (body,) = dump_effects([shown])
            row = OutboxRow(
                key=f"lost{n}", anchor=f"lost/{n}", lane="general", workspace="sandbox", cohort=1, body=body
            )
            row.state, row.error = "dead", "forbidden: not_in_channel"
            row.created_at = row.not_before = served.clock.now()
            session.add(row)
        session.commit()
    async with open_browser(served) as browser:
        page = await come_in(served, browser, "omar", "delivery/1")
        assert "given up" in page.text
        assert "Mia" not in page.text
        (again,) = controls(page, "Try again what was given up")
        page = await browser.post("/delivery/1", data=again)
        assert "2 messages are tried again now." in page.text
        assert "Try again what was given up" not in page.text
        await served.settle()
        assert sum("Lost and found." in seen.text for seen in served.chat.person("mia").sees("general")) == 2
        assert "had 2 messages tried again that were given up" in (await browser.get("/log/1")).text
    async with open_browser(served) as browser:
        await come_in(served, browser, "ines", "learners/1")
        assert (await browser.post("/delivery/1", data=again)).status_code == 403


async def test_sessions_and_dates_are_figures(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()), address=ADDRESS)
    await join(world, world.join_code, "Mia")
    world.chat.person("aiko", "Aiko", "Asia/Tokyo")
    await world.chat.person("aiko").command("join", world.join_code)
    async with open_browser(world) as browser:
        page = await come_in(world, browser, "ines", "live/1")
        (session,) = (await browser.get("/live/1?table=live&as=json")).json()
        assert session["week"] == 1
        assert "% outside" in session["slots"]
        assert "Mia" not in page.text
        dates = (await browser.get("/dates/1?table=dates&as=json")).json()
        assert {one["outside"] for one in dates} <= {0, 1, 2}
        assert "Asia/Tokyo" in dates[0]
        night = [one for one in dates if one["outside"]]
        assert night
        assert all("(!)" in one["Asia/Tokyo"] or "(!)" in one["Europe/Berlin"] for one in night)


async def test_where_it_is_night_comes_first(tmp_path: Path) -> None:
    essay = "milestones:\n  - {id: essay, week: 2, title: The essay, opens: Mon 00:00, due: Tue 20:00 cohort}\n"
    world = new_world(tmp_path, course=COURSE + essay, address=ADDRESS)
    await world.learner("lima", "Lima", "America/Lima")
    await world.learner("kai", "Kai", "Asia/Tokyo")
    async with open_browser(world) as browser:
        page = await come_in(world, browser, "ines", "dates/1")
        assert "What is past counts those who had joined by then." in page.text
        (essay_row,) = (await browser.get("/dates/1?table=dates&as=json")).json()
        assert list(essay_row)[:3] == ["what", "night", "outside"]
        assert (essay_row["night"], essay_row["outside"], essay_row["outside_percent"]) == ("Tokyo", 1, 50)
        assert "(!)" in essay_row["Asia/Tokyo"]
        assert "(!)" not in essay_row["America/Lima"]


async def test_where_nobody_is_counted_stands_no_number_and_no_mark(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()), address=ADDRESS)
    await world.until("2026-01-29T12:00:00Z")
    await world.learner("aroha", "Aroha", "Pacific/Auckland")
    async with open_browser(world) as browser:
        await come_in(world, browser, "ines", "dates/1")
        found = (await browser.get("/dates/1?table=dates&as=json")).json()
        assert found
        for one in found:
            assert (one["night"], one["outside"], one["outside_percent"]) == ("nobody had joined yet", None, None)
            assert "(!)" not in one["Pacific/Auckland"]


async def test_a_date_by_each_learners_own_clock_is_shown_as_a_rule(tmp_path: Path) -> None:
    essay = "milestones:\n  - {id: essay, week: 1, title: The essay, opens: Mon 00:00, due: Sat 20:00 cohort}\n"
    world = new_world(tmp_path, course=COURSE + essay, address=ADDRESS)
    ines = world.chat.person("ines", "Ines", "Europe/Lisbon")
    await ines.command("clock", "Europe/Lisbon")
    async with open_browser(world) as browser:
        page = await come_in(world, browser, "ines", "milestones/1")
        assert "Mon 5 Jan, 00:00, own clock" in page.text
        (essay_row,) = (await browser.get("/milestones/1?table=milestones&as=json")).json()
        assert essay_row["due"] == "2026-01-10T19:00:00Z", "one instant for all"
