"""What the digests store, and the values that they show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from bot.core.calendar import Stage
from bot.core.contributions import Attention, DeskItem, Figure, Pile
from bot.core.feature import Feature
from bot.core.items import LateEnd
from bot.core.keeping import KeptTable
from bot.core.message import Text
from bot.core.people import Cohort
from bot.core.translation import N_

Key = tuple[int, str]
"""A cohort, and the name of an item or of a pile without items."""


@dataclass(frozen=True, slots=True)
class Line:
    """A thing on the desk that was posted to somebody at `at`: see `DeskLineRow`."""

    cohort: int
    name: str
    at: datetime
    number: int
    done: bool = False
    done_by: int | None = None


class DigestStore(Protocol):
    """What the course team of a cohort has taken off its desk, and what posted desks showed."""

    def seen(self, cohort: int) -> Mapping[str, datetime]:
        """Names of items, and when each was last marked as seen."""
        ...

    def see(self, cohort: int, names: Collection[str]) -> None: ...

    def lines(self, person: int) -> Sequence[Line]:
        """Everything that the desks posted to a person showed."""
        ...

    def show(self, person: int, lines: Collection[Line]) -> None: ...

    def shown_to(self, cohort: int, names: Collection[str]) -> Collection[int]:
        """The people on whose desks one of these items has a line."""
        ...

    def finish(self, cohort: int, names: Collection[str], people: Collection[int], by: int | None) -> None:
        """Somebody (`by`, of the course team) dealt with these items: they are new to none of these people."""
        ...

    def reopen(self, cohort: int, names: Collection[str]) -> None:
        """These items wait again after somebody dealt with them."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for somebody of the course team in one cohort, most urgent first."""

    cohort: Cohort
    piles: Sequence[Pile]
    stage: Stage = "running"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item, and where it waits."""

    cohort: Cohort
    pile: Pile
    item: DeskItem

    @property
    def key(self) -> Key:
        return self.cohort.id, self.item.name


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a desk. `found` is None if it waits no more: it was `done`, by `done_by` if known, or (`own`) by the
    desk's reader; or it ended by itself. `key` names what it was about."""

    number: int
    found: Waiting | None
    done_by: str = ""
    key: Key = (0, "")
    own: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A desk as it is drawn: its lines, everything that waits by cohort, and the keys of what is new. `posted_at`: when
    it was posted, if it is a posted one that is shown again. `about`: what lines that are done were about."""

    rows: Sequence[Row]
    desks: Sequence[Desk]
    new: Collection[Key]
    posted_at: datetime | None = None
    about: Mapping[Key, Text] = field(default_factory=dict)

    def came_since(self, found: Waiting) -> bool:
        """Whether an item came in, or changed, after the desk was posted."""
        return self.posted_at is not None and found.item.since > self.posted_at


Unclear = Literal["", "not started", "new", "empty", "break", "away"]
"""Why there is nothing to judge a cohort's week by: it has not started, it began a few days ago, it has no learners, it
had a break, or none of its learners was there all week. Empty: it can be judged."""


Verdict = Literal["look", "unclear", "well"]
"""Whether a cohort would like a look, has nothing to judge by, or is well."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Something that all learners meet at one instant, and for how many `of` them it is `outside` their waking hours:
    whoever joined after it is none of them. `without`: for how many so are all of its other times, too. `live`: they
    have to be there then; other things have a date, before which they can be done at any time. `night`: the zones of
    those who were counted and for whom it is outside."""

    name: str
    title: str
    at: datetime
    outside: int
    of: int
    without: int
    live: bool
    night: frozenset[str] = frozenset()


IN_ROW = 5
"""Weeks of each cohort in the picture of several, the newest."""


@dataclass(frozen=True, slots=True)
class Share:
    """A bar of a chart: `number` of `base`, of which `late` so many."""

    label: str
    number: int
    base: int
    late: int = 0

    @property
    def percent(self) -> int:
        return round(100 * self.number / self.base) if self.base else 0


@dataclass(frozen=True, slots=True)
class Chart:
    """Who was active in each week, and how many handed in each milestone that has opened."""

    weeks: Sequence[Share]
    steps: Sequence[Share]


@dataclass(frozen=True, slots=True)
class Overview:
    """A cohort's week, for its manager: `week` of `weeks`, the figures of all features, and learners to talk to.
    `away`: how many of its `learners` no figure counts, since they were away. `silent`: who did nothing in the week, if
    few did something, without those `at_risk`. `quiet`: those `at_risk` who fell silent, and
    since when; of these somebody has `written` to some since. `chart`: what
    its picture shows, if it has one. `past`: of an earlier week, only what follows from what happened until its end.
    `running`: somebody asked for a week that is not over, and reads of the last seven days.
    `stage`: whether the course runs, takes late work, or is over. `last`: this is the last message about it, and it
    accepts something until then."""

    cohort: Cohort
    week: int
    weeks: int
    learners: int
    figures: Sequence[Figure]
    at_risk: Mapping[int, Sequence[Attention]]
    unclear: Unclear = ""
    stage: Stage = "running"
    last: LateEnd | None = None
    away: int = 0
    silent: Mapping[int, Sequence[Attention]] = field(default_factory=dict)
    trouble: Sequence[Text] = ()
    quiet: Mapping[int, datetime] = field(default_factory=dict)
    written: frozenset[int] = frozenset()
    past: bool = False
    running: bool = False
    chart: Chart | None = None

    @property
    def verdict(self) -> Verdict:
        return "look" if self.reasons or self.trouble else "unclear" if self.unclear else "well"

    @property
    def reasons(self) -> Sequence[Figure]:
        """The figures that want a look."""
        return [figure for figure in self.figures if figure.wants_a_look]


feature: Feature[DigestStore] = Feature("digests")
feature.keeps(
    KeptTable("desk_seen", "Which things a course team has taken off its desk, by their numbers"),
    KeptTable(
        "desk_lines",
        "Which things a desk of yours has shown, each as a number, and who dealt with them",
        of="person",
        names=("done_by",),
        until="90 days",
    ),
    purpose=N_("So that a desk shows you each thing once"),
)
