"""What is kept about people: each table is declared once, with what becomes of it when a person is erased.

Export, erasure and docs/privacy.md are made of these declarations; a test fails for a table without one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Erasure = Literal["deleted", "unnamed", "kept"]
"""What erasure does with a person's rows. 'unnamed': the row stays and names nobody, because the person it points to
has no name and no account any more. 'kept': it stays as it is, for the reason that the declaration gives."""


@dataclass(frozen=True, slots=True)
class KeptTable:
    """One table. `what` says in plain words what a row is; `until`, how long it is kept.

    `of` names the column with the person whose row it is. `part_of` (column -> table) says which row it belongs to
    instead, by the first of these columns that is set: what belongs to a person's row is theirs, too. `names` are
    columns with others whom a row names. `blank` are the columns that erasure empties where the row stays, each with
    what it holds then. A table with none of these is about nobody.
    """

    table: str
    what: str
    of: str = ""
    part_of: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    erasure: Erasure = "deleted"
    blank: Mapping[str, object] = field(default_factory=dict)
    why: str = ""
    until: str = ""

    def __post_init__(self) -> None:
        if self.erasure != "deleted" and self.is_personal and not self.why:
            raise ValueError(f"{self.table!r} stays when a person is erased, and does not say why.")
        if self.blank and self.erasure != "unnamed":
            raise ValueError(f"{self.table!r} empties columns of rows that do not stay unnamed.")

    @property
    def is_personal(self) -> bool:
        """Whether a row can be a person's own."""
        return bool(self.of or self.part_of)

    @property
    def on_erasure(self) -> str:
        """What erasure does, in words."""
        if not self.is_personal:
            return "nothing about people"
        return f"{self.erasure}: {self.why}" if self.why else self.erasure
