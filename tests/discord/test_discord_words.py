"""People's words on Discord: what is copied from there is what was typed, and means nothing that was not meant."""

import re

import pytest
from hypothesis import example, given, settings

from adapters.discord.render import Part, render
from adapters.discord.text import References
from bot.core.message import Bold, Italic, Mention, Message, bullets, fields, heading, message, note, paragraph, quote
from bot.core.people import Account
from tests import words
from tests.discord.limits import CREATE, _message
from tests.discord.markdown import Shown, show
from tests.effort import tries
from tests.hostile.cost import growth

WRITTEN = {"quote", "block", "code", "link"}
"""What a person writes themselves."""


def parts_of(said: Message) -> list[Part]:
    parts = render(said, References(), {})
    assert [w for p in parts for w in _message(CREATE)(p.payload())] == []
    assert all(p.payload()["allowed_mentions"] == {"parse": []} for p in parts)
    return parts


def kept(text: str) -> str:
    """Discord keeps no blanks (of any kind) at the end of a line, and no blank lines around a message."""
    return re.sub(r"[^\S\n]+$", "", text, flags=re.MULTILINE).strip("\n")


@settings(max_examples=tries(400))
@given(words.typed)
@example("# Big\n\xa0")
def test_what_is_copied_is_what_was_typed(typed: str) -> None:
    expected = words.copied(typed)
    if not expected.strip():
        return
    shown = [show(p.content) for p in parts_of(message(quote(typed)))]
    if len(shown) == 1:
        assert kept(shown[0].text) == kept(expected)
    assert words.squeezed("".join(s.text for s in shown)) == words.squeezed(expected)
    for kind, said in (mark for s in shown for mark in s.marks):
        assert kind in WRITTEN, (kind, said)
        assert kind != "link" or said in words.unseen(typed)


@settings(max_examples=tries(25))
@given(words.long)
def test_a_long_text_goes_on_in_parts_and_loses_nothing(typed: str) -> None:
    shown = [show(p.content) for p in parts_of(message(*[quote(typed)] * 3))]
    assert words.squeezed("".join(s.text for s in shown)) == words.squeezed(words.copied(typed)) * 3
    assert {kind for s in shown for kind, _ in s.marks} <= WRITTEN


@settings(max_examples=tries(200))
@given(words.token)
def test_a_title_in_a_line_of_ours_is_copied_as_typed(typed: str) -> None:
    if not (title := words.copied("x" + typed.replace("`", "'") + "x").strip()) or "\n" in title:
        return

    def one(said: Message) -> Shown:
        [part] = parts_of(said)
        return show(part.content)

    assert one(message(paragraph("See ", Bold(title), " now"))).text == f"See {title} now"
    assert one(message(bullets((Italic(title), " now")))).text == f"{title} now"
    assert one(message(fields(("Title", title)))).text == f"Title: {title}"
    assert one(message(note("See ", Italic(title), " now"))).text == f"See {title} now"
    assert one(message(heading(title))).text == title
    marks = one(message(paragraph(title))).marks
    assert marks == []


def test_an_install_line_can_be_copied() -> None:
    typed = (
        "Run `pip install my_pkg` then\n```bash\n  export A_B=*\n\n  make\n```\nand see https://x.org/a_b_(c). @here"
    )
    [part] = parts_of(message(quote(typed)))
    assert part.content == (
        "> Run `pip install my_pkg` then\n> ```bash\n>   export A_B=*\n> \n>   make\n> ```\n"
        "> and see <https://x.org/a_b_(c)>. \\@here"
    )
    marks = show(part.content).marks
    assert [m for m in marks if m[0] != "quote"] == [
        ("code", "pip install my_pkg"),
        ("block", "  export A_B=*\n\n  make"),
        ("link", "https://x.org/a_b_(c)"),
    ]


def test_code_that_fits_into_a_message_is_not_cut() -> None:
    code = "\n".join(f"line {n:04}" for n in range(120))
    shown = [show(p.content) for p in parts_of(message(*(quote(f"before\n```\n{code}\n```\nafter") for _ in range(4))))]
    assert [said for s in shown for kind, said in s.marks if kind == "block"] == [code] * 4


def test_code_longer_than_a_message_closes_its_fence_and_opens_it_again() -> None:
    code = "\n".join(f"  line {n:04} 😀" for n in range(400))
    shown = [show(p.content) for p in parts_of(message(quote(f"```py\n{code}\n```")))]
    assert len(shown) > 2
    assert "\n".join(said for s in shown for kind, said in s.marks if kind == "block") == code


def test_two_people_are_two_quotes() -> None:
    [part] = parts_of(message(quote("One."), quote("Two.")))
    assert [said for kind, said in show(part.content).marks if kind == "quote"] == ["> One.\n", "> Two."]


def test_only_who_is_meant_is_called() -> None:
    """Somebody types the number of a person whom another part of the same message calls."""
    said = message(paragraph("word " * 390), paragraph(Mention(7, "Mia")), quote("w" * 1900 + " <@42>"))
    parts = render(said, References({7: Account("g", "42")}), {})
    assert [p.called for p in parts] == [(), ("42",), ()] or [p.called for p in parts] == [("42",), ()]


@pytest.mark.parametrize("sign", ["<", "`", "*", "[", ":", "```", "`a", "<@", "\n", " ", "\\", "- ", "http://a("])
def test_hostile_text_costs_no_more_than_its_length(sign: str) -> None:
    def draw(length: int) -> None:
        render(message(quote((sign * length)[:length] + "x"), paragraph((sign * length)[:length])), References(), {})

    assert growth(draw, 2500) == ""
