"""What the course team notes of a live session: its recording, head count and code word."""

from bot.core.forms import Form, TextField
from bot.core.message import (
    Button,
    Instant,
    Message,
    buttons,
    message,
    paragraph,
    shorten,
)
from bot.core.translation import _, phrase
from bot.course.model import Live
from bot.features.live import rules
from bot.features.live.buttons import action
from bot.features.live.store import Session

TRANSCRIPT = 2500
"""Characters of a transcript that is written into the form."""


def notes_form(session: Session, live: Live, is_closed: bool) -> Form:
    """`is_closed`: how it went was told, so a head count comes too late."""
    word = TextField(
        "word",
        _("Code word"),
        _("Say it in the call. Who enters it was there, also if they forgot to press."),
        required=False,
        max_length=60,
        value=session.word,
    )
    counted = TextField(
        "heads",
        _("How many people you counted"),
        _("Over all times. It stands beside the presses."),
        required=False,
        max_length=5,
        value=heads(session),
        number=True,
    )
    url = TextField(
        "url",
        _("Link to the recording"),
        _("It goes into the week's thread and onto the week card."),
        required=False,
        max_length=500,
        value=session.recording,
    )
    transcript = TextField(
        "transcript",
        _("Transcript"),
        _("A link or the text; or 'captions' if the video has them."),
        required=False,
        long=True,
        max_length=TRANSCRIPT,
        value=session.transcript,
    )
    asked = [word] if is_closed else [word, counted]
    if live.recorded or session.recording:
        asked += [url, transcript]
    return Form(action("notes", session.cohort, session.id), shorten(session.title, 60), tuple(asked), _("Save"))


def heads(session: Session) -> str:
    """How many people the course team counted, as the form has it; empty if nobody counted."""
    return "" if session.heads is None else str(session.heads)


def noted(session: Session, is_late: bool) -> Message:
    """`is_late`: its recording came after its figures were drawn up."""
    said = _("Saved.")
    if session.word and not session.recording:
        said = _("Saved. Whoever hears “{word}” in the call and writes it to me was there.", word=session.word)
    if session.recording:
        said = _("Thank you. The recording goes into the thread of week {week} and onto its card.", week=session.week)
    late = phrase(
        "Its figures were drawn up before, and its verdict stands. Learners can watch it, and what they took from it "
        "counts in full until {at}.",
        at=Instant(rules.reflect_until(session)),
    )
    edit = Button(_("Edit"), action("notes", session.cohort, session.id))
    return message(paragraph(said), paragraph(*late) if is_late else None, buttons(edit))
