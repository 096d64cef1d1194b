"""What feedback says to learners."""

from collections.abc import Collection, Sequence

from bot.core.actions import Action
from bot.core.contributions import Feedback as Received
from bot.core.contributions import Upcoming, Work
from bot.core.forms import Form, TextField
from bot.core.message import (
    Attachment,
    Block,
    Bold,
    Button,
    Inline,
    Instant,
    Link,
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
from bot.core.translation import _, _n, phrase
from bot.core.typed import excerpt
from bot.features.feedback.rules import Piece
from bot.features.feedback.store import Feedback

LONGEST = 3000
"""Maximum characters of feedback, and of a reply to it."""

BEGINNING = 800
"""Maximum characters of feedback, or of work beside it, if the whole is behind a button."""

SHOWN = 6
"""Pieces of work on one page of one's own work."""


def action(name: str, cohort: int, subject: str = "") -> str:
    return Action("feedback", name, cohort, subject).encode()


def _reply(given: Feedback) -> Button | None:
    return None if given.reply_at else Button(_("Reply"), action("reply", given.cohort, str(given.id)))


def read_button(given: Feedback) -> Button:
    return Button(_("Read it with my work"), action("read", given.cohort, str(given.id)))


def about(title: str) -> str:
    return shorten(title, 60)


# Words


def words(given: Feedback, limit: int = LONGEST) -> list[Block | None]:
    """What was said: text, then the link to a recording."""
    recording = paragraph(Bold(_("A recording for you")), ": ", Link(given.link, given.link)) if given.link else None
    return [quote(excerpt(given.text, limit)) if given.text else None, recording]


def work_words(work: Work, limit: int = LONGEST) -> list[Block | None]:
    """What was handed in, for a message or a page."""
    parts: list[Inline] = [Link(work.link, work.link)] if work.link else []
    if work.text:
        parts += ["\n", excerpt(work.text, limit)] if parts else [excerpt(work.text, limit)]
    file = Attachment(work.file.name, work.file.file) if work.file else None
    return [quote(*parts) if parts else None, file]


# In the learner's bundle


def told(given: Feedback, by: str) -> tuple[Text, tuple[Block, ...]]:
    """The feedback in the learner's bundle: its line, and what stands below."""
    line = phrase("{name} gives you feedback on “{title}”:", name=Bold(by), title=about(given.title))
    below: list[Block | None] = [
        *words(given, BEGINNING),
        note(*phrase("Edited {at}.", at=Instant(given.edited_at))) if given.edited_at else None,
        note(_("You and the course team alone read this.")),
        buttons(read_button(given), _reply(given)),
    ]
    return line, tuple(b for b in below if b is not None)


def shown(given: Feedback, by: str) -> Message:
    """The same as a message, when it changed after it came."""
    line, below = told(given, by)
    return message(paragraph(*line), *below)


def withdrawn(given: Feedback, by: str) -> Message:
    said = _("{name} took back the feedback on “{title}”.", name=by, title=about(given.title))
    return message(paragraph(said), buttons(my_work_button(given.cohort)))


def seen(titles: Sequence[str]) -> Message:
    """A line on the learner's next card."""
    named = [shorten(title, 60) for title in titles]
    return message(
        paragraph(_("Your work was seen by the course team: “{title}”.", title=named[0]))
        if len(named) == 1
        else paragraph(_("Your work was seen by the course team:")),
        bullets(*named) if len(named) > 1 else None,
    )


# Reading


def beside(piece: Piece | None, given: Feedback, by: str) -> Message:
    """A learner's work, and the feedback on it. `piece`: None if they took the work back."""
    return message(
        heading(shorten(given.title, 100)),
        paragraph(Bold(_("Your work"))) if piece else paragraph(_("You took this work back.")),
        *(work_words(piece.work) if piece else ()),
        note(*phrase("You changed it after this feedback, {at}.", at=Instant(piece.work.changed_at)))
        if piece is not None and piece.work.changed_at > given.version
        else None,
        paragraph(*phrase("{what} by {name}, {at}", what=Bold(_("Feedback")), name=by, at=Instant(given.at))),
        *words(given),
        *_own_reply(given),
        buttons(_reply(given), my_work_button(given.cohort)),
    )


def _own_reply(given: Feedback) -> list[Block | None]:
    if given.reply_at is None:
        return [note(_("You can reply once; the course team alone reads it."))]
    return [
        paragraph(*phrase("{what}, {at}", what=Bold(_("Your reply")), at=Instant(given.reply_at))),
        quote(given.reply),
    ]


def reply_form(given: Feedback, by: str) -> Form:
    hint = _("{name} and the course team alone read it. You can reply once.", name=by)
    field = TextField("text", _("Your reply"), hint, long=True, max_length=LONGEST)
    title = shorten(_("Reply to {name}", name=by), 40)
    intro = shorten(given.text, 150) if given.text else _("About “{title}”", title=about(given.title))
    return Form(action("reply", given.cohort, str(given.id)), title, (field,), submit=_("Send"), intro=intro)


def replied(given: Feedback, by: str) -> Message:
    """What stands in place of the feedback once the learner has replied."""
    line = phrase("{name} gave you feedback on “{title}”:", name=Bold(by), title=about(given.title))
    return message(
        paragraph(*line),
        *words(given, BEGINNING),
        paragraph(Bold(_("Your reply is sent.")), " ", _("It is on the course team's desk, and nobody else reads it.")),
        quote(excerpt(given.reply, BEGINNING)),
        buttons(read_button(given)),
    )


def replied_already() -> str:
    return _("You have replied to this feedback already. `/cohort ask` reaches the course team, too.")


# One's own page


def my_work_button(cohort: int) -> Button:
    return Button(_("My work"), action("mine", cohort))


def on_my_page(
    cohort: int, found: Sequence[Piece], heard: Collection[str], fresh: Sequence[tuple[Feedback, str]]
) -> list[Upcoming]:
    """`heard`: the items that they received feedback on, from whomever. `fresh`: feedback that they have not opened,
    with who gave it."""
    lines = [
        Upcoming(
            phrase("Read the feedback on “{title}” by {name}", title=about(f.title), name=by),
            None,
            Button(shorten(_("Feedback: {title}", title=f.title), 40), action("read", f.cohort, str(f.id))),
        )
        for f, by in fresh
    ]
    if found:
        handed = _n("{n} piece of work handed in", "{n} pieces of work handed in", len(found))
        said = sum(p.work.item in heard for p in found)
        with_it = _n("{n} with feedback", "{n} with feedback", said) if said else _("no feedback yet")
        lines.append(
            Upcoming((_("{handed}, {said}.", handed=handed, said=with_it),), None, my_work_button(cohort), last=True)
        )
    return lines


def in_progress(item: str, given: Feedback, by: str) -> Received:
    """The newest feedback on something, on the learner's page of progress."""
    button = Button(shorten(_("Feedback: {title}", title=given.title), 40), action("read", given.cohort, str(given.id)))
    said = shorten(given.text, 120)
    heard: Text = ((" " if said else ""), Link(given.link, _("the recording"))) if given.link else ()
    return Received(item, phrase("{name}: {text}", name=by, text=(said, *heard)), button)


def mine(found: Sequence[Piece], names: dict[int, str]) -> Message:
    """A learner's own work with what was said about it, the newest first."""
    blocks: list[Block | None] = [heading(_("My work"))]
    if not found:
        blocks.append(paragraph(_("You have handed in nothing yet. `/cohort` shows what is next.")))
    row: list[Button] = []
    for piece in found[:SHOWN]:
        handed = phrase(
            "{title}, handed in {at}", title=Bold(about(piece.work.title)), at=Instant(piece.work.changed_at)
        )
        blocks += [paragraph(*handed), *work_words(piece.work, 200)]
        for given in piece.given[-1:]:
            by = names.get(given.by, _("the course team"))
            blocks += [note(*phrase("Feedback by {name}, {at}:", name=by, at=Instant(given.at))), *words(given, 200)]
            label = shorten(_("Feedback: {title}", title=piece.work.title), 40)
            row.append(Button(label, action("read", given.cohort, str(given.id))))
        if piece.waits:
            blocks.append(
                note(
                    _("The course team has not looked at it yet.")
                    if not piece.is_changed
                    else _("You changed it; the course team has not looked at that yet.")
                )
            )
        elif not piece.given:
            blocks.append(note(_("Seen by the course team.")))
    more = len(found) - SHOWN
    blocks.append(note(_n("And {n} earlier one.", "And {n} earlier ones.", more)) if more > 0 else None)
    return message(*blocks, note(_("This page is for you alone.")), buttons(*row))
