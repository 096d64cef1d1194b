"""The six questions that a live session answers before it is announced."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.course.model import Course, Live


@dataclass(frozen=True, slots=True)
class Failed:
    """A question that a session does not answer. `key`: the key of the course file that answers it."""

    number: int
    key: str
    question: str
    why: str
    fix: str
    required: bool = True


def gate(live: Live, course: Course) -> tuple[Failed, ...]:
    """The questions that the session fails, by their number. Only the sixth is not required."""
    return tuple(_failed(live, course))


def _failed(live: Live, course: Course) -> Iterator[Failed]:
    if not live.goal:
        fix = "Add `goal: …`: the week's goal it serves, and why writing would not do."
        yield Failed(1, "goal", "which goal it serves", "it cites no goal.", fix)
    if not live.optional:
        yield Failed(2, "optional", "is it optional", "nobody may have to come.", "Write `optional: yes`.")
    if not live.alternative:
        fix = "Add `alternative: …`, such as the recording with a written reflection."
        yield Failed(3, "alternative", "is there an asynchronous way", "those who cannot come have none.", fix)
    if not live.recorded:
        yield Failed(4, "recorded", "is it recorded", "it is not.", "Write `recorded: yes`.")
    total, budget = course.minutes(live.week), course.weekly_minutes
    if not live.workload:
        fix = f"Take {live.minutes} min out of week {live.week} and add `workload: …`, saying what."
        yield Failed(5, "workload", "is it paid for in workload", "workload not reduced.", fix)
    elif total > budget:
        why = f"week {live.week} would be {total / 60:.3g} h of a {budget / 60:.3g} h budget."
        fix = f"Take {total - budget} min out of week {live.week}."
        yield Failed(5, "workload", "is it paid for in workload", why, fix)
    if not live.metric:
        fix = "Add `metric: …`: the number that tells you whether to offer it again."
        yield Failed(6, "metric", "how will you know it was worth it", "it has no measure.", fix, False)
