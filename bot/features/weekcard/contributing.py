"""What the week card adds to the calendar, to the outlook on the cards of a course, and to one's own page."""

from collections.abc import Sequence

from bot.core.contributions import AGENDA, CARDS, DATES, RUNS, CardAhead, Date, Upcoming
from bot.core.people import Cohort, Person, Role
from bot.core.time import local_day
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.weekcard import cards, rules, views
from bot.features.weekcard.store import WeekcardStore, feature


@feature.contributes(DATES)
def dates(turn: Turn[WeekcardStore], cohort: Cohort, person: Person) -> Sequence[Date]:
    weeks = course_of(cohort.course_text).weeks
    return [
        Date(
            rules.first_day(cohort, person, w.number),
            "week",
            str(w.number),
            _("Week {number}: {title}", number=w.number, title=w.title),
        )
        for w in weeks
    ]


@feature.contributes(RUNS)
def runs(turn: Turn[WeekcardStore]) -> Sequence[str]:
    return ["weeks"]


@feature.contributes(CARDS)
def cards_ahead(turn: Turn[WeekcardStore], cohort: Cohort, person: Person) -> Sequence[CardAhead]:
    found = []
    for week in course_of(cohort.course_text).weeks:
        at = rules.first_day(cohort, person, week.number)
        until = cards.useful_until(cohort, week.number, person.zone, at)
        found.append(CardAhead(f"weeks[{week.number - 1}]", week.number, week.title, at, until, "core"))
    return found


@feature.contributes(AGENDA)
def upcoming(turn: Turn[WeekcardStore], person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    week = rules.present(cohort, person.zone, turn.now)
    if Role.LEARNER not in turn.roles or course_of(cohort.course_text).week(week) is None:
        return []
    if cohort.timetable.is_break(local_day(turn.now, person.zone)):
        return []
    button = views.this_week_button(cohort.id)
    return [Upcoming((_("This week's card: what to study, and what to hand in"),), None, button, always=True)]
