"""`pacekeeper digest`: the manager's week of a cohort, or of all, as a file."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.app.cli.opening import opened
from bot.core.errors import PacekeeperError, Refused

if TYPE_CHECKING:
    from bot.core.turn import Turn
    from bot.features.digests.store import Overview


class Format(StrEnum):
    MD = "md"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    PNG = "png"


ALL = "all"


def show_digest(
    cohort: Annotated[str, typer.Argument(metavar="COHORT|all", help="A cohort's code, or all that run.")],
    week: Annotated[int | None, typer.Option(min=1, help="A week of the course; else the last seven days.")] = None,
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.MD,
    out: Annotated[Path | None, typer.Option(help="A file to write it to.")] = None,
    dark: Annotated[bool, typer.Option("--dark", help="The picture (png) for a dark screen.")] = False,
) -> None:
    """The manager's week: verdict, reasons, figures and acts. Figures, and no names."""
    data = _written(_found(cohort, week), week, form, dark)
    if out is not None:
        try:
            out.write_bytes(data)
        except OSError as e:
            raise PacekeeperError(f"{out} cannot be written: {e.strerror}. Give the path of a file.") from None
    elif form is Format.PNG and sys.stdout.isatty():
        raise PacekeeperError("A picture is no text. Write it to a file: --out week.png")
    else:
        sys.stdout.buffer.write(data)


def _found(cohort: str, week: int | None) -> list[Overview]:
    from bot.app.cohorts import turn_in
    from bot.app.features import make_registry
    from bot.features.digests.listing import digest
    from bot.features.digests.week_views import urgency

    def look(turn: Turn[Any]) -> Overview:
        return digest(turn, turn.here, week)

    found = []
    with opened() as storage:
        registry = make_registry()
        every = storage.run_now(lambda unit: [one.code for one in unit.people.cohorts()])
        for code in every if cohort == ALL else [cohort]:
            try:
                found.append(turn_in(storage, registry, code, "digests", look, ended=True))
            except Refused:
                # Of many cohorts, some have not reached the week, or are shorter.
                if cohort != ALL:
                    raise
    return sorted(found, key=urgency)


def _written(found: list[Overview], week: int | None, form: Format, dark: bool) -> bytes:
    import json

    from bot.features.digests import listing

    match form:
        case Format.JSON:
            return (json.dumps(listing.as_data(found, week), ensure_ascii=False, indent=2) + "\n").encode()
        case Format.CSV:
            return listing.as_table(found).encode()
        case Format.HTML:
            return listing.as_page(found, week).encode()
        case Format.MD:
            return listing.as_markdown(found, week).encode()
        case Format.PNG:
            return _drawn(found, dark)


def _drawn(found: list[Overview], dark: bool) -> bytes:
    from adapters.shared.pictures import as_png
    from bot.app.connections import require
    from bot.features.digests.picture_views import of_one_or_several

    require("resvg_py", "pictures", "A picture")
    if not (svg := of_one_or_several(found, dark=dark)):
        raise PacekeeperError("No cohort has such a week yet, so there is nothing to draw.")
    return as_png(svg) or b""
