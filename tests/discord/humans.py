"""What people see and press on the fake Discord."""

from collections.abc import Mapping
from typing import Any

from tests.discord.fake import FakeDiscord
from tests.discord.markdown import shown_with

Json = dict[str, Any]


def read(text: str, names: Mapping[str, str] = {}) -> str:
    """Markdown as a person sees it: without formatting characters, with escaped ones."""
    return shown_with(text, names)


def labels(message: Json) -> tuple[str, ...]:
    inside = [c for row in message["components"] for c in row["components"]]
    return tuple(c.get("label") or c.get("placeholder", "") for c in inside)


def component(message: Json, label: str) -> Json:
    inside = [c for row in message["components"] for c in row["components"]]
    return next(c for c in inside if (c.get("label") or c.get("placeholder")) == label)


def press(fake: FakeDiscord, user: str, message: Json, label: str, value: str | None = None) -> Json:
    """Presses a button, or picks from a select."""
    found = component(message, label)
    data: Json = {"custom_id": found["custom_id"], "component_type": found["type"], "id": 1}
    if value is not None:
        data["values"] = [value]
    return fake.interact(user, message["channel_id"], 3, data, message)


def command(fake: FakeDiscord, user: str, channel: str, name: str, **values: Any) -> Json:
    """Issues a command; a tuple is a file, with its name and what is in it."""
    files = {k: fake.keep(*v) for k, v in values.items() if isinstance(v, tuple)}
    values |= {k: file["id"] for k, file in files.items()}
    options = [
        {"name": k, "type": 11 if k in files else 5 if isinstance(v, bool) else 3, "value": v}
        for k, v in values.items()
    ]
    sub = {"name": name, "type": 1, "options": options}
    resolved = {"resolved": {"attachments": {file["id"]: file for file in files.values()}}} if files else {}
    return fake.interact(user, channel, 2, {"id": "1", "name": "cohort", "type": 1, "options": [sub], **resolved})


def fields(modal: Json) -> dict[str, Json]:
    """The fields of a modal by their names in the form."""
    inside = [c["component"] for c in modal["components"] if "component" in c]
    return {c["custom_id"].partition(":")[2]: c for c in inside}


def filled(modal: Json) -> dict[str, str]:
    return {name: _filled(c) for name, c in fields(modal).items()}


def _filled(c: Json) -> str:
    if c["type"] == 23:
        return "yes" if c.get("default") else ""
    chosen = [o["value"] for o in c.get("options", []) if o.get("default")]
    return str(next(iter([*chosen, *(d["id"] for d in c.get("default_values", []))]), c.get("value", "")))


def submit(fake: FakeDiscord, user: str, values: Mapping[str, Any]) -> Json:
    """Submits the open modal; a list value is a choice or an uploaded file."""
    opened, modal = fake.modals.pop(user)
    before = filled(modal)
    sent, attachments = [], {}
    for name, c in fields(modal).items():
        value = values.get(name, before[name])
        own: Json = {"type": c["type"], "custom_id": c["custom_id"], "id": 2}
        if c["type"] == 19:
            files = [fake.keep(*f) for f in value] if value else []
            attachments |= {f["id"]: f for f in files}
            own["values"] = [f["id"] for f in files]
        elif c["type"] in (3, 5, 6, 8):
            own["values"] = [value] if value else []
        elif c["type"] == 21:
            own["value"] = value or None
        elif c["type"] == 23:
            own["value"] = bool(value)
        else:
            own["value"] = value
        sent.append({"type": 18, "id": 3, "component": own})
    data: Json = {"custom_id": modal["custom_id"], "components": sent}
    chosen = {v for c in sent for v in c["component"].get("values", []) if c["component"]["type"] == 6}
    roles = {r["id"]: r for r in fake.guild["roles"] if r["id"] in chosen}
    picked = {v for c in sent for v in c["component"].get("values", []) if c["component"]["type"] == 5}
    users = {id: member["user"] for id, member in fake.members.items() if id in picked}
    if attachments or roles or users:
        data["resolved"] = {"attachments": attachments, "roles": roles, "users": users}
    return fake.interact(user, opened["channel_id"], 5, data, opened.get("message"))
