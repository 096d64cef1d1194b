"""`pacekeeper check`: a course file's errors and findings, each at its line with its fix."""

from pathlib import Path
from typing import Annotated

import typer

from bot.app.cli.output import FINDINGS, Json, screen, show_json
from bot.core.errors import PacekeeperError


def check_file(
    file: Annotated[Path, typer.Argument(help="The course file.")],
    as_json: Json = False,
) -> None:
    """Check a course file: every error at once, then what the course's own ideas have to say."""
    from bot.course.loader import check

    try:
        text = file.read_bytes()
    except OSError as e:
        raise PacekeeperError(f"{file} cannot be read: {e.strerror}. Give the path of a course file.") from None
    problems = check(text, str(file))
    if as_json:
        show_json([p.as_json() for p in problems])
    else:
        for problem in problems:
            # One line per problem for programs, however narrow the terminal.
            screen.print(str(problem), markup=False, highlight=False, soft_wrap=True)
        if not problems:
            screen.print(f"{file}: nothing to fix.")
    if problems:
        raise typer.Exit(FINDINGS)
