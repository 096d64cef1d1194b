"""Finds entries: for searches, and for suggestions before a question is asked."""

from collections.abc import Sequence

from bot.core.message import Jump
from bot.core.ports import Suggestion
from bot.core.translation import _
from bot.features.faq import asked
from bot.features.faq.scoring import Hit, rank
from bot.features.faq.scoring import asked as asked_words
from bot.features.faq.store import Entry, FaqStore, Source

SHOWN = 3
"""Maximum entries that a search shows."""

COVERED = 0.34
"""Minimum share of the searched words, by weight, in an entry that is found by its words alone."""

ALIKE = 0.4
"""Minimum cosine of an entry that is found by its meaning."""


def ranked(store: FaqStore, course: str, cohort: int | None, text: str) -> list[Hit]:
    """All entries that may fit, best first."""
    corpus, candidates = store.candidates(course, cohort, text)
    return rank(asked_words(text), corpus, candidates)


def search(store: FaqStore, course: str, cohort: int | None, text: str, limit: int = SHOWN) -> list[Suggestion]:
    """The entries that fit a search, best first."""
    fit = [h for h in ranked(store, course, cohort, text) if h.covered >= COVERED or (h.cosine or 0.0) >= ALIKE]
    # History shared by two cohorts exists in both: fetch more, since duplicates are removed.
    return _suggestions(store, cohort, fit[: 3 * limit])[:limit]


class Known:
    """The `Suggest` of bot/core/ports.py: approved entries of the course, and solved threads."""

    def __init__(self, store: FaqStore) -> None:
        self._store = store

    def likely(self, course: str, cohort: int, text: str, sure: bool = False) -> Sequence[Suggestion]:
        if not self._store.is_english(course):
            return ()
        hits = asked.likely(asked_words(text), ranked(self._store, course, cohort, text), sure)
        return [one for one in _suggestions(self._store, cohort, hits) if one.checked or not sure]

    def known(self, course: str, cohort: int, entry: int) -> Suggestion | None:
        e = self._store.entry(entry)
        if e is None or not e.stands or e.course != course or (e.run_only and e.cohort != cohort):
            return None
        return _suggestion(e, (), cohort)


def _suggestions(store: FaqStore, cohort: int | None, hits: Sequence[Hit]) -> list[Suggestion]:
    entries = _different(store.entries([hit.entry for hit in hits]))
    sources = store.sources_of([entry.id for entry in entries])
    return [_suggestion(entry, sources.get(entry.id, ()), cohort) for entry in entries]


def _different(entries: Sequence[Entry]) -> list[Entry]:
    """Removes entries that say the same; the checked one stays."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        said = entry.question, entry.answer
        if said not in found or (entry.stands and not found[said].stands):
            found[said] = entry
    return list(found.values())


def _suggestion(entry: Entry, sources: Sequence[Source], cohort: int | None) -> Suggestion:
    newest = sources[0] if sources else None
    said_at = newest.asked_at if newest else entry.created_at
    # People of another cohort cannot open its channel.
    near = newest is not None and entry.cohort == cohort
    thread = Jump(f"question/{newest.question}/root", _("the thread"), newest.ref) if newest and near else None
    at = (entry.verified_at if entry.stands else None) or said_at
    return Suggestion(entry.id, entry.question, entry.answer, entry.stands, at, thread)
