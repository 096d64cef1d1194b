"""What the course team sees of work and feedback."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.actions import LIMIT, Action, stamp
from bot.core.contributions import DeskItem, Figure, Pile, Work
from bot.core.forms import Form, TextField, yes_no
from bot.core.message import (
    Block,
    Bold,
    Button,
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
from bot.core.pages import way_in
from bot.core.people import Cohort, Person
from bot.core.time import say_span
from bot.core.translation import _, _n, phrase
from bot.features.feedback.rules import Piece
from bot.features.feedback.store import Draft, Feedback
from bot.features.feedback.views import LONGEST, about, action, words, work_words

MINUTES_A_PIECE = 5
MINUTES_A_REPLY = 2

PILE = "milestones/work"
"""The name of the queue on the desk. Desks of earlier versions have buttons with it."""

LONGEST_LINK = 500

ON_A_PAGE = 1500
"""Maximum characters of a text on the page of the queue."""


# On the desk


def pile(cohort: Cohort, items: Sequence[DeskItem], served: bool) -> Pile:
    """`served`: whether pages are."""
    page = [Button(_("Work on a page"), action("page", cohort.id))] if served else []
    title = (_("Work that came in"),)
    return Pile(PILE, title, items, buttons=page, can_be_seen=True, seen_by="feedback", seen_at_once=True)


def drafts(items: Sequence[DeskItem]) -> Pile:
    """Work for which the reader has a draft of feedback: nobody marks it as seen by the way."""
    return Pile(f"{PILE}/drafts", (_("Your drafts of feedback"),), items)


def author(piece: Piece, name: str) -> str:
    return _("{name} and their pod", name=name) if piece.work.pod else name


def item(cohort: Cohort, piece: Piece, name: str, drafted: bool) -> DeskItem:
    work = piece.work
    late = f", {_('late')}" if work.late else ""
    said = "\n".join(part for part in (work.text, work.link) if part) or (work.file.name if work.file else "")
    beside = work.file.name if work.file and (work.text or work.link) else ""
    with_file = ", " + _("with the file {name}", name=shorten(beside, 40)) if beside else ""
    changed = ""
    if piece.is_changed:
        changed = ", " + (_("changed after feedback") if piece.given else _("changed after it was seen"))
    return DeskItem(
        name=work.name,
        since=work.changed_at,
        text=(*whose(work.title, name), late, changed, with_file),
        words=said,
        hint=(_("You have a draft of your feedback."),) if drafted else (),
        buttons=(give_button(cohort.id, work.name), _open(cohort.id, work.name)),
        minutes=MINUTES_A_PIECE,
    )


def whose(title: str, name: str) -> Text:
    return (f"{name}, “{about(title)}”",)


def give_button(cohort: int, work: str, label: str = "") -> Button:
    return Button(label or _("Give feedback"), action("give", cohort, work))


def _open(cohort: int, work: str) -> Button:
    return Button(_("Open"), action("open", cohort, work))


def replies(items: Sequence[DeskItem]) -> Pile:
    return Pile("feedback/replies", (_("Replies to feedback"),), items, can_be_seen=True)


def reply_item(cohort: Cohort, given: Feedback, name: str, there: bool) -> DeskItem:
    """`there`: its work was not taken back."""
    assert given.reply_at is not None
    write = Action("questions", "write", cohort.id, f"{given.person}.{written_about(given.title)}").encode()
    buttons = (give_button(cohort.id, given.work, _("Answer")), _open(cohort.id, given.work))
    return DeskItem(
        name=given.anchor,
        since=given.reply_at,
        text=whose(given.title, name),
        words=given.reply,
        hint=() if there else (_("They took the work back meanwhile."),),
        buttons=buttons if there else (Button(_("Answer"), write),),
        minutes=MINUTES_A_REPLY,
    )


def not_arrived(items: Sequence[DeskItem]) -> Pile:
    return Pile("feedback/left", (_("Feedback that did not arrive"),), items, can_be_seen=True)


def not_arrived_item(given: Feedback, name: str) -> DeskItem:
    left = _("{name} is not in this cohort any more.", name=name)
    return DeskItem(given.anchor, given.at, whose(given.title, name), hint=(left,), minutes=MINUTES_A_REPLY)


def wrote_back(given: Feedback, name: str) -> tuple[Text, tuple[Block, ...]]:
    """A reply, for whoever gave the feedback and has no desk: its line, and what stands below."""
    line = phrase("{name} replies to your feedback on “{title}”:", name=Bold(name), title=about(given.title))
    row = buttons(_open(given.cohort, given.work))
    return line, (quote(given.reply), *((row,) if row else ()))


def written_about(title: str) -> str:
    """How the form that earlier desks opened named a piece of work."""
    return _("your work “{title}”", title=shorten(title, LIMIT - 60 - len(_("your work “{title}”", title=""))))


# Giving


def form(cohort: int, piece: Piece, learner: Person, draft: Draft | None) -> Form:
    work = piece.work
    begins = shorten(work.text or work.link or (work.file.name if work.file else ""), 300)
    intro = _("{name} handed in “{title}”: {words}", name=learner.name, title=about(work.title), words=begins)
    if piece.given:
        last = shorten(piece.given[-1].text or piece.given[-1].link, 200)
        intro = "\n".join((intro, _("It has feedback already, and yours is added to it: “{words}”", words=last)))
    if draft is not None:
        intro = "\n".join((intro, _("Your draft is below.")))
    later = yes_no("later", _("Not yet: keep it as a draft"), _("Nothing is sent. The form opens with it again."))
    shown = (*_fields(learner), later)
    title = shorten(_("Feedback for {name}", name=learner.name), 40)
    blank = Form(action("give", cohort, work.name), title, shown, _("Send"), intro)
    return blank.filled({"text": draft.text, "link": draft.link}) if draft else blank


def _fields(learner: Person) -> tuple[TextField, TextField]:
    hint = _("{name} and the course team alone read it, and {name} can reply once.", name=learner.name)
    recording = _("A whole address, such as https://example.org/recording.")
    return (
        TextField("text", _("Your feedback"), hint, required=False, long=True, max_length=LONGEST),
        TextField("link", _("Or a link to audio or video"), recording, required=False, max_length=LONGEST_LINK),
    )


def edit_form(given: Feedback, learner: Person) -> Form:
    title = shorten(_("Feedback for {name}", name=learner.name), 40)
    intro = _("About “{title}”", title=about(given.title))
    blank = Form(action("edit", given.cohort, str(given.id)), title, _fields(learner), _("Save"), intro)
    return blank.filled({"text": given.text, "link": given.link})


def given(one: Feedback, learner: Person, at: datetime, following: tuple[Piece, str] | None) -> Message:
    """The receipt. `at`: the learner's next hour for messages. `following`: what waits next, and whose it is."""
    return message(
        paragraph(Bold(_("Thank you.")), " ", *_comes(learner, at)),
        *(words(one, 300)),
        buttons(*_acts(one, one.by), _following(one.cohort, following)),
    )


def _comes(learner: Person, at: datetime) -> Text:
    return phrase(
        "{name} gets it at their next hour for messages, {at} at the earliest, or when they are back.",
        name=learner.name,
        at=Instant(at),
    )


def _acts(one: Feedback, reader: int) -> list[Button]:
    """For whoever gave it, until the learner has opened it."""
    if one.read_at is not None or one.by != reader:
        return []
    return [
        Button(_("Edit"), action("edit", one.cohort, str(one.id))),
        Button(_("Take it back"), action("undo", one.cohort, str(one.id))),
    ]


def _following(cohort: int, found: tuple[Piece, str] | None) -> Button | None:
    if found is None:
        return None
    piece, name = found
    label = shorten(_("Next: {name}, {title}", name=name, title=piece.work.title), 60)
    return Button(label, action("open", cohort, piece.work.name))


def draft_kept(cohort: int, work: Work, learner: Person) -> Message:
    said = _("Your draft is kept, and nothing was sent to {name}.", name=learner.name)
    return message(paragraph(said), buttons(give_button(cohort, work.name, _("Go on"))))


def draft_dropped(learner: Person) -> Message:
    return message(
        paragraph(_("Your draft is empty, so it is not kept. Nothing was sent to {name}.", name=learner.name))
    )


def changed(one: Feedback, learner: Person, at: datetime | None) -> Message:
    """The receipt of an edit. `at`: when the learner gets it; None: it had come already."""
    said: Text = (
        phrase("Saved. {what}", what=_comes(learner, at))
        if at is not None
        else (
            _(
                "Saved. It had come to {name}, who sees the new words in its place, marked as edited.",
                name=learner.name,
            ),
        )
    )
    return message(paragraph(*said), *words(one, 300), buttons(*_acts(one, one.by)))


def taken_back(one: Feedback, learner: Person, came: bool, piece: Piece | None) -> Message:
    """`came`: it stood in the learner's messages. `piece`: what it was about, without it."""
    said = (
        _(
            "Taken back. It had come to {name}, who may have read it there; now its place says that you took it back.",
            name=learner.name,
        )
        if came
        else _("Taken back. {name} has not seen it.", name=learner.name)
    )
    if piece is None:
        return message(paragraph(said, " ", _("They took the work back, too.")))
    again = (
        _("Their work waits for feedback again.")
        if piece.waits
        else _("Other feedback on their work stands, so it does not wait.")
        if piece.given
        else _("The course team has seen their work, so it does not wait.")
    )
    return message(paragraph(said, " ", again), buttons(give_button(one.cohort, one.work)))


def read_already(one: Feedback, learner: Person) -> Message:
    assert one.read_at is not None
    said = phrase("{name} has opened it ({at}), so it stays as it is.", name=learner.name, at=Instant(one.read_at))
    more = _("You can add to it.")
    return message(paragraph(*said, " ", more), buttons(give_button(one.cohort, one.work, _("Add feedback"))))


def never_comes(one: Feedback, learner: Person) -> Message:
    said = _("{name} is not in this cohort any more, so your feedback does not come.", name=learner.name)
    return message(paragraph(said), *words(one, 300), buttons(*_acts(one, one.by)[1:]))


# Work and feedback


def beside(
    cohort: Cohort, piece: Piece, learner: str, names: dict[int, str], reader: int, following: tuple[Piece, str] | None
) -> Message:
    """A piece of work with all that was said about it, in chat and on a page."""
    return message(
        heading(shorten(f"{learner}, {piece.work.title}", 100)),
        *_beside(piece, names, LONGEST),
        buttons(*_row(cohort, piece, reader), _following(cohort.id, following)),
    )


def _beside(piece: Piece, names: dict[int, str], limit: int) -> list[Block | None]:
    work = piece.work
    late = (", ", _("late")) if work.late else ()
    blocks: list[Block | None] = [
        paragraph(*phrase("{what}, {at}", what=Bold(_("Work")), at=Instant(work.changed_at)), *late),
        *work_words(work, limit),
    ]
    for one in piece.given:
        by = names.get(one.by, _("the course team"))
        blocks += [
            paragraph(*phrase("{what} by {name}, {at}", what=Bold(_("Feedback")), name=by, at=Instant(one.at))),
            *words(one, limit),
            note(_read(one)) if one.reply_at is None else None,
        ]
        if one.reply_at is not None:
            blocks += [
                paragraph(*phrase("{what}, {at}", what=Bold(_("Reply")), at=Instant(one.reply_at))),
                quote(one.reply),
            ]
    if piece.is_changed:
        blocks.append(note(_("It was changed after you last looked at it.")))
    elif not piece.waits and not piece.given:
        blocks.append(note(_("Seen by the course team.")))
    elif not piece.given:
        blocks.append(note(_("No feedback yet.")))
    return blocks


def _read(one: Feedback) -> str:
    return _("They have opened it.") if one.read_at else _("They have not opened it yet.")


def _row(cohort: Cohort, piece: Piece, reader: int) -> list[Button]:
    label = _("Add feedback") if piece.given else ""
    seen = Button(_("Seen"), action("seen", cohort.id, f"{piece.work.name}.{stamp(piece.work.changed_at)}"))
    acts = _acts(piece.given[-1], reader) if piece.given else []
    return [give_button(cohort.id, piece.work.name, label), *([seen] if piece.waits else []), *acts]


def queue(
    cohort: Cohort, found: Sequence[tuple[Piece, str]], waiting: int, names: dict[int, str], reader: int, address: str
) -> Message:
    """The page of the queue. `waiting`: how many there are; `address`: of the page of one piece, with its name last."""
    blocks: list[Block | None] = [
        heading(_("Work that waits for feedback")),
        paragraph(
            _n("{n} piece, the oldest first.", "{n} pieces, the oldest first.", waiting)
            if waiting
            else _("Nothing waits. Well done.")
        ),
    ]
    for piece, learner in found:
        blocks += [
            paragraph(Bold(f"{learner}, {shorten(piece.work.title, 100)}")),
            *_beside(piece, names, ON_A_PAGE),
            paragraph(Link(address + piece.work.name, _("Alone on a page"))) if address else None,
            buttons(*_row(cohort, piece, reader)),
        ]
    return message(*blocks, note(_("The course team and the learner alone see this.")))


def link_to_page(address: str) -> Message:
    return way_in(address, _("Work and feedback on a page"))


# In the manager's week, and for the next run


def figures(cohort: Cohort, wait: timedelta | None, before: int, longest: timedelta | None, look: bool) -> list[Figure]:
    """`wait`: the median time to feedback; `before`: how many wait; `longest`: for how long the one that waits
    longest."""
    button = Button(_("Work without feedback"), Action("digests", "pile", cohort.id, f"{PILE}.1").encode())
    more = [_("the longest for {span}", span=say_span(longest))] if longest is not None else []
    if wait is not None:
        waits = [_n("{n} waits", "{n} wait", before), *more] if before else []
        return [
            Figure("feedback/time", _("Feedback after (median)"), wait, wants_a_look=look, button=button, more=waits)
        ]
    if not before:
        return []
    label = _("Work that waits for feedback")
    return [Figure("feedback/waiting", label, before, wants_a_look=look, button=button, more=more)]


def in_numbers(number: int, handed_in: int, wait: timedelta | None) -> str:
    if wait is None:
        return _("no feedback on it yet")
    return _(
        "feedback on {n} of {handed_in}, {span} after they came (median)",
        n=number,
        handed_in=handed_in,
        span=say_span(wait),
    )
