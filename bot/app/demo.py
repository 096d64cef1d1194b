"""The demonstration cohort that the sandbox starts with: a small course, and people in several zones."""

from pathlib import Path
from typing import Any

from adapters.sandbox.platform import Platform
from bot.app.cohorts import CohortPlan, create_cohort
from bot.app.compose import House
from bot.core.people import Account, Actor, Role
from bot.core.time import local_day, monday_of
from bot.core.turn import Turn
from bot.features.enrolment import enrol
from bot.runtime.turns import take_turn

ZONE = "Europe/Berlin"
COURSE_FILE = Path(__file__).parents[2] / "courses" / "demo.yaml"
LEARNERS = (
    ("mia", "Mia", "Europe/Berlin"),
    ("leo", "Leo", "America/New_York"),
    ("aiko", "Aiko", "Asia/Tokyo"),
    ("tane", "Tāne", "Pacific/Auckland"),
)
STAFF = (
    ("ines", "Inês", "Europe/Lisbon", Role.INSTRUCTOR),
    ("omar", "Omar", "Africa/Casablanca", Role.MANAGER),
)
CHANNELS = (
    ("page-writers", "The cohort: one post a week opens it, the rest is in its thread", "main"),
    ("questions", "Ask anything about the course; each question gets its thread", "questions"),
    ("team", "For the instructors", "staff"),
)


def seed(house: House, platform: Platform) -> None:
    """Fills an empty sandbox; one that has a cohort already stays as it is."""
    if house.storage.run_now(lambda unit: unit.people.cohorts()) or platform.people():
        return
    for id, name, zone in LEARNERS:
        platform.add_person(id, name, zone, f"learner, {_city(zone)}")
    for id, name, zone, role in STAFF:
        platform.add_person(id, name, zone, f"{role.value}, {_city(zone)}")
    for name, topic, purpose in CHANNELS:
        members = [id for id, *_ in STAFF] if purpose == "staff" else None
        platform.add_channel(name, topic, members)
    plan = CohortPlan(
        code="demo",
        course_text=COURSE_FILE.read_text(encoding="utf-8"),
        starts_on=monday_of(local_day(house.clock.now(), ZONE)),
        zone=ZONE,
        workspace="sandbox",
        channels={purpose: name for name, _, purpose in CHANNELS},
        file="courses/demo.yaml",
    )
    cohort, _ = create_cohort(house.storage, house.registry, plan)

    def welcome(turn: Turn[Any]) -> None:
        turn.cohort = cohort
        everyone = [(*learner, Role.LEARNER) for learner in LEARNERS] + list(STAFF)
        for id, name, zone, role in everyone:
            person = turn.people.meet(Actor(Account("sandbox", id), name, zone))
            enrol(turn, cohort, person.id, role)

    house.storage.run_now(lambda unit: take_turn(house.registry, unit, "enrolment", house.clock.now(), welcome))


def _city(zone: str) -> str:
    return zone.split("/")[-1].replace("_", " ")
