"""The result: drafted once, when the survey closes, so that no two can be compared; then the team decides."""

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from bot.core.due import Plan
from bot.core.errors import NotFound, Spent
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply
from bot.core.people import STAFF, Cohort, Role
from bot.core.translation import _
from bot.core.voice import Hush, Line
from bot.course.loader import course_of
from bot.features.survey import desk_views, rules
from bot.features.survey.asking import Surveys, elements
from bot.features.survey.store import Advice, Result, card, feature, on_desk


def results(turn: Surveys, cohort: Cohort) -> Sequence[Result]:
    """The results of a survey that has closed, or closes with its cohort; none while it is open."""
    survey = turn.store.survey(cohort.id)
    if survey is None or (survey.closed_at is None and cohort.ended_at is None):
        return []
    return turn.store.results(cohort.id) if survey.closed_at is not None else drafted(turn, cohort)


def drafted(turn: Surveys, cohort: Cohort) -> list[Result]:
    smallest = course_of(cohort.course_text).privacy.smallest_group
    asked = len(turn.people.members(cohort.id, Role.LEARNER))
    return rules.results(elements(turn, cohort), turn.store.answers(cohort.id), asked, smallest)


def close(turn: Surveys, cohort: Cohort) -> None:
    """Drafts the result. Words that nobody may read are deleted at once, the others when it is decided."""
    survey = turn.store.lock(cohort.id)
    if survey is None or survey.closed_at is not None:
        return
    found = drafted(turn, cohort)
    turn.store.draft(cohort.id, found)
    turn.store.keep(replace(survey, closed_at=turn.now))
    for one in found:
        if not one.advice:
            turn.store.forget_words(cohort.id, one.element)
        turn.happened(DeskChanged(cohort.id, on_desk(cohort.id, desk_views.element(one).mark)))
    _take_away(turn, cohort)
    turn.plan(Plan("survey.settle", str(cohort.id), "", turn.now + rules.WORDS_FOR, cohort.id))
    if (
        any(one.answered for one in found)
        and cohort.ended_at is None
        and turn.now >= cohort.timetable.over(len(course_of(cohort.course_text).weeks))
    ):
        text = (desk_views.news(found),)
        until = turn.now + desk_views.TOLD_FOR
        for person in turn.people.members(cohort.id, Role.MANAGER):
            turn.say(Line(person.id, cohort.id, f"survey/{cohort.id}/{person.id}/news", text, until, Role.MANAGER))


def _take_away(turn: Surveys, cohort: Cohort) -> None:
    """Nobody is asked any more; receipts stay."""
    asked = {one.name for one in elements(turn, cohort)}
    for person in turn.people.members(cohort.id, Role.LEARNER):
        anchor = card(cohort.id, person.id)
        if asked <= turn.store.has_answered(cohort.id, person.id):
            continue
        turn.say(Hush(anchor))
        if turn.links.shown([anchor]):
            turn.withdraw(anchor)


def settle(turn: Surveys, cohort: Cohort) -> None:
    """What nobody decided stays as it was proposed, and no words are left."""
    survey = turn.store.lock(cohort.id)
    if survey is None or survey.closed_at is None or survey.settled_at is not None:
        return
    turn.store.forget_words(cohort.id)
    turn.store.keep(replace(survey, settled_at=turn.now))
    for one in turn.store.results(cohort.id):
        turn.happened(DeskChanged(cohort.id, on_desk(cohort.id, desk_views.element(one).mark)))


@feature.action("look", roles=STAFF, lane="private", after_end=True)
def look(turn: Surveys, press: Press) -> Reply:
    survey, cohort = turn.store.survey(turn.here.id), turn.here
    if survey is None or survey.closed_at is None:
        raise NotFound(_("The survey has not closed yet. Its result is drafted then."))
    smallest = course_of(cohort.course_text).privacy.smallest_group
    answers = turn.store.answers(cohort.id) if Role.INSTRUCTOR in turn.roles else []
    found = [(r, rules.readable(answers, r.element, smallest)) for r in turn.store.results(cohort.id)]
    return desk_views.page(cohort, found, survey.settled_at is None)


@feature.action("decide", roles=STAFF, lane="private", after_end=True)
def decide(turn: Surveys, press: Press) -> Reply:
    """'MARK.ADVICE'. What is decided can be decided otherwise in the next run's file alone."""
    cohort = turn.here
    mark, _dot, chosen = press.subject.partition(".")
    survey = turn.store.lock(cohort.id)
    found = {desk_views.element(r).mark: r for r in turn.store.results(cohort.id) if r.advice}
    if survey is None or mark not in found or not chosen or chosen not in get_args(Advice):
        raise NotFound
    result = found[mark]
    if result.decided or survey.settled_at is not None:
        raise Spent(reply=desk_views.decided(result))
    advice: Advice = next(a for a in get_args(Advice) if a == chosen)
    turn.store.decide(cohort.id, result.element, advice)
    turn.store.forget_words(cohort.id, result.element)
    turn.log(f"decided about the survey: {advice} {result.element or 'course'}")
    turn.happened(DeskChanged(cohort.id, on_desk(cohort.id, mark)))
    if all(r.decided for other, r in found.items() if other != mark):
        turn.store.keep(replace(survey, settled_at=turn.now))
    return desk_views.decided(replace(result, advice=advice))
