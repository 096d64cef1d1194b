"""Parses what a person typed for the little that they formatted themselves: code, addresses, lists and line breaks.

Every renderer draws these parts, and nothing else in a person's text ever has a meaning. Drawn and copied, the text is
what was typed, except for the characters that `visible` drops, the backticks around code, the language behind an
opening fence, and blank lines next to a fenced block. Everything here takes linear time.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.core.incoming import TURNING
from bot.core.message import Code, Inline, Link, Text
from bot.core.translation import _

FENCE = "```"

LONGEST_ADDRESS = 1500
"""Maximum characters of an address that becomes a link; a longer one stays text."""

_NAMED = (
    "asm bash bat c clojure cmake console cpp cs csharp css csv cuda dart diff docker dockerfile elixir elm erlang "
    "fortran go graphql groovy haskell hcl html http ini java javascript js json json5 jsonc jsx julia kotlin latex "
    "less lua make makefile markdown matlab md mermaid nginx nim nix objc ocaml perl php plain plaintext powershell "
    "properties proto ps1 py pycon python python3 r rb regex rs ruby rust sass scala scheme scss sh shell sparql sql "
    "svelte swift tex text toml ts tsx txt typescript vb vim vue xml yaml yml zig zsh c++ c# f#"
)
LANGUAGES = frozenset(_NAMED.split())
"""The languages recognised behind an opening fence; any other word there is the first line of the code."""

_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_HIDDEN = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff{''.join(sorted(TURNING))}]")
_FENCES = re.compile("`{3,}")
_MARK = re.compile(r"[ \t]*(?:[-*•]|\d{1,3}[.)])[ \t]+(?=\S)")
_SPAN = re.compile(
    r"(?<!`)`(?=[^\S\n]*[^`\s])(?P<code>[^`\n]+)`(?!`)|(?P<url>(?<!\w)https?://[^\W_][^\s<>\"`\\|{}^]*)",
    re.IGNORECASE,
)
_AROUND = ".,;:!?*_~'"


@dataclass(frozen=True, slots=True)
class Line:
    """One line, as its words, inline code and addresses. `mark` is its list mark as typed: ' - ' or '1. '."""

    text: Text
    mark: str = ""

    @property
    def whole(self) -> Text:
        return (self.mark, *self.text) if self.mark else self.text


@dataclass(frozen=True, slots=True)
class Listing:
    """Code of several lines. `language` is empty if none was named."""

    text: str
    language: str = ""


Part = Line | Listing


def visible(text: str) -> str:
    """The text with one kind of line break, without control characters, unpaired surrogates and direction overrides:
    platforms refuse the first two, and the last affect our own words."""
    return _HIDDEN.sub("", _BREAK.sub("\n", text))


def trim(text: str) -> str:
    """What a person typed without surrounding blank lines. The first of several lines keeps its indentation."""
    kept = text.rstrip()
    whole = kept.lstrip()
    if "\n" not in whole:
        return whole
    return kept[kept.rfind("\n", 0, len(kept) - len(whole)) + 1 :]


def read(text: str) -> list[Part]:
    """The parts of what somebody typed, in order."""
    found: list[Part] = []
    pieces = _pieces(visible(text))
    for n, piece in enumerate(pieces):
        if isinstance(piece, Listing):
            found.append(piece)
            continue
        after, before = n > 0, n < len(pieces) - 1
        said = piece.lstrip("\n") if after else piece
        said = said.rstrip("\n") if before else said
        if said.strip() or not (after or before):
            found += [_line(line) for line in said.split("\n")]
    return found


def joined(text: Text) -> list[Part]:
    """The parts of a text in which every `str` is somebody's words and anything else is ours."""
    found: list[Part] = []
    line: list[Inline] = []
    mark, begun = "", False
    for piece in text:
        if not isinstance(piece, str):
            line.append(piece)
            begun = True
            continue
        said = piece if begun or not found else piece.removeprefix("\n")
        for n, part in enumerate(read(said) if said else ()):
            if isinstance(part, Listing) or n:
                if begun:
                    found.append(Line(tuple(line), mark))
                line, mark, begun = [], "", False
            if isinstance(part, Listing):
                found.append(part)
            else:
                begins = not line
                mark = part.mark if begins else mark
                line += part.text if begins else part.whole
                begun = True
    return [*found, Line(tuple(line), mark)] if begun or not found else found


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """The text with `change` applied to everything but code, where signs mean nothing and whitespace counts."""
    return "".join(_outside_inline(said, change) + code for said, code, _ in _fenced(text))


def excerpt(text: str, limit: int) -> str:
    """The beginning of a text in at most `limit` characters, with its lines and code. It is cut between paragraphs,
    else lines, sentences, words. A fence that the cut leaves open is closed."""
    text = visible(text)
    if len(text) <= limit:
        return text
    at, least = 0, limit // 2
    for said, code, closed in _fenced(text):
        start, at = at + len(said), at + len(said) + len(code)
        if closed and start < limit - 2 < at:
            if start > limit // 3:
                return text[:start].rstrip() + "\n…"
            run = _FENCES.match(code)
            fence = run[0] if run else FENCE
            room = limit - len(fence) - 3
            kept = text[: _cut_at(text, room, ("\n",), start + code.find("\n") + 2)].rstrip("\n")
            return f"{kept}\n{fence}\n…"
        if at > limit - 2:
            break
        least = max(least, at)
    kept = text[: _cut_at(text, limit - 2, ("\n\n", "\n", ". ", " "), least)].rstrip()
    return f"{kept}\n…" if kept.endswith(FENCE) else f"{kept}…"


def _cut_at(text: str, room: int, breaks: Sequence[str], least: int) -> int:
    found = (text.rfind(sign, least, room) for sign in breaks)
    return next((at + (sign == ". ") for at, sign in zip(found, breaks, strict=True) if at > 0), room)


def _fenced(text: str) -> list[tuple[str, str, bool]]:
    """Yields (text before it, a fenced block with its fences, whether there is one) until the end of the text. A block
    ends at the next run of as many backticks as it began with; a fence without one stays text."""
    runs = list(_FENCES.finditer(text))
    closing: dict[int, int] = {}
    next_of: dict[int, int] = {}
    for n in range(len(runs) - 1, -1, -1):
        length = len(runs[n][0])
        if length in next_of:
            closing[n] = next_of[length]
        next_of[length] = n
    found: list[tuple[str, str, bool]] = []
    at, n = 0, 0
    while n < len(runs):
        close = closing.get(n)
        if close is None or not text[runs[n].end() : runs[close].start()].strip():
            n += 1 if close is None else close - n + 1
            continue
        found.append((text[at : runs[n].start()], text[runs[n].start() : runs[close].end()], True))
        at, n = runs[close].end(), close + 1
    return [*found, (text[at:], "", False)]


def _pieces(text: str) -> list[str | Listing]:
    found: list[str | Listing] = []
    for said, code, closed in _fenced(text):
        found.append(said)
        if closed:
            found.append(_listing(code))
    return found


def _listing(block: str) -> Listing:
    run = _FENCES.match(block)
    fence = len(run[0]) if run else len(FENCE)
    body = block[fence:-fence]
    first, broken, rest = body.partition("\n")
    language = first.strip().lower() if broken else ""
    if language not in LANGUAGES or not rest.strip():
        language, rest = "", body
    lines = rest.rstrip().split("\n")
    while not lines[0].strip():
        lines.pop(0)
    return Listing("\n".join(lines), language)


def _line(raw: str) -> Line:
    mark = _MARK.match(raw)
    return Line(spans(raw[mark.end() :]), mark[0]) if mark else Line(spans(raw))


def spans(text: str) -> Text:
    """The words, inline code and addresses of one line."""
    found: list[Inline] = []
    end = 0
    for match in _SPAN.finditer(text):
        stop = match.end()
        span: Inline
        if match["code"] is not None:
            span = Code(match["code"])
        else:
            url = _address(match["url"])
            if len(url) > LONGEST_ADDRESS or not Link(url, url).safe:
                continue
            span, stop = Link(url, url), match.start() + len(url)
        if match.start() > end:
            found.append(text[end : match.start()])
        found.append(span)
        end = stop
    if end < len(text):
        found.append(text[end:])
    return tuple(found)


def typed_link(text: str) -> str:
    """What was typed as a link, without space around it; phones begin it with a capital letter."""
    scheme, mark, rest = text.strip().partition("://")
    return f"{scheme.lower() if scheme.lower() in ('http', 'https') else scheme}{mark}{rest}"


def is_address(text: str) -> bool:
    """Whether a text is one whole address of the web with a host. The bot never opens it, and people see it, so that
    'http' is as good as 'https'; a name before the host is not, because it looks like the host."""
    try:
        found = urlsplit(text)
        named = found.scheme in ("https", "http") and bool(found.hostname) and "@" not in found.netloc
        return named and Link(text, text).safe
    except ValueError:
        return False


def unfit_link(text: str) -> str:
    """What is wrong with what was typed as a link; empty if it is one."""
    return "" if is_address(text) else _("Please write a whole link, such as https://example.org/page.")


def _address(url: str) -> str:
    """The address without punctuation that belongs to the sentence around it."""
    open_still = {")": url.count("(") - url.count(")"), "]": url.count("[") - url.count("]")}
    end = len(url)
    while end:
        sign = url[end - 1]
        if open_still.get(sign, 0) < 0:
            open_still[sign] += 1
        elif sign not in _AROUND:
            break
        end -= 1
    return url[:end]


def _outside_inline(text: str, change: Callable[[str], str]) -> str:
    made, end = [], 0
    for match in _SPAN.finditer(text):
        if match["code"] is not None:
            made += [change(text[end : match.start()]), match[0]]
            end = match.end()
    return "".join([*made, change(text[end:])])
