"""What questions add to the desk, to the instructor's own wrap-up, and to the manager's week."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.core.actions import read_number
from bot.core.contributions import (
    ACTIVITY,
    DEALT_WITH,
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
from bot.core.message import Italic, Text, shorten
from bot.core.people import STAFF, Cohort, Person, Role
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.questions import desk_views, rules
from bot.features.questions.marking import asker_name, author_name, close, word_of
from bot.features.questions.store import NOTES, PRIVATE, PUBLIC, Kind, Question, QuestionStore, Response, feature
from bot.features.questions.waiting import overdue

Questions = Turn[QuestionStore]

HELD = 50
"""Questions of a kind on a desk and its pages, of more the oldest and the newest. The FAQ is searched for each."""

OLD = 2 * WEEK
"""A question with a reply that has been quiet for longer can be closed with others."""

TOLD = 3
"""Questions, and answers, in the outline of a wrap-up."""


@feature.contributes(ACTIVITY)
def activity(turn: Questions, cohort: Cohort, since: datetime, until: datetime) -> Sequence[Activity]:
    return [Activity(person, at) for person, at in turn.store.last_spoke(cohort.id, since, until).items()]


@feature.contributes(DESK)
def on_the_desk(turn: Questions, cohort: Cohort, person: Person) -> Sequence[Pile]:
    promised = course_of(cohort.course_text).faq.answer_within
    late = overdue(turn, cohort).questions
    week_ago = turn.now - WEEK
    judged = [a for a in turn.store.asked(cohort.id) if a.answered_at is None or a.at >= week_ago]
    in_time = rules.in_time(judged, promised, turn.now)
    piles = [_pile(turn, cohort, person, kinds, promised) for kinds in (PUBLIC, PRIVATE, NOTES)]
    return [pile for pile in (*piles, desk_views.promise(*in_time, promised, late)) if pile is not None]


def _pile(turn: Questions, cohort: Cohort, person: Person, kinds: Sequence[Kind], promised: timedelta) -> Pile | None:
    """A pile of waiting questions of some kinds, oldest first. Of very many, the oldest and the newest."""
    number = turn.store.count_unsolved(cohort.id, kinds)
    if not number:
        return None
    found = list(turn.store.unsolved(cohort.id, kinds, HELD if number <= HELD else HELD // 2))
    if number > HELD:
        found += reversed(turn.store.unsolved(cohort.id, kinds, HELD // 2, newest=True))
    last = turn.store.last_words([q.id for q in found if q.replies])
    sent = turn.store.sent([q.id for q in found if q.replies])
    items = [_item(turn, cohort, person, question, last.get(question.id), promised, sent) for question in found]
    closable = any(rules.is_quiet(question, last.get(question.id), turn.now - OLD) for question in found)
    return desk_views.pile(cohort, kinds[0], items, number, any(i.stands for i in items), closable)


def _item(
    turn: Questions,
    cohort: Cohort,
    person: Person,
    question: Question,
    last: Response | None,
    promised: timedelta,
    sent: Collection[tuple[int, int]],
) -> DeskItem:
    """`sent`: (question, entry) of the FAQ entries that were replies already; none is suggested again."""
    taker = turn.people.person(question.taken_by).name if question.taken_by is not None else None
    course = course_of(cohort.course_text)
    likely = () if question.private else turn.store.likely(course.id, cohort.id, question.text)
    known = next((one for one in likely if one.checked and (question.id, one.entry) not in sent), None)
    again = last if last is not None and last.own else None
    since = rules.waits_since(question, last)
    late = turn.now - promised - since if since is not None else timedelta(-1)
    instructors = {p.id for p in turn.people.members(cohort.id, Role.INSTRUCTOR)}
    taken = question.taken_by is not None and question.taken_by != person.id and question.taken_by in instructors
    held = taken or (since is None and question.kind != "note")
    name, word = asker_name(turn, question), word_of(turn, question)
    return desk_views.item(question, name, taker, known, word, again, late, held, bool(course.milestones))


@feature.contributes(DEALT_WITH)
def dealt_with(turn: Questions, cohort: Cohort, names: Collection[str]) -> Sequence[tuple[str, Text]]:
    numbers = {name: read_number(name.removeprefix("questions/")) for name in names if name.startswith("questions/")}
    found = {name: turn.store.question(number) for name, number in numbers.items() if number is not None}
    return [
        (name, (Italic(shorten(question.text, 80)),))
        for name, question in found.items()
        if question is not None and question.text and question.state not in ("draft", "withdrawn")
    ]


@feature.action("close_replied", roles=STAFF, lane="private", after_end=True)
def close_replied(turn: Questions, press: Press) -> Reply:
    """Closes questions whose last word was a reply of somebody else two weeks ago, as 'Not needed' does for each."""
    kinds = PRIVATE if press.subject == "private" else PUBLIC
    unsolved = turn.store.unsolved(turn.here.id, kinds, HELD)
    last = turn.store.last_words([q.id for q in unsolved if q.replies])
    found = [q for q in unsolved if rules.is_quiet(q, last.get(q.id), turn.now - OLD)]
    for question in found:
        close(turn, question)
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
    now, before = [a for a in asked if a.at >= last_week], [a for a in asked if a.at < last_week]
    return desk_views.figures(cohort, len(now), len(before), rules.median_wait(now), overdue(turn, cohort).questions)
