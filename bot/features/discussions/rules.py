"""Pure decisions about discussions."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from math import ceil
from types import MappingProxyType
from typing import NamedTuple

from bot.core.fingerprints import fingerprint
from bot.core.more_time import MoreTime
from bot.core.people import Person
from bot.core.time import local
from bot.core.timetable import WEEK, PlannedBy, Timetable, planned_by
from bot.core.uptime import Uptime
from bot.course.model import Argument, Course, Discussion, DiscussionRound, PostField
from bot.course.protocols import argument
from bot.features.discussions.store import KnownRound, Post, Response, item_name, replies_name

TOGETHER = 1.5
"""A cohort of at most so many times the size of a group stays together."""

LARGEST = 1.2
"""How many times its usual size a group may have: 8 to 12 people for the usual 10."""

MANY = 12
"""A round with more posts has one line on the desk for all that the course team should look at."""

FEW = 3
"""A group in which fewer others have posted reads the nearest group, too."""

REPLY_FOR = 3
"""Days for replying where nobody can before the close."""

LATE_FOR = 26 * WEEK
"""How long after the close a reply that is missing is still offered: as long as courses run."""

FEW_WORDS = 5
"""Evidence of fewer words needs a link or a number."""

_CHECKABLE = re.compile(r"https?://\S|\d")
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""A letter of a script that has no spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""

FEW_WORDS = 5
"""A message in the thread with fewer words is no post."""

LETTERS_A_WORD = 2
"""Letters of such a script that make about one word."""


class Counts(NamedTuple):
    """How many took part in a round: `posted` of those who were asked. `replies` are the learners', `team` the course
    team's."""

    posted: int
    of: int
    replies: int
    team: int


@dataclass(frozen=True, slots=True)
class Round:
    """A round of a discussion, with its dates on somebody's clock. `number` names it for good, and `position` is its
    place among the rounds that the course has now, from 0."""

    discussion: Discussion
    number: int
    position: int
    opens_at: datetime
    closes_at: datetime
    planned: PlannedBy
    delayed: bool = False
    """A downtime gives it more time than the course file."""
    later: int = 0
    """By how many days its close was moved."""
    own_date: bool = False
    """Some of these days are one learner's alone."""

    @property
    def subject(self) -> str:
        """What a button names it by."""
        return f"{self.discussion.id}.{self.number}"

    @property
    def desk_name(self) -> str:
        """The name of its one line on the desk."""
        return f"discussions/round/{fingerprint(self.subject, 8)}"

    @property
    def fields(self) -> Sequence[PostField]:
        return self.discussion.rounds[self.position].fields

    @property
    def own_clock(self) -> bool:
        """Whether it closes by each learner's own clock."""
        return self.discussion.rounds[self.position].closes.zone == "learner"

    def planned_close(self, table: Timetable, zone: str) -> datetime:
        """When it closes by a clock in `zone`, without what a downtime adds."""
        closes = self.discussion.round_window(self.position, table, zone)[1]
        return table.moved(closes, self.later, self.discussion.rounds[self.position].closes.zone, zone)

    @property
    def halfway(self) -> datetime:
        """From when on a group in which few have posted reads the nearest one, too."""
        return self.opens_at + (self.closes_at - self.opens_at) / 2

    @property
    def replies(self) -> int:
        """How many posts of others each learner answers in it: those of a discussion belong to its first round."""
        return 0 if self.position else self.discussion.replies

    @property
    def replies_after(self) -> bool:
        """Whether nobody can reply before the close: the replies are an item of their own."""
        return bool(self.replies) and self.discussion.reveal == "close"

    @property
    def reply_item(self) -> str:
        """The name of the item that its replies belong to."""
        id = self.discussion.id
        return replies_name(id) if self.replies_after else item_name(id, self.number)


def rounds(
    discussion: Discussion,
    table: Timetable,
    zone: str | None,
    uptime: Uptime,
    known: Sequence[KnownRound] = (),
    clocks: Callable[[], Collection[str]] = frozenset,
    given: MoreTime | None = None,
    person: int = 0,
) -> list[Round]:
    """The rounds of a discussion by a clock in `zone`; those that are `known` keep their numbers, and their timetable
    once they are over for everybody. One that opened in a downtime, or had less than a day left after it, closes a day
    after it. Without `zone` it is the cohort's, and a round that closes by each learner's own clock closes when it has
    closed by all of `clocks`. `given`: the days more, of everybody or of a `person`."""
    found, given = list[Round](), given or MoreTime()
    planned = {k.number: k.planned for k in known if k.discussion == discussion.id}
    for position, number in enumerate(numbers(discussion, known)):
        name = item_name(discussion.id, number)

        def by(
            planned: PlannedBy, zone: str | None, later: int, position: int = position, number: int = number
        ) -> Round:
            table = planned.table
            opens = discussion.round_window(position, table, zone or table.zone)[0]
            round = Round(discussion, number, position, opens, opens, planned, later=later)
            zones = clocks() if zone is None and round.own_clock else ()
            closes = max(round.planned_close(table, clock) for clock in zones or (zone or table.zone,))
            until = uptime.open_until(opens, closes)
            return replace(round, closes_at=until, delayed=until != closes)

        def over(table: Timetable, by: Callable[..., Round] = by, most: int = given.most(name)) -> datetime:
            return by(PlannedBy(table, uptime.now), None, most).closes_at

        mine = planned_by(planned.get(number), table, uptime.now, over)
        round = by(mine, zone, given.days(name, person))
        found.append(replace(round, own_date=bool(given.own(name, person))))
    return found


_COURTESY = re.compile(
    r"(many |ok(ay)?,? |great,? )?(thanks?|thank you|hi|hello|hey|welcome|good (luck|morning|evening))\b.{0,40}", re.I
)


def says_something(text: str) -> bool:
    """Whether a message may be meant as a post: more than a greeting, a few words or a mere question."""
    long = len(_WORD.findall(text)) >= FEW_WORDS or len(_UNSPACED.findall(text)) >= FEW_WORDS * LETTERS_A_WORD
    asks = text.endswith("?") and not re.search(r"[.!?:]\s|\n", text)
    return long and not asks and not _COURTESY.fullmatch(text)


def to_know(
    course: Course, known: Sequence[KnownRound], planned: Mapping[tuple[str, int], PlannedBy] = MappingProxyType({})
) -> list[KnownRound]:
    """The rounds as they are `planned` now, by discussion and number, and those that the course has no more."""
    found = [
        KnownRound(
            d.id,
            number,
            position,
            str(d.rounds[position].opens),
            _titles(d.rounds[position]),
            planned.get((d.id, number)),
        )
        for d in course.discussions
        for position, number in enumerate(numbers(d, known))
    ]
    there = {(one.discussion, one.number) for one in found}
    return found + [replace(k, position=None) for k in known if (k.discussion, k.number) not in there]


def numbers(discussion: Discussion, known: Sequence[KnownRound]) -> list[int]:
    """The number of each round. It is that of the known round that opened at the same moment with the same fields; else
    of the only one with these fields, which no other round has; else of the one that opened then. What is left on both
    sides are the same rounds if there are as many. Every other round is new."""
    left = sorted((k for k in known if k.discussion == discussion.id), key=lambda k: (k.position is None, k.number))
    used, found = {k.number for k in left}, dict[int, int]()
    fields = Counter(_titles(one) for one in discussion.rounds)
    kept = Counter(k.fields for k in left if k.position is not None)

    def take(position: int, same: KnownRound) -> None:
        left.remove(same)
        found[position] = same.number

    for step in ("both", "fields", "opens"):
        for position, one in enumerate(discussion.rounds):
            opens, titles = str(one.opens), _titles(one)
            alike = [
                k
                for k in left
                if (step == "fields" or k.opens == opens)
                and (step == "opens" or k.fields == titles)
                and (step != "fields" or (k.position is not None and fields[titles] == kept[titles] == 1))
            ]
            if position not in found and alike:
                take(position, alike[0])
    there = [k for k in left if k.position is not None]
    new = [position for position in range(len(discussion.rounds)) if position not in found]
    if len(there) == len(new):
        for position, same in zip(new, there, strict=True):
            take(position, same)
    free = count(max(used, default=-1) + 1)
    return [found[position] if position in found else next(free) for position in range(len(discussion.rounds))]


def _titles(one: DiscussionRound) -> str:
    return "\n".join(field.title for field in one.fields)


# Who reads what


def in_thread(round: Round, now: datetime) -> bool:
    """Whether the posts of a round (by the cohort's clock) stand in the thread."""
    return round.discussion.reveal == "open" or round.closes_at <= now


def may_edit(round: Round, post: Post | None, now: datetime) -> bool:
    """A post is edited until the round closes; one that came late stays open."""
    return post is None or post.late or now < round.closes_at


def in_order(
    posts: Iterable[Post],
    responses: Iterable[Response],
    reader: int,
    groups: Mapping[int, int],
    here: Collection[int],
) -> list[Post]:
    """The posts of others: those of the reader's group first, and in it those that nobody else has answered. Posts of
    people who have left (who are not `here`) come last."""
    others = [post for post in posts if post.person != reader]
    authors = {post.id: post.person for post in others}
    answers = Counter(post for post, person in {(r.post, r.person) for r in responses} if authors.get(post) != person)
    own = groups.get(reader)

    def place(post: Post) -> tuple[bool, bool, int, int]:
        other_group = own is not None and groups.get(post.person) != own
        return post.person not in here, other_group, answers[post.id], post.id

    return sorted(others, key=place)


def answered(posts: Iterable[Post], responses: Iterable[Response]) -> set[int]:
    """The posts that somebody else has replied to."""
    authors = {post.id: post.person for post in posts}
    return {r.post for r in responses if authors.get(r.post) not in (None, r.person)}


@dataclass(frozen=True, slots=True)
class Replies:
    """To how many posts of others somebody still has to reply: now, and `later`, once others have posted."""

    left: int = 0
    later: int = 0


def read_by(
    round: Round, group: int, posted: Mapping[int, datetime], groups: Mapping[int, int], now: datetime
) -> set[int]:
    """Whose posts a group reads in a round (by the cohort's clock) before its close: its own, and those of the nearest
    groups from halfway on if too few of its own have posted by then. What it has read it can go on reading, so those
    that came before it had enough stay."""
    # The reader's own post is among them.
    enough = max(FEW, round.replies) + 1
    rings: dict[int, dict[int, datetime]] = {}
    for person, at in posted.items():
        rings.setdefault(abs(groups.get(person, 0) - group), {})[person] = at
    found = rings.pop(0, {})
    for distance in sorted(rings) if now >= round.halfway else ():
        until = sorted(found.values())[enough - 1] if len(found) >= enough else None
        if until is not None and until <= round.halfway:
            break
        found = found | {p: at for p, at in rings[distance].items() if until is None or at < until}
    return set(found)


def owed(round: Round, readable: int, in_time: int, now: datetime, *, in_the_end: bool) -> int:
    """How many posts of others somebody answers in a round (by the cohort's clock): before its close no more than they
    may read, and after it no more than the others posted `in_time`. `in_the_end`: all that is asked until the close."""
    if now >= round.closes_at:
        return min(round.replies, in_time)
    if in_the_end:
        return round.replies
    return 0 if round.discussion.reveal == "close" else min(round.replies, readable)


# Groups


def grouped(people: Sequence[Person], size: int, now: datetime) -> dict[int, int]:
    """The group of each person: people in near zones together. One group if they are few; `size` 0: one for all."""
    if not size or len(people) <= size * TOGETHER:
        return {person.id: 0 for person in people}
    number = ceil(len(people) / (size * LARGEST))
    by_zone = sorted(people, key=lambda p: (local(now, p.zone).replace(tzinfo=None), p.id))
    return {person.id: n * number // len(people) for n, person in enumerate(by_zone)}


def is_divided(groups: Mapping[int, int]) -> bool:
    """Whether people read one another in several groups."""
    return len(set(groups.values())) > 1


def with_newcomers(groups: Mapping[int, int], newcomers: Iterable[int]) -> dict[int, int]:
    """The groups of those who come later: each time the smallest one."""
    sizes = Counter(groups.values())
    found: dict[int, int] = {}
    for person in newcomers:
        smallest = min(sizes, key=lambda group: (sizes[group], group), default=0)
        sizes[smallest] += 1
        found[person] = smallest
    return found


# What the course team should look at


def part(post: Post, wanted: Argument, fields: Sequence[PostField] = ()) -> str:
    """What a post holds as this part of an argument; '' if it has no such part. Its own titles decide what was written
    before the course file changed."""
    parts = {field.title: field.part for field in fields}
    return next((text for title, text in post.values.items() if parts.get(title, argument(title)) == wanted), "")


def lacks_evidence(post: Post, fields: Sequence[PostField] = ()) -> bool:
    """Whether its evidence is a few words without a link or a number, or only repeats the claim."""
    claim, evidence = part(post, "claim", fields), part(post, "evidence", fields)
    if not evidence:
        return False
    words, claimed = _words(evidence), _words(claim)
    if words and set(words) <= set(claimed):
        return True
    unspaced = len(_UNSPACED.findall(evidence))
    length = len(_words(_UNSPACED.sub(" ", evidence))) + unspaced // LETTERS_A_WORD
    # A number alone says nothing.
    return length < FEW_WORDS and not (_CHECKABLE.search(evidence) and length > 1)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


@dataclass(frozen=True, slots=True)
class Finding:
    """A post that the course team should look at, and the `reasons`."""

    post: Post
    reasons: Sequence[str]


def in_turn(found: Iterable[Finding]) -> list[Finding]:
    """Those first in which somebody waits: questions without an answer, then claims without evidence."""

    def urgency(finding: Finding) -> tuple[bool, bool, datetime, int]:
        return "asks" not in finding.reasons, "evidence" not in finding.reasons, finding.post.at, finding.post.id

    return sorted(found, key=urgency)


def reasons(post: Post, answered: Collection[int], fields: Sequence[PostField] = ()) -> tuple[str, ...]:
    """Why the course team should look at a post: 'alone' (nobody has answered it), 'asks' (its question too),
    'evidence'."""
    alone = post.id not in answered
    asks = alone and bool(part(post, "question", fields)) and not post.raised
    found = {"alone": alone, "asks": asks, "evidence": lacks_evidence(post, fields)}
    return tuple(name for name, holds in found.items() if holds)
