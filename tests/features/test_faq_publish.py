"""The FAQ as files: what people typed is shown and can do nothing, and the form holds for whoever reads it."""

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from bot.app.faq_files import write_all
from bot.core.time import parse_instant
from bot.features.faq import markdown, site
from bot.features.faq.book import Book, Item, collect
from bot.features.faq.store import Entry, Source
from tests.features.test_faq import approve, pair, solve
from tests.kit import World

NOW = parse_instant("2026-01-12T09:00:00Z")
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "[x](javascript:alert(1))",
    'https://evil.example/"onmouseover=alert(1)//',
    "https://evil.example/<script>",
    "javascript:alert(1) data:text/html,x vbscript:x",
    "`<b>code</b>` and ```\n</code></pre><script>x</script>\n```",
    "{{items}} {{title}} {% x %} ${x}",
    "# no heading\n- item <i>\n1. nor this\n---\n=== \n> no quote\n    no code",
    "\u202egnp.exe\u0007 \u2066x\u2069",
    "@everyone <@U123> <!channel> www.evil.example *bold* _it_ ~gone~ |table|",
    "---\ntitle: not mine\n---\n...",
)


OURS = frozenset(
    re.findall(
        r"\w+",
        """
        html head meta title link script body a header p h1 form label input div nav details summary ol li main article
        h2 span br ul code pre footer
        """,
    )
)


def item(number: int, question: str, answer: str, **more: object) -> Item:
    entry = Entry(number, 1, "demo", question, answer, "approved", number, "", NOW, verified_at=NOW, askers=3)
    return Item(entry, (Source(1, NOW, "Spring <b>"),), **more)  # type: ignore[arg-type]


def book(*items: Item) -> Book:
    return Book("demo", "Demo <course>", items, public=True)


class Page(HTMLParser):
    """What a browser would make of a page."""

    VOID = frozenset({"meta", "link", "input", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize("typed", HOSTILE)
def test_the_site_shows_what_was_typed_and_runs_nothing(typed: str) -> None:
    page = Page(site.page(book(item(7, typed, typed), item(8, f"Why?\n\n{typed}", typed, stale=True))))
    assert page.open == []
    assert [s.get("src") for s in page.all("script")] == ["faq.js"]
    assert {name for name, _ in page.tags} <= OURS
    for _, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on") or name == "style"]
        address = attrs.get("href") or "#"
        assert address.startswith(("#", "https://", "http://", "faq.css", "data:,")), address
    assert "\u202e" not in page.words
    for word in ("alert(1)", "evil.example", "not mine", "{{items}}", "no heading"):
        assert (word in page.words) == (word in typed)


@pytest.mark.parametrize("typed", HOSTILE)
def test_markdown_shows_what_was_typed_and_runs_nothing(typed: str) -> None:
    text = markdown.page(book(item(7, typed, typed)))
    _, _, outside = text.partition("## ")
    in_code = False
    for line in f"## {outside}".split("\n"):
        in_code ^= line.removeprefix("> ").startswith("```")
        if in_code or "`" in line:
            continue
        for sign in ("<script", "<img", "<svg", "<b>", "<i>", "](", "@everyone", "www.", "javascript:x"):
            assert sign not in line.replace("\\]\\(", "").replace("\\@", "\\ "), line
        assert not line.startswith(("# no", "---", "===", "    ")), line
    named = markdown.files(book(item(7, typed, typed)))
    assert sorted(named) == ["README.md", "faq-7.md"]
    front = yaml.safe_load(named["faq-7.md"].split("---\n")[1])
    assert (front["id"], front["askers"], front["sources"][0]["cohort"]) == (7, 3, "Spring <b>")


def test_the_page_is_one_that_a_screen_reader_can_walk() -> None:
    page = Page(
        site.page(
            book(item(7, "How long?\n\nIn pages.", "Ten. See https://example.org/a_(b)."), item(9, "Who?", "You"))
        )
    )
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert page.all("html") == [{"lang": "en"}]
    for landmark in ("header", "nav", "main", "footer", "h1"):
        assert len(page.all(landmark)) == 1, landmark
    assert page.all("form")[0]["role"] == "search"
    assert page.all("label")[0]["for"] in ids
    assert ("p", {"id": "found", "role": "status"}) in page.tags
    assert [a["aria-labelledby"] for a in page.all("article")] == ["faq-7-question", "faq-9-question"]
    inside = [a["href"] for a in page.all("a") if str(a["href"]).startswith("#")]
    assert inside[0] == "#answers"
    assert {str(address)[1:] for address in inside} <= set(ids)
    assert [a["href"] for a in page.all("a") if "rel" in a] == ["https://example.org/a_(b)"]
    assert "Asked by 3 people" not in page.words  # nobody knows when
    assert "Checked on 12 Jan 2026." in page.words


def test_addresses_of_merged_entries_lead_on() -> None:
    merged = book(item(7, "How long?", "Ten", was=(2, 3)))
    assert {"faq-2", "faq-3", "faq-7"} <= {a.get("id") for _, a in Page(site.page(merged)).tags}
    assert '<a id="faq-7"></a><a id="faq-2"></a><a id="faq-3"></a>' in markdown.page(merged)


def test_nothing_approved_is_said() -> None:
    for text in (site.page(book()), markdown.page(book()), markdown.files(book())["README.md"]):
        assert "Nothing has been approved yet." in text


def test_code_and_lists_stay_what_they_are() -> None:
    typed = "Run this:\n```bash\n  docker run -v `pwd`:/x\n```\n- once\n- or `twice`"
    text = markdown.page(book(item(7, "How?", typed)))
    assert "```bash\n  docker run -v `pwd`:/x\n```\n\n- once\n- or `twice`" in text
    html = site.page(book(item(7, "How?", typed)))
    assert "<code>  docker run -v `pwd`:/x</code></pre>" in html
    assert '<div class="line item" role="listitem" dir="auto">- or <code>twice</code></div></div>' in html
    steps = markdown.page(book(item(7, "How?", "  1. first\n     - aside\n  2) then")))
    assert "\n1. first\n   - aside\n2) then\n" in steps


def test_files_of_entries_that_went_are_taken_away(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("mine")
    write_all(tmp_path, markdown.files(book(item(7, "a", "b"), item(8, "c", "d"))))
    write_all(tmp_path, markdown.files(book(item(8, "c", "d"))))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["README.md", "faq-8.md", "notes.md"]


async def test_a_book_is_ordered_by_who_asked_and_says_what_is_stale(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How many pages?", "Ten")
    await approve(ines)
    await solve(world, mia, ben, "Is there a template?", "Yes, there is")
    await approve(ines)
    await solve(world, ben, mia, "Any template for it?", "Yes, there is")
    await ines.press(await ines.command("faq"), "Merge")
    await ines.submit(into="2", number="")

    def read(later: timedelta) -> Book:
        now = world.clock.now() + later
        return world.app.storage.run_now(lambda unit: collect(unit.store("faq"), "demo", now))

    now = read(timedelta())
    assert (now.title, now.public) == ("Demo course", False)
    assert [(i.entry.title, i.entry.askers, i.stale) for i in now.items] == [
        ("Is there a template?", 2, False),
        ("How many pages?", 1, False),
    ]
    assert [len(i.sources) for i in now.items] == [2, 1]
    assert all(i.stale for i in read(timedelta(days=181)).items)
    (first, _) = json.loads(site.data(now))
    assert first["question"] == "Is there a template?"
    assert first["sources"][0] == {"asked_at": "2026-01-05T08:00:00Z", "cohort": "Demo course"}
    assert "Mia" not in site.page(now) + site.data(now) + markdown.page(now)
    assert "noindex" in site.page(now)
