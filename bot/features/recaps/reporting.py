"""What recaps report to the course team: the script on the desk, and in the manager's week what was posted."""

from collections.abc import Sequence
from datetime import time

from bot.core.contributions import AGENDA, DESK, FIGURES, DeskItem, Figure, Pile, Upcoming
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
    """From Friday on, until it is posted or left out; and recordings that say what somebody took back."""
    outdated = [r for r in turn.store.of(cohort.id) if r.taken_out_at is not None]
    piles = [views.recordings([_outdated(turn, cohort, r) for r in outdated])] if outdated else []
    found = _open_week(turn, cohort, person)
    if found is None or found[1].state != "draft":
        return piles
    week, recap = found
    waited = turn.now - at_wall(rules.prepared_from(cohort, week.number), time(0), person.zone)
    # A draft costs as much as the rest of the desk, and small print quotes none.
    now = making.draft(turn, cohort, week) if recap.script or rules.is_asked_for(waited) else ""
    news = rules.fresh(recap.base, now) if recap.script else []
    return [*piles, views.pile(cohort, week, recap.script or now, bool(recap.script), news, waited)]


def _outdated(turn: Recaps, cohort: Cohort, recap: Recap) -> DeskItem:
    names = {p.id: p.name for p in turn.people.members(cohort.id)}
    return views.outdated(cohort, recap, [names[int(i)] for i in recap.taken_out.split() if int(i) in names])


def _open_week(turn: Recaps, cohort: Cohort, person: Person) -> tuple[Week, Recap] | None:
    """The week whose recap an instructor can work on, and it."""
    if cohort.ended_at is not None:
        return None
    week = rules.to_prepare(course_of(cohort.course_text), cohort, local_day(turn.now, person.zone))
    if week is None:
        return None
    return week, naming.of_week(turn, cohort, week.number)


@feature.contributes(AGENDA)
def upcoming(turn: Recaps, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    found = _open_week(turn, cohort, person) if Role.INSTRUCTOR in turn.roles else None
    if found is None:
        return []
    week, recap = found
    return [views.upcoming(cohort, week) if recap.state == "draft" else views.decided(cohort, week, recap)]


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
