"""What the FAQ keeps: values, and the store that the feature needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.people import MessageRef
from bot.core.typed import trim
from bot.features.faq.personal import LeftOut
from bot.features.faq.scoring import Candidate, Corpus

State = Literal["draft", "approved", "flagged", "skipped", "merged", "dropped", "removed"]
"""`flagged`: approved, and something about it needs another look. `merged`: another entry stands for it. `dropped`:
its source went before anybody approved it. Dropped and removed entries have no text any more."""

Flag = Literal["", "changed", "reopened", "withdrawn"]

STANDING = ("approved", "flagged")

LATER = timedelta(days=7)
"""When what was put off is shown again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the FAQ; its `id` never changes. The first line of `question` is its title, what follows are details.

    `source` is the question that it was made from (None where somebody of the course team wrote it), and
    `source_stamp` tells whether the texts there are those that it was made from. `askers` counts the people who asked
    it, in all of its sources, `first_asked` and `last_asked` say when.

    `run_only`: about this run alone (its dates, its links). Only its cohort finds it, so it ends with the cohort.
    `news_question` and `news_answer` are what the source says now, where that changed after the approval.
    `into` is the entry that stands for a merged one. `left_out`: what stood in the places '[name]' and the like of its
    unreviewed text (of the news, where it was approved before), in their order; `kept`: what a reviewer put back.
    """

    id: int
    cohort: int
    course: str
    question: str
    answer: str
    state: State
    source: int | None
    source_stamp: str
    created_at: datetime
    verified_at: datetime | None = None
    flag: Flag = ""
    news_question: str = ""
    news_answer: str = ""
    run_only: bool = False
    askers: int = 0
    first_asked: datetime | None = None
    last_asked: datetime | None = None
    into: int | None = None
    later_until: datetime | None = None
    left_out: tuple[LeftOut, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.question.partition("\n")[0].strip()

    @property
    def details(self) -> str:
        return trim(self.question.partition("\n")[2])

    @property
    def stamp(self) -> str:
        """What a button carries, so that nobody approves a text that they have not seen."""
        return stamp("\0".join((self.question, self.answer, self.flag, self.news_question, self.news_answer)), 8)

    @property
    def stands(self) -> bool:
        """Whether people may find it. One whose source was merely reworded still stands."""
        return self.state == "approved" or (self.state == "flagged" and self.flag == "changed")


def stamp(text: str, length: int = 16) -> str:
    """A short sign by which a text is known again without keeping it."""
    return sha256(text.encode()).hexdigest()[:length]


@dataclass(frozen=True, slots=True)
class Source:
    """A question that an entry answers: when it was asked, in which cohort, and where it stands in the chat (`ref`
    for a person's own message, else the bot posted it)."""

    question: int
    asked_at: datetime
    cohort: str
    ref: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A text that somebody stood for; `by` is a person."""

    id: int
    question: str
    answer: str
    by: int
    act: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Miss:
    """What somebody looked up in vain: nothing fitted, or none of the `wrong` entries that were shown did. `person`
    serves to count, and is shown to nobody."""

    course: str
    cohort: int
    person: int
    words: str
    at: datetime
    wrong: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a review, and the first of it. `unverified`: approved, and not looked at since this run was made
    or for longer than the course wants."""

    flagged: int
    unverified: int
    drafts: int
    entries: tuple[Entry, ...] = ()

    @property
    def number(self) -> int:
        return self.flagged + self.unverified + self.drafts


@dataclass(frozen=True, slots=True)
class Topic:
    """An entry, or a draft of one (`draft`), and how many people asked it."""

    id: int
    title: str
    askers: int
    draft: bool = False


SEARCHED_BY = 2
"""People from whom on words that were searched in vain are shown: what one person looks up is their own."""


@dataclass(frozen=True, slots=True)
class FaqWeek:
    """What happened since some day. `corrected`: (entry, its title, what happened). `missed`: what at least
    SEARCHED_BY people searched in vain, and how many they were."""

    approved: int = 0
    drafted: int = 0
    asked_most: Sequence[Topic] = ()
    corrected: Sequence[tuple[int, str, str]] = ()
    missed: Sequence[tuple[str, int]] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.approved or self.drafted or self.asked_most or self.corrected or self.missed)


@dataclass(frozen=True, slots=True)
class Card:
    """An entry as it is reviewed: with its sources, with what asks the same (what stands first), and how many `people`
    asked all of these. `told`: what in its text is left out, or still tells who somebody is. `named`: that it does tell
    that."""

    entry: Entry
    sources: Sequence[Source] = ()
    alike: Sequence[Entry] = ()
    people: int = 0
    told: Sequence[str] = ()
    named: bool = False


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who reviews, as far as the store needs it: in which cohort, of which course. `stale_before`: what was checked
    before that must be checked again."""

    cohort: int
    course: str
    stale_before: datetime


class FaqStore(Protocol):
    """What the FAQ keeps: entries with their sources, and the versions that were approved."""

    def add(self, entry: Entry) -> Entry:
        """Keeps a new entry (its `id` is made here), with its source."""
        ...

    def keep(self, entry: Entry) -> None:
        """Writes an entry as it stands now; without a text, its versions go too."""
        ...

    def keep_version(self, entry: Entry, person: int, act: str) -> None:
        """Remembers the text that somebody vouched for."""
        ...

    def versions(self, entry: int) -> Sequence[Version]:
        """The newest first."""
        ...

    def entry(self, entry: int) -> Entry | None: ...

    def of_source(self, question: int) -> Entry | None:
        """The entry that was made from a question."""
        ...

    # Sources

    def sources(self, entry: int) -> Sequence[Source]:
        """The newest first."""
        ...

    def add_source(self, entry: int, question: int) -> None:
        """The question is answered by this entry, too; it counts among its askers from now on."""
        ...

    def drop_source(self, question: int) -> None:
        """The question was taken back: it counts nowhere any more."""
        ...

    def merge(self, entry: Entry, into: Entry) -> None:
        """All sources of an entry become those of another one."""
        ...

    def unmerge(self, entry: Entry) -> None:
        """Those that came with a merged entry go back to it."""
        ...

    def sources_of(self, entries: Collection[int]) -> Mapping[int, Sequence[Source]]:
        """As `sources`, for many entries at once."""
        ...

    def merged(self, course: str) -> Mapping[int, Sequence[int]]:
        """Entry -> the numbers of those that were merged into it."""
        ...

    # Review

    def names(self, cohort: int) -> tuple[str, ...]:
        """The names of everybody who is or was in a cohort."""
        ...

    def uncovered(self, cohort: int) -> Sequence[Entry]:
        """Drafts of a cohort that were made before anything was left out of them."""
        ...

    def open_run(self, cohort: int, course: str, at: datetime) -> None:
        """A cohort of the course was made; said again it changes nothing."""
        ...

    def end_run(self, cohort: int, course: str, workspace: str | None) -> None:
        """A cohort has ended: later runs in its workspace decide about what it left."""
        ...

    def share_drafts(self, cohort: int, on: bool) -> None:
        """Whether other cohorts of the course find the drafts of this one (see `open_run`), too."""
        ...

    def waiting(self, reviewer: Reviewer, limit: int, skip: int = 0) -> Waiting:
        """What waits for a review: flagged entries first, then what most people asked. Of drafts that ask the same the
        first stands for all."""
        ...

    def count_approved(self, cohort: int, since: datetime, until: datetime) -> int: ...

    def week(self, reviewer: Reviewer, since: datetime, limit: int) -> FaqWeek:
        """What is new, asked most, corrected, and searched in vain, for the team of a cohort; so many of each."""
        ...

    def reviewed(self, entry: int, reviewer: Reviewer) -> Entry | None:
        """An entry that is this reviewer's to decide about: their own run's, one that stands for the whole course,
        or one left over from an ended run near theirs. Its news are left out where they may not read those."""
        ...

    def asking_the_same(self, entry: int, reviewer: Reviewer) -> Sequence[Entry]:
        """What stands, and the drafts, that ask what this entry asks: what stands first."""
        ...

    def count_askers(self, entries: Collection[int]) -> int:
        """How many people asked these."""
        ...

    def mergeable(self, reviewer: Reviewer) -> Sequence[Entry]:
        """Entries into which another may be merged: what stands, and drafts; what most people asked first."""
        ...

    # Publishing

    def posted(self, course: str) -> Collection[int]:
        """The cohorts of the course whose channel has the FAQ as a post."""
        ...

    def set_posted(self, cohort: int, course: str, on: bool) -> None: ...

    # Reading

    def candidates(self, course: str, cohort: int | None, text: str) -> tuple[Corpus, Sequence[Candidate]]:
        """What may fit a text, with what was counted of the course: what stands for the course, and in a `cohort` its
        own drafts and what is about its run alone. It is not scored."""
        ...

    def missed(self, miss: Miss) -> None:
        """Remembers what was looked up in vain; the same by the same person on one day counts once."""
        ...

    def entries(self, ids: Sequence[int]) -> Sequence[Entry]:
        """These entries, in this order."""
        ...

    def standing(self, course: str, cohort: int | None = None) -> Sequence[Entry]:
        """The entries of a course that people may find, by number; in a `cohort` those of its run alone, too."""
        ...

    def course_text(self, course: str) -> str | None:
        """The course file as it stands in the newest run of the course."""
        ...

    def courses(self) -> Sequence[str]:
        """The courses that have entries, or a cohort."""
        ...


feature: Feature[FaqStore] = Feature("faq")
feature.keeps(
    KeptTable("faq_entries", "An entry of the FAQ: what was made of a question and its answer, without names"),
    KeptTable("faq_sources", "Which questions an entry answers"),
    KeptTable(
        "faq_versions",
        "A wording of an entry, and who stood for it",
        of="person",
        erasure="unnamed",
        why="the text is the course's, and was approved without names",
    ),
    KeptTable("faq_runs", "A run of a course, for its FAQ"),
    KeptTable("faq_misses", "What they looked up without a result", of="person"),
    KeptTable("search_courses", "The index of a course's FAQ"),
    KeptTable("search_terms", "A word in that index"),
    KeptTable("search_entries", "An entry in that index"),
    KeptTable("search_vectors", "The vector of an entry"),
    KeptTable("search_groups", "Entries that say the same"),
)
