"""What learners read about live sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import Date, Extra, Upcoming
from bot.core.forms import Form, TextField
from bot.core.message import (
    Block,
    Bold,
    Button,
    Buttons,
    Document,
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
from bot.core.people import Person
from bot.core.plain import plain_text
from bot.core.private import Meaning
from bot.core.time import say
from bot.core.translation import N_, _, _n, phrase
from bot.course.model import Course, Live
from bot.features.live import rules
from bot.features.live.store import Heard, Session, Taking, on_desk

TITLE = 80
"""Characters of a session's title in a sentence."""

WHY = 200
"""Characters of its goal, but on its page, which has it whole."""

ANSWER = 1000
"""Characters of an answer in a reflection."""

QUESTIONS = 5
"""Questions of a reflection, as many as a form takes."""

ON_A_PAGE = 12
"""Learners whose reflections are on one page."""

TRANSCRIPT = 2500
"""Characters of a transcript that is written into the form."""

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


def action(name: str, cohort: int, subject: str | int) -> str:
    return Action("live", name, cohort, str(subject)).encode()


def title(session: Session) -> str:
    return shorten(session.title, TITLE)


def here_button(session: Session) -> Button:
    label = _("I am here") if session.on_until is None else _("I was there")
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


# Why, and what counts instead


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


# The week card, the thread of the week


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
    here = here_button(session) if rules.is_on(session, now) else None
    if rules.awaits_recording(session):
        return Extra((_to_come(session, live, now),), here)
    way = [other_way(live, course)] if rules.counts_still(session, now) else []
    said = (_("“{title}” took place.", title=title(session)), " ", *_recording(session), *way)
    wish = wish_button(session) if rules.gives_feedback(session, now) else None
    return Extra(said, here, second=reflect_button(session) if can_reflect else wish)


def _ahead(session: Session, live: Live, course: Course, now: datetime, slot: int) -> Extra:
    """Before the end of its last slot. `slot`: the one that the learner said yes to, 0: none."""
    here = here_button(session) if rules.is_on(session, now) else None
    if slot and session.ends(slot) > now:
        at = session.slots[slot - 1]
        come = Bold(_("You come to “{title}”:", title=title(session)))
        said = (*phrase("{come} {at} your time.", come=come, at=Instant(at)), *_call(session))
        change = change_button(session) if at > now else None
        return Extra((*said, " ", other_way(live, course)), here, second=change)
    why = [" ", _sentence(live.goal)] if live.goal else []
    ahead = [at for _n, at in rules.ahead(session, now)]
    times = phrase("{times} your time.", times=_times(ahead)) if ahead else (_no_time(session, now),)
    choose = choose_button(session) if ahead else None
    return Extra((Bold(_head(session, live)), *why, " ", *times, " ", other_way(live, course)), here, second=choose)


def _no_time(session: Session, now: datetime) -> str:
    """Why nobody can say yes to any of its times."""
    return _("It is on now.") if rules.is_on(session, now) else _("Its times are outside waking hours for you.")


def _head(session: Session, live: Live) -> str:
    said: dict[str, str | int] = {"title": title(session), "minutes": session.minutes}
    if live.mandated:
        return _("Live: “{title}”, {minutes} min.", **said)
    return _("Live, if you like: “{title}”, {minutes} min.", **said)


def _to_come(session: Session, live: Live, now: datetime) -> str:
    if not rules.counts_still(session, now):
        name = title(session)
        return _("“{title}” took place. There is no recording of it; if you missed it, nothing is lost.", title=name)
    return _n(
        "“{title}” took place. Its recording comes here, and counts in full with {n} short question.",
        "“{title}” took place. Its recording comes here, and counts in full with {n} short questions.",
        len(live.reflection),
        title=title(session),
    )


def _call(session: Session) -> list[Inline]:
    """Where the call is, for somebody who said yes."""
    if not session.link:
        return []
    return [" ", *phrase("Here is {link}.", link=Link(session.link, _("the call")))]


def _recording(session: Session) -> list[Inline]:
    if not session.recording:
        return []
    return [*phrase("Here is {link}.", link=Link(session.recording, _("the recording"))), " "]


def _sentence(text: str, whole: bool = False) -> str:
    said = text if whole else shorten(text, WHY)
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
        paragraph(_sentence(live.goal)) if live.goal else None,
        bullets(*((Instant(at),) for _n, at in rules.ahead(session, now))),
        paragraph(_took_place(session, live, now)) if is_over else None,
        note(*_length(session, live, course, now)),
        buttons(
            here_button(session) if rules.is_on(session, now) else None,
            reflect_button(session) if can_reflect else None,
            choose_button(session) if rules.ahead(session, now) else None,
            _was_button(session) if not rules.ahead(session, now) and _takes_word(session, now) else None,
            wish_button(session) if is_over and rules.gives_feedback(session, now) else None,
        ),
    )


def _was_button(session: Session) -> Button:
    return choose_button(session, _("I was there"))


def _took_place(session: Session, live: Live, now: datetime) -> str:
    return _to_come(session, live, now) if rules.awaits_recording(session) else _("It took place.")


def _length(session: Session, live: Live, course: Course, now: datetime) -> Text:
    """Its minutes, and what counts in full instead, unless that is said already or cannot be done any more."""
    is_said = session.is_over(now) and rules.awaits_recording(session)
    way = [" ", other_way(live, course)] if rules.counts_still(session, now) and not is_said else []
    return (_("{minutes} min.", minutes=session.minutes), *way)


def _takes_word(session: Session, now: datetime) -> bool:
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


# Saying yes


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
        paragraph(_sentence(live.goal, whole=True)) if live.goal else None,
        bullets(*((Instant(at),) for _n, at in ahead)),
        note(*_length(session, live, course, now)),
        note(_("You can change this until it begins.")) if may_change else None,
        note(_("The buttons say the times of {zone}.", zone=person.zone.replace("_", " ")))
        if ahead and not person.picked_zone
        else None,
        buttons(
            here_button(session) if own.here_at is None and is_on else None,
            *choices,
            no if chosen and may_change else None,
            calendar_button(session) if chosen and chosen > now and not said else None,
            word_button(session) if own.here_at is None and _takes_word(session, now) else None,
            reflect_button(session) if can_reflect and own.here_at is None else None,
            wish_button(session) if can_wish else None,
        ),
    )


def _state(session: Session, live: Live, own: Taking, now: datetime, said: bool) -> Text:
    if own.here_at is not None:
        return (_("You were there. Thank you."),)
    if own.slot and not session.is_over(now):
        at = Instant(session.slots[own.slot - 1])
        return (*phrase("You said that you come: {at}. Nobody else sees that.", at=at), *_call(session))
    if said:
        return (_("Noted: you do not come. That is fine."),)
    if own.asked_at is not None:
        return (feedback_state(own),)
    if session.is_over(now) and own.reflected_at is None and rules.awaits_recording(session):
        return (_to_come(session, live, now),)
    if session.is_over(now):
        return (_("It took place. If you missed it, nothing is lost."),)
    return (_("You need not answer; come if you like."),)


def feedback_state(own: Taking) -> str:
    if own.reflected_at is not None:
        return _("You got feedback in private, which counts in full.")
    return _("You asked for feedback in private. It counts in full once you have it.")


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


# Being there, and what counts as much


def not_on(session: Session, now: datetime) -> Message:
    if now < session.begins_at:
        return message(
            paragraph(*phrase("“{title}” begins {at}.", title=title(session), at=Instant(session.begins_at)))
        )
    word = word_button(session) if _takes_word(session, now) else None
    said = _("“{title}” is not on now. If you missed it, nothing is lost.", title=title(session))
    return message(paragraph(said), buttons(word))


def was_here(session: Session, goes_on: bool = False) -> Message:
    """`goes_on`: whoever came without having said yes reads where it is."""
    said = _("Thank you. That you were at “{title}” is noted.", title=title(session))
    return message(paragraph(said, *(_call(session) if goes_on else ())))


def was_noted(session: Session) -> Message:
    return message(paragraph(_("That you were at “{title}” is noted already.", title=title(session))))


def not_the_word(session: Session) -> str:
    return _(
        "That is nearly the code word of “{title}”. Look at it again and write it once more.", title=title(session)
    )


def as_word(session: Session) -> Meaning:
    """The meaning of a private message that says the code word."""
    said = (_("you were at “{title}”; the course team reads numbers alone", title=title(session)),)
    return Meaning(session.cohort, _("The code word"), said, "team", "wish", str(session.id), exact=True)


def word_form(session: Session) -> Form:
    field = TextField("word", _("The code word"), _("It was said in the call."), max_length=60)
    return Form(action("word", session.cohort, session.id), shorten(session.title, 60), (field,))


def answers_in(own: Taking) -> dict[str, str]:
    return {f"q{n}": said for n, said in enumerate(own.answers, 1)}


def reflection_form(session: Session, live: Live, own: Taking) -> Form:
    before = answers_in(own)
    asked = tuple(
        TextField(f"q{n}", shorten(question, 150), long=True, max_length=ANSWER, value=before.get(f"q{n}", ""))
        for n, question in enumerate(live.reflection[:QUESTIONS], 1)
    )
    intro = _("Short is fine. Your instructors read it, and it counts as having come.")
    name = _("What I took from it")
    return Form(action("reflect", session.cohort, session.id), name, asked, _("Send"), intro)


def reflected(session: Session) -> Message:
    return message(
        paragraph(_("Thank you. It counts in full, and your instructors can read it.")),
        buttons(Button(_("Edit"), action("reflect", session.cohort, session.id))),
    )


def wished(own: Taking) -> str:
    """What somebody would like feedback on; empty if they did not ask."""
    return own.answers[0] if own.asked_at is not None and own.answers else ""


def wish_form(session: Session, own: Taking) -> Form:
    asked = TextField(
        "about",
        _("What would you like feedback on?"),
        _("The course team alone reads it."),
        long=True,
        max_length=ANSWER,
        value=wished(own),
    )
    intro = _("The answer comes to you in private, in writing or as a recording, and counts in full.")
    name = _("Feedback in private")
    return Form(action("wish", session.cohort, session.id), name, (asked,), _("Send"), intro)


def wish_taken(session: Session) -> Message:
    return message(
        paragraph(_("Thank you. The course team has it, and you hear from them in private.")),
        buttons(Button(_("Edit"), action("wish", session.cohort, session.id))),
    )


def to_wish(session: Session) -> Upcoming:
    said = _("“{title}”: feedback in private counts in full instead", title=title(session))
    return Upcoming((said,), None, wish_button(session), always=True)


def no_reflection(session: Session, live: Live, now: datetime) -> str:
    if not (live.recorded and live.reflection):
        return _("This session asks no questions afterwards.")
    if not session.is_over(now):
        return _("“{title}” has not ended yet. The questions come with its recording.", title=title(session))
    if rules.awaits_recording(session):
        return _to_come(session, live, now)
    return _("The time for this has passed. Nothing is lost: go on with this week.")


def to_reflect(session: Session) -> Upcoming:
    said = _("“{title}”: what you took from it", title=title(session))
    if session.recording:
        recording = Link(session.recording, _("the recording"))
        both = phrase("“{title}”: {recording}, and what you took from it", title=title(session), recording=recording)
        return Upcoming(both, None, reflect_button(session), always=True)
    return Upcoming((said,), None, reflect_button(session), always=True)


def reflections(session: Session, live: Live, said: Sequence[tuple[str, Sequence[str]]], number: int = 1) -> Message:
    """`said`: names with answers, for instructors. `number`: of the page, from 1."""
    pages = max(1, -(-len(said) // ON_A_PAGE))
    number = min(max(number, 1), pages)
    shown = said[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    blocks = [block for name, answers in shown for block in (paragraph(Bold(name)), quote("\n".join(answers)))]
    return message(
        heading(_("What learners took from “{title}”", title=title(session))),
        bullets(*((question,) for question in live.reflection)),
        *blocks,
        note(_("Page {n} of {pages}", n=number, pages=pages)) if pages > 1 else None,
        buttons(
            Button(_("Back"), action("read", session.cohort, f"{session.id}.{number - 1}")) if number > 1 else None,
            Button(_("Next page"), action("read", session.cohort, f"{session.id}.{number + 1}"))
            if number < pages
            else None,
        ),
    )


# Notes of the course team


def notes_form(session: Session, live: Live) -> Form:
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
    asked = (word, counted, url, transcript) if live.recorded or session.recording else (word, counted)
    return Form(action("notes", session.cohort, session.id), shorten(session.title, 60), asked, _("Save"))


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


# Those who said yes


def soon(session: Session, at: datetime) -> Message:
    said = phrase("You come to “{title}”: {at} your time.", title=title(session), at=Instant(at))
    return message(paragraph(*said, *_call(session)), buttons(change_button(session), calendar_button(session)))


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
        return (*said, *_call(session)), _file_of(session, known, calendar, change_button(session))
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
    said = phrase("Live, if you like: “{title}”, {times}", title=title(session), times=_times(ahead))
    if comes:
        said = phrase("You come to “{title}”: {at}", title=title(session), at=Instant(ahead[0]))
    return Upcoming(said, None, change_button(session) if comes else choose_button(session), always=True)


def running(session: Session, own: Taking, now: datetime) -> Upcoming:
    """The way in, before everything else; right after its end the press is still taken."""
    if not rules.runs(session, now):
        said = _("“{title}” has just ended. If you were there, say so.", title=title(session))
        return Upcoming((said,), None, here_button(session), always=True, name=session.title)
    on = _("“{title}” is on now.", title=title(session))
    way = _call(session) if own.slot or not session.link else [" ", _("“I am here” shows you where.")]
    return Upcoming((on, *way), None, here_button(session), first=True, always=True, name=session.title)


def about(live: Live, course: Course) -> str:
    """In a calendar: why it exists, that it is optional, and what counts instead."""
    goal = [_sentence(live.goal)] if live.goal else []
    return plain_text((" ".join([*goal, other_way(live, course)]),))


def date(session: Session, slot: int, about: str = "", alarm: bool = False) -> Date:
    """A slot in a calendar, with an alarm and where the call is for those who said yes."""
    at = session.slots[slot - 1] if slot <= len(session.slots) else session.known[slot - 1]
    place = session.link if alarm else ""
    id = f"{session.name}/{slot}"
    return Date(at, "live", id, session.title, session.minutes, about, alarm, place, session.week)
