"""The FAQ: entries with their sources, and their approved versions."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import and_, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.core.people import MessageRef
from bot.core.ports import Encoder
from bot.course.loader import course_of
from bot.features.faq.grouping import SURELY
from bot.features.faq.personal import LeftOut
from bot.features.faq.rules import decided
from bot.features.faq.scoring import Candidate, Corpus
from bot.features.faq.store import (
    SEARCHED_BY,
    Alike,
    Entry,
    FaqWeek,
    Miss,
    Reviewer,
    Source,
    Topic,
    Version,
    Waiting,
)
from storage.search.index import SearchIndex
from storage.sql.clauses import among, given
from storage.sql.mapper import Mapper
from storage.sql.statements import Query
from storage.sql.store import Store
from storage.tables.faq import EntryRow, MissRow, RunRow, SourceRow, VersionRow
from storage.tables.people import ChannelRow, CohortRow, MembershipRow, PersonRow
from storage.tables.questions import QuestionRow
from storage.tables.search import IndexedRow

_CHANGES = {
    "changed": "its source was edited",
    "reopened": "the mark on its answer was taken back",
    "withdrawn": "its source was deleted",
}


def _source(
    entry: int,
    question: int,
    asked_at: datetime,
    title: str,
    workspace: str | None,
    channel: str | None,
    message: str | None,
) -> tuple[int, Source]:
    ref = MessageRef(workspace, channel, message) if workspace and channel and message else None
    return entry, Source(question, asked_at, title, ref)


# Compiled once: the desk looks up what is known about each question.
_SOURCES = Query(
    sa.select(
        col(SourceRow.entry),
        col(QuestionRow.id),
        col(QuestionRow.asked_at),
        col(CohortRow.title),
        col(QuestionRow.workspace),
        col(QuestionRow.channel),
        col(QuestionRow.message),
    )
    .join(QuestionRow, col(SourceRow.question) == col(QuestionRow.id))
    .join(CohortRow, col(CohortRow.id) == col(QuestionRow.cohort))
    .where(among(SourceRow.entry, "entries"))
    .order_by(col(QuestionRow.asked_at).desc(), col(QuestionRow.id))
).into(_source)


class SqlFaq(Store):
    """The `FaqStore` of bot/features/faq, over tables."""

    def __init__(self, session: Session, now: datetime, encoder: Encoder | None = None) -> None:
        super().__init__(session, now)
        self.index = SearchIndex(session, encoder)
        self._names: dict[int, tuple[str, ...]] = {}
        self._english: dict[str, bool] = {}

    def add(self, entry: Entry) -> Entry:
        row = self._add(EntryRow(**_ENTRY.columns(entry), left_out=_dump_left_out(entry)))
        if entry.source is not None:
            self.add_source(row.id, entry.source)
        added = _ENTRY.read(row)
        self._index(added)
        return added

    def keep(self, entry: Entry) -> None:
        self._change(EntryRow, entry.id, **_ENTRY.columns(entry, *_KEPT), left_out=_dump_left_out(entry))
        if not entry.question:
            self._delete(VersionRow, VersionRow.entry == entry.id)
        self._index(entry)

    def _index(self, entry: Entry) -> None:
        alone = entry.run_only or not (entry.stands or self._shares(entry.cohort))
        self.index.follow(entry, entry.cohort if alone else None)

    def _shares(self, cohort: int) -> bool:
        run = self._session.get(RunRow, cohort)
        return run is not None and run.shares

    def keep_version(self, entry: Entry, person: int, act: str) -> None:
        said = _ENTRY.columns(entry, "question", "answer")
        self._add(VersionRow(entry=entry.id, **said, person=person, act=act, at=self._now))

    def versions(self, entry: int) -> Sequence[Version]:
        query = select(VersionRow).where(VersionRow.entry == entry).order_by(col(VersionRow.id).desc())
        return self._values(_VERSION, query)

    def drop_version(self, version: Version) -> None:
        self._delete(VersionRow, VersionRow.id == version.id)

    def answering(self, question: int) -> Sequence[Entry]:
        by_source = select(SourceRow.entry).where(SourceRow.question == question)
        moved = select(SourceRow.came_with).where(SourceRow.question == question)
        one = sa.or_(col(EntryRow.source) == question, col(EntryRow.id).in_(by_source), col(EntryRow.id).in_(moved))
        return self._values(_ENTRY, select(EntryRow).where(one))

    def entry(self, entry: int) -> Entry | None:
        return self._get(_ENTRY, entry)

    def of_source(self, question: int) -> Entry | None:
        return self._first(_ENTRY, select(EntryRow).where(EntryRow.source == question))

    # Sources

    def sources(self, entry: int) -> Sequence[Source]:
        return self.sources_of([entry]).get(entry, ())

    def sources_of(self, entries: Collection[int]) -> Mapping[int, Sequence[Source]]:
        found: dict[int, list[Source]] = {}
        for entry, source in _SOURCES.all(self._session, entries=entries) if entries else ():
            found.setdefault(entry, []).append(source)
        return found

    def add_source(self, entry: int, question: int) -> None:
        known = self._session.get(SourceRow, question)
        if known is None:
            self._add(SourceRow(question=question, entry=entry))
            self._recount(entry)

    def drop_source(self, question: int) -> None:
        known = self._session.get(SourceRow, question)
        if known is not None:
            self._session.delete(known)
            self._session.flush()
            self._recount(known.entry)

    def merge(self, entry: Entry, into: Entry) -> None:
        self._update(SourceRow, SourceRow.entry == entry.id, entry=into.id, came_with=entry.id)
        # Entries that were merged into this one now point to the other.
        self._update(EntryRow, EntryRow.into == entry.id, into=into.id)
        self._recount(entry.id)
        self._recount(into.id)

    def unmerge(self, entry: Entry) -> None:
        own = or_(col(SourceRow.came_with) == entry.id, col(SourceRow.question) == entry.source)
        self._update(SourceRow, own, entry=entry.id, came_with=None)
        # What had been merged into this entry before belongs to it again.
        back = select(SourceRow.question).where(SourceRow.entry == entry.id)
        self._update(
            EntryRow,
            EntryRow.id != entry.id,
            EntryRow.into == entry.into,
            col(EntryRow.source).in_(back),
            into=entry.id,
        )
        self._recount(entry.id)
        if entry.into is not None:
            self._recount(entry.into)

    def merged(self, course: str) -> Mapping[int, Sequence[int]]:
        query = select(EntryRow.into, EntryRow.id).where(EntryRow.course == course, EntryRow.state == "merged")
        found: dict[int, list[int]] = {}
        for into, entry in self._session.exec(query.order_by(col(EntryRow.id))):
            if into is not None and entry is not None:
                found.setdefault(into, []).append(entry)
        return found

    def _recount(self, entry: int) -> None:
        query = (
            select(
                func.count(func.distinct(QuestionRow.asker)),
                func.min(QuestionRow.asked_at),
                func.max(QuestionRow.asked_at),
            )
            .join(SourceRow, col(SourceRow.question) == col(QuestionRow.id))
            .where(SourceRow.entry == entry)
        )
        row = self._session.get_one(EntryRow, entry)
        row.askers, row.first_asked, row.last_asked = self._session.exec(query).one()
        self._session.flush()

    # Review

    def names(self, cohort: int) -> tuple[str, ...]:
        # Computed once in a unit of work: an import drafts hundreds of entries in one.
        if cohort not in self._names:
            query = select(PersonRow.name).join(MembershipRow, col(MembershipRow.person) == col(PersonRow.id))
            self._names[cohort] = tuple(self._session.exec(query.where(MembershipRow.cohort == cohort).distinct()))
        return self._names[cohort]

    def uncovered(self, cohort: int) -> Sequence[Entry]:
        query = select(EntryRow).where(
            EntryRow.cohort == cohort, EntryRow.state == "draft", col(EntryRow.left_out).is_(None)
        )
        return self._values(_ENTRY, query.order_by(col(EntryRow.id)))

    def open_run(self, cohort: int, course: str, at: datetime) -> None:
        row = self._session.get(RunRow, cohort)
        if row is None:
            self._session.add(RunRow(cohort=cohort, course=course, opened_at=at))
        else:
            row.course = course
        self._session.flush()

    def end_run(self, cohort: int, course: str, workspace: str | None) -> None:
        self.open_run(cohort, course, self._now)
        self._change(RunRow, cohort, workspace=workspace)

    def share_drafts(self, cohort: int, on: bool) -> None:
        row = self._session.get_one(RunRow, cohort)
        if row.shares == on:
            return
        row.shares = on
        self._session.flush()
        drafts = select(EntryRow.id).where(
            EntryRow.cohort == cohort, EntryRow.state == "draft", ~col(EntryRow.run_only)
        )
        self.index.move([id for id in self._session.exec(drafts) if id is not None], None if on else cohort)

    def waiting(self, reviewer: Reviewer, limit: int, skip: int = 0) -> Waiting:
        opened = _OPENED.first(self._session, cohort=reviewer.cohort)
        since = max(opened, reviewer.stale_before) if opened else reviewer.stale_before
        asked = {"cohort": reviewer.cohort, "course": reviewer.course, "since": since, "now": self._now}
        kinds = dict(_COUNT_WAITING.all(self._session, **asked))
        entries: list[Entry] = []
        if limit and kinds:
            waits = _waits(**asked)
            # The most frequent questions come first, counted over all drafts that ask the same; of equals the newer.
            together = _askers_together(waits, _open_to_review(reviewer.cohort)).subquery()
            order = (
                sa.case((col(EntryRow.state) == "flagged", 0), else_=1),
                _READ,
                func.coalesce(together.c.askers, EntryRow.askers).desc(),
                sa.case((col(EntryRow.state) == "draft", 0), else_=1),
                col(EntryRow.id),
            )
            shown = self._shown(reviewer.course)
            same = and_(
                shown.c.kin == col(IndexedRow.kin),
                shown.c.cohort == col(EntryRow.cohort),
                shown.c.run_only == col(EntryRow.run_only),
            )
            query = (
                select(EntryRow)
                .outerjoin(IndexedRow, col(IndexedRow.entry) == col(EntryRow.id))
                .outerjoin(together, together.c.kin == col(IndexedRow.kin))
                .outerjoin(shown, same)
                .outerjoin(QuestionRow, col(QuestionRow.id) == col(EntryRow.source))
                .where(waits, or_(col(EntryRow.state) != "draft", shown.c.entry.is_(None), shown.c.entry == _PLACE))
            )
            rows = self._session.exec(query.order_by(*order).limit(limit).offset(skip)).all()
            entries = self._shown_to(reviewer, rows)
        return Waiting(kinds.get("flagged", 0), kinds.get("approved", 0), kinds.get("draft", 0), tuple(entries))

    def count_approved(self, cohort: int, since: datetime, until: datetime) -> int:
        return self._count(
            EntryRow.cohort == cohort,
            EntryRow.state == "approved",
            col(EntryRow.verified_at) > since,
            col(EntryRow.verified_at) <= until,
        )

    def count_missed(self, cohort: int, since: datetime, until: datetime) -> int:
        inside = (MissRow.cohort == cohort, col(MissRow.at) > since, col(MissRow.at) <= until)
        return self._session.exec(select(func.count()).select_from(MissRow).where(*inside)).one()

    def week(self, reviewer: Reviewer, since: datetime, limit: int) -> FaqWeek:
        cohort = reviewer.cohort
        here = (EntryRow.course == reviewer.course, or_(~col(EntryRow.run_only), col(EntryRow.cohort) == cohort))
        drafts = self._count(EntryRow.cohort == cohort, EntryRow.state == "draft", EntryRow.created_at >= since)
        approved = self.count_approved(cohort, since, self._now)
        return FaqWeek(
            approved,
            drafts,
            self.asked_most(reviewer, since, limit),
            self._corrected(here, since, limit),
            self._missed(cohort, since, limit),
        )

    def asked_most(self, reviewer: Reviewer, since: datetime, limit: int) -> Sequence[Topic]:
        cohort = reviewer.cohort
        here = (EntryRow.course == reviewer.course, or_(~col(EntryRow.run_only), col(EntryRow.cohort) == cohort))
        asked = (
            select(EntryRow)
            .where(*here, or_(col(EntryRow.state).in_(("approved", "flagged")), col(EntryRow.cohort) == cohort))
            .where(col(EntryRow.state).in_(("draft", "approved", "flagged")))
            .where(col(EntryRow.last_asked) >= since, EntryRow.askers > 1)
            .order_by(col(EntryRow.askers).desc(), col(EntryRow.id))
            .limit(limit)
        )
        return [
            Topic(r.id or 0, r.question.partition("\n")[0], r.askers, r.state == "draft")
            for r in self._session.exec(asked)
        ]

    def _corrected(self, here: tuple[Any, ...], since: datetime, limit: int) -> list[tuple[int, str, str]]:
        flagged = select(EntryRow).where(*here, EntryRow.state == "flagged").order_by(col(EntryRow.id)).limit(limit)
        found = [(r.id or 0, r.question.partition("\n")[0], _CHANGES[r.flag]) for r in self._session.exec(flagged)]
        earlier = aliased(VersionRow)
        before = select(earlier.id).where(earlier.entry == VersionRow.entry, col(earlier.id) < col(VersionRow.id))
        edited = (
            select(VersionRow.entry, VersionRow.question)
            .join(EntryRow, col(EntryRow.id) == col(VersionRow.entry))
            .where(*here, EntryRow.state == "approved", VersionRow.at >= since, col(VersionRow.act).contains("edited"))
            .where(before.exists())
            .order_by(col(VersionRow.id).desc())
            .limit(limit)
        )
        for entry, question in self._session.exec(edited):
            found.append((entry, question.partition("\n")[0], "corrected by the course team"))
        return found[:limit]

    def _missed(self, cohort: int, since: datetime, limit: int) -> list[tuple[str, int]]:
        # What was asked after a suggestion waits as a question itself, and disappears with it.
        people = func.count(func.distinct(MissRow.person))
        query = (
            select(func.min(MissRow.words), people)
            .where(MissRow.cohort == cohort, MissRow.wrong == "", MissRow.at >= since)
            .group_by(func.lower(MissRow.words))
            .having(people >= SEARCHED_BY)
            .order_by(people.desc(), func.max(MissRow.at).desc())
            .limit(limit)
        )
        return [(words, number) for words, number in self._session.exec(query)]

    def _shown(self, course: str) -> sa.Subquery:
        """(kin, cohort, run_only, entry): for drafts that ask the same, the place of the one that is shown for all of
        them. It is found for a whole course at once: per draft, it took a second with some thousands of drafts."""
        return (
            select(IndexedRow.kin, EntryRow.cohort, EntryRow.run_only, func.min(_PLACE).label("entry"))
            .join(IndexedRow, col(IndexedRow.entry) == col(EntryRow.id))
            .outerjoin(QuestionRow, col(QuestionRow.id) == col(EntryRow.source))
            .where(EntryRow.course == course, EntryRow.state == "draft", col(IndexedRow.kin).is_not(None))
            .where(or_(col(EntryRow.later_until).is_(None), col(EntryRow.later_until) <= self._now))
            .group_by(col(IndexedRow.kin), col(EntryRow.cohort), col(EntryRow.run_only))
            .subquery()
        )

    def asking_the_same(self, entry: Entry, reviewer: Reviewer) -> Sequence[Alike]:
        kin = self.index.kin(entry.id)
        if not kin:
            return ()
        query = select(EntryRow).where(
            col(EntryRow.id).in_(kin), EntryRow.course == reviewer.course, _open_to_review(reviewer.cohort)
        )
        others = self._shown_to(reviewer, self._session.exec(query).all())
        found = [Alike(o, kin[o.id] >= SURELY) for o in others if o.id not in entry.apart and entry.id not in o.apart]
        return sorted(found, key=lambda one: (-kin[one.entry.id], one.entry.id))

    def reviewed(self, entry: int, reviewer: Reviewer) -> Entry | None:
        stands = and_(col(EntryRow.state).in_(("approved", "flagged")), ~col(EntryRow.run_only))
        mine = select(EntryRow).where(
            EntryRow.id == entry, EntryRow.course == reviewer.course, or_(stands, _ours(reviewer.cohort))
        )
        return next(iter(self._shown_to(reviewer, self._session.exec(mine).all())), None)

    def _shown_to(self, reviewer: Reviewer, rows: Sequence[EntryRow]) -> list[Entry]:
        """The entries as a reviewer may read them: what a source says since its entry was approved is unreviewed."""
        entries = [_ENTRY.read(row) for row in rows]
        if not any(entry.news_answer for entry in entries):
            return entries
        near = set(self._session.exec(_cohorts_near(reviewer.cohort)))
        return [e if e.cohort in near else decided(e) for e in entries]

    # Publishing

    def posted(self, course: str) -> Collection[int]:
        return set(self._session.exec(select(RunRow.cohort).where(RunRow.course == course, col(RunRow.posted))))

    def set_posted(self, cohort: int, course: str, on: bool) -> None:
        self.open_run(cohort, course, self._now)
        self._change(RunRow, cohort, posted=on)

    # Reading

    def index_missing(self, limit: int = 200) -> int:
        """Indexes entries that are older than the index; returns their number."""
        there = select(IndexedRow.entry).where(col(IndexedRow.entry) == col(EntryRow.id)).exists()
        found = or_(_STANDS, col(EntryRow.state) == "draft")
        rows = self._session.exec(select(EntryRow).where(found, ~there).order_by(col(EntryRow.id)).limit(limit)).all()
        for row in rows:
            self._index(_ENTRY.read(row))
        return len(rows)

    def candidates(self, course: str, cohort: int | None, text: str) -> tuple[Corpus, Sequence[Candidate]]:
        return self.index.candidates(course, cohort, text, by_meaning=self.is_english(course))

    def missed(self, miss: Miss) -> None:
        known = select(MissRow).where(
            MissRow.person == miss.person,
            MissRow.course == miss.course,
            MissRow.words == miss.words,
            MissRow.at > miss.at - timedelta(days=1),
        )
        if self._session.exec(known).first() is None:
            wrong = " ".join(map(str, miss.wrong))
            self._add(MissRow(**(_MISS.columns(miss) | {"wrong": wrong})))

    def misses(self, entry: Entry, since: datetime, limit: int) -> Sequence[Miss]:
        askers = (
            select(QuestionRow.asker)
            .join(SourceRow, col(SourceRow.question) == col(QuestionRow.id))
            .where(SourceRow.entry == entry.id)
        )
        query = select(MissRow).where(
            MissRow.course == entry.course, MissRow.at >= since, col(MissRow.person).not_in(askers)
        )
        if entry.run_only:
            query = query.where(MissRow.cohort == entry.cohort)
        found = self._session.exec(query.order_by(col(MissRow.id).desc()).limit(limit))
        return [miss for miss in map(_MISS.read, found) if entry.id not in miss.wrong]

    def drop_miss(self, miss: Miss) -> None:
        self._delete(MissRow, MissRow.person == miss.person, MissRow.course == miss.course, MissRow.words == miss.words)

    def ungroup(self, course: str) -> None:
        self.index.ungroup(course)

    def entries(self, ids: Sequence[int]) -> Sequence[Entry]:
        found = {entry.id: entry for entry in _ENTRIES.all(self._session, ids=ids)} if ids else {}
        return [found[id] for id in ids if id in found]

    def standing(self, course: str, cohort: int | None = None) -> Sequence[Entry]:
        query = select(EntryRow).where(EntryRow.course == course, _STANDS, _open_to(cohort))
        return self._values(_ENTRY, query.order_by(col(EntryRow.id)))

    def course_text(self, course: str) -> str | None:
        known = (
            select(RunRow.cohort).where(RunRow.course == course),
            select(EntryRow.cohort).where(EntryRow.course == course),
        )
        query = select(CohortRow.course_text).where(or_(*(col(CohortRow.id).in_(k) for k in known)))
        return self._session.exec(query.order_by(col(CohortRow.id).desc())).first()

    def is_english(self, course: str) -> bool:
        if course not in self._english:
            text = self.course_text(course)
            self._english[course] = text is None or course_of(text).is_english
        return self._english[course]

    def courses(self) -> Sequence[str]:
        known = sa.union(select(EntryRow.course), select(RunRow.course).where(RunRow.course != ""))
        return sorted(self._session.exec(cast(Any, known)).scalars())


def _askers_together(which: sa.ColumnElement[bool], among: sa.ColumnElement[bool]) -> Any:
    """(kin, askers): how many people asked the questions of a group, for groups that contain one of the entries
    `which`; counted over the entries `among`."""
    own = aliased(IndexedRow)
    meant = select(own.kin).join(EntryRow, col(EntryRow.id) == col(own.entry)).where(which).distinct().subquery()
    return (
        select(col(IndexedRow.kin).label("kin"), func.count(func.distinct(QuestionRow.asker)).label("askers"))
        .join(EntryRow, col(EntryRow.id) == col(IndexedRow.entry))
        .join(SourceRow, col(SourceRow.entry) == col(IndexedRow.entry))
        .join(QuestionRow, col(QuestionRow.id) == col(SourceRow.question))
        .join(meant, meant.c.kin == col(IndexedRow.kin))
        .where(among)
        .group_by(col(IndexedRow.kin))
    )


_STANDS = or_(
    col(EntryRow.state) == "approved", and_(col(EntryRow.state) == "flagged", col(EntryRow.flag) == "changed")
)
"""As `Entry.stands`."""


_READ = sa.case((and_(col(EntryRow.state) == "draft", col(QuestionRow.guess) == "stands"), 1), else_=0)
"""1 for a draft whose answer was read out of a thread."""
_PLACE = col(EntryRow.id) + 1_000_000_000 * _READ
"""Sorts drafts: those whose answer somebody marked come first."""


def _open_to(cohort: int | None) -> sa.ColumnElement[bool]:
    """Excludes entries that only another run may find."""
    return or_(~col(EntryRow.run_only), col(EntryRow.cohort) == cohort)


def _cohorts_near(cohort: int) -> Any:
    """The cohorts whose unreviewed texts the team of a cohort may read: its own, and ended runs that were in the same
    workspace or share their drafts."""
    here = select(ChannelRow.workspace).where(ChannelRow.cohort == cohort)
    open_ = select(RunRow.cohort).where(or_(col(RunRow.workspace).in_(here), col(RunRow.shares)))
    ended = and_(col(CohortRow.ended_at).is_not(None), col(CohortRow.id).in_(open_))
    return select(CohortRow.id).where(or_(col(CohortRow.id) == cohort, ended))


def _ours(cohort: int) -> sa.ColumnElement[bool]:
    """The entries that a cohort's team decides about: its own, and those left over from ended runs near it."""
    return or_(
        col(EntryRow.cohort) == cohort,
        and_(~col(EntryRow.run_only), col(EntryRow.cohort).in_(_cohorts_near(cohort))),
    )


def _open_to_review(cohort: int) -> sa.ColumnElement[bool]:
    """Entries that a cohort's team may merge with its own: approved ones, and drafts that the team decides about."""
    return or_(and_(_STANDS, _open_to(cohort)), and_(col(EntryRow.state) == "draft", _ours(cohort)))


_LEFT_OVER = and_(
    ~col(EntryRow.run_only),
    col(EntryRow.cohort).in_(select(CohortRow.id).where(col(CohortRow.ended_at).is_not(None))),
)
"""Entries of runs that have ended."""


def _left_out(row: EntryRow) -> dict[str, Any]:
    return dict(json.loads(row.left_out)) if row.left_out else {}


_ENTRY = Mapper(
    Entry,
    EntryRow,
    left_out=lambda row: tuple(LeftOut(kind, said) for kind, said in _left_out(row).get("left_out", ())),
    kept=lambda row: tuple(_left_out(row).get("kept", ())),
    apart=lambda row: tuple(_left_out(row).get("apart", ())),
)
_ENTRIES = _ENTRY.query(among(EntryRow.id, "ids"))
_VERSION = Mapper(Version, VersionRow, by=lambda row: row.person)
_MISS = Mapper(Miss, MissRow, wrong=lambda row: tuple(map(int, row.wrong.split())))
_KEPT = (
    *("question", "answer", "source_stamp", "state", "flag", "verified_at"),
    *("run_only", "into", "later_until", "news_question", "news_answer"),
)


def _dump_left_out(entry: Entry) -> str:
    left = [(one.kind, one.said) for one in entry.left_out]
    return json.dumps({"left_out": left, "kept": entry.kept, "apart": entry.apart})


def _waits(cohort: Any, course: Any, since: Any, now: Any) -> sa.ColumnElement[bool]:
    """The entries that a cohort's team has to look at; `since`: what was approved before must be checked again."""
    unverified = and_(col(EntryRow.state) == "approved", _open_to(cohort), col(EntryRow.verified_at) < since)
    return and_(
        col(EntryRow.course) == course,
        or_(
            and_(col(EntryRow.state) == "draft", _ours(cohort)),
            and_(col(EntryRow.state) == "flagged", or_(_ours(cohort), _LEFT_OVER)),
            unverified,
        ),
        or_(col(EntryRow.later_until).is_(None), col(EntryRow.later_until) <= now),
    )


# Compiled once: these run for every desk.
_OPENED = Query(select(RunRow.opened_at).where(*given(RunRow.cohort)))
_waiting = _waits(*(sa.bindparam(name) for name in ("cohort", "course", "since", "now")))
_COUNT_WAITING = Query(select(EntryRow.state, func.count()).where(_waiting).group_by(EntryRow.state))
