"""Loads a course file: returns the course, or reports all its problems at once."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache

import yaml

from bot.core.incoming import TURNING
from bot.core.timetable import Timetable
from bot.course import fixes
from bot.course.audit import audit
from bot.course.build import build
from bot.course.checks import cross_check
from bot.course.encoding import decode
from bot.course.margin import put_back, slips
from bot.course.model import Course
from bot.course.problems import CourseInvalid, Problem
from bot.course.reader import Read, Reader, TooMuch
from bot.course.report import TooMany
from bot.course.source import LONGEST_LINE, MAX_BYTES, MAX_PROBLEMS, SOFT, Node, Source, is_odd, line_of, mend
from bot.course.syntax import Recovered, markdown, recover


def load(text: str | bytes, file: str = "course.yaml") -> Course:
    """The course in a file. Raises CourseInvalid with all problems, warnings included."""
    course, problems = _examine(text, file)
    if course is None:
        raise CourseInvalid(problems)
    return course


@lru_cache(maxsize=64)
def course_of(text: str) -> Course:
    """The course in a checked text, as a cohort stores it. Raises CourseInvalid if the text was not checked.

    What only newer checks refuse is read all the same, so that a running cohort goes on.
    """
    course, problems = _examine(text, "course.yaml", stored=True)
    if course is None:
        raise CourseInvalid(problems)
    return course


def check(
    text: str | bytes, file: str = "course.yaml", zones: Sequence[str] = (), table: Timetable | None = None
) -> list[Problem]:
    """All problems of a file, by line: its errors and warnings, and if it has no error, the audit's findings.

    `zones` holds one time zone for each learner, and `table` the cohort's weeks, for the findings about waking hours.
    """
    course, problems = _examine(text, file)
    if course is not None:
        problems += audit(course, zones, table, file)
    return sorted(problems, key=lambda p: (p.line, p.column))


def sessions(text: str) -> tuple[Course, Sequence[int]] | None:
    """A course of the live sessions that are sound in a file with errors elsewhere, with the place of each in its list.
    None where what holds for all of them is not known."""
    source = Source.of(text)
    reader = Reader(source, "")
    try:
        read = reader.read_file(source.compose())
        cross_check(reader, read)
    except (yaml.YAMLError, TooMany, TooMuch, RecursionError):
        return None
    wrong = [p.path for p in reader.problems if p.severity == "error"]
    if not read.get("weeks") or any(re.match(r"(course|live_rules)?(?![\w\[])", path) for path in wrong):
        return None
    listed = enumerate(read.get("live", ()))
    sound = {n: one for n, one in listed if not any(re.match(rf"live(\[{n}\])?(?![\w\[])", path) for path in wrong)}
    alone: Read = {**_about_all(read), "weeks": [{"title": ""} for _ in read["weeks"]], "live": list(sound.values())}
    spots = {path: (e.start.line + 1, e.start.column + 1) for path, e in reader.entries.items()}
    return build(alone, spots), list(sound)


def _about_all(read: Read) -> Read:
    return {name: read[name] for name in ("course", "live_rules") if name in read}


def _examine(text: str | bytes, file: str, stored: bool = False) -> tuple[Course | None, list[Problem]]:
    size = len(text) if isinstance(text, bytes) else len(text.encode(errors="replace"))
    if size > MAX_BYTES:
        return None, [_whole(file, "too-big", f"The file has {size:,} bytes; a course needs less than {MAX_BYTES:,}.")]
    decoded, refused = decode(text, file) if isinstance(text, bytes) else (text, [])
    if decoded is None:
        return None, refused
    if not stored and (soft := SOFT.search(decoded)):
        refused.append(_soft(soft, file))
        decoded = SOFT.sub("\n", decoded)
    source = Source.of(decoded)
    damaged = list(_damaged(source, file))
    refused += [problem for problem, _, _ in damaged]
    mended = {problem.line: line for problem, line, _ in damaged}
    if mended:
        source = Source("\n".join(mended.get(n, line) for n, line in enumerate(source.lines, 1)))
    slipped = [] if stored else slips(source)
    if slipped:
        refused += [slip.problem(file) for slip in slipped]
        source = Source("\n".join(put_back(source.lines, slipped)))
    course, problems = _read(source, file, stored)
    if not refused:
        return course, problems
    # What else is wrong is said at once, at the columns of the file as it is.
    taken = {problem.line: columns for problem, _, columns in damaged}
    too_long = {problem.line for problem in refused if problem.code == "too-long"}
    moved = {n: slip.column for slip in slipped for n in range(slip.first, slip.last + 1)}
    rest = [_moved(p, taken.get(p.line, ())) for p in problems if p.line not in too_long]
    rest = [replace(p, column=max(1, p.column - moved.get(p.line, 0))) for p in rest]
    return None, _most([*refused, *rest])


def _read(source: Source, file: str, stored: bool) -> tuple[Course | None, list[Problem]]:
    try:
        root = source.compose()
    except RecursionError:
        return None, [_whole(file, "too-deep", "The file nests deeper than any course does.")]
    except yaml.YAMLError:
        if line := markdown(source):
            said = "This is a list in Markdown, with its keys in bold; a course file is YAML, where a key is `course:`."
            return None, [replace(_whole(file, "syntax", said), line=line)]
        return None, _beside(recover(source, file), file)
    reader = Reader(source, file, stored=stored)
    read: Read = {}
    try:
        _refuse_odd(reader, root)
        read = reader.read_file(root)
        cross_check(reader, read)
    except TooMany:
        pass
    except (TooMuch, RecursionError):
        return None, [_whole(file, "too-deep", "The file nests deeper, or repeats its aliases more, than any course.")]
    if any(p.severity == "error" for p in reader.problems):
        return None, _most(reader.problems)
    spots = {path: (e.start.line + 1, e.start.column + 1) for path, e in reader.entries.items()}
    return build(read, spots), list(reader.problems)


def _beside(recovered: Recovered, file: str) -> list[Problem]:
    """The mistakes of YAML, and what can be said about the rest of the file already."""
    reader = Reader(recovered.source, file)
    with suppress(TooMany, TooMuch, RecursionError, yaml.YAMLError):
        root = recovered.source.compose()
        _refuse_odd(reader, root)
        cross_check(reader, reader.read_file(root))
    rest = [recovered.in_the_file(p) for p in reader.problems if not reader.is_consequence(p, recovered.lost)]
    named = {(p.line, p.code) for p in recovered.problems}
    found = [*recovered.problems, *(p for p in rest if (p.line, p.code) not in named)]
    if not any(p.severity == "error" for p in found):
        found.append(_whole(file, "syntax", "This is not valid YAML, and no line of it can be blamed."))
    return _most(found)


def _most(found: Sequence[Problem]) -> list[Problem]:
    """As many as are named, by line. No warning takes the place of an error."""
    kept = sorted(found, key=lambda p: (p.severity != "error", p.line, p.column))[:MAX_PROBLEMS]
    return sorted(kept, key=lambda p: (p.line, p.column))


def _refuse_odd(reader: Reader, root: Node | None) -> None:
    """Reports characters written by escapes that are refused in the text itself. Those of a stored file were read when
    it was checked, and are only replaced."""
    for node, odd in mend(root):
        if not reader.stored:
            message = f"An escape writes {_named(odd)}."
            line, column = line_of(node), node.start_mark.column + 1
            fix = f"Remove it from the value that begins in column {column} of line {line}."
            reader.say(line, column, "", "character", message, fix)


def _named(character: str) -> str:
    number = f"(U+{ord(character):04X})"
    if character in TURNING:
        return f"an invisible character {number} that turns the text around"
    return f"a control character {number} that no text has"


_BULLET = re.compile(r"[–—•]( +[A-Za-z_][\w-]*:(?: .*)?)$")
"""An item at the margin with the dash of a word processor, which YAML takes for a part of its first key."""


def _damaged(source: Source, file: str) -> Iterator[tuple[Problem, str, Sequence[int]]]:
    """Lines that are too long, or hold characters that no text has or that change its direction, or another dash than
    YAML's: a reader would see another text than the parser. With each, the line to read instead, and the columns of
    what it lacks."""
    for number, text in enumerate(source.lines, 1):
        if len(text) > LONGEST_LINE:
            message = f"This line has {len(text):,} characters; {LONGEST_LINE:,} fit."
            how = "Write the text behind `>-`, on several lines."
            short = "".join(" " if is_odd(c) else c for c in text[: LONGEST_LINE // 2] + text[-LONGEST_LINE // 4 :])
            yield Problem(file, number, 1, "", "too-long", "error", message, how), short, ()
        elif odd := [] if text.isprintable() else [i for i, c in enumerate(text, 1) if is_odd(c)]:
            more = f", and {len(odd) - 1} more such" if len(odd) > 1 else ""
            message = f"There is {_named(text[odd[0] - 1])}{more}."
            # From the right, so that each column is right when its turn comes.
            how = " ".join(f"Remove the character in column {i} of line {number}." for i in reversed(odd))
            clean = "".join(c for c in text if not is_odd(c))
            yield Problem(file, number, odd[0], "", "character", "error", message, how), clean, odd
        elif found := _BULLET.match(text):
            message, item = "An item of a list starts with a plain dash.", f"-{found[1]}"
            yield Problem(file, number, 1, "", "dash", "error", message, fixes.write(item, text, number)), item, ()


def _soft(found: re.Match[str], file: str) -> Problem:
    line = Source.of(found.string[: found.start()]).text.count("\n") + 1
    message = f"Lines end with U+{ord(found[0]):04X} here, the soft line break of a word processor."
    how = "Save the file as plain text, with the line ends of an ordinary editor."
    return Problem(file, line, 1, "", "character", "error", message, how)


def _moved(problem: Problem, columns: Sequence[int]) -> Problem:
    """A problem at its column in the line that still has the characters in these columns."""
    column = problem.column
    for each in columns:
        column += each <= column
    return replace(problem, column=column)


def _whole(file: str, code: str, message: str) -> Problem:
    fix = "Start from the file that `pacekeeper new` writes, and copy your texts into it."
    return Problem(file, 1, 1, "", code, "error", message, fix)
