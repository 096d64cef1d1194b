"""`pacekeeper new`: a template of a course file."""

from os.path import relpath
from pathlib import Path
from typing import Annotated

import typer

from bot.app.cli.output import say
from bot.app.permissions import operator_umask
from bot.core.errors import PacekeeperError

_SCHEMA = Path(__file__).parents[3] / "docs" / "course.schema.json"


def new(
    file: Annotated[Path, typer.Argument(help="The course file to write; one that is there stays.")],
    title: Annotated[str, typer.Option(help="What the course is called.")] = "My course",
) -> None:
    """Write a course file to start from: small, complete, and explained line by line."""
    from bot.course.schema import schema_text
    from bot.course.starter import starter

    schema = relpath(_SCHEMA, file.parent) if _SCHEMA.is_file() else _SCHEMA.name
    try:
        with operator_umask():
            file.parent.mkdir(parents=True, exist_ok=True)
            out = file.open("x", encoding="utf-8", newline="\n")
        with out:
            out.write(starter(" ".join(title.split()) or "My course", Path(schema).as_posix()))
        if not _SCHEMA.is_file():
            # Outside of a checkout the schema is written beside the course file for editors.
            with operator_umask():
                (file.parent / schema).write_text(schema_text(), encoding="utf-8")
    except FileExistsError:
        raise PacekeeperError(f"{file} is there already, and stays as it is. Give another name.") from None
    except OSError as e:
        raise PacekeeperError(f"{file} cannot be written: {e.strerror}. Give another path.") from None
    said = f"{file} is written. Change it, then run: pacekeeper check {file}"
    say(said)
