"""What questions say on the desk and in the manager's week."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.contributions import DeskItem, Figure, Listing, Pile, Urgency
from bot.core.message import Bold, Button, Inline, Italic, shorten
from bot.core.people import Cohort
from bot.core.ports import Suggestion
from bot.core.translation import _, _n
from bot.features.questions.store import Kind, Question, Response
from bot.features.questions.views import act, of, replies

MINUTES_A_QUESTION = 5
MINUTES_A_NOTE = 2


def pile(kind: Kind, items: Sequence[DeskItem], number: int, late: int, promised: timedelta) -> Pile:
    """Questions that wait, private ones, or notes: `number` in all, `late` of them longer than promised."""
    if kind == "note":
        title = _n(
            "1 note was written to the course team alone", "{n} notes were written to the course team alone", number
        )
        return Pile("questions/notes", (title,), items)
    private = kind == "private"
    waits = (
        _n("1 private question waits", "{n} private questions wait", number)
        if private
        else _n("1 question waits", "{n} questions wait", number)
    )
    over = _(", {late} of them for over {hours} h", late=late, hours=hours(promised)) if late else ""
    return Pile(
        "questions/private" if private else "questions/public",
        (waits + over,),
        items,
        minutes=MINUTES_A_QUESTION * (number - len(items)),
        urgency=Urgency.OVERDUE if late else Urgency.DUE,
    )


def item(
    question: Question, asker: str | None, taker: str | None, known: Suggestion | None, word: Response | None
) -> DeskItem:
    """`known` is the FAQ entry that most likely answers it."""
    text: list[Inline] = [asker or _("without a name")]
    text += [f", {replies(question.replies)}"] if question.replies else []
    text += [_("; no reply has helped yet")] if question.guess == "not_yet" else []
    text += [_("; {taker} has it", taker=taker)] if taker is not None else []
    look, reply = Button(_("Look"), of(question, "open")), Button(_("Reply"), of(question, "reply"))
    take = [Button(_("I take it"), of(question, "take"))] if taker is None else []
    name = f"questions/{question.id}"
    if question.kind == "note":
        read = Button(_("Mark as read"), of(question, "seen"))
        answers = (_("Answers: "), Italic(shorten(word.text, 80))) if word is not None else ()
        return DeskItem(name, question.asked_at, tuple(text), question.text, answers, (reply, read), MINUTES_A_NOTE)
    hint: tuple[Inline, ...] = ()
    acts = [reply, look, *take] if question.private else [look, *take]
    if known is not None:
        hint = (_("Like FAQ {entry}: ", entry=known.entry), Italic(shorten(known.question.partition("\n")[0], 80)))
        acts.insert(0, Button(_("Send it"), of(question, "send", f".{known.entry}")))
    minutes = MINUTES_A_QUESTION if taker is None else 0
    return DeskItem(name, question.asked_at, tuple(text), question.text, hint, acts, minutes)


def promise(in_time: int, asked: int, promised: timedelta, late: int) -> Pile | None:
    """'17 of 19 answered within 24 h this week.'"""
    if not asked:
        return None
    praise = _(" Well done.") if in_time == asked and not late else ""
    said = _(
        "{in_time} of {asked} answered within {hours} h this week.{praise}",
        in_time=in_time,
        asked=asked,
        hours=hours(promised),
        praise=praise,
    )
    return Pile("questions/promise", (said,), urgency=Urgency.FOR_INFORMATION)


def hours(span: timedelta) -> int:
    return round(span.total_seconds() / 3600)


def outline(common: Sequence[Question], solved: Sequence[tuple[Question, Response]]) -> list[Listing]:
    """`solved`: questions with their marked answers."""
    good = [(Bold(shorten(q.text, 60)), " ", shorten(a.text, 160)) for q, a in solved]
    asked = [(shorten(q.text, 120),) for q in common]
    return [Listing(_("Common this week"), asked, numbered=True), Listing(_("Good answers"), good)]


def figures(cohort: Cohort, asked: int, before: int, wait: timedelta | None, overdue: int) -> list[Figure]:
    """`wait`: the median time to the first answer, None if there was none."""
    found = [Figure("questions/asked", _("Questions asked"), asked, before=before)]
    if wait is not None:
        found.append(Figure("questions/wait", _("First answer after (median)"), wait))
    see = Button(_("See questions"), act("queue", cohort.id, "late"))
    found.append(
        Figure("questions/overdue", _("Questions waiting too long"), overdue, wants_a_look=overdue > 0, button=see)
    )
    return found
