"""What may happen in a rehearsal besides the usual, and ways in which a cohort goes wrong."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.app.rehearsal.cast import Persona
from bot.core.people import Cohort, Role
from bot.core.time import at_wall


class Twist(StrEnum):
    """`SILENT`: half of the learners fall silent in week 2; `UNANSWERED`: nobody answers a question; `NO_WORK`: nobody
    hands in; `DOWNTIME`: the bot is down when week 2 begins; `CLOSED`: the manager ends the cohort in the middle;
    `MOVED_START`: the course team puts the start off by a week; `MOVED_ZONE`: it moves the cohort to another zone."""

    SILENT = "silent"
    UNANSWERED = "unanswered"
    NO_WORK = "no-work"
    DOWNTIME = "downtime"
    CLOSED = "closed"
    MOVED_START = "moved-start"
    MOVED_ZONE = "moved-zone"


def recast(people: Sequence[Persona], twists: Collection[Twist]) -> list[Persona]:
    """The cast as the twists want it."""
    learners = [p.id for p in people if p.role is Role.LEARNER]
    silent = set(learners[::2]) if Twist.SILENT in twists else set[str]()
    return [replace(p, habit="silent", turning=2, moves_to="") if p.id in silent else p for p in people]


def downtime(cohort: Cohort) -> tuple[datetime, datetime]:
    """From the night before week 2 to its Tuesday noon, by the cohort's clock."""
    monday = cohort.timetable.monday(2)
    return at_wall(monday, time(0, 30), cohort.zone), at_wall(monday + timedelta(days=1), time(12, 30), cohort.zone)
