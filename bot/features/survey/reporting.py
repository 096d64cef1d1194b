"""What a survey adds to other views: the desk, the manager's week, one's own page, the archive, the next run's file."""

from collections.abc import Callable, Collection, Sequence

from bot.core.contributions import (
    AGENDA,
    AGENDA_AFTER_END,
    ARCHIVE,
    DEALT_WITH,
    DESK,
    EVIDENCE,
    FIGURES,
    LEFT_OUT,
    MEASURES,
    OPEN_ENDS,
    SURVEYED,
    WORTH,
    Figure,
    Filed,
    Measure,
    OpenEnd,
    Pile,
    Upcoming,
)
from bot.core.message import Text
from bot.core.people import STAFF, Cohort, Person, Role
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.course.loader import course_of
from bot.features.survey import desk_views, rules, views
from bot.features.survey.asking import Surveys, asked, asked_of, elements, smallest
from bot.features.survey.deciding import results
from bot.features.survey.store import COURSE, Result, feature, on_desk


@feature.contributes(AGENDA)
def upcoming(turn: Surveys, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    survey = turn.store.survey(cohort.id)
    if survey is None or survey.closed_at is not None or Role.LEARNER not in turn.roles:
        return []
    answered = turn.store.has_answered(cohort.id, person.id)
    left = rules.left(asked_of(turn, cohort, person.id), answered)
    return [views.upcoming(cohort.id, left)] if left else []


@feature.contributes(AGENDA_AFTER_END)
def to_decide(turn: Surveys, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """After the end no desk has it."""
    survey = turn.store.survey(cohort.id)
    is_open = survey is not None and survey.closed_at is not None and survey.settled_at is None
    return [desk_views.waiting(cohort)] if is_open and STAFF & set(turn.roles) else []


@feature.contributes(DESK)
def on_the_desk(turn: Surveys, cohort: Cohort, person: Person) -> Sequence[Pile]:
    survey = turn.store.survey(cohort.id)
    if survey is None or survey.closed_at is None or survey.settled_at is not None or cohort.ended_at is not None:
        return []
    found = [r for r in results(turn, cohort) if r.answered and not r.decided]
    return [desk_views.pile(cohort, found, smallest(cohort, survey), survey.closed_at)] if found else []


@feature.contributes(DEALT_WITH)
def dealt_with(turn: Surveys, cohort: Cohort, names: Collection[str]) -> Sequence[tuple[str, Text]]:
    if not any(name.startswith("survey/") for name in names):
        return []
    found = {on_desk(cohort.id, desk_views.element(r).mark): r for r in turn.store.results(cohort.id) if r.decided}
    return [(name, (desk_views.dealt_with(r),)) for name, r in found.items() if name in names]


@feature.contributes(FIGURES)
def in_the_week(turn: Surveys, cohort: Cohort) -> Sequence[Figure]:
    survey = turn.store.survey(cohort.id)
    if survey is None or survey.closed_at is None or turn.now >= survey.closed_at + WEEK:
        return []
    found = [r for r in results(turn, cohort) if r.answered]
    return [desk_views.figures(cohort, found, smallest(cohort, survey))] if found else []


@feature.contributes(OPEN_ENDS)
def open_ends(turn: Surveys, cohort: Cohort) -> Sequence[OpenEnd]:
    survey = turn.store.survey(cohort.id)
    if survey is None or survey.closed_at is not None:
        return []
    answered = max(turn.store.answered(cohort.id).values(), default=0)
    of = len(asked(turn, cohort))
    return [desk_views.open_end(answered, of)] if answered < of else []


@feature.contributes(ARCHIVE)
def archive(turn: Surveys, cohort: Cohort) -> Sequence[Filed]:
    found = results(turn, cohort)
    return [desk_views.filed(found)] if any(one.answered for one in found) else []


@feature.contributes(EVIDENCE)
def evidence(turn: Surveys, cohort: Cohort, learners: frozenset[int]) -> Sequence[tuple[str, str]]:
    """What it says, at its place in the course file."""
    found = [r for r in results(turn, cohort) if r.answered]
    return [(path, desk_views.evidence(r)) for r in found for path in _places(turn, cohort, r)]


@feature.contributes(LEFT_OUT)
def left_out(turn: Surveys, cohort: Cohort) -> Sequence[str]:
    """The sessions to remove, as it is decided, or proposed until then."""
    removed = [r for r in results(turn, cohort) if r.advice == "remove" and r.element != COURSE]
    return [path for r in removed for path in _places(turn, cohort, r)]


def _places(turn: Surveys, cohort: Cohort, result: Result) -> list[str]:
    """Where the course file has what a result is about."""
    if result.element == COURSE:
        return ["course"]
    names = _names(turn, cohort)(result)
    return [f"live[{n}]" for n, live in enumerate(course_of(cohort.course_text).live) if live.id in names]


def _names(turn: Surveys, cohort: Cohort) -> Callable[[Result], Collection[str]]:
    """The sessions that a result is about: one, or those of a series."""
    series = {one.name: one.names for one in elements(turn, cohort)}
    return lambda result: series.get(result.element, (result.element,))


@feature.contributes(WORTH)
def worth(turn: Surveys, cohort: Cohort) -> Sequence[tuple[str, int]]:
    """From what is shown alone: where 'yes' is one group of those that may be read."""
    shares = [(r, rules.found_worth(r.figures, r.answered)) for r in results(turn, cohort) if r.element != COURSE]
    named = _names(turn, cohort)
    return [(name, share) for r, share in shares if share is not None for name in named(r)]


@feature.contributes(SURVEYED)
def surveyed(turn: Surveys, cohort: Cohort) -> Sequence[tuple[str, str]]:
    found = [r for r in results(turn, cohort) if r.element != COURSE and r.advice]
    named = _names(turn, cohort)
    return [(name, r.advice) for r in found for name in named(r)]


@feature.contributes(MEASURES)
def in_a_run(turn: Surveys, cohort: Cohort) -> list[Measure]:
    """Whether the course was worth the time, where enough answered that it may be shown."""
    survey = turn.store.survey(cohort.id)
    if survey is None or survey.closed_at is None:
        return []
    whole = next((r for r in results(turn, cohort) if r.element == COURSE), None)
    yes = whole.figures.get("worth", {}).get("yes") if whole is not None else None
    if whole is None or yes is None:
        return []
    return [Measure("survey/worth", _("Found the course worth their time"), yes, whole.answered, people=True)]
