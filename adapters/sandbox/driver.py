"""Conversations in-process, for tests and rehearsals: the same acts as over the JSON interface, without it.

chat = Chat(sandbox, settle=driver.settle)
mia = chat.person("mia")
reply = await mia.command("ask", "How long is the report?")
await mia.press(reply, "Edit")
await mia.submit(text="How long is the report, at most?")
assert "Thank you" in mia.last().text
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from adapters.sandbox.acts import Act, Outcome, clean
from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.members import direct
from adapters.sandbox.records import Post
from adapters.sandbox.views import Json, actions, documents_json, text_for
from bot.core.events import Medium
from bot.core.forms import Form, Upload
from bot.core.people import UNKNOWN_ZONE


class CannotSee(AssertionError):
    """The person does not see what the conversation names."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as a person sees it. `buttons` holds the labels of its buttons and selects, `files` the texts of its
    documents by their names."""

    id: int
    place: str
    by: str
    text: str
    thread: int | None = None
    to: str | None = None
    deleted: bool = False
    edited: bool = False
    controls: tuple[Json, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def buttons(self) -> list[str]:
        return [c["label"] for c in self.controls]


@dataclass(frozen=True, slots=True)
class Result:
    """The result of an act. `text` and `buttons` are those of the private answer, empty if there was none."""

    message: int | None = None
    reply: Seen | None = None
    form: Form | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.reply.text if self.reply else ""

    @property
    def buttons(self) -> list[str]:
        return self.reply.buttons if self.reply else []

    @property
    def files(self) -> Mapping[str, str]:
        return self.reply.files if self.reply else {}


class Chat:
    """The sandbox's chat. `settle` is awaited after every act; None: the bot's own messages come when they come."""

    def __init__(self, sandbox: Sandbox, settle: Callable[[], Awaitable[None]] | None = None) -> None:
        self.sandbox = sandbox
        self._settle = settle

    def person(self, id: str, name: str = "", zone: str = UNKNOWN_ZONE, title: str = "") -> "Speaker":
        """A person of the chat. If `name` is given and they do not exist, they are added."""
        if name:
            self.sandbox.platform.add_person(id, name, zone, title)
        return Speaker(self, self.sandbox.platform.human(id).id)

    def channel(self, name: str, topic: str = "") -> str:
        """Adds a channel."""
        return self.sandbox.platform.add_channel(name, topic).id

    async def act(self, act: Act) -> Outcome:
        outcome = await self.sandbox.act(act)
        if self._settle is not None:
            await self._settle()
        return outcome


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person in the chat. Acts raise BadAct where the person could not do that."""

    chat: Chat
    id: str

    async def say(
        self,
        place: str,
        text: str,
        thread: int | None = None,
        delivery: str | None = None,
        kind: Medium = "text",
    ) -> Result:
        """Says something in a place; 'dm' is the direct conversation with the bot. `kind` is the message's medium."""
        where = self._place(place)
        return await self._act(Act(self.id, "say", where, thread, text=clean(text), delivery=delivery, kind=kind))

    async def edit(self, message: int, text: str, delivery: str | None = None) -> Result:
        return await self._act(Act(self.id, "edit", message=message, text=clean(text), delivery=delivery))

    async def delete(self, message: int, delivery: str | None = None) -> Result:
        return await self._act(Act(self.id, "delete", message=message, delivery=delivery))

    async def react(self, message: int, emoji: str, delivery: str | None = None) -> Result:
        return await self._act(Act(self.id, "react", message=message, emoji=emoji, delivery=delivery))

    async def unreact(self, message: int, emoji: str, delivery: str | None = None) -> Result:
        return await self._act(Act(self.id, "unreact", message=message, emoji=emoji, delivery=delivery))

    async def command(
        self,
        name: str,
        text: str = "",
        place: str = "dm",
        values: Mapping[str, str] | None = None,
        delivery: str | None = None,
        files: Mapping[str, Upload] | None = None,
    ) -> Result:
        """Issues a command: `command("ask", "Why?")` is what `/cohort ask Why?` types."""
        typed, where = clean(f"{name} {text}".strip()), self._place(place)
        act = Act(self.id, "command", where, text=typed, values=values or {}, delivery=delivery, files=files or {})
        return await self._act(act)

    async def press(
        self, where: Result | Seen | int, label: str, value: str = "", delivery: str | None = None
    ) -> Result:
        """Presses a button by its label; for a select, `value` is the value or the label of the choice.

        Raises CannotSee if the message has none.
        """
        seen = self._seen(where)
        control = next((c for c in seen.controls if c["label"] == label), None)
        if control is None:
            raise CannotSee(f"{self.id} sees no {label!r} on {seen.text!r}; there is {seen.buttons}.")
        value = next((o["value"] for o in control.get("options", ()) if o["label"] == value), value)
        values, action = {"value": value} if value else {}, control["action"]
        return await self._act(Act(self.id, "press", message=seen.id, action=action, values=values, delivery=delivery))

    async def choose(self, message: int, label: str, delivery: str | None = None) -> Result:
        """Chooses an entry of a message's menu by its label. Raises CannotSee if there is none."""
        found = next((s.name for s in self.chat.sandbox.shortcuts if s.label == label), None)
        if found is None:
            raise CannotSee(f"No message has {label!r} in its menu.")
        return await self._act(Act(self.id, "shortcut", message=message, action=found, delivery=delivery))

    async def submit(
        self,
        values: Mapping[str, str] | None = None,
        delivery: str | None = None,
        files: Mapping[str, Upload] | None = None,
        **more: str,
    ) -> Result:
        """Submits the open form with the given values, and `files` in its upload fields."""
        opened = self.form
        if opened is None:
            raise CannotSee(f"No form is open before {self.id}.")
        filled = {f.name: f.value for f in opened.fields} | dict(values or {}) | more
        if strange := filled.keys() - {f.name for f in opened.fields}:
            raise CannotSee(f"The form '{opened.title}' has no field {sorted(strange)}.")
        return await self._act(
            Act(self.id, "submit", action=opened.action, values=filled, delivery=delivery, files=files or {})
        )

    @property
    def form(self) -> Form | None:
        """The form that the person has open."""
        opened = self.chat.sandbox.platform.form_of(self.id)
        return opened.form if opened else None

    def sees(self, place: str = "dm", limit: int = 1000) -> list[Seen]:
        """The messages of a place as the person sees them, oldest first, deleted ones left out."""
        posts = self.chat.sandbox.platform.posts(self._place(place), self.id, limit=limit)
        return [self._show(p) for p in posts if not p.deleted]

    def thread(self, root: int) -> list[Seen]:
        """The replies in a message's thread."""
        return [self._show(p) for p in self.chat.sandbox.platform.thread(root, self.id) if not p.deleted]

    def inbox(self) -> list[str]:
        """The texts that the bot wrote into the direct conversation, private answers left out."""
        return [s.text for s in self.sees("dm") if s.by == "bot" and s.to is None]

    def last(self, place: str = "dm") -> Seen:
        """The newest message of a place. Raises CannotSee if there is none."""
        seen = self.sees(place, limit=20)
        if not seen:
            raise CannotSee(f"{self.id} sees nothing in {place}.")
        return seen[-1]

    def find(self, words: str, place: str = "dm") -> Seen:
        """The newest message of a place that contains these words. Raises CannotSee."""
        seen = self.sees(place)
        for one in reversed(seen):
            if words in one.text:
                return one
        raise CannotSee(f"{self.id} sees no {words!r} in {place}; there is: {[s.text for s in seen[-5:]]}")

    def _place(self, place: str) -> str:
        return direct(self.id) if place == "dm" else place

    def _seen(self, where: Result | Seen | int) -> Seen:
        if isinstance(where, Result):
            if where.reply is None:
                raise CannotSee(f"{self.id} got no answer to press on.")
            where = where.reply
        # The current version, because the message may have been edited.
        return self._show(self.chat.sandbox.platform.post(where if isinstance(where, int) else where.id))

    def _show(self, post: Post) -> Seen:
        me = self.chat.sandbox.platform.human(self.id)
        return Seen(
            id=post.id,
            place=post.place,
            by=post.by,
            text=text_for(post, me),
            thread=post.thread,
            to=post.to,
            deleted=post.deleted,
            edited=post.edited,
            controls=tuple(actions(post.message)),
            files={d["name"]: d["text"] for d in documents_json(post.message) if d["text"] is not None},
        )

    async def _act(self, act: Act) -> Result:
        outcome = await self.chat.act(act)
        reply = self._show(outcome.reply) if outcome.reply else None
        return Result(outcome.message, reply, outcome.form, outcome.errors)
