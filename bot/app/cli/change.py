"""`pacekeeper cohort change`: a new course file or new dates for a running cohort."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.app.cli.opening import opened, read_course
from bot.app.cli.output import say, screen
from bot.core.errors import FormRefused, Malformed

if TYPE_CHECKING:
    from bot.core.message import Message
    from bot.core.turn import Turn


def change(
    code: Annotated[str, typer.Argument(help="The cohort's code.")],
    course: Annotated[Path | None, typer.Option(help="Another course file.")] = None,
    start: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Another first day.")] = None,
    zone: Annotated[str | None, typer.Option(help="Another IANA time zone of the cohort.")] = None,
    holiday: Annotated[
        list[str] | None,
        typer.Option(help="A day or DATE..DATE, a name may follow; all of the cohort's own are then those given."),
    ] = None,
    country: Annotated[
        str | None, typer.Option(help="Whose public holidays count: DE, or a part such as DE-BY; '' for none.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Use it without asking.")] = False,
) -> None:
    """Change a running cohort: see what differs and which dates move, then say yes."""
    from bot.app.cohorts import turn_in
    from bot.app.features import make_registry
    from bot.core.plain import plain
    from bot.features.revisions import changing, views

    text = read_course(course)[0] if course else None
    given = {"starts_on": f"{start:%Y-%m-%d}" if start else None, "zone": zone, "country": country}
    given["holidays"] = "\n".join(holiday) if holiday is not None else None
    if text is None and all(value is None for value in given.values()):
        raise Malformed("Say what to change: --course, --start, --zone, --holiday or --country.")

    def propose(turn: Turn[Any]) -> tuple[int, Message, str]:
        try:
            setup = changing.changed(turn.store.present(turn.here), text, given)
        except FormRefused as refused:
            raise Malformed(str(refused)) from None
        proposal, difference = changing.propose(turn, setup)
        return proposal.id, views.preview(turn.here, difference, None, turn.now, in_file=True), turn.here.zone

    def use(turn: Turn[Any]) -> str:
        version, difference = changing.use(turn, turn.store.proposal(turn.here.id, number))
        return views.in_use(version, difference)

    def discard(turn: Turn[Any]) -> None:
        turn.store.settle(number, "discarded")

    registry = make_registry()
    with opened() as storage:
        number, message, reader = turn_in(storage, registry, code, "revisions", propose)
        say(plain(message, reader))
        if not (yes or typer.confirm("Use it?")):
            turn_in(storage, registry, code, "revisions", discard)
            screen.print("Nothing was changed.")
            return
        done = turn_in(storage, registry, code, "revisions", use)
    say(done)
