"""Finds the mistake in a file that is not valid YAML, and its fix.

A YAML parser stops where it cannot go on, often lines below the mistake, and reports that in its own terms. So this
module tries out the usual slips: it repairs each on a copy, and reports the one after which the file reads best.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import combinations, islice

import yaml

from bot.course import fixes
from bot.course.grammar import ListOf, MapOf
from bot.course.homes import home_of
from bot.course.keys import COURSE, COURSE_FILE, LISTS, MATERIAL, QUESTION
from bot.course.problems import Problem
from bot.course.reader import Reader, TooMuch
from bot.course.report import TooMany
from bot.course.source import MAX_PROBLEMS, Source, double_quoted, quoted
from bot.course.value_types.texts import Text, plain_word, shown

_ENTRY = re.compile(r"^(\s*(?:- +)*)([\w-]+):[ ]+(\S.*)$")
_ITEM = re.compile(r"^(\s*(?:- +)+)(\S.*)$")
_KEYS = sorted(COURSE_FILE.homes, key=len, reverse=True)
_KEY = "|".join(_KEYS)
_OPEN_QUOTE = re.compile(r"""(?:^|[:\[{,-])\s+(?:"[^"]*|'[^']*)$""")
_JOINED = re.compile(rf"^(\s*(?:- +)*)({_KEY}):([^\s:/].*)$")
_FLOW = re.compile(
    rf"(?<=[{{,])(\s*(?:{_KEY}):[ ]+)(?![\s\"'\[{{]])([^{{}}\[\]\n]{{1,400}}?)"
    rf"(?=\s*(?:,\s*(?:{_KEY}):|\}}\s*$|\}}\s*[,\]]))"
)
"""A value between { and }, up to the next key of a course file."""
_LISTS = [*LISTS, *(k.name for part in (*LISTS.values(), QUESTION) for k in part.keys if isinstance(k.value, ListOf))]
_TEXTS = {
    k.name for part in (COURSE, *LISTS.values(), QUESTION, MATERIAL) for k in part.keys if isinstance(k.value, Text)
}
_NO_DASH = "A dash is missing: this starts an item of a list."
_SLIPS = [
    (
        "colon",
        re.compile(rf"^(\s*(?:- +)*)({_KEY})(?>\s*[=;：]\s*|\s*:(?=[^\s:/])|\s+:\s*|\s+|$)(?![=;:：])(.*)$"),
        r"\1\2: \3",
        r"`\2` needs a colon and a space after it.",
    ),
    ("dash", re.compile(rf"^(\s*)-((?:{_KEY}):.*)$"), r"\1- \2", "A dash needs a space after it."),
    ("dash", re.compile(rf"^(\s*) -((?:{_KEY}):.*)$"), r"\1- \2", "A dash needs a space after it."),
    ("dash", re.compile(r"^(\s*)(?:[*•–—]|\d{1,3}[.)])\s+(.*)$"), r"\1- \2", "An item of a list starts with a dash."),
    ("dash", re.compile(rf"^(\s*)((?:{_KEY}):.*)$"), r"\1- \2", _NO_DASH),
    ("dash", re.compile(rf"^(\s*)  ((?:{_KEY}):.*)$"), r"\1- \2", _NO_DASH),
    ("dash", re.compile(r"^(\s*)  (\{.*\})$"), r"\1- \2", _NO_DASH),
    ("dash", re.compile(rf"^(\s*)- +((?:{_KEY}):.*)$"), r"\1\2", "There is a dash, and this is no item of a list."),
]
"""Slips within one line: code, pattern, template of the correct line, message."""

_ALONE = 6
"""How many values of a line are tried in quotes alone."""
_LOOK_BACK = 4
"""How many lines above the parser's are searched. Mistakes further up show elsewhere."""

_TRIAL_CHARACTERS = 1_000_000
"""Most characters that all trials parse, so that a large file also takes seconds at most."""

_MOST = 40
"""Most mistakes of one file that are named."""

_SLIPS_TRIED = 8
"""In how many lines pairs of slips are tried."""

_CONFIRMED = 40
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


@dataclass
class Recovered:
    """What can be read of a file that is not valid YAML: `problems` are its mistakes, `source` is the file without.
    `lost` are the lines of it whose meaning is unknown, `added` those that the file does not have."""

    problems: list[Problem]
    source: Source
    lost: set[int] = field(default_factory=set)
    added: list[int] = field(default_factory=list)

    def in_the_file(self, problem: Problem) -> Problem:
        """A problem of the source with the numbers that its lines have in the file."""
        if not self.added:
            return problem
        parts = problem.fix.split("`")
        parts[::2] = [
            re.sub(r"(?<=line )\d+|(?<=lines )\d+|(?<= to )\d+\b(?! spaces)", self._renumbered, p) for p in parts[::2]
        ]
        return replace(problem, line=self._number(problem.line), fix="`".join(parts))

    def _renumbered(self, found: re.Match[str]) -> str:
        return str(self._number(int(found[0])))

    def _number(self, line: int) -> int:
        for added in reversed(self.added):
            line -= line > added
        return line

    def apply(self, repair: "_Repair", file: str) -> None:
        """Names the mistake, and goes on without it."""
        problem = Problem(file, repair.line, repair.column, "", repair.code, "error", repair.message, repair.how)
        self.problems.append(self.in_the_file(problem))
        self.lost |= {n for n, text in repair.lines.items() if text is None or repair.code == "alias"}
        self.source = _applied(self.source, repair)
        if any("\n" in (text or "") for text in repair.lines.values()):
            self.lost = {n + (n >= repair.line) for n in self.lost}
            self.added.append(repair.line)


_BOLD = re.compile(r"\s*(?:(?:[-*+#]|\d{1,3}[.)])\s+)*\*\*([^*:]{1,60}):?\*\*")


def markdown(source: Source) -> int:
    """The first line of a Markdown list whose keys stand in bold; 0 in another file."""
    bold = ((n, _BOLD.match(text)) for n, text in enumerate(source.lines, 1))
    keys = [n for n, found in bold if found and plain_word(found[1]).strip().replace(" ", "_") in COURSE_FILE.homes]
    return keys[0] if len(keys) > 1 else 0


def recover(source: Source, file: str) -> Recovered:
    """Names one mistake after the other, as if each was fixed before the next one is looked for."""
    found = Recovered([], source)
    reached = -1
    for _ in range(_MOST):
        try:
            found.source.compose()
            return found
        except yaml.YAMLError as error:
            line = _line_of(error, found.source)
            repair = _explain(error, line, found.source) if line > reached else _drop(line, found.source)
        if None in repair.lines.values():
            line = repair.line
            reached = max(reached, line)
            if found.problems and (line in found.lost or not found.source.line(line).strip()):
                break
        found.apply(repair, file)
    found.lost = set(range(1, len(found.source.lines) + 2))
    return found


def _line_of(error: yaml.YAMLError, source: Source) -> int:
    return min(_reached(error) + 1, len(source.lines))


def _reached(error: yaml.YAMLError) -> int:
    """The line (from 0) up to which the file was read. An unclosed quote is read to the end of the file, and nothing is
    known of what it swallows."""
    unclosed = "end of stream" in (getattr(error, "problem", None) or "")
    marks = [getattr(error, name, None) for name in ("context_mark", "problem_mark")]
    mark = (marks[0] if unclosed else None) or marks[1] or marks[0]
    return int(mark.line) if mark else 0


def _explain(error: yaml.YAMLError, line: int, source: Source) -> "_Repair":
    """The repair after which the file reads best."""
    if source.line(line).strip() in ("---", "..."):
        message = "A course file is one document, and this begins or ends another."
        return _one(line, source.line(line), f"# {source.line(line)}", "syntax", message)
    for number in range(line, max(0, line - 1 - _LOOK_BACK), -1):
        if joined := _JOINED.match(source.line(number)):
            new = f"{joined[1]}{joined[2]}: {joined[3]}"
            return _one(number, source.line(number), new, "colon", f"`{joined[2]}` needs a space after its colon.")
    said = getattr(error, "problem", None) or ""
    entry = _ENTRY.match(source.line(line))
    if "undefined alias" in said and not (entry and entry[2] in _TEXTS):
        return _drop(line, source, said)
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
    for _, found in sorted((t for t in tried if t[0][0] <= -line), key=lambda t: t[0])[:_CONFIRMED]:
        if _outcome(source, found, trial=False)[0] <= -line:
            return found
    return _first_of_two(source, line, near) or _drop(line, source, said)


def _first_of_two(source: Source, line: int, near: Sequence[int]) -> "_Repair | None":
    """The first of two slips that together keep the parser from going on."""
    slips = [slip for n in sorted(near)[:_SLIPS_TRIED] for slip in islice(_spelling(n, source.line(n)), 2)]
    for first, second in combinations(slips, 2):
        both = replace(first, lines={**first.lines, **second.lines})
        if first.line != second.line and _outcome(source, both, trial=False)[0] <= -line:
            return first
    return None


def _drop(line: int, source: Source, said: str = "") -> "_Repair":
    """Reads on without a line of which nothing is known: the one above, where the parser stands on an empty one."""
    line = next((n for n in range(line, 0, -1) if source.line(n).strip()), line)
    word = re.search(r"[*](\w[\w-]*)", source.line(line))
    if "undefined alias" in said and word:
        message = f"`{word[0]}` repeats what is marked `&{word[1]}`, and nothing is."
        how = fixes.decide(f"write the value itself, or mark it with `&{word[1]}` where it stands first", line)
        if near := get_close_matches(word[1], re.findall(r"&([\w-]{1,80})", source.text), 1, 0.75):
            how = fixes.write(f"*{near[0]}", word[0], line)
        # Without the value its key stays, and with it the dash of an item.
        rest = source.line(line).replace(word[0], "", 1)
        return _Repair(line, source.line(line).index(word[0]) + 1, "alias", message, {line: rest}, how)
    message = f"This line cannot be read{f': {said}' if said else ''}."
    how = fixes.decide("compare it with the lines around it, and with the file that `pacekeeper new` writes", line)
    return _Repair(line, 1, "syntax", message, {line: None}, how)


def _applied(source: Source, repair: "_Repair") -> Source:
    lines = [repair.lines.get(n, text) for n, text in enumerate(source.lines, 1)]
    return Source("\n".join("" if text is None else text for text in lines))


def _outcome(source: Source, repair: _Repair, trial: bool) -> tuple[int, int]:
    """Ranks a repair, lower is better: minus the line that the parser reaches, then the number of errors."""
    repaired = _applied(source, repair)
    try:
        return -len(source.lines) - 1, _errors(repaired, trial)
    except RecursionError:
        return 0, 0
    except yaml.YAMLError as error:
        reached = _reached(error)
        added = sum((text or "").count("\n") for text in repair.lines.values())
    if reached - added < repair.line:
        return added - reached, 0
    with suppress(yaml.YAMLError, RecursionError):
        return added - reached, _errors(Source("\n".join(repaired.lines[:reached])), trial)
    return added - reached, MAX_PROBLEMS


def _errors(source: Source, trial: bool) -> int:
    """How many errors a file has that can be parsed."""
    root = source.compose(trial)
    reader = Reader(source, "")
    with suppress(TooMany, TooMuch):
        reader.read_file(root)
    return len(reader.problems)


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
        yield from _notes(number, source.line(number))
    for number in near:
        if source.line(number).strip():
            yield from _indentation(source, number)


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
    if word and (word[2] not in _KEYS or not text.rstrip().endswith(":")):
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
    listed = re.match(rf"^(\s*(?:- +)*(?:{'|'.join(_LISTS)}): +\[)([^\[\]{{}}\"']+)\]?$", text)
    if listed and re.search(r"[?:#&*!|>%@`]", listed[2]):
        items = ", ".join(quoted(item.strip()) for item in listed[2].split(", "))
        yield _one(number, text, f"{listed[1]}{items}]", "quote", message)
    values = [found for found in _FLOW.finditer(text) if _quoted_value(found) != found[0]]
    # One value that needs quotes, and only then all of them.
    for found in values[:_ALONE] if len(values) > 1 else ():
        flow = text[: found.start()] + _quoted_value(found) + text[found.end() :]
        yield replace(_one(number, text, flow, "quote", message), how=_within(number, text, flow))
    if (flow := _FLOW.sub(_quoted_value, text)) != text:
        yield replace(_one(number, text, flow, "quote", message), how=_within(number, text, flow))
    found = _ENTRY.match(text) or _ITEM.match(text)
    two = re.match(rf"^((?: |- )*)([\w-]+: [^,]*?),\s*((?:{_KEY}): .*)$", text)
    if two and found:
        column = len(two[1])
        how = f"{fixes.write(f'{two[2]}', f'{text[column:].rstrip()}', number)} {fixes.add(two[3], number, column)}"
        new = f"{two[1]}{two[2]}\n{' ' * column}{two[3]}"
        yield _Repair(number, column + 1, "syntax", "Two keys stand in one line.", {number: new}, how)
    elif found and not (found[found.re.groups][0] in "[{" and _holds_keys(found)):
        value = found[found.re.groups].strip()
        if value.startswith('"') and value.endswith('"') and len(value) > 1 and "\\" in value:
            new = text.replace(value, "'" + value[1:-1].replace("'", "''") + "'")
            yield _one(number, text, new, "quote", "Between double quotes a backslash has a meaning of its own.")
        bare = shown(value)
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            bare = value[1:-1]
        elif value[0] in "\"'" and value.count(value[0]) % 2:
            # The quote that opens is not closed; those inside belong to the text.
            bare = value[1:]
        safe = '"' + bare.replace("\\", "\\\\").replace('"', '\\"') + '"'
        prefix = text[: text.rindex(value)]
        yield _one(number, text, prefix + safe, "quote", message)


def _within(number: int, text: str, new: str) -> str:
    """The fix of a part of a line in brackets, so that fixes of its other parts can be followed, too."""
    first = next(i for i, (a, b) in enumerate(zip(text, new, strict=False)) if a != b)
    same = next(i for i, (a, b) in enumerate(zip(reversed(text), reversed(new), strict=False)) if a != b)
    start = max(text.rfind(sign, 0, first) for sign in "{,[") + 1
    start += len(text[start:]) - len(text[start:].lstrip())
    old = text[start : len(text) - same]
    part = (new[start : len(new) - same], old) if text.count(old) == 1 else (new.strip(), text.strip())
    return fixes.write(*part, number)


def _holds_keys(found: re.Match[str]) -> bool:
    """Whether a value in brackets is a list or a mapping, and no text that begins with a bracket."""
    is_text = found.re is _ITEM or found[2] in _TEXTS
    return not is_text or re.match(rf"\{{\s*[\"']?(?:{_KEY})\b[\"']?\s*:", found[found.re.groups]) is not None


def _quoted_value(found: re.Match[str]) -> str:
    if re.fullmatch(r"\"[^\"\\]*\"|'[^']*'", found[2].strip()):
        return found[0]
    return found[1] + (double_quoted(found[2]) if re.search(r"[?:#&*!|>%@`,'\"]", found[2]) else found[2])


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
    if re.search(r"[}\]\"'\w]$", text.rstrip()) and not text.lstrip().startswith("#"):
        message = "A comma is missing at the end of this line."
        yield _one(number, text, f"{text.rstrip()},", "bracket", message)
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


_NOTE = re.compile(r"\s*(?:```|~~~|>{7}|/\*|\*/|//|<!--|===|[^\s:\-\[{\"'#&*!|>%@`][^:]{2,400}\s[^:]*$)")


def _notes(number: int, text: str) -> Iterator[_Repair]:
    """Tries a line that is no YAML, such as a sentence or the fence of a Markdown block, as a comment."""
    if _NOTE.match(text):
        message = "This line is no key and no item of a list. A note starts with `#`."
        yield _Repair(number, _indent(text) + 1, "note", message, {number: f"# {text}"}, fixes.comment(number, number))


def _lists_in(declared: MapOf) -> list[str]:
    """The keys of a mapping that take lists, and those of their items."""
    lists = [(k.name, k.value.item) for k in declared.keys if isinstance(k.value, ListOf)]
    inner = [name for _, item in lists if isinstance(item, MapOf) for name in _lists_in(item)]
    return [*(name for name, _ in lists), *inner]


def _headless(source: Source, number: int) -> Iterator[_Repair]:
    """Tries the missing key of a list."""
    text = source.line(number)
    above = (line for n in range(number - 1, 0, -1) if (line := source.line(n)).strip())
    head = next((line for line in above if _indent(line) <= _indent(text)), "")
    if head.rstrip().endswith(":") or (head.lstrip().startswith("- ") and _indent(head) == _indent(text)):
        return
    section = next((line.partition(":")[0] for n in range(number, 0, -1) if (line := source.line(n))[:1].isalpha()), "")
    inside = _lists_in(LISTS[section]) if section in LISTS and _indent(text) else _LISTS
    home = home_of(text.strip().removeprefix("-").partition(":")[0])
    if home and home.section in inside:
        inside = [home.section]
    for key in inside:
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
