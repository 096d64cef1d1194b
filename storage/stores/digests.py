"""What the digests read of the other features' tables. Nothing is written here."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.core.ports import Suggest, Suggestion
from bot.features.digests.store import (
    SEARCHED_BY,
    Asked,
    Common,
    FaqWeek,
    RoundFigures,
    Solved,
    Topic,
    ToReview,
    Waiting,
)
from bot.features.faq.store import Reviewer
from storage.stores.faq import SqlFaq
from storage.tables.absence import AbsenceRow, HeardRow
from storage.tables.activity import active
from storage.tables.faq import EntryRow, MissRow, VersionRow
from storage.tables.people import MembershipRow
from storage.tables.questions import QuestionRow, ReplyRow
from storage.tables.wrapups import AnswerRow, RoundRow

_CHANGES = {
    "changed": "its source was edited",
    "reopened": "the mark on its answer was taken back",
    "withdrawn": "its source was deleted",
}

POSED = ("open", "elsewhere", "solved")
"""States of a question that somebody really asked."""


class SqlDigests:
    """The `DigestStore` of bot/features/digests, over tables."""

    def __init__(self, session: Session, now: datetime, suggest: Suggest) -> None:
        self._suggest = suggest
        self._session = session
        self._now = now

    def waiting(self, cohort: int, limit: int) -> Sequence[Waiting]:
        query = (
            select(QuestionRow)
            .where(QuestionRow.cohort == cohort, col(QuestionRow.state).in_(("open", "elsewhere")))
            .where(QuestionRow.kind != "note")
            .order_by(col(QuestionRow.asked_at), col(QuestionRow.id))
            .limit(limit)
        )
        return [_waiting(r) for r in self._session.exec(query)]

    def notes(self, cohort: int, limit: int) -> Sequence[Waiting]:
        query = (
            select(QuestionRow)
            .where(QuestionRow.cohort == cohort, QuestionRow.kind == "note", QuestionRow.state == "open")
            .where(QuestionRow.replies == 0)
            .order_by(col(QuestionRow.asked_at), col(QuestionRow.id))
            .limit(limit)
        )
        return [_waiting(r) for r in self._session.exec(query)]

    def count_waiting(self, cohort: int, asked_before: datetime) -> int:
        query = select(func.count()).where(
            QuestionRow.cohort == cohort,
            col(QuestionRow.state).in_(("open", "elsewhere")),
            QuestionRow.kind != "note",
            QuestionRow.asked_at <= asked_before,
        )
        return self._session.exec(query).one()

    def asked(self, cohort: int, since: datetime) -> Sequence[Asked]:
        query = select(QuestionRow.asked_at, QuestionRow.first_answer_at).where(
            QuestionRow.cohort == cohort,
            col(QuestionRow.state).in_(("open", "solved")),
            QuestionRow.kind != "note",
            QuestionRow.asked_at >= since,
        )
        return [Asked(at, answered_at) for at, answered_at in self._session.exec(query)]

    def common(self, cohort: int, since: datetime, limit: int) -> Sequence[Common]:
        query = (
            select(QuestionRow.text, QuestionRow.replies)
            .where(
                QuestionRow.cohort == cohort,
                col(QuestionRow.state).in_(POSED),
                col(QuestionRow.kind).not_in(("private", "note")),
                QuestionRow.asked_at >= since,
            )
            .order_by(col(QuestionRow.replies).desc(), col(QuestionRow.id))
            .limit(limit)
        )
        return [Common(text, replies) for text, replies in self._session.exec(query)]

    def solved(self, cohort: int, since: datetime, limit: int) -> Sequence[Solved]:
        learners = select(MembershipRow.person).where(
            MembershipRow.cohort == cohort, MembershipRow.role == "learner", col(MembershipRow.left_at).is_(None)
        )
        query = (
            select(QuestionRow.text, ReplyRow.text)
            .join(ReplyRow, col(ReplyRow.id) == col(QuestionRow.answer))
            .where(
                QuestionRow.cohort == cohort,
                QuestionRow.state == "solved",
                col(QuestionRow.kind).not_in(("private", "note")),
                col(QuestionRow.solved_at) >= since,
                ~col(ReplyRow.deleted),
                col(ReplyRow.author).in_(learners),
            )
            .order_by(col(QuestionRow.solved_at).desc(), col(QuestionRow.id))
            .limit(limit)
        )
        return [Solved(question, answer) for question, answer in self._session.exec(query)]

    def to_review(self, cohort: int, course: str, stale_before: datetime) -> ToReview:
        waiting = SqlFaq(self._session, self._now).waiting(Reviewer(cohort, course, stale_before), 0)
        return ToReview(waiting.flagged, waiting.unverified, waiting.drafts)

    def approved(self, cohort: int, since: datetime) -> int:
        query = select(func.count()).where(
            EntryRow.cohort == cohort, EntryRow.state == "approved", col(EntryRow.verified_at) >= since
        )
        return self._session.exec(query).one()

    def likely(self, course: str, cohort: int, text: str) -> Sequence[Suggestion]:
        return self._suggest.likely(course, cohort, text)

    def known(self, course: str, cohort: int, entry: int) -> Suggestion | None:
        return self._suggest.known(course, cohort, entry)

    def faq_week(self, cohort: int, course: str, since: datetime, limit: int) -> FaqWeek:
        here = (EntryRow.course == course, or_(~col(EntryRow.run_only), col(EntryRow.cohort) == cohort))
        drafted = select(func.count()).where(
            EntryRow.cohort == cohort, EntryRow.state == "draft", EntryRow.created_at >= since
        )
        asked = (
            select(EntryRow)
            .where(*here, or_(col(EntryRow.state).in_(("approved", "flagged")), col(EntryRow.cohort) == cohort))
            .where(col(EntryRow.state).in_(("draft", "approved", "flagged")))
            .where(col(EntryRow.last_asked) >= since, EntryRow.askers > 1)
            .order_by(col(EntryRow.askers).desc(), col(EntryRow.id))
            .limit(limit)
        )
        topics = [
            Topic(r.id or 0, r.question.partition("\n")[0], r.askers, r.state == "draft")
            for r in self._session.exec(asked)
        ]
        flagged = select(EntryRow).where(*here, EntryRow.state == "flagged").order_by(col(EntryRow.id)).limit(limit)
        corrected = [(r.id or 0, r.question.partition("\n")[0], _CHANGES[r.flag]) for r in self._session.exec(flagged)]
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
            corrected.append((entry, question.partition("\n")[0], "corrected by the course team"))
        approved = self.approved(cohort, since)
        drafts = self._session.exec(drafted).one()
        return FaqWeek(approved, drafts, topics, corrected[:limit], self._missed(cohort, since, limit))

    def _missed(self, cohort: int, since: datetime, limit: int) -> list[tuple[str, int]]:
        # What was asked after a suggestion waits as a question itself, and goes with it when it is taken back.
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

    def last_round(self, cohort: int) -> RoundFigures | None:
        opened = select(RoundRow).where(RoundRow.cohort == cohort, RoundRow.state != "planned")
        row = self._session.exec(opened.order_by(col(RoundRow.opens_at).desc(), col(RoundRow.id).desc())).first()
        if row is None:
            return None
        answered = select(AnswerRow.person).where(
            AnswerRow.round == row.id, col(AnswerRow.deleted_at).is_(None), ~col(AnswerRow.begun)
        )
        return RoundFigures(row.week, row.closes_at, frozenset(self._session.exec(answered)))

    def recording(self, cohort: int, week: int) -> str:
        rounds = select(RoundRow.recording).where(RoundRow.cohort == cohort, RoundRow.week == week)
        return self._session.exec(rounds.order_by(col(RoundRow.opens_at), col(RoundRow.id))).first() or ""

    def active(self, cohort: int, start: datetime, end: datetime) -> frozenset[int]:
        return active(self._session, cohort, start, end)

    def heard_after(self, cohort: int, since: datetime) -> frozenset[int]:
        heard = (
            select(HeardRow.person)
            .join(MembershipRow, col(MembershipRow.person) == col(HeardRow.person))
            .where(MembershipRow.cohort == cohort, HeardRow.until > since)
        )
        returned = select(AbsenceRow.person).where(AbsenceRow.cohort == cohort, col(AbsenceRow.ends_at) > since)
        return frozenset(p for query in (heard, returned) for p in self._session.exec(query))

    def joined_after(self, cohort: int, since: datetime) -> frozenset[int]:
        query = select(MembershipRow.person).where(MembershipRow.cohort == cohort, MembershipRow.joined_at > since)
        return frozenset(self._session.exec(query))


def _waiting(r: QuestionRow) -> Waiting:
    asker = None if r.anonymous else r.asker
    return Waiting(r.id or 0, r.text, r.asked_at, r.replies, r.taken_by, asker)
