"""The page of a rehearsal: one self-contained file with the load and the transcript."""

import json
from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.load import A_WEEK, Unasked
from bot.app.rehearsal.script import BOT, DIRECT, Line, read
from bot.core.people import Cohort, Role
from bot.core.time import local_day, say

HERE = Path(__file__).parent
MOST_LINES = 10_000
"""Most transcript lines in the page; more would be slow on a phone. The transcript file has all."""

MOST_ROWS = 40
"""Most people in the load table, those with most messages first."""

SILENT = frozenset({"opened"})
"""Kinds of lines that are left out: a form is shown when it is submitted."""


@dataclass(frozen=True, slots=True)
class Play:
    """The content of the page. `zones`: person -> their zones, each with its start."""

    title: str
    cohort: Cohort
    weeks: int
    people: Sequence[Persona]
    zones: Mapping[str, Sequence[tuple[datetime, str]]]
    transcript: Path
    load: Mapping[str, Any]
    unasked: Sequence[Unasked]
    findings: Sequence[tuple[str, str]]
    facts: Sequence[tuple[str, str]]

    def zone(self, person: str, at: datetime) -> str:
        return next((z for since, z in reversed(self.zones[person]) if since <= at), self.cohort.zone)


def render(play: Play) -> str:
    """The page as HTML. Typed text is escaped, and no script but the page's own may run."""
    style, script = ((HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    chosen = _chosen(play)
    # The policy allows only these two by hash, so injected code could not run.
    policy = f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((HERE / "page.html").read_text(encoding="utf-8"))
    return template.render(
        play=play,
        policy=policy,
        style=Markup(style),
        script=Markup(script),
        chart=_chart(play),
        rows=_rows(play),
        left_out=len(play.people) - len(chosen),
        data=_embedded(_data(play, chosen)),
        weeks=range(1, play.weeks + 1),
    )


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _embedded(data: Any) -> Markup:
    """JSON for a script element, escaped so that it cannot close the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


# The transcript


def _chosen(play: Play) -> set[str]:
    """People whose conversations the page includes: those with findings and one of each habit come first."""
    lines = Counter(line.place.removeprefix(DIRECT) for line in _lines(play) if line.place.startswith(DIRECT))
    named = {who for who, _ in play.findings}
    first = {p.habit: p.id for p in reversed(play.people)}
    order = sorted(play.people, key=lambda p: (p.role is Role.LEARNER, p.id not in named, first[p.habit] != p.id))
    chosen: set[str] = set()
    room = MOST_LINES
    for person in order:
        room -= lines[person.id]
        if room < 0:
            break
        chosen.add(person.id)
    return chosen


def _lines(play: Play) -> Iterable[Line]:
    with play.transcript.open(encoding="utf-8") as file:
        for text in file:
            line = read(text)
            if line.kind not in SILENT:
                yield line


def _data(play: Play, chosen: set[str]) -> dict[str, Any]:
    """People and lines; a line is [week, when, place, by, to, kind, thread, unasked, text]."""
    unasked = {(u.person, u.at) for u in play.unasked}
    lines: list[list[Any]] = []
    for line in _lines(play):
        direct = line.place.startswith(DIRECT)
        reader = line.place.removeprefix(DIRECT) if direct else None
        if (reader is not None and reader not in chosen) or (not direct and len(lines) > 2 * MOST_LINES):
            continue
        zone = play.zone(reader, line.at) if reader else play.cohort.zone
        counts = line.by == BOT and line.kind == "posted" and (line.reader, line.at) in unasked
        lines.append(
            [
                play.cohort.week_on(local_day(line.at, zone)),
                say(line.at, zone),
                "" if direct else line.place,
                reader if direct and line.by == BOT else line.by,
                line.to or reader,
                line.kind,
                line.thread is not None,
                counts,
                line.text,
                line.by == BOT,
            ]
        )
    people = {
        p.id: [p.name, p.role.value, p.habit, play.zones[p.id][-1][1].replace("_", " ")]
        for p in play.people
        if p.id in chosen
    }
    return {"people": people, "lines": lines}


# The load


def _by_week(play: Play) -> dict[int, list[tuple[int, int]]]:
    """Course week -> (unasked, answers) of each learner."""
    first = play.cohort.timetable.monday(1)
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for person in play.load["people"]:
        if person["role"] == Role.LEARNER.value:
            for week in person["weeks"]:
                found[_course_week(week["week"], first)].append((week["unasked"], week["answers"]))
    return found


def _course_week(iso: str, first: Any) -> int:
    """The week's number, counted from the first Monday; breaks count too."""
    monday = datetime.strptime(f"{iso}-1", "%G-W%V-%u").date()  # noqa: DTZ007
    days: int = (monday - first).days
    return days // 7 + 1


def _chart(play: Play) -> dict[str, Any]:
    """A bar chart (720 by 220) of a learner's messages per week."""
    learners = sum(p.role is Role.LEARNER for p in play.people)
    weeks = {n: w for n, w in sorted(_by_week(play).items()) if n >= 0}
    limit = A_WEEK[Role.LEARNER]
    means = {n: (sum(u for u, _ in w) / learners, sum(a for _, a in w) / learners) for n, w in weeks.items()}
    most = {n: max(u for u, _ in w) for n, w in weeks.items()}
    top = max([limit + 1.0, *(u + a for u, a in means.values()), *most.values()])
    left, right, bottom, height = 34, 712, 190, 170
    step = (right - left) / max(1, len(weeks))
    scale = height / top

    def y(value: float) -> float:
        return round(bottom - value * scale, 1)

    bars = [
        {
            "week": n,
            "x": round(left + step * i + step * 0.18, 1),
            "middle": round(left + step * (i + 0.5), 1),
            "width": round(step * 0.64, 1),
            "unasked": y(means[n][0]),
            "unasked_height": round(means[n][0] * scale, 1),
            "answers": y(means[n][0] + means[n][1]),
            "answers_height": round(means[n][1] * scale, 1),
            "most": y(most[n]),
            "says": f"Week {n}: {means[n][0]:.1f} unasked and {means[n][1]:.1f} answers for a learner on average; "
            f"at most {most[n]} unasked",
        }
        for i, n in enumerate(weeks)
    ]
    grid = [(y(value), value) for value in range(0, int(top) + 1, max(1, int(top) // 5))]
    return {"bars": bars, "limit": y(limit), "grid": grid, "left": left, "right": right, "bottom": bottom}


def _rows(play: Play) -> list[dict[str, Any]]:
    """The people with the most unasked messages, by week, with excess over the budget marked."""
    first = play.cohort.timetable.monday(1)
    named = {p.id: p for p in play.people}
    beyond = {o["who"] for o in play.load["over"]}
    rows = []
    for person in play.load["people"]:
        limit = A_WEEK[Role(person["role"])]
        weeks = {_course_week(w["week"], first): w["unasked"] for w in person["weeks"]}
        cells = [weeks.get(n, 0) for n in range(1, play.weeks + 1)]
        rows.append(
            {
                "person": named[person["person"]],
                "zone": person["zone"].replace("_", " "),
                "cells": [(n, "over" if n > limit and beyond & {person["person"]} else f"n{min(n, 3)}") for n in cells],
                "all": sum(weeks.values()),
                "beyond": person["person"] in beyond,
            }
        )
    rows.sort(key=lambda r: (not r["beyond"], r["person"].role is not Role.LEARNER, -r["all"], r["person"].id))
    return rows[:MOST_ROWS]
