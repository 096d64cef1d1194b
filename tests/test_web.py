"""The pages: the FAQ for whoever may read it, the way in by a link, and the review with a press or a form."""

import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from html import unescape
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from adapters.web.app import Web
from adapters.web.attempts import EACH, REMEMBERED, SPAN, Attempts
from bot.app.cohorts import create_cohort
from bot.app.limits import LARGEST
from bot.app.serving import combined
from bot.core.people import Role
from storage.tables.faq import EntryRow, VersionRow
from storage.tables.page_sessions import PageSessionRow
from storage.tables.people import AccountRow
from tests.features.test_faq import approve, pair, solve
from tests.kit import COURSE, PLAN, World, new_world
from tests.test_logs import logging_to

ADDRESS = "http://pages.example"
BUTTON = re.compile(r'<button(?: class="[^"]*")? name="(\w+)" value="([^"]*)"[^>]*>([^<]*)<')
PUBLIC = COURSE + "faq: {public: yes}\n"


@pytest.fixture
def served(tmp_path: Path) -> World:
    return new_world(tmp_path, address=ADDRESS)


class Clock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def open_browser(
    world: World, address: str = ADDRESS, at: str = "203.0.113.7", app: Starlette | None = None
) -> httpx.AsyncClient:
    """A browser at an IP address, without any of what new browsers say about a request."""
    app = app or serve(world, address)
    transport = httpx.ASGITransport(app, client=(at, 40000))
    return httpx.AsyncClient(transport=transport, base_url=address, follow_redirects=True)


def serve(world: World, address: str = ADDRESS, clock: Clock | None = None) -> Starlette:
    attempts = partial(Attempts, clock or Clock())
    web = Web(world.app.runtime.pages, world.app.runtime, address, attempts)
    return combined(web.routes(), None, web.errors)


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


async def sign_in(world: World, browser: httpx.AsyncClient, link: str = "", **headers: str) -> httpx.Response:
    """Opens a link and goes on."""
    link = link or await invitation(world)
    asked = await browser.get(link)
    sent = {k.replace("_", "-"): v for k, v in headers.items()}
    return await browser.post(link, data=hidden(asked), headers=sent)


def hidden(page: httpx.Response) -> dict[str, str]:
    """What the forms of a page carry along unseen."""
    return {k: unescape(v) for k, v in re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page.text)}


def controls(page: httpx.Response, label: str) -> list[dict[str, str]]:
    """What each button of this label would send."""
    found = []
    for form in re.findall(r"<form.*?</form>", page.text, re.DOTALL):
        carried = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', form))
        for name, value, text in re.findall(
            r'<button(?: class="[^"]*")? name="(\w+)" value="([^"]*)"[^>]*>([^<]*)<', form
        ):
            if unescape(text) == label:
                found.append({**{k: unescape(v) for k, v in carried.items()}, name: unescape(value)})
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
    # Programs that look at links use nothing up.
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        looked = await browser.request(method, link)
    assert "Go on" in looked.text
    assert (await browser.put(link)).status_code == 405
    assert (await sign_in(served, browser, link, origin="https://evil.example")).status_code == 403
    page = await sign_in(served, browser, link)
    assert page.url.path == "/review/1"
    assert "2 drafts" in page.text
    cookie = page.history[0].headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert link.removeprefix("/in/") not in {row.hash for row in served.rows(PageSessionRow)}
    async with open_browser(served) as other:
        used = await sign_in(served, other, link)
        assert used.status_code == 403
        assert "used already, or is too old. In the chat, write <code>/cohort faq</code>" in used.text
        late = await invitation(served)
        await served.wait(minutes=16)
        assert "is too old" in (await sign_in(served, other, late)).text
        assert (await other.get("/review/1")).status_code == 403
    await served.wait(hours=12)
    ended = await browser.get("/review/1")
    assert ended.status_code == 403
    assert "not signed in, or not any more. In the chat, write <code>/cohort faq</code>" in ended.text
    await served.wait(days=1)
    served.app.storage.run_now(lambda unit: unit.page_sessions.forget())
    assert served.rows(PageSessionRow) == []


async def test_a_review_on_the_page(served: World, browser: httpx.AsyncClient) -> None:
    await drafts(served)
    page = await sign_in(served, browser)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    first, second = controls(page, "Approve")
    done = await browser.post("/review/1", data=first)
    assert "FAQ 1 approved." in done.text
    assert "How many" not in done.text
    again = await browser.post("/review/1", data=first)
    assert "FAQ 1 approved." in again.text
    form = await browser.post("/review/1", data=controls(page, "Edit")[1])
    assert "Is there a template?</textarea>" in form.text
    (send,) = controls(form, "Save and approve")
    empty = await browser.post("/review/1", data={**send, "f-question": "Is there one?", "f-answer": " "})
    assert "Please fill this in." in empty.text
    assert "Is there one?</textarea>" in empty.text
    (send,) = controls(empty, "Save and approve")
    texts = {"f-question": "Is there one?\r\n\r\nA template.", "f-answer": "Yes </textarea><script>x</script>"}
    saved = await browser.post("/review/1", data={**send, **texts})
    assert "FAQ 2 edited and approved." in saved.text
    assert "Nothing waits for a review." in saved.text
    assert [(e.state, e.question) for e in served.rows(EntryRow)][1] == ("approved", "Is there one?\n\nA template.")
    late = await browser.post("/review/1", data=second)
    assert "FAQ 2 was approved already" in late.text


async def test_nothing_is_taken_from_elsewhere_or_from_who_may_not(served: World, browser: httpx.AsyncClient) -> None:
    await drafts(served)
    page = await sign_in(served, browser)
    press = controls(page, "Approve")[0]
    for wrong in ({"sign": ""}, {"sign": "0" * 64}):
        assert (await browser.post("/review/1", data={**press, **wrong})).status_code == 403
    evil = await browser.post("/review/1", data=press, headers={"origin": "https://evil.example"})
    assert evil.status_code == 403
    out = io.StringIO()
    with logging_to(out):
        for large in (b"x" * (LARGEST + 1), b"f=x&" * 201):
            assert (await browser.post("/review/1", content=large)).status_code == 413
    assert out.getvalue().count("Refused a ") == 2
    async with open_browser(served) as other:
        assert (await other.post("/review/1", data=press)).status_code == 403
    nonsense = await browser.post("/review/1", data={**press, "id": "n", "press": "<script>"})
    assert "<script>" not in nonsense.text
    # Roles are looked up at each press: who is no instructor any more decides nothing.
    ines = served.rows(AccountRow, user="ines")[0].person
    served.app.storage.run_now(lambda unit: unit.store("enrolment").end_membership(1, ines))
    refused = await browser.post("/review/1", data={**press, "id": "other"})
    assert "FAQ 1 approved" not in refused.text
    assert refused.status_code == 403
    assert {e.state for e in served.rows(EntryRow)} == {"draft"}


async def test_another_cohorts_team_sees_only_its_own(served: World, browser: httpx.AsyncClient) -> None:
    await drafts(served)
    other = replace(PLAN, code="other", channels={"main": "staff"}, people=((Role.INSTRUCTOR, "eve"),))
    served.chat.person("eve", "Eve")
    create_cohort(served.app.storage, served.app.registry, other)
    await sign_in(served, browser)
    assert (await browser.get("/review/2")).status_code == 403
    assert (await browser.get("/review/1")).status_code == 200


# Who sent it


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        # What browsers send with a form of our own page.
        ({"sec-fetch-site": "same-origin", "origin": ADDRESS}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 200),
        ({"origin": ADDRESS}, 200),
        ({"origin": "null"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({}, 200),
        # What they send with another page's.
        ({"sec-fetch-site": "cross-site", "origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://evil.pages.example"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "null"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://pages.example:8080"}, 403),
        ({"origin": "https://pages.example"}, 403),
        ({"origin": "http://pages.example.evil.example"}, 403),
        ({"origin": "//"}, 403),
        ({"origin": "http://["}, 403),
    ],
)
async def test_a_form_counts_from_our_own_pages_alone(
    served: World, browser: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    await drafts(served)
    link = await invitation(served)
    carried = hidden(await browser.get(link))
    entered = await browser.post(link, data=carried, headers=headers)
    assert entered.status_code == status
    page = entered if status == 200 else await browser.post(link, data=carried)
    pressed = await browser.post("/review/1", data=controls(page, "Approve")[0], headers=headers)
    assert pressed.status_code == status
    assert ("FAQ 1 approved." in pressed.text) == (status == 200)


@pytest.mark.parametrize("headers", [{}, {"origin": "null"}, {"sec-fetch-site": "none"}])
async def test_what_nobody_signed_counts_for_nothing(
    served: World, browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Somebody else's page sends a reader's browser in by its own link, or presses in their name."""
    await drafts(served)
    link = await invitation(served)
    for carried in ({}, {"sign": ""}, {"sign": "0" * 64}, {"sign": "é"}, hidden(await browser.get("/in/other"))):
        refused = await browser.post(link, data=carried, headers=headers)
        assert refused.status_code == 403
        assert "Go on" in refused.text
    page = await sign_in(served, browser, link)
    press = controls(page, "Approve")[0]
    for sign in ("", "0" * 64, "é"):
        sent = {**press, "sign": sign, "f-text": "never said"}
        refused = await browser.post("/review/1", data=sent, headers=headers)
        assert refused.status_code == 403
        assert "never said" not in refused.text
    assert {e.state for e in served.rows(EntryRow)} == {"draft"}


async def test_a_browser_without_cookies_hears_of_it_and_keeps_its_link(served: World) -> None:
    await drafts(served)
    link = await invitation(served)
    async with open_browser(served) as browser:
        carried = hidden(await browser.get(link))
        browser.cookies.clear()
        refused = await browser.post(link, data=carried)
        assert refused.status_code == 403
        assert "kept no cookie" in refused.text
        assert (await browser.post(link, data=hidden(refused))).url.path == "/review/1"


async def test_pressed_twice_it_lets_the_same_browser_in_twice(served: World, browser: httpx.AsyncClient) -> None:
    await drafts(served)
    link = await invitation(served)
    carried = hidden(await browser.get(link))
    first = await browser.post(link, data=carried)
    del browser.cookies["pacekeeper"]  # a browser drops the answer to the first press
    second = await browser.post(link, data=carried)
    assert first.url.path == second.url.path == "/review/1"
    assert len(served.rows(PageSessionRow, path="")) == 1


# Behind a proxy


async def test_cookies_follow_the_address_that_browsers_see(served: World) -> None:
    await drafts(served)
    # The proxy speaks plain HTTP, to another host.
    app = serve(served, "https://bot.example.org")
    async with open_browser(served, "http://127.0.0.1:8420", app=app) as proxy:
        link = await invitation(served)
        asked = await proxy.get(link)
        assert asked.headers["set-cookie"].startswith("__Host-pacekeeper-browser=")
        kept = {"cookie": asked.headers["set-cookie"].partition(";")[0], "origin": "https://bot.example.org"}
        entered = await proxy.post(link, data=hidden(asked), headers=kept, follow_redirects=False)
        assert entered.headers["location"] == "/review/1"
        cookie = entered.headers["set-cookie"]
        assert cookie.startswith("__Host-pacekeeper=")
        assert "; Secure" in cookie
        assert "Path=/;" in cookie
        assert "Domain" not in cookie
        slash = await proxy.get("/review/1/?x=1", follow_redirects=False)
        assert slash.headers["location"] == "/review/1?x=1"


async def test_guessing_keys_ends_soon(served: World) -> None:
    await drafts(served)
    link, clock = await invitation(served), Clock()
    app = serve(served, clock=clock)
    async with open_browser(served, app=app) as guesser, open_browser(served, at="198.51.100.1", app=app) as mia:
        for number in range(EACH):
            assert (await sign_in(served, guesser, f"/in/{number}")).status_code == 403
        stopped = await sign_in(served, guesser, link)
        assert stopped.status_code == 429
        assert stopped.headers["retry-after"] == str(round(SPAN))
        assert "in 10 minutes" in stopped.text
        assert (await sign_in(served, mia, link)).url.path == "/review/1"
        clock.seconds += SPAN
        assert "Not here" in (await sign_in(served, guesser, "/in/x")).text


def test_many_guessers_shut_nobody_else_out_and_are_forgotten() -> None:
    attempts = Attempts(Clock())
    for number in range(REMEMBERED + EACH):
        attempts.wrong(f"2001:db8:{number >> 12:x}:{number & 0xFFF:x}::1")
        attempts.wait("203.0.113.7")
    assert not attempts.wait("203.0.113.7")
    assert len(attempts._wrong) <= REMEMBERED


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        # A proxy that does not say for whom it asks: one visitor does not lock the others out.
        ("127.0.0.1", "127.0.0.1", False),
        ("::1", "::1", False),
        ("unknown", "unknown", False),
    ],
)
def test_who_guesses_together(first: str, second: str, together: bool) -> None:
    attempts = Attempts(Clock())
    for _ in range(EACH):
        attempts.wrong(first)
    assert bool(attempts.wait(second)) == together


# Nothing that was typed is lost


async def test_what_was_typed_outlives_the_session(served: World, browser: httpx.AsyncClient) -> None:
    await drafts(served)
    page = await sign_in(served, browser)
    form = await browser.post("/review/1", data=controls(page, "Edit")[0])
    (send,) = controls(form, "Save and approve")
    await served.wait(hours=13)
    del browser.cookies["pacekeeper"]  # it ends with the session
    typed = {**send, "f-question": "How many <pages>?", "f-answer": "Ten.\r\n\r\nOr eleven."}
    held = await browser.post("/review/1", data=typed)
    assert held.status_code == 403
    assert "How many &lt;pages&gt;?" in held.text
    assert "Or eleven." in held.text
    assert "write <code>/cohort faq</code> and press" in held.text
    # Pressed too early it is held once more.
    again = hidden(held)
    assert "Or eleven." in (await browser.post("/review/1", data=again)).text
    await sign_in(served, browser)
    saved = await browser.post("/review/1", data=again)
    assert "FAQ 1 edited and approved." in saved.text
    assert served.rows(EntryRow, state="approved")[0].answer == "Ten.\n\nOr eleven."


async def test_what_one_person_wrote_is_not_sent_in_anothers_name(served: World, browser: httpx.AsyncClient) -> None:
    await drafts(served)
    page = await sign_in(served, browser)
    (press,) = controls(page, "Approve")[:1]
    form = await browser.post("/review/1", data=controls(page, "Edit")[0])
    (send,) = controls(form, "Save and approve")
    del browser.cookies["pacekeeper"]  # it ends with the session
    typed = {**send, "f-question": "How many <pages>?", "f-answer": "Ten.\n\nOr eleven."}
    held = hidden(await browser.post("/review/1", data=typed))
    omars = await sign_in(served, browser, await invitation(served, "omar"))
    for sent in (held, typed, press):
        refused = await browser.post("/review/1", data=sent)
        assert refused.status_code == 403
        assert "You are signed in as Omar, and this page was made for another person" in refused.text
        assert ("How many &lt;pages&gt;?" in refused.text) == (sent is not press)
        assert "<form" not in refused.text
    assert {e.state for e in served.rows(EntryRow)} == {"draft"}
    # Omar's own page counts, and so does Ines' text once she is back.
    assert "FAQ 2 approved." in (await browser.post("/review/1", data=controls(omars, "Approve")[1])).text
    await sign_in(served, browser)
    assert "FAQ 1 edited and approved." in (await browser.post("/review/1", data=held)).text
    by = {row.person: row.user for row in served.rows(AccountRow)}
    assert {row.entry: by.get(row.person) for row in served.rows(VersionRow) if row.person} == {1: "ines", 2: "omar"}


async def test_a_form_sent_again_with_other_words_counts_again(served: World, browser: httpx.AsyncClient) -> None:
    await drafts(served)
    page = await sign_in(served, browser)
    form = await browser.post("/review/1", data=controls(page, "Edit")[0])
    (send,) = controls(form, "Save and approve")
    saved = await browser.post("/review/1", data={**send, "f-question": "One?", "f-answer": "Yes"})
    assert "FAQ 1 edited and approved." in saved.text
    twice = await browser.post("/review/1", data={**send, "f-question": "One?", "f-answer": "Yes"})
    assert "FAQ 1 edited and approved." in twice.text
    # Somebody goes back in their browser, and has a better idea.
    await browser.post("/review/1", data={**send, "f-question": "One?", "f-answer": "No"})
    assert served.rows(EntryRow, state="approved")[0].answer == "No"


async def test_an_entry_edited_in_the_chat_meanwhile_is_shown_on_the_page(
    served: World, browser: httpx.AsyncClient
) -> None:
    await drafts(served)
    page = await sign_in(served, browser)
    form = await browser.post("/review/1", data=controls(page, "Edit")[0])
    (send,) = controls(form, "Save and approve")
    omar = served.chat.person("omar")
    await omar.press(await omar.command("faq", "1"), "Edit")
    await omar.submit(answer="Of the chat")
    typed = {"f-question": "One?", "f-answer": "Of the page"}
    refused = await browser.post("/review/1", data={**send, **typed})
    assert "Newer: edited and approved by" in refused.text
    assert "Now: Of the chat" in refused.text
    assert "Of the page" in refused.text
    assert served.rows(EntryRow, state="approved")[0].answer == "Of the chat"
    (again,) = controls(refused, "Save and approve")
    assert "edited and approved" in (await browser.post("/review/1", data={**again, **typed})).text
    assert served.rows(EntryRow, state="approved")[0].answer == "Of the page"


async def test_addresses_that_are_not_there_say_so(served: World, browser: httpx.AsyncClient) -> None:
    lost_ones = ("/", "/review", "/review/", "/review/1/2", "/nothing", "/in/", "/%00")
    for path in (*lost_ones, f"{ADDRESS}//evil.example/review/1/"):
        lost = await browser.get(path)
        assert lost.status_code == 404, path
        assert "There is no such page" in lost.text
        assert "<h1>" in lost.text
    await drafts(served)
    await sign_in(served, browser)
    for path in ("/review/1/", "/faq/demo", "/faq/demo/index.html/"):
        assert (await browser.get(path)).status_code == 200
    for path in ("/review/1", "/faq/demo/", "/in/x", "/web.css"):
        assert (await browser.head(path)).status_code == 200
        assert (await browser.head(path)).content == b""
        assert (await browser.options(path)).status_code == 204
        wrong = await browser.delete(path)
        assert wrong.status_code == 405
        assert "GET" in wrong.headers["allow"]
