"""Output of the command line: tables for people, one JSON document for programs."""

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.cells import cell_len
from rich.console import Console

from bot.core.errors import PacekeeperError

FAILED = 1
MISUSED = 2
FINDINGS = 3

screen = Console()
errors = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def show_json(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def show_table(columns: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> None:
    """Prints a table, or the line `empty` if there are no rows. No cell is broken over lines, so that codes can be
    copied: where a terminal is too narrow, each cell has its own line."""
    if not rows:
        screen.print(empty)
        return
    table = [list(columns), *([" ".join(str(cell).split()) for cell in row] for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*table, strict=True)]
    if screen.is_terminal and sum(widths) + 2 * (len(widths) - 1) > screen.width:
        names = max(map(cell_len, columns))
        blocks = [
            "\n".join(f"{_pad(name, names)}  {cell}" for name, cell in zip(columns, r, strict=True)) for r in table[1:]
        ]
        typer.echo("\n\n".join(blocks))
        return
    for row in table:
        typer.echo("  ".join(_pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _pad(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def say(text: object) -> None:
    """Prints a text as it is: not folded, so that paths and commands can be copied, and without markup."""
    screen.print(str(text), markup=False, highlight=False, soft_wrap=True)


def program() -> str:
    """What an operator types in this folder to call the program."""
    own = os.path.relpath(sys.argv[0])
    is_inside = os.path.basename(own) == "pacekeeper" and not own.startswith("..")
    return own if is_inside and shutil.which("pacekeeper") is None else "pacekeeper"


def counted(number: int, one: str, several: str = "") -> str:
    """'1 message', '1,200 messages'."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def read_file(file: Path, what: str) -> bytes:
    """The content of a file that the operator named."""
    try:
        return file.read_bytes()
    except OSError as e:
        raise PacekeeperError(f"{file} cannot be read: {e.strerror}. Give the path of {what}.") from None
