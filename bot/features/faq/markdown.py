"""The FAQ as Markdown: one page, or a file for each entry. What people typed stays the letters that they are."""

import json
import re
from itertools import groupby

from bot.core.message import Code, Link, Text, shorten
from bot.core.plain import plain_text
from bot.core.typed import Line, Listing, Part, read, spans, visible
from bot.features.faq.book import Book, Item, as_data

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#!|~$@])")
_LINE_START = re.compile(r"^(\s*)([-+=:]|\d+(?=[.)]))")


def page(book: Book) -> str:
    """The page, each entry under a heading with an address that never changes."""
    parts = [f"# {_title(book.title)}"]
    for item in book.items:
        anchors = "".join(f'<a id="faq-{n}"></a>' for n in (item.entry.id, *item.was))
        parts += [anchors, f"## {_title(item.entry.title)}", *_body(item)]
        parts.append(f"*{' '.join([f'FAQ {item.entry.id}.', *item.facts()])}*")
    if not book.items:
        parts.append("Nothing has been approved yet.")
    return "\n\n".join(parts) + "\n"


def files(book: Book) -> dict[str, str]:
    """Name -> text: a file for each entry, with what programs need in its front matter, and a list of them."""
    made = {f"{item.name}.md": _file(item, data) for item, data in zip(book.items, as_data(book), strict=True)}
    lines = [f"- [{_title(item.entry.title)}]({item.name}.md)" for item in book.items]
    listed = "\n".join(lines) or "Nothing has been approved yet."
    return {"README.md": f"# {_title(book.title)}\n\n{listed}\n", **made}


def _file(item: Item, data: dict[str, object]) -> str:
    # Every JSON value is a YAML value, and escapes whatever was typed.
    front = [f"{k}: {json.dumps(v, ensure_ascii=False)}" for k, v in data.items() if k not in ("answer", "details")]
    parts = [f"# {_title(item.entry.title)}", *_body(item)]
    return "\n".join(["---", *front, "---", "", "\n\n".join(parts)]) + "\n"


def _body(item: Item) -> list[str]:
    details = [_quoted(part) for part in _blocks(item.entry.details)]
    return [*details, *(_blocks(item.entry.answer) or ["(no text)"])]


def _quoted(block: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in block.split("\n"))


def _title(text: str) -> str:
    return _line(spans(shorten(visible(text), len(text)))) or "(no text)"


def _blocks(text: str) -> list[str]:
    found = []
    for kind, group in groupby(read(text), _kind):
        parts = list(group)
        if kind == "words":
            found.append("\\\n".join(_begun(_line(p.text).strip()) for p in parts if isinstance(p, Line)))
        elif kind == "list":
            lines = [p for p in parts if isinstance(p, Line)]
            least = min(_indent(line) for line in lines)
            found.append("\n".join(_item(line, _indent(line) - least) for line in lines))
        elif kind == "code":
            found += [_fenced(p) for p in parts if isinstance(p, Listing)]
    return found


def _kind(part: Part) -> str:
    if isinstance(part, Listing):
        return "code"
    return "list" if part.mark else "words" if plain_text(part.text).strip() else "blank"


def _item(line: Line, indent: int) -> str:
    """A list's line, with the number that was typed."""
    sign = line.mark.strip()
    return f"{' ' * indent}{sign if sign[0].isdigit() else '-'} {_begun(_line(line.text))}"


def _indent(line: Line) -> int:
    mark = line.mark.expandtabs(4)
    return len(mark) - len(mark.lstrip())


def _fenced(code: Listing) -> str:
    fence = "`" * max(3, _longest_run(code.text) + 1)
    return f"{fence}{code.language}\n{code.text}\n{fence}"


def _begun(line: str) -> str:
    """No line may begin a list, a heading or a rule."""
    return _LINE_START.sub(lambda m: f"{m[1]}{m[2]}\\" if m[2].isdigit() else f"{m[1]}\\{m[2]}", line)


def _line(line: Text) -> str:
    said = []
    for span in line:
        match span:
            case Code(text):
                fence = "`" * (_longest_run(text) + 1)
                blank = " " if text.startswith("`") or text.endswith("`") else ""
                said.append(f"{fence}{blank}{text}{blank}{fence}")
            case Link(url):
                said.append(f"<{url}>")
            case _:
                said.append(escaped(plain_text((span,))))
    return "".join(said)


def escaped(text: str) -> str:
    """Text whose markup, HTML and addresses a renderer shows as they were typed."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _PUNCTUATION.sub(r"\\\1", text)
    # An address becomes a link by itself in most renderers; a character reference stops that.
    return re.sub(r"(?i)\b(https?|ftp|mailto|www)([:.])", lambda m: f"{m[1]}&#{ord(m[2])};", text)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
