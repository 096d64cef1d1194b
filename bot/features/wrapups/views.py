"""What wrap-ups say to learners and to the cohort."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import Extra
from bot.core.forms import ChoiceField, Field, Form, TextField, yes_no
from bot.core.message import (
    Block,
    Bold,
    Button,
    Instant,
    Italic,
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
from bot.core.translation import N_, _, _n, phrase
from bot.course.model import Question
from bot.features.wrapups.rules import Entry, empty, figure, pages, quote_field, quotes
from bot.features.wrapups.store import (
    Answer,
    Consent,
    Part,
    Report,
    Round,
    Saved,
    Standing,
    Tally,
    Window,
    called,
    usual_week,
)

LONGEST = 3000
"""Maximum characters of one field."""

BEGUN = N_("Begun")
"""Marks an answer's card as not handed in yet."""

AFTER_END = 20
"""Wrap-ups that one message offers after the end of a cohort."""

QUOTED = 1000
"""Maximum characters of a message that a receipt quotes."""

SEES = {"cohort": N_("The cohort sees this"), "instructors": N_("Only the instructors see this")}


def _action(name: str, round: Round) -> str:
    return Action("wrapups", name, round.cohort, str(round.id)).encode()


def answer_button(round: Round, label: str = "") -> Button:
    return Button(label or _("Answer"), _action("answer", round), "plain" if label else "primary")


# In the week, on the final card, and at the end

APART = N_("Answer the wrap-up at the end of the week")
"""The week card's text about it for learners who are short of time."""


def promise() -> Text:
    return phrase("{wrapups}: late answers, without an end", wrapups=Bold(_("Wrap-ups")))


WITH_BUTTONS = 4
"""Maximum wrap-ups on the final card with their own button."""


def named(title: str) -> str:
    """A round within a sentence: 'the week 1 wrap-up', or its own title in quotes."""
    week = usual_week(title)
    return f"“{called(title)}”" if week is None else _("the week {week} wrap-up", week=week)


def to_do(title: str, begun: bool) -> Text:
    return (_("Finish {title}", title=named(title)) if begun else _("Answer {title}", title=named(title)),)


def tallied(tally: Tally) -> str:
    """'4 of 12 answered, 2 begun'"""
    if not tally.expected:
        return _("nobody was asked")
    said = _("{answered} of {expected} answered", answered=tally.answered, expected=tally.expected)
    return f"{said}, {_('{begun} begun', begun=tally.begun)}" if tally.begun else said


def answered_so_many(number: int) -> tuple[Text, ...]:
    return ((_n("Answered: {n} wrap-up", "Answered: {n} wrap-ups", number),),) if number else ()


def so_many(number: int) -> str:
    return _n("{n} wrap-up", "{n} wrap-ups", number)


def so_many_more(number: int) -> str:
    return _n("{n} more wrap-up", "{n} more wrap-ups", number)


def still_missing(number: int, taken: Sequence[Round]) -> tuple[Text, ...]:
    """'2 more wrap-ups: late answers count, from week 1, 2 or 4'"""
    weeks = [str(week) for week in dict.fromkeys(r.week for r in taken)]
    if not weeks:
        return ()
    listed = _("{weeks} or {last}", weeks=", ".join(weeks[:-1]), last=weeks[-1]) if len(weeks) > 1 else weeks[0]
    return (
        (
            _(
                "{missing}: late answers count, from week {weeks}",
                missing=so_many_more(number),
                weeks=listed,
            ),
        ),
    )


def open_at_the_end(title: str) -> Text:
    return (
        _(
            "{title}: its report appears now, with what was answered; late answers join it while they are taken",
            title=title,
        ),
    )


# The prompt and the form


def prompt(round: Round, closes_at: datetime) -> Message:
    """A learner's prompt card, which becomes the receipt."""
    return message(
        heading(round.name),
        bullets(*((q.text, " ", Italic(f"{_(SEES[q.audience])}.")) for q in round.questions)),
        paragraph(
            *phrase(
                "Open until {at} your time; later is welcome. Or write it to me, here, one question after the other.",
                at=Instant(closes_at),
            ),
        ),
        buttons(answer_button(round)),
    )


def form(round: Round, consent: Consent | None, answer: Answer | None, closes_at: datetime, now: datetime) -> Form:
    shown = [_field(q) for q in round.questions]
    name = quote_field(round.questions)
    if consent == "quotes":
        shown.append(yes_no(name, _("You may quote me with my name"), _("Only words that the cohort sees anyway.")))
    elif consent == "names":
        hint = _("The cohort then sees your name with these answers. Otherwise they appear without a name.")
        shown.append(yes_no(name, _("Show my name"), hint))
    late = closes_at <= now
    intro = _("Your time for this one is over; your answer is welcome still, and is marked late.") if late else ""
    blank = Form(
        _action("answer", round), round.name, tuple(shown), submit=_("Save") if answer else _("Send"), intro=intro
    )
    if answer is None:
        return blank
    return blank.filled({**answer.values, name: "yes" if answer.quote else ""})


def _field(question: Question) -> Field:
    label, hint, required = shorten(question.text, 150), _(SEES[question.audience]), question.required
    match question.kind:
        case "choice" | "scale":
            return ChoiceField(question.id, label, tuple(Option(o, o) for o in question.options), hint, required)
        case "yes_no":
            return ChoiceField(question.id, label, (Option("yes", _("Yes")), Option("no", _("No"))), hint, required)
        case "number":
            return TextField(question.id, label, hint, required, max_length=16, number=True)
        case "link":
            return TextField(question.id, label, hint, required, max_length=500)
        case _:
            return TextField(question.id, label, hint, required, question.kind == "long", LONGEST)


# Receipts


def receipt(name: str, round: Round, answer: Answer, window: Window, now: datetime) -> Message:
    """The card after an answer: what was received, who sees it, and until when it can be changed."""
    over = window.closes_at <= now
    if answer.begun:
        return _begun(name, round, answer, window, over)
    return message(
        heading(round.name),
        paragraph(
            *_thanks(name),
            *(
                phrase("Wrap-up received {at}, marked late.", at=Instant(answer.first_at))
                if answer.late
                else phrase("Wrap-up received {at}.", at=Instant(answer.first_at))
            ),
            *(
                (" ", *phrase("Edited {at}.", at=Instant(answer.changed_at)))
                if answer.changed_at > answer.first_at
                else ()
            ),
        ),
        *_seen_by(round, answer, "cohort", _("Cohort sees")),
        *_seen_by(round, answer, "instructors", _("Instructors only")),
        paragraph(_("The cohort may see your name with it.")) if answer.quote else None,
        note(_("Changes are welcome still, marked late."))
        if over
        else note(*phrase("Edit until {at} your time; later is welcome, marked late.", at=Instant(window.closes_at))),
        buttons(
            answer_button(round, _("Edit")),
            Button(_("Delete my answer"), Action("wrapups", "delete", round.cohort, str(answer.id)).encode(), "danger"),
        ),
    )


def _thanks(name: str) -> Text:
    return (_("Thank you, {name}.", name=name) if name else _("Thank you."), " ")


def _begun(name: str, round: Round, answer: Answer, window: Window, over: bool) -> Message:
    """The card while a required question is still empty."""
    return message(
        heading(round.name),
        paragraph(
            *_thanks(name),
            *phrase("{begun} {at}: {share}", begun=_(BEGUN), at=Instant(answer.first_at), share=_share(round, answer)),
        ),
        *_seen_by(round, answer, "cohort", _("Cohort sees")),
        *_seen_by(round, answer, "instructors", _("Instructors only")),
        note(*_how_it_counts(round, answer, window, over)),
        buttons(
            answer_button(round, _("Finish it")),
            Button(_("Delete my answer"), Action("wrapups", "delete", round.cohort, str(answer.id)).encode(), "danger"),
        ),
    )


def _how_it_counts(round: Round, answer: Answer, window: Window, over: bool) -> Text:
    read = any(q.audience == "cohort" and answer.values.get(q.id) for q in round.questions)
    if over:
        joined = _("It has closed, and what the cohort may read of yours joins its report.") if read else ""
        return (joined or _("It has closed."), " ", _("Finish it whenever you can; it is marked late then."))
    closes = phrase("Open until {at} your time.", at=Instant(window.closes_at))
    then = (" ", _("Then what the cohort may read of it joins the report as it is.")) if read else ()
    return (_("It is handed in once what must be answered is."), " ", *closes, *then)


def to_finish(round: Round, answer: Answer) -> Message:
    """On a later card: an answer that was only begun when it closed."""
    said = _("You have begun {title}: {share}", title=named(round.title), share=_share(round, answer))
    return message(
        paragraph(said),
        buttons(finish_button(round)),
    )


def finished(round: Round) -> Message:
    return message(paragraph(_("You have handed in {title}.", title=named(round.title))))


def finish_button(round: Round) -> Button:
    return answer_button(round, _("Finish: {title}", title=shorten(round.name, 50)))


def _share(round: Round, answer: Answer | None) -> str:
    """'2 of 3 answered; still empty: “Where are you stuck?” (required).'"""
    left = empty(round.questions, answer.values if answer else {})
    said = _("{number} of {total} answered", number=len(round.questions) - len(left), total=len(round.questions))
    names = ", ".join(f"“{shorten(q.text, 120)}”" + (" (required)" if q.required else "") for q in left)
    return _("{said}; still empty: {names}.", said=said, names=names) if left else f"{said}."


def _seen_by(round: Round, answer: Answer, audience: str, label: str) -> list[Block]:
    """What some people see of an answer, whole, in the order of the questions."""
    said = [v for q in round.questions if q.audience == audience and (v := answer.values.get(q.id))]
    lines = [part for n, text in enumerate(said) for part in (("\n", text) if n else (text,))]
    return [paragraph(Bold(label), ":"), quote(*lines)] if said else []


def thanks(round: Round, saved: Saved, in_direct: bool) -> Message:
    """The short answer to the form; the receipt has the details. `in_direct`: the form was sent from there."""
    if not saved.changed:
        return message(paragraph(_("Nothing was changed; your answer stands as it was.")))
    if not saved.first:
        return message(paragraph(_("Your changes are saved. Your receipt shows how it stands.")))
    mine = _mine(round)
    receipt = _("Its card is your receipt now") if in_direct else _("Your receipt is in our direct messages")
    return message(
        paragraph(
            _("Thank you. Your {mine} is in, marked late. {receipt}.", mine=mine, receipt=receipt)
            if saved.answer.late
            else _("Thank you. Your {mine} is in. {receipt}.", mine=mine, receipt=receipt)
        )
    )


def sure_to_delete(round: Round, answer: Answer) -> Message:
    return message(
        paragraph(
            *phrase(
                "Delete your {what}? It goes from the report and from every record, for good.", what=Bold(_mine(round))
            )
        ),
        buttons(
            Button(_("Delete it"), Action("wrapups", "delete_now", round.cohort, str(answer.id)).encode(), "danger")
        ),
    )


def deleted(round: Round, now: datetime) -> Message:
    return message(
        heading(round.name),
        paragraph(*phrase("Your answer was deleted {at}. Nothing of it is kept.", at=Instant(now))),
        buttons(answer_button(round, _("Answer anew"))),
    )


def _mine(round: Round) -> str:
    return _("week {week} answer", week=round.week)


# In private and in the thread


def becomes(round: Round, question: Question, late: bool) -> tuple[str, Text]:
    """How a private message is offered as an answer: the button's label, and what happens to it."""
    whom = _("the cohort") if question.audience == "cohort" else _("the instructors alone")
    sees = _("the cohort sees it") if question.audience == "cohort" else _("only the instructors see it")
    text, title = shorten(question.text, 200), named(round.title)
    return _("My wrap-up, for {whom}", whom=whom), (
        _("it answers “{text}” of {title}, marked late; {sees}", text=text, title=title, sees=sees)
        if late
        else _("it answers “{text}” of {title}; {sees}", text=text, title=title, sees=sees),
    )


def asked(round: Round, question: Question, subject: str, card: str) -> Asked:
    """A question of a round that the next private message answers."""
    stopped = _(
        "What you have answered stands, and “{text}” stays empty. Your card can take it at any time.",
        text=question.text,
    )
    return Asked(subject, question.text, stopped, (answer_button(round, _("Open the form")),), card)


def step(at: Standing, part: Part | None, following: Question | None, skip: Button | None = None) -> Message:
    """What a private message became, and the next question. `part` None: a question was skipped; `skip` skips the next
    one."""
    round, answer = at.round, at.answer
    left_empty = empty(round.questions, answer.values if answer else {})
    done = _("{number} of {total}", number=len(round.questions) - len(left_empty), total=len(round.questions))
    left = _share(round, answer) if following is None else _("{done} answered.", done=done)
    unfinished = following is None and (answer is None or answer.begun)
    return message(
        _saved(at, part) if part is not None else paragraph(_("Skipped.")),
        _quoted(part),
        paragraph(left, *_asks(following)),
        note(*_how(following)) if following is not None else None,
        note(_("It is begun, and handed in once what is required is answered.")) if unfinished else None,
        buttons(
            skip,
            _undo(round, part),
            answer_button(round, _("Finish it") if unfinished else _("Edit")),
        ),
    )


def saved(at: Standing, part: Part | None, over: bool = False) -> Message:
    """The card of a message that asks nothing more. `part` None: a question was skipped; `over`: the cohort has ended,
    so the message cannot be returned."""
    return message(
        _saved(at, part) if part is not None else paragraph(_("Skipped.")),
        _quoted(part),
        buttons(_undo(at.round, part) if not over else None, answer_button(at.round, _("Edit"))),
    )


def _quoted(part: Part | None) -> Block | None:
    if part is None:
        return None
    return quote(part.text if len(part.text) <= QUOTED else part.text[: QUOTED - 1] + "…")


def _undo(round: Round, part: Part | None) -> Button | None:
    return Button(_("Undo"), Action("wrapups", "undo", round.cohort, str(part.id)).encode()) if part else None


def _saved(at: Standing, part: Part) -> Block:
    question = next((q for q in at.round.questions if q.id == part.question), None)
    saved = _("Saved as your {mine}", mine=_mine(at.round))
    if at.answer is not None and at.answer.late:
        saved = _("{saved}, marked late", saved=saved)
    if question is None:
        return paragraph(f"{saved}.")
    text, sees = shorten(question.text, 120), _(SEES[question.audience])
    return paragraph(_("{saved}, to “{text}”. {sees}.", saved=saved, text=text, sees=sees))


def _asks(question: Question | None) -> Text:
    if question is None:
        return ()
    sees = Italic(f"{_(SEES[question.audience])}.")
    return (" ", *phrase("Next: {text} {sees}", text=Bold(question.text), sees=sees))


def _how(question: Question) -> Text:
    match question.kind:
        case "choice" | "scale":
            return (_("Write one of these: {listed}.", listed=", ".join(question.options)),)
        case "yes_no":
            return (_("Write 'yes' or 'no'."),)
        case "number":
            return (_("Write a number, such as 3 or 2.5."),)
        case "link":
            return (_("Write a whole link, such as https://example.org/page."),)
        case _:
            return (_("Your next message answers it. 'Stop' ends this; what you have answered stands."),)


def emptied() -> Message:
    return message(paragraph(_("Taken back: your message is empty now. It is not kept, and not part of your answer.")))


def unchanged(why: str) -> Message:
    """An edit of a message is not accepted as an answer."""
    return message(
        paragraph(why), note(_("Your answer stands as it was. Edit your message once more, or your answer."))
    )


def closed(why: str) -> Message:
    """An edit that came after the cohort took its last answer."""
    return message(paragraph(why), note(_("Your answer stands as it was before this edit.")))


def how_long(length: int) -> str:
    return _(
        "This has {length:,} characters, and {longest:,} fit into an answer, so it was not saved.",
        length=length,
        longest=LONGEST,
    )


def too_long(length: int, round: Round) -> Message:
    return message(
        paragraph(how_long(length)),
        note(_("Please send the part that matters most.")),
        buttons(answer_button(round)),
    )


def nothing_open(closed: Standing | None, coming: Standing | None) -> Message:
    """`/cohort wrapup` between two rounds."""
    button = None
    if closed is not None:
        due = closed.answer is None or closed.answer.begun
        label = _("Edit week {week}", week=closed.round.week)
        button = late_button(closed.round, closed.answer is not None) if due else answer_button(closed.round, label)
    return message(
        paragraph(_("No wrap-up is open just now.")),
        paragraph(*phrase("{title} opens {at}.", title=Bold(coming.round.name), at=Instant(coming.window.opens_at)))
        if coming
        else None,
        paragraph(_("There is none ahead of you.")) if coming is None else None,
        buttons(button),
    )


def after_end(cohort: str, taken: Sequence[Standing]) -> Message:
    """`/cohort wrapup` in a cohort that has ended."""
    more = _("These wrap-ups are still taken, marked late:") if taken else _("No wrap-up of yours is open there.")
    return message(paragraph(_("{cohort} has ended. {more}", cohort=cohort, more=more)), _late_buttons(taken))


def taken_late(taken: Sequence[Standing]) -> Message:
    """`/cohort wrapup` after the last round."""
    return message(paragraph(_("These wrap-ups are still taken, marked late:")), _late_buttons(taken))


def _late_buttons(taken: Sequence[Standing]) -> Block | None:
    return buttons(*(late_button(s.round, begun=s.answer is not None) for s in taken[:AFTER_END]))


def late_button(round: Round, begun: bool, *, late: bool = True) -> Button:
    """For a round that has closed: named by its week, or by a title of its own."""
    if begun:
        return finish_button(round)
    if usual_week(round.title) is None:
        return answer_button(round, _("Answer: {title}", title=shorten(round.name, 50)))
    text = _("Answer week {week}, late", week=round.week) if late else _("Answer week {week}", week=round.week)
    return answer_button(round, text)


def several_open(found: Sequence[Standing]) -> Message:
    return message(
        paragraph(_("Which one?")),
        buttons(*(answer_button(s.round, _which(s)) for s in found)),
    )


def _which(at: Standing) -> str:
    title = at.round.name
    return _("Edit: {title}", title=title) if at.answer else _("Answer: {title}", title=title)


# The week together


def together(round: Round, until: Text, report_at: datetime, extras: Sequence[Extra], *, asked: bool) -> Message:
    """The root message of the week while answers come in. `until` says when it closes, by the reader's clock.
    `extras`: what other features show in it. `asked`: the course still has the prompt."""
    return message(
        heading(_heading(round)),
        paragraph(
            *(
                phrase("The wrap-up is open until {until}.", until=until)
                if usual_week(round.title) is not None
                else phrase("It is open until {until}.", until=until)
            )
        ),
        bullets(*(q.text for q in round.questions if q.audience == "cohort")),
        paragraph(_("Answer with the button, in this thread (the cohort sees that), or by private message to me."))
        if asked
        else note(_("It was taken out of the course.")),
        note(*phrase("What you all wrote appears here {at}.", at=Instant(report_at))),
        *_also(round, extras, asked),
    )


def report(report: Report, smallest_group: int, extras: Sequence[Extra], *, asked: bool) -> Message:
    """The root message of the week after the cohort's close. `asked`: the course still has the prompt."""
    round, tally = report.round, report.tally
    seen = [q for q in round.questions if q.audience == "cohort"]
    figures = [(shorten(q.text, 120), f) for q in seen if (f := figure(q, report.answers, smallest_group))]
    below = bool(pages(report))
    return message(
        heading(_heading(round)),
        paragraph(
            Bold(
                _("{answered} of {expected} answered", answered=tally.answered, expected=tally.expected)
                if tally.expected
                else _("Nobody was asked")
            ),
            # Where few could have, a number would name them.
            f", {_('{late} late', late=tally.late)}." if tally.late and tally.expected >= smallest_group else ".",
        ),
        fields(*figures) if figures else None,
        *_by_question(round, [(e.question, _signed(report, e.answer, e.text)) for e in quotes(report)]),
        note(
            _("What else was written is in the thread.") + " " if below else "",
            _("Later wrap-ups join this report.") if asked else _("It was taken out of the course."),
        ),
        *_also(round, extras, asked),
    )


def rest_page(report: Report, entries: Sequence[Entry], number: int) -> Message:
    """A page of answers in the thread: anonymous, except for those who agreed."""
    first = note(_("What you wrote, without names but where you agreed.")) if number == 1 else None
    if report.by_author:
        return message(first, *(block for entry in entries for block in _of_author(report, entry)))
    said = [(q, _signed(report, entry.answer, text)) for entry in entries for q, text in entry.said]
    return message(first, *_by_question(report.round, said))


def _heading(round: Round) -> str:
    """Prompts of one week have different headings."""
    if usual_week(round.title) is not None:
        return _("Week {week}: the week together", week=round.week)
    return round.name


def _by_question(round: Round, said: Sequence[tuple[Question, Quote]]) -> list[Block]:
    """Each quote below its question."""
    found: list[Block] = []
    for question in round.questions:
        if quoted := [text for q, text in said if q.id == question.id]:
            found += [paragraph(Bold(shorten(question.text, 120))), *quoted]
    return found


def _of_author(report: Report, entry: Entry) -> list[Block]:
    """All that one author wrote, below their name if they agreed."""
    name = report.names.get(entry.answer.person, "") or _("Without a name")
    lines = [part for q, text in entry.said for part in (Italic(shorten(q.text, 80)), "\n", text, "\n")]
    return [paragraph(Bold(name)), quote(*lines[:-1])]


def _signed(report: Report, answer: Answer, text: str) -> Quote:
    name = report.names.get(answer.person, "")
    return quote(text, " — ", Italic(name)) if name else quote(text)


def _also(round: Round, extras: Sequence[Extra], asked: bool) -> list[Block | None]:
    """What other features show in it, and the buttons."""
    lines = [paragraph(*extra.text) for extra in extras]
    return [*lines, buttons(answer_button(round) if asked else None, *(extra.button for extra in extras))]
