"""What live sessions report to the course team: those that are held, with the question that they fail."""

from collections.abc import Collection, Sequence

from bot.core.contributions import DEALT_WITH, DESK, FIGURES, Figure, Pile
from bot.core.message import Text
from bot.core.people import Cohort, Person, Role
from bot.course.loader import course_of
from bot.features.live import desk_views, weighing
from bot.features.live.store import feature, on_desk
from bot.features.live.weighing import Lives


@feature.contributes(DESK)
def on_the_desk(turn: Lives, cohort: Cohort, person: Person) -> Sequence[Pile]:
    """One line for each session that is held. Only a manager's has what a manager agrees to."""
    if cohort.ended_at is not None or not course_of(cohort.course_text).live:
        return []
    sessions = {s.name: s for s in turn.store.of(cohort.id)}
    decides = any(p.id == person.id for p in turn.people.members(cohort.id, Role.MANAGER))
    items = [
        desk_views.held(sessions[one.live.id], one, decides)
        for one in weighing.weighed(turn, cohort)
        if one.live.id in sessions and sessions[one.live.id].state == "held"
    ]
    return [desk_views.pile(items)] if items else []


@feature.contributes(DEALT_WITH)
def dealt_with(turn: Lives, cohort: Cohort, names: Collection[str]) -> Sequence[tuple[str, Text]]:
    if not any(name.startswith("live/") for name in names):
        return []
    found = [s for s in turn.store.of(cohort.id) if s.is_out and on_desk(s) in names]
    return [(on_desk(s), desk_views.dealt_with(s)) for s in found]


@feature.contributes(FIGURES)
def in_the_week(turn: Lives, cohort: Cohort) -> Sequence[Figure]:
    """What waits for the manager's word, and what runs by it."""
    sessions = turn.store.of(cohort.id)
    waiting = [s for s in sessions if s.waits]
    agreed = [s for s in sessions if s.is_out and s.agreed and not s.is_over(turn.now)]
    return [
        *([desk_views.waiting(cohort, waiting)] if waiting else []),
        *([desk_views.agreed(cohort, agreed)] if agreed else []),
    ]
