"""What people read about what is kept of theirs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.actions import Action
from bot.core.contributions import Upcoming
from bot.core.forms import Form, PersonField
from bot.core.keeping import Copied, KeptTable
from bot.core.message import (
    Block,
    Bold,
    Button,
    Buttons,
    Code,
    Document,
    Inline,
    Instant,
    Jump,
    Link,
    Message,
    Text,
    bullets,
    fields,
    heading,
    message,
    note,
    paragraph,
)
from bot.core.people import Cohort, Person
from bot.core.translation import _, _n, phrase
from bot.core.turn import Erasure

Kept = Sequence[tuple[KeptTable, int]]
"""Tables, and how many rows are a person's."""

AS_JSON, AS_ZIP = "person.json", "person.zip"

ROWS = 100
"""Rows of a table on the page; the file has all."""

WRITTEN = (
    "text",
    "words",
    "body",
    "answers",
    "about",
    "done",
    "next",
    "stuck",
    "reason",
    "reply",
    "link",
    "values_json",
)
"""The columns with what a person wrote."""

OWN = 10
"""Most messages of one's own that the receipt of an erasure leads to."""

_KEPT, _COPY, _ERASE = (Action("mine", name).encode() for name in ("kept", "copy", "erase"))


def _acts(*first: Button) -> Buttons:
    return Buttons(
        (*first, Button(_("Get a copy"), _COPY), Button(_("Erase what is mine"), _ERASE, "danger")),
    )


def on_settings() -> Sequence[Block]:
    said = _(
        "Your settings, what you write and hand in, and its dates, each for a purpose of the course. It stays in the "
        "bot's own database; each form says who reads what you write."
    )
    return [
        heading(_("What is kept about you")),
        paragraph(said),
        _acts(Button(_("What, why, and until when"), _KEPT)),
    ]


def kept(found: Kept) -> Message:
    """Everything that is kept about a person, by its purpose."""
    purposes = dict.fromkeys(table.purpose for table, _rows in found)
    blocks: list[Block | None] = [heading(_("What is kept about you"))]
    for purpose in purposes:
        lines = [_line(table, rows) for table, rows in found if table.purpose == purpose]
        blocks += [paragraph(Bold(_(purpose))), bullets(*lines)]
    stays = _("Where no time stands, it stays until it is erased. Backups keep it for their own time after that.")
    return message(*blocks, note(stays), _acts())


def _line(table: KeptTable, rows: int) -> Text:
    said = _(table.what)
    counted = _("{what} ({number})", what=said, number=rows) if rows > 1 else said
    return (_("{what}; how long: {until}", what=counted, until=_(table.until)) if table.until else counted,)


# A copy


def way_to_copy(address: str) -> Message:
    return message(
        paragraph(Link(address, _("What is kept about you"))),
        note(
            _(
                "For you alone: the link works once, within 15 minutes, and you stay signed in for 12 hours. The page "
                "leads to the same as a file."
            )
        ),
    )


def copy_as_file(copied: Copied) -> Message:
    said = _("All that is kept about you. It is for you alone.")
    sent_in = _("The files that you sent in are with whoever runs the bot: ask for them.") if copied.files else None
    return message(paragraph(said), note(sent_in) if sent_in else None, Document(AS_JSON, copied.document))


def copy(copied: Copied, address: str) -> Message:
    """The page: first what its reader wrote, then what the bot stores besides. Only its reader gets it. `address`:
    where the pages are."""
    wrote = [(table, rows) for table, rows in copied.tables if any(_words(row) for row in rows)]
    unnamed = any(row.get("anonymous") for _table, rows in wrote for row in rows)
    blocks: list[Block | None] = [
        paragraph(
            Link(f"{address}/mine/{AS_JSON}", _("As a file (JSON)")),
            *((", ", Link(f"{address}/mine/{AS_ZIP}", _("with the files that you sent in"))) if copied.files else ()),
        )
    ]
    if unnamed:
        said = _("What you asked without your name is in your copy, which only you get, and in nobody else's.")
        blocks.append(paragraph(said))
    for table, rows in wrote:
        blocks += _table(table, rows, [fields(*_words(row), *_when(row)) for row in rows if _words(row)])
    besides = _("What follows is stored besides, by the names that it has in the bot's database.")
    blocks.append(paragraph(Bold(besides)))
    for table, rows in copied.tables:
        if (table, rows) not in wrote:
            blocks += _table(table, rows, [fields(*_values(row)) for row in rows])
    return message(*blocks)


def _table(
    table: KeptTable, rows: Sequence[Mapping[str, Any]], shown: Sequence[Block | None]
) -> Sequence[Block | None]:
    more = len(shown) - ROWS
    left = note(_("{number} more are in the file.", number=more)) if more > 0 else None
    return [heading(_(table.what)), note(_(table.purpose)), *shown[:ROWS], left]


def _words(row: Mapping[str, Any]) -> list[tuple[str, Inline]]:
    """What a person wrote in a row, with the names of what asked for it."""
    found: list[tuple[str, Inline]] = []
    for column, value in row.items():
        if column in WRITTEN and isinstance(value, str | Mapping | list) and value:
            parts = value if isinstance(value, Mapping) else {column: value}
            found += [(str(name).replace("_", " "), _shown(said)) for name, said in parts.items() if said]
    about = [(_("In"), str(row[name])) for name in row if name.endswith("_title") and row[name]]
    about += [(_("From"), str(row[name])) for name in row if name.endswith("_name") and row[name]]
    return [*found, *about] if found else []


def _when(row: Mapping[str, Any]) -> list[tuple[str, Inline]]:
    first = next((value for value in row.values() if isinstance(value, datetime)), None)
    return [(_("When"), Instant(first))] if first else []


def _values(row: Mapping[str, Any]) -> list[tuple[str, Inline]]:
    """What a row holds, by the names of its columns."""
    return [
        (name.replace("_", " "), Instant(value) if isinstance(value, datetime) else _shown(value))
        for name, value in row.items()
        if value not in (None, "", [], {})
    ]


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def for_whom(action: Action) -> Form:
    hint = _("They get a message with a button, and the copy goes to them alone: you do not see it.")
    who = PersonField("person", _("Who asked you"), hint)
    return Form(action.encode(), _("A copy for somebody"), (who,), submit=_("Send"))


@dataclass(frozen=True, slots=True)
class Offer:
    text: Text
    below: tuple[Block, ...]


def offer(manager: Person, cohort: Cohort) -> Offer:
    said = _(
        "{name} of {title} sends you the way to a copy of all that is kept about you. It is for you alone.",
        name=manager.name,
        title=cohort.title,
    )
    return Offer((said,), (Buttons((Button(_("Get a copy"), _COPY),)),))


def offered(person: Person) -> Message:
    said = _("{name} gets the way to their copy at their next hour, and you see none of it.", name=person.name)
    return message(paragraph(said))


# Erasure


def sure(found: Kept, messages: int, person: int) -> Message:
    """What an erasure does, and what stays."""
    stays = [
        _("{what}: {why}", what=_(table.what), why=_(table.why)) for table, _rows in found if table.erasure != "deleted"
    ]
    kept = sum(rows for _table, rows in found)
    return message(
        heading(_("Erase what is yours?")),
        bullets(
            _n(
                "The {n} thing that is kept about you goes at once.",
                "The {n} things that are kept about you go at once.",
                kept,
            ),
            _("You leave each cohort, and nothing more is sent to you. Certificates of yours are valid no more."),
            _n(
                "{n} message of mine in the chat that shows your words or your name is taken away or changed.",
                "{n} messages of mine in the chat that show your words or your name are taken away or changed.",
                messages,
            ),
            _("An entry of the FAQ stays only where the course team's own words have replaced yours."),
            _("Answers to a survey have no author, so nobody can find yours: they go with all others."),
        ),
        paragraph(_("What stays, without your name:")) if stays else None,
        bullets(*stays),
        note(_("This cannot be undone. Whoever runs this bot deletes its backups after 30 days.")),
        Buttons(
            (
                Button(_("Erase it all"), Action("mine", "erase_now", subject=str(person)).encode(), "danger"),
                Button(_("Get a copy first"), _COPY),
            )
        ),
    )


def erased(until: datetime, found: Erasure) -> Message:
    """The receipt."""
    own = [(Jump(f"own/{n}", _("A message of yours"), ref),) for n, ref in enumerate(found.own[:OWN])]
    more, at = len(found.own) - len(own), Instant(until, "time")
    changed = phrase("My messages that showed you are changed by {at}, if the platform answers.", at=at)
    alone = _(
        "What I answered to one person alone, such as a list that an instructor asked for, is gone at the latest when "
        "that person opens the app anew."
    )
    theirs = _("Your own messages in the chat are yours, and I cannot delete them. You can, there:")
    return message(
        paragraph(Bold(_("It is erased.")), " ", _("All that a copy for you would show is gone, or has no name.")),
        paragraph(*changed) if found.messages else None,
        paragraph(alone),
        paragraph(theirs) if own else None,
        bullets(*own),
        note(_n("{n} more is older.", "{n} more are older.", more)) if more > 0 else None,
        note(
            _("Whoever runs this bot deletes its backups after 30 days."),
            " ",
            _("If you write again, you are new to me."),
        ),
    )


def kept_for(days: int) -> Text:
    """What a course says about it, before and at its end."""
    return phrase(
        "This course keeps what is yours for {n} days after its end. Then it is erased, certificates too, unless "
        "another course of yours keeps it; {command} gives you a copy before.",
        n=str(days),
        command=Code("/cohort settings"),
    )


def expires(until: datetime) -> Upcoming:
    said = phrase("What is kept about you is erased on {at}.", at=Instant(until, "date"))
    return Upcoming(said, button=Button(_("Get a copy"), _COPY), always=True)


def nothing_left() -> Message:
    return message(paragraph(_("That is erased already. What you see here is of somebody new.")))
