"""Reads what people typed from Slack's markup, and resolves the parts of our own texts.

https://docs.slack.dev/messaging/formatting-message-text/
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.slack.emoji import character
from bot.core.people import Account
from bot.core.time import Style, say
from bot.core.typed import FENCE, outside_code

Json = dict[str, Any]

DATES: Mapping[Style, str] = {
    "moment": "{date_long_pretty}, {time}",
    "date": "{date_long_pretty}",
    "time": "{time}",
}
"""Slack's date tokens by style; 'long' includes the weekday."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Resolves a message's inline parts. `zone` is the single reader's zone, used where Slack cannot format dates;
    None if there are several readers."""

    zone: str | None = None
    mentions: Mapping[int, Account] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


def escape(text: str) -> str:
    """Escapes `&`, `<` and `>`, which is enough wherever Slack reads no markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unformatted(at: datetime, style: Style, reader: Reader) -> str:
    """An instant in places where Slack does not format dates for each reader."""
    words = say(at, reader.zone or "UTC", style)
    return words + " UTC" if style != "date" and reader.zone is None else words


def address(anchor: str, reader: Reader) -> str:
    """The permalink of a message; empty if unknown."""
    found = reader.links.get(anchor, "")
    return found if found.startswith(("https://", "http://")) else ""


# What people typed

_MARKED = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_NAMED = re.compile(r":([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):")
_LABELLED = re.compile(r"<[@#!](?:subteam\^)?(\w+)\|([^<>|]+)>")
_FENCE = re.compile(r"```(.+?)```", re.DOTALL)


def written(message: Json, name: Callable[[str], str]) -> str:
    """What a person wrote, above what they forwarded. `name` maps user ids to names."""
    own = _own(message, name)
    forwarded = "\n".join(text for a in _list(message, "attachments") if a.get("is_share") and (text := _of(a, name)))
    return f"{own}\n{_quoted(forwarded)}" if own.strip() and forwarded else own or forwarded


def _own(message: Json, name: Callable[[str], str]) -> str:
    """From the blocks of Slack's editor if there are no others, else from the text. An app that posts for a person puts
    the words in its blocks, and often only a summary in the text; some messages have attachments alone. The names of
    files and the previews of links are nobody's words."""
    text = str(message.get("text") or "")
    blocks = [b for b in message.get("blocks") or () if isinstance(b, dict)]
    by_editor = bool(blocks) and all(b.get("type") == "rich_text" for b in blocks)
    if by_editor or not text.strip() or message.get("bot_id"):
        found = _in_blocks(blocks, text, name)
        if by_editor or found.strip():
            return found
    if text.strip() or message.get("files"):
        return typed(text, name)
    attached = (a for a in _list(message, "attachments") if not (a.get("is_share") or a.get("from_url")))
    return "\n".join(said for a in attached if (said := _of(a, name)))


def _of(attachment: Json, name: Callable[[str], str]) -> str:
    """The words of an attachment: of a forwarded message, or of what an app has drawn."""
    text = str(attachment.get("text") or "")
    inner = [b for m in _list(attachment, "message_blocks") for b in _list(_inside(m, "message"), "blocks")]
    if found := _in_blocks(inner or _list(attachment, "blocks"), text, name):
        return found
    parts = [typed(str(attachment.get(key) or ""), name) for key in ("pretext", "title", "text")]
    for field_of in _list(attachment, "fields"):
        parts += [typed(str(field_of.get(key) or ""), name) for key in ("title", "value")]
    return "\n".join(part for part in parts if part.strip())


def _in_blocks(blocks: Sequence[Json], text: str, name: Callable[[str], str]) -> str:
    """The words in blocks. `text` is the message's own, from which labels of ids are known."""
    labels = dict(_LABELLED.findall(text))

    def named(id: str) -> str:
        known = name(id)
        return labels.get(id, id).lstrip("@#") if known == id else known

    return "\n".join(line for block in blocks for line in _block(block, named))


def _block(block: Json, name: Callable[[str], str]) -> Iterator[str]:
    """https://docs.slack.dev/reference/block-kit/blocks"""
    match block.get("type"):
        case "rich_text":
            yield from (line for shape in _list(block, "elements") for line in _shape(shape, name))
        case "header" | "section":
            yield from (
                said for part in (_inside(block, "text"), *_list(block, "fields")) if (said := _said(part, name))
            )
        case "context":
            yield from (said for part in _list(block, "elements") if (said := _said(part, name)))
        case "markdown":
            yield str(block.get("text") or "")
        case "table":
            for row in block.get("rows") or ():
                cells = [cell for cell in row if isinstance(cell, dict)] if isinstance(row, list) else ()
                yield " | ".join(" ".join(_cell(cell, name)) for cell in cells)


def _cell(cell: Json, name: Callable[[str], str]) -> Iterator[str]:
    if cell.get("type") == "rich_text":
        yield from _block(cell, name)
    else:
        yield str(cell.get("text") or "")


def _said(part: Json, name: Callable[[str], str]) -> str:
    text = str(part.get("text") or "")
    return typed(text, name) if part.get("type") == "mrkdwn" else text if part.get("type") == "plain_text" else ""


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def typed(text: str, name: Callable[[str], str]) -> str:
    """What a person typed, without markup. `name` maps user ids to names."""

    def shown(match: re.Match[str]) -> str:
        what, label = match[1], match[2]
        if what.startswith("@"):
            known = name(what[1:])
            return f"@{label}" if label and known == what[1:] else f"@{known}"
        if what.startswith("#"):
            return f"#{label or what[1:]}"
        if what.startswith("!subteam^"):
            return label or "@group"
        if what.startswith("!date^"):
            return label or ""
        if what.startswith("!"):
            return f"@{what[1:].split('^')[0]}"
        return _linked(what, label or "")

    # Slack has no language tag after a fence: text there is the first line of the code.
    fenced = _FENCE.sub(lambda m: f"{FENCE}\n{m[1].strip(chr(10))}\n{FENCE}", _MARKED.sub(shown, text))
    plain = outside_code(fenced, lambda words: _NAMED.sub(_smiled, words))
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _smiled(match: re.Match[str]) -> str:
    found = character(match[1])
    return match[0] if found.startswith(":") else found


def _linked(url: str, label: str) -> str:
    """A link's address, with its label if the label differs."""
    plain = url.removeprefix("mailto:").removeprefix("tel:")
    return plain if not label or label == plain or plain.endswith(f"//{label}") else f"{label} ({plain})"


def _inside(of: Json, key: str) -> Json:
    found = of.get(key)
    return found if isinstance(found, dict) else {}


def _list(of: Json, key: str) -> Sequence[Json]:
    found = of.get(key)
    return [e for e in found if isinstance(e, dict)] if isinstance(found, list) else ()


def _shape(shape: Json, name: Callable[[str], str]) -> Iterator[str]:
    """The lines of a section, list, quote or preformatted block."""
    inside = _list(shape, "elements")
    match shape.get("type"):
        case "rich_text_list":
            first = int(shape.get("offset") or 0) + 1
            space = "    " * min(8, int(shape.get("indent") or 0))
            for n, item in enumerate(inside, first):
                mark = f"{n}." if shape.get("style") == "ordered" else "•"
                yield f"{space}{mark} {_run(_list(item, 'elements'), name)}"
        case "rich_text_preformatted":
            yield f"{FENCE}\n{_run(inside, name, code=True).strip(chr(10))}\n{FENCE}"
        case "rich_text_quote":
            yield from (f"> {line}" for line in _run(inside, name).split("\n"))
        case _:
            yield _run(inside, name).removesuffix("\n")


def _run(elements: Sequence[Json], name: Callable[[str], str], code: bool = False) -> str:
    return "".join(_element(e, name, code) for e in elements)


def _element(element: Json, name: Callable[[str], str], code: bool) -> str:
    said, style = str(element.get("text") or ""), element.get("style") or {}
    match element.get("type"):
        case "text":
            if code or not said.strip():
                return said
            for kind, sign in (("code", "`"), ("bold", "*"), ("italic", "_"), ("strike", "~")):
                said = f"{sign}{said}{sign}" if style.get(kind) else said
            return said
        case "link":
            return _linked(str(element.get("url") or ""), said)
        case "user":
            return f"@{name(str(element.get('user_id') or ''))}"
        case "usergroup":
            return f"@{name(str(element.get('usergroup_id') or 'group'))}"
        case "broadcast":
            return f"@{element.get('range') or 'channel'}"
        case "channel":
            return f"#{name(str(element.get('channel_id') or ''))}"
        case "emoji":
            code_name = str(element.get("name") or "")
            return character(code_name) if code_name else ""
        case "date":
            return str(element.get("fallback") or "")
        case _:
            return said
