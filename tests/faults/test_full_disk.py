"""The disk is full: people hear that nothing was saved, and it goes on by itself once there is room.

A small file system of its own is mounted, which takes root; elsewhere the test is skipped and says so.
"""

import asyncio
import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.sandbox.driver import Speaker
from bot.core.errors import Unavailable
from storage.tables.inbox import InboxRow
from tests.kit import World, fresh_database, new_world
from tests.test_logs import logging_to


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB."""
    where = tmp_path / "disk"
    where.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(where)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small file system can be mounted by root alone")
    yield where
    subprocess.run(["umount", "--lazy", str(where)], check=True)


@pytest.fixture
def small(disk: Path, tmp_path: Path) -> Iterator[World]:
    """A world whose database is on the small disk; the platform is elsewhere."""
    world = new_world(tmp_path, database=fresh_database(disk))
    yield world
    world.app.storage.close()


def fill(disk: Path) -> Path:
    """Somebody else's file takes every byte."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    assert shutil.disk_usage(disk).free == 0
    return filler


def roots(world: World) -> list[str]:
    posts = world.chat.sandbox.platform.posts("questions", "mia", limit=200)
    return [str(p.message) for p in posts if p.by == "bot" and p.to is None]


async def test_nothing_is_lost_or_doubled_while_the_disk_is_full(small: World, disk: Path) -> None:
    mia = await small.learner("mia", "Mia")
    deliveries = small.chat.sandbox.platform.deliveries
    states = [row.state for row in small.rows(InboxRow)]
    filler = fill(disk)
    out = io.StringIO()
    asked: list[int] = []
    refused: list[str] = []
    with logging_to(out):
        # What fits into space that the database has already is saved all the same.
        while len(refused) < 5:
            asked.append(len(asked))
            try:
                await ask(mia, asked[-1])
            except Unavailable as e:
                refused.append(str(e))
        # What is only said is not acknowledged, and handed over until it is stored.
        await mia.say("questions", f"Where is the last page? {'Please tell me. ' * 400}")
        assert len(deliveries.waiting()) == 1
    assert all("could not be saved" in words for words in refused)
    assert "the disk is full" in out.getvalue()
    assert out.getvalue().count("Nothing was saved") == 1
    assert "Page number" not in out.getvalue()
    filler.unlink()
    for n in asked:
        # Who was refused asks again, and the platform repeats what it is unsure of.
        await ask(mia, n)
    async with asyncio.timeout(60):
        while deliveries.waiting():
            await asyncio.sleep(0.1)
    await small.settle()
    texts = roots(small)
    for n in asked:
        assert len([text for text in texts if f"Page number {n:02}" in text]) == 1, n
    assert [row.state for row in small.rows(InboxRow)] == [*states, "done"]


async def ask(who: Speaker, n: int) -> None:
    await who.command("ask", f"Page number {n:02}, {'where is it? ' * 100}", delivery=f"d{n}")
