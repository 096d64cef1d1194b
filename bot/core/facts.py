"""Facts: what features tell one another, within the same unit of work. Values only, past participles."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.people import MessageRef


@dataclass(frozen=True, slots=True)
class Joined:
    cohort: int
    person: int
    role: str


@dataclass(frozen=True, slots=True)
class Left:
    cohort: int
    person: int


@dataclass(frozen=True, slots=True)
class PersonErased:
    """A person is being erased: what they wrote is withdrawn as if they had deleted it, and they leave each cohort."""

    person: int


@dataclass(frozen=True, slots=True)
class ZoneChanged:
    """A person's zone or message hour is another one now."""

    person: int


@dataclass(frozen=True, slots=True)
class CohortPlanned:
    """A cohort was made, or its dates or its course changed: features plan, or plan anew, what they do in it."""

    cohort: int


@dataclass(frozen=True, slots=True)
class CohortEnded:
    cohort: int


@dataclass(frozen=True, slots=True)
class ItemDone:
    """A learner did an item (`bot.core.contributions.Item`), or changed what they had done."""

    cohort: int
    name: str
    person: int


@dataclass(frozen=True, slots=True)
class ItemTakenBack:
    """A learner took back what they had done."""

    cohort: int
    name: str
    person: int


@dataclass(frozen=True, slots=True)
class ItemMoved:
    """An item has another date, for one person or (None) for everybody."""

    cohort: int
    name: str
    person: int | None = None


@dataclass(frozen=True, slots=True)
class WorkHandedIn:
    """A learner handed in a milestone, or changed what they had handed in (`first` is False then)."""

    cohort: int
    milestone: str
    person: int
    late: bool
    first: bool


@dataclass(frozen=True, slots=True)
class WrapupAnswered:
    """A learner answered a wrap-up, or changed their answer."""

    cohort: int
    person: int


@dataclass(frozen=True, slots=True)
class SaidReturned:
    """A private message is not what its author had said it was: they took that back. With `text` it can be chosen
    anew; without, nothing of it is kept."""

    person: int
    ref: MessageRef
    text: str = ""


@dataclass(frozen=True, slots=True)
class CardChanged:
    """The card at `anchor` that asked a person something in private asks it no more, or (`asks`) is to be shown anew
    because it still does. `subject` and `card` are as in `Asked`."""

    cohort: int
    person: int
    kind: str
    subject: str
    card: str
    anchor: str
    asks: bool


@dataclass(frozen=True, slots=True)
class WentAway:
    """A learner is away: nothing unasked is said to them."""

    cohort: int
    person: int


@dataclass(frozen=True, slots=True)
class CameBack:
    """A learner who was away, or had fallen silent, is here again."""

    cohort: int
    person: int


@dataclass(frozen=True, slots=True)
class QuestionSolved:
    """A reply was marked as the answer; `answer` and `question` are texts as they stand now.

    `private` says that it was asked anonymously or for instructors alone: it may never reach a public page. `entry` is
    the entry of the FAQ that was sent as the answer.
    """

    cohort: int
    question: int
    asked: str
    answer: str
    at: datetime
    private: bool
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class QuestionReopened:
    """The mark was taken back."""

    cohort: int
    question: int


@dataclass(frozen=True, slots=True)
class QuestionChanged:
    """The question or its marked answer was edited; texts as in `QuestionSolved`."""

    cohort: int
    question: int
    asked: str
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QuestionWithdrawn:
    """The question or its marked answer was deleted: nothing made from it may stay unseen."""

    cohort: int
    question: int


@dataclass(frozen=True, slots=True)
class WordsWithdrawn:
    """Somebody took back words that a feature may have given to the desk: desks that quote them are shown again."""

    cohort: int


@dataclass(frozen=True, slots=True)
class SuggestionsRefused:
    """Somebody asked all the same: none of these entries of the FAQ answers their question."""

    cohort: int
    person: int
    asked: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """What was planned for `at` was left out, because it had been of no use any more when we came back."""

    cohort: int
    kind: str
    at: datetime


Fact = (
    Joined
    | Left
    | PersonErased
    | ZoneChanged
    | CohortPlanned
    | CohortEnded
    | ItemDone
    | ItemTakenBack
    | ItemMoved
    | WorkHandedIn
    | WrapupAnswered
    | SaidReturned
    | CardChanged
    | WentAway
    | CameBack
    | QuestionSolved
    | QuestionReopened
    | QuestionChanged
    | QuestionWithdrawn
    | WordsWithdrawn
    | SuggestionsRefused
    | Missed
)
