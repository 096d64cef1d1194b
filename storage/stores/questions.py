"""Questions, their replies and revisions, and who marked what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from bot.core.people import MessageRef, Place
from bot.core.ports import Suggest, Suggestion
from bot.features.questions.detecting import EARLIER, LONGEST_SILENCE, Spoken
from bot.features.questions.store import Asked, Guess, Kind, Question, Response, State, Waiting
from storage.sql.clauses import given
from storage.sql.statements import Change, Insert, Query, Update
from storage.tables.people import MembershipRow
from storage.tables.questions import DeletionRow, MarkRow, QuestionRow, ReplyRow, RevisionRow, TalkRow

DRAFTS_KEPT = timedelta(days=7)


# Compiled once: these run at every message in a channel.
_QUESTION = Query(select(QuestionRow).where(*given(QuestionRow.id)))
_QUESTION_AT = Query(select(QuestionRow).where(*given(QuestionRow.workspace, QuestionRow.channel, QuestionRow.message)))
_RESPONSE = Query(select(ReplyRow).where(*given(ReplyRow.id)))
_RESPONSE_AT = Query(select(ReplyRow).where(*given(ReplyRow.workspace, ReplyRow.channel, ReplyRow.message)))
_KEPT = (
    *("text", "kind", "state", "anonymous", "asked_at", "first_answer_at", "solved_at"),
    *("answer", "taken_by", "replies", "revision", "guess"),
)
_KEPT_OF_A_REPLY = ("text", "at", "revision", "deleted")
_ADD_QUESTION, _ADD_RESPONSE, _ADD_MARK = Insert(QuestionRow), Insert(ReplyRow), Insert(MarkRow)
_KEEP_QUESTION, _KEEP_RESPONSE = Update(QuestionRow, *_KEPT), Update(ReplyRow, *_KEPT_OF_A_REPLY)
_MARK = Query(select(MarkRow.id).where(*given(MarkRow.reply, MarkRow.person)))
_in_channel = given(TalkRow.workspace, TalkRow.channel)
_TALK = Query(
    select(TalkRow.person, TalkRow.at).where(*_in_channel).order_by(col(TalkRow.at).desc()).limit(EARLIER)
).into(Spoken)
_FORGET_TALK = Change(delete(TalkRow).where(*_in_channel, col(TalkRow.at) < sa.bindparam("before")))
_WAS_DELETED = Query(
    select(DeletionRow.at).where(*given(DeletionRow.workspace, DeletionRow.channel, DeletionRow.message))
)


def _unsolved(cohort: int, kinds: Collection[Kind]) -> tuple[Any, ...]:
    """Open questions, except notes that somebody has replied to."""
    row = QuestionRow
    return (
        row.cohort == cohort,
        col(row.state).in_(("open", "elsewhere")),
        col(row.kind).in_(kinds),
        (col(row.kind) != "note") | (col(row.replies) == 0),
    )


class SqlQuestions:
    """The `QuestionStore` of bot/features/questions, over tables. `suggest` finds what is already known."""

    def __init__(self, session: Session, now: datetime, suggest: Suggest) -> None:
        self._session = session
        self._now = now
        self._suggest = suggest

    def likely(self, course: str, cohort: int, text: str) -> Sequence[Suggestion]:
        return self._suggest.likely(course, cohort, text)

    def known(self, course: str, cohort: int, entry: int) -> Suggestion | None:
        return self._suggest.known(course, cohort, entry)

    # Questions

    def add(self, question: Question) -> Question:
        if question.state == "draft":
            self._forget_drafts(question.asker)
        values = {name: getattr(question, name) for name in ("cohort", "asker", "plain", *_KEPT)}
        return replace(question, id=_ADD_QUESTION.number(self._session, **values, **_where(question.ref)))

    def keep(self, question: Question) -> None:
        before = _QUESTION.one(self._session, id=question.id)
        if before.text != question.text:
            self._revise(question.id, None, before.text, question.text)
        _KEEP_QUESTION.row(self._session, question.id, **{name: getattr(question, name) for name in _KEPT})

    def wordings(self, question: int, reply: int | None = None) -> Sequence[str]:
        row = self._session.get_one(QuestionRow, question) if reply is None else self._session.get_one(ReplyRow, reply)
        earlier = select(RevisionRow.text).where(RevisionRow.question == question, RevisionRow.reply == reply)
        return [row.text, *self._session.exec(earlier)]

    def drop_draft(self, question: int) -> None:
        self._session.exec(
            delete(QuestionRow).where(col(QuestionRow.id) == question, col(QuestionRow.state) == "draft")
        )

    def _forget_drafts(self, asker: int) -> None:
        self._session.exec(
            delete(QuestionRow).where(
                col(QuestionRow.asker) == asker,
                col(QuestionRow.state) == "draft",
                col(QuestionRow.asked_at) < self._now - DRAFTS_KEPT,
            )
        )

    def question(self, question: int) -> Question | None:
        row = _QUESTION.first(self._session, id=question)
        return _question(row) if row else None

    def question_at(self, ref: MessageRef) -> Question | None:
        row = _QUESTION_AT.first(self._session, **_where(ref))
        return _question(row) if row else None

    def asked_since(self, cohort: int, asker: int, text: str, since: datetime) -> Question | None:
        query = (
            select(QuestionRow)
            .where(
                QuestionRow.asker == asker,
                col(QuestionRow.state).in_(("draft", "open")),
                QuestionRow.asked_at >= since,
                QuestionRow.cohort == cohort,
                QuestionRow.text == text,
                col(QuestionRow.plain).is_(False),
            )
            .order_by(col(QuestionRow.id).desc())
        )
        row = self._session.exec(query).first()
        return _question(row) if row else None

    def written_by(self, person: int) -> tuple[Sequence[Question], Sequence[Response]]:
        asked = select(QuestionRow).where(QuestionRow.asker == person, QuestionRow.state != "withdrawn")
        replied = select(ReplyRow).where(ReplyRow.author == person, ~col(ReplyRow.deleted))
        questions = self._session.exec(asked.order_by(col(QuestionRow.id))).all()
        responses = self._session.exec(replied.order_by(col(ReplyRow.id))).all()
        return [_question(row) for row in questions], [_response(row) for row in responses]

    def unsolved_of(self, cohort: int, asker: int) -> Sequence[Question]:
        query = (
            select(QuestionRow)
            .where(
                QuestionRow.asker == asker,
                col(QuestionRow.state).in_(("open", "elsewhere")),
                QuestionRow.cohort == cohort,
            )
            .order_by(col(QuestionRow.asked_at))
        )
        return [_question(row) for row in self._session.exec(query)]

    def waiting(self, cohort: int, limit: int) -> Waiting:
        waits = (
            QuestionRow.cohort == cohort,
            col(QuestionRow.state).in_(("open", "elsewhere")),
            col(QuestionRow.first_answer_at).is_(None),
        )
        kinds = select(QuestionRow.kind, func.count()).where(*waits).group_by(QuestionRow.kind)
        number = dict(self._session.exec(kinds).all())
        query = select(QuestionRow).where(*waits).order_by(col(QuestionRow.asked_at)).limit(limit)
        oldest = [_question(row) for row in self._session.exec(query)] if number else []
        notes = number.pop("note", 0)
        return Waiting(sum(number.values()), notes, oldest)

    def unsolved(self, cohort: int, kinds: Collection[Kind], limit: int) -> Sequence[Question]:
        query = select(QuestionRow).where(*_unsolved(cohort, kinds))
        rows = self._session.exec(query.order_by(col(QuestionRow.asked_at), col(QuestionRow.id)).limit(limit))
        return [_question(row) for row in rows]

    def count_unsolved(self, cohort: int, kinds: Collection[Kind], asked_before: datetime) -> int:
        query = select(func.count()).where(*_unsolved(cohort, kinds), QuestionRow.asked_at <= asked_before)
        return self._session.exec(query).one()

    def most_replied(self, cohort: int, since: datetime, limit: int) -> Sequence[Question]:
        query = (
            select(QuestionRow)
            .where(
                QuestionRow.cohort == cohort,
                col(QuestionRow.state).in_(("open", "elsewhere", "solved")),
                col(QuestionRow.kind).not_in(("private", "note")),
                QuestionRow.asked_at >= since,
            )
            .order_by(col(QuestionRow.replies).desc(), col(QuestionRow.id))
            .limit(limit)
        )
        return [_question(row) for row in self._session.exec(query)]

    def answered_by_learners(self, cohort: int, since: datetime, limit: int) -> Sequence[tuple[Question, Response]]:
        learners = select(MembershipRow.person).where(
            MembershipRow.cohort == cohort, MembershipRow.role == "learner", col(MembershipRow.left_at).is_(None)
        )
        query = (
            select(QuestionRow, ReplyRow)
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
        return [(_question(question), _response(answer)) for question, answer in self._session.exec(query)]

    def last_spoke(self, cohort: int, since: datetime, until: datetime) -> Mapping[int, datetime]:
        asked = select(QuestionRow.asker, QuestionRow.asked_at).where(
            QuestionRow.cohort == cohort,
            QuestionRow.asked_at >= since,
            QuestionRow.asked_at < until,
            # A word of the course team that the learner has not replied to.
            sa.or_(col(QuestionRow.text) != "", col(QuestionRow.state) == "withdrawn"),
            col(QuestionRow.anonymous).is_(False),
        )
        replied = (
            select(ReplyRow.author, ReplyRow.at)
            .join(QuestionRow, col(QuestionRow.id) == col(ReplyRow.question))
            .where(QuestionRow.cohort == cohort, ReplyRow.at >= since, ReplyRow.at < until)
        )
        spoke = [*self._session.exec(asked), *self._session.exec(replied)]
        return {person: at for person, at in sorted(spoke, key=lambda s: s[1]) if person is not None}

    def unsettled(self, cohort: int) -> Sequence[tuple[Kind, int]]:
        query = select(QuestionRow.kind, QuestionRow.replies).where(
            col(QuestionRow.cohort) == cohort, col(QuestionRow.state).in_(("open", "elsewhere"))
        )
        return [(cast(Kind, kind), replies) for kind, replies in self._session.exec(query)]

    def asked(self, cohort: int, since: datetime | None = None) -> Sequence[Asked]:
        query = select(QuestionRow.asked_at, QuestionRow.first_answer_at).where(
            QuestionRow.cohort == cohort, col(QuestionRow.state).in_(("open", "solved")), QuestionRow.kind != "note"
        )
        if since is not None:
            query = query.where(QuestionRow.asked_at >= since)
        return [Asked(at, answered_at) for at, answered_at in self._session.exec(query)]

    # Replies

    def respond(self, response: Response) -> Response:
        values = {name: getattr(response, name) for name in ("question", "author", "own", "entry", *_KEPT_OF_A_REPLY)}
        return replace(response, id=_ADD_RESPONSE.number(self._session, **values, **_where(response.ref)))

    def keep_response(self, response: Response) -> None:
        before = _RESPONSE.one(self._session, id=response.id)
        if before.text != response.text:
            self._revise(response.question, response.id, before.text, response.text)
        values = {name: getattr(response, name) for name in _KEPT_OF_A_REPLY}
        _KEEP_RESPONSE.row(self._session, response.id, **values)

    def response(self, response: int) -> Response | None:
        row = _RESPONSE.first(self._session, id=response)
        return _response(row) if row else None

    def response_at(self, ref: MessageRef) -> Response | None:
        row = _RESPONSE_AT.first(self._session, **_where(ref))
        return _response(row) if row else None

    def responses(self, question: int) -> Sequence[Response]:
        query = select(ReplyRow).where(ReplyRow.question == question, col(ReplyRow.deleted).is_(False))
        rows = self._session.exec(query.order_by(col(ReplyRow.at), col(ReplyRow.id)))
        return [_response(row) for row in rows]

    def _revise(self, question: int, reply: int | None, old: str, new: str) -> None:
        if new:
            self._session.add(RevisionRow(question=question, reply=reply, text=old, until=self._now))
        else:
            self._session.exec(
                delete(RevisionRow).where(col(RevisionRow.question) == question, col(RevisionRow.reply) == reply)
                if reply is not None
                else delete(RevisionRow).where(col(RevisionRow.question) == question, col(RevisionRow.reply).is_(None))
            )

    # Marks

    def mark(self, response: Response, person: int) -> None:
        if _MARK.first(self._session, reply=response.id, person=person) is None:
            _ADD_MARK.run(self._session, question=response.question, reply=response.id, person=person)

    def unmark(self, response: Response, person: int | None = None) -> None:
        change = delete(MarkRow).where(col(MarkRow.reply) == response.id)
        if person is not None:
            change = change.where(col(MarkRow.person) == person)
        self._session.exec(change)

    def clear_marks(self, question: int) -> None:
        self._session.exec(delete(MarkRow).where(col(MarkRow.question) == question))

    def marked(self, question: int) -> int | None:
        query = select(MarkRow.reply).where(MarkRow.question == question).order_by(col(MarkRow.id).desc()).limit(1)
        return self._session.exec(query).first()

    # Talk

    def talk(self, place: Place) -> Sequence[Spoken]:
        return _TALK.all(self._session, workspace=place.workspace, channel=place.channel)[::-1]

    def remember_talk(self, ref: MessageRef, spoken: Spoken) -> None:
        where = {"workspace": ref.workspace, "channel": ref.channel}
        _FORGET_TALK.run(self._session, **where, before=spoken.at - LONGEST_SILENCE)
        self._session.merge(TalkRow(**where, message=ref.id, person=int(spoken.by), at=spoken.at))

    # Deletions

    def was_deleted(self, ref: MessageRef) -> bool:
        return _WAS_DELETED.first(self._session, **_where(ref)) is not None

    def remember_deleted(self, ref: MessageRef) -> None:
        self._session.merge(DeletionRow(workspace=ref.workspace, channel=ref.channel, message=ref.id, at=self._now))
        self._session.flush()


def _where(ref: MessageRef | None) -> dict[str, str | None]:
    """The columns of a message's reference; None for a message that the bot posted."""
    return {
        "workspace": ref.workspace if ref else None,
        "channel": ref.channel if ref else None,
        "message": ref.id if ref else None,
    }


def _ref(row: QuestionRow | ReplyRow) -> MessageRef | None:
    if row.workspace is None or row.channel is None or row.message is None:
        return None
    return MessageRef(row.workspace, row.channel, row.message)


def _question(row: QuestionRow) -> Question:
    return Question(
        id=row.id,
        cohort=row.cohort,
        asker=row.asker,
        text=row.text,
        kind=cast(Kind, row.kind),
        state=cast(State, row.state),
        plain=row.plain,
        anonymous=row.anonymous,
        ref=_ref(row),
        asked_at=row.asked_at,
        first_answer_at=row.first_answer_at,
        solved_at=row.solved_at,
        answer=row.answer,
        taken_by=row.taken_by,
        replies=row.replies,
        revision=row.revision,
        guess=cast(Guess, row.guess),
    )


def _response(row: ReplyRow) -> Response:
    return Response(
        row.id,
        row.question,
        row.author,
        row.own,
        row.text,
        row.at,
        _ref(row),
        row.revision,
        row.deleted,
        row.entry,
    )
