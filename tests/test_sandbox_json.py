"""The JSON interface: shapes, refusals in words, and who may knock."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from adapters.sandbox.app import app
from tests.sandbox_kit import CARD, World, to_channel, to_person

Client = httpx.AsyncClient


@pytest.fixture
async def world() -> World:
    return await World().start()


@pytest.fixture
async def web(world: World) -> AsyncIterator[Client]:
    transport = httpx.ASGITransport(app(world.sandbox, world.driver))
    async with Client(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


async def act(web: Client, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = await web.post("/api/v1/act", json=body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    assert set(found) == {"message", "reply", "form", "errors"}
    return found


async def state(web: Client, who: str, **query: Any) -> dict[str, Any]:
    answer = await web.get("/api/v1/state", params={"as": who, **query})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_say_and_see(web: Client) -> None:
    said = await act(web, **{"as": "mia"}, do="say", place="general", text="Hello")
    seen = await state(web, "leo")
    assert seen["me"]["name"] == "Leo"
    assert seen["now"] == "2026-01-05T09:00:00Z"
    assert [p["id"] for p in seen["places"]] == ["general", "questions", "dm:leo"]
    assert seen["places"][0]["unread"] == 1
    (only,) = seen["messages"]
    assert only == {
        "id": said["message"],
        "place": "general",
        "thread": None,
        "by": "mia",
        "at": "2026-01-05T09:00:00Z",
        "local": "Mon 5 Jan, 04:00",
        "text": "Hello",
        "kind": "text",
        "message": None,
        "actions": [],
        "documents": [],
        "reactions": {},
        "edited": False,
        "deleted": False,
        "to": None,
        "replies": 0,
        "pinned": False,
    }


async def test_other_things_than_words_are_said_and_seen(web: Client) -> None:
    for kind in ("voice", "sticker", "forward", "poll"):
        await act(web, **{"as": "mia"}, do="say", kind=kind)
    await act(web, **{"as": "mia"}, do="say", kind="image", text="What is this?")
    seen = [(m["kind"], m["text"]) for m in (await state(web, "mia"))["messages"]]
    assert seen[-5:] == [("voice", ""), ("sticker", ""), ("forward", ""), ("poll", ""), ("image", "What is this?")]
    page = (await web.get("/as/mia/dm")).text
    assert "[a voice message]" in page
    assert "[a picture]" in page
    assert "'kind' is one of" in (await act(web, 400, **{"as": "mia"}, do="say", kind="smell"))["errors"][""]
    assert "no text" in (await act(web, 400, **{"as": "mia"}, do="say", kind="text"))["errors"][""]


async def test_command_press_and_submit(web: Client, world: World) -> None:
    asked = await act(web, **{"as": "mia"}, do="command", place="general", text="/cohort week 3")
    labels = [a["label"] for a in asked["reply"]["actions"]]
    assert labels == ["Hand in", "Not now", "Write to me at"]
    assert asked["reply"]["message"]["blocks"][2]["items"][0]["action"] == "quiz.open/1/7:w3"
    opened = await act(web, **{"as": "mia"}, do="press", action="quiz.open/1/7:w3")
    form = opened["form"]
    assert (form["title"], form["draft"], form["submit"], form["intro"]) == ("Week 3", "d1", "Send", "Two minutes.")
    assert [f["kind"] for f in form["fields"]] == ["text", "choice", "date", "person"]
    assert form["fields"][3]["options"] == [{"value": "1", "label": "Mia"}, {"value": "2", "label": "Leo"}]
    refused = await act(web, **{"as": "mia"}, do="submit", action=form["action"], values={"did": "", "mood": "bad"})
    assert refused["errors"] == {"did": "Please fill this in.", "mood": "Please pick one of the choices."}
    assert refused["form"]["fields"][1]["value"] == "bad"
    done = await act(web, **{"as": "mia"}, do="submit", action=form["action"], values={"did": "It"}, settle=True)
    assert (done["form"], done["errors"], done["reply"]["text"]) == (None, {}, "Thank you. You wrote: It")
    assert world.driver.settled == 1
    world.driver.still = True
    await act(web, **{"as": "mia"}, do="say", place="general", text="Where time stands still")
    await act(web, **{"as": "mia"}, do="say", place="general", text="Unless told not to", settle=False)
    assert world.driver.settled == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "'do' is one of"),
        ({"do": "dance", "as": "mia"}, "'do' is one of"),
        ({"do": "say"}, "'as' is missing"),
        ({"do": "say", "as": "zoe", "place": "general", "text": "x"}, "There is no person 'zoe'"),
        ({"do": "say", "as": "mia", "place": "nowhere", "text": "x"}, "There is no place 'nowhere'"),
        ({"do": "say", "as": "mia", "place": "general"}, "There is no text"),
        ({"do": "say", "as": "mia", "place": "general", "text": "x" * 50_000}, "50,000 characters long"),
        ({"do": "say", "as": "mia", "place": "general", "text": ["x"]}, "'text' is a text"),
        ({"do": "say", "as": "mia", "place": "general", "text": "x", "thread": 99}, "There is no message 99"),
        ({"do": "say", "as": "mia", "place": "dm:leo", "text": "x"}, "'mia' is not in 'dm:leo'"),
        ({"do": "edit", "as": "mia", "message": "abc", "text": "x"}, "'message' is the id of a message"),
        ({"do": "edit", "as": "mia", "text": "x"}, "'message' is missing"),
        ({"do": "delete", "as": "mia", "message": 99}, "There is no message 99"),
        ({"do": "press", "as": "mia"}, "'action' is missing"),
        ({"do": "press", "as": "mia", "action": "a.b/1/0:"}, "You see no message with a button"),
        ({"do": "submit", "as": "mia", "action": "a.b/1/0:"}, "No such form is open"),
        ({"do": "submit", "as": "mia", "values": [1]}, "'values' is an object"),
        ({"do": "react", "as": "mia", "message": 1, "emoji": "x"}, "There is no message 1"),
    ],
)
async def test_refusals_say_what_to_do(web: Client, world: World, body: dict[str, Any], words: str) -> None:
    refused = await act(web, 400, **body)
    assert words in refused["errors"][""]
    assert world.bot.heard == []


async def test_a_bot_that_cannot_save_says_so(web: Client, world: World) -> None:
    world.bot.down = True
    refused = await act(web, 503, **{"as": "mia"}, do="command", text="ask Why?", delivery="d1")
    assert "Nothing was saved" in refused["errors"][""]
    world.bot.down = False
    done = await act(web, **{"as": "mia"}, do="command", text="ask Why?", delivery="d1")
    assert done["reply"]["text"].startswith("ask: Why?")


async def test_what_is_not_for_me_is_not_in_my_state(web: Client, world: World) -> None:
    await world.sandbox.post(to_person("p1", CARD, "mia"))
    await act(web, **{"as": "mia"}, do="command", place="general", text="week")
    assert len((await state(web, "mia"))["messages"]) == 2
    assert (await state(web, "leo"))["messages"] == []
    refused = await web.get("/api/v1/state", params={"as": "leo", "place": "dm:mia"})
    assert refused.status_code == 400


async def test_instants_are_in_the_readers_zone(web: Client, world: World) -> None:
    await world.sandbox.post(to_channel("k1", CARD))
    texts = {w: (await state(web, w))["messages"][0]["text"].split("\n")[0] for w in ("mia", "leo", "ida")}
    assert texts == {
        "mia": "Week 3 closes Mon 12 Jan, 12:59.",
        "leo": "Week 3 closes Mon 12 Jan, 06:59.",
        "ida": "Week 3 closes Mon 12 Jan, 17:29.",
    }


async def test_the_transcript_comes_as_lines(web: Client) -> None:
    for n in range(3):
        await act(web, **{"as": "mia"}, do="say", place="general", text=f"{n}\nשלום")
    answer = await web.get("/api/v1/transcript", params={"after": 1})
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["seq"] for line in lines] == [2, 3]
    assert " ".join(lines[0]) == "seq at place thread message by to kind text actions anchor"


async def test_the_clock_goes_forward_alone(web: Client, world: World) -> None:
    wound = await web.post("/api/v1/clock", json={"advance": "2026-01-06T10:00:00+01:00"})
    assert wound.json() == {"now": "2026-01-06T09:00:00Z"}
    assert world.platform.load_clock() == world.clock.now()
    for body in ({"jump": "2026-01-05T00:00:00Z"}, {"advance": "tomorrow"}, {"advance": "2026-01-07T00:00:00"}, {}):
        assert (await web.post("/api/v1/clock", json=body)).status_code == 400


async def test_faults_are_planned(web: Client) -> None:
    assert (await web.post("/api/v1/fault", json={"kind": "429", "times": 2})).json() == {"faults": {"429": 2}}
    assert (await web.post("/api/v1/fault", json={"kind": "flood"})).status_code == 400


async def test_people_and_places_are_added(web: Client) -> None:
    zoe = {"id": "zoe", "name": "Zoë", "zone": "Pacific/Auckland", "title": "learner"}
    assert (await web.post("/api/v1/people", json=zoe)).status_code == 200
    assert (await web.post("/api/v1/people", json={**zoe, "zone": "Mars"})).status_code == 400
    assert (await web.post("/api/v1/places", json={"name": "staff", "members": ["zoe"]})).status_code == 200
    assert [p["id"] for p in (await state(web, "zoe"))["places"]] == ["general", "questions", "staff", "dm:zoe"]
    assert "staff" not in [p["id"] for p in (await state(web, "mia"))["places"]]
    closed = await web.post("/api/v1/account", json={"as": "zoe", "active": False})
    assert closed.json()["active"] is False


async def test_completion_offers_commands_people_and_parameters(web: Client) -> None:
    async def offered(text: str) -> list[str]:
        found = await web.get("/api/v1/complete", params={"as": "mia", "place": "general", "text": text})
        return [c["insert"] for c in found.json()]

    assert await offered("hello") == []
    assert await offered("/") == ["/cohort", "/cohort ask ", "/cohort name "]
    assert await offered("/cohort a") == ["/cohort ask "]
    assert await offered("/cohort name ") == [
        "/cohort name 1 ",
        "/cohort name 2 ",
        "/cohort name person=",
        "/cohort name role=",
    ]
    assert await offered("/cohort name le") == ["/cohort name 2 "]
    assert await offered("/cohort name 2 ins") == ["/cohort name 2 instructor "]
    assert await offered("/cohort name role=l") == ["/cohort name role=learner "]
    assert "/cohort ask anonymous=" in await offered("/cohort ask ")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 403),
        ({"host": "evil.example:8000"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"origin": "http://127.0.0.1:8000"}, 200),
        ({"host": "localhost:8000"}, 200),
        ({"host": "[::1]:8000"}, 200),
    ],
)
async def test_the_door_is_open_to_this_machine_alone(web: Client, headers: dict[str, str], status: int) -> None:
    body = json.dumps({"as": "mia", "do": "say", "place": "general", "text": "x"})
    answer = await web.post("/api/v1/act", content=body, headers={"content-type": "application/json", **headers})
    assert answer.status_code == status


async def test_a_knock_from_elsewhere_is_refused(world: World) -> None:
    transport = httpx.ASGITransport(app(world.sandbox, world.driver), client=("10.0.0.9", 5000))
    async with Client(transport=transport, base_url="http://127.0.0.1:8000") as client:
        assert (await client.get("/api/v1/state", params={"as": "mia"})).status_code == 403


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"x"', "[" * 100_000])
async def test_a_body_that_is_no_object_is_refused(web: Client, content: str) -> None:
    answer = await web.post("/api/v1/act", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 400


async def test_a_message_has_a_menu(web: Client) -> None:
    said = await act(web, **{"as": "mia"}, do="say", place="general", text="Remember this")
    menu = {"as": "leo", "do": "shortcut", "action": "quiz.note"}
    chosen = await act(web, **menu, message=said["message"])
    assert chosen["reply"]["text"] == "quiz.note: Remember this"
    assert (await act(web, 400, **menu, message=chosen["reply"]["id"]))["errors"]


async def test_somebody_administers_the_chat_and_is_in_groups(web: Client) -> None:
    changed = await web.post("/api/v1/account", json={"as": "leo", "admin": True, "groups": ["teachers"]})
    assert changed.json()["admin"] is True
    assert changed.json()["groups"] == ["teachers"]
    wrong = await web.post("/api/v1/account", json={"as": "leo", "groups": "teachers"})
    assert wrong.status_code == 400
