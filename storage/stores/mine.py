"""The store of bot/features/mine."""

from collections import defaultdict
from collections.abc import Mapping, Set
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

from sqlmodel import col, select

from storage.sql.store import Store
from storage.tables.mine import CalendarFeedRow
from storage.tables.people import MembershipRow

BYTES = 24
"""Of a secret: too many to guess."""


class SqlMine(Store):
    """The `MineStore`, over a table. Secrets are stored only as hashes."""

    def feed(self, person: int) -> datetime | None:
        query = select(CalendarFeedRow.made_at).where(CalendarFeedRow.person == person)
        return self._session.exec(query).first()

    def renew_feed(self, person: int) -> str:
        self.drop_feed(person)
        secret = token_urlsafe(BYTES)
        self._add(CalendarFeedRow(person=person, hash=_hash(secret), made_at=self._now))
        return secret

    def drop_feed(self, person: int) -> None:
        self._delete(CalendarFeedRow, col(CalendarFeedRow.person) == person)

    def owner(self, secret: str) -> int | None:
        query = select(CalendarFeedRow.person).where(CalendarFeedRow.hash == _hash(secret))
        return self._session.exec(query).first()

    def been(self, person: int) -> Mapping[int, Set[str]]:
        query = select(MembershipRow.cohort, MembershipRow.role).where(MembershipRow.person == person)
        found = defaultdict[int, set[str]](set)
        for cohort, role in self._session.exec(query):
            found[cohort].add(role)
        return found


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
