"""Completion's messages to learners, and to people who check a certificate."""

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
from bot.core.time import say_day
from bot.core.translation import _, phrase
from bot.course.loader import course_of
from bot.features.completion import certificate as paper
from bot.features.completion.store import Certificate, Standing

SHOWN = 25
"""Names in one list; the file has the others."""


def progress(one: Standing) -> str:
    """'1 of 2 essential milestones, 3 of 4 wrap-ups'."""
    return ", ".join(_("{done} of {needs}", done=c.done, needs=c.needs) for c in one.credits if c.needed)


def line(one: Standing) -> Text:
    """The progress on one's own page."""
    if one.complete and any(c.may_grow for c in one.credits):
        return (_("Progress: {progress}. You have all that it takes for now", progress=progress(one)),)
    if one.complete:
        return (_("Progress: {progress}. You have all that it takes", progress=progress(one)),)
    return (_("Progress: {progress}", progress=progress(one)),)


def completed_line(found: Certificate) -> Text:
    """Replaces the progress on one's own page."""
    return phrase(
        "You have completed the course. Your certificate's code is {command}.", command=Code(grouped(found.code))
    )


def certificate_button(cohort: Cohort) -> Button:
    return Button(_("My certificate"), Action("completion", "mine", cohort.id).encode())


def certificate(found: Certificate) -> Message:
    """One's own certificate, as an answer."""
    return message(*_paper(found), _page_button(found))


# The final card


def final(cohort: Cohort, one: Standing) -> Message:
    """A learner's final card. It mentions nobody else. In an ended cohort it offers nothing more to do."""
    if one.certificate is not None:
        return _completed(one, one.certificate)
    course, name = course_of(cohort.course_text), one.person.greeted
    if not one.asks:
        return message(
            heading(_("{title} is over", title=course.title)),
            paragraph(_thanks(name)),
            _done(one),
            note(_("Nothing more comes from this course. What you wrote is kept.")),
        )
    return message(
        heading(_("{title} is over", title=course.title)),
        paragraph(_thanks(name), " ", _("You have {progress}.", progress=progress(one))),
        *(_missing(cohort, one) if cohort.ended_at is None or one.takes_more else _missing_after_end(cohort, one)),
    )


def _thanks(name: str) -> str:
    if name:
        return _("Thank you for having been here, {name}.", name=name)
    return _("Thank you for having been here.")


def _completed(one: Standing, found: Certificate) -> Message:
    return message(
        heading(_("You have completed {course}", course=found.course)),
        paragraph(
            _("Well done, {name}, and thank you for having been here.", name=name)
            if (name := one.person.greeted)
            else _("Well done, and thank you for having been here.")
        ),
        _done(one),
        *_paper(found),
        _page_button(found),
    )


def _page_button(found: Certificate) -> Block | None:
    return buttons(Button(_("Show it to others"), Action("completion", "page", found.cohort).encode()))


def _paper(found: Certificate) -> tuple[Block, ...]:
    return (
        paragraph(
            *phrase(
                "Your certificate is the file below: open it, and print it. Its code is {command}.",
                command=Code(grouped(found.code)),
            )
        ),
        note(
            *phrase(
                "Whoever wants to check it writes {command} to me.",
                command=Code(_("/cohort certificate {grouped}", grouped=grouped(found.code))),
            ),
        ),
        Document("certificate.html", paper.page(found)),
    )


def _done(one: Standing) -> Block | None:
    """What somebody did, in the order of the course."""
    return bullets(*(text for c in one.credits for text in c.words().did))


def _missing(cohort: Cohort, one: Standing) -> list[Block | None]:
    words = [c.words() for c in one.credits]
    controls = [button for said in words for button in said.buttons]
    choices = [said.choice for said in words if said.choice]
    over = _("The cohort has ended; what you were promised is still taken.") + " " if cohort.ended_at else ""
    if not controls:
        hint = _("What you did is kept. A question about it? Ask your instructors.")
    elif one.can_complete and any(c.may_grow for c in one.credits):
        hint = _("{over}When it is there, this becomes your certificate, or says what else is asked.", over=over)
    elif one.can_complete:
        hint = _("{over}When it is there, this message becomes your certificate.", over=over)
    else:
        hint = _("{over}It does not suffice for the certificate any more; what you hand in is kept.", over=over)
    return [
        paragraph(" ".join([_("To complete the course, this is still missing."), *choices])),
        bullets(*(text for said in words for text in said.missing)),
        note(hint),
        buttons(*controls),
    ]


def _missing_after_end(cohort: Cohort, one: Standing) -> list[Block | None]:
    return [
        _done(one),
        note(
            _(
                "Your course team has ended the cohort, and takes no more work; what was said about late work "
                "holds no longer. We are sorry if you were still at it; write to your instructors. What you did "
                "is kept.",
            )
            if cohort.cut_short
            else _("The cohort has ended, so nothing more can be handed in. What you did is kept. All the best!")
        ),
    ]


def cut_short(cohort: Cohort) -> Text:
    """For a learner to whom more time had been promised."""
    return phrase(
        "Your course team has ended {title} and takes no more work, although you had been told that some still counts. "
        "We are sorry if you were still at it. What you did is kept: {command} shows it. A question about it? Write to "
        "your instructors.",
        title=Bold(cohort.title),
        command=Code("/cohort"),
    )


# The certificate


def genuine(found: Certificate) -> Message:
    return message(
        paragraph(_("This certificate is genuine.")),
        paragraph(*phrase("{name} completed {what}.", name=Bold(found.name), what=Bold(found.course))),
        note(
            _(
                "The course ran from {span}. Issued on {day}.",
                span=paper.span(found.started_on, found.ended_on),
                day=say_day(found.issued_at, "long"),
            )
        ),
    )


def unknown() -> Message:
    text = _(
        "No certificate from here has this code. Compare it letter by letter; it has twelve, without I, L, O, 0, 1.",
    )
    return message(paragraph(text))


# Its page


def ask_page(found: Certificate) -> Message:
    """A preview of the page; nothing is published before they agree."""
    return message(
        paragraph(
            _(
                "I can make a page of your certificate, for an employer, say. This will be on it, and nothing else:",
            )
        ),
        bullets(
            (Bold(found.name),),
            (_("completed {course}", course=found.course),),
            (_("The course ran from {span}", span=paper.span(found.started_on, found.ended_on)),),
            (
                _(
                    "Issued on {day}, with the code {grouped}",
                    day=say_day(found.issued_at, "long"),
                    grouped=grouped(found.code),
                ),
            ),
        ),
        note(
            _(
                "Whoever has its address can read it, without signing in; search engines do not list it. You can "
                "take it away at any time.",
            )
        ),
        buttons(Button(_("Make the page"), Action("completion", "show", found.cohort).encode(), "primary")),
    )


def shown(found: Certificate, address: str) -> Message:
    return message(
        paragraph(*phrase("Your certificate has a page: {link}", link=Link(address, address))),
        note(_("Pass the address on to whomever you like. With the button the page is gone at once.")),
        buttons(Button(_("Take the page away"), Action("completion", "hide", found.cohort).encode(), "danger")),
    )


def hidden() -> Message:
    return message(
        paragraph(_("The page is gone; its address says nothing any more.")),
        note(*phrase("Your certificate stays yours: {command} shows it.", command=Code("/cohort certificate"))),
    )


def as_text(found: Certificate) -> Message:
    """For installations that serve no pages."""
    code = grouped(found.code)
    return message(
        paragraph(_("No pages are served here, so pass on this text, or the file:")),
        quote(
            _(
                "{name} completed {course}, which ran from {span}. Issued on {day}. Code: {code}",
                name=found.name,
                course=found.course,
                span=paper.span(found.started_on, found.ended_on),
                day=say_day(found.issued_at, "long"),
                code=code,
            )
        ),
        note(
            *phrase(
                "Whoever is in this chat can check it: {command}",
                command=Code(_("/cohort certificate {code}", code=code)),
            )
        ),
        Document("certificate.html", paper.page(found)),
    )


def public(found: Certificate) -> Message:
    """The page, which anybody with its address can read."""
    return message(
        heading(found.name),
        paragraph(_("completed the course")),
        paragraph(Bold(found.course)),
        fields(
            (_("The course ran"), paper.span(found.started_on, found.ended_on)),
            (_("Issued"), say_day(found.issued_at, "long")),
            (_("Code"), Code(grouped(found.code))),
        ),
        note(
            _(
                "This certificate is genuine: the course's own bot serves this page, with the consent of its owner.",
            )
        ),
    )


def several(found: Sequence[Certificate]) -> Message:
    return message(
        paragraph(_("You have several certificates. Which one?")),
        buttons(*(Button(shorten(c.course, 60), Action("completion", "mine", c.cohort).encode()) for c in found[:5])),
    )


def none_yet() -> Message:
    return message(
        paragraph(
            *phrase(
                "You have no certificate yet. {command} shows what is still missing for it.", command=Code("/cohort")
            )
        ),
        note(*phrase("To check somebody else's: {command}", command=Code(_("/cohort certificate CODE")))),
    )


# Afterwards


def stands_button(cohort: Cohort) -> Button:
    return Button(_("What I did"), Action("completion", "stands", cohort.id).encode())
