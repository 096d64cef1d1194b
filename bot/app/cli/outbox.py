"""`pacekeeper outbox`: lists and retries undeliverable messages."""

from typing import Annotated

import typer

from bot.app.cli.opening import opened
from bot.app.cli.output import FINDINGS, Json, counted, screen, show_json, show_table

app = typer.Typer(help="Messages on their way out; what could not be delivered.", no_args_is_help=True)


@app.command("list", epilog="Example: pacekeeper outbox list")
def list_dead(as_json: Json = False) -> None:
    """What was given up, and why. Exit code 3 where there is any."""
    with opened() as storage:
        dead, counts = storage.run_now(lambda unit: (unit.outbox.dead_deliveries(), unit.outbox.counts()))
    if as_json:
        rows = [{"id": d.id, "anchor": d.anchor, "to": d.lane, "error": d.error, "since": d.created_at} for d in dead]
        show_json({"counts": dict(counts), "dead": rows})
    else:
        waiting = counts.get("waiting", 0) + counts.get("held", 0) + counts.get("sending", 0)
        screen.print(f"{waiting} on their way, {len(dead)} given up.")
        table = [(d.id, d.anchor, d.lane, d.error, f"{d.created_at:%Y-%m-%d %H:%M} UTC") for d in dead]
        show_table(("id", "message", "to", "why", "since"), table, "Nothing to retry.")
    if dead:
        raise typer.Exit(FINDINGS)


@app.command(epilog="Example: pacekeeper outbox retry 17 18")
def retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Ids from `outbox list`; all where none is given.")] = None,
) -> None:
    """Try again what was given up, once its cause is fixed; without ids also the planned things that failed."""
    with opened() as storage:
        count, planned = storage.run_now(
            lambda unit: (unit.outbox.retry(ids or None, storage.now()), 0 if ids else unit.schedule.retry())
        )
    screen.print(f"{counted(count, 'message')} and {counted(planned, 'planned thing')} will be tried again.")
