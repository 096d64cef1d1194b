"""What discussions keep: posts, the replies to them, who reads whom, and who talked in the thread."""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.people import MessageRef
from bot.core.timetable import PlannedBy
from bot.core.translation import N_


@dataclass(frozen=True, slots=True)
class KnownRound:
    """A round as it was last planned. It keeps its `number`, by which posts and messages name it, when rounds are added
    or removed; `position` is its place in the course file, None once the file does not have it any more. `opens` and
    `fields` are its moment there and the titles of its fields, by which it is recognized (`rules.numbers`). `planned`:
    by which timetable, None if nobody knows."""

    discussion: str
    number: int
    position: int | None
    opens: str
    fields: str
    planned: PlannedBy | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A learner's post in the round of a discussion with this number. `values`: what they wrote, by the title of its
    field. `quote`: they agreed to be quoted in the summary. `raised`: the course team made its question one of the
    queue."""

    id: int
    cohort: int
    discussion: str
    round: int
    person: int
    values: Mapping[str, str]
    quote: bool
    late: bool
    at: datetime
    changed_at: datetime
    raised: bool = False

    @property
    def anchor(self) -> str:
        return f"{thread(self.cohort, self.discussion)}/post/{self.id}"


@dataclass(frozen=True, slots=True)
class Response:
    """A reply to a post."""

    id: int
    post: int
    person: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote in the thread of a discussion, while they are asked whether it is their post in a round.
    Without `text` once that is settled."""

    ref: MessageRef
    cohort: int
    discussion: str
    round: int
    person: int
    text: str


class DiscussionStore(Protocol):
    # Rounds

    def known(self, cohort: int) -> Sequence[KnownRound]:
        """Every round that was ever planned."""
        ...

    def know(self, cohort: int, rounds: Iterable[KnownRound]) -> None:
        """Stores rounds as they are planned now."""
        ...

    # Posts

    def add(self, post: Post) -> Post:
        """Keeps a new post; its `id` is made here."""
        ...

    def keep(self, post: Post) -> None: ...

    def post(self, post: int) -> Post | None:
        """None also if it was taken back."""
        ...

    def posts(self, cohort: int, discussion: str) -> Sequence[Post]:
        """The posts of a discussion that were not taken back, in the order in which they came."""
        ...

    def begun(self, cohort: int) -> Set[str]:
        """The discussions in which people posted, or read one another."""
        ...

    def posted(self, cohort: int) -> Mapping[tuple[str, int, int], datetime]:
        """When people posted, by discussion, round and person."""
        ...

    def written(self, person: int) -> Sequence[Post]:
        """A person's posts in all cohorts."""
        ...

    def take_back(self, post: int, at: datetime) -> None:
        """Removes the words of a post; replies to it stay."""
        ...

    # Replies

    def respond(self, response: Response) -> Response: ...

    def change(self, response: int, text: str) -> None: ...

    def response(self, response: int) -> Response | None:
        """None also if it was taken back."""
        ...

    def responses(self, posts: Collection[int]) -> Sequence[Response]:
        """The replies to these posts that were not taken back, in the order in which they came."""
        ...

    def responded(self, cohort: int, people: Collection[int]) -> Mapping[tuple[str, int], Sequence[datetime]]:
        """When these people first replied to each of the posts of others that they replied to, by discussion and
        person."""
        ...

    def said(self, person: int) -> Sequence[tuple[int, str, Response]]:
        """A person's replies in all cohorts, each with its cohort and discussion."""
        ...

    def take_back_response(self, response: int, at: datetime) -> None: ...

    # Groups

    def groups(self, cohort: int, discussion: str) -> Mapping[int, int]:
        """The group of each person."""
        ...

    def put_groups(self, cohort: int, discussion: str, groups: Mapping[int, int]) -> None: ...

    def leave_groups(self, cohort: int, person: int) -> None: ...

    # Talk in the thread

    def talk(self, cohort: int, discussion: str, person: int, ref: MessageRef, at: datetime) -> None:
        """Stores that somebody wrote in a discussion's thread, but not what."""
        ...

    def untalk(self, ref: MessageRef) -> None: ...

    def offer(self, words: Words) -> None:
        """Stores with a message in the thread that its author was asked, and the text."""
        ...

    def offered(self, cohort: int, discussion: str, round: int, person: int) -> Words | None:
        """The message about which somebody was asked in a round."""
        ...

    def offered_at(self, ref: MessageRef) -> Words | None: ...

    def drop_words(self, cohort: int) -> None:
        """Removes the texts of all messages that did not become a post."""
        ...

    def talked(self, cohort: int, discussion: str, since: datetime | None, until: datetime | None) -> int:
        """How many messages people wrote in a discussion's thread, from `since` until before `until`."""
        ...

    def last_active(self, cohort: int, since: datetime, until: datetime) -> Mapping[int, datetime]:
        """When each person last posted, replied or talked within a span."""
        ...


def thread(cohort: int, discussion: str) -> str:
    """How the anchors of a discussion begin."""
    return f"discussion/{cohort}/{discussion}"


def root(cohort: int, discussion: str) -> str:
    """The anchor of a discussion's post in the channel; its thread is below it."""
    return f"{thread(cohort, discussion)}/root"


def summary(cohort: int, discussion: str, round: int) -> str:
    return f"{thread(cohort, discussion)}/summary/{round}"


def more_rounds(cohort: int, discussion: str, round: int) -> str:
    """The anchor of what opens a later round, in the thread."""
    return f"{thread(cohort, discussion)}/round/{round}"


def receipt(cohort: int, discussion: str, round: int, person: int) -> str:
    """The anchor of a learner's own post in their direct messages."""
    return f"{thread(cohort, discussion)}/own/{round}/{person}"


def reply_anchor(response: Response, person: int) -> str:
    """The anchor of what tells somebody about a reply."""
    return f"discussion/reply/{response.id}/{person}"


def offer_anchor(words: Words) -> str:
    """The anchor of what asks somebody whether their words in the thread are their post."""
    return f"{thread(words.cohort, words.discussion)}/offer/{words.round}/{words.person}"


def more_replies_key(post: Post, person: int) -> str:
    """The key of the line that tells somebody how many more replies there are."""
    return f"discussion/more/{post.id}/{person}"


def item_name(discussion: str, round: int) -> str:
    return f"discussion/{discussion}/{round + 1}" if round else f"discussion/{discussion}"


def replies_name(discussion: str) -> str:
    """The item of replies that come after the close."""
    return f"discussion/{discussion}/replies"


def desk_name(post: Post) -> str:
    return f"discussions/{post.id}"


feature: Feature[DiscussionStore] = Feature("discussions")
feature.keeps(
    KeptTable("discussion_rounds", "A round of a discussion of a cohort"),
    KeptTable(
        "discussion_posts",
        "A post of yours in a discussion",
        of="person",
        documents=("body",),
        erasure="unnamed",
        blank={"body": "{}", "quote": False},
        why="others replied to it; its words go",
    ),
    KeptTable("discussion_replies", "A reply of yours to a post", of="person"),
    KeptTable("discussion_groups", "With whom you read one another in a discussion", of="person"),
    KeptTable(
        "discussion_talk",
        "When you wrote in a discussion's thread, with the words only while these may become your post",
        of="person",
    ),
    purpose=N_("So that others read and answer you in discussions"),
)
