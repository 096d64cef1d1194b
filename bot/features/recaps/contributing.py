"""Where a cohort finds a recap: in 'the week together', and on the next week's card."""

from collections.abc import Sequence

from bot.core.contributions import EXTRAS, TOGETHER, Extra
from bot.core.people import Cohort
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.recaps import naming, views
from bot.features.recaps.store import RecapStore, feature

Recaps = Turn[RecapStore]


@feature.contributes(TOGETHER)
def in_the_post(turn: Recaps, cohort: Cohort, week: int) -> Sequence[Extra]:
    recap, content = naming.of_week(turn, cohort, week), course_of(cohort.course_text).week(week)
    return [views.extra(cohort, content, recap)] if recap.is_out and content is not None else []


@feature.contributes(EXTRAS)
def on_the_card(turn: Recaps, cohort: Cohort, week: int) -> Sequence[Extra]:
    return in_the_post(turn, cohort, week - 1)
