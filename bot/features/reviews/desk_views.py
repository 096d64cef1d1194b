"""What the course team sees of peer reviews: who reviewed whom, and what waits. It sees all names."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import Attention, DeskItem, Figure, Item, Pile, Upcoming, Urgency, Work
from bot.core.forms import Form, TextField
from bot.core.message import (
    Block,
    Bold,
    Button,
    Instant,
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
from bot.core.people import Cohort
from bot.core.translation import N_, _, _n, phrase
from bot.course.model import Review
from bot.features.reviews import rules
from bot.features.reviews.rules import Alone, Waits
from bot.features.reviews.store import DEGREES, HURTFUL, Assignment, piece_name
from bot.features.reviews.views import about, action, answers

PIECES_A_PAGE = 8
"""Pieces on one page of the matrix."""

MINUTES_A_LOOK = 3
MINUTES_A_PIECE = 10
LONGEST_WHY = 500

Names = Mapping[int, str]


def matrix_button(cohort: int, review: str = "") -> Button:
    return Button(_("Who reviews whom"), action("matrix", cohort, f"{review}.1" if review else ""))


def open_button(assignment: Assignment, label: str = "") -> Button:
    return Button(label or _("Open"), action("open", assignment.cohort, str(assignment.id)))


def out_button(assignment: Assignment) -> Button:
    return Button(_("Take it back"), action("take_out", assignment.cohort, str(assignment.id)))


# On the desk


def unwanted(cohort: Cohort, items: Sequence[DeskItem]) -> Pile:
    return Pile(
        "reviews/unwanted",
        (_("Peer reviews to look at"),),
        items,
        buttons=[matrix_button(cohort.id)],
        urgency=Urgency.DUE,
        can_be_seen=True,
    )


def unwanted_item(assignment: Assignment, names: Names) -> DeskItem:
    assert assignment.useful_at is not None
    hurts = assignment.useful == HURTFUL
    return DeskItem(
        name=assignment.desk_name,
        since=assignment.useful_at,
        text=_of(assignment, names),
        words=" ".join(text for _question, text in assignment.answers),
        hint=(_("The author found it {useful}.", useful=_(DEGREES[assignment.useful].said)),),
        buttons=(open_button(assignment), out_button(assignment)),
        minutes=MINUTES_A_LOOK,
        parts=(f"{assignment.desk_name}/{HURTFUL}",) if hurts else (),
        stands=hurts,
    )


def _of(assignment: Assignment, names: Names) -> Text:
    return (
        _(
            "{reviewer} on {author}, “{title}”",
            reviewer=names.get(assignment.reviewer, _("Somebody who left")),
            author=names.get(assignment.author, _("Somebody who left")),
            title=about(assignment.title),
        ),
    )


def alone(cohort: Cohort, items: Sequence[DeskItem]) -> Pile:
    return Pile(
        "reviews/alone",
        (_("Work without a peer review"),),
        items,
        buttons=[matrix_button(cohort.id)],
        can_be_seen=True,
        seen_at_once=True,
    )


WHY: Mapping[Alone, str] = {
    "asks": N_("Its author has not agreed yet that it is handed out."),
    "kept": N_("Its author does not want it handed out: your feedback is the one that it gets."),
    "late": N_("Others may still review it, late."),
    "none": N_("Nobody is left who is asked to review it."),
}


def of_whom(work: Work, name: str) -> str:
    return _("{name} and their pod", name=name) if work.pod else name


def alone_item(cohort: Cohort, review: Review, work: Work, name: str, why: Alone) -> DeskItem:
    return DeskItem(
        name=piece_name(work.name),
        since=work.changed_at,
        text=whose(review.title, of_whom(work, name)),
        hint=(_(WHY[why]),),
        words=work.text or work.link or (work.file.name if work.file else ""),
        buttons=(Button(_("Give feedback"), Action("feedback", "give", cohort.id, work.name).encode()),),
        minutes=MINUTES_A_PIECE,
    )


def whose(title: str, name: str) -> Text:
    return (f"{name}, “{about(title)}”",)


def overdue(cohort: Cohort, item: Item, person: int, name: str, now: datetime) -> Attention:
    """They cannot complete the course without it."""
    title, due, until = about(item.title), Instant(item.due_at, "date"), item.taken_until or item.due_at
    if item.is_pending(now):
        why = phrase(
            "“{title}” was due {due}, is needed to complete the course, and is taken until {until}",
            title=title,
            due=due,
            until=Instant(until),
        )
        return Attention(person, name, why, item.due_at, buttons=(_more_time(cohort, item, person),))
    why = phrase(
        "“{title}” was due {due}, is needed to complete the course, and is not taken any more", title=title, due=due
    )
    return Attention(person, name, why, until, buttons=(_more_time(cohort, item, person),))


def _more_time(cohort: Cohort, item: Item, person: int) -> Button:
    action = Action("milestones", "extend", cohort.id, f"{item.name}.{person}")
    return Button(_("Give more time"), action.encode())


def on_my_page(cohort: int, review: Review, pieces: int, reviewed: int) -> Upcoming:
    """For the course team: how far a review has come."""
    line = _n(
        "“{title}”: {n} of {pieces} pieces has a review",
        "“{title}”: {n} of {pieces} pieces have a review",
        reviewed,
        title=about(review.title),
        pieces=pieces,
    )
    return Upcoming((line,), None, matrix_button(cohort, review.id), name=about(review.title))


# Who reviews whom


NOBODY: Mapping[Waits | None, str] = {
    "asks": N_("its author has not agreed yet that it is handed out"),
    "kept": N_("its author does not want it handed out"),
    None: N_("nobody yet"),
}
"""Why a piece has no reviewer."""


def which(cohort: int, reviews: Sequence[Review]) -> Message:
    if not reviews:
        return message(paragraph(_("This course has no peer reviews.")))
    row = [Button(shorten(review.title, 40), action("matrix", cohort, f"{review.id}.1")) for review in reviews[:10]]
    return message(paragraph(_("Who reviews whom: of which review?")), buttons(*row))


def matrix(
    cohort: int,
    review: Review,
    pieces: Sequence[tuple[Work, Sequence[Assignment]]],
    page: int,
    names: Names,
    states: Mapping[int, str],
    waits: Mapping[str, Waits],
) -> Message:
    """A page of the pieces, each with its reviewers. `states`: how far each assignment is, by its number. `waits`: why
    a piece waits for its author."""
    last = max(1, -(-len(pieces) // PIECES_A_PAGE))
    page = min(max(page, 1), last)
    shown = pieces[(page - 1) * PIECES_A_PAGE : page * PIECES_A_PAGE]
    title = shorten(review.title, 80)
    lines: list[Text] = []
    row: list[Button] = []
    for work, assignments in shown:
        name = names.get(work.person, _("Somebody who left"))
        reviewers = "; ".join(
            _("{name} ({state})", name=names.get(a.reviewer, _("Somebody who left")), state=states[a.id])
            for a in assignments
        )
        nobody = _(NOBODY[waits.get(rules.piece_of(work))])
        author = Bold(of_whom(work, name))
        by = phrase("{author}, given to {reviewers}", author=author, reviewers=reviewers)
        lines.append(by if reviewers else phrase("{author}: {why}", author=author, why=nobody))
        if any(a.sent_at for a in assignments):
            row.append(Button(shorten(name, 30), action("piece", cohort, f"{review.id}.{work.person}")))
    return message(
        heading(_("{title}: page {page} of {last}", title=title, page=page, last=last) if last > 1 else title),
        bullets(*lines) if lines else paragraph(_("No work is in yet.")),
        note(_("A name opens the reviews of that work. The course team alone sees this.")) if row else None,
        buttons(*row),
        buttons(
            Button(_("Back"), action("matrix", cohort, f"{review.id}.{page - 1}")) if page > 1 else None,
            Button(_("More"), action("matrix", cohort, f"{review.id}.{page + 1}")) if page < last else None,
        ),
    )


def of_piece(title: str, author: str, found: Sequence[Assignment], names: Names, states: Mapping[int, str]) -> Message:
    """All reviews of a piece, with who wrote them."""
    blocks: list[Block | None] = [heading(shorten(f"{author}: {title}", 100))]
    row = []
    for assignment in found:
        name = names.get(assignment.reviewer, _("Somebody who left"))
        blocks += [paragraph(Bold(name), f": {states[assignment.id]}"), *answers(assignment, 500)]
        blocks += [paragraph(_("The author answers:")), quote(assignment.reply)] if assignment.reply else []
        if assignment.counts:
            row.append(open_button(assignment, shorten(_("Open: {name}", name=name), 40)))
    return message(*blocks, buttons(*row))


def opened(assignment: Assignment, names: Names, state: str) -> Message:
    return message(
        heading(about(assignment.title)),
        paragraph(*_of(assignment, names), f": {state}"),
        *answers(assignment),
        paragraph(_("The author answers:")) if assignment.reply else None,
        quote(assignment.reply) if assignment.reply else None,
        note(_("The course team took it back: {why}", why=assignment.why)) if assignment.out_at else None,
        buttons(out_button(assignment) if assignment.counts else None),
    )


def state(assignment: Assignment, now: datetime, kept_until: datetime) -> str:
    """`kept_until`: until when a piece is kept for its reviewer, unless they give it back."""
    if assignment.out_at is not None:
        return _("taken back")
    if assignment.sent_at is not None:
        points = _n("{n} point", "{n} points", assignment.points) if assignment.points is not None else ""
        parts = [
            _("late") if assignment.late else _("sent"),
            points,
            _(DEGREES[assignment.useful].said) if assignment.useful else "",
        ]
        return ", ".join(part for part in parts if part)
    if assignment.is_under_way(now):
        return _("under way")
    return _("gave it back") if assignment.held_until < kept_until else _("ran out of time")


# Taking a review back


def out_form(assignment: Assignment, names: Names) -> Form:
    reviewer = names.get(assignment.reviewer, _("Somebody who left"))
    hint = _("{name} reads it. The author does not see the review any more.", name=reviewer)
    field = TextField("why", _("Why?"), hint, long=True, max_length=LONGEST_WHY)
    words = shorten(" ".join(text for _question, text in assignment.answers), 200)
    return Form(
        action("take_out", assignment.cohort, str(assignment.id)),
        _("Take a review back"),
        (field,),
        _("Take it back"),
        words,
    )


def out(assignment: Assignment, names: Names) -> Message:
    name = names.get(assignment.reviewer, _("Somebody who left"))
    return message(
        paragraph(_("Taken back. {name} reads why, and the piece is free for another reviewer.", name=name)),
        buttons(matrix_button(assignment.cohort, assignment.review)),
    )


def out_already(assignment: Assignment) -> Message:
    return message(paragraph(*phrase("It was taken back {at}.", at=Instant(assignment.out_at or assignment.taken_at))))


# The manager's week, and the next run


def figure(review: Review, done: int, base: int) -> Figure:
    return Figure(f"reviews/{review.id}", _("Reviewed others: {title}", title=about(review.title)), done, base)


def evidence(pieces: int, reviewed: int, sent: int, useful: int, said: int) -> str:
    parts = [
        _n("{n} piece of work", "{n} pieces of work", pieces),
        _("{reviewed} with a review", reviewed=reviewed),
        _n("{n} review in all", "{n} reviews in all", sent),
        _("{useful} of {said} found useful", useful=useful, said=said) if said else "",
    ]
    return ", ".join(part for part in parts if part)
