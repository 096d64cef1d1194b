"""Being there, and what counts as much: presses, the code word, reflections, wishes."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.contributions import Upcoming
from bot.core.forms import Form, TextField
from bot.core.message import (
    Block,
    Bold,
    Button,
    Instant,
    Link,
    Message,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
)
from bot.core.private import Meaning
from bot.core.translation import _, phrase
from bot.course.model import Course, Live
from bot.features.live import rules
from bot.features.live.buttons import action, reflect_button, title, wish_button, word_button
from bot.features.live.card_views import call, if_there, other_way, takes_word, to_come
from bot.features.live.store import Session, Taking

ANSWER = 1000
"""Characters of an answer in a reflection."""

QUESTIONS = 5
"""Questions of a reflection, as many as a form takes."""

ON_A_PAGE = 12
"""Learners whose reflections are on one page."""


def not_on(session: Session, live: Live, course: Course, now: datetime) -> Message:
    """Before it, or later than a press is taken: then with what can be done still."""
    if now < session.begins_at:
        return message(
            paragraph(*phrase("“{title}” begins {at}.", title=title(session), at=Instant(session.begins_at)))
        )
    said = [_("“{title}” is not on now.", title=title(session)), *if_there(session, now)]
    return message(
        paragraph(" ".join([*said, _("If you missed it, nothing is lost.")])),
        note(other_way(live, course)) if rules.counts_still(session, now) else None,
        buttons(
            word_button(session) if takes_word(session, now) else None,
            reflect_button(session) if rules.can_reflect(session, now) else None,
        ),
    )


def was_here(session: Session, goes_on: bool = False) -> Message:
    """`goes_on`: whoever came without having said yes reads where it is."""
    said = _("Thank you. That you were at “{title}” is noted.", title=title(session))
    return message(paragraph(said, *(call(session) if goes_on else ())))


def was_noted(session: Session) -> Message:
    return message(paragraph(_("That you were at “{title}” is noted already.", title=title(session))))


def recording(session: Session, live: Live, now: datetime) -> Message:
    """Where the recording is, for somebody who asks."""
    if session.recording:
        where = Link(session.recording, _("the recording"))
        said = phrase("“{title}”: here is {recording}.", title=title(session), recording=where)
    elif not live.recorded:
        said = phrase("“{title}” is not recorded.", title=title(session))
    else:
        said = phrase(
            "The recording of “{title}” is not there yet. It comes into the thread of week {week} and onto its card.",
            title=title(session),
            week=session.week,
        )
    return message(paragraph(*said), buttons(reflect_button(session) if rules.can_reflect(session, now) else None))


def for_nobody() -> Block:
    """Below words around a code word, which may say more."""
    return note(_("Nobody else reads your words. To ask or tell more, write it without the code word."))


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
        return to_come(session, live, now)
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
