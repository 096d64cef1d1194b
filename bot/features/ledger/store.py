"""What the ledger keeps: entries of live sessions and of what pays for them, and the minutes that learners report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.translation import N_


@dataclass(frozen=True, slots=True)
class Entry:
    """Minutes that came into a week, or (below 0) went out of it. `name`: 'live/ID', 'paid/ITEM', or 'budget' in week
    0, which is every week's. `by`: who changed the course then, or `by_operator` on the command line; neither: nobody
    did, it followed from a date or from who takes part."""

    cohort: int
    week: int
    name: str
    title: str
    minutes: int
    by: int | None
    at: datetime
    by_operator: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """How many minutes a week took somebody, and which item took longer than they thought ('': they named none): what
    it was called then, and its `name`; '' in a row of an earlier version."""

    cohort: int
    person: int
    week: int
    minutes: int
    at: datetime
    item: str = ""
    name: str = ""


class LedgerStore(Protocol):
    def entries(self, cohort: int) -> Sequence[Entry]:
        """All entries of a cohort, oldest first."""
        ...

    def enter(self, entries: Sequence[Entry]) -> None: ...

    def reports(self, cohort: int, week: int) -> Sequence[Report]: ...

    def report(self, report: Report) -> None:
        """Stores it in place of what this person said of the week."""
        ...


feature: Feature[LedgerStore] = Feature("ledger")
feature.keeps(
    KeptTable(
        "ledger_entries",
        "That a live session came into a week, something gave up its minutes or every week got another budget, and "
        "that you changed the course then",
        of="by",
        erasure="unnamed",
        why="the course team answers for what it did",
    ),
    KeptTable("ledger_reports", "How long a week took you, and what took longer than you thought", of="person"),
    purpose=N_("So that the course takes no more time than it promised"),
)


def card(cohort: int, person: int, week: int) -> str:
    """The anchor of the question that rides on a learner's wrap-up."""
    return f"ledger/{cohort}/{person}/{week}"


def on_desk(cohort: int, week: int) -> str:
    return f"ledger/{cohort}/{week}"
