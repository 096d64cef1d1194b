"""The lease: one process for each role uses a database, so that nothing is done twice.

A holder increments its beat while it runs. A process that wants the role compares beats by its own clock, so the
clocks of two machines need not agree: a beat that does not change for `LASTS` seconds means that the holder died or was
paused. Every unit of work renews the lease in its own transaction after `RENEW` seconds, and fails if another process
has taken it, so a process that was paused does nothing more.
"""

import os
import platform
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.core.errors import PacekeeperError, Unavailable
from storage.tables.lease import LeaseRow

LASTS = 30.0
RENEW = 10.0
ROLES = ("gateway", "ticks")
"""Talking to the platforms; letting time pass. One process holds both."""


class Taken(PacekeeperError):
    """Another bot runs on this database."""


class LeaseLost(Unavailable):
    """Another process has taken this one's place."""


def elapsed() -> float:
    """Seconds on a clock that is never set and continues while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Lease:
    """This process's hold on `ROLES`. `lost` is called once, from any thread, when another process has taken one."""

    def __init__(self, lost: Callable[[], object]) -> None:
        self._lost = lost
        self._me = secrets.token_hex(8)
        self._renewed = float("-inf")
        self._seen: tuple[str, int, float] | None = None
        self.is_lost = False

    @property
    def held(self) -> bool:
        """Whether no other process can have taken it."""
        return not self.is_lost and elapsed() - self._renewed < LASTS

    def take(self, session: Session, now: datetime) -> LeaseRow | None:
        """Takes the roles, or returns who may still hold one: ask again in a second. Raises Taken if that process is
        seen to be running."""
        rows = session.exec(select(LeaseRow).where(col(LeaseRow.role).in_(ROLES))).all()
        other = next((row for row in rows if row.holder != self._me and not self._is_over(row)), None)
        if other is not None:
            return LeaseRow(**other.model_dump())
        session.exec(delete(LeaseRow).where(col(LeaseRow.role).in_(ROLES)))
        for role in ROLES:
            who = LeaseRow(
                role=role, holder=self._me, host=platform.node(), machine=_machine(), pid=os.getpid(), since=now
            )
            session.add(who)
        return None

    def _is_over(self, row: LeaseRow) -> bool:
        if row.machine == _machine() and not _runs(row.pid):
            return True
        holder, beat, at = self._seen or ("", 0, 0.0)
        if holder != row.holder:
            self._seen = row.holder, row.beat, elapsed()
            return False
        if beat != row.beat:
            raise Taken(
                f"Another bot runs on this database: {row}. Stop that one, or give this one a database of its own with "
                "PACEKEEPER_DATA_DIR or PACEKEEPER_DATABASE_URL. If it has died since, start this one again: it waits "
                f"{LASTS:.0f} s at most."
            )
        return elapsed() - at >= LASTS

    def renew(self, session: Session) -> float | None:
        """Call it at the beginning of a unit of work. Returns the time from which it counts as renewed once the unit is
        committed, None if there was no need. Raises LeaseLost."""
        if self.is_lost:
            raise LeaseLost
        begun = elapsed()
        if begun - self._renewed < RENEW:
            return None
        mine = update(LeaseRow).where(col(LeaseRow.holder) == self._me)
        if session.exec(mine.values(beat=LeaseRow.beat + 1)).rowcount == len(ROLES):
            return begun
        self.is_lost = True
        self._lost()
        raise LeaseLost

    def renewed(self, at: float) -> None:
        self._renewed = max(self._renewed, at)

    def release(self, session: Session) -> None:
        session.exec(delete(LeaseRow).where(col(LeaseRow.holder) == self._me))


def _machine() -> str:
    """The running system and its namespace of process numbers; a container has its own."""
    found = [platform.node()]
    with suppress(OSError):
        found += [Path("/proc/sys/kernel/random/boot_id").read_text().strip(), os.readlink("/proc/self/ns/pid")]
    return " ".join(found)


def _runs(pid: int) -> bool:
    """Whether another process has this number."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
