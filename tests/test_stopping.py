"""Told to stop, the program ends in order: what is in hand is finished, and the files are whole without their logs."""

import asyncio
import hashlib
import hmac
import http.client
import json
import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from aiohttp import WSMsgType, web

from tests.test_run import PROGRAM, free_port, running
from tests.waiting import LONG, until

SECRET = "shh"
"""Seconds that a busy machine may take. The bot itself cuts off what hangs, after nine seconds, and then says so."""


@dataclass
class FakeSlack:
    """A Slack that says who we are and takes everything, or hangs in the methods named in `hangs`."""

    port: int
    hangs: set[str] = field(default_factory=set)
    called: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    lines: list[web.WebSocketResponse] = field(default_factory=list)

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.called.append(method)
        if method in self.hangs:
            await asyncio.sleep(3600)
        who = {"team_id": "T1", "url": "https://t1.slack.com/", "user_id": "UBOT", "bot_id": "B1"}
        more = {"user": {"id": "U1", "name": "mia", "tz": "Europe/Berlin"}, "ts": "1.000001", "channel": "C1"}
        return web.json_response(
            {"ok": True, "url": f"ws://127.0.0.1:{self.port}/line", **more, **who}
            | ({"url": f"ws://127.0.0.1:{self.port}/line"} if method == "apps.connections.open" else {})
        )

    async def line(self, request: web.Request) -> web.WebSocketResponse:
        line = web.WebSocketResponse()
        await line.prepare(request)
        await line.send_json({"type": "hello", "num_connections": 1})
        self.lines.append(line)
        async for message in line:
            if message.type == WSMsgType.TEXT and "envelope_id" in message.data:
                self.acknowledged.append(json.loads(message.data)["envelope_id"])
        return line


@contextmanager
def fake_slack() -> Iterator[FakeSlack]:
    slack, loop = FakeSlack(free_port()), asyncio.new_event_loop()

    async def serve() -> None:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", slack.answer)
        app.router.add_get("/line", slack.line)
        runner = web.AppRunner(app, shutdown_timeout=0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", slack.port).start()

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(serve(), loop).result(10)
    yield slack
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


@contextmanager
def connected(folder: Path, slack: FakeSlack, mode: str) -> Iterator["subprocess.Popen[bytes]"]:
    """`pacekeeper run` in a Slack workspace."""
    port = free_port()
    settings = {"DATA_DIR": folder, "PORT": port, "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_API_URL": slack.api}
    settings |= {"SLACK_MODE": mode, "SLACK_APP_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": SECRET}
    environment = os.environ | {f"PACEKEEPER_{name}": str(value) for name, value in settings.items()}
    folder.mkdir(exist_ok=True)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([PROGRAM, "run"], env=environment, stdout=log, stderr=log, cwd=folder)
    process.port = port  # type: ignore[attr-defined]
    try:
        yield process
    finally:
        process.kill()
        process.wait(60)


def is_whole(folder: Path) -> None:
    """Nothing went wrong, and each database stands in its file alone."""
    said = (folder / "log").read_text()
    assert "Traceback" not in said, said
    assert [f.name for f in folder.rglob("*-wal")] == [], said


def deliver(port: int, body: bytes, kind: str) -> int:
    """A request as Slack signs it; the status that it is answered with."""
    at = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}"}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)) as connection:
        connection.request("POST", "/slack/events", body, headers)
        return connection.getresponse().status


def message(n: int) -> dict[str, object]:
    ts = f"1700000000.{n:06}"
    event = {"type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "text": "Hi", "ts": ts}
    return {"type": "event_callback", "team_id": "T1", "event_id": f"E{n}", "event_time": 1700000000, "event": event}


def kept(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "pacekeeper.db")) as database:
        return {key.rpartition("/")[2] for (key,) in database.execute("SELECT key FROM inbox")}


@pytest.mark.parametrize("signals", [("SIGTERM",), ("SIGINT",), ("SIGTERM", "SIGTERM", "SIGINT")])
def test_the_sandbox_ends_in_order_although_a_page_is_open(tmp_path: Path, signals: tuple[str, ...]) -> None:
    with running(tmp_path / "data") as one:
        one.act("mia", "command", text="ask How long may the page be?")
        page = http.client.HTTPConnection("127.0.0.1", one.port, timeout=LONG)
        page.request("GET", "/live/mia/questions")
        assert page.getresponse().readline() == b"retry: 1000\n"
        for name in signals:
            one.process.send_signal(getattr(signal, name))
            time.sleep(0.05)
        assert one.process.wait(LONG) == 0
        page.close()
        is_whole(one.folder)


def test_signed_events_that_were_acknowledged_as_it_ended_are_kept(tmp_path: Path) -> None:
    with fake_slack() as slack, connected(tmp_path / "data", slack, "http") as process:
        folder = tmp_path / "data"
        acknowledged: list[str] = []

        def send(first: int) -> None:
            for n in range(first, first + 200):
                try:
                    if deliver(process.port, json.dumps(message(n)).encode(), "application/json") == 200:  # type: ignore[attr-defined]
                        acknowledged.append(f"1700000000.{n:06}")
                except OSError:
                    time.sleep(0.01)

        until(lambda: "is running" in (folder / "log").read_text(), (folder / "log").read_text)
        senders = [threading.Thread(target=send, args=(first,)) for first in (0, 1000, 2000)]
        for sender in senders:
            sender.start()
        until(lambda: len(acknowledged) > 20, (folder / "log").read_text)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == 0
        for sender in senders:
            sender.join()
        assert set(acknowledged) <= kept(folder)
        is_whole(folder)


def test_a_platform_that_hangs_holds_nothing_up(tmp_path: Path) -> None:
    with fake_slack() as slack, connected(tmp_path / "data", slack, "http") as process:
        folder = tmp_path / "data"
        slack.hangs |= {"users.info", "chat.postMessage", "conversations.open", "views.publish"}
        until(lambda: "is running" in (folder / "log").read_text(), (folder / "log").read_text)
        form = {"command": "/cohort", "text": "help", "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
        body = urlencode(form | {"trigger_id": "1.2", "response_url": slack.api + "respond"}).encode()
        port: int = process.port  # type: ignore[attr-defined]
        threading.Thread(target=deliver, args=(port, body, "application/x-www-form-urlencoded"), daemon=True).start()
        until(lambda: "users.info" in slack.called, (folder / "log").read_text)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == 0
        assert [f.name for f in folder.rglob("*-wal")] == []


def test_it_ends_while_it_waits_for_a_platform_at_the_start(tmp_path: Path) -> None:
    with fake_slack() as slack, connected(tmp_path / "data", slack, "socket") as process:
        slack.hangs.add("auth.test")
        until(lambda: "auth.test" in slack.called, (tmp_path / "data/log").read_text)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == 0
        is_whole(tmp_path / "data")


def test_what_came_over_the_socket_and_was_acknowledged_is_kept(tmp_path: Path) -> None:
    with fake_slack() as slack, connected(tmp_path / "data", slack, "socket") as process:
        folder = tmp_path / "data"
        until(lambda: slack.lines, (folder / "log").read_text)
        line = slack.lines[0]
        loop = line._req.task.get_loop()  # type: ignore[union-attr]

        async def send() -> None:
            for n in range(500):
                sent = {"envelope_id": f"1700000000.{n:06}", "type": "events_api", "payload": message(n)}
                await line.send_json(sent)
                await asyncio.sleep(0.002)

        sending = asyncio.run_coroutine_threadsafe(send(), loop)
        until(lambda: len(slack.acknowledged) > 20, (folder / "log").read_text)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == 0
        sending.cancel()
        assert set(slack.acknowledged) <= kept(folder)
        is_whole(folder)
