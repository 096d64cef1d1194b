"""The ledger of a cohort as data, for programs."""

from bot.core.people import Cohort
from bot.course.loader import course_of
from bot.features.ledger.reporting import Ledger, week


def listed(turn: Ledger, cohort: Cohort) -> list[dict[str, int | None]]:
    """Minutes by week, in totals alone."""
    found = [week(turn, cohort, one.number) for one in course_of(cohort.course_text).weeks]
    return [
        {
            "week": one.week,
            "budget": one.budget,
            "planned": one.planned,
            "live": one.live,
            "paid": one.paid,
            "reported": one.reported,
        }
        for one in found
    ]
