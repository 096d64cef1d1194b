"""What peer review says to authors about the reviews of their work, and to reviewers when they answer."""

from collections.abc import Sequence

from bot.core.contributions import Feedback, Upcoming, Work
from bot.core.forms import ChoiceField, Field, Form, TextField
from bot.core.message import (
    Block,
    Bold,
    Button,
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
)
from bot.core.translation import _, _n, phrase
from bot.core.typed import excerpt
from bot.course.model import Review
from bot.features.reviews import rules
from bot.features.reviews.store import DEGREES, Assignment
from bot.features.reviews.views import BEGINNING, about, action, answers

IN_A_MESSAGE = 3
"""Reviews that the author's message quotes."""

LONGEST_REPLY = 1500


def read_button(cohort: int, review: str, title: str = "") -> Button:
    label = shorten(_("Reviews: {title}", title=title), 40) if title else _("Read them")
    return Button(label, action("read", cohort, review))


def useful_button(assignment: Assignment, number: int) -> Button:
    label = _("Was review {number} useful?", number=number)
    return Button(label, action("useful", assignment.cohort, str(assignment.id)))


def unread(cohort: int, review: str, title: str, number: int) -> Upcoming:
    line = _n(
        "Read {n} review of your work, “{title}”",
        "Read {n} reviews of your work, “{title}”",
        number,
        title=about(title),
    )
    return Upcoming((line,), None, read_button(cohort, review, title))


def received(item: str, cohort: int, review: str, title: str, number: int) -> Feedback:
    line = _n("{n} review by another learner", "{n} reviews by other learners", number)
    return Feedback(item, (line,), read_button(cohort, review, title))


Numbered = tuple[int, Assignment, str]
"""A review with the number by which its author knows it, and its reviewer's name."""


def told(found: Sequence[Numbered]) -> tuple[Text, tuple[Block, ...]]:
    """All reviews of one message, in the author's bundle: its line, and what stands below."""
    _number, first, _name = found[0]
    there = sum(assignment.counts for _number, assignment, _name in found)
    what = Bold(_n("{n} review", "{n} reviews", there) if there else _("No review"))
    line = phrase("{what} of your work, “{title}”:", what=what, title=about(first.title))
    below: list[Block | None] = []
    for number, assignment, name in found[:IN_A_MESSAGE]:
        below += _as_read(number, assignment, name, BEGINNING)
    more = len(found) - IN_A_MESSAGE
    below.append(note(_n("And {n} more.", "And {n} more.", more)) if more > 0 else None)
    below.append(buttons(read_button(first.cohort, first.review)))
    return line, tuple(b for b in below if b is not None)


def _as_read(number: int, assignment: Assignment, name: str, limit: int) -> list[Block]:
    """A review as its author reads it; of one that was taken back, only that."""
    if not assignment.counts:
        return [paragraph(Bold(_("Review {number} was taken back by the course team.", number=number)))]
    return [paragraph(Bold(by_whom(number, name))), *answers(assignment, limit)]


def closed(title: str, number: int) -> Text:
    """For whoever found a review hurtful."""
    said = _(
        "“{title}”: the course team has taken back review {number}. Thank you for saying that it hurt.",
        title=about(title),
        number=number,
    )
    return (said,)


def by_whom(number: int, name: str) -> str:
    return _("Review {number}, by {name}", number=number, name=name) if name else _("Review {number}", number=number)


def shown(found: Sequence[Numbered]) -> Message:
    """The same as a message, when something changed after it came."""
    line, below = told(found)
    return message(paragraph(*line), *below)


def how_reviews_stand(lines: Sequence[Feedback | Upcoming]) -> Message:
    """In answer to somebody's own words: the reviews of their work, those that they gave, and what is asked of them."""
    return message(
        heading(_("My reviews")),
        bullets(*(line.text for line in lines)) if lines else paragraph(_("There are none so far, of you or by you.")),
        note(
            _("All reviews of your work come in one message. Where they have no names, nobody learns who wrote them.")
        ),
        buttons(*dict.fromkeys(line.button for line in lines if line.button is not None)),
    )


def to_say_how_useful(found: Sequence[tuple[int, Assignment]]) -> Message:
    """The buttons for what somebody has said in their own words of reviews of their work."""
    return message(
        paragraph(_("A review that was useless or hurtful is looked at by the course team, once you say so here.")),
        buttons(*(useful_button(assignment, number) for number, assignment in found[:5])),
    )


def withdrawn(title: str) -> Message:
    return message(paragraph(_("What stood here about your work, “{title}”, was taken back.", title=about(title))))


def nobody_yet(review: Review, gave: int) -> Text:
    """Nobody has reviewed their work. `gave`: how many reviews they gave."""
    said = _(
        "“{title}”: there is no review of your work so far. That says nothing about it.", title=about(review.title)
    )
    if not gave:
        return (said,)
    thanks = _n(
        "Thank you for the review that you gave: somebody has more to go on with.",
        "Thank you for the {n} reviews that you gave: others have more to go on with.",
        gave,
    )
    return said, " ", thanks


def in_direct_messages() -> Message:
    return message(paragraph(_("The reviews are in our direct messages now.")))


def reading(title: str, work: Work | None, found: Sequence[Numbered]) -> Message:
    """An author's page of all reviews of their work. `work`: None if they took it back."""
    blocks: list[Block | None] = [heading(shorten(title, 100))]
    if work is None:
        blocks.append(note(_("You took this work back.")))
    row = []
    for number, assignment, name in found:
        blocks += _as_read(number, assignment, name, rules.LONGEST)
        if assignment.counts and work is not None and work.changed_at > assignment.version:
            blocks.append(note(_("You changed your work after this review was begun.")))
        if assignment.useful:
            blocks.append(note(_("You said: {useful}", useful=_(DEGREES[assignment.useful].label))))
        if assignment.reply:
            blocks += [note(_("Your answer:")), quote(assignment.reply)]
        if assignment.counts and not (assignment.useful and assignment.reply):
            row.append(useful_button(assignment, number))
    return message(*blocks, buttons(*row))


def useful_form(assignment: Assignment, number: int, name: str) -> Form:
    """How useful a review was, and the one answer to it."""
    who = name or _("whoever wrote it, who does not see your name")
    choices = tuple(Option(value, _(degree.label)) for value, degree in DEGREES.items())
    fields: list[Field] = [
        ChoiceField(
            "useful",
            _("How useful was it?"),
            choices,
            _("The course team alone reads this."),
            value=assignment.useful,
        )
    ]
    if not assignment.reply:
        hint = _("You can answer once. It is read by {who}, and by the course team.", who=who)
        fields.append(TextField("reply", _("Your answer"), hint, required=False, long=True, max_length=LONGEST_REPLY))
    return Form(
        action("useful", assignment.cohort, str(assignment.id)),
        by_whom(number, "")[:40],
        tuple(fields),
        _("Save"),
        shorten(" ".join(text for _question, text in assignment.answers), 200),
    )


def answered_once(assignment: Assignment) -> str:
    """What a form says that was opened before the answer went out."""
    return _(
        "This review was answered already: “{reply}”. It can be answered once, so this text goes to nobody. Empty the"
        " field to save the rest.",
        reply=excerpt(assignment.reply, 200),
    )


def thanked(assignment: Assignment, answered: bool) -> Message:
    said = _("Thank you, that is saved.")
    goes = _("Your answer goes to whoever wrote the review.")
    return message(
        paragraph(f"{said} {goes}" if answered else said),
        note(_("The course team looks at it.")) if assignment.useful == "hurtful" else None,
        buttons(read_button(assignment.cohort, assignment.review)),
    )


def answered(assignment: Assignment, name: str) -> tuple[Text, tuple[Block, ...]]:
    """The author's answer, for the reviewer: its line, and what stands below. `name`: the author's."""
    line = (
        phrase("{name} answers your review, “{title}”:", name=Bold(name), title=about(assignment.title))
        if name
        else phrase("The author answers your review, “{title}”:", title=about(assignment.title))
    )
    row = buttons(Button(_("My reviews"), action("mine", assignment.cohort)))
    return line, (quote(assignment.reply), *((row,) if row else ()))
