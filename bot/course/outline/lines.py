"""The lines of an outline: headings, items of lists, other text, and the rows of tables as such lines."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.core.message import unwrapped
from bot.course.outline.words import WORDS, column_of, kind_of, plain, undated
from bot.course.source import LONGEST_LINE

MOST_LINES = 2_000
"""Most lines that are read; a course of a year has a third of that."""

TITLE = 100
"""Characters of a title that is made of a longer line."""

_BULLETS = "•–◦▪●○■□▸▹►‣⁃∙·✓✔"
_WORD = str.maketrans(dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf0fc", "•"))
"""Bullets that a word processor copies as signs of its own font."""
_BULLET = re.compile(rf"([{_BULLETS}])\t")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_ITEM = re.compile(
    rf"(?:[-*+o{_BULLETS}]|\d{{1,3}}[.)]|[a-z][.)]|[ivx]{{1,4}}[.)]|\d{{1,2}}\.\d{{1,2}}[.)]?)[ \t]+"
    r"(?:\[[ xX]?\][ \t]+)?(.*)"
)
_UNDER = re.compile(r"={3,}|-{3,}")
_RULE = re.compile(r"[\s:|-]*-[\s:|-]*")
_QUOTE = re.compile(r"^(?:> ?)+|</?(?:aside|details|summary|div|p)>")
_NUMBER = re.compile(r"(?:[a-zA-Zó]{2,8}\.? ?)?#?(\d{1,2}(?: ?[-–] ?\d{1,2})?)(?!\d)[.:)]?\s*(.*)", re.DOTALL)


@dataclass(slots=True)
class Line:
    """`level`: of a heading from 1, 0 for anything else. `indent`: of a list item; None for other text. `kind`: what
    the column of a table says that it is. `week`: whether it begins a week without a number."""

    number: int
    text: str
    level: int = 0
    indent: int | None = None
    kind: str = ""
    week: bool = False
    row: bool = False
    """Whether it is of a table of weeks."""
    known: bool = True
    """False for what only fills a table: it is named, and nothing is made of it."""


def lines_of(text: str) -> Iterator[Line]:
    """The lines that say something. A line of signs below a text makes that a heading."""
    raw = [_cleaned(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").split("\n")]
    at = 0
    while at < len(raw):
        if table := _table(raw, at):
            rows, end = table
            yield from _rows(rows)
            at = end
        else:
            yield from _line(raw, at)
            at += 1


def _cleaned(line: str) -> str:
    bulleted = _BULLET.sub(r"\1 ", line.translate(_WORD))
    return "".join(c if c.isprintable() or c == "\t" else " " for c in bulleted)


def _line(raw: list[str], at: int) -> Iterator[Line]:
    number, whole = at + 1, raw[at]
    line = _QUOTE.sub("", whole[:LONGEST_LINE].replace("\t", "    "))
    said = line.strip()
    if not any(c.isalnum() for c in said):
        return
    under = raw[at + 1].strip() if at + 1 < len(raw) else ""
    if found := _HEADING.fullmatch(said):
        yield Line(number, plain(_without_pictures(found[2].rstrip("# "))), len(found[1]))
    elif _UNDER.fullmatch(under):
        yield Line(number, plain(said), 1 if under[0] == "=" else 2)
    elif found := _ITEM.fullmatch(said):
        # The sign of a second level says so itself, also where its indent was not copied.
        depth = len(line) - len(line.lstrip()) + (said[0] in "o○◦") + 2 * (said[0] in "▪■")
        yield Line(number, unwrapped(_without_pictures(found[1])), indent=depth)
    elif len(said) <= TITLE and said.startswith("**") and said.endswith("**") and said.count("**") == 2:
        yield Line(number, plain(_without_pictures(said[2:])), 6)
    else:
        yield Line(number, unwrapped(_without_pictures(said)))
    for start in range(LONGEST_LINE, len(whole), LONGEST_LINE):
        yield Line(MOST_LINES + number, unwrapped(whole[start : start + LONGEST_LINE]))


def _without_pictures(text: str) -> str:
    """Without the emoji before a word."""
    for place, sign in enumerate(text[:12]):
        if unicodedata.category(sign) not in ("So", "Sk", "Mn", "Cf", "Zs"):
            return text[place:]
    return text


# Tables


Row = tuple[int, list[str]]
"""The number of its first line, and its cells."""


def _table(raw: list[str], start: int) -> tuple[list[Row], int] | None:
    """The rows of a table that begins at a line, its head first, and the place of the line after it. It has a head of
    which two columns are known: rows of a word processor, with tabs, or of Markdown, with pipes."""
    mark = "|" if "|" in raw[start] else "\t" if "\t" in raw[start].strip() else ""
    head = _cells(raw[start], mark) if mark else []
    if sum(bool(column_of(cell)) for cell in head) < 2:
        return None
    rows, end = [(start + 1, head)], start + 1
    while end < len(raw) and len(raw[end]) <= LONGEST_LINE:
        line = raw[end]
        if mark == "|" and "|" not in line:
            break
        if (mark == "\t" and not line.strip()) or line.lstrip().startswith("#"):
            break
        cells = _cells(line, mark)
        if mark == "\t" and _continues(rows, cells, head) and (mark in line or _goes_on(raw, end)):
            rows[-1][1][-1] += f"\n{cells[0]}"
            rows[-1][1].extend(cells[1:])
        elif mark == "\t" and mark not in line:
            break
        elif not _RULE.fullmatch(line):
            rows.append((end + 1, cells))
        end += 1
    return (rows, end) if len(rows) > 1 else None


def _cells(line: str, mark: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|") if mark == "|" else line
    return [re.sub(r"<br ?/?>", "\n", cell.strip().strip('"')).strip() for cell in inner.split(mark)]


def _continues(rows: list[Row], cells: list[str], head: list[str]) -> bool:
    """Whether a line goes on with the last cell of the row above: a cell of several paragraphs."""
    last = rows[-1][1]
    numbered = column_of(head[0]) == "week" and _NUMBER.fullmatch(cells[0]) and len(cells) > 1
    return len(rows) > 1 and not numbered and len(last) + len(cells) - 1 <= len(head)


def _goes_on(raw: list[str], at: int) -> bool:
    """Whether the table has a row further down, so that a line without a tab is a part of a cell."""
    for line in raw[at + 1 :]:
        if not line.strip():
            return False
        if "\t" in line.strip():
            return True
    return False


def _rows(rows: list[Row]) -> Iterator[Line]:
    """A table of weeks, or of what there is to do in the week above it."""
    (_number, head), *rest = rows
    kinds = [column_of(cell) for cell in head]
    of_weeks = "week" in kinds or ("topic" in kinds and any(kind in ("date", "due") for kind in kinds))
    for number, short in rest:
        cells = [*short, *[""] * (len(head) - len(short))]
        kind_here = kind_of(cells[kinds.index("type")])[0] if "type" in kinds else ""
        by_kind = {kind: " ".join(cells[kinds.index(kind)].split()) for kind in kinds if kind}
        if of_weeks:
            yield from _week(number, by_kind)
        found, left = list[Line](), list[Line]()
        for place, cell in enumerate(cells):
            kind, name = (kinds[place], plain(head[place])) if place < len(head) else ("", "")
            if kind == "type" or (kind in ("week", "topic", "date") and of_weeks):
                continue
            for inner in _said(cell):
                said = f"{name}: {inner}" if name else inner
                if kind in _BESIDE or (of_weeks and not kind and not kind_of(inner)[0]):
                    left.append(Line(number, said, known=kind in _BESIDE))
                else:
                    found.append(Line(number, inner, indent=0, kind=kind if kind in WORDS else kind_here))
        for line in left:
            if not (line.known and _put_beside(line, found, of_weeks)):
                found.append(Line(number, line.text, known=False))
        yield from (replace(line, row=of_weeks) for line in found)


_BESIDE = ("due", "time", "link")
"""Columns that say something of the item beside them."""


def _said(cell: str) -> Iterator[str]:
    """The paragraphs of a cell, without their bullets."""
    for line in cell.split("\n"):
        if any(c.isalnum() for c in line):
            found = _ITEM.fullmatch(line.strip())
            yield unwrapped(found[1] if found else line)


def _week(number: int, cells: dict[str, str]) -> Iterator[Line]:
    """The heading of a row's week; a row without one goes on with the week above."""
    first, topic, dates = (cells.get(kind, "") for kind in ("week", "topic", "date"))
    when = f"({dates})" if dates and undated(dates)[1] == dates else ""
    if dates and not when:
        yield Line(number, dates, known=False)
    found = _NUMBER.fullmatch(first)
    if found:
        yield Line(number, f"Week {found[1]}: {' '.join(filter(None, [when, found[2], topic]))}", 6, week=True)
    elif first or (topic and "week" not in cells):
        yield Line(number, " ".join(filter(None, [first, when, topic])), 6, week=True)
    elif topic:
        yield Line(number, topic, indent=0)


def _put_beside(line: Line, found: list[Line], of_weeks: bool) -> bool:
    """Adds to an item what another column says of it: when it is due, how long it takes, where it is."""
    name, _colon, cell = line.text.partition(": ")
    kind = column_of(name)
    work = [one for one in found if one.known and (one.kind or kind_of(one.text)[0]) in ("milestones", "discussions")]
    if kind == "due" and work:
        work[-1].text += f" ({cell})" if cell.lower().startswith("due") else f" (due {cell})"
    elif kind != "due" and not of_weeks and found:
        said = (
            f" ({cell} min)" if kind == "time" and cell.isdecimal() else f" ({cell})" if kind == "time" else f" {cell}"
        )
        found[-1].text += said
    else:
        return False
    return True
