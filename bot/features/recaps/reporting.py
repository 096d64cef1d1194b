"""What recaps report to the course team: the script on the desk, and in the manager's week what was posted."""

from collections.abc import Sequence
from datetime import time

from bot.core.contributions import AGENDA, DESK, FIGURES, Figure, Pile, Upcoming
from bot.core.people import Cohort, Person, Role
from bot.core.time import at_wall, local_day
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.course.model import Week
from bot.features.recaps import making, naming, rules, views
from bot.features.recaps.store import Recap, RecapStore, feature

Recaps = Turn[RecapStore]


@feature.contributes(DESK)
def on_the_desk(turn: Recaps, cohort: Cohort, person: Person) -> Sequence[Pile]:
    """From Friday on, until it is posted or left out."""
    found = _open_week(turn, cohort, person)
    if found is None:
        return []
    week, recap = found
    now = making.draft(turn, cohort, week)
    news = rules.fresh(recap.base, now) if recap.script else []
    since = at_wall(rules.prepared_from(cohort, week.number), time(0), person.zone)
    return [views.pile(cohort, week, recap.script or now, bool(recap.script), news, turn.now - since)]


def _open_week(turn: Recaps, cohort: Cohort, person: Person) -> tuple[Week, Recap] | None:
    """The week whose recap waits for an instructor."""
    if cohort.ended_at is not None:
        return None
    week = rules.to_prepare(course_of(cohort.course_text), cohort, local_day(turn.now, person.zone))
    if week is None:
        return None
    recap = naming.of_week(turn, cohort, week.number)
    return (week, recap) if recap.state == "draft" else None


@feature.contributes(AGENDA)
def upcoming(turn: Recaps, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    found = _open_week(turn, cohort, person) if Role.INSTRUCTOR in turn.roles else None
    return [] if found is None else [views.upcoming(cohort, found[0])]


@feature.contributes(FIGURES)
def in_the_week(turn: Recaps, cohort: Cohort) -> Sequence[Figure]:
    """How many weeks had a recap, and whether the newest has."""
    course, today = course_of(cohort.course_text), local_day(turn.now, cohort.zone)
    over = [w for w in course.weeks if rules.prepared_from(cohort, w.number) <= today]
    if not course.recap or not over or rules.span(cohort, over[-1].number)[1] + WEEK < turn.now:
        return []
    recaps = {r.week: r for r in turn.store.of(cohort.id)}
    posted = sum(w.number in recaps and recaps[w.number].is_out for w in over)
    newest = recaps.get(over[-1].number, Recap(cohort.id, over[-1].number))
    return [views.figure(over[-1], newest, posted, len(over))]
