"""What wrap-ups keep: values, and the store that the feature needs."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.people import MessageRef
from bot.core.translation import N_, _
from bot.course.model import Question

RoundState = Literal["planned", "open", "closed"]
Way = Literal["form", "thread", "direct"]
"""How an answer came in."""

Consent = Literal["quotes", "names"]
"""What authors may agree to: see `Answer.quote`."""


_USUAL = re.compile(r"Week (\d+) wrap-up")
_OWN = re.compile(r"Week (\d+): (.*)", re.DOTALL)


def usual_week(title: str) -> int | None:
    """The week of a title of the usual form; None for one that an author wrote."""
    found = _USUAL.fullmatch(title)
    return int(found[1]) if found else None


def called(title: str) -> str:
    """A stored title as people read it: see `Prompt.name`."""
    if (week := usual_week(title)) is not None:
        return _("Week {week} wrap-up", week=week)
    own = _OWN.fullmatch(title)
    return _("Week {number}: {title}", number=own[1], title=own[2]) if own else title


@dataclass(frozen=True, slots=True)
class Round:
    """One prompt in one week of one cohort.

    `opens_at` and `closes_at` are by the cohort's clock. `questions` are those of the course file until the round
    opens, and then stay as they were asked. `by_hand_at`: when an instructor opened it for all. `posted`: it was
    opened for the cohort, with its root message if it `is_shared`. `pages` fingerprints the pages of answers in its
    thread.
    """

    id: int
    cohort: int
    prompt: str
    week: int
    title: str
    questions: tuple[Question, ...]
    opens_at: datetime
    closes_at: datetime
    state: RoundState = "planned"
    by_hand_at: datetime | None = None
    posted: bool = False
    pages: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The title as people read it."""
        return called(self.title)

    @property
    def is_shared(self) -> bool:
        """Whether the cohort sees any of it. What only instructors see has no post and no report in the channel."""
        return any(q.audience == "cohort" for q in self.questions)

    @property
    def seen(self) -> bool:
        """Whether anybody was asked."""
        return self.state == "open" or self.posted

    @property
    def passed_by(self) -> bool:
        """Whether nobody was asked, because of a pause or downtime."""
        return self.state == "closed" and not self.posted

    @property
    def together(self) -> str:
        """The anchor of its root message in the cohort's channel."""
        return f"wrapup/{self.id}/together"

    def card(self, person: int) -> str:
        """The anchor of a learner's prompt card, which becomes the receipt."""
        return f"wrapup/{self.id}/{person}"

    def finish(self, person: int) -> str:
        """The anchor of what offers a learner to finish what they have begun, on their next card."""
        return f"wrapup/{self.id}/{person}/finish"

    def rest(self, page: int) -> str:
        """The anchor of a page of answers in the thread, from 1."""
        return f"wrapup/{self.id}/rest/{page}"


@dataclass(frozen=True, slots=True)
class Window:
    """When a round is open for one learner, by their clock. `asked_at`: when their prompt was handed to the voice."""

    round: int
    person: int
    opens_at: datetime
    closes_at: datetime
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A learner's current answer. `quote`: what the cohort sees of it may carry their name.

    `begun`: a required question is still empty, so it is not handed in; after its author's close it counts as given in
    all figures, but not for the certificate. `first_at`: when it was handed in, or else
    begun. `late`: that was after their own close; `changed_late`: it came in time and was changed after it.
    """

    id: int
    round: int
    person: int
    values: Mapping[str, str]
    quote: bool
    first_at: datetime
    changed_at: datetime
    late: bool
    changed_late: bool = False
    begun: bool = False


def item_name(round: int) -> str:
    """The name of what a round adds to a week."""
    return f"wrapup/{round}"


def desk_name(answer: Answer) -> str:
    """The name of what it adds to the desk."""
    return f"wrapups/{answer.id}"


@dataclass(frozen=True, slots=True)
class Part:
    """A chat message that was taken as (part of) an answer."""

    id: int
    person: int
    ref: MessageRef
    text: str
    way: Way
    answer: int | None = None
    question: str = ""
    earlier: tuple[str, ...] = ()
    """What the message said before it was edited."""


@dataclass(frozen=True, slots=True)
class Tally:
    """`answered` of `expected` learners, `late` of them after their own close; `begun` more have answered in part and
    still have time."""

    expected: int
    answered: int
    late: int
    begun: int = 0


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """A round of the course file."""

    prompt: str
    week: int
    title: str
    questions: tuple[Question, ...]
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """The result of saving. `changed` is False if it had these values already."""

    answer: Answer
    changed: bool
    first: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A round as one learner stands in it."""

    round: Round
    window: Window
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The contents of the cohort's report, with the answers that count as given. `by_author`: the thread shows each
    author's answers together."""

    round: Round
    tally: Tally
    answers: Sequence[Answer] = field(default_factory=tuple)
    names: Mapping[int, str] = field(default_factory=dict)
    by_author: bool = False


class WrapupStore(Protocol):
    """What wrap-ups need stored. Methods that take several people or rounds query the database once."""

    # Rounds

    def rounds(self, cohort: int) -> Sequence[Round]:
        """The cohort's rounds, by when they open."""
        ...

    def round(self, round: int) -> Round | None: ...

    def plan_rounds(self, cohort: int, plans: Sequence[RoundPlan]) -> None:
        """Adds rounds, moves those that are not closed, takes up new questions if nobody was asked yet, and drops
        planned rounds that are no longer in the course."""
        ...

    def set_state(self, round: int, state: RoundState) -> None: ...

    def set_close(self, round: int, at: datetime) -> None: ...

    def set_by_hand(self, round: int, at: datetime) -> None: ...

    def set_posted(self, round: int) -> None: ...

    def set_pages(self, round: int, pages: Sequence[str]) -> None: ...

    def paused_at(self, cohort: int) -> datetime | None: ...

    def pause(self, cohort: int, at: datetime | None) -> None:
        """Pauses the cohort's prompts; None resumes them."""
        ...

    # Windows

    def windows(self, rounds: Collection[int], people: Collection[int] | None = None) -> Sequence[Window]:
        """The windows of some rounds (and people)."""
        ...

    def put_windows(self, windows: Sequence[Window]) -> None:
        """Adds windows, or moves existing ones."""
        ...

    def mark_asked(self, windows: Sequence[Window], at: datetime) -> None: ...

    def drop_windows(self, cohort: int, person: int) -> None:
        """Drops those that the person has not answered in."""
        ...

    def standings(self, person: int, cohorts: Collection[int]) -> Sequence[Standing]:
        """How a person stands in each of their rounds in some cohorts, sorted by opening."""
        ...

    # Answers

    def answer(self, round: int, person: int) -> Answer | None: ...

    def answer_by_id(self, answer: int) -> Answer | None: ...

    def answers_of(self, person: int) -> Sequence[Answer]:
        """A person's answers, in every cohort."""
        ...

    def answers(self, round: int) -> Sequence[Answer]:
        """All answers that were not deleted, in order of arrival."""
        ...

    def answered(self, rounds: Collection[int], people: Collection[int] | None = None) -> set[tuple[int, int]]:
        """(round, person) of all answers that were not deleted (of some people), including those only begun."""
        ...

    def handed_in(
        self, rounds: Collection[int], people: Collection[int] | None = None
    ) -> Mapping[tuple[int, int], datetime]:
        """The same without those only begun -> when they first came."""
        ...

    def last_answered(self, cohort: int, since: datetime, until: datetime) -> Mapping[int, datetime]:
        """Who answered, or changed an answer, from `since` until before `until`, and when last."""
        ...

    def save(
        self,
        round: int,
        person: int,
        values: Mapping[str, str],
        quote: bool,
        way: Way,
        at: datetime,
        late: bool,
        begun: bool = False,
    ) -> Saved:
        """Stores an answer, or its next revision if something changed."""
        ...

    def revision(self, answer: int) -> int:
        """The number of its newest wording: each wording has its own."""
        ...

    def wordings(self, answer: int) -> Sequence[str]:
        """Every text that the answer ever had, in any field and revision."""
        ...

    def delete_answer(self, answer: int, at: datetime) -> None:
        """Blanks the answer in all its revisions, and the texts that it was made from."""
        ...

    def scrub(self, answer: int, values: Mapping[str, str], part: Part, at: datetime, begun: bool) -> None:
        """Sets the answer to `values`, as its next revision, and removes every wording of the message from those
        before."""
        ...

    # Chat messages

    def add_part(self, ref: MessageRef, text: str, person: int, way: Way) -> Part: ...

    def part(self, part: int) -> Part | None: ...

    def part_at(self, ref: MessageRef) -> Part | None: ...

    def parts(self, answer: int) -> Sequence[Part]: ...

    def assign_part(self, part: int, answer: int, question: str) -> None: ...

    def change_part(self, part: int, text: str) -> None: ...

    def drop_part(self, part: int) -> None: ...


feature: Feature[WrapupStore] = Feature("wrapups")
feature.keeps(
    KeptTable("wrapup_rounds", "A prompt in a week of a cohort"),
    KeptTable("wrapup_windows", "When a prompt is open for you", of="person"),
    KeptTable("wrapup_answers", "An answer of yours to a prompt", of="person", documents=("body",)),
    KeptTable(
        "wrapup_revisions",
        "An earlier wording of an answer of yours to a prompt",
        part_of={"answer": "wrapup_answers"},
        documents=("body",),
    ),
    KeptTable("wrapup_parts", "A message of yours that is part of such an answer", of="person"),
    KeptTable("wrapup_pauses", "That a cohort's prompts are paused"),
    purpose=N_("So that your answers count, and others read what you share"),
)
