"""Zones that an operator writes, in a command or in a roster."""

from difflib import get_close_matches
from functools import lru_cache

from bot.core.errors import Malformed
from bot.core.incoming import quoted
from bot.core.time import is_zone, zones


def check_zone(typed: str) -> None:
    """Raises Malformed for what is no zone of a place."""
    if wrong := problem(typed):
        raise Malformed(wrong)


def problem(typed: str) -> str:
    """What is wrong with a zone; empty if nothing is. An abbreviation such as EST is a fixed offset, so it would be
    wrong by an hour for half of the year."""
    if not is_zone(typed):
        return f"{quoted(typed)} is no IANA time zone. Write {_near(typed) or 'one such as Europe/Berlin'}."
    if "/" not in typed and typed not in ("UTC", "GMT"):
        meant = _MEANT.get(typed) or _near(typed) or "a zone"
        return f"{quoted(typed)} is an abbreviation and not a place. Write {meant}."
    return ""


_MEANT = {
    "EST": "America/New_York, or America/Panama where the clocks never change",
    "EST5EDT": "America/New_York",
    "CST6CDT": "America/Chicago",
    "MST": "America/Denver, or America/Phoenix where the clocks never change",
    "MST7MDT": "America/Denver",
    "PST8PDT": "America/Los_Angeles",
    "HST": "Pacific/Honolulu",
    "CET": "the city, such as Europe/Berlin",
    "MET": "the city, such as Europe/Berlin",
    "EET": "the city, such as Europe/Helsinki",
    "WET": "the city, such as Europe/Lisbon",
}


@lru_cache(maxsize=1024)
def _near(typed: str) -> str:
    """The name most like a typed one. A roster may repeat it on every line, and each search takes 10 ms."""
    by_city = {z.split("/")[-1].lower(): z for z in zones()}
    by_name = {z.lower(): z for z in zones()}
    near = get_close_matches(typed.lower().replace(" ", "_"), [*by_city, *by_name], 1, 0.75)
    return (by_city | by_name)[near[0]] if near else ""
