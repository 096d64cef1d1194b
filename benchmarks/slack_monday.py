"""Measures a Monday on Slack: a card for each of many learners, against a counterpart that keeps Slack's limits.

    .venv/bin/python benchmarks/slack_monday.py --learners 300

The whole bot runs in real time, with the adapter that talks to Slack. The counterpart answers with 429 beyond Slack's
documented limits, and to one call in `--trouble` besides. It first gets a card for each learner to whom the bot has
never written, then a second and an edit of it. Printed: how long each took, what was refused, and what came twice or
out of order. https://docs.slack.dev/apis/web-api/rate-limits
"""

import argparse
import asyncio
import logging
import tempfile
import time
from collections import Counter, defaultdict, deque
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import web
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from adapters.slack.adapter import Slack
from adapters.slack.config import SlackWorkspace
from bot.app.compose import Application, compose
from bot.core.effects import Direct, Show
from bot.core.message import heading, message, paragraph
from bot.core.time import SystemClock
from bot.runtime.ports import NewDelivery
from storage.sql.migrate import upgrade
from storage.tables.people import AccountRow, PersonRow

TEAM = "T0MONDAY"
A_MINUTE = {"conversations.open": 50, "chat.update": 50, "users.list": 20, "users.info": 100, "chat.postMessage": 300}
"""Calls a minute by method: Slack's tiers, and the 'several hundred' messages of a workspace."""

screen = Console()


class Counterpart:
    """Slack, as far as its limits go: a window of a minute for each method, a second for each conversation."""

    def __init__(self, learners: int, trouble: int) -> None:
        self.users = [f"U{n:06d}" for n in range(learners)]
        self.seen: defaultdict[str, list[str]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self._windows: defaultdict[str, deque[float]] = defaultdict(deque)
        self._posted_at: dict[str, float] = {}
        self._trouble, self._chance = trouble, Random(1)
        self._ts = 1_700_000_000_000_000

    async def api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        given: dict[str, Any] = dict(request.query)
        if request.content_type == "application/json":
            given |= await request.json()
        if pause := self._pause(method, str(given.get("channel", ""))):
            self.refused[method] += 1
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(pause)}
            )
        return web.json_response({"ok": True, **self._answer(method, given)})

    def _pause(self, method: str, channel: str) -> int:
        """Seconds to wait, if the call is over a limit; else it is counted."""
        now, window = time.monotonic(), self._windows[method]
        while window and window[0] < now - 60:
            window.popleft()
        if method != "auth.test" and self._chance.randrange(self._trouble) == 0:
            return self._chance.randint(1, 10)
        if len(window) >= A_MINUTE.get(method, 1000):
            return int(60 - (now - window[0])) + 1
        if method == "chat.postMessage" and now - self._posted_at.get(channel, 0) < 0.9:
            return 1
        window.append(now)
        self._posted_at[channel] = now
        return 0

    def _answer(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "auth.test":
                return {"team_id": TEAM, "user_id": "U0BOT", "bot_id": "B0BOT", "url": "https://monday.slack.com/"}
            case "users.list":
                people = [{"id": u, "name": u, "tz": "Europe/Berlin", "profile": {"real_name": u}} for u in self.users]
                return {"members": people}
            case "conversations.open":
                return {"channel": {"id": given["users"].replace("U", "D", 1)}}
            case "chat.postMessage" | "chat.update":
                self.seen[given["channel"]].append(given["text"].splitlines()[0])
                self._ts += 1
                return {"channel": given["channel"], "ts": f"{self._ts / 1e6:.6f}"}
            case _:
                return {"messages": [], "usergroups": []}


def enrolled(app: Application, users: list[str]) -> None:
    """Writes the learners, as a roster does."""
    now = SystemClock().now()
    with Session(app.storage.engine) as session, session.begin():
        session.add_all(PersonRow(id=n, name=u, zone="UTC", met_at=now) for n, u in enumerate(users, 1))
        session.flush()
        session.add_all(AccountRow(workspace=TEAM, user=u, person=n, seen_at=now) for n, u in enumerate(users, 1))


async def card(app: Application, there: Counterpart, name: str, title: str, already: int, table: Table) -> None:
    """Shows everybody a card, and waits until all have it."""
    begun, before = time.monotonic(), there.refused.total()
    said = message(heading(title), paragraph("What this week is for."))
    rows = [
        NewDelivery(Show(f"{name}/{n}", Direct(n), said), TEAM, f"@{user}", n, None)
        for n, user in enumerate(there.users, 1)
    ]
    await app.storage.run(lambda unit: unit.outbox.put(rows, SystemClock().now()))
    half = 0.0
    while (arrived := sum(len(texts) > already for texts in there.seen.values())) < len(rows):
        half = half or (time.monotonic() - begun if arrived >= len(rows) / 2 else 0.0)
        await asyncio.sleep(0.1)
    took = time.monotonic() - begun
    table.add_row(title, f"{half:.0f} s", f"{took:.0f} s", str(there.refused.total() - before))


async def measure(learners: int, trouble: int, folder: Path) -> None:
    there = Counterpart(learners, trouble)
    site = web.Application()
    site.router.add_route("*", "/api/{method}", there.api)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    slack = Slack([SlackWorkspace("xoxb-1", "", "secret", "http", url)], folder / "slack")
    app = compose(f"sqlite:///{folder / 'pacekeeper.db'}", SystemClock(), [slack])
    upgrade(app.storage.engine)
    enrolled(app, there.users)
    table = Table("Card", "Half have it after", "All have it after", "Refused (429)")
    await app.runtime.start()
    try:
        await card(app, there, "first", "The first card", 0, table)
        await card(app, there, "second", "The second card", 1, table)
        await card(app, there, "second", "The second card, changed", 2, table)
    finally:
        await app.runtime.stop()
        app.storage.close()
        await runner.cleanup()
    right = ["The first card", "The second card", "The second card, changed"]
    wrong = [texts for texts in there.seen.values() if texts != right]
    screen.print(table)
    screen.print(f"{len(there.seen)} learners, {len(wrong)} of them with a card twice or out of order", wrong[:3] or "")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--learners", type=int, default=300)
    options.add_argument("--trouble", type=int, default=50, help="one call in so many is refused besides")
    given = options.parse_args()
    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(given.learners, given.trouble, Path(folder)))


if __name__ == "__main__":
    main()
