"""What questions say on the desk and in the manager's week."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.causes import why_not_posted
from bot.core.contributions import DeskItem, Figure, Passage, Pile, Quote, Urgency
from bot.core.message import (
    Bold,
    Button,
    Inline,
    Italic,
    Jump,
    Message,
    Text,
    bullets,
    buttons,
    message,
    note,
    paragraph,
    shorten,
)
from bot.core.people import Cohort
from bot.core.ports import Suggestion
from bot.core.translation import N_, _, _n, phrase
from bot.core.turn import Held
from bot.features.questions.store import Kind, Question, Response
from bot.features.questions.views import act, of, replies, send_privately, team_acts

MINUTES_A_QUESTION = 5
MINUTES_A_NOTE = 2
ENCOURAGES = 3
"""Questions that encourage to ask, if all were answered."""


_TITLES = {"questions": N_("Questions"), "private": N_("Private questions"), "note": N_("Notes to the course team")}
_PILES = {"questions": "public", "private": "private", "note": "notes"}


def pile(
    cohort: Cohort, kind: Kind, items: Sequence[DeskItem], number: int, late: bool, closable: bool, mine: bool
) -> Pile:
    """Questions that wait, private ones, or notes: `number` in all. `late`: one waits longer than promised.
    `closable`: some are old and have replies. `mine`: one answers what the reader wrote, or is theirs to answer."""
    urgency = Urgency.DUE if mine else Urgency.USUAL
    if kind != "note":
        urgency = Urgency.OVERDUE if late else Urgency.DUE
    close = Button(_("Close old ones with a reply"), act("close_replied", cohort.id, kind))
    return Pile(
        f"questions/{_PILES[kind]}",
        (_(_TITLES[kind]),),
        items,
        number - len(items),
        buttons=(close,) if closable else (),
        urgency=urgency,
    )


def lost(
    cohort: Cohort,
    posts: Sequence[tuple[Question, Response | None, str | None, datetime, str]],
    names: Mapping[int, str],
) -> Pile:
    """What people wrote for a channel that could not be posted: questions, and replies to them, each with its author,
    since when and why. `names`: the asker of each question that has a name."""
    items = []
    for question, response, name, since, why in posts:
        title = shorten(question.text, 60)
        by = name or _("without a name")
        text = _("{by}, a reply to “{title}”", by=by, title=title) if response else _("{by}, a question", by=by)
        again = Button(_("Post it again"), act("post_again", cohort.id, lost_name(question, response)))
        own = response is None or response.own
        ways = (
            (again,) if own or response is None else (again, send_privately(response, names.get(question.id), cohort))
        )
        words = response.text if response else question.text
        cause = why_not_posted(why, response is not None)
        items.append(
            DeskItem(
                f"lost/{lost_name(question, response)}",
                since,
                (text,),
                words,
                hint=(cause,) if cause else (),
                buttons=ways,
                minutes=1,
            )
        )
    return Pile("questions/lost", (_("Could not be posted"),), items, urgency=Urgency.DUE, can_be_seen=True)


def where(question: Question, absent: bool, held: Mapping[str, Held], waits: Response | None, gone: bool) -> Text:
    """Where a question is to be read. `absent`: it is not in its channel. `held`: why posts are not there. `waits`: a
    reply of the course team that is not. `gone`: its thread is not there any more."""
    if question.private:
        return ()
    if absent:
        return (
            ", ",
            _("not posted: the chat's filter stops its words")
            if _filtered(question.root, held)
            else _("not posted yet"),
        )
    text: Text = (", ", Jump(question.root, _("see the thread"), question.ref if question.plain else None))
    if gone:
        text = (", ", _("its thread is not there any more"))
    if waits is None:
        return text
    filtered = _("a reply is not posted: the chat's filter stops its words")
    return (*text, "; ", filtered if _filtered(waits.anchor, held) else _("a reply waits to be posted"))


def _filtered(anchor: str, held: Mapping[str, Held]) -> bool:
    return anchor in held and held[anchor].why == "filtered"


def lost_name(question: Question, response: Response | None) -> str:
    return f"r{response.id}" if response is not None else f"q{question.id}"


def not_lost() -> str:
    return _("This is posted already, was sent privately, or was taken back.")


def posts_again(question: Question, response: Response | None) -> Message:
    what = _("The reply to “{title}”", title=shorten(question.text, 60)) if response else _("The question")
    return message(paragraph(_("{what} is on its way to the channel again. You hear if it is refused.", what=what)))


def item(
    question: Question,
    asker: str | None,
    taker: str | None,
    known: Suggestion | None,
    word: Response | None,
    again: Response | None,
    late: timedelta,
    held: bool,
    mine: bool,
    movable: bool,
    where: Text,
    answered: Response | None,
) -> DeskItem:
    """`known` is the FAQ entry that most likely answers it, `again` what the asker wrote after the last reply. `late`:
    by how much it waits longer than promised; not above zero if it does not: what is answered within exactly the
    promised time is in time. `held`: there is nothing to do for its reader, because another
    instructor has taken it or somebody has replied. `mine`: `taker` is its reader.
    `movable`: the course has dates that can be moved for a learner. `where`: where it is to be read. `answered`: the
    reply of somebody else after which its asker waits for nobody."""
    text: list[Inline] = [asker or _("without a name")]
    text += [", ", _("seen in the main channel")] if question.state == "elsewhere" else []
    text += [f", {replies(question.replies)}"] if question.replies else []
    text += ["; ", _("no reply has helped yet")] if question.guess == "not_yet" else []
    is_late = late > timedelta(0)
    text += [", ", _("longer than promised")] if is_late else []
    if taker is not None:
        text += ["; ", _("you have it") if mine else _("{taker} has it", taker=taker)]
    text += where
    hint: tuple[Inline, ...] = ()
    if again is not None:
        hint = phrase("Wrote again: {text}", text=Italic(shorten(again.text, 120)))
    elif word is not None:
        hint = phrase("Answers: {text}", text=Italic(shorten(word.text, 80)))
    elif known is not None:
        hint = phrase(
            "Like FAQ {entry}: {question}",
            entry=known.entry,
            question=Italic(shorten(known.question.partition("\n")[0], 80)),
        )
    name = f"questions/{question.id}"
    broken = is_late and not held
    parts = [f"{name}/late"] if broken else []
    parts += [f"{name}/again/{again.id}"] if again is not None else []
    parts += [f"{name}/not_yet"] if question.guess == "not_yet" else []
    parts += [f"{name}/faq/{known.entry}"] if known is not None else []
    return DeskItem(
        name=name,
        since=again.at if again is not None else question.asked_at,
        text=tuple(text),
        words=question.text,
        hint=hint,
        buttons=_acts(question, taker, known, movable, answered),
        minutes=0 if held else MINUTES_A_NOTE if question.kind == "note" or known else MINUTES_A_QUESTION,
        parts=parts,
        quick=known is not None,
        stands=broken,
        replied=answered is not None,
    )


def _acts(
    question: Question, taker: str | None, known: Suggestion | None, movable: bool, answered: Response | None
) -> list[Button]:
    send = [Button(_("Send it"), of(question, "send", f".{known.entry}"))] if known is not None else []
    acts = team_acts(question, taken=taker is not None, movable=movable and known is None, answered=answered)
    return [*send, *acts, Button(_("Open"), of(question, "open"))]


CLOSED = 10
"""Questions named in a receipt."""


def closed(found: Sequence[Question]) -> Message:
    if not found:
        return message(paragraph(_("No question with a reply has been quiet for two weeks.")))
    return message(
        paragraph(Bold(_n("1 question is closed.", "{n} questions are closed.", len(found)))),
        bullets(*((shorten(q.text, 120),) for q in found[:CLOSED])),
        note(_("Whoever asked is told, and can open theirs again; so can you.")),
        buttons(*(Button(_("Open {n} again", n=n), of(q, "restore")) for n, q in enumerate(found[:CLOSED], 1))),
    )


def promise(in_time: int, asked: int, promised: timedelta, well: bool) -> Pile | None:
    """'17 of 19 got a reply within 24 h this week.' `well`: nothing waits longer, and no reply was of no help."""
    if not asked:
        return None
    praise = " " + _("Well done.") if in_time == asked and well else ""
    said = _(
        "{in_time} of {asked} got a reply within {hours} h this week.{praise}",
        in_time=in_time,
        asked=asked,
        hours=hours(promised),
        praise=praise,
    )
    return Pile("questions/promise", (said,), urgency=Urgency.FOR_INFORMATION)


def hours(span: timedelta) -> int:
    return round(span.total_seconds() / 3600)


def common(found: Sequence[Question], agreed: Mapping[int, str]) -> list[Passage]:
    """For the instructor's recap: what most people wrote about. `agreed`: whose words may be quoted."""
    asked = [Quote(q.asker, shorten(q.text, 140)) for q in found if _may_quote(q, agreed)]
    if len(asked) > 1:
        text = _(
            "Two questions of this week: “{one}” And: “{other}” Their threads have what came of them.",
            one=asked[0].words,
            other=asked[1].words,
        )
    elif asked:
        question = asked[0].words
        text = _("One question of this week was: “{question}” Its thread has what came of it.", question=question)
    elif found:
        text = _n(
            "1 question of this week got you talking. Its thread has what came of it.",
            "You wrote most about {n} questions of this week. Their threads have what came of them.",
            len(found),
        )
    else:
        return []
    return [Passage("questions/common", "questions", text, quotes=asked[:2])]


def _may_quote(question: Question, agreed: Mapping[int, str]) -> bool:
    return bool(question.text) and question.asker in agreed and not question.anonymous and not question.private


def well_answered(question: Question, answer: Response, agreed: Mapping[int, str]) -> Passage:
    """For the instructor's recap: a good answer. `agreed`: who may be named and quoted, with their names."""
    asked, said = shorten(question.text, 90), shorten(answer.text, 160)
    quotes = [Quote(question.asker, asked)] if _may_quote(question, agreed) else []
    name = agreed.get(answer.author) if answer.author is not None else None
    if name and said and answer.author is not None:
        text = (
            _("{name} answered “{question}” so: “{answer}” Thank you.", name=name, question=asked, answer=said)
            if quotes
            else _("{name} answered a question of this week so: “{answer}” Thank you.", name=name, answer=said)
        )
        quotes.append(Quote(answer.author, said))
    elif quotes:
        text = _("“{question}” got a good answer from one of you. Thank you for that.", question=asked)
    else:
        text = _("A question of this week got a good answer from one of you. Thank you for that.")
    return Passage(f"questions/answer/{question.id}", "answers", text, rank=2, quotes=quotes)


def all_answered(asked: int, answered: int) -> list[Passage]:
    """For the instructor's recap: a number that encourages to ask."""
    if asked < ENCOURAGES or answered < asked:
        return []
    text = _n("{n} question was asked, and got a reply.", "{n} questions were asked, and all got a reply.", asked)
    return [Passage("questions/answered", "numbers", text)]


def still_waiting(waiting: int) -> list[Passage]:
    """For the instructor's recap: how many questions of the week in the channel nobody has answered."""
    if not waiting:
        return []
    text = _n(
        "As I say this, {n} question of this week waits for a reply. If you know something about it, write below it.",
        "As I say this, {n} questions of this week wait for a reply. If you know something about one, write below it.",
        waiting,
    )
    return [Passage("questions/waiting", "questions", text)]


def figures(
    cohort: Cohort,
    asked: tuple[int, int],
    wait: tuple[timedelta | None, timedelta | None],
    answers: int,
    slow: bool,
    overdue: int,
) -> list[Figure]:
    """`wait`: the median time to the first reply, None if there was none. Both are of these seven days, and of those
    before, over so many answers. `slow`: it is longer than promised."""
    found = [Figure("questions/asked", _("Questions asked"), asked[0], before=asked[1], dated=True)]
    if wait[0] is not None:
        label = _("First reply after (median)")
        found.append(
            Figure(
                "questions/wait",
                label,
                wait[0],
                before=wait[1],
                wants_a_look=slow,
                button=Button(_("What took so long"), act("slow", cohort.id)),
                more=(_n("of {n} answer", "of {n} answers", answers),),
                dated=True,
            )
        )
    see = Button(_("See questions"), act("queue", cohort.id, "late"))
    label = _("Questions waiting too long")
    return [*found, Figure("questions/overdue", label, overdue, wants_a_look=overdue > 0, button=see)]
