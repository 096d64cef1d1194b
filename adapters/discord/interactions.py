"""Commands, buttons, selects, forms and completions: from the raw interaction, whatever message or modal it came from.

discord.py looks for the view or the modal that it made itself, and finds none after a restart; so nothing here needs
one. What has to be known stands in the custom id.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord

from adapters.discord import commands, modals
from adapters.discord.direct import PAGE, SHOW
from adapters.discord.people import People
from adapters.discord.places import Places
from adapters.discord.render import Part, action_of, render
from adapters.discord.reply import Reply
from adapters.discord.rest import Rest
from adapters.discord.text import Meant, cut
from bot.core.errors import DeliveryError, PacekeeperError, Unavailable
from bot.core.events import ButtonPressed, CommandIssued, FormSubmitted, Interaction, ShortcutUsed
from bot.core.forms import Form, PersonField, Upload
from bot.core.message import Button, Message, Option, buttons, heading, message, note, paragraph, quote
from bot.core.people import Actor, MessageRef, Place
from bot.core.ports import Answer, Bot

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds after which Discord is told that the answer takes a while."""

FORM = "form:"
TEXT_FILE = 1_000_000
"""Bytes that a text file may have."""

NOT_SAVED = "This could not be saved just now, so nothing was changed. Please try again in a moment."


class Interactions:
    """Takes one interaction after the other to the bot, and its answer back."""

    def __init__(self, rest: Rest, places: Places, people: People, bot: Callable[[], Bot]) -> None:
        self._rest = rest
        self._places = places
        self._people = people
        self._bot = bot

    async def take(self, interaction: discord.Interaction) -> None:
        reply = Reply(self._rest, interaction)
        try:
            found = await self._who_and_where(interaction)
            if found is None:
                await reply.say([Part("Please use this in the server of your course first.")])
                return
            actor, place, id = found
            if interaction.type is discord.InteractionType.autocomplete:
                await reply.complete(await self._completions(interaction, actor, place))
            else:
                await _Talk(self, interaction, reply, actor, place, id).go_on()
        except Unavailable:
            await reply.say([Part(NOT_SAVED)])
        except Exception:
            log.exception("An interaction failed")
            await reply.say([Part("Something went wrong on our side. Please try once more.")])

    async def _who_and_where(self, interaction: discord.Interaction) -> tuple[Actor, Place, str] | None:
        """(who, where, the bot's id of the message that was pressed)."""
        channel = str(interaction.channel_id or "")
        message = str(interaction.message.id) if interaction.message is not None else ""
        user = str(interaction.user.id)
        if interaction.guild_id is None:
            guild = self._people.direct(channel) or await self._people.guild_of(user)
            if guild is None:
                return None
            self._people.met_directly(guild, user, channel)
            return self._people.actor(interaction.user, guild), Place(guild, channel, direct=True), message
        guild = str(interaction.guild_id)
        if isinstance(interaction.channel, discord.Thread):
            self._places.learn(channel, str(interaction.channel.parent_id))
        place, id = await self._places.place(guild, channel, message)
        admin = interaction.permissions.manage_guild
        return self._people.actor(interaction.user, guild, admin), place, id

    async def _completions(self, interaction: discord.Interaction, actor: Actor, place: Place) -> list[Any]:
        data: Mapping[str, Any] = dict(interaction.data or {})
        bot = self._bot()
        name, values, focused = commands.command_of(data, bot.commands)
        try:
            found = await bot.options(actor, place, name, focused, values.get(focused, ""))
        except PacekeeperError as e:
            # Without completions one can still type; the command itself will say what is wrong.
            log.info("No completions for %s: %s", focused, e)
            return []
        return commands.choices(found)


class _Talk:
    """One interaction on its way to the bot and back."""

    def __init__(
        self, house: Interactions, interaction: discord.Interaction, reply: Reply, actor: Actor, place: Place, id: str
    ) -> None:
        self._interaction = interaction
        self._reply = reply
        self._actor = actor
        self._place = place
        self._message = id
        self._bot = house._bot()
        self._rest = house._rest
        self._house = house
        self._data: Mapping[str, Any] = dict(interaction.data or {})
        self._common: dict[str, Any] = {
            "actor": actor,
            "place": place,
            "id": str(interaction.id),
            "at": interaction.created_at,
        }

    async def go_on(self) -> None:
        kind = self._interaction.type
        if kind is discord.InteractionType.application_command:
            if self._data.get("type") == 3:
                await self._shortcut()
            else:
                name, values, _ = commands.command_of(self._data, self._bot.commands)
                await self._tell(CommandIssued(name=name, values=values, **self._common))
        elif kind is discord.InteractionType.component:
            await self._pressed(action_of(str(self._data.get("custom_id", ""))))
        elif kind is discord.InteractionType.modal_submit:
            await self._submitted()

    async def _shortcut(self) -> None:
        shortcut = next((s for s in self._bot.shortcuts if cut(s.label, 32) == self._data.get("name")), None)
        target = str(self._data.get("target_id", ""))
        raw = ((self._data.get("resolved") or {}).get("messages") or {}).get(target)
        if shortcut is None or raw is None:
            await self._reply.say([Part("This is from an older version. Please look at the menu once more.")])
            return
        channel = str(self._interaction.channel_id)
        place, id = self._place, target
        if not place.direct:
            place, id = await self._house._places.place(place.workspace, channel, target)
            above = (raw.get("message_reference") or {}).get("message_id")
            if place.thread is None and above and raw.get("type") == 19:
                place = Place(place.workspace, place.channel, thread=str(above))
        author = raw.get("author") or {}
        mine = author.get("bot") or not author
        name = str(author.get("global_name") or author.get("username") or "")
        self._common["place"] = place
        await self._tell(
            ShortcutUsed(
                name=shortcut.name,
                message=MessageRef(place.workspace, place.channel, id),
                text=str(raw.get("content", "")),
                author=None if mine else self._house._people.named(str(author["id"]), place.workspace, name),
                **self._common,
            )
        )

    async def _pressed(self, action: str) -> None:
        if action.startswith(FORM):
            draft, _, step = action.removeprefix(FORM).partition(":")
            await self._answer(self._bot.draft(self._actor, draft), int(step) if step.isdigit() else 0)
        elif action.startswith(SHOW):
            await self._answer(self._bot.recall(self._actor, action.removeprefix(SHOW)))
        elif action.startswith(PAGE):
            await self._answer(self._bot.page(self._actor, self._place.workspace))
        else:
            value = str((self._data.get("values") or [""])[0])
            ref = MessageRef(self._place.workspace, self._place.channel, self._message) if self._message else None
            await self._tell(ButtonPressed(action=action, value=value, message=ref, **self._common))

    # Forms

    async def _submitted(self) -> None:
        step = modals.Step.decode(str(self._data.get("custom_id", "")))
        if step is None:
            await self._reply.say([Part("This form is from an older version. Please begin once more.")])
            return
        typed = modals.typed(self._data)
        if typed.files or typed.names:
            await self._reply.defer()
        values = dict(typed.values)
        problems: dict[str, str] = {}
        for name, words in typed.names.items():
            values[name] = await self._person(words)
        uploads: dict[str, Upload] = {}
        for name, sent in typed.files.items():
            if (wrong := await self._receive(name, sent, values, uploads)) is not None:
                problems[name] = wrong
        if not step.last or problems:
            await self._bot.keep(self._actor, step.draft, values)
            if problems:
                await self._refuse(problems, step)
            else:
                await self._offer_next(step)
            return
        action = step.action
        if step.of > 1 or typed.left_out or not action:
            # The rest stands in the draft: earlier steps, and files that were sent before.
            kept = (await self._bot.draft(self._actor, step.draft)).form
            if kept is None:
                await self._say(
                    message(paragraph("This form is too old. Please begin once more; you typed:"), *_said(values))
                )
                return
            action = kept.action
            before = {f.name: f.value for f in kept.fields}
            values = {**before, **values}
        await self._tell(
            FormSubmitted(action=action, values=values, draft=step.draft or None, files=uploads, **self._common)
        )

    async def _person(self, typed: str) -> str:
        """Our id of the person whose name was typed; what was typed where that is nobody, or several."""
        wanted = typed.strip().lstrip("@").lower()
        if not wanted:
            return ""
        found = await self._bot.options(self._actor, self._place, "", "person", wanted)
        exact = [o for o in found if o.label.lower() == wanted]
        one = exact if len(exact) == 1 else found
        return one[0].value if len(one) == 1 else typed

    async def _receive(
        self, name: str, sent: modals.Sent, values: dict[str, str], uploads: dict[str, Upload]
    ) -> str | None:
        """Fetches a file; what is wrong with it, if anything is."""
        most = sent.most if sent.most is not None else TEXT_FILE
        if sent.size > most:
            return f"{sent.name} is too large: at most {most // 1000:,} kB."
        try:
            data = await self._rest.download(sent.url)
        except DeliveryError as e:
            log.warning("A file could not be fetched: %s", e)
            return f"{sent.name} could not be fetched from Discord. Please try again."
        if sent.most is not None:
            uploads[name], values[name] = Upload(sent.name, data), sent.name
            return None
        try:
            values[name] = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return f"{sent.name} is no text file. Please save it as UTF-8 text."
        return None

    async def _refuse(self, problems: Mapping[str, str], step: modals.Step) -> None:
        kept = (await self._bot.draft(self._actor, step.draft)).form
        labels = {f.name: f.label for f in kept.fields} if kept else {}
        await self._say(_problems(problems, labels, step.draft, step.number))

    async def _offer_next(self, step: modals.Step) -> None:
        on = Button("Go on", f"{FORM}{step.draft}:{step.number + 1}", "primary")
        await self._say(message(paragraph(f"Part {step.number + 1} of {step.of} is kept, not sent yet."), buttons(on)))

    # The answer

    async def _tell(self, event: Interaction) -> None:
        try:
            await self._answer(self._bot.receive(event))
        except Unavailable:
            if not isinstance(event, FormSubmitted):
                raise
            await self._say(message(paragraph(NOT_SAVED), note("This is what you typed:"), *_said(event.values)))

    async def _answer(self, work: Awaitable[Answer], step: int = 0) -> None:
        """Waits for the answer; where that takes long, Discord hears so in time."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        if not done:
            await self._reply.defer()
        answer = await task
        if answer.form is not None and answer.problems:
            labels = {f.name: f.label for f in answer.form.fields}
            await self._say(_problems(answer.problems, labels, answer.form.draft or ""))
        elif answer.form is not None:
            await self._open(answer.form, step)
        elif answer.message is not None:
            await self._say(answer.message, answer)
        else:
            await self._reply.nothing()

    async def _open(self, form: Form, step: int) -> None:
        from_modal = self._interaction.type is discord.InteractionType.modal_submit
        if self._reply.may_open_modal and not from_modal:
            await self._reply.open(modals.modal(form, step, await self._people_for(form)))
            return
        # Discord opens no modal in answer to a modal, nor after it was told to wait.
        on = Button("Open the form", f"{FORM}{form.draft}:{step}", "primary")
        await self._say(
            message(
                heading(form.title), paragraph(form.intro) if form.intro else None, buttons(on if form.draft else None)
            )
        )

    async def _people_for(self, form: Form) -> list[Option]:
        if not any(isinstance(f, PersonField) for f in form.fields):
            return []
        try:
            return list(await self._bot.options(self._actor, self._place, "", "person", ""))
        except PacekeeperError:
            return []

    async def _say(self, said: Message, answer: Answer | None = None) -> None:
        meant = Meant(answer.mentions, answer.links) if answer else Meant()
        await self._reply.say(render(said, meant, answer.files if answer else {}))


def _problems(problems: Mapping[str, str], labels: Mapping[str, str], draft: str, step: int = 0) -> Message:
    """What is wrong with a form, field by field, and the way back to it with everything filled in."""
    lines = [(f"{labels[f]}: {words}" if f in labels else words) for f, words in problems.items()]
    return message(
        heading("Not sent yet"),
        *(paragraph(line) for line in lines),
        buttons(Button("Open the form again", f"{FORM}{draft}:{step}", "primary") if draft else None),
    )


def _said(values: Mapping[str, str]) -> list[Any]:
    return [quote(value) for value in values.values() if value]
