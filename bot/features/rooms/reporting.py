"""What quiet rooms tell the course team: times that would suit a room without slots, and never who came."""

from bot.core.contributions import ON_WEEK
from bot.core.message import Text
from bot.core.people import Cohort, Role
from bot.course.gate.slots import Learner
from bot.course.loader import course_of
from bot.course.rooms import slots_for
from bot.features.rooms import rules, views
from bot.features.rooms.opening import Rooms
from bot.features.rooms.store import feature


@feature.contributes(ON_WEEK)
def on_the_week(turn: Rooms, cohort: Cohort) -> list[Text]:
    """A suggestion for each room that has no slots, from the learners' zones and hours."""
    course = course_of(cohort.course_text)
    without = [room for room in course.rooms if not room.slots]
    if not without:
        return []
    learners = [Learner(p.zone, p.hour) for p in turn.people.members(cohort.id, Role.LEARNER)]
    following = min(max(rules.week_of(cohort, turn.now) + 1, 1), len(course.weeks))
    found = [(room, slots_for(room, following, course, learners, cohort.timetable)) for room in without]
    return [views.suggestion(room.title, slots) for room, slots in found if slots]
