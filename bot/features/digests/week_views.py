"""What the manager's week says."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.core.actions import Action
from bot.core.contributions import Attention, Figure
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
    shorten,
)
from bot.core.people import Cohort
from bot.core.translation import _
from bot.features.digests.rules import wants_a_look
from bot.features.digests.store import Overview
from bot.features.digests.views import said_why, write_button

MOST_FIGURES = 10
"""Figures of a cohort in an overview."""

NAMES = 9
"""Learners on one page, each with a button."""


def _at(feature: str, name: str, cohort: int, subject: str = "") -> str:
    return Action(feature, name, cohort, subject).encode()


def overview(cohorts: Sequence[Overview], may_end: bool, ended: Sequence[Cohort] = ()) -> Message:
    """All cohorts of a manager in one message: those that need a look first.

    `may_end`: with a button that ends a cohort. The weekly message has none.
    """
    past: list[Block | None] = []
    for cohort in ended:
        past += _overview_of_ended(cohort)
    if not cohorts:
        return message(paragraph(_("You manage no cohort that runs.")) if not ended else None, *past)
    ordered = sorted(cohorts, key=lambda o: not wants_a_look(o))
    look = sum(wants_a_look(o) for o in ordered)
    well = len(ordered) - look
    if len(ordered) == 1:
        name = ordered[0].cohort.title
        title = _("{name}: would like a look", name=name) if look else _("{name}: all is well", name=name)
    else:
        title = _(
            "Your {number} cohorts: {well} well, {look} would like a look", number=len(ordered), well=well, look=look
        )
    blocks: list[Block | None] = [heading(title)]
    for one in ordered:
        blocks += _overview(one, len(ordered) > 1, may_end)
    return message(*blocks, *past)


def _overview_of_ended(cohort: Cohort) -> list[Block | None]:
    assert cohort.ended_at is not None
    return [
        paragraph(Bold(cohort.title), _(": ended "), Instant(cohort.ended_at, "date"), "."),
        buttons(
            Button(_("What came in"), _at("digests", "desk", cohort.id)),
            Button(_("Completion"), _at("completion", "list", cohort.id)),
            Button(_("Its files"), _at("completion", "files", cohort.id)),
        ),
    ]


def _overview(one: Overview, named: bool, may_end: bool) -> list[Block | None]:
    where = (
        _("Not started")
        if one.week < 1
        else _("Week {week} of {weeks}", week=min(one.week, one.weeks), weeks=one.weeks)
    )
    told = [f for f in one.figures if f.value or f.base or f.before or f.wants_a_look or isinstance(f.value, timedelta)]
    most = sorted(told, key=lambda f: not f.wants_a_look)[:MOST_FIGURES]
    figures = [f for f in told if f in most]
    risk = _(
        "{number} of {learners} may drop out (names for you alone)", number=len(one.at_risk), learners=one.learners
    )
    acts = {f.button.action: f.button for f in figures if f.wants_a_look and f.button is not None}
    cohort = one.cohort.id
    return [
        paragraph(Bold(one.cohort.title)) if named else None,
        bullets(
            (f"{where}, {'1 learner' if one.learners == 1 else f'{one.learners} learners'}",),
            (risk,) if one.at_risk else (_("Nobody fell behind or quiet"),),
            *(_figure(f) for f in figures),
        ),
        buttons(
            Button(_("Who may drop out"), _at("digests", "quiet", cohort)) if one.at_risk else None,
            *list(acts.values())[:2],
            Button(_("What waits"), _at("digests", "desk", cohort)),
        ),
        buttons(
            Button(_("Completion"), _at("completion", "list", cohort)) if one.week >= one.weeks else None,
            Button(_("End this cohort"), _at("completion", "close", cohort), "danger") if may_end else None,
        ),
    ]


def _figure(figure: Figure) -> Text:
    """'Week 2 wrap-ups: 7 of 12 (58 %), +2 on the week before'."""
    said = _span(figure.value) if isinstance(figure.value, timedelta) else str(figure.value)
    if figure.base is not None and isinstance(figure.value, int):
        share = f" ({round(100 * figure.value / figure.base)} %)" if figure.base else ""
        said = _("{value} of {base}{share}", value=figure.value, base=figure.base, share=share)
    change = figure.value - figure.before if figure.before is not None and isinstance(figure.value, int) else 0
    said += _(", {change:+d} on the week before", change=change) if change else ""
    return (f"{figure.label}: ", Bold(said) if figure.wants_a_look else said)


def _span(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 1:
        return _("less than a minute")
    return (
        _("{minutes} min", minutes=minutes)
        if minutes < 60
        else _("{minutes} h {minutes2:02} min", minutes=minutes // 60, minutes2=minutes % 60)
    )


def at_risk(cohort: Cohort, people: Mapping[int, Sequence[Attention]], page: int) -> Message:
    """Only for managers."""
    first = min(page - 1, max(len(people) - 1, 0) // NAMES) * NAMES
    shown = list(people.items())[first : first + NAMES]
    rest = len(people) - first - len(shown)
    more = Button(_("{rest} more", rest=rest), _at("digests", "quiet", cohort.id, str(first // NAMES + 2)))
    return message(
        paragraph(_("Who may drop out of {title}:", title=cohort.title)),
        bullets(*((Bold(r[0].name), ": ", *said_why(r)) for _, r in shown)) or paragraph(_("Nobody.")),
        note(_("Only you see this. A short private word works better than a reminder.")),
        buttons(
            *(
                Button(_("Write to {name}", name=shorten(reasons[0].name, 30)), write_button(cohort.id, p).action)
                for p, reasons in shown
            ),
            more if rest > 0 else None,
        ),
    )
