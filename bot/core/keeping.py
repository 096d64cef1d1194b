"""What is kept about people: each table is declared once, with what erasure does to it.

Export, erasure, docs/privacy.md and what people read about themselves in the chat are generated from these
declarations; a test fails for an undeclared table.
"""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Literal

Erasure = Literal["deleted", "unnamed", "kept"]
"""What erasure does with a person's rows. 'unnamed': the row stays and names nobody, because its person has no name and
no account any more. 'kept': it stays as it is, for the declared reason."""


@dataclass(frozen=True, slots=True)
class Through:
    """Rows that concern the owner of another row: the one in `table` to which `column` points.

    `when` and `within` map columns to the values that they may have: `when` in these rows, `within` in the other row.
    """

    column: str
    table: str
    when: Mapping[str, Sequence[object]] = field(default_factory=dict)
    within: Mapping[str, Sequence[object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Nameless:
    """The person in `column` reads a row once its column `since` is set, and never learns whose it is: their copy has
    the row without its owner's name."""

    column: str
    since: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a row that several people write or read. `by`: the column with the person who wrote them, '' if the
    bot did; these are emptied if that person is erased, and if the row is taken back. `read_by`: the columns with the
    people whose copies have them."""

    names: tuple[str, ...]
    by: str = ""
    read_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptTable:
    """One table. `what` says to its owner, in plain words, what a row is; `until`, how long it is kept; `purpose`, what
    for (see `Feature.keeps`). A table without `of` and `part_of` is about nobody.

    - `of`: the column with the person who owns the row.
    - `part_of` (column -> table): the row that it belongs to instead, by the first of these columns that is set. Both
      rows have the same owner.
    - `also`: rows that name no owner and are a person's through another row.
    - `names`: columns with other people. Those in `shown_to` were shown the row with its owner's name; their copies
      have both.
    - `nameless`: who reads the row without its owner's name.
    - `columns`: who wrote each column, and whose copy has it. Without it, everybody who reads a row reads all of it.
      Required where a row is shown to others than its owner; a copy has no column that is missing here.
    - `letters`: rows of others that were written to the owner of another row; that person's copy has them, too,
      and erasing that person takes them.
    - `quotes`: columns with texts of the bot in which people may be named. A copy leaves them out, and erasure takes
      the name of the erased person out of every row.
    - `documents`: columns with JSON.
    - `blank`: the columns that erasure empties if the row stays, with their values then.
    """

    table: str
    what: str
    of: str = ""
    part_of: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    shown_to: tuple[str, ...] = ()
    nameless: Nameless | None = None
    columns: tuple[Columns, ...] = ()
    also: tuple[Through, ...] = ()
    letters: tuple[Through, ...] = ()
    quotes: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    erasure: Erasure = "deleted"
    blank: Mapping[str, object] = field(default_factory=dict)
    why: str = ""
    until: str = ""
    purpose: str = ""

    def __post_init__(self) -> None:
        if self.erasure != "deleted" and self.is_personal and not self.why:
            raise ValueError(f"{self.table!r} stays when a person is erased, and does not say why.")
        if not set(self.shown_to) <= set(self.names):
            raise ValueError(f"{self.table!r} is shown to people whom it does not name.")
        if self.blank and self.erasure != "unnamed":
            raise ValueError(f"{self.table!r} empties columns of rows that do not stay unnamed.")

    def is_read(self, column: str, reader: str) -> bool:
        """Whether the copy of the person in the column `reader` has this column."""
        return not self.columns or any(column in c.names and reader in c.read_by for c in self.columns)

    def written(self, by: str = "") -> tuple[str, ...]:
        """The columns that the person in the column `by` wrote, or ('') that any person wrote."""
        return tuple(name for c in self.columns if c.by and by in ("", c.by) for name in c.names)

    @property
    def is_personal(self) -> bool:
        """Whether a row can belong to a person."""
        return bool(self.of or self.part_of)

    @property
    def on_erasure(self) -> str:
        """What erasure does, in words."""
        if not self.is_personal:
            return "nothing about people"
        return f"{self.erasure}: {self.why}" if self.why else self.erasure


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy of everything that is kept about a person. `document` has it as JSON, and refers to the `files` that they
    sent in by their names; `tables` has the same rows."""

    document: str
    tables: Sequence[tuple[KeptTable, Sequence[Mapping[str, Any]]]]
    files: Mapping[str, bytes]

    @property
    def packed(self) -> bytes:
        """The document and the files, as a zip."""
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
            pack.writestr("person.json", self.document)
            for name, data in self.files.items():
                pack.writestr(name, data)
        return packed.getvalue()
