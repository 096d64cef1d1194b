"""What the course team reads about a survey: numbers of groups that are large enough, and a proposal."""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from io import StringIO

from bot.core.contributions import Attended, DeskItem, Figure, Filed, OpenEnd, Pile, Upcoming
from bot.core.message import (
    Block,
    Button,
    Document,
    Message,
    Text,
    buttons,
    heading,
    message,
    note,
    paragraph,
    quote,
    with_code,
)
from bot.core.people import Cohort
from bot.core.translation import N_, _
from bot.features.survey import rules
from bot.features.survey.rules import QUESTIONS, Beside, Element, is_unanswered
from bot.features.survey.store import Advice, Result, on_desk
from bot.features.survey.views import GROUPS, action, title

MINUTES = 3
TOLD_FOR = timedelta(days=14)
ON_A_PAGE = 20
"""Words of one element on a page."""

ADVICE: Mapping[Advice, str] = {
    "keep": N_("keep"),
    "modify": N_("modify"),
    "remove": N_("remove"),
    "": N_("nothing is proposed"),
}
FEW = N_("too few answers to say anything")
DECIDE: Mapping[Advice, str] = {"keep": N_("Keep it"), "modify": N_("Modify it"), "remove": N_("Remove it")}
INSTEAD: Mapping[Advice, str] = {
    "keep": N_("Keep it instead"),
    "modify": N_("Modify it instead"),
    "remove": N_("Remove it instead"),
}
ASKED = {"came": N_("Came"), "why": N_("Why"), "worth": N_("Worth the time")}


def element(result: Result) -> Element:
    return Element(result.element, result.title)


def advised(result: Result) -> str:
    return _(ADVICE[result.advice])


def reasons(result: Result) -> list[str]:
    """'Worth the time: Yes 6, No 5 (of 11)'. Groups that are too small are left out."""
    found = []
    for question in QUESTIONS:
        chosen = result.figures.get(question, {})
        if chosen and is_unanswered(chosen, result.answered):
            found.append(_("{asked}: nobody said", asked=_(ASKED[question])))
        elif chosen:
            in_order = sorted(sorted(chosen, key=list(GROUPS).index), key=lambda value: -chosen[value])
            listed = ", ".join(f"{_(GROUPS[value])} {chosen[value]}" for value in in_order)
            found.append(_("{asked}: {listed} (of {n})", asked=_(ASKED[question]), listed=listed, n=result.answered))
    return found


def line(result: Result, smallest: int) -> str:
    """'Tasting: remove. 11 of 14 answered. Worth the time: …'; without figures why there are none."""
    said = _(
        "{title}: {advice}. {answered} of {asked} answered.",
        title=title(element(result)),
        advice=_said(result, smallest),
        answered=result.answered,
        asked=result.asked,
    )
    why = []
    if result.answered < smallest:
        why = [_("Figures are shown from {n} answers on.", n=smallest)]
    elif not (worth := result.figures.get("worth", {})) or not (result.advice or is_unanswered(worth, result.answered)):
        asked = _(ASKED["worth"])
        why = [_("{asked}: the answers differ, and groups of fewer than {n} are not shown.", asked=asked, n=smallest)]
    return " ".join([said, *(f"{reason}." for reason in reasons(result)), *why])


_BESIDE: Mapping[Beside, str] = {
    "few": N_("That is too few people to set beside the survey."),
    "unsaid": N_("The survey shows too little to set beside that."),
    "keep": N_("Both speak for it."),
    "change": N_("Both speak for a change."),
    "worth": N_("They differ: few came, and the survey speaks for it."),
    "not_worth": N_("They differ: enough came, and the survey speaks for a change."),
}


def beside(result: Result, attended: Sequence[Attended]) -> str:
    """What attendance said of a session, or of the last one of a series, beside what the survey says."""
    last = attended[-1]
    said = [_("Attendance: {says}.", says=last.says), _(_BESIDE[rules.beside(result, last.worth_it)])]
    more = rules.came_more(result, last.came) if len(attended) == 1 else 0
    if more:
        counted = _("{n} say that they came, and {came} were counted: not everybody pressed.", n=more, came=last.came)
        said.append(counted)
    return " ".join(said)


def page(
    cohort: Cohort,
    found: Sequence[tuple[Result, Sequence[str]]],
    attended: Mapping[str, Sequence[Attended]],
    smallest: int,
    open_: bool,
) -> Message:
    """`found`: results with the words that the reader may read. `attended`: by the name of the result, the earliest
    first. `open_`: it can still be decided, or changed."""
    blocks: list[Block | None] = []
    for result, words in found:
        blocks += [
            paragraph(line(result, smallest)),
            paragraph(beside(result, there)) if (there := attended.get(result.element)) else None,
            *(quote(text) for text in words[:ON_A_PAGE]),
            note(_("Read all pages before you decide: the words are deleted then.")) if _pages(words) > 1 else None,
            buttons(_page_button(cohort, result, words, 2)) if _pages(words) > 1 else None,
            buttons(*_choices(cohort, result)) if open_ else None,
        ]
    return message(
        heading(_("What the survey says")),
        note(_("Groups of fewer than {n} are left out, and the next smallest with them.", n=smallest)),
        *blocks,
        note(_("The words are deleted once you have decided.")) if any(words for _result, words in found) else None,
    )


def words_page(cohort: Cohort, result: Result, words: Sequence[str], number: int, open_: bool) -> Message:
    """The words about one element. `number`: of the page, from 1."""
    number = min(max(number, 1), _pages(words))
    return message(
        heading(title(element(result))),
        *(quote(text) for text in words[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]),
        buttons(
            _page_button(cohort, result, words, number - 1, _("Back")) if number > 1 else None,
            _page_button(cohort, result, words, number + 1) if number < _pages(words) else None,
        ),
        buttons(*_choices(cohort, result)) if open_ and number == _pages(words) else None,
    )


def _pages(words: Sequence[str]) -> int:
    return max(1, -(-len(words) // ON_A_PAGE))


def _page_button(cohort: Cohort, result: Result, words: Sequence[str], number: int, label: str = "") -> Button:
    label = label or _("Words: page {n} of {pages}", n=number, pages=_pages(words))
    return Button(label, action("look", cohort.id, f"{element(result).mark}.{number}"))


def _choices(cohort: Cohort, result: Result) -> list[Button]:
    """What can be decided, or after that decided instead."""
    mark = element(result).mark
    return [
        Button(
            _((INSTEAD if result.decided else DECIDE)[name]),
            action("decide", cohort.id, f"{mark}.{name}"),
            "primary" if name == result.advice else "plain",
        )
        for name in DECIDE
        if not (result.decided and name == result.advice)
    ]


def decided(cohort: Cohort, result: Result, open_: bool) -> Message:
    """`open_`: it can be decided otherwise."""
    return message(
        paragraph(
            _("Noted for the next run: {title}, {advice}.", title=title(element(result)), advice=advised(result))
        ),
        note(_("It stands in the next run's course file. The words about it are deleted.")),
        buttons(*_choices(cohort, result)) if open_ else None,
    )


def look_button(cohort: Cohort) -> Button:
    return Button(_("Look and decide"), action("look", cohort.id))


def pile(cohort: Cohort, found: Sequence[Result], smallest: int, since: datetime) -> Pile:
    items = [
        DeskItem(
            on_desk(cohort.id, element(r).mark),
            since,
            (line(r, smallest),),
            buttons=(look_button(cohort),),
            minutes=MINUTES,
        )
        for r in found
    ]
    return Pile("survey", (_("What the survey says"),), items, can_be_seen=True)


def dealt_with(result: Result) -> str:
    return _("Decided for the next run: {title}", title=title(element(result)))


def figures(cohort: Cohort, found: Sequence[Result], smallest: int) -> Figure:
    answered = max(r.answered for r in found)
    more = [_short(r, smallest) for r in found]
    asked = max(r.asked for r in found)
    return Figure("survey/result", _("Survey answers"), answered, asked, button=look_button(cohort), more=more)


def _short(result: Result, smallest: int) -> str:
    return f"{title(element(result))}: {_said(result, smallest)}"


def _said(result: Result, smallest: int) -> str:
    return advised(result) if result.advice or result.answered >= smallest else _(FEW)


def news() -> Text:
    """For a manager, after the last week that they read about; the same message may have its figures."""
    return with_code(_("The survey is in: `/cohort overview` has what it says."))


def waiting(cohort: Cohort) -> Upcoming:
    return Upcoming((_("The survey is in"),), None, look_button(cohort))


def open_end(answered: int, asked: int) -> OpenEnd:
    said = _(
        "The survey: {answered} of {asked} have answered. It closes with the cohort.", answered=answered, asked=asked
    )
    return OpenEnd((said,), stays=False)


def evidence(result: Result) -> str:
    """The drafted change, for the next run's course file."""
    if not result.advice and not result.figures:
        return _("survey: no groups that are large enough, and nothing was decided")
    drafted = {
        "": _("survey: nothing is proposed, and nothing was decided"),
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
