"""The six questions but for the fifth, which `payment` asks."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from math import ceil

from bot.core.message import shorten
from bot.core.translation import N_, _, any_of
from bot.course.gate.closing import closes_at
from bot.course.gate.instead import INSTEAD, SUBSTITUTABLE
from bot.course.gate.objectives import kept
from bot.course.gate.payment import Identified, identified
from bot.course.gate.values import Circumstances, Failed, listed
from bot.course.gate.wording import binding
from bot.course.model import Course, Live, LiveKind
from bot.course.titles import plain_title

WORTH_IT: tuple[LiveKind, ...] = ("rehearsal", "simulation", "decision", "sensitive", "community")

OFFICE_HOURS_ANSWER = timedelta(hours=24)
"""Office hours stand beside a question channel that is answered within a day."""

METRIC = N_("Write `metric: {attended: 50, worth: 70}`: how many come, and how many of them say that it was worth it.")


HOW_TO_MEASURE = N_("Say how many percent should come, and how many should find it worth it.")

OBJECTIVES = 3
"""Objectives of the course that are named at once."""


def questions(live: Live, course: Course, given: Circumstances) -> Iterator[Failed]:
    yield from _real_time(live, course)
    yield from _mandated(live, course, given) if live.mandated else _optional(live)
    yield from _alternative(live, course, given)
    yield from _recorded(live)
    if live.metric is None:
        question, why = _("how will you know it was worth it"), _("It has no measure in percent.")
        yield Failed("gate-6", "metric", question, why, _(METRIC), False, _(HOW_TO_MEASURE))


def _real_time(live: Live, course: Course) -> Iterator[Failed]:
    def fails(key: str, why: str, fix: str, how: str = "") -> Failed:
        return Failed("gate-1", key, _("is real time the best way"), why, fix, how=how)

    if live.kind is None:
        fix = _("Write `kind: …`: one of {kinds}, or `office_hours`.", kinds=listed(WORTH_IT))
        how = _("Say what people do in it: rehearse, negotiate, decide, or get to know one another.")
        yield fails("kind", _("It does not say what people do in it."), fix, how)
    elif live.kind in SUBSTITUTABLE:
        why = _("This goes as well or better in everybody's own time.")
        yield fails("kind", why, _("Make it {what}.", what=_(INSTEAD[live.kind])))
    elif live.kind == "office_hours":
        if course.faq.answer_within > OFFICE_HOURS_ANSWER:
            why = _("Office hours help few where questions wait for longer than a day.")
            how = _("Promise an answer to questions within 24 h first; `/cohort course` has the file.")
            yield fails("kind", why, _("Write `answer_within: 24 h` in `faq`."), how)
    elif not (objectives := kept(course)):
        fix = _("Write `live_only: […]` in `course`: what learners can only learn together at one time.")
        how = _(
            "Say in a sentence what learners can only learn together at one time: few things are. If there is none, "
            "choose another kind, or what replaces the session."
        )
        yield fails("objective", _("The course keeps no objective for live sessions."), fix, how)
    elif live.objective not in objectives:
        near = get_close_matches(live.objective, objectives, 1, 0.6) if live.objective else ()
        fix = _("Write `objective: {objective}`.", objective=near[0] if near else objectives[0])
        if not near and len(objectives) > 1:
            fix = _(
                "Write `objective: {objective}`, or another one of {all}.",
                objective=objectives[0],
                all=listed(objectives),
            )
        why = _("What people learn in it is none of what this course keeps for live sessions.")
        some = [f"“{shorten(text, 80)}”" for text in objectives[:OBJECTIVES]]
        how = _(
            "Choose {objectives}. If that is not what it is for, choose another kind, or what replaces the session.",
            objectives=any_of(some),
        )
        yield fails("objective", why, fix, how)


def _optional(live: Live) -> Iterator[Failed]:
    if not live.optional:
        why, fix = _("Nobody may have to come."), _("Write `optional: yes`.")
        yield Failed("gate-2", "optional", _("is it optional"), why, fix, how=_("Make it optional."))
        return
    for key, text in (("title", live.title), ("goal", live.goal)):
        if said := binding(text):
            why = _("Learners would read “{said}” beside “It is optional”.", said=shorten(said, 80))
            fix = _("Say what somebody who comes gets from it.")
            yield Failed("gate-2", key, _("is it optional"), why, fix, False)


def _mandated(live: Live, course: Course, given: Circumstances) -> Iterator[Failed]:
    """A policy makes it mandatory if learners are active in it, can study its content before, and lose nothing by
    watching the recording."""

    def fails(why: str, fix: str, how: str) -> Failed:
        return Failed("gate-2", "mandated", _("may a policy make it mandatory"), why, fix, how=how)

    if live.trial:
        why = _("A policy replaces question 2 alone, and a trial leaves another one open.")
        yield fails(why, _("Take out `trial`, or `mandated`."), _("Take out the trial, or the policy."))
    elif live.kind not in WORTH_IT:
        why = _("A policy can only ask for a session in which learners are active.")
        fix = _("Make it one of {kinds}, or optional.", kinds=listed(WORTH_IT))
        yield fails(why, fix, _("Choose what learners do in it, or make it optional."))
    elif not _has_content(live, course, given):
        fix = _("Add its content to the `materials` of week {week} or of an earlier one.", week=live.week)
        how = _("Add its content to the materials of week {week} or of an earlier one.", week=live.week)
        yield fails(_("Its content is not there as material."), fix, how)
    elif live.alternative.text != "recording":
        fix = _("Write `alternative: recording` and a `reflection`; who reflects has come.")
        how = _("Let the recording with a question or two count in full.")
        yield fails(_("A recording has to count in full."), fix, how)
    else:
        why = _("It takes effect once the manager agrees, and absence counts nowhere.")
        fix = _("Nothing to do if the policy asks for it.")
        yield Failed("gate-2", "mandated", _("is it optional"), why, fix, False)


def _has_content(live: Live, course: Course, given: Circumstances) -> bool:
    """Whether there is a material up to its week that no session, itself included, takes off the card."""
    paid: Counter[tuple[int, str]] = Counter()
    for one in (live, *given.passed):
        for pay in one.pays:
            paid[one.week, plain_title(pay.item)] += pay.minutes
    return any(
        not m.minutes or m.minutes > paid[week.number, plain_title(m.title)]
        for week in course.weeks[: live.week]
        for m in week.materials
    )


def _alternative(live: Live, course: Course, given: Circumstances) -> Iterator[Failed]:
    said, item = live.alternative.text, live.alternative.item
    there = {one.id: one for one in identified(course)}
    over, days = _over(live, given), course.live_rules.reflect_days
    whole = can_stand_in(live.week, over, course, given)
    title = _title(there[item], course) if item in there else item
    closings = _closings(there[item], live.week, course, given) if item in there and _is_near(there[item], live) else []
    why, ways = "", _("Write `alternative: recording` and a `reflection`.")
    if whole:
        first = whole[0].id
        ways = _("Write `alternative: recording` and a `reflection`, or `alternative: {{item: {id}}}`.", id=first)
    if item:
        if item not in there:
            why = _("There is no item “{item}”.", item=item)
        elif not closings:
            why = _("“{item}” is not in week {week} or the next.", item=title, week=live.week)
        elif over is not None and min(closings) < over:
            why = _("“{item}” closes before the session is over, so whoever misses it is late already.", item=title)
        elif over is not None and max(closings) > over + timedelta(days=days):
            why = _(
                "“{item}” closes {n} days too late: what counts in full is counted {days} days after the session.",
                item=title,
                n=ceil((max(closings) - over) / timedelta(days=1)) - days,
                days=days,
            )
        elif (other := _given_up(item, given)) is not None:
            session, minutes = other
            why = _(
                "“{item}” gives up {minutes} min for “{title}”, so it is no full way any more.",
                item=title,
                minutes=minutes,
                title=session,
            )
    elif said == "recording":
        if live.kind == "sensitive":
            why = _("What is sensitive is not recorded.")
            ways = _("Write `alternative: feedback`: in private, in writing.")
        elif not live.recorded:
            why = _("There will be no recording.")
            ways = _("Write `recorded: yes`.")
            if whole:
                ways = _("Write `recorded: yes`, or `alternative: {{item: {id}}}`.", id=whole[0].id)
        elif not live.reflection:
            why = _("Nobody says what they took from the recording.")
            ways = _('Add `reflection: ["What was new to you?", "What will you do with it?"]`.')
    elif said == "feedback":
        if live.kind != "sensitive":
            why = _("Feedback in private stands in for a sensitive session alone.")
    elif said:
        why = _("Nobody can count “{said}”.", said=said)
    else:
        why = _("Those who cannot come have none.")
    question = _("is there another way that counts in full")
    if why:
        how = _other_ways(live, [_title(one, course) for one in whole])
        yield Failed("gate-3", "alternative", question, why, ways, how=how)
    elif item and 0 < 2 * (minutes := _minutes(there[item], course)) < live.minutes:
        why = _("“{item}” takes {minutes} min, the session {of}.", item=title, minutes=minutes, of=live.minutes)
        fix = _("Say why it is worth the same, or choose another.")
        yield Failed("gate-3", "alternative", question, why, fix, False)


def can_stand_in(week: int, over: datetime | None, course: Course, given: Circumstances) -> list[Identified]:
    """What could count in full in place of a session that is over then (None: it has no time yet): it can be done in
    time afterwards, before what counts is counted, and gives up nothing for another session."""
    days, found = timedelta(days=course.live_rules.reflect_days), list[Identified]()
    for one in identified(course):
        if {week, week + 1}.isdisjoint(one.weeks) or _given_up(one.id, given) is not None:
            continue
        closings = _closings(one, week, course, given)
        if over is None or (over <= min(closings) and max(closings) <= over + days):
            found.append(one)
    return found


def _is_near(one: Identified, live: Live) -> bool:
    return not {live.week, live.week + 1}.isdisjoint(one.weeks)


def _title(one: Identified, course: Course) -> str:
    """What people call it."""
    return next((i.title for week in one.weeks for i in course.items(week) if i.path == one.path), one.id)


def _minutes(one: Identified, course: Course) -> int:
    """How long an item takes, over all of its weeks; 0 if it does not say."""
    return sum(i.minutes for week in one.weeks for i in course.items(week) if i.path == one.path)


def _other_ways(live: Live, could: Sequence[str]) -> str:
    """What could count in full, for people who read no keys. `could`: the titles of what is there."""
    if live.kind == "sensitive":
        return _("Let feedback in private count in full.")
    if live.alternative.text != "recording":
        if could:
            items = any_of([f"“{shorten(title, 60)}”" for title in could[:OBJECTIVES]])
            return _("Let the recording with a question or two count in full, or {items}.", items=items)
        return _("Let the recording with a question or two count in full.")
    if not live.recorded:
        return _("Have it recorded, or let something that they hand in count in full.")
    return _("Ask a question or two about the recording, such as what was new.")


def _given_up(item: str, given: Circumstances) -> tuple[str, int] | None:
    """Another session for which an item gives up minutes, with how many; None if it is whole."""
    found = ((one.title, pay.minutes) for one in given.passed for pay in one.pays if pay.item == item)
    return next(found, None)


def _over(live: Live, given: Circumstances) -> datetime | None:
    """When the last slot of a session is over; None: it has none."""
    if not live.slots:
        return None
    begins = max(slot.at(given.table, live.week, given.table.zone) for slot in live.slots)
    return begins + timedelta(minutes=live.minutes)


def _closings(one: Identified, week: int, course: Course, given: Circumstances) -> list[datetime]:
    """When an item closes, by each clock of the learners."""
    zones = set(given.zones) or {given.table.zone}
    return [closes_at(one.id, week, course, given.table, zone) for zone in zones]


def _recorded(live: Live) -> Iterator[Failed]:
    if live.kind == "sensitive":
        if live.recorded:
            why, fix = _("What is sensitive is not recorded."), _("Write `recorded: no`, and `alternative: feedback`.")
            how = _("Record nothing, and let feedback in private count in full.")
            yield Failed("gate-4", "recorded", _("is it recorded"), why, fix, how=how)
    elif not live.recorded:
        how = _("Have it recorded, for all who cannot come.")
        question, fix = _("is it recorded and shared"), _("Write `recorded: yes`.")
        yield Failed("gate-4", "recorded", question, _("It is not."), fix, how=how)
