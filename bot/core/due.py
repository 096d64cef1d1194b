"""What falls due: the instants that features plan, as values. One row for each, found again by its names."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What becomes of instants that passed while nobody ran.

    Up to `within` they happen late; beyond that they are left out, and the cohort's staff is told. `fold`: of
    several for one subject only the newest happens. `after_end`: they also happen in a cohort that has ended.
    """

    within: timedelta
    fold: bool = False
    after_end: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """`kind` ('feature.name') happens to `subject` at `at`.

    (kind, subject, occurrence) is unique: planning it again moves it while it has not happened, and changes
    nothing once it has. `person` is whom it will speak to privately, where it will: the voice then lets lines
    wait for it.
    """

    kind: str
    subject: str
    occurrence: str
    at: datetime
    cohort: int = 0
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Unplan:
    """What has not happened yet of `kind` in the cohort does not happen; `subject`, `person`: of those alone."""

    kind: str
    cohort: int
    subject: str | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """An instant that has come. `at` is when it was planned for, which is not later than now."""

    kind: str
    subject: str
    occurrence: str
    at: datetime
    cohort: int
    person: int | None = None
