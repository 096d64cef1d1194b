"""`pacekeeper faq import`: imports solved threads from exports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.app.cli.opening import opened
from bot.app.cli.output import FINDINGS, Json, counted, errors, say, show_json

if TYPE_CHECKING:
    from bot.app.importing import Read, Tell

SHOWN = 10
"""Unreadable parts that the report names; --json has more."""


def import_history(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Slack's export zip, or JSON files of DiscordChatExporter."),
    ],
    cohort: Annotated[str, typer.Option(help="The code of the cohort whose history it is; it may have ended.")] = "",
    course: Annotated[str, typer.Option(help="Or the course's id: the newest cohort that runs it.")] = "",
    as_json: Json = False,
) -> None:
    """Bring history in: solved threads become drafts for the FAQ. Nobody is told, and private channels are left out.

    The same file twice adds nothing; an import that was cut off goes on where it was.
    """
    from bot.app.features import make_registry
    from bot.app.importing import choose_cohort, spool_files, store_threads
    from storage.stores.spool import Spool

    registry = make_registry()
    with opened() as storage, Spool() as spool, progress() as tell:
        if cohort or course:
            # A wrong name is reported before anything is read.
            storage.run_now(lambda unit: choose_cohort(unit, cohort, course))
        read = spool_files(spool, files, tell)
        code = storage.run_now(lambda unit: choose_cohort(unit, cohort, course, spool.places()))
        done = store_threads(storage, registry, code, spool, read, tell)
    if as_json:
        show_json(_as_data(code, read, done))
    else:
        for line in _report(code, read, done):
            say(line)
    if read.broken:
        raise typer.Exit(FINDINGS)


def _report(code: str, read: Read, done: Counter[str]) -> Iterator[str]:
    yield f"Read {counted(read.messages, 'message')}, {counted(read.threads, 'thread')} with replies."
    solved = done["marked"] + done["read"]
    found = f"{counted(solved, 'answer')} found, {done['marked']:,} of them marked in the chat"
    yield f"New in {code}: {counted(done['new'], 'question')}; {found}."
    if done["known"]:
        yield f"Known already: {counted(done['known'], 'thread')}."
    if done["no question"]:
        yield f"Not about a question: {counted(done['no question'], 'thread')}."
    if solved:
        yield "`/cohort faq` shows the drafts that came of it."
    for why, number in sorted(read.left_out.items()):
        yield f"Left out {why}: {counted(number, 'message')}."
    if read.lost:
        yield f"Answers to something that is not in the export: {counted(read.lost, 'message')}."
    if read.twice:
        yield f"There more than once: {counted(read.twice, 'message')}."
    if read.broken:
        yield f"Could not be read: {counted(read.broken, 'part')}."
    for part in read.unread[:SHOWN]:
        yield f"  {part.where}: {part.why}"
    if read.broken > SHOWN:
        yield f"  and {read.broken - SHOWN:,} more"


def _as_data(code: str, read: Read, done: Counter[str]) -> dict[str, object]:
    return {
        "cohort": code,
        "messages": read.messages,
        "threads": read.threads,
        "new": done["new"],
        "marked": done["marked"],
        "read_out": done["read"],
        "open": done["open"],
        "known": done["known"],
        "no_question": done["no question"],
        "left_out": dict(sorted(read.left_out.items())),
        "orphans": read.lost,
        "twice": read.twice,
        "broken": read.broken,
        "unread": [{"where": part.where, "why": part.why} for part in read.unread],
    }


@contextmanager
def progress() -> Iterator[Tell]:
    """A progress bar for each step, on standard error; where that is no terminal, a line as each begins."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True) as bar:
        tasks = {}

        def tell(what: str, done: int, whole: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what)
                if not errors.is_terminal:
                    errors.print(f"{what} …")
            bar.update(tasks[what], completed=done, total=max(1, whole))

        yield tell
