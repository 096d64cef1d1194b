"""Everything about a course file: its errors, the audit, the gate, and what the mounted features make of it."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.core.contributions import FINDINGS, RUNS, Finding
from bot.core.people import Cohort
from bot.core.timetable import Timetable
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.gate.values import Failed
from bot.course.gate.verdicts import BY_ITSELF, UNASKED, verdicts
from bot.course.keys import LISTS
from bot.course.loader import check, course_of, sessions
from bot.course.model import Course, Live
from bot.course.problems import Problem, Severity, spot


def inspect(turn: Turn[Any], cohort: Cohort, file: str, zones: Sequence[str] = ()) -> list[Problem]:
    """All problems of a cohort's course file, by line. Nothing about features while the file has errors, and
    of live sessions what the rest of the file cannot change."""
    found = check(cohort.course_text, file, zones, cohort.timetable)
    if not any(p.severity == "error" for p in found):
        course = course_of(cohort.course_text)
        advice = [*_not_run(course, set(turn.collect(RUNS))), *turn.collect(FINDINGS, cohort)]
        found += _held(course, range(len(course.live)), file, zones, cohort.timetable)
        found += [
            Problem(file, *spot(course.spots, f.path), f.path, f.code, "warning", f.message, f.fix) for f in advice
        ]
    elif (alone := sessions(cohort.course_text)) and alone[1]:
        found += [p for p in _held(*alone, file, zones, cohort.timetable) if p.code in BY_ITSELF]
        found.append(_unasked(*alone, file))
    return sorted(found, key=lambda p: (p.line, p.column))


def _not_run(course: Course, runs: set[str]) -> Iterator[Finding]:
    """The items whose kind no feature runs."""
    for section, declared in LISTS.items():
        for i, item in enumerate(() if section in runs else getattr(course, section)):
            message = f"Nothing runs a {declared.name.lower()} yet, so “{item.title}” is on no card and in no calendar."
            fix = "Leave it in, and tell the cohort about it yourself."
            yield Finding(f"{section}[{i}]", "not-run", message, fix)


def _held(
    course: Course, places: Sequence[int], file: str, zones: Sequence[str], table: Timetable
) -> Iterator[Problem]:
    """What the live sessions fail. Elsewhere the gate refuses no file: it holds the session."""
    for i, (live, failed) in zip(places, verdicts(course, zones, table), strict=True):
        for f in failed:
            path = f"live[{i}].{f.key}"
            message = said_of(live, f)
            severity: Severity = "error" if f.required else "warning"
            yield Problem(file, *spot(course.spots, path), path, f.code, severity, message, f.fix, f.how)


def _unasked(course: Course, places: Sequence[int], file: str) -> Problem:
    """Whoever reads no failure of these questions must not take them for answered."""
    message = _("The gate asked no live session its questions 1, 2, 3, 5 and 6, and not how often it comes.")
    path, fix = f"live[{places[0]}]", _("Correct the errors of the file, and check it again.")
    return Problem(file, *spot(course.spots, path), path, UNASKED, "warning", message, fix)


def said_of(live: Live, failed: Failed) -> str:
    said: dict[str, object] = {"title": live.title, "question": failed.question, "why": failed.why}
    match failed.code:
        case "live-longest":
            return _("“{title}” is too long for a live session. {why}", **said)
        case "live-rare":
            return _("“{title}” would come too often: live sessions are rare. {why}", **said)
        case "live-slots":
            return _("“{title}” is not offered at good times. {why}", **said)
    if failed.number is None:
        return _("“{title}” fails a rule. {question} {why}", **said)
    said["number"] = failed.number
    if failed.tried:
        return _(
            "“{title}” leaves question {number} open, {question}? {why} It is on trial, and takes effect once the "
            "manager agrees.",
            **said,
        )
    if not failed.required:
        return _("“{title}” leaves question {number} open, {question}? {why}", **said)
    return _("“{title}” fails question {number}, {question}? {why}", **said)
