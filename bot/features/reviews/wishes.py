"""What learners write in private when they would like to give back what they took to review."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.core.errors import Refused, Spent
from bot.core.message import shorten
from bot.core.people import Cohort, Role
from bot.core.private import Meaning, Receipt, Said
from bot.core.small_words import words_of
from bot.core.translation import _, phrase
from bot.core.wishes import Act, says_more, wishes
from bot.features.reviews import finding, taking
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Assignment, feature

_IT = r"(?:(?:it|this|that|one|them|(?:peer )?review|piece|work|draft|text|paper|assignment) )"
GIVE_BACK = Act(
    re.compile(
        rf"\b(?:(?:give|giving|hand|handing|send|put|pass) (?:(?:the|this|that|my|a) )?{_IT}?back(?! to me)|"
        r"return (?=it|this|that|the (?:review|piece|work|draft|text|paper))|"
        r"(?:take|have) (?:(?:the|this|that) )?(?:it|review|piece|work) back|"
        rf"not (?:be able to )?(?:do|write|finish|complete|review|take) (?:(?:the|this|that|my) )?{_IT}?"
        r"(?:review|piece)\b(?! (?:in|on) time| (?:by|before|until))|"
        r"not review (?:it|this|that)(?! (?:in|on) time| (?:by|before|until))|"
        r"(?:somebody|someone|anybody|anyone) else (?:\w+ ){0,2}(?:review|take|do) (?:it|this|that|the)|"
        r"(?:(?:es|das|die|den) )?(?:\w+ ){0,2}(?:zuruckgeben|gebe (?:\w+ ){1,3}zuruck)|"
        r"devolver(?:lo|la)?|devolvo|devuelvo|(?:le |la |l )?rendre (?=la relecture|le texte)|"
        r"rends (?=la relecture|le texte))\b"
    ),
    words_of(
        "review reviews reviewing peer piece work draft text paper assignment back give return stuck somebody someone "
        "anybody anyone else revisao revision texto trabalho trabajo relecture begutachtung"
    ),
    alone=True,
)


def _held(turn: Reviews, cohort: Cohort, person: int) -> list[Assignment]:
    """What somebody has under way, as the card of its piece has 'Give it back'."""
    here = replace(turn, cohort=cohort)
    mine = turn.store.by(cohort.id, {person}) if Role.LEARNER in turn.roles else ()
    return [a for a in mine if a.is_under_way(turn.now) and finding.work(here, cohort, a) is not None]


@feature.meanings("giveback")
def may_give_back(turn: Reviews, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """Each piece is offered by itself; nobody who has none is."""
    held = _held(turn, cohort, said.person) if wishes(said.text, GIVE_BACK) else ()
    return [
        Meaning(
            cohort.id,
            _("Give it back"),
            phrase(
                "the piece that you have for “{title}”; somebody else can review it then, and nobody reads your words",
                title=shorten(one.title, 60),
            ),
            "author",
            "wish",
            str(one.id),
            shorten(one.title, 60),
            group=str(one.id),
        )
        for one in held
    ]


@feature.takes("giveback", after_end=True)
def take_back(turn: Reviews, said: Said | None, subject: str) -> Receipt:
    if Role.LEARNER not in turn.roles:
        raise Refused
    taken = finding.own(turn, subject)
    if not taken.is_under_way(turn.now):
        raise Spent(_("You have this piece no more. `/cohort` shows your reviews."))
    return Receipt(taking.given_back(turn, taken), words_left=said is not None and says_more(said.text, GIVE_BACK))
