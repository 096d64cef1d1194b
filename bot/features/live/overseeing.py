"""What the course team sees of the sessions that there are, and does about one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.actions import read_number
from bot.core.contributions import PROPOSED
from bot.core.errors import FormRefused, NotFound, Refused
from bot.core.feature import Press, Reply
from bot.core.message import Message
from bot.core.people import MEMBERS, STAFF, Role
from bot.core.translation import _
from bot.course import structure
from bot.course.loader import course_of
from bot.features.live import clocks, contributing, judging, page_views, rules, staff_views, weighing
from bot.features.live.staff_views import Row
from bot.features.live.store import Lives, Session, feature


@dataclass(frozen=True)
class ShowLive:
    """Live sessions. Learners: those ahead, and what counts instead. Course team: all of them, and to propose one."""


@feature.command("live", example="/cohort live", roles=MEMBERS, after_end=True)
def show_live(turn: Lives, typed: ShowLive) -> Reply:
    if not turn.roles & STAFF:
        weeks = range(1, len(course_of(turn.here.course_text).weeks) + 1)
        return page_views.all_of_them(list(contributing.can_do(turn, turn.me, turn.here, weeks)))
    sessions = [s for s in turn.store.of(turn.here.id) if s.state != "removed"]
    return staff_views.overview(turn.here, known(turn, sessions))


@feature.action("open", roles=STAFF, lane="private", after_end=True)
def open_session(turn: Lives, press: Press) -> Reply:
    session = turn.store.get(turn.here.id, read_number(press.value or press.subject) or 0)
    if session is None or session.state == "removed":
        raise NotFound(_("This session is not in the course any more."))
    return page(turn, session)


def page(turn: Lives, session: Session) -> Message:
    """A session for the course team."""
    (one,) = known(turn, [session])
    decides, reads = Role.MANAGER in turn.roles, Role.INSTRUCTOR in turn.roles
    clock = clocks.by_the_cohorts(session.slots, turn.here, turn.me.zone)
    return staff_views.page(one, decides, reads, clock, turn.here.ended_at is None)


def known(turn: Lives, sessions: Sequence[Session]) -> list[Row]:
    zones, limits = weighing.zones_of(turn, turn.here), course_of(turn.here.course_text).live_rules
    weighed = {one.live.id: one for one in weighing.weighed(turn, turn.here)} if sessions else {}
    judged = {one.session.id: one for one in judging.judge(turn, turn.here)} if sessions else {}
    takings = turn.store.takings([s.id for s in sessions])
    here = {p.id for p in turn.people.members(turn.here.id, Role.LEARNER)}
    found = []
    for session in sessions:
        mine = [one for one in takings if one.session == session.id]
        went = judged.get(session.id)
        found.append(
            Row(
                session,
                weighed.get(session.name),
                went,
                Counter(one.slot for one in mine if one.person in here),
                (went and went.counted.outside) or rules.shares_outside(session, zones, limits),
                rules.without_slot(session, zones, limits),
                sum(bool(one.answers and one.reflected_at) for one in mine),
                rules.waits(session, turn.now),
                session.is_missed(turn.now),
            )
        )
    return found


@feature.action("remove", roles=STAFF, lane="private")
def take_out(turn: Lives, press: Press) -> Reply:
    """Proposes the course without a session that has not taken place."""
    session = turn.store.get(turn.here.id, read_number(press.subject) or 0)
    places = {live.id: n for n, live in enumerate(course_of(turn.here.course_text).live)}
    if session is None or session.name not in places:
        raise NotFound(_("This session is not in the course any more."))
    rules.check_ahead(session, turn.now)
    yes = contributing.coming(turn, session)
    text = structure.removed(turn.here.course_text, "live", places[session.name])
    try:
        return next(iter(turn.collect(PROPOSED, text, staff_views.taken_out(yes, session.has_begun(turn.now)))), None)
    except FormRefused as refused:
        raise Refused(" ".join(refused.problems.values())) from None
