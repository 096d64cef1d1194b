"""Output of the command line: tables for people, one JSON document for programs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.core.errors import PacekeeperError

FAILED = 1
FINDINGS = 3

screen = Console()
errors = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def show_json(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def show_table(columns: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> None:
    """Prints a table, or the line `empty` if there are no rows."""
    if not rows:
        screen.print(empty)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    screen.print(table)


def say(text: object) -> None:
    """Prints a text as it is: not folded, so that paths and commands can be copied, and without markup."""
    screen.print(str(text), markup=False, highlight=False, soft_wrap=True)


def read_file(file: Path, what: str) -> bytes:
    """The content of a file that the operator named."""
    try:
        return file.read_bytes()
    except OSError as e:
        raise PacekeeperError(f"{file} cannot be read: {e.strerror}. Give the path of {what}.") from None
