"""Thanks: who thanked whom, for which message."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.core.people import MessageRef
from bot.features.thanks.store import Thanks
from storage.tables.thanks import ThanksRow


class SqlThanks:
    """The `ThanksStore` of bot/features/thanks, over a table."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session

    def add(self, thanks: Thanks) -> None:
        ref = thanks.message
        self._session.add(
            ThanksRow(
                cohort=thanks.cohort,
                giver=thanks.giver,
                receiver=thanks.receiver,
                workspace=ref.workspace,
                channel=ref.channel,
                message=ref.id,
                at=thanks.at,
            )
        )
        self._session.flush()

    def given(self, cohort: int, person: int, since: datetime) -> Sequence[Thanks]:
        return self._since(cohort, since, ThanksRow.giver == person)

    def received(self, cohort: int, person: int, since: datetime) -> Sequence[Thanks]:
        return self._since(cohort, since, ThanksRow.receiver == person)

    def count(self, cohort: int, since: datetime, until: datetime) -> int:
        query = select(func.count()).where(ThanksRow.cohort == cohort, ThanksRow.at >= since, ThanksRow.at < until)
        return self._session.exec(query).one()

    def _since(self, cohort: int, since: datetime, whose: Any) -> list[Thanks]:
        query = select(ThanksRow).where(ThanksRow.cohort == cohort, whose, col(ThanksRow.at) >= since)
        return [
            Thanks(r.cohort, r.giver, r.receiver, MessageRef(r.workspace, r.channel, r.message), r.at)
            for r in self._session.exec(query.order_by(col(ThanksRow.id)))
        ]
