"""The page of a live session, for learners: saying yes, and taking it into one's calendar."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.contributions import Upcoming
from bot.core.labels import Labels
from bot.core.message import (
    Button,
    Document,
    Instant,
    Message,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
)
from bot.core.people import Person
from bot.core.time import say
from bot.core.translation import _, phrase
from bot.course.model import Course, Live
from bot.features.live import rules
from bot.features.live.buttons import (
    action,
    calendar_button,
    here_button,
    reflect_button,
    title,
    wish_button,
    word_button,
)
from bot.features.live.card_views import (
    call,
    feedback_state,
    if_there,
    just_ended,
    length,
    reason,
    sentence,
    takes_word,
    to_come,
)
from bot.features.live.store import Session, Taking


def page(
    session: Session,
    live: Live,
    course: Course,
    own: Taking,
    person: Person,
    now: datetime,
    said: bool = False,
    can_wish: bool = False,
) -> Message:
    """For one learner: their yes, the times that they can choose, and what counts afterwards. `said`: they chose just
    now. `can_wish`: they can ask for feedback in its place."""
    chosen = session.slots[own.slot - 1] if own.slot else None
    may_change = rules.may_change(session, own, now)
    ahead = [(n, at) for n, at in rules.ahead(session, now) if may_change and n != own.slot]
    choices = [
        Button(_("I come {at}", at=say(at, person.zone)), action("rsvp", session.cohort, f"{session.id}.{n}"))
        for n, at in ahead
    ]
    no = Button(_("I do not come"), action("rsvp", session.cohort, f"{session.id}.0"))
    is_on, can_reflect = rules.is_on(session, now), rules.can_reflect(session, now)
    return message(
        heading(title(session)),
        paragraph(*_state(session, live, own, now, said)),
        paragraph(sentence(live.goal, whole=True)) if live.goal else None,
        bullets(*((Instant(at),) for _n, at in ahead)),
        note(*length(session, live, course, now)),
        note(_("You can change this until it begins.")) if may_change else None,
        note(_("The buttons say the times of {zone}.", zone=person.zone.replace("_", " ")))
        if ahead and not person.picked_zone
        else None,
        buttons(
            here_button(session, now) if own.here_at is None and is_on else None,
            *choices,
            no if chosen and may_change else None,
            calendar_button(session) if chosen and chosen > now and not said else None,
            word_button(session) if own.here_at is None and takes_word(session, now) else None,
            reflect_button(session) if can_reflect and own.here_at is None else None,
            wish_button(session) if can_wish else None,
        ),
    )


def _state(session: Session, live: Live, own: Taking, now: datetime, said: bool) -> Text:
    if own.here_at is not None:
        return (_("You were there. Thank you."),)
    if own.slot and not session.is_over(now):
        at = Instant(session.slots[own.slot - 1])
        return (*phrase("You said that you come: {at}. Nobody else sees that.", at=at), *call(session))
    if said:
        return (_("Noted: you do not come. That is fine."),)
    if own.asked_at is not None:
        return (feedback_state(own),)
    if session.is_over(now) and own.reflected_at is None and rules.awaits_recording(session):
        ended = [just_ended()] if rules.is_on(session, now) else if_there(session, now)
        return (" ".join([to_come(session, live, now), *ended]),)
    if session.is_over(now) and rules.is_on(session, now):
        return (just_ended(),)
    if session.is_over(now):
        took_place, missed = _("It took place."), _("If you missed it, nothing is lost.")
        return (" ".join([took_place, *if_there(session, now), missed]),)
    return (_("You need not answer; come if you like."),)


def all_of_them(found: Sequence[Upcoming]) -> Message:
    """For one learner: each session with what they can do about it."""
    labels = Labels()
    some = [(one, labels.once(one.button)) for one in found if one.button is not None]
    blocks = [block for one, button in some for block in (paragraph(*one.text), buttons(button))]
    none = paragraph(_("There is nothing to do about a live session now. Your week card has what there is to do."))
    return message(heading(_("Live sessions")), *(blocks or [none]))


def with_calendar(said: Message, file: Document) -> Message:
    return said.with_blocks(note(_("The file is for your calendar.")), file)


def taken_out(session: Session, file: Document) -> Message:
    said = note(
        _("Open the file with your calendar: it takes the session out. If you had not put it there, that is all.")
    )
    return message(heading(title(session))).with_blocks(said, file)


def not_out(session: Session) -> Message:
    return message(
        paragraph(_("“{title}” does not take place: {why}.", title=title(session), why=reason(session))),
        note(_("Your week card has what there is to do.")),
    )


def begun(session: Session) -> str:
    return _("This time of “{title}” has begun already.", title=title(session))
