"""The FAQ as Markdown: one page, or a file for each entry. What people typed is shown literally."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bot.core.message import Code, Link, Text, shorten
from bot.core.plain import plain_text
from bot.core.translation import _
from bot.core.typed import Line, Listing, Part, read, spans, visible
from bot.features.faq.book import Book, Item, as_data

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#!|~$@])")
_ALIGNED = re.compile(r"(?<=\S)(?:\t|[ \t]{3,}|(?<![.!?])  )(?=\S)")
"""Significant whitespace: more than one space, except for two after a sentence."""
_LINE_START = re.compile(r"^(\s*)([-+=:]|\d+(?=[.)]))")


def page(book: Book) -> str:
    """The page, with each entry under a heading with a permanent address."""
    parts = [f"# {_title(book.title)}"]
    for item in book.items:
        anchors = "".join(f'<a id="faq-{n}"></a>' for n in (item.entry.id, *item.was))
        parts += [anchors, f"## {_title(item.entry.title)}", *_body(item)]
        parts.append(f"*{' '.join([f'FAQ {item.entry.id}.', *item.facts()])}*")
    if not book.items:
        parts.append(_("Nothing has been approved yet."))
    return "\n\n".join(parts) + "\n"


def files(book: Book) -> dict[str, str]:
    """Name -> text: a file for each entry, with metadata in its front matter, and an index."""
    made = {f"{item.name}.md": _file(item, data) for item, data in zip(book.items, as_data(book), strict=True)}
    lines = [f"- [{_title(item.entry.title)}]({item.name}.md)" for item in book.items]
    listed = "\n".join(lines) or _("Nothing has been approved yet.")
    return {"README.md": f"# {_title(book.title)}\n\n{listed}\n", **made}


def _file(item: Item, data: dict[str, object]) -> str:
    # Every JSON value is a YAML value, and JSON escapes what was typed.
    front = [f"{k}: {json.dumps(v, ensure_ascii=False)}" for k, v in data.items() if k not in ("answer", "details")]
    parts = [f"# {_title(item.entry.title)}", *_body(item)]
    return "\n".join(["---", *front, "---", "", "\n\n".join(parts)]) + "\n"


def _body(item: Item) -> list[str]:
    details = [_quoted(part) for part in _blocks(item.entry.details)]
    return [*details, *(_blocks(item.entry.answer) or [_("(no text)")])]


def _quoted(block: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in block.split("\n"))


def _title(text: str) -> str:
    return _line(spans(shorten(visible(text), len(text)))) or _("(no text)")


def _blocks(text: str) -> list[str]:
    found: list[str] = []
    listed = False
    for part in _paragraphs(read(text)):
        for block, is_list in [(_fenced(part), False)] if isinstance(part, Listing) else _drawn(part):
            # Without a separator, two lists would be numbered as one.
            found += ["<!-- -->", block] if listed and is_list else [block]
            listed = is_list
    return found


def _paragraphs(parts: Iterable[Part]) -> Iterator[list[Line] | Listing]:
    """Listings, and runs of lines without a blank line between them."""
    for kind, group in groupby(parts, _kind):
        if kind == "lines":
            yield [part for part in group if isinstance(part, Line)]
        elif kind == "code":
            yield from (part for part in group if isinstance(part, Listing))


def _kind(part: Part) -> str:
    if isinstance(part, Listing):
        return "code"
    return "lines" if plain_text(part.whole).strip() else "blank"


def _drawn(lines: Sequence[Line]) -> list[tuple[str, bool]]:
    """The blocks of a paragraph, and whether each is a list. Markdown drops indentation and collapses whitespace, so a
    paragraph with either becomes a listing."""
    runs = [(is_list, list(group)) for is_list, group in groupby(lines, lambda line: bool(line.mark))]
    found, spaced = [], any(_ALIGNED.search(_typed(line.text)) for line in lines)
    for is_list, group in runs:
        items = _items(group) if is_list and (len(runs) == 1 or not _indent(group[0])) else []
        spaced = spaced or (not items and any(_typed(line.whole)[:1].isspace() for line in group))
        words = "\\\n".join(_begun(_line(line.whole).strip()) for line in group)
        found.append(("\n".join(items), True) if items else (words, False))
    if spaced:
        return [(_fenced(Listing("\n".join(_typed(line.whole).rstrip() for line in lines))), False)]
    return found


def _items(lines: Sequence[Line]) -> list[str]:
    """A list's lines; empty if Markdown would change the numbers or the nesting."""
    drawn: list[str] = []
    levels: list[tuple[int, int, str]] = []  # of each open level: its indent as typed and as written, its last sign
    for line in lines:
        indent, sign, before = _indent(line), line.mark.strip(), ""
        while levels and levels[-1][0] > indent:
            levels.pop()
        if levels and levels[-1][0] == indent:
            __, written, before = levels.pop()
        elif drawn and (not levels or indent < _indent(lines[len(drawn) - 1])):
            return []
        else:
            written = levels[-1][1] + len(_bullet(levels[-1][2])) + 1 if levels else 0
        if not _follows(sign, before, nested=bool(levels)):
            return []
        levels.append((indent, written, sign))
        drawn.append(
            _(
                "{number}{bullet} {begun}",
                number=" " * written,
                bullet=_bullet(sign),
                begun=_begun(_line(line.text).strip()),
            )
        )
    return drawn


def _follows(sign: str, before: str, nested: bool) -> bool:
    """Whether Markdown shows an item's number as typed, after the previous item on its level ('' for none)."""
    number = sign[:-1]
    if not number:
        return True
    if before[:-1] and before[-1] == sign[-1]:
        return number == str(int(before[:-1]) + 1)
    return number == "1" or (not nested and number == str(int(number)))


def _bullet(sign: str) -> str:
    return sign if sign[0].isdigit() else "-"


def _indent(line: Line) -> int:
    mark = line.mark.expandtabs(4)
    return len(mark) - len(mark.lstrip())


def _typed(text: Text) -> str:
    return "".join(f"`{span.text}`" if isinstance(span, Code) else plain_text((span,)) for span in text)


def _fenced(code: Listing) -> str:
    fence = "`" * max(3, _longest_run(code.text) + 1)
    return f"{fence}{code.language}\n{code.text}\n{fence}"


def _begun(line: str) -> str:
    """Escapes a beginning that would make the line a list, a heading or a rule."""
    return _LINE_START.sub(lambda m: f"{m[1]}{m[2]}\\" if m[2].isdigit() else f"{m[1]}\\{m[2]}", line)


def _line(line: Text) -> str:
    said = []
    for span in line:
        match span:
            case Code(text):
                fence = "`" * (_longest_run(text) + 1)
                blank = " " if "`" in (text[:1], text[-1:]) or text[:1] == text[-1:] == " " else ""
                said.append(f"{fence}{blank}{text}{blank}{fence}")
            case Link(url):
                said.append(f"<{url}>")
            case _:
                said.append(escaped(plain_text((span,))))
    return "".join(said)


def escaped(text: str) -> str:
    """Text in which markup, HTML and addresses are shown as they were typed."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _PUNCTUATION.sub(r"\\\1", text)
    # Most renderers make links of addresses; a character reference prevents that.
    return re.sub(r"(?i)\b(https?|ftp|mailto|www)([:.])", lambda m: f"{m[1]}&#{ord(m[2])};", text)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
