"""Two slips in one file: each is named at its line, and neither hides the other."""

from itertools import product
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from bot.app.cli import app
from bot.course.loader import check
from tests.effort import tries

LINES = [
    "course:",
    "  id: bees",
    "  title: Keeping bees",
    "  weekly_minutes: 240",
    "weeks:",
    "  - title: The hive",
    "    goal: Name its parts",
    "    minutes: 60",
    "  - title: The swarm",
    "    goal: Catch one",
    "    minutes: 60",
    "milestones:",
    "  - id: plan",
    "    week: 1",
    "    title: A plan of the yard",
    "    minutes: 30",
    "",
]

SLIPS = {
    "an open quote": '{key}: "{value}',
    "an open single quote": "{key}: '{value}",
    "words behind quotes": '{key}: "{value}" and more',
    "a colon": "{key}: So: {value}",
    "an at sign": "{key}: @{value}",
    "a back tick": "{key}: `{value}`",
    "a percent sign": "{key}: %{value}",
    "words behind brackets": "{key}: [new] {value}",
    "an open bracket": "{key}: [{value}",
    "an open brace": "{key}: {{{value}",
    "a star": "{key}: *{value}",
    "no space": "{key}:{value}",
    "an equals sign": "{key} = {value}",
    "a wide colon": "{key}：{value}",
    "a wide colon and a space": "{key}： {value}",
    "a tab": "\t{key}: {value}",
    "a space too many": " {key}: {value}",
    "no colon": "{key} {value}",
}
PLACES = (7, 15)
PAIRS = list(product(SLIPS, SLIPS))


def slipped(line: str, slip: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    key, _, value = line.strip().partition(": ")
    made = SLIPS[slip].format(key=key, value=value)
    return made if made.startswith("\t") else indent + made


def with_slips(first: str, second: str) -> str:
    lines = list(LINES)
    for at, slip in zip(PLACES, (first, second), strict=True):
        lines[at - 1] = slipped(lines[at - 1], slip)
    return "\n".join(lines)


MANY = "\n".join(LINES).replace("60", "060") + "".join(
    f"  - {{id: m{i}, week: 1, title: Look {i}, grace: 5, late: never}}\n" for i in range(80)
)


@pytest.mark.parametrize(
    "more", ["", "  - {id: x, week: 9, title: @x}\n", "reviews: [{id: r, title: R, milestone: m1}]\n"]
)
def test_any_number_of_warnings_hides_no_error_and_keeps_no_course_from_loading(more: str, tmp_path: Path) -> None:
    found = check(MANY + more)
    assert sum(p.severity == "warning" for p in found) >= (100 if not more else 1)
    assert any(p.severity == "error" for p in found) == bool(more)
    file = tmp_path / "course.yaml"
    file.write_text(MANY + more, encoding="utf-8")
    assert CliRunner().invoke(app, ["check", str(file)]).exit_code == (3 if more else 0)


@pytest.mark.parametrize(("first", "second"), Random(13).sample(PAIRS, tries(120)))
def test_of_two_slips_neither_hides_the_other(first: str, second: str, tmp_path: Path) -> None:
    text = with_slips(first, second)
    found = [p for p in check(text) if p.severity == "error"]
    named = {p.line for p in found}
    # All tabs of a file are one mistake, with one fix.
    assert set(PLACES) <= named or {first, second} == {"a tab"}, text
    file = tmp_path / "course.yaml"
    file.write_text(text, encoding="utf-8")
    told = CliRunner().invoke(app, ["check", str(file)])
    assert told.exit_code == 3
    assert " 0 errors" not in told.output
