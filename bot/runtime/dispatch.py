"""Dispatch: an event finds its handler, and state, effects, key and reply are stored together."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any, Literal

from bot.core.actions import Action
from bot.core.commands import Command
from bot.core.errors import FormRefused, NotAllowed, NotFound, Refused, Unavailable, reason
from bot.core.events import (
    AccountChanged,
    ActorMet,
    ButtonPressed,
    Chat,
    CommandIssued,
    Event,
    FormSubmitted,
    GroupListed,
    Interaction,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceMade,
    ReactionChanged,
    ShortcutUsed,
)
from bot.core.feature import Chosen, Handler, Press, Reply, Submission
from bot.core.forms import Form, Kept, UploadField, Values, unbounded
from bot.core.incoming import one_line
from bot.core.message import Button, Message, Option, buttons, message, paragraph, quote
from bot.core.people import MANAGERS, STAFF, Actor, Cohort, MessageRef, Person, Place, Role
from bot.core.ports import Answer
from bot.core.reporting import log_failure
from bot.core.turn import Turn, outside
from bot.runtime.afterwards import still_offered
from bot.runtime.delivery import anchors_in, files_in, resolve, whisper_key
from bot.runtime.newer import refuse_over_newer, seen_now
from bot.runtime.ports import Draft, Received, Unit
from bot.runtime.registry import Registry
from bot.runtime.turns import UnitHouse, finish, publish

log = logging.getLogger(__name__)

TRIES = 3
"""How often a chat event is tried before it is set aside."""

LONGEST_WORD = 40
"""Characters of a command that nobody knows, as its answer repeats it."""

RETRY_AFTER = timedelta(seconds=5)
WAIT_FOR_REFERENCE = timedelta(seconds=1)


Outcome = Literal["done", "later", "aside"]


class NotYet(Exception):
    """The event is about a message of ours that is still on its way; it waits."""


class Dispatch:
    """Handles events within a unit of work that the caller commits."""

    def __init__(self, registry: Registry, link: Callable[[MessageRef], str | None]) -> None:
        self._registry = registry
        self._link = link

    # Interactions: commands, buttons, forms

    def interact(self, unit: Unit, event: Interaction, now: datetime) -> Answer:
        """Handles an interaction once; a repeated key gets the answer that was stored."""
        stored = unit.inbox.answer(event.key)
        if stored is not None:
            return self._with_files(unit, stored)
        person = unit.people.meet(event.actor)
        turn: Turn[Any] | None = None
        try:
            self._greet(unit, event.actor, person, now)
            turn = self._turn(unit, event, person, event.place, now)
            with unit.savepoint():
                # Whoever is refused was heard all the same.
                publish(self._registry, unit, turn, event)
                finish(self._registry, unit, turn)
            with unit.savepoint():
                answer = self._interact(unit, turn, event, person)
        except FormRefused as e:
            # No key is stored: the same form, corrected, is a new try.
            return self._refused_form(unit, event, person, e, now, turn)
        except Refused as e:
            if isinstance(event, FormSubmitted) and e.is_plain:
                return self._refused_form(unit, event, person, FormRefused({"": str(e)}), now, turn)
            answer = self._answer(unit, event.place.workspace, person, e.reply)
        except Unavailable:
            raise
        except Exception:
            code = secrets.token_hex(2).upper()
            log_failure(log, "%s failed (code %s)", event.key, code)
            failed = FormRefused(
                {
                    "": "Something went wrong on our side, and nothing was saved. Please try once more. "
                    f"If it happens again, tell your course team the code {code}."
                }
            )
            return self._refused_form(unit, event, person, failed, now, turn)
        unit.inbox.keep_answer(event.key, answer, now)
        return self._with_files(unit, answer)

    def _greet(self, unit: Unit, actor: Actor, person: Person, now: datetime) -> None:
        """What the platform's groups give is looked up first, and counts for what follows."""
        if actor.groups is not None:
            turn: Turn[Any] = Turn(now, None, unit.people, UnitHouse(self._registry, unit), person=person)
            with unit.savepoint():
                publish(self._registry, unit, turn, ActorMet(actor))
                finish(self._registry, unit, turn)

    def _answer(self, unit: Unit, workspace: str, person: Person, said: Message | None) -> Answer:
        """A private answer, as this reader sees it."""
        zone = unit.people.person(person.id).zone
        if said is None:
            return Answer(zone=zone)
        said = still_offered(self._registry, unit.people, said)
        refs = unit.outbox.refs(set(anchors_in(said)))
        mentions, links = resolve(unit.people, said, workspace, refs, self._link)
        return Answer(message=said, zone=zone, mentions=mentions, links=links)

    @staticmethod
    def _with_files(unit: Unit, answer: Answer) -> Answer:
        files = set(files_in(answer.message)) if answer.message else set()
        return replace(answer, files=unit.files.load(files)) if files else answer

    def _interact(self, unit: Unit, turn: Turn[Any], event: Interaction, person: Person) -> Answer:
        match event:
            case CommandIssued():
                reply = self._command(unit, turn, event)
            case ShortcutUsed():
                reply = self._shortcut(unit, turn, event)
            case _:
                reply = self._act(unit, turn, event)
        while isinstance(reply, Action):
            reply = self._press(unit, turn, reply)
        finish(self._registry, unit, turn)
        if isinstance(reply, Form):
            if reply.draft is None:
                reply = self._opened(unit, person, turn, reply, turn.now)
            return Answer(form=reply, zone=person.zone)
        return self._answer(unit, event.place.workspace, person, reply)

    def _shortcut(self, unit: Unit, turn: Turn[Any], event: ShortcutUsed) -> Reply:
        found = self._registry.shortcut(event.name)
        if found is None:
            raise NotFound("This is from an older version. `/cohort help` shows what there is now.")
        if turn.cohort is None:
            raise Refused("This channel belongs to no cohort that runs, so there is nothing to do with the message.")
        if (event.message.workspace, event.message.channel) != (event.place.workspace, event.place.channel):
            raise NotFound
        feature, handler = found
        self._allow(turn, handler.roles)
        chosen = Chosen(event.message, event.text, event.author)
        return handler.run(replace(turn, store=unit.store(feature)), chosen)

    # What adapters ask for besides

    def page(self, unit: Unit, actor: Actor, workspace: str, now: datetime) -> Answer:
        """See `Bot.page`."""
        person = unit.people.meet(actor)
        self._greet(unit, actor, person, now)
        event = CommandIssued(actor=actor, place=Place(workspace, "", direct=True), id="", at=now, name="")
        turn = self._turn(unit, event, person, event.place, now)
        return self._interact(unit, turn, event, person)

    def draft(self, unit: Unit, actor: Actor, draft: str) -> Answer:
        """See `Bot.draft`."""
        person = unit.people.meet(actor)
        kept = unit.inbox.draft(draft, person.id)
        if kept is None:
            return Answer(message=message(paragraph("This form is not kept any more. Please open it anew.")))
        return Answer(form=replace(kept.form.filled(kept.values), draft=kept.id), zone=person.zone)

    def keep(self, unit: Unit, actor: Actor, draft: str, values: Values, now: datetime) -> None:
        """See `Bot.keep`."""
        kept = unit.inbox.draft(draft, unit.people.meet(actor).id)
        if kept is not None:
            unit.inbox.fill_draft(draft, {**kept.values, **values}, now)

    def recall(self, unit: Unit, actor: Actor, key: str) -> Answer:
        """See `Bot.recall`."""
        person = unit.people.meet(actor)
        kept = unit.inbox.answer(whisper_key(person.id, key))
        said = kept.message if kept else message(paragraph("This was for somebody else, or is not kept any more."))
        return self._with_files(unit, self._answer(unit, actor.account.workspace, person, said))

    def _command(self, unit: Unit, turn: Turn[Any], event: CommandIssued) -> Reply:
        found = self._registry.command(event.name)
        if found is None:
            raise Refused(self._unknown(event.name))
        command, _ = found
        values = {**command.parse(event.text), **event.values}
        if command.needs_cohort and turn.cohort is None:
            here = unit.people.cohort_at(event.place, ended=True)
            if here is not None:
                options = [c for c in self._ended(unit, turn.me, command) if c.id == here[0].id]
                if not options:
                    raise Refused(
                        f"{here[0].title} has ended. Everything that was said here is kept. "
                        "Write to me directly for another cohort of yours."
                    )
            else:
                options = self._cohorts(unit, turn.me, command) or self._ended(unit, turn.me, command)
            if len(options) != 1:
                return self._ask_which(unit, turn, command, values, options)
            self._enter(unit, turn, options[0])
        return self._run_command(unit, turn, command, values)

    def _run_command(self, unit: Unit, turn: Turn[Any], command: Command, values: Values) -> Reply:
        admin = command.admins and turn.event is not None and turn.event.actor is not None and turn.event.actor.admin
        if not command.needs_cohort and command.roles and not command.roles & turn.roles and not admin:
            # It is about no cohort in particular: having the role somewhere will do, and it looks only there.
            turn.cohort, turn.purpose = None, None
            turn.roles = frozenset(m.role for m in unit.people.memberships(turn.me.id))
            self._look_back(unit, turn, command)
            if command.admins and any(values.values()) and not command.roles & turn.roles:
                raise NotAllowed(
                    f"Managers use `/cohort {command.name}`, and whoever administers this workspace: ask one of them "
                    "to write it here, as you did. To take part in a course, write `/cohort join CODE`."
                )
            if not turn.roles:
                raise Refused(outside(unit.people, turn.me))
        if not admin:
            self._allow(turn, command.roles, command.after_end)
        _, run = self._registry.command(command.name) or (None, None)
        assert run is not None
        cohort = turn.cohort.id if turn.cohort else 0
        form = command.form(Action("command", command.name, cohort).encode(), f"/cohort {command.name}")
        if command.missing(values):
            draft = unit.inbox.open_draft(turn.me.id, form, turn.now)
            return replace(form.filled(values), draft=draft)
        try:
            typed = command.read(values)
        except FormRefused as e:
            e.form = form.filled(values)
            raise
        return run(replace(turn, store=unit.store(command.feature)), typed)

    def _look_back(self, unit: Unit, turn: Turn[Any], command: Command) -> None:
        """A command about no cohort in particular that works after the end: in the channel of a cohort that has ended
        it is about that one, and whoever has the role nowhere else has it there."""
        ended = self._ended(unit, turn.me, command)
        found = unit.people.cohort_at(turn.place, ended=True) if turn.place is not None else None
        here = next((c for c in ended if found is not None and c.id == found[0].id), None)
        if here is not None:
            self._enter(unit, turn, here)
        elif ended and not command.roles & turn.roles:
            ids = {c.id for c in ended}
            turn.roles |= {m.role for m in unit.people.memberships(turn.me.id, ended=True) if m.cohort in ids}

    def _act(self, unit: Unit, turn: Turn[Any], event: ButtonPressed | FormSubmitted) -> Reply:
        action = Action.decode(event.action)
        if action is None:
            raise NotFound("This button is from an older version. `/cohort` shows what there is now.")
        if action.cohort:
            cohort = unit.people.cohort(action.cohort)
            if cohort is None:
                raise NotFound
            self._enter(unit, turn, cohort)
            if not turn.roles:
                # Whoever is not in the cohort acts in none: what they may do all the same is not done in its name.
                turn.cohort = None
        if action.feature == "command":
            return self._act_on_command(unit, turn, action, event)
        if isinstance(event, ButtonPressed):
            return self._press(unit, turn, action, event.value)
        handler, own = self._handler(unit, turn, action, submitted=True)
        draft, form, values = self._submitted(unit, turn.me, event, turn.now)
        problems = form.problems(values) if form else {}
        if problems:
            raise FormRefused(problems, form)
        filled = Submission(action.subject, values, draft)
        if form is not None:
            refuse_over_newer(handler, own, filled, form)
        reply = handler.run(own, filled)
        if not isinstance(reply, Form) or reply.draft != draft:
            unit.inbox.close_draft(draft)
        return reply

    def _press(self, unit: Unit, turn: Turn[Any], action: Action, value: str = "") -> Reply:
        handler, own = self._handler(unit, turn, action)
        return handler.run(own, Press(action.subject, value))

    def _handler(
        self, unit: Unit, turn: Turn[Any], action: Action, submitted: bool = False
    ) -> tuple[Handler[Any], Turn[Any]]:
        """What is behind a button or a form, and the turn that it gets. Raises NotAllowed."""
        handler = self._registry.handler(action.feature, action.name, submitted)
        if handler is None:
            raise NotFound("This button is from an older version. `/cohort` shows what there is now.")
        self._allow(turn, handler.roles, handler.after_end)
        return handler, replace(turn, store=unit.store(action.feature))

    def _act_on_command(
        self, unit: Unit, turn: Turn[Any], action: Action, event: ButtonPressed | FormSubmitted
    ) -> Reply:
        """The form of a command, or the answer to 'which cohort?'."""
        found = self._registry.command(action.name)
        if found is None:
            raise NotFound
        if isinstance(event, FormSubmitted):
            draft, _, values = self._submitted(unit, turn.me, event, turn.now)
            reply = self._run_command(unit, turn, found[0], values)
            unit.inbox.close_draft(draft)
            return reply
        kept = unit.inbox.draft(action.subject, turn.me.id) if action.subject else None
        return self._run_command(unit, turn, found[0], kept.values if kept else {})

    def _submitted(
        self, unit: Unit, person: Person, event: FormSubmitted, now: datetime
    ) -> tuple[str, Form | None, Values]:
        """Keeps what was typed; returns the draft's id, the form where we still know it, and its values."""
        draft = unit.inbox.draft(event.draft, person.id) if event.draft else None
        if draft is None:
            if problems := unbounded(event.values):
                raise FormRefused(problems)
            return "", None, event.values
        values = self._received(unit, person, draft, event, now)
        unit.inbox.fill_draft(draft.id, values, now)
        return draft.id, draft.form, values

    @staticmethod
    def _received(unit: Unit, person: Person, draft: Draft, event: FormSubmitted, now: datetime) -> Values:
        """What was filled in. A file is kept, and known by its number from then on; one that was sent in before
        stays where no other is. What a platform gives as the value of such a field is only a name."""
        values = dict(event.values)
        for field in draft.form.fields:
            if not isinstance(field, UploadField):
                continue
            upload = event.files.get(field.name)
            if upload is None:
                values[field.name] = draft.values.get(field.name, field.value)
            elif len(upload.data) > field.max_bytes:
                large = f"This file is larger than {field.max_bytes // 1_000_000} MB. Please send a link to it instead."
                raise FormRefused({field.name: large}, draft.form)
            else:
                values[field.name] = str(Kept(unit.files.keep(person.id, upload, now), upload.name))
        return values

    def _opened(self, unit: Unit, person: Person, turn: Turn[Any] | None, form: Form, now: datetime) -> Form:
        """The form with its draft, which knows what the form was filled from."""
        action = Action.decode(form.action)
        handler = self._registry.handler(action.feature, action.name, True) if action else None
        if turn is not None and action is not None and handler is not None:
            own = replace(turn, store=unit.store(action.feature))
            if action.cohort and (cohort := unit.people.cohort(action.cohort)) is not None:
                self._enter(unit, own, cohort)
            form = replace(form, seen=seen_now(handler, own, action.subject))
        return replace(form, draft=unit.inbox.open_draft(person.id, form, now))

    def _refused_form(
        self,
        unit: Unit,
        event: Interaction,
        person: Person,
        error: FormRefused,
        now: datetime,
        turn: Turn[Any] | None,
    ) -> Answer:
        draft = None
        if isinstance(event, FormSubmitted) and event.draft:
            draft = unit.inbox.draft(event.draft, person.id)
        form = draft.form if draft else error.form
        if form is None:
            return Answer(message=message(paragraph(str(error))), problems=error.problems, zone=person.zone)
        if isinstance(event, FormSubmitted):
            # Files are received once all the rest is well.
            files = {f.name for f in form.fields if isinstance(f, UploadField)}
            form = form.filled({k: v for k, v in event.values.items() if k not in files})
        if draft is None:
            form = self._opened(unit, person, turn, form, now)
        elif error.form is not None and error.form.seen is not None:
            # The person is shown what is stored now: what they send next replaces that.
            form = replace(form, draft=draft.id, seen=error.form.seen)
            unit.inbox.change_draft(draft.id, replace(draft.form, seen=form.seen))
        else:
            form = replace(form, draft=draft.id)
        unit.inbox.fill_draft(form.draft or "", {f.name: f.value for f in form.fields}, now)
        return Answer(form=form, problems=error.problems, zone=person.zone)

    def _ask_which(
        self, unit: Unit, turn: Turn[Any], command: Command, values: Values, options: list[Cohort]
    ) -> Message:
        if not options:
            if turn.people.memberships(turn.me.id):
                raise NotAllowed
            raise Refused(outside(unit.people, turn.me))
        form = command.form(Action("command", command.name).encode(), command.name)
        draft = unit.inbox.open_draft(turn.me.id, form, turn.now)
        unit.inbox.fill_draft(draft, values, turn.now)
        return message(
            paragraph("You are in several cohorts. Which one is it for?"),
            quote(values["text"]) if values.get("text") else None,
            buttons(*(Button(c.title, Action("command", command.name, c.id, draft).encode()) for c in options)),
        )

    def _cohorts(self, unit: Unit, person: Person, command: Command) -> list[Cohort]:
        """The cohorts in which a person may issue a command."""
        ids = [m.cohort for m in unit.people.memberships(person.id) if not command.roles or m.role in command.roles]
        found = [unit.people.cohort(i) for i in dict.fromkeys(ids)]
        return [c for c in found if c is not None]

    def _unknown(self, name: str) -> str:
        name = one_line(name, LONGEST_WORD)
        near = get_close_matches(name, [c.name for c in self._registry.commands if c.name], 1, 0.5)
        hint = f" Did you mean `/cohort {near[0]}`?" if near else ""
        return f"There is no `/cohort {name}`.{hint} `/cohort help` shows what you can do."

    @staticmethod
    def _ended(unit: Unit, person: Person, command: Command) -> list[Cohort]:
        """The cohorts that have ended in which a person may still issue a command, the latest end first."""
        mine = unit.people.memberships(person.id, ended=True) if command.after_end else ()
        ids = [m.cohort for m in mine if not command.roles or m.role in command.roles]
        found = [unit.people.cohort(i) for i in dict.fromkeys(ids)]
        return [c for c in found if c is not None]

    @staticmethod
    def _allow(turn: Turn[Any], roles: frozenset[Role], after_end: bool = False) -> None:
        if turn.cohort is not None and turn.cohort.ended_at is not None and not after_end:
            raise Refused(
                f"{turn.cohort.title} has ended, so this is closed. `/cohort` shows what you still have there."
            )
        if roles and not roles & turn.roles:
            if Role.LEARNER in roles and not turn.roles:
                raise NotAllowed("This is for members of the cohort. `/cohort join CODE` brings you in.")
            if roles <= MANAGERS and turn.roles & STAFF:
                raise NotAllowed("This is for the managers of the cohort. Ask one of them to do it, or to name you.")
            raise NotAllowed

    # Chat: messages, edits, deletions, reactions, accounts

    def handle(self, unit: Unit, received: Received, now: datetime) -> Outcome:
        """Handles one chat event in a savepoint. 'later': it waits, and so does what follows it."""
        try:
            with unit.savepoint():
                self._chat(unit, received.event, now)
        except NotYet:
            unit.inbox.postpone(received, now + WAIT_FOR_REFERENCE)
            return "later"
        except Unavailable:
            raise
        except Exception as e:
            if received.tries + 1 >= TRIES:
                log_failure(log, "%s was set aside after %d tries", received.event.key, TRIES)
                unit.inbox.set_aside(received, reason(e))
                return "aside"
            log.warning("%s failed, and will be tried again: %s", received.event.key, reason(e))
            unit.inbox.postpone(received, now + RETRY_AFTER, reason(e))
            return "later"
        return "done"

    def _chat(self, unit: Unit, event: Chat, now: datetime) -> None:
        place = None if isinstance(event, AccountChanged | GroupListed | PlaceMade) else event.place
        person = unit.people.meet(event.actor) if event.actor else None
        if event.actor and person:
            self._greet(unit, event.actor, person, now)
        turn = self._turn(unit, event, person, place, now)
        publish(self._registry, unit, turn, event)
        ours = turn.cohort is not None or (place is not None and place.direct)
        if isinstance(event, MessagePosted | MessageEdited) and event.unread and person and ours:
            why = f"Your message is too long: its last {event.unread:,} characters were not read."
            turn.whisper(person.id, event.place, message(paragraph(f"{why} Please send them as another message.")))
        finish(self._registry, unit, turn)

    # Turns

    def _turn(self, unit: Unit, event: Event, person: Person | None, place: Place | None, now: datetime) -> Turn[Any]:
        turn: Turn[Any] = Turn(
            now, None, unit.people, UnitHouse(self._registry, unit), event, person=person, place=place
        )
        if place is None:
            return turn
        if not place.direct:
            # What a person takes back is taken back from a cohort that has ended, too.
            found = unit.people.cohort_at(place, ended=isinstance(event, MessageDeleted))
            if found is not None:
                turn.purpose = found[1]
                self._enter(unit, turn, found[0])
        elif person is not None:
            only = {m.cohort for m in unit.people.memberships(person.id)}
            cohort = unit.people.cohort(only.pop()) if len(only) == 1 else None
            if cohort is not None and not isinstance(event, CommandIssued):
                self._enter(unit, turn, cohort)
        turn.about, turn.below = self._anchors(unit, event, place)
        return turn

    def _anchors(self, unit: Unit, event: Event, place: Place) -> tuple[str | None, str | None]:
        """The anchors of the message that the event is about, and of its thread's root."""

        def anchor(message_id: str | None) -> str | None:
            found = unit.outbox.anchor(place.workspace, place.channel, message_id) if message_id else None
            # The same in each workspace of a cohort: see `Turn.show_in`.
            return found.partition("@")[0] if found else None

        about = None
        if isinstance(event, ButtonPressed | ShortcutUsed):
            about = anchor(event.message.id) if event.message else None
        elif isinstance(event, MessageEdited | MessageDeleted | ReactionChanged):
            about = anchor(event.id)
        below = anchor(place.thread)
        unknown = (place.thread and below is None) or (
            about is None and isinstance(event, MessageEdited | MessageDeleted | ReactionChanged)
        )
        if unknown and isinstance(event, Chat) and unit.outbox.sending_to(place.workspace, place.channel):
            raise NotYet
        return about, below

    @staticmethod
    def _enter(unit: Unit, turn: Turn[Any], cohort: Cohort) -> None:
        """The turn is about this cohort from here on, with the roles that the person has in it."""
        turn.cohort = cohort
        ended = cohort.ended_at is not None
        mine = unit.people.memberships(turn.person.id, ended) if turn.person else ()
        turn.roles = frozenset(m.role for m in mine if m.cohort == cohort.id)

    # Completion

    def options(
        self, unit: Unit, actor: Actor, place: Place, command: str, parameter: str, typed: str, now: datetime
    ) -> list[Option]:
        """Completions for a command's parameter; for the parameter 'person' of a form, the cohort's people."""
        person = unit.people.meet(actor)
        event = CommandIssued(actor=actor, place=place, id="", at=now, name=command)
        turn = self._turn(unit, event, person, place, now)
        found = self._registry.command(command)
        if turn.cohort is None:
            mine = self._cohorts(unit, person, found[0]) if found else []
            everyone = unit.people.memberships(person.id)
            cohort = mine[0] if mine else (unit.people.cohort(everyone[0].cohort) if everyone else None)
            if cohort is not None:
                self._enter(unit, turn, cohort)
        declared = next((p for p in found[0].parameters if p.name == parameter), None) if found else None
        if declared is None or declared.kind == "person":
            return self._people(turn, typed) if turn.roles else []
        if declared.kind == "choice":
            return [Option(c, c) for c in declared.choices if c.startswith(typed.lower())]
        if declared.param.suggest is None or found is None:
            return []
        return list(declared.param.suggest(replace(turn, store=unit.store(found[0].feature)), typed))

    @staticmethod
    def _people(turn: Turn[Any], typed: str) -> list[Option]:
        wanted = typed.strip().lstrip("@").lower()
        members = turn.people.members(turn.here.id)
        return [Option(str(p.id), p.name) for p in members if wanted in p.name.lower()][:25]
