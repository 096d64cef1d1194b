"""Milestones: each learner's dates, what was moved, and what was handed in.

Other features read `milestone_windows` (whom it is asked of, from when, until when; `optional` where a late joiner
need not) and `submissions` (those whose `deleted_at` is null stand).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.core.forms import Kept
from bot.core.people import Role
from bot.features.milestones.store import Funnel, Moves, Submission, Window
from storage.sql import bulk
from storage.sql.statements import Statement
from storage.tables.milestones import MilestoneWindowRow, MoveRow, SubmissionRevisionRow, SubmissionRow
from storage.tables.people import MembershipRow

# Built once: these run for nearly everything that people do.
_windows, _work = bulk.table(MilestoneWindowRow).c, bulk.table(SubmissionRow).c
_every_window = sa.select(
    _windows.milestone, _windows.person, _windows.opens_at, _windows.due_at, _windows.closes_at, _windows.optional
).where(_windows.cohort == sa.bindparam("cohort"))
_WINDOWS = bulk.About(_every_window, _windows.person)
_WINDOWS_OF_ONE = bulk.About(_every_window.where(_windows.milestone == sa.bindparam("milestone")), _windows.person)
_HANDED_IN = bulk.About(
    sa.select(_work.milestone, _work.person, _work.first_at).where(
        _work.cohort == sa.bindparam("cohort"), _work.deleted_at.is_(None)
    ),
    _work.person,
)
_SUBMISSION = Statement(
    sa.select(bulk.table(SubmissionRow)).where(
        _work.cohort == sa.bindparam("cohort"),
        _work.milestone == sa.bindparam("milestone"),
        _work.person == sa.bindparam("person"),
        _work.deleted_at.is_(None),
    )
)
# The row of who took their work back stays, and takes the next one.
_WORK_ROW = Statement(
    sa.select(bulk.table(SubmissionRow)).where(
        _work.cohort == sa.bindparam("cohort"),
        _work.milestone == sa.bindparam("milestone"),
        _work.person == sa.bindparam("person"),
    )
)
_ADD_WORK, _REVISE = bulk.insert_one(SubmissionRow), bulk.insert(SubmissionRevisionRow)
_said = ("link", "text", "file", "first_at", "changed_at", "late", "deleted_at")
_CHANGE_WORK = Statement(
    sa.update(bulk.table(SubmissionRow))
    .where(_work.id == sa.bindparam("submission"))
    .values({name: sa.bindparam(f"new_{name}", type_=_work[name].type) for name in _said})
)
_member = bulk.table(MembershipRow).c
_JOINED = bulk.About(
    sa.select(_member.person, _member.joined_at).where(
        _member.cohort == sa.bindparam("cohort"), _member.role == Role.LEARNER.value, _member.left_at.is_(None)
    ),
    _member.person,
)
_names, _dates = ("cohort", "milestone", "person"), ("opens_at", "due_at", "closes_at", "optional")
_PUT_WINDOWS = bulk.Put(MilestoneWindowRow, (*_names, *_dates), _names, _dates)


class SqlMilestones:
    """The `MilestoneStore` of bot/features/milestones, over tables."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    # Dates

    def moves(self, cohort: int) -> Moves:
        query = select(MoveRow).where(MoveRow.cohort == cohort)
        return {(r.milestone, r.person): r.days for r in self._session.exec(query)}

    def move(self, cohort: int, milestone: str, person: int | None, days: int, by: int, at: datetime) -> None:
        self._session.merge(MoveRow(cohort=cohort, milestone=milestone, person=person or 0, days=days, by=by, at=at))
        self._session.flush()

    def joined(self, cohort: int, people: Collection[int] | None = None) -> Mapping[int, datetime]:
        return dict(_JOINED.rows(self._session, people, cohort=cohort))

    def windows(
        self, cohort: int, people: Collection[int] | None = None, milestone: str | None = None
    ) -> Sequence[Window]:
        if milestone is None:
            rows = _WINDOWS.rows(self._session, people, cohort=cohort)
        else:
            rows = _WINDOWS_OF_ONE.rows(self._session, people, cohort=cohort, milestone=milestone)
        found = [Window(*row) for row in rows]
        return sorted(found, key=lambda w: (w.due_at, w.milestone, w.person))

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
        change = delete(table).where(col(table.cohort) == cohort, ~handed_in.exists())
        if person is not None:
            change = change.where(col(table.person) == person)
        if but is not None:
            change = change.where(col(table.milestone).not_in(but))
        self._session.exec(change)

    # Work

    def submission(self, cohort: int, milestone: str, person: int) -> Submission | None:
        row = _SUBMISSION.first(self._session, cohort=cohort, milestone=milestone, person=person)
        return _submission(row) if row is not None else None

    def submissions(
        self, cohort: int, people: Collection[int] | None = None, milestone: str | None = None
    ) -> Sequence[Submission]:
        query = select(SubmissionRow).where(SubmissionRow.cohort == cohort, col(SubmissionRow.deleted_at).is_(None))
        if milestone is not None:
            query = query.where(SubmissionRow.milestone == milestone)
        rows = bulk.about(self._session, query, SubmissionRow, people)
        return [_submission(r) for r in sorted(rows, key=lambda r: (r.first_at, r.id or 0))]

    def handed_in(self, cohort: int, people: Collection[int]) -> Mapping[tuple[str, int], datetime]:
        rows = _HANDED_IN.rows(self._session, people, cohort=cohort)
        return {(milestone, person): first_at for milestone, person, first_at in rows}

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
    ) -> tuple[Submission, bool]:
        row = _WORK_ROW.first(self._session, cohort=cohort, milestone=milestone, person=person)
        first = row is None or row.deleted_at is not None
        work = {"link": link, "text": text, "file": str(file or "")}
        if not first and work == {name: getattr(row, name) for name in work}:
            return _submission(row), False
        said: dict[str, object] = {**work, "changed_at": at, "deleted_at": None}
        said |= {"first_at": at, "late": late} if first else {"first_at": row.first_at, "late": row.late or late}
        if row is None:
            id = _ADD_WORK.scalar(self._session, cohort=cohort, milestone=milestone, person=person, **said)
        else:
            id = row.id
            _CHANGE_WORK.run(self._session, submission=id, **{f"new_{name}": value for name, value in said.items()})
        _REVISE.run(self._session, submission=id, **work, at=at)
        saved = self.submission(cohort, milestone, person)
        assert saved is not None
        return saved, True

    def wordings(self, submission: int) -> Sequence[str]:
        query = select(SubmissionRevisionRow).where(SubmissionRevisionRow.submission == submission)
        return list({text for r in self._session.exec(query) for text in (r.link, r.text) if text})

    def files(self, submission: int) -> Sequence[int]:
        query = select(SubmissionRevisionRow.file).where(SubmissionRevisionRow.submission == submission)
        return list({kept.file for text in self._session.exec(query) if (kept := Kept.read(text))})

    def delete(self, submission: int, at: datetime) -> None:
        row = self._session.get_one(SubmissionRow, submission)
        row.link, row.text, row.file, row.deleted_at = "", "", "", at
        revisions = col(SubmissionRevisionRow.submission) == submission
        self._session.exec(update(SubmissionRevisionRow).where(revisions).values(link="", text="", file=""))
        self._session.flush()

    def funnels(self, cohort: int) -> Mapping[str, Funnel]:
        present = self.joined(cohort)
        query = select(SubmissionRow.milestone, SubmissionRow.person, SubmissionRow.late).where(
            SubmissionRow.cohort == cohort, col(SubmissionRow.deleted_at).is_(None)
        )
        is_late = {(milestone, person): late for milestone, person, late in self._session.exec(query)}
        figures: dict[str, list[int]] = {}
        for window in self.windows(cohort):
            late = is_late.get((window.milestone, window.person))
            if window.person not in present and late is None:
                continue
            counts = figures.setdefault(window.milestone, [0, 0, 0, 0])
            excused = window.optional and late is None
            counts[0] += not excused
            counts[1] += late is not None
            counts[2] += late is True
            counts[3] += excused
        return {milestone: Funnel(*counts) for milestone, counts in figures.items()}


def _submission(row: SubmissionRow | sa.Row[Any]) -> Submission:
    assert row.id is not None
    return Submission(
        row.id,
        row.milestone,
        row.person,
        row.link,
        row.text,
        row.first_at,
        row.changed_at,
        row.late,
        Kept.read(row.file),
    )
