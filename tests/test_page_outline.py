"""Pages as a screen reader meets them: one title, headings without gaps, links and fields that say what they are."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx

from adapters.sandbox.app import app
from bot.app.rehearsal import Plan, rehearse
from bot.core.message import heading, message, paragraph
from bot.core.time import parse_instant
from bot.course.starter import starter
from bot.features.faq import site
from tests.features.test_faq_publish import book, item
from tests.kit import new_world
from tests.sandbox_kit import World, to_channel
from tests.test_web import ADDRESS, PUBLIC, drafts, open_browser, sign_in

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
VAGUE = {"", "here", "click here", "link", "more", "read more", "this", "page"}


class Outline(HTMLParser):
    """The headings, links and fields of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.links: list[str] = []
        self.fields: list[dict[str, str | None]] = []
        self.labelled: set[str] = set()
        self._in_label = 0
        self._link: str | None = None
        self._named = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in HEADINGS:
            self.levels.append(int(tag[1]))
        elif tag == "a" and "href" in given:
            self._link, self._named = given.get("aria-label") or "", "aria-label" in given
        elif tag == "label":
            self._in_label += 1
            self.labelled.add(given.get("for") or "")
        elif tag in ("input", "textarea", "select") and given.get("type") not in ("hidden", "submit"):
            self.fields.append(given if not self._in_label else {**given, "aria-label": "around it"})

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._in_label -= 1
        elif tag == "a" and self._link is not None:
            self.links.append(" ".join(self._link.split()))
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._link is not None and not self._named:
            self._link += data

    def faults(self) -> Iterator[str]:
        if self.levels.count(1) != 1:
            yield f"{self.levels.count(1)} first headings"
        for before, level in zip([0, *self.levels], self.levels, strict=False):
            if level > before + 1:
                yield f"a heading of level {level} after one of level {before}"
        for name in self.links:
            if name.lower() in VAGUE:
                yield f"a link called {name!r}"
        for given in self.fields:
            if (
                not given.get("aria-label")
                and not given.get("aria-labelledby")
                and given.get("id") not in self.labelled
            ):
                yield f"a field without a label: {given}"


def test_faults_are_found() -> None:
    page = "<h2>One</h2><h4>Two</h4><a href='/'>here</a><input name='q'><label>Fine <input></label>"
    assert len([*Outline(page).faults()]) == 5


def test_the_faq_site() -> None:
    for made in (
        book(),
        book(item(1, "How?", "So: https://example.org")),
        book(*(item(n, "How?", "So.") for n in range(1, 99))),
    ):
        assert [*Outline(site.page(made)).faults()] == []


def test_the_rehearsals_page(tmp_path: Path) -> None:
    rehearse(Plan(starter("Tea"), "tea.yaml", 3, "1", parse_instant("2026-03-02T00:00:00Z").date(), "UTC"), tmp_path)
    assert [*Outline((tmp_path / "index.html").read_text()).faults()] == []


async def test_pages_of_the_web(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=PUBLIC, address=ADDRESS)
    await drafts(world)
    async with open_browser(world) as browser:
        asked = await browser.get("/in/nothing")
        pages = [asked, await browser.get("/nowhere"), await sign_in(world, browser)]
        pages += [await browser.get(path) for path in ("/review", "/review/1", "/faq/demo/")]
        assert {str(p.url): found for p in pages if (found := [*Outline(p.text).faults()])} == {}


async def test_pages_of_the_sandbox() -> None:
    world = await World().start()
    await world.sandbox.post(to_channel("k1", message(heading("Week 1"), paragraph("Begin"))))
    root = (await world.mia.say("general", "Why?")).message
    await world.mia.command("form")
    transport = httpx.ASGITransport(app(world.sandbox, world.driver))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as web:
        paths = ("/", "/as/mia/nowhere", "/as/mia/general", "/as/mia/dm", f"/as/mia/general?thread={root}")
        pages = {path: (await web.get(path)).text for path in paths}
        # The form is put into the page's dialog.
        pages["form"] = pages["/as/mia/dm"] + (await web.get("/parts/mia/form")).text
    assert "Week 1" in pages["/as/mia/general"]
    assert "What did you finish?" in pages["form"]
    assert {path: found for path, text in pages.items() if (found := [*Outline(text).faults()])} == {}
