"""Completion: certificates, who got their final card, and what the end of a run is told from."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete, func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from bot.course.loader import course_of
from bot.features.completion.store import (
    Asked,
    Certificate,
    MilestoneResult,
    Record,
    Round,
    RoundResult,
    Waiting,
    Window,
)
from bot.features.faq.book import bound
from bot.features.faq.markdown import page
from bot.features.faq.rules import most_asked
from storage.sql import bulk
from storage.sql.statements import Statement
from storage.stores.enrolment import Enrolment
from storage.stores.faq import Faq
from storage.tables.absence import gone
from storage.tables.activity import active
from storage.tables.completion import CertificateRow, CodeTryRow, FinalCardRow
from storage.tables.milestones import MilestoneWindowRow, MoveRow, SubmissionRow
from storage.tables.people import AccountRow, CohortRow, MembershipRow
from storage.tables.questions import QuestionRow
from storage.tables.wrapups import AnswerRow, RoundRow, WindowRow

TRIES_KEPT = timedelta(days=1)

WRITTEN = ("text", "long")
"""Kinds of questions that are answered in words."""


# Built once: these run for nearly everything that learners do.
_windows, _work, _rounds, _open_to, _answers, _told, _certificates = (
    bulk.table(model).c
    for model in (MilestoneWindowRow, SubmissionRow, RoundRow, WindowRow, AnswerRow, FinalCardRow, CertificateRow)
)
_of_cohort = sa.bindparam("cohort", type_=sa.Integer)
_ROUNDS = Statement(
    sa.select(bulk.table(RoundRow))
    .where(_rounds.cohort == _of_cohort)
    .order_by(_rounds.week, _rounds.opens_at, _rounds.id)
)
_ASKED = bulk.About(
    sa.select(
        *(_windows.person, _windows.milestone, _windows.opens_at),
        *(_windows.due_at, _windows.closes_at, _windows.optional),
    ).where(_windows.cohort == _of_cohort),
    _windows.person,
)
_HANDED_IN = bulk.About(
    sa.select(_work.person, _work.milestone, _work.first_at).where(
        _work.cohort == _of_cohort, _work.deleted_at.is_(None)
    ),
    _work.person,
)
_OPEN_TO = bulk.About(
    sa.select(_open_to.person, _open_to.round, _open_to.asked_at).where(bulk.among(_open_to.round, "rounds", int)),
    _open_to.person,
)
_ANSWERED = bulk.About(
    sa.select(_answers.person, _answers.round, _answers.first_at).where(
        bulk.among(_answers.round, "rounds", int), _answers.deleted_at.is_(None), ~_answers.begun
    ),
    _answers.person,
)
_TELL = bulk.Put(FinalCardRow, ("cohort", "person", "at"), ("cohort", "person"), ("at",))
_TOLD = bulk.About(sa.select(_told.person).where(_told.cohort == _of_cohort), _told.person)
_CERTIFICATES = bulk.About(
    sa.select(*(_certificates[f.name] for f in fields(Certificate))).where(_certificates.cohort == _of_cohort),
    _certificates.person,
)


class Completion:
    """The `CompletionStore` of bot/features/completion, over tables."""

    def __init__(self, session: Session, now: datetime, chance: Random | None = None) -> None:
        """`chance` is the source of randomness for certificate codes; defaults to a secure one."""
        self._session = session
        self._now = now
        self._chance = chance or SystemRandom()

    # Progress

    def records(self, cohort: int, people: Collection[int]) -> Mapping[int, Record]:
        rounds = self._rounds(cohort)
        by_id = {r.id: r for r in rounds}
        windows: dict[int, dict[str, Window]] = {p: {} for p in people}
        work: dict[int, dict[str, datetime]] = {p: {} for p in people}
        theirs: dict[int, set[int]] = {p: set() for p in people}
        answered: dict[int, dict[int, datetime]] = {p: {} for p in people}
        for person, milestone, *rest in _ASKED.rows(self._session, people, cohort=cohort):
            windows[person][milestone] = Window(*rest)
        for person, milestone, at in _HANDED_IN.rows(self._session, people, cohort=cohort):
            work[person][milestone] = at
        for person, round, asked_at in _OPEN_TO.rows(self._session, people, rounds=by_id):
            if asked_at is not None or _was_asked(by_id[round]):
                theirs[person].add(round)
        for person, round, at in _ANSWERED.rows(self._session, people, rounds=by_id):
            answered[person][round] = at
            theirs[person].add(round)
        listed = [Round(r.id, r.week, r.title) for r in rounds]
        return {p: Record(windows[p], work[p], [r for r in listed if r.id in theirs[p]], answered[p]) for p in people}

    def last_dates(self, cohort: int, people: Collection[int]) -> Mapping[int, tuple[datetime | None, datetime | None]]:
        due: dict[int, datetime] = {}
        closes: dict[int, datetime] = {}
        rounds = [r.id for r in self._rounds(cohort)]
        for some in bulk.parts(people):
            last_due = (
                columns(col(MilestoneWindowRow.person), func.max(col(MilestoneWindowRow.due_at)))
                .where(
                    col(MilestoneWindowRow.cohort) == cohort,
                    ~col(MilestoneWindowRow.optional),
                    col(MilestoneWindowRow.person).in_(some),
                )
                .group_by(col(MilestoneWindowRow.person))
            )
            due.update((person, at) for person, at in self._session.execute(last_due))
            last_close = (
                columns(col(WindowRow.person), func.max(col(WindowRow.closes_at)))
                .where(col(WindowRow.round).in_(rounds), col(WindowRow.person).in_(some))
                .group_by(col(WindowRow.person))
            )
            closes.update((person, at) for person, at in self._session.execute(last_close))
        return {p: (due.get(p), closes.get(p)) for p in people}

    def _rounds(self, cohort: int) -> Sequence[Any]:
        return _ROUNDS.named(self._session, cohort=cohort)

    # Final cards and certificates

    def told(self, cohort: int, people: Collection[int] | None = None) -> frozenset[int]:
        return frozenset(person for (person,) in _TOLD.rows(self._session, people, cohort=cohort))

    def tell(self, cohort: int, people: Collection[int]) -> None:
        rows = [{"cohort": cohort, "person": p, "at": self._now} for p in people]
        _TELL.rows(self._session, rows)

    def gone(self, cohort: int) -> frozenset[int]:
        return gone(self._session, cohort, self._now)

    def certificates(self, cohort: int, people: Collection[int]) -> Mapping[int, Certificate]:
        rows = _CERTIFICATES.rows(self._session, people, cohort=cohort)
        return {row.person: row for row in (Certificate(*row) for row in rows)}

    def certificate(self, code: str) -> Certificate | None:
        row = self._session.get(CertificateRow, code)
        return _certificate(row) if row else None

    def issue(self, certificate: Certificate) -> None:
        c = certificate
        self._session.add(
            CertificateRow(
                code=c.code,
                cohort=c.cohort,
                person=c.person,
                name=c.name,
                course=c.course,
                issued_at=c.issued_at,
                started_on=c.started_on,
                ended_on=c.ended_on,
            )
        )
        self._session.flush()

    def certificates_of(self, person: int) -> Sequence[Certificate]:
        query = select(CertificateRow).where(CertificateRow.person == person)
        return [_certificate(row) for row in self._session.exec(query.order_by(col(CertificateRow.issued_at).desc()))]

    def show(self, code: str, at: datetime | None) -> None:
        self._session.get_one(CertificateRow, code).shown_at = at
        self._session.flush()

    def note_try(self, person: int) -> None:
        self._session.exec(delete(CodeTryRow).where(col(CodeTryRow.at) <= self._now - TRIES_KEPT))
        self._session.add(CodeTryRow(person=person, at=self._now))
        self._session.flush()

    def tries(self, person: int, since: datetime) -> int:
        query = select(func.count()).where(col(CodeTryRow.person) == person, col(CodeTryRow.at) > since)
        return self._session.exec(query).one()

    def choose(self, letters: Sequence[str]) -> str:
        return self._chance.choice(letters)

    # The end of a cohort

    def end_cohort(self, cohort: int, cut_short: bool = False) -> None:
        # One place writes cohorts.
        Enrolment(self._session, self._now).end_cohort(cohort, cut_short)
        self._session.flush()

    def reopen_cohort(self, cohort: int) -> None:
        Enrolment(self._session, self._now).reopen_cohort(cohort)
        self._session.flush()

    def moved(self, cohort: int) -> frozenset[tuple[str, int]]:
        query = select(MoveRow.milestone, MoveRow.person).where(
            MoveRow.cohort == cohort, MoveRow.days != 0, MoveRow.person != 0
        )
        return frozenset((milestone, person) for milestone, person in self._session.exec(query))

    def waiting(self, cohort: int) -> Waiting:
        query = select(QuestionRow.kind, QuestionRow.replies).where(
            col(QuestionRow.cohort) == cohort, col(QuestionRow.state).in_(("open", "elsewhere"))
        )
        found = [(kind == "note", replies > 0) for kind, replies in self._session.exec(query)]
        return Waiting(found.count((False, False)), sum(replied for _, replied in found), found.count((True, False)))

    def open_rounds(self, cohort: int) -> Sequence[str]:
        return [r.title for r in self._rounds(cohort) if r.state == "open"]

    def accounts(self, cohort: int, workspace: str | None) -> Mapping[int, str]:
        members = select(MembershipRow.person).where(MembershipRow.cohort == cohort)
        rows = self._session.exec(select(AccountRow).where(col(AccountRow.person).in_(members))).all()
        ranked = sorted(rows, key=lambda r: (r.workspace == workspace, r.seen_at, r.user))
        return {r.person: r.user for r in ranked}

    def active(self, cohort: int, start: datetime, end: datetime) -> frozenset[int]:
        return active(self._session, cohort, start, end)

    def asked(self, cohort: int) -> Sequence[Asked]:
        query = select(QuestionRow.asked_at, QuestionRow.first_answer_at).where(
            QuestionRow.cohort == cohort, col(QuestionRow.state).in_(("open", "solved")), QuestionRow.kind != "note"
        )
        return [Asked(at, answered_at) for at, answered_at in self._session.exec(query)]

    def rounds(self, cohort: int) -> Sequence[RoundResult]:
        rows = [r for r in self._rounds(cohort) if r.state != "planned" and _was_asked(r)]
        private = {
            r.id: [q["id"] for q in json.loads(r.questions) if q["audience"] == "instructors" and q["kind"] in WRITTEN]
            for r in rows
        }
        answered: dict[int, set[int]] = {r.id: set() for r in rows}
        stuck: dict[int, set[int]] = {r.id: set() for r in rows}
        query = columns(col(AnswerRow.round), col(AnswerRow.person), col(AnswerRow.body), col(AnswerRow.begun)).where(
            col(AnswerRow.round).in_(private), col(AnswerRow.deleted_at).is_(None)
        )
        for round, person, body, begun in self._session.execute(query):
            if not begun:
                answered[round].add(person)
            if any(json.loads(body).get(name, "").strip() for name in private[round]):
                stuck[round].add(person)
        return [
            RoundResult(r.prompt, r.week, r.closes_at, frozenset(answered[r.id]), frozenset(stuck[r.id])) for r in rows
        ]

    def milestones(self, cohort: int, people: Collection[int]) -> Mapping[str, MilestoneResult]:
        present = set(people)
        mw, sub = MilestoneWindowRow, SubmissionRow
        pieces = columns(*map(col, (sub.milestone, sub.person, sub.late, sub.first_at, sub.changed_at))).where(
            col(sub.cohort) == cohort, col(sub.deleted_at).is_(None)
        )
        work = {(milestone, person): piece for milestone, person, *piece in self._session.execute(pieces)}
        moved: dict[str, int] = {}
        for_all: dict[str, int] = {}
        for move in self._session.exec(select(MoveRow).where(MoveRow.cohort == cohort, MoveRow.days != 0)):
            if move.person:
                moved[move.milestone] = moved.get(move.milestone, 0) + 1
            else:
                for_all[move.milestone] = move.days
        asked: dict[str, int] = {}
        late: dict[str, list[float]] = {}
        handed_in: dict[str, int] = {}
        theirs = columns(*map(col, (mw.milestone, mw.person, mw.due_at, mw.optional))).where(col(mw.cohort) == cohort)
        for id, person, due_at, optional in self._session.execute(theirs):
            piece = work.get((id, person))
            if piece is None and (optional or person not in present):
                continue
            asked[id] = asked.get(id, 0) + 1
            if piece is None:
                continue
            handed_in[id] = handed_in.get(id, 0) + 1
            is_late, first_at, changed_at = piece
            if is_late:
                came = first_at if first_at > due_at else changed_at
                late.setdefault(id, []).append(max(0.0, (came - due_at).total_seconds() / 3600))
        return {
            id: MilestoneResult(
                asked[id], handed_in.get(id, 0), tuple(late.get(id, ())), moved.get(id, 0), for_all.get(id, 0)
            )
            for id in asked
        }

    def faq(self, cohort: int, title: str) -> str:
        run = self._session.get_one(CohortRow, cohort)
        course = course_of(run.course_text)
        store = Faq(self._session, self._now)
        entries = most_asked([e for e in store.standing(course.id, cohort) if e.cohort == cohort])
        return page(bound(store, course.id, title, entries, self._now, course.faq.verify_after))


def _was_asked(round: sa.Row[Any]) -> bool:
    """Not one that a pause or downtime swallowed."""
    return bool(round.state != "closed" or round.posted)


def _certificate(row: CertificateRow | sa.Row[Any]) -> Certificate:
    return Certificate(*(getattr(row, f.name) for f in fields(Certificate)))
