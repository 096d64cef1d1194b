"""What learners read about their own progress."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import Feedback, Item
from bot.core.items import due_text, line, named_button
from bot.core.message import (
    Block,
    Bold,
    Button,
    Buttons,
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
from bot.core.time import say_day
from bot.core.translation import _, _n, phrase
from bot.course.loader import course_of
from bot.features.completion import views
from bot.features.completion.store import Standing

AT_ONCE = 4
"""Weeks of one message; the page has all."""

ACTS = 4
"""Buttons for what is left, and for feedback."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A learner's progress: `present` is the week that it is, `same` at least how many others are at the same point."""

    cohort: Cohort
    standing: Standing
    items: Sequence[Item]
    feedback: Sequence[Feedback]
    now: datetime
    present: int
    same: int


def progress_button(cohort: Cohort, week: str = "", label: str = "") -> Button:
    return Button(label or _("My progress"), Action("completion", "stands", cohort.id, week).encode())


def week_by_week(cohort: Cohort) -> Block:
    last = str(len(course_of(cohort.course_text).weeks))
    return Buttons((progress_button(cohort, last, _("Week by week")),))


def card(found: Progress, until: int | None, paged: bool) -> Message:
    """The weeks up to `until` (None: the present one), some at once. `paged`: there is a page with all."""
    weeks = [week for week in _begun(found) if until is None or week <= until]
    shown, earlier = weeks[-AT_ONCE:], weeks[:-AT_ONCE]
    read = Button(_("On a page"), Action("completion", "read", found.cohort.id).encode())
    ahead = len(course_of(found.cohort.course_text).weeks) - max(found.present, 0)
    return message(
        heading(_("Your progress")),
        *_weeks(found, shown),
        note(_n("{n} week is ahead.", "{n} weeks are ahead.", ahead)) if _goes_on(found) and ahead > 0 else None,
        _same(found),
        buttons(*_acts(found, shown)),
        buttons(
            progress_button(found.cohort, str(earlier[-1]), _("Earlier weeks")) if earlier else None,
            read if paged else None,
        ),
    )


def page(found: Progress) -> Message:
    weeks = _begun(found)
    return message(*_weeks(found, weeks), _same(found), buttons(*_acts(found, weeks)), *_ahead(found))


def _begun(found: Progress) -> list[int]:
    """The weeks that have begun, or in which the learner did something."""
    last = min(found.present, len(course_of(found.cohort.course_text).weeks))
    return sorted({*range(1, last + 1), *(i.week for i in found.items if i.done)})


def _weeks(found: Progress, weeks: Sequence[int]) -> Iterator[Block | None]:
    course = course_of(found.cohort.course_text)
    if found.standing.asks:
        yield paragraph(*views.line(found.standing))
    for number in weeks:
        week = course.week(number)
        title = shorten(week.title, 80) if week else ""
        yield paragraph(Bold(_("Week {number}: {title}", number=number, title=title)))
        lines = list(_lines(found, number))
        yield bullets(*lines) or note(_("Nothing was asked of you."))
    if not weeks:
        yield paragraph(_("The course has not begun."))


def _same(found: Progress) -> Block | None:
    return note(_("At least {number} others are at the same point.", number=found.same)) if found.same else None


def _goes_on(found: Progress) -> bool:
    return found.cohort.ended_at is None


def _ahead(found: Progress) -> Iterator[Block | None]:
    """The weeks that have not begun, with the dates that are known."""
    course, table = course_of(found.cohort.course_text), found.cohort.timetable
    weeks = [w for w in course.weeks if w.number > found.present] if _goes_on(found) else []
    if weeks:
        yield heading(_("Ahead"))
    for week in weeks:
        monday = say_day(table.monday(week.number))
        title = shorten(week.title, 80)
        yield paragraph(
            Bold(_("Week {number}: {title}", number=week.number, title=title)), ", ", _("from {day}", day=monday)
        )
        items = (item for item in found.items if item.week == week.number and not (item.done or item.optional))
        yield bullets(*(due_text(item, found.now) for item in items))


def _lines(found: Progress, week: int) -> Iterator[Text]:
    for item in found.items:
        if item.week == week and (item.done or not item.optional):
            yield _line(item, found.now)
            yield from (phrase("Feedback: {text}", text=f.text) for f in found.feedback if f.item == item.key)


def _line(item: Item, now: datetime) -> Text:
    title = shorten(item.title, 80)
    if item.done:
        return (_("“{title}”: {state}", title=title, state=item.state or _("done")),)
    if item.is_pending(now) or item.is_welcome(now) or item.is_lost(now):
        return line(item, now)
    return due_text(item, now)


def _acts(found: Progress, weeks: Sequence[int]) -> list[Button]:
    """What is left to do in these weeks, and the newest feedback."""
    asked = [i for i in found.items if i.is_pending(found.now) or i.is_welcome(found.now)]
    left = [i for i in asked if i.week in weeks and i.opens_at <= found.now]
    acts = [button for item in left if (button := named_button(item)) is not None]
    keys = {i.key for i in found.items if i.week in weeks}
    acts += [f.button for f in reversed(found.feedback) if f.button is not None and f.item in keys]
    return acts[:ACTS]
