"""What milestones say to learners."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.forms import ChoiceField, Field, Form, TextField, UploadField
from bot.core.message import (
    Attachment,
    Bold,
    Button,
    Code,
    Inline,
    Instant,
    Link,
    Message,
    Option,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
    with_code,
)
from bot.core.time import say
from bot.core.timetable import DAY
from bot.course.model import Milestone
from bot.features.milestones.rules import is_late
from bot.features.milestones.store import Submission, Window

LONGEST = 3000
"""Maximum characters of a text or a link; a longer text is sent as a link."""


def action(name: str, cohort: int, subject: str = "") -> str:
    return Action("milestones", name, cohort, subject).encode()


def hand_in_button(cohort: int, milestone: str, label: str = "Hand in") -> Button:
    return Button(label, action("open", cohort, milestone), "primary" if label == "Hand in" else "plain")


def shift_button(cohort: int) -> Button:
    return Button("Move my dates", action("shift", cohort))


def ask_button(cohort: int) -> Button:
    return Button("Ask", Action("command", "ask", cohort).encode())


# Handing in


def form(cohort: int, found: Sequence[tuple[Milestone, Window]], before: Submission | None, now: datetime) -> Form:
    """For one milestone, or with a choice of several."""
    shown: list[Field] = []
    milestone, window = found[0]
    if len(found) > 1:
        options = tuple(Option(m.id, shorten(m.title, 70)) for m, _ in found)
        shown.append(ChoiceField("milestone", "What do you hand in?", options, value=milestone.id))
    shown += [
        TextField("link", "A link to your work", "Your instructors can open it.", required=False, max_length=LONGEST),
        TextField("text", "Or your text", "Your instructors see this.", required=False, long=True, max_length=LONGEST),
        UploadField("file", "Or a file", "Your instructors can save it.", required=False),
    ]
    late = len(found) == 1 and is_late(milestone, window, now)
    intro = "Its date has passed. It is welcome still, and marked late." if late else ""
    title = shorten(milestone.title, 60) if len(found) == 1 else "Hand in"
    subject = milestone.id if len(found) == 1 else ""
    blank = Form(action("hand_in", cohort, subject), title, tuple(shown), "Save" if before else "Hand in", intro)
    if before is None:
        return blank
    return blank.filled({"link": before.link, "text": before.text, "file": str(before.file or "")})


def receipt(cohort: int, name: str, milestone: Milestone, window: Window, work: Submission, now: datetime) -> Message:
    """The card that stands for handed in work: what came when, who sees it, until when it can be changed."""
    edited = work.changed_at > work.first_at
    return message(
        heading(milestone.title),
        paragraph(
            f"Thank you, {name}. Received ",
            Instant(work.first_at),
            ", marked late" if work.late else "",
            ". Edited " if edited else "",
            *((Instant(work.changed_at),) if edited else ()),
            ".",
        ),
        paragraph(Bold("You handed in"), ":"),
        quote(*what(work)),
        attached(work),
        note("Your instructors see it. ", *_until(milestone, window, work, now)),
        buttons(
            hand_in_button(cohort, milestone.id, "Edit") if _open(window, now) else None,
            ask_button(cohort),
            Button("Take it back", action("delete", cohort, str(work.id)), "danger"),
        ),
    )


def _open(window: Window, now: datetime) -> bool:
    return window.closes_at is None or now < window.closes_at


def _until(milestone: Milestone, window: Window, work: Submission, now: datetime) -> Text:
    if is_late(milestone, window, now):
        if not _open(window, now):
            return ("It stands as it is.",)
        if not work.late:
            return ("A change now marks it late.",)
        return (
            ("You can change it until ", Instant(window.closes_at), ".")
            if window.closes_at
            else ("You can change it.",)
        )
    after = "later is welcome, marked late." if milestone.late.accepted else "after that it stands as it is."
    return ("Edit until ", Instant(window.due_at), f" your time; {after}")


def what(work: Submission) -> Text:
    """What was handed in, whole, for a `Quote`."""
    parts: list[Inline] = []
    if work.link:
        parts.append(Link(work.link, work.link))
    if work.text:
        parts += ["\n", work.text] if parts else [work.text]
    if work.file and not parts:
        parts.append("a file")
    return tuple(parts)


def attached(work: Submission) -> Attachment | None:
    """The file that was handed in with it."""
    return Attachment(work.file.name, work.file.file) if work.file else None


def thanks(milestone: Milestone, work: Submission, changed: bool, in_direct: bool) -> Message:
    if not changed:
        return message(paragraph("Nothing was changed; your work stands as it was."))
    late = ", marked late" if work.late else ""
    where = "Its card is your receipt now" if in_direct else "Your receipt is in our direct messages"
    return message(paragraph(f"Thank you. “{shorten(milestone.title, 80)}” is in{late}. {where}."))


def nothing_to_hand_in(
    coming: tuple[Milestone, Window] | None, done: Sequence[Milestone], cohort: int, typed: str
) -> Message:
    opens: tuple[Inline, ...] = ()
    if coming is not None:
        opens = (Bold(coming[0].title), " opens ", Instant(coming[1].opens_at), ".")
    return message(
        paragraph("Nothing waits to be handed in just now. Well done." if done else "There is nothing to hand in now."),
        paragraph(*opens) if opens else None,
        paragraph("What you wrote is not handed in; here it is, to take with you:") if typed else None,
        quote(typed) if typed else None,
        buttons(*(hand_in_button(cohort, m.id, shorten(f"Edit: {m.title}", 60)) for m in done[-3:])),
    )


def not_open(milestone: Milestone, window: Window, cohort: int, now: datetime, may_shift: bool) -> Message:
    if now < window.opens_at:
        return message(paragraph(Bold(milestone.title), " opens ", Instant(window.opens_at), "."))
    return message(
        paragraph(
            Bold(milestone.title), " was due ", Instant(window.due_at), ", and the time for late work is over, too."
        ),
        note("Something came between? Your instructors can give you more time: ask them, privately if you like."),
        buttons(shift_button(cohort) if may_shift else None, ask_button(cohort)),
    )


def over(cohort: str, milestone: Milestone) -> Message:
    return message(
        paragraph(f"{cohort} has ended, and ", Bold(milestone.title), " takes no more work."),
        note("What you did is kept; ", Code("/cohort"), " shows it. A question about it? Write to your instructors."),
    )


def sure_to_delete(cohort: int, milestone: Milestone, work: Submission) -> Message:
    return message(
        paragraph("Take back what you handed in for ", Bold(milestone.title), "? It goes for good, in every version."),
        buttons(Button("Take it back", action("delete_now", cohort, str(work.id)), "danger")),
    )


def taken_back(cohort: int, milestone: Milestone, window: Window, now: datetime) -> Message:
    return message(
        heading(milestone.title),
        paragraph("You took your work back ", Instant(now), ". Nothing of it is kept."),
        buttons(hand_in_button(cohort, milestone.id) if _open(window, now) else None),
    )


def gone() -> Message:
    return message(paragraph("Taken back, in every version. Its card can take new work."))


# One's own dates


def which_to_move(cohort: int, found: Sequence[tuple[Milestone, Window]]) -> Message:
    return message(
        paragraph("Which date shall move?"),
        bullets(*((Bold(m.title), ", due ", Instant(w.due_at)) for m, w in found[:5])),
        buttons(
            *(Button(shorten(m.title, 60), action("shift", cohort, m.id)) for m, _ in found[:5]),
        ),
    )


def shift_form(cohort: int, milestone: Milestone, window: Window, days: Sequence[int], zone: str) -> Form:
    options = tuple(Option(str(n), f"{_days(n)}: {say(window.due_at + n * DAY, zone)}") for n in days)
    field = ChoiceField("days", "Due then", options, f"Now it is due {say(window.due_at, zone)}, your time.")
    return Form(action("shift", cohort, milestone.id), shorten(milestone.title, 60), (field,), "Move it")


def shifted(milestone: Milestone, window: Window, left: int) -> Message:
    more = f" You can move it by {_days(left)} more." if left else ""
    return message(
        paragraph(Bold(milestone.title), " is due ", Instant(window.due_at), " for you now."),
        note(f"Nobody but you and your instructors sees this.{more}"),
    )


def nothing_to_move(cohort: int, by_instructor: bool) -> Message:
    text = (
        "These dates are your instructors' to move. Ask them, privately if you like; they are glad to."
        if by_instructor
        else "None of your dates can be moved just now."
    )
    return message(paragraph(text), buttons(ask_button(cohort)))


def _days(n: int) -> str:
    return "1 day" if n == 1 else f"{n} days"


def moved_line(milestone: Milestone, window: Window, days: int) -> Text:
    """For people who have to know that a date moved."""
    by = f", {_days(days)} later" if days > 0 else ""
    return (Bold(milestone.title), " is due ", Instant(window.due_at), f" your time now{by}.")


def optional_or_late_line(milestone: Milestone, window: Window, now: datetime) -> Text:
    """For work that can be handed in although it is no longer expected."""
    if window.optional:
        return (f"Optional for you: “{shorten(milestone.title, 80)}”",)
    if not is_late(milestone, window, now):
        on_time = Instant(window.due_at + milestone.grace, "time")
        return (f"“{shorten(milestone.title, 80)}” is in time until ", on_time, " still")
    until: Text = (", until ", Instant(window.closes_at)) if window.closes_at else ()
    return (f"“{shorten(milestone.title, 80)}” can still be handed in, marked late", *until)


def wrong_command() -> Message:
    return message(
        paragraph(
            *with_code("Handing in is for learners. `/cohort week` shows what was handed in, and moves dates for them.")
        )
    )


# On the final card, and at the end


def missing_line(milestone: Milestone, taken: Window | None, now: datetime) -> Text:
    """What a learner lacks for completion. `taken`: its dates, if work is still taken."""
    if taken is None:
        return (Bold(milestone.title), ": its time is over")
    if taken.closes_at is None:
        return (Bold(milestone.title), ": late work counts")
    which = "counts" if taken.due_at > now else "late work counts"
    return (Bold(milestone.title), f": {which} until ", Instant(taken.closes_at))


def promise_line(milestone: Milestone, window: Window, own: bool) -> Text:
    """'The page, due Mon 26 Jan, 09:00: taken until Mon 2 Feb, 09:00, by a date of their own'"""
    until: tuple[Inline, ...] = (" until ", Instant(window.closes_at)) if window.closes_at else (", without an end",)
    theirs = (", by a date of their own",) if own else ()
    return (Bold(milestone.title), ", due ", Instant(window.due_at), ": taken", *until, *theirs)
