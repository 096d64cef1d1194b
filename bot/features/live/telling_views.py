"""What those who said yes hear, and see on their own page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.contributions import Date, Upcoming
from bot.core.message import (
    Block,
    Button,
    Buttons,
    Instant,
    Link,
    Message,
    Text,
    buttons,
    message,
    paragraph,
)
from bot.core.plain import plain_text
from bot.core.translation import _, phrase
from bot.course.model import Course, Live
from bot.features.live import rules
from bot.features.live.buttons import action, calendar_button, change_button, choose_button, here_button, title
from bot.features.live.card_views import call, other_way, reason, said_times, sentence
from bot.features.live.store import Heard, Session, Taking


def soon(session: Session, at: datetime) -> Message:
    said = phrase("You come to “{title}”: {at} your time.", title=title(session), at=Instant(at))
    return message(paragraph(*said, *call(session)), buttons(change_button(session), calendar_button(session)))


def news(session: Session, known: Heard, now: Heard, why: str, is_ahead: bool) -> tuple[Text, Block]:
    """How it is now for somebody who said yes and knows something else, with the button for their calendar. `is_ahead`:
    other times of it are."""
    at, name, gone = Instant(known.at), title(session), _("Take it out of my calendar")
    if now.off and is_ahead:
        said = phrase(
            "“{title}” on {at}, to which you had said yes, is not offered any more. "
            "Your week card has its other times.",
            title=name,
            at=at,
        )
        return said, _file_of(session, known, gone)
    if now.off and why == "anew":
        said = phrase(
            "“{title}” was put into the course anew, so your yes for {at} does not count any more. To come, say yes "
            "again: your week card has its times.",
            title=name,
            at=at,
        )
        return said, _file_of(session, known, gone)
    if now.off:
        said = phrase(
            "“{title}” on {at}, to which you had said yes, does not take place: {why}. You need not do anything.",
            title=name,
            at=at,
            why=reason(replace(session, why=why)),
        )
        return said, _file_of(session, known, gone)
    calendar = _("For my calendar")
    if known.off:
        said = phrase(
            "“{title}”, to which you had said yes, takes place after all: {at}. Your yes stands until you change it.",
            title=name,
            at=Instant(now.at),
        )
        return (*said, *call(session)), _file_of(session, known, calendar, change_button(session))
    return _changed(session, known, now), _file_of(session, known, calendar)


def _file_of(session: Session, known: Heard, label: str, *more: Button) -> Block:
    """`known`: what their calendar has."""
    return Buttons((Button(label, action("calendar", session.cohort, f"{session.id}.{known.slot}")), *more))


def _changed(session: Session, known: Heard, now: Heard) -> Text:
    """All that is different."""
    name, at = title(session), Instant(known.at)
    if known.at != now.at:
        said = phrase(
            "“{title}”, to which you said yes, begins {now} instead of {at}.", title=name, now=Instant(now.at), at=at
        )
    else:
        said = phrase("“{title}” on {at}, to which you said yes, has changed.", title=name, at=at)
    if known.link and not now.link:
        said = (*said, " ", _("The call has no address at present; your week card has the new one once it is there."))
    elif known.link and known.link != now.link:
        link = Link(now.link, _("here it is"))
        said = (*said, " ", *phrase("The call is at another address now: {link}.", link=link))
    if known.minutes != now.minutes:
        longer = _("It takes {now} min instead of {before} min.", now=now.minutes, before=known.minutes)
        said = (*said, " ", longer)
    return said


def upcoming(session: Session, ahead: Sequence[datetime], comes: bool) -> Upcoming:
    """`ahead`: the slots that are ahead, or the one that they come to. Nothing of it is ever due."""
    said = phrase("Live, if you like: “{title}”, {times}", title=title(session), times=said_times(ahead))
    if comes:
        said = (*phrase("You come to “{title}”: {at}", title=title(session), at=Instant(ahead[0])), *call(session))
    return Upcoming(said, None, change_button(session) if comes else choose_button(session), always=True)


def running(session: Session, own: Taking, now: datetime) -> Upcoming:
    """The way in, before everything else; right after its end the press is still taken."""
    if not rules.runs(session, now):
        said = _("“{title}” has just ended. If you were there, say so.", title=title(session))
        return Upcoming((said,), None, here_button(session, now), always=True, name=session.title)
    on = _("“{title}” is on now.", title=title(session))
    way = call(session) if own.slot or not session.link else [" ", _("“I am here” shows you where.")]
    return Upcoming((on, *way), None, here_button(session, now), first=True, always=True, name=session.title)


def about(live: Live, course: Course) -> str:
    """In a calendar: why it exists, that it is optional, and what counts instead."""
    goal = [sentence(live.goal)] if live.goal else []
    return plain_text((" ".join([*goal, other_way(live, course)]),))


def date(session: Session, slot: int, about: str = "", alarm: bool = False) -> Date:
    """A slot in a calendar, with an alarm and where the call is for those who said yes."""
    at = session.slots[slot - 1] if slot <= len(session.slots) else session.known[slot - 1]
    place = session.link if alarm else ""
    id = f"{session.name}/{slot}"
    return Date(at, "live", id, session.title, session.minutes, about, alarm, place, session.week)
