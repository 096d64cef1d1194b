"""Facts: what features tell one another, within the same unit of work. Values only, past participles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.contributions import Item
from bot.core.people import MessageRef, Place


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
class WordsErased:
    """Somebody is being erased who wrote these words in the thread of a question. What was made of the words goes, too,
    unless the course team has written its own."""

    cohort: int
    question: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameChanged:
    """A person has another name on their platform."""

    person: int


@dataclass(frozen=True, slots=True)
class ZoneChanged:
    """A person's zone or message hour has changed."""

    person: int


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """No account of a person is there any more, or one is there again. Whoever is not there is no member of a running
    cohort, and keeps what they have in it."""

    person: int


@dataclass(frozen=True, slots=True)
class CohortPlanned:
    """A cohort was created, or its dates or its course changed. Features plan what they do in it, again if
    necessary."""

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
    """What a learner had done is not done any more: they took it back, or more of it is to do now."""

    cohort: int
    name: str
    person: int


@dataclass(frozen=True, slots=True)
class ItemMoved:
    """The date of an item changed, for one person or (None) for everybody."""

    cohort: int
    name: str
    person: int | None = None


@dataclass(frozen=True, slots=True)
class PodClosed:
    """The channel of a pod is about to be archived: what a feature posted there with people's words is withdrawn now,
    because nothing can be changed there afterwards."""

    cohort: int
    pod: str
    place: Place


@dataclass(frozen=True, slots=True)
class PodJoined:
    """These people are in this pod (see `Podmates.key`) from now on."""

    cohort: int
    pod: str
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class MoreTimeGiven:
    """A person, or (None) everybody, has other days more on what is asked of them (`MORE_TIME`)."""

    cohort: int
    person: int | None = None


@dataclass(frozen=True, slots=True)
class ItemsChanged:
    """A feature has other items now, for one person or (None) for everybody: new ones, others, or fewer."""

    cohort: int
    person: int | None = None


@dataclass(frozen=True, slots=True)
class DatesMoved:
    """A change of the course moved dates. `known`: by person, the items that moved, as they were before."""

    cohort: int
    known: Mapping[int, Sequence[Item]]


@dataclass(frozen=True, slots=True)
class WorkHandedIn:
    """A learner handed in a milestone, or changed what they had handed in (`first` is False then). `work` is the name
    of the `Work`."""

    cohort: int
    milestone: str
    person: int
    late: bool
    first: bool
    work: str


@dataclass(frozen=True, slots=True)
class WrapupAnswered:
    """A learner answered a wrap-up, or changed their answer."""

    cohort: int
    person: int


@dataclass(frozen=True, slots=True)
class TogetherPosted:
    """The post 'the week together' of a week is there."""

    cohort: int
    week: int


@dataclass(frozen=True, slots=True)
class TogetherChanged:
    """What a feature contributes to the post 'the week together' of a week changed."""

    cohort: int
    week: int


@dataclass(frozen=True, slots=True)
class NamingChanged:
    """A member agreed to be named where their help is told, or does not agree any more."""

    cohort: int
    person: int
    agreed: bool


@dataclass(frozen=True, slots=True)
class SaidReturned:
    """The author of a private message took back what they had said it was. With `text` they can choose again; without,
    nothing of it is kept."""

    person: int
    ref: MessageRef
    text: str = ""


@dataclass(frozen=True, slots=True)
class CardChanged:
    """The card at `anchor`, which asks a person something in private, no longer asks it, or (`asks`) must be shown
    again because it still does. `subject` and `card` are as in `Asked`."""

    cohort: int
    person: int
    kind: str
    subject: str
    card: str
    anchor: str
    asks: bool


@dataclass(frozen=True, slots=True)
class WentAway:
    """A learner is away: they get no unasked messages."""

    cohort: int
    person: int


@dataclass(frozen=True, slots=True)
class CameBack:
    """A learner who was away, or had fallen silent, is back. `unnoticed`: a silence ended. The act may have been
    anonymous, so no view of others follows it."""

    cohort: int
    person: int
    unnoticed: bool = False


@dataclass(frozen=True, slots=True)
class QuestionRaised:
    """An instructor turned a part of a learner's post, which the whole cohort can read, into a question of the question
    channel. It is asked without the learner's name, and the learner gets its answers. `source` names the post. Publish
    the fact again when the words change, with an empty `text` when they are gone."""

    cohort: int
    person: int
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class QuestionSolved:
    """A reply was marked as the answer; `answer` and `question` are the current texts.

    `private`: it was asked anonymously or for instructors only, so it must never reach a public page. `entry` is the
    FAQ entry that was sent as the answer. `by` wrote the answer to somebody else's question; None if that is not
    known.
    """

    cohort: int
    question: int
    asked: str
    answer: str
    at: datetime
    private: bool
    entry: int | None = None
    by: int | None = None


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
    """The question or its marked answer was deleted: everything made from it must be reviewed."""

    cohort: int
    question: int


@dataclass(frozen=True, slots=True)
class WordsWithdrawn:
    """Somebody took back words that a feature may have put on the desk. Desks that quote them are shown again."""

    cohort: int


@dataclass(frozen=True, slots=True)
class QuotesWithdrawn:
    """A person took back `texts`, or the consent that they may be quoted: they go wherever they were quoted."""

    cohort: int
    person: int
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class WordsEdited:
    """A person edited a text: wherever `before` was quoted, `after` is."""

    cohort: int
    person: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DeskChanged:
    """An item on the course team's desk came or changed (`name` is that of its `DeskItem`). `done`: the acting member
    of the course team has dealt with it. `again`: it waits again if somebody had dealt with it. `seen`: it goes off the
    desk as by a press of 'Seen'."""

    cohort: int
    name: str
    done: bool = False
    again: bool = False
    seen: bool = False


@dataclass(frozen=True, slots=True)
class SeenOnDesk:
    """The acting member of the course team marked items of the desk with these names as seen."""

    cohort: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeedbackGiven:
    """A learner got feedback on their `work`, the name of the `Work`."""

    cohort: int
    person: int
    work: str


@dataclass(frozen=True, slots=True)
class FeedbackTakenBack:
    """Feedback was taken back before it was read, and the work has no other."""

    cohort: int
    person: int
    work: str


@dataclass(frozen=True, slots=True)
class LearnerWritten:
    """`by` of the course team wrote to a learner privately. `subject` is that of the action that opened the form."""

    cohort: int
    person: int
    by: int
    subject: str


@dataclass(frozen=True, slots=True)
class SuggestionsRefused:
    """Somebody asked anyway: none of these FAQ entries answers their question."""

    cohort: int
    person: int
    asked: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """What was planned for `at` was skipped, because it was of no use any more after the downtime."""

    cohort: int
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CameUp:
    """The bot runs again after a downtime. What opened in it, or has less than a day left, is open for longer
    (`Uptime.open_until`)."""

    cohort: int


Fact = (
    Joined
    | Left
    | PersonErased
    | WordsErased
    | NameChanged
    | QuotesWithdrawn
    | WordsEdited
    | ZoneChanged
    | PresenceChanged
    | CohortPlanned
    | CohortEnded
    | ItemDone
    | ItemTakenBack
    | ItemMoved
    | PodClosed
    | PodJoined
    | MoreTimeGiven
    | ItemsChanged
    | DatesMoved
    | WorkHandedIn
    | WrapupAnswered
    | TogetherPosted
    | TogetherChanged
    | NamingChanged
    | SaidReturned
    | CardChanged
    | WentAway
    | CameBack
    | QuestionRaised
    | QuestionSolved
    | QuestionReopened
    | QuestionChanged
    | QuestionWithdrawn
    | WordsWithdrawn
    | DeskChanged
    | SeenOnDesk
    | FeedbackGiven
    | FeedbackTakenBack
    | LearnerWritten
    | SuggestionsRefused
    | Missed
    | CameUp
)
