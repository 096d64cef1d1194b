"""The files that stay of a run: who completed it, its FAQ, and the course file of the next one with the evidence."""

import csv
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from io import StringIO
from statistics import median

from bot.core.message import Document
from bot.core.people import Cohort, Role
from bot.core.time import at_wall, local_day, say_span
from bot.core.timetable import WEEK
from bot.course.evidence import annotated
from bot.course.loader import course_of
from bot.course.model import Course
from bot.features.completion import certificate, rules
from bot.features.completion.standing import Completion, standings
from bot.features.completion.store import Asked, MilestoneResult, Part, Standing
from bot.features.completion.views import count


def documents(turn: Completion, cohort: Cohort) -> list[Document]:
    """The three files, as they can be drawn up again at any time."""
    found = standings(turn, cohort, turn.people.members(cohort.id, Role.LEARNER))
    course = course_of(cohort.course_text)
    return [
        completion_file(turn, cohort, found),
        Document("faq.md", turn.store.faq(cohort.id, f"Questions and answers: {cohort.title}")),
        Document(f"{course.id}-next.yaml", annotated(cohort.course_text, evidence(turn, cohort, course, found))),
    ]


# Who completed


def completion_file(turn: Completion, cohort: Cohort, found: Sequence[Standing]) -> Document:
    accounts = turn.store.accounts(cohort.id, cohort.workspace)
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(("name", "account", "milestones", "wrap-ups", "completed on"))
    for one in found:
        at = one.progress.completed_at or (one.certificate.issued_at if one.certificate else None)
        day = local_day(at, cohort.zone).isoformat() if at else ""
        progress = one.progress
        counts = (_of(progress.milestones), _of(progress.wrapups))
        rows.writerow((_cell(one.person.name), _cell(accounts.get(one.person.id, "")), *counts, day))
    return Document("completion.csv", out.getvalue())


def _of(part: Part) -> str:
    return f"{part.done} of {part.needed}" if part.needed else ""


def _cell(text: str) -> str:
    """What a person typed, so that no table program takes it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


# What the run taught


def evidence(
    turn: Completion, cohort: Cohort, course: Course, found: Sequence[Standing]
) -> Mapping[str, Sequence[str]]:
    """Path in the course file -> what the run says about it: figures alone, no names and nobody's words."""
    people = frozenset(s.person.id for s in found)
    notes: dict[str, list[str]] = {"course": [_run(turn, cohort, course, found, people)]}
    asked = turn.store.asked(cohort.id)
    rounds = turn.store.rounds(cohort.id)
    of_prompt: dict[str, list[str]] = {}
    for week in course.weeks:
        start = at_wall(cohort.timetable.monday(week.number), time(0), cohort.zone)
        lines = [f"{course.minutes(week.number)} min planned"]
        in_week = [r for r in rounds if r.week == week.number]
        for round in in_week:
            active = turn.store.active(cohort.id, round.closes_at - WEEK, round.closes_at) & people
            answered = len(round.answered & active)
            share = f"{answered} of {len(active)} active answered the wrap-up{_share(answered, len(active))}"
            lines.append(share if active else "nobody was active")
            of_prompt.setdefault(round.prompt, []).append(f"week {week.number}: {answered} of {len(active)}")
            stuck = _few(len(round.stuck & people), len(round.answered & people), course.privacy.smallest_group)
            if stuck:
                lines.append(f"{stuck} told the instructors something, such as where they were stuck")
        if not in_week:
            lines.append(f"{len(turn.store.active(cohort.id, start, start + WEEK) & people)} active")
        lines.append(_questions([a for a in asked if start <= a.at < start + WEEK], course.faq.answer_within))
        notes[f"weeks[{week.number - 1}]"] = [f"Run {cohort.code}: {'; '.join(lines)}."]
    for n, prompt in enumerate(course.prompts):
        if told := of_prompt.get(prompt.id):
            notes[f"prompts[{n}]"] = [f"Run {cohort.code}: answered by those active in {', '.join(told)}."]
    results = turn.store.milestones(cohort.id, people)
    for n, milestone in enumerate(course.milestones):
        if result := results.get(milestone.id):
            said = _milestone(result, milestone.minutes)
            notes[f"milestones[{n}]"] = [f"Run {cohort.code}: {said}."]
    return notes


def _run(turn: Completion, cohort: Cohort, course: Course, found: Sequence[Standing], people: frozenset[int]) -> str:
    end = min(turn.now, rules.end_of(course, cohort))
    active = turn.store.active(cohort.id, end - rules.LAST_WEEKS, end) & people
    completed = [s for s in found if s.completed]
    days = certificate.span(*rules.days_of(course, cohort, turn.now))
    return (
        f"Run {cohort.code}, {days}: {count(len(found), 'learner')}, {len(active)} active at the end; "
        f"{len(completed)} completed the course."
    )


def _share(part: int, whole: int) -> str:
    return f" ({round(100 * part / whole)} %)" if whole else ""


def _few(number: int, of: int, smallest: int) -> str:
    """A figure about what only the instructors see; nothing where so few answered that it would point at somebody."""
    if not number or of < smallest:
        return ""
    return str(number) if number >= smallest else f"fewer than {smallest}"


def _questions(asked: Sequence[Asked], promised: timedelta) -> str:
    if not asked:
        return "no questions"
    kept = sum(1 for a in asked if a.answered_at is not None and a.answered_at - a.at <= promised)
    return f"{count(len(asked), 'question')}, {kept} answered within {say_span(promised)}"


def _milestone(result: MilestoneResult, minutes: int) -> str:
    late = len(result.hours_late)
    lateness = f" (median {say_span(timedelta(hours=median(result.hours_late)))} late)" if late else ""
    parts = [
        f"{minutes} min planned" if minutes else "",
        f"{result.handed_in} of {result.asked} handed it in",
        f"{late or 'none'} late{lateness}",
        f"{result.moved} with a date of their own" if result.moved else "",
        f"moved by {result.moved_for_all} days for all" if result.moved_for_all else "",
        f"{result.asked - result.handed_in} not",
    ]
    return ", ".join(p for p in parts if p)
