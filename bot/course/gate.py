"""The six questions that a live session answers before it is announced."""

from dataclasses import dataclass

from bot.course.model import Course, Live


@dataclass(frozen=True, slots=True)
class Failed:
    """A question that a session does not answer. `key` is the key of the file that would answer it."""

    number: int
    key: str
    question: str
    why: str
    fix: str
    required: bool = True


def gate(live: Live, course: Course) -> tuple[Failed, ...]:
    """The questions that the session fails, by their number; only the sixth is not required."""
    failed = []
    if not live.goal:
        fix = "Add `goal: …`: the week's goal it serves, and why writing would not do."
        failed.append(Failed(1, "goal", "which goal it serves", "it cites no goal.", fix))
    if not live.optional:
        failed.append(Failed(2, "optional", "is it optional", "nobody may have to come.", "Write `optional: yes`."))
    if not live.alternative:
        fix = "Add `alternative: …`, such as the recording with a written reflection."
        failed.append(Failed(3, "alternative", "is there an asynchronous way", "those who cannot come have none.", fix))
    if not live.recorded:
        failed.append(Failed(4, "recorded", "is it recorded", "it is not.", "Write `recorded: yes`."))
    total, budget = course.minutes(live.week), course.weekly_minutes
    if not live.workload:
        fix = f"Take {live.minutes} min out of week {live.week} and add `workload: …`, saying what."
        failed.append(Failed(5, "workload", "is it paid for in workload", "workload not reduced.", fix))
    elif total > budget:
        why = f"week {live.week} would be {total / 60:.3g} h of a {budget / 60:.3g} h budget."
        fix = f"Take {total - budget} min out of week {live.week}."
        failed.append(Failed(5, "workload", "is it paid for in workload", why, fix))
    if not live.metric:
        fix = "Add `metric: …`: the number that tells you whether to offer it again."
        failed.append(Failed(6, "metric", "how will you know it was worth it", "it has no measure.", fix, False))
    return tuple(failed)
