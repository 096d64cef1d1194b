"""The meanings of entries: vectors of a sentence model, and the nearest of them.

A vector is stored as signed bytes. Vectors are clustered per course (IVF). A search reads only the clusters nearest to
the query, so its cost grows with the square root of the number of entries. No vector stays in memory.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlmodel import Session

from storage.sql.bulk import among, insert, table
from storage.sql.statements import Statement
from storage.tables.search import CourseRow, IndexedRow, VectorRow

SIZE = 384
"""Numbers in a vector."""

SCALE = 300
"""A vector has length 1, so its numbers are small: times this they fill a byte well, and none that matters is cut."""

ONE_CELL = 1000
"""Entries of a course up to which there is a single cell."""

LOOKED_INTO = 8
"""Cells that a search looks into."""

NEAREST = 40
"""Entries that are looked at closely because of their meaning."""

ROUNDS = 6
"""How often centres move to the middle of their cells when those are laid out."""

SAMPLE = 64
"""Entries for each centre that are enough to find it."""

Floats = NDArray[np.float32]

_vectors, _entries = table(VectorRow), table(IndexedRow)
_in_cells = sa.select(_vectors.c.entry, _vectors.c.vector).where(
    _vectors.c.course == sa.bindparam("course"), among(_vectors.c.cell, "cells", int)
)
_IN_CELLS = Statement(_in_cells)
_FINDABLE_IN_CELLS = Statement(
    _in_cells.join(_entries, _entries.c.entry == _vectors.c.entry).where(
        sa.or_(_entries.c.run.is_(None), _entries.c.run == sa.bindparam("run", type_=sa.Integer()))
    )
)
_ALL = Statement(
    sa.select(_vectors.c.cell, _vectors.c.entry, _vectors.c.vector).where(_vectors.c.course == sa.bindparam("course"))
)
_ADD = insert(VectorRow)
_here = _vectors.c.course == sa.bindparam("course")
_one = _vectors.c.entry == sa.bindparam("entry")
_OF = Statement(sa.select(_vectors.c.vector).where(_here, _one))
_REMOVE = Statement(sa.delete(_vectors).where(_here, _one))
_EMPTY = Statement(sa.delete(_vectors).where(_here))

_courses = table(CourseRow)
_COMMON = Statement(
    sa.select(_courses.c.meaning, _courses.c.meant, _courses.c.laid_out).where(_courses.c.id == sa.bindparam("course"))
)
_CENTRES = Statement(sa.select(_courses.c.cells).where(_courses.c.id == sa.bindparam("course")))
_this = sa.update(_courses).where(_courses.c.id == sa.bindparam("number"))
_KEEP = Statement(_this.values(meaning=sa.bindparam("meaning"), meant=sa.bindparam("meant")))
_LAY_OUT = Statement(_this.values(cells=sa.bindparam("cells"), laid_out=sa.bindparam("laid_out")))


def pack(vectors: Any) -> list[bytes]:
    """Vectors of length 1, each as signed bytes."""
    return [row.tobytes() for row in np.clip(np.rint(np.asarray(vectors) * SCALE), -127, 127).astype(np.int8)]


def unpack(packed: Sequence[bytes]) -> Floats:
    """The vectors again, one a row; `packed` may hold several in one piece."""
    whole = np.frombuffer(b"".join(packed), dtype=np.int8)
    return whole.reshape(-1, SIZE).astype(np.float32) / np.float32(SCALE)


class Meanings:
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
        packed = _OF.scalar(self._session, course=self._course, entry=entry)
        if packed is not None:
            self._count(unpack([packed])[0], -1)
            _REMOVE.run(self._session, course=self._course, entry=entry)

    def nearest(self, vector: bytes, number: int = NEAREST) -> list[tuple[int, float]]:
        """Entries with their cosines, nearest first, regardless of who may find them."""
        wanted = unpack([vector])[0]
        rows = _IN_CELLS.rows(self._session, course=self._course, cells=self._cells(wanted))
        return self._best(wanted, rows, number)

    def findable(self, vector: bytes, run: int | None, number: int = NEAREST) -> list[tuple[int, float]]:
        """As `nearest`, of the entries for the whole course and those of the cohort `run`."""
        wanted = unpack([vector])[0]
        rows = _FINDABLE_IN_CELLS.rows(self._session, course=self._course, cells=self._cells(wanted), run=run)
        return self._best(wanted, rows, number)

    def _cells(self, wanted: Floats) -> list[int]:
        """The cells that a search for a vector looks into."""
        centres = self._centres()
        if not len(centres):
            return [0]
        nearest: list[int] = np.argsort(-(centres @ wanted), kind="stable")[:LOOKED_INTO].tolist()
        return nearest

    @staticmethod
    def _best(wanted: Floats, rows: Sequence[Any], number: int) -> list[tuple[int, float]]:
        if not rows:
            return []
        cosines = unpack([packed for _, packed in rows]) @ wanted
        found = sorted(
            ((rows[n][0], float(cosines[n])) for n in np.argsort(-cosines)[: number + 10]),
            key=lambda one: (-round(one[1], 4), one[0]),
        )
        return found[:number]

    def middle(self) -> Floats:
        """What all entries of the course have in common. The first few say little about that, so they are damped."""
        row = _COMMON.first(self._session, course=self._course)
        middle: Floats = (_sum(row.meaning) / (row.meant + FEW)).astype(np.float32)
        return middle

    def _count(self, vector: Floats, sign: int) -> tuple[int, int]:
        """Counts a vector in or out; returns how many there are, and were when the cells were laid out."""
        row = _COMMON.first(self._session, course=self._course)
        meaning = (_sum(row.meaning) + sign * vector).astype("<f4").tobytes()
        _KEEP.run(self._session, number=self._course, meaning=meaning, meant=row.meant + sign)
        return row.meant + sign, row.laid_out

    def _centres(self) -> Floats:
        packed = _CENTRES.scalar(self._session, course=self._course)
        return np.frombuffer(packed, dtype="<f2").reshape(-1, SIZE).astype(np.float32)

    def _lay_out(self) -> None:
        """Makes the cells anew: twice the square root of the entries, each around its middle."""
        rows = _ALL.named(self._session, course=self._course)
        vectors = unpack([row.vector for row in rows])
        number = int(2 * len(rows) ** 0.5)
        # Evenly picked, not by chance: two databases with the same entries get the same cells.
        sample = vectors[:: max(1, len(rows) // (number * SAMPLE))]
        centres = sample[:: max(1, len(sample) // number)][:number].copy()
        for _ in range(ROUNDS):
            nearest = np.argmax(sample @ centres.T, axis=1)
            for cell in range(len(centres)):
                own = sample[nearest == cell]
                if len(own):
                    middle = own.mean(axis=0)
                    centres[cell] = middle / max(float(np.linalg.norm(middle)), 1e-6)
        _LAY_OUT.run(self._session, number=self._course, cells=centres.astype("<f2").tobytes(), laid_out=len(rows))
        some = [vectors[n : n + 4096] for n in range(0, len(rows), 4096)]
        cells = np.concatenate([np.argmax(part @ centres.T, axis=1) for part in some])
        _EMPTY.run(self._session, course=self._course)
        _ADD.run_all(
            self._session,
            (
                {"course": self._course, "cell": int(cell), "entry": row.entry, "vector": row.vector}
                for cell, row in zip(cells, rows, strict=True)
            ),
        )


def _sum(meaning: bytes) -> Floats:
    return np.frombuffer(meaning, dtype="<f4") if meaning else np.zeros(SIZE, np.float32)


FEW = 50
"""Entries that say as much about what a course is about as nothing at all."""
