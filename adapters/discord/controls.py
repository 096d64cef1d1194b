"""Renders controls as Discord's components: rows of buttons, and selects."""

from collections.abc import Sequence
from typing import Any

from adapters.discord.text import cut
from bot.core.message import Block, Button, Buttons, Option, Select

Json = dict[str, Any]

ROWS = 5
IN_ROW = 5
OPTIONS = 25
LABEL = 80
BUTTON = 2

_STYLES = {"plain": 2, "primary": 1, "danger": 4}


def rows_of(blocks: Sequence[Block]) -> list[Json]:
    rows: list[Json] = []
    taken: set[str] = set()
    for block in blocks:
        if isinstance(block, Buttons):
            for n in range(0, len(block.items), IN_ROW):
                rows.append(row(*(button(b, _own(b.action, taken)) for b in block.items[n : n + IN_ROW])))
        elif isinstance(block, Select) and block.options:
            for n in range(0, len(block.options), OPTIONS):
                rows.append(row(_select(block, block.options[n : n + OPTIONS], _own(block.action, taken))))
    return rows


def joined(rows: Sequence[Json]) -> list[Json]:
    """The same controls in as few rows as possible, in the same order."""
    found: list[Json] = []
    for one in rows:
        for control in one["components"]:
            last = found[-1]["components"] if found else []
            if last and len(last) < IN_ROW and control["type"] == last[0]["type"] == BUTTON:
                last.append(control)
            else:
                found.append(row(control))
    return found


def row(*components: Json) -> Json:
    return {"type": 1, "components": list(components)}


def button(button: Button, custom_id: str) -> Json:
    label = cut(button.label, LABEL) or "…"
    return {"type": BUTTON, "style": _STYLES[button.style], "label": label, "custom_id": custom_id}


def _own(action: str, taken: set[str]) -> str:
    """A custom id that is unique in the message: repeated actions get a number in front."""
    custom_id, n = action, 1
    while custom_id in taken:
        n += 1
        custom_id = f"{n}|{action}"
    taken.add(custom_id)
    return custom_id


def action_of(custom_id: str) -> str:
    """The action in a custom id."""
    number, bar, action = custom_id.partition("|")
    return action if bar and number.isascii() and number.isdigit() else custom_id


def _select(select: Select, options: Sequence[Option], custom_id: str) -> Json:
    now = next((o.label for o in select.options if o.value == select.chosen), "")
    return {
        "type": 3,
        "custom_id": custom_id,
        "placeholder": cut(f"{select.label}: {now}" if now else select.label, 150),
        "options": [option(o) for o in options],
        "min_values": 1,
        "max_values": 1,
    }


def option(option: Option, chosen: bool = False) -> Json:
    found: Json = {"label": cut(option.label, 100) or "…", "value": option.value[:100] or "-"}
    if chosen:
        found["default"] = True
    return found
