"""The sandbox's demonstration cohort: a small course, and people in several zones."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

from adapters.sandbox.platform import Platform
from bot.app.cohorts import CohortPlan, create_cohort
from bot.app.compose import Application
from bot.core.people import STAFF, Account, Actor, Cohort, Role
from bot.core.time import local_day, monday_of
from bot.core.turn import Turn
from bot.features.enrolment.joining import enrol

ZONE = "Europe/Berlin"
COURSE_FILE = files("courses") / "demo.yaml"
PEOPLE = (
    ("mia", "Mia", "Europe/Berlin", Role.LEARNER),
    ("leo", "Leo", "America/New_York", Role.LEARNER),
    ("aiko", "Aiko", "Asia/Tokyo", Role.LEARNER),
    ("tane", "Tāne", "Pacific/Auckland", Role.LEARNER),
    ("ines", "Inês", "Europe/Lisbon", Role.INSTRUCTOR),
    ("omar", "Omar", "Africa/Casablanca", Role.MANAGER),
)
CHANNELS = (
    ("page-writers", "The cohort: one post a week opens it, the rest is in its thread", "main"),
    ("questions", "Ask anything about the course; each question gets its thread", "questions"),
    ("team", "For the instructors", "staff"),
)


CODE = "demo"
SEEDING = "seeding"
"""Key in the sandbox's file that marks an unfinished seeding."""


def seed(app: Application, platform: Platform) -> None:
    """Fills an empty sandbox, or completes an interrupted seeding. A sandbox in use stays as it is."""
    has_cohort = bool(app.storage.run_now(lambda unit: unit.people.cohorts()))
    if not has_cohort and not platform.people():
        with platform.unit():
            _add_people(platform)
            platform.keep(SEEDING, "yes")
    if platform.kept(SEEDING) is None:
        return
    if not app.storage.run_now(lambda unit: unit.store("enrolment").cohort_by_code(CODE)):
        make_cohort(app, "sandbox")
    platform.keep(SEEDING, None)


def _add_people(platform: Platform) -> None:
    for id, name, zone, role in PEOPLE:
        platform.add_person(id, name, zone, f"{role.value}, {_city(zone)}")
    for name, topic, purpose in CHANNELS:
        members = [id for id, _, _, role in PEOPLE if role in STAFF] if purpose == "staff" else None
        platform.add_channel(name, topic, members)


def make_cohort(
    app: Application, workspace: str, channel: Callable[[str], str] = str, user: Callable[[str], str] = str
) -> str:
    """Creates the demonstration cohort in a workspace, with its channels and people by their ids there; returns its
    join code."""
    plan = CohortPlan(
        code=CODE,
        course_text=COURSE_FILE.read_text(encoding="utf-8"),
        starts_on=monday_of(local_day(app.clock.now(), ZONE)),
        zone=ZONE,
        workspace=workspace,
        channels={purpose: channel(name) for name, _, purpose in CHANNELS},
        file="courses/demo.yaml",
    )

    def welcome(turn: Turn[Any], cohort: Cohort) -> None:
        for id, name, zone, role in PEOPLE:
            person = turn.people.meet(Actor(Account(workspace, user(id)), name, zone))
            enrol(turn, cohort, person.id, role, asked=True)

    return create_cohort(app.storage, app.registry, plan, welcome)[1]


def _city(zone: str) -> str:
    return zone.split("/")[-1].replace("_", " ")
