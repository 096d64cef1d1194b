"""What is the matter with a course file: its own errors, what the features make of one that has none, and of its live
sessions what an error elsewhere cannot change."""

from datetime import date

from bot.app.unstored import before_it_exists
from bot.core.people import Cohort
from bot.core.translation import in_english
from bot.course.encoding import decode
from bot.course.inspection import inspect
from bot.course.loader import check
from bot.course.problems import Problem

START = date(2026, 1, 5)
"""Any Monday: a course file has no dates."""


def problems(data: bytes, name: str) -> list[Problem]:
    """`name`: the file, as the problems call it."""
    text, wrong = decode(data, name)
    if wrong or text is None:
        return check(data, name)
    cohort = Cohort(0, "check", "", text, "UTC", START)
    with in_english():
        return before_it_exists(cohort, lambda turn: inspect(turn, cohort, name))
