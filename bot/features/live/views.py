"""What learners read about live sessions."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import Extra, Upcoming
from bot.core.message import (
    Bold,
    Button,
    Inline,
    Instant,
    Message,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    shorten,
)
from bot.core.plain import plain_text
from bot.core.time import say
from bot.core.translation import N_, _, _n, phrase
from bot.course.model import Course, Live
from bot.features.live.store import Session

TITLE = 80
WHY = 200

REASONS: Mapping[str, str] = {
    "gate-1": N_("it goes as well in everybody's own time"),
    "gate-2": N_("nobody shall have to come to a call"),
    "gate-3": N_("those who cannot come would have had no other way"),
    "gate-4": N_("it would not have been recorded"),
    "gate-5": N_("its week would have become too long"),
    "live-longest": N_("it had become too long"),
    "live-rare": N_("there would have been too many calls"),
    "live-slots": N_("its times no longer suited all time zones"),
    "agreement": N_("the course team is still deciding about it"),
    "removed": N_("it was taken out of the course"),
}
"""Why a session is not announced any more, for learners, by the code of what it fails."""


def action(name: str, cohort: int, subject: str | int) -> str:
    return Action("live", name, cohort, str(subject)).encode()


def title(session: Session) -> str:
    return shorten(session.title, TITLE)


def choose_button(session: Session) -> Button:
    return Button(_("Choose a time"), action("rsvp", session.cohort, session.id))


# Why, and what counts instead


def other_way(live: Live, course: Course) -> str:
    """That it is optional, and what counts in full instead."""
    if live.mandated:
        return _(
            "A rule of your school asks for it: {policy}. If you miss it, nothing counts against you: the recording "
            "with its questions counts in full.",
            policy=shorten(live.mandated, TITLE),
        )
    said, item = live.alternative.text, live.alternative.item
    if item:
        name = shorten(_title_of(item, course), TITLE)
        return _("It is optional. “{item}” counts in full instead.", item=name)
    if said == "recording" and live.reflection:
        return _n(
            "It is optional. The recording with {n} short question counts in full.",
            "It is optional. The recording with {n} short questions counts in full.",
            len(live.reflection),
        )
    if said == "feedback":
        return _("It is optional. Written or recorded feedback, in private, counts in full instead.")
    return _("It is optional, and nothing is lost if you do not come.")


def _title_of(item: str, course: Course) -> str:
    lists = (course.milestones, course.discussions, course.reviews, course.checkins)
    return next((one.title for some in lists for one in some if one.id == item), item)


def or_come(session: Session) -> Text:
    """Beside an item that is also the other way."""
    return (_("or come to “{title}”", title=title(session)),)


# The week card, the thread of the week


def extra(session: Session, live: Live, course: Course, minutes: int, now: datetime) -> Extra:
    """The line on the week card. It is kept short: the button has the rest."""
    head = _("Live, if you like: “{title}”, {minutes} min.", title=title(session), minutes=session.minutes)
    why = [" ", _sentence(live.goal)] if live.goal else []
    if session.is_over(now):
        return Extra((head, " ", _("It took place."), " ", other_way(live, course)), None, minutes)
    times = phrase("{times} your time.", times=_times(session.slots))
    said = (Bold(head), *why, " ", *times, " ", other_way(live, course))
    return Extra(said, choose_button(session), minutes)


def _sentence(text: str) -> str:
    said = shorten(text, WHY)
    return said if said[-1:] in ".!?…" else f"{said}."


def _times(slots: Sequence[datetime]) -> Text:
    """'Wed 08:00 or Wed 20:00'"""
    *some, last = slots
    made: list[Inline] = []
    for at in some:
        made += [", " if made else "", Instant(at)]
    return phrase("{some} or {last}", some=tuple(made), last=Instant(last)) if some else (Instant(last),)


def removed(session: Session) -> Extra:
    """The line that explains what is gone."""
    return Extra(
        (_("The live session “{title}” does not take place: {why}.", title=title(session), why=reason(session)),)
    )


def reason(session: Session) -> str:
    return _(REASONS.get(session.why, REASONS["removed"]))


def post(session: Session, live: Live, course: Course) -> Message:
    """In the thread of the week."""
    return message(
        heading(_("Live, if you like: {title}", title=title(session))),
        paragraph(_sentence(live.goal)) if live.goal else None,
        bullets(*((Instant(at),) for at in session.slots)),
        note(_("{minutes} min.", minutes=session.minutes) + " ", other_way(live, course)),
        buttons(choose_button(session)),
    )


# Saying yes


def page(
    session: Session, live: Live, course: Course, slot: int, zone: str, now: datetime, said: bool = False
) -> Message:
    """For one learner: their yes, and the times that they can choose. `slot`: the one that they said yes to, 0: none.
    `said`: they did so just now."""
    state: Text = (_("Nobody waits for you if you do not come."),)
    if slot:
        state = phrase("You said that you come: {at}. Nobody else sees that.", at=Instant(session.slots[slot - 1]))
    elif said:
        state = (_("Noted: you do not come. That is fine."),)
    ahead = [(n, at) for n, at in enumerate(session.slots, 1) if at > now]
    choices = [
        Button(_("I come {at}", at=say(at, zone)), action("rsvp", session.cohort, f"{session.id}.{n}"))
        for n, at in ahead
        if n != slot
    ]
    no = Button(_("I do not come"), action("rsvp", session.cohort, f"{session.id}.0")) if slot else None
    return message(
        heading(title(session)),
        paragraph(*state),
        paragraph(_sentence(live.goal)) if live.goal else None,
        note(_("{minutes} min.", minutes=session.minutes) + " ", other_way(live, course)),
        note(_("You can change this until it begins.")) if ahead else note(_("Its last time has begun.")),
        buttons(*choices, no),
    )


def for_the_team(session: Session, coming: Mapping[int, int], outside: Sequence[int], without: int) -> Message:
    """For the course team: numbers, and no names. `coming`: by slot. `outside`: by slot, for how many percent of the
    learners it is outside waking hours."""
    lines = [
        phrase(
            "{at}: {n} said yes; outside waking hours for {share} %",
            at=Instant(at),
            n=coming.get(n, 0),
            share=outside[n - 1],
        )
        for n, at in enumerate(session.slots, 1)
    ]
    return message(
        heading(title(session)),
        bullets(*lines),
        paragraph(
            _n(
                "{n} learner has no time in waking hours.",
                "{n} learners have no time in waking hours.",
                without,
            )
        )
        if without
        else None,
        note(_("Learners say yes from their week card. Who does is seen by nobody.")),
    )


def not_out(session: Session) -> Message:
    return message(
        paragraph(_("“{title}” does not take place: {why}.", title=title(session), why=reason(session))),
        note(_("Your week card has what there is to do.")),
    )


def begun(session: Session) -> str:
    return _("This time of “{title}” has begun already.", title=title(session))


# Those who said yes


def soon(session: Session, at: datetime) -> Message:
    said = phrase("You come to “{title}”: {at} your time.", title=title(session), at=Instant(at))
    change = Button(_("Change that"), action("rsvp", session.cohort, session.id))
    return message(paragraph(*said), buttons(change))


def taken_back(session: Session, at: datetime) -> Text:
    return phrase(
        "“{title}” on {at}, to which you had said yes, does not take place: {why}. You need not do anything.",
        title=title(session),
        at=Instant(at),
        why=reason(session),
    )


def slot_moved(session: Session, at: datetime, now: datetime) -> Text:
    return phrase(
        "“{title}”, to which you said yes, begins {now} instead of {at}.",
        title=title(session),
        now=Instant(now),
        at=Instant(at),
    )


def slot_gone(session: Session, at: datetime) -> Text:
    return phrase(
        "“{title}” on {at}, to which you had said yes, is not offered any more. Your week card has its other times.",
        title=title(session),
        at=Instant(at),
    )


def upcoming(session: Session, ahead: Sequence[datetime], comes: bool) -> Upcoming:
    """`ahead`: the slots that are ahead, or the one that they come to. Nothing of it is ever due."""
    said = phrase("Live, if you like: “{title}”, {times}", title=title(session), times=_times(ahead))
    if comes:
        said = phrase("You come to “{title}”: {at}", title=title(session), at=Instant(ahead[0]))
    return Upcoming(said, None, choose_button(session))


def about(live: Live, course: Course) -> str:
    """In a calendar: why it exists, that it is optional, and what counts instead."""
    goal = [_sentence(live.goal)] if live.goal else []
    return plain_text((" ".join([*goal, other_way(live, course)]),))
