"""The pages: the FAQ for whoever may read it, the way in by a link, and the review with a press or a form."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from adapters.web.app import Web
from bot.app.cohorts import create_cohort
from bot.core.people import Role
from storage.doors import DoorRow
from storage.faq import EntryRow
from storage.people import AccountRow
from tests.features.test_faq import approve, pair, solve
from tests.kit import COURSE, PLAN, World, new_world

ADDRESS = "http://pages.example"
BUTTON = re.compile(r'<button(?: class="[^"]*")? name="(\w+)" value="([^"]*)"[^>]*>([^<]*)<')
PUBLIC = COURSE + "faq: {public: yes}\n"


@pytest.fixture
def served(tmp_path: Path) -> World:
    return new_world(tmp_path, address=ADDRESS)


def open_browser(world: World) -> httpx.AsyncClient:
    app = Starlette(routes=Web(world.house.runtime.pages, world.house.runtime).routes())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS, follow_redirects=True)


@pytest.fixture
async def browser(served: World) -> AsyncIterator[httpx.AsyncClient]:
    async with open_browser(served) as one:
        yield one


async def invitation(world: World, who: str = "ines") -> str:
    """The link that somebody gets in the chat."""
    speaker = world.chat.person(who)
    answer = await speaker.press(await speaker.command("faq"), "All on a page")
    found = re.search(rf"{ADDRESS}(/in/\w+)", answer.text)
    assert found
    return found[1]


async def sign_in(world: World, browser: httpx.AsyncClient) -> httpx.Response:
    return await browser.post(await invitation(world))


def controls(page: httpx.Response, label: str) -> list[dict[str, str]]:
    """What each button of this label would send."""
    found = []
    for form in re.findall(r"<form.*?</form>", page.text, re.DOTALL):
        hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', form))
        for name, value, text in re.findall(
            r'<button(?: class="[^"]*")? name="(\w+)" value="([^"]*)"[^>]*>([^<]*)<', form
        ):
            if unescape(text) == label:
                found.append({**{k: unescape(v) for k, v in hidden.items()}, name: unescape(value)})
    return found


async def drafts(world: World) -> None:
    mia, ben, _ = await pair(world)
    await solve(world, mia, ben, "How many <b>pages</b>?", "Ten, see `<script>alert(1)</script>`")
    await solve(world, mia, ben, "Is there a template?", "Yes")


async def test_the_site_is_for_everybody_only_where_the_course_says_so(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=PUBLIC, address=ADDRESS)
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How many pages?", "Ten")
    await approve(ines)
    async with open_browser(world) as browser:
        page = await browser.get("/faq/demo")
        assert page.status_code == 200
        assert "How many pages?" in page.text
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        for name, kind in (("faq.css", "text/css"), ("faq.js", "text/javascript"), ("faq.json", "application/json")):
            file = await browser.get(f"/faq/demo/{name}")
            assert file.headers["content-type"].startswith(kind)
        for path in ("/faq/other/", "/faq/demo/..%2f", "/faq/demo/page.html", "/faq/%3Cscript%3E/", "/review/x"):
            lost = await browser.get(path)
            assert lost.status_code in (403, 404), path
            assert "<script>" not in lost.text


async def test_what_is_not_public_is_for_the_courses_own_people(served: World, browser: httpx.AsyncClient) -> None:
    await drafts(served)
    await approve(served.chat.person("ines"))
    closed = await browser.get("/faq/demo/")
    assert closed.status_code == 403
    assert "pages" not in closed.text
    assert (await browser.get("/review/1")).status_code == 403
    await solve(served, served.chat.person("mia"), served.chat.person("ben"), "A third?", "Yes")
    await sign_in(served, browser)
    assert "How many &lt;b&gt;pages&lt;/b&gt;?" in (await browser.get("/faq/demo/")).text


async def test_a_link_lets_one_person_in_once_and_soon(served: World, browser: httpx.AsyncClient) -> None:
    await drafts(served)
    link = await invitation(served)
    # A program that looks at links uses nothing up.
    assert "Go on" in (await browser.get(link)).text
    assert (await browser.post(link, headers={"origin": "https://evil.example"})).status_code == 403
    page = await browser.post(link)
    assert page.url.path == "/review/1"
    assert "2 drafts" in page.text
    cookie = page.history[0].headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert link.removeprefix("/in/") not in {row.hash for row in served.rows(DoorRow)}
    async with open_browser(served) as other:
        assert (await other.post(link)).status_code == 403
        late = await invitation(served)
        await served.wait(minutes=16)
        assert (await other.post(late)).status_code == 403
        assert (await other.get("/review/1")).status_code == 403
    await served.wait(hours=12)
    assert (await browser.get("/review/1")).status_code == 403
    served.house.storage.run_now(lambda unit: unit.doors.forget())
    assert served.rows(DoorRow) == []


async def test_a_review_on_the_page(served: World, browser: httpx.AsyncClient) -> None:
    await drafts(served)
    page = await sign_in(served, browser)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    first, second = controls(page, "Approve")
    done = await browser.post("/act", data=first)
    assert "FAQ 1 approved." in done.text
    assert "How many" not in done.text
    again = await browser.post("/act", data=first)
    assert "FAQ 1 approved." in again.text
    form = await browser.post("/act", data=controls(page, "Edit")[1])
    assert "Is there a template?</textarea>" in form.text
    (send,) = controls(form, "Save and approve")
    empty = await browser.post("/act", data={**send, "f-question": "Is there one?", "f-answer": " "})
    assert "Please fill this in." in empty.text
    assert "Is there one?</textarea>" in empty.text
    (send,) = controls(empty, "Save and approve")
    texts = {"f-question": "Is there one?\r\n\r\nA template.", "f-answer": "Yes </textarea><script>x</script>"}
    saved = await browser.post("/act", data={**send, **texts})
    assert "FAQ 2 edited and approved." in saved.text
    assert "Nothing waits for a review." in saved.text
    assert [(e.state, e.question) for e in served.rows(EntryRow)][1] == ("approved", "Is there one?\n\nA template.")
    late = await browser.post("/act", data=second)
    assert "FAQ 2 was approved already" in late.text


async def test_nothing_is_taken_from_elsewhere_or_from_who_may_not(served: World, browser: httpx.AsyncClient) -> None:
    await drafts(served)
    page = await sign_in(served, browser)
    press = controls(page, "Approve")[0]
    for wrong in ({"sign": ""}, {"sign": "0" * 64}):
        assert (await browser.post("/act", data={**press, **wrong})).status_code == 403
    evil = await browser.post("/act", data=press, headers={"origin": "https://evil.example"})
    assert evil.status_code == 403
    assert (await browser.post("/act", content=b"x" * 300_000)).status_code == 413
    async with open_browser(served) as other:
        assert (await other.post("/act", data=press)).status_code == 403
    nonsense = await browser.post("/act", data={**press, "id": "n", "press": "<script>", "back": "<script>//evil"})
    assert "<script>" not in nonsense.text
    # Roles are looked up at each press: who is no instructor any more decides nothing.
    ines = served.rows(AccountRow, user="ines")[0].person
    served.house.storage.run_now(lambda unit: unit.store("enrolment").end_membership(1, ines))
    refused = await browser.post("/act", data={**press, "id": "other"})
    assert "FAQ 1 approved" not in refused.text
    assert refused.status_code == 403
    assert {e.state for e in served.rows(EntryRow)} == {"draft"}


async def test_another_cohorts_team_sees_only_its_own(served: World, browser: httpx.AsyncClient) -> None:
    await drafts(served)
    other = replace(PLAN, code="other", channels={"main": "staff"}, people=((Role.INSTRUCTOR, "eve"),))
    served.chat.person("eve", "Eve")
    create_cohort(served.house.storage, served.house.registry, other)
    await sign_in(served, browser)
    assert (await browser.get("/review/2")).status_code == 403
    assert (await browser.get("/review/1")).status_code == 200
