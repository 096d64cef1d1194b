"""The queue of questions on a page: all that waits in a table, and the oldest with what can be done."""

from collections.abc import Mapping, Sequence

from bot.core.contributions import DeskItem
from bot.core.message import (
    Block,
    Cell,
    Inline,
    Instant,
    Jump,
    Message,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
    table,
)
from bot.core.people import INSTRUCTORS
from bot.core.plain import plain_text
from bot.core.time import say_span
from bot.core.translation import N_, _, _n
from bot.core.typed import excerpt
from bot.features.questions import rules
from bot.features.questions.marking import asker_name, unposted
from bot.features.questions.reporting import on_the_desk
from bot.features.questions.store import NOTES, PRIVATE, PUBLIC, Kind, Question, feature
from bot.features.questions.waiting import Questions

LISTED = 2000
"""Questions in the table, the oldest."""

ACTS = 15
"""Of these with their buttons: those dealt with make room for the next."""

WORDS = 1500
"""Characters of the words of each."""

WHERE: dict[Kind, str] = {
    "questions": N_("in the channel"),
    "main": N_("in the main channel"),
    "private": N_("privately"),
    "note": N_("a note"),
}


@feature.page(
    "questions/{cohort}",
    title=N_("Questions that wait"),
    roles=INSTRUCTORS,
    tab=N_("Questions"),
)
def show_queue(turn: Questions, asked: Mapping[str, str]) -> Message:
    found = turn.store.unsolved(turn.here.id, (*PUBLIC, *PRIVATE, *NOTES), LISTED)
    if not found:
        return message(paragraph(_("No question waits for an answer.")))
    items = [item for pile in on_the_desk(turn, turn.here, turn.me) for item in pile.items]
    columns = (
        ("question", _("Question")),
        ("asker", _("From")),
        ("asked_at", _("Asked")),
        ("waits", _("Waits for the team")),
        ("replies", _("Replies")),
        ("taken_by", _("Taken by")),
        ("where", _("Where")),
    )
    return message(
        paragraph(_n("{n} waits.", "{n} wait.", len(found))),
        note(_("Only instructors read this page. Nobody sees who asked without their name.")),
        table("questions", _("All that wait, the oldest first"), columns, _rows(turn, found)),
        *(block for item in sorted(items, key=lambda one: one.since)[:ACTS] for block in _act(item)),
    )


def _rows(turn: Questions, found: Sequence[Question]) -> list[tuple[Cell | Inline | None, ...]]:
    last, absent = turn.store.last_words([q.id for q in found if q.replies]), unposted(turn, found)
    turn.people.fetch({q.asker for q in found} | {q.taken_by for q in found if q.taken_by is not None})
    rows: list[tuple[Cell | Inline | None, ...]] = []
    for one in found:
        since = rules.waits_since(one, last.get(one.id))
        waits = say_span(turn.uptime.since(since)) if since is not None else None
        taker = turn.people.person(one.taken_by).name if one.taken_by is not None else None
        said, where = shorten(one.text, 160), _(WHERE[one.kind])
        public = not one.private and one.id not in absent
        link = Jump(f"page/{one.id}" if one.plain else one.root, where, one.ref if one.plain else None)
        name = asker_name(turn, one) or _("without a name")
        rows.append((said, name, Instant(one.asked_at), waits, one.replies, taker, link if public else where))
    return rows


def _act(item: DeskItem) -> Sequence[Block | None]:
    return (
        heading(plain_text(item.text)),
        quote(excerpt(item.words, WORDS)) if item.words else None,
        bullets(item.hint) if item.hint else None,
        buttons(*item.buttons),
    )
