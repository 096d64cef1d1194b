"""What reads people's text takes a time that grows no faster than the text."""

from collections.abc import Callable, Mapping

import pytest

from bot.core import typed
from bot.core.holidays import own_holidays
from bot.core.incoming import clean, one_line
from bot.core.message import message, quote
from bot.core.plain import plain
from bot.features.faq import personal, wording
from bot.features.talk import rules as talk
from bot.features.wrapups import rules as wrapups
from tests.hostile.cost import grows_too_fast

UNITS = (
    "<",
    "`",
    " ",
    "\n",
    "a\n",
    "a",
    "9",
    "```\n",
    "https://a.",
    "https://a(",
    "Mia ",
    "a@",
    "- a\n",
    "`a`",
    "key=",
)
LONG = 20_000


def refused(text: str) -> object:
    try:
        return own_holidays([text, f"2026-05-01 {text}"])
    except ValueError as e:
        return e


READERS: Mapping[str, Callable[[str], object]] = {
    "typed.read": typed.read,
    "typed.joined": lambda text: typed.joined((text, text)),
    "typed.excerpt": lambda text: typed.excerpt(text, 3000),
    "typed.outside_code": lambda text: typed.outside_code(text, str.lower),
    "typed.trim": typed.trim,
    "plain": lambda text: plain(message(quote(text))),
    "clean": lambda text: (clean(f"é{text}"), one_line(text, 100)),
    "without, at the end": lambda text: wrapups.without(text, text[len(text) // 2 :] + "x"),
    "without, between": lambda text: wrapups.without(f"{text}x{text}", f"{text[: len(text) // 2]}\nz"),
    "swapped": lambda text: wrapups.swapped(text, text[: len(text) // 2] + "x", "y"),
    "personal.find": personal.find,
    "personal.leave_out": personal.leave_out,
    "wording.tidy": wording.tidy,
    "talk.sounds_private": talk.sounds_private,
    "holidays": refused,
}


@pytest.mark.parametrize("reader", READERS)
def test_it_is_linear(reader: str) -> None:
    for unit in UNITS:
        text = (unit * LONG)[:LONG]
        assert grows_too_fast(READERS[reader], text[: LONG // 4], text) == "", unit


def test_a_paragraph_is_taken_out_once() -> None:
    assert wrapups.without("  one\ntwo\n\nthree", "two\n\nthree") == "one"
    assert wrapups.without("one\ntwo\none", "one") == "two\none"
    assert wrapups.without("one and two", "one and ") == "two"
    assert wrapups.without("one", "one") == ""
