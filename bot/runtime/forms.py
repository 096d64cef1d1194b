"""Forms: each is opened with a draft that keeps the input, and returned if it is refused."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core.actions import Action, read_number
from bot.core.errors import FormRefused
from bot.core.events import Event, FormSubmitted
from bot.core.fingerprints import fingerprint
from bot.core.forms import (
    NOT_KEPT,
    UNASKED,
    Field,
    Form,
    Kept,
    PersonField,
    TextField,
    Upload,
    UploadField,
    Values,
    unbounded,
)
from bot.core.message import Message, Quote, message, note, paragraph, quote, with_code
from bot.core.people import Actor, Person
from bot.core.ports import Answer
from bot.core.translation import _
from bot.core.turn import Turn
from bot.runtime.access import enter
from bot.runtime.conflicts import stamps
from bot.runtime.ports import Draft, Unit
from bot.runtime.registry import Registry


class Forms:
    """Opens forms, reads submissions, and returns refused forms."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def open(self, unit: Unit, turn: Turn[Any], form: Form) -> Form:
        """The form with its own draft, and with the stamps of what it may replace."""
        action = Action.decode(form.action)
        handler = self._registry.handler(action.feature, action.name, True) if action else None
        if action is not None and handler is not None:
            own = replace(turn, store=unit.store(action.feature))
            if action.cohort and (cohort := unit.people.cohort(action.cohort)) is not None:
                enter(own, cohort)
            tried = self._registry.trial(action) is not None
            form = replace(form, seen=stamps(handler, own, action.subject), kept=handler.kept, tried=tried)
        unsent = _unsent(unit.inbox.typed(turn.me.id), form) if form.kept else None
        if unsent is None:
            return replace(form, draft=unit.inbox.open_draft(turn.me.id, form, turn.now))
        form, typed = _going_on(form, unsent)
        # With its stamps: what was stored since it was opened must not be replaced unseen.
        form = replace(form, seen=unsent.form.seen, goes_on=unsent.id)
        draft = unit.inbox.open_draft(turn.me.id, form, turn.now)
        unit.inbox.fill_draft(draft, typed, turn.now)
        return replace(form.filled(typed), draft=draft)

    def keeps(self, encoded: str) -> bool:
        """Whether what is typed into the form with this action may be kept: see `Form.kept`."""
        action = Action.decode(encoded)
        handler = self._registry.handler(action.feature, action.name, True) if action else None
        return handler is None or handler.kept

    def sent_key(self, unit: Unit, event: Event) -> str:
        """Identifies a form that was sent, and what was in it, once its draft is closed; else ''. A platform may send a
        form again as another event."""
        if not (isinstance(event, FormSubmitted) and event.draft and self.keeps(event.action)):
            return ""
        if unit.inbox.draft(event.draft, unit.people.meet(event.actor).id) is not None:
            return ""
        sent = [event.actor.account.workspace, event.actor.account.user, event.draft, event.action]
        return f"sent/{fingerprint(json.dumps([*sent, sorted(event.values.items())]), 32)}"

    def submitted(self, unit: Unit, turn: Turn[Any], event: FormSubmitted) -> tuple[str, Form | None, Values]:
        """Stores the input; returns the draft's id, the form if it is still known, and the values of what it asks."""
        draft = unit.inbox.draft(event.draft, turn.me.id) if event.draft else None
        if draft is None:
            if problems := unbounded(event.values):
                raise FormRefused(problems)
            return "", None, _asked(event.values)
        values = _with_uploads(unit, turn, draft, event)
        if self.keeps(event.action):
            unit.inbox.fill_draft(draft.id, values, turn.now)
        return draft.id, draft.form, _asked(values)

    def give_back(self, unit: Unit, turn: Turn[Any], error: FormRefused) -> Answer:
        """The form as it was filled in, with the problems at its fields."""
        event = turn.event if isinstance(turn.event, FormSubmitted) else None
        draft = unit.inbox.draft(event.draft, turn.me.id) if event and event.draft else None
        form = draft.form if draft else error.form
        if form is None:
            said = message(paragraph(*with_code(str(error))))
            if event is not None:
                said = self.with_typed(unit, turn, event, said)
            return Answer(message=said, problems=error.problems, zone=turn.me.zone)
        keeps = event is None or self.keeps(event.action)
        # Files are received only once everything else is valid.
        files = {f.name for f in form.fields if isinstance(f, UploadField)}
        typed: Values = {k: v for k, v in event.values.items() if k not in files} if event is not None and keeps else {}
        if draft is None:
            # A choice that is not offered any more is none.
            form, typed = form.carrying(form, typed)
            form = self.open(unit, turn, form.filled(typed))
        else:
            form = replace(form, draft=draft.id)
            if error.form is not None and _questions(error.form) != _questions(form):
                form, typed = _renewed(form, error.form, typed)
                unit.inbox.change_draft(draft.id, form)
        if error.form is not None and error.form.seen is not None:
            # The person sees what is stored now, or what is doubted: what they send next replaces that.
            form = replace(form, seen=error.form.seen)
            unit.inbox.change_draft(form.draft or "", form)
        form = form.filled(typed)
        if keeps:
            unit.inbox.fill_draft(form.draft or "", {f.name: f.value for f in form.fields}, turn.now)
        return Forms.shown(unit, form, turn.me, turn.place.workspace if turn.place else "", error.problems)

    def with_typed(self, unit: Unit, turn: Turn[Any], event: FormSubmitted, said: Message) -> Message:
        """The message, with what was typed into the form, to copy, unless the message quotes it or nothing typed may be
        kept."""
        if not self.keeps(event.action):
            return said
        draft = unit.inbox.draft(event.draft, turn.me.id) if event.draft else None
        values = event.values
        if draft is not None:
            before = {f.name: f.value for f in draft.form.fields if isinstance(f, TextField)}
            values = {name: values.get(name, "") for name in before if values.get(name, "") != before[name]}
        quoted = {block.text for block in said.blocks if isinstance(block, Quote)}
        typed = [words for value in values.values() if value.strip() and (words := quote(value)).text not in quoted]
        return replace(said, blocks=(*said.blocks, note(_("This is what you typed:")), *typed)) if typed else said

    @staticmethod
    def shown(
        unit: Unit, form: Form, reader: Person, workspace: str, problems: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer that shows a form."""
        named = {n for f in form.fields if isinstance(f, PersonField) and (n := read_number(f.value)) is not None}
        found = {n: account for n in named if (account := unit.people.account(n, workspace)) is not None}
        mentions = {n: account for n, account in found.items() if account.workspace == workspace}
        return Answer(form=form, problems=problems or {}, zone=reader.zone, mentions=mentions)

    @staticmethod
    def kept(unit: Unit, actor: Actor, draft: str) -> Answer:
        """See `Bot.draft`."""
        person = unit.people.meet(actor)
        found = unit.inbox.draft(draft, person.id)
        if found is None:
            return Answer(message=message(paragraph(_(NOT_KEPT))))
        form = replace(found.form.filled(found.values), draft=found.id)
        return Forms.shown(unit, form, person, actor.account.workspace)

    def keep(self, unit: Unit, actor: Actor, draft: str, values: Values, now: datetime) -> None:
        """See `Bot.keep`."""
        found = unit.inbox.draft(draft, unit.people.meet(actor).id)
        if found is not None and self.keeps(found.form.action):
            files = {f.name for f in found.form.fields if isinstance(f, UploadField)}
            typed = {name: value for name, value in values.items() if name not in files}
            unit.inbox.fill_draft(draft, {**found.values, **typed}, now)


def _questions(form: Form) -> list[Field]:
    return [replace(f, value="") for f in form.fields if not f.name.startswith(UNASKED)]


def _asked(values: Values) -> Values:
    return {name: value for name, value in values.items() if not name.startswith(UNASKED)}


def _renewed(open: Form, now: Form, typed: Values) -> tuple[Form, Values]:
    """An open form as it is `now`, since what it asks was changed meanwhile, and what was typed."""
    # Its fields begin with what they began with: by that its unsent words are found again.
    began = now.carrying(open, {})[1]
    form, typed = now.carrying(open, typed)
    form = form.filled(began)
    return replace(
        form, draft=open.draft, seen=open.seen, kept=open.kept, goes_on=open.goes_on, tried=open.tried
    ), typed


def _unsent(drafts: Sequence[Draft], form: Form) -> Draft | None:
    """The newest draft with words that were typed into the same form and not sent. A form that was filled with
    something else, such as an older version of the text, is another one; it may ask something more by now."""
    own = {f.name: f.value for f in form.fields}
    same = (
        d
        for d in drafts
        if d.form.action == form.action and all(own.get(f.name, f.value) == f.value for f in d.form.fields)
    )
    return next((d for d in same if any(own.get(n) != value for n, value in _going_on(form, d)[1].items())), None)


def _going_on(form: Form, draft: Draft) -> tuple[Form, Values]:
    """The form with what was typed and chosen before. A file has to be chosen anew."""
    files = {f.name for f in draft.form.fields if isinstance(f, UploadField)}
    form, typed = form.carrying(draft.form, draft.values)
    return form, {name: value for name, value in typed.items() if name not in files}


def _with_uploads(unit: Unit, turn: Turn[Any], draft: Draft, event: FormSubmitted) -> Mapping[str, str]:
    """The input with the number of each uploaded file, which is stored from now on. An earlier file stays if no other
    was uploaded. The value that a platform gives for such a field is only a name."""
    values = dict(event.values)
    for field in draft.form.fields:
        if not isinstance(field, UploadField):
            continue
        upload = event.files.get(field.name)
        if upload is None:
            values[field.name] = draft.values.get(field.name, field.value)
        else:
            values[field.name] = receive(unit, turn, field, upload, draft.form)
    return values


def receive(unit: Unit, turn: Turn[Any], field: UploadField, upload: Upload, form: Form | None = None) -> str:
    """Stores an uploaded file; returns the value of its field. Raises FormRefused if it is too large."""
    if len(upload.data) > field.max_bytes:
        large = _(
            "This file is larger than {most} MB. Please send a link to it instead.", most=field.max_bytes // 1_000_000
        )
        raise FormRefused({field.name: large}, form)
    return str(Kept(unit.files.keep(turn.me.id, upload, turn.now), upload.name))
