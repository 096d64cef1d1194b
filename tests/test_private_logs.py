"""What people wrote stays out of logs and out of what is stored about failures, wherever something fails."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox.adapter import Sandbox
from bot.core.errors import Blocked, RateLimited, TargetGone, Unavailable, Unclear
from bot.core.message import message, paragraph
from bot.core.ports import Delivery, Sent
from storage.tables.inbox import InboxRow
from storage.tables.outbox import OutboxRow
from tests.discord.fake import Fault
from tests.discord.kit import Room, open_room
from tests.kit import World
from tests.platforms.slack_stage import SlackStage, open_stage
from tests.test_logs import CANARY, ERRORS

WORDS = message(paragraph(f"Hello {CANARY}"))


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Every record as any handler would write it, ours down to DEBUG: the texts of exceptions too."""
    for name, level in (("bot", "DEBUG"), ("adapters", "DEBUG"), ("storage", "DEBUG"), ("", "INFO")):
        caplog.set_level(level, name or None)
    found: list[str] = []
    yield found
    for record in (*caplog.get_records("setup"), *caplog.get_records("call")):
        text = caplog.handler.format(record)
        # The test's own server, local-slack and such, are not the program.
        if not record.name.startswith(("aiohttp.server", "tests")):
            found.append(text)
    assert [text for text in found if CANARY in text] == []


@pytest.mark.usefixtures("logged")
@pytest.mark.parametrize("error", [e for e in ERRORS if not isinstance(e, Unavailable)], ids=lambda e: type(e).__name__)
async def test_a_handler_that_fails(world: World, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    mia = await world.learner("mia", f"Mia {CANARY}")

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("bot.runtime.interactions.publish", fail)
    monkeypatch.setattr("bot.runtime.chat.publish", fail)
    said = await mia.command("ask", f"Where is {CANARY}?")
    assert said.text or said.errors
    await mia.say("questions", f"Where is the {CANARY}?")
    for _ in range(4):
        await world.wait(seconds=10)
    errors = [row.error for row in world.rows(InboxRow)]
    assert any(errors)
    assert CANARY not in " ".join(errors)


@pytest.mark.usefixtures("logged")
@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
async def test_a_platform_that_fails_in_its_own_way(
    world: World, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia = await world.learner("mia", "Mia")

    async def fail(*_: object) -> None:
        # An error that is raised again would otherwise quote all its earlier tracebacks.
        raise error.with_traceback(None)

    monkeypatch.setattr(Sandbox, "post", fail)
    await mia.command("ask", f"Where is {CANARY}?")
    await world.wait(days=3, hours=1)
    rows = [row for row in world.rows(OutboxRow) if row.error]
    assert {row.state for row in rows} >= {"dead"}
    assert CANARY not in " ".join(row.error for row in rows)


@pytest.fixture
async def slack(tmp_path: Path) -> Any:
    async with open_stage(tmp_path) as stage:
        yield stage


SPOT = "[json-pointer:/blocks/0]"
SLACK_ANSWERS = [
    (200, {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": [f"{CANARY} {SPOT}"]}}, {}),
    (200, {"ok": False, "error": "channel_not_found", "needed": "x", "message": CANARY}, {}),
    (200, {"ok": False, "error": "restricted_action", "detail": CANARY}, {}),
    (500, {"ok": False, "message": CANARY}, {}),
    (429, {"ok": False, "error": "ratelimited", "message": CANARY}, {"Retry-After": "1"}),
    "cut",
    "after",
]


@pytest.mark.usefixtures("logged")
@pytest.mark.parametrize("answer", SLACK_ANSWERS, ids=lambda a: str(a)[:12])
async def test_what_slack_refuses(slack: SlackStage, answer: Any) -> None:
    slack.proxy.refuse = lambda method, arguments: answer if method.startswith(("chat.", "conversations.")) else None
    for place in (slack.place("general"), None):
        account = slack.account("mia") if place is None else None
        delivery = Delivery("k1", "a/1", WORDS, place=place, account=account)
        (failure,) = await asyncio.gather(slack.adapter.post(delivery), return_exceptions=True)
        assert isinstance(failure, Sent | TargetGone | Blocked | Unavailable | Unclear | RateLimited)
        assert CANARY not in repr(failure)
    slack.proxy.refuse = lambda method, arguments: None
    slack.proxy.faults.clear()


@pytest.fixture
async def room(tmp_path: Path) -> Any:
    async with open_room(tmp_path) as made:
        yield made


@pytest.mark.usefixtures("logged")
@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
async def test_what_discord_refuses(room: Room, status: int) -> None:
    body = {
        "code": 50035,
        "message": f"Invalid Form Body {CANARY}",
        "errors": {"content": {"_errors": [{"code": "X", "message": f'Value "{CANARY}" is not snowflake.'}]}},
    }
    if status == 429:
        body |= {"retry_after": 7.0, "global": False}
    limited = {"Retry-After": "7", "Via": "1.1 proxy"} if status == 429 else {}
    room.fake.faults.append(Fault("POST", r"/channels/\d+/messages", status, body, limited))
    with pytest.raises((TargetGone, Blocked, Unavailable, Unclear, RateLimited)) as refused:
        await room.adapter.post(room.delivery(WORDS))
    assert CANARY not in str(refused.value)
