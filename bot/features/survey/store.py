"""What the survey keeps: answers that name nobody, and elsewhere who has answered.

Nothing connects the two: an answer has a random key and no time, and each new one writes all of its survey anew in a
random order. Once a survey closes, who has answered and what they chose is deleted; what stays is the result, and until
that is decided the words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.translation import N_

COURSE = ""
"""The element that is the course as a whole; every other one is the id of a live session in the course file."""

Advice = Literal["keep", "modify", "remove", ""]
"""'': no group is large enough for anything to be proposed."""

Figures = Mapping[str, Mapping[str, int]]
"""Question -> choice, or several choices counted as one -> how many chose it, without groups that are too small."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said about one element. `came` is empty for the course. `worth` may be empty for who did not come,
    and `words` always. Once the survey is closed there are only words."""

    element: str
    came: str = ""
    why: str = ""
    worth: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """The survey of a cohort. `settled_at`: its results are decided, and the words are deleted. `smallest`: the largest
    figure of `privacy.smallest_group` that people were told; a lower one in the file changes nothing."""

    cohort: int
    opened_at: datetime
    closed_at: datetime | None = None
    settled_at: datetime | None = None
    smallest: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What a survey says about an element: `answered` of `asked` answered. `decided`: the course team chose the
    advice."""

    element: str
    title: str
    answered: int
    asked: int
    advice: Advice
    figures: Figures
    decided: bool = False


class SurveyStore(Protocol):
    def survey(self, cohort: int) -> Survey | None: ...

    def keep(self, survey: Survey) -> None: ...

    def lock(self, cohort: int) -> Survey | None:
        """The survey, while nobody else changes it."""
        ...

    def has_answered(self, cohort: int, person: int) -> frozenset[str]:
        """The elements about which a person has answered."""
        ...

    def answered(self, cohort: int) -> Mapping[str, int]:
        """How many have answered about each element."""
        ...

    def answer(self, cohort: int, person: int, answer: Answer) -> None:
        """Stores an answer, and separately that this person gave one. All answers of the survey get new keys and a new
        order. The survey is locked."""
        ...

    def answers(self, cohort: int) -> Sequence[Answer]:
        """All answers, in an order that tells nothing."""
        ...

    def results(self, cohort: int) -> Sequence[Result]: ...

    def draft(self, cohort: int, results: Sequence[Result]) -> None: ...

    def decide(self, cohort: int, element: str, advice: Advice) -> None: ...

    def keep_words(self, cohort: int, words: Mapping[str, Sequence[str]]) -> None:
        """Deletes who answered and what they answered. Of each element these words stay."""
        ...

    def forget_words(self, cohort: int, element: str | None = None) -> None:
        """Deletes the words about an element of a closed survey, or about all."""
        ...


feature: Feature[SurveyStore] = Feature("survey")
feature.keeps(
    KeptTable("surveys", "When a cohort's survey opened and closed"),
    KeptTable(
        "survey_answers",
        "An answer to the survey, without its author and its time",
        until="the survey closes; its words until the result is decided, 14 days at most",
    ),
    KeptTable(
        "survey_people",
        "That you have answered the survey about a session, or the course",
        of="person",
        until="the survey closes",
    ),
    KeptTable("survey_results", "What a survey says about a session or the course, in numbers"),
    purpose=N_("So that everybody answers a survey once"),
)


def card(cohort: int, person: int) -> str:
    """The anchor of a learner's card."""
    return f"survey/{cohort}/{person}"


def on_desk(cohort: int, mark: str) -> str:
    return f"survey/{cohort}/{mark or 'course'}"
