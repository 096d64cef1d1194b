"""The vectors of entries, made by a sentence model, and nearest-neighbour search.

A vector is stored as signed bytes. Vectors are clustered per course (IVF). A search reads only the clusters nearest to
the query, so its cost grows with the square root of the number of entries. No vector stays in memory.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlmodel import Session, col, select

from storage.sql.clauses import among, given
from storage.sql.statements import Change, Insert, Query, Update
from storage.tables.search import CourseRow, IndexedRow, VectorRow

SIZE = 384
"""Dimensions of a vector."""

SCALE = 300
"""Vectors have length 1, so their numbers are small. Scaled by this they use a byte well, and no relevant one is
clipped."""

ONE_CELL = 1000
"""Number of entries of a course up to which there is a single cluster."""

LOOKED_INTO = 8
"""Clusters that a search reads."""

NEAREST = 40
"""Number of entries that are examined because of their meaning."""

ROUNDS = 6
"""Iterations of the clustering (k-means)."""

SAMPLE = 64
"""Sampled entries per centre when centres are computed."""

Floats = NDArray[np.float32]

_here = given(VectorRow.course)
_one = given(VectorRow.course, VectorRow.entry)
_in_cells = select(VectorRow.entry, VectorRow.vector).where(*_here, among(VectorRow.cell, "cells"))
_IN_CELLS = Query(_in_cells)
_FINDABLE_IN_CELLS = Query(
    _in_cells.join(IndexedRow, col(IndexedRow.entry) == VectorRow.entry).where(
        sa.or_(col(IndexedRow.run).is_(None), col(IndexedRow.run) == sa.bindparam("run", type_=sa.Integer()))
    )
)
_ALL = Query(select(VectorRow.entry, VectorRow.vector).where(*_here))
_ADD = Insert(VectorRow)
_OF = Query(select(VectorRow.vector).where(*_one))
_REMOVE = Change(sa.delete(VectorRow).where(*_one))
_EMPTY = Change(sa.delete(VectorRow).where(*_here))
_COMMON = Query(select(CourseRow.meaning, CourseRow.meant, CourseRow.laid_out).where(*given(CourseRow.id)))
_CENTRES = Query(select(CourseRow.cells).where(*given(CourseRow.id)))
_KEEP, _LAY_OUT = Update(CourseRow, "meaning", "meant"), Update(CourseRow, "cells", "laid_out")


def pack(vectors: Any) -> list[bytes]:
    """Vectors of length 1, each as signed bytes."""
    return [row.tobytes() for row in np.clip(np.rint(np.asarray(vectors) * SCALE), -127, 127).astype(np.int8)]


def unpack(packed: Sequence[bytes]) -> Floats:
    """Unpacks vectors, one per row; `packed` may hold several."""
    whole = np.frombuffer(b"".join(packed), dtype=np.int8)
    return whole.reshape(-1, SIZE).astype(np.float32) / np.float32(SCALE)


class VectorIndex:
    """The vectors of the entries of one course."""

    def __init__(self, session: Session, course: int) -> None:
        self._session = session
        self._course = course

    def add(self, entry: int, whole: bytes) -> None:
        vector = unpack([whole])[0]
        cells = self._centres()
        cell = int(np.argmax(cells @ vector)) if len(cells) else 0
        _ADD.run(self._session, course=self._course, cell=cell, entry=entry, vector=whole)
        meant, laid_out = self._count(vector, 1)
        if meant > max(ONE_CELL, 2 * laid_out):
            self._lay_out()

    def remove(self, entry: int) -> None:
        packed = _OF.first(self._session, course=self._course, entry=entry)
        if packed is not None:
            self._count(unpack([packed])[0], -1)
            _REMOVE.run(self._session, course=self._course, entry=entry)

    def nearest(self, vector: bytes, number: int = NEAREST) -> list[tuple[int, float]]:
        """Entries with their cosines, nearest first, regardless of who may find them."""
        wanted = unpack([vector])[0]
        rows = _IN_CELLS.all(self._session, course=self._course, cells=self._cells(wanted))
        return self._best(wanted, rows, number)

    def findable(self, vector: bytes, run: int | None, number: int = NEAREST) -> list[tuple[int, float]]:
        """As `nearest`, for entries of the whole course and those of the cohort `run`."""
        wanted = unpack([vector])[0]
        rows = _FINDABLE_IN_CELLS.all(self._session, course=self._course, cells=self._cells(wanted), run=run)
        return self._best(wanted, rows, number)

    def _cells(self, wanted: Floats) -> list[int]:
        """The clusters that a search for a vector reads."""
        centres = self._centres()
        if not len(centres):
            return [0]
        nearest: list[int] = np.argsort(-(centres @ wanted), kind="stable")[:LOOKED_INTO].tolist()
        return nearest

    @staticmethod
    def _best(wanted: Floats, rows: Sequence[tuple[int, bytes]], number: int) -> list[tuple[int, float]]:
        if not rows:
            return []
        cosines = unpack([packed for _, packed in rows]) @ wanted
        found = sorted(
            ((rows[n][0], float(cosines[n])) for n in np.argsort(-cosines)[: number + 10]),
            key=lambda one: (-round(one[1], 4), one[0]),
        )
        return found[:number]

    def middle(self) -> Floats:
        """The mean of all entries of the course. It is damped while there are few."""
        meaning, meant, _ = _COMMON.one(self._session, id=self._course)
        middle: Floats = (_sum(meaning) / (meant + FEW)).astype(np.float32)
        return middle

    def _count(self, vector: Floats, sign: int) -> tuple[int, int]:
        """Counts a vector in or out; returns the number of vectors now, and when the clusters were computed."""
        before, meant, laid_out = _COMMON.one(self._session, id=self._course)
        meaning = (_sum(before) + sign * vector).astype("<f4").tobytes()
        _KEEP.row(self._session, self._course, meaning=meaning, meant=meant + sign)
        return meant + sign, laid_out

    def _centres(self) -> Floats:
        packed = _CENTRES.one(self._session, id=self._course)
        return np.frombuffer(packed, dtype="<f2").reshape(-1, SIZE).astype(np.float32)

    def _lay_out(self) -> None:
        """Recomputes the clusters: twice the square root of the number of entries."""
        rows = _ALL.all(self._session, course=self._course)
        vectors = unpack([vector for _, vector in rows])
        number = int(2 * len(rows) ** 0.5)
        # Evenly picked, not at random: two databases with the same entries get the same clusters.
        sample = vectors[:: max(1, len(rows) // (number * SAMPLE))]
        centres = sample[:: max(1, len(sample) // number)][:number].copy()
        for _ in range(ROUNDS):
            nearest = np.argmax(sample @ centres.T, axis=1)
            for cell in range(len(centres)):
                own = sample[nearest == cell]
                if len(own):
                    middle = own.mean(axis=0)
                    centres[cell] = middle / max(float(np.linalg.norm(middle)), 1e-6)
        _LAY_OUT.row(self._session, self._course, cells=centres.astype("<f2").tobytes(), laid_out=len(rows))
        some = [vectors[n : n + 4096] for n in range(0, len(rows), 4096)]
        cells = np.concatenate([np.argmax(part @ centres.T, axis=1) for part in some])
        _EMPTY.run(self._session, course=self._course)
        _ADD.run_all(
            self._session,
            (
                {"course": self._course, "cell": int(cell), "entry": entry, "vector": vector}
                for cell, (entry, vector) in zip(cells, rows, strict=True)
            ),
        )


def _sum(meaning: bytes) -> Floats:
    return np.frombuffer(meaning, dtype="<f4") if meaning else np.zeros(SIZE, np.float32)


FEW = 50
"""Damping of the mean: as many entries with zero vectors are added to it."""
