"""When rounds open and close, and when the course file changes."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.core.asking import left_out
from bot.core.due import Due, Plan
from bot.core.facts import CameUp, CohortPlanned, DeskChanged, ItemsChanged, MoreTimeGiven
from bot.core.planning import Planning
from bot.core.translation import N_
from bot.course.loader import course_of
from bot.features.discussions import finding, posting, rules, showing
from bot.features.discussions.finding import Discussions
from bot.features.discussions.rules import Round
from bot.features.discussions.store import desk_name, feature, more_rounds, root

OPEN = "discussions.open"
WIDEN = "discussions.widen"
CLOSE = "discussions.close"


MOMENT = timedelta(seconds=1)


@feature.planned("open", "widen", "close", again=[MoreTimeGiven, ItemsChanged])
def plan(turn: Discussions, planning: Planning) -> Iterator[Plan]:
    """The instants are part of the names, so that a round whose dates moved is opened and closed again. The rounds are
    stored as they are planned, so that they keep their numbers, and their dates once they are over."""
    cohort = planning.cohort
    if not planning.whole:
        # Somebody with another clock may close later.
        for round in finding.rounds(turn, cohort):
            if round.own_clock and round.opens_at <= turn.now < round.closes_at:
                yield _close(cohort.id, round, round.closes_at)
        return
    before = turn.store.known(cohort.id)
    planned = {(r.discussion.id, r.number): r.planned for r in finding.rounds(turn, cohort)}
    turn.store.know(cohort.id, set(rules.to_know(course_of(cohort.course_text), before, planned)) - set(before))
    gone = left_out(turn, cohort)
    rounds = finding.rounds(turn, cohort)
    shown = turn.links.shown([root(cohort.id, round.discussion.id) for round in rounds])
    for round in rounds:
        subject = f"{cohort.id}/{round.subject}"
        is_shown = root(cohort.id, round.discussion.id) in shown
        if (round.discussion.week, round.discussion.id) in gone and not is_shown:
            continue
        if round.closes_at > turn.now:
            opens = max(round.opens_at, turn.now)
            yield Plan(OPEN, subject, round.opens_at.isoformat(), opens, cohort.id)
            if round.replies and round.discussion.group and round.halfway > turn.now:
                yield _widen(cohort.id, round)
            yield _close(cohort.id, round, round.closes_at)
        elif is_shown:
            yield _close(cohort.id, round, turn.now)


def _widen(cohort: int, round: Round) -> Plan:
    return Plan(WIDEN, f"{cohort}/{round.subject}", round.halfway.isoformat(), round.halfway, cohort)


def _close(cohort: int, round: Round, at: datetime) -> Plan:
    return Plan(CLOSE, f"{cohort}/{round.subject}", round.closes_at.isoformat(), at, cohort)


@feature.due("open", within=timedelta(days=7), title=N_("The post that opens a discussion"), by_day=True)
def open_rounds(turn: Discussions, batch: Sequence[Due]) -> None:
    """One that closed during a downtime is left out; if the course team has it opened all the same, late posts come."""
    for due, round in due_rounds(turn, batch):
        table = round.planned.table
        closes = round.planned_close(table, table.zone)
        if due.at < closes <= turn.now:
            turn.features.leave_out(turn, [due])
        elif round.opens_at <= turn.now:
            showing.show_root(turn, round.discussion)
            if round.number:
                showing.show_round(turn, round)


@feature.due("widen", within=timedelta(days=14))
def widen(turn: Discussions, batch: Sequence[Due]) -> None:
    """A group in which few have posted reads the nearest one from now on, so there is something to answer."""
    for _due, round in due_rounds(turn, batch):
        if round.halfway > turn.now:
            # It closes later now, after a downtime.
            turn.plan(_widen(turn.here.id, round))
        elif turn.now < round.closes_at:
            posting.follow_others(turn, round, posting.standing(turn, round, round.halfway - MOMENT))


def due_rounds(turn: Discussions, batch: Sequence[Due]) -> Iterator[tuple[Due, Round]]:
    """Due rows with their rounds by the cohort's clock, without those that the course has no more."""
    for due in batch:
        discussion, _, number = due.subject.partition("/")[2].partition(".")
        round = finding.round_of(turn, discussion, int(number))
        if round is not None:
            yield due, round


@feature.due("close", within=timedelta(days=14), title=N_("The posts of a discussion"), by_day=True)
def close_rounds(turn: Discussions, batch: Sequence[Due]) -> None:
    for _due, round in due_rounds(turn, batch):
        if round.closes_at > turn.now:
            # It was to close in a downtime, and closes a day after it.
            turn.plan(_close(turn.here.id, round, round.closes_at))
            continue
        posting.follow_others(turn, round, posting.standing(turn, round, round.closes_at - MOMENT))
        posts = showing.in_round(turn, round)
        responses = showing.by_post(turn.store.responses([p.id for p in posts]))
        for post in posts:
            showing.show_post(turn, post, responses.get(post.id, ()))
            turn.happened(DeskChanged(turn.here.id, desk_name(post)))
        showing.show_summary(turn, round)
        if turn.links.shown([more_rounds(turn.here.id, round.discussion.id, round.number)]):
            showing.show_round(turn, round)


@feature.on(CameUp)
def follow_downtime(turn: Discussions, fact: CameUp) -> None:
    """Posts say until when they are open now."""
    for round in finding.rounds(turn):
        if round.delayed and round.opens_at <= turn.now < round.closes_at:
            showing.follow(turn, round.discussion)


@feature.on(MoreTimeGiven)
def follow_more_time(turn: Discussions, fact: MoreTimeGiven) -> None:
    """A learner's receipt says until when they can edit; what is posted says until when it is open for all. What came
    after a close is not late any more if it came before the new one."""
    if fact.person is not None:
        for round in finding.rounds(turn, of=turn.people.person(fact.person)):
            posting.forgive(turn, round, fact.person)
            posting.show_receipt_again(turn, round, fact.person)
        return
    for discussion in course_of(turn.here.course_text).discussions:
        showing.follow(turn, discussion)
        _follow_posts(turn, discussion.id)


def _follow_posts(turn: Discussions, discussion: str) -> None:
    """The receipts of all posts in a discussion say until when they can be edited, or that it was taken out."""
    posts = turn.store.posts(turn.here.id, discussion)
    people = [turn.people.person(person) for person in sorted({post.person for post in posts})]
    rounds = finding.rounds_for(turn, turn.here, people)
    own = {(p.id, r.discussion.id, r.number): r for p, mine in zip(people, rounds, strict=True) for r in mine}
    for post in posts:
        round = own.get((post.person, post.discussion, post.round))
        if round is not None:
            posting.forgive(turn, round, post.person)
            posting.show_receipt_again(turn, round, post.person)
        else:
            posting.show_receipt_without(turn, post)


@feature.on(CohortPlanned)
def follow_course(turn: Discussions, fact: CohortPlanned) -> None:
    """What is posted follows the course file: its dates and words, and what was taken out."""
    course = course_of(turn.here.course_text)
    for discussion in course.discussions:
        showing.follow(turn, discussion)
        _follow_posts(turn, discussion.id)
    for one in rules.to_know(course, turn.store.known(turn.here.id)):
        if one.position is None and course.discussion(one.discussion) is not None:
            showing.take_out_round(turn, one.discussion, one.number)
    for id in turn.store.begun(turn.here.id) - {discussion.id for discussion in course.discussions}:
        showing.take_out(turn, id)
        _follow_posts(turn, id)
