"""The time ledger."""

from collections.abc import Sequence

from sqlmodel import col, select

from bot.features.ledger.store import Entry, Report
from storage.sql.mapper import Mapper
from storage.sql.store import Store
from storage.tables.ledger import LedgerEntryRow, LedgerReportRow

_ENTRY = Mapper(Entry, LedgerEntryRow)
_REPORT = Mapper(Report, LedgerReportRow)


class SqlLedger(Store):
    """The `LedgerStore` of bot/features/ledger, over tables."""

    def entries(self, cohort: int) -> Sequence[Entry]:
        query = select(LedgerEntryRow).where(LedgerEntryRow.cohort == cohort)
        return self._values(_ENTRY, query.order_by(col(LedgerEntryRow.id)))

    def enter(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._add(LedgerEntryRow(**_ENTRY.columns(entry)))

    def reports(self, cohort: int, week: int) -> Sequence[Report]:
        query = select(LedgerReportRow).where(LedgerReportRow.cohort == cohort, LedgerReportRow.week == week)
        return self._values(_REPORT, query.order_by(col(LedgerReportRow.person)))

    def report(self, report: Report) -> None:
        self._put(LedgerReportRow(**_REPORT.columns(report)))
