"""What the FAQ says."""

from collections.abc import Sequence

from bot.core.actions import LIMIT, Action
from bot.core.forms import Form, TextField, yes_no
from bot.core.message import (
    Block,
    Bold,
    Button,
    Instant,
    Message,
    Note,
    buttons,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
)
from bot.features.faq.border import Entry, Waiting
from bot.features.faq.rules import LONGEST

SITTING = 5
"""Entries in one review: more is not read with care."""

CUT_QUESTION = 300
CUT_ANSWER = 700

_WHY = {
    "changed": "Its source was edited.",
    "reopened": "The mark on its answer was taken back.",
    "withdrawn": "Its source was deleted.",
}


def _act(name: str, cohort: int, subject: str = "") -> str:
    return Action("faq", name, cohort, subject).encode()


def _of(entry: Entry, name: str) -> str:
    return _act(name, entry.cohort, f"{entry.id}.{entry.stamp}")


def review(waiting: Waiting, cohort: int) -> Message:
    """The next few entries to look at. With a single one its buttons carry no number."""
    if not waiting.number:
        return message(paragraph(Bold("Nothing waits for a review."), " Well done."))
    several = len(waiting.entries) > 1
    blocks: list[Block | None] = []
    for number, entry in enumerate(waiting.entries, 1):
        blocks += _card(entry, f"{number}. " if several else "", f" {number}" if several else "")
    left = waiting.number - len(waiting.entries)
    return message(
        heading(f"FAQ: {summary(waiting)}"),
        *blocks,
        note(f"{left} more after these.") if left else None,
        note("Whoever asked or answered is not named. Approved entries are found with /cohort find."),
    )


def summary(waiting: Waiting) -> str:
    drafts = f"{waiting.drafts} {'draft' if waiting.drafts == 1 else 'drafts'}"
    flagged = f"{waiting.flagged} to look at again"
    return ", ".join(part for part, number in ((flagged, waiting.flagged), (drafts, waiting.drafts)) if number)


def _card(entry: Entry, number: str, label: str) -> list[Block | None]:
    flagged = entry.state == "flagged"
    edit = Button(f"Edit{label}", _of(entry, "edit"))
    first = (
        Button(f"Still right{label}", _of(entry, "right"), "primary")
        if flagged
        else Button(f"Approve{label}", _of(entry, "approve"), "primary")
    )
    last = (
        Button(f"Remove{label}", _of(entry, "remove"), "danger")
        if flagged
        else Button(f"Skip{label}", _of(entry, "skip"))
    )
    return [
        paragraph(Bold(f"{number}{shorten(entry.question, CUT_QUESTION)}")),
        quote(shorten(entry.answer, CUT_ANSWER)),
        note(f"FAQ {entry.id}. ", Bold("Needs another look: "), _WHY[entry.flag]) if entry.flag else None,
        _news(entry),
        note("For this run alone.") if entry.run_only else None,
        buttons(first, edit, last),
    ]


def _news(entry: Entry) -> Note | None:
    if not entry.news_answer:
        return None
    return note(
        "There it says now: ",
        Bold(shorten(entry.news_question, CUT_QUESTION)),
        " ",
        shorten(entry.news_answer, CUT_ANSWER),
    )


def changed_meanwhile(entry: Entry) -> Message:
    """The entry as it stands now, to somebody whose button meant an older text."""
    return message(paragraph("It has changed since you saw it. It reads now:"), *_card(entry, "", ""))


def edit_form(entry: Entry) -> Form:
    return Form(
        _of(entry, "edit"),
        f"FAQ {entry.id}",
        (
            TextField("question", "Question", max_length=LONGEST, value=entry.question, long=True),
            TextField("answer", "Answer", max_length=LONGEST, value=entry.answer, long=True),
            yes_no("run_only", "For this run alone", "Its dates or links; it ends with the cohort.", entry.run_only),
        ),
        submit="Save and approve",
        intro=f"There it says now: {shorten(entry.news_answer, 300)}" if entry.news_answer else "",
    )


def done(entry: Entry, said: str, waiting: Waiting) -> Message:
    """The receipt of a review, with what is left."""
    left = f"{summary(waiting)} left." if waiting.number else "Nothing else waits."
    return message(
        paragraph(Bold(said), " ", left),
        quote(shorten(entry.question, 150)) if entry.question else None,
        buttons(
            Button("Undo", _of(entry, "undo")) if entry.state == "skipped" else None,
            Button("Go on", _act("review", entry.cohort)) if waiting.number else None,
        ),
    )


def found(entries: Sequence[Entry], words: str, cohort: int) -> Message:
    if not entries:
        return message(
            paragraph("Nothing in the FAQ fits “", shorten(words, 200), "” yet. Somebody here may know."),
            buttons(Button("Ask it", _ask(cohort, words), "primary")),
        )
    blocks: list[Block] = []
    for entry in entries:
        blocks.append(paragraph(Bold(shorten(entry.question, CUT_QUESTION))))
        blocks.append(quote(shorten(entry.answer, LONGEST)))
        checked = ("checked ", Instant(entry.verified_at, "date")) if entry.verified_at else ("not checked",)
        blocks.append(note(f"FAQ {entry.id}, ", *checked))
    return message(*blocks, buttons(Button("Not it? Ask", _ask(cohort, words))))


def _ask(cohort: int, words: str) -> str:
    """The question form, beginning with these words as far as a button can carry them."""
    room = LIMIT - len(Action("questions", "ask", cohort).encode())
    return Action("questions", "ask", cohort, shorten(words, room)).encode()


def review_button(cohort: int) -> Button:
    return Button("Review the FAQ", _act("review", cohort))
