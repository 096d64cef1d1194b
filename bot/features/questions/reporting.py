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
from bot.core.feature import Press, Reply
from bot.core.people import STAFF, Cohort, Person
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.questions import desk_views, rules
from bot.features.questions.marking import asker_name, author_name, drop, word_of
from bot.features.questions.store import NOTES, PRIVATE, PUBLIC, Kind, Question, QuestionStore, Response, feature

Questions = Turn[QuestionStore]

HELD = 50
"""Questions of a kind on a desk and its pages, of more the oldest and the newest. The FAQ is searched for each."""

OLD = 2 * WEEK
"""A question with replies that waits longer can be closed with others."""

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
    piles = [_pile(turn, cohort, kinds, turn.now - promised) for kinds in (PUBLIC, PRIVATE, NOTES)]
    return [pile for pile in (*piles, desk_views.promise(*in_time, promised, late)) if pile is not None]


def _pile(turn: Questions, cohort: Cohort, kinds: Sequence[Kind], late_before: datetime) -> Pile | None:
    """A pile of waiting questions of some kinds, oldest first. Of very many, the oldest and the newest."""
    number = turn.store.count_unsolved(cohort.id, kinds, turn.now)
    if not number:
        return None
    found = list(turn.store.unsolved(cohort.id, kinds, HELD if number <= HELD else HELD // 2))
    if number > HELD:
        found += reversed(turn.store.unsolved(cohort.id, kinds, HELD // 2, newest=True))
    again = turn.store.asked_again([q.id for q in found if q.replies])
    items = [_item(turn, cohort, question, again.get(question.id), late_before) for question in found]
    closable = any(_is_closable(turn, question) for question in found)
    return desk_views.pile(cohort, kinds[0], items, number, found[0].asked_at <= late_before, closable)


def _item(
    turn: Questions, cohort: Cohort, question: Question, again: Response | None, late_before: datetime
) -> DeskItem:
    taker = turn.people.person(question.taken_by).name if question.taken_by is not None else None
    course = course_of(cohort.course_text)
    likely = () if question.private else turn.store.likely(course.id, cohort.id, question.text)
    known = next((one for one in likely if one.checked), None)
    is_late = not question.replies and question.asked_at <= late_before and question.kind != "note"
    name, word = asker_name(turn, question), word_of(turn, question)
    return desk_views.item(question, name, taker, known, word, again, is_late, bool(course.milestones))


def _is_closable(turn: Questions, question: Question) -> bool:
    return question.kind != "note" and question.replies > 0 and question.asked_at < turn.now - OLD


@feature.action("close_replied", roles=STAFF, lane="private", after_end=True)
def close_replied(turn: Questions, press: Press) -> Reply:
    """Closes old questions that have replies, as 'Not needed' does for each."""
    kinds = PRIVATE if press.subject == "private" else PUBLIC
    found = [q for q in turn.store.unsolved(turn.here.id, kinds, HELD) if _is_closable(turn, q)]
    for question in found:
        drop(turn, question)
    turn.log(f"closed {len(found)} old questions with replies")
    return desk_views.closed(found)


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
