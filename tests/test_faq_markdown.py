"""The FAQ as Markdown, read by a CommonMark reader that shares no code with the writer."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.features.faq import markdown
from tests import words
from tests.effort import tries
from tests.features.test_faq_publish import book, item

READER = MarkdownIt("commonmark")
READER.normalizeLinkText = lambda url: url  # type: ignore[method-assign]

COMPOSE = "services:\n  web:\n    image: my_nginx\n    ports:\n      - 80:80\n      - 443:443\n  db:\n    image: x"
TABLE = "name      cpu  memory\nmy_nginx  1    200M"
STEPS = "  1. first\n     - aside\n       1. deep\n     - more\n  2. then\n  3) other\n* star\n7. seven"


def shown(text: str) -> list[str]:
    """The lines that a reader of the Markdown sees, list items with their marks."""
    return list(_lines(READER.parse(text)))


def _lines(tokens: list[Token]) -> Iterator[str]:
    lists: list[list[int | None]] = []
    mark = ""
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                lists.append([None])
            case "ordered_list_open":
                lists.append([int(token.attrGet("start") or 1)])
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                number = lists[-1][0]
                mark = "- " if number is None else f"{number}{token.markup} "
                lists[-1][0] = None if number is None else number + 1
                mark = f"{'  ' * (len(lists) - 1)}{mark}"
            case "fence":
                yield from token.content.removesuffix("\n").split("\n")
            case "inline":
                yield from (mark + "".join(_said(child) for child in token.children or ())).split("\n")
                mark = ""
            case "html_block":
                assert token.content.strip() == "<!-- -->"
            case kind:
                assert kind in ("paragraph_open", "paragraph_close", "list_item_close"), kind


def _said(token: Token) -> str:
    if token.type in ("hardbreak", "softbreak"):
        return "\n"
    assert token.type in ("text", "text_special", "code_inline", "link_open", "link_close"), token.type
    return token.content


def answer_of(typed: str) -> str:
    """What stands of an answer in the page."""
    _, _, rest = markdown.page(book(item(1, "Why?", typed))).partition("## Why?\n\n")
    return rest.rpartition("\n\n*FAQ 1.")[0]


def without_layout(lines: list[str]) -> list[str]:
    """Lines without what the writer may change: blank lines, blanks at the end, backticks, a list's marks."""
    said = [re.sub(r"^\s*(?:[-*•]|(\d{1,3}[.)]))[ \t]+(?=\S)", r"\1- ", line.replace("`", "")) for line in lines]
    return [line.rstrip() for line in said if line.strip()]


@settings(max_examples=tries(400))
@given(typed=words.typed)
def test_a_reader_of_the_markdown_sees_what_was_typed(typed: str) -> None:
    kept = words.copied(typed) if words.copied(typed).strip() else "(no text)"
    assert without_layout(shown(answer_of(typed))) == without_layout(kept.split("\n"))


@pytest.mark.parametrize(
    "typed",
    [
        COMPOSE,
        TABLE,
        "Run this:\n    mv my_var_name.py `x`",
        "\tif x:\n\t\tmake",
        "1. one\n1. one again",
        "1. one\n\n1. another one\n\n3. three",
        "- a\n  2. two",
        "01. one",
        "x = 1  # why",
        "1. first\n   goes on\n2. second",
    ],
)
def test_indentation_columns_and_numbers_stay(typed: str) -> None:
    seen = [line for line in shown(answer_of(typed)) if line]
    assert seen == [line for line in typed.split("\n") if line]


def test_a_list_is_a_list_with_the_numbers_and_the_nesting_that_were_typed() -> None:
    assert shown(answer_of(STEPS)) == STEPS.split("\n")
    steps = "1. first\n   - aside\n     1. deep\n   - more\n2. then\n3) other\n- star\n7. seven"
    assert shown(answer_of(steps)) == [
        "1. first", "  - aside", "    1. deep", "  - more", "2. then", "3) other", "- star", "7. seven",
    ]  # fmt: skip
    assert "`" not in answer_of(steps)
    assert shown(answer_of("Do:\n- a `b`\n- c\nThen. Two blanks.  Fine.")) == [
        "Do:", "- a b", "- c", "Then. Two blanks.  Fine.",
    ]  # fmt: skip
