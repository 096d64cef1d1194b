"""Every table is declared: what it keeps, about whom, and what erasure does with it."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from bot.app.features import make_registry
from bot.core.keeping import Columns, KeptTable


def undeclared(kept: Sequence[KeptTable], tables: Mapping[str, sa.Table]) -> Iterator[str]:
    """What the declarations lack, and where to write it."""
    declared = {k.table for k in kept}
    for name in sorted(tables.keys() - declared):
        people = [c.name for c in tables[name].c if names_people(c)]
        of = f', of="{people[0]}"' if people else ""
        yield (
            f"The table {name!r} is not declared. Write in bot/features/NAME/store.py, below the `feature` object:\n"
            f'feature.keeps(KeptTable("{name}", "What a row is, in plain words"{of}))\n'
            "`KeptTable` (bot/core/keeping.py) says what else there is: columns with other people, rows that stay."
        )
    for k in kept:
        if k.table not in tables:
            yield f"`KeptTable({k.table!r}, …)` declares a table that does not exist: correct its name, or delete it."
            continue
        columns = tables[k.table].c
        for name in sorted({k.of, *k.names, *k.part_of, *k.blank} - {""} - set(columns.keys())):
            yield f"`KeptTable({k.table!r}, …)` names the column {name!r}, which the table does not have."
        for name in sorted({c.name for c in columns if names_people(c)} - {k.of, *k.names}):
            yield (
                f"The column {name!r} of {k.table!r} names a person, and `KeptTable({k.table!r}, …)` does not say so: "
                f'write of="{name}" if the row is theirs, or names=("{name}",) if they only occur in it.'
            )
        yield from unread(k, set(columns.keys()))


def unread(kept: KeptTable, columns: set[str]) -> Iterator[str]:
    """What is not said of the columns of a row that several people read."""
    if not (kept.columns or kept.nameless or kept.shown_to):
        return
    said = [name for one in kept.columns for name in one.names]
    people = {kept.of, *kept.names}
    for name in sorted(columns - {*said} - people):
        yield (
            f"Nobody has declared who wrote the column {name!r} of {kept.table!r} and who reads it: name it in one of "
            f"the `Columns` of `KeptTable({kept.table!r}, …)`."
        )
    for name in sorted({*said} - columns):
        yield f"`KeptTable({kept.table!r}, …)` names the column {name!r}, which the table does not have."
    for name in sorted({name for name in said if said.count(name) > 1}):
        yield f"`KeptTable({kept.table!r}, …)` declares the column {name!r} twice."
    for name in sorted({p for one in kept.columns for p in (one.by, *one.read_by)} - {""} - people):
        yield f"`KeptTable({kept.table!r}, …)` says that somebody in {name!r} writes or reads: it names nobody."


def names_people(column: sa.Column[object]) -> bool:
    return any(key.column.table.name == "people" for key in column.foreign_keys)


def test_every_table_says_what_it_keeps_about_whom() -> None:
    said = list(undeclared(make_registry().kept, SQLModel.metadata.tables))
    assert not said, "\n".join(said)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ((), "The table 'clubs' is not declared"),
        ((KeptTable("club", "A club"),), "declares a table that does not exist"),
        ((KeptTable("clubs", "A club", of="reader"),), "names the column 'reader'"),
        ((KeptTable("clubs", "A club"),), "The column 'person' of 'clubs' names a person"),
    ],
)
def test_what_is_not_declared_is_said(kept: Sequence[KeptTable], said: str) -> None:
    metadata = sa.MetaData()
    sa.Table("people", metadata, sa.Column("id", sa.Integer, primary_key=True))
    clubs = sa.Table("clubs", metadata, sa.Column("person", sa.Integer, sa.ForeignKey("people.id")))
    assert list(undeclared([KeptTable("clubs", "A club", of="person")], {"clubs": clubs})) == []
    assert any(said in line for line in undeclared(kept, {"clubs": clubs}))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ((), "Nobody has declared who wrote the column 'text'"),
        ((Columns(("text",), "giver"), Columns(("mood",))), "names the column 'mood'"),
        ((Columns(("text",)), Columns(("text",))), "the column 'text' twice"),
        ((Columns(("text",), "reader"),), "somebody in 'reader' writes or reads"),
    ],
)
def test_every_column_of_a_row_that_others_read_says_who_wrote_and_reads_it(
    columns: tuple[Columns, ...], said: str
) -> None:
    shown = {"of": "giver", "names": ("receiver",), "shown_to": ("receiver",)}
    right = KeptTable("letters", "A letter", columns=(Columns(("text",), "giver", ("giver", "receiver")),), **shown)  # type: ignore[arg-type]
    assert list(unread(right, {"giver", "receiver", "text"})) == []
    wrong = KeptTable("letters", "A letter", columns=columns, **shown)  # type: ignore[arg-type]
    assert any(said in line for line in unread(wrong, {"giver", "receiver", "text"}))


def test_a_copy_has_no_column_that_nobody_declared() -> None:
    kept = KeptTable("letters", "A letter", of="giver", columns=(Columns(("text",), "giver", ("giver",)),))
    assert kept.is_read("text", "giver")
    assert not kept.is_read("text", "receiver")
    assert not kept.is_read("new", "giver")
    assert kept.written("giver") == kept.written() == ("text",)
    assert kept.written("receiver") == ()
