"""Files in the sandbox: sent in with a form, and taken away from a message."""

from collections.abc import AsyncIterator

import httpx
import pytest

from adapters.sandbox.acts import FILE_LIMIT
from adapters.sandbox.app import app
from bot.core.events import Event, FormSubmitted
from bot.core.forms import FileField, Form, TextField
from bot.core.message import Document, message, paragraph
from bot.core.ports import Answer
from tests.sandbox_kit import World, to_channel, to_person, whisper

COURSE = "course:\n  title: Größe <b> & 'more'\n"
UPLOAD = Form(
    "course.take/1/7:",
    "A new course file",
    (FileField("file", "Course file", "YAML", endings=(".yaml", ".yml")), TextField("why", "Why?", required=False)),
    draft="d9",
)
TWO = message(
    paragraph("Here they are."), Document("course.yaml", COURSE), paragraph("and"), Document("Größe/plan.csv", "a,b\n")
)


@pytest.fixture
async def world() -> World:
    return await World().start()


@pytest.fixture
async def web(world: World) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app(world.sandbox, world.driver))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


async def submit(web: httpx.AsyncClient, text: str) -> httpx.Response:
    values = {"file": text, "why": "Because"}
    act = {"as": "mia", "do": "submit", "action": UPLOAD.action, "draft": "d9", "values": values}
    return await web.post("/api/v1/act", json=act)


async def test_the_bot_gets_the_text_of_a_file(web: httpx.AsyncClient, world: World) -> None:
    world.bot.form = UPLOAD
    await world.mia.command("form")
    html = (await web.get("/parts/mia/form")).text
    assert 'type="file" accept=".yaml,.yml"' in html
    await submit(web, COURSE)
    heard = world.bot.heard[-1]
    assert isinstance(heard, FormSubmitted)
    assert heard.values == {"file": COURSE, "why": "Because"}


async def test_a_refused_form_keeps_its_file(web: httpx.AsyncClient, world: World) -> None:
    world.bot.form = UPLOAD

    def refuse(event: Event) -> Answer:
        return Answer(problems={"file": "Line 2 needs fixing."})

    await world.mia.command("form")
    world.bot._answer = refuse  # type: ignore[method-assign]
    answer = (await submit(web, COURSE)).json()
    assert answer["errors"] == {"file": "Line 2 needs fixing."}
    assert answer["form"]["fields"][0]["value"] == COURSE
    assert "title: Größe &lt;b&gt; &amp; &#39;more&#39;" in (await web.get("/parts/mia/form")).text


@pytest.mark.parametrize("letter", ["x", "\u0001"], ids=["plain", "six bytes each in JSON"])
async def test_a_file_as_large_as_may_be_and_one_too_large(web: httpx.AsyncClient, world: World, letter: str) -> None:
    world.bot.form = UPLOAD
    await world.mia.command("form")
    refused = await submit(web, letter * (FILE_LIMIT + 1))
    assert refused.status_code == 400
    assert refused.json()["errors"][""] == "The file has 1,000,001 bytes; 1,000,000 fit. Please send a smaller one."
    # The form stays open, so a smaller one can follow.
    taken = await submit(web, letter * FILE_LIMIT)
    assert taken.status_code == 200
    assert len(world.bot.heard[-1].values["file"]) == FILE_LIMIT  # type: ignore[union-attr]


async def test_other_fields_keep_their_own_limit(web: httpx.AsyncClient, world: World) -> None:
    world.bot.form = UPLOAD
    await world.mia.command("form")
    act = {"as": "mia", "do": "submit", "draft": "d9", "values": {"file": "x", "why": "y" * 40_001}}
    refused = await web.post("/api/v1/act", json=act)
    assert "40,001 characters" in refused.json()["errors"][""]


async def test_a_message_brings_files_to_be_saved(web: httpx.AsyncClient, world: World) -> None:
    await world.sandbox.post(to_channel("files", TWO))
    (seen,) = (await web.get("/api/v1/state", params={"as": "mia"})).json()["messages"]
    assert seen["documents"] == [
        {"name": "course.yaml", "text": COURSE},
        {"name": "Größe/plan.csv", "text": "a,b\n"},
    ]
    html = (await web.get("/as/mia/general")).text
    for number in (1, 2):
        assert f'href="/file/{seen["id"]}/{number}?as=mia"' in html
    assert "data:" not in html
    got = await web.get(f"/file/{seen['id']}/1", params={"as": "mia"})
    assert got.text == COURSE
    assert got.headers["content-type"] == "text/plain; charset=utf-8"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"].startswith("default-src 'self'")
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''course.yaml"
    second = await web.get(f"/file/{seen['id']}/2", params={"as": "leo"})
    assert second.headers["content-disposition"] == "attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe-plan.csv"


async def test_whoever_does_not_see_the_message_does_not_get_its_file(web: httpx.AsyncClient, world: World) -> None:
    sent = await world.sandbox.post(to_person("files", TWO, "mia"))
    private = sent.refs[0].id
    await world.sandbox.whisper(whisper("hush", TWO, "leo"))
    hushed = world.platform.latest("general")
    world.platform.add_channel("team", members=["ida"])
    team = (await world.sandbox.post(to_channel("team", TWO, "team"))).refs[0].id
    allowed = {(str(private), "mia"), (str(hushed), "leo"), (str(team), "ida")}
    for id in (private, hushed, team):
        for who in ("mia", "leo", "ida", "nobody", ""):
            status = (await web.get(f"/file/{id}/1", params={"as": who})).status_code
            assert status == (200 if (str(id), who) in allowed else 404), (id, who)
    assert (await web.get(f"/file/{private}/3", params={"as": "mia"})).status_code == 404
    assert (await web.get("/file/999/1", params={"as": "mia"})).status_code == 404


async def test_a_deleted_message_has_no_file_any_more(web: httpx.AsyncClient, world: World) -> None:
    sent = await world.sandbox.post(to_channel("files", TWO))
    await world.sandbox.delete(sent.refs)
    assert (await web.get(f"/file/{sent.refs[0].id}/1", params={"as": "mia"})).status_code == 404
    (seen,) = (await web.get("/api/v1/state", params={"as": "mia"})).json()["messages"]
    assert seen["documents"] == []
