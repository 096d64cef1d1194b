"""Completions in the composer while a person types a command."""

from collections.abc import Iterable, Sequence
from typing import Any

from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.performer import PREFIX, split_command
from bot.core.commands import Command, Parameter
from bot.core.message import Option
from bot.core.people import Role
from bot.core.translation import _

Json = dict[str, Any]

MOST = 12
"""Completions shown at once."""


def commands_json(commands: Iterable[Command]) -> list[Json]:
    return [
        {
            "name": c.name,
            "summary": c.summary,
            "example": c.example,
            "roles": sorted(c.roles),
            "parameters": [
                {
                    "name": p.name,
                    "kind": p.kind,
                    "label": p.param.label,
                    "hint": p.param.hint,
                    "required": p.required,
                    "choices": list(p.choices),
                }
                for p in c.typed
            ],
        }
        for c in commands
    ]


async def complete(sandbox: Sandbox, person: str, place: str, text: str) -> list[Json]:
    """Completions for the composer's text: [{insert, label, hint, name}].

    `insert` is the whole text with the completion in place; `name` says whether it is a command's name.
    """
    if not text.startswith("/"):
        return []
    if " " not in text:
        return _names(sandbox.commands, text[1:].lower() if not PREFIX.startswith(text) else "")
    name, rest = split_command(text, [c.name for c in sandbox.commands])
    command = next((c for c in sandbox.commands if c.name == name), None)
    typed_name = text[len(PREFIX) :].strip() if text.startswith(PREFIX) else text[1:]
    if command is None or not command.name or (not rest and not text.endswith(" ")):
        return _names(sandbox.commands, typed_name.lower())
    return await _parameters(sandbox, command, person, place, rest)


def _names(commands: Sequence[Command], typed: str) -> list[Json]:
    found = [c for c in commands if c.name.startswith(typed)]
    return [
        {
            "insert": f"{PREFIX} {c.name} " if c.name else PREFIX,
            "label": f"{PREFIX} {c.name}".rstrip(),
            "hint": c.summary,
            "name": True,
        }
        # Commands for everybody come first.
        for c in sorted(found, key=lambda c: (bool(c.roles) and Role.LEARNER not in c.roles, c.name))
    ][: MOST * 2]


async def _parameters(sandbox: Sandbox, command: Command, person: str, place: str, rest: str) -> list[Json]:
    before, word = ("", rest) if " " not in rest else (rest[: rest.rindex(" ") + 1], rest[rest.rindex(" ") + 1 :])
    wanted, _, typed = word.partition("=") if "=" in word else ("", "", word)
    current = next((p for p in command.typed if p.name == wanted), None) or _at_hand(command, before)
    head = f"{PREFIX} {command.name} "
    found: list[Json] = []
    if current is not None:
        whole = rest if current.kind == "text" and not wanted else typed
        offers = await _offers(sandbox, command, current, person, place, whole)
        lead = head + ("" if whole is rest else before) + (f"{current.name}=" if wanted else "")
        found = [{"insert": f"{lead}{o.value} ", "label": o.label, "hint": "", "name": False} for o in offers[:MOST]]
    if not word:
        # The other parameters by name. They go in front, because a text parameter takes everything after it.
        given = {w.partition("=")[0] for w in before.split() if "=" in w}
        found += [
            {"insert": f"{head}{before}{p.name}=", "label": f"{p.name}=", "hint": _about(p), "name": False}
            for p in command.typed
            if p.name not in given and not (p.kind == "text" and before)
        ]
    return found[:MOST]


def _at_hand(command: Command, before: str) -> Parameter | None:
    """The parameter that the next unnamed word fills."""
    words = [w for w in before.split() if "=" not in w]
    named = {w.partition("=")[0] for w in before.split() if "=" in w}
    for p in command.typed:
        if p.kind == "flag" or p.name in named:
            continue
        if p.kind == "text" or not words:
            return p
        words.pop(0)
    return None


async def _offers(
    sandbox: Sandbox, command: Command, p: Parameter, person: str, place: str, typed: str
) -> Sequence[Option]:
    if p.kind == "flag":
        return [Option("yes", _("yes"))]
    if p.kind == "choice":
        return [Option(c, c.replace("_", " ")) for c in p.choices if c.startswith(typed)]
    if p.kind == "person" or p.param.suggest is not None:
        return await sandbox.options(person, place, command.name, p.name, typed)
    return []


def _about(p: Parameter) -> str:
    return p.param.label if p.required else _("{label} (optional)", label=p.param.label)
