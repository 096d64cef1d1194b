"""What milestones report to the course team: on the desk, in the manager's week, and for the next run."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from statistics import median

from bot.core.contributions import (
    ACTIVITY,
    ATTENTION,
    EVIDENCE,
    FIGURES,
    RECAP,
    SNAGS,
    STEPS,
    WORK,
    Activity,
    Attention,
    Figure,
    Passage,
    Snag,
    Step,
    Work,
)
from bot.core.message import Text
from bot.core.people import Cohort, Role
from bot.core.time import say_span
from bot.core.timetable import DAY, WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.milestones import desk_views, rules, views
from bot.features.milestones.contributing import dated
from bot.features.milestones.counting import base, counted
from bot.features.milestones.store import MilestoneStore, feature, item_name, work_name

Milestones = Turn[MilestoneStore]

TOLD_FROM = 2
"""From so many learners on the recap tells how many handed in."""

SHOWN_FOR = 4 * WEEK
"""How long overdue work is a reason to talk to a learner."""


@feature.contributes(ACTIVITY)
def activity(turn: Milestones, cohort: Cohort, since: datetime, until: datetime) -> Sequence[Activity]:
    """Work, and what learners ask about their dates: whoever asks for more time is there."""
    found = (turn.store.last_handed_in(cohort.id, since, until), turn.store.last_asked(cohort.id, since, until))
    return [Activity(person, at) for each in found for person, at in each.items()]


@feature.contributes(WORK)
def handed_in(turn: Milestones, cohort: Cohort, people: Collection[int] | None) -> Sequence[Work]:
    course = course_of(cohort.course_text)
    titles = {m.id: (item_name(m.id), f"milestones[{n}]", m.title) for n, m in enumerate(course.milestones)}
    return [
        Work(
            work_name(w),
            w.person,
            *titles[w.milestone],
            w.first_at,
            w.changed_at,
            w.late,
            w.text,
            w.link,
            w.file,
            w.pod,
            w.by if w.pod else w.person,
        )
        for w in turn.store.submissions(cohort.id, people)
        if w.milestone in titles
    ]


@feature.contributes(SNAGS)
def where_people_get_stuck(turn: Milestones, cohort: Cohort) -> list[Snag]:
    """How many were late with a milestone, or did not hand it in."""
    course, found = course_of(cohort.course_text), []
    paths = {m.id: f"milestones[{n}]" for n, m in enumerate(course.milestones)}
    for milestone, _opens, due, counts in counted(turn, cohort, dated(turn, cohort)):
        behind = counts.late + counts.overdue
        if due <= turn.now and behind:
            hard = rules.gets_stuck(counts.late, counts.overdue, counts.asked, 1)
            found.append(Snag("late", milestone.week, behind, counts.asked, paths[milestone.id], hard))
    return found


@feature.contributes(ATTENTION)
def fell_behind(turn: Milestones, cohort: Cohort) -> Sequence[Attention]:
    """Learners whose work is overdue. With several essential milestones overdue, however long, they are at risk. The
    button for more time moves what matters most for the learner."""
    course = course_of(cohort.course_text)
    names = {p.id: p.name for p in turn.people.members(cohort.id, Role.LEARNER)}
    done = turn.store.handed_in(cohort.id, names)
    uptime = turn.uptime
    overdue = [
        (window, milestone)
        for window in turn.store.windows(cohort.id)
        if window.person in names
        and (milestone := course.milestone(window.milestone)) is not None
        and rules.is_overdue(milestone, window, uptime)
        and (window.milestone, window.person) not in done
    ]
    at_risk = rules.at_risk(overdue)
    shown = [
        (window, milestone)
        for window, milestone in overdue
        if window.due_at > turn.uptime.ago(SHOWN_FOR) or (milestone.essential and window.person in at_risk)
    ]
    whys: dict[tuple[str, datetime], Text] = {}
    for w, m in shown:
        if (m.id, w.due_at) not in whys:
            whys[m.id, w.due_at] = desk_views.was_due(m, w)
    first = {w.person: w.milestone for w, _ in sorted(shown, key=lambda s: rules.urgency(*s), reverse=True)}
    return [
        desk_views.overdue(
            cohort, m, names[w.person], w, whys[m.id, w.due_at], w.person in at_risk, first[w.person] == m.id
        )
        for w, m in shown
    ]


@feature.contributes(RECAP)
def in_the_recap(turn: Milestones, cohort: Cohort, week: int, since: datetime, until: datetime) -> Sequence[Passage]:
    """How many have handed in what was due in the week."""
    of_week = [one for one in dated(turn, cohort) if since <= one[2] < since + WEEK + DAY]
    found = counted(turn, cohort, of_week) if of_week else []
    return [desk_views.handed_in(m, c) for m, _opens, _due, c in found if c.came >= TOLD_FROM and 2 * c.came >= c.asked]


@feature.contributes(FIGURES)
def in_the_week(turn: Milestones, cohort: Cohort) -> Sequence[Figure]:
    """Milestones that are open, once work came in, those that were due in the last seven days by the cohort's clock,
    and essential ones that are overdue for several."""
    since, manager = turn.now - WEEK, course_of(cohort.course_text).manager
    current = [
        (m, opens, due) for m, opens, due in dated(turn, cohort) if opens <= turn.now and (since < due or m.essential)
    ]
    figures = []
    for milestone, _opens, due, counts in counted(turn, cohort, current):
        if rules.is_told(counts, due, turn.now):
            few = due <= turn.now and manager.too_few(counts.came, counts.asked)
            late = rules.is_told_late(counts) and manager.too_late(counts.late, counts.came)
            figures.append(desk_views.figure(cohort, milestone, counts, few or late))
    return figures


@feature.contributes(STEPS)
def steps(turn: Milestones, cohort: Cohort) -> Sequence[Step]:
    opened = [one for one in dated(turn, cohort) if one[1] <= turn.now]
    return [Step(m.title, c.came, c.asked, c.late) for m, _opens, _due, c in counted(turn, cohort, opened)]


@feature.contributes(EVIDENCE)
def evidence(turn: Milestones, cohort: Cohort, learners: frozenset[int]) -> list[tuple[str, str]]:
    """How each milestone went, over the base of its other figures."""
    course, moves = course_of(cohort.course_text), turn.store.moves(cohort.id)
    work = {(s.milestone, s.person): s for s in turn.store.submissions(cohort.id)}
    windows = base(turn, cohort, dated(turn, cohort))
    found = []
    for n, milestone in enumerate(course.milestones):
        asked = windows[milestone.id]
        pieces = [(w, work[w.milestone, w.person]) for w in asked if (w.milestone, w.person) in work]
        late = [
            max(0.0, ((s.first_at if s.first_at > w.due_at else s.changed_at) - w.due_at) / timedelta(hours=1))
            for w, s in pieces
            if s.late
        ]
        own = sum(1 for (id, person), days in moves.items() if id == milestone.id and person and days > 0)
        for_all = moves.get((milestone.id, 0), 0)
        parts = (
            _("{minutes} min planned", minutes=milestone.minutes) if milestone.minutes else "",
            _("{number} of {total} handed it in", number=len(pieces), total=len(asked)),
            _(
                "{number} late (median {span} late)",
                number=len(late),
                span=say_span(timedelta(hours=median(late))),
            )
            if late
            else _("none late"),
            _("{own} with a date of their own", own=own) if own else "",
            _("moved by {for_all} days for all", for_all=for_all) if for_all > 0 else "",
            _("{number} not", number=len(asked) - len(pieces)),
        )
        if asked:
            found.append((f"milestones[{n}]", ", ".join(p for p in parts if p)))
        missing = len(asked) - len(pieces)
        if rules.gets_stuck(len(late), missing, len(asked), course.privacy.smallest_group):
            found.append(
                (f"milestones[{n}]", views.remedy(len(late) + missing, milestone, rules.remedies(course, milestone)))
            )
    return found
