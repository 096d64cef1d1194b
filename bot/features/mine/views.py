"""What people read about what is kept of theirs."""

from collections.abc import Sequence

from bot.core.actions import Action
from bot.core.keeping import KeptTable
from bot.core.message import (
    Block,
    Bold,
    Button,
    Buttons,
    Message,
    Text,
    bullets,
    heading,
    message,
    note,
    paragraph,
)
from bot.core.translation import _

Kept = Sequence[tuple[KeptTable, int]]
"""Tables, and how many rows are a person's."""

_KEPT = Action("mine", "kept").encode()


def on_settings() -> Sequence[Block]:
    said = _(
        "Your settings, what you write and hand in, and its dates, each for a purpose of the course. It stays in the "
        "bot's own database; each form says who reads what you write."
    )
    return [
        heading(_("What is kept about you")),
        paragraph(said),
        Buttons((Button(_("What, why, and until when"), _KEPT),)),
    ]


def kept(found: Kept) -> Message:
    """Everything that is kept about a person, by its purpose."""
    purposes = dict.fromkeys(table.purpose for table, _rows in found)
    blocks: list[Block | None] = [heading(_("What is kept about you"))]
    for purpose in purposes:
        lines = [_line(table, rows) for table, rows in found if table.purpose == purpose]
        blocks += [paragraph(Bold(_(purpose))), bullets(*lines)]
    stays = _("Where no time stands, it stays until it is erased. Backups keep it for their own time after that.")
    return message(*blocks, note(stays))


def _line(table: KeptTable, rows: int) -> Text:
    said = _(table.what)
    counted = _("{what} ({number})", what=said, number=rows) if rows > 1 else said
    return (_("{what}; how long: {until}", what=counted, until=_(table.until)) if table.until else counted,)
