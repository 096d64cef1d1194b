"""What absence reports to the course team: learners who have been quiet for long, and learners who are back.

Only what learners do under their names counts. Otherwise an anonymous question would remove its asker from the list.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.core.contributions import ACTIVITY, ATTENTION, AWAY, Activity, Attention, DaysAway
from bot.core.people import Cohort, Role
from bot.core.timetable import DAY, WEEK
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.absence import rules, views
from bot.features.absence.silence import last_signs, quiet_since
from bot.features.absence.store import AbsenceStore, feature


@feature.contributes(ACTIVITY)
def wrote_in_channels(turn: Turn[AbsenceStore], cohort: Cohort, since: datetime, until: datetime) -> Sequence[Activity]:
    """Who wrote in a channel on a day of this span; of each the last day is stored. A day counts where its noon is, so
    that none is in two weeks; today counts already."""
    found = turn.store.heard_in_public(cohort.id)
    counts = {person: min(ends - DAY / 2, turn.now) for person, ends in found.items()}
    return [Activity(p, min(found[p], until), newest=True) for p, at in counts.items() if since < at <= until]


@feature.contributes(ATTENTION)
def quiet_or_back(turn: Turn[AbsenceStore], cohort: Cohort) -> Sequence[Attention]:
    people = {p.id: p for p in turn.people.members(cohort.id, Role.LEARNER)}
    names = {p.id: p.name for p in people.values()}
    away, signs = turn.people.away(cohort.id), last_signs(turn, cohort)
    since = quiet_since(cohort, signs)
    quiet = rules.fallen_silent(since, away, turn.uptime, cohort.timetable)
    ended = [a for a in turn.store.ended(cohort.id, turn.now - WEEK) if rules.is_noticed(a) and a.person not in away]
    back = {a.person: a.ends_at for a in ended if a.ends_at is not None}
    found = [views.is_quiet(cohort, p, names[p], since[p], signs[p]) for p in quiet if p in names]
    return [*found, *(views.is_back(people[p], at) for p, at in back.items() if p in names)]


@feature.contributes(AWAY)
def days_away(turn: Turn[AbsenceStore], cohort: Cohort) -> Sequence[DaysAway]:
    people = {p.id: p for p in turn.people.members(cohort.id, Role.LEARNER)}
    messages, found = course_of(cohort.course_text).messages, turn.store.absences(cohort.id)
    absences = [
        rules.until_return(a, people[person], messages, turn.now)
        for person, mine in found.items()
        if person in people
        for a in mine
        if not a.is_over(turn.now)
    ]
    return [DaysAway(a.person, a.starts_at, a.ends_at) for a in absences]
