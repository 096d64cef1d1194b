"""Tables as CSV files that a spreadsheet opens as they are meant."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

Cell = str | int | None


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Text that a spreadsheet would take for a formula is escaped; numbers stay numbers."""
    out = StringIO()
    written = csv.writer(out)
    written.writerow(columns)
    written.writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def _cell(cell: Cell) -> Cell:
    is_formula = isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    return f"'{cell}" if is_formula else cell
