"""Performs acts: changes the platform, and creates the event for the bot."""

from collections.abc import Iterable

from adapters.sandbox.acts import FILE_LIMIT, TEXT_LIMIT, UPLOAD_LIMIT, Act
from adapters.sandbox.emoji import read_emoji
from adapters.sandbox.members import direct
from adapters.sandbox.platform import Platform
from adapters.sandbox.records import BOT, WORKSPACE, Human, Post, Room
from adapters.sandbox.refusals import BadAct
from adapters.shared.interactions import Common
from bot.core.events import (
    ButtonPressed,
    CommandIssued,
    Event,
    FormSubmitted,
    Medium,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
    ShortcutUsed,
)
from bot.core.forms import ChannelField, FileField, UploadField
from bot.core.message import Message, Select
from bot.core.people import Account, Actor, MessageRef, Place
from bot.core.translation import _

PREFIX = "/cohort"
"""What a person types before a command."""

Done = tuple[Event | None, int | None]
"""The event for the bot (None if there is none), and the message that was created or changed."""


class Performer:
    """Performs acts on the platform. Every method raises BadAct for what the person may not do."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def perform(self, act: Act, commands: Iterable[str]) -> Done:
        """Performs an act. `commands` are the names that the bot declares; the text after a name is its argument."""
        human = self._platform.human(act.person)
        if not human.active:
            raise BadAct(_("The account of '{person}' is closed. Be somebody else.", person=human.id))
        match act.do:
            case "say":
                return self._say(human, act)
            case "edit":
                return self._edit(human, act)
            case "delete":
                return self._delete(human, act)
            case "react" | "unreact":
                return self._react(human, act)
            case "command":
                return self._command(human, act, commands)
            case "press":
                return self._press(human, act)
            case "shortcut":
                return self._shortcut(human, act)
            case "submit":
                return self._submit(human, act)

    def _say(self, human: Human, act: Act) -> Done:
        text = _said(act.text, act.kind)
        room = self._room(human, act.place)
        thread = self._thread(human, room, act.thread)
        post = self._platform.say(human.id, room.id, text, thread, act.kind)
        return MessagePosted(text=text, medium=act.kind, **self._about(human, post)), post.id

    def _edit(self, human: Human, act: Act) -> Done:
        post = self._own(human, act.message)
        text = _said(act.text, post.medium)
        if text == post.text:
            return None, post.id
        post = self._platform.rewrite(post, text)
        revision, medium = str(post.revision), post.medium
        return MessageEdited(text=text, revision=revision, medium=medium, **self._about(human, post)), post.id

    def _delete(self, human: Human, act: Act) -> Done:
        post = self._own(human, act.message)
        self._platform.erase(post)
        return MessageDeleted(**self._about(human, post)), post.id

    def _react(self, human: Human, act: Act) -> Done:
        post = self._visible(human, act.message)
        if post.to is not None:
            raise BadAct(_("A message that only you see takes no reactions."))
        emoji = read_emoji(act.emoji)
        turn = self._platform.react(post, human.id, emoji, act.do == "react")
        if turn is None:
            return None, post.id
        added = act.do == "react"
        return ReactionChanged(emoji=emoji, added=added, turn=str(turn), **self._about(human, post)), post.id

    def _command(self, human: Human, act: Act, commands: Iterable[str]) -> Done:
        room = self._room(human, act.place)
        thread = self._thread(human, room, act.thread)
        _check_length(act.text)
        name, text = split_command(act.text, commands)
        at = self._platform.now()
        said = f"{PREFIX} {name}".rstrip() + (f" {text}" if text else "")
        if act.values:
            said += "".join(f" {k}={v}" for k, v in sorted(act.values.items()))
        self._platform.transcript.write("command", at, room.id, human.id, thread=thread, text=said)
        common = self._interaction(human, act, place(room, thread))
        return CommandIssued(name=name, text=text, values=act.values, files=act.files, **common), None

    def _press(self, human: Human, act: Act) -> Done:
        if not act.action:
            raise BadAct("'action' is missing: the one of the button or select, as its message shows it.")
        post = self._post_with_action(human, act)
        value = act.values.get("value", "")
        select = _select(post.message, act.action)
        if select and value not in {o.value for o in select.options}:
            choices = ", ".join(o.value for o in select.options[:12])
            raise BadAct(f"Give the choice in 'values', as 'value': one of {choices}.")
        self._platform.record("pressed", post, human.id, value, [act.action])
        common = self._interaction(human, act, self._place_of(post))
        return ButtonPressed(action=act.action, value=value, message=_ref(post), **common), post.id

    def _shortcut(self, human: Human, act: Act) -> Done:
        post = self._visible(human, act.message)
        if post.to is not None:
            raise BadAct(_("A message that only you see has no menu."))
        self._platform.record("shortcut", post, human.id, actions=[act.action])
        author = None if post.by == BOT else actor(self._platform.human(post.by))
        common = self._interaction(human, act, self._place_of(post))
        return ShortcutUsed(name=act.action, message=_ref(post), text=post.text, author=author, **common), post.id

    def _submit(self, human: Human, act: Act) -> Done:
        opened = self._platform.form_of(human.id, act.draft)
        if opened is None or (act.action and act.action != opened.form.action):
            raise BadAct(_("No such form is open before you (it may be sent already). Open it again, then send it."))
        files = {f.name for f in opened.form.fields if isinstance(f, FileField)}
        for name, value in act.values.items():
            _check_file(value) if name in files else _check_length(value)
        uploads = {f.name for f in opened.form.fields if isinstance(f, UploadField)}
        for name, file in act.files.items():
            if name not in uploads or len(file.data) > UPLOAD_LIMIT:
                raise BadAct(_("The field '{name}' takes no such file.", name=name))
        channels = {f.name for f in opened.form.fields if isinstance(f, ChannelField)}
        for name in channels & {name for name, value in act.values.items() if value}:
            if act.values[name] not in {room.id for room in self._platform.to_choose(human.id)}:
                raise BadAct(_("'{name}' takes a channel that you are in and that is not archived.", name=name))
        at = self._platform.now()
        values = {f.name: act.values.get(f.name, "") for f in opened.form.fields}
        values |= {name: file.name for name, file in act.files.items()}
        said = "; ".join(f"{k}: {v}" for k, v in values.items()) if opened.form.kept else ""
        room = self._platform.room(opened.place)
        action, write = opened.form.action, self._platform.transcript.write
        write("submitted", at, room.id, human.id, thread=opened.thread, text=said, actions=[action])
        draft, common = act.draft or opened.form.draft, self._interaction(human, act, place(room, opened.thread))
        return FormSubmitted(action=action, values=values, draft=draft, files=act.files, **common), None

    # What a person can reach

    def _room(self, human: Human, id: str) -> Room:
        room = self._platform.room_of(human.id, id or direct(human.id))
        if room.archived:
            raise BadAct(_("'{place}' is archived: it can be read, and nobody writes there any more.", place=room.id))
        return room

    def _visible(self, human: Human, id: int | None) -> Post:
        if id is None:
            raise BadAct("'message' is missing: the id of the message that is meant.")
        post = self._platform.post(id)
        if not self._platform.sees(human.id, post):
            raise BadAct(_("There is no message {id}.", id=id))
        if post.deleted:
            raise BadAct(_("Message {id} was deleted.", id=id))
        return post

    def _own(self, human: Human, id: int | None) -> Post:
        post = self._visible(human, id)
        if post.by != human.id:
            owner = "Pacekeeper" if post.by == BOT else post.by
            raise BadAct(_("Message {id} is {owner}'s; you can change your own alone.", id=post.id, owner=owner))
        return post

    def _thread(self, human: Human, room: Room, id: int | None) -> int | None:
        if id is None:
            return None
        post = self._platform.post(id)
        if post.place != room.id or not self._platform.sees(human.id, post):
            raise BadAct(_("There is no message {id} in '{place}' to reply to.", id=id, place=room.id))
        if post.to is not None:
            raise BadAct(_("A message that only you see has no thread."))
        return post.thread or post.id

    def _post_with_action(self, human: Human, act: Act) -> Post:
        seen = self._platform.posts_with_action(act.action, human.id, act.message)
        # If the act names the message, the button counts even if an edit has just removed it: the press was on its way.
        if act.message is None:
            seen = [p for p in seen if p.message and act.action in p.message.actions()]
        if not seen:
            raise BadAct(
                f"You see no message with a button '{act.action[:90]}'. `GET state` shows what there is to press."
            )
        return seen[0]

    def _place_of(self, post: Post) -> Place:
        return place(self._platform.room(post.place), post.thread)

    def _about(self, human: Human, post: Post) -> Common:
        at = self._platform.now()
        return {"actor": actor(human), "place": self._place_of(post), "id": str(post.id), "at": at}

    def _interaction(self, human: Human, act: Act, where: Place) -> Common:
        id = act.delivery or self._platform.deliveries.next_interaction()
        return {"actor": actor(human), "place": where, "id": id, "at": self._platform.now()}


def _ref(post: Post) -> MessageRef:
    return MessageRef(WORKSPACE, post.place, str(post.id))


def actor(human: Human) -> Actor:
    """A person of the chat, as an `Actor` for the bot."""
    return Actor(Account(WORKSPACE, human.id), human.name, human.zone, human.groups, human.admin)


def place(room: Room, thread: int | None = None) -> Place:
    """A place of the chat, as a `Place` for the bot."""
    return Place(WORKSPACE, room.id, None if thread is None else str(thread), room.kind == "direct")


def split_command(text: str, commands: Iterable[str]) -> tuple[str, str]:
    """Splits what was typed into (name, rest): '/cohort ask Why?', '/ask Why?' and 'ask Why?' are the same."""
    rest = text.strip()
    if rest.split(maxsplit=1)[:1] and rest.split(maxsplit=1)[0].lower() in (PREFIX, PREFIX[1:]):
        rest = rest[len(PREFIX) :].strip() if rest.startswith("/") else rest[len(PREFIX) - 1 :].strip()
    rest = rest.removeprefix("/")
    for name in sorted(commands, key=len, reverse=True):
        if name and (rest.lower() + " ").startswith(name + " "):
            return name, rest[len(name) :].strip()
    name, *tail = rest.split(maxsplit=1) or [""]
    return name.lower(), tail[0] if tail else ""


def _select(message: Message | None, action: str) -> Select | None:
    blocks = message.blocks if message else ()
    return next((b for b in blocks if isinstance(b, Select) and b.action == action), None)


def _said(text: str, medium: Medium) -> str:
    if not text.strip() and medium == "text":
        raise BadAct(_("There is no text. Write something first."))
    _check_length(text)
    return text


def _check_length(text: str) -> None:
    if len(text) > TEXT_LIMIT:
        raise BadAct(_("This is {n:,} characters long; {most:,} fit. Please shorten it.", n=len(text), most=TEXT_LIMIT))


def _check_file(text: str) -> None:
    if (size := len(text.encode())) > FILE_LIMIT:
        raise BadAct(
            _("The file has {size:,} bytes; {most:,} fit. Please send a smaller one.", size=size, most=FILE_LIMIT)
        )
