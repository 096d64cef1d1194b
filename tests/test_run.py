"""The program as a whole: `pacekeeper run --sandbox` in a process of its own, driven over its JSON interface."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.core.time import parse_instant
from tests.waiting import LONG

ROOT = Path(__file__).parents[1]
CLOCK = "2026-01-05T08:00:00Z"
PROGRAM = Path(sys.executable).with_name("pacekeeper")


class Running:
    """A sandbox on a port of its own."""

    def __init__(self, folder: Path, port: int, program: Path | None = None, clock: str = CLOCK) -> None:
        self.folder, self.port = folder, port
        self.process = start(folder, port, program, clock)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> bytes:
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
            try:
                headers = {"Content-Type": "application/json"}
                connection.request(method, f"/api/v1/{path}", json.dumps(body) if body else None, headers)
                return connection.getresponse().read()
            except ConnectionError:
                assert self.process.poll() is None, (self.folder / "log").read_text()
                time.sleep(0.02)
            finally:
                connection.close()

    def act(self, who: str, do: str, **more: Any) -> Any:
        return json.loads(self.ask("POST", "act", {"as": who, "do": do, **more}))


def start(folder: Path, port: int, program: Path | None = None, clock: str = CLOCK) -> "subprocess.Popen[bytes]":
    """`program`: a Python file that stands in for the command."""
    folder.mkdir(exist_ok=True)
    settings = {"CLOCK": f"virtual:{clock}", "DATA_DIR": str(folder), "PORT": str(port)}
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | {f"PACEKEEPER_{k}": v for k, v in settings.items()}
    with (folder / "log").open("ab") as log:
        command = [sys.executable, program] if program else [PROGRAM]
        return subprocess.Popen([*command, "run", "--sandbox"], env=environment, stdout=log, stderr=log, cwd=folder)


@contextmanager
def running(
    folder: Path, port: int | None = None, program: Path | None = None, clock: str = CLOCK
) -> Iterator[Running]:
    one = Running(folder, port or free_port(), program, clock)
    try:
        yield one
    finally:
        one.process.kill()
        one.process.wait(60)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


def play(one: Running) -> bytes:
    """Acts one after the other, without waiting for anything: the bot answers before each returns."""
    one.act("mia", "say", place="questions", text="How long may the page be?")
    one.act("aiko", "command", text="ask Is there a template? anonymous=yes")
    one.act("mia", "command", text="link")
    one.act("leo", "command", text="leave")
    form = one.act("tane", "command", text="ask")["form"]
    one.act("tane", "submit", action=form["action"], values={"text": "What is due?"})
    left = one.act("leo", "press", action="enrolment.leave/1/1:")
    assert "/cohort join" in left["reply"]["text"]
    one.ask("POST", "clock", {"advance": "2026-01-10T08:00:00Z"})
    return one.ask("GET", "transcript?after=0")


def test_the_same_acts_give_the_same_transcript_and_one_bot_has_one_folder(tmp_path: Path) -> None:
    with running(tmp_path / "one") as one, running(tmp_path / "two") as two:
        assert play(one) == play(two)
        for folder, port, said in (
            (one.folder, free_port(), b"runs in the data folder"),
            (tmp_path / "three", one.port, b"is in use already"),
        ):
            other = start(folder, port)
            assert other.wait(60) == 1
            assert said in (folder / "log").read_bytes()
            assert b"Traceback" not in (folder / "log").read_bytes()


def test_what_waited_when_it_was_killed_goes_out_once(tmp_path: Path) -> None:
    with running(tmp_path / "data") as one:
        one.ask("POST", "fault", {"kind": "429", "times": 5})
        asked = one.act("mia", "command", text="ask How long may the page be?", delivery="d1")
        one.process.send_signal(signal.SIGKILL)
    with running(tmp_path / "data") as again:
        assert again.act("mia", "command", text="ask How long may the page be?", delivery="d1") == asked
        again.ask("POST", "clock", {"advance": "2026-01-05T08:01:00Z"})
        lines = [json.loads(line) for line in again.ask("GET", "transcript?after=0").decode().splitlines()]
        posted = [line for line in lines if line["kind"] == "posted" and "How long may the page be?" in line["text"]]
        assert [parse_instant(p["at"]).isoformat() for p in posted] == ["2026-01-05T08:00:01+00:00"]
