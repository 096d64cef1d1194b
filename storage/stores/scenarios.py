"""Scenarios: where each learner is in a story."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from bot.features.scenarios.store import Way
from storage.sql.clauses import given
from storage.sql.mapper import Mapper
from storage.sql.store import Store
from storage.tables.scenarios import ScenarioWayRow

_WAY = Mapper(
    Way,
    ScenarioWayRow,
    steps=lambda row: tuple(row.steps.split()),
    chosen=lambda row: frozenset(row.chosen.split()),
    endings=lambda row: frozenset(row.endings.split()),
)
_WAYS = _WAY.query(*given(ScenarioWayRow.cohort), person=ScenarioWayRow.person)


class SqlScenarios(Store):
    """The `ScenarioStore` of bot/features/scenarios, over a table."""

    def of(self, cohort: int, people: Collection[int]) -> Sequence[Way]:
        return _WAYS.about(self._session, people, cohort=cohort)

    def among(self, cohort: int, scenarios: Collection[str]) -> Sequence[Way]:
        query = select(ScenarioWayRow).where(
            ScenarioWayRow.cohort == cohort, col(ScenarioWayRow.scenario).in_(scenarios)
        )
        return self._values(_WAY, query.order_by(col(ScenarioWayRow.scenario), col(ScenarioWayRow.person)))

    def seen(self, cohort: int) -> set[tuple[str, str]]:
        query = select(ScenarioWayRow.scenario, ScenarioWayRow.seen).where(ScenarioWayRow.cohort == cohort)
        return set(self._session.exec(query.distinct()))

    def last(self, cohort: int, since: datetime, until: datetime) -> dict[int, datetime]:
        at = col(ScenarioWayRow.at)
        query = select(ScenarioWayRow.person, func.max(at)).where(
            ScenarioWayRow.cohort == cohort, at >= since, at < until
        )
        return self._pairs(query.group_by(col(ScenarioWayRow.person)))

    def keep(self, cohort: int, way: Way) -> None:
        steps, chosen, endings = (" ".join(some) for some in (way.steps, sorted(way.chosen), sorted(way.endings)))
        columns = _WAY.columns(way)
        self._put(ScenarioWayRow(cohort=cohort, steps=steps, chosen=chosen, endings=endings, **columns))
