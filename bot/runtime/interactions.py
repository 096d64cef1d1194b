"""Interactions: finds the handler of a command, button, form or shortcut, and answers in the same unit of work."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core.actions import Action
from bot.core.days import read_dates
from bot.core.errors import FormRefused, NotFound, Refused, Unavailable
from bot.core.events import ButtonPressed, CommandIssued, FormSubmitted, Interaction, ShortcutUsed
from bot.core.failures import log_failure
from bot.core.feature import Chosen, Handler, Press, Reply, Submission
from bot.core.forms import Form, unbounded
from bot.core.message import Message, message, paragraph
from bot.core.naming import named
from bot.core.people import Actor, Cohort, MessageRef, Person, Place
from bot.core.ports import Answer
from bot.core.time import local_day
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.runtime import access
from bot.runtime.access import enter
from bot.runtime.commands import Commands
from bot.runtime.conflicts import refuse_conflict
from bot.runtime.context import begin, follow_actor, locate
from bot.runtime.delivery import anchors_in, files_in, resolve, whisper_key
from bot.runtime.forms import Forms
from bot.runtime.mounted import publish
from bot.runtime.ports import Unit
from bot.runtime.registry import Registry
from bot.runtime.turns import finish

log = logging.getLogger(__name__)

OLD_BUTTON = N_("This button is from an older version. `/cohort` shows what there is now.")


class Interactions:
    """Answers interactions, and an adapter's other requests for one person."""

    def __init__(
        self, registry: Registry, commands: Commands, forms: Forms, link: Callable[[MessageRef], str | None]
    ) -> None:
        self._registry = registry
        self._commands = commands
        self._forms = forms
        self._link = link

    def answer(self, unit: Unit, event: Interaction, now: datetime) -> Answer:
        """Handles an interaction once; a repeated key gets the stored answer."""
        sent = self._forms.sent_key(unit, event)
        stored = unit.inbox.answer(event.key) or (unit.inbox.answer(sent) if sent else None)
        if stored is not None and not stored.again:
            return _with_files(unit, stored)
        turn = begin(self._registry, unit, event, now)
        try:
            follow_actor(self._registry, unit, turn)
            locate(unit, turn, now)
            with unit.savepoint():
                # Acting counts as activity even if it is refused.
                publish(self._registry, unit, turn, event)
                finish(self._registry, unit, turn)
            with unit.savepoint():
                answer = self._respond(unit, turn, event, stored.again if stored else "")
        except FormRefused as e:
            # No key is stored: the same form, corrected, is a new try.
            return self._forms.give_back(unit, turn, e)
        except Refused as e:
            if isinstance(event, FormSubmitted) and e.is_plain:
                return self._forms.give_back(unit, turn, FormRefused({"": str(e)}))
            said = e.reply
            if isinstance(event, FormSubmitted):
                said = self._forms.with_typed(unit, turn, event, said)
            answer = self._private(unit, turn.me, event.place.workspace, said, turn.place, turn.cohort)
        except Unavailable:
            raise
        except Exception:
            code = secrets.token_hex(2).upper()
            log_failure(log, "%s failed (code %s)", event.key, code)
            failed = _(
                "Something went wrong on our side, and nothing was saved. Please try once more. "
                "If it happens again, tell your course team the code {code}.",
                code=code,
            )
            return self._forms.give_back(unit, turn, FormRefused({"": failed}))
        if stored is None:
            kept = Answer(again=answer.again) if answer.again else answer
            unit.inbox.keep_answer(event.key, kept, now)
            sent = self._forms.sent_key(unit, event)
            if sent and unit.inbox.answer(sent) is None:
                unit.inbox.keep_answer(sent, kept, now)
        return _with_files(unit, answer)

    def page(self, unit: Unit, actor: Actor, workspace: str, now: datetime) -> Answer:
        """See `Bot.page`."""
        event = CommandIssued(actor=actor, place=Place(workspace, "", direct=True), id="", at=now, name="")
        turn = begin(self._registry, unit, event, now)
        follow_actor(self._registry, unit, turn)
        locate(unit, turn, now)
        return self._respond(unit, turn, event)

    def tried(self, unit: Unit, event: FormSubmitted, now: datetime) -> Answer:
        """See `Bot.tried`."""
        action = Action.decode(event.action)
        trial = self._registry.trial(action) if action else None
        if action is None or trial is None:
            return Answer()
        turn = begin(self._registry, unit, event, now)
        try:
            self._enter(unit, turn, action)
            _, own = self._handler(unit, turn, action, is_form=True)
            if problems := unbounded(event.values):
                raise FormRefused(problems)
            said = trial(own, Submission(action.subject, event.values, ""))
        except FormRefused as e:
            beside = self._private(unit, turn.me, event.place.workspace, e.beside) if e.beside else Answer()
            return replace(beside, problems=e.problems, zone=turn.me.zone)
        except Refused as e:
            said = e.reply
        return self._private(unit, turn.me, event.place.workspace, said)

    def recall(self, unit: Unit, actor: Actor, key: str) -> Answer:
        """See `Bot.recall`."""
        person = unit.people.meet(actor)
        kept = unit.inbox.answer(whisper_key(person.id, key))
        said = kept.message if kept else message(paragraph(_("This was for somebody else, or is not kept any more.")))
        return _with_files(unit, self._private(unit, person, actor.account.workspace, said))

    def _respond(self, unit: Unit, turn: Turn[Any], event: Interaction, again: str = "") -> Answer:
        """`again`: the action that answered an earlier delivery of the event, whose words were not stored."""
        made_by = Action.decode(again) or _action_of(event)
        reply: Reply
        if again and made_by is not None:
            self._enter(unit, turn, made_by)
            reply = made_by
        else:
            reply = self._first_reply(unit, turn, event)
        while isinstance(reply, Action):
            made_by = reply
            reply = self._press(unit, turn, reply)
        finish(self._registry, unit, turn)
        if isinstance(reply, Form):
            form = reply if reply.draft else self._forms.open(unit, turn, reply)
            return self._forms.shown(unit, form, turn.me, event.place.workspace)
        answer = self._private(unit, turn.me, event.place.workspace, reply, turn.place, turn.cohort)
        return replace(answer, again=made_by.encode()) if made_by and not self._keeps(made_by) else answer

    def _first_reply(self, unit: Unit, turn: Turn[Any], event: Interaction) -> Reply:
        match event:
            case CommandIssued():
                return self._commands.issue(unit, turn, event)
            case ShortcutUsed():
                return self._use_shortcut(unit, turn, event)
            case ButtonPressed() | FormSubmitted():
                return self._act(unit, turn, event)

    def _keeps(self, action: Action) -> bool:
        """Whether the reply to a button may be stored: see `Feature.action`."""
        handler = self._registry.handler(action.feature, action.name, False)
        return handler is None or handler.kept

    def _use_shortcut(self, unit: Unit, turn: Turn[Any], event: ShortcutUsed) -> Reply:
        found = self._registry.shortcut(event.name)
        if found is None:
            raise NotFound(_("This is from an older version. `/cohort help` shows what there is now."))
        if turn.cohort is None:
            raise Refused(_("This channel belongs to no cohort that runs, so there is nothing to do with the message."))
        if (event.message.workspace, event.message.channel) != (event.place.workspace, event.place.channel):
            raise NotFound
        feature, handler = found
        access.check(turn, handler.roles)
        chosen = Chosen(event.message, event.text, event.author)
        return handler.run(replace(turn, store=unit.store(feature)), chosen)

    def _act(self, unit: Unit, turn: Turn[Any], event: ButtonPressed | FormSubmitted) -> Reply:
        action = Action.decode(event.action)
        if action is None:
            raise NotFound(_(OLD_BUTTON))
        self._enter(unit, turn, action)
        if action.feature == "command":
            return self._act_on_command(unit, turn, action, event)
        if isinstance(event, ButtonPressed):
            return self._press(unit, turn, action, event.value)
        return self._submit(unit, turn, action, event)

    @staticmethod
    def _enter(unit: Unit, turn: Turn[Any], action: Action) -> None:
        """Goes to the cohort of an action."""
        if not action.cohort:
            return
        cohort = unit.people.cohort(action.cohort)
        if cohort is None:
            raise NotFound
        enter(turn, cohort)
        if not turn.roles:
            # People outside the cohort may do what anybody may, but not in its name.
            turn.cohort = None

    def _act_on_command(
        self, unit: Unit, turn: Turn[Any], action: Action, event: ButtonPressed | FormSubmitted
    ) -> Reply:
        """Handles the form of a command, or the answer to 'which cohort?'."""
        command = self._registry.command(action.name)
        if command is None:
            raise NotFound
        if isinstance(event, FormSubmitted):
            draft, _, values = self._forms.submitted(unit, turn, event)
            if not draft:
                values = {p.name: values.get(p.name, "") for p in command.typed}
            reply = self._commands.run(unit, turn, command, values)
            unit.inbox.close_draft(draft)
            return reply
        kept = unit.inbox.draft(action.subject, turn.me.id) if action.subject else None
        return self._commands.run(unit, turn, command, kept.values if kept else {})

    def _submit(self, unit: Unit, turn: Turn[Any], action: Action, event: FormSubmitted) -> Reply:
        handler, own = self._handler(unit, turn, action, is_form=True)
        draft, form, values = self._forms.submitted(unit, turn, event)
        if form is not None:
            values, problems = read_dates(form, form.on_one_line(values), local_day(turn.now, turn.me.zone))
            if problems := {**problems, **form.problems(values)}:
                raise FormRefused(problems, form)
            refuse_conflict(handler, own, Submission(action.subject, values, draft), form)
        reply = handler.run(own, Submission(action.subject, values, draft, event.forums))
        if not isinstance(reply, Form) or reply.draft != draft:
            unit.inbox.close_draft(draft)
        return reply

    def _press(self, unit: Unit, turn: Turn[Any], action: Action, value: str = "") -> Reply:
        handler, own = self._handler(unit, turn, action)
        return handler.run(own, Press(action.subject, value))

    def _handler(
        self, unit: Unit, turn: Turn[Any], action: Action, is_form: bool = False
    ) -> tuple[Handler[Any], Turn[Any]]:
        """The handler of a button or a form, and its turn. Raises Refused."""
        handler = self._registry.handler(action.feature, action.name, is_form)
        if handler is None:
            raise NotFound(_(OLD_BUTTON))
        left = access.left(turn, action) if handler.after_leaving else None
        if left is not None:
            turn.cohort = left
        else:
            access.check(turn, handler.roles, handler.after_end)
        return handler, replace(turn, store=unit.store(action.feature))

    def _private(
        self,
        unit: Unit,
        person: Person,
        workspace: str,
        said: Message | None,
        place: Place | None = None,
        cohort: Cohort | None = None,
    ) -> Answer:
        """A private answer, as this reader sees it. In a direct conversation it says which cohort it is about."""
        zone = unit.people.person(person.id).zone
        if said is None:
            return Answer(zone=zone)
        said = access.without_refused(self._registry, unit.people, said)
        if place is not None and place.direct:
            said = named(unit.people, person.id, cohort, said)
        refs = unit.outbox.refs(set(anchors_in(said)))
        mentions, links = resolve(unit.people, said, workspace, refs, self._link)
        return Answer(message=said, zone=zone, mentions=mentions, links=links)


def _action_of(event: Interaction) -> Action | None:
    """The action of a pressed button."""
    return Action.decode(event.action) if isinstance(event, ButtonPressed) else None


def _with_files(unit: Unit, answer: Answer) -> Answer:
    files = set(files_in(answer.message)) if answer.message else set()
    return replace(answer, files=unit.files.load(files)) if files else answer
