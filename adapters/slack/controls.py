"""Buttons and selects, within Block Kit's limits."""

import json
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from bot.core.message import Button, Option, Select, shorten
from bot.core.translation import _
from bot.core.typed import visible

Json = dict[str, Any]

LABEL = 75
"""Longest label of a button or an option."""

PLACEHOLDER = 150
VALUE = 150
"""Longest value of an option."""

OPTIONS = 100
"""Most options in a list, or in one of its groups."""

LIST_SIZE = 90_000
"""Most bytes of a select's options: a view may have two such selects."""

ROW = 25
"""Most elements in a row; Slack wraps them."""

AGAIN = "#"
"""Distinguishes two buttons in one row with the same action."""

LOOSE = "loose."
"""Begins the block ids of a direct message that stands under no anchor: the answer to a press takes its place."""

LISTED = "listed."
"""Begins the block ids of the controls in a message about several things, such as the desk: it stays."""


def plain(text: str, limit: int) -> Json:
    """A plain text object without emoji names; never empty, since Slack refuses that."""
    return {"type": "plain_text", "text": shorten(visible(text), limit) or "-", "emoji": False}


def actions(buttons: Sequence[Button]) -> Iterator[Json]:
    """Rows of buttons."""
    for start in range(0, len(buttons), ROW):
        row = buttons[start : start + ROW]
        seen: dict[str, int] = {}
        elements = []
        for button in row:
            count = seen[button.action] = seen.get(button.action, 0) + 1
            elements.append(_button(button, button.action if count == 1 else f"{button.action}{AGAIN}{count}"))
        yield {"type": "actions", "elements": elements}


def choice(select: Select) -> Json:
    """A select with its label beside it."""
    element: Json = {
        "type": "static_select",
        "action_id": select.action,
        "placeholder": plain(_("Choose…"), PLACEHOLDER),
        **listed(select.options, select.chosen or ""),
    }
    if not select.options:
        return {"type": "section", "text": plain(_("{label}: there is nothing to choose.", label=select.label), 3000)}
    return {"type": "section", "text": plain(select.label, 3000), "accessory": element}


def listed(options: Sequence[Option], chosen: str) -> Json:
    """The options of a select, as many as fit, grouped when there are too many for one list, and the chosen one."""
    made = [option(o) for o in options[: OPTIONS * OPTIONS]]
    sizes = accumulate(map(weight, made))
    shown = [one for one, size in zip(made, sizes, strict=True) if size <= LIST_SIZE]
    now = next((s for s, o in zip(shown, options, strict=False) if o.value == chosen), None)
    initial = {"initial_option": now} if now else {}
    if len(shown) <= OPTIONS:
        return {"options": shown, **initial}
    groups = [shown[i : i + OPTIONS] for i in range(0, len(shown), OPTIONS)]
    named = [{"label": plain(f"{i * OPTIONS + 1} …", LABEL), "options": group} for i, group in enumerate(groups)]
    return {"option_groups": named, **initial}


def option(choice: Option) -> Json:
    return {"text": plain(choice.label or choice.value, LABEL), "value": choice.value[:VALUE] or "-"}


def weight(part: Json) -> int:
    """The bytes of a part of a view or message, as they are sent."""
    return len(json.dumps(part))


def loose(blocks: Sequence[Json]) -> list[Json]:
    """The blocks of a direct message that stands under no anchor."""
    return [{"block_id": f"{LOOSE}{number}", **block} for number, block in enumerate(blocks)]


def marked(blocks: Sequence[Json]) -> list[Json]:
    """The blocks of a message, marked if its controls are about several things."""
    about = {action_of(element).split("/", 2)[-1] for block in blocks for element in _elements(block)}
    if len(about) < 2:
        return list(blocks)
    return [
        {**block, "block_id": f"{LISTED}{number}"} if _elements(block) else block for number, block in enumerate(blocks)
    ]


def _elements(block: Json) -> Sequence[Json]:
    return block.get("elements", ()) if block.get("type") == "actions" else ()


def is_replaced(body: Json, element: Json) -> bool:
    """Whether the answer to a press takes the place of the message: one to the person alone that stands under no anchor
    and is about a single thing. The other lines of a list still have something to do."""
    block = str(element.get("block_id", ""))
    if block.startswith(LISTED):
        return False
    return bool((body.get("container") or {}).get("is_ephemeral")) or block.startswith(LOOSE)


def action_of(element: Json) -> str:
    """The action of a pressed element."""
    return str(element.get("action_id", "")).partition(AGAIN)[0]


def _button(button: Button, action_id: str) -> Json:
    body: Json = {
        "type": "button",
        "action_id": action_id,
        "text": plain(button.label, LABEL),
        "value": button.action,
    }
    return body if button.style == "plain" else {**body, "style": button.style}
