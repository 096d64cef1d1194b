"""The buttons of live sessions, and names for them."""

from datetime import datetime

from bot.core.actions import Action
from bot.core.message import (
    Button,
    shorten,
)
from bot.core.translation import _
from bot.features.live import rules
from bot.features.live.store import Session

TITLE = 80
"""Characters of a session's title in a sentence."""


def action(name: str, cohort: int, subject: str | int) -> str:
    return Action("live", name, cohort, str(subject)).encode()


def title(session: Session) -> str:
    return shorten(session.title, TITLE)


def here_button(session: Session, now: datetime) -> Button:
    """It is taken for longer than the call goes on."""
    label = _("I am here") if rules.runs(session, now) else _("I was there")
    return Button(label, action("here", session.cohort, session.id), "primary")


def word_button(session: Session) -> Button:
    return Button(_("I have the code word"), action("word", session.cohort, session.id))


def reflect_button(session: Session, label: str = "") -> Button:
    return Button(label or _("What I took from it"), action("reflect", session.cohort, session.id))


def wish_button(session: Session) -> Button:
    return Button(_("Feedback in private"), action("wish", session.cohort, session.id))


def notes_button(session: Session) -> Button:
    is_recorded = session.recording or (session.live is not None and session.live.recorded)
    label = _("Code word and recording") if is_recorded else _("Code word and head count")
    return Button(label, action("notes", session.cohort, session.id))


def choose_button(session: Session, label: str = "") -> Button:
    return Button(label or _("Choose a time"), action("rsvp", session.cohort, session.id))


def change_button(session: Session) -> Button:
    return choose_button(session, _("Change that"))


def calendar_button(session: Session) -> Button:
    return Button(_("For my calendar"), action("calendar", session.cohort, session.id))
