"""Commands, buttons, selects, forms and completions, read from the raw interaction.

discord.py dispatches to views and modals in memory, which are gone after a restart. So the custom id holds everything
that is needed.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import discord

from adapters.discord import commands, filling, modals
from adapters.discord.controls import action_of
from adapters.discord.direct import PAGE, SHOW, Directs
from adapters.discord.people import People
from adapters.discord.places import Places
from adapters.discord.render import Part, render
from adapters.discord.reply import Reply
from adapters.discord.rest import Rest
from adapters.discord.text import References, cut
from adapters.shared.interactions import Common, options, people_for
from bot.core.errors import Blocked, DeliveryError, TargetGone, Unavailable, reason
from bot.core.events import ButtonPressed, CommandIssued, FormSubmitted, Interaction, ShortcutUsed
from bot.core.failures import log_failure
from bot.core.forms import ChannelField, Form
from bot.core.message import Message, Option, message, note, paragraph
from bot.core.people import Account, Actor, MessageRef, Place
from bot.core.ports import Answer, Bot
from bot.core.translation import N_, _

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds until the response is deferred."""

PAUSES = (1.0, 5.0)
"""Seconds between the tries to send an answer to the direct conversation instead."""

NOT_SAVED = N_("This could not be saved just now, so nothing was changed. Please try again in a moment.")


@dataclass(frozen=True, slots=True)
class Interactions:
    """Hands interactions to the bot and returns its answers."""

    rest: Rest
    places: Places
    people: People
    directs: Directs
    bot: Callable[[], Bot]
    seen: deque[int] = field(default_factory=lambda: deque(maxlen=1000))

    async def take(self, interaction: discord.Interaction) -> None:
        reply = Reply(self.rest, interaction)
        try:
            found = await self._who_and_where(interaction)
            if found is None:
                await reply.say([Part(_("Please use this in the server of your course first."))])
                return
            actor, place, id = found
            if interaction.id not in self.seen:
                # The gateway may repeat an interaction, which is answered already.
                self.seen.append(interaction.id)
                reply.instead = partial(self._directly, actor.account, f"a{interaction.id}")
            if interaction.type is discord.InteractionType.autocomplete:
                await reply.complete(await self._completions(interaction, actor, place))
            else:
                await _Talk(self, interaction, reply, actor, place, id).go_on()
        except Unavailable:
            await reply.say([Part(_(NOT_SAVED))])
        except Exception:
            log_failure(log, "An interaction failed")
            await reply.say([Part(_("Something went wrong on our side. Please try once more."))])

    async def _directly(self, account: Account, key: str, parts: Sequence[Part]) -> None:
        """Sends an answer that Discord does not take as one to the direct conversation. The act itself is stored."""
        for pause in (*PAUSES, None):
            try:
                await self.directs.answer(account, parts, key)
            except DeliveryError as e:
                if pause is None or isinstance(e, Blocked | TargetGone):
                    log.warning("An answer did not reach a direct conversation: %s", reason(e))
                    return
                await asyncio.sleep(pause)
            else:
                return

    async def _who_and_where(self, interaction: discord.Interaction) -> tuple[Actor, Place, str] | None:
        """(actor, place, the bot's id of the pressed message)."""
        channel = str(interaction.channel_id or "")
        message = str(interaction.message.id) if interaction.message is not None else ""
        if interaction.guild_id is None:
            guild = await self.people.guild_of_direct(channel, str(interaction.user.id))
            if guild is None:
                return None
            return self.people.actor(interaction.user, guild), Place(guild, channel, direct=True), message
        guild = str(interaction.guild_id)
        if isinstance(interaction.channel, discord.Thread):
            self.places.learn(channel, str(interaction.channel.parent_id))
        place, id = await self.places.place(guild, channel, message)
        admin = interaction.permissions.manage_guild
        return self.people.actor(interaction.user, guild, admin), place, id

    async def _completions(self, interaction: discord.Interaction, actor: Actor, place: Place) -> list[Any]:
        data: Mapping[str, Any] = dict(interaction.data or {})
        bot = self.bot()
        given = commands.command_of(data, bot.commands)
        typed = given.values.get(given.focused, "")
        return commands.choices(await options(bot, actor, place, given.name, given.focused, typed))


@dataclass(frozen=True, slots=True)
class _Talk:
    """One interaction and its answer. `message` is the bot's id of the pressed message."""

    owner: Interactions
    interaction: discord.Interaction
    reply: Reply
    actor: Actor
    place: Place
    message: str

    @property
    def bot(self) -> Bot:
        return self.owner.bot()

    @property
    def data(self) -> Mapping[str, Any]:
        return dict(self.interaction.data or {})

    def common(self, place: Place) -> Common:
        at = self.interaction.created_at
        return {"actor": self.actor, "place": place, "id": str(self.interaction.id), "at": at}

    async def go_on(self) -> None:
        kind = self.interaction.type
        if kind is discord.InteractionType.application_command:
            if self.data.get("type") == 3:
                await self._shortcut()
            else:
                await self._command(commands.command_of(self.data, self.bot.commands))
        elif kind is discord.InteractionType.component:
            await self._pressed(action_of(str(self.data.get("custom_id", ""))))
        elif kind is discord.InteractionType.modal_submit:
            await self._submitted()

    async def _command(self, given: commands.Given) -> None:
        filled = filling.Filled(given.values)
        if given.files:
            await self.reply.defer()
            await filling.fetch(given.files, filled, self.owner.rest)
        if filled.problems:
            await self._say(filling.refused(filled.problems, None, ""))
            return
        values, files = filled.values, filled.files
        await self._tell(CommandIssued(name=given.name, values=values, files=files, **self.common(self.place)))

    async def _shortcut(self) -> None:
        shortcut = next((s for s in self.bot.shortcuts if cut(s.label, 32) == self.data.get("name")), None)
        target = str(self.data.get("target_id", ""))
        raw = ((self.data.get("resolved") or {}).get("messages") or {}).get(target)
        if shortcut is None or raw is None:
            await self.reply.say([Part(_("This is from an older version. Please look at the menu once more."))])
            return
        channel = str(self.interaction.channel_id)
        place, id = self.place, target
        if not place.direct:
            place, id = await self.owner.places.place(place.workspace, channel, target)
            above = (raw.get("message_reference") or {}).get("message_id")
            if place.thread is None and above and raw.get("type") == 19:
                place = Place(place.workspace, place.channel, thread=str(above))
        author = raw.get("author") or {}
        mine = author.get("bot") or not author
        name = str(author.get("global_name") or author.get("username") or "")
        await self._tell(
            ShortcutUsed(
                name=shortcut.name,
                message=MessageRef(place.workspace, place.channel, id),
                text=str(raw.get("content", "")),
                author=None if mine else self.owner.people.named(str(author["id"]), place.workspace, name),
                **self.common(place),
            )
        )

    async def _pressed(self, action: str) -> None:
        if action.startswith(filling.FORM):
            draft, _, step = action.removeprefix(filling.FORM).partition(":")
            await self._answer(self.bot.draft(self.actor, draft), int(step) if step.isdigit() else 0)
        elif action.startswith(filling.SEND):
            await self._send_as_it_is(action.removeprefix(filling.SEND))
        elif action.startswith(SHOW):
            await self._answer(self.bot.recall(self.actor, action.removeprefix(SHOW)))
        elif action.startswith(PAGE):
            await self._answer(self.bot.page(self.actor, self.place.workspace))
        else:
            value = str((self.data.get("values") or [""])[0])
            ref = MessageRef(self.place.workspace, self.place.channel, self.message) if self.message else None
            await self._tell(ButtonPressed(action=action, value=value, message=ref, **self.common(self.place)))

    # Forms

    async def _submitted(self) -> None:
        step = modals.Step.decode(str(self.data.get("custom_id", "")))
        if step is None:
            await self.reply.say([Part(_("This form is from an older version. Please begin once more."))])
            return
        typed = modals.typed(self.data)
        if typed.files or typed.accounts:
            await self.reply.defer()
        filled = await filling.gather(typed, self.bot, self.owner.rest, self.owner.places, self.actor, self.place)
        if filled.problems or not step.last:
            await self.bot.keep(self.actor, step.draft, filled.values)
            form = (await self.bot.draft(self.actor, step.draft)).form
            if filled.problems:
                await self._say(filling.refused(filled.problems, form, step.draft, step.number))
            else:
                await self._say(filling.kept_so_far(step, form))
            return
        values, action = filled.values, step.action
        if step.of > 1 or typed.left_out or not action:
            # The draft holds the rest: earlier steps and earlier submissions.
            kept = (await self.bot.draft(self.actor, step.draft)).form
            if kept is None:
                await self._say(filling.too_old(values))
                return
            action = kept.action
            values = {**{f.name: f.value for f in kept.fields}, **values}
        values = {**values, **{name: upload.name for name, upload in filled.files.items()}}
        event = FormSubmitted(
            action=action,
            values=values,
            draft=step.draft or None,
            files=filled.files,
            forums=filled.forums,
            **self.common(self.place),
        )
        await self._tell(event)

    async def _send_as_it_is(self, draft: str) -> None:
        answer = await self.bot.draft(self.actor, draft)
        if (kept := answer.form) is None:
            if answer.message is not None:
                await self._say(answer.message, answer)
            return
        values = {f.name: f.value for f in kept.fields}
        await self._tell(FormSubmitted(action=kept.action, values=values, draft=draft, **self.common(self.place)))

    # The answer

    async def _tell(self, event: Interaction) -> None:
        try:
            await self._answer(self.bot.receive(event))
        except Unavailable:
            if not isinstance(event, FormSubmitted):
                raise
            typed = filling.quotes(event.values)
            await self._say(message(paragraph(_(NOT_SAVED)), note(_("This is what you typed:")), *typed))

    async def _answer(self, work: Awaitable[Answer], step: int = 0) -> None:
        """Sends the answer; defers the response if it takes long."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        if not done:
            await self.reply.defer()
        answer = await task
        if answer.form is not None and answer.problems:
            first = modals.step_of(answer.form, answer.problems)
            await self._say(filling.refused(answer.problems, answer.form, answer.form.draft or "", first))
        elif answer.form is not None:
            await self._open(answer, answer.form, step)
        elif answer.message is not None:
            await self._say(answer.message, answer)
        else:
            await self.reply.nothing()

    async def _open(self, answer: Answer, form: Form, step: int) -> None:
        from_modal = self.interaction.type is discord.InteractionType.modal_submit
        if self.reply.may_open_modal and not from_modal:
            people = await people_for(self.bot, form, self.actor, self.place)
            channels: Sequence[Option] = ()
            if self.place.direct and any(isinstance(f, ChannelField) for f in form.fields):
                channels = self.owner.places.to_choose(self.place.workspace, self.actor.account.user)
            offer = modals.Offer(people, answer.mentions, channels)
            if not await self.reply.open(modals.modal(form, step, offer)):
                await self.reply.say_directly(render(filling.to_be_opened(form, step), References(), {}))
            return
        await self._say(filling.to_be_opened(form, step))

    async def _say(self, said: Message, answer: Answer | None = None) -> None:
        meant = References(answer.mentions, answer.links) if answer else References()
        await self.reply.say(render(said, meant, answer.files if answer else {}))
