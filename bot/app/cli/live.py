"""`pacekeeper live`: the live sessions of a cohort, held or announced, and who came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from bot.app.cli.opening import opened
from bot.app.cli.output import Json, show_json, show_table


def show_live(
    cohort: Annotated[str, typer.Argument(metavar="COHORT", help="A cohort's code.")], as_json: Json = False
) -> None:
    """The live sessions of a cohort: what holds them, their times, and who came. Figures, and no names."""
    from bot.app.cohorts import turn_in
    from bot.app.features import make_registry
    from bot.features.live.listing import listed

    with opened() as storage:
        found = turn_in(storage, make_registry(), cohort, "live", lambda turn: listed(turn, turn.here), ended=True)
    if as_json:
        show_json(found)
        return
    rows = [
        (one["id"], one["week"], one["state"], _why(one["failed"]), _came(one), one["verdict"] or "") for one in found
    ]
    show_table(("id", "week", "state", "fails", "came", "verdict"), rows, "The course has no live sessions.")


def _why(failed: Sequence[Mapping[str, str]]) -> str:
    return " ".join(f"{one['question']}: {one['why']}" for one in failed)


def _came(one: Mapping[str, Any]) -> str:
    return f"{one['attended']} of {one['base']}" if one["base"] else ""
