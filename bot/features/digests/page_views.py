"""Tables for the pages of the course team."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from bot.core.contributions import Figure
from bot.core.figures import is_told
from bot.core.message import (
    Block,
    Cell,
    Inline,
    Instant,
    Link,
    Message,
    Table,
    Text,
    bullets,
    message,
    note,
    paragraph,
    table,
)
from bot.core.people import Person
from bot.core.time import place_of, say
from bot.core.translation import N_, _, _n
from bot.features.digests import week_views
from bot.features.digests.participation import Week
from bot.features.digests.store import Meeting, Overview, Verdict

VERDICTS: Mapping[Verdict, str] = {
    "look": N_("would like a look"),
    "unclear": N_("nothing to judge by yet"),
    "well": N_("all is well"),
}

ZONES = 12
"""Zones with a column of their own, those with the most learners."""

Row = tuple[Cell | Inline | None, ...]


def cohorts(found: Sequence[Overview], address: str) -> Table | None:
    """`address`: of the page of one cohort."""
    columns = (
        ("cohort", _("Cohort")),
        ("verdict", _("Verdict")),
        ("why", _("Why")),
        ("week", _("Week")),
        ("weeks", _("Of")),
        ("learners", _("Learners")),
        ("active", _("Active")),
        ("expected", _("Of those there")),
        ("at_risk", _("May drop out")),
    )
    return table("cohorts", _("Cohorts"), columns, (_cohort(one, address) for one in found))


def _cohort(one: Overview, address: str) -> Row:
    figures = {figure.name: figure for figure in one.figures}
    active = figures.get("digests/active")
    title = Link(address.format(cohort=one.cohort.id), f"{one.cohort.code}: {one.cohort.title}")
    return (
        title,
        _(VERDICTS[one.verdict]),
        "; ".join(week_views.reasons(one)),
        min(max(one.week, 0), one.weeks),
        one.weeks,
        one.learners,
        _count(active.value) if active else None,
        _count(active.base) if active else None,
        len(one.at_risk),
    )


def figures(found: Sequence[Overview]) -> Table | None:
    """The figures of one cohort do not repeat its name."""
    columns = (
        ("cohort", _("Cohort")),
        ("figure", _("Figure")),
        ("value", _("Value")),
        ("of", _("Of")),
        ("percent", _("Percent")),
        ("change", _("Change in a week")),
        ("unit", _("Unit")),
        ("look", _("Wants a look")),
    )
    first = 0 if len(found) > 1 else 1
    rows = (_figure(one, figure)[first:] for one in found for figure in one.figures if is_told(figure))
    return table("figures", _("All figures"), columns[first:], rows)


def _figure(one: Overview, figure: Figure) -> Row:
    unit = _("minutes") if isinstance(figure.value, timedelta) else None
    look = _("yes") if figure.wants_a_look else None
    change = _count(figure.change)
    return (
        one.cohort.code,
        figure.label,
        _count(figure.value),
        _count(figure.base),
        figure.share,
        change,
        unit,
        look,
    )


def _count(value: int | timedelta | None) -> int | None:
    return round(value.total_seconds() / 60) if isinstance(value, timedelta) else value


def learners(people: Sequence[Person], weeks: Sequence[Week]) -> Message:
    if not people:
        return message(paragraph(_("Nobody has joined yet.")))
    columns = (
        ("learner", _("Learner")),
        ("weeks", _("Weeks active")),
        *((f"week_{week.number}", _week(week)) for week in weeks),
    )
    rows = [_learner(person, weeks) for person in people]
    return message(
        paragraph(_n("{n} learner.", "{n} learners.", len(people))) if weeks else paragraph(_("It has not started.")),
        bullets(
            _("'active': they did something under their name, such as a question, an answer, work or a discussion."),
            _("'–': nothing under their name. They may have read along, or written without their name."),
            _("'away': they were away. An empty cell: they were not there yet."),
        ),
        table("learners", _("Who took part in which week"), columns, rows),
        note(
            _(
                "Wrap-ups do not count here: who did not answer one is for instructors alone. Of messages in channels "
                "only the last day of each learner is known."
            )
        ),
    )


def _week(week: Week) -> str:
    number = week.number
    return _("Week {week}", week=number) if week.is_over else _("Week {week}, so far", week=number)


def _learner(person: Person, weeks: Sequence[Week]) -> Row:
    was = sum(person.id in week.active for week in weeks)
    return (person.name, was, *(_was(person.id, week) for week in weeks))


def _was(person: int, week: Week) -> str | None:
    if person in week.active:
        return _("active")
    if person in week.expected:
        return "–"
    return _("away") if person in week.joined else None


def dates(found: Sequence[Meeting], zones: Mapping[str, int]) -> Message:
    """`zones`: how many learners live in each."""
    most = sorted(zones, key=lambda zone: (-zones[zone], zone))
    shown, number = most[:ZONES], sum(zones.values())
    columns = (
        ("what", _("What")),
        ("night", _("At night in")),
        ("outside", _("Outside 08:00-22:00")),
        ("outside_percent", _("Percent")),
        ("no_other_time", _("Without another time")),
        ("at", _("By your clock")),
        ("kind", _("Kind")),
        *((zone, _("{place} ({n})", place=place_of(zone), n=zones[zone])) for zone in shown),
    )
    return message(
        *_explained(found, number, len(most) - len(shown)),
        table("dates", _("Dates"), columns, (_date(one, most, shown) for one in found)),
    )


def _explained(found: Sequence[Meeting], learners: int, more: int) -> Iterator[Block | None]:
    if not learners:
        yield paragraph(_("Nobody has joined yet."))
    elif not found:
        yield paragraph(_("Nothing of this course is at one instant for all: each learner has their own clock."))
    else:
        yield paragraph(
            _(
                "What all learners meet at one instant, and for how many it is outside 08:00-22:00 by their own clock. "
                "Each zone has its own time, with the number of its learners in the head; (!) is outside 08:00-22:00 "
                "there. What is past counts those who had joined by then."
            )
        )
        yield note(_n("{n} more zone has no column.", "{n} more zones have no column.", more)) if more > 0 else None


def _date(one: Meeting, most: Sequence[str], shown: Sequence[str]) -> Row:
    kind = _("live session") if one.live else _("date")
    there = (_there(one, zone) for zone in shown)
    return (one.title, *_suits(one, most), Instant(one.at), kind, *there)


def _suits(one: Meeting, zones: Sequence[str]) -> Row:
    """Where it is at night, for how many, for which share of them, and for whom so are all of its times. Where nobody
    is counted, no number is one."""
    if not one.of:
        return (_("nobody had joined yet"), None, None, None)
    night = [place_of(zone) for zone in zones if zone in one.night]
    return (", ".join(night), one.outside, round(100 * one.outside / one.of), one.without)


def _there(one: Meeting, zone: str) -> Text:
    return (say(one.at, zone), *([" (!)"] if zone in one.night else []))
