"""What wrap-ups say to learners and to the cohort."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.forms import ChoiceField, Field, Form, TextField, yes_no
from bot.core.message import (
    Block,
    Bold,
    Button,
    Inline,
    Instant,
    Italic,
    Link,
    Message,
    Option,
    Quote,
    Text,
    bullets,
    buttons,
    fields,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
)
from bot.core.private import Asked
from bot.course.model import Question
from bot.features.wrapups.rules import Entry, empty, figure, pages, quote_field, quotes
from bot.features.wrapups.store import Answer, Part, Report, Round, Saved, Standing, Window

LONGEST = 3000
"""Characters of one field."""

BEGUN = "Begun"
"""How the card of an answer says that it is not handed in yet."""

AFTER_END = 5
"""Wrap-ups that one message offers after the end of a cohort."""

QUOTED = 1000
"""Characters of a message that a receipt quotes."""

SEES = {"cohort": "The cohort sees this", "instructors": "Only the instructors see this"}


def _action(name: str, round: Round) -> str:
    return Action("wrapups", name, round.cohort, str(round.id)).encode()


def answer_button(round: Round, label: str = "Answer") -> Button:
    return Button(label, _action("answer", round), "primary" if label == "Answer" else "plain")


# In the week, on the final card, and at the end

APART = "Answer the wrap-up at the end of the week"
"""What the week card says of it to learners who are short of time."""

PROMISE: Text = (Bold("Wrap-ups"), ": late answers, without an end")

WITH_BUTTONS = 2
"""Wrap-ups on the final card with a button of their own."""


def lower(title: str) -> str:
    """The title of a round within a sentence."""
    return title[0].lower() + title[1:]


def to_do(title: str, begun: bool) -> Text:
    return (f"{'Finish' if begun else 'Answer'} the {lower(title)}",)


def answered_so_many(number: int) -> tuple[Text, ...]:
    return ((f"Answered: {number} wrap-up" + ("" if number == 1 else "s"),),) if number else ()


def so_many_more(number: int) -> str:
    return f"{number} more wrap-up" + ("" if number == 1 else "s")


def still_missing(number: int, taken: Sequence[Round]) -> tuple[Text, ...]:
    """'2 more wrap-ups: late answers count, from week 1, 2 or 4'"""
    weeks = [str(week) for week in dict.fromkeys(r.week for r in taken)]
    if not weeks:
        return ()
    listed = f"{', '.join(weeks[:-1])} or {weeks[-1]}" if len(weeks) > 1 else weeks[0]
    return ((f"{so_many_more(number)}: late answers count, from week {listed}",),)


def open_at_the_end(title: str) -> Text:
    return (f"{title}: its report appears now, with what was answered; late answers join it while they are taken",)


# The prompt and the form


def prompt(round: Round, closes_at: datetime) -> Message:
    """A learner's prompt card. It turns into the receipt."""
    return message(
        heading(round.title),
        bullets(*((q.text, " ", Italic(f"{SEES[q.audience]}.")) for q in round.questions)),
        paragraph(
            "Open until ", Instant(closes_at), " your time. Or write it to me, here, one question after the other."
        ),
        buttons(answer_button(round)),
    )


def form(round: Round, may_quote: bool, answer: Answer | None, closes_at: datetime, now: datetime) -> Form:
    shown = [_field(q) for q in round.questions]
    if may_quote:
        hint = "Only words that the cohort sees anyway."
        shown.append(yes_no(quote_field(round.questions), "You may quote me with my name", hint))
    late = closes_at <= now
    intro = "Your time for this one is over; your answer is welcome still, and is marked late." if late else ""
    blank = Form(_action("answer", round), round.title, tuple(shown), submit="Save" if answer else "Send", intro=intro)
    if answer is None:
        return blank
    return blank.filled({**answer.values, quote_field(round.questions): "yes" if answer.quote else ""})


def _field(question: Question) -> Field:
    label, hint, required = shorten(question.text, 150), SEES[question.audience], question.required
    match question.kind:
        case "choice" | "scale":
            return ChoiceField(question.id, label, tuple(Option(o, o) for o in question.options), hint, required)
        case "yes_no":
            return ChoiceField(question.id, label, (Option("yes", "Yes"), Option("no", "No")), hint, required)
        case "number":
            return TextField(question.id, label, hint, required, max_length=16)
        case "link":
            return TextField(question.id, label, hint, required, max_length=500)
        case _:
            return TextField(question.id, label, hint, required, question.kind == "long", LONGEST)


# Receipts


def receipt(name: str, round: Round, answer: Answer, window: Window, now: datetime) -> Message:
    """The card once it is answered: what was received, who sees it, and until when it can be changed."""
    over = window.closes_at <= now
    if answer.begun:
        return _begun(name, round, answer, window, over)
    return message(
        heading(round.title),
        paragraph(
            f"Thank you, {name}. Wrap-up received ",
            Instant(answer.first_at),
            ", marked late" if answer.late else "",
            ". Edited " if answer.changed_at > answer.first_at else "",
            *((Instant(answer.changed_at),) if answer.changed_at > answer.first_at else ()),
            ".",
        ),
        *_seen_by(round, answer, "cohort", "Cohort sees"),
        *_seen_by(round, answer, "instructors", "Instructors only"),
        paragraph("You may be quoted with your name.") if answer.quote else None,
        note("Changes are welcome still, marked late.")
        if over
        else note("Edit until ", Instant(window.closes_at), " your time; later is welcome, marked late."),
        buttons(
            answer_button(round, "Edit"),
            Button("Delete my answer", Action("wrapups", "delete", round.cohort, str(answer.id)).encode(), "danger"),
        ),
    )


def _begun(name: str, round: Round, answer: Answer, window: Window, over: bool) -> Message:
    """The card while a required question is still empty."""
    return message(
        heading(round.title),
        paragraph(f"Thank you, {name}. {BEGUN} ", Instant(answer.first_at), f": {_share(round, answer)}"),
        *_seen_by(round, answer, "cohort", "Cohort sees"),
        *_seen_by(round, answer, "instructors", "Instructors only"),
        note(
            "It is handed in once what must be answered is. ",
            *(
                ("Later is welcome, marked late.",)
                if over
                else ("Open until ", Instant(window.closes_at), " your time.")
            ),
        ),
        buttons(
            answer_button(round, "Finish it"),
            Button("Delete my answer", Action("wrapups", "delete", round.cohort, str(answer.id)).encode(), "danger"),
        ),
    )


def _share(round: Round, answer: Answer | None) -> str:
    """'2 of 3 answered; still empty: “Where are you stuck?” (required).'"""
    left = empty(round.questions, answer.values if answer else {})
    said = f"{len(round.questions) - len(left)} of {len(round.questions)} answered"
    names = ", ".join(f"“{shorten(q.text, 120)}”" + (" (required)" if q.required else "") for q in left)
    return f"{said}; still empty: {names}." if left else f"{said}."


def _seen_by(round: Round, answer: Answer, audience: str, label: str) -> list[Block]:
    """What some see of an answer, whole, in the order of the questions."""
    said = [v for q in round.questions if q.audience == audience and (v := answer.values.get(q.id))]
    lines = [part for n, text in enumerate(said) for part in (("\n", text) if n else (text,))]
    return [paragraph(Bold(label), ":"), quote(*lines)] if said else []


def thanks(round: Round, saved: Saved, in_direct: bool) -> Message:
    """The short answer to the form; the receipt says the rest. `in_direct`: it is there that the form was sent."""
    if not saved.changed:
        return message(paragraph("Nothing was changed; your answer stands as it was."))
    if not saved.first:
        return message(paragraph("Your changes are saved. Your receipt shows how it stands."))
    late = ", marked late" if saved.answer.late else ""
    receipt = "Its card is your receipt now" if in_direct else "Your receipt is in our direct messages"
    return message(paragraph(f"Thank you. Your {_mine(round)} is in{late}. {receipt}."))


def sure_to_delete(round: Round, answer: Answer) -> Message:
    return message(
        paragraph("Delete your ", Bold(_mine(round)), "? It goes from the report and from every record, for good."),
        buttons(Button("Delete it", Action("wrapups", "delete_now", round.cohort, str(answer.id)).encode(), "danger")),
    )


def deleted(round: Round, now: datetime) -> Message:
    return message(
        heading(round.title),
        paragraph("Your answer was deleted ", Instant(now), ". Nothing of it is kept."),
        buttons(answer_button(round, "Answer anew")),
    )


def _mine(round: Round) -> str:
    return f"week {round.week} answer"


# In private and in the thread


def becomes(round: Round, question: Question, late: bool) -> tuple[str, Text]:
    """How a private message is offered as an answer: the button's label, and what comes of it."""
    whom = "the cohort" if question.audience == "cohort" else "the instructors alone"
    marked = ", marked late" if late else ""
    sees = "the cohort sees it" if question.audience == "cohort" else "only the instructors see it"
    return f"My wrap-up, for {whom}", (
        f"it answers “{shorten(question.text, 200)}” of the {round.title[0].lower()}{round.title[1:]}{marked}; {sees}",
    )


def asked(round: Round, question: Question, subject: str, card: str) -> Asked:
    """A question of a round that the next private message answers."""
    stopped = f"What you have answered stands, and “{question.text}” stays empty. Your card can take it at any time."
    return Asked(subject, question.text, stopped, (answer_button(round, "Open the form"),), card)


def step(at: Standing, part: Part | None, following: Question | None, skip: Button | None = None) -> Message:
    """What a private message became, and what is asked next. `part` None: a question was skipped; `skip` skips the
    question that follows."""
    round, answer = at.round, at.answer
    left_empty = empty(round.questions, answer.values if answer else {})
    done = f"{len(round.questions) - len(left_empty)} of {len(round.questions)}"
    left = _share(round, answer) if following is None else f"{done} answered."
    unfinished = following is None and (answer is None or answer.begun)
    return message(
        _saved(at, part) if part is not None else paragraph("Skipped."),
        _quoted(part),
        paragraph(left, *_asks(following)),
        note(*_how(following)) if following is not None else None,
        note("It is begun, and handed in once what is required is answered.") if unfinished else None,
        buttons(
            skip,
            _undo(round, part),
            answer_button(round, "Finish it" if unfinished else "Edit"),
        ),
    )


def saved(at: Standing, part: Part | None, over: bool = False) -> Message:
    """The card of a message once it asks nothing any more. `part` None: a question was skipped; `over`: the cohort has
    ended, so the message cannot be returned."""
    return message(
        _saved(at, part) if part is not None else paragraph("Skipped."),
        _quoted(part),
        buttons(_undo(at.round, part) if not over else None, answer_button(at.round, "Edit")),
    )


def _quoted(part: Part | None) -> Block | None:
    if part is None:
        return None
    return quote(part.text if len(part.text) <= QUOTED else part.text[: QUOTED - 1] + "…")


def _undo(round: Round, part: Part | None) -> Button | None:
    return Button("Undo", Action("wrapups", "undo", round.cohort, str(part.id)).encode()) if part else None


def _saved(at: Standing, part: Part) -> Block:
    question = next((q for q in at.round.questions if q.id == part.question), None)
    late = ", marked late" if at.answer is not None and at.answer.late else ""
    to = f", to “{shorten(question.text, 120)}”. {SEES[question.audience]}." if question is not None else "."
    return paragraph(f"Saved as your {_mine(at.round)}{late}{to}")


def _asks(question: Question | None) -> Text:
    if question is None:
        return ()
    return (" Next: ", Bold(question.text), " ", Italic(f"{SEES[question.audience]}."))


def _how(question: Question) -> Text:
    match question.kind:
        case "choice" | "scale":
            return (f"Write one of these: {', '.join(question.options)}.",)
        case "yes_no":
            return ("Write 'yes' or 'no'.",)
        case "number":
            return ("Write a number, such as 3 or 2.5.",)
        case "link":
            return ("Write a whole link, such as https://example.org/page.",)
        case _:
            return ("Your next message answers it. 'Stop' ends this; what you have answered stands.",)


def emptied() -> Message:
    return message(paragraph("Taken back: your message is empty now. It is not kept, and not part of your answer."))


def unchanged(why: str) -> Message:
    """An edit of a message does not do as an answer."""
    return message(paragraph(why), note("Your answer stands as it was. Edit your message once more, or your answer."))


def closed(why: str) -> Message:
    """An edit that came after the cohort took its last answer."""
    return message(paragraph(why), note("Your answer stands as it was before this edit."))


def how_long(length: int) -> str:
    return f"This has {length:,} characters, and {LONGEST:,} fit into an answer, so it was not saved."


def too_long(length: int, round: Round) -> Message:
    return message(
        paragraph(how_long(length)),
        note("Please send the part that matters most."),
        buttons(answer_button(round)),
    )


def nothing_open(closed: Standing | None, coming: Standing | None) -> Message:
    """`/cohort wrapup` between two rounds."""
    label = ""
    if closed is not None:
        due = closed.answer is None or closed.answer.begun
        label = f"Answer week {closed.round.week}, late" if due else f"Edit week {closed.round.week}"
    return message(
        paragraph("No wrap-up is open just now."),
        paragraph(Bold(coming.round.title), " opens ", Instant(coming.window.opens_at), ".") if coming else None,
        paragraph("There is none ahead of you.") if coming is None else None,
        buttons(answer_button(closed.round, label) if closed else None),
    )


def after_end(cohort: str, taken: Sequence[Standing]) -> Message:
    """`/cohort wrapup` in a cohort that has ended."""
    more = "These wrap-ups are still taken, marked late:" if taken else "No wrap-up of yours is open there."
    found = [answer_button(s.round, f"Answer week {s.round.week}, late") for s in taken[:AFTER_END]]
    return message(paragraph(f"{cohort} has ended. {more}"), buttons(*found))


def several_open(found: Sequence[Standing]) -> Message:
    return message(
        paragraph("Which one?"),
        buttons(*(answer_button(s.round, f"{'Edit' if s.answer else 'Answer'}: {s.round.title}") for s in found)),
    )


# The week together


def together(round: Round, until: Text) -> Message:
    """The root message of the week while answers come in. `until` says when it closes, by the reader's clock."""
    return message(
        heading(f"Week {round.week}: the week together"),
        paragraph("The wrap-up is open until ", *until, "."),
        bullets(*(q.text for q in round.questions if q.audience == "cohort")),
        paragraph("Answer with the button, in this thread (the cohort sees that), or by private message to me."),
        note("What you all wrote appears here ", Instant(round.closes_at), "."),
        _video(round),
        buttons(answer_button(round)),
    )


def report(report: Report, smallest_group: int) -> Message:
    """The root message of the week once the cohort's clock has closed it."""
    round, tally = report.round, report.tally
    seen = [q for q in round.questions if q.audience == "cohort"]
    figures = [(shorten(q.text, 120), f) for q in seen if (f := figure(q, report.answers, smallest_group))]
    excerpts = quotes(round, report.answers)
    below = bool(pages(round, report.answers))
    return message(
        heading(f"Week {round.week}: the week together"),
        paragraph(
            Bold(f"{tally.answered} of {tally.expected} answered"),
            f", {tally.begun} begun" if tally.begun else "",
            f", {tally.late} late." if tally.late else ".",
        ),
        fields(*figures) if figures else None,
        *(quote(e.text, " — ", Italic(report.names.get(e.answer.person, ""))) for e in excerpts),
        note(
            "What else was written is in the thread. " if below else "",
            "Later wrap-ups join this report; late ones are marked.",
        ),
        _video(round),
        buttons(answer_button(round)),
    )


def rest_page(entries: Sequence[Entry], names: Mapping[int, str], number: int) -> Message:
    """A page of answers in the thread: without names, but for those who agreed."""
    blocks: list[Block] = [_entry(e, names) for e in entries]
    first = note("What you wrote, without names but where you agreed.") if number == 1 else None
    return message(first, *blocks)


def _entry(entry: Entry, names: Mapping[int, str]) -> Quote:
    answer = entry.answer
    lines: list[Inline] = []
    for question, text in entry.said:
        lines += [Italic(shorten(question.text, 80)), "\n", text, "\n"] if len(entry.said) > 1 else [text, "\n"]
    signs = [names.get(answer.person, "")] if answer.quote else []
    signs += ["late"] if answer.late else ["edited late"] if answer.changed_late else []
    if signs:
        return Quote((*lines, "— ", Italic(", ".join(signs))))
    return Quote(tuple(lines[:-1]))


def _video(round: Round) -> Block | None:
    if not round.recording:
        return None
    return paragraph("The week's video: ", Link(round.recording, "watch the recording"), ".")
