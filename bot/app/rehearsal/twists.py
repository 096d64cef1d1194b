"""What may happen in a rehearsal besides the usual, and ways in which a cohort goes wrong."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.app.rehearsal.cast import Habit, Persona
from bot.core.people import Cohort, Role
from bot.core.time import at_wall


class Twist(StrEnum):
    """`SILENT`: half of the learners fall silent in week 2; `LATE`: half do everything late; `VANISHING`: half leave in
    week 2 or 3; `ONE_WORD`: everybody posts and checks in with a word; `UNANSWERED`: nobody answers a question;
    `NO_WORK`: nobody hands in; `DOWNTIME`: the bot is down when week 2 begins; `CLOSED`: the manager ends the cohort in
    the middle; `MOVED_START`: the course team puts the start off by a week; `MOVED_ZONE`: it moves the cohort to
    another zone; `PROPOSED`: an instructor proposes a live session for week 2, first one without anything that pays."""

    SILENT = "silent"
    LATE = "late"
    VANISHING = "vanishing"
    ONE_WORD = "one-word"
    UNANSWERED = "unanswered"
    NO_WORK = "no-work"
    DOWNTIME = "downtime"
    CLOSED = "closed"
    MOVED_START = "moved-start"
    MOVED_ZONE = "moved-zone"
    PROPOSED = "proposed"


TURNS: Sequence[tuple[Twist, Habit, Sequence[int]]] = (
    (Twist.SILENT, "silent", (2,)),
    (Twist.LATE, "late", (0,)),
    (Twist.VANISHING, "leaver", (2, 3)),
)
"""The habit that half of the learners have with a twist, and the weeks in which it begins."""


def recast(people: Sequence[Persona], twists: Collection[Twist]) -> list[Persona]:
    """The cast as the twists want it."""
    learners = [p for p in people if p.role is Role.LEARNER]
    half = learners[::2]
    changed: dict[str, Persona] = {}
    for twist, habit, turning in TURNS:
        if twist in twists:
            changed |= {
                p.id: replace(p, habit=habit, turning=turning[n % len(turning)], moves_to="")
                for n, p in enumerate(half)
            }
    return [changed.get(p.id, p) for p in people]


def downtime(cohort: Cohort) -> tuple[datetime, datetime]:
    """From the night before week 2 to its Tuesday noon, by the cohort's clock."""
    monday = cohort.timetable.monday(2)
    return at_wall(monday, time(0, 30), cohort.zone), at_wall(monday + timedelta(days=1), time(12, 30), cohort.zone)
