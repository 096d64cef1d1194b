"""What check-ins keep: who said what on which day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.people import Place
from bot.core.timetable import PlannedBy
from bot.core.translation import N_


@dataclass(frozen=True, slots=True)
class Round:
    """A check-in on one day. `key` names it within its cohort, also when its week moves."""

    key: str
    checkin: str
    week: int
    title: str
    link: str
    minutes: int
    opens_at: datetime
    closes_at: datetime
    own_clock: bool = False
    delayed: bool = False
    """A downtime gives it more time than the course file."""
    own_date: bool = False
    """It closes later for one learner alone."""
    is_gone: bool = False
    """The course file does not have it any more."""
    planned: PlannedBy | None = None


@dataclass(frozen=True, slots=True)
class KnownRound:
    """A round as it was last planned. It keeps its `key` when days are added, removed or put in another order, and is
    still there once the course file does not have it any more. `place` and `day` are its week and its day in the
    course file (`rules.place`). `planned`: by which timetable, None if nobody knows."""

    key: str
    checkin: str
    place: str
    day: str
    week: int
    title: str
    opens_at: datetime
    planned: PlannedBy | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """What a learner said in a round. `shown`: those who read the rest also see where they are stuck. `pod`: the key of
    the pod that alone reads it; '' if the cohort does."""

    id: int
    key: str
    person: int
    done: str
    next: str
    stuck: str
    shown: bool
    first_at: datetime
    changed_at: datetime
    late: bool
    pod: str = ""

    @property
    def is_public(self) -> bool:
        """Whether others than the instructors see any of it."""
        return bool(self.done or self.next or (self.stuck and self.shown))


def anchor(cohort: int, key: str) -> str:
    """The anchor of a round's post."""
    return f"checkin/{cohort}/{key}"


def anchor_in_pod(cohort: int, place: Place, week: int) -> str:
    """The anchor of the one post of a week in the channel of a pod."""
    return f"checkin/{cohort}/in/{place.channel}/{week}"


def item_name(key: str) -> str:
    """The name of what it adds to a week."""
    return f"checkin/{key}"


def desk_name(update: Update) -> str:
    """The name of what it adds to the desk."""
    return f"checkins/{update.id}"


class CheckinStore(Protocol):
    def known(self, cohort: int) -> Sequence[KnownRound]:
        """Every round that was ever planned."""
        ...

    def know(self, cohort: int, rounds: Iterable[KnownRound]) -> None:
        """Stores rounds as they are planned now."""
        ...

    def mine(self, cohort: int, key: str, person: int) -> Update | None: ...

    def of(self, cohort: int, key: str) -> Sequence[Update]:
        """What everybody said in a round, in order of arrival."""
        ...

    def said(self, cohort: int, people: Collection[int] | None = None) -> Mapping[tuple[str, int], bool]:
        """(key, person) of what these people (None: all) said -> whether it came late."""
        ...

    def stuck(self, cohort: int, since: datetime) -> Sequence[Update]:
        """Updates that say where somebody is stuck, changed since then."""
        ...

    def last(self, cohort: int, since: datetime, until: datetime) -> dict[int, datetime]:
        """Who said something from `since` until before `until`, and when last."""
        ...

    def by(self, person: int) -> Sequence[tuple[int, Update]]:
        """Everything that a person said, with the cohort."""
        ...

    def save(
        self,
        cohort: int,
        key: str,
        person: int,
        done: str,
        next: str,
        stuck: str,
        shown: bool,
        late: bool,
        pod: str = "",
    ) -> Update:
        """Stores an update now, or changes the one that is there, which is as late as it was."""
        ...

    def forgive(self, update: int) -> None:
        """It is late no more."""
        ...

    def delete(self, update: int) -> None: ...


feature: Feature[CheckinStore] = Feature("checkins")
feature.keeps(
    KeptTable("checkin_rounds", "A check-in on one day of a cohort"),
    KeptTable("checkin_updates", "What you said in a check-in: done, next, and where you were stuck", of="person"),
    purpose=N_("So that the others read how your work goes"),
)
