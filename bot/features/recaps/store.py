"""What recaps keep: one for each week that somebody worked on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.translation import N_

State = Literal["draft", "posted", "left_out"]


@dataclass(frozen=True, slots=True)
class Recap:
    """The recap of a week. `script` is what an instructor wrote or posted, empty while nobody has; `base` is the draft
    that was there when they did. Both are stored with marks in place of names (`rules.marked`). `url` is the recording,
    empty if there is none. `by` changed it last. `taken_out_at`: since when the recording names or quotes somebody whom
    the transcript does not any more, None if it does not; `taken_out`: their ids, with spaces between them."""

    cohort: int
    week: int
    script: str = ""
    base: str = ""
    url: str = ""
    state: State = "draft"
    posted_at: datetime | None = None
    by: int | None = None
    taken_out_at: datetime | None = None
    taken_out: str = ""

    @property
    def anchor(self) -> str:
        """The anchor of its post in the cohort's channel."""
        return f"recap/{self.cohort}/{self.week}"

    @property
    def on_desk(self) -> str:
        """The name of the desk's line about its recording."""
        return f"recaps/recording/{self.week}"

    @property
    def is_out(self) -> bool:
        return self.state == "posted"


class RecapStore(Protocol):
    def of(self, cohort: int) -> Sequence[Recap]:
        """All recaps of a cohort, by week."""
        ...

    def keep(self, recap: Recap) -> None:
        """Stores a recap in place of the one of its week."""
        ...


feature: Feature[RecapStore] = Feature("recaps")
feature.keeps(
    KeptTable(
        "recaps",
        "The recap of a week that you wrote for a cohort",
        of="by",
        quotes=("script", "base"),
        erasure="unnamed",
        why="the cohort keeps what it was told",
    ),
    purpose=N_("So that a cohort gets its recap"),
)
