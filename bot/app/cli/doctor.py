"""`pacekeeper doctor`: problems of the installation and their fixes."""

import typer

from bot.app.cli.opening import load_settings
from bot.app.cli.output import FINDINGS, Json, screen, show_json


def doctor(as_json: Json = False) -> None:
    """Look at settings, database, disk, time zones and what waits. Exit code 3 where something needs fixing."""
    from bot.app.doctor import examine

    findings = examine(load_settings())
    if as_json:
        show_json([{"what": f.what, "state": f.state, "mend": f.fix} for f in findings])
    else:
        for f in findings:
            sign = "[red]✗[/red]" if f.fix else "[green]✓[/green]"
            # No wrapping: a path or a command broken over two lines cannot be copied.
            screen.print(f"{sign} {f.what}: {f.state}", soft_wrap=True)
            if f.fix:
                screen.print(f"  {f.fix}", style="yellow", soft_wrap=True)
    if any(f.fix for f in findings):
        raise typer.Exit(FINDINGS)
