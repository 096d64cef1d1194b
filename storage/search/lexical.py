"""The words of entries, in the full-text index of the database: FTS5 on SQLite, tsvector on PostgreSQL."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

import sqlalchemy as sa
from sqlmodel import Session, col, select

from storage.sql.clauses import Many, among, given
from storage.sql.statements import Change, Insert, Query
from storage.tables.search import TermRow

POSTINGS = 1500
"""How many mentions of words are read for one search, the rarest words first. Words beyond that say little, and count
only for entries that were found by another word."""

CANDIDATES = 60
"""Number of entries that are examined because of their words."""

_FTS = sa.table("search_fts", sa.column("rowid"), sa.column("terms"), sa.column("search_fts"))
_ADD = Change(sa.insert(_FTS).inline(), "rowid", "terms")
_REMOVE = Change(sa.insert(_FTS).inline(), "search_fts", "rowid", "terms")
_KNOWN = Query(
    select(TermRow.term, TermRow.id, TermRow.entries).where(*given(TermRow.course), among(TermRow.term, "terms"))
)
_COUNT = Change(
    sa.update(TermRow)
    .where(among(TermRow.id, "ids"))
    .values(entries=col(TermRow.entries) + sa.bindparam("more", type_=sa.Integer()))
)
_NEW = Insert(TermRow)
_FORGET = Change(sa.delete(TermRow).where(among(TermRow.id, "ids"), col(TermRow.entries) <= 0))


def _both(sqlite: str, postgresql: str) -> Mapping[str, Query[tuple[int, int]]]:
    found: dict[str, Query[tuple[int, int]]] = {}
    for dialect, sql in (("sqlite", sqlite), ("postgresql", postgresql)):
        query = sa.text(sql).bindparams(sa.bindparam("terms", type_=Many(str)), _RUN)
        found[dialect] = Query(query.columns(sa.column("term", sa.Integer), sa.column("entry", sa.Integer)))
    return found


_RUN = sa.bindparam("run", type_=sa.Integer())
_FINDABLE = "(e.run IS NULL OR e.run = CAST(:run AS integer))"
"""The entries that people of a cohort may find. Entries of other cohorts are excluded before the best are chosen."""


TSVECTOR = "array_to_tsvector(array_remove(string_to_array(question || ' ' || answer, ' '), ''))"
"""The words of a row on PostgreSQL, as they are indexed."""

_HOLDING = _both(
    "SELECT CAST(j.value AS INTEGER), f.rowid FROM json_each(:terms) AS j JOIN search_fts AS f"
    f" ON f.search_fts MATCH j.value JOIN search_entries AS e ON e.entry = f.rowid AND {_FINDABLE}",
    "SELECT CAST(j.term AS INTEGER), e.entry FROM unnest(CAST(:terms AS text[])) AS j (term)"
    f" JOIN search_entries AS e ON {TSVECTOR} @@ CAST(j.term AS tsquery) AND {_FINDABLE}",
)
_NEWEST: dict[str, Query[tuple[int]]] = {
    dialect: Query(sa.text(sql).bindparams(_RUN).columns(sa.column("entry", sa.Integer)))
    for dialect, sql in (
        (
            "sqlite",
            "SELECT f.rowid FROM search_fts AS f JOIN search_entries AS e ON e.entry = f.rowid"
            f" WHERE f.search_fts MATCH :term AND {_FINDABLE} ORDER BY f.rowid DESC LIMIT {CANDIDATES}",
        ),
        (
            "postgresql",
            f"SELECT e.entry FROM search_entries AS e WHERE {TSVECTOR} @@ CAST(CAST(:term AS text) AS tsquery)"
            f" AND {_FINDABLE} ORDER BY e.entry DESC LIMIT {CANDIDATES}",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Term:
    """A word by its number, and the number of entries that contain it."""

    id: int
    entries: int


class LexicalIndex:
    """The words of the entries of one course."""

    def __init__(self, session: Session, course: int) -> None:
        self._session = session
        self._course = course
        self._dialect = session.get_bind().dialect.name

    def known(self, words: Collection[str]) -> dict[str, Term]:
        """Those that some entry contains."""
        rows = _KNOWN.all(self._session, course=self._course, terms=sorted(set(words)))
        return {term: Term(id, entries) for term, id, entries in rows if entries > 0}

    def add(self, entry: int, question: Sequence[str], answer: Sequence[str]) -> tuple[str, str]:
        """Adds an entry to the counts; returns its texts as numbers."""
        different = sorted({*question, *answer})
        number = self._numbers(different)
        new = [{"course": self._course, "term": word, "entries": 0} for word in different if word not in number]
        if new:
            _NEW.run_all(self._session, new)
            number = self._numbers(different)
        _COUNT.run(self._session, ids=sorted(number.values()), more=1)
        told = " ".join(str(number[word]) for word in question), " ".join(str(number[word]) for word in answer)
        if self._dialect == "sqlite":
            # On PostgreSQL the row itself is indexed.
            _ADD.run(self._session, rowid=entry, terms=" ".join(told))
        return told

    def remove(self, entry: int, question: str, answer: str) -> None:
        """Removes an entry from the counts, with the numbers that `add` returned."""
        ids = sorted({int(number) for number in f"{question} {answer}".split()})
        _COUNT.run(self._session, ids=ids, more=-1)
        _FORGET.run(self._session, ids=ids)
        if self._dialect == "sqlite":
            _REMOVE.run(self._session, search_fts="delete", rowid=entry, terms=f"{question} {answer}")

    def _numbers(self, words: Collection[str]) -> dict[str, int]:
        return {term: id for term, id, _ in _KNOWN.all(self._session, course=self._course, terms=words)}

    def candidates(self, known: Mapping[str, Term], weight: Callable[[str], float], run: int | None) -> list[int]:
        """The entries that contain most of the words by weight, newer ones first among equals: entries of the whole
        course, and those of the cohort `run`."""
        left = POSTINGS
        # Whole numbers: their sum does not depend on the order in which a database answers.
        wanted: dict[int, int] = {}
        for word, term in sorted(known.items(), key=lambda item: (item[1].entries, item[1].id)):
            if term.entries > left:
                break
            left -= term.entries
            wanted[term.id] = round(weight(word) * 1e6)
        if not wanted and known:
            # Every word is frequent: take the newest entries among those with the rarest words.
            rarest = min(known.values(), key=lambda term: (term.entries, term.id))
            rows = _NEWEST[self._dialect].all(self._session, term=str(rarest.id), run=run)
            return [entry for (entry,) in rows]
        points: dict[int, int] = defaultdict(int)
        for term_id, entry in _HOLDING[self._dialect].all(self._session, terms=[str(id) for id in wanted], run=run):
            points[entry] += wanted[term_id]
        best = nlargest(CANDIDATES, ((sum_, entry) for entry, sum_ in points.items()))
        return [entry for _, entry in best]
