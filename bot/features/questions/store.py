"""What questions keep: values, and the store that the feature needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable, Through
from bot.core.people import MessageRef, Place
from bot.core.ports import Suggest
from bot.core.translation import N_
from bot.features.questions.detecting import Spoken

State = Literal["draft", "open", "elsewhere", "past", "solved", "dropped", "withdrawn"]
"""`draft`: asked by form, and not posted yet. `elsewhere`: seen in another channel, known only to the course team.
`past`: from an export, without an answer; nobody waits for one. `dropped`: not a question, or not needed any more.
`withdrawn`: deleted; its text is gone."""

Kind = Literal["questions", "main", "private", "note", "history"]
"""Where it was asked. `private`: for the course team only; `note`: told to the course team only, without a question;
`history`: from an export."""

PUBLIC: tuple[Kind, ...] = ("questions", "main")
PRIVATE: tuple[Kind, ...] = ("private",)
NOTES: tuple[Kind, ...] = ("note",)

Post = Literal["", "waits", "lost", "privately"]
"""What became of a reply that the bot posts: it is in its thread or on its way there (''), or it 'waits' or was 'lost'
and counts as no reply. `privately`: the asker got it, and not the thread."""

Guess = Literal["", "stands", "refused", "not_yet"]
"""Whether the answer was inferred from the thread, without a mark. `refused`: somebody rejected that, and it is not
tried again. `not_yet`: the asker said that no reply has helped so far."""


@dataclass(frozen=True, slots=True)
class Question:
    """`plain`: a person's own message, at `ref`; otherwise the bot posted it, at its anchor, and `ref` is the private
    message that it was made of, if any.

    `asker` may act on it, and is never shown if it was asked anonymously (`anonymous`). `replies` counts those of
    others; `answer` is the marked reply. `revision` is the last edit's. `known` is the FAQ entry that was suggested to
    the author of a message in the channel. `source` names what the course team made it of, '' if it was asked.
    `unseen`: a reply is below the bot's post, and its asker has not looked since. `by_team`: dropped by somebody else
    than its asker.
    """

    id: int
    cohort: int
    asker: int
    text: str
    kind: Kind
    state: State
    plain: bool
    anonymous: bool
    ref: MessageRef | None
    asked_at: datetime
    first_answer_at: datetime | None = None
    solved_at: datetime | None = None
    answer: int | None = None
    taken_by: int | None = None
    replies: int = 0
    revision: str = ""
    guess: Guess = ""
    known: int | None = None
    source: str = ""
    unseen: bool = False
    by_team: bool = False

    @property
    def private(self) -> bool:
        return self.kind in ("private", "note")

    @property
    def waits(self) -> bool:
        """Whether somebody may still answer it, as far as anybody has said."""
        return self.state in ("open", "elsewhere")

    @property
    def root(self) -> str:
        """The anchor of the bot's post."""
        return f"question/{self.id}/root"


@dataclass(frozen=True, slots=True)
class Response:
    """A reply. `author` is None if an anonymous asker wrote it; `own`: it is the asker's.

    `ref` is None if the bot posts it, at its anchor. `entry` is the FAQ entry that was sent.
    """

    id: int
    question: int
    author: int | None
    own: bool
    text: str
    at: datetime
    ref: MessageRef | None
    revision: str = ""
    deleted: bool = False
    entry: int | None = None
    post: Post = ""

    @property
    def stands(self) -> bool:
        """Whether the asker can read it."""
        return self.post in ("", "privately")

    @property
    def anchor(self) -> str:
        return f"question/{self.question}/reply/{self.id}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """The number of questions and notes that wait, and the oldest of both, each with since when."""

    questions: int
    notes: int
    oldest: Sequence[tuple[datetime, Question]]


@dataclass(frozen=True, slots=True)
class Asked:
    """When a question was asked, first answered by somebody else, and by whom it was asked."""

    at: datetime
    answered_at: datetime | None
    asker: int


class QuestionStore(Suggest, Protocol):
    """What questions keep. Texts have their revisions until they are deleted; an empty text blanks them all."""

    def add(self, question: Question) -> Question:
        """Stores a new question (its `id` is made here)."""
        ...

    def keep(self, question: Question) -> None:
        """Stores the present state of a question."""
        ...

    def wordings(self, question: int, reply: int | None = None) -> Sequence[str]:
        """Every text that a question, or a reply to it, ever had."""
        ...

    def drop_draft(self, question: int) -> None: ...

    def question(self, question: int) -> Question | None: ...

    def question_at(self, ref: MessageRef) -> Question | None: ...

    def asked_since(self, cohort: int, asker: int, text: str, since: datetime) -> Question | None:
        """The same question by the same person a moment ago: a second press of one button."""
        ...

    def raised(self, cohort: int, asker: int, source: str) -> Question | None:
        """The question that the course team made of something that this person wrote."""
        ...

    def written_by(self, person: int) -> tuple[Sequence[Question], Sequence[Response]]:
        """All questions and replies of a person that still have their words, the replies without their name too."""
        ...

    def letters(self, person: int) -> Sequence[Response]:
        """All private replies to a person's questions and notes."""
        ...

    def unsolved_of(self, cohort: int, asker: int) -> Sequence[Question]:
        """A person's open questions, oldest first."""
        ...

    def unseen_of(self, cohort: int, asker: int) -> Sequence[Question]:
        """A person's questions that others settled, with a reply that they have not looked at, oldest first."""
        ...

    def unsettled(self, cohort: int) -> Sequence[tuple[Kind, int]]:
        """(kind, number of replies) of unsettled questions and notes."""
        ...

    def unsolved(self, cohort: int, kinds: Collection[Kind], limit: int, newest: bool = False) -> Sequence[Question]:
        """Open questions, and notes without a reply, the oldest first, or the newest."""
        ...

    def last_words(self, questions: Collection[int]) -> Mapping[int, Response]:
        """The last reply to each question, by question."""
        ...

    def last_replies(self, questions: Collection[int]) -> Mapping[int, Response]:
        """The last reply of somebody other than the asker to each question, by question."""
        ...

    def count_unsolved(self, cohort: int, kinds: Collection[Kind]) -> int: ...

    def sent(self, questions: Collection[int]) -> Collection[tuple[int, int]]:
        """(question, FAQ entry) of the entries that were sent as a reply."""
        ...

    def asked(self, cohort: int, since: datetime | None = None) -> Sequence[Asked]:
        """All but notes, and what is not needed any more."""
        ...

    def asked_after(self, cohort: int, since: datetime) -> Sequence[Question]:
        """The questions that `asked` counts."""
        ...

    def most_replied(self, cohort: int, since: datetime, until: datetime, limit: int) -> Sequence[Question]:
        """Of the public questions of this span, those that most people wrote about."""
        ...

    def answered_by_learners(
        self, cohort: int, since: datetime, until: datetime, limit: int
    ) -> Sequence[tuple[Question, Response]]:
        """The newest public questions for which a learner's reply was marked as the answer in this span."""
        ...

    def last_spoke(self, cohort: int, since: datetime, until: datetime) -> Mapping[int, datetime]:
        """Who asked with their name or replied from `since` until before `until`, and when last."""
        ...

    def respond(self, response: Response) -> Response:
        """Stores a new reply (its `id` is made here)."""
        ...

    def keep_response(self, response: Response) -> None: ...

    def response(self, response: int) -> Response | None: ...

    def response_at(self, ref: MessageRef) -> Response | None: ...

    def responses(self, question: int) -> Sequence[Response]:
        """The replies that stand and were not deleted, oldest first."""
        ...

    def unposted(self, questions: Collection[int]) -> Sequence[Response]:
        """The replies that are not in their thread: waiting, lost, or given to the asker privately."""
        ...

    def mark(self, response: Response, person: int) -> None:
        """A person says that this is the answer; idempotent."""
        ...

    def unmark(self, response: Response, person: int | None = None) -> None:
        """Removes a person's mark, or everybody's."""
        ...

    def clear_marks(self, question: int) -> None: ...

    def marked(self, question: int) -> int | None:
        """The most recently marked reply."""
        ...

    def marked_by(self, reply: int) -> Collection[int]:
        """Who marked a reply as the answer."""
        ...

    def was_deleted(self, ref: MessageRef) -> bool: ...

    def remember_deleted(self, ref: MessageRef) -> None:
        """An unknown message was deleted; if it still arrives, it stays deleted."""
        ...

    def talk(self, place: Place) -> Sequence[Spoken]:
        """The last speakers in a channel, oldest first."""
        ...

    def remember_talk(self, ref: MessageRef, spoken: Spoken) -> None:
        """Stores that somebody spoke, but not what they said, and only as long as it is needed."""
        ...


feature: Feature[QuestionStore] = Feature("questions")
feature.keeps(
    KeptTable(
        "questions",
        "A question of yours",
        of="asker",
        names=("taken_by",),
        erasure="unnamed",
        blank={"text": "", "anonymous": True},
        why="others answered it; its text goes",
    ),
    KeptTable(
        "question_replies",
        "A reply of yours, or a private one of the course team to you",
        of="author",
        also=(Through("question", "questions", when={"author": (None,), "own": (True,)}),),
        letters=(Through("question", "questions", within={"kind": (*PRIVATE, *NOTES)}),),
        erasure="unnamed",
        blank={"text": "", "author": None, "deleted": True},
        why="the thread goes on around it; its text goes, and that of private replies to you",
    ),
    KeptTable(
        "question_revisions",
        "An earlier wording of a question or a reply of yours",
        part_of={"reply": "question_replies", "question": "questions"},
    ),
    KeptTable("question_marks", "That you marked a reply as the answer", of="person"),
    KeptTable("question_deletions", "That a message was deleted before it arrived"),
    KeptTable(
        "question_talk",
        "When you said something in a cohort's main channel, without the words",
        of="person",
        until="a day",
    ),
    purpose=N_("So that your questions are answered, and your answers are found"),
)
