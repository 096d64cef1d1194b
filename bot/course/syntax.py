"""Finds the mistake in a file that is not valid YAML, and its fix.

A YAML parser stops where it cannot go on, often lines below the mistake, and reports that in its own terms. So this
module tries out the usual slips: it repairs each on a copy, and reports the one after which the file reads best.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

import yaml

from bot.course import fixes
from bot.course.grammar import ListOf
from bot.course.keys import COURSE_FILE, LISTS, QUESTION
from bot.course.problems import Problem
from bot.course.reader import Reader, TooMuch
from bot.course.report import TooMany
from bot.course.source import Source

_ENTRY = re.compile(r"^(\s*(?:- +)*)([\w-]+):[ ]+(\S.*)$")
_ITEM = re.compile(r"^(\s*(?:- +)+)(\S.*)$")
_KEYS = sorted(COURSE_FILE.homes, key=len, reverse=True)
_KEY = "|".join(_KEYS)
_OPEN_QUOTE = re.compile(r"""(?:^|[:\[{,-])\s+(?:"[^"]*|'[^']*)$""")
_LISTS = [*LISTS, *(k.name for part in (*LISTS.values(), QUESTION) for k in part.keys if isinstance(k.value, ListOf))]
_NO_DASH = "A dash is missing: this starts an item of a list."
_SLIPS = [
    (
        "colon",
        re.compile(rf"^(\s*(?:- +)*)({_KEY})(?>\s*[=;]\s*|\s*:(?=[^\s:/])|\s+:\s*|\s+|$)(?![=;:])(.*)$"),
        r"\1\2: \3",
        r"`\2` needs a colon and a space after it.",
    ),
    ("dash", re.compile(rf"^(\s*)-((?:{_KEY}):.*)$"), r"\1- \2", "A dash needs a space after it."),
    ("dash", re.compile(r"^(\s*)[*•–—]\s+(.*)$"), r"\1- \2", "An item of a list starts with a dash."),
    ("dash", re.compile(rf"^(\s*)((?:{_KEY}):.*)$"), r"\1- \2", _NO_DASH),
    ("dash", re.compile(rf"^(\s*)  ((?:{_KEY}):.*)$"), r"\1- \2", _NO_DASH),
    ("dash", re.compile(rf"^(\s*)- +((?:{_KEY}):.*)$"), r"\1\2", "There is a dash, and this is no item of a list."),
]
"""Slips within one line: code, pattern, template of the correct line, message."""

_LOOK_BACK = 4
"""How many lines above the parser's are searched. Mistakes further up show elsewhere."""

_TRIAL_CHARACTERS = 2_000_000
"""Most characters that all trials parse, so that a large file also takes seconds at most."""

_CONFIRMED = 5
"""How many of the best trials are confirmed with the parser that reads the files."""


@dataclass(frozen=True)
class _Repair:
    """A possible fix: the lines that change (number -> text, None to drop it), and its wording."""

    line: int
    column: int
    code: str
    message: str
    lines: dict[int, str | None]
    how: str


def explain(error: yaml.YAMLError, source: Source, file: str) -> Problem:
    """The problem behind a parser's error."""
    if isinstance(error, yaml.reader.ReaderError):
        return _unprintable(error, source, file)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    line = min(line, len(source.lines))
    context = getattr(error, "context_mark", None)
    near = [line, *range(line - 1, max(0, line - 1 - _LOOK_BACK), -1)]
    near += [context.line + 1] if context else []
    # An unclosed quote swallows all lines up to the next quote.
    near += [n for n in range(1, line) if _OPEN_QUOTE.search(source.line(n))][:3]
    # The first line of the file, and of each block, sets the indentation of what follows.
    near += [*_heads(source, line), next((n for n, text in enumerate(source.lines, 1) if _indented(text)), line)]
    near = list(dict.fromkeys(near))
    trials = max(5, _TRIAL_CHARACTERS // (len(source.text) + 1))
    tried = [
        ((*_outcome(source, repair, trial=True), order), repair)
        for order, repair in enumerate(islice(_repairs(source, near), trials))
    ]
    for rank, found in sorted((t for t in tried if t[0][0] <= -line), key=lambda t: t[0])[:_CONFIRMED]:
        if _outcome(source, found, trial=False) == rank[:2]:
            return Problem(file, found.line, found.column, "", found.code, "error", found.message, found.how)
    said = getattr(error, "problem", None) or "this is not YAML"
    how = fixes.remove_lines(line, line)
    return Problem(file, line, column, "", "syntax", "error", f"The file cannot be read from here on: {said}.", how)


def _outcome(source: Source, repair: _Repair, trial: bool) -> tuple[int, int]:
    """Ranks a repair, lower is better: minus the line that the parser reaches, then the number of errors."""
    lines = [repair.lines.get(n, text) for n, text in enumerate(source.lines, 1)]
    repaired = Source("\n".join("" if text is None else text for text in lines))
    try:
        root = repaired.compose(trial)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return -(mark.line if mark else 0), 0
    except RecursionError:
        return 0, 0
    reader = Reader(repaired, "")
    try:
        reader.read_file(root)
    except TooMuch:
        return 0, 0
    except TooMany:
        return -len(source.lines) - 1, len(reader.problems)
    return -len(source.lines) - 1, len(reader.problems)


def _repairs(source: Source, near: list[int]) -> Iterator[_Repair]:
    yield from _tabs(source)
    for number in near:
        text = source.line(number)
        if text.strip() and not text.strip().startswith("#"):
            yield from _spelling(number, text)
            yield from _quoting(number, text)
            yield from _brackets(number, text)
    for number in near:
        if source.line(number).lstrip().startswith("- "):
            yield from _headless(source, number)
    for number in near:
        if source.line(number).strip():
            yield from _indentation(source, number)
    for number in near:
        if source.line(number).strip():
            how = fixes.remove_lines(number, number)
            yield _Repair(number, 1, "syntax", "This line does not fit in here.", {number: None}, how)


def _tabs(source: Source) -> Iterator[_Repair]:
    tabbed = [n for n, text in enumerate(source.lines, 1) if "\t" in text[: len(text) - len(text.lstrip())]]
    for width in (2, 4, 8):
        changed: dict[int, str | None] = {}
        said = []
        for number in tabbed:
            text = source.line(number)
            body = text.lstrip()
            indent = text[: len(text) - len(body)].replace("\t", " " * width)
            changed[number] = indent + body
            said.append(fixes.indent(number, number, len(indent)))
        if tabbed:
            column = source.line(tabbed[0]).index("\t") + 1
            message = "There is a tab in the indentation; YAML takes spaces alone."
            yield _Repair(tabbed[0], column, "tab", message, changed, " ".join(said))


def _one(number: int, text: str, new: str, code: str, message: str) -> _Repair:
    column = next((i for i, (a, b) in enumerate(zip(text, new, strict=False)) if a != b), min(len(text), len(new))) + 1
    shared = min(_indent(text), _indent(new))
    how = fixes.write(new[shared:].rstrip(), text[shared:].rstrip(), number)
    return _Repair(number, column, code, message, {number: new}, how)


def _spelling(number: int, text: str) -> Iterator[_Repair]:
    """Tries missing or misplaced colons, dashes and spaces."""
    for code, pattern, new, message in _SLIPS:
        found = pattern.match(text)
        if found and (written := found.expand(new).rstrip()) != text:
            yield _one(number, text, written, code, found.expand(message))
    word = re.match(r"^(\s*(?:- +)*)([a-z_]+):?$", text)
    if word:
        for key in (word[2], *[k for k in _KEYS if k.startswith(word[2])], *get_close_matches(word[2], _KEYS, 3, 0.6)):
            message = f"`{word[2]}` is half of a key, without its colon."
            yield _one(number, text, f"{word[1]}{key}:", "colon", message)
    spaced = re.sub(rf"([^\s,{{\[])\s+({_KEY}):", r"\1, \2:", text)
    if spaced != text and "{" in text:
        yield _one(number, text, spaced, "bracket", "A comma is missing between two keys.")


def _quoting(number: int, text: str) -> Iterator[_Repair]:
    """Tries quotes around values, and the ends of unclosed quotes."""
    for quote in ('"', "'"):
        if text.count(quote) % 2:
            message = f"The quote {quote} in this line is not closed."
            yield _one(number, text, text.rstrip() + quote, "quote", message)
            closed = re.sub(rf"^([^{quote}]*{quote}[^{quote}]*?)([\]}},]+\s*)$", rf"\1{quote}\2", text)
            if closed != text:
                yield _one(number, text, closed, "quote", message)
            found = re.match(rf"^(\s*(?:- +)*[\w-]+:\s+|\s*(?:- +)+)([^{quote}]+{quote})$", text)
            if found:
                yield _one(number, text, f"{found[1]}{quote}{found[2]}", "quote", message)
    message = "This text holds a sign that means something in YAML, so it needs quotes."
    for flow in re.finditer(rf"({_KEY}): ([^,{{}}\[\]\"']+?)(?=\s*(?:,\s*(?:{_KEY}):|\}}))", text):
        if re.search(r"[?:#&*!|>%@`]", flow[2]):
            new = f'{text[: flow.start(2)]}"{flow[2]}"{text[flow.end(2) :]}'
            yield _one(number, text, new, "quote", message)
    for pattern in (_ENTRY, _ITEM):
        found = pattern.match(text)
        if not found:
            continue
        value = found[found.re.groups].strip()
        if value.startswith('"') and value.endswith('"') and len(value) > 1 and "\\" in value:
            new = text.replace(value, "'" + value[1:-1].replace("'", "''") + "'")
            yield _one(number, text, new, "quote", "Between double quotes a backslash has a meaning of its own.")
        bare = value
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            bare = value[1:-1]
        safe = '"' + bare.replace("\\", "\\\\").replace('"', '\\"') + '"'
        prefix = text[: text.rindex(value)]
        yield _one(number, text, prefix + safe, "quote", message)


def _brackets(number: int, text: str) -> Iterator[_Repair]:
    for opening, closing in ("[]", "{}"):
        if text.count(opening) > text.count(closing):
            message = f"The bracket {opening} in this line is not closed."
            yield _one(number, text, text.rstrip().rstrip(",") + closing, "bracket", message)
            inner = re.sub(rf"([^\]}}{closing}]*)([\]}}])$", rf"\1{closing}\2", text.rstrip())
            if inner != text:
                yield _one(number, text, inner, "bracket", message)
        elif text.count(closing) > text.count(opening):
            at = text.rindex(closing)
            message = f"The bracket {closing} closes nothing."
            yield _one(number, text, text[:at] + text[at + 1 :], "bracket", message)
    swapped = text.rstrip()
    for opening, wrong, closing in (("[", "}", "]"), ("{", "]", "}"), ("[", ")", "]"), ("{", ")", "}")):
        if opening in swapped and swapped.endswith(wrong):
            message = f"The bracket {opening} is closed by {wrong}."
            yield _one(number, text, swapped[:-1] + closing, "bracket", message)


def _indentation(source: Source, number: int) -> Iterator[_Repair]:
    """Tries the line, with the deeper lines below it, at each column that its neighbours use."""
    own = _indent(source.line(number))
    last = number
    while last < len(source.lines) and (_indent(source.line(last + 1)) > own or not source.line(last + 1).strip()):
        last += 1
    while not source.line(last).strip():
        last -= 1
    around = range(max(1, number - 12), min(len(source.lines), number + 6) + 1)
    columns = {_indent(source.line(n)) for n in around if source.line(n).strip() and n != number}
    columns |= {_indent(source.line(n)) + 2 for n in around if source.line(n).lstrip().startswith("- ")}
    columns |= {0, *(max(0, own + by) for by in (-2, -1, 1, 2))}
    for column in sorted(columns - {own}, key=lambda c: (abs(c - own), c)):
        for end in dict.fromkeys((last, number)):
            moved: dict[int, str | None] = {}
            for n in range(number, end + 1):
                text = source.line(n)
                moved[n] = " " * max(0, _indent(text) + column - own) + text.lstrip() if text.strip() else text
            message = "The indentation of this line fits neither the line above it nor its neighbours."
            yield _Repair(number, own + 1, "indentation", message, moved, fixes.indent(number, end, column))


def _headless(source: Source, number: int) -> Iterator[_Repair]:
    """Tries the missing key of a list."""
    text = source.line(number)
    for key in _LISTS:
        for column in dict.fromkeys((max(0, _indent(text) - 2), _indent(text))):
            message = f"A list starts here without its key, such as `{key}:`."
            how = fixes.add(f"{key}:", number - 1, column)
            yield _Repair(number, 1, "missing", message, {number: f"{' ' * column}{key}:\n{text}"}, how)


def _heads(source: Source, line: int) -> list[int]:
    """The first lines of the blocks around a line, innermost first."""
    found, column = [], _indent(source.line(line)) + 1
    for number in range(line - 1, 0, -1):
        text = source.line(number)
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        if text.rstrip().endswith(":") and _indent(text) < column:
            found.append(number + 1)
            column = _indent(text)
        if not column:
            break
    return found[:4]


def _indented(text: str) -> bool:
    return bool(text.strip()) and not text.lstrip().startswith("#")


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _unprintable(error: yaml.reader.ReaderError, source: Source, file: str) -> Problem:
    before = source.text[: error.position]
    line, column = before.count("\n") + 1, error.position - (before.rfind("\n") + 1) + 1
    code = ord(source.text[error.position])
    message = f"There is a control character (U+{code:04X}) that no text has."
    how = f"Remove the character in column {column} of line {line}."
    return Problem(file, line, column, "", "character", "error", message, how)
