"""One app in several workspaces: what happens in one is handled for that one, on whichever connection it comes."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
import pytest_asyncio

from adapters.slack.adapter import Slack
from adapters.slack.config import SlackWorkspace
from bot.core.events import ButtonPressed, CommandIssued, MessagePosted, PlaceFound
from bot.core.message import Button, buttons, message, paragraph
from bot.core.people import Place
from bot.core.ports import Answer, Delivery
from tests.platforms.ears import Ears
from tests.slack.humans import Humans, humans
from tests.slack.local_slack import BEN, CHANNELS, MIA, SECRET, config, local_slack
from tests.slack.proxy import Json, Proxy, proxied, signed
from tests.slack.test_deliveries import served
from tests.waiting import eventually

ONE, TWO, STRANGE = "T0ONE", "T0TWO", "T0STRANGE"
GENERAL, QUESTIONS = CHANNELS["general"], CHANNELS["questions"]


@dataclass
class Both:
    """One app in two workspaces."""

    adapter: Slack
    bot: Ears
    people: dict[str, Humans]
    proxies: dict[str, Proxy]


@asynccontextmanager
async def both(folder: Path, mode: str) -> AsyncIterator[Both]:
    async with AsyncExitStack() as stack:
        people, proxies, settings = {}, {}, []
        for team in (ONE, TWO):
            (folder / team).mkdir()
            made = config(team=team)
            made["apps"][0]["appToken"] = "xapp-shared"
            address = await stack.enter_async_context(local_slack(folder / team, made))
            proxies[team] = await stack.enter_async_context(proxied(address))
            people[team] = await stack.enter_async_context(humans(address, proxies[team]))
            api = f"{proxies[team].address}/api/"
            settings.append(SlackWorkspace(f"xoxb-{team}", "xapp-shared", SECRET, mode, api))  # type: ignore[arg-type]
        adapter, bot = Slack(settings, folder / "store"), Ears()
        await adapter.start(bot)
        try:
            yield Both(adapter, bot, people, proxies)
        finally:
            await adapter.stop()
        assert [fault for proxy in proxies.values() for fault in proxy.faults] == []


@pytest_asyncio.fixture
async def socket(tmp_path: Path) -> AsyncIterator[Both]:
    async with both(tmp_path, "socket") as made:

        async def look() -> bool:
            return all(w.opened.socket is not None and w.opened.socket.alive for w in made.adapter._all)

        await eventually(look)
        yield made


@pytest_asyncio.fixture
async def http(tmp_path: Path) -> AsyncIterator[tuple[Both, str]]:
    async with both(tmp_path, "http") as made, served(made.adapter) as own:
        yield made, own


async def test_what_comes_on_the_connection_of_another_workspace_is_for_its_own(socket: Both) -> None:
    socket.bot.answer = lambda event: Answer(message=message(paragraph("Here you are.")))
    socket.proxies[ONE].team = TWO
    await socket.people[ONE].say("mia", "general", "From two.")
    heard = await eventually(lambda: socket.bot.last(MessagePosted))
    assert (heard.place, heard.actor.account.workspace) == (Place(TWO, GENERAL), TWO)
    await socket.people[ONE].command("mia", "general", "desk")
    issued = await eventually(lambda: socket.bot.last(CommandIssued))
    assert issued.place.workspace == TWO
    socket.proxies[ONE].team = ""
    await socket.people[ONE].say("mia", "questions", "From one.")

    async def from_one() -> bool:
        return [m.place.workspace for m in socket.bot.all(MessagePosted)] == [TWO, ONE]

    await eventually(from_one)


async def test_a_workspace_that_is_not_set_up_here_is_acknowledged_and_dropped(
    socket: Both, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    proxy = socket.proxies[ONE]
    proxy.team = STRANGE
    for text in ("Hello?", "Anybody?"):
        await socket.people[ONE].say("mia", "general", text)
    await socket.people[ONE].command("mia", "general", "setup")

    async def acknowledged() -> bool:
        return len(proxy.unacknowledged) >= 3 and not proxy.unacknowledged.total()

    await eventually(acknowledged)
    assert not [e for e in socket.bot.heard.values() if not isinstance(e, PlaceFound)]
    assert len([r for r in caplog.records if STRANGE in r.getMessage()]) == 1


async def test_a_guest_from_a_connected_workspace_presses_in_the_one_of_the_message(socket: Both) -> None:
    card = message(paragraph("The week."), buttons(Button("Ask", "q.ask/1/1:")))
    await socket.adapter.post(Delivery("k", "a", card, place=Place(ONE, QUESTIONS)))

    def as_guest(payload: Json) -> Json:
        """Slack names the workspace of the person who pressed, and that of the message's author."""
        guest = {"team": {"id": TWO}, "user": {**payload["user"], "team_id": TWO}}
        return {**payload, **guest, "message": {**payload["message"], "team": ONE}}

    socket.proxies[ONE].rewrite = as_guest
    await socket.people[ONE].press("mia", "questions", "Ask")
    pressed = await eventually(lambda: socket.bot.last(ButtonPressed))
    assert (pressed.place, pressed.actor.account.workspace) == (Place(ONE, QUESTIONS), ONE)


def event(team: str, ts: str, channel: str = GENERAL, **more: object) -> str:
    """A message; `team` is the workspace that Slack sends it for."""
    said = {"type": "message", "channel": channel, "user": BEN, "ts": ts, "text": "How long?", "team": TWO}
    seen = {"authorizations": [{"team_id": team, "enterprise_id": None}], "team_id": team}
    return json.dumps({"type": "event_callback", "event": said, **seen} | more)


async def sent(own: str, body: str, kind: str = "application/json") -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{own}/slack/events", data=body, headers=signed(body, kind)) as response,
    ):
        return response.status


async def test_signed_requests_are_for_the_workspace_that_they_name(
    http: tuple[Both, str], caplog: pytest.LogCaptureFixture
) -> None:
    made, own = http
    caplog.set_level(logging.WARNING)
    assert await sent(own, event(TWO, "1700000000.000100")) == 200
    assert await sent(own, event(ONE, "1700000000.000200")) == 200
    for ts in ("1700000000.000300", "1700000000.000400"):
        assert await sent(own, event(STRANGE, ts)) == 200
    command = {"command": "/cohort", "team_id": STRANGE, "user_id": MIA, "channel_id": GENERAL, "text": "setup"}
    assert await sent(own, urlencode(command), "application/x-www-form-urlencoded") == 200
    assert [m.place.workspace for m in made.bot.all(MessagePosted)] == [TWO, ONE]
    assert made.bot.all(CommandIssued) == []
    assert len([r for r in caplog.records if STRANGE in r.getMessage()]) == 1


async def test_a_shared_channel_belongs_to_the_workspace_whose_cohort_uses_it(http: tuple[Both, str]) -> None:
    """Slack sends what is said there once, and names any one of the workspaces that see it."""
    made, own = http
    made.bot.watch(Place(ONE, QUESTIONS), None)
    for number, named in enumerate((ONE, TWO, STRANGE)):
        ts = f"1700000000.00010{number}"
        assert await sent(own, event(named, ts, QUESTIONS, is_ext_shared_channel=True)) == 200
    assert [m.place for m in made.bot.all(MessagePosted)] == [Place(ONE, QUESTIONS)] * 3


async def test_an_organization_is_named_beside_its_workspace(http: tuple[Both, str]) -> None:
    made, own = http
    grid = {"enterprise_id": "E0ORG", "context_team_id": TWO, "context_enterprise_id": "E0ORG", "team_id": TWO}
    seen = [{"team_id": None, "enterprise_id": "E0ORG", "is_enterprise_install": True}]
    assert await sent(own, event(TWO, "1700000000.000100", **grid, authorizations=seen)) == 200
    assert [m.place.workspace for m in made.bot.all(MessagePosted)] == [TWO]
