"""What feedback reports: the queue and the replies on the desk, the manager's figure, evidence for the next run."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.core.contributions import (
    ACTIVITY,
    DEALT_WITH,
    DESK,
    EVIDENCE,
    FIGURES,
    HEARD,
    SNAGS,
    Activity,
    Figure,
    Heard,
    Pile,
    Snag,
)
from bot.core.message import Text
from bot.core.people import Cohort, Person, Role
from bot.core.timetable import WEEK
from bot.course.loader import course_of
from bot.features.feedback import desk_views, rules
from bot.features.feedback.finding import Feedbacks, pieces
from bot.features.feedback.store import Feedback, feature


@feature.contributes(ACTIVITY)
def activity(turn: Feedbacks, cohort: Cohort, since: datetime, until: datetime) -> Sequence[Activity]:
    """Who replied to feedback."""
    replied = [(f.person, f.reply_at) for f in turn.store.of(cohort.id) if f.reply]
    return [Activity(person, at) for person, at in replied if at is not None and since <= at < until]


@feature.contributes(HEARD)
def heard(turn: Feedbacks, cohort: Cohort) -> Sequence[Heard]:
    return [Heard(piece.work.name, bool(piece.given), piece.waits) for piece in pieces(turn, cohort)]


@feature.contributes(DESK)
def on_the_desk(turn: Feedbacks, cohort: Cohort, person: Person) -> Sequence[Pile]:
    found = pieces(turn, cohort)
    names = {p.id: p.name for p in turn.people.members(cohort.id, Role.LEARNER)}
    there = {p.work.name for p in found}
    drafts = turn.store.drafted(cohort.id, person.id)
    waiting = rules.queue(found)
    work, drafted = (
        [
            desk_views.item(cohort, p, desk_views.author(p, names[p.work.person]), own)
            for p in waiting
            if (p.work.name in drafts) is own
        ]
        for own in (False, True)
    )
    replies = [f for f in rules.unanswered(turn.store.of(cohort.id)) if f.person in names]
    said = [desk_views.reply_item(cohort, f, names[f.person], f.work in there) for f in replies]
    piles = [desk_views.pile(cohort, work, bool(turn.links.address))] if work else []
    piles += [desk_views.drafts(drafted)] if drafted else []
    piles += [desk_views.replies(said)] if said else []
    lost = [desk_views.not_arrived_item(f, turn.people.person(f.person).name) for f in _not_arrived(turn, cohort)]
    return [*piles, *([desk_views.not_arrived(lost)] if lost else [])]


def _not_arrived(turn: Feedbacks, cohort: Cohort) -> list[Feedback]:
    """The feedback of the last days whose readers left before it came."""
    here = {p.id for p in turn.people.members(cohort.id)}
    found = [f for f in turn.store.of(cohort.id) if f.person not in here and f.at > turn.now - WEEK]
    came = turn.links.shown([f.anchor for f in found])
    return [f for f in found if f.read_at is None and f.anchor not in came]


@feature.contributes(DEALT_WITH)
def dealt_with(turn: Feedbacks, cohort: Cohort, names: Collection[str]) -> Sequence[tuple[str, Text]]:
    if not any(name.startswith(("milestones/", "live/", "feedback/")) for name in names):
        return []
    about = {p.work.name: (p.work.title, p.work.person) for p in pieces(turn, cohort)}
    about |= {f.anchor: (f.title, f.person) for f in turn.store.of(cohort.id)}
    return [
        (name, desk_views.whose(title, turn.people.person(person).name))
        for name, (title, person) in about.items()
        if name in names
    ]


@feature.contributes(FIGURES)
def in_the_week(turn: Feedbacks, cohort: Cohort) -> Sequence[Figure]:
    """The median time from hand-in to feedback in the last seven days, and what waits."""
    found = pieces(turn, cohort)
    recent = [f for f in turn.store.of(cohort.id) if f.at > turn.now - WEEK]
    longest = rules.longest_wait(found, turn.uptime)
    days = course_of(cohort.course_text).manager.look_feedback_days
    look = bool(days and longest is not None and longest > timedelta(days=days))
    waiting = len(rules.queue(found))
    return desk_views.figures(cohort, rules.median_wait(recent, turn.uptime), waiting, longest, look)


@feature.contributes(SNAGS)
def where_people_get_stuck(turn: Feedbacks, cohort: Cohort) -> list[Snag]:
    """How long a milestone's work waited for feedback (median)."""
    course, by_path = course_of(cohort.course_text), dict[str, list[rules.Piece]]()
    for piece in pieces(turn, cohort):
        by_path.setdefault(piece.work.path, []).append(piece)
    days, found = course.manager.look_feedback_days, []
    for n, milestone in enumerate(course.milestones):
        wait = _median(turn, by_path.get(path := f"milestones[{n}]", []))
        if wait is not None:
            hard = bool(days) and wait > timedelta(days=days)
            found.append(Snag("feedback", milestone.week, wait, path=path, hard=hard))
    return found


@feature.contributes(EVIDENCE)
def evidence(turn: Feedbacks, cohort: Cohort, learners: frozenset[int]) -> Sequence[tuple[str, str]]:
    """On how much of the work there was feedback, and after how long."""
    by_path: dict[str, list[rules.Piece]] = {}
    for piece in pieces(turn, cohort, learners):
        by_path.setdefault(piece.work.path, []).append(piece)
    return [
        (path, desk_views.in_numbers(sum(bool(p.given) for p in found), len(found), _median(turn, found)))
        for path, found in by_path.items()
    ]


def _median(turn: Feedbacks, found: Sequence[rules.Piece]) -> timedelta | None:
    return rules.median_wait([f for p in found for f in p.given], turn.uptime)
