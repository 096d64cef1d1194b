"""What peer review says to learners. A name is empty where the review is anonymous."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import Item, Upcoming, Work
from bot.core.forms import Field, Form, TextField
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
from bot.features.reviews.store import Assignment

BEGINNING = 400
"""Maximum characters of an answer in the author's message; the whole is behind a button."""


def action(name: str, cohort: int, subject: str = "") -> str:
    return Action("reviews", name, cohort, subject).encode()


def about(title: str) -> str:
    return shorten(title, 60)


def take_button(cohort: int, review: str, label: str = "") -> Button:
    return Button(label or _("Review"), action("take", cohort, review))


def send_button(assignment: Assignment) -> Button:
    label = _("Edit") if assignment.sent_at else _("Write the review")
    return Button(label, action("send", assignment.cohort, str(assignment.id)))


# Items and one's own page


def to_do(review: Review) -> Text:
    return (_("Review others' work: “{title}”", title=shorten(review.title, 80)),)


def state(share: rules.Share) -> str:
    if share.done:
        return _("done")
    if share.given:
        return _("{sent} of {share} sent", sent=share.given, share=share.asked)
    if share.owed:
        return _("to review")
    return _("to review, optional") if share.asked else _("nothing to review yet")


def under_way(assignment: Assignment) -> Upcoming:
    """Something that they took and have not sent. It says until when it is kept for them."""
    line = phrase(
        "You have a piece to review for “{title}”; it is kept for you until {at}",
        title=about(assignment.title),
        at=Instant(assignment.held_until),
    )
    label = shorten(_("Go on: {title}", title=assignment.title), 40)
    return Upcoming(
        line, None, take_button(assignment.cohort, assignment.review, label), counts=True, name=about(assignment.title)
    )


def early(cohort: int, review: Review) -> Upcoming:
    """Enough work is in before the date."""
    line = _("“{title}”: work of others is in already, and you can begin", title=about(review.title))
    return Upcoming((line,), None, take_button(cohort, review.id), name=about(review.title))


def welcome(cohort: int, review: Review, lacking: int, *, again: bool) -> Upcoming:
    """So many pieces lack reviews, and anybody may take one. `again`: they gave one before."""
    title = about(review.title)
    line = (
        _n(
            "“{title}”: {n} piece waits for a review, if you would like to give one more",
            "“{title}”: {n} pieces wait for a review, if you would like to give one more",
            lacking,
            title=title,
        )
        if again
        else _n(
            "“{title}”: {n} piece waits for a review, if you would like to give one",
            "“{title}”: {n} pieces wait for a review, if you would like to give one",
            lacking,
            title=title,
        )
    )
    label = shorten(_("Review one: {title}", title=review.title), 40)
    return Upcoming((line,), None, take_button(cohort, review.id, label), name=about(review.title))


def late_line(item: Item) -> Text:
    title, at = about(item.title), Instant(item.taken_until or item.due_at)
    if not item.required:
        return phrase("“{title}” was due. A late review is welcome until {at}", title=title, at=at)
    return phrase(
        "“{title}” was due. A late review is taken until {at}, and the course cannot be completed without it",
        title=title,
        at=at,
    )


# Taking a piece


def piece(review: Review, assignment: Assignment, work: Work, name: str, due_at: datetime) -> Message:
    """The piece that a reviewer took. It does not say when it was handed in. `due_at`: when their review is due."""
    whose = (
        phrase("The work of {name}:", name=Bold(name))
        if name
        else (_("The work of a pod:") if assignment.pod else _("The work of another learner:"),)
    )
    return message(
        heading(shorten(assignment.title, 100)),
        paragraph(*whose),
        *work_words(work, assignment, anonymous=not name),
        paragraph(Bold(_("What your review says")), ":"),
        *(note(f"{number}. {question}") for number, question in enumerate(review.rubric, 1)),
        note(_("You see no name, and the author will not see yours.")) if not name else None,
        note(
            *phrase(
                "Your review is due {due}, and marked late after that. The piece is kept for you until {at}; then"
                " somebody else may take it.",
                due=Instant(due_at),
                at=Instant(assignment.held_until),
            )
        )
        if assignment.sent_at is None
        else None,
        buttons(
            send_button(assignment),
            Button(_("Give it back"), action("give_back", assignment.cohort, str(assignment.id)))
            if assignment.sent_at is None
            else None,
        ),
    )


def work_words(work: Work, assignment: Assignment, *, anonymous: bool) -> list[Block | None]:
    """The work itself. A file of an anonymous review is the copy that was made when it was handed out."""
    parts: list[Inline] = [Link(work.link, work.link)] if work.link else []
    if work.text:
        parts += ["\n", excerpt(work.text, 3000)] if parts else [excerpt(work.text, 3000)]
    file = assignment.file if anonymous else work.file
    return [quote(*parts) if parts else None, Attachment(file.name, file.file) if file else None]


def changing(assignment: Assignment) -> Message:
    """The author changed what somebody took, and its new version may not be handed out yet."""
    return message(
        heading(shorten(assignment.title, 100)),
        paragraph(_("The author has changed this work. The new version is here once it can be shown without a name.")),
        note(_("What you wrote stays in the form. You can also give this piece back, and review another one.")),
        buttons(Button(_("Give it back"), action("give_back", assignment.cohort, str(assignment.id)))),
    )


def made_ready(review: Review) -> Message:
    """Names are being taken out of the only file that is left."""
    return message(
        paragraph(
            Bold(about(review.title)),
            ": ",
            _("A file is being made ready for you: names are taken out of it. It is here in a minute."),
        )
    )


def given_back(cohort: int, review: str, more: bool) -> Message:
    """`more`: there is another piece for them."""
    back = _("Given back: somebody else can review it now.")
    if more:
        return message(paragraph(back), buttons(take_button(cohort, review, _("Review another one"))))
    only = _("It was the only one for you; you can also take it again.")
    return message(paragraph(f"{back} {only}"), buttons(take_button(cohort, review, _("Take it again"))))


def not_open(review: Review, opens_at: datetime, own: bool) -> Message:
    line = phrase("“{title}” opens {at}.", title=about(review.title), at=Instant(opens_at))
    more = (
        _("It opens earlier for you once {number} pieces are in.", number=rules.OPENS_WITH)
        if own
        else _(
            "Whoever has handed in their own work may begin earlier, once {number} pieces are in.",
            number=rules.OPENS_WITH,
        )
    )
    return message(paragraph(*line), note(more))


def nothing_there(review: Review, did: int, own: bool) -> Message:
    """There is no piece for this reviewer. `own`: their own work came in time, so they hear of a new one."""
    if did:
        line = _n(
            "Thank you: you have given {n} review, and nothing else waits for one now.",
            "Thank you: you have given {n} reviews, and nothing else waits for one now.",
            did,
        )
    elif own:
        line = _("There is nothing to review for you now, and nothing is asked of you. You hear as soon as there is.")
    else:
        line = _("There is nothing to review for you now. As soon as work comes in, it is here.")
    return message(paragraph(Bold(about(review.title)), ": ", line))


def for_learners(cohort: int) -> Message:
    return message(
        paragraph(_("Peer reviews are between learners. You can read all of them.")),
        buttons(Button(_("Who reviews whom"), action("matrix", cohort))),
    )


# Writing it


def form(review: Review, assignment: Assignment, work: Work, name: str, date: str) -> Form:
    """`review` as the course file has it now; `date`: when it is due for them."""
    said = dict(assignment.answers)
    points: list[Field] = [
        TextField(rules.field(question), question, long=True, max_length=rules.LONGEST, value=said.get(question, ""))
        for question in review.rubric
    ]
    if review.points:
        points.append(
            TextField(
                "points",
                _("Points, from 0 to {most}", most=review.points),
                max_length=3,
                number=True,
                value="" if assignment.points is None else str(assignment.points),
            )
        )
    # A changed version may still have to be looked into.
    shown = name or assignment.version == work.changed_at
    begins = shorten((work.text or work.link or _("a file")) if shown else _("its author is changing it"), 300)
    intro = (
        _("The work of {name}: {words}", name=name, words=begins)
        if name
        else _("No names: you do not see the author's, and they do not see yours. The work: {words}", words=begins)
    )
    title, dated = shorten(assignment.title, 40), _("Due {date}. {intro}", date=date, intro=intro)
    return Form(action("send", assignment.cohort, str(assignment.id)), title, tuple(points), _("Send"), dated)


def asked_otherwise() -> str:
    return _("The questions were changed meanwhile. Please look once more, and send it again.")


def sent(assignment: Assignment, until: datetime | None, left: int, more: bool, own_late: bool) -> Message:
    """The receipt. `until` when it can be changed, if that is known; `left`: how many are still asked of the reviewer;
    `more`: another piece waits."""
    row = [send_button(assignment)]
    if more:
        row.append(take_button(assignment.cohort, assignment.review, _("Review another one")))
    told = (
        phrase("You can change it until {until}, and after that the author gets it.", until=Instant(until))
        if until is not None
        else (_("The author gets all reviews of their work in one message. You can change yours until it is made."),)
    )
    asked = _n("{n} more is asked of you.", "{n} more are asked of you.", left) if left and more else ""
    return message(
        paragraph(Bold(_("Thank you, your review is in.")), " ", *told),
        paragraph(asked) if asked else None,
        note(_("It is marked late.")) if own_late else None,
        *answers(assignment, BEGINNING),
        buttons(*row),
    )


def changed_work() -> str:
    return _("the author changed their work; press 'Review' to see it")


def answers(assignment: Assignment, limit: int = rules.LONGEST) -> list[Block]:
    """What a review says, point by point."""
    found: list[Block] = []
    for question, text in assignment.answers:
        found.append(quote(Bold(question), "\n", excerpt(text, limit)))
    if assignment.points is not None:
        found.append(quote(Bold(_("Points")), f": {assignment.points}"))
    return found


def gone() -> str:
    return _("This piece is not there any more: its author took it back, or has left. Your words went to nobody.")


def own_now() -> str:
    return _("You are in the pod now whose work this is, so somebody else reviews it. Your words went to nobody.")


def let_go(assignment: Assignment, more: bool) -> tuple[Text, tuple[Block, ...]]:
    """What a reviewer had under way is not there any more. It does not say whether its author has left. `more`: there
    is another one."""
    title = about(assignment.title)
    if not more:
        return phrase(
            "The piece that you had for “{title}” is not there any more, so you need not finish it. What you typed"
            " went to nobody.",
            title=title,
        ), ()
    line = phrase(
        "The piece that you had for “{title}” is not there any more, so you need not finish it. Another one waits.",
        title=title,
    )
    row = buttons(take_button(assignment.cohort, assignment.review))
    return line, (row,) if row else ()


def told_already() -> str:
    return _("This review is on its way to its author, so it stays as it is.")


def out_already(assignment: Assignment) -> str:
    return _("The course team took this review back: {why}", why=assignment.why)


def mine(found: Sequence[tuple[Assignment, str]]) -> Message:
    """The reviews that somebody gave, each with its author's name."""
    blocks: list[Block | None] = [heading(_("My reviews"))]
    row: list[Button] = []
    for assignment, name in found:
        whose = _("{title}, by {name}", title=about(assignment.title), name=name) if name else about(assignment.title)
        blocks += [paragraph(Bold(whose)), *answers(assignment, 200)]
        if assignment.reply:
            blocks += [note(_("The author answers:")), quote(excerpt(assignment.reply, BEGINNING))]
        if assignment.out_at is not None:
            blocks.append(note(_("The course team took it back: {why}", why=assignment.why)))
        elif not assignment.told:
            row.append(Button(shorten(_("Edit: {title}", title=assignment.title), 40), send_button(assignment).action))
    return message(*blocks, buttons(*row[:5]))


def mine_line(cohort: int, number: int) -> Upcoming:
    line = _n("You have given {n} review.", "You have given {n} reviews.", number)
    return Upcoming((line,), None, Button(_("My reviews"), action("mine", cohort)), last=True)


def taken_out(assignment: Assignment, until: datetime | None) -> tuple[Text, tuple[Block, ...]]:
    """For the reviewer: the course team took back their review. `until`: one more is asked of them, and taken until
    then."""
    line = phrase(
        "The course team took back your review, “{title}”: {why}", title=about(assignment.title), why=assignment.why
    )
    if until is None:
        return line, (paragraph(_("Nothing more is asked of you now.")),)
    row = buttons(take_button(assignment.cohort, assignment.review))
    asked = paragraph(*phrase("One more is asked of you; it is taken until {at}.", at=Instant(until)))
    return line, (asked, *((row,) if row else ()))


def there_now(
    cohort: int, review: Review, due_at: datetime, until: datetime, *, counts: bool
) -> tuple[Text, tuple[Block, ...]]:
    """There was nothing to review for you, and now there is: the line, and what stands below. It holds whenever it is
    read, because it may come after the date. `counts`: the completion rule asks for reviews."""
    line = phrase(
        "“{title}”: there was nothing to review for you, and now there is. Due {at}; a late review is taken until"
        " {until}.",
        title=about(review.title),
        at=Instant(due_at),
        until=Instant(until),
    )
    if counts:
        line = (*line, " ", _("Completing the course asks for it."))
    row = buttons(take_button(cohort, review.id))
    return line, (row,) if row else ()


def open_early(cohort: int, review: Review) -> Message:
    """Rides on a card: the review is open before its date."""
    entry = early(cohort, review)
    return message(paragraph(*entry.text, "."), buttons(entry.button))
