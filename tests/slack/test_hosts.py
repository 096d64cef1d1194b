"""Slack's token goes to Slack alone: what a payload names is asked for with it only where it is Slack's."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import Api
from adapters.slack.config import SLACK_API, SlackWorkspace
from adapters.slack.files import Files
from adapters.slack.hosts import trusted
from adapters.slack.state import State
from bot.core.errors import Unavailable

TOKEN = "xoxb-the-token"
TEST_SERVER = "http://127.0.0.1:8570/api/"


@pytest.mark.parametrize(
    ("address", "api", "is_trusted"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.txt", SLACK_API, True),
        ("https://slack.com/api/x", SLACK_API, True),
        ("https://acme.enterprise.slack.com/files-pri/a", SLACK_API, True),
        ("http://files.slack.com/files-pri/T1-F1/a.txt", SLACK_API, False),
        ("https://files.slack.com:8443/a", SLACK_API, False),
        ("https://files.slack.com.example.org/a", SLACK_API, False),
        ("https://evilslack.com/a", SLACK_API, False),
        ("https://files.slack.com@example.org/a", SLACK_API, False),
        ("https://example.org/#files.slack.com", SLACK_API, False),
        ("https://docs.google.com/document/d/1", SLACK_API, False),
        ("file:///etc/passwd", SLACK_API, False),
        ("https://[::1", SLACK_API, False),
        ("", SLACK_API, False),
        ("http://127.0.0.1:9000/files/a", TEST_SERVER, True),
        ("https://files.slack.com/a", TEST_SERVER, False),
        ("http://localhost:8570/a", TEST_SERVER, False),
    ],
)
def test_which_addresses_are_slacks(address: str, api: str, is_trusted: bool) -> None:
    assert trusted(address, api) is is_trusted


@pytest.fixture
async def servers() -> AsyncIterator[tuple[str, str, list[str]]]:
    """(a test server in Slack's place, another host, the tokens that the other was given)."""
    given: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        given.append(request.headers.get("Authorization", ""))
        return web.Response(body=b"theirs")

    async def file(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        return web.Response(body=b"ours")

    async def moved(request: web.Request) -> web.Response:
        raise web.HTTPFound(request.query["to"])

    async def round(request: web.Request) -> web.Response:
        raise web.HTTPFound("/round")

    app = web.Application()
    app.router.add_get("/round", round)
    app.router.add_get("/elsewhere", elsewhere)
    app.router.add_get("/file", file)
    app.router.add_get("/moved", moved)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "localhost", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield f"http://127.0.0.1:{port}", f"http://localhost:{port}", given
    await runner.cleanup()


async def fetch(slack: str, address: str) -> bytes:
    async with aiohttp.ClientSession() as session:
        web_client = AsyncWebClient(token=TOKEN, base_url=f"{slack}/api/", session=session, retry_handlers=[])
        files = Files(Api(web_client, lambda channel, why: None), session, State(None), "T1")
        return await files.download({"id": "F1", "url_private": address})


async def test_a_file_of_slack_is_fetched_also_where_slack_moved_it(servers: tuple[str, str, list[str]]) -> None:
    slack, _, _ = servers
    assert await fetch(slack, f"{slack}/file") == b"ours"
    assert await fetch(slack, f"{slack}/moved?to=/file") == b"ours"


async def test_a_file_that_is_kept_elsewhere_is_not_asked_for(servers: tuple[str, str, list[str]]) -> None:
    slack, other, given = servers
    with pytest.raises(Unavailable, match="not kept by Slack"):
        await fetch(slack, f"{other}/elsewhere")
    with pytest.raises(Unavailable, match="not kept by Slack"):
        await fetch(slack, f"{slack}/moved?to={other}/elsewhere")
    with pytest.raises(Unavailable, match="too many redirects"):
        await fetch(slack, f"{slack}/round")
    assert given == []


def test_settings_can_be_printed() -> None:
    workspace = SlackWorkspace(bot_token=TOKEN, app_token="xapp-secret", signing_secret="signing-secret")
    assert "xoxb" not in repr(workspace)
    assert "secret" not in repr(workspace).replace("signing_secret", "")
