"""What the browser gets: every class of the vocabulary drawn and escaped, pages for one person, live changes."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import httpx
import pytest

from adapters.sandbox.app import app
from adapters.sandbox.live import Live
from adapters.sandbox.pages import Pages
from adapters.sandbox.refusals import BadAct
from adapters.sandbox.render import ChatRenderer, draw_said
from adapters.sandbox.winding import Busy, Winding, until
from bot.app.serving import listening
from bot.core.errors import PacekeeperError
from bot.core.message import (
    Attachment,
    Block,
    Bold,
    Bullets,
    Button,
    Buttons,
    Channel,
    Code,
    Column,
    Document,
    Fields,
    Heading,
    Inline,
    Instant,
    Italic,
    Jump,
    Link,
    Mention,
    Message,
    Note,
    Option,
    Paragraph,
    Picture,
    Quote,
    Select,
    Table,
)
from bot.core.people import Account, MessageRef, Place
from tests.sandbox_kit import CARD, MONDAY, World, to_channel, to_person, whisper, words
from tests.waiting import LONG

EVIL = "<img src=x onerror=alert(1)>\"'&"
AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
INLINES: list[Inline] = [
    EVIL,
    Bold(EVIL),
    Italic(EVIL),
    Code(EVIL),
    Link("https://example.org/?a=1&b=<x>", EVIL),
    Mention(1, EVIL),
    Jump(EVIL, EVIL),
    Channel(Place("sandbox", EVIL)),
    Jump("root", EVIL, MessageRef("sandbox", "general", '7"><b>')),
    Instant(AT),
]
BLOCKS: list[Block] = [
    Heading(EVIL),
    Paragraph(tuple(INLINES)),
    Quote(tuple(INLINES)),
    Note(tuple(INLINES)),
    Bullets((tuple(INLINES), (EVIL,))),
    Bullets((tuple(INLINES),), numbered=True),
    Fields(((EVIL, tuple(INLINES)),)),
    Buttons((Button(EVIL, EVIL),)),
    Select(EVIL, EVIL, (Option(EVIL, EVIL),)),
    Document(EVIL, EVIL),
    Attachment(EVIL, 7),
    Picture(EVIL, EVIL, EVIL),
    Table(EVIL, EVIL, (Column(EVIL, EVIL), Column(EVIL, EVIL)), ((tuple(INLINES), 7), ((EVIL,), ()))),
]


class Tags(HTMLParser):
    """Collects what a browser would make elements and attributes of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


@pytest.fixture
async def world() -> World:
    return await World().start()


@pytest.fixture
async def web(world: World) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app(world.sandbox, world.driver))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


def members(union: Any) -> Iterator[type]:
    """The classes of a union, what is annotated at it left out."""
    if not (parts := get_args(union)):
        yield union
    for part in parts[:1] if get_origin(union) is Annotated else parts:
        yield from members(part)


def test_the_samples_cover_the_vocabulary() -> None:
    assert {type(i) for i in INLINES} == set(members(Inline))
    assert {type(b) for b in BLOCKS} == set(members(Block))


@pytest.mark.parametrize("block", BLOCKS, ids=lambda b: str(b.kind))
def test_nothing_typed_becomes_markup(block: Block) -> None:
    links = {EVIL: '/message/7"><img src=x>'}
    html = str(ChatRenderer("Europe/Berlin", links, "mia", {1: "mia"}).draw(Message((block,))))
    found = Tags(html)
    if isinstance(block, Picture):
        # As an image, an SVG runs no script.
        assert (found.tags, found.attributes) == (["p", "img"], ["class", "src", "alt"])
        return
    assert "img" not in found.tags
    assert not any(name.startswith("on") or name in ("src", "style") for name in found.attributes)
    assert EVIL not in html


def test_what_a_person_types_is_letters_and_long_texts_are_folded() -> None:
    assert str(draw_said("<b>a</b>\nhttps://x.y")) == '<p class="said" dir="auto">&lt;b&gt;a&lt;/b&gt;\nhttps://x.y</p>'
    folded = draw_said("x" * 10_000)
    assert folded.count("x" * 10_000) == 1
    assert "Show all 10,000 characters" in folded


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://a b", " https://x", "/as/leo"])
def test_only_safe_links_are_links(url: str) -> None:
    assert "<a" not in ChatRenderer(person="mia").draw(Message((Paragraph((Link(url, "here"),)),)))


def test_an_instant_is_said_in_the_readers_zone() -> None:
    html = ChatRenderer("Europe/Berlin", person="mia").draw(Message((Paragraph((Instant(AT),)),)))
    assert 'datetime="2026-03-29T01:30:00Z"' in html
    assert 'title="Sunday 29 March 2026, 03:30 (Europe/Berlin)">Sun 29 Mar, 03:30<' in html


async def test_who_to_be_and_the_way_in(web: httpx.AsyncClient) -> None:
    start = await web.get("/")
    assert "Who would you like to be?" in start.text
    assert "Mon 5 Jan, 14:30" in start.text
    assert "default-src 'self'" in start.headers["content-security-policy"]
    into = await web.get("/as/mia")
    assert into.headers["location"] == "/as/mia/general"
    for path in ("/as/nobody/general", "/as/mia/nowhere", "/as/mia/dm:leo", "/message/99?as=mia"):
        lost = await web.get(path)
        assert lost.status_code == 404
        assert "Choose who to be" in lost.text


async def test_a_page_shows_what_its_person_sees(web: httpx.AsyncClient, world: World) -> None:
    await world.mia.say("general", EVIL)
    await world.sandbox.post(to_channel("k1", CARD))
    await world.sandbox.whisper(whisper("w1", words("For Mia's eyes"), "mia"))
    mia, leo = (await web.get("/as/mia/general")).text, (await web.get("/as/leo/general")).text
    assert "12:59" in mia
    assert "06:59" in leo
    assert "Only you can see this" in mia
    assert "For Mia" not in leo
    assert "data-edit" in mia
    assert "data-edit" not in leo
    for html in (mia, leo):
        found = Tags(html)
        assert "img" not in found.tags
        assert "style" not in found.tags + found.attributes


async def test_pages_run_no_script_of_their_own(web: httpx.AsyncClient) -> None:
    html = (await web.get("/as/mia/general")).text
    assert html.count("<script") == 1
    assert '<script type="module" src="/static/app.js"></script>' in html
    for name in ("app.js", "act.js", "posts.js", "composer.js", "sheet.js", "app.css", "icon.svg"):
        assert (await web.get(f"/static/{name}")).status_code == 200


async def test_a_thread_opens_beside_and_a_link_leads_into_it(web: httpx.AsyncClient, world: World) -> None:
    root = (await world.mia.say("general", "Why?")).message
    reply = (await world.leo.say("general", "Because", thread=root)).message
    page = (await web.get(f"/as/ida/general?thread={root}")).text
    assert page.count("Because") == 1
    assert "1 reply" in page
    into = await web.get(f"/message/{reply}?as=ida")
    assert into.headers["location"] == f"/as/ida/general?thread={root}#m{reply}"
    secret = (await world.mia.say("dm", "psst")).message
    assert (await web.get(f"/message/{secret}?as=leo")).status_code == 404
    assert (await web.get(f"/parts/leo/thread/{secret}")).text == ""


async def test_earlier_messages_come_on_request(web: httpx.AsyncClient, world: World) -> None:
    for n in range(130):
        await world.mia.say("general", f"message {n}.")
    page = (await web.get("/as/leo/general")).text
    assert "message 70." in page
    assert "message 69." not in page
    earlier = (await web.get("/parts/leo/earlier/general?before=71")).text
    assert "message 69." in earlier
    assert 'data-before="11"' in earlier
    assert (await web.get("/parts/leo/earlier/dm:mia?before=9")).status_code == 404


async def test_an_open_form_is_drawn_with_what_was_typed(web: httpx.AsyncClient, world: World) -> None:
    assert (await web.get("/parts/mia/form")).text == ""
    await world.mia.command("form")
    await world.mia.submit(did=EVIL * 20, mood="stuck")
    html = (await web.get("/parts/mia/form")).text
    assert "img" not in Tags(html).tags
    assert 'value="stuck" checked' in html
    assert '<option value="2">Leo</option>' in html
    assert "Unfinished" in (await web.get("/as/mia/general")).text
    await web.post("/api/v1/close", json={"as": "mia"})
    assert world.mia.form is None


async def listen(world: World, who: str, place: str, after: int = 0) -> tuple[AsyncIterator[str], Winding]:
    winding = Winding(world.platform, world.driver)
    live = Live(world.platform, Pages(world.sandbox), winding)
    return live._stream(world.platform.human(who), place, after), winding


async def heard(stream: AsyncIterator[str], name: str) -> dict[str, Any]:
    """The next event of a kind."""
    while True:
        text = await asyncio.wait_for(anext(stream), LONG)
        if f"event: {name}\n" in text:
            found: dict[str, Any] = json.loads(text.split("data: ", 1)[1])
            return found


async def test_what_happens_arrives_live(world: World) -> None:
    stream, _ = await listen(world, "leo", "general")
    await heard(stream, "clock")
    said = await world.mia.say("general", "Hello <b>")
    post = await heard(stream, "post")
    assert post["id"] == said.message
    assert "Hello &lt;b&gt;" in post["html"]
    await world.mia.say("questions", "Elsewhere")
    assert (await heard(stream, "unread"))["questions"] == 1
    await world.sandbox.post(to_person("p1", words("Secret"), "mia"))
    await world.sandbox.whisper(whisper("w1", words("Secret"), "mia"))
    await world.mia.edit(said.message or 0, "Changed")
    assert "Changed" in (await heard(stream, "post"))["html"]


async def test_a_page_without_a_line_of_its_own_is_told_all_there_is_and_asks_again(world: World) -> None:
    await world.mia.say("general", "One")
    await world.mia.say("general", "Two")
    live = Live(world.platform, Pages(world.sandbox), Winding(world.platform, world.driver))
    told = [text async for text in live._stream(world.platform.human("leo"), "general", 0, brief=True)]
    assert [t.split("event: ")[1].split("\n")[0] for t in told if "event: " in t] == ["post", "post", "clock", "clock"]
    assert told[0].startswith("retry: 1000")


async def test_who_was_cut_off_gets_what_was_missed(world: World) -> None:
    await world.mia.say("general", "One")
    after = world.platform.latest_change()
    await world.mia.say("general", "Two")
    stream, _ = await listen(world, "leo", "general", after)
    assert "Two" in (await heard(stream, "post"))["html"]


async def test_the_clock_bar_winds_for_its_person(web: httpx.AsyncClient, world: World) -> None:
    wound = (await web.post("/api/v1/wind", json={"as": "leo", "to": "day"})).json()
    assert wound == {"now": "2026-01-06T14:00:00Z", "local": "Tue 6 Jan, 09:00", "summary": "Nothing was due."}
    assert (await web.post("/api/v1/wind", json={"as": "leo", "to": "soon"})).status_code == 400


async def test_one_winding_at_a_time(world: World) -> None:
    winding = Winding(world.platform, world.driver)
    gate = asyncio.Event()

    async def slow(moment: datetime) -> None:
        await gate.wait()
        world.clock.wind(moment)

    world.driver.advance = slow  # type: ignore[method-assign]
    first = asyncio.create_task(winding.wind("advance", MONDAY + timedelta(hours=1)))
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await winding.wind("advance", MONDAY + timedelta(hours=2))
    gate.set()
    assert await first == MONDAY + timedelta(hours=1)
    with pytest.raises(BadAct, match="forward alone"):
        await winding.wind("jump", MONDAY)
    with pytest.raises(BadAct, match="three years"):
        await winding.wind("jump", MONDAY + timedelta(days=4000))


def test_a_wall_time_is_that_of_its_person() -> None:
    assert until("2026-01-05T18:00", MONDAY, "Asia/Kolkata") == datetime(2026, 1, 5, 12, 30, tzinfo=UTC)
    assert until("week", MONDAY, "UTC") - MONDAY == timedelta(days=7)
    for bad in ("", "9999-12-31T23:59", "32"):
        with pytest.raises(BadAct):
            until(bad, MONDAY, "America/New_York")


async def test_killed_while_winding_the_clock_does_not_go_back(tmp_path: Path) -> None:
    world = await World(tmp_path / "chat.db").start()
    world.platform.save_clock(world.clock.now())
    world.wait(days=3)
    await world.mia.say("general", "Thursday")
    world.platform.close()
    again = World(tmp_path / "chat.db")
    assert again.platform.load_clock() == MONDAY + timedelta(days=3)


async def test_a_port_that_is_taken_is_named(world: World) -> None:
    server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with (
        pytest.raises(PacekeeperError, match=f"Port {port} is in use already.*PACEKEEPER_PORT"),
        listening("127.0.0.1", port),
    ):
        pass
    server.close()


async def test_mentions_and_jumps_lead_to_people_and_messages(web: httpx.AsyncClient, world: World) -> None:
    root = (await world.leo.say("general", "Root")).message
    said = Message((Paragraph((Mention(1, "Mia"), " see ", Jump("q/1", "this"), " and ", Jump("q/2", "that"))),))
    sent = replace(to_channel("k1", said), mentions={1: Account("sandbox", "mia")}, links={"q/1": f"/message/{root}"})
    await world.sandbox.post(sent)
    page = (await web.get("/as/mia/general")).text
    assert '<span class="mention me">@<bdi>Mia</bdi></span>' in page
    assert f'<a class="jump" href="/message/{root}?as=mia" data-jump="{root}">this</a> and that' in page


async def test_a_private_answer_leads_to_messages(web: httpx.AsyncClient, world: World) -> None:
    root = (await world.leo.say("general", "Root")).message
    await world.mia.command("where", f"/message/{root}")
    page = (await web.get("/as/mia/dm")).text
    assert f'In <a class="jump" href="/message/{root}?as=mia" data-jump="{root}">this</a>' in page
