"""Everything about a course file: its errors, the audit, and what the mounted features make of it."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.core.contributions import FINDINGS, RUNS, Finding
from bot.core.people import Cohort
from bot.core.turn import Turn
from bot.course.keys import LISTS
from bot.course.loader import check, course_of
from bot.course.model import Course
from bot.course.problems import Problem, spot


def inspect(turn: Turn[Any], cohort: Cohort, file: str, zones: Sequence[str] = ()) -> list[Problem]:
    """All problems of a cohort's course file, by line. Nothing about features while the file has errors."""
    found = check(cohort.course_text, file, zones, cohort.starts_on)
    if not any(p.severity == "error" for p in found):
        course = course_of(cohort.course_text)
        advice = [*_not_run(course, set(turn.collect(RUNS))), *turn.collect(FINDINGS, cohort)]
        found += [
            Problem(file, *spot(course.spots, f.path), f.path, f.code, "warning", f.message, f.fix) for f in advice
        ]
    return sorted(found, key=lambda p: (p.line, p.column))


def _not_run(course: Course, runs: set[str]) -> Iterator[Finding]:
    """The items whose kind no feature runs."""
    for section, declared in LISTS.items():
        for i, item in enumerate(() if section in runs else getattr(course, section)):
            message = f"Nothing runs a {declared.name.lower()} yet, so “{item.title}” is on no card and in no calendar."
            fix = "Leave it in, and tell the cohort about it yourself."
            yield Finding(f"{section}[{i}]", "not-run", message, fix)
