"""Writes the reference page of the course file from its declaration."""

from bot.course.grammar import Key, ListOf, MapOf, Value, scalar_of
from bot.course.keys import COURSE_FILE, MOST_ITEMS, MOST_WEEKS
from bot.course.source import LONGEST_LINE, MAX_BYTES, MAX_PROBLEMS
from bot.course.value_types.numbers import Whole

_HEAD = """\
# The course file

<!-- Generated from bot/course/keys.py by `python -m bot.course`. -->

A course is one YAML file. `pacekeeper new` writes one to start from. `pacekeeper check FILE` reports all errors at
once, each at its line, with the edit that fixes it. Where an edit could change what you mean, it says what to decide.
A file without errors gets warnings about the course ([their codes](INTERFACE.md)). In an editor that supports JSON
Schema, begin the file with

```yaml
# yaml-language-server: $schema=course.schema.json
```

(the path from your file to `docs/course.schema.json`), and the editor completes and checks while you type.

## How values are written

- **A text** needs quotes if it holds `: ` or ` #`, or starts with a sign such as `@` or `"`. Between `{{` and `}}`, or
  `[` and `]`, it also needs them if it holds a comma, a question mark, a bracket or a brace. `no`, `on` and `16:00`
  stay the texts that they are.
- **A moment** is a weekday, a time and a clock: `Fri 16:00 learner` (each learner's own), `Fri 16:00 cohort` (the
  cohort's zone), `Sun 23:59 aoe` (anywhere on Earth: when the date has ended everywhere). Each key below names its
  default clock. A week starts on Monday; week 1 is the week of the cohort's start date, and what it has earlier comes
  on that date. `week 4 Sun 23:59` names another week than the item's.
- A wall time that a daylight-saving change skips moves forward by the change; one that occurs twice means the first.
- `closes` is the first such weekday and time after `opens`: from `Fri 16:00` to `Mon 12:00` is a weekend. `due` is in
  the same week as `opens`; a file with `due` before `opens` is refused.
- **A wrap-up** opens and closes by each learner's own clock, and is late after that learner's close. **A milestone** is
  due at one instant for everybody, by default at the end of Sunday anywhere on Earth.
- **A length of time** is `30 min`, `2 h`, `3 days` or `1 week`.
- **An id** has small letters, digits, `-` and `_`, at most 40 of them. It is unique in its list and stays when the
  title changes.
- Anchors, aliases and `<<` work. A file has at most {size:,} bytes, and a line {line:,} characters. Reading stops after
  {problems} problems. A course has at most {weeks} weeks and {items} items of each kind; any other list has at most 100
  entries. Control characters and those that change the text direction are refused, also where an escape such as `"\\0"`
  writes them.
"""


def reference_text() -> str:
    """The page as docs/course-file.md holds it."""
    bounds = {"size": MAX_BYTES, "line": LONGEST_LINE, "problems": MAX_PROBLEMS}
    parts = [_HEAD.format(**bounds, weeks=MOST_WEEKS, items=MOST_ITEMS)]
    seen: set[str] = set()
    _section(COURSE_FILE, "", parts, seen)
    return "\n".join(parts)


def _section(declared: MapOf, path: str, parts: list[str], seen: set[str]) -> None:
    if path in seen:
        return
    seen.add(path)
    title = f"{declared.name}: `{path}`" if path else declared.name
    rows = ["| Key | Value | Without it | What it is |", "| --- | --- | --- | --- |"]
    rows += [_row(k) for k in declared.keys]
    parts.append(f"## {title}\n\n{declared.doc}\n\n" + "\n".join(rows) + "\n")
    for key in declared.keys:
        inner = key.value.item if isinstance(key.value, ListOf) else key.value
        if isinstance(inner, MapOf):
            many = "[]" if isinstance(key.value, ListOf) else ""
            _section(inner, f"{path}.{key.name}{many}" if path else f"{key.name}{many}", parts, seen)


def _row(key: Key) -> str:
    without = "**required**" if key.required else f"`{key.default}`" if key.default else ""
    return f"| `{key.name}` | {_says(key.value)} | {without} | {key.doc} |".replace("  ", " ")


def _says(value: Value) -> str:
    if isinstance(value, MapOf):
        return f"{value.short.says}; or keys, below" if value.short else "keys, below"
    if isinstance(value, ListOf):
        item = scalar_of(value)
        if item is None or isinstance(value.item, MapOf):
            return "a list, below"
        one = f"{item.says}, or a list of them" if value.lone else f"a list: {item.says}"
        least = f", at least {value.least}" if value.least > 1 else ""
        most = f", at most {value.most}" if value.most < ListOf.most else ""
        return f"{one}{least}{most}"
    if isinstance(value, Whole):
        return f"{value.says}, {value.least:,} to {value.most:,}"
    return value.says
