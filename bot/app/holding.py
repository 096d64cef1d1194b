"""Ensures that only one bot runs on a database, or reports which one does."""

import asyncio

from sqlalchemy import inspect

from bot.app.cli.output import screen
from bot.core.errors import PacekeeperError
from storage.sql.migrate import upgrade
from storage.stores.lease import LASTS, Lease
from storage.unit import SqlStorage

LOST = (
    "Another bot has taken this one's place on the database while this one was paused (the machine slept, or the "
    "process was stopped for a while). This one has done nothing since, and ends. Only one of them should be started."
)

NOT_SYNCED = (
    "The disk could not be synced, so nothing could be saved any more: it is full or broken, and the log says why. "
    "What was acknowledged before is kept. Start the bot again; it goes on once there is room."
)


class NotSynced(PacekeeperError):
    """Ends the process at once after the orderly stop, because no database connection may be closed."""


async def hold(storage: SqlStorage) -> "asyncio.Future[None]":
    """Acquires the database for this process and upgrades its schema. The returned future fails if another process
    takes over later, or with NotSynced if the disk cannot be synced.

    Raises Taken if another bot runs on it. Waits for the lease of a bot that died on another machine to expire.
    """
    loop = asyncio.get_running_loop()
    lost: asyncio.Future[None] = loop.create_future()

    def end(why: PacekeeperError) -> None:
        if not lost.done():
            lost.set_exception(why)

    lease = Lease(lambda: loop.call_soon_threadsafe(end, PacekeeperError(LOST)))
    storage.on_failed_sync = lambda: loop.call_soon_threadsafe(end, NotSynced(NOT_SYNCED))
    # The schema must not change under a running bot. Before 0017 there is no lease to check.
    if inspect(storage.engine).has_table("leases"):
        await _take(storage, lease)
        upgrade(storage.engine)
    else:
        upgrade(storage.engine)
        await _take(storage, lease)
    return lost


async def _take(storage: SqlStorage, lease: Lease) -> None:
    said = False
    while (other := await storage.hold(lease)) is not None:
        if not said:
            screen.print(f"A bot that ran {other} has not given this database back. Waiting {LASTS:.0f} s at most …")
            said = True
        await asyncio.sleep(1)
