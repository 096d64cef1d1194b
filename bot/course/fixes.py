"""The sentences that say how to fix a file. Their forms are few and stable, so that a program can apply them."""

from collections.abc import Sequence


def write(new: str, old: str, line: int) -> str:
    """Put `new` where `old` stands in that line."""
    return f"Write `{new}` instead of `{old}` in line {line}."


def write_lines(new: str, first: int, last: int) -> str:
    """Put the one line `new`, keeping the indentation, where lines `first` to `last` stand."""
    return f"Write `{new}` instead of {_lines(first, last)}."


def rename(old: str, new: str, line: int) -> str:
    return f"Rename `{old}` to `{new}` in line {line}."


def add(new: str, line: int, indent: int) -> str:
    """Put a new line below that line (above line 1 where it is 0)."""
    spaces = "" if indent == 0 else f", indented by {indent} spaces"
    return f"Add `{new}` above line 1{spaces}." if line == 0 else f"Add `{new}` below line {line}{spaces}."


def remove(old: str, line: int) -> str:
    return f"Remove `{old}` from line {line}."


def indent(first: int, last: int, spaces: int) -> str:
    """Shift the lines so that the first one starts after that many spaces."""
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    return f"Indent {lines} to {spaces} spaces."


def move(first: int, last: int, below: int, spaces: int) -> str:
    """Put the lines below another one, shifted so that the first one starts after that many spaces."""
    return f"Move {_lines(first, last)} below line {below}, indented to {spaces} spaces."


def itemize(first: int, last: int) -> str:
    """Make the lines one item of a list."""
    tail = f" and two more spaces before {_lines(first + 1, last)}" if last > first else ""
    return f"Put `- ` before the text of line {first}{tail}."


def _lines(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first} to {last}"


def decide(what: str, line: int) -> str:
    """Only the author knows what is meant: no edit is offered that could change it."""
    return f"Decide in line {line}: {what}."


def comment(first: int, last: int) -> str:
    """Keep the lines as a note, without a meaning for the program."""
    return f"Put `#` before {_lines(first, last)}."


def one_of(values: Sequence[str]) -> str:
    """What an author decides, where a value may mean several: one of them, or something else if there is one only."""
    *some, last = [f"`{value}`" for value in dict.fromkeys(values)]
    return f"write {', '.join(some)} or {last}" if some else f"write {last}, if that is meant"
