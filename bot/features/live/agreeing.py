"""A trial or a policy in a course file takes effect after its manager's press, and ends with another one."""

from dataclasses import replace

from bot.core.actions import read_number
from bot.core.errors import NotFound, Spent
from bot.core.feature import Press, Reply
from bot.core.people import MANAGERS
from bot.core.time import local_day
from bot.core.translation import _
from bot.features.live import contributing, desk_views, posting, rules, weighing
from bot.features.live.rules import Weighed
from bot.features.live.store import Lives, Session, feature


@feature.action("trial", roles=MANAGERS, lane="private")
def agree(turn: Lives, press: Press) -> Reply:
    """Without a subject, what waits; 'ID.MARK' agrees to what the manager has read. 'ID.no' ends that, and asks first
    if somebody said yes; 'ID.back' ends it then."""
    if not press.subject:
        return desk_views.waiting_page(turn.here, _waiting(turn))
    session, one = _known(turn, press.subject)
    if press.subject.endswith((".no", ".back")):
        rules.check_ahead(session, turn.now)
        yes = contributing.coming(turn, session)
        if yes and press.subject.endswith(".no"):
            return desk_views.take_back(session, yes)
        turn.store.keep(replace(session, agreed="", by=turn.me.id))
        turn.log(f"took back the agreement to live session {session.name}")
        posting.weigh(turn, turn.here)
        return desk_views.taken_back(session, yes, session.has_begun(turn.now))
    if not one.terms or rules.mark(one.terms) != press.subject.partition(".")[2]:
        raise Spent(_("This session is another one now. Your desk has what it asks for."))
    if session.agreed != one.terms:
        turn.store.keep(replace(session, agreed=one.terms, by=turn.me.id))
        turn.log(f"agreed to live session {session.name}: {one.asks}")
    posting.weigh(turn, turn.here)
    session, here = _known(turn, press.subject)[0], turn.here
    day = max(here.timetable.monday(session.week), here.starts_on)
    return desk_views.decided(session, day if day > local_day(turn.now, here.zone) else None)


def _known(turn: Lives, subject: str) -> tuple[Session, Weighed]:
    session = turn.store.get(turn.here.id, read_number(subject.partition(".")[0]) or 0)
    found = {one.live.id: one for one in weighing.weighed(turn, turn.here)}
    if session is None or session.name not in found:
        raise NotFound(_("This session is not in the course any more."))
    return session, found[session.name]


def _waiting(turn: Lives) -> list[tuple[Session, Weighed]]:
    sessions = {s.name: s for s in turn.store.of(turn.here.id)}
    found = [(sessions[one.live.id], one) for one in weighing.weighed(turn, turn.here) if one.live.id in sessions]
    return [pair for pair in found if rules.waits(pair[0], turn.now)]
