"""Tables as files: CSV for spreadsheets, JSON for programs."""

import json

from bot.core.csv_files import as_csv
from bot.core.message import Cell, Inline, Instant, Link, Table
from bot.core.plain import plain_text
from bot.core.time import write_instant

MARK = "\ufeff"
"""Tells spreadsheets that a file is UTF-8."""


def csv_of(table: Table) -> str:
    """Instants are in UTC."""
    rows = [[_value(cell) for cell in row] for row in table.rows]
    return MARK + as_csv([column.key for column in table.columns], rows)


def json_of(table: Table) -> str:
    """A list of objects by the keys of the columns; what is empty is null."""
    keys = [column.key for column in table.columns]
    found = [dict(zip(keys, map(_value, row), strict=True)) for row in table.rows]
    return json.dumps(found, ensure_ascii=False, indent=1)


def _value(cell: Cell) -> str | int | None:
    return cell if isinstance(cell, int) else "".join(map(_said, cell)) or None


def _said(part: Inline) -> str:
    if isinstance(part, Instant):
        return write_instant(part.at)
    return part.label if isinstance(part, Link) else plain_text((part,))
