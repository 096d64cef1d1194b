"""What falls due: the instants that features plan, as values. One row for each, found again by its names."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Late = Literal["post", "fold", "skip"]
"""After downtime: do it late; of several for one subject do the newest alone; or leave it out and say so."""


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What becomes of an instant that passed while nobody ran. Beyond `within` it is left out, and said so."""

    late: Late
    within: timedelta


@dataclass(frozen=True, slots=True)
class Plan:
    """`kind` ('feature.name') happens to `subject` at `at`.

    (kind, subject, occurrence) is unique: planning it again moves it while it has not happened, and changes
    nothing once it has.
    """

    kind: str
    subject: str
    occurrence: str
    at: datetime
    cohort: int = 0


@dataclass(frozen=True, slots=True)
class Unplan:
    """What has not happened yet of `kind` for `subject` (None: for the whole cohort) does not happen."""

    kind: str
    cohort: int = 0
    subject: str | None = None
    occurrence: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """An instant that has come. `at` is when it was planned for, which is not later than now."""

    kind: str
    subject: str
    occurrence: str
    at: datetime
    cohort: int
