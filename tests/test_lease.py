"""Two bots on one database: the second is refused, and takes over from one that died or was paused."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.contract.conftest import fresh_postgres, postgres  # noqa: F401
from tests.test_run import free_port
from tests.waiting import LONG, until

# Holds that last two seconds instead of thirty.
PROGRAM = """
import storage.stores.lease
storage.stores.lease.LASTS, storage.stores.lease.RENEW = 2.0, 0.5
from bot.app.cli import main
main()
"""
ROOT = str(Path(__file__).parents[1])


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shared' / 'pacekeeper.db'}"
    url: str = request.getfixturevalue("fresh_postgres")
    return url


@contextmanager
def bot(folder: Path, database: str) -> Iterator["subprocess.Popen[bytes]"]:
    """`pacekeeper run --sandbox` in a data folder of its own, on a database that it shares."""
    folder.mkdir()
    settings = {"DATA_DIR": str(folder), "PORT": str(free_port()), "DATABASE_URL": database}
    environment = os.environ | {f"PACEKEEPER_{k}": v for k, v in settings.items()} | {"PYTHONPATH": ROOT}
    with (folder / "log").open("ab") as log:
        command = [sys.executable, "-c", PROGRAM, "run", "--sandbox"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
    try:
        yield process
    finally:
        process.kill()
        process.wait(LONG)


def says(folder: Path, words: str) -> None:
    until(lambda: words in " ".join((folder / "log").read_text().split()), (folder / "log").read_text)


def test_a_second_bot_is_refused_and_comes_in_when_the_first_has_gone(tmp_path: Path, database: str) -> None:
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    with bot(one, database) as first:
        says(one, "is running")
        with bot(two, database) as second:
            assert second.wait(LONG) == 1
            says(two, f"Another bot runs on this database: on {os.uname().nodename} (process {first.pid}), since")
            assert "Traceback" not in (two / "log").read_text()
        assert first.poll() is None
        first.kill()
        first.wait(LONG)
        # It died on this machine: nobody waits for it.
        with bot(three, database) as third:
            says(three, "is running")
            assert "Waiting" not in (three / "log").read_text()
            third.send_signal(signal.SIGTERM)
            assert third.wait(LONG) == 0


def test_a_bot_that_was_paused_finds_its_place_taken_and_ends(tmp_path: Path, database: str) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    with bot(one, database) as first:
        says(one, "is running")
        # Once it has nothing to do: within a transaction it would hold the file itself.
        time.sleep(2)
        first.send_signal(signal.SIGSTOP)
        with bot(two, database) as second:
            says(two, "has not given this database back")
            says(two, "is running")
            first.send_signal(signal.SIGCONT)
            assert first.wait(LONG) == 1
            says(one, "Another bot has taken this one's place")
            assert second.poll() is None
