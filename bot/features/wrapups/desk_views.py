"""What wrap-ups say to the course team."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.actions import LIMIT, Action
from bot.core.contributions import DeskItem, Figure, Passage, Pile, Urgency
from bot.core.message import (
    Block,
    Bold,
    Button,
    Document,
    Inline,
    Instant,
    Italic,
    Message,
    Quote,
    Text,
    bullets,
    buttons,
    fields,
    heading,
    message,
    note,
    paragraph,
    shorten,
)
from bot.core.people import Cohort
from bot.core.time import say
from bot.core.translation import N_, _, _n, phrase
from bot.features.wrapups.rules import figure
from bot.features.wrapups.store import Answer, Round, Tally, desk_name, usual_week
from bot.features.wrapups.views import tallied

A_PAGE = 10
"""Answers on one page."""

NAMED = 60
"""Learners who are named in a list; a file has all."""


def _button(label: str, name: str, cohort: int, subject: str = "") -> Button:
    return Button(label, Action("wrapups", name, cohort, subject).encode())


def week(
    cohort: Cohort,
    now: Round | None,
    before: Round | None,
    tallies: Mapping[int, Tally],
    paused_at: datetime | None,
    lines: Sequence[Text] = (),
) -> Message:
    """The open or next round, and the newest that was asked. `lines`: what other features say of the week."""
    blocks: list[Block] = []
    if now is not None:
        blocks.append(heading(now.name))
        if now.state == "open":
            blocks.append(
                paragraph(
                    *phrase("{what}. Open until {at}.", what=Bold(_said(tallies[now.id])), at=Instant(now.closes_at))
                )
            )
        else:
            blocks.append(
                paragraph(
                    _(
                        "Opens {at} by the cohort's clock, for each learner by their own.",
                        at=say(now.opens_at, cohort.zone),
                    )
                )
            )
    else:
        blocks.append(paragraph(_("No wrap-up is ahead any more.")))
    if before is not None and before != now:
        blocks.append(paragraph(_("Before: {title}, {said}.", title=before.name, said=_said(tallies[before.id]))))
    if paused_at is not None:
        blocks.append(
            paragraph(
                *phrase(
                    "{what} since {at}: no prompt goes out until you resume.",
                    what=Bold(_("Paused")),
                    at=Instant(paused_at),
                )
            )
        )
    ahead = now is not None and now.by_hand_at is None
    subject = str(now.id) if now else ""
    return message(
        *blocks,
        bullets(*lines) if lines else None,
        buttons(
            _button(_("Preview"), "preview", cohort.id, subject) if now else None,
            _button(_("Post now"), "post", cohort.id, subject) if ahead and paused_at is None else None,
            _pause(cohort, paused_at) if now or paused_at else None,
            _button(_("Who is missing"), "missing", cohort.id, str(before.id)) if before else None,
            _button(_("Answers"), "answers", cohort.id, str(before.id)) if before else None,
        ),
        buttons(
            *(Button(_(label), elsewhere(cohort, show).encode()) for show, (label, *__) in _ELSEWHERE.items()),
            Button(_("Next week's card"), Action("weekcard", "preview", cohort.id).encode()),
        ),
    )


def _pause(cohort: Cohort, paused_at: datetime | None) -> Button:
    return _button(_("Pause"), "pause", cohort.id) if paused_at is None else _button(_("Resume"), "resume", cohort.id)


_ELSEWHERE = {
    "milestones": (N_("Milestones"), "milestones", "funnel"),
    "extend": (N_("Extend a date"), "milestones", "extend"),
    "move": (N_("Move the start"), "revisions", "dates"),
}
"""Other features' actions for a week: a button's label, the feature, and the action's name there."""


def elsewhere(cohort: Cohort, show: str) -> Action:
    _, feature, name = _ELSEWHERE[show]
    return Action(feature, name, cohort.id)


def _said(tally: Tally) -> str:
    late = [_("{late} late", late=tally.late)] if tally.late else []
    return ", ".join((tallied(tally), *late))


def missing(round: Round, in_time: Sequence[str], over: Sequence[str], earlier: Round | None) -> Message:
    if not in_time and not over:
        text: Block = paragraph(_("Everybody has answered."))
    else:
        number = len(in_time) + len(over)
        text = paragraph(_n("1 has not answered.", "{n} have not answered.", number))
    return message(
        heading(_("{title}: who is missing", title=round.name)),
        text,
        fields(
            *(((_("Still in time"), _named(in_time)),) if in_time else ()),
            *(((_("Their time is over"), _named(over)),) if over else ()),
        )
        if in_time or over
        else None,
        Document("missing.txt", "\n".join([*in_time, *over, ""])) if max(len(in_time), len(over)) > NAMED else None,
        note(_("Only the course team sees this.")),
        buttons(
            _button(_("Week {week}", week=earlier.week), "missing", round.cohort, str(earlier.id)) if earlier else None
        ),
    )


def _named(names: Sequence[str]) -> str:
    listed, more = ", ".join(names[:NAMED]), len(names) - NAMED
    return _("{listed} and {more} more: see the file", listed=listed, more=more) if more > 0 else listed


def answers(
    round: Round,
    found: Sequence[Answer],
    names: Mapping[int, str],
    page: int,
    smallest_group: int,
    earlier: Round | None,
    everything: bool,
) -> Message:
    """A page of answers, each with its author; `everything`: with what is for the instructors alone."""
    last = max(1, -(-len(found) // A_PAGE))
    page = min(max(page, 1), last)
    shown = found[(page - 1) * A_PAGE : page * A_PAGE]
    figures = [(shorten(q.text, 120), f) for q in round.questions if (f := figure(q, found, smallest_group))]
    blocks: list[Block] = []
    for answer in shown:
        blocks += [
            paragraph(Bold(names.get(answer.person, _("Somebody who left"))), *_marks(answer)),
            _all(round, answer, everything),
        ]
    return message(
        heading(
            _("{title}: answers, page {page} of {last}", title=round.name, page=page, last=last)
            if last > 1
            else _("{title}: answers", title=round.name)
        ),
        bullets(*((f"{label}: {f}",) for label, f in figures)) if page == 1 else None,
        *blocks,
        paragraph(_("No answers yet.")) if not found else None,
        note(
            _("With what is for instructors only. Only the course team sees this.")
            if everything
            else _("Without what is for instructors only. Only the course team sees this.")
        ),
        buttons(
            _button(_("Back"), "answers", round.cohort, f"{round.id}.{page - 1}") if page > 1 else None,
            _button(_("More"), "answers", round.cohort, f"{round.id}.{page + 1}") if page < last else None,
            _button(_("Week {week}", week=earlier.week), "answers", round.cohort, str(earlier.id)) if earlier else None,
        ),
    )


def _marks(answer: Answer) -> list[Inline]:
    marks = (
        _("begun") if answer.begun else _("late") if answer.late else _("edited late") if answer.changed_late else ""
    )
    return [f", {marks}" if marks else "", ", ", Instant(answer.changed_at)]


def _all(round: Round, answer: Answer, everything: bool) -> Quote:
    lines: list[Inline] = []
    for question in round.questions:
        if (everything or question.audience == "cohort") and (text := answer.values.get(question.id)):
            asked = shorten(question.text, 80)
            if question.audience == "instructors":
                asked = _("{question} (instructors only)", question=asked)
            lines += [Italic(asked), "\n", text, "\n"]
    return Quote(tuple(lines[:-1]))


# On the desk, and in the manager's week

MINUTES_AN_ANSWER = 3
FEW = 2
"""A number of people that encourages is at least this."""


def private_answers(items: Sequence[DeskItem]) -> Pile:
    title = (_("Told to the instructors alone in a wrap-up"),)
    return Pile("wrapups/private", title, items, urgency=Urgency.DUE, can_be_seen=True)


def private_answer(round: Round, answer: Answer, name: str, told: Sequence[tuple[str, str]]) -> DeskItem:
    """`told`: what it says to instructors only, by question."""
    about = shorten(_("your {title}", title=round.name), LIMIT - 60)
    reply = Action("questions", "write", round.cohort, f"{answer.person}.{about}").encode()
    return DeskItem(
        name=desk_name(answer),
        since=answer.changed_at,
        text=(f"{name}, {round.name}: ", Italic(shorten(told[0][0], 80))),
        words="\n".join(words for _, words in told),
        buttons=(Button(_("Reply"), reply), _button(_("Open"), "answers", round.cohort, str(round.id))),
        minutes=MINUTES_AN_ANSWER,
    )


def came(round: Round, came: int, base: int) -> Passage | None:
    """For the instructor's recap: how many have answered, if that encourages."""
    if came < FEW or 2 * came < base:
        return None
    text = _("{came} of you have sent in “{title}”. Thank you.", came=came, title=round.name)
    return Passage(f"wrapups/came/{round.id}", "numbers", text)


def stuck(number: int, told: bool) -> Passage:
    """`told`: they are enough to be counted."""
    said = _(
        "{number} of you told me in the wrap-up where it is hard. You are not alone with that, and I read it all.",
        number=number,
    )
    return Passage("wrapups/stuck", "stuck", said if told else "")


def answered(round: Round, counted: tuple[int, int], before: Sequence[tuple[int, int]], few: bool) -> Figure:
    """`counted`: (who answered, of those who could); `before`: the same for the previous round, if there was one.
    `few`: fewer than the course wants."""
    came, base = counted
    missing = _button(
        _("Who is missing: {title}", title=shorten(round.name, 40)), "missing", round.cohort, str(round.id)
    )
    if usual_week(round.title) is not None:
        label = _("Week {week} wrap-ups", week=round.week)
    else:
        label = _("Answered “{title}”", title=round.name)
    return Figure(
        "wrapups/answered",
        label,
        came,
        base,
        before[0][0] if before else None,
        wants_a_look=few,
        button=missing,
        dated=True,
    )
