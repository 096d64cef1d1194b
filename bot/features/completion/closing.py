"""The end of a cohort: everybody's final card, the end of all messages, and the archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.contributions import OPEN_ENDS, Filed, Promise
from bot.core.facts import CohortEnded, CohortPlanned
from bot.core.message import Message
from bot.core.people import Cohort, Person, Role
from bot.core.voice import Awaited, Hush
from bot.features.completion import archive, rules, team_views, views
from bot.features.completion.standing import Completion, certified, follow, show, standings
from bot.features.completion.store import Outlook, Standing, final_card

TOLD_FOR = timedelta(days=366)
"""How long a learner may be away and still hear that a promise was cut short."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The result: how many final cards were sent, how many follow when their readers are back, and the files that
    remain."""

    cards: int
    later: int
    files: list[Filed]


def outlook(turn: Completion, cohort: Cohort) -> Outlook:
    begun = rules.has_begun(cohort, turn.now)
    found = standings(turn, cohort, turn.people.members(cohort.id, Role.LEARNER)) if begun else []
    new = sum(1 for s in found if s.certificate is None and s.complete)
    cards = sum(_is_new(turn, cohort, s) for s in _reached(turn, cohort, found))
    later = len(_await_return(turn, cohort, found))
    return Outlook(cards, later, new, begun, promises(found), tuple(turn.collect(OPEN_ENDS, cohort)))


def promises(found: Sequence[Standing]) -> tuple[tuple[Promise, tuple[Person, ...]], ...]:
    """What these learners have not done, and were told is still accepted, grouped by promise."""
    groups: dict[tuple[int, Promise], list[Person]] = {}
    for one in found:
        for part, credit in enumerate(one.credits):
            for promise in credit.words().promises:
                groups.setdefault((part, promise), []).append(one.person)
    in_order = sorted(groups, key=lambda key: (key[0], key[1].order))
    return tuple((key[1], tuple(groups[key])) for key in in_order)


def close(turn: Completion, cohort: Cohort, cut_short: bool = False) -> Closed:
    """Ends the cohort. The final cards answer the end, so they come at once, or in the morning. Promises are kept; with
    `cut_short` they are not, and the people concerned are told once."""
    found: list[Standing] = []
    if rules.has_begun(cohort, turn.now):
        found = standings(turn, cohort, turn.people.members(cohort.id, Role.LEARNER))
    lost = {p.id for _, people in promises(found) for p in people} if cut_short else set()
    unchanged = {s.person.id for s in found if s.certificate is not None}
    for one in found:
        certified(turn, cohort, one)
    turn.store.end_cohort(cohort.id, cut_short)
    ended = turn.people.cohort(cohort.id) or cohort
    turn.cohort = ended
    # The end changes what is still accepted.
    found = standings(turn, ended, [s.person for s in found])
    cards = 0
    later = _await_return(turn, ended, found)
    # The card itself says it.
    lost -= later
    told = [*later]
    for one in _reached(turn, ended, found):
        new = _is_new(turn, ended, one)
        cards += new
        told.append(one.person.id)
        if not new and one.person.id in unchanged:
            continue
        show(turn, ended, one, new)
        if new:
            lost.discard(one.person.id)
    for one in found:
        if one.person.id in lost and one.certificate is None and turn.people.is_active(one.person.id):
            key, text = f"cut/{ended.id}/{one.person.id}", views.cut_short(ended)
            turn.say(Awaited(one.person.id, ended.id, key, text, turn.now + TOLD_FOR))
    turn.store.tell(ended.id, told)
    turn.happened(CohortEnded(ended.id))
    turn.log("ended the cohort, and cut short what was promised" if cut_short else "ended the cohort")
    return Closed(cards, len(later), archive.files(turn, ended))


def end_and_archive(turn: Completion, cut_short: bool) -> Message:
    """Ends the cohort for the manager who asked; the archive is a message of its own."""
    promised = bool(outlook(turn, turn.here).promises) and not cut_short
    closed = close(turn, turn.here, cut_short)
    # Each end has its own message: after a second one the first would be far above.
    anchor = f"archive/{turn.here.id}/{turn.now.isoformat()}"
    turn.show_to(turn.me.id, anchor, team_views.archive(turn.here, closed.files))
    return team_views.closed(turn.here, closed.cards, closed.later, promised)


def reopen(turn: Completion, cohort: Cohort) -> None:
    """Reopens the cohort: it runs again, and what is ahead is planned again. What would have happened meanwhile is
    lost. Posted final cards show again what is missing."""
    turn.store.reopen_cohort(cohort.id)
    turn.cohort = turn.people.cohort(cohort.id) or cohort
    turn.happened(CohortPlanned(cohort.id))
    learners = turn.people.members(cohort.id, Role.LEARNER)
    turn.say(*(Hush(final_card(cohort.id, person.id)) for person in learners))
    follow(turn, turn.cohort)
    turn.log("opened the cohort again")


def _reached(turn: Completion, cohort: Cohort, found: list[Standing]) -> list[Standing]:
    """Learners whose final card is shown at the end: nobody who is away or silent, and nobody without an account."""
    gone = turn.people.gone(cohort.id)
    turn.people.fetch([s.person.id for s in found])
    return [s for s in found if s.person.id not in gone and turn.people.is_active(s.person.id)]


def _await_return(turn: Completion, cohort: Cohort, found: list[Standing]) -> set[int]:
    """Learners who are away and get their final card when they are back."""
    away = turn.people.away(cohort.id)
    return {s.person.id for s in found if s.person.id in away and _is_new(turn, cohort, s)}


def _is_new(turn: Completion, cohort: Cohort, one: Standing) -> bool:
    """Whether they have no final card yet; an existing one is only edited."""
    return turn.links.ref(final_card(cohort.id, one.person.id)) is None
