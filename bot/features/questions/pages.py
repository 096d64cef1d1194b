"""A question with its replies, and lists of questions, shown privately to the asker or the course team."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.message import (
    Block,
    Bold,
    Button,
    Code,
    Instant,
    Message,
    Text,
    buttons,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
)
from bot.core.time import say_span
from bot.core.translation import _, phrase
from bot.core.typed import excerpt
from bot.features.questions import views
from bot.features.questions.rules import has_answered
from bot.features.questions.store import Question, Response, Waiting

SHOWN = 5
"""Replies or questions on one page, each with its button."""


def _gestures() -> Block:
    return note(
        *phrase(
            "In a thread, a {tick} on the reply says that it answers the question. A {cross} on what was taken for a "
            "question, or for the answer, says that it is none.",
            tick=Code("✅"),
            cross=Code("❌"),
        )
    )


def page(
    question: Question,
    name: str | None,
    responses: Sequence[tuple[Response, str | None]],
    *,
    mine: bool,
    staff: bool,
    taken_by: str | None,
) -> Message:
    """A question with its replies, for the asker or the course team."""
    shown = responses[-SHOWN:]
    blocks: list[Block] = []
    marks = []
    for number, (response, author) in enumerate(shown, 1):
        chosen = question.answer == response.id and question.state == "solved"
        # Not only the name: readers must see which reply a button means.
        source = " · " + _("FAQ {entry}", entry=response.entry) if response.entry is not None else ""
        blocks.append(
            paragraph(Bold(f"{number}. {author or _('The asker')}"), source, _chosen(question) if chosen else "")
        )
        blocks.append(quote(response.text))
        if not chosen and question.state != "withdrawn":
            label = _("{number} answers it", number=number) if len(shown) > 1 else _("This answers it")
            marks.append(Button(label, views.of(question, "mark", f".{response.id}")))
    hidden = len(responses) - len(shown)
    facts: Text = (*views.who_asks(name), ", ", Instant(question.asked_at), " · ", _state(question))
    by_form = staff or (mine and (question.anonymous or question.private or not question.plain))
    if mine and question.private and has_answered(question, [r for r, __ in responses]):
        by_form = False
    return message(
        paragraph(*facts),
        quote(question.text or "…"),
        note(_("{taken_by} has it.", taken_by=taken_by))
        if taken_by and question.state in ("open", "elsewhere")
        else None,
        *blocks,
        note(_("The newest {number} of {total} replies are shown.", number=len(shown), total=len(responses)))
        if hidden
        else None,
        note(_("No replies yet.")) if not responses else None,
        note(_("You asked without your name: mark and reply from here, not in the thread."))
        if mine and question.anonymous
        else None,
        buttons(*marks),
        buttons(
            Button(_("Reply"), views.of(question, "reply")) if by_form and question.state != "withdrawn" else None,
            Button(_("I take it"), views.of(question, "take"))
            if staff and question.state in ("open", "elsewhere")
            else None,
            Button(_("Take the mark back"), views.of(question, "unmark")) if question.state == "solved" else None,
            Button(_("Not needed any more"), views.of(question, "drop"))
            if question.state in ("open", "elsewhere")
            else None,
            Button(_("Open it again"), views.of(question, "restore")) if question.state == "dropped" else None,
        ),
    )


def _chosen(question: Question) -> str:
    return " · " + (_("the answer, as it seems") if question.guess == "stands" else _("the answer"))


def _state(question: Question) -> str:
    if question.state in ("open", "elsewhere"):
        return views.replies(question.replies) if question.replies else _("waits")
    return {"solved": _("answered"), "past": _("from before"), "dropped": _("not needed any more")}.get(
        question.state, _("taken back")
    )


def my_open(found: Sequence[tuple[Question, Response | None, str | None]]) -> Message:
    """The asker's open questions, each with the last reply and its author, to pick the solved one."""
    if not found:
        return message(paragraph(_("None of your questions is open.")), _gestures())
    answered = sum(response is not None for _, response, _ in found)
    blocks: list[Block] = []
    marks: list[Button] = []
    for question, response, author in found:
        blocks.append(paragraph(Bold(shorten(question.text, 200))))
        if response is None:
            blocks.append(note(_("No replies yet.")))
            continue
        number = f"{len(marks) + 1} " if answered > 1 else ""
        blocks += [paragraph(f"{number}{author or _('The asker')}:"), quote(response.text)]
        label = _("{number} answers it", number=len(marks) + 1) if number else _("This answers it")
        marks.append(Button(label, views.of(question, "mark", f".{response.id}")))
    looks = [Button(_("Look: {text}", text=shorten(q.text, 40)), views.of(q, "open")) for q, *__ in found]
    asks = _("Which reply answers your question?") if answered else _("Nobody has replied to your questions yet.")
    return message(paragraph(asks), *blocks, buttons(*marks), buttons(*looks), _gestures())


def queue(waiting: Waiting, names: Sequence[str | None], now: datetime) -> Message:
    """The questions and notes that have waited longest, for the course team."""
    found = waiting.oldest
    if not found:
        return message(paragraph(*phrase("{label} Well done.", label=Bold(_("No question waits.")))))
    blocks: list[Block] = []
    for place, ((since, question), taker) in enumerate(zip(found, names, strict=True), 1):
        kinds = {
            "main": _("seen in the main channel"),
            "private": _("for the course team alone"),
            "note": _("a note"),
        }
        about = [kinds[question.kind]] if question.kind in kinds else []
        about += [_("{taker} has it", taker=taker)] if taker else []
        waits = Bold(f"{place}. {say_span(now - since)}")
        blocks.append(paragraph(waits, *(f", {said}" for said in about)))
        blocks.append(quote(excerpt(question.text, views.BEGINNING)))
    return message(
        heading(views.waits(waiting)),
        *blocks,
        note(_("The oldest {number} are shown.", number=len(found)))
        if waiting.questions + waiting.notes > len(found)
        else None,
        buttons(*(Button(_("Open {i}", i=i), views.of(q, "open")) for i, (_since, q) in enumerate(found, 1))),
    )
