"""The registry: everything that the mounted features declare."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.core.actions import Action
from bot.core.commands import Command, Shortcut
from bot.core.due import CatchUp, Due
from bot.core.events import CommandIssued, Event, FormSubmitted
from bot.core.feature import Feature, Handler, Reply, Submission
from bot.core.keeping import KeptTable
from bot.core.message import Message
from bot.core.pages import File, Page
from bot.core.private import Receipt, Said
from bot.core.translation import _
from bot.core.turn import Turn
from bot.runtime.keeping import KEPT


@dataclass(frozen=True, slots=True)
class Subscriber:
    feature: str
    run: Callable[[Turn[Any], Any], None]


@dataclass(frozen=True, slots=True)
class DueHandler:
    """What happens when a row of a kind is due."""

    feature: str
    policy: CatchUp
    run: Callable[[Turn[Any], Any], None]


@dataclass(frozen=True, slots=True)
class Preparing:
    """Work that takes long, and whose it is."""

    feature: str
    prepare: Callable[[Turn[Any], Due], Callable[[], Any] | None]
    keep: Callable[[Turn[Any], Due, Any], None]


Taker = Callable[[Turn[Any], Said | None, str], Receipt]


class Registry:
    """Looks up declarations by name. Raises ValueError if two features declare the same thing, or if a feature offers a
    meaning of a private message that no feature takes."""

    def __init__(self, features: Sequence[Feature[Any]]) -> None:
        self.features = tuple(features)
        self._commands: dict[str, tuple[Command, Callable[[Turn[Any], Any], Reply]]] = {}
        self._shortcuts: dict[str, tuple[str, Shortcut, Handler[Any]]] = {}
        self._handlers: dict[tuple[str, str, bool], Handler[Any]] = {}
        self._trials: dict[tuple[str, str], Callable[[Turn[Any], Submission], Message]] = {}
        self._lookups: dict[tuple[str, str], str] = {}
        self._readings: list[tuple[type, Callable[[Any], str]]] = []
        self._subscribers: dict[type, list[Subscriber]] = {}
        self._dues: dict[str, DueHandler] = {}
        self._preparing: dict[str, Preparing] = {}
        for feature in features:
            for name, declared in feature.commands.items():
                if name in self._commands:
                    raise ValueError(f"Two features declare the command {name!r}.")
                self._commands[name] = declared
            for name, (shortcut, run_shortcut) in feature.shortcuts.items():
                self._shortcuts[name] = (feature.name, shortcut, run_shortcut)
            for (name, is_form), handler in feature.handlers.items():
                self._handlers[feature.name, name, is_form] = handler
            self._trials.update({(feature.name, name): run for name, run in feature.trials.items()})
            self._lookups.update(feature.lookups)
            self._readings += feature.readings
            for kind, run in feature.subscribers:
                self._subscribers.setdefault(kind, []).append(Subscriber(feature.name, run))
            for kind_name, (policy, run_due) in feature.dues.items():
                self._dues[kind_name] = DueHandler(feature.name, policy, run_due)
            for kind_name, long in feature.preparations.items():
                self._preparing[kind_name] = Preparing(feature.name, long.prepare, long.keep)
        self._takers = _takers(features)
        self.taken_after_end = frozenset(kind for feature in features for kind in feature.taken_after_end)
        for feature in features:
            if feature.chooser is None:
                continue
            for taken in self._takers:
                if (feature.name, taken, False) in self._handlers:
                    raise ValueError(f"The kind {taken!r} has the name of an action of {feature.name!r}.")
                self._handlers[feature.name, taken, False] = feature.chooser(taken, taken in self.taken_after_end)

    @property
    def kept(self) -> Sequence[KeptTable]:
        """All tables, and what they hold about people."""
        return [*KEPT, *(kept for feature in self.features for kept in feature.kept)]

    @property
    def pages(self) -> Sequence[tuple[Page, Callable[[Turn[Any], Any], Message | File]]]:
        return [declared for feature in self.features for declared in feature.pages]

    @property
    def commands(self) -> Sequence[Command]:
        return [c for c, _ in self._commands.values()]

    def command(self, name: str) -> Command | None:
        found = self._commands.get(name)
        return found[0] if found else None

    def command_handler(self, name: str) -> Callable[[Turn[Any], Any], Reply]:
        """The handler of a command."""
        return self._commands[name][1]

    @property
    def shortcuts(self) -> Sequence[Shortcut]:
        return [
            replace(shortcut, label=_(shortcut.label), summary=_(shortcut.summary))
            for feature, shortcut, handler in self._shortcuts.values()
        ]

    def shortcut(self, name: str) -> tuple[str, Handler[Any]] | None:
        """The feature that declares a shortcut, and its handler."""
        found = self._shortcuts.get(name)
        return (found[0], found[2]) if found else None

    def handler(self, feature: str, name: str, is_form: bool) -> Handler[Any] | None:
        """The handler of a button, or of the form with the same name."""
        return self._handlers.get((feature, name, is_form))

    def handler_names(self, feature: str, is_form: bool) -> list[str]:
        """The names of a feature's buttons, or of its forms, in order."""
        return sorted(name for own, name, form in self._handlers if own == feature and form is is_form)

    def looked_up(self, event: Event) -> str:
        """The text of an event that will be looked up by its meaning; '' if there is none."""
        if isinstance(event, CommandIssued):
            command = self.command(event.name)
            values = {**command.parse(event.text), **event.values} if command else {}
            return values.get(self._lookups.get(("command", event.name), ""), "")
        if isinstance(event, FormSubmitted) and (action := Action.decode(event.action)) is not None:
            return event.values.get(self._lookups.get((action.feature, action.name), ""), "")
        return next((text for kind, read in self._readings if isinstance(event, kind) and (text := read(event))), "")

    def taker(self, kind: str) -> tuple[str, Taker] | None:
        """The feature that takes private messages of a kind, and its handler."""
        return self._takers.get(kind)

    def subscribers(self, kind: type) -> Sequence[Subscriber]:
        return self._subscribers.get(kind, ())

    def kinds(self, after_end: bool = True) -> list[str]:
        """The kinds of due rows; without `after_end` only those that do not happen in an ended cohort."""
        return [kind for kind, handler in self._dues.items() if after_end or not handler.policy.after_end]

    def due(self, kind: str) -> DueHandler | None:
        return self._dues.get(kind)

    def trial(self, action: Action) -> Callable[[Turn[Any], Submission], Message] | None:
        """What shows what a form would make of its input."""
        return self._trials.get((action.feature, action.name))

    def preparing(self, kind: str) -> Preparing | None:
        """The work that takes long behind a kind of due rows."""
        return self._preparing.get(kind)

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the kinds of due rows that the course team decides about after a downtime."""
        return {kind: handler.policy.title for kind, handler in self._dues.items() if handler.policy.title}

    @property
    def folded(self) -> list[str]:
        """The kinds of due rows of which only the newest happens."""
        return [kind for kind, handler in self._dues.items() if handler.policy.fold]


def _takers(features: Sequence[Feature[Any]]) -> dict[str, tuple[str, Taker]]:
    """The feature that takes private messages, by their kind. Raises ValueError."""
    found: dict[str, tuple[str, Taker]] = {}
    for feature in features:
        for kind, run in feature.takers.items():
            if kind in found:
                raise ValueError(f"Two features take private messages of the kind {kind!r}.")
            if not re.fullmatch("[a-z]{1,16}", kind):
                raise ValueError(f"The kind {kind!r} is not a lower-case word of at most 16 letters.")
            found[kind] = (feature.name, run)
    for feature in features:
        for kind in feature.meaning_lists:
            if kind not in found:
                raise ValueError(f"{feature.name!r} offers the kind {kind!r} of private messages; no feature takes it.")
    return found
