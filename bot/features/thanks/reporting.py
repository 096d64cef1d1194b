"""What thanks add to views: how many there were, and who was thanked and agreed to be named. Never who thanked whom."""

from collections.abc import Sequence
from datetime import datetime, time

from bot.core.contributions import FIGURES, NAMED, RECAP, TOGETHER, Extra, Figure, Passage
from bot.core.people import Cohort
from bot.core.time import at_wall
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.thanks import views
from bot.features.thanks.rules import since
from bot.features.thanks.store import ThanksStore, feature


@feature.contributes(FIGURES)
def in_the_week(turn: Turn[ThanksStore], cohort: Cohort) -> Sequence[Figure]:
    last_week = since(turn.now)
    said = turn.store.count(cohort.id, last_week, turn.now)
    before = turn.store.count(cohort.id, since(last_week), last_week)
    return [Figure("thanks/said", _("Thanks said"), said, before=before)] if said or before else []


@feature.contributes(NAMED)
def named(turn: Turn[ThanksStore], cohort: Cohort) -> Sequence[int]:
    return [person for person, agreed in turn.store.naming(cohort.id).items() if agreed]


@feature.contributes(TOGETHER)
def collected(turn: Turn[ThanksStore], cohort: Cohort, week: int) -> Sequence[Extra]:
    """Those who were thanked in a week and agreed, by the alphabet."""
    since = at_wall(cohort.timetable.monday(week), time(0), cohort.zone)
    names = _names(turn, cohort, since, since + WEEK)
    return [views.collected(names)] if names else []


@feature.contributes(RECAP)
def in_the_recap(
    turn: Turn[ThanksStore], cohort: Cohort, week: int, since: datetime, until: datetime
) -> Sequence[Passage]:
    names = _names(turn, cohort, since, until)
    number = turn.store.count(cohort.id, since, until)
    return [views.passage(names, number)] if number else []


def _names(turn: Turn[ThanksStore], cohort: Cohort, since: datetime, until: datetime) -> list[str]:
    agreed = {person for person, yes in turn.store.naming(cohort.id).items() if yes}
    meant = agreed & set(turn.store.thanked(cohort.id, since, until))
    return sorted((p.name for p in turn.people.members(cohort.id) if p.id in meant), key=str.casefold)
