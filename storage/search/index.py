"""The index of the entries that people may find: updated with each change, and asked for candidates.

It never scores: it counts, and bot/features/faq/scoring.py decides. What reads vectors is imported with the first one:
numpy takes 12 MB, and a bot without the model never needs it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.core.ports import Encoder
from bot.features.faq.scoring import Candidate, Corpus, asked, plain, words
from bot.features.faq.store import Entry, stamp
from storage.search.lexical import LexicalIndex
from storage.sql.clauses import among, given
from storage.sql.statements import Change, Insert, Query
from storage.tables.search import CourseRow, GroupRow, IndexedRow

if TYPE_CHECKING:
    from storage.search.groups import Groups
    from storage.search.vectors import VectorIndex


class _Indexed(NamedTuple):
    """The indexed state of an entry, without its vectors."""

    course: int
    question: str
    answer: str
    stamp: str
    encoded: bool
    kin: int | None


_this = given(IndexedRow.entry)
_ROW = Query(
    sa.select(
        col(IndexedRow.course),
        col(IndexedRow.question),
        col(IndexedRow.answer),
        col(IndexedRow.stamp),
        col(IndexedRow.encoded),
        col(IndexedRow.kin),
    ).where(*_this)
).into(_Indexed)
_NEW = Insert(IndexedRow)
_REMOVE = Change(sa.delete(IndexedRow).where(*_this))
_MOVE = Change(
    sa.update(IndexedRow).where(among(IndexedRow.entry, "entries")).values(run=sa.bindparam("only", type_=sa.Integer()))
)
_ENCODE = Change(sa.update(IndexedRow).where(*_this).values(encoded=sa.true(), vectors=sa.bindparam("made")))
_COURSE = Query(select(CourseRow.id, CourseRow.entries, CourseRow.words).where(*given(CourseRow.course)))
_COUNT = Change(
    sa.update(CourseRow)
    .where(*given(CourseRow.id))
    .values(
        entries=col(CourseRow.entries) + sa.bindparam("more", type_=sa.Integer()),
        words=col(CourseRow.words) + sa.bindparam("longer", type_=sa.Integer()),
    )
)
_LOOKED_AT = Query(
    select(IndexedRow.entry, IndexedRow.question, IndexedRow.answer, IndexedRow.vectors).where(
        among(IndexedRow.entry, "entries"),
        sa.or_(col(IndexedRow.run).is_(None), col(IndexedRow.run) == sa.bindparam("run", type_=sa.Integer())),
    )
)
_kin = select(IndexedRow.entry, IndexedRow.kin).where(col(IndexedRow.kin).is_not(None))
_KIN, _KIN_OF = Query(_kin), Query(_kin.where(among(IndexedRow.entry, "entries")))


def readings(question: str, answer: str) -> tuple[str, str, str]:
    """The three texts of an entry whose vectors are stored."""
    question, answer = plain(question), plain(answer)
    return question, answer, f"{question}\n{answer}"


class SearchIndex:
    """`encoder` has the vectors of texts that were looked up recently; without one, only words count."""

    def __init__(self, session: Session, encoder: Encoder | None = None) -> None:
        self._session = session
        self._encoder = encoder

    # Keeping

    def follow(self, entry: Entry, run: int | None) -> None:
        """Updates the index to the current state of an entry; entries that people may not find are not in it. `run`:
        the only cohort whose people find it (None: every cohort of the course)."""
        row = _ROW.first(self._session, entry=entry.id)
        wanted = entry.stands or entry.state == "draft"
        sign = stamp(entry.question + "\0" + entry.answer)
        if row is not None:
            if wanted and row.stamp == sign:
                _MOVE.run(self._session, entries=[entry.id], only=run)
                return
            self._remove(entry.id, row)
        if wanted:
            self._add(entry, sign, run)

    def _add(self, entry: Entry, sign: str, run: int | None) -> None:
        known = _COURSE.first(self._session, course=entry.course)
        course = known[0] if known else self._new_course(entry.course)
        question, answer = words(entry.question), words(entry.answer)
        _COUNT.run(self._session, id=course, more=1, longer=len(question) + len(answer))
        asked_, said = LexicalIndex(self._session, course).add(entry.id, question, answer)
        _NEW.run(
            self._session,
            entry=entry.id,
            course=course,
            run=run,
            question=asked_,
            answer=said,
            stamp=sign,
            encoded=False,
            vectors=None,
            kin=None,
        )

    def _remove(self, entry: int, row: _Indexed) -> None:
        length = len(row.question.split()) + len(row.answer.split())
        _COUNT.run(self._session, id=row.course, more=-1, longer=-length)
        LexicalIndex(self._session, row.course).remove(entry, row.question, row.answer)
        if row.encoded:
            self._vectors(row.course).remove(entry)
        _REMOVE.run(self._session, entry=entry)
        if row.kin is not None:
            self._groups(row.course).forget_empty(row.kin)

    def _new_course(self, course: str) -> int:
        row = CourseRow(course=course)
        self._session.add(row)
        self._session.flush()
        return row.id

    # Looking up

    def move(self, entries: Collection[int], run: int | None) -> None:
        """Makes these entries visible to the cohort `run` only, or to every cohort of the course."""
        _MOVE.run(self._session, entries=sorted(entries), only=run)

    def candidates(
        self, course: str, cohort: int | None, text: str, by_meaning: bool = True
    ) -> tuple[Corpus, list[Candidate]]:
        """Entries of a course that may fit a text, including those of only a `cohort`, and what was counted."""
        id, entries, length = _COURSE.first(self._session, course=course) or (0, 0, 0)
        if not entries:
            return Corpus(0, 0.0, {}), []
        index = LexicalIndex(self._session, id)
        known = index.known(asked(text))
        corpus = Corpus(entries, length / entries, {word: term.entries for word, term in known.items()})
        found = index.candidates(known, corpus.weight, cohort) if known else []
        vector = self._encoder.known(plain(text)) if self._encoder and by_meaning else None
        if vector is not None:
            found += [entry for entry, _ in self._vectors(id).findable(vector, cohort)]
        names = {str(term.id): word for word, term in known.items()}
        rows = _LOOKED_AT.all(self._session, entries=sorted(set(found)), run=cohort)
        cosines = _cosines(vector, [vectors for *_, vectors in rows])
        return corpus, [
            Candidate(
                entry,
                list(map(names.get, question.split(), repeat(""))),
                list(map(names.get, answer.split(), repeat(""))),
                cosine,
            )
            for (entry, question, answer, _), cosine in zip(rows, cosines, strict=True)
        ]

    # Vectors, afterwards

    def unencoded(self, limit: int) -> list[int]:
        """Entries without vectors, the oldest first."""
        query = select(IndexedRow.entry).where(~col(IndexedRow.encoded)).order_by(col(IndexedRow.entry)).limit(limit)
        return list(self._session.exec(query))

    def encode(self, entry: Entry, vectors: Sequence[bytes]) -> bool:
        """Stores the vectors of an entry's `readings`; False if its text has changed since."""
        row = _ROW.first(self._session, entry=entry.id)
        if row is None or row.encoded or row.stamp != stamp(entry.question + "\0" + entry.answer):
            return False
        _ENCODE.run(self._session, entry=entry.id, made=b"".join(vectors))
        self._vectors(row.course).add(entry.id, vectors[2])
        return True

    def group(self, entry: int) -> None:
        """Puts an entry that has its vectors into the group of those that ask the same."""
        row = _ROW.one(self._session, entry=entry)
        self._groups(row.course).place(entry)

    def groups(self, entries: Collection[int] | None = None) -> dict[int, int]:
        """Entry -> its group, for these entries or for all that have one."""
        rows = _KIN.all(self._session) if entries is None else _KIN_OF.all(self._session, entries=sorted(entries))
        return {entry: group for entry, group in rows if group is not None}

    def kin(self, entry: int) -> dict[int, float]:
        """The other entries of its group, and how alike they are."""
        row = _ROW.first(self._session, entry=entry)
        return self._groups(row.course).likeness(entry) if row is not None and row.kin is not None else {}

    def ungroup(self, course: str) -> None:
        """Forgets the groups of a course."""
        if (known := _COURSE.first(self._session, course=course)) is not None:
            self._session.exec(sa.update(IndexedRow).where(col(IndexedRow.course) == known[0]).values(kin=None))
            self._session.exec(sa.delete(GroupRow).where(col(GroupRow.course) == known[0]))

    def _vectors(self, course: int) -> VectorIndex:
        from storage.search.vectors import VectorIndex

        return VectorIndex(self._session, course)

    def _groups(self, course: int) -> Groups:
        from storage.search.groups import Groups

        return Groups(self._session, course)


def _cosines(vector: bytes | None, entries: Sequence[bytes | None]) -> list[float | None]:
    """The greatest cosine of each entry's readings; None if it is not known."""
    found: list[float | None] = [None] * len(entries)
    if vector is None:
        return found
    there = [n for n, packed in enumerate(entries) if packed is not None]
    if there:
        from storage.search.vectors import unpack

        cosines = (unpack([entries[n] or b"" for n in there]) @ unpack([vector])[0]).reshape(len(there), -1).max(axis=1)
        for n, cosine in zip(there, cosines.tolist(), strict=True):
            found[n] = cosine
    return found
