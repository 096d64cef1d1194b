"""`pacekeeper look`: what a course's chat and calendar show, before anything is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.app.cli.importing import progress
from bot.app.cli.output import FINDINGS, Json, counted, say, show_json
from bot.app.permissions import operator_umask
from bot.core.errors import PacekeeperError

if TYPE_CHECKING:
    from bot.app.look.looking import Look

SHOWN = 5
"""Questions and calls that the summary names; the page has all."""


def look_at(
    export: Annotated[
        Path,
        typer.Argument(
            metavar="EXPORT", help="Slack's export (zip or folder), or a JSON file or folder of DiscordChatExporter."
        ),
    ],
    calendar: Annotated[
        Path | None, typer.Argument(metavar="CALENDAR.ics", help="The calendar that has the course's calls.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="A folder for the page to forward, and look.json.")] = None,
    course: Annotated[Path | None, typer.Option(help="A course file to draft; one that is there stays.")] = None,
    zones: Annotated[
        Path | None, typer.Option(help="A CSV of account,zone (an id or a name), where the export has no zones.")
    ] = None,
    as_json: Json = False,
) -> None:
    """See what a course's chat and calendar show, before anything is installed: questions asked again and again, how
    long answers take, and which calls could be something else. Whoever the export lists is not named, and nothing is
    kept."""
    from bot.app.look.looking import look

    _check(out, course)
    with progress() as tell:
        found = look(export, calendar, zones, tell)
    written = [*_write_page(found, out), *_write_course(found, course)]
    if as_json:
        show_json(found.as_json())
    else:
        for line in (*_summary(found), *written):
            say(line)
        if out is None:
            say("A page to read and to forward: add --out FOLDER.")
    if found.read.broken or found.broken_events:
        raise typer.Exit(FINDINGS)


def _check(out: Path | None, course: Path | None) -> None:
    """Refuses before anything is read what could not be written after it."""
    if out is not None and out.exists() and not out.is_dir():
        raise PacekeeperError(f"{out} is a file. Give a folder for the page.")
    if course is not None and course.exists():
        raise PacekeeperError(f"{course} is there already, and stays as it is. Give another name.")


def _write_page(found: Look, out: Path | None) -> Iterator[str]:
    if out is None:
        return
    import json

    from bot.app.look.page import render

    document = json.dumps(found.as_json(), ensure_ascii=False, indent=2)
    try:
        with operator_umask():
            out.mkdir(parents=True, exist_ok=True)
            (out / "index.html").write_text(render(found), encoding="utf-8", newline="\n")
            (out / "look.json").write_text(f"{document}\n", encoding="utf-8", newline="\n")
    except OSError as e:
        raise PacekeeperError(f"{out} cannot be written: {e.strerror}. Give another folder.") from None
    yield f"The page: {out / 'index.html'}"


def _write_course(found: Look, course: Path | None) -> Iterator[str]:
    if course is None:
        return
    from bot.app.look.drafting import draft

    try:
        with operator_umask():
            course.parent.mkdir(parents=True, exist_ok=True)
            course.write_text(draft(found), encoding="utf-8", newline="\n")
    except OSError as e:
        raise PacekeeperError(f"{course} cannot be written: {e.strerror}. Give another name.") from None
    yield f"A draft of the course: {course}. Read it, change it, then run: pacekeeper check {course}"


def _summary(found: Look) -> Iterator[str]:
    read, whole = found.read, found.answers.whole
    yield f"{counted(read.messages, 'message')} of {counted(found.people, 'person', 'people')}, {found.span()}."
    yield from _asked(found)
    if whole.questions:
        from bot.app.look.answers import say_hours

        waits = f"Half of the answers came within {say_hours(whole.hours)}; " if whole.hours is not None else ""
        open_ones = whole.questions - whole.answered
        yield f"{waits}{whole.soon} % within a day. Nobody answered {counted(open_ones, 'question')}."
    if found.calls is not None:
        yield from _called(found)
    yield from found.notes


def _asked(found: Look) -> Iterator[str]:
    number = found.answers.whole.questions
    if not found.repeated_in_all:
        yield f"{counted(number, 'question')}, none of which several people asked."
        return
    yield f"{counted(number, 'question')}, {found.repeated_in_all:,} of them asked by several people:"
    for one in found.repeated[:SHOWN]:
        yield f"  by {one.people} people: {one.text}"


def _called(found: Look) -> Iterator[str]:
    calls = found.calls or ()
    if not calls:
        yield "The calendar has no calls."
        return
    yield (
        f"{counted(len(calls), 'call')}, {found.minutes_a_week} min a week: {found.counted('essential')} essential, "
        f"{found.counted('substitutable')} substitutable ({found.could_go} min a week), "
        f"{found.counted('unclear')} unclear."
    )
    if found.zones:
        yield f"Outside 08:00-22:00 for somebody: {counted(found.at_night, 'call')}."
    for call in [one for one in calls if one.replacement][:SHOWN]:
        yield f"  {call.title}, {call.event.minutes} min -> {call.replacement}"
