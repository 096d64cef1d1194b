"""Declares `/cohort` and the entries of the message menu to Discord, and reads them when used.

On Discord a command group is not a command itself, so `/cohort` alone becomes `/cohort home`.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.discord.controls import OPTIONS, Json
from adapters.discord.modals import Sent
from adapters.discord.rest import Rest
from adapters.discord.state import Store
from adapters.discord.text import cut
from bot.core.commands import Command, Parameter, Shortcut
from bot.core.forms import UploadField
from bot.core.message import Option
from bot.core.translation import _

GROUP = "cohort"
HOME = "home"
SUBCOMMANDS = 25
LONGEST = 6000
_SYNCED = "commands"

_TYPES = {"text": 3, "choice": 3, "date": 3, "person": 3, "flag": 5, "number": 4, "file": 11}


def declarations(commands: Sequence[Command], shortcuts: Sequence[Shortcut]) -> list[Json]:
    """Everything that is registered with Discord, for guilds and direct conversations."""
    common: Json = {"contexts": [0, 1], "integration_types": [0]}
    group: Json = {
        "type": 1,
        "name": GROUP,
        "description": _("Your course: what is next, asking, handing in, settings."),
        "options": [_subcommand(c) for c in commands[:SUBCOMMANDS]],
        **common,
    }
    return [
        group,
        *({"type": 3, "name": cut(s.label, 32), "contexts": [0], "integration_types": [0]} for s in shortcuts),
    ]


def _subcommand(command: Command) -> Json:
    # Discord requires mandatory options first.
    parameters = sorted(command.parameters, key=lambda p: not p.required)
    found: Json = {
        "type": 1,
        "name": name_of(command.name),
        "description": cut(command.summary, 100) or command.name,
    }
    if parameters:
        found["options"] = [_option(p) for p in parameters[:OPTIONS]]
    return found


def name_of(name: str) -> str:
    return re.sub(r"[^\w-]", "-", name.lower())[:32] or HOME


def _option(p: Parameter) -> Json:
    hint = f"{p.param.label}: {p.param.hint}" if p.param.hint else p.param.label
    if p.kind == "date":
        hint = _("{label}, such as 2026-01-31", label=p.param.label)
    found: Json = {
        "type": _TYPES[p.kind],
        "name": name_of(p.name),
        "description": cut(hint, 100),
        "required": p.required,
    }
    if p.kind == "choice" and len(p.choices) <= OPTIONS:
        found["choices"] = [{"name": cut(p.label_of(c), 100), "value": c} for c in p.choices]
    elif p.kind in ("person", "choice") or p.param.suggest is not None:
        found["autocomplete"] = True
    elif p.kind == "text":
        found["max_length"] = min(p.param.max_length, LONGEST)
    elif p.kind == "date":
        found["max_length"] = 10
    return found


async def register(rest: Rest, store: Store, application: str, declared: list[Json]) -> bool:
    """Registers the commands with Discord if they have changed; returns whether it did."""
    print = hashlib.sha256(json.dumps([application, declared], sort_keys=True).encode()).hexdigest()
    if store.fact(_SYNCED) == print:
        return False
    await rest.write(lambda http: http.bulk_upsert_global_commands(application, declared))
    store.keep_fact(_SYNCED, print)
    return True


# Reading


@dataclass(frozen=True, slots=True)
class Given:
    """What an interaction's data says of a command. `focused` is the parameter that is being typed."""

    name: str
    values: dict[str, str]
    files: dict[str, Sent]
    focused: str


def command_of(data: Mapping[str, Any], commands: Sequence[Command]) -> Given:
    sub: Mapping[str, Any] = next((o for o in data.get("options") or () if o.get("type") == 1), {})
    typed = sub.get("name", HOME)
    name = next((c.name for c in commands if name_of(c.name) == typed), typed)
    own = next((c for c in commands if c.name == name), None)
    names = {name_of(p.name): p.name for p in own.parameters} if own else {}
    given = [(names.get(o["name"], o["name"]), o) for o in sub.get("options") or ()]
    focused = next((n for n, o in given if o.get("focused")), "")
    attachments = (data.get("resolved") or {}).get("attachments") or {}
    most = {f.name: f.max_bytes for p in own.parameters if isinstance(f := p.field(), UploadField)} if own else {}
    files = {
        n: Sent.read(attachments[str(o["value"])], n, most[n])
        for n, o in given
        if n in most and str(o.get("value")) in attachments
    }
    return Given(name, {n: _value(o.get("value")) for n, o in given if n not in most}, files, focused)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def choices(options: Sequence[Option]) -> list[Json]:
    """Completions; options too long to be returned whole are skipped."""
    fit = [o for o in options if o.value and len(o.value) <= 100]
    return [{"name": cut(o.label, 100) or o.value, "value": o.value} for o in fit[:OPTIONS]]
