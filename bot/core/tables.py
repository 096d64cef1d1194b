"""How a table reads in a chat, which has no room for it: as lines."""

from collections.abc import Iterator

from bot.core.message import Block, Bold, Bullets, Cell, Note, Paragraph, Table, Text
from bot.core.translation import _n

IN_CHAT = 10
"""Rows of a table in a message."""


def in_lines(table: Table) -> Iterator[Block]:
    """'Mia: Week 1 yes, Week 2 –'"""
    yield Paragraph((Bold(table.caption),))
    yield Bullets(tuple(_line(table, row) for row in table.rows[:IN_CHAT]))
    if (more := len(table.rows) - IN_CHAT) > 0:
        yield Note((_n("And {n} more line.", "And {n} more lines.", more),))


def _line(table: Table, row: tuple[Cell, ...]) -> Text:
    said = list(text_of(row[0]))
    cells = [(c.head, text_of(cell)) for c, cell in zip(table.columns[1:], row[1:], strict=True) if cell != ()]
    for n, (head, cell) in enumerate(cells):
        said += [", " if n else ": ", f"{head} ", *cell]
    return tuple(said)


def text_of(cell: Cell) -> Text:
    return (str(cell),) if isinstance(cell, int) else cell
