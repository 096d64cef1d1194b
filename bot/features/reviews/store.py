"""What peer review keeps: who took which piece and what they said, when a review opened early, and consents.

A peer's review is an `Assignment` in the table `reviews`; `Review` is the item of the course file.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal, Protocol

from bot.core.feature import Feature
from bot.core.forms import Kept
from bot.core.keeping import Columns, KeptTable, Nameless
from bot.core.translation import N_
from bot.features.reviews.files.refusing import Why

Useful = Literal["", "very", "partly", "not", "hurtful"]
"""What an author says of a review; '': nothing yet."""


@dataclass(frozen=True, slots=True)
class Degree:
    """A degree of usefulness as the form offers it, and as it is said within a sentence."""

    label: str
    said: str


DEGREES: Mapping[Useful, Degree] = {
    "very": Degree(N_("Very useful"), N_("very useful")),
    "partly": Degree(N_("Partly useful"), N_("partly useful")),
    "not": Degree(N_("Not useful"), N_("not useful")),
    "hurtful": Degree(N_("Hurtful"), N_("hurtful")),
}
"""What an author can say, in the order of the form."""

HURTFUL: Useful = "hurtful"

UNWANTED: tuple[Useful, ...] = (HURTFUL, "not")
"""What an instructor looks at first, in this order."""

Answers = tuple[tuple[str, str], ...]
"""Each point of the rubric as it was asked, and what the reviewer wrote."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A piece of work that a reviewer took, and their review of it. `review` is its id in the course file, `work` the
    name of the `Work`, `version` its `changed_at` when it was taken. `anonymous`: author and reviewer do not
    learn of one another, also if the course file names them later. `file`: the copy that was handed out.

    It is under way until `held_until`; after that the piece is free for others, and a review that comes all the same
    counts. `late`: it came after the reviewer's due date. `enough`: nothing more was asked of the reviewer then.
    `told`: the anchor of the author's message, '' if they have not been told. `out_at`: the course team took it back.
    `pod`: the key of the pod whose work it is; all its people have it then, and `author` is one of them. `said_by` is
    who of them said how useful the review was, or answered.
    """

    id: int
    cohort: int
    review: str
    title: str
    reviewer: int
    work: str
    author: int
    version: datetime
    taken_at: datetime
    held_until: datetime
    anonymous: bool = False
    file: Kept | None = None
    answers: Answers = ()
    points: int | None = None
    sent_at: datetime | None = None
    changed_at: datetime | None = None
    late: bool = False
    enough: bool = False
    told: str = ""
    read_at: datetime | None = None
    useful: Useful = ""
    useful_at: datetime | None = None
    reply: str = ""
    reply_at: datetime | None = None
    out_at: datetime | None = None
    out_by: int | None = None
    why: str = ""
    pod: str = ""
    said_by: int | None = None

    @property
    def piece(self) -> str:
        """The same for all reviews of a piece: see `rules.piece_of`."""
        return self.pod or self.work

    @property
    def counts(self) -> bool:
        """Whether it is a review: sent, and not taken back by the course team."""
        return self.sent_at is not None and self.out_at is None

    def is_under_way(self, now: datetime) -> bool:
        return self.sent_at is None and self.out_at is None and now < self.held_until

    @property
    def desk_name(self) -> str:
        """The name of what it adds to the desk."""
        return f"reviews/{self.id}"


@dataclass(frozen=True, slots=True)
class Taken:
    """The part of an `Assignment` by which pieces are handed out."""

    work: str
    reviewer: int
    held_until: datetime
    sent_at: datetime | None = None
    out_at: datetime | None = None
    pod: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A piece of a review. It is listed as its work is handed in, so that handing it out reads a few rows, however many
    there are. `version` is the `changed_at` of the work, and `pod` its pod."""

    work: str
    person: int
    first_at: datetime
    version: datetime
    pod: str = ""

    @property
    def name(self) -> str:
        return self.work


@dataclass(frozen=True, slots=True)
class Sent:
    """The part of a review by which its reviewer's share is counted."""

    review: str
    reviewer: int
    sent_at: datetime
    late: bool
    enough: bool
    out_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """How many pieces of a review are in and can be handed out (counted exactly up to `rules.COUNTED`), and since when
    it is open because enough of them are."""

    review: str
    pieces: int
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether somebody agrees that a piece is handed out that may show their name; None: they were asked. It is about
    the `version` of the work alone. `work` is the piece (`rules.consent_of`)."""

    work: str
    person: int
    version: datetime
    agreed: bool | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """What was found in the file of a piece, whose number is `original`: the copy that reviewers without names get, or
    `why` there is none yet: then it goes by consent. `visible`: a name of those
    behind it, or a part of one, stands in what can be read in it; `named` are those whose whole name does,
    also others of the cohort in a pod's; `contact`: an e-mail address, an account or a phone number does."""

    work: str
    person: int
    original: int
    file: Kept | None = None
    why: Why | Literal[""] = ""
    visible: bool = False
    named: tuple[int, ...] = ()
    contact: bool = False


class Piece(Protocol):
    """A piece of work, as far as handing it out needs it."""

    @property
    def name(self) -> str: ...

    @property
    def person(self) -> int: ...

    @property
    def first_at(self) -> datetime: ...


class ReviewStore(Protocol):
    """The assignments of each cohort, and what decides who gets a piece next. `review` is the id of a review in the
    course file, and `work` the name of a `Work`. Rows whose words were deleted are not found."""

    def learners(self, cohort: int, most: int) -> int:
        """How many learners with an active account a cohort has, counted up to `most`."""
        ...

    def taken(self, cohort: int, review: str) -> Sequence[Taken]:
        """All assignments of a review, in no order, also those that were given back or taken back."""
        ...

    def list_pieces(self, cohort: int, review: str, there: Sequence[Listed], people: Collection[int] | None) -> None:
        """Makes `there` the pieces of these people; None: of everybody."""
        ...

    def is_listed(self, cohort: int, review: str) -> bool:
        """Whether a review has any piece."""
        ...

    def free_overdue(self, cohort: int, review: str) -> None:
        """Frees the pieces whose `held_until` has passed. Call it before `candidates` and `count_lacking`, which read
        the numbers of reviews that it corrects."""
        ...

    def candidates(
        self,
        cohort: int,
        review: str,
        me: int,
        wanted: int,
        *,
        anonymous: bool,
        without: Collection[str] = (),
        pods: Collection[str] = (),
    ) -> tuple[Sequence[Listed], Sequence[Taken]]:
        """At most three pieces for `me`, and what was taken of and by their authors: from these `rules.next_piece`
        chooses the piece that it would choose from all. `wanted`: how many reviews a piece should get. The work of a
        pod is one piece. `pods`: the keys of one's own pods, whose work is left out. `without`: the names of other
        works that are left out. `anonymous` leaves out pieces whose author has not agreed."""
        ...

    def count_lacking(
        self, cohort: int, review: str, me: int, wanted: int, *, anonymous: bool, pods: Collection[str] = ()
    ) -> int:
        """How many of the pieces that `me` could take have fewer reviews than `wanted`. The parameters are those of
        `candidates`."""
        ...

    def of(self, cohort: int, review: str | None = None) -> Sequence[Assignment]:
        """The assignments of a review, or (None) of all, by number."""
        ...

    def by(self, cohort: int, people: Collection[int]) -> Sequence[Assignment]:
        """What these reviewers took, by number."""
        ...

    def about(self, cohort: int, people: Collection[int]) -> Sequence[Assignment]:
        """What was taken of these authors' work, by number. Of a pod's work the author is one of its people: see
        `of_pods`."""
        ...

    def sent(self, cohort: int, people: Collection[int]) -> Sequence[Sent]:
        """The reviews that these people sent, in no order, also those that the course team took back."""
        ...

    def of_pods(self, cohort: int, pods: Collection[str]) -> Sequence[Assignment]:
        """What was taken of the work of pods with these keys, by number."""
        ...

    def said_by(self, cohort: int, person: int) -> Sequence[Assignment]:
        """The reviews of a pod's work that this person answered or called useful or not, in no order."""
        ...

    def find(self, cohort: int, id: int) -> Assignment | None:
        """None: another cohort has it, it was deleted, or it never existed."""
        ...

    def add(self, assignment: Assignment) -> Assignment:
        """Stores a new one, and returns it with the `id` that it gets here."""
        ...

    def change(self, assignment: Assignment) -> None: ...

    def remove(self, id: int) -> None:
        """Deletes all words; the number is not used again."""
        ...

    def openings(self, cohort: int) -> Mapping[str, Opening]:
        """By the id of the review; without those of which no work has come."""
        ...

    def keep_opening(self, cohort: int, opening: Opening) -> None: ...

    def consents(self, cohort: int, people: Collection[int] | None = None) -> Sequence[Consent]:
        """What these people (None: all) were asked and said, of whatever version, in no order."""
        ...

    def keep_consent(self, cohort: int, consent: Consent) -> None:
        """Replaces what the same person said of the same piece."""
        ...

    def drop_consent(self, cohort: int, work: str, person: int) -> None:
        """`work`: as in `Consent`."""
        ...

    def copy(self, cohort: int, work: str) -> Copy | None:
        """None: the file was not looked into, or there is none."""
        ...

    def copies(self, cohort: int, people: Collection[int]) -> Sequence[Copy]:
        """Those of these people's files, in no order."""
        ...

    def keep_copy(self, cohort: int, copy: Copy) -> None:
        """Replaces the one of the same work."""
        ...

    def drop_copy(self, cohort: int, work: str) -> None:
        """Deletes what was found; the file itself stays until `turn.discard`."""
        ...


def item_name(review: str) -> str:
    """The name of a review's item in the week."""
    return f"review/{review}"


def consent_anchor(cohort: int, work: str, person: int) -> str:
    """The anchor of the question whether a piece may be handed out. A pod's asks several."""
    return f"reviews/consent/{cohort}/{work}" + (f"/{person}" if "/milestone/" in work else "")


def piece_name(work: str) -> str:
    """The name of a piece without reviewers on the desk."""
    return f"reviews/of/{work.rpartition('/')[2]}"


feature: Feature[ReviewStore] = Feature("reviews")
_BOTH = ("reviewer", "author")
REVIEWS = KeptTable(
    "reviews",
    "A piece of work that you took to review, and what you said about it",
    of="reviewer",
    names=("author", "out_by", "said_by"),
    documents=("answers",),
    nameless=Nameless("author", since="told"),
    columns=(
        Columns(("cohort", "review", "title", "anonymous", "removed_at"), read_by=_BOTH),
        # With these, an author could tell who reviewed, and beside the author's copy a reviewer whose work it was.
        Columns(
            ("id", "taken_at", "held_until", "sent_at", "changed_at", "late", "enough", "out_at"), read_by=("reviewer",)
        ),
        Columns(("work", "version", "read_at", "pod"), read_by=("author",)),
        Columns(("told",)),
        Columns(("answers", "points"), by="reviewer", read_by=_BOTH),
        Columns(("reply",), by="author", read_by=_BOTH),
        Columns(("useful", "useful_at", "reply_at"), by="author", read_by=("author",)),
        Columns(("file", "said_by"), by="author"),
        Columns(("why",), by="out_by", read_by=("reviewer",)),
    ),
)
feature.keeps(
    REVIEWS,
    KeptTable(
        "review_pieces",
        "That your work is in a peer review",
        of="person",
        columns=(
            Columns(("cohort", "review", "work", "first_at", "version", "pod"), read_by=("person",)),
            # They tell when somebody took it.
            Columns(("reviews", "gave", "until")),
        ),
    ),
    KeptTable("review_openings", "How much work of a review is in, and since when it is open"),
    KeptTable(
        "review_consents",
        "Whether work of yours or of your pod may be handed out although it may show your name",
        of="person",
    ),
    KeptTable("review_copies", "The copy of your file for reviewers who must not know whose it is", of="person"),
    purpose=N_("So that work is reviewed by peers"),
)


def without_words(found: Assignment, by: str) -> Assignment:
    """A review without what one of its people wrote, who is in the column `by`."""
    words = REVIEWS.written(by)
    emptied: dict[str, Any] = {f.name: f.default for f in fields(found) if f.name in words}
    return replace(found, **emptied)
