"""Conflicts: a form must not replace, unseen, what was stored after it was opened. What a feature doubts in it is asked
about in the same way."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.core.actions import Action
from bot.core.errors import FormRefused, Refused
from bot.core.feature import Handler, Submission
from bot.core.forms import ChannelField, ChoiceField, Doubt, Field, Form, Kept, Stored, UploadField
from bot.core.translation import _
from bot.core.turn import Turn
from bot.runtime.access import enter
from bot.runtime.ports import Draft, Unit
from bot.runtime.registry import Registry

LONGEST = 1200
"""Maximum characters of stored text shown at a field."""


def stamps(handler: Handler[Any], turn: Turn[Any], subject: str) -> Mapping[str, str] | None:
    """The stamps of everything that a form opened now may replace, by part; None for a form that only adds."""
    if handler.replaces is None:
        return None
    try:
        return {stored.part: stored.stamp for stored in handler.replaces(turn, Submission(subject, {}, ""))}
    except Refused:
        return None


def own_words(registry: Registry, unit: Unit, turn: Turn[Any], draft: Draft) -> set[str]:
    """The fields of an open form whose words are stored as its person's own: what this form may replace, and no copy of
    a text that somebody takes back."""
    form, action = draft.form, Action.decode(draft.form.action)
    handler = registry.handler(action.feature, action.name, True) if action else None
    if action is None or handler is None or handler.replaces is None:
        return set()
    own = replace(turn, store=unit.store(action.feature), person=unit.people.person(draft.person))
    if (cohort := unit.people.cohort(action.cohort) if action.cohort else None) is not None:
        enter(own, cohort)
    try:
        found = handler.replaces(own, Submission(action.subject, {}, ""))
    except Refused:
        return set()
    stored = [s for s in found if isinstance(s, Stored)]
    return {
        field.name for field in form.fields for s in stored if field.value and s.values.get(field.name) == field.value
    }


def refuse_conflict(handler: Handler[Any], turn: Turn[Any], filled: Submission, form: Form) -> None:
    """Raises FormRefused, with the form to send again, if something that `filled` would replace has changed since
    `form` was opened."""
    if handler.replaces is None or form.seen is None:
        return
    try:
        stored = handler.replaces(turn, filled)
    except Refused:
        # The handler refuses it as well, and says what to do.
        return
    unseen = [s for s in stored if s.stamp != form.seen.get(s.part, "")]
    newer = [s for s in unseen if isinstance(s, Stored) and not s.is_said_by(filled.values)]
    doubts = [s for s in unseen if isinstance(s, Doubt)]
    if not newer and not doubts:
        return
    seen = {**form.seen, **{s.part: s.stamp for s in stored}}
    problems = _problems(newer, filled, form) if newer else {"": _("Change it, or send it again as it is.")}
    for doubt in doubts:
        problems[doubt.field] = " ".join(filter(None, [problems.get(doubt.field), doubt.why]))
    raise FormRefused(problems, replace(form, seen=seen))


def _problems(newer: list[Stored], filled: Submission, form: Form) -> dict[str, str]:
    """The stored values, for each field that has another one."""
    happened = "; ".join(s.said for s in newer)
    newest = _(
        "Newer: {what}. To store yours all the same, send it again. To leave it, close this form.", what=happened
    )
    found = {"": newest}
    for stored in newer:
        for field in form.fields:
            value = stored.values.get(field.name)
            if value is None or value.strip() == filled.values.get(field.name, "").strip():
                continue
            now = _("Now: {value}", value=_shown(field, value))
            if isinstance(field, UploadField) and filled.values.get(field.name, "") != field.value:
                # A new upload is stored only once the form is accepted.
                now = _("{now}. To send yours, choose it once more.", now=now)
            found[field.name] = now
    return found


def _shown(field: Field, value: str) -> str:
    if isinstance(field, UploadField):
        kept = Kept.read(value)
        value = kept.name if kept else ""
    elif isinstance(field, ChannelField) and value:
        # Only the platform knows its name.
        return _("another channel")
    elif isinstance(field, ChoiceField):
        value = next((o.label for o in field.options if o.value == value), value)
    if not value:
        return _("nothing")
    return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
