"""Who may see which page: invitations that are used once, and the sessions that come of them."""

from datetime import datetime
from hashlib import sha256
from random import Random, SystemRandom
from string import ascii_letters, digits

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from bot.core.pages import INVITED_FOR, SIGNED_IN_FOR
from storage.schema import instant

_LETTERS = ascii_letters + digits
_LENGTH = 40
"""Letters of a secret: more than anybody can try."""


class DoorRow(SQLModel, table=True):
    """An invitation to a page (`path`), or where that is empty a session. `hash` is that of the secret."""

    __tablename__ = "doors"
    hash: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id")
    path: str
    until: datetime = instant(index=True)


class DoorTable:
    """The `Doors` of bot/runtime/ports.py. `chance` draws the secrets; `address` is where the pages are served."""

    def __init__(self, session: Session, now: datetime, address: str = "", chance: Random | None = None) -> None:
        self._session = session
        self._now = now
        self._chance = chance or SystemRandom()
        self.address = address

    def invite(self, person: int, path: str) -> str:
        return self._make(person, path, self._now + INVITED_FOR)

    def enter(self, invitation: str) -> tuple[str, str] | None:
        row = self._row(invitation)
        if row is None or not row.path:
            return None
        # Whoever takes it away first has it.
        taken = self._session.exec(delete(DoorRow).where(col(DoorRow.hash) == row.hash))
        return (self._make(row.person, "", self._now + SIGNED_IN_FOR), row.path) if taken.rowcount else None

    def inside(self, session: str) -> int | None:
        row = self._row(session)
        return row.person if row is not None and not row.path else None

    def forget(self) -> None:
        self._session.exec(delete(DoorRow).where(col(DoorRow.until) <= self._now))

    def _row(self, secret: str) -> DoorRow | None:
        query = select(DoorRow).where(DoorRow.hash == _hash(secret), DoorRow.until > self._now)
        return self._session.exec(query).first()

    def _make(self, person: int, path: str, until: datetime) -> str:
        secret = "".join(self._chance.choice(_LETTERS) for _ in range(_LENGTH))
        self._session.add(DoorRow(hash=_hash(secret), person=person, path=path, until=until))
        self._session.flush()
        return secret


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
