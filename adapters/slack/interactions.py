"""Commands, buttons, forms and shortcuts. Slack wants each acknowledged within three seconds: a form once it is stored,
since its problems come with that, everything else as it arrives. Nothing is reported as saved before the commit."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from adapters.shared.background import Background
from adapters.shared.interactions import Common, options
from adapters.slack.answers import OPEN_AGAIN, Answers, ReplyTarget
from adapters.slack.channels import Channels
from adapters.slack.controls import Json, action_of, is_replaced, option
from adapters.slack.events import is_direct, moment
from adapters.slack.files import Files
from adapters.slack.forms import Origin, channels_of, errors, files_of, filled, names_group, questions
from adapters.slack.people import People
from adapters.slack.state import digest
from adapters.slack.text import typed, written
from bot.core.errors import PacekeeperError, Unavailable
from bot.core.events import ButtonPressed, CommandIssued, FormSubmitted, ShortcutUsed
from bot.core.failures import log_failure
from bot.core.forms import Upload
from bot.core.message import message, paragraph
from bot.core.people import Actor, MessageRef, Place
from bot.core.ports import Answer, Bot
from bot.core.translation import N_, _

log = logging.getLogger(__name__)

Ack = Callable[..., Awaitable[Any]]

DELAY = 3600.0
"""Seconds that a delivery can take. A time before that, or ahead of our clock, is no time of the act."""

IN_TIME = 2.0
"""Seconds to wait for the commit before the person hears that it takes longer; for a form, Slack waits three."""

REMEMBERED = 10_000
"""Interactions whose answer is not given again."""

FINISHING = 3.0
"""Seconds that answers under way get when the bot is told to stop."""

NOT_SAVED = N_("This could not be saved just now, and nothing was changed. Please try again in a moment.")
PRESS_AGAIN = N_("Not saved yet: this takes longer than usual. Please press again; nothing that you typed is lost.")
FOLLOWS = N_("This takes longer than usual. The answer follows here.")


@dataclass(slots=True)
class Interactions:
    """Handles the interactions of one workspace."""

    bot: Bot
    team: str
    people: People
    answers: Answers
    files: Files
    channels: Channels
    background: Background
    groups_changed: Callable[[], None]
    _forms: dict[str, asyncio.Task[Answer]] = field(default_factory=dict, init=False)
    _answered: dict[str, None] = field(default_factory=dict, init=False)
    """The newest interactions that have their answer, or are getting it. Slack may deliver each again."""
    _under_way: int = field(default=0, init=False)

    async def command(self, ack: Ack, body: Json) -> None:
        await ack()
        begun = asyncio.get_running_loop().time()
        name, _, rest = str(body.get("text") or "").strip().partition(" ")
        channel, trigger = str(body["channel_id"]), str(body.get("trigger_id") or "")
        place = Place(self.team, channel, direct=is_direct(channel))
        actor = await self.people.actor(str(body["user_id"]), str(body.get("user_name") or ""))
        target = ReplyTarget(actor, place, trigger, str(body.get("response_url") or ""))
        id = _id(trigger or uuid4().hex, body.get("user_id"), channel, body.get("text"), body.get("response_url"))
        text = typed(rest.strip(), self.people.name)
        event = CommandIssued(name=name.lower(), text=text, **self._common(target, id))
        await self._answer(begun, target, id, lambda: self.bot.receive(event))

    async def shortcut(self, ack: Ack, body: Json) -> None:
        await ack()
        begun = asyncio.get_running_loop().time()
        said, channel = body.get("message") or {}, str((body.get("channel") or {}).get("id", ""))
        actor = await self._actor(body)
        thread = said.get("thread_ts")
        place = Place(
            self.team, channel, str(thread) if thread and thread != said.get("ts") else None, is_direct(channel)
        )
        author, target = str(said.get("user") or ""), self._target(body, actor, place)
        by_person = bool(author) and (not said.get("bot_id") or await self.people.is_person(author))
        name, user, ts = str(body.get("callback_id", "")), actor.account.user, said.get("ts")
        id = _id(body.get("trigger_id"), user, body.get("callback_id"), ts, body.get("action_ts"))
        event = ShortcutUsed(
            name=name,
            message=MessageRef(self.team, channel, str(said.get("ts", ""))),
            text=written(said, self.people.name),
            author=await self.people.actor(author) if by_person else None,
            **self._common(target, id, body.get("action_ts")),
        )
        await self._answer(begun, target, id, lambda: self.bot.receive(event))

    async def press(self, ack: Ack, body: Json) -> None:
        await ack()
        begun = asyncio.get_running_loop().time()
        element = (body.get("actions") or [{}])[0]
        action, actor = action_of(element), await self._actor(body)
        place = self._place(body)
        target = self._target(body, actor, place)
        id = _id(body.get("trigger_id"), actor.account.user, element.get("action_id"), element.get("action_ts"))
        if action.startswith(OPEN_AGAIN):
            draft = action.removeprefix(OPEN_AGAIN)
            await self._answer(begun, target, id, lambda: self.bot.draft(actor, draft))
            return
        value = str((element.get("selected_option") or {}).get("value", ""))
        common = self._common(target, id, element.get("action_ts"))
        event = ButtonPressed(action=action, value=value, message=self._pressed_on(body), **common)
        await self._answer(begun, target, id, lambda: self.bot.receive(event))
        if target.home:
            self.background.start(self.answers.home(actor))

    async def submit(self, ack: Ack, body: Json) -> None:
        begun = asyncio.get_running_loop().time()
        view = body["view"]
        origin = Origin.read(str(view.get("private_metadata") or ""))
        actor = await self._actor(body)
        home = not origin.channel
        trigger, place = str(body.get("trigger_id") or ""), origin.place(self.team)
        target = ReplyTarget(actor, place, trigger, origin.url, home=home, replaces=bool(origin.url))
        # A view that is replaced by another form keeps its id, but its hash changes.
        user, kept = actor.account.user, view.get("private_metadata")
        # Whoever is told to press again may have changed their words meanwhile: those are another submission.
        said = (view.get("state") or {}).get("values")
        form = f"{view['id']}.{_id(user, view.get('hash'), view.get('callback_id'), kept, said)[:12]}"
        try:
            answer = await self._in_time(self._submission(form, target, view, origin), begun)
        except TimeoutError:
            await self._refuse(ack, view, {"": _(PRESS_AGAIN)})
            return
        except Exception as e:
            _note(e)
            await self._refuse(ack, view, {"": str(e) if isinstance(e, PacekeeperError) else _(NOT_SAVED)})
            return
        await self._close(ack, target, view, answer, form)
        if names_group(view) and not answer.problems:
            self.groups_changed()
        if home:
            self.background.start(self.answers.home(actor))

    async def suggest(self, ack: Ack, body: Json) -> None:
        """People whose name matches what was typed in a form's field."""
        place = Origin.read(str((body.get("view") or {}).get("private_metadata") or "")).place(self.team)
        typed = str(body.get("value") or "")
        found = await options(self.bot, await self._actor(body), place, "", "person", typed)
        await ack(options=[option(o) for o in found[:100]])

    async def home(self, user: str) -> None:
        """Somebody opened the app's home tab."""
        self.background.start(self._publish(user))

    async def _publish(self, user: str) -> None:
        await self.answers.home(await self.people.actor(user))

    async def stop(self) -> None:
        """Finishes what was acknowledged, since Slack does not deliver it again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FINISHING):
                while self._under_way:
                    await asyncio.sleep(0.02)
        for task in self._forms.values():
            task.cancel()

    # Answering

    async def _answer(
        self, begun: float, target: ReplyTarget, id: str, doing: Callable[[], Coroutine[Any, Any, Answer]]
    ) -> None:
        """Sends the answer when it is ready, once. What was used stays as long as nothing is saved."""
        if not self._begin(id):
            return
        beside = replace(target, replaces=False)
        task = asyncio.create_task(doing())
        self._under_way += 1
        try:
            try:
                answer = await self._in_time(task, begun)
            except TimeoutError:
                await self.answers.give(beside, _said(_(FOLLOWS)))
                answer = await task
        except Exception as e:
            _note(e)
            self._answered.pop(id, None)
            await self.answers.give(beside, _said(_(NOT_SAVED)))
        else:
            await self._give(id, target, answer)
        finally:
            self._under_way -= 1

    def _begin(self, id: str) -> bool:
        """False for what is delivered again, and has its answer or is getting it."""
        if id in self._answered:
            return False
        self._answered[id] = None
        if len(self._answered) > REMEMBERED:
            del self._answered[next(iter(self._answered))]
        return True

    async def _give(self, id: str, target: ReplyTarget, answer: Answer) -> None:
        """Gives an answer. One that did not arrive is given if Slack delivers again."""
        if not await self.answers.give(target, answer):
            self._answered.pop(id, None)

    async def _in_time(self, task: asyncio.Task[Answer], begun: float) -> Answer:
        """The answer if it is ready within `IN_TIME` of the interaction's arrival. Raises TimeoutError."""
        spent = asyncio.get_running_loop().time() - begun
        async with asyncio.timeout(max(0.1, IN_TIME - spent)):
            return await asyncio.shield(task)

    def _submission(self, form: str, target: ReplyTarget, view: Json, origin: Origin) -> asyncio.Task[Answer]:
        """The task that handles a submission. Submitting again while it runs gives the same task."""
        task = self._forms.get(form)
        if task is None:
            task = self._forms[form] = asyncio.create_task(self._receive(form, target, view, origin))
            task.add_done_callback(lambda _: self._forms.pop(form, None))
        return task

    async def _receive(self, form: str, target: ReplyTarget, view: Json, origin: Origin) -> Answer:
        files: dict[str, Upload] = {}
        values = filled(view)
        for name, channel in channels_of(view).items():
            if problem := await self.channels.admit(channel):
                return Answer(problems={name: problem})
        for name, (file, as_text) in files_of(view).items():
            data = await self.files.download(file)
            if not as_text:
                values[name] = str(file.get("name") or "file")
                files[name] = Upload(values[name], data)
                continue
            try:
                values[name] = data.decode("utf-8-sig")
            except UnicodeDecodeError:
                return Answer(problems={name: _("This is no text file (UTF-8). Please choose another.")})
        action, common = str(view.get("callback_id", "")), self._common(target, form)
        event = FormSubmitted(action=action, values=values, draft=origin.draft, files=files, **common)
        return await self.bot.receive(event)

    async def _close(self, ack: Ack, target: ReplyTarget, view: Json, answer: Answer, id: str) -> None:
        if answer.problems:
            warning = " ".join(answer.problems.values())
            now = await self.answers.view_of(target, answer.form, warning) if answer.form is not None else None
            # The open view can show problems at its fields, but no other fields.
            if now is None or (questions(now) == questions(view) and errors(view, answer.problems)):
                await self._refuse(ack, view, answer.problems)
            else:
                await ack(response_action="update", view=now)
        elif answer.form is not None:
            await ack(response_action="update", view=await self.answers.view_of(target, answer.form))
        elif answer.message is not None and target.home:
            await ack(response_action="update", view=self.answers.said(target, answer))
            await self.answers.send_files(target, self.answers.drawn(answer).files)
        else:
            await ack()
            if self._begin(id):
                await self._give(id, target, answer)

    async def _refuse(self, ack: Ack, view: Json, problems: Mapping[str, str]) -> None:
        """Keeps the form open with the typed values and shows the problems."""
        at_fields = errors(view, problems)
        if at_fields:
            await ack(response_action="errors", errors=at_fields)
            return
        said = {"type": "section", "text": {"type": "plain_text", "text": " ".join(problems.values())[:3000]}}
        kept = {
            k: view[k] for k in ("type", "callback_id", "private_metadata", "title", "submit", "close") if view.get(k)
        }
        await ack(response_action="update", view={**kept, "blocks": [said, *view.get("blocks", ())][:100]})

    # Reading

    def _common(self, target: ReplyTarget, id: str, ts: object = None) -> Common:
        """`ts`: Slack's time of the act, which a press and a shortcut carry (`action_ts`). A command and a sent form
        carry none: neither their body nor their `trigger_id` has one, so the time is ours, at most the seconds of a
        delivery later."""
        return {"actor": target.actor, "place": target.place, "id": id, "at": acted_at(ts, self.bot.now())}

    async def _actor(self, body: Json) -> Actor:
        user = body.get("user") or {}
        return await self.people.actor(str(user.get("id", "")), str(user.get("username") or user.get("name") or ""))

    def _place(self, body: Json) -> Place:
        view = body.get("view")
        if view:
            return Origin.read(str(view.get("private_metadata") or "")).place(self.team)
        container, said = body.get("container") or {}, body.get("message") or {}
        channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
        thread = said.get("thread_ts") or container.get("thread_ts")
        below = thread and thread != (said.get("ts") or container.get("message_ts"))
        return Place(self.team, channel, str(thread) if below else None, is_direct(channel))

    def _target(self, body: Json, actor: Actor, place: Place) -> ReplyTarget:
        view, trigger = body.get("view") or {}, str(body.get("trigger_id") or "")
        if view.get("type") == "home":
            return ReplyTarget(actor, place, trigger, home=True)
        if view:
            url = Origin.read(str(view.get("private_metadata") or "")).url
            return ReplyTarget(actor, place, trigger, url, str(view.get("id", "")), replaces=bool(url))
        url, element = str(body.get("response_url") or ""), (body.get("actions") or [{}])[0]
        return ReplyTarget(actor, place, trigger, url, replaces=bool(url) and is_replaced(body, element))

    def _pressed_on(self, body: Json) -> MessageRef | None:
        container, said = body.get("container") or {}, body.get("message") or {}
        ts = said.get("ts") or container.get("message_ts")
        if not ts or container.get("is_ephemeral") or body.get("view"):
            return None
        return MessageRef(self.team, self._place(body).channel, str(ts))


def acted_at(ts: object, now: datetime) -> datetime:
    """When somebody acted by Slack's clock, or `now` without a time that can be true."""
    at = moment(ts)
    return at if 0 <= (now - at).total_seconds() <= DELAY else now


def _id(*facts: object) -> str:
    """An id that only a redelivery repeats: the trigger and what it was for."""
    return digest(repr(facts).encode())


def _said(text: str) -> Answer:
    return Answer(message=message(paragraph(text)))


def _note(error: Exception) -> None:
    if isinstance(error, Unavailable):
        log.warning("Nothing could be saved: %s", error)
    else:
        log_failure(log, "An interaction failed", error=error)
