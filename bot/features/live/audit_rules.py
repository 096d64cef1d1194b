"""The engagement audit: what live calls are mostly proposed to mend, as signs from what is there already."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.core.contributions import Figure, Pile
from bot.course.edit import fields
from bot.course.model import Course

Subject = Literal["wait", "late", "presence", "goals", "work", "dates", "alone", "stuck"]

ALONE = ("discussions/posts",)
STUCK = ("checkins/stuck", "wrapups/private")

SETTLED = timedelta(days=2)
"""How long a course has run before it says something that an instructor has not written yet."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One line of the audit. `weak`: it has a step that mends it. `number` of `base`, or the numbers of weeks; `span`:
    a time. `figure`: where it comes from, with its own button. `names`: items of the course file, the first of which
    the step opens, or the pile of the desk."""

    subject: Subject
    weak: bool
    number: int = 0
    base: int = 0
    span: timedelta | None = None
    figure: Figure | None = None
    names: tuple[str, ...] = ()


def signs(
    course: Course,
    text: str,
    week: int,
    figures: Sequence[Figure],
    piles: Sequence[Pile],
    instructors: Collection[int],
    active: Collection[int],
    lasted: timedelta,
) -> list[Sign]:
    """`week`: the present one. `active`: who wrote in threads of the cohort in the last seven days. `lasted`: for how
    long the course has run."""
    by_name = {figure.name: figure for figure in figures}
    found: list[Sign] = []
    if (wait := by_name.get("questions/wait")) is not None and isinstance(wait.value, timedelta):
        found.append(Sign("wait", wait.value > course.faq.answer_within, span=wait.value, figure=wait))
    if (late := by_name.get("questions/overdue")) is not None and isinstance(late.value, int):
        found.append(Sign("late", late.value > 0, late.value, figure=late))
    here = len(set(instructors) & set(active))
    if here == len(set(instructors)) or lasted >= SETTLED:
        found.append(Sign("presence", here < len(set(instructors)), here, len(set(instructors))))
    ahead = [one for one in course.weeks if one.number >= week]
    if ahead:
        without = [one.number for one in ahead if not one.goal]
        found.append(Sign("goals", bool(without), len(without), len(ahead), names=_weeks(without)))
        busy = course.at_work()
        idle = [one.number for one in ahead if one.number not in busy and not one.self_check]
        found.append(Sign("work", bool(idle), len(idle), len(ahead), names=_weeks(idle)))
    if course.milestones:
        undated = [
            f"milestones.{one.id}"
            for n, one in enumerate(course.milestones)
            if not any(key.name == "due" and key.value for key in fields(text, f"milestones[{n}]"))
        ]
        found.append(Sign("dates", bool(undated), len(undated), len(course.milestones), names=tuple(undated)))
    waiting = {pile.name: len(pile.items) + pile.more for pile in piles}
    return [*found, _piled("alone", waiting, ALONE), _piled("stuck", waiting, STUCK)]


def _piled(subject: Subject, waiting: Mapping[str, int], names: Sequence[str]) -> Sign:
    some = [name for name in names if waiting.get(name)]
    number = sum(waiting[name] for name in some)
    return Sign(subject, number > 0, number, names=tuple(some))


def _weeks(numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"weeks.{n}" for n in numbers)
