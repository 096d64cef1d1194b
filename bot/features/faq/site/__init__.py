"""The FAQ as a site: one page that any web host can serve, with a search that runs in the reader's own browser.

It loads nothing from elsewhere, and is readable without its script.
"""

import json
import re
from html import escape
from importlib.resources import files as resources

from bot.core.html import draw
from bot.core.message import Code, Link, Text, shorten
from bot.core.plain import plain_text
from bot.core.translation import _, _n
from bot.core.typed import read, spans, visible
from bot.features.faq.book import Book, Item, as_data

KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json"}
"""File extension -> media type of the site's files."""


_ASKED_FOR = {
    r"how (?:long|short)": "length duration size",
    r"how many": "number count amount",
    r"how much": "amount cost price number",
    r"how (?:often|soon|late)": "frequency time deadline",
    r"when|until when|by when": "date time day deadline due",
    r"where": "place location link address",
    r"who(?:m|se)?": "person people contact name",
    r"why": "reason cause",
}
"""Words that a question asks for without naming them. They stand in for a model of meaning in the search."""


def files(book: Book) -> dict[str, str]:
    """Name -> text of every file of the site."""
    return {
        "index.html": page(book),
        "faq.css": _own("faq.css"),
        "faq.js": _own("faq.js"),
        "faq.json": data(book),
    }


def data(book: Book) -> str:
    return json.dumps(as_data(book), ensure_ascii=False, indent=2) + "\n"


def _own(name: str) -> str:
    return resources(__name__).joinpath(name).read_text(encoding="utf-8")


def page(book: Book) -> str:
    """The page. Everything that a person typed is escaped; only http(s) addresses become links."""
    number = len(book.items)
    items = "\n".join(_article(item) for item in book.items)
    listed = "\n".join(
        f'<li data-of="{i.name}"><a href="#{i.name}" dir="auto">{_line(i.entry.title)}</a></li>' for i in book.items
    )
    fields = {
        "title": escape(_("{course}: questions and answers", course=book.title)),
        "course": escape(book.title),
        "robots": "" if book.public else '<meta name="robots" content="noindex">\n',
        "search": escape(_n("Search {n} answer", "Search {n} answers", number)),
        "list": listed,
        "items": items or f"<p>{escape(_('Nothing has been approved yet.'))}</p>",
        "skip": escape(_("Skip to the answers")),
        "heading": escape(_("Questions and answers")),
        "all": escape(_("All questions")),
        "checked": escape(_("Asked by learners, checked by the course team.")),
        "found": escape(_("{hits} of {all} answers")),
        "none": escape(_("Nothing fits “{asked}”. Ask it in the question channel.")),
    }
    # In one pass: inserted text may look like a placeholder.
    return re.sub(r"\{\{(\w+)\}\}", lambda place: fields[place[1]], _own("page.html"))


def _article(item: Item) -> str:
    entry = item.entry
    was = "".join(f'<span id="faq-{number}"></span>' for number in item.was)
    details = f'<div class="details" dir="auto">{_blocks(entry.details)}</div>\n' if entry.details else ""
    said = [f"<span>{escape(fact)}</span>" for fact in item.facts()]
    if item.stale and entry.verified_at:
        said[-1] = said[-1].replace("<span>", '<span class="stale">', 1)
    facts = " ".join(said)
    asked_for = " ".join(
        words for asked, words in _ASKED_FOR.items() if re.search(rf"\b(?:{asked})\b", entry.title, re.I)
    )
    link, name = escape(_("Link to FAQ {id}", id=entry.id)), escape(_("FAQ {id}", id=entry.id))
    also = f' data-also="{asked_for}"' if asked_for else ""
    return (
        f'<article id="{item.name}"{also} aria-labelledby="{item.name}-question">{was}\n'
        f'<h2 id="{item.name}-question" dir="auto">{_line(entry.title)}</h2>\n'
        f'{details}<div class="answer" dir="auto">{_blocks(entry.answer) or f"<p>{_empty()}</p>"}</div>\n'
        f'<p class="facts">{facts} <a href="#{item.name}" aria-label="{link}">{name}</a></p>\n'
        "</article>"
    )


def _blocks(text: str) -> str:
    return draw(read(text), _spans) if text.strip() else ""


def _line(text: str) -> str:
    return _spans(spans(shorten(visible(text), len(text))), links=False) or _empty()


def _empty() -> str:
    return escape(_("(no text)"))


def _spans(line: Text, links: bool = True) -> str:
    said = []
    for span in line:
        match span:
            case Code(text):
                said.append(f"<code>{escape(text)}</code>")
            case Link(url) if links:
                said.append(f'<a href="{escape(url)}" rel="nofollow noopener noreferrer">{escape(url)}</a>')
            case _:
                said.append(escape(plain_text((span,))))
    return "".join(said)
