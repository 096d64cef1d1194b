"""Live sessions on the week card and in the thread of the week: why, when, and what counts instead."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.contributions import Extra
from bot.core.message import (
    Bold,
    Button,
    Inline,
    Instant,
    Link,
    Message,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
)
from bot.core.translation import N_, _, _n, phrase
from bot.course.model import Course, Live
from bot.features.live import rules
from bot.features.live.buttons import (
    TITLE,
    change_button,
    choose_button,
    here_button,
    reflect_button,
    title,
    wish_button,
)
from bot.features.live.store import Session, Taking, on_desk

WHY = 200
"""Characters of its goal, but on its page, which has it whole."""

CAPTIONS = ("captions", "untertitel", "subtítulos")
"""Written by instructors in place of a transcript if the video has captions."""

REASONS: Mapping[str, str] = {
    "gate-1": N_("it was not certain that it needs everybody at the same time"),
    "gate-2": N_("it was to become mandatory, and here nobody has to come to a call"),
    "gate-3": N_("those who cannot come would have had no other way"),
    "gate-4": N_("it would not have been recorded"),
    "recorded": N_("it would have been recorded, and what is sensitive is not"),
    "gate-5": N_("no other work of its week makes room for it any more"),
    "budget": N_("its week would have become too long"),
    "live-longest": N_("it is longer than a live session may be"),
    "live-rare": N_("there would have been too many calls"),
    "live-slots": N_("its times, as they stand now, do not suit everybody"),
    "past": N_("its time has passed by the dates that the course has now"),
    "agreement": N_("the course team is still deciding about it"),
    "taken-back": N_("the course team decided against it"),
    "removed": N_("it was taken out of the course"),
    "anew": N_("it was put into the course anew"),
    "ended": N_("the course has ended"),
}
"""Why a session is not announced any more, for learners."""


def other_way(live: Live, course: Course) -> str:
    """That it is optional, and what counts in full instead."""
    if live.mandated:
        return _(
            "A rule of your school asks for it: “{policy}”. If you miss it, nothing counts against you: the recording "
            "with its questions counts in full.",
            policy=shorten(live.mandated, TITLE),
        )
    said, item = live.alternative.text, live.alternative.item
    if item and (known := _title_of(item, course)):
        name = shorten(known, TITLE)
        return _("It is optional. “{item}” counts in full instead.", item=name)
    if said == "recording" and live.recorded and live.reflection:
        return _n(
            "It is optional. The recording with {n} short question counts in full.",
            "It is optional. The recording with {n} short questions counts in full.",
            len(live.reflection),
        )
    if said == "feedback":
        return _("It is optional. Written or recorded feedback, in private, counts in full instead.")
    return _("It is optional, and nothing is lost if you do not come.")


def _title_of(item: str, course: Course) -> str:
    """Empty if it was taken out of the course after the session took place."""
    lists = (course.milestones, course.discussions, course.reviews, course.checkins)
    return next((one.title for some in lists for one in some if one.id == item), "")


def or_come(session: Session) -> Text:
    """Beside an item that is also the other way."""
    return (_("or come to “{title}”", title=title(session)),)


def extra(session: Session, live: Live, course: Course, now: datetime, own: Taking | None = None) -> Extra:
    """The line on the week card, for everybody or as the answer of one learner has it. It is kept short: the button has
    the rest."""
    can = rules.can_reflect(session, now)
    if own is not None and (own.here_at is not None or own.reflected_at is not None):
        shown = _took_part(session, own, can)
    elif own is not None and own.asked_at is not None and not (own.slot and session.ends(own.slot) > now):
        choose = choose_button(session) if rules.ahead(session, now) else None
        shown = Extra((_("“{title}”:", title=title(session)), " ", feedback_state(own)), choose)
    elif session.is_over(now):
        shown = _over(session, live, course, now, can)
    else:
        shown = _ahead(session, live, course, now, own.slot if own is not None else 0)
    asks = shown.button is not None or shown.second is not None
    return replace(shown, minutes=rules.adds(live, course), on_top=True, name=on_desk(session), stands=asks)


def _took_part(session: Session, own: Taking, can_reflect: bool) -> Extra:
    if own.here_at is not None:
        said = _("You were at “{title}”. Thank you.", title=title(session))
        return Extra((said, *([" ", *_recording(session)] if session.recording else ())))
    if own.asked_at is not None:
        return Extra((_("“{title}”:", title=title(session)), " ", feedback_state(own)))
    said = _("What you took from “{title}” is noted, and counts in full.", title=title(session))
    return Extra((said,), reflect_button(session, _("Edit")) if can_reflect else None)


def _over(session: Session, live: Live, course: Course, now: datetime, can_reflect: bool) -> Extra:
    here = here_button(session, now) if rules.is_on(session, now) else None
    if rules.awaits_recording(session):
        return Extra((to_come(session, live, now),), here)
    way = [other_way(live, course)] if rules.counts_still(session, now) else []
    said = (_("“{title}” took place.", title=title(session)), " ", *_recording(session), *way)
    wish = wish_button(session) if rules.gives_feedback(session, now) else None
    return Extra(said, here, second=reflect_button(session) if can_reflect else wish)


def _ahead(session: Session, live: Live, course: Course, now: datetime, slot: int) -> Extra:
    """Before the end of its last slot. `slot`: the one that the learner said yes to, 0: none."""
    here = here_button(session, now) if rules.is_on(session, now) else None
    if slot and session.ends(slot) > now:
        at = session.slots[slot - 1]
        come = Bold(_("You come to “{title}”:", title=title(session)))
        said = (*phrase("{come} {at} your time.", come=come, at=Instant(at)), *call(session))
        change = change_button(session) if at > now else None
        return Extra((*said, " ", other_way(live, course)), here, second=change)
    why = [" ", sentence(live.goal)] if live.goal else []
    ahead = [at for _n, at in rules.ahead(session, now)]
    times = phrase("{times} your time.", times=said_times(ahead)) if ahead else (_no_time(session, now),)
    if here is not None and not rules.runs(session, now):
        why.append(f" {just_ended()}")
    choose = choose_button(session) if ahead else None
    return Extra((Bold(_head(session, live)), *why, " ", *times, " ", other_way(live, course)), here, second=choose)


def just_ended() -> str:
    """What a press is about that is still taken."""
    return _("It has just ended; if you were there, say so.")


def _no_time(session: Session, now: datetime) -> str:
    """Why nobody can say yes to any of its times."""
    return _("It is on now.") if rules.runs(session, now) else _("Its times are outside waking hours for you.")


def _head(session: Session, live: Live) -> str:
    said: dict[str, str | int] = {"title": title(session), "minutes": session.minutes}
    if live.mandated:
        return _("Live: “{title}”, {minutes} min.", **said)
    return _("Live, if you like: “{title}”, {minutes} min.", **said)


def to_come(session: Session, live: Live, now: datetime) -> str:
    if not rules.counts_still(session, now):
        name = title(session)
        return _("“{title}” took place. There is no recording of it; if you missed it, nothing is lost.", title=name)
    return _n(
        "“{title}” took place. Its recording comes here, and counts in full with {n} short question.",
        "“{title}” took place. Its recording comes here, and counts in full with {n} short questions.",
        len(live.reflection),
        title=title(session),
    )


def call(session: Session) -> list[Inline]:
    """Where the call is, for somebody who said yes."""
    if not session.link:
        return []
    return [" ", *phrase("Here is {link}.", link=Link(session.link, _("the call")))]


def _recording(session: Session) -> list[Inline]:
    if not session.recording:
        return []
    return [*phrase("Here is {link}.", link=Link(session.recording, _("the recording"))), " "]


def sentence(text: str, whole: bool = False) -> str:
    said = text if whole else shorten(text, WHY)
    return said if said[-1:] in ".!?…" else f"{said}."


def said_times(slots: Sequence[datetime]) -> Text:
    """'Wed 08:00 or Wed 20:00'"""
    *some, last = slots
    made: list[Inline] = []
    for at in some:
        made += [", " if made else "", Instant(at)]
    return phrase("{some} or {last}", some=tuple(made), last=Instant(last)) if some else (Instant(last),)


def removed(session: Session) -> Extra:
    """The line that explains what is gone."""
    said = _("The live session “{title}” does not take place: {why}.", title=title(session), why=reason(session))
    return Extra((said,), name=on_desk(session), stands=True)


def unsaid(session: Session) -> Extra:
    """Nothing, for those who never read of it."""
    return Extra((), name=on_desk(session))


def reason(session: Session) -> str:
    return _(REASONS[session.why or "removed"])


def post(session: Session, live: Live, course: Course, now: datetime) -> Message:
    """In the thread of the week."""
    is_over = session.is_over(now)
    can_reflect = rules.can_reflect(session, now)
    name = title(session)
    return message(
        heading(_("Live: {title}", title=name) if live.mandated else _("Live, if you like: {title}", title=name)),
        paragraph(sentence(live.goal)) if live.goal else None,
        bullets(*((Instant(at),) for _n, at in rules.ahead(session, now))),
        paragraph(_took_place(session, live, now)) if is_over else None,
        note(*length(session, live, course, now)),
        buttons(
            here_button(session, now) if rules.is_on(session, now) else None,
            reflect_button(session) if can_reflect else None,
            choose_button(session) if rules.ahead(session, now) else None,
            _word_page_button(session, now) if not rules.ahead(session, now) and takes_word(session, now) else None,
            wish_button(session) if is_over and rules.gives_feedback(session, now) else None,
        ),
    )


def if_there(session: Session, now: datetime) -> list[str]:
    """What notes somebody who was there, once no press is taken any more."""
    is_late = takes_word(session, now) and not rules.is_on(session, now)
    return [_("If you were there, the code word that was said in the call notes it.")] if is_late else []


def _word_page_button(session: Session, now: datetime) -> Button:
    """To its page, which takes the code word. A press alone is another button, as long as one is taken."""
    return choose_button(session, _("I have the code word") if rules.is_on(session, now) else _("I was there"))


def _took_place(session: Session, live: Live, now: datetime) -> str:
    return to_come(session, live, now) if rules.awaits_recording(session) else _("It took place.")


def length(session: Session, live: Live, course: Course, now: datetime) -> Text:
    """Its minutes, and what counts in full instead, unless that is said already or cannot be done any more."""
    is_said = session.is_over(now) and rules.awaits_recording(session)
    way = [" ", other_way(live, course)] if rules.counts_still(session, now) and not is_said else []
    return (_("{minutes} min.", minutes=session.minutes), *way)


def takes_word(session: Session, now: datetime) -> bool:
    """Whether the code word counts still."""
    return bool(session.word) and session.begins_at <= now < rules.closes_at(session)


def recording_post(session: Session, now: datetime) -> Message:
    """In the thread of the week, once it is there."""
    can_reflect = rules.can_reflect(session, now)
    link, text = Link(session.recording, _("watch or listen")), session.transcript
    read = Link(text, _("read it"))
    is_text = text and not read.safe and text.casefold() not in CAPTIONS
    return message(
        heading(_("The recording of “{title}”", title=title(session))),
        paragraph(*phrase("{link}, or {read}.", link=link, read=read) if read.safe else (link,)),
        note(_("It has captions.")) if text.casefold() in CAPTIONS else None,
        quote(text) if is_text else None,
        note(_("With a few words on what you took from it, it counts as having come.")) if can_reflect else None,
        buttons(reflect_button(session)) if can_reflect else None,
    )


def feedback_state(own: Taking) -> str:
    if own.reflected_at is not None:
        return _("You got feedback in private, which counts in full.")
    return _("You asked for feedback in private. It counts in full once you have it.")
