"""Drafts a course file from what a chat and a calendar show: weeks without dates, what replaces each call that can be
replaced, and those worth being there together as sessions that pass the gate.

The draft has no errors for `pacekeeper check`; what only the author can know says so.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.app.checking import START, problems
from bot.app.look.calls import Call
from bot.app.look.hiding import SOMEBODY
from bot.app.look.looking import Look
from bot.app.look.signs import Kind
from bot.core.time import local_day, monday_of
from bot.core.timetable import Timetable
from bot.course.gate.slots import Learner, suggested
from bot.course.model import LiveRules
from bot.course.source import double_quoted, quoted
from bot.course.value_types.texts import slug

WEEKS = 4
MOST_WEEKS = 16
"""Weeks of a draft without a calendar, and the most of any."""

OWN_WORK = 120
"""Minutes of the milestone that each week gets."""

STUDY = 30
"""Minutes of the material that each week gets at least."""

MOST_QUESTIONS = 10

OBJECTIVES: dict[Kind, str] = {
    "rehearsal": "Do it in front of others, and hear at once how it went.",
    "simulation": "Hold your own against people who answer back.",
    "decision": "Decide together what everybody then keeps to.",
    "sensitive": "Talk about what is hard to put in writing.",
    "community": "Know the people with whom you learn.",
}
"""What learners can only learn together at one time, by the kind of a session."""

RULES = LiveRules()


@dataclass(slots=True)
class _Week:
    number: int
    materials: list[tuple[str, int]] = field(default_factory=list)
    discussions: list[tuple[str, int]] = field(default_factory=list)
    checkins: list[tuple[str, int]] = field(default_factory=list)
    live: Call | None = None


def draft(look: Look) -> str:
    """The course file. Sessions that the gate would hold, and what else has an error, are left to the author."""
    for weeks in (_weeks(look), [replace(week, live=None) for week in _weeks(look)], _empty(look)):
        text = _text(look, weeks)
        if not any(p.severity == "error" for p in problems(text.encode(), "draft.yaml")):
            break
    return text


def _number(look: Look) -> int:
    if look.weeks:
        return min(MOST_WEEKS, max(2, len(look.weeks)))
    if look.begins is None or look.ends is None:
        return WEEKS
    weeks = (look.ends - look.begins).days // 7 + 1
    return weeks if 2 <= weeks <= MOST_WEEKS else WEEKS


def _empty(look: Look) -> list[_Week]:
    return [_Week(n) for n in range(1, _number(look) + 1)]


def _weeks(look: Look) -> list[_Week]:
    """Each call in the week of the draft in which it first took place; a weekly one in each of its weeks."""
    found = _empty(look)
    mondays = list(look.weeks)
    sessions = 0
    for call in look.calls or ():
        numbers = sorted({n for at, _ in call.event.times if (n := _week_of(at, look.zone, mondays)) < len(found)})
        if call.verdict == "essential" and numbers and sessions < len(found) * RULES.weeks_share // 100:
            free = [n for n in numbers if found[n].live is None]
            if free:
                found[free[0]].live = call
                sessions += 1
        for n in numbers:
            _replace(found[n], call)
    return found


def _week_of(at: datetime, zone: str, mondays: Sequence[date]) -> int:
    return (monday_of(local_day(at, zone)) - mondays[0]).days // 7


def _replace(week: _Week, call: Call) -> None:
    minutes = min(call.event.minutes, 120)
    if call.kind == "content":
        week.materials.append((call.title, minutes))
    elif call.kind == "discussion":
        week.discussions.append((call.title, min(minutes, 60)))
    elif call.kind == "problem":
        week.checkins.append((call.title, 5))


def _text(look: Look, weeks: Sequence[_Week]) -> str:
    return "\n".join([*_head(look, weeks), *_lists(look, weeks), *_foot(look)]) + "\n"


def _head(look: Look, weeks: Sequence[_Week]) -> Iterator[str]:
    yield "# Drafted by `pacekeeper look` from a chat and a calendar. '…' marks what the author alone can know. Change"
    yield "# it, then run `pacekeeper check` on this file."
    yield "#"
    yield from (f"# {line}" for line in _kept(look))
    objectives = dict.fromkeys(OBJECTIVES[week.live.kind] for week in weeks if week.live and week.live.kind)
    yield "course:"
    yield "  id: my-course"
    yield "  title: My course"
    yield f"  weekly_minutes: {_budget(weeks)}                # what a learner gives in a week"
    yield "  completion: all essential milestones and 1 wrap-up"
    if objectives:
        yield f"  live_only: [{', '.join(map(double_quoted, objectives))}]"
    yield ""
    yield "weeks:"
    for week in weeks:
        yield f"  - title: Week {week.number}"
        yield f"    goal: Show one thing that you could not do before week {week.number}.   # … what, exactly?"
        yield "    materials:"
        for title, minutes in week.materials:
            yield f"      - title: {quoted(_watch(title))}"
            yield "        kind: video"
            yield f"        minutes: {minutes}                        # … a recording is mostly shorter than its call"
            yield '        guide: ["Pause half-way. What would you ask now?"]'
        yield f"      - title: Read for week {week.number}"
        yield f"        minutes: {_study(week)}"
        yield "    self_check:"
        yield "      - What can you do now, and what would you ask?"


def _kept(look: Look) -> Iterator[str]:
    for call in look.calls or ():
        if call.verdict == "unclear":
            yield f"Unclear, and not in here: {call.title}, {call.event.minutes} min ({call.why[0]})."
        elif call.kind in ("office_hours", "one_to_one"):
            yield f"Instead of {call.title}: {call.replacement}."
    if look.repeated:
        yield "Asked again and again, so worth an entry of the FAQ:"
        yield from (f"- {one.text} ({one.people} people)" for one in look.repeated[:MOST_QUESTIONS])


def _watch(title: str) -> str:
    return f"Watch: {title.removesuffix(f' with {SOMEBODY}')}"


def _study(week: _Week) -> int:
    """The reading pays for the week's session, so it is as long."""
    return STUDY + _live_minutes(week)


def _live_minutes(week: _Week) -> int:
    return min(week.live.event.minutes, RULES.longest) if week.live else 0


def _budget(weeks: Sequence[_Week]) -> int:
    most = max(
        sum(minutes for _, minutes in (*week.materials, *week.discussions, *week.checkins)) + _study(week) + OWN_WORK
        for week in weeks
    )
    return -(-most // 30) * 30


def _lists(look: Look, weeks: Sequence[_Week]) -> Iterator[str]:
    yield _WRAPUP
    yield "milestones:"
    for week in weeks:
        last = week is weeks[-1]
        yield f"  - id: work-{week.number}"
        yield f"    week: {week.number}"
        yield f"    title: Hand in the work of week {week.number}          # … what is it?"
        if last:
            yield "    essential: yes"
        yield f"    minutes: {OWN_WORK}"
    ids: dict[str, int] = defaultdict(int)
    discussions = [line for week in weeks for title, n in week.discussions for line in _discussion(week, title, n, ids)]
    checkins = [line for week in weeks for title, n in week.checkins for line in _checkin(week, title, n, ids)]
    live = [line for week in weeks if week.live for line in _live(look, week, week.live, ids)]
    for name, lines in (("discussions", discussions), ("checkins", checkins), ("live", live)):
        if lines:
            yield from ("", f"{name}:", *lines)


_WRAPUP = """\

# What a learner did, in their own words: the rhythm of a course without calls.
prompts:
  - id: wrapup
    weekly: yes
    opens: Fri 16:00
    closes: Sun 23:59
    questions:
      - {id: done, kind: long, text: "What did you finish this week?", audience: cohort}
      - {id: stuck, kind: long, text: "Where are you stuck?", audience: instructors, required: no}
"""


def _id(title: str, week: _Week, ids: dict[str, int]) -> str:
    """An id that nothing else in the draft has."""
    name = f"{slug(title)[:30].strip('-_')}-{week.number}"
    ids[name] += 1
    return name if ids[name] == 1 else f"{name}-{ids[name]}"


def _discussion(week: _Week, title: str, minutes: int, ids: dict[str, int]) -> Iterator[str]:
    yield f"  - id: talk-{_id(title, week, ids)}"
    yield f"    week: {week.number}"
    yield f"    title: {quoted(title)}"
    yield "    question: What do you take from this week, and what speaks against it?   # … the question of the call"
    yield "    protocol: [Claim, Evidence, Question]"
    yield "    replies: 1"
    yield f"    minutes: {minutes}"


def _checkin(week: _Week, title: str, minutes: int, ids: dict[str, int]) -> Iterator[str]:
    yield f"  - id: page-{_id(title, week, ids)}"
    yield f"    week: {week.number}"
    yield f"    title: {quoted(title)}"
    yield "    days: [Tue 09:00, Thu 09:00]         # … add `link:`, the shared document's address"
    yield f"    minutes: {minutes}"


def _live(look: Look, week: _Week, call: Call, ids: dict[str, int]) -> Iterator[str]:
    assert call.kind is not None
    minutes = _live_minutes(week)
    private = call.kind == "sensitive"
    yield f"  - id: live-{_id(call.title, week, ids)}"
    yield f"    week: {week.number}"
    yield f"    title: {quoted(call.title)}"
    yield f"    minutes: {minutes}"
    yield f"    slots: [{', '.join(_slots(look, week.number, minutes))}]       # by the cohort's clock"
    yield f"    kind: {call.kind}"
    yield f"    objective: {double_quoted(OBJECTIVES[call.kind])}"
    yield f"    goal: {quoted(OBJECTIVES[call.kind])}"
    yield "    optional: yes"
    yield f"    alternative: {'feedback' if private else 'recording'}"
    yield '    reflection: ["What was new to you?", "What will you do with it?"]'
    yield f"    recorded: {'no' if private else 'yes'}"
    yield f"    pays: [{{item: Read for week {week.number}, minutes: {minutes}}}]"
    yield "    metric: {attended: 50, worth: 70}"


def _slots(look: Look, week: int, minutes: int) -> list[str]:
    """Two times that leave as few of the people as possible outside waking hours."""
    learners = [Learner(zone) for zone, number in list(look.zones.items())[:40] for _ in range(min(number, 20))]
    table = Timetable(START, look.zone)
    found = suggested(week, minutes, table, learners, RULES, table.over(1) - timedelta(weeks=2))
    return [str(one.moment).removesuffix(" cohort") for one in found] or ["Wed 08:00", "Wed 20:00"]


def _foot(look: Look) -> Iterator[str]:
    yield ""
    yield "faq:"
    yield "  answer_within: 24 h"
    if look.answers.whole.soon is not None:
        yield f"  # So far {look.answers.whole.soon} % of the questions got a reply within a day."
