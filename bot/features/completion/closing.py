"""The end of a cohort: everybody's final card, an end to all messages, and the archive."""

from dataclasses import dataclass

from bot.core.facts import CohortEnded
from bot.core.message import Document
from bot.core.people import Cohort, Role
from bot.features.completion import archive, rules, views
from bot.features.completion.border import Standing, final_card
from bot.features.completion.standing import Completion, certified, standings


@dataclass(frozen=True, slots=True)
class Closed:
    """What came of it: how many final cards went out, and the files that stay."""

    cards: int
    documents: list[Document]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What ending the cohort would do: whose card would be shown anew or at all, and new certificates."""

    cards: int
    certificates: int
    begun: bool


def outlook(turn: Completion, cohort: Cohort) -> Outlook:
    begun = rules.has_begun(cohort, turn.now)
    found = standings(turn, cohort, turn.people.members(cohort.id, Role.LEARNER)) if begun else []
    new = sum(1 for s in found if s.certificate is None and s.progress.complete)
    return Outlook(sum(_is_new(turn, cohort, s) for s in _reached(turn, cohort, found)), new, begun)


def close(turn: Completion, cohort: Cohort) -> Closed:
    """Ends the cohort. The final cards answer the end, so they do not wait for the voice."""
    found: list[Standing] = []
    if rules.has_begun(cohort, turn.now):
        found = standings(turn, cohort, turn.people.members(cohort.id, Role.LEARNER))
    unchanged = {s.person.id for s in found if s.certificate is not None}
    found = [certified(turn, cohort, s) for s in found]
    turn.store.end_cohort(cohort.id)
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
    turn.store.tell(ended.id, told)
    turn.happened(CohortEnded(ended.id))
    turn.log("ended the cohort")
    return Closed(cards, archive.documents(turn, ended))


def _reached(turn: Completion, cohort: Cohort, found: list[Standing]) -> list[Standing]:
    """Whose final card is shown at the end: not those who are away or silent, and nobody without an account."""
    gone = turn.store.gone(cohort.id)
    turn.people.fetch([s.person.id for s in found])
    return [s for s in found if s.person.id not in gone and turn.people.is_active(s.person.id)]


def _is_new(turn: Completion, cohort: Cohort, one: Standing) -> bool:
    """Whether they have no final card yet; one that stands is merely edited."""
    return turn.house.ref(final_card(cohort.id, one.person.id)) is None
