"""Groups of entries that ask the same, regardless of run and platform. They are repaired around each new entry."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.features.faq.grouping import TOGETHER, keep_names, regroup
from storage.search.vectors import SIZE, Floats, VectorIndex, unpack
from storage.sql.clauses import among, given
from storage.sql.statements import Change, Query
from storage.tables.search import GroupRow, IndexedRow

NEARBY = 0.15
"""Neighbours that are at most this much less alike than the members of a group are grouped again with it."""

MOST = 80
"""Maximum number of entries that are grouped again in one go."""


class _Row(NamedTuple):
    entry: int
    group: int | None
    vectors: bytes


_vectored = select(IndexedRow.entry, IndexedRow.kin, sa.type_coerce(IndexedRow.vectors, sa.LargeBinary)).where(
    col(IndexedRow.vectors).is_not(None)
)
# Two statements: with both conditions in one, either database would read every row.
_SOME = Query(_vectored.where(among(IndexedRow.entry, "entries"))).into(_Row)
_OF_KIN = Query(_vectored.where(among(IndexedRow.kin, "kin"))).into(_Row)
_SOME_KIN = Query(select(IndexedRow.entry).where(*given(IndexedRow.kin)).limit(1))
_MOVE = Change(
    sa.update(IndexedRow)
    .where(among(IndexedRow.entry, "entries"))
    .values(kin=sa.bindparam("group", type_=sa.Integer()))
)


class Groups:
    """The groups of one course."""

    def __init__(self, session: Session, course: int) -> None:
        self._session = session
        self._course = course
        self._vectors = VectorIndex(session, course)

    def place(self, entry: int) -> None:
        """Groups an entry and its neighbours again."""
        rows = self._near(entry)
        alike = self._alike([row.vectors for row in rows])
        groups = regroup(alike.tolist())
        members = [[rows[n].entry for n in group] for group in groups]
        before = {row.entry: row.group for row in rows}
        for entries, name in zip(members, keep_names(before, members), strict=True):
            moved = [entry for entry in entries if before[entry] != name or name is None]
            if moved:
                _MOVE.run(self._session, entries=moved, group=name or self._new())
        for group in {name for name in before.values() if name is not None}:
            self.forget_empty(group)

    def likeness(self, entry: int) -> dict[int, float]:
        """The other entries of an entry's group, and how alike their questions are."""
        own = _SOME.first(self._session, entries=[entry])
        if own is None or own.group is None:
            return {}
        others = [row for row in _OF_KIN.all(self._session, kin=[own.group]) if row.entry != entry]
        alike = self._alike([row.vectors for row in (own, *others)])[0].tolist()
        return {row.entry: value for row, value in zip(others, alike[1:], strict=True)}

    def forget_empty(self, group: int) -> None:
        """Deletes a group without members."""
        if not _SOME_KIN.all(self._session, kin=group):
            self._session.delete(self._session.get_one(GroupRow, group))
            self._session.flush()

    def _near(self, entry: int) -> list[_Row]:
        """Rows of an entry and of its nearest entries, with all of their groups; the entry itself comes first."""
        own = _SOME.one(self._session, entries=[entry])
        found = [near for near, _ in self._vectors.nearest(own.vectors[2 * SIZE :])]
        near = self._by_likeness(entry, _SOME.all(self._session, entries=[entry, *found]))
        kin = {row.group for row, alike in near if row.group is not None and alike >= TOGETHER - NEARBY}
        others = [row for row in _OF_KIN.all(self._session, kin=sorted(kin)) if row.entry != entry]
        return [row for row, _ in self._by_likeness(entry, [own, *others])[:MOST]]

    def _by_likeness(self, entry: int, rows: Sequence[_Row]) -> list[tuple[_Row, float]]:
        at = next(n for n, row in enumerate(rows) if row.entry == entry)
        alike = self._alike([row.vectors for row in rows])[at].tolist()
        return sorted(zip(rows, alike, strict=True), key=lambda one: (one[0].entry != entry, -one[1], one[0].entry))

    def _alike(self, packed: Sequence[bytes]) -> Floats:
        """How alike any two questions are, after subtracting what the whole course has in common."""
        vectors = unpack([one[:SIZE] for one in packed]) - self._vectors.middle()
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
        return vectors @ vectors.T

    def _new(self) -> int:
        row = GroupRow(course=self._course)
        self._session.add(row)
        self._session.flush()
        return row.id
