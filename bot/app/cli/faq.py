"""`pacekeeper faq`: exports and searches the FAQ."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.app.cli.opening import opened
from bot.app.cli.output import Json, counted, errors, screen, show_json, show_table
from bot.app.permissions import operator_umask
from bot.core.errors import Malformed, PacekeeperError

if TYPE_CHECKING:
    from bot.core.ports import Suggestion
    from bot.features.faq.book import Book
    from bot.runtime.ports import Unit

app = typer.Typer(help="The FAQ that the course's questions became.", no_args_is_help=True)


class Format(StrEnum):
    MD = "md"
    JSON = "json"
    SITE = "site"


Course = Annotated[str, typer.Option(help="The course's id, as in its file.")]
WhichCourse = Annotated[str, typer.Option(help="The course's id, as in its file; not needed where there is one alone.")]


@app.command(epilog="Example: pacekeeper faq export --course demo --format site public/faq")
def export(
    out: Annotated[
        Path, typer.Argument(help="A file ending in .md or .json, a folder for many, or '-' for standard output.")
    ],
    course: WhichCourse = "",
    format: Annotated[
        Format, typer.Option(help="Markdown (a page, or a folder with a file for each entry), JSON, or a site.")
    ] = Format.MD,
) -> None:
    """Write what was approved for a course, what most people asked first. Askers are counted, not named."""
    from bot.app.faq_files import write, write_all
    from bot.features.faq import markdown, site
    from bot.features.faq.book import collect

    with opened() as storage:
        book: Book = storage.run_now(
            lambda unit: collect(unit.store("faq"), _one_of(unit.store("faq").courses(), course), storage.now())
        )
    one_file = str(out) == "-" or out.suffix in (".md", ".json") or format is Format.JSON
    if one_file and format is not Format.SITE:
        text = site.data(book) if format is Format.JSON else markdown.page(book)
        if str(out) == "-":
            typer.echo(text, nl=False)
            return
        if out.is_dir():
            out /= "faq.json"
        write(out, text)
    elif str(out) == "-":
        raise Malformed("A site is several files: name a folder.")
    elif out.is_file():
        raise PacekeeperError(f"{out} is a file; name a folder.")
    else:
        # A public site is meant to be served; every other export is private.
        with operator_umask() if format is Format.SITE and book.public else nullcontext():
            write_all(out, site.files(book) if format is Format.SITE else markdown.files(book))
    screen.print(f"{counted(len(book.items), 'entry', 'entries')} written to {out}.")
    if format is Format.SITE and not book.public:
        errors.print("The course file says `faq: {public: no}`: serve these files to the cohort alone.", markup=False)


def _one_of(courses: Sequence[str], wanted: str) -> str:
    """The course that is meant. Without any cohort there is nothing that a name could be compared with."""
    if wanted:
        if courses and wanted not in courses:
            raise PacekeeperError(f"No course here has the id {wanted!r}. It is one of: {', '.join(courses)}.")
        return wanted
    if len(courses) == 1:
        return courses[0]
    known = f" It is one of: {', '.join(courses)}." if courses else " There is none yet: make a cohort first."
    raise PacekeeperError(f"Say which course, with --course.{known}")


@app.command(epilog='Example: pacekeeper faq search "report length" --course demo')
def search(
    text: Annotated[str, typer.Argument(help="What somebody would ask.")],
    course: Course,
    cohort: Annotated[
        str, typer.Option(help="A cohort's code: as its people find it. Not needed where one alone runs the course.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Find as `/cohort find` does: what was approved, and what threads of the cohort have solved."""
    import asyncio

    from bot.app.cohorts import find_cohort
    from bot.core.time import write_instant
    from bot.course.loader import course_of
    from bot.features.faq import finding
    from storage.search.encoder import InProcess

    encoder = InProcess()
    asyncio.run(encoder.prepare(text))

    def look(unit: Unit) -> tuple[Sequence[str], Sequence[Suggestion], bool]:
        store = unit.store("faq")
        runs = [c.id for c in unit.people.cohorts() if course_of(c.course_text).id == course]
        if cohort:
            runs = [find_cohort(unit, cohort, ended=True).id]
        asks = runs[0] if len(runs) == 1 else None
        return store.courses(), finding.search(store, course, asks, text), asks is None and len(runs) > 1

    with opened(encoder=encoder) as storage:
        known, found, several = storage.run_now(look)
    _one_of(known, course)
    if several:
        errors.print("Several cohorts run this course. --cohort CODE also finds what its threads solved.", markup=False)
    if as_json:
        show_json(
            [
                {
                    "id": one.entry,
                    "question": one.question,
                    "answer": one.answer,
                    "checked": one.checked,
                    "at": write_instant(one.at) if one.at else None,
                }
                for one in found
            ]
        )
        return
    rows = [(one.entry, one.question, one.answer, "yes" if one.checked else "from a thread") for one in found]
    show_table(("id", "question", "answer", "checked"), rows, "Nothing fits.")
