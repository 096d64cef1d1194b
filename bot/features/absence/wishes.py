"""What learners write in private when they would like to pause, or will be away."""

import re
from collections.abc import Sequence

from bot.core.errors import Refused
from bot.core.people import Cohort, Role
from bot.core.private import Meaning, Receipt, Said
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.wishes import DAYS, WHY, says_more, wishes
from bot.course.loader import course_of
from bot.features.absence import away, views
from bot.features.absence.store import AbsenceStore, feature

Absences = Turn[AbsenceStore]

_FROM = r"(?: (?:from )?(?:the|this|my) (?:course|cohort|programme|program|class|participation))?"
_TAIL = rf"{_FROM}(?: {DAYS})?(?: {WHY})?"
_ASKS = (
    r"(?:(?:can|could|may|might) (?:i|we)(?: please| maybe| perhaps| also| just)?|"
    r"(?:i|we)(?:'d| would)? (?:like|love|want|wish|need|have) to|i must|i(?:'m| am) going to|"
    r"i(?:'ll| will)|i'd rather|"
    r"(?:is it|would it be) (?:possible|ok|okay|all right|alright|fine) (?:to|if i)|am i allowed to|"
    r"how (?:do|can) (?:i|we)|let me|is there a way to)"
)
PAUSE = re.compile(
    rf"(?:{_ASKS} (?:pause|(?:take|have) a (?:short |little |longer )?(?:break|pause)(?! statement))|"
    rf"pause(?: me| my participation)?|put me on (?:pause|hold)|"
    rf"i(?:'d| would)? (?:need|want|like) a (?:short |little |longer )?(?:break|pause)|"
    rf"(?:can|could) you (?:please )?(?:pause me|put me on (?:pause|hold))){_TAIL}"
)
_AM = r"(?:i|we)(?:'m| am|'re| are|'ll be| will be| have to be| must be|'m going to be| am going to be)"
AWAY = re.compile(
    rf"(?:{_AM} (?:away|abroad|offline|travell?ing|unavailable|not available|out of (?:the )?office|off|"
    rf"on (?:vacation|holidays?|leave|parental leave|annual leave|a (?:business |work )?trip))|"
    rf"(?:i|we) (?:have|will have|won't have|will not have|don't have) (?:no|any|much|little)? ?time|"
    rf"(?:i|we)(?:'m| am|'re| are)? (?:go|going|leaving|leave) (?:away|on (?:vacation|holidays?|leave|a trip))|"
    rf"(?:i|we) (?:can't|cannot|won't|will not) (?:be here|be there|take part|participate)|"
    rf"(?:away|on (?:vacation|holidays?|leave)|out of office))(?: {DAYS})?(?: {WHY})?"
)


def _learns(turn: Absences, cohort: Cohort) -> bool:
    return Role.LEARNER in turn.roles and course_of(cohort.course_text).is_english


@feature.meanings("pause")
def may_pause(turn: Absences, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if not _learns(turn, cohort) or not wishes(said.text, PAUSE):
        return ()
    text = (_("nothing is sent to you until you say that you are back; nobody reads your words"),)
    return [Meaning(cohort.id, _("Pause"), text, "author", "wish")]


@feature.meanings("away")
def may_be_away(turn: Absences, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if not _learns(turn, cohort) or not (wishes(said.text, AWAY) or wishes(said.text, PAUSE)):
        return ()
    text = (_("you pick the days, and nothing is sent to you then; nobody reads your words"),)
    return [Meaning(cohort.id, _("I'm away"), text, "author", "wish")]


@feature.takes("pause")
def take_pause(turn: Absences, said: Said | None, subject: str) -> Receipt:
    if Role.LEARNER not in turn.roles:
        raise Refused(reply=views.for_learners())
    return Receipt(away.pause(turn), words_left=_says_more(said))


@feature.takes("away")
def take_away(turn: Absences, said: Said | None, subject: str) -> Receipt:
    if Role.LEARNER not in turn.roles:
        raise Refused(reply=views.for_learners())
    return Receipt(away.page(turn), words_left=_says_more(said))


def _says_more(said: Said | None) -> bool:
    return said is not None and says_more(said.text, PAUSE, AWAY)
