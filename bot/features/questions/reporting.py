"""What questions add to the desk, to the instructor's recap, and to the manager's week."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.core.actions import read_number
from bot.core.contributions import (
    ACTIVITY,
    DEALT_WITH,
    DESK,
    FIGURES,
    MEASURES,
    NAMED,
    RECAP,
    THREAD,
    Activity,
    DeskItem,
    Figure,
    Measure,
    Passage,
    Pile,
    Thread,
)
from bot.core.feature import Press, Reply
from bot.core.message import Italic, Text, shorten
from bot.core.people import STAFF, Cohort, Person, Role
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.uptime import Uptime
from bot.course.loader import course_of
from bot.features.questions import desk_views, rules
from bot.features.questions.marking import asker_name, author_name, close, unposted, word_of
from bot.features.questions.store import NOTES, PRIVATE, PUBLIC, Kind, Question, QuestionStore, Response, feature
from bot.features.questions.waiting import in_channels, overdue

Questions = Turn[QuestionStore]

HELD = 50
"""Questions of a kind on a desk and its pages, of more the oldest and the newest. The FAQ is searched for each."""

PILES: Sequence[Sequence[Kind]] = (PUBLIC, PRIVATE, NOTES)

OLD = 2 * WEEK
"""A question with a reply that has been quiet for longer can be closed with others."""

TOLD = 2
"""Questions, and answers, in an instructor's recap."""


@feature.contributes(ACTIVITY)
def activity(turn: Questions, cohort: Cohort, since: datetime, until: datetime) -> Sequence[Activity]:
    return [
        Activity(person, at, in_thread=True) for person, at in turn.store.last_spoke(cohort.id, since, until).items()
    ]


@feature.contributes(DESK)
def on_the_desk(turn: Questions, cohort: Cohort, person: Person) -> Sequence[Pile]:
    """What waits, and how the promise is kept. With more than `HELD` that wait there is no praise for it."""
    promised = course_of(cohort.course_text).faq.answer_within
    instructors = {p.id for p in turn.people.members(cohort.id, Role.INSTRUCTOR)} - {person.id}
    held = _held(turn, cohort)
    replied = [q.id for found, _ in held for q in found if q.replies]
    last, sent = turn.store.last_words(replied), turn.store.sent(replied)
    others = turn.store.last_replies(replied)
    every = [q for found, _ in held for q in found]
    absent = unposted(turn, every)
    below = [r for r in turn.store.unposted([q.id for q in every]) if not r.own]
    waiting = {r.question: r for r in below if r.post == "waits"}
    why = turn.links.held(cohort.id, "question/")
    gone = {r.question for r in below if r.anchor in why and why[r.anchor].why == "gone"}
    piles, late = [], 0
    for (found, number), kinds in zip(held, PILES, strict=True):
        items = []
        for question in found:
            wait = _longer_than(promised, question, last.get(question.id), turn.uptime)
            late += question.kind != "note" and wait > timedelta(0)
            where = desk_views.where(
                question, question.id in absent, why, waiting.get(question.id), question.id in gone
            )
            word, reply = last.get(question.id), others.get(question.id)
            items.append(_item(turn, cohort, person, instructors, question, word, wait, sent, where, reply))
        closable = any(rules.is_quiet(question, last.get(question.id), turn.uptime.ago(OLD)) for question in found)
        if items:
            broken = any(item.stands for item in items)
            mine = any(question.taken_by == person.id for question in found)
            piles.append(desk_views.pile(cohort, kinds[0], items, number, broken, closable, mine))
    asked = turn.store.asked(cohort.id, turn.now - WEEK)
    helpless = any(question.guess == "not_yet" for found, _ in held for question in found)
    well = not late and not helpless and all(number <= HELD for _, number in held)
    promise = desk_views.promise(*rules.in_time(asked, promised, turn.uptime), promised, well)
    return [*piles, *([promise] if promise is not None else [])]


def _held(turn: Questions, cohort: Cohort) -> list[tuple[Sequence[Question], int]]:
    """The waiting questions of each of the `PILES`, oldest first, and how many there are."""
    found = turn.store.unsolved(cohort.id, [kind for kinds in PILES for kind in kinds], HELD + 1)
    if len(found) > HELD:
        return [_of_many(turn, cohort, kinds) for kinds in PILES]
    piles = [[question for question in found if question.kind in kinds] for kinds in PILES]
    return [(pile, len(pile)) for pile in piles]


def _of_many(turn: Questions, cohort: Cohort, kinds: Sequence[Kind]) -> tuple[Sequence[Question], int]:
    """Waiting questions of some kinds: of more than `HELD` the oldest and the newest, and only these are counted."""
    found = turn.store.unsolved(cohort.id, kinds, HELD + 1)
    if len(found) <= HELD:
        return found, len(found)
    newest = turn.store.unsolved(cohort.id, kinds, HELD // 2, newest=True)
    return [*found[: HELD // 2], *reversed(newest)], turn.store.count_unsolved(cohort.id, kinds)


def _longer_than(promised: timedelta, question: Question, last: Response | None, uptime: Uptime) -> timedelta:
    """By how much a question waits longer than promised; not above zero if it does not."""
    since = rules.waits_since(question, last)
    return uptime.since(since) - promised if since is not None else timedelta(-1)


def _item(
    turn: Questions,
    cohort: Cohort,
    reader: Person,
    colleagues: Collection[int],
    question: Question,
    last: Response | None,
    late: timedelta,
    sent: Collection[tuple[int, int]],
    where: Text,
    reply: Response | None,
) -> DeskItem:
    """`colleagues`: the other instructors. `sent`: (question, entry) of the FAQ entries that were replies already; none
    is suggested again. `reply`: the last one of somebody other than the asker."""
    taker = turn.people.person(question.taken_by).name if question.taken_by is not None else None
    course = course_of(cohort.course_text)
    likely = () if question.private else turn.store.likely(course.id, cohort.id, question.text)
    known = next((one for one in likely if one.checked and (question.id, one.entry) not in sent), None)
    again = last if last is not None and last.own and not rules.only_thanks(last.text) else None
    waits = rules.waits_since(question, last) is not None or question.kind == "note"
    held = question.taken_by in colleagues or not waits
    name, word = asker_name(turn, question), word_of(turn, question)
    mine, movable = question.taken_by == reader.id, bool(course.milestones)
    answered = reply if rules.waits_since(question, last) is None and question.kind != "note" else None
    return desk_views.item(question, name, taker, known, word, again, late, held, mine, movable, where, answered)


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
    found = [q for q in unsolved if rules.is_quiet(q, last.get(q.id), turn.uptime.ago(OLD))]
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


@feature.contributes(RECAP)
def in_the_recap(turn: Questions, cohort: Cohort, week: int, since: datetime, until: datetime) -> Sequence[Passage]:
    """What was asked in the channel, and good answers of learners: their words and names only if they agreed."""
    names = {p.id: p.name for p in turn.people.members(cohort.id)}
    agreed = {person: names[person] for person in turn.collect(NAMED, cohort) if person in names}
    common = turn.store.most_replied(cohort.id, since, until, 2 * TOLD)
    absent = unposted(turn, common)
    common = [question for question in common if question.id not in absent][:TOLD]
    solved = turn.store.answered_by_learners(cohort.id, since, until, TOLD)
    asked = [a for a in turn.store.asked(cohort.id, since) if a.at < until]
    return [
        *desk_views.common(common, agreed),
        *(desk_views.well_answered(question, answer, agreed) for question, answer in solved),
        *desk_views.still_waiting(len(in_channels(turn, cohort, since, until))),
        *desk_views.all_answered(len(asked), sum(a.answered_at is not None for a in asked)),
    ]


@feature.contributes(FIGURES)
def in_the_week(turn: Questions, cohort: Cohort) -> Sequence[Figure]:
    asked, last_week = rules.known_at(turn.store.asked(cohort.id, turn.now - 2 * WEEK), turn.now), turn.now - WEEK
    now, before = [a for a in asked if a.at >= last_week], [a for a in asked if a.at < last_week]
    slow = rules.is_slow(now, course_of(cohort.course_text).faq.answer_within, turn.uptime)
    return desk_views.figures(
        cohort,
        (len(now), len(before)),
        (rules.median_wait(now, turn.uptime), rules.median_wait(before, turn.uptime)),
        sum(a.answered_at is not None for a in now),
        slow,
        overdue(turn, cohort).questions,
    )


@feature.contributes(MEASURES)
def in_a_run(turn: Questions, cohort: Cohort) -> list[Measure]:
    wait = rules.median_wait(turn.store.asked(cohort.id), turn.uptime)
    return [Measure("questions/wait", _("Time to a first answer (median)"), wait)] if wait is not None else []
