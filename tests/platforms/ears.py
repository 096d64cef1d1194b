"""A recording bot: it stores the events that it gets, and answers interactions as a test says."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bot.core.commands import Command, Shortcut
from bot.core.errors import Unavailable
from bot.core.events import Event, FormSubmitted, Interaction
from bot.core.forms import Form, Values
from bot.core.message import Message, Option, message, paragraph
from bot.core.people import Actor, MessageRef, Place
from bot.core.ports import Answer, Watched
from bot.core.time import SystemClock

E = TypeVar("E")


@dataclass
class Ears:
    """The `Bot` of bot/core/ports.py. Like the real one, it treats an event with a known key as a redelivery.

    `deaf`: saving fails; `slow`: seconds that saving takes. `drafts` are the opened forms with typed values;
    `whispers` the texts by key; `people` the options of person fields, `owners` their values by account, `bound` the
    groups that give roles, `enrolled` accounts that a list brought in, `mine` the person's own page.
    """

    commands: Sequence[Command] = ()
    answer: Callable[[Interaction], Answer] = lambda event: Answer()
    heard: dict[str, Event] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    places: list[Watched] = field(default_factory=list)
    posts: Sequence[MessageRef] = ()
    shortcuts: Sequence[Shortcut] = ()
    owners: dict[str, str] = field(default_factory=dict)
    drafts: dict[str, Form] = field(default_factory=dict)
    whispers: dict[str, Message] = field(default_factory=dict)
    people: Sequence[Option] = ()
    completions: Sequence[Option] = ()
    bound: Sequence[str] = ()
    enrolled: Sequence[str] = ()
    mine: Message | None = None
    deaf: bool = False
    slow: float = 0.0

    def now(self) -> datetime:
        return SystemClock().now()

    async def receive(self, event: Event) -> Answer:
        if self.deaf:
            raise Unavailable
        if event.key in self.heard:
            self.repeated.append(event.key)
        if not isinstance(event, Interaction):
            self.heard.setdefault(event.key, event)
            return Answer()
        if self.slow:
            await asyncio.sleep(self.slow)
        answer = self.answer(event)
        if answer.form is not None and answer.form.draft:
            self.drafts[answer.form.draft] = answer.form
        if not answer.problems:
            self.heard.setdefault(event.key, event)
        return answer

    async def options(self, actor: Actor, place: Place, command: str, parameter: str, typed: str) -> Sequence[Option]:
        if parameter != "person":
            return self.completions
        owner = typed.removeprefix("#") if typed.startswith("#") else self.owners.get(typed)
        return [o for o in self.people if o.value == owner or typed.lower() in o.label.lower()][:25]

    async def draft(self, actor: Actor, draft: str) -> Answer:
        form = self.drafts.get(draft)
        return Answer(form=form) if form else Answer(message=message(paragraph("This form is not kept any more.")))

    async def keep(self, actor: Actor, draft: str, values: Values) -> None:
        self.drafts[draft] = self.drafts[draft].filled(values)

    async def tried(self, event: FormSubmitted) -> Answer:
        return Answer()

    async def recall(self, actor: Actor, key: str) -> Answer:
        said = self.whispers.get(f"{actor.account.user}/{key}")
        return Answer(message=said or message(paragraph("This was for somebody else, or is not kept any more.")))

    async def page(self, actor: Actor, workspace: str) -> Answer:
        return Answer(message=self.mine or message(paragraph(f"The page of {actor.name}.")))

    def all(self, kind: type[E]) -> list[E]:
        """The events of one class, in order."""
        return [e for e in self.heard.values() if isinstance(e, kind)]

    async def last(self, kind: type[E]) -> E | None:
        found = self.all(kind)
        return found[-1] if found else None

    def watch(self, place: Place, after: str | None) -> None:
        """Declares a cohort's channel; `after` is the newest message stored from there."""
        self.places = [*(w for w in self.places if w.place != place), Watched(place, after)]

    async def watched(self, workspace: str) -> Sequence[Watched]:
        return [w for w in self.places if w.place.workspace == workspace]

    async def followed(self, workspace: str) -> Sequence[MessageRef]:
        return [r for r in self.posts if r.workspace == workspace]

    async def accounts(self, workspace: str) -> Sequence[str]:
        actors = [e.actor for e in self.heard.values() if e.actor is not None]
        return [*self.enrolled, *dict.fromkeys(a.account.user for a in actors if a.account.workspace == workspace)]

    async def groups(self, workspace: str) -> Sequence[str]:
        return self.bound
