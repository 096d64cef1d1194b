"""The audit compares a course with the principles of Pacekeeper. All its findings are advice."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from bot.core.advice import Code
from bot.core.time import is_zone, local, say_minutes
from bot.core.timetable import Timetable
from bot.course.gate.loosening import rules_loosened
from bot.course.gate.slots import Learner, outside
from bot.course.model import Course, Live, LiveRules, Messages, Milestone, Moment, Week
from bot.course.problems import Problem, spot
from bot.course.rooms import by_day, slots_for
from bot.course.value_types.spans import write_span

SLOWEST_ANSWER = timedelta(days=3)
"""A promise to answer later than that is of no help in a course of weeks."""

_OVERLAP = timedelta(hours=24)
_REFERENCE_WEEK = date(2026, 1, 5)
"""Any Monday. Moments are compared in this week if there is no start date."""

_REFERENCE = Timetable(_REFERENCE_WEEK, "UTC")

Finding = tuple[str, Code, str, str]
"""Path, code, message, fix."""


def audit(
    course: Course, zones: Sequence[str] = (), table: Timetable | None = None, file: str = "course.yaml"
) -> list[Problem]:
    """The findings, in the order of the file.

    `zones` holds one IANA zone for each learner, to report moments outside `messages.hours` with the share of learners.
    `table`: the cohort's weeks, for its zone and their daylight-saving times.
    """
    start = table.starts_on if table else _REFERENCE_WEEK
    found = (
        *_language(course),
        *_weeks(course),
        *_alone(course),
        *_materials(course),
        *_attendance(course),
        *_answers(course),
        *_rules(course),
        *_deadlines(course, start),
    )
    problems = [
        Problem(file, *spot(course.spots, path), path, code, "warning", message, fix)
        for path, code, message, fix in (*found, *_hours(course, zones, table), *_rooms(course, zones, table))
    ]
    return sorted(problems, key=lambda p: (p.line, p.column))


def about(minutes: int) -> str:
    """An estimate in words: '45 min', to a quarter of an hour from an hour on ('6 h 15'), to an hour from ten on."""
    step = 1 if minutes < 60 else 15 if minutes < 600 else 60
    return say_minutes(round(minutes / step) * step)


WORDS_ALONE = "nothing is suggested, grouped or read out of threads by meaning; searches go by words alone"


def _language(course: Course) -> Iterator[Finding]:
    if not course.is_english:
        message = f"The course's language is `{course.language}`, so {WORDS_ALONE}."
        yield "course.language", "language", message, "Nothing to do if that is its language."


def _weeks(course: Course) -> Iterator[Finding]:
    answered = {week for p in course.prompts for week in p.weeks}
    handed_in = {m.week for m in course.milestones} | {d.week for d in course.discussions} | course.checked_in()
    for week in course.weeks:
        path, name = f"weeks[{week.number - 1}]", f"Week {week.number} ({week.title})"
        if not week.goal:
            fix = "Add `goal: …`: what a learner can do at the end of the week."
            yield path, "no-goal", f"{name} has no goal.", fix
        if week.number not in answered | handed_in:
            fix = f"Add a prompt with `weekly: yes`, or one or a milestone with `week: {week.number}`."
            yield path, "nothing-to-answer", f"{name} asks for nothing: nobody is heard in it.", fix
        if _is_passive(course, week):
            fix = "Add something to do: a `guide` of pause prompts, a `self_check`, a scenario or a milestone."
            yield path, "passive", f"In {name[0].lower()}{name[1:]} learners only watch and listen.", fix
        total = course.minutes(week.number)
        if total > course.weekly_minutes:
            yield path, "over-budget", *_over(course, week.number, name, total)


def _is_passive(course: Course, week: Week) -> bool:
    """Whether learners only watch and listen in a week: no notes to take, nothing to check, hand in or discuss."""
    watched = [m.medium in ("video", "audio") and not m.guide for m in week.materials]
    return bool(watched) and all(watched) and not week.self_check and week.number not in course.at_work()


def _alone(course: Course) -> Iterator[Finding]:
    """Finds two weeks in a row in which learners hear nothing of one another. A prompt whose answers the cohort sees
    is a check-in, too."""
    heard = {d.week for d in course.discussions} | course.checked_in()
    for prompt in course.prompts:
        if any(q.audience == "cohort" for q in prompt.questions):
            heard |= set(prompt.weeks)
    alone = [w.number for w in course.weeks if w.number not in heard]
    for first, second in pairwise(alone):
        if second == first + 1 and first - 1 not in alone:
            last = next(n for n in range(second, len(course.weeks) + 1) if n + 1 not in alone)
            message = f"In weeks {first} to {last} learners hear nothing of one another and get no feedback."
            fix = "Add a discussion, a check-in, or a prompt with a question that the cohort sees."
            yield f"weeks[{first - 1}]", "alone", message, fix


_THERE = re.compile(
    r"\b(attend(ance|ed|ing)?(?! to\b)|show(ing)? up|be(ing)? present|presence)\b"
    r"|\b(anwesenheit|teilnahme|asistencia|asistir)\b"
    r"|\b(join(ing)?|com(e|ing) to|participat(e|ing|ion) in|tak(e|ing) part in|sit(ting)? in on)\b.{0,40}"
    r"\b(call|webinar|zoom|teams|meeting|meetup|session|class|lecture|workshop|live)\b",
    re.IGNORECASE,
)
_WORK = (
    "agreement|analysis|brief|campaign|chart|checklist|concept|dashboard|data|design|diary|draft|essay|guide|"
    "map|memo|model|notes?|outline|plan|policy|poster|proposal|query|reflection|report|rules?|script|strategy|"
    "study|summary|survey|template|tracker|konzept|bericht|informe|política"
)
_ABOUT_IT = re.compile(rf"[ -]+(?!and |at |for |on |with )(?:[\w-]{{1,30}} )?(?:{_WORK})\b", re.IGNORECASE)
"""What follows where being there is what the work is about: 'Attendance policy draft'."""

_WORKING = re.compile(
    r"(analy[sz]e|build|code|compare|create|describe|design|draft|explain|make|map|outline|plan|reflect on|review|"
    r"script|sketch|summari[sz]e|write)\b|.{0,60}\b(" + _WORK + r")\b.{0,20}\b(about|for|of|on|to)\b",
    re.IGNORECASE,
)
"""How a title begins that asks for work: 'Write a plan', 'A summary of'."""


def _asks_to_be_there(title: str) -> bool:
    """Whether a milestone asks for being there, and not for work about it."""
    found = _THERE.search(title)
    return bool(found and not _ABOUT_IT.match(title, found.end()) and not _WORKING.match(title[: found.start()]))


def _attendance(course: Course) -> Iterator[Finding]:
    """Finds milestones that reward being there."""
    for i, milestone in enumerate(course.milestones):
        if _asks_to_be_there(milestone.title):
            message = f"{milestone.title!r} asks people to be there at a time, and not for work of theirs."
            fix = "Ask for something to hand in, such as what they took from it; a recording then does as well."
            yield f"milestones[{i}].title", "attendance", message, fix


def _answers(course: Course) -> Iterator[Finding]:
    promised = course.faq.answer_within
    if promised > SLOWEST_ANSWER:
        lost = (
            "a learner has lost half of the week" if promised <= timedelta(days=7) else "a week of the course is over"
        )
        message = f"Answers are promised within {write_span(promised)}; by then {lost}."
        yield "faq.answer_within", "slow-answers", message, "Promise an answer within `24 h`, or `3 days` at most."


def _rules(course: Course) -> Iterator[Finding]:
    """Finds rules of live sessions that let more pass than the usual ones."""
    for one in rules_loosened(LiveRules(), course.live_rules):
        message = f"`{one.key}` is {one.new}, where {one.old} is usual: more live sessions pass."
        fix = f"Leave it out, or write {one.old}. Once a cohort has learners, only its manager loosens it."
        yield one.key, "loose-rules", message, fix


def _over(course: Course, number: int, name: str, total: int) -> tuple[str, str]:
    parts = [f"{i.title} {say_minutes(i.minutes)}" for i in course.items(number) if i.minutes]
    over = total - course.weekly_minutes
    items = sum(i.minutes for i in course.items(number))
    week = course.week(number)
    if week and week.minutes == total and items < total:
        parts = [f"its own `minutes: {total}`", *parts]
    message = (
        f"{name} takes {say_minutes(total)} of a budget of {say_minutes(course.weekly_minutes)}: {', '.join(parts)}."
    )
    return message, f"Take {say_minutes(over)} out of the week, or move it to a week with room{_room(course, over)}."


def _room(course: Course, minutes: int) -> str:
    free = [w.number for w in course.weeks if course.weekly_minutes - course.minutes(w.number) >= minutes]
    return f" (week {', '.join(map(str, free[:3]))})" if free else ""


def _materials(course: Course) -> Iterator[Finding]:
    for week in course.weeks:
        for i, material in enumerate(week.materials):
            path = f"weeks[{week.number - 1}].materials[{i}]"
            if not material.minutes:
                yield path, *_no_minutes(material.title, 20)
            if material.medium == "video" and not (material.transcript or material.captions):
                message = f"The video {material.title!r} has neither transcript nor captions."
                fix = "Add `transcript: https://…`, or `captions: yes` where it has them."
                yield path, "no-transcript", message, fix
            if material.medium == "audio" and not material.transcript:
                message = f"The recording {material.title!r} has no transcript."
                yield path, "no-transcript", message, "Add `transcript: https://…`."
    for i, milestone in enumerate(course.milestones):
        if not milestone.minutes:
            yield f"milestones[{i}]", *_no_minutes(milestone.title, 120)


def _no_minutes(title: str, usual: int) -> tuple[Code, str, str]:
    message = f"{title!r} says no minutes, so its week cannot be counted."
    return "no-minutes", message, f"Add `minutes: {usual}`, or what it takes."


def _deadlines(course: Course, start: date) -> Iterator[Finding]:
    """Finds work that is due within a day of other work."""
    table = Timetable(start, "UTC")
    due = [(m, m.window(table, "UTC")[1], f"milestones[{i}]") for i, m in enumerate(course.milestones)]
    due.sort(key=lambda d: d[1])
    for (first, at, __), (second, then, path) in pairwise(due):
        if then - at < _OVERLAP:
            message = f"{first.title!r} and {second.title!r} are due {_apart(first, second, then - at)}."
            fix = "Write another `due`, at least a day apart, or join the two."
            yield f"{path}.due", "overlapping-deadlines", message, fix


def _apart(first: Milestone, second: Milestone, gap: timedelta) -> str:
    if not gap:
        return f"at the same time ({second.due}, week {second.due.week or second.week})"
    return f"within {max(1, int(gap.total_seconds() // 3600))} h of each other ({first.due} and {second.due})"


def _hours(course: Course, zones: Sequence[str], known: Timetable | None) -> Iterator[Finding]:
    """Finds moments outside the hours of messages, and slots outside waking hours, by the clocks of learners."""
    learners = Counter(z for z in zones if is_zone(z))
    total = sum(learners.values())
    if not total:
        return
    table = known or _table(learners)
    for path, what, week, moment, live in _instants(course):
        away: Counter[str] = Counter()
        for zone, n in learners.items():
            at = moment.at(table, week, table.zone if live else zone)
            if outside(at, live.minutes, zone, course.live_rules) if live else _asleep(at, zone, course.messages):
                away[zone] = n
        if not away:
            continue
        share = round(100 * sum(away.values()) / total)
        worst = ", ".join(f"{z} {local(moment.at(table, week, z), z):%H:%M}" for z, _ in away.most_common(3))
        first, last = course.live_rules.waking if live else (course.messages.start, course.messages.end)
        span = f"{first:%H:%M}-{last:%H:%M}"
        message = f"{what}, {moment} in week {week}, is outside {span} for {share} % of the learners ({worst})."
        yield path, "outside-hours", message, _by_day(moment, course.messages, live)


def _table(learners: Counter[str]) -> Timetable:
    """A course file does not name the cohort's zone; the most frequent zone of its learners stands for it."""
    return Timetable(_REFERENCE_WEEK, learners.most_common(1)[0][0])


def _rooms(course: Course, zones: Sequence[str], known: Timetable | None) -> Iterator[Finding]:
    """Finds quiet rooms without slots, and slots at night for most learners, and says what would suit them."""
    people = Counter(z for z in zones if is_zone(z))
    if not people:
        return
    table = known or _table(people)
    for i, room in enumerate(course.rooms):
        suit = slots_for(room, room.weeks[0], course, [Learner(zone) for zone in people.elements()], table)
        instead = f"`slots: [{', '.join(suit)}]`, which suits them" if suit else "another time"
        if not room.slots:
            message = f"{room.title!r} has no slots, so it is open only when somebody opens it by hand."
            yield f"rooms[{i}]", "room-slots", message, f"Write {instead}, or leave it so."
        for n, slot in enumerate(room.slots):
            at = slot.at(table, room.weeks[0], table.zone)
            out = sum(k for zone, k in people.items() if outside(at, room.minutes, zone, by_day(course)))
            if 2 * out > people.total():
                share = round(100 * out / people.total())
                message = f"{room.title!r}, {slot}, is at night for {share} % of the learners."
                yield f"rooms[{i}].slots[{n}]", "room-slots", message, f"Write {instead}."


def _by_day(moment: Moment, hours: Messages, live: Live | None) -> str:
    if live:
        return "Offer another of the `slots` for them."
    if moment.zone != "learner" and hours.start <= moment.time <= hours.end:
        return f"Write `{str(moment).rpartition(' ')[0]} learner`, or another time."
    return f"Write a time between {hours.start:%H:%M} and {hours.end:%H:%M}, on each learner's own clock."


def _asleep(at: datetime, zone: str, hours: Messages) -> bool:
    return not hours.start <= local(at, zone).time() <= hours.end


def _instants(course: Course) -> Iterator[tuple[str, str, int, Moment, Live | None]]:
    """Moments at which learners have to act: path, name, week, moment, the live session whose slot it is.

    A closing time counts only if less than a day was open before it; otherwise nobody has to be awake for it. What
    opens by each learner's own clock is `night`, which needs no zones.
    """
    for i, prompt in enumerate(course.prompts):
        if prompt.weeks and prompt.opens.zone != "learner":
            yield f"prompts[{i}].opens", f"{prompt.title!r} opens", prompt.weeks[0], prompt.opens, None
    for i, discussion in enumerate(course.discussions):
        for n, part in enumerate(discussion.rounds):
            at = f"discussions[{i}].rounds[{n}]" if len(discussion.rounds) > 1 else f"discussions[{i}]"
            if part.opens.zone != "learner":
                yield f"{at}.opens", f"{discussion.title!r} opens", discussion.week, part.opens, None
            opens, closes = discussion.round_window(n, _REFERENCE, "UTC")
            if closes - opens < timedelta(days=1):
                yield f"{at}.closes", f"{discussion.title!r} closes", discussion.week, part.closes, None
    for i, milestone in enumerate(course.milestones):
        opens, due = milestone.window(_REFERENCE, "UTC")
        if due - opens < timedelta(days=1):
            yield f"milestones[{i}].due", f"{milestone.title!r} is due", milestone.week, milestone.due, None
    for i, live in enumerate(course.live):
        for n, slot in enumerate(live.slots):
            yield f"live[{i}].slots[{n}]", f"{live.title!r}", live.week, slot, live
