"""What people see as JSON data: the responses of `GET state` and of acts."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from adapters.sandbox.acts import Outcome
from adapters.sandbox.platform import Platform
from adapters.sandbox.records import Human, Post
from bot.core.codec import form_to_dict, message_to_dict
from bot.core.forms import ChannelField, Form, Kept, PersonField, UploadField
from bot.core.message import Attachment, Buttons, Document, Message, Option, Select
from bot.core.plain import plain
from bot.core.time import say, write_instant

Json = dict[str, Any]

LATEST = 200
"""Most messages of a place in one `state`."""


def state(platform: Platform, person: str, place: str | None = None, after: int = 0, limit: int = LATEST) -> Json:
    """Everything that a person sees: the newest messages of each place (or of one), oldest first."""
    me = platform.human(person)
    rooms = platform.places(person)
    if place is not None:
        platform.room_of(person, place)
    unread = platform.unread(person)
    posts = [
        p
        for room in rooms
        if place in (None, room.id)
        for p in platform.posts(room.id, person, after=after, limit=limit)
    ]
    opened = platform.form_of(person)
    return {
        "me": human_json(me, platform),
        "now": write_instant(platform.now()),
        "people": [human_json(h, platform) for h in platform.people()],
        "places": [
            {"id": r.id, "name": r.name, "kind": r.kind, "topic": r.topic, "unread": unread[r.id]} for r in rooms
        ],
        "messages": posts_json(platform, posts, me),
        "form": form_json(opened.form) if opened else None,
    }


def human_json(human: Human, platform: Platform) -> Json:
    local = say(platform.now(), human.zone)
    return {**asdict(human), "local": local}


def posts_json(platform: Platform, posts: Sequence[Post], me: Human) -> list[Json]:
    ids = [p.id for p in posts]
    reactions, replies = platform.reactions(ids), platform.replies(ids)
    return [
        {
            "id": p.id,
            "place": p.place,
            "thread": p.thread,
            "by": p.by,
            "at": write_instant(p.at),
            "local": say(p.at, me.zone),
            "text": text_for(p, me),
            "kind": p.medium,
            "message": message_to_dict(p.message) if p.message else None,
            "actions": actions(p.message),
            "documents": documents_json(p.message),
            "reactions": reactions.get(p.id, {}),
            "edited": p.edited,
            "deleted": p.deleted,
            "to": p.to,
            "replies": replies.get(p.id, 0),
            "pinned": p.pinned,
        }
        for p in posts
    ]


def text_for(post: Post, me: Human) -> str:
    """A message as plain text, with instants in the reader's zone."""
    return plain(post.message, post.zone or me.zone) if post.message else post.text


def actions(message: Message | None) -> list[Json]:
    """The controls of a message: buttons, and selects with their options."""
    found: list[Json] = []
    for block in message.blocks if message else ():
        if isinstance(block, Buttons):
            found += ({"label": b.label, "action": b.action, "style": b.style} for b in block.items)
        elif isinstance(block, Select):
            options = [asdict(o) for o in block.options]
            found.append({"label": block.label, "action": block.action, "style": "select", "options": options})
    return found


def documents(message: Message | None) -> list[Document | Attachment]:
    """The files of a message."""
    return [block for block in (message.blocks if message else ()) if isinstance(block, Document | Attachment)]


def documents_json(message: Message | None) -> list[Json]:
    """The names of files, and the content of text files."""
    return [{"name": d.name, "text": d.text if isinstance(d, Document) else None} for d in documents(message)]


def form_json(form: Form, people: Sequence[Option] = (), channels: Sequence[Option] = ()) -> Json:
    """A form; its person fields offer `people` as their options, its channel fields `channels`."""
    shape = form_to_dict(form)
    for field, kept in zip(shape["fields"], form.fields, strict=True):
        if isinstance(kept, PersonField):
            field["options"] = [asdict(o) for o in people]
        elif isinstance(kept, ChannelField):
            field["options"] = [asdict(o) for o in channels]
        elif isinstance(kept, UploadField):
            field["value"] = getattr(Kept.read(kept.value), "name", "")
    return shape


def outcome_json(outcome: Outcome, me: Human) -> Json:
    """The answer to an act."""
    reply = outcome.reply
    return {
        "message": outcome.message,
        "reply": {
            "id": reply.id,
            "text": text_for(reply, me),
            "message": message_to_dict(reply.message) if reply.message else None,
            "actions": actions(reply.message),
            "documents": documents_json(reply.message),
        }
        if reply
        else None,
        "form": form_json(outcome.form, outcome.people, outcome.channels) if outcome.form else None,
        "errors": dict(outcome.errors),
    }
