"""The six questions but for the fifth, which `payment` asks."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from difflib import get_close_matches

from bot.course.gate.payment import Identified, identified
from bot.course.gate.values import Circumstances, Failed, listed
from bot.course.model import NOT_RUN, Course, Live, LiveKind

WORTH_IT: tuple[LiveKind, ...] = ("rehearsal", "simulation", "decision", "sensitive", "community")

REPLACEMENTS: dict[LiveKind, str] = {
    "content": "a recorded video with guided notes or pause prompts",
    "discussion": "a structured discussion",
    "problem": "a shared document with check-ins, and a milestone",
}
"""The kinds that go as well or better in one's own time, each with what replaces it."""

OFFICE_HOURS_ANSWER = timedelta(hours=24)
"""Office hours stand beside a question channel that is answered within a day."""

METRIC = "Write `metric: {attended: 50, worth: 70}`: how many come, and how many of them say that it was worth it."


def questions(live: Live, course: Course, given: Circumstances) -> Iterator[Failed]:
    yield from _real_time(live, course)
    yield from _mandated(live, course) if live.mandated else _optional(live)
    yield from _alternative(live, course, given)
    yield from _recorded(live)
    if live.metric is None:
        question = "how will you know it was worth it"
        yield Failed("gate-6", "metric", question, "it has no measure in percent.", METRIC, False)


def _real_time(live: Live, course: Course) -> Iterator[Failed]:
    question = "is real time the best way"
    if live.kind is None:
        fix = f"Write `kind: …`: one of {listed(WORTH_IT)}, or `office_hours`."
        yield Failed("gate-1", "kind", question, "it does not say what people do in it.", fix)
    elif live.kind in REPLACEMENTS:
        why = f"`{live.kind}` goes as well or better in everybody's own time."
        yield Failed("gate-1", "kind", question, why, f"Make it {REPLACEMENTS[live.kind]}.")
    elif live.kind == "office_hours":
        if course.faq.answer_within > OFFICE_HOURS_ANSWER:
            why = "office hours help few where questions wait for longer than a day."
            yield Failed("gate-1", "kind", question, why, "Write `answer_within: 24 h` in `faq`.")
    elif not course.live_only:
        fix = "Write `live_only: […]` in `course`: what learners can only learn together at one time."
        yield Failed("gate-1", "objective", question, "the course names no objective that needs it.", fix)
    elif live.objective not in course.live_only:
        near = get_close_matches(live.objective, course.live_only, 1, 0.6) if live.objective else ()
        says = f"`{live.objective}` is none of them." if live.objective else "it names none of them."
        fix = f"Write `objective: {near[0] if near else course.live_only[0]}`"
        fix += "." if near or len(course.live_only) == 1 else f", or another one of {listed(course.live_only)}."
        yield Failed("gate-1", "objective", question, f"of the `live_only` objectives, {says}", fix)


def _optional(live: Live) -> Iterator[Failed]:
    if not live.optional:
        yield Failed("gate-2", "optional", "is it optional", "nobody may have to come.", "Write `optional: yes`.")


def _mandated(live: Live, course: Course) -> Iterator[Failed]:
    """A policy makes it mandatory if learners are active in it, can study its content before, and lose nothing by
    watching the recording."""
    question = "may a policy make it mandatory"
    if live.kind not in WORTH_IT:
        why = "a policy can only ask for a session in which learners are active."
        yield Failed("gate-2", "mandated", question, why, f"Make it one of {listed(WORTH_IT)}, or optional.")
    elif not any(w.materials for w in course.weeks[: live.week]):
        fix = f"Add its content to the `materials` of week {live.week} or of an earlier one."
        yield Failed("gate-2", "mandated", question, "its content is not there as material.", fix)
    elif live.alternative.text != "recording":
        fix = "Write `alternative: recording` and a `reflection`; who reflects has come."
        yield Failed("gate-2", "mandated", question, "a recording has to count in full.", fix)
    else:
        why = "it takes effect once the manager agrees, and absence counts nowhere."
        yield Failed("gate-2", "mandated", "is it optional", why, "Nothing to do if the policy asks for it.", False)


def _alternative(live: Live, course: Course, given: Circumstances) -> Iterator[Failed]:
    question = "is there another way that counts in full"
    said, item = live.alternative.text, live.alternative.item
    usual = "`alternative: recording` and a `reflection`"
    near = (live.week, live.week + 1)
    ids = {one.id: one for one in identified(course) if one.runs and any(week in near for week in one.weeks)}
    open_after = [id for id, one in ids.items() if not _closes_before(one, live, course, given)]
    ways = f"Write {usual}" + (f", or `alternative: {{item: {open_after[0]}}}`." if open_after else ".")
    why = ""
    if item:
        there = {one.id: one for one in identified(course)}
        if item not in there:
            why = f"there is no item `{item}`."
        elif not there[item].runs:
            kind = NOT_RUN[there[item].path.partition("[")[0]]
            why = f"nothing runs a {kind} yet, so nobody can do `{item}`."
        elif item not in ids:
            why = f"`{item}` is not in week {live.week} or the next."
        elif item not in open_after:
            why = f"`{item}` closes before the session is over, so whoever misses it is late already."
    elif said == "recording":
        if live.kind == "sensitive":
            why, ways = "what is sensitive is not recorded.", "Write `alternative: feedback`: in private, in writing."
        elif not live.reflection:
            why = "nobody says what they took from the recording."
            ways = 'Add `reflection: ["What was new to you?", "What will you do with it?"]`.'
    elif said == "feedback":
        if live.kind != "sensitive":
            why = "`feedback` stands for a `sensitive` session alone."
    else:
        why = f"nobody can count {said!r}." if said else "those who cannot come have none."
    if why:
        yield Failed("gate-3", "alternative", question, why, ways)


def _closes_before(one: Identified, live: Live, course: Course, given: Circumstances) -> bool:
    """Whether it closes for somebody before the last slot of a session is over."""
    if not live.slots:
        return False
    ends = max(slot.at(given.table, live.week, given.table.zone) for slot in live.slots)
    over = ends + timedelta(minutes=live.minutes)
    return any(_closes_at(one.id, live, course, given, zone) < over for zone in set(given.zones) or {given.table.zone})


def _closes_at(id: str, live: Live, course: Course, given: Circumstances, zone: str) -> datetime:
    """Until when an item can be done in time by a clock in `zone`."""
    if (milestone := course.milestone(id)) is not None:
        return milestone.window(given.table, zone)[1]
    if (discussion := course.discussion(id)) is not None:
        return discussion.window(given.table, zone)[1]
    checkin = course.checkin(id)
    assert checkin is not None
    weeks = [week for week in (live.week, live.week + 1) if week in checkin.weeks]
    return max(closes for week in weeks for _day, _opens, closes in checkin.windows(given.table, week, zone))


def _recorded(live: Live) -> Iterator[Failed]:
    if live.kind == "sensitive":
        if live.recorded:
            fix = "Write `recorded: no`, and `alternative: feedback`."
            yield Failed("gate-4", "recorded", "is it recorded", "what is sensitive is not recorded.", fix)
    elif not live.recorded:
        yield Failed("gate-4", "recorded", "is it recorded and shared", "it is not.", "Write `recorded: yes`.")
