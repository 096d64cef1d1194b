"""What enrolment reports: to the manager how many joined and left, to the course team which channels are lost."""

from collections.abc import Sequence

from bot.core.contributions import DESK, FIGURES, TROUBLE, Figure, Pile
from bot.core.message import Text
from bot.core.people import Cohort, Person, Role
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.enrolment import losses, setup_views
from bot.features.enrolment.store import EnrolmentStore, feature


@feature.contributes(FIGURES)
def in_the_week(turn: Turn[EnrolmentStore], cohort: Cohort) -> Sequence[Figure]:
    came, went = turn.store.came_and_went(cohort.id, turn.now - WEEK)
    found = [Figure("enrolment/joined", _("Joined"), came)] if came else []
    return [*found, Figure("enrolment/left", _("Left"), went)] if went else found


@feature.contributes(DESK)
def on_the_desk(turn: Turn[EnrolmentStore], cohort: Cohort, person: Person) -> Sequence[Pile]:
    """The channels in which nothing can be posted, by cause: what is written for them is on the desk alone."""
    manages = any(p.id == person.id for p in turn.people.members(cohort.id, Role.MANAGER))
    piles = []
    for cause, lost in losses.by_cause(turn, cohort).items():
        hears = None if manages else losses.hears_at(turn, losses.loss_of(cohort, lost[0].place, cause))
        piles.append(setup_views.lost_on_the_desk(lost, cause, hears, turn.now, person.zone))
    return piles


@feature.contributes(TROUBLE)
def cannot_write(turn: Turn[EnrolmentStore], cohort: Cohort) -> Sequence[Text]:
    return [setup_views.cannot_write(lost, cause) for cause, lost in losses.by_cause(turn, cohort).items()]
