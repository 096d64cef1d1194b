"""Questions, their replies and revisions, and who marked what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from bot.core.people import MessageRef, Place
from bot.core.ports import Suggest, Suggestion
from bot.features.questions.detecting import EARLIER, LONGEST_SILENCE, Spoken
from bot.features.questions.store import NOTES, PRIVATE, Asked, Kind, Question, Response
from storage.sql.clauses import among, given, in_state
from storage.sql.mapper import Mapper, ref_columns
from storage.sql.statements import Change, Insert, Put, Query, Update
from storage.sql.store import Store
from storage.tables.people import MembershipRow
from storage.tables.questions import DeletionRow, MarkRow, QuestionRow, ReplyRow, RevisionRow, TalkRow

DRAFTS_KEPT = timedelta(days=7)


# Compiled once: these run at every message in a channel.
_QUESTIONS, _RESPONSES = Mapper(Question, QuestionRow), Mapper(Response, ReplyRow)
_QUESTION = _QUESTIONS.query(*given(QuestionRow.id))
_QUESTION_AT = _QUESTIONS.query(*given(QuestionRow.workspace, QuestionRow.channel, QuestionRow.message))
_RESPONSE = _RESPONSES.query(*given(ReplyRow.id))
_RESPONSE_AT = _RESPONSES.query(*given(ReplyRow.workspace, ReplyRow.channel, ReplyRow.message))
_KEPT = (
    *("text", "kind", "state", "anonymous", "asked_at", "first_answer_at", "solved_at"),
    *("answer", "taken_by", "replies", "revision", "guess", "known", "unseen", "by_team"),
)
_KEPT_OF_A_REPLY = ("text", "at", "revision", "deleted", "post")
_ADD_QUESTION, _ADD_RESPONSE, _ADD_MARK = Insert(QuestionRow), Insert(ReplyRow), Insert(MarkRow)
_KEEP_QUESTION, _KEEP_RESPONSE = Update(QuestionRow, *_KEPT), Update(ReplyRow, *_KEPT_OF_A_REPLY)
_MARK = Query(select(MarkRow.id).where(*given(MarkRow.reply, MarkRow.person)))
_in_channel = given(TalkRow.workspace, TalkRow.channel)
_TALK = Query(
    select(TalkRow.person, TalkRow.at).where(*_in_channel).order_by(col(TalkRow.at).desc()).limit(EARLIER)
).into(Spoken)
_REMEMBER_TALK = Put(TalkRow, ("workspace", "channel", "message"), ("person", "at"))
_FORGET_TALK = Change(delete(TalkRow).where(*_in_channel, col(TalkRow.at) < sa.bindparam("before")))
_WAS_DELETED = Query(
    select(DeletionRow.at).where(*given(DeletionRow.workspace, DeletionRow.channel, DeletionRow.message))
)


# Open questions of some kinds, except notes that somebody has replied to.
_unsolved = (
    *given(QuestionRow.cohort),
    in_state(QuestionRow.state, "open", "elsewhere"),
    among(QuestionRow.kind, "kinds"),
    (col(QuestionRow.kind) != "note") | (col(QuestionRow.replies) == 0),
)
_COUNT_UNSOLVED = Query(select(func.count()).select_from(QuestionRow).where(*_unsolved))
_OLDEST_UNSOLVED, _NEWEST_UNSOLVED = (
    Query(select(QuestionRow).where(*_unsolved).order_by(*order).limit(sa.bindparam("limit", type_=sa.Integer))).each(
        _QUESTIONS.read
    )
    for order in (
        (col(QuestionRow.asked_at), col(QuestionRow.id)),
        (col(QuestionRow.asked_at).desc(), col(QuestionRow.id).desc()),
    )
)
_UNSOLVED_OF = _QUESTIONS.query(
    *given(QuestionRow.cohort, QuestionRow.asker),
    in_state(QuestionRow.state, "open", "elsewhere"),
    order_by=(col(QuestionRow.asked_at),),
)
_UNSEEN_OF = _QUESTIONS.query(
    *given(QuestionRow.cohort, QuestionRow.asker),
    in_state(QuestionRow.state, "solved", "dropped"),
    col(QuestionRow.unseen).is_(True),
    order_by=(col(QuestionRow.asked_at),),
)
# The asker found the answer of a question that nobody replied to.
_asked = (
    *given(QuestionRow.cohort),
    in_state(QuestionRow.state, "open", "elsewhere", "solved"),
    col(QuestionRow.kind) != "note",
)
_ASKED = Query(
    select(
        QuestionRow.asked_at, func.coalesce(QuestionRow.first_answer_at, QuestionRow.solved_at), QuestionRow.asker
    ).where(*_asked)
).into(Asked)
_ASKED_AFTER = _QUESTIONS.query(*_asked, QuestionRow.asked_at >= sa.bindparam("since"))
_stands = (col(ReplyRow.deleted).is_(False), in_state(ReplyRow.post, "", "privately"))
_there = (among(ReplyRow.question, "questions"), *_stands)
_UNPOSTED = _RESPONSES.query(
    among(ReplyRow.question, "questions"),
    col(ReplyRow.deleted).is_(False),
    in_state(ReplyRow.post, "waits", "lost", "privately"),
    order_by=(col(ReplyRow.id),),
)
_REPLIES_TO = _RESPONSES.query(*_there, order_by=(col(ReplyRow.at), col(ReplyRow.id)))
_SENT = Query(select(ReplyRow.question, ReplyRow.entry).where(*_there))
_ASKED_IN = Query(
    select(QuestionRow.asker, QuestionRow.asked_at).where(
        *given(QuestionRow.cohort),
        QuestionRow.asked_at >= sa.bindparam("since"),
        QuestionRow.asked_at < sa.bindparam("until"),
        # A word of the course team that the learner has not replied to.
        sa.or_(col(QuestionRow.text) != "", col(QuestionRow.state) == "withdrawn"),
        col(QuestionRow.anonymous).is_(False),
    )
)
_REPLIED_IN = Query(
    select(ReplyRow.author, ReplyRow.at)
    .join(QuestionRow, col(QuestionRow.id) == col(ReplyRow.question))
    .where(*given(QuestionRow.cohort), ReplyRow.at >= sa.bindparam("since"), ReplyRow.at < sa.bindparam("until"))
)


class SqlQuestions(Store):
    """The `QuestionStore` of bot/features/questions, over tables. `suggest` finds what is already known."""

    def __init__(self, session: Session, now: datetime, suggest: Suggest) -> None:
        super().__init__(session, now)
        self._suggest = suggest

    def likely(self, course: str, cohort: int, text: str, sure: bool = False) -> Sequence[Suggestion]:
        return self._suggest.likely(course, cohort, text, sure)

    def known(self, course: str, cohort: int, entry: int) -> Suggestion | None:
        return self._suggest.known(course, cohort, entry)

    # Questions

    def add(self, question: Question) -> Question:
        if question.state == "draft":
            self._forget_drafts(question.asker)
        values = {**_QUESTIONS.columns(question), **ref_columns(question.ref)}
        return replace(question, id=_ADD_QUESTION.number(self._session, **values))

    def keep(self, question: Question) -> None:
        before = _QUESTION.one(self._session, id=question.id)
        if before.text != question.text:
            self._revise(question.id, None, before.text, question.text)
        _KEEP_QUESTION.row(self._session, question.id, **_QUESTIONS.columns(question, *_KEPT))

    def wordings(self, question: int, reply: int | None = None) -> Sequence[str]:
        row = self._session.get_one(QuestionRow, question) if reply is None else self._session.get_one(ReplyRow, reply)
        earlier = select(RevisionRow.text).where(RevisionRow.question == question, RevisionRow.reply == reply)
        return [row.text, *self._session.exec(earlier)]

    def drop_draft(self, question: int) -> None:
        self._delete(QuestionRow, QuestionRow.id == question, QuestionRow.state == "draft")

    def _forget_drafts(self, asker: int) -> None:
        row = QuestionRow
        self._delete(row, row.asker == asker, row.state == "draft", row.asked_at < self._now - DRAFTS_KEPT)

    def question(self, question: int) -> Question | None:
        return _QUESTION.first(self._session, id=question)

    def question_at(self, ref: MessageRef) -> Question | None:
        return _QUESTION_AT.first(self._session, **ref_columns(ref))

    def raised(self, cohort: int, asker: int, source: str) -> Question | None:
        query = select(QuestionRow).where(
            QuestionRow.asker == asker, QuestionRow.cohort == cohort, QuestionRow.source == source
        )
        return self._first(_QUESTIONS, query)

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
        return self._first(_QUESTIONS, query)

    def written_by(self, person: int) -> tuple[Sequence[Question], Sequence[Response]]:
        asked = select(QuestionRow).where(QuestionRow.asker == person, QuestionRow.state != "withdrawn")
        theirs = select(QuestionRow.id).where(QuestionRow.asker == person)
        nameless = (col(ReplyRow.author).is_(None), col(ReplyRow.own), col(ReplyRow.question).in_(theirs))
        by_them = sa.or_(col(ReplyRow.author) == person, sa.and_(*nameless))
        replied = select(ReplyRow).where(by_them, ~col(ReplyRow.deleted))
        questions = self._values(_QUESTIONS, asked.order_by(col(QuestionRow.id)))
        return questions, self._values(_RESPONSES, replied.order_by(col(ReplyRow.id)))

    def letters(self, person: int) -> Sequence[Response]:
        theirs = select(QuestionRow.id).where(
            QuestionRow.asker == person, col(QuestionRow.kind).in_((*PRIVATE, *NOTES))
        )
        return self._values(_RESPONSES, select(ReplyRow).where(col(ReplyRow.question).in_(theirs)))

    def unsolved_of(self, cohort: int, asker: int) -> Sequence[Question]:
        return _UNSOLVED_OF.all(self._session, cohort=cohort, asker=asker)

    def unseen_of(self, cohort: int, asker: int) -> Sequence[Question]:
        return _UNSEEN_OF.all(self._session, cohort=cohort, asker=asker)

    def unsolved(self, cohort: int, kinds: Collection[Kind], limit: int, newest: bool = False) -> Sequence[Question]:
        query = _NEWEST_UNSOLVED if newest else _OLDEST_UNSOLVED
        return query.all(self._session, cohort=cohort, kinds=kinds, limit=limit)

    def last_words(self, questions: Collection[int]) -> Mapping[int, Response]:
        if not questions:
            return {}
        return {r.question: r for r in _REPLIES_TO.all(self._session, questions=questions)}

    def last_replies(self, questions: Collection[int]) -> Mapping[int, Response]:
        if not questions:
            return {}
        return {r.question: r for r in _REPLIES_TO.all(self._session, questions=questions) if not r.own}

    def count_unsolved(self, cohort: int, kinds: Collection[Kind]) -> int:
        return _COUNT_UNSOLVED.one(self._session, cohort=cohort, kinds=kinds)

    def sent(self, questions: Collection[int]) -> Collection[tuple[int, int]]:
        if not questions:
            return set()
        found = _SENT.all(self._session, questions=questions)
        return {(question, entry) for question, entry in found if entry is not None}

    def most_replied(self, cohort: int, since: datetime, until: datetime, limit: int) -> Sequence[Question]:
        query = (
            select(QuestionRow)
            .where(
                QuestionRow.cohort == cohort,
                col(QuestionRow.state).in_(("open", "elsewhere", "solved")),
                col(QuestionRow.kind).not_in(("private", "note")),
                QuestionRow.asked_at >= since,
                QuestionRow.asked_at < until,
                QuestionRow.replies > 0,
            )
            .order_by(col(QuestionRow.replies).desc(), col(QuestionRow.id))
            .limit(limit)
        )
        return self._values(_QUESTIONS, query)

    def answered_by_learners(
        self, cohort: int, since: datetime, until: datetime, limit: int
    ) -> Sequence[tuple[Question, Response]]:
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
                col(QuestionRow.solved_at) < until,
                ~col(ReplyRow.deleted),
                col(ReplyRow.author).in_(learners),
                # The asker found it in the FAQ.
                col(ReplyRow.entry).is_(None),
            )
            .order_by(col(QuestionRow.solved_at).desc(), col(QuestionRow.id))
            .limit(limit)
        )
        return [(_QUESTIONS.read(asked), _RESPONSES.read(answer)) for asked, answer in self._session.exec(query)]

    def last_spoke(self, cohort: int, since: datetime, until: datetime) -> Mapping[int, datetime]:
        span = {"cohort": cohort, "since": since, "until": until}
        spoke = [*_ASKED_IN.all(self._session, **span), *_REPLIED_IN.all(self._session, **span)]
        return {person: at for person, at in sorted(spoke, key=lambda s: s[1]) if person is not None}

    def unsettled(self, cohort: int) -> Sequence[tuple[Kind, int]]:
        query = select(QuestionRow.kind, QuestionRow.replies).where(
            col(QuestionRow.cohort) == cohort, col(QuestionRow.state).in_(("open", "elsewhere"))
        )
        return [(cast(Kind, kind), replies) for kind, replies in self._session.exec(query)]

    def asked(self, cohort: int, since: datetime | None = None) -> Sequence[Asked]:
        return [a for a in _ASKED.all(self._session, cohort=cohort) if since is None or a.at >= since]

    def asked_after(self, cohort: int, since: datetime) -> Sequence[Question]:
        return _ASKED_AFTER.all(self._session, cohort=cohort, since=since)

    # Replies

    def respond(self, response: Response) -> Response:
        values = {**_RESPONSES.columns(response), **ref_columns(response.ref)}
        return replace(response, id=_ADD_RESPONSE.number(self._session, **values))

    def keep_response(self, response: Response) -> None:
        before = _RESPONSE.one(self._session, id=response.id)
        if before.text != response.text:
            self._revise(response.question, response.id, before.text, response.text)
        _KEEP_RESPONSE.row(self._session, response.id, **_RESPONSES.columns(response, *_KEPT_OF_A_REPLY))

    def response(self, response: int) -> Response | None:
        return _RESPONSE.first(self._session, id=response)

    def response_at(self, ref: MessageRef) -> Response | None:
        return _RESPONSE_AT.first(self._session, **ref_columns(ref))

    def responses(self, question: int) -> Sequence[Response]:
        query = select(ReplyRow).where(ReplyRow.question == question, *_stands)
        return self._values(_RESPONSES, query.order_by(col(ReplyRow.at), col(ReplyRow.id)))

    def unposted(self, questions: Collection[int]) -> Sequence[Response]:
        return _UNPOSTED.all(self._session, questions=questions) if questions else ()

    def _revise(self, question: int, reply: int | None, old: str, new: str) -> None:
        if new:
            self._session.add(RevisionRow(question=question, reply=reply, text=old, until=self._now))
        else:
            self._delete(RevisionRow, RevisionRow.question == question, RevisionRow.reply == reply)

    # Marks

    def mark(self, response: Response, person: int) -> None:
        if _MARK.first(self._session, reply=response.id, person=person) is None:
            _ADD_MARK.run(self._session, question=response.question, reply=response.id, person=person)

    def unmark(self, response: Response, person: int | None = None) -> None:
        theirs = () if person is None else (MarkRow.person == person,)
        self._delete(MarkRow, MarkRow.reply == response.id, *theirs)

    def clear_marks(self, question: int) -> None:
        self._delete(MarkRow, MarkRow.question == question)

    def marked(self, question: int) -> int | None:
        query = select(MarkRow.reply).where(MarkRow.question == question).order_by(col(MarkRow.id).desc()).limit(1)
        return self._session.exec(query).first()

    # Talk

    def talk(self, place: Place) -> Sequence[Spoken]:
        return _TALK.all(self._session, workspace=place.workspace, channel=place.channel)[::-1]

    def remember_talk(self, ref: MessageRef, spoken: Spoken) -> None:
        where = {"workspace": ref.workspace, "channel": ref.channel}
        _FORGET_TALK.run(self._session, **where, before=spoken.at - LONGEST_SILENCE)
        said = {"message": ref.id, "person": int(spoken.by), "at": spoken.at}
        _REMEMBER_TALK.rows(self._session, [{**where, **said}])

    # Deletions

    def marked_by(self, reply: int) -> Collection[int]:
        return set(self._session.exec(select(MarkRow.person).where(MarkRow.reply == reply)))

    def was_deleted(self, ref: MessageRef) -> bool:
        return _WAS_DELETED.first(self._session, **ref_columns(ref)) is not None

    def remember_deleted(self, ref: MessageRef) -> None:
        self._put(DeletionRow(**ref_columns(ref), at=self._now))
