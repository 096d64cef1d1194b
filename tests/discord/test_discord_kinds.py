"""Every kind of message on Discord, and what is heard of it: https://docs.discord.com/developers/resources/message"""

from typing import Any

import discord
import pytest

from bot.core.events import MessageDeleted, MessageEdited, MessagePosted
from tests.discord.kit import Room
from tests.waiting import eventually

Json = dict[str, Any]

TYPES = {
    0: "somebody wrote",
    1: "somebody was added to a group",
    2: "somebody left a group",
    3: "a call",
    4: "a group has another name",
    5: "a group has another picture",
    6: "somebody pinned a message",
    7: "somebody came into the server",
    8: "a boost",
    9: "the server's first level",
    10: "the server's second level",
    11: "the server's third level",
    12: "the channel follows another one",
    13: "somebody streams",
    14: "the server is not in Discovery any more",
    15: "the server is in Discovery again",
    16: "a first warning about Discovery",
    17: "a last warning about Discovery",
    18: "a thread was begun",
    19: "somebody replied",
    20: "the answer to a command",
    21: "the message that a thread hangs below",
    22: "a reminder to invite people",
    23: "the answer to an entry of a menu",
    24: "AutoMod held a message back",
    25: "somebody bought a role",
    26: "an app asks to be paid",
    27: "a stage began",
    28: "a stage ended",
    29: "somebody speaks on a stage",
    30: "somebody wants to speak",
    31: "a stage has another topic",
    32: "the server bought an app",
    36: "the alert mode is on",
    37: "the alert mode is off",
    38: "a raid was reported",
    39: "the raid was none",
    44: "somebody bought something",
    46: "how a poll ended",
    63: "an emoji was added",
    99: "what Discord has not thought of yet",
}
SAID = {0, 19}

FILE: Json = {
    "id": "1",
    "filename": "Why?.pdf",
    "content_type": "application/pdf",
    "size": 1,
    "url": "https://x/Why?.pdf",
}
FILE |= {"proxy_url": FILE["url"]}
PREVIEW: Json = {"type": "article", "title": "Why is the sky blue?", "url": "https://example.org"}
CARD: Json = {"type": "rich", "title": "Report", "description": "How long may it be?"}
SIGN: Json = {"type": 10, "id": 1, "content": "How long may it be?"}
SHOWN: Json = {"type": 17, "id": 2, "components": [{"type": 14, "id": 3}, SIGN]}


def forwarded(**more: Any) -> Json:
    snapshot = {"content": "", "timestamp": "2026-01-05T08:00:00+00:00", "type": 0, "embeds": [], "attachments": []}
    whole = {**snapshot, "mentions": [], "edited_timestamp": None, **more}
    return {
        "message_reference": {"type": 1, "channel_id": "1", "message_id": "2"},
        "message_snapshots": [{"message": whole}],
        "flags": 1 << 14,
    }


CONTENTS: list[tuple[str, Json, tuple[str, str] | None]] = [
    ("words", {"content": "How long may it be?"}, ("text", "How long may it be?")),
    ("words with the preview of a link", {"content": "See it", "embeds": [PREVIEW]}, ("text", "See it")),
    ("a file whose name asks", {"attachments": [FILE]}, ("file", "")),
    ("a file with words", {"content": "Mine", "attachments": [FILE]}, ("file", "Mine")),
    ("a forward", forwarded(content="How long?"), ("forward", "How long?")),
    ("a forward below words", {"content": "This?", **forwarded(content="How long?")}, ("forward", "This?\nHow long?")),
    ("a forwarded file", forwarded(attachments=[FILE]), ("forward", "")),
    ("a forwarded card", forwarded(embeds=[CARD]), ("forward", "Report\nHow long may it be?")),
    ("a forwarded preview", forwarded(embeds=[PREVIEW]), ("forward", "")),
    ("forwarded components", forwarded(components=[SHOWN], flags=1 << 15), ("forward", "How long may it be?")),
    ("published to followers", {"content": "News", "flags": 1}, ("text", "News")),
    ("a silent message", {"content": "Psst", "flags": 1 << 12}, ("text", "Psst")),
    ("a reply to nothing", {"content": "Yes", "type": 19, "referenced_message": None}, ("text", "Yes")),
    ("embeds alone", {"embeds": [CARD]}, None),
    ("components alone", {"components": [SHOWN], "flags": 1 << 15}, None),
    ("an invitation to a game", {"activity": {"type": 1, "party_id": "p"}}, None),
    ("nothing at all", {}, None),
    ("a followed channel's news", {"content": "How long?", "webhook_id": "5", "flags": 2}, None),
    ("an app's answer", {"content": "How long?", "application_id": "5", "webhook_id": "5", "type": 20}, None),
]


async def heard_until(room: Room, number: int) -> list[MessagePosted]:
    """What was heard up to a message that ends it."""
    end = f"That was {number}."
    room.fake.say(room.ben, room.general, end)

    async def ended() -> bool:
        return any(p.text == end for p in room.bot.all(MessagePosted))

    await eventually(ended)
    return [p for p in room.bot.all(MessagePosted) if not p.text.startswith("That was")]


async def test_only_what_people_wrote_is_heard_whatever_type_it_has(room: Room) -> None:
    assert {t.value for t in discord.MessageType} <= set(TYPES)
    for type, what in TYPES.items():
        room.fake.say(room.mia, room.general, f"{what}?", type=type)
        heard = await heard_until(room, type)
        assert (f"{what}?" in [p.text for p in heard]) == (type in SAID), what


async def test_what_is_no_words_is_no_answer_without_words(room: Room) -> None:
    for number, (what, fields, expected) in enumerate(CONTENTS):
        before = len([p for p in room.bot.all(MessagePosted) if not p.text.startswith("That was")])
        room.fake.write(room.mia, room.general, **fields)
        heard = (await heard_until(room, number))[before:]
        assert [(p.medium, p.text) for p in heard] == ([expected] if expected else []), what


async def test_in_private_what_has_no_words_is_answered(room: Room) -> None:
    """It is for the bot, so its author should hear that nothing came of it."""
    room.fake.write(room.mia, room.fake.conversation(room.mia)["id"], activity={"type": 1, "party_id": "p"})
    posted = await eventually(lambda: room.bot.last(MessagePosted))
    assert (posted.text, posted.place.direct) == ("", True)


@pytest.mark.parametrize("many", [False, True])
async def test_what_is_edited_and_deleted_is_followed(room: Room, many: bool) -> None:
    """One by one, or by a moderator who clears a channel. A preview that Discord adds, and a pin, is no edit."""
    first = room.fake.say(room.mia, room.general, "How long?")["id"]
    second = room.fake.say(room.mia, room.general, "How short?")["id"]
    room.fake.update(room.general, first, embeds=[PREVIEW])
    room.fake.update(room.general, first, pinned=True)
    room.fake.edit(room.general, first, "How long may it be?")
    if many:
        room.fake.delete_many(room.general, [first, second])
    else:
        room.fake.delete(room.general, first)
        room.fake.delete(room.general, second)

    async def gone() -> bool:
        return [d.id for d in room.bot.all(MessageDeleted)] == [first, second]

    await eventually(gone)
    assert [(e.id, e.text) for e in room.bot.all(MessageEdited)] == [(first, "How long may it be?")]
