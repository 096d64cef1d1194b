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
from bot.core.typed import excerpt
from bot.features.questions import views
from bot.features.questions.store import Question, Response, Waiting

SHOWN = 5
"""Replies or questions on one page, each with its button."""


_GESTURES = note(
    "In a thread, a ",
    Code("✅"),
    " on the reply says that it answers the question. A ",
    Code("❌"),
    " on what was taken for a question, or for the answer, says that it is none.",
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
        # Not the name alone: whoever reads must see which reply a button means.
        blocks.append(paragraph(Bold(f"{number}. {author or 'The asker'}"), _chosen(question) if chosen else ""))
        blocks.append(quote(response.text))
        if not chosen and question.state != "withdrawn":
            label = f"{number} answers it" if len(shown) > 1 else "This answers it"
            marks.append(Button(label, views.of(question, "mark", f".{response.id}")))
    hidden = len(responses) - len(shown)
    facts: Text = (*views.who_asks(name), ", ", Instant(question.asked_at), " · ", _state(question))
    by_form = staff or (mine and (question.anonymous or question.private or not question.plain))
    return message(
        paragraph(*facts),
        quote(question.text or "…"),
        note(f"{taken_by} has it.") if taken_by and question.state in ("open", "elsewhere") else None,
        *blocks,
        note(f"The newest {len(shown)} of {len(responses)} replies are shown.") if hidden else None,
        note("No replies yet.") if not responses else None,
        note("You asked without your name: mark and reply from here, not in the thread.")
        if mine and question.anonymous
        else None,
        buttons(*marks),
        buttons(
            Button("Reply", views.of(question, "reply")) if by_form and question.state != "withdrawn" else None,
            Button("I take it", views.of(question, "take"))
            if staff and question.state in ("open", "elsewhere")
            else None,
            Button("Take the mark back", views.of(question, "unmark")) if question.state == "solved" else None,
            Button("Not needed any more", views.of(question, "drop"))
            if question.state in ("open", "elsewhere")
            else None,
            Button("Open it again", views.of(question, "restore")) if question.state == "dropped" else None,
        ),
    )


def _chosen(question: Question) -> str:
    return " · the answer, as it seems" if question.guess == "stands" else " · the answer"


def _state(question: Question) -> str:
    if question.state in ("open", "elsewhere"):
        return views.count(question.replies, "reply", "replies") if question.replies else "waits"
    return {"solved": "answered", "past": "from before", "dropped": "not needed any more"}.get(
        question.state, "taken back"
    )


def my_open(found: Sequence[tuple[Question, Response | None, str | None]]) -> Message:
    """The asker's open questions, each with the last reply and its author: which one is solved?"""
    if not found:
        return message(paragraph("None of your questions is open."), _GESTURES)
    answered = sum(response is not None for _, response, _ in found)
    blocks: list[Block] = []
    marks: list[Button] = []
    for question, response, author in found:
        blocks.append(paragraph(Bold(shorten(question.text, 200))))
        if response is None:
            blocks.append(note("No replies yet."))
            continue
        number = f"{len(marks) + 1} " if answered > 1 else ""
        blocks += [paragraph(f"{number}{author or 'The asker'}:"), quote(response.text)]
        label = f"{number}answers it" if number else "This answers it"
        marks.append(Button(label, views.of(question, "mark", f".{response.id}")))
    looks = [Button(f"Look: {shorten(q.text, 40)}", views.of(q, "open")) for q, _, _ in found]
    asks = "Which reply answers your question?" if answered else "Nobody has replied to your questions yet."
    return message(paragraph(asks), *blocks, buttons(*marks), buttons(*looks), _GESTURES)


def queue(waiting: Waiting, names: Sequence[str | None], now: datetime) -> Message:
    """The oldest questions and notes that nobody has answered, for the course team."""
    found = waiting.oldest
    if not found:
        return message(paragraph(Bold("No question waits."), " Well done."))
    blocks: list[Block] = []
    for place, (question, taker) in enumerate(zip(found, names, strict=True), 1):
        has = f", {taker} has it" if taker else ""
        where = {
            "main": ", seen in the main channel",
            "private": ", for the course team alone",
            "note": ", a note",
        }.get(question.kind, "")
        blocks.append(paragraph(Bold(f"{place}. {say_span(now - question.asked_at)}"), where, has))
        blocks.append(quote(excerpt(question.text, views.BEGINNING)))
    return message(
        heading(views.waits(waiting)),
        *blocks,
        note(f"The oldest {len(found)} are shown.") if waiting.questions + waiting.notes > len(found) else None,
        buttons(*(Button(f"Open {i}", views.of(q, "open")) for i, q in enumerate(found, 1))),
    )
