"""Each of Discord's refusals at each call: what becomes of it, and that it stands once when Discord takes it again."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from adapters.discord.failures import MEANINGS
from bot.core.errors import (
    Blocked,
    DeliveryError,
    PersonGone,
    PersonShut,
    PlaceGone,
    RateLimited,
    TargetGone,
    Unavailable,
    Unclear,
)
from bot.core.message import Message, message, paragraph
from bot.core.people import MessageRef
from bot.core.ports import Delivery
from tests.discord.fake import Fault
from tests.discord.kit import Room

ERRORS = {
    "place gone": PlaceGone,
    "person gone": PersonGone,
    "person shut": PersonShut,
    "gone": TargetGone,
    "waits": Blocked,
    "paused": RateLimited,
    "tried again": Unavailable,
}
HTML = "<!DOCTYPE html><title>Attention Required! | Cloudflare</title>"
N = r"/\d+"


@dataclass
class Scene:
    """A room with everything that the calls need: a message, its thread, a forum and its posts."""

    room: Room
    forum: str
    here: MessageRef
    inside: MessageRef
    post: MessageRef
    theirs: str

    @property
    def guild(self) -> str:
        return str(self.room.fake.guild["id"])


async def scene_of(room: Room) -> Scene:
    forum = room.fake.add_channel("help", 15)["id"]
    await room.stage.restart()
    below = replace(message(paragraph("Root.")), topic="Root")
    here = (await room.adapter.post(room.delivery(below, "root"))).refs[0]
    inside = (await room.adapter.post(room.delivery(message(paragraph("In.")), "in", thread=here.id))).refs[0]
    post = (await room.adapter.post(room.delivery(below, "post", forum))).refs[0]
    theirs = room.fake.open_post(room.mia, forum, "Docker", "Why?")
    return Scene(room, forum, here, inside, post, theirs)


def said(key: str) -> Message:
    return message(paragraph(f"Hello {key}"))


async def deleted(scene: Scene, key: str) -> None:
    """A message of its own is deleted."""
    sent = await scene.room.adapter.post(scene.room.delivery(said(key), key))
    await scene.room.adapter.delete(sent.refs)


@dataclass(frozen=True)
class Call:
    """Something that the bot does (`act`, or what it posts), and the request that Discord refuses. `calm`: codes of
    which nobody has to hear, since it is done already or done in another way; `instead`: those that whoever waits for
    it is told at once."""

    method: str
    path: str
    act: Callable[[Scene, str], Awaitable[Any]] | None = None
    posts: Callable[[Scene, str], Delivery] | None = None
    calm: frozenset[int] = frozenset()
    instead: Mapping[int, type[Exception]] = field(default_factory=dict)

    async def do(self, scene: Scene, key: str) -> None:
        if self.posts is not None:
            await scene.room.adapter.post(self.posts(scene, key))
        elif self.act is not None:
            await self.act(scene, key)


ASLEEP = frozenset({50083})
"""A thread that sleeps is woken, and the call repeated."""

SEND, EDIT, REACT = f"/channels{N}/messages", f"/channels{N}/messages{N}", f"/channels{N}/messages{N}/reactions/.+"
CALLS: dict[str, Call] = {
    "a message": Call("POST", SEND, posts=lambda s, k: s.room.delivery(said(k), k)),
    "a message in a thread": Call(
        "POST", SEND, posts=lambda s, k: s.room.delivery(said(k), k, thread=s.here.id), calm=ASLEEP | {10003}
    ),
    "a post": Call("POST", f"/channels{N}/threads", posts=lambda s, k: s.room.delivery(said(k), k, s.forum)),
    # Nobody's channel is there in which a private thread could stand in for a closed conversation. One that is unknown
    # is opened anew.
    "a private message": Call("POST", SEND, posts=lambda s, k: s.room.direct(said(k), k), calm=frozenset({10003})),
    "an edit": Call("PATCH", EDIT, lambda s, k: s.room.adapter.edit(s.room.delivery(said(k), k), [s.here])),
    "an edit in a thread": Call(
        "PATCH", EDIT, lambda s, k: s.room.adapter.edit(s.room.delivery(said(k), k), [s.inside]), calm=ASLEEP
    ),
    "a deletion": Call("DELETE", EDIT, deleted, calm=frozenset({10003, 10008})),
    "a reaction": Call("PUT", REACT, lambda s, k: s.room.adapter.react(s.post, "❓", True), calm=ASLEEP),
    "a pin": Call("PUT", f"/channels{N}/messages/pins{N}", lambda s, k: s.room.adapter.pin(s.here, True)),
    "a channel": Call(
        "POST",
        f"/guilds{N}/channels",
        lambda s, k: s.room.adapter.create(s.guild, f"c{k}", "", False, ()),
        instead={50013: TargetGone},
    ),
    # A question stands without its thread, and a post without its tags.
    "a thread": Call(
        "POST",
        f"/channels{N}/messages{N}/threads",
        posts=lambda s, k: s.room.delivery(replace(said(k), topic="Topic"), k),
        calm=frozenset(
            code
            for code, m in MEANINGS.items()
            if m.then in ("place gone", "person gone", "person shut", "gone", "waits")
        )
        | {40061, 50006, 99_999},
    ),
}

OTHER_CODES = (10011, 10087, 30048, 40061, 50006, 50035, 99_999)
"""Codes without a rule of their own."""


def expected(code: int, status: int) -> type[Exception]:
    if code in MEANINGS:
        return ERRORS[MEANINGS[code].then]
    return Blocked if status == 403 else Unavailable


@pytest.mark.parametrize("name", CALLS)
async def test_each_code_at_each_call(room: Room, name: str) -> None:
    scene, call = await scene_of(room), CALLS[name]
    # From the last to the first, so that what one code leaves behind meets another one than it usually would.
    for code in reversed([*MEANINGS, *OTHER_CODES]):
        status = 404 if 10_000 <= code < 20_000 else 400 if code in (50035, *range(30_000, 40_000)) else 403
        fault = Fault(call.method, call.path, status, {"code": code, "message": "No"})
        error = call.instead.get(code) or expected(code, status)
        await refused(scene, call, f"{code}", fault, error, calm=code in call.calm)


@pytest.mark.parametrize("name", CALLS)
async def test_what_has_no_code_at_each_call(room: Room, name: str) -> None:
    """Cloudflare's page, a failing server, a line that is cut: nothing is sent twice, and nothing is lost."""
    scene, call = await scene_of(room), CALLS[name]
    faults: list[tuple[Fault, type[Exception]]] = [
        (Fault(call.method, call.path, 502, "<html>Bad gateway</html>"), Unclear),
        (Fault(call.method, call.path, 0, after=True), Unclear),
        (Fault(call.method, call.path, 403, HTML), RateLimited),
        (Fault(call.method, call.path, 429, HTML, {"Retry-After": "60"}), RateLimited),
        (Fault(call.method, call.path, 500, {"code": 0}, after=True), Unclear),
        (Fault(call.method, call.path, 0), Unclear),
        (Fault(call.method, call.path, 404, "<html>Not found</html>"), Unavailable),
    ]
    for number, (fault, error) in enumerate(faults):
        # What may be done twice is done again at once where the line was cut.
        calm = not fault.status and call.method in ("PUT", "DELETE")
        await refused(scene, call, f"f{number}", fault, error, calm=calm)


async def refused(scene: Scene, call: Call, key: str, fault: Fault, error: type[Exception], calm: bool = False) -> None:
    fake = scene.room.fake
    fake.faults[:] = [fault]
    asked = len(fake.requests)
    what = f"{fault.method} {fault.status} {fault.body}"
    told: DeliveryError | None = None
    try:
        await call.do(scene, key)
    except DeliveryError as e:
        told = e
    assert (told is None) if calm else (type(told) is error), f"{what} gave {told!r}"
    meant = [p for verb, p, _ in fake.requests[asked:] if verb == call.method and re.fullmatch(call.path, p)]
    assert len(meant) == 1 or calm, f"{what} was asked {len(meant)} times"
    assert fault.times == 0, f"{what} did not come up"
    fake.faults.clear()
    if call.posts is None:
        return
    # As the outbox does: where the outcome was not clear it looks first, and else posts again with the same key.
    delivery = call.posts(scene, key)
    if error is not Unclear or await scene.room.adapter.find(delivery) is None:
        await scene.room.adapter.post(delivery)
    there = [m for ms in fake.messages.values() for m in ms.values() if m["content"] == f"Hello {key}"]
    assert len(there) == 1, f"{what} left {len(there)}"
