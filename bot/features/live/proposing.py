"""Proposing a live session: first what a call would mend, then the form, then the proposal of the course."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.core.actions import read_number
from bot.core.contributions import ACTIVITY, AWAY, DESK, FIGURES, PROPOSED
from bot.core.errors import FormRefused, NotFound, Refused
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Form
from bot.core.people import STAFF, Role
from bot.core.time import at_wall, local_day
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.course.gate.instead import SUBSTITUTABLE
from bot.course.gate.limits import too_often
from bot.course.gate.payment import Identified, could_pay
from bot.course.gate.questions import can_stand_in
from bot.course.gate.replacing import replaced, structured
from bot.course.gate.slots import Learner, Suggested, outside, suggested
from bot.course.gate.values import Circumstances
from bot.course.loader import check, course_of
from bot.course.model import Course
from bot.features.live import (
    audit_rules,
    audit_views,
    clocks,
    proposal_rules,
    proposal_views,
    rules,
    weighing,
)
from bot.features.live.rules import Weighed
from bot.features.live.store import Lives, feature

SOON = timedelta(hours=24)
"""How far ahead a suggested time is at least: learners hear of it before."""


@feature.action("propose", roles=STAFF, lane="private")
def show_audit(turn: Lives, press: Press) -> Reply:
    """What live calls are mostly proposed to mend, and what mends it without one."""
    course = course_of(turn.here.course_text)
    found = audit_rules.signs(
        course,
        turn.here.course_text,
        week_now(turn),
        turn.collect(FIGURES, turn.here),
        turn.collect(DESK, turn.here, turn.me),
        [p.id for p in turn.people.members(turn.here.id, Role.INSTRUCTOR)],
        {one.person for one in turn.collect(ACTIVITY, turn.here, turn.now - WEEK, turn.now) if one.in_thread},
        turn.now - at_wall(turn.here.starts_on, time(0), turn.here.zone),
    )
    given = weighing.circumstances(turn, turn.here)
    ahead = _weeks_ahead(turn, course, given)
    full = audit_views.no_week(turn.here, course, ahead, given.passed) if all(ahead.values()) else ()
    return audit_views.audit(turn.here, found, course, full)


def week_now(turn: Lives) -> int:
    return max(1, turn.here.week_on(local_day(turn.now, turn.here.zone)))


@feature.action("mend", roles=STAFF, lane="private")
def draft_discussion(turn: Lives, press: Press) -> Reply:
    """Drafts a structured discussion for a week with nothing to do, as a change that is looked at first."""
    text = structured(turn.here.course_text, read_number(press.subject) or 0)
    try:
        return _proposed(turn, text, _("Everybody makes a claim with evidence, and answers one of another."))
    except FormRefused as refused:
        raise Refused(" ".join(refused.problems.values())) from None


@feature.action("weeks", roles=STAFF, lane="private")
def choose_week(turn: Lives, press: Press) -> Reply:
    how = press.subject if press.subject in proposal_rules.HOW else ""
    course, given = course_of(turn.here.course_text), weighing.circumstances(turn, turn.here)
    return audit_views.weeks(turn.here, course, _weeks_ahead(turn, course, given), given.passed, how)


def _weeks_ahead(turn: Lives, course: Course, given: Circumstances) -> dict[int, str]:
    """The weeks from now on, each with why it can have no more sessions; empty: it can."""
    now = week_now(turn)
    ahead = {week.number: too_often(week.number, course, given) for week in course.weeks if week.number >= now}
    if not ahead.get(now, "-") and not times_that_do(turn, now, proposal_views.SHORTEST):
        ahead[now] = _("Week {week} has no times left that would do.", week=now)
    return ahead


@feature.action("form", roles=STAFF, lane="form")
def open_form(turn: Lives, press: Press) -> Reply:
    return _form(turn, f"{press.value}.{press.subject}" if press.value else press.subject)


def _form(turn: Lives, subject: str) -> Form:
    """`subject`: the week, and how it is to take effect, such as '3.trial'."""
    course, (week, how) = course_of(turn.here.course_text), proposal_rules.meant(subject)
    if not week_now(turn) <= week <= len(course.weeks):
        raise NotFound(_("That week is over. `/cohort live` has those that are ahead."))
    minutes = min(proposal_views.MINUTES, course.live_rules.longest)
    pays = could_pay(course, week, minutes, weighing.circumstances(turn, turn.here))
    # As long as its week can pay for.
    minutes = min(minutes, max(proposal_views.SHORTEST, sum(pay.minutes for pay in pays)))
    slots = times_that_do(turn, week, minutes)
    instead = what_counts(turn, week, slots[-1].at + timedelta(minutes=minutes) if slots else None)
    return proposal_views.form(turn.here, course, week, minutes, slots, pays, turn.me.zone, how, instead)


def times_that_do(turn: Lives, week: int, minutes: int) -> Sequence[Suggested]:
    """What the zones, hours and free days of the learners suggest."""
    table, limits = turn.here.timetable, course_of(turn.here.course_text).live_rules
    return suggested(week, minutes, table, _learners(turn), limits, turn.now + SOON, turn.me.zone)


def what_counts(turn: Lives, week: int, over: datetime | None) -> Sequence[Identified]:
    """What could count in full in place of a session that is over then."""
    given = replace(weighing.circumstances(turn, turn.here), zones=tuple(weighing.zones_of(turn, turn.here)))
    return can_stand_in(week, over, course_of(turn.here.course_text), given)


def _learners(turn: Lives) -> list[Learner]:
    away: dict[int, list[tuple[datetime, datetime | None]]] = {}
    for days in turn.collect(AWAY, turn.here):
        away.setdefault(days.person, []).append((days.starts_at, days.ends_at))
    people = turn.people.members(turn.here.id, Role.LEARNER)
    return [Learner(p.zone, p.hour, tuple(away.get(p.id, ()))) for p in people]


@feature.form("form", roles=STAFF, replaces=None)
def take_form(turn: Lives, filled: Submission) -> Reply:
    """What passes the gate becomes a proposal of the course; a kind that goes as well alone, what replaces it."""
    form = _form(turn, filled.subject)
    said = {name: value.strip() for name, value in filled.values.items()}
    course, (week, how) = course_of(turn.here.course_text), proposal_rules.meant(filled.subject)
    id = proposal_rules.id_for(course, week, said.get("title", ""), turn.store.of(turn.here.id))

    def asked(how: str) -> tuple[str, Weighed]:
        answers = said if "recorded" in {field.name for field in form.fields} else {**said, "recorded": "yes"}
        text = proposal_rules.drafted(course, turn.here.course_text, week, id, answers, how)
        _check(text, [field.name for field in form.fields])
        cohort = replace(turn.here, course_text=text)
        return text, next(one for one in weighing.weighed(turn, cohort) if one.live.id == id)

    text, one = asked(how)
    said.setdefault("pays", "")
    suggested_pays = next(f.value for f in form.fields if f.name == "pays")
    if said["pays"].splitlines() == suggested_pays.splitlines() and one.live.minutes <= course.live_rules.longest:
        # What was left as it was suggested follows the minutes that were typed.
        given = weighing.circumstances(turn, turn.here)
        said["pays"] = proposal_views.as_lines(could_pay(course, week, one.live.minutes, given))
        text, one = asked(how)
    if not how and one.live.kind in SUBSTITUTABLE:
        return _proposed(turn, replaced(text, id), proposal_views.instead(one.live.kind))
    if how == proposal_rules.TRIAL and not one.asks and not one.holding:
        # It answers every question, so there is nothing to try.
        text, one = asked("")
    cohort = replace(turn.here, course_text=text)
    zones, limits = weighing.zones_of(turn, turn.here), course.live_rules
    at = rules.at_slots(cohort, one.live)
    if any(begins <= turn.now for begins in at):
        raise FormRefused({"slots": _("One of these times has passed. Choose times that are ahead.")})
    if one.holding:
        problems: dict[str, list[str]] = {}
        for field, failed in proposal_rules.fields_of(one, [field.name for field in form.fields]):
            problems.setdefault(field, []).append(f"{failed.why} {failed.remedy}")
        if not how and not asked(proposal_rules.TRIAL)[1].holding:
            problems[next(iter(problems))].append(proposal_views.could_be_tried())
        raise FormRefused({field: " ".join(found) for field, found in problems.items()})
    minutes = one.live.minutes
    shares = [
        (clocks.by_both(begins, turn.here, turn.me.zone), rules.share_outside(begins, minutes, zones, limits))
        for begins in at
    ]
    without = sum(all(outside(begins, minutes, zone, limits) for begins in at) for zone in zones)
    advice = [f"{f.why} {f.remedy}" for f in one.failed if f.key == "alternative" and not f.required and not f.tried]
    return _proposed(turn, text, proposal_views.passed(shares, without, advice))


def _check(text: str, fields: Collection[str]) -> None:
    """Raises FormRefused for what the course file does not take."""
    wrong: dict[str, list[str]] = {}
    for problem in check(text):
        if problem.severity == "error":
            key = problem.path.partition("].")[2].partition("[")[0] if problem.path.startswith("live[") else ""
            wrong.setdefault(key if key in fields else "", []).append(problem.message)
    if wrong:
        raise FormRefused({key: " ".join(said) for key, said in wrong.items()})


def _proposed(turn: Lives, text: str, why: str) -> Reply:
    return next(iter(turn.collect(PROPOSED, text, why)), None)
