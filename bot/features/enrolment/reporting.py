"""What enrolment reports: to the manager how many joined and left, to the course team which channels are lost."""

from collections.abc import Sequence

from bot.core.contributions import DESK, FIGURES, Figure, Pile
from bot.core.people import Cohort, Person
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.enrolment import setup_views
from bot.features.enrolment.store import EnrolmentStore, feature


@feature.contributes(FIGURES)
def in_the_week(turn: Turn[EnrolmentStore], cohort: Cohort) -> Sequence[Figure]:
    came, went = turn.store.came_and_went(cohort.id, turn.now - WEEK)
    found = [Figure("enrolment/joined", _("Joined"), came)] if came else []
    return [*found, Figure("enrolment/left", _("Left"), went)] if went else found


@feature.contributes(DESK)
def on_the_desk(turn: Turn[EnrolmentStore], cohort: Cohort, person: Person) -> Sequence[Pile]:
    """The channels in which nothing can be posted: what is written for them is on the desk alone."""
    return [setup_views.lost_on_the_desk(bound, person.zone) for bound in cohort.channels if bound.lost_at is not None]
