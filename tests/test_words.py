"""People's words: how they are read, and how pages and plain text show them. Copied, they are what was typed."""

import json
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings

from adapters.sandbox.render import ChatRenderer
from adapters.web.render import PageRenderer
from bot.core.codec import dump_message, load_message
from bot.core.message import Code, Italic, Link, Message, Quote, message, paragraph, quote
from bot.core.plain import plain
from bot.core.typed import Line, Listing, excerpt, joined, outside_code, read, trim
from bot.features.faq import markdown, site
from tests import words
from tests.effort import tries
from tests.features.test_faq_publish import book, item
from tests.hostile.cost import growth
from tests.test_sandbox_browser import BROWSER, Browser

SAMPLE = (
    "Run `pip install my_pkg`, then *this*:\n\n```py\n  def f(x):\n\n\treturn x < 1  # <b>\n```\n1. see https://x.org/a_b_(c).\n"
    "2. אבג and 👩‍👩‍👧, @everyone\n   - `deeper`\n\n<script>alert(1)</script> [free](https://evil.example)  two  blanks"
)


class Page(HTMLParser):
    """What is read of a page: its blocks on lines of their own, as a browser copies them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.links: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("div", "pre", "p", "h3", "h2") and dict(attrs).get("role") != "list":
            self.lines.append("")
        if tag == "a":
            self.links.append((str(dict(attrs)["href"]), ""))

    def handle_data(self, data: str) -> None:
        self.lines[-1] += data
        if self.links and not self.links[-1][1]:
            self.links[-1] = (self.links[-1][0], data)


def sandbox(said: Message) -> str:
    return str(ChatRenderer(person="mia").draw(said))


def page(said: Message) -> str:
    return str(PageRenderer().draw(said))


@pytest.mark.parametrize("draw", [sandbox, page])
@settings(max_examples=tries(250))
@given(typed=words.typed)
def test_what_is_copied_from_a_page_is_what_was_typed(draw: Callable[[Message], str], typed: str) -> None:
    shown = Page(draw(message(quote(typed))))
    assert "\n".join(shown.lines) == words.copied(typed)
    assert {tag for tag, _ in shown.tags} <= {"blockquote", "div", "pre", "code", "a", "br"}
    for url, label in shown.links:
        assert url == label
        assert url in words.unseen(typed)


@settings(max_examples=tries(250))
@given(words.typed)
def test_plain_text_has_what_was_typed_as_it_stands(typed: str) -> None:
    kept = words.unseen(typed)
    assert plain(message(paragraph(typed))) == kept
    assert plain(message(quote(typed))) == "\n".join(f"> {line}" for line in kept.split("\n"))


@pytest.mark.skipif(BROWSER is None, reason="No chromium or chrome is installed to look with.")
def test_a_browser_copies_what_was_typed(tmp_path: Path) -> None:
    folder = Path(__file__).parents[1] / "adapters"
    pages = {
        "sandbox": f'<style>{(folder / "sandbox/static/app.css").read_text()}</style><div class="body">'
        f"{sandbox(message(quote(SAMPLE)))}</div>",
        "web": f"<style>{(folder / 'web/static/web.css').read_text()}</style>{page(message(quote(SAMPLE)))}",
        "site": site.page(book(item(1, "Why?", SAMPLE))),
    }
    (tmp_path / "faq.css").write_text(site.files(book())["faq.css"])
    browser = Browser(tmp_path / "browser")
    try:
        for name, html in pages.items():
            file = tmp_path / f"{name}.html"
            file.write_text(f"<!doctype html><meta charset=utf-8>{html}", encoding="utf-8")
            tab = browser.open(f"file://{file}")
            where = ".answer" if name == "site" else "blockquote"
            tab.until(f"document.readyState === 'complete' && !!document.querySelector({where!r})")
            selected = tab.run(
                f"getSelection().selectAllChildren(document.querySelector({json.dumps(where)}));"
                "getSelection().toString()"
            )
            assert selected.strip("\n") == words.copied(SAMPLE), name
    finally:
        browser.end()


def parts_of(text: str) -> Iterator[object]:
    for part in read(text):
        yield part if isinstance(part, Listing) else part.whole


def test_code_lists_and_addresses_are_read_and_nothing_else() -> None:
    assert list(parts_of("See `a_b`, (https://x.org/a_(b)), *no*.\n  - one\n2) two\n-no\n```ls\ncat x\n```")) == [
        ("See ", Code("a_b"), ", (", Link("https://x.org/a_(b)", "https://x.org/a_(b)"), "), *no*."),
        ("  - ", "one"),
        ("2) ", "two"),
        ("-no",),
        Listing("ls\ncat x"),
    ]
    assert list(parts_of("a ```one``` b")) == [("a ",), Listing("one"), (" b",)]
    assert list(parts_of("```py\n\n  x = 1\n\n\n```")) == [Listing("  x = 1", "py")]
    assert list(parts_of("```` ``` ````")) == [Listing(" ```")]
    assert list(parts_of("` `code`")) == [("` ", Code("code"))]
    for left_open in ("``` no end", "`no end", "``` ```", "` `", "``x``", "http://", "javascript:x", "xhttps://y.z"):
        assert list(parts_of(left_open)) == [(left_open,)]


def test_a_quote_has_our_words_around_theirs() -> None:
    said = joined((Italic("Which?"), "\n", "- a\n```\ncode\n```", "\n", "— ", Italic("Mia")))
    assert said == [Line((Italic("Which?"),)), Line(("a",), "- "), Listing("code"), Line(("— ", Italic("Mia")))]


def test_what_was_stored_before_is_read_still() -> None:
    stored = (
        '{"blocks":[{"text":["Why `a`?\\n",{"text":"Mia","kind":"italic"}],"kind":"quote"}],"topic":"Why","state":""}'
    )
    assert load_message(stored).blocks == (Quote(("Why `a`?\n", Italic("Mia"))),)
    assert load_message(dump_message(message(quote(SAMPLE)))) == message(quote(SAMPLE))


def test_the_beginning_of_a_text_closes_its_code_and_cuts_none_that_fits() -> None:
    code = "\n".join(f"  line {n}" for n in range(30))
    text = f"Do this:\n\n```sh\n{code}\n```\n\nThen that. And more."
    assert excerpt(text, 1000) == text
    shown = "\n".join(f"  line {n}" for n in range(8))
    assert excerpt(text, 100) == f"Do this:\n\n```sh\n{shown}\n```\n…"
    assert excerpt("word " * 40 + text, 300) == "word " * 40 + "Do this:\n…"
    assert excerpt(text + " more" * 50, 400) == f"{text.partition(chr(10) * 2 + 'Then')[0]}\n…"
    assert all(len(excerpt(text, n)) <= n for n in range(60, 400))
    assert excerpt("one two three four", 10) == "one two…"


def test_what_is_kept_of_a_message_keeps_its_indentation() -> None:
    assert trim("\n \n    if x:\n        y\n\n ") == "    if x:\n        y"
    assert trim("  one line ") == "one line"
    assert trim(" \n ") == ""


def test_signs_in_code_are_left_alone() -> None:
    text = "a <@1> `b <@1>` c\n```\n<@1>\n``` d <@1>"
    assert outside_code(text, lambda said: said.replace("<@1>", "@Mia")) == ("a @Mia `b <@1>` c\n```\n<@1>\n``` d @Mia")


def test_markdown_keeps_code_and_steps() -> None:
    text = markdown.page(book(item(1, "Why?", SAMPLE)))
    assert "```py\n  def f(x):\n\n\treturn x < 1  # <b>\n```\n\n1. see <https://x.org/a\\_b\\_(c)>" not in text
    assert "```py\n  def f(x):\n\n\treturn x < 1  # <b>\n```\n\n1. see <https://x.org/a_b_(c)>.\n2. " in text
    assert "\n   - `deeper`\n\n" in text


@pytest.mark.parametrize("sign", ["<", "`", "*", "[", "```", "`a", "```a\n", "\n", "- ", " ", "http://a("])
def test_hostile_text_costs_no_more_than_its_length(sign: str) -> None:
    def show(length: int) -> None:
        text = (sign * length)[:length] + "x"
        sandbox(message(quote(text)))
        page(message(quote(text)))
        excerpt(text, length // 2)
        markdown.page(book(item(1, text, text)))

    assert growth(show, 2500) == ""
