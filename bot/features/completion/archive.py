"""The files that remain of a run: who completed it, its FAQ, and the course file of the next one with the evidence."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from bot.core.contributions import ARCHIVE, EVIDENCE, LEFT_OUT, Filed
from bot.core.csv_files import as_csv
from bot.core.errors import FormRefused
from bot.core.message import Document
from bot.core.people import Cohort, Person, Role
from bot.core.time import local_day
from bot.core.translation import _, _n
from bot.course import edit
from bot.course.evidence import annotated, without
from bot.course.loader import course_of
from bot.course.model import Course
from bot.features.completion import certificate, rules
from bot.features.completion.standing import Completion, standings
from bot.features.completion.store import Standing


def files(turn: Completion, cohort: Cohort) -> list[Filed]:
    """The files, which can be generated again at any time."""
    found = standings(turn, cohort, turn.people.members(cohort.id, Role.LEARNER))
    course = course_of(cohort.course_text)
    noted = annotated(_without_calls(cohort.course_text, course), evidence(turn, cohort, course, found))
    following = Document(f"{course.id}-next.yaml", without(noted, turn.collect(LEFT_OUT, cohort)))
    return [
        Filed(completion_file(turn, cohort, found), _("who has completed the course")),
        *turn.collect(ARCHIVE, cohort),
        Filed(following, _("the course file for the next run. Its comments say what this run taught.")),
    ]


def _without_calls(text: str, course: Course) -> str:
    """Where the calls of this run were is no business of the next one's readers; each run has its own."""
    for n, live in enumerate(course.live):
        with suppress(FormRefused):
            text = edit.replaced(text, f"live[{n}]", {"link": ""}) if live.link else text
    return text


# Who completed


def completion_file(turn: Completion, cohort: Cohort, found: Sequence[Standing]) -> Document:
    accounts = turn.store.accounts(cohort.id, cohort.workspace)
    columns = [c.column for c in standings(turn, cohort, [Person(0, "", cohort.zone)])[0].credits]
    rows = []
    for one in found:
        at = one.completed_at or (one.certificate.issued_at if one.certificate else None)
        day = local_day(at, cohort.zone).isoformat() if at else ""
        counts = [_("{done} of {needed}", done=c.done, needed=c.needed) if c.needed else "" for c in one.credits]
        rows.append((one.person.name, accounts.get(one.person.id, ""), *counts, day))
    return Document("completion.csv", as_csv(("name", "account", *columns, _("completed on")), rows))


# What the run showed


def evidence(
    turn: Completion, cohort: Cohort, course: Course, found: Sequence[Standing]
) -> Mapping[str, Sequence[str]]:
    """Path in the course file -> what the run shows about it: only figures, no names and nobody's words."""
    people = frozenset(s.person.id for s in found)
    said: dict[str, list[str]] = {}
    for week in course.weeks:
        said[f"weeks[{week.number - 1}]"] = [_("{minutes} min planned", minutes=course.minutes(week.number))]
    for path, text in turn.collect(EVIDENCE, cohort, people):
        said.setdefault(path, []).append(text)
    notes = {
        path: [_("Run {code}: {listed}.", code=cohort.code, listed="; ".join(texts))] for path, texts in said.items()
    }
    return {**notes, "course": [_run(turn, cohort, course, found, people), *notes.get("course", ())]}


def _run(turn: Completion, cohort: Cohort, course: Course, found: Sequence[Standing], people: frozenset[int]) -> str:
    completed = [s for s in found if s.completed]
    days = certificate.span(*rules.days_of(course, cohort, turn.now))
    active = active_at_end(turn, cohort, people)
    return _(
        "Run {code}, {days}: {count}, {active} active at the end; {completed} completed the course.",
        code=cohort.code,
        days=days,
        count=_n("{n} learner", "{n} learners", len(found)),
        active=len(active),
        completed=len(completed),
    )


def active_at_end(turn: Completion, cohort: Cohort, people: Collection[int]) -> frozenset[int]:
    """Those of these people who were active in the last two weeks of the course."""
    end = min(turn.now, rules.end_of(course_of(cohort.course_text), cohort))
    return turn.active(cohort, replace(turn.uptime, now=end).ago(rules.LAST_WEEKS), end) & set(people)
