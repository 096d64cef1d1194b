"""The sandbox's chat as a platform for the bot: events in, deliveries out."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from adapters.sandbox.acts import Act, Outcome
from adapters.sandbox.members import direct
from adapters.sandbox.performer import Performer, actor, place
from adapters.sandbox.platform import Platform
from adapters.sandbox.records import BOT, WORKSPACE, Delivered, Post
from adapters.sandbox.refusals import BadAct
from adapters.shared.interactions import options, people_for
from bot.core.codec import dump_event, load_event
from bot.core.commands import Command, Shortcut
from bot.core.errors import Blocked, NameTaken, TargetGone, Unavailable, reason
from bot.core.events import (
    AccountChanged,
    CommandIssued,
    Event,
    FormSubmitted,
    GroupListed,
    Interaction,
    PlaceFound,
    PlaceLost,
    ShortcutUsed,
)
from bot.core.failures import log_failure
from bot.core.forms import ChannelField, Form
from bot.core.message import Option, Status
from bot.core.people import Account, Actor, MessageRef, Place
from bot.core.ports import Answer, Bot, Delivery, Finding, Sent
from bot.core.translation import _

log = logging.getLogger(__name__)

RETRY_AFTER = 1.0
"""Seconds until an event that the bot could not take is handed to it again."""


class Sandbox:
    """The `Adapter` of the sandbox's one workspace, and the way in for its people (`act`)."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._performer = Performer(platform)
        self._bot: Bot | None = None
        self._again: asyncio.Task[None] | None = None

    at_once = 100

    @property
    def workspaces(self) -> Sequence[str]:
        return (WORKSPACE,)

    @property
    def bot(self) -> Bot:
        """Raises Unavailable before `start`."""
        if self._bot is None:
            raise Unavailable(_("The bot has not started yet. Please try again in a moment."))
        return self._bot

    @property
    def commands(self) -> Sequence[Command]:
        return self._bot.commands if self._bot else ()

    @property
    def shortcuts(self) -> Sequence[Shortcut]:
        return self._bot.shortcuts if self._bot else ()

    @property
    def problems(self) -> Mapping[str, str]:
        return {}

    async def start(self, bot: Bot) -> None:
        """Hands over the events left by an earlier run."""
        self._bot = bot
        await self._hand_over_waiting()

    async def stop(self) -> None:
        self._bot = None
        if self._again:
            self._again.cancel()
            self._again = None

    # Acts of people

    async def act(self, act: Act) -> Outcome:
        """Does something as a person, and returns once the bot has received it.

        Raises BadAct where a person could not do that, Unavailable where the bot could not save it.
        """
        delivered = self.platform.deliveries.find(act.delivery) if act.delivery else None
        if delivered is None:
            delivered = self._perform(act)
        elif (delivered.person, delivered.do) != (act.person, act.do):
            raise BadAct("This 'delivery' was used for something else already. Give a new one.")
        if delivered.event is None:
            return Outcome(message=delivered.message)
        event = load_event(delivered.event)
        if isinstance(event, FormSubmitted) and not event.values:
            # What is typed into some forms is stored nowhere; whoever sends such a form again has it still.
            event = replace(event, values=act.values, files=act.files)
        if not isinstance(event, Interaction):
            await self._hand_over(delivered, event)
            return Outcome(message=delivered.message)
        answer = await self.bot.receive(event)
        return await self._carry_back(delivered, event, answer)

    async def change_account(
        self, person: str, *, active: bool | None = None, zone: str | None = None, name: str | None = None
    ) -> None:
        """Closes or reopens an account, or changes its zone or name, and tells the bot."""
        human = self.platform.human(person)
        with self.platform.unit():
            if zone is not None or name is not None:
                human = self.platform.add_person(person, name or human.name, zone or human.zone, human.title)
            if active is not None and active != human.active:
                human = self.platform.deactivate(person, active)
            turn = self.platform.deliveries.next_interaction()
            at = self.platform.now()
            event = AccountChanged(actor=actor(human), at=at, active=human.active, turn=turn)
            delivered = self.platform.deliveries.add(None, person, "account", dump_event(event), None)
        await self._hand_over(delivered, event)

    async def list_group(self, group: str) -> None:
        """Tells the bot who is in a group of this chat."""
        members = tuple(actor(h) for h in self.platform.people() if h.active and group in (h.groups or ()))
        at = self.platform.now()
        turn = f"{at.isoformat()}/{','.join(m.account.user for m in members)}"
        await self.bot.receive(GroupListed(workspace=WORKSPACE, group=group, members=members, at=at, turn=turn))

    async def lose(self, channel: str) -> None:
        """Removes a channel, and tells the bot that it can no longer write there."""
        self.platform.remove_channel(channel)
        at = self.platform.now()
        await self.bot.receive(PlaceLost(place=Place(WORKSPACE, channel), why="gone", at=at, turn=at.isoformat()))

    async def unarchive(self, channel: str) -> None:
        """Opens an archived channel again, and tells the bot."""
        self.platform.archive_channel(channel, False)
        at = self.platform.now()
        await self.bot.receive(PlaceFound(place=Place(WORKSPACE, channel), at=at, turn=at.isoformat()))

    async def page(self, person: str) -> Answer:
        """The person's own page."""
        return await self.bot.page(actor(self.platform.human(person)), WORKSPACE)

    async def options(self, person: str, place_id: str, command: str, parameter: str, typed: str) -> Sequence[Option]:
        """What a person may pick: completions of a command's parameter, or people."""
        human = self.platform.human(person)
        room = self.platform.room(place_id or direct(person))
        return await options(self.bot, actor(human), place(room), command, parameter, typed)

    async def people_for(self, form: Form, person: str, place_id: str) -> Sequence[Option]:
        """The people that a form's person fields offer."""
        room = self.platform.room(place_id or direct(person))
        return await people_for(self.bot, form, actor(self.platform.human(person)), place(room))

    def channels_for(self, form: Form, person: str) -> Sequence[Option]:
        """The channels that a form's channel fields offer; none if it has no such field."""
        if not any(isinstance(field, ChannelField) for field in form.fields):
            return ()
        return [Option(room.id, f"#{room.name}") for room in self.platform.to_choose(person)]

    def _perform(self, act: Act) -> Delivered:
        names = [c.name for c in self.commands]
        with self.platform.unit():
            event, message = self._performer.perform(act, names)
            # A press or a form must be answered now; a chat message can be handed over later.
            text = None if event is None else dump_event(self._to_store(event))
            delivered = self.platform.deliveries.add(act.delivery, act.person, act.do, text, message)
            delivered = delivered if event is None else replace(delivered, event=dump_event(event))
            if isinstance(event, Interaction):
                self.platform.deliveries.taken(delivered.seq)
        return delivered

    def _to_store(self, event: Event) -> Event:
        """The event as it may be stored: without what was typed into a form that keeps nothing."""
        if isinstance(event, FormSubmitted):
            opened = self.platform.form_of(event.actor.account.user, event.draft)
            if opened is not None and not opened.form.kept:
                return _without_words(event)
        return event

    async def _hand_over(self, delivered: Delivered, event: Event) -> None:
        """Hands a chat event to the bot, again and again until the bot takes it."""
        if self._again and not self._again.done():
            return  # earlier ones wait, and order matters
        try:
            await self.bot.receive(event)
        except Unavailable as e:
            log.warning("The bot did not take %s: %s", event.key, reason(e))
            self._again = asyncio.create_task(self._retry())
            return
        self.platform.deliveries.taken(delivered.seq)

    async def _hand_over_waiting(self) -> bool:
        for delivered in self.platform.deliveries.waiting():
            try:
                await self.bot.receive(load_event(delivered.event or ""))
            except Unavailable:
                return False
            except Exception:
                log_failure(log, "The bot failed over delivery %d; it is not handed over again", delivered.seq)
            self.platform.deliveries.taken(delivered.seq)
        return True

    async def _retry(self) -> None:
        while True:
            await asyncio.sleep(RETRY_AFTER)
            if await self._hand_over_waiting():
                return

    async def _carry_back(self, delivered: Delivered, event: Interaction, answer: Answer) -> Outcome:
        person, where = delivered.person, event.place
        form = answer.form
        if isinstance(event, FormSubmitted):
            opened = self.platform.form_of(person, event.draft)
            # A repeated delivery may belong to a form that was sent long ago; a form opened since then stays open.
            if opened and (opened.form.action, opened.form.draft) == (event.action, event.draft):
                if answer.problems and form is None:
                    form = opened.form.filled(event.values) if opened.form.kept else opened.form
                elif form is None:
                    self.platform.close_form(person, event.draft)
        reply = None
        with self.platform.unit():
            if not answer.problems:
                self.platform.deliveries.answered(delivered.seq, dump_event(_without_words(event)))
            if answer.message is not None:
                key, shown = f"reply/{delivered.seq}", (answer.zone, answer.mentions, answer.links, answer.files)
                with suppress(TargetGone, Blocked):
                    private = Delivery(key, "", answer.message, where, None, *shown)
                    reply = self.platform.bot_post(private, to=person, kind="replied")
            if form is not None:
                self._open(person, form, where)
        people = await self.people_for(form, person, where.channel) if form else ()
        channels = self.channels_for(form, person) if form else ()
        return Outcome(delivered.message, reply, form, people, channels, answer.problems)

    def _open(self, person: str, form: Form, where: Place) -> None:
        opened = self.platform.form_of(person)
        if opened and opened.form == form and opened.place == where.channel:
            return
        thread = int(where.thread) if where.thread else None
        self.platform.open_form(person, form, where.channel, thread)
        write, at = self.platform.transcript.write, self.platform.now()
        write("opened", at, where.channel, BOT, thread=thread, to=person, text=form.title, actions=[form.action])

    # Deliveries

    async def post(self, delivery: Delivery) -> Sent:
        await self.platform.faults.before()
        post = self.platform.bot_post(delivery)
        self.platform.faults.after()
        return _sent(post)

    async def edit(self, delivery: Delivery, refs: Sequence[MessageRef]) -> Sent:
        await self.platform.faults.before()
        if not refs:
            raise TargetGone
        post = self.platform.bot_edit(int(refs[0].id), delivery)
        self.platform.faults.after()
        return _sent(post)

    async def delete(self, refs: Sequence[MessageRef]) -> None:
        for ref in refs:
            self.platform.bot_delete(int(ref.id))

    async def whisper(self, delivery: Delivery) -> None:
        if delivery.account is None:
            raise TargetGone("A whisper needs somebody to hear it.")
        await self.platform.faults.before()
        self.platform.bot_post(delivery, to=delivery.account.user, kind="whispered")
        self.platform.faults.after()

    async def react(self, ref: MessageRef, emoji: str, on: bool, state: Status | None = None) -> None:
        try:
            post = self.platform.post(int(ref.id))
        except BadAct:
            raise TargetGone from None
        if post.deleted:
            raise TargetGone
        self.platform.react(post, BOT, emoji, on)

    async def find(self, delivery: Delivery) -> Sent | None:
        post = self.platform.find(delivery)
        return _sent(post) if post else None

    async def pin(self, ref: MessageRef, on: bool) -> None:
        self.platform.bot_pin(int(ref.id), on)

    async def create(
        self,
        workspace: str,
        name: str,
        topic: str,
        private: bool,
        members: Sequence[Account],
        forum: bool = False,
        place: Place | None = None,
    ) -> Place:
        await self.platform.faults.before()
        name = place.channel if place is not None else name
        there = next((room for room in self.platform.places() if room.id == name), None)
        if there is not None and there.archived:
            raise NameTaken(f"There is a #{name} that is archived. Pick another name.")
        if there is None:
            try:
                self.platform.add_channel(name, topic, [m.user for m in members] if private else None)
            except BadAct as e:
                raise TargetGone(str(e)) from None
        elif there.members is None:
            if private:
                raise NameTaken(f"There is a #{name} that everybody is in. Pick another name.")
        elif private and place is None and there.members - {m.user for m in members}:
            raise NameTaken(f"There is a #{name} that others are in. Pick another name.")
        else:
            self.platform.add_channel(name, topic, there.members | {m.user for m in members})
        return Place(WORKSPACE, name)

    async def remove_member(self, place: Place, account: Account) -> None:
        with suppress(BadAct):
            self.platform.remove_member(place.channel, account.user)

    async def forget(self, account: Account) -> None:
        self.platform.forget(account.user)

    async def look_up(self, workspace: str, wanted: Sequence[str]) -> Mapping[str, Sequence[Actor]] | None:
        people = [actor(p) for p in self.platform.people() if p.active]
        found = {name: [a for a in people if name in (a.account.user, a.name)] for name in wanted}
        return found if workspace == WORKSPACE else None

    async def archive(self, place: Place) -> None:
        self.platform.archive_channel(place.channel)

    async def reach(self) -> Mapping[str, str]:
        return {WORKSPACE: ""}

    async def check(self, channels: Mapping[Place, str]) -> Sequence[Finding]:
        """The sandbox depends on nothing outside, so there is nothing to check."""
        return ()

    def link(self, ref: MessageRef) -> str | None:
        """An address on the sandbox's own server, which redirects each reader to the message on their own page."""
        return f"/message/{ref.id}"


def _without_words(event: Interaction) -> Interaction:
    if isinstance(event, CommandIssued):
        return replace(event, text="", values={})
    if isinstance(event, ShortcutUsed):
        return replace(event, text="")
    return replace(event, values={}, files={}) if isinstance(event, FormSubmitted) else event


def _sent(post: Post) -> Sent:
    return Sent((MessageRef(WORKSPACE, post.place, str(post.id)),))
