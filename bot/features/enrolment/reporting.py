"""What enrolment reports to the manager: how many joined and left."""

from collections.abc import Sequence

from bot.core.contributions import FIGURES, Figure
from bot.core.people import Cohort
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.enrolment.store import EnrolmentStore, feature


@feature.contributes(FIGURES)
def in_the_week(turn: Turn[EnrolmentStore], cohort: Cohort) -> Sequence[Figure]:
    came, went = turn.store.came_and_went(cohort.id, turn.now - WEEK)
    found = [Figure("enrolment/joined", _("Joined"), came)] if came else []
    return [*found, Figure("enrolment/left", _("Left"), went)] if went else found
