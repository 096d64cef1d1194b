"""The end of a cohort: everybody's final card, an end to all messages, and the archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.facts import CohortEnded, CohortPlanned
from bot.core.message import Document
from bot.core.people import Cohort, Person, Role
from bot.course.loader import course_of
from bot.features.completion import archive, rules, views
from bot.features.completion.standing import Completion, certified, follow, standings
from bot.features.completion.store import Outlook, Promise, Standing, final_card


@dataclass(frozen=True, slots=True)
class Closed:
    """What came of it: how many final cards went out, and the files that stay."""

    cards: int
    documents: list[Document]


def outlook(turn: Completion, cohort: Cohort) -> Outlook:
    begun = rules.has_begun(cohort, turn.now)
    found = standings(turn, cohort, turn.people.members(cohort.id, Role.LEARNER)) if begun else []
    new = sum(1 for s in found if s.certificate is None and s.progress.complete)
    cards = sum(_is_new(turn, cohort, s) for s in _reached(turn, cohort, found))
    titles = {m.id: m.title for m in course_of(cohort.course_text).milestones}
    unopened = {m for s in found for m, w in s.record.windows.items() if w.opens_at > turn.now}
    coming = tuple(title for m, title in titles.items() if m in unopened)
    rounds = tuple(turn.store.open_rounds(cohort.id))
    return Outlook(cards, new, begun, promises(turn, cohort, found), turn.store.waiting(cohort.id), coming, rounds)


def promises(turn: Completion, cohort: Cohort, found: Sequence[Standing]) -> tuple[Promise, ...]:
    """What these learners have not handed in, and were told is still taken; those with the same dates together."""
    moved = turn.store.moved(cohort.id)
    groups: dict[tuple[str, datetime | None, datetime | None, bool], list[Person]] = {}
    for one in found:
        for id, window in one.record.windows.items():
            open_now = window.opens_at <= turn.now and rules.can_hand_in(cohort, window, turn.now)
            if open_now and not window.optional and id not in one.record.work:
                key = (id, window.due_at, window.closes_at, (id, one.person.id) in moved)
                groups.setdefault(key, []).append(one.person)
        if one.progress.unanswered and rules.can_answer(cohort):
            groups.setdefault(("", None, None, False), []).append(one.person)
    order = [m.id for m in course_of(cohort.course_text).milestones]
    known = [key for key in groups if key[0] in ("", *order)]
    known.sort(key=lambda k: (k[0] == "", order.index(k[0]) if k[0] else 0, k[3], str(k[2])))
    return tuple(Promise(*key, tuple(groups[key])) for key in known)


def close(turn: Completion, cohort: Cohort, cut_short: bool = False) -> Closed:
    """Ends the cohort. The final cards answer the end, so they do not wait for the voice. What was promised is kept;
    `cut_short`: it is not, and whoever it was promised to is told, once."""
    found: list[Standing] = []
    if rules.has_begun(cohort, turn.now):
        found = standings(turn, cohort, turn.people.members(cohort.id, Role.LEARNER))
    lost = {p.id for promise in promises(turn, cohort, found) for p in promise.people} if cut_short else set()
    unchanged = {s.person.id for s in found if s.certificate is not None}
    found = [certified(turn, cohort, s) for s in found]
    turn.store.end_cohort(cohort.id, cut_short)
    ended = turn.people.cohort(cohort.id) or cohort
    turn.cohort = ended
    cards = 0
    told = []
    for one in _reached(turn, ended, found):
        new = _is_new(turn, ended, one)
        cards += new
        told.append(one.person.id)
        if not new and one.person.id in unchanged:
            continue
        turn.show_to(one.person.id, final_card(ended.id, one.person.id), views.final(ended, one, turn.now))
        if new:
            # The card itself says it.
            lost.discard(one.person.id)
    for one in found:
        if one.person.id in lost and one.certificate is None and turn.people.is_active(one.person.id):
            anchor = f"cut/{ended.id}/{one.person.id}"
            turn.show_to(one.person.id, anchor, views.cut_short(ended, one.person.name))
    turn.store.tell(ended.id, told)
    turn.happened(CohortEnded(ended.id))
    turn.log("ended the cohort, and cut short what was promised" if cut_short else "ended the cohort")
    return Closed(cards, archive.documents(turn, ended))


def reopen(turn: Completion, cohort: Cohort) -> None:
    """Takes an end back: the cohort runs again, with what lies ahead planned anew. What would have come meanwhile does
    not come any more; final cards that stand say again what is missing."""
    turn.store.reopen_cohort(cohort.id)
    turn.cohort = turn.people.cohort(cohort.id) or cohort
    turn.happened(CohortPlanned(cohort.id))
    follow(turn, turn.cohort)
    turn.log("opened the cohort again")


def _reached(turn: Completion, cohort: Cohort, found: list[Standing]) -> list[Standing]:
    """Whose final card is shown at the end: not those who are away or silent, and nobody without an account."""
    gone = turn.store.gone(cohort.id)
    turn.people.fetch([s.person.id for s in found])
    return [s for s in found if s.person.id not in gone and turn.people.is_active(s.person.id)]


def _is_new(turn: Completion, cohort: Cohort, one: Standing) -> bool:
    """Whether they have no final card yet; one that stands is merely edited."""
    return turn.links.ref(final_card(cohort.id, one.person.id)) is None
