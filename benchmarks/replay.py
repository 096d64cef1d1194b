"""Replays the threads of a chat export through a running sandbox, in their order and at their times.

    .venv/bin/python benchmarks/replay.py EXPORT.zip --threads 200

It starts `pacekeeper run --sandbox` on a new directory with the clock at the first message, lets everybody
join, and replays each message, edit and reaction over the JSON interface. It prints events per second, commits
per second of this disk for comparison, and the results.

Reads a workspace export: a zip of channels with one JSON file per day (`ts`, `thread_ts`, `user`, `text`,
`reactions`, `edited`).
"""

import argparse
import html
import http.client
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

TICKS = {"white_check_mark", "heavy_check_mark", "ballot_box_with_check"}
LONGEST = 40_000
"""Longest message in characters."""

screen = Console()


@dataclass(frozen=True)
class Step:
    """An act of a person. `subject` is the export's id of the message concerned."""

    at: float
    do: str
    who: str
    subject: str
    root: str
    text: str = ""


def read(export: Path, limit: int | None) -> list[Step]:
    """The steps of the first `limit` threads in order of time."""
    messages: list[dict[str, Any]] = []
    with zipfile.ZipFile(export) as archive:
        days = sorted(n for n in archive.namelist() if re.fullmatch(r"[^/]+/\d{4}-\d\d-\d\d\.json", n))
        for day in days:
            messages += json.loads(archive.read(day))
    said = [m for m in messages if m.get("type") == "message" and "user" in m and "subtype" not in m]
    said.sort(key=lambda m: float(m["ts"]))
    roots = [m["ts"] for m in said if m.get("thread_ts", m["ts"]) == m["ts"]]
    kept = set(roots if limit is None else roots[:limit])
    steps = [step for m in said if m.get("thread_ts", m["ts"]) in kept for step in _steps(m)]
    last = Counter[str]()
    for step in steps:
        last[step.root] = max(last[step.root], step.at)  # type: ignore[type-var]
    # Exports have no times of reactions, so they follow the thread's last message.
    timed = [s if s.do != "react" else Step(last[s.root] + 60, s.do, s.who, s.subject, s.root) for s in steps]
    return sorted(timed, key=lambda s: s.at)


def _steps(m: dict[str, Any]) -> Iterator[Step]:
    root, text = m.get("thread_ts", m["ts"]), html.unescape(m.get("text", ""))[:LONGEST]
    yield Step(float(m["ts"]), "say", m["user"], m["ts"], root, text or "(no text)")
    if "edited" in m:
        yield Step(float(m["edited"]["ts"]), "edit", m["user"], m["ts"], root, text or "(no text)")
    for reaction in m.get("reactions", ()):
        if reaction["name"] in TICKS:
            for user in reaction["users"]:
                yield Step(0, "react", user, m["ts"], root)


class Sandbox:
    """A sandbox in a separate process, driven over HTTP."""

    def __init__(self, directory: Path, start: datetime) -> None:
        self.directory = directory
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = os.environ | {
            "PACEKEEPER_DATA_DIR": str(directory),
            "PACEKEEPER_PORT": str(port),
            "PACEKEEPER_CLOCK": f"virtual:{_iso(start)}",
            "PACEKEEPER_DATABASE_URL": "",
        }
        program = Path(sys.executable).with_name("pacekeeper")
        self._log = (directory / "log").open("w")
        self._process = subprocess.Popen(
            [program, "run", "--sandbox"], env=environment, stdout=self._log, stderr=self._log
        )
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        for _ in range(300):
            try:
                self._connection.connect()
                # Head and body are two writes: without this each request waits 40 ms for an ACK.
                self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.get("people")
                return
            except (ConnectionError, OSError):
                self._connection.close()
                if self._process.poll() is not None:
                    break
                time.sleep(0.1)
        raise SystemExit(f"The sandbox did not start:\n{(directory / 'log').read_text()}")

    def get(self, path: str) -> Any:
        return self._ask("GET", path, None)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._ask("POST", path, json.dumps(body))

    def act(self, who: str, do: str, **more: Any) -> Any:
        return self.post("act", {"as": who, "do": do, "settle": False, **more})

    def advance(self, until: datetime) -> None:
        self.post("clock", {"advance": _iso(until)})

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)
        self._log.close()

    def _ask(self, method: str, path: str, body: str | None) -> Any:
        self._connection.request(method, f"/api/v1/{path}", body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        text = response.read()
        if response.status >= 400:
            raise SystemExit(f"{method} {path} {body}: {response.status} {text[:500]!r}")
        return json.loads(text)


def replay(sandbox: Sandbox, steps: list[Step]) -> dict[str, float]:
    """Lets everybody join, then replays the steps. Returns seconds: 'joining', 'playing'."""
    code = _one(sandbox, "SELECT join_code FROM cohorts")
    seconds = {"joining": 0.0, "playing": 0.0}
    ids: dict[str, str] = {}
    posted: dict[str, int] = {}
    with Progress(console=screen, transient=True) as progress:
        for step in progress.track(steps, description="Playing"):
            began = time.perf_counter()
            sandbox.advance(datetime.fromtimestamp(step.at, UTC))
            seconds["playing"] += time.perf_counter() - began
            if step.who not in ids:
                ids[step.who] = id = re.sub(r"[^a-z0-9]", "", step.who.lower())
                began = time.perf_counter()
                sandbox.post("people", {"id": id, "name": step.who, "zone": "Europe/Berlin"})
                sandbox.act(id, "command", place=f"dm:{id}", text=f"/cohort join {code}")
                seconds["joining"] += time.perf_counter() - began
            began = time.perf_counter()
            _play(sandbox, step, ids[step.who], posted)
            seconds["playing"] += time.perf_counter() - began
        # One more week, so that the last digests are sent.
        sandbox.advance(datetime.fromtimestamp(steps[-1].at, UTC) + timedelta(days=8))
    return seconds


def _play(sandbox: Sandbox, step: Step, who: str, posted: dict[str, int]) -> None:
    if step.do == "say":
        thread = posted.get(step.root) if step.root != step.subject else None
        done = sandbox.act(who, "say", place="questions", thread=thread, text=step.text)
        posted[step.subject] = done["message"]
    elif step.do == "edit":
        sandbox.act(who, "edit", message=posted[step.subject], text=step.text)
    else:
        sandbox.act(who, "react", message=posted[step.subject], emoji="white_check_mark")


def commits_a_second(directory: Path) -> float:
    """Commits per second of one small row on this disk, with the bot's settings."""
    connection = sqlite3.connect(directory / "limit.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)")
    began, count = time.perf_counter(), 2000
    for _ in range(count):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO t (body) VALUES (?)", ("x" * 500,))
        connection.execute("COMMIT")
    connection.close()
    return count / (time.perf_counter() - began)


def _one(sandbox: Sandbox, query: str) -> Any:
    with sqlite3.connect(f"file:{sandbox.directory / 'pacekeeper.db'}?mode=ro", uri=True) as connection:
        return connection.execute(query).fetchone()[0]


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("export", type=Path)
    parser.add_argument("--threads", type=int, default=None, help="how many threads; all by default")
    arguments = parser.parse_args()
    steps = read(arguments.export, arguments.threads)
    if not steps:
        raise SystemExit(f"{arguments.export} holds no messages.")
    kinds = Counter(s.do if s.do != "say" else ("ask" if s.root == s.subject else "answer") for s in steps)
    with tempfile.TemporaryDirectory(prefix="replay-") as directory:
        start = datetime.fromtimestamp(steps[0].at, UTC) - timedelta(hours=1)
        limit = commits_a_second(Path(directory))
        sandbox = Sandbox(Path(directory), start)
        try:
            seconds = replay(sandbox, steps)
            count = {
                "questions tracked": "SELECT count(*) FROM questions",
                "solved": "SELECT count(*) FROM questions WHERE state = 'solved'",
                "open": "SELECT count(*) FROM questions WHERE state = 'open'",
                "replies": "SELECT count(*) FROM question_replies",
                "FAQ drafts": "SELECT count(*) FROM faq_entries WHERE state = 'draft'",
                "desks laid": "SELECT count(*) FROM refs WHERE anchor LIKE 'desk/%' AND part = 0",
                "manager's weeks": "SELECT count(*) FROM refs WHERE anchor LIKE 'overview/%' AND part = 0",
                "events set aside": "SELECT count(*) FROM inbox WHERE state = 'aside'",
                "given up": "SELECT count(*) FROM outbox WHERE state = 'dead'",
                "planned things that failed": "SELECT count(*) FROM due WHERE state = 'failed'",
            }
            came_out = {name: _one(sandbox, query) for name, query in count.items()}
        finally:
            sandbox.stop()
    table = Table(box=None, show_header=False)
    table.add_row("played", ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())))
    table.add_row("people", str(len({s.who for s in steps})))
    table.add_row("time in the chat", f"{timedelta(seconds=round(steps[-1].at - steps[0].at))}")
    table.add_row("joining", f"{seconds['joining']:.1f} s")
    table.add_row("playing", f"{seconds['playing']:.1f} s")
    table.add_row("events a second", f"{len(steps) / seconds['playing']:.0f}")
    table.add_row("(commits a second on this disk)", f"{limit:.0f}")
    for name, number in came_out.items():
        table.add_row(name, str(number))
    screen.print(table)


if __name__ == "__main__":
    main()
