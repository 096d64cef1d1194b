"""What the digests say."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.actions import LIMIT, Action
from bot.core.forms import Form, TextField
from bot.core.message import (
    Block,
    Bold,
    Button,
    Code,
    Instant,
    Italic,
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
from bot.core.people import Cohort, Person
from bot.core.time import say_span
from bot.core.typed import excerpt
from bot.features.digests.rules import minutes_of_work, wants_a_look
from bot.features.digests.store import Desk, FaqWeek, Overview, OwnWrapup, ToReview, Waiting

SHOWN = 5
"""Questions on a desk; the queue has the rest."""

ENDED = 3
"""Cohorts that have ended, in one message."""

WITH_BUTTONS = 2
"""Questions that get their own buttons: more rows would not fit a phone."""


def _at(feature: str, name: str, cohort: int, subject: str = "") -> str:
    return Action(feature, name, cohort, subject).encode()


def desk(desks: Sequence[Desk], day: str, now: datetime) -> Message:
    """What waits, with its age. Several cohorts stand below one another."""
    full = [d for d in desks if not d.is_empty]
    minutes = sum(minutes_of_work(d) for d in full)
    about = f": about {minutes} min" if minutes else ""
    blocks: list[Block | None] = [heading(f"Your desk, {day}{about}")]
    for one in full:
        if len(desks) > 1:
            blocks.append(paragraph(Bold(one.cohort.title)))
        blocks += _desk(one, now)
    if not full:
        blocks.append(paragraph("Nothing waits for you. Well done."))
    for cohort in (d.cohort for d in desks if d.cohort.ended_at is not None):
        blocks += _ended(cohort)
    return message(*blocks)


def _ended(cohort: Cohort) -> list[Block | None]:
    """Where the work of a cohort that has ended is read."""
    assert cohort.ended_at is not None
    return [
        paragraph(Bold(cohort.title), " ended ", Instant(cohort.ended_at, "date"), ". What came in, late work too:"),
        buttons(
            Button("Milestones", _at("milestones", "funnel", cohort.id)),
            Button("Wrap-ups", _at("wrapups", "answers", cohort.id)),
            Button("Completion", _at("completion", "list", cohort.id)),
        ),
    ]


def came_late(cohort: Cohort) -> Text:
    """To the course team of a cohort that has ended."""
    return (f"Late work came in for {cohort.title}, which has ended; ", Code("/cohort"), " leads to it.")


def _desk(one: Desk, now: datetime) -> list[Block | None]:
    cohort = one.cohort.id
    blocks: list[Block | None] = []
    if one.waiting:
        waits = "1 question waits" if one.waiting_in_all == 1 else f"{one.waiting_in_all} questions wait"
        late = f", {one.late} of them for over {one.promised} h" if one.late else ""
        blocks.append(paragraph(f"{waits}{late}:"))
        for n, w in enumerate(one.waiting, 1):
            number, which = ("", "") if len(one.waiting) == 1 else (f"{n}. ", f" ({n})")
            known = one.known.get(w.id)
            blocks.append(quote(Bold(number), excerpt(w.text, 140)) if number else quote(excerpt(w.text, 140)))
            blocks.append(note(_how_long(w, one, now)))
            if known is not None:
                title = shorten(known.question.partition("\n")[0], 80)
                blocks.append(note(f"Like FAQ {known.entry}: ", Italic(title)))
            if n > WITH_BUTTONS:
                continue
            send = (
                Button(f"Send it{which}", _at("questions", "send", cohort, f"{w.id}.{known.entry}")) if known else None
            )
            take = Button(f"I take it{which}", _at("questions", "take", cohort, str(w.id)))
            look = Button(f"Look{which}", _at("questions", "open", cohort, str(w.id)))
            blocks.append(buttons(send, look, take if w.taken_by is None else None))
        if one.waiting_in_all > WITH_BUTTONS:
            blocks.append(buttons(Button("All that wait", _at("questions", "queue", cohort))))
    if one.notes:
        many = "1 note was" if len(one.notes) == 1 else f"{len(one.notes)} notes were"
        blocks.append(paragraph(f"{many} written to the course team alone:"))
    for n, w in enumerate(one.notes, 1):
        which = "" if len(one.notes) == 1 else f" (note {n})"
        blocks += [quote(excerpt(w.text, 300)), note(_how_long(w, one, now))]
        reply = Button(f"Reply{which}", _at("questions", "reply", cohort, str(w.id)))
        blocks.append(buttons(reply, Button(f"Mark as read{which}", _at("questions", "seen", cohort, str(w.id)))))
    if one.to_review.number:
        blocks.append(paragraph(f"{_to_review(one.to_review)} for a yes or no."))
        week = Button("The FAQ this week", _at("digests", "faq", cohort)) if one.faq.is_empty else None
        blocks.append(buttons(Button("Review the FAQ", _at("faq", "review", cohort)), week))
    if not one.faq.is_empty:
        blocks += _faq_week(one.faq, cohort)
    if kept := promise_kept(one.in_time, one.asked, one.promised):
        blocks.append(note(kept))
    if one.week is not None:
        blocks += _own_wrapup(one.week, cohort)
    return blocks


def _how_long(w: Waiting, one: Desk, now: datetime) -> str:
    """'waits 31 h, Mia, 1 reply; Leo has it'."""
    wait = now - w.asked_at
    parts = ["just asked" if wait < timedelta(minutes=1) else f"waits {say_span(wait)}"]
    parts.append(one.names[w.asker] if w.asker is not None else "without a name")
    if w.replies:
        parts.append(f"{w.replies} {'reply' if w.replies == 1 else 'replies'}")
    return ", ".join(parts) + (f"; {one.names[w.taken_by]} has it" if w.taken_by is not None else "")


def _faq_week(faq: FaqWeek, cohort: int) -> list[Block | None]:
    """The week of the FAQ: what is new, what was asked most, what was corrected, what was searched in vain."""
    new = [f"{faq.approved} approved"] if faq.approved else []
    new += [f"{faq.drafted} {'draft' if faq.drafted == 1 else 'drafts'}"] if faq.drafted else []
    lines: list[Text] = [("New: ", ", ".join(new))] if new else []
    for topic in faq.asked_most:
        where = "a draft" if topic.draft else f"FAQ {topic.id}"
        lines.append((f"Asked by {topic.askers}: ", Italic(shorten(topic.title, 80)), f", {where}"))
    for entry, title, what in faq.corrected:
        lines.append((f"FAQ {entry}, ", Italic(shorten(title, 80)), f": {what}"))
    for words, people in faq.missed:
        lines.append(("Searched and not found: ", Italic(shorten(words, 80)), f", by {people} people"))
    writes = [Button(f"Answer: {shorten(w, 30)}", _write(cohort, w)) for w, _ in faq.missed[:WITH_BUTTONS]]
    return [paragraph(Bold("The FAQ, the last seven days")), bullets(*lines), buttons(*writes)]


def _write(cohort: int, words: str) -> str:
    """The form of a new entry, beginning with these words as far as a button can carry them."""
    room = LIMIT - len(_at("faq", "write", cohort))
    return _at("faq", "write", cohort, shorten(words, room))


def faq_week(faq: FaqWeek, to_review: ToReview, kept: str, cohort: int) -> Message:
    """The same by itself, with how the promise was kept."""
    if faq.is_empty and not to_review.number:
        return message(paragraph("Nothing happened to the FAQ in the last seven days."), note(kept) if kept else None)
    return message(
        *_faq_week(faq, cohort),
        paragraph(f"{_to_review(to_review)} for a yes or no.") if to_review.number else None,
        note(kept) if kept else None,
        buttons(Button("Review the FAQ", _at("faq", "review", cohort)) if to_review.number else None),
    )


def promise_kept(in_time: int, asked: int, hours: int) -> str:
    """'17 of 19 answered within 24 h this week.'"""
    if not asked:
        return ""
    return f"{in_time} of {asked} answered within {hours} h this week.{' Well done.' if in_time == asked else ''}"


def _to_review(faq: ToReview) -> str:
    """'2 FAQ drafts, 1 entry to look at again and 12 to verify wait'."""
    kinds = []
    if faq.drafts:
        kinds.append("1 FAQ draft" if faq.drafts == 1 else f"{faq.drafts} FAQ drafts")
    if faq.flagged:
        kinds.append("1 entry that changed" if faq.flagged == 1 else f"{faq.flagged} entries that changed")
    if faq.unverified:
        kinds.append("1 entry to verify" if faq.unverified == 1 else f"{faq.unverified} entries to verify")
    listed = ", ".join(kinds[:-1]) + " and " + kinds[-1] if len(kinds) > 1 else kinds[0]
    return f"{listed} {'waits' if faq.number == 1 else 'wait'}"


def _own_wrapup(week: OwnWrapup, cohort: int) -> list[Block | None]:
    """The outline of a short video: what was common, what was good, what is next."""
    questions: list[Text] = [(shorten(c.text, 120),) for c in week.common]
    answers: list[Text] = [(Bold(shorten(a.question, 60)), " ", shorten(a.answer, 160)) for a in week.answers]
    return [
        paragraph(Bold(f"Your own wrap-up of week {week.number}"), ", two or three minutes to record:"),
        paragraph("Common this week:") if questions else None,
        bullets(*questions, numbered=True),
        paragraph("Good answers:") if answers else None,
        bullets(*answers),
        paragraph("Next: ", week.next) if week.next else None,
        buttons(Button("Add recording link", _at("digests", "recording", cohort, str(week.number)))),
    ]


def desk_button(cohort: int) -> Button:
    return Button("Your desk", _at("digests", "desk", cohort))


def recording_form(cohort: int, week: int, url: str) -> Form:
    field = TextField(
        "url",
        "Link to the recording",
        "Starts with https://. The cohort sees it in 'the week together'.",
        max_length=500,
        value=url,
    )
    return Form(_at("digests", "recording", cohort, str(week)), f"Your wrap-up of week {week}", (field,), "Add it")


def overview(cohorts: Sequence[Overview], may_end: bool, ended: Sequence[Cohort] = ()) -> Message:
    """All cohorts of a manager in one message: those that want a look first.

    `may_end`: with a button that ends a cohort. It stands where it was asked for, not in the weekly message.
    """
    past: list[Block | None] = []
    for cohort in ended:
        past += _overview_of_ended(cohort)
    if not cohorts:
        return message(paragraph("You manage no cohort that runs.") if not ended else None, *past)
    ordered = sorted(cohorts, key=lambda o: not wants_a_look(o))
    look = sum(wants_a_look(o) for o in ordered)
    well = len(ordered) - look
    if len(ordered) == 1:
        title = f"{ordered[0].cohort.title}: {'would like a look' if look else 'all is well'}"
    else:
        title = f"Your {len(ordered)} cohorts: {well} well, {look} would like a look"
    blocks: list[Block | None] = [heading(title)]
    for one in ordered:
        blocks += _overview(one, len(ordered) > 1, may_end)
    return message(*blocks, *past)


def _overview_of_ended(cohort: Cohort) -> list[Block | None]:
    assert cohort.ended_at is not None
    return [
        paragraph(Bold(cohort.title), ": ended ", Instant(cohort.ended_at, "date"), "."),
        buttons(
            Button("What came in", _at("digests", "desk", cohort.id)),
            Button("Completion", _at("completion", "list", cohort.id)),
            Button("Its files", _at("completion", "files", cohort.id)),
        ),
    ]


def _overview(one: Overview, named: bool, may_end: bool) -> list[Block | None]:
    change = one.active - one.active_before
    rounds = ""
    if one.round_week is not None and one.round_active:
        share = round(100 * one.round_answered / one.round_active)
        rounds = (
            f"; week {one.round_week} wrap-ups {one.round_answered} of {one.round_active} active that week ({share} %)"
        )
    changed = f" ({change:+d})" if change else ""
    answers = f"{one.asked or 'none'} asked"
    if one.median_minutes is not None:
        answers += f", first answer after {_minutes(one.median_minutes)} (median)"
    entries = f". FAQ {one.approved:+d}" if one.approved else ""
    where = "not started" if one.week < 1 else f"week {min(one.week, one.weeks)} of {one.weeks}"
    cohort = one.cohort.id
    return [
        paragraph(Bold(one.cohort.title)) if named else None,
        bullets(
            (f"{where.capitalize()}: {one.active} of {one.learners} active{changed}{rounds}",),
            (f"Questions: {answers}; {one.overdue or 'none'} waiting too long{entries}",),
            (f"{len(one.quiet)} quiet for two weeks (names for you alone)",) if one.quiet else ("Nobody fell quiet",),
        ),
        buttons(
            Button("Who is quiet", _at("digests", "quiet", cohort)) if one.quiet else None,
            Button("What waits", _at("digests", "desk", cohort)),
            Button("Completion", _at("completion", "list", cohort)) if one.week >= one.weeks else None,
            Button("End this cohort", _at("completion", "close", cohort), "danger") if may_end else None,
        ),
    ]


def _minutes(minutes: int) -> str:
    if minutes < 1:
        return "less than a minute"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def quiet(people: Sequence[Person], title: str) -> Message:
    """For a manager alone."""
    return message(
        paragraph(f"Quiet for two weeks in {title}:"),
        bullets(*((p.name,) for p in people)) or paragraph("Nobody."),
        note("Only you see this. A short private word works better than a reminder."),
    )
