"""The cast: learners with habits and zones, and the course team. The same seed gives the same people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Literal, TypeVar

from bot.core.people import Role

T = TypeVar("T")

Habit = Literal[
    "steady", "punctual", "late", "chatty", "away", "returner", "silent", "newcomer", "mover", "leaver", "staff"
]
"""Habits of a persona:

steady: answers most weeks; punctual: within hours; late: after the close; chatty: asks and helps a lot; away: is on
leave for a week; returner: falls silent and comes back; silent: stops for good; newcomer: joins late; mover: changes
their time zone in the middle of a week; leaver: leaves the cohort.
"""

HABITS: Sequence[tuple[Habit, int]] = (
    ("steady", 34),
    ("punctual", 22),
    ("late", 13),
    ("chatty", 8),
    ("away", 6),
    ("mover", 3),
    ("newcomer", 4),
    ("returner", 4),
    ("silent", 4),
    ("leaver", 2),
)
"""Weights of the habits, in percent. The first learners get one habit each, so that a small cohort has all of them."""

ALWAYS = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia")
"""Zones in every cast, unless a plan names others.

Two that change on different days, one that changes by half an hour, one that changes for a
month of fasting, and one that is a day ahead."""

ZONES: Sequence[tuple[str, int]] = (
    ("Europe/Berlin", 60),
    ("Europe/London", 45),
    ("Europe/Paris", 40),
    ("Europe/Kyiv", 15),
    ("Europe/Istanbul", 18),
    ("Europe/Lisbon", 12),
    ("Africa/Lagos", 30),
    ("Africa/Nairobi", 18),
    ("Africa/Cairo", 14),
    ("Africa/Casablanca", 10),
    ("Africa/Johannesburg", 12),
    ("America/New_York", 60),
    ("America/Chicago", 30),
    ("America/Denver", 10),
    ("America/Los_Angeles", 30),
    ("America/Mexico_City", 15),
    ("America/Bogota", 18),
    ("America/Sao_Paulo", 28),
    ("America/Santiago", 8),
    ("America/St_Johns", 3),
    ("Asia/Kolkata", 60),
    ("Asia/Karachi", 15),
    ("Asia/Kathmandu", 5),
    ("Asia/Dubai", 18),
    ("Asia/Tehran", 6),
    ("Asia/Manila", 18),
    ("Asia/Jakarta", 16),
    ("Asia/Singapore", 14),
    ("Asia/Shanghai", 16),
    ("Asia/Tokyo", 18),
    ("Australia/Sydney", 16),
    ("Australia/Adelaide", 5),
    ("Australia/Lord_Howe", 1),
    ("Pacific/Auckland", 10),
    ("Pacific/Chatham", 1),
    ("Pacific/Honolulu", 3),
    ("Pacific/Apia", 1),
)
"""Approximate distribution of the learners of an open course."""

NAMES: Sequence[str] = re.findall(
    r"\w+",
    """
    Ada Aiko Amara Amir Anouk Aroha Asha Aylin Bao Beatriz Bram Chiara Chidi Dana Davi Divya Efua Elif Emeka Farah Femi
    Freya Gabriel Giulia Hana Haruto Hilde Ife Imani Ines Iris Ivan Jae Jonas Juana Kamal Kenji Kofi Lakshmi Leila Leo
    Lin Lucía Malik Mara Mateo Mei Mia Milan Mina Nadia Ngozi Nils Noor Nuno Olena Omari Paloma Priya Quinn Ravi Rosa
    Rui Salma Sami Sina Soraya Tane Tariq Tomás Uma Valeria Vikram Wanjiru Xiomara Yara Yusuf Zanele Zofia
    """,
)

TEACHERS = ("Ingrid", "Marek", "Sunita", "Paulo", "Yuki", "Thandi", "Claire", "Anders")
MANAGER = "Oscar"
LEARNERS_EACH = 60
"""Learners per instructor."""


@dataclass(frozen=True, slots=True)
class Persona:
    """A simulated person. `hour` is their preferred message hour, `turning` the week in which their habit shows (they
    join, fall silent, go away, move or leave). `moves_to` is a mover's new zone."""

    id: str
    name: str
    zone: str
    role: Role = Role.LEARNER
    habit: Habit = "steady"
    hour: int = 9
    turning: int = 2
    moves_to: str = ""


def learners(number: int, seed: str, weeks: int, always: Sequence[str] = ALWAYS) -> list[Persona]:
    """`number` learners for a course of `weeks` weeks. The first of them live in the zones `always`."""
    random = Random(f"{seed}/cast")
    first = list(always)
    random.shuffle(first)
    taken: dict[str, int] = {}
    return [
        _learner(
            random,
            taken,
            HABITS[n][0] if n < len(HABITS) else draw(random, HABITS),
            first[n] if n < len(first) else draw(random, ZONES),
            weeks,
        )
        for n in range(number)
    ]


def _learner(random: Random, taken: dict[str, int], habit: Habit, zone: str, weeks: int) -> Persona:
    hour = random.choice((7, 8, 8, 12, 18, 20)) if random.random() < 0.3 else 9
    # Not in the last weeks, so that the consequences can be observed.
    turning = random.randint(2, max(2, min(weeks - 1, 2 + weeks // 2)))
    moves_to = ""
    if habit == "mover":
        moves_to = random.choice([z for z, _ in ZONES if z != zone])
    return Persona(*_name(random, taken), zone, Role.LEARNER, habit, hour, turning, moves_to)


def _name(random: Random, taken: dict[str, int]) -> tuple[str, str]:
    """A unique id and name."""
    name = random.choice(NAMES)
    taken[name] = number = taken.get(name, 0) + 1
    id = "".join(c for c in _plain(name.lower()) if c.isalnum())
    return (id, name) if number == 1 else (f"{id}{number}", f"{name} {number}")


def _plain(name: str) -> str:
    return name.translate(str.maketrans("áéíóúãç", "aeiouac"))


def team(number: int, zone: str, always: Sequence[str] = ALWAYS) -> list[Persona]:
    """The instructors and the manager for `number` learners. The first instructor and the manager live in the cohort's
    zone."""
    teachers = TEACHERS[: max(1, number // LEARNERS_EACH)]
    zones = [zone, *(z for z in always if z != zone), *(z for z, _ in ZONES)]
    found = [Persona(n.lower(), n, z, Role.INSTRUCTOR, "staff") for n, z in zip(teachers, zones, strict=False)]
    return [*found, Persona(MANAGER.lower(), MANAGER, zone, Role.MANAGER, "staff")]


def draw(random: Random, weighted: Sequence[tuple[T, int]]) -> T:
    """A weighted random choice."""
    bounds = list(accumulate(weight for _, weight in weighted))
    at = random.randrange(bounds[-1])
    return next(value for (value, _), bound in zip(weighted, bounds, strict=True) if at < bound)
