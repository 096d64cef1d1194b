"""`pacekeeper doctor`: problems of the installation and their fixes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import typer
from rich.markup import escape

from bot.app.cli.opening import read_settings
from bot.app.cli.output import FINDINGS, Json, screen, show_json
from bot.core.errors import PacekeeperError

if TYPE_CHECKING:
    from bot.core.ports import Finding


def doctor(as_json: Json = False) -> None:
    """Look at settings, database, disk, time zones and what waits. Exit code 3 where something needs fixing."""
    from bot.app.doctor import examine

    try:
        settings, wrong = read_settings()
    except PacekeeperError as e:
        settings, wrong = None, [str(e)]
    findings = [*map(_finding, wrong), *(examine(settings, complete=not wrong) if settings else ())]
    if as_json:
        show_json([{"what": f.what, "state": f.state, "mend": f.fix, "sure": f.sure} for f in findings])
    else:
        for f in findings:
            sign = "[red]✗[/red]" if f.fix else "[green]✓[/green]" if f.sure else "[yellow]?[/yellow]"
            # No wrapping: a path or a command broken over two lines cannot be copied.
            screen.print(f"{sign} {escape(f'{f.what}: {f.state}')}", soft_wrap=True)
            if f.fix:
                screen.print(f"  {f.fix}", style="yellow", soft_wrap=True, markup=False)
    if any(f.fix for f in findings):
        raise typer.Exit(FINDINGS)


def _finding(line: str) -> Finding:
    """A line about a setting as a finding: its first sentence is the state, or what comes before the colon."""
    from bot.core.ports import Finding

    state, stop, fix = re.sub(r"(?<!no)\. ", "\0", line, count=1).partition("\0")
    if not stop:
        state, colon, fix = line.partition(": ")
        state = f"{state} cannot be read" if colon else state.rstrip(".")
    return Finding("Settings", state, fix or "See docs/INTERFACE.md, 'Settings'.")
