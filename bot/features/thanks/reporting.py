"""What thanks report to the manager: how many there were, and not who thanked whom."""

from collections.abc import Sequence

from bot.core.contributions import FIGURES, Figure
from bot.core.people import Cohort
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.thanks.rules import since
from bot.features.thanks.store import ThanksStore, feature


@feature.contributes(FIGURES)
def in_the_week(turn: Turn[ThanksStore], cohort: Cohort) -> Sequence[Figure]:
    last_week = since(turn.now)
    said = turn.store.count(cohort.id, last_week, turn.now)
    before = turn.store.count(cohort.id, since(last_week), last_week)
    return [Figure("thanks/said", _("Thanks said"), said, before=before)] if said or before else []
