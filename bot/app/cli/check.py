"""`pacekeeper check`: the errors and findings of course files, each at its line with its fix."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.app.cli.output import FAILED, FINDINGS, Json, counted, errors, read_file, say, show_json
from bot.core.errors import PacekeeperError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.course.problems import Problem


START = date(2026, 1, 5)
"""Any Monday: a course file has no dates."""


def check_file(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Course files.")],
    as_json: Json = False,
) -> None:
    """Check course files: every error at once; without errors, what learners and the message budget have against each.
    It ends with 3 if there are errors, and with 1 if a file cannot be read and the others have none."""
    found: list[Problem] = []
    unread = False
    for file in files:
        try:
            problems = _problems(file)
        except PacekeeperError as e:
            unread = True
            errors.print(str(e), style="red", markup=False, highlight=False, soft_wrap=True)
            continue
        found += problems
        if not as_json:
            _show(file, problems)
    if as_json:
        show_json([p.as_json() for p in found])
    if any(p.severity == "error" for p in found):
        raise typer.Exit(FINDINGS)
    if unread:
        raise typer.Exit(FAILED)


def _show(file: Path, problems: Sequence[Problem]) -> None:
    for problem in problems:
        # One line per problem for programs, however narrow the terminal.
        say(str(problem))
    if not any(p.severity == "error" for p in problems):
        warned = f"no errors; the course loads with {counted(len(problems), 'warning')}."
        say(f"{file}: {warned if problems else 'nothing to fix.'}")


def _problems(file: Path) -> list[Problem]:
    from bot.course.loader import check

    data = read_file(file, "a course file")
    problems = check(data, str(file))
    if any(p.severity == "error" for p in problems):
        return problems
    # A file without errors can be asked what the features make of it, which takes longer.
    from bot.app.unstored import before_it_exists
    from bot.core.people import Cohort
    from bot.core.translation import in_english
    from bot.course.inspection import inspect

    cohort = Cohort(0, "check", "", data.decode("utf-8-sig"), "UTC", START)
    with in_english():
        return before_it_exists(cohort, lambda turn: inspect(turn, cohort, str(file)))
