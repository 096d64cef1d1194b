"""A pseudo-locale: each text that is looked up is drawn in wide letters, so that every other text stands out.

A conversation goes on as in English, because a `PseudoSpeaker` reads wide letters as plain ones. A `PseudoChat` keeps
what people are shown; `bare` returns what of it was not looked up, typed by somebody, or named by them.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import replace
from gettext import NullTranslations
from string import Formatter, ascii_letters

from adapters.sandbox.acts import Act, Outcome
from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.driver import Chat, Result, Seen, Speaker
from adapters.sandbox.records import Post
from adapters.sandbox.rows import read_post
from bot.core.forms import ChoiceField, Form
from bot.core.message import (
    Bold,
    Bullets,
    Buttons,
    Fields,
    Heading,
    Instant,
    Italic,
    Jump,
    Link,
    Message,
    Note,
    Paragraph,
    Quote,
    Select,
    Table,
    Text,
)
from bot.core.people import UNKNOWN_ZONE
from bot.core.tables import text_of
from bot.core.time import say

_WIDE = {ord(letter): chr(ord(letter) + 0xFEE0) for letter in ascii_letters}
_PLAIN = {ord(wide): chr(letter) for letter, wide in _WIDE.items()}


def plain(text: str) -> str:
    return text.translate(_PLAIN)


class Pseudo(NullTranslations):
    """The catalogue: the English words in wide letters, with the same placeholders."""

    def gettext(self, message: str) -> str:
        said = ""
        for literal, name, form, conversion in Formatter().parse(message):
            said += literal.replace("{", "{{").replace("}", "}}").translate(_WIDE)
            if name is not None:
                said += "{" + name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "") + "}"
        return said

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


class PseudoChat(Chat):
    """A chat that keeps what people were shown, and what they typed."""

    def __init__(self, sandbox: Sandbox, settle: Callable[[], Awaitable[None]] | None = None) -> None:
        super().__init__(sandbox, settle)
        self.shown: set[str] = set()
        self.typed: set[str] = set()
        self._changed = 0

    def person(self, id: str, name: str = "", zone: str = UNKNOWN_ZONE, title: str = "") -> "PseudoSpeaker":
        return PseudoSpeaker(self, super().person(id, name, zone, title).id)

    async def act(self, act: Act) -> Outcome:
        files = (file.name for file in act.files.values())
        text = re.sub(r" \w+=\w+$", "", act.text)
        self.typed |= {act.text, text, text.partition(" ")[2], *act.values.values(), *files}
        outcome = await super().act(act)
        self.shown |= {*(_in_form(outcome.form) if outcome.form else ()), *outcome.errors.values()}
        self.look()
        return outcome

    def look(self) -> None:
        """Keeps the messages of the bot that are new or changed since the last look."""
        for row in self.sandbox.platform._db.rows("SELECT * FROM messages WHERE changed > ?", self._changed):
            self._changed = max(self._changed, row["changed"])
            post = read_post(row)
            if post.message is not None:
                self.shown |= set(in_message(post.message))

    def bare(self, *known: str) -> list[str]:
        """The texts that were shown and are neither in wide letters nor known: what people typed, and the names of
        people, channels and zones."""
        platform = self.sandbox.platform
        names = {word for h in platform.people() for word in (h.id, h.name, h.zone, h.zone.replace("_", " "))}
        names |= {room.name for room in platform.places()}
        return list(bare(self.shown, {*known, *self.typed, *names}))


class PseudoSpeaker(Speaker):
    """A person who reads wide letters as plain ones."""

    async def choose(self, message: int, label: str, delivery: str | None = None) -> Result:
        found = next((s.label for s in self.chat.sandbox.shortcuts if plain(s.label) == label), label)
        return await super().choose(message, found, delivery)

    def _show(self, post: Post) -> Seen:
        seen = super()._show(post)
        controls = []
        for control in seen.controls:
            options = [{**o, "label": plain(o["label"])} for o in control.get("options", ())]
            controls.append({**control, "label": plain(control["label"]), "options": options})
        return replace(seen, text=plain(seen.text), controls=tuple(controls))


def _in_form(form: Form) -> Iterator[str]:
    yield from (form.title, form.intro, form.submit)
    for field in form.fields:
        yield from (field.label, field.hint)
        if isinstance(field, ChoiceField):
            yield from (o.label for o in field.options)


def in_message(message: Message) -> Iterator[str]:
    """The pieces of text that a reader sees. What is set as code is typed as it stands, in every language."""
    yield message.topic
    for block in message.blocks:
        match block:
            case Heading(text):
                yield text
            case Paragraph(text) | Note(text) | Quote(text):
                yield from _in_text(text)
            case Bullets(items):
                for item in items:
                    yield from _in_text(item)
            case Fields(items):
                for label, value in items:
                    yield label
                    yield from _in_text(value)
            case Table(caption=caption, columns=columns, rows=rows):
                yield from (caption, *(column.head for column in columns))
                yield from (said for row in rows for cell in row if cell != () for said in _in_text(text_of(cell)))
            case Buttons(items):
                yield from (b.label for b in items)
            case Select(label=label, options=options):
                yield from (label, *(o.label for o in options))


def _in_text(text: Text) -> Iterator[str]:
    for part in text:
        match part:
            case str():
                yield part
            case Bold(said) | Italic(said) | Link(label=said) | Jump(label=said):
                yield said
            case Instant(at, style):
                yield say(at, "UTC", style)


_WORD = re.compile(r"[A-Za-z]{2,}")
_NO_WORDS = re.compile(
    r"https?://\S+|`[^`]*`|/cohort( \w+)?( [A-Z0-9]{8}\b)?|\b(?=\w*\d)[A-Z0-9]{8}\b|#[\w-]+"
    r"|\b[\w-]+\.(csv|html|ics|json|md|txt|yaml)\b"
)
_NAMES = {"Pacekeeper", "UTC"}


def bare(shown: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """The texts with a word that is in none of the `known` ones. A known text may be cut, with an ellipsis."""
    whole = {part for text in known for part in (text, *text.split("\n"), " ".join(text.split())) if len(part) > 1}
    longest = sorted(whole, key=len, reverse=True)
    for text in sorted(set(shown)):
        rest = _NO_WORDS.sub(" ", " ".join(text.split()))
        if not _WORD.search(rest):
            continue
        for one in longest:
            rest = rest.replace(one, " ")
        for cut in re.findall(r"[A-Za-z][^…]*(?=…)", rest):
            if any(cut in one for one in longest):
                rest = rest.replace(cut, " ")
        for quoted in re.findall(r"(?<=“)[^”]+(?=”)", rest):
            if any(quoted in one for one in longest):
                rest = rest.replace(quoted, " ")
        if set(_WORD.findall(rest)) - _NAMES:
            yield text
