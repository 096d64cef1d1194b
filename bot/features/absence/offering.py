"""The course team offers a pause to a learner who may drop out. Only the learner's own press makes it one."""

from bot.core.actions import read_number
from bot.core.errors import NotFound, Refused
from bot.core.facts import LearnerWritten, WentAway
from bot.core.feature import Press, Reply
from bot.core.people import MEMBERS, STAFF, Person, Role
from bot.core.time import local_day, next_time
from bot.core.timetable import DAY, WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Awaited
from bot.course.loader import course_of
from bot.features.absence import away, views
from bot.features.absence.store import AbsenceStore, feature

Absences = Turn[AbsenceStore]

USEFUL_FOR = 2 * WEEK
"""How long an offer, and its answer, waits for its reader."""

AGAIN_AFTER = 14
"""Days before a learner is asked again, and for which an offer can be accepted."""


@feature.action("offer_pause", roles=STAFF, lane="private")
def offer(turn: Absences, press: Press) -> Reply:
    """The subject is the learner. They get it at their next hour, also in a silence."""
    number = read_number(press.subject)
    learner = next((p for p in turn.people.members(turn.here.id, Role.LEARNER) if p.id == number), None)
    if learner is None:
        raise NotFound(_("They are not in this cohort any more."))
    if learner.id in turn.people.away(turn.here.id):
        raise Refused(_("{name} is away already.", name=learner.name))
    if _offers(turn, learner):
        raise Refused(
            _("{name} was offered a pause in the last two weeks. A word of yours does more now.", name=learner.name)
        )
    name = f"{turn.me.id}.{local_day(turn.now, learner.zone).isoformat()}"
    said, below = views.pause_offered(turn.here, turn.me, name)
    turn.say(Awaited(learner.id, turn.here.id, _anchor(turn, learner, name), said, turn.now + USEFUL_FOR, below))
    turn.happened(LearnerWritten(turn.here.id, learner.id, turn.me.id, str(learner.id)))
    turn.log(f"offered person {learner.id} a pause")
    hour = course_of(turn.here.course_text).messages.hour(learner.hour)
    return views.pause_is_offered(learner, next_time(turn.now, hour, learner.zone))


def _offers(turn: Absences, learner: Person) -> dict[str, int]:
    """The offers that reached a learner lately: their anchors, and who made them."""
    today = local_day(turn.now, learner.zone)
    days = [(today - n * DAY).isoformat() for n in range(AGAIN_AFTER)]
    staff = {p.id for role in STAFF for p in turn.people.members(turn.here.id, role)}
    anchors = {_anchor(turn, learner, f"{by}.{day}"): by for by in staff for day in days}
    reached = turn.links.refs(list(anchors))
    return {anchor: by for anchor, by in anchors.items() if anchor in reached}


def _anchor(turn: Absences, learner: Person, name: str) -> str:
    """`name`: who offered it, and after a '.' the day."""
    return f"pause/{turn.here.id}/{learner.id}/{name}"


@feature.action("accept_pause", roles=MEMBERS, lane="private")
def accept(turn: Absences, press: Press) -> Reply:
    if Role.LEARNER not in turn.roles:
        return views.for_learners()
    anchor, by = _meant(turn, press)
    receipt = away.pause(turn)
    _tell(turn, by, yes=True)
    turn.show_to(turn.me.id, anchor, receipt)
    return None


@feature.action("decline_pause", roles=MEMBERS, lane="private")
def decline(turn: Absences, press: Press) -> Reply:
    if Role.LEARNER not in turn.roles:
        return views.for_learners()
    anchor, by = _meant(turn, press)
    _tell(turn, by, yes=False)
    turn.show_to(turn.me.id, anchor, views.pause_declined(turn.here.id))
    return None


def _meant(turn: Absences, press: Press) -> tuple[str, int]:
    """The offer that a button answers, and who made it. Raises NotFound."""
    anchor = _anchor(turn, turn.me, press.subject)
    by = _offers(turn, turn.me).get(anchor)
    if by is None:
        raise NotFound(_("This offer is not there any more. `/cohort away` lets you pause."))
    return anchor, by


def _tell(turn: Absences, by: int, *, yes: bool) -> None:
    """Whoever made the offer hears the answer."""
    text = views.pause_answered(turn.me.name, turn.here.title, yes=yes)
    key = f"pause/{turn.here.id}/{turn.me.id}/answer"
    turn.say(Awaited(by, turn.here.id, key, text, turn.now + USEFUL_FOR))


@feature.on(WentAway)
def follow_pause(turn: Absences, fact: WentAway) -> None:
    """A learner who pauses by another button has answered the offer, too."""
    if turn.person is None or turn.person.id != fact.person:
        return
    if not any(a.last_day is None for a in turn.store.own(fact.cohort, fact.person)):
        return
    for anchor, by in _offers(turn, turn.me).items():
        _tell(turn, by, yes=True)
        turn.show_to(turn.me.id, anchor, views.pause_taken(turn.here.id))
