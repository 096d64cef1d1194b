"""Milestones: each learner's dates, moved dates, and submissions.

Other features read `milestone_windows` (whom it is asked of, from when, until when; `optional` if a late joiner need
not hand it in) and `submissions` (valid while `deleted_at` is null).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from bot.core.forms import Kept
from bot.features.milestones.store import Moves, Request, Submission, Window
from storage.sql.clauses import given
from storage.sql.mapper import Mapper
from storage.sql.statements import Insert, Put, Query, Update
from storage.sql.store import Store
from storage.tables.milestones import MilestoneWindowRow, MoveRow, RequestRow, SubmissionRevisionRow, SubmissionRow

# Compiled once: these run for nearly everything that people do.
_WINDOW, _WORK = Mapper(Window, MilestoneWindowRow), Mapper(Submission, SubmissionRow, file=lambda r: Kept.read(r.file))
_REQUEST = Mapper(Request, RequestRow)
_REQUESTS = _REQUEST.query(*given(RequestRow.cohort), order_by=(RequestRow.id,), person=RequestRow.person)
_MOVES = Query(select(MoveRow.milestone, MoveRow.person, MoveRow.days).where(*given(MoveRow.cohort)))
_of_cohort = given(MilestoneWindowRow.cohort)
_by_date: dict[str, Any] = {
    "order_by": (MilestoneWindowRow.due_at, MilestoneWindowRow.milestone, MilestoneWindowRow.person),
    "person": MilestoneWindowRow.person,
}
_WINDOWS = _WINDOW.query(*_of_cohort, **_by_date)
_WINDOWS_OF_ONE = _WINDOW.query(*_of_cohort, *given(MilestoneWindowRow.milestone), **_by_date)
_HANDED_IN = Query(
    select(SubmissionRow.milestone, SubmissionRow.person, SubmissionRow.first_at).where(
        *given(SubmissionRow.cohort), col(SubmissionRow.deleted_at).is_(None)
    ),
    person=SubmissionRow.person,
)
_SUBMISSIONS = _WORK.query(
    *given(SubmissionRow.cohort),
    col(SubmissionRow.deleted_at).is_(None),
    order_by=(SubmissionRow.first_at, SubmissionRow.id),
    person=SubmissionRow.person,
)
# Work that was changed after the span also counts in it if it first came before the span's end.
_LAST_HANDED_IN = Query(
    select(SubmissionRow.person, func.max(SubmissionRow.changed_at))
    .where(
        *given(SubmissionRow.cohort),
        SubmissionRow.changed_at >= bindparam("since"),
        SubmissionRow.first_at < bindparam("until"),
    )
    .group_by(col(SubmissionRow.person))
)
_ASKED_IN = Query(
    select(RequestRow.person, RequestRow.changed_at).where(
        *given(RequestRow.cohort), RequestRow.changed_at >= bindparam("since"), RequestRow.asked_at < bindparam("until")
    )
)
_MOVED_IN = Query(
    select(MoveRow.person, MoveRow.at).where(
        *given(MoveRow.cohort),
        MoveRow.at >= bindparam("since"),
        MoveRow.at < bindparam("until"),
        col(MoveRow.person) == col(MoveRow.by),
    )
)
# The row of a person who took their work back stays, and their next submission replaces it.
_WORK_ROW = Query(
    select(SubmissionRow).where(*given(SubmissionRow.cohort, SubmissionRow.milestone, SubmissionRow.person))
)
_ADD_WORK, _REVISE = Insert(SubmissionRow), Insert(SubmissionRevisionRow)
_CHANGE_WORK = Update(
    SubmissionRow, "link", "text", "file", "first_at", "changed_at", "late", "deleted_at", "pod", "by"
)
_PUT_WINDOWS = Put(
    MilestoneWindowRow,
    ("cohort", "milestone", "person"),
    ("opens_at", "due_at", "closes_at", "optional", "asked_until"),
)


class SqlMilestones(Store):
    """The `MilestoneStore` of bot/features/milestones, over tables."""

    # Dates

    def moves(self, cohort: int) -> Moves:
        return {(milestone, person): days for milestone, person, days in _MOVES.all(self._session, cohort=cohort)}

    def move(self, cohort: int, milestone: str, person: int | None, days: int, by: int, at: datetime) -> None:
        self._put(MoveRow(cohort=cohort, milestone=milestone, person=person or 0, days=days, by=by, at=at))

    def windows(
        self, cohort: int, people: Collection[int] | None = None, milestone: str | None = None
    ) -> Sequence[Window]:
        if milestone is None:
            found = _WINDOWS.about(self._session, people, cohort=cohort)
        else:
            found = _WINDOWS_OF_ONE.about(self._session, people, cohort=cohort, milestone=milestone)
        return found

    def put_windows(self, cohort: int, windows: Sequence[Window]) -> None:
        _PUT_WINDOWS.rows(self._session, ({"cohort": cohort, **asdict(w)} for w in windows))

    def drop_windows(self, cohort: int, *, person: int | None = None, but: Collection[str] | None = None) -> None:
        table = MilestoneWindowRow
        handed_in = select(SubmissionRow.id).where(
            SubmissionRow.cohort == table.cohort,
            SubmissionRow.milestone == table.milestone,
            SubmissionRow.person == table.person,
            col(SubmissionRow.deleted_at).is_(None),
        )
        gone = [col(table.cohort) == cohort, ~handed_in.exists()]
        if person is not None:
            gone.append(col(table.person) == person)
        if but is not None:
            gone.append(col(table.milestone).not_in(but))
        self._delete(table, *gone)

    # Requests for more time

    def requests(self, cohort: int, people: Collection[int] | None = None) -> Sequence[Request]:
        return _REQUESTS.about(self._session, people, cohort=cohort)

    def keep_request(self, cohort: int, request: Request) -> Request:
        if not request.id:
            return _REQUEST.read(self._add(RequestRow(cohort=cohort, **_REQUEST.columns(request))))
        self._change(RequestRow, request.id, **_REQUEST.columns(request))
        return request

    def drop_request(self, request: int) -> None:
        self._delete(RequestRow, col(RequestRow.id) == request)

    # Work

    def submission(self, cohort: int, milestone: str, person: int) -> Submission | None:
        row = _WORK_ROW.first(self._session, cohort=cohort, milestone=milestone, person=person)
        return _WORK.read(row) if row is not None and row.deleted_at is None else None

    def submissions(
        self, cohort: int, people: Collection[int] | None = None, milestone: str | None = None
    ) -> Sequence[Submission]:
        found = _SUBMISSIONS.about(self._session, people, cohort=cohort)
        return found if milestone is None else [work for work in found if work.milestone == milestone]

    def handed_in(self, cohort: int, people: Collection[int]) -> Mapping[tuple[str, int], datetime]:
        rows = _HANDED_IN.about(self._session, people, cohort=cohort)
        return {(milestone, person): first_at for milestone, person, first_at in rows}

    def last_handed_in(self, cohort: int, since: datetime, until: datetime) -> Mapping[int, datetime]:
        return dict(_LAST_HANDED_IN.all(self._session, cohort=cohort, since=since, until=until))

    def last_asked(self, cohort: int, since: datetime, until: datetime) -> Mapping[int, datetime]:
        span = {"cohort": cohort, "since": since, "until": until}
        asked = [*_ASKED_IN.all(self._session, **span), *_MOVED_IN.all(self._session, **span)]
        return dict(sorted(asked, key=lambda a: a[1]))

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
        row = _WORK_ROW.first(self._session, cohort=cohort, milestone=milestone, person=person)
        before = row if row is not None and row.deleted_at is None else None
        work = {"link": link, "text": text, "file": str(file or "")}
        if before is not None and work == {"link": before.link, "text": before.text, "file": before.file}:
            return _WORK.read(before), False
        said: dict[str, object] = {**work, "changed_at": at, "deleted_at": None, "pod": pod, "by": by}
        said |= {"first_at": before.first_at, "late": before.late or late} if before else {"first_at": at, "late": late}
        if row is None:
            id = _ADD_WORK.number(self._session, cohort=cohort, milestone=milestone, person=person, **said)
        else:
            id = row.id
            _CHANGE_WORK.row(self._session, id, **said)
        _REVISE.run(self._session, submission=id, **work, at=at)
        saved = self.submission(cohort, milestone, person)
        assert saved is not None
        return saved, True

    def earlier(self, work: Submission) -> Sequence[Submission]:
        row = SubmissionRevisionRow
        query = select(row).where(row.submission == work.id, row.at < work.changed_at).order_by(col(row.id).desc())
        found = (
            replace(work, link=r.link, text=r.text, file=Kept.read(r.file), changed_at=r.at) for r in self._all(query)
        )
        return [w for w in found if w.link or w.text or w.file]

    def wordings(self, submission: int) -> Sequence[str]:
        query = select(SubmissionRevisionRow).where(SubmissionRevisionRow.submission == submission)
        return list({text for r in self._session.exec(query) for text in (r.link, r.text) if text})

    def files(self, submission: int) -> Sequence[int]:
        query = select(SubmissionRevisionRow.file).where(SubmissionRevisionRow.submission == submission)
        return list({kept.file for text in self._session.exec(query) if (kept := Kept.read(text))})

    def unname(self, person: int) -> None:
        self._update(SubmissionRow, SubmissionRow.by == person, by=None)

    def shared(self, file: int) -> bool:
        named = col(SubmissionRevisionRow.file).startswith(f"{file}:")
        query = select(SubmissionRevisionRow.submission).where(col(SubmissionRevisionRow.file) != "", named)
        return len(set(self._session.exec(query))) > 1

    def delete(self, submission: int, at: datetime) -> None:
        self._change(SubmissionRow, submission, link="", text="", file="", deleted_at=at)
        self._update(
            SubmissionRevisionRow, col(SubmissionRevisionRow.submission) == submission, link="", text="", file=""
        )
