"""Who may see which page: invitations that work once, and the sessions made from them."""

from datetime import datetime, timedelta
from hashlib import sha256
from random import Random, SystemRandom
from string import ascii_letters, digits

from sqlmodel import Session, col, select

from bot.core.pages import INVITED_FOR, SIGNED_IN_FOR, Entered
from storage.sql.store import Store
from storage.tables.page_sessions import PageSessionRow

_LETTERS = ascii_letters + digits
_LENGTH = 40
"""Letters of a secret: too many to guess."""

_KNOWN_FOR = timedelta(days=1)
"""How long an expired link is still recognised, so that its reader is told what to do."""


class SqlPageSessions(Store):
    """The `PageSessions` of bot/runtime/ports.py, over a table. `chance` is the source of randomness for secrets; the
    pages are served at `address`."""

    def __init__(self, session: Session, now: datetime, address: str = "", chance: Random | None = None) -> None:
        super().__init__(session, now)
        self._chance = chance or SystemRandom()
        self.address = address

    def invite(self, person: int, path: str) -> str:
        secret = "".join(self._chance.choice(_LETTERS) for _ in range(_LENGTH))
        self._make(secret, person, path, self._now + INVITED_FOR)
        return secret

    def enter(self, invitation: str, browser: str) -> Entered | None:
        row = self._session.exec(select(PageSessionRow).where(PageSessionRow.hash == _hash(invitation))).first()
        if row is None or not row.path:
            return None
        # Made of both secrets: the same browser has the same session, however often it presses.
        session = _hash(f"{invitation}/{browser}")
        if self.inside(session) is not None:
            return Entered(row.path, session)
        # A used invitation is over at once; of two browsers the first has it.
        mine = (col(PageSessionRow.hash) == row.hash, col(PageSessionRow.until) > self._now)
        if not self._update(PageSessionRow, *mine, until=self._now):
            return Entered(row.path)
        self._make(session, row.person, "", self._now + SIGNED_IN_FOR)
        return Entered(row.path, session)

    def inside(self, session: str) -> int | None:
        query = select(PageSessionRow).where(
            PageSessionRow.hash == _hash(session), PageSessionRow.until > self._now, PageSessionRow.path == ""
        )
        row = self._session.exec(query).first()
        return row.person if row is not None else None

    def forget(self) -> None:
        self._delete(PageSessionRow, PageSessionRow.until <= self._now - _KNOWN_FOR)

    def _make(self, secret: str, person: int, path: str, until: datetime) -> None:
        self._add(PageSessionRow(hash=_hash(secret), person=person, path=path, until=until))


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
