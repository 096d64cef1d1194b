"""Thanks in one's own words, written to the bot: one press, and the person hears it."""

from collections.abc import Sequence

from bot.core.actions import read_number
from bot.core.errors import NotFound
from bot.core.people import MEMBERS, Cohort, MessageRef, Role
from bot.core.private import Meaning, Receipt, Said
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.thanks import rules
from bot.features.thanks.giving import give
from bot.features.thanks.store import ThanksStore, feature


@feature.meanings("thanks")
def meanings(turn: Turn[ThanksStore], said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if not MEMBERS & turn.roles or cohort.ended_at is not None:
        return ()
    others = {p.id: p.name for role in Role for p in turn.people.members(cohort.id, role) if p.id != said.person}
    return [
        Meaning(
            cohort.id,
            _("Thank {name}", name=others[person]),
            (_("{name} hears it from me in private, with your name; nobody reads your words", name=others[person]),),
            "author",
            "wish",
            str(person),
            others[person],
            group=str(person),
        )
        for person in rules.thanked_in(said.text, others)
    ]


@feature.takes("thanks")
def take(turn: Turn[ThanksStore], said: Said | None, subject: str) -> Receipt:
    person = read_number(subject)
    if said is None or person is None:
        raise NotFound
    return Receipt(
        give(turn, turn.people.person(person), MessageRef("", "", "")), words_left=rules.says_more(said.text)
    )
