"""What the manager's week says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest

from bot.core.contributions import Attention, Figure
from bot.core.figures import is_told, line
from bot.core.message import (
    CHOICES,
    Block,
    Bold,
    Button,
    Instant,
    Message,
    Option,
    Select,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    shorten,
)
from bot.core.people import Cohort, Person
from bot.core.plain import plain_text
from bot.core.time import place_of, say
from bot.core.translation import N_, _, _n, phrase, some_of
from bot.features.digests.desk_views import at, help_buttons, pause_button, said_why, write_button
from bot.features.digests.picture_views import picture, side_by_side
from bot.features.digests.store import Meeting, Overview

MOST_FIGURES = 10
"""Figures of a cohort in the message of the week: those that want a look, then the first of the others. A button shows
all."""

NAMES = 5
"""Learners on one page, each with buttons."""

ACTS = 3
"""Suggested acts in one message, for all cohorts together."""

MOST_COHORTS = 10
"""Cohorts that would like a look with their reasons in one message; of more the names. With up to `SEVERAL` each has
`REASONS`, and otherwise one, so that also 40 cohorts are one message on every platform."""

SEVERAL = 4

MOST_OVER = 3
"""Cohorts whose course is over, with buttons of their own in one message."""

REASONS = 3
"""Reasons of one cohort of several."""

NAMED = 12
"""Names of other cohorts."""

AT_RISK = "digests/at_risk"


UNCLEAR = {
    "not started": N_("it has not started"),
    "new": N_("it has just begun"),
    "empty": N_("it has no learners"),
    "break": N_("it had a break"),
    "away": N_("no learner was there all week"),
}


def overview(
    cohorts: Sequence[Overview],
    may_end: bool,
    ended: Sequence[Cohort] = (),
    *,
    every_figure: bool = False,
    paged: bool = False,
) -> Message:
    """The cohorts of a manager in one message. One cohort is shown with its figures. Of several, those that would like
    a look are shown with the reasons, and the others by name; a list leads to the figures of each.

    `may_end`: with a button that ends a cohort. The weekly message has none. `every_figure`: of one cohort all figures,
    however many; otherwise a button leads to those beyond `MOST_FIGURES`. `paged`: pages have all of it.
    """
    running, over = [c for c in cohorts if c.stage == "running"], [c for c in cohorts if c.stage != "running"]
    one = running[0] if len(cohorts) == 1 and running else None
    blocks = _one(one, may_end, every_figure, paged) if one else _several(running) if running else []
    ending = [one for one in running if one.last]
    blocks += [_last(one) for one in ending[:MOST_OVER]]
    if others := ending[MOST_OVER:]:
        names = _some([shorten(one.cohort.title, 40) for one in others])
        blocks.append(
            _listed(_n("So it is for {n} more: {names}", "So it is for {n} more: {names}", len(others), names=names))
        )
    for one in over[:MOST_OVER]:
        blocks += _over(one, may_end, shorten(one.cohort.title, 30) if len(over) > 1 else "")
    if others := over[MOST_OVER:]:
        names = _some([shorten(one.cohort.title, 40) for one in others])
        blocks.append(
            _listed(_n("And {n} more is over: {names}", "And {n} more are over: {names}", len(others), names=names))
        )
    if len(cohorts) > 1:
        blocks += _figures_of(cohorts)
        blocks.append(buttons(Button(_("All on a page"), at("digests", "page", 0)) if paged else None))
    if not cohorts and not ended:
        blocks.append(paragraph(_("You manage no cohort that runs.")))
    for cohort in ended:
        blocks += _overview_of_ended(cohort)
    return replace(message(*blocks), of="" if len(cohorts) + len(ended) > 1 else None)


def urgency(one: Overview) -> tuple[bool, bool, bool]:
    """Sorts cohorts: where nothing can be written first, and then those that would like a look."""
    return not one.trouble, one.verdict != "look", one.verdict != "unclear"


def page(cohorts: Sequence[Overview]) -> Message:
    """Every figure of every cohort, each with its own acts; of several, those that are well are folded."""
    several = len(cohorts) > 1
    return message(
        *(
            block
            for one in cohorts
            for block in _one(one, may_end=False, every_figure=True, folded=several and one.verdict == "well")
        )
    )


def summary(cohorts: Sequence[Overview]) -> Message:
    """What comes first about several, as in the message: the verdicts with the reasons, the acts and the picture."""
    return message(*_several(cohorts))


def _last(one: Overview) -> Block | None:
    if one.last is None or one.last.at is None:
        return None
    name = shorten(one.cohort.title, 40)
    if one.last.some_without:
        said = phrase(
            "This is the last Monday's message about {name}. It takes late work until {until}, some without an end.",
            name=name,
            until=Instant(one.last.at),
        )
        return note(*said)
    said = phrase(
        "This is the last Monday's message about {name}. It takes late work until {until}.",
        name=name,
        until=Instant(one.last.at),
    )
    return note(*said)


def verdict(one: Overview) -> str:
    """In one line."""
    name = one.cohort.title
    match one.verdict:
        case "look":
            return _("{name}: would like a look", name=name)
        case "unclear":
            return _("{name}: nothing to judge by yet", name=name)
        case "well":
            return _("{name}: all is well", name=name)


def reasons(one: Overview) -> list[str]:
    """What the verdict goes by, in plain words."""
    said = [plain_text(text) for text in one.trouble]
    said += [plain_text(line(figure)) for figure in one.reasons]
    if one.unclear:
        said.append(_("Nothing to judge by: {why}", why=_(UNCLEAR[one.unclear])))
    if one.past:
        said.append(_("Of an earlier week only what is stored with its date is told, not what waited then."))
    if one.running:
        said.append(_("Week {week} is not over: these are the last seven days.", week=one.week))
    return said


def _one(
    one: Overview, may_end: bool, every_figure: bool, paged: bool = False, folded: bool = False
) -> list[Block | None]:
    title, cohort = verdict(one), one.cohort.id
    told = [f for f in one.figures if is_told(f)]
    most = sorted(told, key=lambda f: not f.wants_a_look)[: None if every_figure else MOST_FIGURES]
    figures = [f for f in told if f in most]
    more = len(told) - len(figures)
    return [
        heading(title, folded),
        bullets(*one.trouble) if one.trouble else None,
        bullets(
            (
                ", ".join(
                    [
                        _where(one),
                        _n("{n} learner", "{n} learners", one.learners) if one.learners else _("no learners"),
                    ]
                ),
            ),
            *([(_("Nothing to judge by: {why}", why=_(UNCLEAR[one.unclear])),)] if one.unclear else []),
            *(line(f) for f in figures),
        ),
        picture(one),
        buttons(
            *acts([one]),
            Button(_("What waits"), at("digests", "desk", cohort)),
            Button(_("On pages"), at("digests", "pages", cohort)) if paged else None,
            Button(_n("{n} more figure", "{n} more figures", more), at("digests", "figures", cohort)) if more else None,
        ),
        buttons(
            Button(_("Completion"), at("completion", "list", cohort)) if one.week >= one.weeks else None,
            Button(_("End this cohort"), at("completion", "close", cohort), "danger") if may_end else None,
        ),
    ]


def _several(cohorts: Sequence[Overview]) -> list[Block | None]:
    cohorts = sorted(cohorts, key=urgency)
    look, unclear, well = ([one for one in cohorts if one.verdict == which] for which in ("look", "unclear", "well"))
    blocks: list[Block | None] = [heading(verdict_of_all(cohorts))]
    told = REASONS if len(look) <= SEVERAL else 1
    blocks.append(bullets(*(_why(one, told) for one in look[:MOST_COHORTS])))
    if more := [shorten(one.cohort.title, 40) for one in look[MOST_COHORTS:]]:
        number, names = len(more), _some(more)
        said = _n("{n} more would like a look: {names}", "{n} more would like a look: {names}", number, names=names)
        blocks.append(_listed(said))
    unjudged = [f"{shorten(one.cohort.title, 40)} ({_(UNCLEAR[one.unclear])})" for one in unclear]
    blocks.append(_listed(_("Nothing to judge by yet: {names}", names=_some(unjudged))) if unclear else None)
    names = _some([_well(one) for one in well])
    also = _n("And {n} is well: {names}", "And {n} are well: {names}", len(well), names=names)
    blocks.append(_listed(also) if well else None)
    blocks += [buttons(*acts(look, marked=True)), side_by_side(cohorts)]
    return blocks


def verdict_of_all(cohorts: Sequence[Overview]) -> str:
    number, look = len(cohorts), sum(one.verdict == "look" for one in cohorts)
    if look:
        return _n("Your cohort would like a look", "Your {n} cohorts: {look} would like a look", number, look=look)
    return _n("Your cohort needs no look", "Your {n} cohorts: none needs a look", number)


def _listed(text: str) -> Block:
    return paragraph(f"{text}.")


def _some(names: Sequence[str]) -> str:
    return some_of(names, NAMED)


def _well(one: Overview) -> str:
    """'Data', or 'Data (3 were away)'."""
    title = shorten(one.cohort.title, 40)
    return f"{title} ({_n('{n} was away', '{n} were away', one.away)})" if one.away else title


def _why(one: Overview, told: int) -> Text:
    """'**Data**, week 3 of 6: Week 2 wrap-ups: **4 of 12 (33 %)**; May drop out: **3 of 12 (25 %)**'. `told`: at most
    so many reasons."""
    reasons = one.reasons[:told]
    said = [*one.trouble, *(line(f) for f in reasons)]
    parts = [part for n, text in enumerate(said) for part in (("; ",) if n else ()) + tuple(text)]
    more = len(one.reasons) - len(reasons)
    return (
        Bold(shorten(one.cohort.title, 60)),
        f", {_where(one)}: ",
        *parts,
        *(("; ", _("{n} more", n=more)) if more else ()),
    )


def _where(one: Overview) -> str:
    if one.week < 1:
        return _("Not started")
    if one.week > one.weeks:
        return _("After the last week")
    return _("Week {week} of {weeks}", week=one.week, weeks=one.weeks)


def acts(cohorts: Sequence[Overview], marked: bool = False) -> list[Button]:
    """What to do about the reasons, the most useful first: the first act of each cohort, and then further ones.
    `marked`: each label names its cohort."""
    found = [[_marked(b, shorten(one.cohort.title, 30) if marked else "") for b in _acts(one)] for one in cohorts]
    return [b for row in zip_longest(*found) for b in row if b is not None][:ACTS]


def _acts(one: Overview) -> list[Button]:
    """Whoever fell silent comes first: they are lost soonest."""
    quiet, cohort = len(one.quiet.keys() - one.written), one.cohort.id
    letter = Button(
        _n("Write to {n} who is quiet", "Write to the {n} who are quiet", quiet), at("digests", "letter", cohort)
    )
    buttons = {
        f.button.action: f.button for f in one.figures if f.button is not None and (f.wants_a_look or _at_risk(f))
    }
    others = sorted(buttons.values(), key=lambda b: b.action != at("digests", "quiet", cohort))
    return [letter, *others] if quiet else others


def _marked(button: Button, mark: str) -> Button:
    return replace(button, label=f"{button.label} ({mark})") if mark else button


def _at_risk(figure: Figure) -> bool:
    return figure.name == AT_RISK and bool(figure.value)


def active(cohort: Cohort, number: int, expected: int, before: int, away: int, few: bool) -> Figure:
    """`away`: learners who were away in the last seven days and did nothing, and are not counted."""
    button = Button(_("Who was silent"), at("digests", "quiet", cohort.id))
    text = _n("{n} was away in these seven days", "{n} were away in these seven days", away)
    return Figure("digests/active", _("Active"), number, expected, before, few, button, more=(text,) if away else ())


def silent(learner: Person, since: datetime) -> Attention:
    return Attention(
        learner.id, learner.name, (_("nothing under their name in the last seven days"),), since, at_risk=False
    )


def may_drop_out(
    cohort: Cohort, at_risk: int, expected: int, many: bool, told: Sequence[tuple[str, datetime]]
) -> Figure:
    """`many`: the cohort would like a look because of it. `told`: who wrote to those who fell silent, and when."""
    button = Button(_("Who may drop out"), at("digests", "quiet", cohort.id))
    more = [_("names for you alone")] if at_risk else []
    if told:
        name, last = max(told, key=lambda one: one[1])
        on = say(last, cohort.zone, "date")
        more.append(
            _n(
                "{name} wrote to {n} of them on {on}",
                "{name} wrote to {n} of them on {on}",
                len(told),
                name=name,
                on=on,
            )
        )
    return Figure(AT_RISK, _("May drop out"), at_risk, expected, wants_a_look=many, button=button, more=more)


def outside(cohort: Cohort, one: Meeting, movable: Meeting | None, look: bool) -> Figure:
    """`look`: too many have no other time of it. `movable`: this one, or the next one like it."""
    label = _(
        "“{title}”, {at} in {place}, is outside 08:00-22:00 for",
        title=shorten(one.title, 50),
        at=say(one.at, cohort.zone),
        place=place_of(cohort.zone),
    )
    more = [] if one.without == one.outside else [_n("{n} has no other time", "{n} have no other time", one.without)]
    another = (
        movable
        if movable is None
        else Button(
            _("Another time for “{title}”", title=shorten(movable.title, 30)),
            at("live", "change", cohort.id, movable.name.partition("/")[2]),
        )
    )
    return Figure(
        f"digests/outside/{one.name}",
        label,
        one.outside,
        one.of,
        wants_a_look=look,
        button=another,
        more=more,
        dated=True,
    )


def _figures_of(cohorts: Sequence[Overview]) -> list[Block]:
    """Leads to the figures of each cohort, those that would like a look first."""
    in_order = sorted(cohorts, key=lambda one: not one.reasons)
    options = [Option(str(one.cohort.id), shorten(one.cohort.title, 60)) for one in in_order]
    lists = [options[n : n + CHOICES] for n in range(0, min(len(options), 2 * CHOICES), CHOICES)]
    labels = (_("All figures of …"), _("… or of"))
    return [Select(at("digests", "figures", 0), labels[n], tuple(part)) for n, part in enumerate(lists)]


def _over(one: Overview, may_end: bool, mark: str) -> list[Block | None]:
    """A course that is over, in a cohort that still runs. Ending it says what is taken late without an end. `mark`
    tells its labels from those of others."""
    cohort = one.cohort.id
    acts = [
        Button(_("Completion"), at("completion", "list", cohort)),
        Button(_("What waits"), at("digests", "desk", cohort)),
        *([Button(_("End this cohort"), at("completion", "close", cohort), "danger")] if may_end else []),
    ]
    return [
        paragraph(
            *phrase("{title} is over: all its dates have passed. It can be ended.", title=Bold(one.cohort.title))
            if one.stage == "over"
            else phrase("{title} is over; late work is still taken.", title=Bold(one.cohort.title))
        ),
        buttons(*(_marked(act, mark) for act in acts)),
    ]


def _overview_of_ended(cohort: Cohort) -> list[Block | None]:
    assert cohort.ended_at is not None
    return [
        paragraph(*phrase("{title}: ended {at}.", title=Bold(cohort.title), at=Instant(cohort.ended_at, "date"))),
        buttons(
            Button(_("What came in"), at("digests", "desk", cohort.id)),
            Button(_("Completion"), at("completion", "list", cohort.id)),
            Button(_("Its files"), at("completion", "files", cohort.id)),
        ),
    ]


def to_talk_to(
    cohort: Cohort,
    at_risk: Mapping[int, Sequence[Attention]],
    silent: Mapping[int, Sequence[Attention]],
    page: int,
) -> Message:
    """Only for managers. Each learner with the reasons, and what can be done; those who may drop out first."""
    people = {**at_risk, **silent}
    first = min(page - 1, max(len(people) - 1, 0) // NAMES) * NAMES
    shown = list(people.items())[first : first + NAMES]
    rest = len(people) - first - len(shown)
    more = Button(_("{rest} more", rest=rest), at("digests", "quiet", cohort.id, str(first // NAMES + 2)))
    blocks: list[Block | None] = [paragraph(_to_talk_to(cohort, bool(at_risk), bool(silent)))]
    for person, reasons in shown:
        name = shorten(reasons[0].name, 30)
        write = Button(_("Write to {name}", name=name), write_button(cohort.id, person).action)
        acts = [*help_buttons(reasons)[:1], pause_button(cohort.id, person)]
        helps = [replace(b, label=f"{b.label} ({name})") for b in acts]
        blocks += [paragraph(Bold(reasons[0].name), ": ", *said_why(reasons)), buttons(write, *helps)]
    return message(
        *blocks,
        None if shown else paragraph(_("Nobody.")),
        note(_("Only you see this. A short private word works better than a reminder.")),
        buttons(more if rest > 0 else None),
    )


def _to_talk_to(cohort: Cohort, at_risk: bool, silent: bool) -> str:
    if not silent:
        return _("Who may drop out of {title}:", title=cohort.title)
    if not at_risk:
        return _("Who was silent in {title}:", title=cohort.title)
    return _("Who may drop out of {title}, and who was silent:", title=cohort.title)
