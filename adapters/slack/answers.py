"""How an answer reaches the person who acted: privately, or as a form."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.shared.interactions import people_for
from adapters.slack.api import Api, Json
from adapters.slack.controls import loose
from adapters.slack.errors import Refusal, refusal
from adapters.slack.files import Files
from adapters.slack.forms import Offer, Origin, message_modal, modal
from adapters.slack.hosts import trusted
from adapters.slack.people import People
from adapters.slack.render import Drawn, File, Part, draw, draw_view
from adapters.slack.send import Sender
from adapters.slack.text import Reader
from bot.core.errors import DeliveryError, RateLimited, reason
from bot.core.forms import Form, GroupField
from bot.core.message import Button, Heading, Message, Option, buttons, message, paragraph
from bot.core.people import Actor, Place
from bot.core.ports import Answer, Bot
from bot.core.translation import _

log = logging.getLogger(__name__)

OPEN_AGAIN = "form:"
"""Prefix of the action of a button that opens a draft's form; the draft's id follows."""

TOO_LATE = frozenset(
    {"exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id", "trigger_exchanged", "trigger_expired"}
)
URL_USES = 5
"""How many messages Slack accepts over one response_url."""


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """Where a person who acted can be answered. `trigger` opens a form within three seconds; `url` sends something only
    to them; `view` is the modal that they used, `home` whether that was their home page. `replaces`: they used a
    message to them alone that stands under no anchor, and the answer takes its place."""

    actor: Actor
    place: Place
    trigger: str = ""
    url: str = ""
    view: str = ""
    home: bool = False
    replaces: bool = False

    @property
    def origin(self) -> Origin:
        """What a modal has to know of it."""
        return Origin(self.place.channel, self.place.thread, self.place.direct, url=self.url if self.replaces else "")

    @property
    def user(self) -> str:
        return self.actor.account.user


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers in one workspace."""

    bot: Bot
    api: Api
    members: People
    sender: Sender
    files: Files
    session: aiohttp.ClientSession

    async def give(self, target: ReplyTarget, answer: Answer) -> bool:
        """Answers the person in whichever way still works. A failed answer is logged; the act itself is stored. False
        if it failed."""
        try:
            if answer.form is not None:
                await self.open(target, answer.form, " ".join(answer.problems.values()))
            elif answer.message is not None:
                await self._tell(target, answer)
        except DeliveryError as e:
            log.warning("An answer did not reach %s: %s", target.user, reason(e))
            return False
        return True

    async def view_of(self, target: ReplyTarget, form: Form, warning: str = "") -> Json:
        """The modal of a form, for the person who opens it here."""
        return modal(form, target.origin, await self._offer(target, form), warning)

    async def open(self, target: ReplyTarget, form: Form, warning: str = "") -> None:
        """Opens a form, or offers a button that opens it when the trigger has expired."""
        view = await self.view_of(target, form, warning)
        try:
            if target.view:
                await self.api.call("views.update", urgent=True, view_id=target.view, view=view)
            else:
                await self.api.call("views.open", urgent=True, trigger_id=target.trigger, view=view)
        except (Refusal, RateLimited) as e:
            await self._tell(_beside(target), Answer(message=_not_opened(form, e)))

    async def home(self, actor: Actor) -> None:
        """Publishes the person's own page as their home tab."""
        answer = await self.bot.page(actor, actor.account.workspace)
        if answer.message is not None:
            blocks = draw_view(answer.message, _reader(answer))
            view = {"type": "home", "blocks": blocks}
            await self.api.call("views.publish", patient=True, user_id=actor.account.user, view=view)

    def said(self, target: ReplyTarget, answer: Answer) -> Json:
        """The modal that shows a message."""
        assert answer.message is not None
        return message_modal(_title(answer.message), draw_view(answer.message, _reader(answer)), target.origin)

    def drawn(self, answer: Answer) -> Drawn:
        return draw(answer.message or Message(()), _reader(answer), answer.files)

    async def send_files(self, target: ReplyTarget, files: Sequence[File]) -> None:
        """Sends files to the direct conversation, since Slack cannot show a file to one person in a channel."""
        for file in files:
            await self.sender.privately(target.user, partial(self.files.upload, file), patient=True)

    async def _tell(self, target: ReplyTarget, answer: Answer) -> None:
        if not await self._update(target, answer):
            for number, part in enumerate(self.drawn(answer).parts):
                await self._say(target, part, number)
        await self.send_files(target, self.drawn(answer).files)

    async def _update(self, target: ReplyTarget, answer: Answer) -> bool:
        """Shows an answer in the modal that was used, or opens one over the home page; False if there is none, or Slack
        refuses it, as when the person has closed it."""
        try:
            if target.view:
                await self.api.call("views.update", urgent=True, view_id=target.view, view=self.said(target, answer))
            elif target.home and target.trigger:
                await self.api.call(
                    "views.open", urgent=True, trigger_id=target.trigger, view=self.said(target, answer)
                )
            else:
                return False
        except Refusal as e:
            log.info("%s; the answer goes elsewhere", reason(e))
            return False
        return True

    async def _say(self, target: ReplyTarget, part: Part, number: int) -> None:
        if target.replaces and number == 0 and await self.respond(target.url, part, replaces=True):
            return
        # A response_url cannot post into a thread; chat.postEphemeral can, but only in channels that the bot is in.
        if target.place.thread is None and target.url and number < URL_USES and await self.respond(target.url, part):
            return
        try:
            if not target.place.channel:
                raise refusal("chat.postEphemeral", "channel_not_found")
            await self.sender.say(target.place, target.user, part, patient=True)
        except Refusal as e:
            if target.url and number < URL_USES and await self.respond(target.url, part):
                return
            log.info("%s; it goes to the direct conversation", reason(e))
            said: Json = {"text": part.text, "blocks": loose(part.blocks)}
            await self.sender.privately(
                target.user,
                lambda direct: self.api.call("chat.postMessage", patient=True, channel=direct, **said),
                patient=True,
            )

    async def respond(self, url: str, part: Part, replaces: bool = False) -> bool:
        """Sends a part through a response_url, beside the message that was used or in its place; False if Slack refuses
        it."""
        if not trusted(url, self.api.client.base_url):
            log.warning("A response_url is not Slack's; nothing was sent there")
            return False
        body: Json = {"replace_original": replaces, "text": part.text, "blocks": part.blocks}
        if not replaces:
            body["response_type"] = "ephemeral"
        client = AsyncWebhookClient(url, session=self.session, retry_handlers=[])
        try:
            answer = await client.send_dict(body)
        except (aiohttp.ClientError, SlackClientError, TimeoutError) as e:
            log.info("A response_url did not answer: %s", reason(e))
            return False
        return answer.status_code == 200

    async def _offer(self, target: ReplyTarget, form: Form) -> Offer:
        groups: Sequence[Option] = ()
        if any(isinstance(f, GroupField) for f in form.fields):
            groups = await self.members.group_options()
        return Offer(await people_for(self.bot, form, target.actor, target.place), groups)


def _beside(target: ReplyTarget) -> ReplyTarget:
    """The same person, without the modal or home page that cannot be used."""
    return replace(target, view="", home=False)


def _not_opened(form: Form, error: Refusal | RateLimited) -> Message:
    """What the person reads whose form did not open. If it was too late, a button opens it in time."""
    late = isinstance(error, RateLimited) or error.code in TOO_LATE
    log.log(logging.INFO if late else logging.WARNING, "%s; the person is told", reason(error))
    if late and form.draft:
        return message(
            paragraph(_("The form could not be opened in time. Nothing that you typed is lost.")),
            buttons(Button(_("Open the form"), f"{OPEN_AGAIN}{form.draft}", "primary")),
        )
    return message(
        paragraph(
            _(
                "Slack did not open the form. Please try again in a moment; if it stays like that, whoever runs me "
                "finds the reason in the log."
            )
        )
    )


def _reader(answer: Answer) -> Reader:
    return Reader(answer.zone, answer.mentions, answer.links)


def _title(said: Message) -> str:
    first = next((b.text for b in said.blocks if isinstance(b, Heading)), "")
    return first if 0 < len(first) <= 24 else "Pacekeeper"
