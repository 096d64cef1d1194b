"""Renders forms as Discord's modals and reads submissions.

A modal holds five fields. A longer form is shown in steps: each submission is kept, and a button opens the next step.
The custom id names the form and the step, so nothing has to be remembered.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any, assert_never

from adapters.discord.controls import OPTIONS, Json, option
from adapters.discord.text import cut, escape, length
from bot.core.actions import read_number
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
from bot.core.message import Option, shorten
from bot.core.people import Account
from bot.core.translation import _

FIELDS = 5
CUSTOM_ID = 100
RADIO = 10
"""Most options of a radio group."""
CHANNELS = (0, 5, 15)
"""The kinds of channels that take posts: text, announcements and forums."""
TYPED = 4000
"""Longest input of a field."""


@dataclass(frozen=True, slots=True)
class Step:
    """One modal of a form: its number, the number of steps, the draft, and the action if it fits into the id."""

    number: int
    of: int
    draft: str
    action: str = ""

    def encode(self) -> str:
        whole = f"{self.number}.{self.of}|{self.draft}|{self.action}"
        return whole if len(whole) <= CUSTOM_ID else f"{self.number}.{self.of}|{self.draft}|"

    @classmethod
    def decode(cls, custom_id: str) -> "Step | None":
        head, bar, rest = custom_id.partition("|")
        draft, bar2, action = rest.partition("|")
        number, dot, of = head.partition(".")
        if not (bar and bar2 and dot) or not (number.isdigit() and of.isdigit()):
            return None
        return cls(int(number), int(of), draft, action)

    @property
    def last(self) -> bool:
        return self.number + 1 >= self.of


def steps(form: Form) -> list[tuple[Field, ...]]:
    """The fields of each modal; the form's introduction takes one slot of the first. Files come last, because they are
    submitted only with the last step."""
    fields = tuple(sorted(form.fields, key=lambda f: isinstance(f, UploadField)))
    first = FIELDS - 1 if form.intro.strip() else FIELDS
    pages = [fields[:first]]
    pages += [fields[n : n + FIELDS] for n in range(first, len(fields), FIELDS)]
    return pages


def step_of(form: Form, names: Collection[str]) -> int:
    """The first step with one of these fields."""
    return next((n for n, page in enumerate(steps(form)) if any(f.name in names for f in page)), 0)


@dataclass(frozen=True, slots=True)
class Offer:
    """The options of a form's person and channel fields. `accounts` belong to the people that the form names
    already."""

    people: Sequence[Option] = ()
    accounts: Mapping[int, Account] = made(default_factory=dict)
    channels: Sequence[Option] = ()


def modal(form: Form, number: int, offer: Offer) -> Json:
    """Step `number` of a form."""
    pages = steps(form)
    number = min(number, len(pages) - 1)
    step = Step(number, len(pages), form.draft or "", form.action)
    title = form.title
    if len(pages) > 1:
        title = _("{title} ({part} of {of})", title=cut(title, 36), part=number + 1, of=len(pages))
    components = [_label(f, offer) for f in pages[number]]
    if number == 0 and form.intro.strip():
        components.insert(0, {"type": 10, "content": escape(form.intro.strip()[:1000])})
    return {"custom_id": step.encode(), "title": cut(title, 45) or _("Form"), "components": components}


def _label(field: Field, offer: Offer) -> Json:
    component = _component(field, offer)
    found: Json = {"type": 18, "label": cut(field.label, 45) or field.name, "component": component}
    # The full text of a label that was cut is shown below it.
    hint = field.hint or (field.label if len(field.label) > 45 else "")
    if isinstance(field, UploadField) and (kept := Kept.read(field.value)) is not None:
        hint = _("{name} is attached. Choose a file to replace it.", name=shorten(kept.name, 50))
    elif isinstance(field, FileField) and field.value:
        hint = _("What you sent before is kept. Choose a file to replace it.")
    elif isinstance(field, TextField) and length(field.value) > TYPED:
        hint = _("Too long to show here ({n:,} characters); kept. What you write replaces it.", n=len(field.value))
    if hint:
        found["description"] = cut(hint, 100)
    return found


def _component(field: Field, offer: Offer) -> Json:
    match field:
        case TextField() if length(field.value) > TYPED:
            # A value written elsewhere; an empty field keeps it.
            return _text(f"k:{field.name}", False, "", field.max_length, long=True)
        case TextField():
            return _text(field.name, field.required, field.value, field.max_length, long=field.long)
        case DateField():
            return _text(field.name, field.required, field.value, 40, hint=_("25 March, tomorrow or 2026-01-31"))
        case ChoiceField(options=options):
            if len(options) > OPTIONS:
                return _text(
                    field.name, field.required, field.value, 100, hint=_("Such as {option}", option=options[0].label)
                )
            if len(options) == 1 and not field.required:
                return _tick(field, options[0])
            # A choice in a radio group cannot be taken back, so what may stay empty is a select.
            return _radio(field) if field.required and 1 < len(options) <= RADIO else _select(field, options)
        case PersonField():
            # A select of options holds 25; beyond that Discord offers everybody in the server.
            few = 0 < len(offer.people) < OPTIONS
            return _select(field, offer.people) if few else _users(field, offer.accounts)
        case GroupField():
            return _roles(field)
        case ChannelField():
            return _channels(field, offer.channels[:OPTIONS])
        case FileField():
            return _upload(f"f:{field.name}", field.required and not field.value)
        case UploadField(max_bytes=most):
            return _upload(f"u{most}:{field.name}", field.required and not field.value)
        case _:
            assert_never(field)


def _text(name: str, required: bool, value: str, most: int, *, long: bool = False, hint: str = "") -> Json:
    found: Json = {
        "type": 4,
        "custom_id": name if ":" in name else f"v:{name}",
        "style": 2 if long else 1,
        "required": required,
        "max_length": max(1, min(most, TYPED)),
    }
    if value:
        found["value"] = value[: found["max_length"]]
    if hint:
        found["placeholder"] = cut(hint, 100)
    return found


def _select(field: ChoiceField | PersonField, options: Sequence[Option]) -> Json:
    found: Json = {
        "type": 3,
        "custom_id": f"v:{field.name}",
        "options": [option(o, chosen=o.value == field.value) for o in options],
        "min_values": 1 if field.required else 0,
        "max_values": 1,
        "required": field.required,
    }
    return found


def _radio(field: ChoiceField) -> Json:
    options = [option(o, chosen=o.value == field.value) for o in field.options]
    return {"type": 21, "custom_id": f"v:{field.name}", "options": options, "required": True}


def _tick(field: ChoiceField, meant: Option) -> Json:
    return {"type": 23, "custom_id": f"t{meant.value}:{field.name}", "default": field.value == meant.value}


def _users(field: PersonField, accounts: Mapping[int, Account]) -> Json:
    found: Json = {"type": 5, "custom_id": f"p:{field.name}", "max_values": 1, "required": field.required}
    found["min_values"] = 1 if field.required else 0
    account = accounts.get(read_number(field.value) or 0)
    if account is not None:
        found["default_values"] = [{"id": account.user, "type": "user"}]
    return found


def _roles(field: GroupField) -> Json:
    found: Json = {"type": 6, "custom_id": f"r:{field.name}", "max_values": 1, "required": field.required}
    found["min_values"] = 1 if field.required else 0
    role, _, _ = field.value.partition(":")
    if role:
        found["default_values"] = [{"id": role, "type": "role"}]
    return found


def _channels(field: ChannelField, options: Sequence[Option]) -> Json:
    """Discord's own list of channels, or `options`: in a direct conversation Discord lists none."""
    found: Json = {"type": 8, "custom_id": f"c:{field.name}", "max_values": 1, "required": field.required}
    found["min_values"] = 1 if field.required else 0
    if options:
        return {**found, "type": 3, "options": [option(o, chosen=o.value == field.value) for o in options]}
    if field.value:
        found["default_values"] = [{"id": field.value, "type": "channel"}]
    return {**found, "channel_types": list(CHANNELS)}


def _upload(name: str, required: bool) -> Json:
    least = 1 if required else 0
    return {"type": 19, "custom_id": name, "min_values": least, "max_values": 1, "required": required}


# Submissions


@dataclass(frozen=True, slots=True)
class Sent:
    """A submitted file: its name, its size in bytes, and its address at Discord. `most` is its size limit, None for a
    text file, whose text becomes the field's value."""

    name: str
    size: int
    url: str
    most: int | None

    @classmethod
    def read(cls, attachment: Mapping[str, Any], name: str, most: int | None) -> "Sent":
        size = int(attachment.get("size", 0))
        return cls(str(attachment.get("filename", name)), size, str(attachment["url"]), most)


@dataclass(frozen=True, slots=True)
class Typed:
    """A submitted modal. `accounts` are person fields: the id and the name of the account that was picked. `channels`
    are channel fields that are filled in. `left_out` are empty fields, which keep their value."""

    values: dict[str, str]
    accounts: dict[str, tuple[str, str]]
    channels: dict[str, str]
    files: dict[str, Sent]
    left_out: tuple[str, ...]


def typed(data: Mapping[str, Any]) -> Typed:
    """Reads the data of a modal's interaction."""
    resolved = data.get("resolved") or {}
    attachments, roles, users = (resolved.get(kind) or {} for kind in ("attachments", "roles", "users"))
    values: dict[str, str] = {}
    accounts: dict[str, tuple[str, str]] = {}
    channels: dict[str, str] = {}
    files: dict[str, Sent] = {}
    left_out: list[str] = []
    for component in _inputs(data.get("components") or ()):
        kind, _, name = str(component.get("custom_id", "")).partition(":")
        chosen = component.get("values") or []
        if kind == "v":
            values[name] = str(component["value"] or "") if "value" in component else str(chosen[0] if chosen else "")
        elif kind == "r":
            name_of = {id: str(role.get("name", id)) for id, role in roles.items()}
            values[name] = f"{chosen[0]}:{name_of.get(str(chosen[0]), chosen[0])}" if chosen else ""
        elif kind == "k":
            if component.get("value"):
                values[name] = str(component["value"])
            else:
                left_out.append(name)
        elif kind == "p" and chosen:
            user = users.get(str(chosen[0])) or {}
            accounts[name] = str(chosen[0]), str(user.get("global_name") or user.get("username") or chosen[0])
        elif kind == "c":
            values[name] = str(chosen[0]) if chosen else ""
            channels.update({name: values[name]} if chosen else {})
        elif kind == "p":
            values[name] = ""
        elif kind[:1] == "t":
            values[name] = kind[1:] if component.get("value") else ""
        elif kind[:1] in ("f", "u"):
            sent = attachments.get(str(chosen[0])) if chosen else None
            if sent is None:
                left_out.append(name)
                continue
            most = int(kind[1:]) if kind[1:].isdigit() else None
            files[name] = Sent.read(sent, name, most)
    return Typed(values, accounts, channels, files, tuple(left_out))


def _inputs(components: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The fields, whether in a label or in a row."""
    found: list[Mapping[str, Any]] = []
    for c in components:
        if isinstance(c.get("component"), Mapping):
            found += _inputs([c["component"]])
        elif c.get("components"):
            found += _inputs(c["components"])
        elif "custom_id" in c:
            found.append(c)
    return found
