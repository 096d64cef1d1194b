"""Runs a rehearsal from beginning to end."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlmodel import Session, col, func, select

from bot.app.cli.output import counted
from bot.app.rehearsal import cast, output
from bot.app.rehearsal.checks import Checks, Finding, Kind, dropped_for_many
from bot.app.rehearsal.load import Dropped, Load, Over, by_card, dropped, lost, spoken
from bot.app.rehearsal.page import Play
from bot.app.rehearsal.parts import misspelt, modules, parts
from bot.app.rehearsal.past import exchanges
from bot.app.rehearsal.play import play
from bot.app.rehearsal.player import Troupe
from bot.app.rehearsal.script import BOT, Line
from bot.app.rehearsal.stage import Stage, set_up
from bot.app.rehearsal.twists import Twist, downtime, recast
from bot.app.rehearsal.words import Voice
from bot.app.zones import check_zone
from bot.core.errors import Malformed
from bot.core.people import Role
from bot.core.time import say, write_instant
from bot.core.translation import in_english
from bot.course.inspection import inspect
from bot.course.loader import load as load_course
from bot.course.problems import Problem
from bot.runtime.ports import Unit
from bot.runtime.turns import blank_turn
from storage.tables.inbox import InboxRow
from storage.tables.outbox import OutboxRow
from storage.tables.schedule import DueRow

SHOWN = 5
"""Most dropped messages in the summary; `load.json` has all."""

Tell = Callable[[datetime, datetime, datetime], None]
"""Progress callback: (start, now, end) of the simulated time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings of a rehearsal. `file` names the course file in errors; `seed` may be any text. `threads` are
    exports whose questions and answers people use; `zones` are in every cast."""

    text: str
    file: str
    learners: int
    seed: str
    starts_on: date
    zone: str = "Europe/Berlin"
    threads: Sequence[Path] = ()
    twists: Sequence[Twist] = ()
    zones: Sequence[str] = cast.ALWAYS


@dataclass(frozen=True, slots=True)
class Figures:
    """`acts` counts what people did, `unasked` and `awaited` the bot's messages of these classes, `put_off` the cards
    that the budget moved to a later day, `stumbles` failed acts, such as pressing a button that was gone; `seconds` is
    how long the rehearsal took."""

    course: str
    starts_on: str
    weeks: int
    learners: int
    zones: int
    acts: int
    lines: int
    unasked: int
    awaited: int
    most_in_a_week: int
    put_off: int
    put_off_most_hours: int
    stumbles: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The results; `over` and `findings` need fixing."""

    figures: Figures
    over: Sequence[Over]
    findings: Sequence[Finding]
    stumbles: Sequence[str] = ()
    dropped: Sequence[Dropped] = ()

    @property
    def well(self) -> bool:
        return not self.over and not self.findings

    def as_data(self) -> dict[str, Any]:
        """The summary for programs."""
        return {
            **asdict(self.figures),
            "over": [o.as_data() for o in self.over],
            "dropped": [asdict(d) for d in self.dropped],
            "findings": [
                {"kind": f.kind, "who": f.who, "at": write_instant(f.at) if f.at else None, "what": f.what}
                for f in self.findings
            ],
        }

    def summary(self, most: int) -> str:
        """The summary for people, with at most `most` findings."""
        f = self.figures
        found = [f"  over the budget: {o}" for o in self.over] + [f"  {one}" for one in self.findings]
        lines = [
            f"{f.course}: {counted(f.weeks, 'week')} from {f.starts_on}, {counted(f.learners, 'learner')} "
            f"in {counted(f.zones, 'zone')}.",
            f"{counted(f.acts, 'thing')} done, {counted(f.unasked, 'message')} unasked, "
            f"at most {f.most_in_a_week} a week to a learner. "
            f"Played in {f.seconds} s.",
            *self._put_off(),
            *(f"The budget dropped something: {d}." for d in by_card(self.dropped)[:SHOWN]),
            f"{len(found)} to fix:" if found else "Nothing to fix: all came once, at its time, within the budget.",
            *found[:most],
        ]
        if len(found) > most:
            lines.append(f"  and {len(found) - most} more, on the page")
        return "\n".join(lines)

    def _put_off(self) -> list[str]:
        f = self.figures
        if not f.put_off:
            return []
        return [f"The budget put {counted(f.put_off, 'card')} off, by {f.put_off_most_hours} h at most."]


def rehearse(plan: Plan, out: Path, tell: Tell = lambda *_: None) -> Rehearsal:
    """Rehearses a cohort, and writes the results into the folder `out`.

    Raises CourseInvalid for a course file with errors, Malformed for an unknown zone, NothingAsked for threads without
    a question.
    """
    course = load_course(plan.text, plan.file)
    check_zone(plan.zone)
    # Learners are offered the hours at which their course writes, and select the nearest to theirs.
    learners = [
        replace(p, hour=course.messages.hour(p.hour).hour)
        for p in cast.learners(plan.learners, plan.seed, len(course.weeks), plan.zones)
    ]
    people = recast([*cast.team(plan.learners, plan.zone, plan.zones), *learners], plan.twists)
    past = exchanges(plan.threads, plan.seed) if plan.threads else ()
    began = perf_counter()
    with set_up(course, plan.text, plan.file, plan.starts_on, plan.zone, plan.seed, people) as stage:
        by_id = {p.id: p for p in people}
        mounted = {f.name for f in stage.app.registry.features}
        troupe = Troupe(stage, people, plan.seed, Voice(course, past), parts(mounted), plan.twists)
        beginning = stage.clock.now()
        declaring = modules(mounted)
        names = {
            f"{f}.{a}" for f in mounted for form in (False, True) for a in stage.app.registry.handler_names(f, form)
        }
        if wrong := misspelt(declaring, names):
            raise Malformed("\n".join(wrong))
        load = Load(stage.cohort, by_id, troupe.zones, beginning, declaring)
        down = downtime(stage.cohort) if Twist.DOWNTIME in plan.twists else None
        checks = Checks(course, stage.cohort, stage.end, by_id, load, declaring, down)
        heard = {"lines": 0, "acts": 0}

        def hear(line: Line) -> None:
            heard["lines"] += 1
            heard["acts"] += line.by != BOT
            load.hear(line)
            checks.hear(line)

        asyncio.run(play(stage, troupe, hear, lambda now: tell(beginning, now, stage.end), down))
        checks.cohort, checks.end, checks.refused = stage.cohort, stage.end, troupe.refused
        private, missed = load.unasked(spoken(stage)), lost(stage.app, load)
        by_message = dropped(missed, sum(p.role is Role.LEARNER for p in by_id.values()))
        over = load.over(private)
        findings = [*_planned(stage, plan), *checks.findings(private), *dropped_for_many(by_message), *_failures(stage)]
        document = load.as_data(private, over, missed)
        unasked = [u for u in private if u.kind == "unasked"]
        zones = len({zone for lived in troupe.zones.values() for _, zone in lived})
        most = max((w["unasked"] for p in document["people"] if p["role"] == "learner" for w in p["weeks"]), default=0)
        figures = Figures(
            course=course.title,
            starts_on=plan.starts_on.isoformat(),
            weeks=len(course.weeks),
            learners=plan.learners,
            zones=zones,
            acts=heard["acts"],
            lines=heard["lines"],
            unasked=len(unasked),
            most_in_a_week=most,
            awaited=len(private) - len(unasked),
            put_off=len(checks.put_off),
            put_off_most_hours=round(max(checks.put_off, default=timedelta(0)).total_seconds() / 3600),
            stumbles=len(troupe.stumbles),
            seconds=round(perf_counter() - began, 1),
        )
        facts = (
            ("Learners", f"{plan.learners:,}"),
            ("Time zones", str(zones)),
            ("Weeks", f"{len(course.weeks)} from {plan.starts_on:%-d %b %Y}"),
            ("Things done", f"{figures.acts:,}"),
            ("Unasked messages", f"{sum(u.role is Role.LEARNER for u in unasked):,} to learners"),
            ("Most in a week", f"{most} to a learner"),
            ("Awaited messages", f"{figures.awaited:,}"),
            ("Put off by the budget", counted(figures.put_off, "card")),
            ("Dropped by the budget", counted(len(missed), "message")),
            ("Seed", plan.seed),
        )
        to_fix = [(o.who, f"over the budget: {o}") for o in over]
        to_fix += [(f.who, f"{say(f.at, plan.zone)}, {f.kind}: {f.what}" if f.at else f.what) for f in findings]
        output.write(
            out,
            stage,
            Play(
                title=course.title,
                cohort=stage.cohort,
                weeks=len(course.weeks),
                people=people,
                zones=troupe.zones,
                transcript=out / output.TRANSCRIPT,
                load=document,
                unasked=unasked,
                findings=to_fix,
                facts=facts,
            ),
        )
    return Rehearsal(figures, over, findings, troupe.stumbles, by_message)


def _planned(stage: Stage, plan: Plan) -> list[Finding]:
    """What `pacekeeper check` says about hours and the budget, which the play makes worse and not better."""
    app = stage.app

    def look(unit: Unit) -> list[Problem]:
        with in_english():
            return inspect(blank_turn(app.registry, unit, "weekcard", stage.clock.now()), stage.cohort, plan.file)

    codes: dict[str, Kind] = {"night": "night", "starved": "starved", "collides": "collides"}
    found = [p for p in app.storage.run_now(look) if p.code in codes]
    return [Finding(codes[p.code], f"line {p.line}", None, f"{p.message} {p.fix}") for p in found]


def _failures(stage: Stage) -> list[Finding]:
    """The bot's failures, as `pacekeeper doctor` counts them."""
    queries = (
        ("messages were given up", select(func.count()).where(OutboxRow.state == "dead")),
        ("planned things failed", select(func.count()).where(DueRow.state == "failed")),
        ("events were set aside", select(func.count()).where(col(InboxRow.state) == "aside")),
    )
    with Session(stage.app.storage.engine) as session:
        numbers = [(what, session.exec(query).one()) for what, query in queries]
    return [Finding("failed", "pacekeeper", None, f"{number} {what}") for what, number in numbers if number]
