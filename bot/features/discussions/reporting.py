"""What discussions report to the course team: on the desk, and in the manager's week."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.calendar import last_running
from bot.core.contributions import (
    ACTIVITY,
    DEALT_WITH,
    DESK,
    FIGURES,
    NAMED,
    RECAP,
    Activity,
    DeskItem,
    Figure,
    Passage,
    Pile,
)
from bot.core.errors import Spent
from bot.core.facts import DeskChanged, QuestionRaised
from bot.core.feature import Press, Reply
from bot.core.message import Text
from bot.core.people import INSTRUCTORS, Cohort, Person, Role
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.course.loader import course_of
from bot.features.discussions import desk_views, finding, rules, showing
from bot.features.discussions.finding import Discussions
from bot.features.discussions.rules import Finding, Round
from bot.features.discussions.store import Post, desk_name, feature

TOLD_FROM = 2
"""Fewer posts, or fewer answers to one, are not told in a recap."""

SHOWN_FOR = 2 * WEEK
"""How long after its close a round is on the desk while the course runs."""


@feature.contributes(ACTIVITY)
def activity(turn: Discussions, cohort: Cohort, since: datetime, until: datetime) -> Sequence[Activity]:
    return [
        Activity(person, at, in_thread=True) for person, at in turn.store.last_active(cohort.id, since, until).items()
    ]


@feature.contributes(DESK)
def on_the_desk(turn: Discussions, cohort: Cohort, person: Person) -> Sequence[Pile]:
    """After the close, for instructors alone: posts without an answer, and claims without evidence; of a round with
    many posts in one line."""
    if not turn.teaches(person.id, cohort.id):
        return []
    names = {p.id: p.name for p in turn.people.members(cohort.id, Role.LEARNER)}
    items: list[DeskItem] = []
    for round in _closed_lately(turn, cohort):
        posts, found = _noticed(turn, cohort, round, names)
        if len(posts) > rules.MANY and found:
            items.append(desk_views.many(cohort, round, rules.in_turn(found), names))
        else:
            items += [desk_views.post(cohort, round, one, names[one.post.person]) for one in found]
    return [desk_views.pile(_oldest_first(items))] if items else []


def _oldest_first(items: Sequence[DeskItem]) -> list[DeskItem]:
    return sorted(items, key=lambda item: item.since)


def _closed_lately(turn: Discussions, cohort: Cohort) -> list[Round]:
    until = last_running(cohort, len(course_of(cohort.course_text).weeks), turn.now)
    return [r for r in finding.rounds(turn, cohort) if until - SHOWN_FOR < r.closes_at <= turn.now]


def _noticed(
    turn: Discussions, cohort: Cohort, round: Round, learners: Collection[int]
) -> tuple[Sequence[Post], list[Finding]]:
    """The posts of a round, and those of learners that the course team should look at."""
    posts = showing.in_round(replace(turn, cohort=cohort), round)
    answered = rules.answered(posts, turn.store.responses([p.id for p in posts]))
    why = ((post, rules.reasons(post, answered, round.fields)) for post in posts if post.person in learners)
    return posts, [Finding(post, reasons) for post, reasons in why if reasons]


@feature.action("findings", roles=INSTRUCTORS, lane="private", after_end=True)
def show_findings(turn: Discussions, press: Press) -> Reply:
    """What the course team should look at in a round. The subject: the round, and after another '.' the page."""
    subject, page = finding.paged(press.subject, parts=2)
    round = finding.ours(turn, subject)
    names = {p.id: p.name for p in turn.people.members(turn.here.id, Role.LEARNER)}
    _posts, found = _noticed(turn, turn.here, round, names)
    return desk_views.findings(turn.here, round, rules.in_turn(found), names, page)


@feature.contributes(DEALT_WITH)
def dealt_with(turn: Discussions, cohort: Cohort, names: Collection[str]) -> Sequence[tuple[str, Text]]:
    if not any(name.startswith("discussions/") for name in names):
        return []
    people = {p.id: p.name for p in turn.people.members(cohort.id, Role.LEARNER)}
    rounds = finding.rounds(turn, cohort)
    whole = [(r.desk_name, desk_views.title_of(r)) for r in rounds if r.desk_name in names]
    return whole + [
        (desk_name(post), desk_views.whose(round, people[post.person]))
        for round in rounds
        for post in showing.in_round(replace(turn, cohort=cohort), round)
        if desk_name(post) in names and post.person in people
    ]


@feature.action("raise", roles=INSTRUCTORS, lane="private")
def raise_question(turn: Discussions, press: Press) -> Reply:
    """Makes the question of a post one of the queue, without the name of its author, who hears of it."""
    post, round = finding.readable(turn, press.subject)
    words = rules.part(post, "question", round.fields)
    if post.raised or not words:
        raise Spent(_("It is a question of the queue already."))
    if not finding.is_public(turn, round):
        raise Spent(_("Its cohort cannot read it yet. Reply to it instead."))
    turn.store.keep(replace(post, raised=True))
    turn.happened(QuestionRaised(turn.here.id, post.person, words, desk_name(post)))
    turn.happened(DeskChanged(turn.here.id, desk_name(post), done=True))
    turn.log(f"made post {post.id} of a discussion a question")
    return desk_views.raised(words)


@feature.contributes(RECAP)
def in_the_recap(turn: Discussions, cohort: Cohort, week: int, since: datetime, until: datetime) -> Sequence[Passage]:
    """How many posted, and once the posts are in the thread, the one that most people answered: in its words if its
    author agreed to be quoted, and with their name if they agreed to be named."""
    agreed, own, found = set(turn.collect(NAMED, cohort)), replace(turn, cohort=cohort), []
    for round in finding.rounds(turn, cohort):
        posts = showing.in_round(own, round) if round.opens_at < until and since <= round.closes_at else []
        if len({p.person for p in posts}) < TOLD_FROM:
            continue
        answers = showing.by_post(turn.store.responses([p.id for p in posts])) if round.closes_at <= turn.now else {}
        counts = {p.id: len({r.person for r in answers.get(p.id, ())} - {p.person}) for p in posts}
        most = max(posts, key=lambda p: counts.get(p.id, 0))
        name = turn.people.person(most.person).name if most.quote and most.person in agreed else ""
        found.append(desk_views.posted(round, len(posts)))
        if counts[most.id] >= TOLD_FROM:
            found.append(desk_views.most_answered(round, most, name, counts[most.id]))
    return found


@feature.contributes(FIGURES)
def in_the_week(turn: Discussions, cohort: Cohort) -> Sequence[Figure]:
    """Rounds that are open, once somebody posted, and those that closed in the last seven days."""
    manager, own = course_of(cohort.course_text).manager, replace(turn, cohort=cohort)
    figures = []
    for round in finding.rounds(turn, cohort):
        if not round.opens_at <= turn.now < round.closes_at + WEEK:
            continue
        posts = showing.in_round(own, round)
        posted, of, replies, _team = showing.counted(own, round, posts)
        of = max(posted, of - len(finding.may_still_post(turn, cohort, round, {p.person for p in posts})))
        over = round.closes_at <= turn.now
        if of and (posted or over):
            figures.append(desk_views.figure(round, posted, of, replies, over and manager.too_few(posted, of)))
    return figures
