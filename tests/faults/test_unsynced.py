"""The disk refuses a sync: nobody is told that anything was saved, and the next start goes on."""

import errno
import os
import traceback
from pathlib import Path

import pytest

import storage.sql.log
from bot.app.cli.output import FAILED
from storage.sql.log import Log
from tests.test_run import free_port, running

PROGRAM = Path(__file__).with_name("unsynced_process.py")


def test_the_bot_ends_in_order_and_its_next_start_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with running(folder, program=PROGRAM) as bot:
        before = bot.act("mia", "command", text="ask What was asked before?")
        assert "reply" in before
        (folder / "full").touch()
        refused = bot.act("mia", "command", text="ask What was asked meanwhile?", delivery="twice")
        assert "could not be saved" in str(refused)
        assert bot.process.wait(20) == FAILED
    said = (folder / "log").read_text()
    assert "The disk could not be synced" in said
    assert "No space left" in said or "disk is full" in said
    assert "Traceback" not in said
    (folder / "full").unlink()
    with running(folder, free_port(), program=PROGRAM) as bot:
        bot.act("mia", "command", text="ask What was asked meanwhile?", delivery="twice")
        posts = bot.ask("GET", "transcript?after=0").decode()
        assert "What was asked before?" in posts
        assert "What was asked meanwhile?" in posts


def test_a_failed_sync_is_told_to_everybody_and_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.db-wal").touch()
    log = Log(tmp_path / "a.db")

    def refuse(file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(storage.sql.log, "_flush", refuse)
        failures = [failure(log)]
    # The disk says yes again, and what it dropped is still not there.
    failures += [failure(log) for _ in range(2000)]
    assert log.failed
    assert {f.errno for f in failures} == {errno.ENOSPC}
    assert max(len(traceback.extract_tb(f.__traceback__)) for f in failures) < 10


def failure(log: Log) -> OSError:
    with pytest.raises(OSError, match="No space left") as refused:
        log.sync()
    return refused.value
