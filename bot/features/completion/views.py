"""What completion says."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.codes import grouped
from bot.core.message import (
    Block,
    Bold,
    Button,
    Code,
    Document,
    Instant,
    Message,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    shorten,
)
from bot.core.people import Cohort
from bot.course.loader import course_of
from bot.features.completion import certificate as paper
from bot.features.completion.border import Certificate, Part, Progress, Round, Standing
from bot.features.completion.rules import can_hand_in

SHOWN = 25
"""Names in one list; the file has the rest."""

WITH_BUTTONS = 3


def count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def progress(found: Progress) -> str:
    """'1 of 2 essential milestones, 3 of 4 wrap-ups'."""
    kind = "essential milestone" if found.essential else "milestone"
    parts = [(found.milestones, kind), (found.wrapups, "wrap-up")]
    return ", ".join(f"{p.done} of {count(p.needed, thing)}" for p, thing in parts if p.needed)


def line(found: Progress) -> Text:
    """For one's own page."""
    return (f"Progress: {progress(found)}" + (". You have all that it takes" if found.complete else ""),)


def completed_line(found: Certificate) -> Text:
    """For one's own page, in place of the progress."""
    return ("You have completed the course. Your certificate's code is ", Code(grouped(found.code)), ".")


def certificate_button(cohort: Cohort) -> Button:
    return Button("My certificate", Action("completion", "mine", cohort.id).encode())


def certificate(found: Certificate) -> Message:
    """One's own, as an answer."""
    return message(*_paper(found))


# The final card


def final(cohort: Cohort, one: Standing, now: datetime) -> Message:
    """A learner's final card. It speaks of nobody else. In a cohort that has ended it offers nothing more to do."""
    if one.certificate is not None:
        return _completed(cohort, one, one.certificate)
    course, name = course_of(cohort.course_text), one.person.name
    if not one.progress.asks:
        return message(
            heading(f"{course.title} is over"),
            paragraph(f"Thank you for having been here, {name}."),
            _done(cohort, one),
            note("Nothing more comes from this course. What you wrote is kept."),
        )
    return message(
        heading(f"{course.title} is over"),
        paragraph(f"Thank you for having been here, {name}. You have {progress(one.progress)}."),
        *(_missing_after_end(cohort, one) if cohort.ended_at else _missing(cohort, one, now)),
    )


def _completed(cohort: Cohort, one: Standing, found: Certificate) -> Message:
    return message(
        heading(f"You have completed {found.course}"),
        paragraph(f"Well done, {one.person.name}, and thank you for having been here."),
        _done(cohort, one),
        *_paper(found),
    )


def _paper(found: Certificate) -> tuple[Block, ...]:
    return (
        paragraph(
            "Your certificate is the file below: open it, and print it. Its code is ", Code(grouped(found.code)), "."
        ),
        note("Whoever wants to check it writes ", Code(f"/cohort certificate {grouped(found.code)}"), " to me."),
        Document("certificate.html", paper.page(found)),
    )


def _done(cohort: Cohort, one: Standing) -> Block | None:
    """What somebody did, in the order of the course."""
    course = course_of(cohort.course_text)
    work: list[Text] = [("Milestone: ", m.title) for m in course.milestones if m.id in one.record.work]
    answered = len(one.record.answered)
    return bullets(*work, *([(f"Answered: {count(answered, 'wrap-up')}",)] if answered else []))


def _missing(cohort: Cohort, one: Standing, now: datetime) -> list[Block | None]:
    course, found = course_of(cohort.course_text), one.progress
    windows = one.record.windows
    late = [m for m in course.milestones if m.id in found.missing and can_hand_in(windows.get(m.id), now)]
    titles = {m.id: m.title for m in course.milestones}
    items: list[Text] = []
    for id in found.missing:
        window = windows.get(id)
        if not can_hand_in(window, now):
            items.append((Bold(titles[id]), ": its time is over"))
        elif window is not None and window.closes_at is not None:
            which = "counts" if window.due_at > now else "late work counts"
            items.append((Bold(titles[id]), f": {which} until ", Instant(window.closes_at)))
        else:
            items.append((Bold(titles[id]), ": late work counts"))
    if found.unanswered:
        items.append((f"{more(found.wrapups, 'wrap-up')}: late answers count, from {_weeks(found.unanswered)}",))
    few = found.milestones.needed - found.milestones.done
    fewer = f" Of the milestones, {few} of these will do." if 0 < few < len(found.missing) else ""
    controls = [
        Button(shorten(f"Hand in: {m.title}", 60), Action("milestones", "open", cohort.id, m.id).encode())
        for m in late[:WITH_BUTTONS]
    ]
    controls += [
        Button(f"Answer week {r.week}", Action("wrapups", "answer", cohort.id, str(r.id)).encode())
        for r in found.unanswered[: WITH_BUTTONS - 1]
    ]
    can = bool(controls)
    return [
        paragraph(f"To complete the course, this is still missing.{fewer}"),
        bullets(*items),
        note("When it is there, this message becomes your certificate.")
        if can
        else note("What you did is kept. A question about it? Ask your instructors."),
        buttons(*controls),
    ]


def _missing_after_end(cohort: Cohort, one: Standing) -> list[Block | None]:
    return [
        _done(cohort, one),
        note("The cohort has ended, so nothing more can be handed in. What you did is kept. All the best!"),
    ]


def more(part: Part, thing: str) -> str:
    number = part.needed - part.done
    return f"{number} more {thing}" + ("" if number == 1 else "s")


def _weeks(rounds: Sequence[Round]) -> str:
    weeks = [str(w) for w in dict.fromkeys(r.week for r in rounds)]
    if len(weeks) == 1:
        return f"week {weeks[0]}"
    return f"week {', '.join(weeks[:-1])} or {weeks[-1]}"


# The certificate


def genuine(found: Certificate) -> Message:
    return message(
        paragraph("This certificate is genuine."),
        paragraph(Bold(found.name), " completed ", Bold(found.course), "."),
        note(
            f"The course ran from {paper.span(found.started_on, found.ended_on)}. "
            f"Issued on {paper.day(found.issued_at.date())}."
        ),
    )


# For the course team


def completion_list(cohort: Cohort, found: Sequence[Standing], active: frozenset[int], document: Document) -> Message:
    """Who has completed, and what the others miss; counted over those who were active at the end, beside all."""
    completed = [s for s in found if s.completed]
    others = [s for s in found if not s.completed]
    heard = sum(s.person.id in active for s in completed)
    rest: list[Text] = [
        (Bold(s.person.name), f": {_lacks(cohort, s)}" + ("" if s.person.id in active else " (not heard at the end)"))
        for s in others
    ]
    return message(
        heading(f"Completion of {cohort.title}"),
        paragraph(
            f"{heard} of {len(active)} active have completed it; {len(completed)} of {count(len(found), 'learner')} "
            "in all. Active: heard in the last two weeks of the course."
        ),
        paragraph("Completed:") if completed else None,
        bullets(*_some([(s.person.name,) for s in completed])),
        paragraph("Not yet:") if others else None,
        bullets(*_some(rest)),
        note("Only the course team sees this. Each learner sees their own progress with /cohort."),
        document,
    )


def _some(lines: Sequence[Text]) -> list[Text]:
    over = len(lines) - SHOWN
    return [*lines[:SHOWN], *([(f"and {over} more: see the file",)] if over > 0 else [])]


def _lacks(cohort: Cohort, one: Standing) -> str:
    course, found = course_of(cohort.course_text), one.progress
    if not found.asks:
        return "the course asks for nothing"
    titles = {m.id: m.title for m in course.milestones}
    lacking = []
    if found.missing:
        few = found.milestones.needed - found.milestones.done
        named = ", ".join(f"“{shorten(titles[m], 60)}”" for m in found.missing)
        lacking.append(named if few >= len(found.missing) else f"{few} of {named}")
    if found.unanswered or not found.wrapups.complete:
        lacking.append(more(found.wrapups, "wrap-up"))
    return "; ".join(lacking) or "nothing"


# The end of a cohort


def sure_to_close(cohort: Cohort, cards: int, certificates: int, begun: bool) -> Message:
    """What ending it will do."""
    if begun:
        whose = (
            f"{count(cards, 'learner')} {'gets' if cards == 1 else 'get'} the final card now"
            if cards
            else ("Nobody gets a message")
        )
        first = f"{whose}; {count(certificates, 'new certificate')}." if certificates else f"{whose}."
    else:
        first = "Nobody gets a message: the course has not begun."
    return message(
        heading(f"End {cohort.title}?"),
        bullets(
            first,
            "Then all its messages stop, and its buttons and commands say that it has ended.",
            "What was said stays where it is, to be read.",
            "You get the archive: the completion list, the run's FAQ, and the course file for the next run with what "
            "this one taught.",
        ),
        note("An end cannot be taken back."),
        buttons(Button("End the cohort", Action("completion", "close_now", cohort.id).encode(), "danger")),
    )


def closed(cohort: Cohort, cards: int) -> Message:
    told = f" {count(cards, 'learner')} {'gets' if cards == 1 else 'get'} the final card." if cards else ""
    return message(
        paragraph(f"{cohort.title} has ended.{told} Nobody hears from it after that; everything said is kept."),
        paragraph("Its archive is in our direct messages."),
    )


def archive(cohort: Cohort, documents: Sequence[Document]) -> Message:
    return message(
        heading(f"The archive of {cohort.title}"),
        bullets(
            ("completion.csv: who has completed the course",),
            ("faq.md: what was asked and answered in this run",),
            (f"{documents[-1].name}: the course file for the next run. Its comments say what this run taught.",),
        ),
        note("It names people in the first file alone. Whoever runs Pacekeeper can write these files again."),
        *documents,
    )
