"""An operator whose data is damaged, empty, gone or too new: what they are told, and that nothing is touched."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.app import permissions
from bot.app.cli import app
from bot.core.errors import NeedsOperator
from tests.test_run import PROGRAM, free_port, running
from tests.waiting import LONG

ROOT = Path(__file__).parents[1]
STARTS = (("run", "--sandbox"), ("cohort", "list"), ("db", "upgrade"))


def pacekeeper(folder: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """The program as an operator starts it; where it goes on running that is an error."""
    settings = {"PACEKEEPER_DATA_DIR": str(folder), "PACEKEEPER_PORT": str(free_port())} | more
    return subprocess.run(
        [PROGRAM, *words], env=os.environ | settings, cwd=folder.parent, capture_output=True, text=True, timeout=LONG
    )


def in_process(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    monkeypatch.setenv("PACEKEEPER_DATA_DIR", str(folder))
    return CliRunner().invoke(app, words, catch_exceptions=False)


def said(done: "subprocess.CompletedProcess[str]") -> str:
    return flat(f"{done.stdout} {done.stderr}")


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a sandbox in which something was said."""
    folder = tmp_path_factory.mktemp("used") / "data"
    with running(folder) as one:
        one.act("mia", "command", place="general", text="ask", values={"text": "Where do I begin?"})
        one.process.terminate()
        one.process.wait(60)
    (folder / "log").unlink()
    with closing(sqlite3.connect(folder / "pacekeeper.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture
def data(used: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(used, tmp_path / "data"))


def empty(file: Path) -> None:
    file.write_bytes(b"")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def scribble(file: Path) -> None:
    """Random pages in the middle, the first one stays."""
    chance, content = random.Random(5), bytearray(file.read_bytes())
    for start in range(4096, len(content) - 4096, 3 * 4096):
        content[start : start + 4096] = chance.randbytes(4096)
    file.write_bytes(content)


def replace(file: Path) -> None:
    file.write_text("This was a database once.\n" * 300)


def drop_tables(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        for table in ("outbox", "inbox"):
            db.execute(f"DROP TABLE {table}")
        db.commit()


def clear(file: Path) -> None:
    """Every table is gone, the file is a valid, empty database."""
    file.unlink()
    with closing(sqlite3.connect(file)) as db:
        db.execute("VACUUM")


def leave_its_log(file: Path) -> None:
    file.with_name(f"{file.name}-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(9000))
    file.unlink()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (empty, "is empty (0 bytes), and there was one in use here"),
        (Path.unlink, "is missing, and there was one in use here"),
        (cut, "is damaged"),
        (scribble, "is damaged"),
        (replace, "is not a database"),
        (drop_tables, "tables are missing: inbox, outbox"),
        (clear, "in use here"),
        (leave_its_log, "is missing, and its log is still there"),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_a_spoiled_database_is_named_and_nothing_starts_on_it(
    data: Path, spoil: Callable[[Path], None], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = data / "pacekeeper.db"
    spoil(file)
    before = file.read_bytes() if file.exists() else None
    looked = in_process(data, monkeypatch, "doctor", "--json")
    assert looked.exit_code == 3
    found = [f for f in json.loads(looked.stdout) if f["what"].startswith("Database")]
    assert any(words in f["state"] and f["mend"] for f in found), found
    for start in STARTS:
        with pytest.raises(NeedsOperator) as refused:
            in_process(data, monkeypatch, *start)
        assert words in str(refused.value)
        assert "Nothing was touched" in str(refused.value)
    assert (file.read_bytes() if file.exists() else None) == before


def test_a_platforms_own_file_is_looked_at_too(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace(data / "sandbox.db")
    assert "sandbox.db is not a database" in flat(in_process(data, monkeypatch, "doctor").output)
    with pytest.raises(NeedsOperator, match="not a database"):
        in_process(data, monkeypatch, "run", "--sandbox")


def test_rows_that_refer_to_nothing_are_found_by_the_doctor(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(data / "pacekeeper.db")) as db:
        # SQLite does not look at links unless it is told to.
        db.execute("DELETE FROM people")
        db.commit()
    assert "refers to a row of people that is not there" in flat(in_process(data, monkeypatch, "doctor").output)


def test_the_doctor_names_whom_an_older_database_stored_twice(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user = "300000000000000001"
    with closing(sqlite3.connect(data / "pacekeeper.db")) as db:
        for person in (901, 902):
            at = "2026-01-05 08:00:00.000000"
            db.execute(
                "INSERT INTO people (id, name, zone, picked_zone, hour, met_at) VALUES (?, 'Mia', 'UTC', 0, 9, ?)",
                (person, at),
            )
            db.execute(
                "INSERT INTO accounts (workspace, user, person, active, seen_at) VALUES (?, ?, ?, 1, ?)",
                (f"200000000000000{person}", user, person, at),
            )
        db.commit()
    said = flat(in_process(data, monkeypatch, "doctor").output)
    assert "Stored twice: Mia (#901), Mia (#902)" in said
    assert "/cohort link" in said


def test_a_database_that_was_in_use_before_notes_were_kept(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "used.json").unlink()
    (data / "pacekeeper.db").unlink()
    (data / "chat").mkdir()
    with closing(sqlite3.connect(data / "chat" / "chat.db")) as db:
        db.execute("CREATE TABLE seen (id)")
        db.execute("INSERT INTO seen VALUES (1)")
        db.commit()
    with pytest.raises(NeedsOperator, match="is missing, and there was one in use here"):
        in_process(data, monkeypatch, "cohort", "list")


def test_a_first_start_that_was_cut_off_begins_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "running.lock").touch()
    (folder / "pacekeeper.db").touch()

    def to_fix() -> list[str]:
        found = json.loads(in_process(folder, monkeypatch, "doctor", "--json").stdout)
        return [finding["what"] for finding in found if finding["mend"]]

    assert to_fix() == ["Connections"]
    assert in_process(folder, monkeypatch, "cohort", "list").exit_code == 0
    assert to_fix() == ["Connections"]


def test_an_older_program_says_which_version_is_needed(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = data / "pacekeeper.db"
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9001'")
        db.commit()
    note = json.loads((data / "used.json").read_text())
    (data / "used.json").write_text(json.dumps(note | {"version": "7.3.0", "schema": "9001"}))
    before = file.read_bytes()
    for words in STARTS:
        with pytest.raises(NeedsOperator) as refused:
            in_process(data, monkeypatch, *words)
        assert "schema 9001 is of a newer version" in str(refused.value)
        assert "last used by Pacekeeper 7.3.0" in str(refused.value)
        assert "Nothing was touched" in str(refused.value)
    started = pacekeeper(data, "run", "--sandbox")
    assert started.returncode == 3
    assert "schema 9001 is of a newer version" in said(started)
    assert "Traceback" not in said(started)
    assert file.read_bytes() == before


# Who may read the files


def test_nobody_else_can_read_what_it_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out = tmp_path / "data", tmp_path / "out"
    before = os.umask(0o000)
    try:
        permissions.restrict_umask()
        course = str(ROOT / "courses" / "demo.yaml")
        start = ("--start", "2026-03-02", "--zone", "UTC", "--code", "demo")
        in_process(folder, monkeypatch, "cohort", "create", course, *start)
        in_process(folder, monkeypatch, "cohort", "close", "demo", "--yes")
        in_process(folder, monkeypatch, "cohort", "archive", "demo", "--out", str(out))
        # A course file has nobody's words in it, and may have to be read by another user.
        in_process(folder, monkeypatch, "new", str(tmp_path / "tea.yaml"))
    finally:
        os.umask(before)
        monkeypatch.setattr(permissions, "_usual", None)
    written = [folder, out, *folder.rglob("*"), *out.rglob("*")]
    assert len(written) > 5
    assert [p for p in written if p.stat().st_mode & 0o077] == []
    assert (tmp_path / "tea.yaml").stat().st_mode & 0o044 == 0o044


def test_an_open_folder_is_named_and_closed_by_the_next_start(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data.chmod(0o755)
    (data / "pacekeeper.db").chmod(0o644)
    looked = json.loads(in_process(data, monkeypatch, "doctor", "--json").stdout)
    (found,) = [f for f in looked if f["what"] == "Private files"]
    assert found["mend"] == f"Run: chmod -R go= {data}"
    in_process(data, monkeypatch, "cohort", "list")
    assert data.stat().st_mode & 0o077 == 0


def test_a_file_with_tokens_is_named_where_others_can_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "bot.toml"
    config.write_text("port = 8570\n")
    config.chmod(0o644)
    monkeypatch.setenv("PACEKEEPER_CONFIG", str(config))
    assert f"chmod go= {config}" in flat(in_process(tmp_path / "data", monkeypatch, "doctor").output)
