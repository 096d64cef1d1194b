"""The published FAQ of a course: its approved entries, most asked first, independent of the format."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.time import say_day, write_instant
from bot.core.translation import _, _n
from bot.course.loader import course_of
from bot.course.model import Faq as Policy
from bot.features.faq import rules
from bot.features.faq.store import Entry, FaqStore, Source


@dataclass(frozen=True, slots=True)
class Item:
    """An entry with its sources. `was`: numbers of entries that were merged into it. `stale`: its last check is older
    than the course allows."""

    entry: Entry
    sources: Sequence[Source] = ()
    was: Sequence[int] = ()
    stale: bool = False

    @property
    def name(self) -> str:
        """Its address, which never changes."""
        return f"faq-{self.entry.id}"

    def facts(self) -> list[str]:
        """How often and when it was asked, and when it was checked, in words."""
        said = []
        asked, checked = self.entry.last_asked, self.entry.verified_at
        if self.entry.askers and asked:
            people = _n("1 person", "{n} people", self.entry.askers)
            said.append(_("Asked by {people}, last on {day}.", people=people, day=say_day(asked, "plain")))
        if checked:
            said.append(
                _("Not checked since {day}.", day=say_day(checked, "plain"))
                if self.stale
                else _("Checked on {day}.", day=say_day(checked, "plain"))
            )
        return said


@dataclass(frozen=True, slots=True)
class Book:
    """`course` is the id. `public`: the course file allows readers outside of the cohort."""

    course: str
    title: str
    items: Sequence[Item]
    public: bool = False


def collect(store: FaqStore, course: str, now: datetime, cohort: int | None = None) -> Book:
    """What readers of a course's FAQ may see; in a `cohort` also the entries of its run only."""
    text = store.course_text(course)
    known = course_of(text) if text else None
    policy = known.faq if known else Policy()
    entries = rules.most_asked(store.standing(course, cohort))
    return bound(store, course, known.title if known else course, entries, now, policy.verify_after, policy.public)


def bound(
    store: FaqStore,
    course: str,
    title: str,
    entries: Sequence[Entry],
    now: datetime,
    verify_after: timedelta,
    public: bool = False,
) -> Book:
    """A book of these entries, in this order."""
    sources, was = store.sources_of([e.id for e in entries]), store.merged(course)
    items = [Item(e, sources.get(e.id, ()), was.get(e.id, ()), rules.is_stale(e, now, verify_after)) for e in entries]
    return Book(course, title, items, public)


def as_data(book: Book) -> list[dict[str, object]]:
    """The book as JSON data. Instants are ISO 8601, or null."""
    return [
        {
            "id": item.entry.id,
            "question": item.entry.title,
            "details": item.entry.details,
            "answer": item.entry.answer,
            "askers": item.entry.askers,
            "first_asked": _instant(item.entry.first_asked),
            "last_asked": _instant(item.entry.last_asked),
            "verified_at": _instant(item.entry.verified_at),
            "stale": item.stale,
            "run_only": item.entry.run_only,
            "was": list(item.was),
            "sources": [{"asked_at": write_instant(s.asked_at), "cohort": s.cohort} for s in item.sources],
        }
        for item in book.items
    ]


def _instant(moment: datetime | None) -> str | None:
    return write_instant(moment) if moment else None
