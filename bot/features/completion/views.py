"""Completion's messages to learners, and to those who check a certificate."""

from collections.abc import Sequence

from bot.core.actions import Action
from bot.core.codes import grouped
from bot.core.message import (
    Block,
    Bold,
    Button,
    Code,
    Document,
    Link,
    Message,
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
from bot.core.people import Cohort
from bot.course.loader import course_of
from bot.features.completion import certificate as paper
from bot.features.completion.store import Certificate, Standing

SHOWN = 25
"""Names in one list; the file has the rest."""


def count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def progress(one: Standing) -> str:
    """'1 of 2 essential milestones, 3 of 4 wrap-ups'."""
    return ", ".join(f"{c.done} of {count(c.needed, c.noun)}" for c in one.credits if c.needed)


def line(one: Standing) -> Text:
    """For one's own page."""
    return (f"Progress: {progress(one)}" + (". You have all that it takes" if one.complete else ""),)


def completed_line(found: Certificate) -> Text:
    """For one's own page, in place of the progress."""
    return ("You have completed the course. Your certificate's code is ", Code(grouped(found.code)), ".")


def certificate_button(cohort: Cohort) -> Button:
    return Button("My certificate", Action("completion", "mine", cohort.id).encode())


def certificate(found: Certificate) -> Message:
    """One's own, as an answer."""
    return message(*_paper(found), _page_button(found))


# The final card


def final(cohort: Cohort, one: Standing) -> Message:
    """A learner's final card. It speaks of nobody else. In a cohort that has ended it offers nothing more to do."""
    if one.certificate is not None:
        return _completed(one, one.certificate)
    course, name = course_of(cohort.course_text), one.person.name
    if not one.asks:
        return message(
            heading(f"{course.title} is over"),
            paragraph(f"Thank you for having been here, {name}."),
            _done(one),
            note("Nothing more comes from this course. What you wrote is kept."),
        )
    return message(
        heading(f"{course.title} is over"),
        paragraph(f"Thank you for having been here, {name}. You have {progress(one)}."),
        *(_missing(cohort, one) if cohort.ended_at is None or one.takes_more else _missing_after_end(cohort, one)),
    )


def _completed(one: Standing, found: Certificate) -> Message:
    return message(
        heading(f"You have completed {found.course}"),
        paragraph(f"Well done, {one.person.name}, and thank you for having been here."),
        _done(one),
        *_paper(found),
        _page_button(found),
    )


def _page_button(found: Certificate) -> Block | None:
    return buttons(Button("Show it to others", Action("completion", "page", found.cohort).encode()))


def _paper(found: Certificate) -> tuple[Block, ...]:
    return (
        paragraph(
            "Your certificate is the file below: open it, and print it. Its code is ", Code(grouped(found.code)), "."
        ),
        note("Whoever wants to check it writes ", Code(f"/cohort certificate {grouped(found.code)}"), " to me."),
        Document("certificate.html", paper.page(found)),
    )


def _done(one: Standing) -> Block | None:
    """What somebody did, in the order of the course."""
    return bullets(*(text for c in one.credits for text in c.did))


def _missing(cohort: Cohort, one: Standing) -> list[Block | None]:
    controls = [button for c in one.credits for button in c.buttons]
    over = "The cohort has ended; what you were promised is still taken. " if cohort.ended_at else ""
    if not controls:
        hint = "What you did is kept. A question about it? Ask your instructors."
    elif one.can_complete:
        hint = f"{over}When it is there, this message becomes your certificate."
    else:
        hint = f"{over}It does not suffice for the certificate any more; what you hand in is kept."
    return [
        paragraph(f"To complete the course, this is still missing.{''.join(c.choice for c in one.credits)}"),
        bullets(*(text for c in one.credits for text in c.missing)),
        note(hint),
        buttons(*controls),
    ]


def _missing_after_end(cohort: Cohort, one: Standing) -> list[Block | None]:
    return [
        _done(one),
        note(
            "Your course team has ended the cohort, and takes no more work; what was said about late work holds no "
            "longer. We are sorry if you were still at it; write to your instructors. What you did is kept."
            if cohort.cut_short
            else "The cohort has ended, so nothing more can be handed in. What you did is kept. All the best!"
        ),
    ]


def cut_short(cohort: Cohort, name: str) -> Message:
    """For a learner to whom more time had been promised; sent once."""
    return message(
        heading(f"{cohort.title} has ended"),
        paragraph(
            f"Hello {name}. Your course team has ended it now, and takes no more work, although you had been told that "
            "some still counts. We are sorry if you were still at it."
        ),
        note("What you did is kept: ", Code("/cohort"), " shows it. A question about it? Write to your instructors."),
    )


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


def unknown() -> Message:
    text = "No certificate from here has this code. Compare it letter by letter; it has twelve, without I, L, O, 0, 1."
    return message(paragraph(text))


# Its page


def ask_page(found: Certificate) -> Message:
    """What would be on the page; nothing is shown before they agree."""
    return message(
        paragraph("I can make a page of your certificate, for an employer, say. This will be on it, and nothing else:"),
        bullets(
            (Bold(found.name),),
            (f"completed {found.course}",),
            (f"The course ran from {paper.span(found.started_on, found.ended_on)}",),
            (f"Issued on {paper.day(found.issued_at.date())}, with the code {grouped(found.code)}",),
        ),
        note(
            "Whoever has its address can read it, without signing in; search engines do not list it. You can take it "
            "away at any time."
        ),
        buttons(Button("Make the page", Action("completion", "show", found.cohort).encode(), "primary")),
    )


def shown(found: Certificate, address: str) -> Message:
    return message(
        paragraph("Your certificate has a page: ", Link(address, address)),
        note("Pass the address on to whomever you like. With the button the page is gone at once."),
        buttons(Button("Take the page away", Action("completion", "hide", found.cohort).encode(), "danger")),
    )


def hidden() -> Message:
    return message(
        paragraph("The page is gone; its address says nothing any more."),
        note("Your certificate stays yours: ", Code("/cohort certificate"), " shows it."),
    )


def as_text(found: Certificate) -> Message:
    """For where no pages are served."""
    code = grouped(found.code)
    return message(
        paragraph("No pages are served here, so pass on this text, or the file:"),
        quote(
            f"{found.name} completed {found.course}, which ran from {paper.span(found.started_on, found.ended_on)}. "
            f"Issued on {paper.day(found.issued_at.date())}. Code: {code}"
        ),
        note("Whoever is in this chat can check it: ", Code(f"/cohort certificate {code}")),
        Document("certificate.html", paper.page(found)),
    )


def public(found: Certificate) -> Message:
    """The page, which everybody with its address can read."""
    return message(
        heading(found.name),
        paragraph("completed the course"),
        paragraph(Bold(found.course)),
        fields(
            ("The course ran", paper.span(found.started_on, found.ended_on)),
            ("Issued", paper.day(found.issued_at.date())),
            ("Code", Code(grouped(found.code))),
        ),
        note("This certificate is genuine: the course's own bot serves this page, with the consent of its owner."),
    )


def several(found: Sequence[Certificate]) -> Message:
    return message(
        paragraph("You have several certificates. Which one?"),
        buttons(*(Button(shorten(c.course, 60), Action("completion", "mine", c.cohort).encode()) for c in found[:5])),
    )


def none_yet() -> Message:
    return message(
        paragraph("You have no certificate yet. ", Code("/cohort"), " shows what is still missing for it."),
        note("To check somebody else's: ", Code("/cohort certificate CODE")),
    )


# Afterwards


def stands_button(cohort: Cohort) -> Button:
    return Button("What I did", Action("completion", "stands", cohort.id).encode())
