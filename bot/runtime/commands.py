"""Commands: which cohort a command is about, whether the person may use it, and completions for its parameters."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from bot.core.actions import Action, read_number
from bot.core.commands import Command
from bot.core.errors import FormRefused, NotAllowed, Refused
from bot.core.events import CommandIssued
from bot.core.feature import Reply
from bot.core.forms import UploadField, Values
from bot.core.incoming import one_line
from bot.core.message import Message, Option, message, paragraph, quote
from bot.core.naming import choices
from bot.core.people import STAFF, Account, Actor, Cohort, Place
from bot.core.translation import _
from bot.core.turn import Turn, outside
from bot.runtime import access
from bot.runtime.access import enter
from bot.runtime.context import begin, locate
from bot.runtime.forms import receive
from bot.runtime.ports import Unit
from bot.runtime.registry import Registry

LONGEST_WORD = 40
"""Maximum characters of an unknown command that its answer repeats."""


_CODE = re.compile(r"[A-Za-z0-9-]{1,51}")


class Commands:
    """Runs commands, whether their parameters were typed, filled into a form, or kept while the person chose a
    cohort."""

    def __init__(self, registry: Registry, program: str) -> None:
        """`program` is what the operator types to call this program."""
        self._registry = registry
        self._program = program

    def issue(self, unit: Unit, turn: Turn[Any], event: CommandIssued) -> Reply:
        """Runs a command as it was typed."""
        command = self._registry.command(event.name)
        if command is None:
            raise Refused(self._unknown(event.name))
        values = {**command.parse(event.text), **event.values, **_files(unit, turn, command, event)}
        if command.needs_cohort and turn.cohort is None:
            meant = self._meant(unit, turn, event, command)
            if len(meant) != 1:
                return self._ask_which(unit, turn, command, values, meant)
            enter(turn, meant[0])
        return self.run(unit, turn, command, values)

    def run(self, unit: Unit, turn: Turn[Any], command: Command, values: Values) -> Reply:
        """The handler's reply; or the command's form, filled in, if a parameter is missing or refused."""
        self._check(unit, turn, command, values)
        cohort = turn.cohort.id if turn.cohort else 0
        form = command.form(Action("command", command.name, cohort).encode(), f"/cohort {command.name}")
        if command.missing(values):
            return form.filled(values)
        run = self._registry.command_handler(command.name)
        try:
            return run(replace(turn, store=unit.store(command.feature)), command.read(values))
        except FormRefused as e:
            raise FormRefused(e.problems, e.form or form.filled(values)) from e

    def options(
        self, unit: Unit, actor: Actor, place: Place, name: str, parameter: str, typed: str, now: datetime
    ) -> Sequence[Option]:
        """See `Bot.options`."""
        event = CommandIssued(actor=actor, place=place, id="", at=now, name=name)
        turn = begin(self._registry, unit, event, now)
        locate(unit, turn, now)
        command = self._registry.command(name)
        if turn.cohort is None:
            cohorts = access.cohorts_for(unit.people, turn.me, command) if command else []
            everywhere = unit.people.memberships(turn.me.id)
            cohort = cohorts[0] if cohorts else (unit.people.cohort(everywhere[0].cohort) if everywhere else None)
            if cohort is not None:
                enter(turn, cohort)
        declared = next((p for p in command.parameters if p.name == parameter), None) if command else None
        if declared is None or declared.kind == "person":
            return _people(turn, typed, actor.account.workspace) if turn.roles else []
        if declared.kind == "choice":
            return [Option(c, c) for c in declared.choices if c.startswith(typed.lower())]
        if declared.param.suggest is None or command is None:
            return []
        return declared.param.suggest(replace(turn, store=unit.store(command.feature)), typed)

    @staticmethod
    def _meant(unit: Unit, turn: Turn[Any], event: CommandIssued, command: Command) -> list[Cohort]:
        """The cohorts that a command may be about if no cohort runs in its channel."""
        here = unit.people.cohort_at(event.place, ended=True)
        if here is None:
            running = access.cohorts_for(unit.people, turn.me, command)
            return running or access.cohorts_for(unit.people, turn.me, command, ended=True)
        ended = access.cohorts_for(unit.people, turn.me, command, ended=True)
        if here[0].id not in {c.id for c in ended}:
            raise Refused(
                _(
                    "{cohort} has ended. Everything that was said here is kept. "
                    "Write to me directly for another cohort of yours.",
                    cohort=here[0].title,
                )
            )
        return [here[0]]

    @staticmethod
    def _ask_which(unit: Unit, turn: Turn[Any], command: Command, values: Values, meant: list[Cohort]) -> Message:
        if not meant:
            if turn.people.memberships(turn.me.id):
                raise NotAllowed
            raise Refused(outside(unit.people, turn.me))
        form = command.form(Action("command", command.name).encode(), command.name)
        draft = unit.inbox.open_draft(turn.me.id, form, turn.now)
        unit.inbox.fill_draft(draft, values, turn.now)
        return message(
            paragraph(_("You are in several cohorts. Which one is it for?")),
            quote(values["text"]) if values.get("text") else None,
            *choices(meant, lambda c: Action("command", command.name, c.id, draft).encode()),
        )

    def _check(self, unit: Unit, turn: Turn[Any], command: Command, values: Values) -> None:
        """Raises Refused if the person may not use the command."""
        actor = turn.event.actor if turn.event else None
        admin = command.admins and actor is not None and actor.admin
        if admin:
            return
        if not command.needs_cohort and command.roles and not command.roles & turn.roles:
            # The command is about no cohort in particular: the role in any cohort is enough.
            turn.cohort, turn.purpose = None, None
            turn.roles = frozenset(m.role for m in unit.people.memberships(turn.me.id))
            self._look_back(unit, turn, command)
            if command.admins and actor is not None and not command.roles & turn.roles:
                raise NotAllowed(
                    _(
                        "{command} is for the managers of a cohort, and for whoever administers this workspace or "
                        "server: ask one of them to write it here. Or ask whoever runs Pacekeeper, who makes you a "
                        "manager with "
                        "`{program} cohort name {cohort} {user} manager --workspace {workspace}`. To take part in a "
                        "course, write `/cohort join CODE`.",
                        command=f"`/cohort {command.name}`",
                        program=self._program,
                        cohort=_named(unit, values),
                        user=actor.account.user,
                        workspace=actor.account.workspace,
                    )
                )
            if not turn.roles:
                raise Refused(outside(unit.people, turn.me))
        access.check(turn, command.roles, command.after_end)

    @staticmethod
    def _look_back(unit: Unit, turn: Turn[Any], command: Command) -> None:
        """Adds the roles in ended cohorts, for a command that works there. In the channel of an ended cohort the
        command is about that cohort; elsewhere these roles count if the person has the role in no running cohort."""
        ended = access.cohorts_for(unit.people, turn.me, command, ended=True)
        found = unit.people.cohort_at(turn.place, ended=True) if turn.place is not None else None
        here = next((c for c in ended if found is not None and c.id == found[0].id), None)
        if here is not None:
            enter(turn, here)
        elif ended and not command.roles & turn.roles:
            ids = {c.id for c in ended}
            turn.roles |= {m.role for m in unit.people.memberships(turn.me.id, ended=True) if m.cohort in ids}

    def _unknown(self, name: str) -> str:
        name = one_line(name, LONGEST_WORD)
        words = {word: said for c in self._registry.commands for word, said in c.near.items()}
        words |= {c.name: c.name for c in self._registry.commands if c.name}
        near = [words[word] for word in get_close_matches(name.lower(), words, 1, 0.5)]
        unknown = f"`/cohort {name}`"
        if near:
            return _(
                "There is no {unknown}. Did you mean {near}? `/cohort help` shows what you can do.",
                unknown=unknown,
                near=f"`/cohort {near[0]}`",
            )
        return _("There is no {unknown}. `/cohort help` shows what you can do.", unknown=unknown)


def _files(unit: Unit, turn: Turn[Any], command: Command, event: CommandIssued) -> dict[str, str]:
    """The files that came with a command, which are stored from now on. What was typed names no file."""
    found = {p.name: "" for p in command.parameters if p.kind == "file"}
    return found | {
        field.name: receive(unit, turn, field, event.files[field.name])
        for field in (p.field() for p in command.parameters)
        if isinstance(field, UploadField) and field.name in event.files
    }


def _people(turn: Turn[Any], typed: str, workspace: str) -> list[Option]:
    """The cohort's people whose name contains what was typed, or whose account or number ('#17') it is; learners
    first."""
    wanted = typed.strip().lstrip("@").lower()
    owner = turn.people.owner(Account(workspace, typed.strip()))
    staff = {p.id for role in STAFF for p in turn.people.members(turn.here.id, role)}
    members = sorted(turn.people.members(turn.here.id), key=lambda p: p.id in staff)
    number = owner.id if owner is not None else read_number(wanted.removeprefix("#")) if wanted[:1] == "#" else None
    meant = [p for p in members if p.id == number or wanted in p.name.lower()]
    return [Option(str(p.id), p.name) for p in meant[:25]]


def _named(unit: Unit, values: Values) -> str:
    """The cohort for an operator's command line: the code that was typed, or the only cohort's."""
    typed = values.get("code", "").strip()
    if _CODE.fullmatch(typed):
        return typed
    running = unit.people.cohorts()
    return running[0].code if len(running) == 1 else "COHORT"
