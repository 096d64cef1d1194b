"""What milestones keep: values, and the store that the feature needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.core.feature import Feature
from bot.core.forms import Kept
from bot.core.keeping import KeptTable
from bot.core.translation import N_


def card(cohort: int, milestone: str, person: int) -> str:
    """The anchor of a learner's receipt."""
    return f"milestone/{cohort}/{milestone}/{person}"


def item_name(milestone: str) -> str:
    """The name of what it adds to a week."""
    return f"milestone/{milestone}"


@dataclass(frozen=True, slots=True)
class Window:
    """A milestone as one learner has it. `closes_at`: when late work is no longer accepted, None if it always is.

    `optional`: it was due before they joined, and they are excused. `asked_until`: they asked for more time, and until
    then their work is not late.
    """

    milestone: str
    person: int
    opens_at: datetime
    due_at: datetime
    closes_at: datetime | None = None
    optional: bool = False
    asked_until: datetime | None = None


Came = Literal["", "done", "late"]
"""How what was asked more time for was done; '' if it was not."""

RequestState = Literal["waiting", "granted", "declined"]


@dataclass(frozen=True, slots=True)
class Request:
    """A learner asks to hand in until `until`. `days`: how many more that was when they asked. `reason` is for the
    course team alone. `given`: the date that they have, as its card says it; None once that is not in the course any
    more. `answered_by`: None if the course's policy granted it. `answer`: what the course team wrote back."""

    id: int
    milestone: str
    person: int
    until: datetime
    days: int
    reason: str
    asked_at: datetime
    changed_at: datetime
    state: RequestState = "waiting"
    given: datetime | None = None
    answer: str = ""
    answered_by: int | None = None
    answered_at: datetime | None = None

    @property
    def desk_name(self) -> str:
        """The name of what it adds to the desk."""
        return f"milestones/asked/{self.id}"

    @property
    def card(self) -> str:
        """The anchor of its receipt."""
        return f"more_time/{self.id}"

    @property
    def told(self) -> str:
        """The name of what tells of an answer in words, which reaches the learner at their hour."""
        return f"{self.card}/answer"


@dataclass(frozen=True, slots=True)
class Submission:
    """A learner's current submission. `late`: it came, or was last changed, after the due date. `pod`: the key of the
    pod for which `by` handed it in; '' if it is this learner's alone."""

    id: int
    milestone: str
    person: int
    link: str
    text: str
    first_at: datetime
    changed_at: datetime
    late: bool
    file: Kept | None = None
    pod: str = ""
    by: int | None = None


def work_name(work: Submission) -> str:
    """The name of the `Work`."""
    return f"milestones/{work.id}"


@dataclass(frozen=True, slots=True)
class Counts:
    """A milestone in figures: of `asked` learners, `came` handed it in, `late` of them late; it is `overdue` from
    others. `before`: how many had handed it in a week ago, None if it was not open for a week then."""

    asked: int
    came: int
    late: int
    overdue: int
    before: int | None


Moves = Mapping[tuple[str, int], int]
"""(milestone, or EVERY, or `kept`, and person, or 0 for everybody) -> by how many days its due date was moved."""

EVERY = ""
"""Stands for all milestones of a learner, present and future: their accommodation."""


def kept(milestone: str) -> str:
    """Stands for what a learner's accommodation was when this milestone opened, where it is less by now."""
    return f"kept/{milestone}"


class MilestoneStore(Protocol):
    """What milestones need stored. Methods that take several people query the database once."""

    # Dates

    def moves(self, cohort: int) -> Moves: ...

    def move(self, cohort: int, milestone: str, person: int | None, days: int, by: int, at: datetime) -> None:
        """Stores the total days by which the date is moved, for one person or (None) for everybody."""
        ...

    def windows(
        self, cohort: int, people: Collection[int] | None = None, milestone: str | None = None
    ) -> Sequence[Window]:
        """These learners' windows, by due date."""
        ...

    def put_windows(self, cohort: int, windows: Sequence[Window]) -> None:
        """Adds windows, or changes existing ones."""
        ...

    def drop_windows(self, cohort: int, *, person: int | None = None, but: Collection[str] | None = None) -> None:
        """Windows without a submission: of a person, or of milestones other than these."""
        ...

    # Requests for more time

    def requests(self, cohort: int, people: Collection[int] | None = None) -> Sequence[Request]:
        """The requests of these learners, in the order in which they asked."""
        ...

    def keep_request(self, cohort: int, request: Request) -> Request:
        """Stores a new request (`id` 0), or a change to it."""
        ...

    def drop_request(self, request: int) -> None: ...

    def last_asked(self, cohort: int, since: datetime, until: datetime) -> Mapping[int, datetime]:
        """Who asked for more time, changed their request, or moved their own date from `since` until before `until`,
        and when last."""
        ...

    # Work

    def submission(self, cohort: int, milestone: str, person: int) -> Submission | None: ...

    def submissions(
        self, cohort: int, people: Collection[int] | None = None, milestone: str | None = None
    ) -> Sequence[Submission]:
        """Submissions that were not deleted, in order of arrival."""
        ...

    def last_handed_in(self, cohort: int, since: datetime, until: datetime) -> Mapping[int, datetime]:
        """Who handed in, or changed their work, from `since` until before `until`, and when last."""
        ...

    def handed_in(self, cohort: int, people: Collection[int]) -> Mapping[tuple[str, int], datetime]:
        """(milestone, person) of submissions that were not deleted -> when they first came."""
        ...

    def save(
        self,
        cohort: int,
        milestone: str,
        person: int,
        link: str,
        text: str,
        at: datetime,
        late: bool,
        file: Kept | None = None,
        pod: str = "",
        by: int | None = None,
    ) -> tuple[Submission, bool]:
        """Stores it, or its next revision; returns the current submission, and whether anything changed."""
        ...

    def earlier(self, work: Submission) -> Sequence[Submission]:
        """What it was before it was changed, the newest first; each `changed_at` is when it came."""
        ...

    def wordings(self, submission: int) -> Sequence[str]:
        """Every text and link that it ever had."""
        ...

    def files(self, submission: int) -> Sequence[int]:
        """Every file that it ever had."""
        ...

    def unname(self, person: int) -> None:
        """Forgets that this person handed in for others."""
        ...

    def shared(self, file: int) -> bool:
        """Whether several submissions have this file, as those of a pod."""
        ...

    def delete(self, submission: int, at: datetime) -> None:
        """Blanks it in all its revisions."""
        ...


feature: Feature[MilestoneStore] = Feature("milestones")
feature.keeps(
    KeptTable(
        "milestone_moves", "By how many days a date was moved, for you or for everybody", of="person", names=("by",)
    ),
    KeptTable("milestone_windows", "When a milestone is open for you", of="person"),
    KeptTable(
        "time_requests",
        "That you asked for more time, why, and what you got",
        of="person",
        names=("answered_by",),
    ),
    KeptTable("submissions", "What you handed in, or one handed in for your pod", of="person", names=("by",)),
    KeptTable(
        "submission_revisions", "An earlier version of what you handed in", part_of={"submission": "submissions"}
    ),
    purpose=N_("So that your work counts, with its dates"),
)
