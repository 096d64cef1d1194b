"""What questions add to the desk, to the instructor's own wrap-up, and to the manager's week."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.contributions import (
    ACTIVITY,
    DESK,
    FIGURES,
    OUTLINE,
    THREAD,
    Activity,
    DeskItem,
    Figure,
    Listing,
    Pile,
    Thread,
)
from bot.core.people import Cohort, Person
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.questions import desk_views, rules
from bot.features.questions.marking import asker_name, author_name, word_of
from bot.features.questions.store import NOTES, PRIVATE, PUBLIC, Kind, Question, QuestionStore, feature

Questions = Turn[QuestionStore]

HELD = 100
"""Questions of a kind on a desk and its pages."""

SUGGESTED = 5
"""Questions of a kind for which the FAQ is searched."""

TOLD = 3
"""Questions, and answers, in the outline of a wrap-up."""


@feature.contributes(ACTIVITY)
def activity(turn: Questions, cohort: Cohort, since: datetime, until: datetime) -> Sequence[Activity]:
    return [Activity(person, at) for person, at in turn.store.last_spoke(cohort.id, since, until).items()]


@feature.contributes(DESK)
def on_the_desk(turn: Questions, cohort: Cohort, person: Person) -> Sequence[Pile]:
    promised = course_of(cohort.course_text).faq.answer_within
    late = turn.store.count_unsolved(cohort.id, (*PUBLIC, *PRIVATE), turn.now - promised)
    in_time = rules.in_time(turn.store.asked(cohort.id, turn.now - WEEK), promised, turn.now)
    piles = [_pile(turn, cohort, PUBLIC), _pile(turn, cohort, PRIVATE), _pile(turn, cohort, NOTES)]
    return [pile for pile in (*piles, desk_views.promise(*in_time, promised, late)) if pile is not None]


def _pile(turn: Questions, cohort: Cohort, kinds: Sequence[Kind]) -> Pile | None:
    """A pile of waiting questions of some kinds, oldest first."""
    found = turn.store.unsolved(cohort.id, kinds, HELD)
    if not found:
        return None
    promised = course_of(cohort.course_text).faq.answer_within
    items = [_item(turn, cohort, question, n < SUGGESTED) for n, question in enumerate(found)]
    number = turn.store.count_unsolved(cohort.id, kinds, turn.now)
    late = turn.store.count_unsolved(cohort.id, kinds, turn.now - promised)
    return desk_views.pile(found[0].kind, items, number, late, promised)


def _item(turn: Questions, cohort: Cohort, question: Question, suggest: bool) -> DeskItem:
    taker = turn.people.person(question.taken_by).name if question.taken_by is not None else None
    course = course_of(cohort.course_text).id
    likely = () if question.private or not suggest else turn.store.likely(course, cohort.id, question.text)
    known = next((one for one in likely if one.checked), None)
    return desk_views.item(question, asker_name(turn, question), taker, known, word_of(turn, question))


@feature.contributes(THREAD)
def how_it_is_known(turn: Questions, number: int) -> Sequence[Thread]:
    question = turn.store.question(number)
    if question is None or question.answer is None or question.anonymous or question.private:
        return ()
    if question.guess != "stands":
        return [Thread("asker" if question.asker in turn.store.marked_by(question.answer) else "team")]
    replies = turn.store.responses(question.id)
    after = [r for r in replies if r.own and r.id > question.answer]
    read = [r for r in replies if r.id == question.answer] + after[-1:]
    return [Thread("thread", [(author_name(turn, r) or "", r.text) for r in read])]


@feature.contributes(OUTLINE)
def in_the_wrapup(turn: Questions, cohort: Cohort, since: datetime) -> Sequence[Listing]:
    common = turn.store.most_replied(cohort.id, since, TOLD)
    return desk_views.outline(common, turn.store.answered_by_learners(cohort.id, since, TOLD - 1))


@feature.contributes(FIGURES)
def in_the_week(turn: Questions, cohort: Cohort) -> Sequence[Figure]:
    asked, last_week = turn.store.asked(cohort.id, turn.now - 2 * WEEK), turn.now - WEEK
    promised = course_of(cohort.course_text).faq.answer_within
    overdue = turn.store.count_unsolved(cohort.id, (*PUBLIC, *PRIVATE), turn.now - promised)
    now, before = [a for a in asked if a.at >= last_week], [a for a in asked if a.at < last_week]
    return desk_views.figures(cohort, len(now), len(before), rules.median_wait(now), overdue)
