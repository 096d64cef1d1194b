"""What instructors read about where people get stuck."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from bot.core.actions import Action
from bot.core.contributions import Sign, Snag
from bot.core.labels import Labels
from bot.core.message import (
    Block,
    Bold,
    Button,
    Message,
    Quote,
    Table,
    buttons,
    heading,
    message,
    note,
    paragraph,
    shorten,
    table,
)
from bot.core.people import Cohort
from bot.core.time import say_minutes, say_span
from bot.core.translation import _, _n
from bot.features.stuck.rules import AS_IT_IS, Crowded, Remedy, Spot, Way

IN_CHAT = 3
"""Hard spots in one message; the page has all."""

QUOTED, WORDS = 3, 200
"""Words of people that are quoted of one thing, and characters of each."""


class Found(NamedTuple):
    """A spot, what people said there, and what may mend it."""

    spot: Spot
    together: Sequence[Sequence[str]]
    singly: Sequence[str]
    remedies: tuple[Remedy, ...]


def in_chat(cohort: Cohort, found: Sequence[Found], paged: bool) -> Message:
    hard = [one for one in found if _is_hard(one)]
    shown = hard[-IN_CHAT:]
    labels = Labels()
    blocks: list[Block | None] = [heading(_("Where people get stuck"))]
    if not hard:
        blocks.append(paragraph(_("Nothing says so far that many are stuck with one thing.")))
    for one in shown:
        blocks += _spot(cohort, one, labels)
    if len(hard) > len(shown):
        more = len(hard) - len(shown)
        blocks.append(note(_n("{n} earlier one is on the page.", "{n} earlier ones are on the page.", more)))
    if paged:
        blocks.append(buttons(Button(_("On a page"), Action("stuck", "page", cohort.id).encode())))
    return message(*blocks)


def page(cohort: Cohort, found: Sequence[Found]) -> Message:
    labels, blocks = Labels(), list[Block | None]()
    for one in found:
        if _is_hard(one):
            blocks += _spot(cohort, one, labels)
    if not blocks:
        blocks.append(paragraph(_("Nothing says so far that many are stuck with one thing.")))
    for one in found:
        if one.singly:
            blocks += [paragraph(Bold(_("Week {n}: said by one or two", n=one.spot.week))), *_quotes(one.singly)]
    return message(*blocks, _table(found), note(_signs_explained()))


def _is_hard(one: Found) -> bool:
    return one.spot.hard or bool(one.together)


def name_of(spot: Spot) -> str:
    """A spot in the subject of a button."""
    return f"{spot.week}/{spot.path}"


def _spot(cohort: Cohort, one: Found, labels: Labels) -> Iterator[Block | None]:
    spot = one.spot
    yield paragraph(
        Bold(titled(spot)), ": ", "; ".join(_says(s) for s in spot.signs.values() if s.hard or s.sign == "stuck")
    )
    for group in one.together:
        yield paragraph(_n("{n} learner says the same:", "{n} learners say the same:", len(group)))
        yield from _quotes(group[:QUOTED])
    acts = [labels.once(mend(cohort, spot, remedy)) for remedy in one.remedies]
    yield buttons(*acts) if acts else None


def mend(cohort: Cohort, spot: Spot, remedy: Remedy) -> Button:
    return Button(_label(remedy), _mend(cohort, spot, remedy, AS_IT_IS))


def _mend(cohort: Cohort, spot: Spot, remedy: Remedy, way: Way) -> str:
    return Action("stuck", "mend", cohort.id, f"{remedy}{way}.{name_of(spot)}").encode()


def too_full(cohort: Cohort, spot: Spot, remedy: Remedy, full: Crowded, ways: Iterable[Way]) -> Message:
    """Instead of a proposal: what could make room for it."""
    titles = [material.title for material in full.materials]
    acts = [
        Button(
            _("{n} min of “{title}”", n=full.over, title=shorten(titles[way.gives], 30))
            if way.gives is not None
            else _("In week {n}", n=way.week),
            _mend(cohort, spot, remedy, way),
        )
        for way in ways
    ]
    said = _(
        "Week {n} is full: with this it would be {minutes} of a {budget} budget.",
        n=full.week,
        minutes=say_minutes(full.minutes),
        budget=say_minutes(full.minutes - full.over),
    )
    return message(
        paragraph(Bold(_label(remedy)), ". ", said),
        paragraph(
            _("What gives up the {minutes}? You look at the change before it is used.", minutes=say_minutes(full.over))
            if acts
            else _(
                "Nothing to study in it can give up {minutes}. Change the week first.", minutes=say_minutes(full.over)
            )
        ),
        buttons(*acts),
        buttons(Button(_("Change the course"), Action("command", "course", cohort.id).encode())),
    )


def titled(spot: Spot) -> str:
    if spot.path:
        return _("Week {n}, “{title}”", n=spot.week, title=spot.title)
    return _("Week {n}: {title}", n=spot.week, title=spot.title)


def _quotes(words: Sequence[str]) -> Iterator[Block]:
    yield from (Quote((shorten(said, WORDS),)) for said in words)


def _label(remedy: Remedy) -> str:
    match remedy:
        case "walk":
            return _("A walk-through")
        case "example":
            return _("A worked example")
        case "review":
            return _("A peer review")
        case "split":
            return _("Split the next one")


def why(spot: Spot, remedy: Remedy) -> str:
    """What stands above the proposal of a remedy."""
    match remedy:
        case "walk":
            said = _("A short video that goes through it step by step. Record it, and put its link in.")
        case "example":
            said = _("One solved step by step, to compare one's own with. Write it, and put its link in.")
        case "review":
            said = _("Each looks at two others' before the instructor does.")
        case "split":
            said = _("The first part of the next one is due a week earlier: who is stuck is seen sooner.")
    return f"{titled(spot)}. {said}"


def _says(snag: Snag) -> str:
    value, base = snag.value, snag.base
    if isinstance(value, timedelta):
        minutes = say_minutes(round(value.total_seconds() / 60))
        if snag.sign == "team":
            return _("it took the instructors {time}", time=minutes)
        if snag.sign == "minutes":
            return _("{time} more than planned (median)", time=minutes)
        return _("feedback after {time} (median)", time=say_span(value))
    match snag.sign:
        case "questions":
            return _n("{n} question", "{n} questions", value)
        case "alone":
            return _n("nobody replied to {n} learner in time", "nobody replied to {n} learners in time", value)
        case "late":
            return _("late or missing: {n} of {base}", n=value, base=base or 0)
        case _:
            return _n("{n} learner says where they are stuck", "{n} learners say where they are stuck", value)


def _signs_explained() -> str:
    return _(
        "A row is hard if half of those asked were late or handed nothing in, if half report more than planned, if "
        "somebody got no reply in time, or if three or more say the same. What one or two say stands by itself."
    )


_COLUMNS: tuple[Sign, ...] = ("questions", "alone", "late", "stuck", "minutes", "feedback", "team")


def _table(found: Sequence[Found]) -> Table | None:
    columns = (
        ("where", _("Where")),
        ("week", _("Week")),
        ("questions", _("Questions")),
        ("alone", _("Learners without a reply")),
        ("late", _("Late or missing")),
        ("of", _("Of")),
        ("stuck", _("Say they are stuck")),
        ("minutes", _("Minutes over plan")),
        ("feedback", _("Hours until feedback")),
        ("team", _("Instructors' minutes")),
    )
    return table("stuck", _("All signs"), columns, (_row(one.spot) for one in found))


def _row(spot: Spot) -> tuple[str | int | None, ...]:
    asked, alone, late, *rest = (
        _number(spot.signs[sign]) if sign in spot.signs else _unknown(spot, sign) for sign in _COLUMNS
    )
    base = spot.signs["late"].base if "late" in spot.signs else None
    return (titled(spot), spot.week, asked, alone, late, base, *rest)


def _unknown(spot: Spot, sign: Sign) -> str | None:
    """Instructors say of a week how long it took them, and of nothing that is handed in."""
    return _("not measured") if sign == "team" and not spot.path else None


def _number(snag: Snag) -> int:
    if not isinstance(snag.value, timedelta):
        return snag.value
    return round(snag.value.total_seconds() / (3600 if snag.sign == "feedback" else 60))
