"""`pacekeeper person`: exports and erases a person's data."""

from pathlib import Path
from typing import Annotated

import typer

from bot.app.cli.opening import opened
from bot.app.cli.output import screen, show_table

app = typer.Typer(help="What is kept about a person: a copy for them, and its erasure.", no_args_is_help=True)

Who = Annotated[
    str, typer.Argument(help="WORKSPACE/USER as the platform knows them, a name that only they have, or #NUMBER.")
]


@app.command(epilog="Example: pacekeeper person export sandbox/mia mia.zip")
def export(
    who: Who, out: Annotated[Path, typer.Argument(help="The zip file to write; it must not exist yet.")]
) -> None:
    """Write a copy of all that is kept about a person: a JSON document, and the files that they sent in."""
    from bot.app.features import make_registry
    from bot.app.permissions import create
    from bot.app.personal import copied, find_person
    from bot.core.errors import Refused
    from bot.core.keeping import Copied
    from bot.core.people import Person
    from bot.runtime.ports import Unit

    registry = make_registry()
    if out.suffix.lower() != ".zip":
        raise Refused(f"The copy is a zip file. Name one that ends in .zip: {out.with_suffix('.zip')}")
    if out.exists():
        raise Refused(f"{out} exists already. Name a file that does not.")
    with opened() as storage:

        def read(unit: Unit) -> tuple[Person, Copied]:
            person = find_person(unit, who, registry.kept)
            return person, copied(registry, unit, person, storage.now())

        person, copy = storage.run_now(read)
    try:
        create(out, copy.packed)
    except OSError as e:
        raise Refused(f"{out} cannot be written: {e.strerror or e}. Name a file in a folder that exists.") from None
    screen.print(f"{out} holds all that is kept about {person.name}. It is for them alone.", markup=False)


@app.command(epilog="Example: pacekeeper person erase sandbox/mia")
def erase(who: Who, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Erase a person: delete what they wrote, and remove their name from what must stay. This cannot be undone."""
    from bot.app.features import make_registry
    from bot.app.personal import erase as erase_person
    from bot.app.personal import find_person, messages_taken_away

    registry = make_registry()
    with opened() as storage:
        person = storage.run_now(lambda unit: find_person(unit, who, registry.kept))
        counts = storage.run_now(lambda unit: unit.personal(registry.kept).counts(person.id))
        kept = {k.table: k for k in registry.kept}
        rows = [(kept[table].what, number, kept[table].on_erasure) for table, number in counts.items()]
        show_table(("what (you: the person)", "how many", "on erasure"), rows, "Nothing is kept.")
        posted = storage.run_now(lambda unit: messages_taken_away(registry, unit, person, storage.now()))
        screen.print(f"Messages of the bot that are taken out of the chat or edited: {posted}")
        if not yes:
            typer.confirm(f"Erase {person.name}? This cannot be undone", abort=True)
        storage.run_now(lambda unit: erase_person(registry, unit, person, storage.now()))
    screen.print(f"{person.name} is erased here.", markup=False)
    screen.print("Their own messages stand in the chat until they, or its administrators, delete them there.")
    screen.print("Backups made before hold them still: delete those when their time is over.")


@app.command(epilog="Example: pacekeeper person erasures > /backups/erasures.txt")
def erasures() -> None:
    """List who was erased, without who: a hash of each account, and when. Keep the list beside the backups."""
    from bot.app import erasures as lists
    from bot.app.features import make_registry

    registry = make_registry()
    with opened() as storage:
        found = storage.run_now(lambda unit: unit.personal(registry.kept).erasures())
    screen.print(lists.dump(found), soft_wrap=True, highlight=False, end="")


@app.command(name="erase-again", epilog="Example: pacekeeper person erase-again /backups/erasures.txt")
def erase_again(
    file: Annotated[Path, typer.Argument(help="The list that `pacekeeper backup` keeps beside the archives.")],
) -> None:
    """Erase again, in a restored backup, everybody who was erased after it was made. Do it before the bot runs."""
    from bot.app import erasures as lists
    from bot.app.cli.output import read_file
    from bot.app.features import make_registry

    registry = make_registry()
    listed = lists.read(file, read_file(file, "the list of erasures").decode(errors="replace"))
    with opened() as storage:
        number = storage.run_now(lambda unit: lists.erase_again(registry, unit, listed, storage.now()))
    screen.print(f"Erased again: {number}")
