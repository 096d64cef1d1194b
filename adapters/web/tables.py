"""Tables on pages: drawn, searched and turned without a script, and taken along as files."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from adapters.shared.html import join
from bot.core.message import Cell, Message, Table, Text
from bot.core.pages import File
from bot.core.plain import plain_text
from bot.core.table_files import csv_of, json_of
from bot.core.tables import text_of
from bot.core.translation import _

ROWS = 200
"""Rows of a table that are drawn at once: a page is read on a phone."""

FILES: Mapping[str, tuple[str, Callable[[Table], str]]] = {
    "csv": ("text/csv", csv_of),
    "json": ("application/json", json_of),
}


@dataclass(frozen=True, slots=True)
class View:
    """Which rows of the table with this name are looked at: those whose head has the words `find`, and of these a
    page, from 1."""

    table: str = ""
    page: int = 1
    find: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "View":
        page = query.get("page", "")
        number = int(page) if re.fullmatch(r"[0-9]{1,6}", page) else 1
        return cls(query.get("table", ""), max(1, number), " ".join(query.get("find", "").split()))


def draw_table(table: Table, draw: Callable[[Text], Markup], view: View) -> Markup:
    view = view if view.table == table.name else View(table.name)
    wanted = view.find.casefold()
    rows = [row for row in table.rows if wanted in plain_text(text_of(row[0])).casefold()] if wanted else table.rows
    pages = max(1, -(-len(rows) // ROWS))
    page = min(view.page, pages)
    drawn = rows[(page - 1) * ROWS : page * ROWS]
    numbers = {n for row in drawn for n, cell in enumerate(row) if isinstance(cell, int)}
    heads = join(_head(column.head, n in numbers) for n, column in enumerate(table.columns))
    lines = join(_row(row, [column.head for column in table.columns], draw) for row in drawn)
    # The roles are those of a table, which a browser forgets where a narrow screen gets a block for each row.
    shape = Markup(
        '<div class="table" id="{name}">{search}<div class="wide" role="region" aria-labelledby="{name}-caption" '
        'tabindex="0"><table role="table"><caption id="{name}-caption">{caption}</caption><thead role="rowgroup">'
        '<tr role="row">{heads}</tr></thead><tbody role="rowgroup">{lines}</tbody></table></div>{turn}{files}</div>'
    )
    return shape.format(
        name=table.name,
        caption=table.caption,
        search=_search(view) if len(table.rows) > ROWS else "",
        heads=heads,
        lines=lines or _nothing(len(table.columns)),
        turn=_turn(view, page, pages) if pages > 1 else "",
        files=_files(table.name),
    )


def _head(text: str, number: bool) -> Markup:
    return Markup('<th scope="col" role="columnheader"{}>{}</th>').format(Markup(' class="n"') if number else "", text)


def _row(row: tuple[Cell, ...], heads: Sequence[str], draw: Callable[[Text], Markup]) -> Markup:
    head, *cells = row
    first = Markup('<tr role="row"><th scope="row" role="rowheader">{}</th>').format(draw(text_of(head)))
    return first + join(map(_cell, cells, heads[1:], [draw] * len(cells))) + Markup("</tr>")


def _cell(cell: Cell, head: str, draw: Callable[[Text], Markup]) -> Markup:
    """`head` stands above the cell on a narrow screen."""
    number, said = (Markup(' class="n"'), str(cell)) if isinstance(cell, int) else ("", draw(cell))
    return Markup('<td role="cell" data-head="{}"{}>{}</td>').format(head, number, said)


def _nothing(columns: int) -> Markup:
    nothing = _("Nothing with these words.")
    return Markup('<tr role="row"><td role="cell" colspan="{}">{}</td></tr>').format(columns, nothing)


def _search(view: View) -> Markup:
    shape = Markup(
        '<form method="get" action="#{0}" class="search" role="search"><input type="hidden" name="table" value="{0}">'
        '<label for="{0}-find">{1}</label><input id="{0}-find" name="find" value="{2}" maxlength="100" dir="auto">'
        "<button>{3}</button></form>"
    )
    return shape.format(view.table, _("Find in the first column"), view.find, _("Find"))


def _turn(view: View, page: int, pages: int) -> Markup:
    ways = [(page - 1, _("Previous")), (page + 1, _("Next"))]
    found = {"find": view.find} if view.find else {}
    links = join(
        Markup(' <a href="?{}#{}">{}</a>').format(
            urlencode({"table": view.table, "page": n, **found}), view.table, said
        )
        for n, said in ways
        if 1 <= n <= pages
    )
    said = _("Page {page} of {pages}", page=page, pages=pages)
    return Markup('<nav class="turn" aria-label="{0}"><span>{0}</span>{1}</nav>').format(said, links)


def _files(name: str) -> Markup:
    links = join(
        Markup(' <a href="?{}" download>{}</a>').format(urlencode({"table": name, "as": kind}), kind.upper())
        for kind in FILES
    )
    return Markup('<p class="note take">{}{}</p>').format(_("Take it along:"), links)


def taken_along(shown: Message, path: str, query: Mapping[str, str]) -> File | None:
    """The table of a page that is asked for as a file; None if the page has no such table."""
    kind, make = FILES.get(query.get("as", ""), ("", None))
    table = next((b for b in shown.blocks if isinstance(b, Table) and b.name == query.get("table")), None)
    if make is None or table is None:
        return None
    of = re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-")
    return File(kind, make(table), f"{of}-{table.name}.{query['as']}")
