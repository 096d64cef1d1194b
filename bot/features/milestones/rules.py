"""Pure decisions of milestones."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Literal

from bot.core.contributions import Item, Podmates
from bot.core.people import Cohort
from bot.core.timetable import DAY, WEEK, Timetable
from bot.core.translation import _
from bot.core.typed import is_address, typed_link, unfit_link
from bot.core.uptime import Uptime
from bot.course.calendar import late_until
from bot.course.model import Checkin, Course, Discussion, Milestone, Prompt, Quantity
from bot.course.moment import Moment
from bot.features.milestones.store import EVERY, Counts, Moves, Request, Submission, Window, kept

TOO_SHORT = 3 * DAY
"""A learner who joins with less time than this, and less than half of the window, is treated as having missed the
date."""

MIDNIGHT = time(0)
USUALLY = 2
"""By how many days, counted from today for a date that has passed, the course team is offered to move it."""

SEVERAL = 2
"""From so many learners on the manager reads for how many essential work is overdue, however long."""

AT_RISK = 2
"""Overdue essential milestones of a learner who may drop out."""

FARTHEST = 90
"""Maximum days by which a date can be moved."""

NEAR = 14
"""So many days in a row a form offers; later ones by whole weeks."""

AFTER_THE_END = 2
"""Weeks after the last one of the course that an instructor may give; more only if somebody asked for it."""

MOST_FOR_ALL = 30
"""Maximum days of an accommodation."""

AFTER_NO = DAY
"""How long after a 'no' that came late work is still in time: the learner waited for it."""


def closes(meant: str) -> bool:
    """Whether this is the name of something that closes, and not the id of a milestone, which has no '/'."""
    return "/" in meant


def as_milestone(course: Course, item: Item) -> Milestone:
    """What closes, by its name, title, clock and policy; its date is that of the item."""
    moment = Moment(0, MIDNIGHT, "learner" if item.own_clock else "cohort")
    milestone = Milestone(item.name, item.week, item.title, moment, moment)
    written = _written(course, item)
    return replace(milestone, extension=written.extension) if written else milestone


def _written(course: Course, item: Item) -> Discussion | Checkin | Prompt | None:
    """The part of the course file that a closing item is of."""
    id = item.id.partition("/")[0]
    match item.name.partition("/")[0]:
        case "discussion":
            return course.discussion(id)
        case "checkin":
            return course.checkin(id)
        case "wrapup":
            return course.prompt(id)
    return None


def window_for(
    milestone: Milestone, table: Timetable, zone: str, for_all: int, own: int, joined_at: datetime
) -> Window:
    """The window of a learner (person 0) whose clock is `zone`; their date was moved by `for_all` days for everybody,
    and by `own` more for them.

    What was due before they joined, or too soon after it (`missed`): an essential milestone is due on the same
    weekday and time, the first that is at least a week after they joined, or when it is due for everybody by now, if
    that is later; any other is optional. What is moved for them comes on top of that.
    """
    opens, due = milestone.window(table, zone)
    weeks = 0
    while milestone.essential and missed(opens, due, joined_at) and due + weeks * WEEK - joined_at < WEEK:
        weeks += 1
    _, due = milestone.window(table, zone, max(for_all * DAY, weeks * WEEK) + own * DAY)
    optional = not milestone.essential and missed(opens, due, joined_at)
    return Window(milestone.id, 0, opens, due, late_until(milestone, due), optional)


def missed(opens: datetime, due: datetime, joined_at: datetime) -> bool:
    """Whether a learner joined too late for a date."""
    return due - joined_at < min(TOO_SHORT, (due - opens) / 2)


def own_days(moves: Moves, milestone: str, person: int) -> int:
    """By how many days a date is later for this learner alone, with their accommodation."""
    return moves.get((milestone, person), 0) + accommodation(moves, milestone, person)


def accommodation(moves: Moves, milestone: str, person: int) -> int:
    """The part of it that is their accommodation: what they have now, or what this milestone kept if that is more."""
    return max(moves.get((EVERY, person), 0), moves.get((kept(milestone), person), 0))


STUCK = 0.5
"""Share of learners who were late or did not hand in from which people get stuck with a milestone."""


def gets_stuck(late: int, missing: int, asked: int, smallest: int) -> bool:
    return asked >= max(smallest, 1) and late + missing >= asked * STUCK


def remedies(course: Course, milestone: Milestone) -> tuple[str, ...]:
    """What the weeks of a milestone do not have yet of what helps where people get stuck."""
    weeks = range(milestone.opens.week or milestone.week, (milestone.due.week or milestone.week) + 1)
    checked = any(week.self_check for week in course.weeks if week.number in weeks)
    played = any(scenario.week in weeks for scenario in course.scenarios)
    return tuple(name for name, there in (("self_check", checked), ("scenario", played)) if not there)


def moved_for(moves: Moves, milestone: str, person: int) -> int:
    """How many days more this learner got for one milestone."""
    return max(0, moves.get((milestone, person), 0))


def in_time_until(milestone: Milestone, window: Window) -> datetime:
    """Until when work is not late, also for a change."""
    return max(window.due_at + milestone.grace, window.asked_until or window.due_at)


def asked_for(milestone: Milestone, window: Window, request: Request | None) -> Window:
    """The window while a request stands: whoever asked before their work was accepted no more is in time until the day
    that they asked for, or until a day after a 'no', however late it came."""
    if request is None or request.state == "granted":
        return window
    if window.closes_at is not None and request.asked_at >= window.closes_at:
        return window
    until = request.until if request.answered_at is None else request.answered_at + AFTER_NO
    if until <= in_time_until(milestone, window):
        return window
    closes = None if window.closes_at is None else max(window.closes_at, until)
    return replace(window, asked_until=until, closes_at=closes)


def newest(requests: Iterable[Request]) -> dict[tuple[str, int], Request]:
    """(milestone, person) -> their last request."""
    return {(r.milestone, r.person): r for r in requests}


def is_open(request: Request, window: Window) -> bool:
    """Whether a request waits for an answer: the date may be as late by now, since it moved for all."""
    return request.state == "waiting" and request.until > window.due_at


def forgiving(milestone: Milestone, window: Window, uptime: Uptime) -> Milestone:
    """The milestone with the time that a learner gets after a downtime in which it opened, or which left them less
    than a day, as its grace."""
    ends = (window.due_at, in_time_until(milestone, window))
    in_time = max(uptime.open_until(window.opens_at, at) for at in ends)
    grace = max(milestone.grace, in_time - window.due_at)
    return milestone if grace == milestone.grace else replace(milestone, grace=grace)


def is_late(milestone: Milestone, window: Window, now: datetime) -> bool:
    return now > in_time_until(milestone, window)


def is_overdue(milestone: Milestone, window: Window, uptime: Uptime) -> bool:
    """Whether work should have come by now."""
    was_due = window.due_at < uptime.now and not window.optional
    return was_due and is_late(forgiving(milestone, window, uptime), window, uptime.now)


def at_risk(overdue: Sequence[tuple[Window, Milestone]]) -> set[int]:
    """The learners from whom several essential milestones are overdue."""
    number = Counter(window.person for window, milestone in overdue if milestone.essential)
    return {person for person, missing in number.items() if missing >= AT_RISK}


def urgency(window: Window, milestone: Milestone) -> tuple[bool, bool, datetime]:
    """Sorts overdue work: essential first, what is closed or closes soonest before the rest."""
    return not milestone.essential, window.closes_at is None, window.closes_at or window.due_at


ENOUGH = 3
"""So many pieces say whether people hand in late."""


def is_told_late(counts: Counts) -> bool:
    return counts.came >= ENOUGH


def counts(
    milestone: Milestone,
    asked: Sequence[Window],
    work: Sequence[Submission],
    uptime: Uptime,
    here: Collection[int],
    before: datetime | None,
) -> Counts:
    """How far those who were asked have come. Nothing is overdue from people who are not `here` any more. `before`: the
    instant to compare with, None if there is none."""
    done = {w.person: w for w in work if w.milestone == milestone.id}
    came = [done[w.person] for w in asked if w.person in done]
    return Counts(
        len(asked),
        len(came),
        sum(one.late for one in came),
        sum(w.person in here and w.person not in done and is_overdue(milestone, w, uptime) for w in asked),
        None if before is None else sum(one.first_at < before for one in came),
    )


def is_told(counts: Counts, due: datetime, now: datetime) -> bool:
    """Whether the manager reads these figures: not of what was merely opened, and not of what is long done."""
    if not counts.asked:
        return False
    if now < due:
        return counts.came > 0
    return now - due < WEEK or counts.overdue >= SEVERAL


def counted(course: Course) -> list[Milestone]:
    """The milestones among which completion counts: the essential ones if the course asks for these, else all."""
    essential = [m for m in course.milestones if m.essential]
    return essential if course.completion.milestones == "essential" and essential else list(course.milestones)


def needed(course: Course, counted: int) -> int:
    """How many of so many milestones completion takes."""
    rule = course.completion.milestones
    return (rule if isinstance(rule, Quantity) else Quantity(all=True)).of(counted)


def is_required(course: Course, milestone: Milestone) -> bool:
    """Whether nobody completes the course without this milestone."""
    found = counted(course)
    return any(m.id == milestone.id for m in found) and needed(course, len(found)) == len(found)


def after_downtime(window: Window, uptime: Uptime) -> Window:
    """The window with a day after a downtime in which it opened, or which left less than a day of it."""
    closes_at = window.closes_at
    if closes_at is None or (later := uptime.open_until(window.opens_at, closes_at)) == closes_at:
        return window
    return replace(window, closes_at=later)


def in_cohort(window: Window, cohort: Cohort, uptime: Uptime) -> Window:
    """The window as downtimes and the end of the cohort leave it."""
    window = after_downtime(window, uptime)
    closes_at = cohort.taken_until(window.opens_at, window.closes_at)
    return window if closes_at == window.closes_at else replace(window, closes_at=closes_at)


def takes_work(window: Window, now: datetime) -> bool:
    return window.opens_at <= now and not is_over(window, now)


def is_over(window: Window, now: datetime) -> bool:
    """Whether no work is taken any more."""
    return window.closes_at is not None and now >= window.closes_at


def choices(milestone: Milestone, moved: int, window: Window, now: datetime) -> list[int]:
    """For how many more days a learner may move a date or ask; `moved`: by how many it was moved for them already."""
    if window.optional:
        return []
    return ahead(window, milestone.extension.longest // DAY - moved, now)


def free_days(milestone: Milestone, moved: int) -> int:
    """For how many more days a learner needs no answer of the course team."""
    return max(0, milestone.extension.free // DAY - moved)


def to_give(window: Window, asked_until: datetime, over: datetime, now: datetime) -> list[int]:
    """How many days more an instructor may choose for somebody who asked for a date. `over`: when the last week is."""
    asked = round((asked_until - window.due_at) / DAY)
    last = max(over + AFTER_THE_END * WEEK, now + AFTER_THE_END * WEEK)
    return ahead(window, min(FARTHEST, max((last - window.due_at) // DAY, asked)), now, asked)


def ahead(window: Window, longest: int, now: datetime, asked: int = 0) -> list[int]:
    """The numbers of days, up to `longest`, after which the date lies ahead: the next ones, then whole weeks, the last
    one and those that were `asked` for."""
    found = [days for days in range(1, longest + 1) if window.due_at + days * DAY > now]
    later = [days for days in found[NEAR:] if days % 7 == 0 or days in (asked, found[-1])]
    return found[:NEAR] + later


def later(milestone: Milestone, window: Window, days: int, table: Timetable, zone: str) -> datetime:
    """The date of a learner in `zone`, so many days later by the clock that the course goes by."""
    return table.moved(window.due_at, days, milestone.due.zone, zone)


def problems(link: str, text: str, has_file: bool = False) -> dict[str, str]:
    """Errors in a filled-in form, by field."""
    if link and (wrong := unfit_link(link)):
        return {"link": wrong}
    if not link and not text and not has_file:
        return {"link": _("Please give a link, write your text below, or send a file.")}
    return {}


def split(work: str) -> tuple[str, str]:
    """(link, text) of what was typed in one go."""
    word = typed_link(work)
    return (word, "") if is_address(word) else ("", work.strip())


def open_now(windows: Sequence[Window], done: Sequence[Submission], now: datetime) -> list[Window]:
    """What waits to be handed in, the soonest due first; optional work last."""
    there = {s.milestone for s in done}
    waiting = [w for w in windows if w.milestone not in there and takes_work(w, now)]
    return sorted(waiting, key=lambda w: (w.optional, w.due_at))


# Pods

Reach = Literal["whole", "some", "earlier"]
"""For whom of the pod in which somebody is now a pod's work was handed in: for `some` if others have other work, for an
`earlier` one if nobody else has this one."""


def reach(work: Submission, pod: Podmates | None, others: Collection[Submission]) -> Reach:
    """`others`: what the others of this pod handed in for the same milestone."""
    theirs = {w.pod for w in others}
    if pod is None or work.pod not in {pod.key, *theirs}:
        return "earlier"
    return "whole" if theirs <= {pod.key} and work.pod == pod.key else "some"
