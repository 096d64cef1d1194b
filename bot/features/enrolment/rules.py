"""Pure decisions of enrolment."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.core.people import Role
from bot.core.time import is_zone, local
from bot.course.model import Course, Messages

PURPOSES = ("main", "questions", "staff")
"""What a cohort's channels are for."""

LINK_CODE_LENGTH = 8
JOIN_CODE_LENGTH = 8
HALF_A_YEAR = timedelta(weeks=26)


def zone_meant(typed: str, found: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """What a person may have meant: the zone with exactly this name, otherwise all that were found."""
    name = typed.strip().replace(" ", "_")
    exact = [z for z in found if name.lower() in (z[0].lower(), z[0].split("/")[-1].lower())]
    if exact:
        return exact[:1]
    if is_zone(name):
        return [(name, name)]
    return found


def same_clock(one: str, other: str, now: datetime) -> bool:
    """Whether two zones have the same time of day now and in half a year."""
    return all(local(at, one) == local(at, other) for at in (now, now + HALF_A_YEAR))


def hours_of(learned: Sequence[Course]) -> Messages:
    """The hours at which a person may be written to: those of the courses that they learn in. Others choose any."""
    starts, ends = [c.messages.start for c in learned], [c.messages.end for c in learned]
    return Messages(min(starts, default=time.min), max(ends, default=time.max))


def may_end_role(role: Role, person: int, managers: Sequence[int]) -> bool:
    """False for the last manager: a cohort needs one."""
    return role is not Role.MANAGER or list(managers) != [person]


def channel_name(code: str, purpose: str) -> str:
    """The name of a channel that the bot creates for a cohort."""
    return {"main": code, "staff": f"{code}-team"}.get(purpose, f"{code}-{purpose}")
