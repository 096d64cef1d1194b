"""Pure decisions of completion."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from bot.core.people import Cohort
from bot.core.time import at_wall, local_day
from bot.core.timetable import DAY, WEEK
from bot.course.model import Course, Milestone, Quantity
from bot.features.completion.store import Part, Progress, Record, Window

CODE_LENGTH = 12
LAST_WEEKS = 2 * WEEK
"""Who was heard so shortly before the end of the course was active at its end."""


def progress(course: Course, record: Record) -> Progress:
    """How far somebody has come by the course's rule.

    Who joined late and was excused from a milestone need not hand it in: it counts only if they did.
    """
    rule = course.completion
    pool = [m.id for m in counted(course) if m.id in record.work or not _excused(record.windows.get(m.id))]
    wanted = rule.milestones if isinstance(rule.milestones, Quantity) else Quantity(all=True)
    milestones = _part(wanted, len(pool), (record.work[m] for m in pool if m in record.work))
    answered = (record.answered[r.id] for r in record.rounds if r.id in record.answered)
    wrapups = _part(rule.wrapups, len(record.rounds), answered)
    return Progress(
        milestones,
        wrapups,
        rule.milestones == "essential" and any(m.essential for m in course.milestones),
        () if milestones.complete else tuple(m for m in pool if m not in record.work),
        () if wrapups.complete else tuple(r for r in record.rounds if r.id not in record.answered),
    )


def counted(course: Course) -> list[Milestone]:
    """The milestones that the rule is about: the essential ones where it says so and there are some, else all."""
    essential = [m for m in course.milestones if m.essential]
    return essential if essential and course.completion.milestones == "essential" else list(course.milestones)


def _excused(window: Window | None) -> bool:
    return window is not None and window.optional


def _part(wanted: Quantity, total: int, done: Iterable[datetime]) -> Part:
    times = sorted(done)
    needed = wanted.of(total)
    done_at = times[needed - 1] if needed and len(times) >= needed else None
    return Part(needed, min(needed, len(times)), done_at)


def last_day(course: Course, cohort: Cohort) -> date:
    """The Sunday of the last week."""
    return cohort.timetable.monday(max(1, len(course.weeks))) + 6 * DAY


def final_at(
    course: Course, cohort: Cohort, zone: str, hour: int, due_at: datetime | None, answers_until: datetime | None
) -> datetime:
    """When a learner gets their final card: at their hour on the first day after the last week that is no holiday,
    once their own last milestone (with its grace) and their last wrap-up are over, too."""
    grace = max((m.grace for m in course.milestones), default=timedelta(0))
    over = [due_at + grace] if due_at is not None else []
    over += [answers_until] if answers_until is not None else []
    clock = course.messages.hour(hour)
    day = cohort.timetable.free(last_day(course, cohort) + DAY)
    at = at_wall(day, clock, zone)
    if over and at <= max(over):
        day = cohort.timetable.free(max(day, local_day(max(over), zone)))
        at = at_wall(day, clock, zone)
        while at <= max(over):
            day = cohort.timetable.free(day + DAY)
            at = at_wall(day, clock, zone)
    return at


def has_begun(cohort: Cohort, now: datetime) -> bool:
    return local_day(now, cohort.zone) >= cohort.starts_on


def days_of(course: Course, cohort: Cohort, now: datetime) -> tuple[date, date]:
    """(first, last) day of the run as a certificate says it; a run that is closed early ends then."""
    until = min(now, cohort.ended_at or now)
    return cohort.starts_on, max(cohort.starts_on, min(last_day(course, cohort), local_day(until, cohort.zone)))


def end_of(course: Course, cohort: Cohort) -> datetime:
    """The instant at which the last week is over, or at which the cohort was closed before that."""
    over = at_wall(last_day(course, cohort) + DAY, time(0), cohort.zone)
    return min(over, cohort.ended_at) if cohort.ended_at else over


def can_hand_in(cohort: Cohort, window: Window | None, now: datetime) -> bool:
    """Whether a milestone's work is taken, now or once it has opened."""
    if window is None:
        return False
    until = cohort.taken_until(window.opens_at, window.closes_at)
    return until is None or now < until


def can_answer(cohort: Cohort) -> bool:
    """Whether late wrap-ups are taken."""
    return not cohort.cut_short


def can_complete(course: Course, cohort: Cohort, record: Record, found: Progress, now: datetime) -> bool:
    """Whether what is still taken suffices for the certificate."""
    more = sum(can_hand_in(cohort, record.windows.get(m), now) for m in found.missing)
    late = len(found.unanswered) if can_answer(cohort) else 0
    return (
        found.asks
        and found.milestones.done + more >= found.milestones.needed
        and found.wrapups.done + late >= found.wrapups.needed
    )
