"""The same adapter under simcord, another Discord in memory, which checks lengths, fields and permissions itself."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest_asyncio
import simcord

from adapters.discord.adapter import Discord
from adapters.discord.budget import IdentifyBudget
from adapters.discord.client import make_client
from adapters.discord.config import DiscordBot
from adapters.discord.state import Store
from bot.app.features import make_registry
from bot.core.commands import Shortcut
from bot.core.events import (
    ButtonPressed,
    CommandIssued,
    FormSubmitted,
    Interaction,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
    ShortcutUsed,
)
from bot.core.forms import ChoiceField, Form, TextField, UploadField
from bot.core.message import Button, Message, Option, buttons, message, paragraph
from bot.core.people import Account, Place
from bot.core.ports import Answer, Delivery
from bot.core.time import SystemClock
from tests.platforms.ears import Ears
from tests.waiting import eventually

FORM = Form(
    "questions.ask/1/1:",
    "Ask a question",
    (
        TextField("text", "Your question", long=True),
        ChoiceField("topic", "Topic", (Option("a", "Alpha"), Option("b", "Beta")), required=False),
        UploadField("file", "A file", required=False),
    ),
    draft="0123456789ab",
)


@dataclass
class World:
    env: simcord.Env
    adapter: Discord
    bot: Ears
    guild: Any
    channel: Any
    mia: Any

    def place(self, channel: Any = None) -> Place:
        return Place(str(self.guild.id), str((channel or self.channel).id))

    def delivery(self, said: Message, key: str = "k1", channel: Any = None) -> Delivery:
        return Delivery(key, "a/1", said, place=self.place(channel))


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    config, bot = DiscordBot("token"), Ears()
    adapter = Discord(config, None)
    bot.commands = make_registry().commands
    bot.shortcuts = (Shortcut("questions.answer", "Mark as the answer", ""),)
    client = make_client(config, adapter, IdentifyBudget(Store(None), SystemClock()))
    adapter._bot, adapter._connection.client = bot, client
    adapter._intake.start(bot)
    env = simcord.Env(client)
    await env.start()
    guild = env.create_guild()
    channel = guild.create_text_channel("general")
    mia = guild.add_member(env.create_user("mia"))
    yield World(env, adapter, bot, guild, channel, mia)
    await adapter._intake.stop()
    await env.shutdown()
    env.raise_errors()


async def test_a_message_is_posted_edited_and_deleted(world: World) -> None:
    said = message(paragraph("Hello, <@everyone>."), buttons(Button("Ask", "q.ask/1/1:")))
    sent = await world.adapter.post(world.delivery(said))
    assert world.channel.last_message.content == r"Hello, \<\@everyone>."
    again = await world.adapter.edit(world.delivery(message(paragraph("Over.")), "k2"), sent.refs)
    assert (again.refs, world.channel.last_message.content) == (sent.refs, "Over.")
    await world.adapter.react(sent.refs[0], "✅", True)
    await world.adapter.pin(sent.refs[0], True)
    await world.adapter.delete(sent.refs)
    assert sent.refs[0].id not in [str(m.id) for m in world.channel.history()]


async def test_a_form_goes_round(world: World) -> None:
    def answer(event: Interaction) -> Answer:
        if isinstance(event, CommandIssued):
            return Answer(form=FORM)
        return Answer(message=message(paragraph("Thank you.")))

    world.bot.answer = answer
    shown = await world.mia.slash(world.channel, "cohort ask")
    result = await world.mia.submit_modal(shown, {"v:text": "Why?", "v:topic": ["b"], "u8000000:file": ("a.txt", b"x")})
    sent = await eventually(lambda: world.bot.last(FormSubmitted))
    assert dict(sent.values) == {"text": "Why?", "topic": "b", "file": "a.txt"}
    assert sent.files["file"].data == b"x"
    await world.env.settle()
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content == "Thank you."


async def test_a_button_a_menu_and_completions(world: World) -> None:
    said = message(paragraph("Hello."), buttons(Button("Ask", "q.ask/1/1:")))
    sent = await world.adapter.post(world.delivery(said))
    await world.mia.click(world.channel.last_message, label="Ask")
    pressed = await eventually(lambda: world.bot.last(ButtonPressed))
    assert (pressed.action, pressed.message) == ("q.ask/1/1:", sent.refs[0])
    await world.mia.context_menu(world.channel, "Mark as the answer", world.channel.last_message)
    used = await eventually(lambda: world.bot.last(ShortcutUsed))
    assert (used.text, used.author) == ("Hello.", None)
    world.bot.completions = [Option("Europe/Berlin", "Europe/Berlin, now 14:05")]
    offered = await world.mia.autocomplete(world.channel, "cohort settings", "zone", "Ber")
    assert offered == [{"name": "Europe/Berlin, now 14:05", "value": "Europe/Berlin"}]


async def test_what_people_do_is_heard(world: World) -> None:
    said = await world.mia.send(world.channel, "Is it due on Firday?")
    await world.mia.edit(said, "Is it due on Friday?")
    await world.mia.react(said, "✅")
    await world.mia.unreact(said, "✅")
    await world.mia.delete(said)
    await eventually(lambda: world.bot.last(MessageDeleted))
    heard = [type(e) for e in world.bot.heard.values()]
    assert heard == [MessagePosted, MessageEdited, ReactionChanged, ReactionChanged, MessageDeleted]
    assert world.bot.all(MessagePosted)[0].actor.account == Account(str(world.guild.id), str(world.mia.id))


async def test_a_question_in_a_forum_and_in_a_direct_conversation(world: World) -> None:
    forum = world.guild.create_forum_channel("help")
    said = Message(message(paragraph("How long?")).blocks, "How long may it be?", "open")
    [ref] = (await world.adapter.post(world.delivery(said, channel=forum))).refs
    [post] = forum.threads
    assert (post.name, str(post.id)) == ("How long may it be?", ref.id)
    await world.mia.send(post, "Ten pages.")
    posted = await eventually(lambda: world.bot.last(MessagePosted))
    assert (posted.place.channel, posted.place.thread) == (str(forum.id), ref.id)
    direct = Delivery("d1", "card", message(paragraph("For you.")), account=posted.actor.account)
    await world.adapter.post(direct)
    assert world.mia.user.dm_channel.last_message.content == "For you."
