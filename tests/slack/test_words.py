"""People's words on Slack: what is copied from there is what was typed, and means nothing that was not meant."""

from typing import Any

import pytest
from hypothesis import given, settings

from adapters.slack.render import draw
from adapters.slack.text import Reader, written
from bot.core.message import Bold, Italic, Message, bullets, fields, heading, message, note, paragraph, quote
from tests import words
from tests.effort import tries
from tests.hostile.cost import growth
from tests.slack.humans import block_text, calls_of, markup_calls, shown
from tests.slack.validator import block_faults

Json = dict[str, Any]


def read(said: Message) -> str:
    parts = draw(said, Reader()).parts
    for part in parts:
        assert list(block_faults(part.blocks, 50)) == []
        assert calls_of(part.blocks) == markup_calls(part.text) == []
    return "\n".join(line for part in parts for block in part.blocks for line in block_text(block))


def links(node: Any) -> list[tuple[str, str]]:
    if isinstance(node, list):
        return [link for part in node for link in links(part)]
    if not isinstance(node, dict):
        return []
    own = [(node["url"], node["text"])] if node.get("type") == "link" else []
    return own + [link for part in node.values() for link in links(part)]


@settings(max_examples=tries(400))
@given(words.typed)
def test_what_is_copied_is_what_was_typed(typed: str) -> None:
    expected = words.copied(typed)
    if not expected.strip():
        return
    assert read(message(quote(typed))).strip() == expected.strip()
    for url, label in links([part.blocks for part in draw(message(quote(typed)), Reader()).parts]):
        assert url == label
        assert url in words.unseen(typed)
        assert url.lower().startswith(("https://", "http://"))


@settings(max_examples=tries(25))
@given(words.long)
def test_a_long_text_goes_on_in_parts_and_loses_nothing(typed: str) -> None:
    assert words.squeezed(read(message(*[quote(typed)] * 3))) == words.squeezed(words.copied(typed)) * 3


@settings(max_examples=tries(200))
@given(words.token)
def test_a_title_in_a_line_of_ours_is_copied_as_typed(typed: str) -> None:
    if not (title := words.copied("x" + typed.replace("`", "'") + "x").strip()):
        return
    assert read(message(paragraph("See ", Bold(title), " now"))) == f"See {title} now"
    assert read(message(bullets((Italic(title), " now"), "more"))) == f"• {title} now\n• more"
    assert read(message(fields(("Title", title)))) == f"Title: {title}"
    assert read(message(note("See ", Italic(title), " now"))) == f"See {title} now"
    assert read(message(heading(title))) == title


def test_an_install_line_can_be_copied() -> None:
    typed = "Run `pip install my_pkg` then\n```bash\n  export A_B=*\n\n  make\n```\nand see https://x.org/a_b_(c)."
    [part] = draw(message(quote(typed)), Reader()).parts
    [block] = part.blocks
    first, code, last = block["elements"]
    assert [(e["text"], e.get("style")) for e in first["elements"]] == [
        ("Run ", None),
        ("pip install my_pkg", {"code": True}),
        (" then", None),
    ]
    assert (code["type"], code["border"]) == ("rich_text_preformatted", 1)
    assert code["elements"] == [{"type": "text", "text": "  export A_B=*\n\n  make"}]
    assert last["elements"][1] == {"type": "link", "url": "https://x.org/a_b_(c)", "text": "https://x.org/a_b_(c)"}
    assert "\u200b" not in str(part)


def test_code_that_fits_into_a_part_is_not_cut() -> None:
    code = "\n".join(f"line {n:04}" for n in range(280))
    said = message(*(quote(f"before\n```\n{code}\n```\nafter") for _ in range(6)))
    parts = draw(said, Reader()).parts
    assert len(parts) > 1
    whole = [s for p in parts for b in p.blocks for s in b["elements"] if s["type"] == "rich_text_preformatted"]
    assert [s["elements"][0]["text"] for s in whole] == [code] * 6


@pytest.mark.parametrize("sign", ["<", "`", "*", "[", "&", "```", "`a", "<@", "\n", " ", "http://a("])
def test_hostile_text_costs_no_more_than_its_length(sign: str) -> None:
    def show(length: int) -> None:
        draw(message(quote((sign * length)[:length] + "x"), note((sign * length)[:length] + "x")), Reader())

    assert growth(show, 2500) == ""


def test_the_text_beside_the_blocks_calls_nobody() -> None:
    [part] = draw(message(quote("<!channel> <@U1> & *x* my_pkg"), note("<!here>")), Reader()).parts
    assert part.text == "&lt;!channel&gt; &lt;@U1&gt; &amp; *x* my_pkg\n&lt;!here&gt;"
    assert shown("&lt;@U1&gt;") == "<@U1>"


def sent(*elements: Json, text: str = "") -> Json:
    return {"text": text, "blocks": [{"type": "rich_text", "elements": list(elements)}]}


def test_what_slacks_editor_makes_is_read_as_it_was_typed() -> None:
    def words_of(text: str, **style: bool) -> Json:
        return {"type": "text", "text": text, **({"style": style} if style else {})}

    section = {
        "type": "rich_text_section",
        "elements": [
            {"type": "user", "user_id": "U1"},
            words_of(" why does "),
            words_of("my_pkg[1:x:2]", code=True),
            words_of(" fail "),
            words_of("always", bold=True),
            {"type": "emoji", "name": "tada", "unicode": "1f389"},
            words_of(" see "),
            {"type": "link", "url": "https://x.org/a_b"},
            words_of(" "),
            {"type": "link", "url": "https://x.org", "text": "here"},
            words_of(" in "),
            {"type": "channel", "channel_id": "C1"},
            {"type": "broadcast", "range": "here"},
        ],
    }
    code = {"type": "rich_text_preformatted", "elements": [words_of("ls\n  if x < 1:\n    :+1:")]}
    steps = [{"type": "rich_text_section", "elements": [words_of(t)]} for t in ("one", "two")]
    listed = {"type": "rich_text_list", "style": "ordered", "indent": 0, "elements": steps}
    quoted = {"type": "rich_text_quote", "elements": [words_of("said\nbefore")]}
    message = sent(section, code, listed, quoted, text="… <#C1|questions> …")
    assert written(message, lambda user: "Mia" if user == "U1" else user) == (
        "@Mia why does `my_pkg[1:x:2]` fail *always*🎉 see https://x.org/a_b here (https://x.org) in #questions@here\n"
        "```\nls\n  if x < 1:\n    :+1:\n```\n1. one\n2. two\n> said\n> before"
    )


def test_text_without_blocks_keeps_its_code() -> None:
    text = "So :tada:\n```ls :tada:\n  a &lt; b```\nand `x[:tada:]`"
    assert written({"text": text}, lambda user: user) == "So 🎉\n```\nls :tada:\n  a < b\n```\nand `x[:tada:]`"
