"""What managers read of runs side by side."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.core.contributions import Measure
from bot.core.message import (
    Block,
    Bold,
    Link,
    Message,
    Table,
    bullets,
    message,
    note,
    paragraph,
    shorten,
    table,
)
from bot.core.people import Cohort
from bot.core.time import say_minutes, say_span
from bot.core.timetable import DAY
from bot.core.translation import _, _n
from bot.course.difference import Change
from bot.features.runs.rules import FEW, Compared

CHANGES, WORDS = 12, 100
"""Changes of the course file that are listed, and characters of each."""


def side_by_side(runs: Sequence[tuple[Cohort, Sequence[Measure]]], address: str) -> Message:
    """`address`: of the page of one run."""
    names = dict.fromkeys((one.name, one.label) for _cohort, measures in runs for one in measures)
    columns = (
        ("run", _("Run")),
        ("course", _("Course")),
        ("begins", _("Begins")),
        ("state", _("State")),
        *((name.partition("/")[2] or name, label) for name, label in names),
    )
    rows = []
    for cohort, measures in runs:
        told = {one.name: one for one in measures}
        link = Link(address.format(cohort=cohort.id), cohort.code)
        state = _("ended") if cohort.ended_at is not None else _("open")
        cells = (_said(told[name]) if name in told else None for name, _label in names)
        rows.append((link, cohort.title, cohort.starts_on.isoformat(), state, *cells))
    return message(table("runs", _("Runs"), columns, rows), note(_explained()))


def alone(cohort: Cohort, measures: Sequence[Measure], others: str) -> Message:
    return message(
        paragraph(_("This is the first run of the course that you manage, so there is nothing beside it yet.")),
        bullets(*(f"{one.label}: {_said(one)}" for one in measures)),
        paragraph(Link(others, _("All your runs"))),
    )


def beside(cohort: Cohort, last: Cohort, found: Sequence[Compared], changed: Sequence[Change], others: str) -> Message:
    return message(
        paragraph(_("{newer} beside {earlier}, the run before it.", newer=cohort.code, earlier=last.code)),
        *_judged(found),
        _table(cohort, last, found),
        note(_explained()),
        *_changes(changed),
        paragraph(Link(others, _("All your runs"))),
    )


def _judged(found: Sequence[Compared]) -> Iterator[Block | None]:
    clear = [one for one in found if one.differs]
    if clear:
        yield paragraph(_("What chance alone would hardly have done:"))
        yield bullets(*(_difference(one) for one in clear))
    elif found:
        yield paragraph(_("Nothing differs by more than chance alone may do."))
    if any(one.few for one in found):
        said = _(
            "With fewer than {n} people in a run, a difference has to be large to be seen, and one that is seen is "
            "often larger than it is. Look again after the next run.",
            n=FEW,
        )
        yield paragraph(Bold(said))


def _difference(one: Compared) -> str:
    assert one.between is not None
    low, high = one.between
    said = _("{label}: {now}, {before} before", label=one.newer.label, now=_said(one.newer), before=_said(one.earlier))
    if low > 0:
        return _("{said}; {low} to {high} points more", said=said, low=low, high=high)
    return _("{said}; {low} to {high} points less", said=said, low=-high, high=-low)


def _table(cohort: Cohort, last: Cohort, found: Sequence[Compared]) -> Table | None:
    columns = (
        ("measure", _("Measure")),
        ("now", cohort.code),
        ("before", last.code),
        ("at_least", _("Points more, at least")),
        ("at_most", _("At most")),
    )
    rows = ((o.newer.label, _said(o.newer), _said(o.earlier), *(o.between or (None, None))) for o in found)
    return table("compared", _("Two runs"), columns, rows)


def _said(one: Measure) -> str:
    if one.value is None:
        return _("not measured")
    if isinstance(one.value, timedelta):
        span = _span(one.value)
        return _n("{span} (said {n} time)", "{span} (said {n} times)", one.base, span=span) if one.base else span
    if one.share is None:
        return str(one.value)
    return _("{n} of {base} ({percent} %)", n=one.value, base=one.base, percent=one.share)


def _span(span: timedelta) -> str:
    return say_minutes(round(span.total_seconds() / 60)) if span < DAY else say_span(span)


def _changes(changed: Sequence[Change]) -> Iterator[Block | None]:
    """A change of the course and a difference may have nothing to do with each other; a reader judges that."""
    if not changed:
        yield paragraph(_("The course file is the same in both runs."))
        return
    yield paragraph(_("What differs in the course file; that it made the difference is not said by that:"))
    yield bullets(*(shorten(_change(one), WORDS) for one in changed[:CHANGES]))
    if (more := len(changed) - CHANGES) > 0:
        yield note(_n("And {n} more.", "And {n} more.", more))


def _change(one: Change) -> str:
    match one.kind:
        case "added":
            return _("New: {item}", item=one.item)
        case "removed":
            return _("Gone: {item}", item=one.item)
        case "changed":
            facts = ", ".join(f"{fact.label} {fact.old or '–'} → {fact.new or '–'}" for fact in one.facts)
            return _("{item}: {facts}", item=one.item, facts=facts)


def _explained() -> str:
    return _(
        "Points are percentage points, with the interval in which the difference lies in 95 of 100 cases. The time "
        "that instructors spend is what they say themselves. An open run still changes."
    )
