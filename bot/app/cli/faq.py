"""`pacekeeper faq`: the FAQ, out of the chat."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.app.cli.opening import opened
from bot.app.cli.output import Json, screen, show_json, show_table

app = typer.Typer(help="The FAQ that the course's questions became.", no_args_is_help=True)


class Format(StrEnum):
    MD = "md"
    JSON = "json"


Course = Annotated[str, typer.Option(help="The course's id, as in its file.")]


@app.command(epilog="Example: pacekeeper faq export --course demo --format md faq.md")
def export(
    out: Annotated[Path, typer.Argument(help="The file to write; '-' for standard output.")],
    course: Course,
    format: Annotated[Format, typer.Option(help="Markdown, or JSON.")] = Format.MD,
) -> None:
    """Write what was approved for a course. Nobody is named in it."""
    from bot.features.faq.publish import as_data, markdown

    with opened() as storage:
        entries = storage.run_now(lambda unit: unit.store("faq").standing(course))
    text = markdown(entries) if format is Format.MD else json.dumps(as_data(entries), ensure_ascii=False, indent=2)
    if str(out) == "-":
        typer.echo(text)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    screen.print(f"{len(entries)} entries written to {out}.")


@app.command(epilog='Example: pacekeeper faq search "report length" --course demo')
def search(
    text: Annotated[str, typer.Argument(help="What somebody would ask.")],
    course: Course,
    as_json: Json = False,
) -> None:
    """Find what was approved, as `/cohort find` does."""
    from bot.features.faq import rules

    with opened() as storage:
        found = rules.search(storage.run_now(lambda unit: unit.store("faq").standing(course)), text)
    if as_json:
        show_json([{"id": e.id, "question": e.question, "answer": e.answer} for e in found])
    else:
        show_table(("id", "question", "answer"), [(e.id, e.question, e.answer) for e in found], "Nothing fits.")
