"""Finding entries: what somebody looks up, and what is shown before they ask."""

from collections.abc import Sequence

from bot.core.message import Jump
from bot.core.ports import Suggestion
from bot.core.translation import _
from bot.features.faq import asked
from bot.features.faq.scoring import Hit, rank
from bot.features.faq.scoring import asked as asked_words
from bot.features.faq.store import Entry, FaqStore, Source

SHOWN = 3
"""Entries that a search shows."""

COVERED = 0.34
"""Share of the searched words, by weight, that an entry must hold to be found for its words alone."""

ALIKE = 0.4
"""Cosine from which it is found for its meaning."""


def ranked(store: FaqStore, course: str, cohort: int | None, text: str) -> list[Hit]:
    """All that may fit, best first."""
    corpus, candidates = store.candidates(course, cohort, text)
    return rank(asked_words(text), corpus, candidates)


def search(store: FaqStore, course: str, cohort: int | None, text: str, limit: int = SHOWN) -> list[Suggestion]:
    """What fits what somebody looks up, best first."""
    fit = [h for h in ranked(store, course, cohort, text) if h.covered >= COVERED or (h.cosine or 0.0) >= ALIKE]
    # History that two cohorts have in common comes once for each: some are looked at in place of those.
    return _suggestions(store, cohort, fit[: 3 * limit])[:limit]


class Known:
    """The `Suggest` of bot/core/ports.py: what was approved for the course, and what threads have solved."""

    def __init__(self, store: FaqStore) -> None:
        self._store = store

    def likely(self, course: str, cohort: int, text: str) -> Sequence[Suggestion]:
        hits = ranked(self._store, course, cohort, text)
        return _suggestions(self._store, cohort, asked.likely(asked_words(text), hits))

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
    """Those that say the same only once, and of those the one that somebody has checked."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        said = entry.question, entry.answer
        if said not in found or (entry.stands and not found[said].stands):
            found[said] = entry
    return list(found.values())


def _suggestion(entry: Entry, sources: Sequence[Source], cohort: int | None) -> Suggestion:
    newest = sources[0] if sources else None
    said_at = newest.asked_at if newest else entry.created_at
    # In another cohort's channel there is nothing that they could open.
    near = newest is not None and entry.cohort == cohort
    thread = Jump(f"question/{newest.question}/root", _("the thread"), newest.ref) if newest and near else None
    at = (entry.verified_at if entry.stands else None) or said_at
    return Suggestion(entry.id, entry.question, entry.answer, entry.stands, at, thread)
