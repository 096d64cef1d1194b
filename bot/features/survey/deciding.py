"""The result: drafted once, when the survey closes, so that no two can be compared; then the team decides."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import get_args

from bot.core.actions import read_number
from bot.core.contributions import ATTENDED, Attended
from bot.core.due import Due, Plan
from bot.core.errors import NotFound, Spent
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply
from bot.core.people import STAFF, Cohort, Role
from bot.core.translation import _
from bot.core.voice import Line
from bot.course.loader import course_of
from bot.features.survey import asking, desk_views, rules
from bot.features.survey.asking import Surveys, asked, elements, smallest
from bot.features.survey.store import COURSE, Advice, Result, Survey, feature, on_desk


def results(turn: Surveys, cohort: Cohort) -> Sequence[Result]:
    """The results of a survey that has closed, or closes with its cohort; none while it is open."""
    survey = turn.store.survey(cohort.id)
    if survey is None or (survey.closed_at is None and cohort.ended_at is None):
        return []
    if survey.closed_at is None:
        return drafted(turn, cohort, survey)
    return [rules.narrowed(one, smallest(cohort, survey)) for one in turn.store.results(cohort.id)]


def drafted(turn: Surveys, cohort: Cohort, survey: Survey) -> list[Result]:
    joined = [*asked(turn, cohort).values()]
    answers = turn.store.answers(cohort.id)
    return rules.results(elements(turn, cohort), answers, joined, smallest(cohort, survey))


def begin_close(turn: Surveys, cohort: Cohort, begun: str = "") -> None:
    """Takes the cards away, some at a time, and then closes: until then it is known who has a receipt. `begun`: see
    `asking.some`."""
    if asking.is_open(turn, cohort):
        people, more = asking.some(turn, cohort, "survey.closing", begun)
        asking.take_away(turn, cohort, people)
        if not more:
            _close(turn, cohort)


@feature.due("closing", within=timedelta(days=366), fold=True, after_end=True)
def go_on_closing(turn: Surveys, batch: Sequence[Due]) -> None:
    for due in batch:
        begin_close(turn, turn.here, due.occurrence)


def _close(turn: Surveys, cohort: Cohort) -> None:
    """Drafts the result. Who answered what is deleted then; words that may be read stay until it is decided."""
    survey = turn.store.lock(cohort.id)
    if survey is None or survey.closed_at is not None:
        return
    found = drafted(turn, cohort, survey)
    turn.store.draft(cohort.id, found)
    answers, least = turn.store.answers(cohort.id), smallest(cohort, survey)
    turn.store.keep_words(cohort.id, {e.name: rules.words(e, answers, least) for e in elements(turn, cohort)})
    is_empty = not any(one.answered for one in found)
    turn.store.keep(replace(survey, closed_at=turn.now, settled_at=turn.now if is_empty else None))
    for one in found:
        turn.happened(DeskChanged(cohort.id, on_desk(cohort.id, desk_views.element(one).mark)))
    if not is_empty:
        turn.plan(Plan("survey.settle", str(cohort.id), "", turn.now + rules.WORDS_FOR, cohort.id))
    if (
        not is_empty
        and cohort.ended_at is None
        and turn.now >= cohort.timetable.over(len(course_of(cohort.course_text).weeks))
    ):
        text = desk_views.news()
        until = turn.now + desk_views.TOLD_FOR
        for person in turn.people.members(cohort.id, Role.MANAGER):
            turn.say(Line(person.id, cohort.id, f"survey/{cohort.id}/{person.id}/news", text, until, Role.MANAGER))


def settle(turn: Surveys, cohort: Cohort) -> None:
    """What nobody decided stays as it was proposed, and no words are left."""
    survey = turn.store.lock(cohort.id)
    if survey is None or survey.closed_at is None or survey.settled_at is not None:
        return
    turn.store.forget_words(cohort.id)
    turn.store.keep(replace(survey, settled_at=turn.now))
    for one in turn.store.results(cohort.id):
        turn.happened(DeskChanged(cohort.id, on_desk(cohort.id, desk_views.element(one).mark)))


@feature.action("look", roles=STAFF, lane="private", after_end=True, kept=False)
def look(turn: Surveys, press: Press) -> Reply:
    """All results with the first words about each; 'MARK.PAGE': the words about one."""
    survey, cohort = turn.store.survey(turn.here.id), turn.here
    if survey is None or survey.closed_at is None:
        raise NotFound(_("The survey has not closed yet. Its result is drafted then."))
    least = smallest(cohort, survey)
    texts = turn.store.answers(cohort.id) if Role.INSTRUCTOR in turn.roles else []
    found = [
        (one, sorted(a.words for a in texts if a.element == one.element and one.answered >= least))
        for one in results(turn, cohort)
    ]
    mark, dot, number = press.subject.partition(".")
    for result, words in found if dot else ():
        if desk_views.element(result).mark == mark:
            is_open = rules.is_open(survey, turn.now)
            return desk_views.words_page(cohort, result, words, read_number(number) or 1, is_open)
    return desk_views.page(cohort, found, _attended(turn, cohort), least, rules.is_open(survey, turn.now))


def _attended(turn: Surveys, cohort: Cohort) -> dict[str, list[Attended]]:
    there = turn.collect(ATTENDED, cohort)
    series = {e.name: [one for one in there if e.is_in({one.name})] for e in elements(turn, cohort) if e.name != COURSE}
    return {name: mine for name, mine in series.items() if mine}


@feature.action("decide", roles=STAFF, lane="private", after_end=True)
def decide(turn: Surveys, press: Press) -> Reply:
    """'MARK.ADVICE'. It can be decided otherwise for as long as words may wait."""
    cohort = turn.here
    mark, _dot, chosen = press.subject.partition(".")
    survey = turn.store.lock(cohort.id)
    advice = next((a for a in get_args(Advice) if a and a == chosen), None)
    found = {desk_views.element(r).mark: r for r in results(turn, cohort)}
    if survey is None or survey.closed_at is None or mark not in found or advice is None:
        raise NotFound
    result = found[mark]
    if not rules.is_open(survey, turn.now):
        raise Spent(reply=desk_views.decided(cohort, result, False))
    if result.decided and result.advice == advice:
        return desk_views.decided(cohort, result, True)
    turn.store.decide(cohort.id, result.element, advice)
    turn.store.forget_words(cohort.id, result.element)
    turn.log(f"decided about the survey: {advice} {result.element or 'course'}")
    turn.happened(DeskChanged(cohort.id, on_desk(cohort.id, mark)))
    if all(r.decided for other, r in found.items() if other != mark):
        turn.store.keep(replace(survey, settled_at=survey.settled_at or turn.now))
    return desk_views.decided(cohort, replace(result, advice=advice, decided=True), True)
