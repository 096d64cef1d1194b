"""A backup is taken while people talk; a disk dies; the backup is brought back, and everybody goes on."""

import io
import json
import sqlite3
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.app import backup
from bot.app.cli import app
from bot.app.compose import compose
from bot.app.settings import Settings
from bot.core.errors import NeedsOperator, PacekeeperError, Refused
from bot.core.time import SystemClock
from tests.features.test_erasure import CANARY, a_life, forget
from tests.kit import World
from tests.test_run import Running, running

NOW = SystemClock().now


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "CLOCK", "PORT", "CONFIG", "SLACK_BOT_TOKEN", "DISCORD_TOKEN"):
        monkeypatch.delenv(f"PACEKEEPER_{name}", raising=False)
    into(tmp_path / "data", monkeypatch)


def into(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PACEKEEPER_DATA_DIR", str(folder))
    return folder


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


def filled(folder: Path) -> Path:
    """A data folder with a database and what platforms keep beside it."""
    run("db", "upgrade")
    for name in ("chat/chat.db", "other/other-1a2b.db"):
        (folder / name).parent.mkdir()
        with closing(sqlite3.connect(folder / name)) as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("CREATE TABLE seen (id)")
            db.execute("INSERT INTO seen VALUES (7)")
            db.commit()
    (folder / "chat" / "notes.txt").write_text("kept as it is")
    return folder


def test_the_whole_folder_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = filled(tmp_path / "data")
    archive = tmp_path / "backups" / "monday.tar.gz"
    made = json.loads(run("backup", str(archive), "--json").stdout)
    kept = {"pacekeeper.db", "chat/chat.db", "chat/notes.txt", "other/other-1a2b.db", "used.json"}
    assert set(made["files"]) == kept
    assert archive.stat().st_mode & 0o077 == 0
    assert [p.name for p in archive.parent.iterdir()] == ["monday.tar.gz"]
    new = into(tmp_path / "new", monkeypatch)
    assert run("restore", str(archive)).exit_code == 0
    assert {p.relative_to(new).as_posix() for p in new.rglob("*") if p.is_file()} == kept | {
        "running.lock",
        "restored.json",
    }
    assert [name for name in kept if (new / name).stat().st_mode & 0o077] == []
    assert (new / "chat" / "notes.txt").read_text() == (old / "chat" / "notes.txt").read_text()
    with closing(sqlite3.connect(new / "other" / "other-1a2b.db")) as db:
        assert db.execute("SELECT id FROM seen").fetchall() == [(7,)]
    assert run("db", "status").exit_code == 0


async def test_whoever_was_erased_since_is_erased_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Monday's backup has Mia, who erases what is hers; Tuesday's list beside it has that, and names nobody."""
    await a_life(world)
    used, out = settings(tmp_path, monkeypatch), tmp_path / "backups"
    backup.take(used, out / "monday.tar", NOW())
    assert not (out / "erasures.txt").exists()
    await forget(world, "sandbox/mia")
    for day in ("tuesday", "wednesday"):
        backup.take(used, out / f"{day}.tar", NOW())
    listed = (out / "erasures.txt").read_text()
    assert len(listed.split()) == 2
    assert "mia" not in listed.lower()
    assert (out / "erasures.txt").stat().st_mode & 0o077 == 0
    new = into(tmp_path / "new", monkeypatch)
    assert "erased again: 1" in run("restore", str(out / "monday.tar")).output
    assert CANARY.encode() not in (new / "pacekeeper.db").read_bytes()
    assert (new / "pacekeeper.db").stat().st_size
    into(tmp_path / "newer", monkeypatch)
    assert "erased again" not in run("restore", str(out / "wednesday.tar")).output


def test_nothing_is_restored_beside_a_list_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "data")
    run("backup", str(tmp_path / "out" / "b.tar"))
    (tmp_path / "out" / "erasures.txt").write_text("nobody knows when")
    new = into(tmp_path / "new", monkeypatch)
    with pytest.raises(Refused, match="no list of erasures"):
        run("restore", str(tmp_path / "out" / "b.tar"))
    assert not (new / "pacekeeper.db").exists()


def test_a_copy_asks_before_it_connects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "data")
    run("backup", str(tmp_path / "b.tar"))
    into(tmp_path / "new", monkeypatch)
    assert "still runs" in " ".join(run("restore", str(tmp_path / "b.tar")).output.split())
    looked = run("doctor")
    assert looked.exit_code == 3
    assert "Restored copy" in looked.output
    monkeypatch.setenv("PACEKEEPER_DISCORD_TOKEN", "nobody-is-asked-with-this")
    with pytest.raises(NeedsOperator, match=r"second copy. Nothing was sent.\nIf the bot"):
        run("run")
    monkeypatch.delenv("PACEKEEPER_DISCORD_TOKEN")
    assert "may connect" in run("restore", "--confirm").output
    assert "Restored copy" not in run("doctor").output
    assert "no restored copy" in run("restore", "--confirm").output


async def test_what_was_sent_after_the_backup_is_not_sent_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia = await world.learner("mia", "Mia")
    # It is decided and stored, and not yet sent.
    monkeypatch.setattr(world.chat, "_settle", nothing, raising=False)
    world.chat.settle = nothing  # type: ignore[assignment]
    await mia.command("ask", "Where do I begin?")
    storage = world.app.storage
    assert storage.run_now(lambda unit: unit.outbox.counts()).get("waiting")
    backup.take(settings(tmp_path, monkeypatch), tmp_path / "out" / "b.tar", NOW())
    await world.settle()
    before = questions(world)
    assert len(before) == 1
    # The disk is lost, the platform is as it was.
    into(tmp_path / "new", monkeypatch)
    backup.restore(Settings.load(), tmp_path / "out" / "b.tar", NOW())
    adapters = world.app.runtime._adapters
    again = compose(f"sqlite:///{tmp_path / 'new' / 'pacekeeper.db'}", world.clock, adapters)
    try:
        await again.runtime.settle()
        assert questions(world) == before
        counts = again.storage.run_now(lambda unit: unit.outbox.counts())
        assert not any(counts.get(state) for state in ("waiting", "held", "sending"))
    finally:
        again.storage.close()


async def nothing() -> None: ...


def settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    into(folder / "data", monkeypatch).mkdir()
    monkeypatch.setenv("PACEKEEPER_DATABASE_URL", f"sqlite:///{folder / 'pacekeeper.db'}")
    found = Settings.load()
    monkeypatch.delenv("PACEKEEPER_DATABASE_URL")
    return found


def questions(world: World) -> list[int]:
    platform = world.chat.sandbox.platform
    return [p.id for p in platform.posts("questions", "mia", limit=100) if p.by == "bot" and p.to is None]


def test_taken_while_it_runs_and_everybody_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    into(tmp_path / "data", monkeypatch)
    asked: list[int] = []
    with running(tmp_path / "data") as one:
        ask(one, 0)
        stop = threading.Event()

        def go_on() -> None:
            while not stop.is_set():
                asked.append(len(asked) + 1)
                ask(one, asked[-1])

        asking = threading.Thread(target=go_on)
        asking.start()
        backup.take(Settings.load(), tmp_path / "b.tar", NOW())
        stop.set()
        asking.join()
    into(tmp_path / "new", monkeypatch)
    backup.restore(Settings.load(), tmp_path / "b.tar", NOW())
    with running(tmp_path / "new") as two:
        # What was asked after the copy comes again, as from people who see that it is not there.
        for n in asked:
            ask(two, n)
        two.ask("POST", "clock", {"advance": "2026-01-05T08:10:00Z"})
        lines = [json.loads(line) for line in two.ask("GET", "transcript?after=0").decode().splitlines()]
    posted = [str(line["text"]) for line in lines if line["kind"] == "posted" and line["place"] == "questions"]
    assert asked
    for n in (0, *asked):
        assert len([text for text in posted if f"The {n}th page" in text]) == 1, n


def ask(one: Running, n: int) -> None:
    one.act("mia", "command", text=f"ask The {n}th page, where is it?", delivery=f"d{n}")


# What cannot be


def test_what_no_backup_can_be_made_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = filled(tmp_path / "data")
    (tmp_path / "there.tar").write_text("mine")
    with pytest.raises(Refused, match="is there already"):
        run("backup", str(tmp_path / "there.tar"))
    assert (tmp_path / "there.tar").read_text() == "mine"
    with pytest.raises(Refused, match="would be lost with it"):
        run("backup", str(folder / "backups" / "b.tar"))
    content = bytearray((folder / "chat" / "chat.db").read_bytes())
    content[4096:] = bytes(range(256)) * (len(content[4096:]) // 256)
    (folder / "chat" / "chat.db").write_bytes(content)
    with pytest.raises(PacekeeperError):
        run("backup", str(tmp_path / "out" / "b.tar"))
    assert list((tmp_path / "out").iterdir()) == []
    monkeypatch.setenv("PACEKEEPER_DATABASE_URL", "postgresql://nobody@127.0.0.1/none")
    with pytest.raises(Refused, match="pg_dump"):
        run("backup", str(tmp_path / "b.tar"))


def test_what_cannot_be_restored_leaves_the_folder_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "data")
    run("backup", str(tmp_path / "b.tar"))
    whole = (tmp_path / "b.tar").read_bytes()
    with pytest.raises(Refused, match="holds data already"):
        run("restore", str(tmp_path / "b.tar"))
    new = into(tmp_path / "new", monkeypatch)
    changed = bytearray(whole)
    changed[len(changed) // 2] ^= 0xFF
    evil = io.BytesIO()
    with tarfile.open(fileobj=evil, mode="w") as tar:
        for name, text in (("backup.json", manifest("../out.txt")), ("../out.txt", b"x")):
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
    for number, content in enumerate((whole[: len(whole) // 2], bytes(changed), b"", b"x" * 5000, evil.getvalue())):
        file = tmp_path / f"bad-{number}.tar"
        file.write_bytes(content)
        with pytest.raises(PacekeeperError):
            run("restore", str(file))
        assert {p.name for p in new.iterdir()} == {"running.lock"}
    assert not (tmp_path / "out.txt").exists()
    with pytest.raises(PacekeeperError, match="cannot be used"):
        run("restore", str(tmp_path / "nowhere.tar"))
    assert run("restore", str(tmp_path / "b.tar")).exit_code == 0


def manifest(name: str) -> bytes:
    files = {"pacekeeper.db": "0", name: "0"}
    made = {"taken_at": "", "version": "1", "schema": None, "database": "pacekeeper.db", "files": files}
    return json.dumps(made).encode()


def test_a_restore_that_was_cut_off_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "data")
    run("backup", str(tmp_path / "b.tar"))
    new = into(tmp_path / "new", monkeypatch)
    (new / ".restoring").mkdir(parents=True)
    (new / ".restoring" / "pacekeeper.db").write_text("half")
    (new / "restored.json").write_text("{}")
    with pytest.raises(NeedsOperator, match="cut off"):
        run("cohort", "list")
    assert run("restore", str(tmp_path / "b.tar")).exit_code == 0
    assert run("cohort", "list").exit_code == 0
