"""The course team offers a pause to a learner who may drop out. Only the learner's own press makes it one."""

from bot.core.actions import read_number
from bot.core.errors import NotFound, Refused
from bot.core.facts import LearnerWritten
from bot.core.feature import Press, Reply
from bot.core.people import MEMBERS, STAFF, Person, Role
from bot.core.time import local_day, next_time
from bot.core.timetable import DAY, WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Awaited, Hush
from bot.course.loader import course_of
from bot.features.absence import away, views
from bot.features.absence.store import AbsenceStore, feature

Absences = Turn[AbsenceStore]

USEFUL_FOR = 2 * WEEK
"""How long an offer, and its answer, waits for its reader."""

AGAIN_AFTER = 14
"""Days before a learner is asked again."""


@feature.action("offer_pause", roles=STAFF, lane="private")
def offer(turn: Absences, press: Press) -> Reply:
    """The subject is the learner. They get it at their next hour, also in a silence."""
    number = read_number(press.subject)
    learner = next((p for p in turn.people.members(turn.here.id, Role.LEARNER) if p.id == number), None)
    if learner is None:
        raise NotFound(_("They are not in this cohort any more."))
    if learner.id in turn.people.away(turn.here.id):
        raise Refused(_("{name} is away already.", name=learner.name))
    today = local_day(turn.now, learner.zone)
    days = [(today - n * DAY).isoformat() for n in range(AGAIN_AFTER)]
    if turn.links.refs([_anchor(turn, learner, f"{by}.{day}") for day in days for by in _staff(turn)]):
        raise Refused(
            _("{name} was offered a pause in the last two weeks. A word of yours does more now.", name=learner.name)
        )
    name = f"{turn.me.id}.{today.isoformat()}"
    said, below = views.pause_offered(turn.here, turn.me, name)
    turn.say(Awaited(learner.id, turn.here.id, _anchor(turn, learner, name), said, turn.now + USEFUL_FOR, below))
    turn.happened(LearnerWritten(turn.here.id, learner.id, turn.me.id, str(learner.id)))
    turn.log(f"offered person {learner.id} a pause")
    hour = course_of(turn.here.course_text).messages.hour(learner.hour)
    return views.pause_is_offered(learner, next_time(turn.now, hour, learner.zone))


def _staff(turn: Absences) -> set[int]:
    return {p.id for role in STAFF for p in turn.people.members(turn.here.id, role)}


def _anchor(turn: Absences, learner: Person, name: str) -> str:
    """`name`: who offered it, and after a '.' the day."""
    return f"pause/{turn.here.id}/{learner.id}/{name}"


@feature.action("accept_pause", roles=MEMBERS, lane="private")
def accept(turn: Absences, press: Press) -> Reply:
    return _answer(turn, press, yes=True)


@feature.action("decline_pause", roles=MEMBERS, lane="private")
def decline(turn: Absences, press: Press) -> Reply:
    return _answer(turn, press, yes=False)


def _answer(turn: Absences, press: Press, *, yes: bool) -> Reply:
    """The card becomes the receipt, and whoever offered it hears the answer. The subject is the offer's name."""
    if Role.LEARNER not in turn.roles:
        return views.for_learners()
    anchor = _anchor(turn, turn.me, press.subject)
    if not turn.links.refs([anchor]):
        raise NotFound(_("This offer is not there any more. `/cohort away` lets you pause."))
    number = read_number(press.subject.partition(".")[0])
    receipt = away.pause(turn) if yes else views.pause_declined(turn.here.id)
    if number is not None and number in _staff(turn):
        text = views.pause_answered(turn.me.name, turn.here.title, yes=yes)
        key = f"pause/{turn.here.id}/{turn.me.id}/answer"
        turn.say(Hush(key), Awaited(number, turn.here.id, key, text, turn.now + USEFUL_FOR))
    turn.show_to(turn.me.id, anchor, receipt)
    return None
