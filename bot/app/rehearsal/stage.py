"""Sets a rehearsal up: the real bot over a new database and the sandbox's chat, in a separate folder."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.platform import Platform
from bot.app.cohorts import CohortPlan, create_cohort
from bot.app.compose import Application, compose
from bot.app.rehearsal.cast import Persona
from bot.core.people import Cohort, Role
from bot.core.time import WoundClock, at_wall, monday_of
from bot.course.model import Course
from storage.sql.migrate import upgrade

BEFORE = timedelta(days=5)
"""How long before the first Monday people can join."""

CHANNELS = {"main": "main", "questions": "questions", "staff": "team"}


@dataclass(slots=True)
class Stage:
    """The running parts. `end` is when the last late work is accepted."""

    app: Application
    sandbox: Sandbox
    clock: WoundClock
    cohort: Cohort
    course: Course
    join_code: str
    end: datetime

    def look_again(self) -> None:
        """Reads the cohort again after its dates moved."""
        cohort = self.app.storage.run_now(lambda unit: unit.people.cohort(self.cohort.id))
        assert cohort is not None
        self.cohort, self.end = cohort, ends_at(cohort, self.course)

    @property
    def platform(self) -> Platform:
        return self.sandbox.platform


def ends_at(cohort: Cohort, course: Course) -> datetime:
    """When a rehearsal ends: two weeks after the course."""
    last = cohort.timetable.monday(len(course.weeks) + 1)
    return at_wall(last + timedelta(days=14), time(12), cohort.zone)


@contextmanager
def set_up(
    course: Course, text: str, file: str, starts_on: date, zone: str, seed: str, people: Sequence[Persona]
) -> Iterator[Stage]:
    """A stage with the cohort created and its team named. The learners are in the chat and have not joined."""
    monday = monday_of(starts_on)
    with TemporaryDirectory(prefix="pacekeeper-rehearsal-") as folder:
        clock = WoundClock(start=at_wall(monday - BEFORE, time(8), zone))
        platform = Platform(Path(folder) / "sandbox.db", clock.now)
        sandbox = Sandbox(platform)
        app = compose(f"sqlite:///{folder}/pacekeeper.db", clock, [sandbox], Random(f"{seed}/codes"))
        platform.throw_away()
        app.storage.throw_away()
        try:
            upgrade(app.storage.engine)
            team = [p for p in people if p.role is not Role.LEARNER]
            with platform.unit():
                for p in people:
                    platform.add_person(p.id, p.name, p.zone, f"{p.role.value}, {p.habit}")
                for purpose, name in CHANNELS.items():
                    platform.add_channel(name, members=[p.id for p in team] if purpose == "staff" else None)
            plan = CohortPlan(
                code="rehearsal",
                course_text=text,
                starts_on=starts_on,
                zone=zone,
                workspace=sandbox.workspaces[0],
                channels=CHANNELS,
                file=file,
                people=[(p.role, p.id) for p in team],
            )
            cohort, join_code = create_cohort(app.storage, app.registry, plan)
            yield Stage(app, sandbox, clock, cohort, course, join_code, ends_at(cohort, course))
        finally:
            app.storage.close()
            platform.close()
