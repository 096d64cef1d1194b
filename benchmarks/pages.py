"""Measures the pages of the course team: processor time on the server, and bytes on the way.

    .venv/bin/python benchmarks/pages.py --learners 5000 --cohorts 40

A cohort with many learners in its sixth week, who asked and handed in, and further
cohorts with few. Its manager and its instructor open each page, once it is warm.
"""

import argparse
import asyncio
import re
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import httpx
from rich.console import Console
from rich.table import Table
from sqlmodel import Session
from starlette.applications import Starlette

from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.platform import Platform
from adapters.web.app import Web
from bot.app.cli.run import spare_collector
from bot.app.cohorts import CohortPlan, create_cohort
from bot.app.compose import Application, compose
from bot.core.facts import CohortPlanned
from bot.core.people import Account, Role
from bot.core.time import WoundClock, parse_instant
from bot.course.loader import course_of
from bot.runtime.turns import take_turn
from storage.sql.engine import open_engine
from storage.sql.migrate import upgrade
from storage.tables.milestones import SubmissionRow
from storage.tables.people import AccountRow, MembershipRow, PersonRow
from storage.tables.questions import QuestionRow
from storage.unit import SqlUnit

ADDRESS = "http://pages.example"
BEGAN, NOW = parse_instant("2026-03-02T08:00:00Z"), parse_instant("2026-04-08T10:00:00Z")
ZONES = ("Europe/Berlin", "America/Lima", "Asia/Tokyo", "Pacific/Auckland", "Africa/Lagos", "Asia/Kolkata")
COURSES = Path(__file__).parents[1] / "courses"


def crowd(app: Application, cohort: int, first: int, learners: int, chance: Random) -> None:
    with Session(app.storage.engine) as session:
        for n in range(learners):
            name = f"Learner {chance.randrange(10**6):06d}"
            session.add(PersonRow(id=first + n, name=name, zone=chance.choice(ZONES), met_at=BEGAN))
        session.flush()
        for n in range(learners):
            session.add(AccountRow(workspace="sandbox", user=f"l{first + n}", person=first + n, seen_at=BEGAN))
            session.add(
                MembershipRow(cohort=cohort, person=first + n, role="learner", joined_at=BEGAN, first_joined_at=BEGAN)
            )
        session.commit()


def active(app: Application, cohort: int, first: int, learners: int, chance: Random) -> None:
    """Each asked once, of whom one in ten waits, and handed in half of the milestones."""
    milestones = [m.id for m in course_of(text_of_course()).milestones]
    with Session(app.storage.engine) as session:
        for n in range(learners):
            person, at = first + n, BEGAN + timedelta(hours=chance.randrange(800))
            state = "open" if n % 10 == 0 else "solved"
            session.add(
                QuestionRow(
                    cohort=cohort,
                    asker=person,
                    text=f"What does the word number {n} of the brief mean for a page like mine?",
                    kind="questions",
                    state=state,
                    plain=False,
                    anonymous=n % 7 == 0,
                    asked_at=at,
                )
            )
            for milestone in milestones:
                if chance.random() < 0.5:
                    session.add(
                        SubmissionRow(
                            cohort=cohort,
                            milestone=milestone,
                            person=person,
                            text="A page.",
                            first_at=at,
                            changed_at=at,
                            late=chance.random() < 0.2,
                        )
                    )
        session.commit()
    app.storage.run_now(
        lambda unit: take_turn(
            app.registry, unit, "milestones", BEGAN, lambda turn: turn.happened(CohortPlanned(cohort))
        )
    )


def text_of_course() -> str:
    return (COURSES / "digital-marketing.yaml").read_text()


async def come_in(app: Application, browser: httpx.AsyncClient, who: str) -> None:
    def invite(unit: SqlUnit) -> str:
        person = unit.people.owner(Account("sandbox", who))
        assert person is not None
        return unit.page_sessions.invite(person.id, "managers-week")

    link = f"/in/{app.storage.run_now(invite)}"
    asked = await browser.get(link)
    carried = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', asked.text))
    await browser.post(link, data=carried)


async def measure(learners: int, cohorts: int, others: int, folder: Path) -> Table:
    clock = WoundClock(start=BEGAN)
    platform = Platform(None, clock.now)
    for channel in ("general", "questions", "staff"):
        platform.add_channel(channel)
    for who in ("ines", "omar"):
        platform.add_person(who, who.title(), "Europe/Berlin")
    database = f"sqlite:///{folder / 'pages.db'}"
    sandbox = Sandbox(platform)
    upgrade(open_engine(database))
    app = compose(database, clock, [sandbox], address=ADDRESS)
    text = text_of_course()
    people = ((Role.INSTRUCTOR, "ines"), (Role.MANAGER, "omar"))
    plan = CohortPlan("big", text, BEGAN.date(), "Europe/Berlin", "sandbox", {"main": "general"}, people=people)
    cohort, _ = create_cohort(app.storage, app.registry, plan)
    chance = Random(1)
    crowd(app, cohort.id, 10_000, learners, chance)
    active(app, cohort.id, 10_000, learners, chance)
    for n in range(1, cohorts):
        small = replace(plan, code=f"small-{n}", channels={}, people=people[1:])
        one, _ = create_cohort(app.storage, app.registry, small)
        crowd(app, one.id, 10_000 * (n + 1), others, chance)
        active(app, one.id, 10_000 * (n + 1), others, chance)
    clock.wind(NOW)
    shown = Table(
        "page",
        "reader",
        "status",
        "processor, ms",
        "elapsed, ms",
        "kB",
        title=f"{learners} learners, {cohorts} cohorts",
    )
    web = Web(app.runtime.pages, app.runtime, ADDRESS)
    served = Starlette(routes=web.routes())
    for who in ("omar", "ines"):
        transport = httpx.ASGITransport(served)
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, follow_redirects=True) as browser:
            await come_in(app, browser, who)
            for page in app.runtime.pages.declared:
                if not page.tab and page.path != "managers-week":
                    continue
                path = "/" + page.path.format(cohort=cohort.id)
                found = await browser.get(path)
                if found.status_code != 200:
                    continue
                at, used = time.perf_counter(), time.process_time()
                found = await browser.get(path)
                took, spent = time.perf_counter() - at, time.process_time() - used
                size = len(found.content) / 1000
                shown.add_row(
                    path, who, str(found.status_code), f"{1000 * spent:.0f}", f"{1000 * took:.0f}", f"{size:.0f}"
                )
    return shown


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--learners", type=int, default=5000)
    options.add_argument("--cohorts", type=int, default=40)
    options.add_argument("--others", type=int, default=20)
    asked = options.parse_args()
    spare_collector()
    with tempfile.TemporaryDirectory() as folder:
        Console(width=110).print(asyncio.run(measure(asked.learners, asked.cohorts, asked.others, Path(folder))))


if __name__ == "__main__":
    main()
