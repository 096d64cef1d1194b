"""`pacekeeper calendar`: every date of a run in one or several zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.app.cli.opening import load_settings, opened, present_clock, read_course
from bot.app.cli.output import Json, screen, show_json
from bot.app.zones import check_zone
from bot.core.errors import Malformed, PacekeeperError
from bot.core.time import local, say, write_instant

if TYPE_CHECKING:
    from bot.core.contributions import Date
    from bot.core.ics import Key

WAKING = (time(8), time(22))
"""Instants outside of these hours are marked."""


def show_calendar(
    cohort: Annotated[str, typer.Argument(metavar="COHORT|COURSE.yaml", help="A cohort's code, or a course file.")],
    zone: Annotated[list[str] | None, typer.Option(help="A learner's IANA zone; several make columns.")] = None,
    person: Annotated[str, typer.Option(help="Whose own dates: an account id in a cohort; in their zone.")] = "",
    start: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day, for a course file.")
    ] = None,
    as_json: Json = False,
    ics: Annotated[Path | None, typer.Option(help="Write the calendar of one zone to this file.")] = None,
) -> None:
    """Every date of a run, as a learner has it. A course file takes the first zone for the cohort's."""
    from bot.core.people import Cohort
    from bot.course.loader import course_of

    zones = zone or []
    for name in zones:
        check_zone(name)
    known = None
    if cohort.endswith((".yaml", ".yml")):
        if person:
            raise Malformed("A course file has no people. --person is for a cohort.")
        if start is None or not zones:
            raise Malformed("A course file has no dates of its own. Add --start DATE and --zone ZONE.")
        text, course = read_course(Path(cohort))
        name = f"{course.id}-{start:%Y-%m-%d}"
        from bot.app.unstored import of_course

        columns = of_course(Cohort(0, name, course.title, text, zones[0], start.date()), zones)
    else:
        if start is not None:
            raise Malformed(f"{cohort} has its start already. --start is for a course file.")
        name = cohort
        if person and zones:
            raise Malformed("--person shows the dates in the person's own zone. Leave out --zone.")
        from bot.app.calendars import changes, of_cohort, of_person

        number = 0
        with opened() as storage:
            if person:
                found, who, own = of_person(storage, cohort, person)
                columns, zones, number = [own], [who.zone], who.id
            else:
                found, columns = of_cohort(storage, cohort, zones)
            if ics is not None:
                known = changes(storage, found, (zones or [found.zone])[0], number)
        course, zones = course_of(found.course_text), zones or [found.zone]
    if ics is not None:
        if len(zones) > 1:
            raise Malformed("One file holds the dates of one zone. Give --zone once with --ics.")
        _write(ics, course.title, name, columns[0], known)
    if as_json:
        show_json([_as_json(d, z) for d, z in sorted(_pairs(columns, zones), key=lambda p: p[0].at)])
    elif ics is None:
        _show(columns, zones)


def _pairs(columns: Sequence[Sequence[Date]], zones: Sequence[str]) -> list[tuple[Date, str]]:
    return [(date, zone) for column, zone in zip(columns, zones, strict=True) for date in column]


def _as_json(date: Date, zone: str) -> dict[str, str]:
    wall = local(date.at, zone)
    offset = timezone(wall - date.at.replace(tzinfo=None))
    return {
        "at": write_instant(date.at),
        "local": wall.replace(tzinfo=offset).isoformat(),
        "zone": zone,
        "kind": date.kind,
        "id": date.id,
        "subject": date.subject,
    }


def _show(columns: Sequence[Sequence[Date]], zones: Sequence[str]) -> None:
    """Prints a row per date and a column per zone."""
    from bot.core.message import shorten

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("what", no_wrap=True, min_width=10)
    table.add_column("of")
    for zone in zones:
        table.add_column(zone, no_wrap=True, min_width=20)
    by_key = [{(d.kind, d.id): d for d in column} for column in columns]
    rows = dict.fromkeys((d.kind, d.id) for d, _ in sorted(_pairs(columns, zones), key=lambda p: p[0].at))
    for key in rows:
        here = [dates.get(key) for dates in by_key]
        subject = next(d.subject for d in here if d is not None)
        table.add_row(key[0], Text(shorten(subject, 48)), *map(_cell, here, zones))
    # A terminal wraps long subjects; a file or a pipe gets them whole.
    paper = screen if screen.is_terminal else Console(width=70 + 30 * len(zones))
    paper.print(table)
    screen.print(f"* outside {WAKING[0]:%H:%M}-{WAKING[1]:%H:%M} there", highlight=False)


def _cell(date: Date | None, zone: str) -> Text:
    if date is None:
        return Text("")
    awake = WAKING[0] <= local(date.at, zone).time() <= WAKING[1]
    return Text(say(date.at, zone) if awake else f"{say(date.at, zone)} *", "" if awake else "yellow")


def _write(
    file: Path, title: str, name: str, column: Sequence[Date], known: Mapping[Key, tuple[Date, int]] | None
) -> None:
    from bot.core.ics import as_ics

    try:
        file.write_bytes(as_ics(title, name, column, present_clock(load_settings()).now(), known))
    except OSError as e:
        raise PacekeeperError(f"{file} cannot be written: {e.strerror}. Name another file.") from None
    # To standard error, so that a JSON document on standard output stays valid.
    typer.echo(f"{len(column)} dates written to {file}.", err=True)
