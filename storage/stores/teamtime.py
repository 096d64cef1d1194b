"""The course team's time."""

from collections.abc import Sequence

from sqlmodel import col, select

from bot.features.teamtime.store import Spent
from storage.sql.mapper import Mapper
from storage.sql.store import Store
from storage.tables.teamtime import TeamMinutesRow

_SPENT = Mapper(Spent, TeamMinutesRow)


class SqlTeamtime(Store):
    """The `TeamtimeStore` of bot/features/teamtime, over tables."""

    def spent(self, cohort: int) -> Sequence[Spent]:
        query = select(TeamMinutesRow).where(TeamMinutesRow.cohort == cohort)
        return self._values(_SPENT, query.order_by(col(TeamMinutesRow.week), col(TeamMinutesRow.person)))

    def spend(self, spent: Spent) -> None:
        self._put(TeamMinutesRow(**_SPENT.columns(spent)))
