"""Pure decisions of enrolment."""

from collections.abc import Callable, Sequence

from bot.core.people import Role
from bot.core.time import is_zone

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without the letters that are misread for one another."""

LINK_CODE_LENGTH = 8
JOIN_CODE_LENGTH = 8


def new_code(choose: Callable[[Sequence[str]], str], length: int) -> str:
    """A code that a person can read out; `choose` picks one of several."""
    return "".join(choose(LETTERS) for _ in range(length))


def zone_meant(typed: str, found: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """What somebody may have meant: the zone of exactly this name, else all that were found."""
    name = typed.strip().replace(" ", "_")
    exact = [z for z in found if name.lower() in (z[0].lower(), z[0].split("/")[-1].lower())]
    if exact:
        return exact[:1]
    if is_zone(name):
        return [(name, name)]
    return found


def may_end_role(role: Role, person: int, managers: Sequence[int]) -> bool:
    """The last manager stays one."""
    return role is not Role.MANAGER or list(managers) != [person]
