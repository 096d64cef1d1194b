"""The meanings of entries: vectors of a sentence model, and the nearest of them.

A vector is kept as signed bytes. Those of a course lie in cells around centres; a search looks into the cells nearest
to it, so that it grows with the square root of the number of entries. Nothing of it stays in memory.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlmodel import Session, col, delete, select

from storage.bulk import among, insert, table
from storage.search.tables import CourseRow, VectorRow
from storage.statements import Statement

SIZE = 384
"""Numbers in a vector."""

SCALE = 300
"""A vector has length 1, so its numbers are small: times this they fill a byte well, and none that matters is cut."""

ONE_CELL = 2000
"""Entries of a course up to which there is a single cell."""

LOOKED_INTO = 8
"""Cells that a search looks into."""

NEAREST = 50
"""Entries that are looked at closely because of their meaning."""

ROUNDS = 6
"""How often centres move to the middle of their cells when those are laid out."""

SAMPLE = 64
"""Entries for each centre that are enough to find it."""

Floats = NDArray[np.float32]

_vectors = table(VectorRow)
_IN_CELLS = Statement(
    sa.select(_vectors.c.entry, _vectors.c.vector).where(
        _vectors.c.course == sa.bindparam("course"), among(_vectors.c.cell, "cells", int)
    )
)
_ALL = Statement(
    sa.select(_vectors.c.cell, _vectors.c.entry, _vectors.c.vector).where(_vectors.c.course == sa.bindparam("course"))
)
_ADD = insert(VectorRow)


def pack(vectors: Any) -> list[bytes]:
    """Vectors of length 1, each as signed bytes."""
    return [row.tobytes() for row in np.clip(np.rint(np.asarray(vectors) * SCALE), -127, 127).astype(np.int8)]


def unpack(packed: Sequence[bytes]) -> Floats:
    """The vectors again, one a row; `packed` may hold several in one piece."""
    whole = np.frombuffer(b"".join(packed), dtype=np.int8)
    return whole.reshape(-1, SIZE).astype(np.float32) / np.float32(SCALE)


class Meanings:
    """The vectors of the entries of one course."""

    def __init__(self, session: Session, course: CourseRow) -> None:
        self._session = session
        self._course = course

    def add(self, entry: int, whole: bytes) -> None:
        vector = unpack([whole])[0]
        cells = self._centres()
        cell = int(np.argmax(cells @ vector)) if len(cells) else 0
        _ADD.run(self._session, course=self._course.id, cell=cell, entry=entry, vector=whole)
        self._count(vector, 1)
        if self._course.meant > max(ONE_CELL, 2 * self._course.laid_out):
            self._lay_out()

    def remove(self, entry: int) -> None:
        row = self._session.exec(select(VectorRow).where(VectorRow.entry == entry)).first()
        if row is not None:
            self._count(unpack([row.vector])[0], -1)
            self._session.exec(delete(VectorRow).where(col(VectorRow.entry) == entry))

    def nearest(self, vector: bytes, number: int = NEAREST) -> list[tuple[int, float]]:
        """Entries with their cosines, the nearest first."""
        wanted = unpack([vector])[0]
        centres = self._centres()
        cells = [0] if not len(centres) else np.argsort(-(centres @ wanted), kind="stable")[:LOOKED_INTO].tolist()
        rows = _IN_CELLS.rows(self._session, course=self._course.id, cells=cells)
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
        if not self._course.meaning:
            return np.zeros(SIZE, np.float32)
        return (np.frombuffer(self._course.meaning, dtype="<f4") / (self._course.meant + FEW)).astype(np.float32)

    def _count(self, vector: Floats, sign: int) -> None:
        before = np.frombuffer(self._course.meaning, dtype="<f4") if self._course.meaning else np.zeros(SIZE, "<f4")
        self._course.meaning = (before + sign * vector).astype("<f4").tobytes()
        self._course.meant += sign
        self._session.add(self._course)

    def _centres(self) -> Floats:
        return np.frombuffer(self._course.cells, dtype="<f2").reshape(-1, SIZE).astype(np.float32)

    def _lay_out(self) -> None:
        """Makes the cells anew: twice the square root of the entries, each around its middle."""
        rows = _ALL.named(self._session, course=self._course.id)
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
        self._course.cells = centres.astype("<f2").tobytes()
        self._course.laid_out = len(rows)
        self._session.add(self._course)
        cells = np.concatenate(
            [np.argmax(vectors[n : n + 4096] @ centres.T, axis=1) for n in range(0, len(rows), 4096)]
        )
        self._session.exec(delete(VectorRow).where(col(VectorRow.course) == self._course.id))
        _ADD.run_all(
            self._session,
            (
                {"course": self._course.id, "cell": int(cell), "entry": row.entry, "vector": row.vector}
                for cell, row in zip(cells, rows, strict=True)
            ),
        )


FEW = 50
"""Entries that say as much about what a course is about as nothing at all."""
