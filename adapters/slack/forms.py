"""Renders forms as modals and reads submissions: https://docs.slack.dev/surfaces/modals

A field's block and element have the field's name as their id; the view's callback id is the form's action, and its
private metadata holds the draft and where the form was opened.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from typing import assert_never

from adapters.slack.controls import PLACEHOLDER, Json, listed, option, plain
from adapters.slack.rich import sections
from adapters.slack.text import Reader
from bot.core.forms import (
    ChannelField,
    ChoiceField,
    DateField,
    Field,
    FileField,
    Form,
    GroupField,
    Kept,
    PersonField,
    TextField,
    UploadField,
)
from bot.core.incoming import read_json
from bot.core.message import Option, shorten
from bot.core.people import Place
from bot.core.translation import _

TITLE = 24
"""Longest title or button label of a modal."""

INPUT = 3000
"""Longest input of a text field."""

HINT = 2000
AS_TEXT = ":text"
"""Marks a file field that wants the file's text instead of the file."""

A_GROUP = ":group"
"""Marks a select of a user group, after which the bound groups are read again."""

CHANNELS = "conversations_select"
"""Slack's own list of the channels that the person sees."""

PEOPLE_AT_ONCE = 25
"""Most people listed at once; if there are more, the person types part of the name."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The private metadata of a modal: where it was opened, and the draft of its form. `url` is the response_url of the
    message that the answer replaces, if any."""

    channel: str = ""
    thread: str | None = None
    direct: bool = False
    draft: str | None = None
    url: str = ""

    def place(self, workspace: str) -> Place:
        # The home page is in no channel; like a direct conversation, only its owner sees it.
        return Place(workspace, self.channel, self.thread, self.direct or not self.channel)

    def write(self) -> str:
        kept = {"c": self.channel, "t": self.thread, "i": self.direct or None, "d": self.draft, "u": self.url}
        return json.dumps({k: v for k, v in kept.items() if v})

    @classmethod
    def read(cls, text: str) -> "Origin":
        """Parses metadata that we wrote; anything else gives an empty origin."""
        try:
            kept = read_json(text or "{}")
            channel, url = str(kept.get("c", "")), str(kept.get("u", ""))
            return cls(channel, kept.get("t"), bool(kept.get("i")), kept.get("d"), url)
        except (ValueError, AttributeError):
            return cls()


@dataclass(frozen=True, slots=True)
class Offer:
    """The options of a form's person and group fields."""

    people: Sequence[Option] = ()
    groups: Sequence[Option] = ()


def modal(form: Form, origin: Origin, offer: Offer, warning: str = "") -> Json:
    """The view of a form; `warning` is shown at its top."""
    blocks: list[Json] = []
    for text in (warning and f"⚠️ {warning}", form.intro):
        blocks += [rich.block for rich in sections((text,), Reader())]
    blocks += [_input(field, offer) for field in form.fields[: 100 - len(blocks)]]
    view = {
        "type": "modal",
        "callback_id": form.action,
        "private_metadata": replace(origin, draft=form.draft).write(),
        "title": plain(form.title.removeprefix("/cohort "), TITLE),
        "submit": plain(form.submit, TITLE),
        "close": plain(_("Cancel"), TITLE),
        "blocks": blocks,
    }
    return view if blocks else {**view, "blocks": [{"type": "section", "text": plain(form.title, 3000)}]}


def message_modal(title: str, blocks: list[Json], origin: Origin) -> Json:
    """A view without inputs."""
    return {
        "type": "modal",
        "callback_id": "said",
        "private_metadata": origin.write(),
        "title": plain(title, TITLE),
        "close": plain(_("Close"), TITLE),
        "blocks": blocks,
    }


def _input(field: Field, offer: Offer) -> Json:
    block: Json = {
        "type": "input",
        "block_id": field.name,
        "label": plain(field.label, HINT),
        "optional": not field.required,
        "element": {"action_id": field.name + _mark(field), **_element(field, offer)},
    }
    hint, more = field.hint, ""
    if isinstance(field, TextField) and len(field.value) > INPUT:
        more = _("Only the first {most:,} characters of what you wrote fit in here.", most=INPUT)
    if isinstance(field, UploadField) and (kept := Kept.read(field.value)) is not None:
        more = _("{name} is attached, unless you choose another file.", name=kept.name)
        block["optional"] = True
    hint = f"{hint} {more}".strip()
    return {**block, "hint": plain(hint, HINT)} if hint else block


def _mark(field: Field) -> str:
    return AS_TEXT if isinstance(field, FileField) else A_GROUP if isinstance(field, GroupField) else ""


def _element(field: Field, offer: Offer) -> Json:
    match field:
        case TextField():
            length = max(1, min(field.max_length, INPUT))
            text: Json = {"type": "plain_text_input", "multiline": field.long, "max_length": length}
            # For a value over the limit the person sees the whole text and the problem, not a truncated text.
            room = {"max_length": INPUT} if len(field.value) > length else {}
            return {**text, **room, "initial_value": field.value[:INPUT]} if field.value else text
        case ChoiceField(options=options, value=value):
            if len(options) == 1 and not field.required:
                tick = option(options[0])
                box: Json = {"type": "checkboxes", "options": [tick]}
                return {**box, "initial_options": [tick]} if value == options[0].value else box
            return _list(options, value)
        case DateField(value=value):
            return {"type": "datepicker", **({"initial_date": value} if _is_date(value) else {})}
        case PersonField(value=value):
            if len(offer.people) < PEOPLE_AT_ONCE:
                return _list(offer.people, value)
            chosen = next((p for p in offer.people if p.value == value), None)
            search: Json = {
                "type": "external_select",
                "min_query_length": 0,
                "placeholder": plain(_("Type part of the name"), PLACEHOLDER),
            }
            return {**search, "initial_option": option(chosen)} if chosen else search
        case GroupField(value=value):
            return _list(offer.groups, value)
        case ChannelField(value=value):
            kinds: Json = {"type": CHANNELS, "filter": {"include": ["public", "private"]}}
            return {**kinds, "initial_conversation": value} if value else kinds
        case FileField(endings=endings):
            types = {"filetypes": [e.lstrip(".") for e in endings]} if endings else {}
            return {"type": "file_input", "max_files": 1, **types}
        case UploadField():
            return {"type": "file_input", "max_files": 1}
        case _:
            assert_never(field)


def _list(options: Sequence[Option], value: str) -> Json:
    if not options:
        # Slack refuses an empty list. The form's validation rejects this placeholder.
        options = (Option("-", _("There is nothing to choose")),)
    return {"type": "static_select", "placeholder": plain(_("Choose…"), PLACEHOLDER), **listed(options, value)}


def _is_date(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)) and bool(date.fromisoformat(value))
    except ValueError:
        return False


# Submissions


def filled(view: Json) -> dict[str, str]:
    """Field name -> value of a submitted view; for a file, its name."""
    found: dict[str, str] = {}
    for field, elements in ((view.get("state") or {}).get("values") or {}).items():
        for element in elements.values():
            found[field] = _value(element or {})
    return found


def files_of(view: Json) -> dict[str, tuple[Json, bool]]:
    """Field name -> (Slack's file object, whether the file's text is wanted) of a submitted view."""
    found: dict[str, tuple[Json, bool]] = {}
    for field, elements in ((view.get("state") or {}).get("values") or {}).items():
        for action, element in elements.items():
            if (element or {}).get("type") == "file_input" and element.get("files"):
                found[field] = element["files"][0], action.endswith(AS_TEXT)
    return found


def channels_of(view: Json) -> dict[str, str]:
    """Field name -> channel of the chosen channels of a submitted view."""
    found: dict[str, str] = {}
    for field, elements in ((view.get("state") or {}).get("values") or {}).items():
        for element in elements.values():
            if (element or {}).get("type") == CHANNELS and (chosen := _value(element)):
                found[field] = chosen
    return found


def names_group(view: Json) -> bool:
    """Whether a user group was chosen in a submitted view."""
    states = ((view.get("state") or {}).get("values") or {}).values()
    return any(action.endswith(A_GROUP) for elements in states for action in elements)


def _value(element: Json) -> str:
    match element.get("type"):
        case "plain_text_input":
            return element.get("value") or ""
        case "datepicker":
            return element.get("selected_date") or ""
        case "conversations_select":
            return element.get("selected_conversation") or ""
        case "checkboxes":
            return next((str(o.get("value", "")) for o in element.get("selected_options") or ()), "")
        case "file_input":
            return next((str(f.get("name", "")) for f in element.get("files") or ()), "")
        case _:
            return str((element.get("selected_option") or {}).get("value", ""))


def questions(view: Json) -> tuple[str, list[tuple[str, str, list[str]]]]:
    """What a view asks, to compare two: its action, and each field with its label and the values of its options."""
    fields = [b for b in view.get("blocks") or () if b.get("type") == "input"]
    return str(view.get("callback_id", "")), [
        (str(b["block_id"]), _words(b["label"]["text"]), [str(o["value"]) for o in b["element"].get("options") or ()])
        for b in fields
    ]


def _words(text: str) -> str:
    """A text without emoji and escapes, which Slack writes in its own way."""
    return re.sub(r":[\w+-]{1,50}:|\W", "", unescape(text))


def errors(view: Json, problems: Mapping[str, str]) -> dict[str, str]:
    """Problems by field of the view; problems of no field are shown at the first one. Empty if the view has no
    fields."""
    fields = [b["block_id"] for b in view.get("blocks") or () if b.get("type") == "input"]
    found: dict[str, str] = {}
    for name, problem in problems.items():
        at = name if name in fields else next(iter(fields), "")
        if at:
            found[at] = f"{found[at]} {problem}" if at in found else problem
    return {at: shorten(text, HINT) for at, text in found.items()}
