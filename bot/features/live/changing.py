"""'Change it': the answers of a session as a form of `revisions`, in the words of 'Propose' and with times that would
do."""

from datetime import timedelta

from bot.core.errors import NotFound
from bot.core.feature import Press, Reply
from bot.core.people import STAFF
from bot.core.translation import _
from bot.course import edit
from bot.course.loader import course_of
from bot.features.live import changing_views, proposing, rules
from bot.features.live.store import Lives, feature


@feature.action("change", roles=STAFF, lane="form")
def change_session(turn: Lives, press: Press) -> Reply:
    text, course = turn.here.course_text, course_of(turn.here.course_text)
    live = next((one for one in course.live if one.id == press.subject), None)
    if live is None:
        raise NotFound(_("This session is not in the course any more."))
    item = edit.item(text, f"live.{live.id}")
    slots = proposing.times_that_do(turn, live.week, live.minutes)
    at = rules.at_slots(turn.here, live)
    others = proposing.what_counts(turn, live.week, max(at) + timedelta(minutes=live.minutes) if at else None)
    return changing_views.form(turn.here, item, edit.fields(text, item.path), course, live, slots, others)
