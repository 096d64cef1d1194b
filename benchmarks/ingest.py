"""Measures how many signed Slack events a CPU-second takes in, beside two minimal peers in the same run.

    .venv/bin/python benchmarks/ingest.py --events 3000 --at-once 64 [--json]

Each contender is a process of its own that takes the same signed requests on the loopback interface and acknowledges an
event once it is on the disk:

- `pacekeeper`: the whole bot, with handling. People are new to it, and Slack's answers come from this program.
- `bolt`: slack-bolt behind Starlette and uvicorn, which only stores the body; waiting events share a commit.
- `bare`: the same without Bolt, on uvloop and httptools.

The contenders take turns, and the CPU time is the process's own, so a busy machine disturbs the ratios little.
`handled` counts the time until the bot has also handled everything. Ends with 1 if anything was refused or lost.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import socket
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import uvicorn
from aiohttp import ClientSession, web
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

TEAM, SECRET, CHANNEL = "T0INGEST", "secret", "C0MAIN"
CONTENDERS = ("pacekeeper", "bolt", "bare")
COURSE = Path(__file__).parents[1] / "courses" / "demo.yaml"


# What is measured: `python benchmarks/ingest.py --serve NAME FOLDER API` prints its port, and ends with its input.


class Spool:
    """Stores bodies, those that wait together in one commit. Safe to call on one event loop."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("CREATE TABLE spool (key TEXT PRIMARY KEY, body BLOB)")
        self._arrived: list[tuple[str, bytes, asyncio.Future[None]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def store(self, key: str, body: bytes) -> None:
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrived.append((key, body, stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())
        await stored

    def count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM spool").fetchone()[0])

    async def _store(self) -> None:
        while self._arrived:
            batch, self._arrived = self._arrived, []
            await asyncio.to_thread(self._write, [(key, body) for key, body, _ in batch])
            for _, _, stored in batch:
                stored.set_result(None)

    def _write(self, rows: Sequence[tuple[str, bytes]]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT OR IGNORE INTO spool VALUES (?, ?)", rows)
        self._db.execute("COMMIT")


def bolt(spool: Spool) -> Route:
    from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
    from slack_bolt.app.async_app import AsyncApp
    from slack_bolt.authorization import AuthorizeResult
    from slack_bolt.response import BoltResponse

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-1", bot_id="B0", bot_user_id="U0BOT")

    app = AsyncApp(authorize=authorize, signing_secret=SECRET)

    @app.middleware
    async def keep(body: dict[str, Any], next: Any) -> BoltResponse:
        await spool.store(body["event_id"], json.dumps(body).encode())
        return BoltResponse(status=200, body="")

    return Route("/slack/events", AsyncSlackRequestHandler(app).handle, methods=["POST"])


def bare(spool: Spool) -> Route:
    async def take(request: Request) -> Response:
        body = await request.body()
        stamp, signature = (request.headers.get(f"x-slack-{name}", "") for name in ("request-timestamp", "signature"))
        mac = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(f"v0={mac}", signature):
            return PlainTextResponse("", 401)
        await spool.store(json.loads(body)["event_id"], body)
        return Response()

    return Route("/slack/events", take, methods=["POST"])


async def serve_peer(name: str, folder: Path) -> None:
    spool = Spool(folder / "spool.db")

    async def state(_: Request) -> Response:
        return JSONResponse({"cpu": time.process_time(), "stored": spool.count(), "waiting": 0})

    app = Starlette(routes=[Route("/state", state), bolt(spool) if name == "bolt" else bare(spool)])
    at = listening()
    http: Any = "h11" if name == "bolt" else "httptools"
    server = uvicorn.Server(uvicorn.Config(app, http=http, log_level="warning", access_log=False, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[at]))
    await until_told(at)
    server.should_exit = True
    await serving


async def serve_pacekeeper(folder: Path, api: str) -> None:
    from adapters.slack.adapter import Slack
    from adapters.slack.config import SlackWorkspace
    from bot.app.cohorts import CohortPlan, create_cohort
    from bot.app.compose import compose
    from bot.app.serving import combined, serve
    from bot.core.time import SystemClock, local_day, monday_of
    from storage.sql.migrate import upgrade

    clock = SystemClock()
    slack = Slack([SlackWorkspace("xoxb-1", "", SECRET, "http", api)], folder / "slack")
    app = compose(f"sqlite:///{folder / 'pacekeeper.db'}", clock, [slack])
    upgrade(app.storage.engine)
    starts_on = monday_of(local_day(clock.now(), "Europe/Berlin"))
    text = COURSE.read_text(encoding="utf-8")
    plan = CohortPlan("demo", text, starts_on, "Europe/Berlin", TEAM, {"main": CHANNEL})
    create_cohort(app.storage, app.registry, plan)
    reading = sqlite3.connect(folder / "pacekeeper.db", isolation_level=None)

    async def state(_: Request) -> Response:
        known = "key LIKE 'message/%'"
        stored, waiting = reading.execute(
            f"SELECT count(*), sum(state = 'waiting') FROM inbox WHERE {known}"
        ).fetchone()
        return JSONResponse({"cpu": time.process_time(), "stored": stored, "waiting": waiting or 0})

    at = listening()
    await app.runtime.start()
    serving = asyncio.create_task(serve(combined([*slack.routes, Route("/state", state)], None), at, "127.0.0.1"))
    await until_told(at)
    serving.cancel()
    await asyncio.wait({serving})
    await app.runtime.stop()
    app.storage.close()


def listening() -> socket.socket:
    at = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    at.bind(("127.0.0.1", 0))
    at.listen(1024)
    return at


async def until_told(at: socket.socket) -> None:
    print(at.getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


def run_server(name: str, folder: Path, api: str) -> None:
    if name == "bolt":
        asyncio.run(serve_peer(name, folder))
        return
    import uvloop

    uvloop.run(serve_pacekeeper(folder, api) if name == "pacekeeper" else serve_peer(name, folder))


# What measures


@dataclass
class Contender:
    """What was measured of one of them; `rates` are events a CPU-second, one for each round."""

    rates: list[float] = field(default_factory=list)
    handled: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    lost: int = 0

    def summary(self) -> dict[str, Any]:
        return {
            "per_cpu_second": round(median(self.rates)),
            "handled_per_cpu_second": round(median(self.handled)),
            "p99_ms": round(1000 * sorted(self.took)[len(self.took) * 99 // 100]),
            "refused": sum(n for status, n in self.answers.items() if status != 200),
            "lost": self.lost,
        }


def requests(count: int, people: int, round: int) -> list[bytes]:
    """Signed requests with messages in one channel, by so many people who are new in this round."""
    made = []
    for n in range(count):
        user, ts = (
            f"U{round:02}{n % people:06}",
            f"{int(time.time()) // 1000 * 1000 - 9000 + 500 * round + n / 100:.6f}",
        )
        text = f"I have read the second part, and wonder how long the report should be ({n})."
        rich = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        event = {
            "type": "message", "user": user, "ts": ts, "client_msg_id": f"{n:032x}", "text": text, "team": TEAM,
            "blocks": [{"type": "rich_text", "block_id": "b1", "elements": [rich]}],
            "channel": CHANNEL, "event_ts": ts, "channel_type": "channel",
        }  # fmt: skip
        who = {
            "enterprise_id": None,
            "team_id": TEAM,
            "user_id": "U0BOT",
            "is_bot": True,
            "is_enterprise_install": False,
        }
        body = json.dumps(
            {
                "token": "t", "team_id": TEAM, "context_team_id": TEAM, "context_enterprise_id": None,
                "api_app_id": "A1", "event": event, "type": "event_callback", "event_id": f"Ev{round}{n:010}",
                "event_time": int(time.time()),
                "authorizations": [who], "is_ext_shared_channel": False, "event_context": "4-xyz",
            }
        )  # fmt: skip
        stamp = str(int(time.time()))
        mac = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        head = (
            "POST /slack/events HTTP/1.1", "host: 127.0.0.1", "user-agent: Slackbot 1.0", "accept: */*",
            "content-type: application/json", f"content-length: {len(body)}", f"x-slack-signature: v0={mac}",
            f"x-slack-request-timestamp: {stamp}",
        )  # fmt: skip
        made.append(("\r\n".join(head) + "\r\n\r\n" + body).encode())
    return made


async def send(port: int, made: list[bytes], at_once: int, found: Contender) -> None:
    waiting = iter(made)

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in waiting:
            begun = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next((int(h[15:]) for h in head.lower().split(b"\r\n") if h.startswith(b"content-length:")), 0)
            await reader.readexactly(length)
            found.took.append(time.perf_counter() - begun)
            found.answers[int(head[9:12])] += 1
        writer.close()

    await asyncio.gather(*(connection() for _ in range(at_once)))


async def state(session: ClientSession, port: int) -> dict[str, Any]:
    async with session.get(f"http://127.0.0.1:{port}/state") as answer:
        return dict(await answer.json())


async def slack_api(request: web.Request) -> web.Response:
    given: dict[str, Any] = dict(request.query) | dict(await request.post())
    match request.match_info["method"]:
        case "auth.test":
            answer: dict[str, Any] = {
                "team_id": TEAM,
                "user_id": "U0BOT",
                "bot_id": "B0",
                "url": "https://a.slack.com/",
            }
        case "users.info":
            user = given.get("user", "")
            answer = {"user": {"id": user, "name": user, "tz": "Europe/Berlin", "profile": {"real_name": user}}}
        case "chat.postMessage":
            answer = {"channel": CHANNEL, "ts": f"{time.time():.6f}"}
        case _:
            answer = {"messages": [], "usergroups": [], "members": [], "channel": {"id": CHANNEL}}
    return web.json_response({"ok": True, **answer})


async def compete(asked: argparse.Namespace, folder: Path) -> dict[str, Contender]:
    there = web.Application()
    there.router.add_route("*", "/api/{method}", slack_api)
    runner = web.AppRunner(there)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    found = {name: Contender() for name in CONTENDERS}
    running = {}
    for name in CONTENDERS:
        (folder / name).mkdir()
        arguments = (__file__, "--serve", name, str(folder / name), api)
        pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
        process = await asyncio.create_subprocess_exec(sys.executable, *arguments, **pipes)
        assert process.stdout is not None
        running[name] = process, int(await process.stdout.readline())
    async with ClientSession() as session:
        for round in range(asked.rounds + 1):
            for name, (_, port) in running.items():
                # The first round warms up.
                result = found[name] if round else Contender()
                made = requests(asked.events if round else 200, asked.people, round)
                before = await state(session, port)
                await send(port, made, asked.at_once, result)
                after = await state(session, port)
                end = after
                while end["waiting"]:
                    await asyncio.sleep(0.05)
                    end = await state(session, port)
                result.rates.append(len(made) / (after["cpu"] - before["cpu"]))
                result.handled.append(len(made) / (end["cpu"] - before["cpu"]))
                result.lost += len(made) - (end["stored"] - before["stored"])
    for process, _ in running.values():
        process.stdin.close()  # type: ignore[union-attr]
        await process.wait()
    await runner.cleanup()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=3000, help="in each round")
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--people", type=int, default=60, help="who post, and whom nobody has seen before")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="on the disk to measure; the one for temporary files by default")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--serve", nargs=3, metavar=("NAME", "FOLDER", "API"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        run_server(asked.serve[0], Path(asked.serve[1]), asked.serve[2])
        return
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        found = asyncio.run(compete(asked, Path(folder)))
    results = {name: contender.summary() for name, contender in found.items()}
    if asked.json:
        print(json.dumps(results))
    else:
        for name, result in results.items():
            said = "{per_cpu_second:6} a CPU-second, {handled_per_cpu_second:6} handled, p99 {p99_ms:5} ms"
            share = result["per_cpu_second"] / results["bare"]["per_cpu_second"]
            wrong = "{refused} refused, {lost} lost".format(**result)
            print(f"{name:10} {said.format(**result)}, {wrong}, {share:.2f} of the bare one")
    ours = results["pacekeeper"]
    sys.exit(1 if ours["refused"] or ours["lost"] else 0)


if __name__ == "__main__":
    main()
