"""`pacekeeper check`: the errors and findings of course files, each at its line with its fix."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.app.cli.output import FAILED, FINDINGS, Json, counted, errors, read_file, say, show_json
from bot.core.errors import PacekeeperError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.course.problems import Problem


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
    from bot.app.checking import problems

    return problems(read_file(file, "a course file"), str(file))
