"""`pacekeeper cohort close`, `pacekeeper cohort archive` and `pacekeeper certificate`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.app.cli.opening import opened
from bot.app.cli.output import screen
from bot.app.permissions import write
from bot.core.errors import Refused
from bot.core.people import Cohort

if TYPE_CHECKING:
    from bot.core.message import Document
    from bot.core.turn import Turn
    from bot.features.completion.store import Outlook

Code = Annotated[str, typer.Argument(help="The cohort's code.")]


def close(
    code: Code,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    cut_short: Annotated[
        bool, typer.Option("--cut-short", help="Take nothing more, whatever was promised; those concerned are told.")
    ] = False,
) -> None:
    """End a cohort: final cards go out, all its messages stop, what was said and promised is kept."""
    from bot.app.cohorts import turn_in
    from bot.app.features import make_registry
    from bot.core.message import message
    from bot.core.plain import plain
    from bot.features.completion import closing, team_views

    def look(turn: Turn[Any]) -> tuple[Cohort, Outlook]:
        return turn.here, closing.outlook(turn, turn.here)

    def end(turn: Turn[Any]) -> int:
        return closing.close(turn, turn.here, cut_short).cards

    registry = make_registry()
    with opened(code) as storage:
        cohort, found = turn_in(storage, registry, code, "completion", look)
        if not yes:
            first = f"{found.cards} final cards go out" if found.begun else "It has not begun, so nobody is told"
            if found.later:
                first += f", {found.later} more when their readers are back"
            still = plain(message(*team_views.open_still(found)), cohort.zone)
            if still:
                screen.print(still, markup=False)
            kept = "and nothing more is taken" if cut_short else "and what was promised is still taken"
            asks = f"End {cohort.title}? {first}, then all its messages stop, {kept}."
            typer.confirm(asks, abort=True)
        cards = turn_in(storage, registry, code, "completion", end)
    screen.print(f"{cohort.title} has ended; {cards} final cards go out. Everything said is kept.", markup=False)
    screen.print(f"Its files: pacekeeper cohort archive {code} --out DIR")


def reopen(code: Code) -> None:
    """Reopen a cohort that was ended by mistake: what lies ahead is planned again, what was dropped stays dropped."""
    from bot.app.cohorts import turn_in
    from bot.app.features import make_registry
    from bot.features.completion import closing

    def again(turn: Turn[Any]) -> Cohort:
        if turn.here.ended_at is None:
            raise Refused(f"{turn.here.title} runs already.")
        closing.reopen(turn, turn.here)
        return turn.here

    with opened() as storage:
        cohort = turn_in(storage, make_registry(), code, "completion", again, ended=True)
    screen.print(f"{cohort.title} runs again. This does not come back:", markup=False)
    screen.print("- messages that waited when it ended, and what would have come since", markup=False)
    screen.print("- channels that another cohort has taken since", markup=False)
    if not cohort.places("main"):
        screen.print("It has no main channel now: `/cohort setup` in a channel gives it one.", markup=False)


def archive(
    code: Code, out: Annotated[Path, typer.Option(help="The folder for the files; it is made where it is not there.")]
) -> None:
    """Write what stays of a run: who completed it, its FAQ, and the next run's course file with the evidence."""
    from bot.app.cohorts import turn_in
    from bot.app.features import make_registry
    from bot.features.completion import archive as files

    def work(turn: Turn[Any]) -> Sequence[Document]:
        return [filed.document for filed in files.files(turn, turn.here)]

    with opened() as storage:
        found = turn_in(storage, make_registry(), code, "completion", work, ended=True)
    out.mkdir(parents=True, exist_ok=True)
    for document in found:
        write(out / document.name, document.text)
    screen.print(f"{', '.join(d.name for d in found)} written to {out}.", markup=False)


def certificate(
    code: Annotated[str, typer.Argument(help="The code on the certificate.")],
    html: Annotated[Path | None, typer.Option(help="Write the certificate itself, to be printed.")] = None,
) -> None:
    """Check a certificate by its code."""
    from bot.core.codes import typed
    from bot.core.plain import plain
    from bot.features.completion import views
    from bot.features.completion.certificate import page

    with opened() as storage:
        found = storage.run_now(lambda unit: unit.store("completion").certificate(typed(code)))
    if found is None:
        raise Refused(f"No certificate has the code {code!r}. Compare it letter by letter; it has no I, L, O, 0 or 1.")
    screen.print(plain(views.genuine(found)), markup=False)
    if html is not None:
        write(html, page(found))
        screen.print(f"Written to {html}.", markup=False)
