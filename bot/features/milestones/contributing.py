"""What milestones contribute: to the week and the calendar, to completion, and to the end of a cohort."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.core.calendar import most_have
from bot.core.contributions import (
    CREDITS,
    ITEMS,
    OPEN_ENDS,
    RUNS,
    TOOK_PART,
    Credit,
    CreditWords,
    Item,
    OpenEnd,
    Promise,
)
from bot.core.items import shift_button
from bot.core.message import shorten
from bot.core.people import Cohort, Person, Role
from bot.core.time import local
from bot.core.translation import _, all_of
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.course.model import Course, Milestone
from bot.features.milestones import dates, rules, views
from bot.features.milestones.store import MilestoneStore, Window, feature, item_name

Milestones = Turn[MilestoneStore]

Dated = tuple[Milestone, datetime, datetime]
"""A milestone with the opening and due date that most learners have."""

WITH_BUTTONS = 3
"""Milestones on the final card with their own button."""


@feature.contributes(RUNS)
def runs(turn: Milestones) -> list[str]:
    return ["milestones"]


@feature.contributes(TOOK_PART)
def took_part(turn: Milestones, cohort: Cohort) -> list[tuple[str, str, int]]:
    return [("milestones", work.milestone, work.person) for work in turn.store.submissions(cohort.id)]


@feature.contributes(ITEMS)
def items(turn: Milestones, cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, Item]]:
    course, ids = course_of(cohort.course_text), {p.id for p in people}
    done = turn.store.handed_in(cohort.id, ids)
    for_pods = [work for m in course.milestones if m.pod for work in turn.store.submissions(cohort.id, ids, m.id)]
    by_pod = {(work.milestone, work.person) for work in for_pods if work.pod}
    windows = {(w.milestone, w.person): w for w in turn.store.windows(cohort.id, ids)}
    moves, joined = turn.store.moves(cohort.id), turn.people.joined(cohort.id, ids)
    # Most learners share a few dates.
    made: dict[tuple[object, ...], Item] = {}
    planned: dict[tuple[str, str], Window] = {}
    unmoved: dict[tuple[str, str], tuple[datetime, datetime]] = {}
    optional, to_do = _("to hand in, optional"), _("to hand in")
    by_their_pod, handed = _("handed in by your pod"), _("handed in")
    found = []
    for milestone in course.milestones:
        for person in people:
            window = windows.get((milestone.id, person.id))
            if window is None:
                if (key := (milestone.id, person.zone)) not in planned:
                    planned[key] = dates.on_time(cohort, milestone, person.zone, moves.get((milestone.id, 0), 0))
                window = planned[key]
            state = optional if window.optional else to_do
            if handed_in := (milestone.id, person.id) in done:
                state = by_their_pod if (milestone.id, person.id) in by_pod else handed
            if (key := (milestone.id, person.zone)) not in unmoved:
                unmoved[key] = milestone.window(cohort.timetable, person.zone)
            late = person.id in joined and rules.missed(*unmoved[key], joined[person.id])
            asked = window.asked_until is not None
            own = late or asked or bool(rules.own_days(moves, milestone.id, person.id))
            window_of = (window.opens_at, window.due_at, window.closes_at, window.optional, window.asked_until)
            dates_of = (milestone.id, window_of, own, handed_in, state)
            if dates_of not in made:
                forgiving, taken = (
                    rules.forgiving(milestone, window, turn.uptime),
                    rules.after_downtime(window, turn.uptime),
                )
                made[dates_of] = _item(cohort, forgiving, taken, own, handed_in, state)
            found.append((person.id, made[dates_of]))
    return found


def dated(turn: Milestones, cohort: Cohort) -> list[Dated]:
    """Every milestone, by the cohort's clock; soonest due first."""
    learners, course = turn.people.members(cohort.id, Role.LEARNER), course_of(cohort.course_text)
    planned = [item for _, item in items(turn, cohort, [Person(0, "", cohort.zone)])]
    zones = {p.id: p.zone for p in learners}
    usual = most_have(planned, ((zones[who], item) for who, item in items(turn, cohort, learners)), cohort.zone)
    found = [(m, i.opens_at, i.due_at) for i in usual if (m := course.milestone(i.id)) is not None]
    return sorted(found, key=lambda f: f[2])


def _item(cohort: Cohort, milestone: Milestone, window: Window, own: bool, done: bool, state: str) -> Item:
    late = window.closes_at is not None and window.closes_at > window.due_at
    may_shift = milestone.extension.longest > timedelta(0)
    return Item(
        name=item_name(milestone.id),
        id=milestone.id,
        week=milestone.week,
        title=milestone.title,
        to_do=(_("Hand in “{title}”", title=shorten(milestone.title, 80)),),
        opens_at=window.opens_at,
        due_at=window.due_at,
        minutes=milestone.minutes,
        done=done,
        optional=window.optional,
        essential=milestone.essential,
        required=rules.is_required(course_of(cohort.course_text), milestone),
        state=state,
        grace=rules.in_time_until(milestone, window) - window.due_at,
        late_until=window.closes_at if late else None,
        late_without_end=window.closes_at is None,
        own_clock=milestone.due.zone == "learner",
        own_date=own,
        button=views.hand_in_button(cohort.id, milestone.id),
        shift=shift_button(cohort.id) if may_shift else None,
    )


# Completion


@feature.contributes(CREDITS)
def credits(turn: Milestones, cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, Credit]]:
    course, ids = course_of(cohort.course_text), {p.id for p in people}
    work: dict[int, dict[str, datetime]] = {id: {} for id in ids}
    for (milestone, person), at in turn.store.handed_in(cohort.id, ids).items():
        work[person][milestone] = at
    windows: dict[int, dict[str, Window]] = {id: {} for id in ids}
    for window in turn.store.windows(cohort.id, ids):
        windows[window.person][window.milestone] = rules.in_cohort(window, cohort, turn.uptime)
    moves = turn.store.moves(cohort.id)
    moved = ids & {person for _milestone, person in moves}
    own = {(m.id, person) for m in course.milestones for person in moved if rules.own_days(moves, m.id, person)}
    counted = rules.counted(course)
    return [(p.id, _credit(course, cohort, p, windows[p.id], work[p.id], own, counted, turn.now)) for p in people]


def _credit(
    course: Course,
    cohort: Cohort,
    person: Person,
    windows: dict[str, Window],
    work: dict[str, datetime],
    own: set[tuple[str, int]],
    counted: Sequence[Milestone],
    now: datetime,
) -> Credit:
    """A learner's progress by the course's rule.

    Late joiners who were excused from a milestone need not hand it in: it counts only if they did.
    """
    essential = course.completion.milestones == "essential" and any(m.essential for m in course.milestones)
    pool = [m for m in counted if m.id in work or not (m.id in windows and windows[m.id].optional)]
    needed = rules.needed(course, len(pool))
    times = sorted(work[m.id] for m in pool if m.id in work)
    done = min(needed, len(times))
    missing = [m for m in pool if m.id not in work] if done < needed else []
    taken = [m for m in missing if m.id in windows and not rules.is_over(windows[m.id], now)]

    def words() -> CreditWords:
        few = needed - done
        names = ", ".join(f"“{shorten(m.title, 60)}”" for m in missing)
        some = 0 < few < len(missing)
        return CreditWords(
            did=tuple((_("Milestone: {title}", title=m.title),) for m in course.milestones if m.id in work),
            missing=tuple(views.missing_line(m, windows[m.id] if m in taken else None, now) for m in missing),
            choice=_("Of the milestones, {few} of these will do.", few=few) if some else "",
            lacks=_("{few} of {names}", few=few, names=names) if some else names,
            buttons=tuple(
                views.hand_in_button(cohort.id, m.id, shorten(_("Hand in: {title}", title=m.title), 60))
                for m in taken[:WITH_BUTTONS]
            ),
            promises=tuple(_promises(course, person, windows, work, own, now)),
        )

    return Credit(
        needs=views.so_many_essential(needed) if essential else views.so_many(needed),
        column="milestones",
        needed=needed,
        done=done,
        done_at=times[needed - 1] if needed and done == needed else None,
        taken=len(taken),
        words=words,
    )


def _promises(
    course: Course,
    person: Person,
    windows: dict[str, Window],
    work: dict[str, datetime],
    moved: set[tuple[str, int]],
    now: datetime,
) -> Iterator[Promise]:
    """'The page, due Mon 26 Jan, 09:00: taken until Mon 2 Feb, 09:00, by a date of their own'"""
    for number, milestone in enumerate(course.milestones):
        window = windows.get(milestone.id)
        if window is None or window.optional or milestone.id in work or not rules.takes_work(window, now):
            continue
        own = (milestone.id, person.id) in moved
        by_learner = milestone.due.zone == "learner"
        due = local(window.due_at, person.zone) if by_learner else window.due_at
        zone = person.zone if by_learner else None
        yield Promise((number, own, str(due)), views.promise_line(milestone, window, own, zone))


@feature.contributes(OPEN_ENDS)
def open_ends(turn: Milestones, cohort: Cohort) -> list[OpenEnd]:
    """Milestones that have not opened yet."""
    course = course_of(cohort.course_text)
    learners = {p.id for p in turn.people.members(cohort.id, Role.LEARNER)}
    windows = turn.store.windows(cohort.id)
    unopened = {w.milestone for w in windows if w.person in learners and w.opens_at > turn.now}
    titles = [f"“{shorten(m.title, 60)}”" for m in course.milestones if m.id in unopened]
    text = _("Not opened yet, and never will: {titles}", titles=all_of(titles))
    return [OpenEnd((text,), stays=False)] if titles else []
