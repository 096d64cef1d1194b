"""What scenarios keep: where each learner is in a story, and which choices and endings they have had."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.translation import N_


@dataclass(frozen=True, slots=True)
class Way:
    """A learner's way through a scenario.

    `node`: where they are. `steps`: the last choices of this run, as `node.choice` (`rules.choice_key`); `dropped`: how
    many there were before them. `turn` counts presses, so that the buttons of an earlier moment are known as such;
    `sitting` counts how often the card was brought down to the end of the conversation. `seen`: the fingerprint of the
    story that they see, or `GONE`. `chosen` and `endings` (by node) are over all runs; `ended_at`: when they had the
    first ending; `at`: when they last began or chose.
    """

    scenario: str
    person: int
    node: str
    steps: tuple[str, ...] = ()
    dropped: int = 0
    turn: int = 0
    sitting: int = 0
    seen: str = ""
    chosen: frozenset[str] = frozenset()
    endings: frozenset[str] = frozenset()
    ended_at: datetime | None = None
    at: datetime | None = None


GONE = "-"
"""What a learner sees of a story that the course does not have any more."""


class ScenarioStore(Protocol):
    def of(self, cohort: int, people: Collection[int]) -> Sequence[Way]:
        """The ways of these learners. The database is queried once."""
        ...

    def among(self, cohort: int, scenarios: Collection[str]) -> Sequence[Way]:
        """Everybody's ways through these scenarios."""
        ...

    def seen(self, cohort: int) -> set[tuple[str, str]]:
        """(scenario, fingerprint) of every story that somebody sees."""
        ...

    def last(self, cohort: int, since: datetime, until: datetime) -> dict[int, datetime]:
        """Who began or chose from `since` until before `until`, and when last."""
        ...

    def keep(self, cohort: int, way: Way) -> None: ...


def mine(store: ScenarioStore, cohort: int, person: int) -> Mapping[str, Way]:
    """One learner's ways, by scenario."""
    return {way.scenario: way for way in store.of(cohort, [person])}


def anchor(cohort: int, way: Way) -> str:
    """The anchor of the card in a learner's direct messages. Each sitting has its own."""
    return f"scenario/{cohort}/{way.scenario}/{way.person}/{way.sitting}"


def item_name(scenario: str) -> str:
    """Its name where completion counts it."""
    return f"scenario/{scenario}"


feature: Feature[ScenarioStore] = Feature("scenarios")
feature.keeps(
    KeptTable(
        "scenario_ways",
        "Where you are in a scenario, which choices and endings you have had, and when you last played",
        of="person",
    ),
    purpose=N_("So that a scenario goes on where you were"),
)
