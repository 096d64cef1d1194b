"""`pacekeeper rehearse`: simulates a whole cohort before it starts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.app.cli.output import FINDINGS, Json, errors, screen, show_json
from bot.core.errors import PacekeeperError

if TYPE_CHECKING:
    from rich.progress import Progress

SHOWN = 20
"""Findings that the summary shows; the page has all."""


def rehearse(
    course: Annotated[Path, typer.Argument(help="The course file.")],
    start: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day; its week is week 1.")],
    out: Annotated[Path, typer.Option(help="The folder for the page, the transcript and the rest.")],
    learners: Annotated[int, typer.Option(min=1, max=20_000, help="How many take part.")] = 30,
    seed: Annotated[str, typer.Option(help="The same seed gives the same transcript.")] = "1",
    zone: Annotated[str, typer.Option(help="The cohort's IANA time zone.")] = "Europe/Berlin",
    threads: Annotated[
        list[Path] | None, typer.Option(help="An export (see `faq import`) in whose words people ask and answer.")
    ] = None,
    play: Annotated[
        list[str] | None,
        typer.Option(
            help="What happens besides: downtime, closed, moved-start, moved-zone, proposed; or how the cohort goes "
            "wrong: silent, late, vanishing, one-word, unanswered, no-work. May be repeated."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Play a whole cohort on a wound clock: who gets which message when, and whether it is too much."""
    from bot.app.rehearsal import Plan
    from bot.app.rehearsal import rehearse as run
    from bot.app.rehearsal.twists import Twist
    from bot.course.problems import CourseInvalid

    try:
        text = course.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise PacekeeperError(f"{course} cannot be read: {e}. Give the path of a course file.") from None
    if out.exists() and not out.is_dir():
        raise PacekeeperError(f"{out} is a file. Give a folder.")
    if unknown := [name for name in play or () if name not in set(Twist)]:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(Twist)}.", param_hint="--play")
    twists = [Twist(name) for name in play or ()]
    plan = Plan(text, str(course), learners, seed, start.date(), zone, threads or (), twists)
    try:
        with _bar() as bar:
            task = bar.add_task("Rehearsing", total=1.0)

            def tell(began: datetime, now: datetime, end: datetime) -> None:
                bar.update(task, completed=(now - began) / (end - began), description=f"{now:%d %b}")

            done = run(plan, out, tell)
    except CourseInvalid as e:
        if as_json:
            show_json([p.as_json() for p in e.problems])
        else:
            for problem in e.problems:
                screen.print(str(problem), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(FINDINGS) from None
    if as_json:
        show_json(done.as_data())
    else:
        screen.print(done.summary(SHOWN), markup=False, highlight=False, soft_wrap=True)
        screen.print(f"\nRead it: {out / 'index.html'}", markup=False, highlight=False, soft_wrap=True)
    if not done.well:
        raise typer.Exit(FINDINGS)


def _bar() -> Progress:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
    )
