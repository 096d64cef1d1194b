"""What the FAQ keeps: values, and the store that the feature needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from bot.core.contributions import Thread
from bot.core.feature import Feature
from bot.core.fingerprints import fingerprint
from bot.core.keeping import KeptTable
from bot.core.people import MessageRef
from bot.core.translation import N_
from bot.core.typed import trim
from bot.features.faq.personal import LeftOut
from bot.features.faq.scoring import Candidate, Corpus

State = Literal["draft", "approved", "flagged", "skipped", "merged", "dropped", "removed"]
"""`flagged`: approved, but needs another look. `merged`: another entry replaces it. `dropped`: its source was deleted
before anybody approved it. Dropped and removed entries have no text."""

Flag = Literal["", "changed", "reopened", "withdrawn"]

STANDING = ("approved", "flagged")

LATER = timedelta(days=7)
"""When entries that were put off are shown again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the FAQ; its `id` never changes. The first line of `question` is its title, what follows are details.

    `source` is the question that it was made from (None if the course team wrote it), and `source_stamp` tells whether
    that still has the texts it was made from. `askers` counts the people who asked it, over all of its sources;
    `first_asked` and `last_asked` say when.

    `run_only`: about this run only (its dates, its links). Only its cohort finds it, so it ends with the cohort.
    `news_question` and `news_answer` are the source's present texts, if they changed after the approval. `into` is the
    entry that a merged one went into. `left_out`: the originals of the placeholders '[name]' and the like in its
    unreviewed text (in the news, if it was approved before), in order; `kept`: what a reviewer put back.
    `apart`: the entries of which a reviewer has said that they do not ask the same.
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
    apart: tuple[int, ...] = ()

    @property
    def title(self) -> str:
        return self.question.partition("\n")[0].strip()

    @property
    def details(self) -> str:
        return trim(self.question.partition("\n")[2])

    @property
    def stamp(self) -> str:
        """Part of every button, so that nobody approves a text that they have not seen."""
        return stamp("\0".join((self.question, self.answer, self.flag, self.news_question, self.news_answer)), 8)

    @property
    def stands(self) -> bool:
        """Whether people may find it. An entry whose source was merely reworded still stands."""
        return self.state == "approved" or (self.state == "flagged" and self.flag == "changed")


def stamp(text: str, length: int = 16) -> str:
    """Identifies a text without storing it."""
    return fingerprint(text, length)


@dataclass(frozen=True, slots=True)
class Source:
    """A question that an entry answers: when it was asked, in which cohort, and where it is in the chat (`ref` for a
    person's own message, otherwise the bot posted it)."""

    question: int
    asked_at: datetime
    cohort: str
    ref: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """An approved text; `by` is a person."""

    id: int
    question: str
    answer: str
    by: int
    act: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Miss:
    """A search without results, or for which the shown entries (`wrong`) were no answer. `person` is for counting, and
    is shown to nobody."""

    course: str
    cohort: int
    person: int
    words: str
    at: datetime
    wrong: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a review, and the first of it. `unverified`: approved, but not checked since this run was created
    or for longer than the course allows."""

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
"""Minimum number of people for a search without results to be shown: what one person searched is private."""


@dataclass(frozen=True, slots=True)
class FaqWeek:
    """What happened since some day. `corrected`: (entry, its title, what happened). `missed`: searches without results
    by at least SEARCHED_BY people, and how many they were."""

    approved: int = 0
    drafted: int = 0
    asked_most: Sequence[Topic] = ()
    corrected: Sequence[tuple[int, str, str]] = ()
    missed: Sequence[tuple[str, int]] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.approved or self.drafted or self.asked_most or self.corrected or self.missed)


@dataclass(frozen=True, slots=True)
class Alike:
    """An entry that may ask the same as another. `surely`: in nine of ten cases it does."""

    entry: Entry
    surely: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """An entry in the review: with its sources, how its answer is known (`thread`), and what may ask the same, the most
    alike first. `told`: what is left out of its text, or still identifies somebody. `named`: whether it does."""

    entry: Entry
    sources: Sequence[Source] = ()
    thread: Thread | None = None
    alike: Sequence[Alike] = ()
    told: Sequence[str] = ()
    named: bool = False


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who reviews, as far as the store needs it: in which cohort, of which course. `stale_before`: entries checked
    earlier must be checked again."""

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
        """Stores the text that somebody approved."""
        ...

    def versions(self, entry: int) -> Sequence[Version]:
        """Newest first."""
        ...

    def drop_version(self, version: Version) -> None: ...

    def answering(self, question: int) -> Sequence[Entry]:
        """The entries that were made from a question, or answer it."""
        ...

    def entry(self, entry: int) -> Entry | None: ...

    def of_source(self, question: int) -> Entry | None:
        """The entry that was made from a question."""
        ...

    # Sources

    def sources(self, entry: int) -> Sequence[Source]:
        """Newest first."""
        ...

    def add_source(self, entry: int, question: int) -> None:
        """The question is also answered by this entry, and counts among its askers from now on."""
        ...

    def drop_source(self, question: int) -> None:
        """The question was taken back, and no longer counts."""
        ...

    def merge(self, entry: Entry, into: Entry) -> None:
        """Moves all sources of an entry to another one."""
        ...

    def unmerge(self, entry: Entry) -> None:
        """Moves the sources that came with a merged entry back to it."""
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
        """Drafts of a cohort from before personal information was left out."""
        ...

    def open_run(self, cohort: int, course: str, at: datetime) -> None:
        """A cohort of the course was created; idempotent."""
        ...

    def end_run(self, cohort: int, course: str, workspace: str | None) -> None:
        """A cohort has ended: later runs in its workspace decide about its drafts."""
        ...

    def share_drafts(self, cohort: int, on: bool) -> None:
        """Whether other cohorts of the course also find the drafts of this one (see `open_run`)."""
        ...

    def waiting(self, reviewer: Reviewer, limit: int, skip: int = 0) -> Waiting:
        """What waits for a review: flagged entries first, then what most people asked, and at last drafts whose answer
        nobody marked. Of drafts that may ask the same the first stands for all."""
        ...

    def count_approved(self, cohort: int, since: datetime, until: datetime) -> int: ...

    def count_missed(self, cohort: int, since: datetime, until: datetime) -> int:
        """The searches of a span that no entry has answered by now."""
        ...

    def asked_most(self, reviewer: Reviewer, since: datetime, limit: int) -> Sequence[Topic]:
        """What several people have asked, the most first."""
        ...

    def week(self, reviewer: Reviewer, since: datetime, limit: int) -> FaqWeek:
        """What is new, asked most, corrected, and searched without results, for the team of a cohort; at most `limit`
        of each."""
        ...

    def reviewed(self, entry: int, reviewer: Reviewer) -> Entry | None:
        """An entry that this reviewer may decide about: of their own run, approved for the whole course, or left over
        from an ended run near theirs. Its news are left out if the reviewer may not read them."""
        ...

    def asking_the_same(self, entry: Entry, reviewer: Reviewer) -> Sequence[Alike]:
        """Approved entries and drafts that may ask the same as this entry, the most alike first; without those of which
        somebody has said that they do not."""
        ...

    # Publishing

    def posted(self, course: str) -> Collection[int]:
        """The cohorts of the course whose channel has the FAQ as a post."""
        ...

    def set_posted(self, cohort: int, course: str, on: bool) -> None: ...

    # Reading

    def candidates(self, course: str, cohort: int | None, text: str) -> tuple[Corpus, Sequence[Candidate]]:
        """Entries that may fit a text, with the course's counts: approved ones of the course, and in a `cohort` its own
        drafts and the entries of its run only. They are not scored."""
        ...

    def missed(self, miss: Miss) -> None:
        """Stores a search without results; the same search by the same person counts once a day."""
        ...

    def misses(self, entry: Entry, since: datetime, limit: int) -> Sequence[Miss]:
        """The newest searches without results by people who may find this entry and are not among its askers; those
        for which it was no answer are left out."""
        ...

    def drop_miss(self, miss: Miss) -> None: ...

    def ungroup(self, course: str) -> None:
        """Forgets which entries of a course ask the same."""
        ...

    def entries(self, ids: Sequence[int]) -> Sequence[Entry]:
        """These entries, in this order."""
        ...

    def standing(self, course: str, cohort: int | None = None) -> Sequence[Entry]:
        """The entries of a course that people may find, by number; in a `cohort` also those of its run only."""
        ...

    def course_text(self, course: str) -> str | None:
        """The course file of the newest run of the course."""
        ...

    def is_english(self, course: str) -> bool:
        """Whether the course's texts can be compared by their meaning."""
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
        "A wording of an entry of the FAQ that you stood for",
        of="person",
        erasure="unnamed",
        why="the text is the course's, and was approved without names",
    ),
    KeptTable("faq_runs", "A run of a course, for its FAQ"),
    KeptTable("faq_misses", "What you looked up without a result", of="person"),
    KeptTable("search_courses", "The index of a course's FAQ"),
    KeptTable("search_terms", "A word in that index"),
    KeptTable("search_entries", "An entry in that index"),
    KeptTable("search_vectors", "The vector of an entry"),
    KeptTable("search_groups", "Entries that say the same"),
    purpose=N_("So that an answer helps more than one person"),
)
