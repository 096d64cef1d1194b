"""Every regular expression takes a time that grows no faster than what it reads. A new one is found by itself."""

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from bot.core import wishes
from bot.course.source import LONGEST_LINE
from tests.hostile.cost import grows_too_fast, seconds
from tests.hostile.patterns import Found, collect, everything, inputs, modules, unreadable, written

SIZE = 1500

BOUNDED = {
    "bot.course.": LONGEST_LINE,
    "bot.core.wishes.": wishes.LONGEST,
    "bot.features.absence.wishes.": wishes.LONGEST,
    "bot.features.milestones.wishes.": wishes.LONGEST,
}
"""Where the border bounds what is read: a line of a course file, a value that is no text, and a message in which a wish
is looked for."""

BOUNDED_SECONDS = 0.3
FOUR_TIMES = 24
"""How much dearer four times the input may become where the work is quadratic, as it may be within these bounds."""


def use(found: Found) -> Callable[[str], object]:
    if found.anchored:
        return lambda text: (found.pattern.match(text), found.pattern.fullmatch(text))
    return found.pattern.findall


def too_dear(work: Callable[[str], object], short: str, long: str) -> str:
    """Why a text as long as any that may come costs too much; '' where it does not."""
    if seconds(lambda: work(short)) * FOUR_TIMES < BOUNDED_SECONDS:
        return ""
    cost = seconds(lambda: work(long))
    return f"{cost:.2f} s" if cost > BOUNDED_SECONDS else ""


def fault(found: Found) -> str:
    """The first input that costs too much, and how much; '' where none does."""
    work = use(found)
    longest = next((most for package, most in BOUNDED.items() if found.where.startswith(package)), None)
    size = longest // 4 if longest else SIZE
    pairs = zip(inputs(found.pattern, size), inputs(found.pattern, 4 * size), strict=True)
    if longest:
        dear = ((name, too_dear(work, short, long)) for (name, short), (_, long) in pairs)
        return next((f"{name}: {why}" for name, why in dear if why), "")
    grown = ((name, grows_too_fast(work, short, long)) for (name, short), (_, long) in pairs)
    return next((f"{found.pattern.pattern!r} on {name}: {why}" for name, why in grown if why), "")


@pytest.mark.parametrize("found", everything(), ids=lambda found: found.where)
def test_its_time_grows_with_the_text_and_no_faster(found: Found) -> None:
    assert fault(found) == ""


@pytest.mark.parametrize(
    ("pattern", "anchored"),
    [
        (r"<[^>\n]*>", False),
        (r"<!--.*?-->", False),
        (r"\s+$", False),
        (r"(a+)+$", True),
        (r"\s*(?:,|and)\s*", False),
        (r"(?:\w+\s?)*:", True),
    ],
)
def test_what_grows_too_fast_is_noticed(pattern: str, anchored: bool) -> None:
    assert fault(Found("here", re.compile(pattern, re.DOTALL), anchored))


def test_patterns_are_found_wherever_they_stand() -> None:
    where = " ".join(found.where for found in everything())
    for module in (
        "questions.rules",
        "course.value_types.moments",
        "course.value_types.numbers",
        "course.value_types.spans",
        "course.value_types.texts",
        "slack.text",
        "discord.events",
        "core.commands",
        "course.syntax",
    ):
        assert module in where


def test_every_use_of_re_can_be_read() -> None:
    found = [
        each
        for name, module in modules().items()
        for each in unreadable(name, Path(str(module.__file__)).read_text(encoding="utf-8"), vars(module))
    ]
    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "_make = re.compile",
        "find = partial(re.search, r'e*f')",
        "from re import search",
        "import re as r",
        "def f(text, p):\n    return re.search(p, text)",
        "def f(text):\n    p = r'e*f'\n    return re.search(pattern=p, string=text)",
        "def f(self, text):\n    return re.search(self.pattern, text)",
        "re.search(*arguments)",
    ],
)
def test_what_cannot_be_read_is_refused(planted: str) -> None:
    assert list(unreadable("planted", planted, {"re": re}))


def test_a_pattern_that_is_named_is_read() -> None:
    planted = "re.search(pattern=r'e*f', string=text)"
    assert not list(unreadable("planted", planted, {"re": re}))
    assert [p.pattern for _, p, _ in written("planted", planted, {"re": re})] == ["e*f"]


def test_a_pattern_is_measured_in_the_way_that_costs_most() -> None:
    source = "_A = re.compile(r'\\s+z$')\ndef f(t):\n    _A.match(t)\n    return re.sub(r'\\s+z$', '', t)"
    planted = ModuleType("planted")
    exec(compile("import re\n" + source, "planted", "exec"), vars(planted))
    found = collect({"planted": planted}, {"planted": source})
    assert any(fault(each) for each in found)
