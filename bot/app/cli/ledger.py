"""`pacekeeper ledger`: the minutes of each week of a cohort."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.app.cli.opening import opened
from bot.app.cli.output import Json, show_json, show_table


def show_ledger(
    cohort: Annotated[str, typer.Argument(metavar="COHORT", help="A cohort's code.")], as_json: Json = False
) -> None:
    """The minutes of each week: the budget, what is planned, live in and paid for it, and what learners report."""
    from bot.app.cohorts import turn_in
    from bot.app.features import make_registry
    from bot.features.ledger.listing import listed

    with opened() as storage:
        found = turn_in(storage, make_registry(), cohort, "ledger", lambda turn: listed(turn, turn.here), ended=True)
    if as_json:
        show_json(found)
        return
    names = ("week", "budget", "planned", "live", "paid", "reported")
    rows = [tuple("" if one[name] is None else one[name] for name in names) for one in found]
    show_table(names, rows, "The course has no weeks.")
