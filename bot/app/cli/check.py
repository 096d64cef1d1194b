"""`pacekeeper check`: a course file's errors and findings, each at its line with its fix."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.app.cli.output import FINDINGS, Json, counted, read_file, say, show_json

if TYPE_CHECKING:
    from bot.course.problems import Problem


START = date(2026, 1, 5)
"""Any Monday: a course file has no dates."""


def check_file(
    file: Annotated[Path, typer.Argument(help="The course file.")],
    as_json: Json = False,
) -> None:
    """Check a course file: every error at once; without errors, what learners and the message budget have against it.
    It ends with 3 if there are errors."""
    problems = _problems(file)
    errors = sum(p.severity == "error" for p in problems)
    if as_json:
        show_json([p.as_json() for p in problems])
    else:
        for problem in problems:
            # One line per problem for programs, however narrow the terminal.
            say(str(problem))
        if not errors:
            said = (
                f"no errors; the course loads with {counted(len(problems), 'warning')}."
                if problems
                else "nothing to fix."
            )
            say(f"{file}: {said}")
    if errors:
        raise typer.Exit(FINDINGS)


def _problems(file: Path) -> list[Problem]:
    from bot.course.loader import check

    data = read_file(file, "a course file")
    problems = check(data, str(file))
    if any(p.severity == "error" for p in problems):
        return problems
    # A file without errors can be asked what the features make of it, which takes longer.
    from bot.app.calendars import before_it_exists
    from bot.core.people import Cohort
    from bot.course.inspection import inspect

    cohort = Cohort(0, "check", "", data.decode("utf-8-sig"), "UTC", START)
    return before_it_exists(cohort, lambda turn: inspect(turn, cohort, str(file)))
