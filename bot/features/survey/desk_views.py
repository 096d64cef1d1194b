"""What the course team reads about a survey: numbers of groups that are large enough, and a proposal."""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from io import StringIO

from bot.core.contributions import DeskItem, Figure, Filed, OpenEnd, Pile, Upcoming
from bot.core.message import (
    Block,
    Button,
    Document,
    Message,
    buttons,
    heading,
    message,
    note,
    paragraph,
    quote,
)
from bot.core.people import Cohort
from bot.core.translation import N_, _, _n
from bot.features.survey.rules import QUESTIONS, Element
from bot.features.survey.store import Advice, Result, on_desk
from bot.features.survey.views import CHOICES, action, title

MINUTES = 3
TOLD_FOR = timedelta(days=14)
SHOWN = 20

ADVICE: Mapping[Advice, str] = {
    "keep": N_("keep"),
    "modify": N_("modify"),
    "remove": N_("remove"),
    "": N_("too few answers to say anything"),
}
DECIDE: Mapping[Advice, str] = {"keep": N_("Keep it"), "modify": N_("Modify it"), "remove": N_("Remove it")}
ASKED = {"came": N_("Came"), "why": N_("Why"), "worth": N_("Worth the time")}


def element(result: Result) -> Element:
    return Element(result.element, result.title)


def advised(result: Result) -> str:
    return _(ADVICE[result.advice])


def reasons(result: Result) -> list[str]:
    """'Worth the time: Yes 6, No 5 (of 11)'. Groups that are too small are left out."""
    found = []
    for question in QUESTIONS:
        if chosen := result.figures.get(question):
            in_order = sorted(chosen, key=lambda value: -chosen[value])
            listed = ", ".join(f"{_(CHOICES[value])} {chosen[value]}" for value in in_order)
            found.append(_("{asked}: {listed} (of {n})", asked=_(ASKED[question]), listed=listed, n=result.answered))
    return found


def line(result: Result) -> str:
    """'Tasting: remove. 11 of 14 answered. Worth the time: …'"""
    said = _(
        "{title}: {advice}. {answered} of {asked} answered.",
        title=title(element(result)),
        advice=advised(result),
        answered=result.answered,
        asked=result.asked,
    )
    return " ".join([said, *(f"{reason}." for reason in reasons(result))])


def page(cohort: Cohort, found: Sequence[tuple[Result, Sequence[str]]], open_: bool) -> Message:
    """`found`: results with the words that the reader may read. `open_`: it can still be decided."""
    blocks: list[Block | None] = []
    for result, words in found:
        blocks += [
            paragraph(line(result)),
            *(quote(text) for text in words[:SHOWN]),
            note(_n("And {n} more.", "And {n} more.", len(words) - SHOWN)) if len(words) > SHOWN else None,
            buttons(*_choices(cohort, result)) if open_ and result.advice and not result.decided else None,
        ]
    return message(
        heading(_("What the survey says")),
        note(_("Groups that are too small are left out, and the next smallest with them.")),
        *blocks,
        note(_("The words are deleted once you have decided.")) if open_ else None,
    )


def _choices(cohort: Cohort, result: Result) -> list[Button]:
    mark = element(result).mark
    return [
        Button(_(label), action("decide", cohort.id, f"{mark}.{name}"), "primary" if name == result.advice else "plain")
        for name, label in DECIDE.items()
    ]


def decided(result: Result) -> Message:
    return message(
        paragraph(
            _("Noted for the next run: {title}, {advice}.", title=title(element(result)), advice=advised(result))
        ),
        note(_("It stands in the next run's course file. The words about it are deleted.")),
    )


def look_button(cohort: Cohort) -> Button:
    return Button(_("Look and decide"), action("look", cohort.id))


def pile(cohort: Cohort, found: Sequence[Result], since: datetime) -> Pile:
    items = [
        DeskItem(
            on_desk(cohort.id, element(r).mark), since, (line(r),), buttons=(look_button(cohort),), minutes=MINUTES
        )
        for r in found
    ]
    return Pile("survey", (_("What the survey says"),), items, can_be_seen=True)


def dealt_with(result: Result) -> str:
    return _("Decided for the next run: {title}", title=title(element(result)))


def figures(cohort: Cohort, found: Sequence[Result]) -> Figure:
    answered = max(r.answered for r in found)
    more = [f"{title(element(r))}: {advised(r)}" for r in found]
    asked = max(r.asked for r in found)
    return Figure("survey/result", _("Survey answers"), answered, asked, button=look_button(cohort), more=more)


def news(found: Sequence[Result]) -> str:
    """For a manager, after the last week that they read about."""
    listed = "; ".join(f"{title(element(r))}: {advised(r)}" for r in found)
    return _("The survey is in. {listed}.", listed=listed)


def waiting(cohort: Cohort) -> Upcoming:
    return Upcoming((_("The survey is in"),), None, look_button(cohort))


def open_end(answered: int, asked: int) -> OpenEnd:
    said = _(
        "The survey: {answered} of {asked} have answered. It closes with the cohort.", answered=answered, asked=asked
    )
    return OpenEnd((said,), stays=False)


def evidence(result: Result) -> str:
    """The drafted change, for the next run's course file."""
    if not result.advice:
        return _("survey: too few answers to say anything")
    drafted = {
        "keep": _("survey: keep it"),
        "modify": _("survey: modify it"),
        "remove": _("survey: remove it"),
    }[result.advice]
    return "; ".join([drafted, *reasons(result)])


def filed(found: Sequence[Result]) -> Filed:
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(("element", "title", "advice", "answered", "asked", "question", "choice", "number"))
    for r in found:
        head = (r.element or "course", _cell(r.title), r.advice, r.answered, r.asked)
        numbers = [(q, value, n) for q, chosen in r.figures.items() for value, n in chosen.items()]
        rows.writerows([*head, *number] for number in numbers or [("", "", 0)])
    return Filed(Document("survey.csv", out.getvalue()), _("what the survey said, in groups that are large enough"))


def _cell(text: str) -> str:
    """Escaped so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
