"""Revisions: the versions of a cohort's course and dates, and proposed changes."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.core.people import Cohort
from bot.features.revisions.store import Proposal, Setup, State, Version
from storage.sql.mapper import Mapper
from storage.sql.store import Store
from storage.tables.milestones import MoveRow
from storage.tables.people import change_cohort, holidays, set_holidays
from storage.tables.revisions import CourseVersionRow, ProposalRow


class SqlRevisions(Store):
    """The `RevisionStore` of bot/features/revisions, over tables."""

    def present(self, cohort: Cohort) -> Setup:
        newest = self._newest(cohort.id)
        country = newest.country if newest else ""
        days = holidays(self._session, cohort.id)
        return Setup(cohort.course_text, cohort.starts_on, cohort.zone, days, country)

    def change(self, cohort: int, setup: Setup) -> None:
        changed = {"course_text": setup.text, "starts_on": setup.starts_on, "zone": setup.zone}
        change_cohort(self._session, cohort, **changed)
        set_holidays(self._session, cohort, setup.holidays)

    def number(self, cohort: int) -> int:
        newest = self._newest(cohort)
        return newest.number if newest else 0

    def versions(self, cohort: int) -> Sequence[Version]:
        return self._values(_VERSION, _newest_first(cohort))

    def add_version(self, cohort: int, setup: Setup, by: int | None, at: datetime | None) -> Version:
        number = self.number(cohort) + 1
        self._add(CourseVersionRow(cohort=cohort, number=number, by=by, at=at, **_columns(setup)))
        return Version(number, setup, by, at)

    def propose(self, cohort: int, base: int, setup: Setup, by: int | None) -> Proposal:
        return _PROPOSAL.read(self._add(ProposalRow(cohort=cohort, base=base, by=by, at=self._now, **_columns(setup))))

    def proposal(self, cohort: int, proposal: int) -> Proposal | None:
        row = self._session.get(ProposalRow, proposal)
        return _PROPOSAL.read(row) if row is not None and row.cohort == cohort else None

    def asked(self, cohort: int) -> Sequence[Proposal]:
        query = select(ProposalRow).where(ProposalRow.cohort == cohort, ProposalRow.state == "asked")
        return self._values(_PROPOSAL, query.order_by(col(ProposalRow.id)))

    def rebase(self, proposal: int, base: int, setup: Setup) -> None:
        self._change(ProposalRow, proposal, base=base, **_columns(setup))

    def settle(self, proposal: int, state: State) -> None:
        self._change(ProposalRow, proposal, state=state)

    def moved(self, cohort: int, person: int) -> Mapping[str, int]:
        query = select(MoveRow.milestone, func.sum(MoveRow.days)).where(
            MoveRow.cohort == cohort, col(MoveRow.person).in_({0, person})
        )
        return self._pairs(query.group_by(col(MoveRow.milestone)))

    def _newest(self, cohort: int) -> CourseVersionRow | None:
        return self._session.exec(_newest_first(cohort).limit(1)).first()


def _newest_first(cohort: int) -> SelectOfScalar[CourseVersionRow]:
    versions = select(CourseVersionRow).where(CourseVersionRow.cohort == cohort)
    return versions.order_by(col(CourseVersionRow.number).desc())


def _columns(setup: Setup) -> dict[str, Any]:
    days = {day.isoformat(): name for day, name in sorted(setup.holidays.items())}
    return {
        "text": setup.text,
        "starts_on": setup.starts_on,
        "zone": setup.zone,
        "holidays": json.dumps(days, ensure_ascii=False),
        "country": setup.country,
    }


def _setup(row: CourseVersionRow | ProposalRow) -> Setup:
    days = {date.fromisoformat(day): name for day, name in json.loads(row.holidays).items()}
    return Setup(row.text, row.starts_on, row.zone, days, row.country)


_VERSION = Mapper(Version, CourseVersionRow, setup=_setup)
_PROPOSAL = Mapper(Proposal, ProposalRow, setup=_setup)
