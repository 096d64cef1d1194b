"""A bot over files on a recorded disk: after each sync, with only what the sync guarantees.

    python plug_process.py DIRECTORY COUNT

It takes COUNT messages and COUNT commands, many at once, and prints the key of each acknowledged one. Before each sync
of the log, the database is copied to DIRECTORY/disk, and the copy counts once the sync is complete.
"""

import asyncio
import os
import shutil
import sys
from itertools import count
from pathlib import Path

import storage.sql.log
from bot.app.compose import Application, compose
from bot.core.events import CommandIssued, MessagePosted
from bot.core.people import Account, Actor, Place
from bot.core.time import SystemClock

DIRECTORY, COUNT = Path(sys.argv[1]), int(sys.argv[2])
ROOM = Place("sandbox", "general")
MIA = Actor(Account("sandbox", "mia"), "Mia", "Europe/Berlin")
numbers = count()
flush = storage.sql.log._flush


def record(file: int) -> None:
    aside = DIRECTORY / "begun"
    aside.mkdir()
    # The log last, because it holds every page that may be moved into the database meanwhile.
    for name in ("pacekeeper.db", "pacekeeper.db-wal"):
        shutil.copyfile(DIRECTORY / name, aside / name)
    flush(file)
    os.rename(aside, DIRECTORY / "disk" / f"{next(numbers):04}")


async def take_in(app: Application) -> None:
    now = app.clock.now()
    events = [
        event
        for n in range(COUNT)
        for event in (
            MessagePosted(actor=MIA, place=ROOM, id=str(n + 1), at=now, text="Good morning."),
            CommandIssued(actor=MIA, place=ROOM, id=str(n), at=now, name="help"),
        )
    ]

    async def one(event: MessagePosted | CommandIssued) -> None:
        await app.runtime.receive(event)
        print(event.key, flush=True)

    for start in range(0, len(events), 16):
        await asyncio.gather(*(one(event) for event in events[start : start + 16]))


async def main() -> None:
    storage.sql.log._flush = record
    app = compose(f"sqlite:///{DIRECTORY / 'pacekeeper.db'}", SystemClock(), [])
    await app.runtime.start()
    await take_in(app)


asyncio.run(main())
