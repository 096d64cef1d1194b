"""Wrap-ups: rounds, each learner's window, answers with all their revisions, and the messages they came from.

Other features read `wrapup_rounds` (state, week, closes_at), `wrapup_windows` (whom it is asked of, and until when) and
`wrapup_answers` (valid while `deleted_at` is null).
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, update
from sqlmodel import col, select

from bot.core.people import MessageRef
from bot.course.model import Question
from bot.features.wrapups.rules import without
from bot.features.wrapups.store import Answer, Part, Round, RoundPlan, RoundState, Saved, Standing, Way, Window
from storage.sql.clauses import among, given
from storage.sql.mapper import Mapper, ref_columns
from storage.sql.statements import Change, Insert, Put, Query, Update
from storage.sql.store import Store
from storage.tables.wrapups import AnswerRow, PartRow, PauseRow, RevisionRow, RoundRow, WindowRow


def _dump(values: Mapping[str, str]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True)


def _dump_questions(questions: Sequence[Question]) -> str:
    return json.dumps([asdict(q) for q in questions], ensure_ascii=False)


def _question(data: dict[str, Any]) -> Question:
    return replace(Question(**data), options=tuple(data["options"]))


# Every round of a prompt asks the same questions, and they are read often.
@lru_cache(maxsize=256)
def _questions(text: str) -> tuple[Question, ...]:
    return tuple(_question(q) for q in json.loads(text))


@lru_cache(maxsize=256)
def _pages(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


# Compiled once: these run for nearly everything that learners do.
_ROUND_OF = Mapper(
    Round, RoundRow, questions=lambda row: _questions(row.questions), pages=lambda row: _pages(row.pages)
)
_ANSWER = Mapper(Answer, AnswerRow, values=lambda row: json.loads(row.body))
_PART = Mapper(Part, PartRow, earlier=lambda row: tuple(json.loads(row.earlier)))
_ROUNDS = _ROUND_OF.query(*given(RoundRow.cohort), order_by=(RoundRow.opens_at, RoundRow.id))
_ROUND = _ROUND_OF.query(*given(RoundRow.id))
_PAUSED_AT = Query(select(PauseRow.at).where(*given(PauseRow.cohort)))
# The row of a person who deleted their answer stays, and their next answer replaces it.
_ANSWER_ROW = Query(select(AnswerRow).where(*given(AnswerRow.round, AnswerRow.person)))
_stands = col(AnswerRow.deleted_at).is_(None)
_of_round = (*given(AnswerRow.round), _stands)
_ANSWERS = _ANSWER.query(*_of_round, order_by=(AnswerRow.first_at, AnswerRow.id))
_begun = col(AnswerRow.begun)
_CHANGEABLE = ("state", "closes_at", "by_hand_at", "posted", "pages")
_CHANGE_ROUND = {name: Update(RoundRow, name) for name in _CHANGEABLE}
_ADD_PART, _ASSIGN_PART = Insert(PartRow), Update(PartRow, "answer", "question")
_ADD_ANSWER, _REVISE = Insert(AnswerRow), Insert(RevisionRow)
_REVISION = Query(select(func.max(RevisionRow.id)).where(*given(RevisionRow.answer)))
_CHANGE_ANSWER = Update(
    AnswerRow, "body", "quote", "first_at", "changed_at", "late", "changed_late", "begun", "deleted_at"
)
_ANSWERED = Query(
    select(AnswerRow.round, AnswerRow.person).where(among(AnswerRow.round, "rounds"), _stands),
    person=AnswerRow.person,
)
_HANDED_IN = Query(
    select(AnswerRow.round, AnswerRow.person, AnswerRow.first_at).where(
        among(AnswerRow.round, "rounds"), _stands, ~_begun
    ),
    person=AnswerRow.person,
)
_WINDOW = Mapper(Window, WindowRow)
_WINDOWS_OF = _WINDOW.query(*given(WindowRow.person))
_ANSWERS_OF = _ANSWER.query(*given(AnswerRow.person), _stands)
_ROUNDS_ASKED = Query(
    select(RoundRow)
    .join(WindowRow, col(WindowRow.round) == RoundRow.id)
    .where(*given(WindowRow.person), among(RoundRow.cohort, "cohorts"))
    .order_by(col(WindowRow.opens_at), col(RoundRow.id))
).each(_ROUND_OF.read)
# An answer that was changed after the span also counts in it if it first came before the span's end.
_LAST_ANSWERED = Query(
    select(AnswerRow.person, func.max(AnswerRow.changed_at))
    .join(RoundRow, col(RoundRow.id) == col(AnswerRow.round))
    .where(
        *given(RoundRow.cohort),
        AnswerRow.changed_at >= sa.bindparam("since"),
        AnswerRow.first_at < sa.bindparam("until"),
    )
    .group_by(col(AnswerRow.person))
)
_WINDOWS = _WINDOW.query(among(WindowRow.round, "rounds"), person=WindowRow.person)
_PUT_WINDOWS = Put(WindowRow, ("round", "person"), ("opens_at", "closes_at"), "asked_at")
_MARK_ASKED = Change(
    update(WindowRow)
    .where(*given(WindowRow.round), among(WindowRow.person, "people"), col(WindowRow.asked_at).is_(None))
    .values(asked_at=sa.bindparam("at"))
)


class SqlWrapups(Store):
    """The `WrapupStore` of bot/features/wrapups, over tables."""

    # Rounds

    def rounds(self, cohort: int) -> Sequence[Round]:
        return _ROUNDS.all(self._session, cohort=cohort)

    def round(self, round: int) -> Round | None:
        return _ROUND.first(self._session, id=round)

    def plan_rounds(self, cohort: int, plans: Sequence[RoundPlan]) -> None:
        rows = {(r.prompt, r.week): r for r in self._all(select(RoundRow).where(RoundRow.cohort == cohort))}
        for plan in plans:
            row = rows.pop((plan.prompt, plan.week), None)
            if row is None:
                row = RoundRow(
                    cohort=cohort,
                    prompt=plan.prompt,
                    week=plan.week,
                    title=plan.title,
                    questions=_dump_questions(plan.questions),
                    opens_at=plan.opens_at,
                    closes_at=plan.closes_at,
                )
                self._session.add(row)
                continue
            if row.state != "closed":
                row.opens_at, row.closes_at = plan.opens_at, plan.closes_at
            if row.state == "planned":
                row.title, row.questions = plan.title, _dump_questions(plan.questions)
        gone = [r.id for r in rows.values() if r.state == "planned"]
        self._session.flush()
        if gone:
            answered = select(AnswerRow.round).where(col(AnswerRow.round).in_(gone))
            free = [g for g in gone if g not in set(self._session.exec(answered))]
            self._delete(WindowRow, col(WindowRow.round).in_(free))
            self._delete(RoundRow, col(RoundRow.id).in_(free))

    def set_state(self, round: int, state: RoundState) -> None:
        self._change_round(round, "state", state)

    def set_close(self, round: int, at: datetime) -> None:
        self._change_round(round, "closes_at", at)

    def set_by_hand(self, round: int, at: datetime) -> None:
        self._change_round(round, "by_hand_at", at)

    def set_posted(self, round: int) -> None:
        self._change_round(round, "posted", True)

    def set_pages(self, round: int, pages: Sequence[str]) -> None:
        self._change_round(round, "pages", json.dumps(list(pages)))

    def _change_round(self, round: int, column: str, value: object) -> None:
        _CHANGE_ROUND[column].row(self._session, round, **{column: value})

    def paused_at(self, cohort: int) -> datetime | None:
        return _PAUSED_AT.first(self._session, cohort=cohort)

    def pause(self, cohort: int, at: datetime | None) -> None:
        self._delete(PauseRow, PauseRow.cohort == cohort)
        if at is not None:
            self._add(PauseRow(cohort=cohort, at=at))

    # Windows

    def windows(self, rounds: Collection[int], people: Collection[int] | None = None) -> Sequence[Window]:
        return _WINDOWS.about(self._session, people, rounds=rounds)

    def put_windows(self, windows: Sequence[Window]) -> None:
        _PUT_WINDOWS.rows(self._session, map(asdict, windows))

    def mark_asked(self, windows: Sequence[Window], at: datetime) -> None:
        by_round: dict[int, list[int]] = {}
        for w in windows:
            by_round.setdefault(w.round, []).append(w.person)
        for round, people in by_round.items():
            _MARK_ASKED.run(self._session, round=round, people=people, at=at)

    def drop_windows(self, cohort: int, person: int) -> None:
        rounds = select(RoundRow.id).where(RoundRow.cohort == cohort)
        answered = select(AnswerRow.round).where(AnswerRow.person == person, _stands)
        theirs = (WindowRow.person == person, col(WindowRow.round).in_(rounds))
        self._delete(WindowRow, *theirs, col(WindowRow.round).not_in(answered))

    def standings(self, person: int, cohorts: Collection[int]) -> Sequence[Standing]:
        rounds = _ROUNDS_ASKED.all(self._session, person=person, cohorts=cohorts)
        if not rounds:
            return ()
        windows = {w.round: w for w in _WINDOWS_OF.all(self._session, person=person)}
        answers = {a.round: a for a in _ANSWERS_OF.all(self._session, person=person)}
        return [Standing(r, windows[r.id], answers.get(r.id)) for r in rounds]

    # Answers

    def answer(self, round: int, person: int) -> Answer | None:
        row = _ANSWER_ROW.first(self._session, round=round, person=person)
        return _ANSWER.read(row) if row is not None and row.deleted_at is None else None

    def answer_by_id(self, answer: int) -> Answer | None:
        row = self._session.get(AnswerRow, answer)
        return _ANSWER.read(row) if row is not None and row.deleted_at is None else None

    def answers_of(self, person: int) -> Sequence[Answer]:
        query = select(AnswerRow).where(AnswerRow.person == person, _stands)
        return self._values(_ANSWER, query.order_by(col(AnswerRow.id)))

    def answers(self, round: int) -> Sequence[Answer]:
        return _ANSWERS.all(self._session, round=round)

    def answered(self, rounds: Collection[int], people: Collection[int] | None = None) -> set[tuple[int, int]]:
        return set(_ANSWERED.about(self._session, people, rounds=rounds))

    def handed_in(
        self, rounds: Collection[int], people: Collection[int] | None = None
    ) -> Mapping[tuple[int, int], datetime]:
        rows = _HANDED_IN.about(self._session, people, rounds=rounds)
        return {(round, person): first_at for round, person, first_at in rows}

    def last_answered(self, cohort: int, since: datetime, until: datetime) -> Mapping[int, datetime]:
        return dict(_LAST_ANSWERED.all(self._session, cohort=cohort, since=since, until=until))

    def save(
        self,
        round: int,
        person: int,
        values: Mapping[str, str],
        quote: bool,
        way: Way,
        at: datetime,
        late: bool,
        begun: bool = False,
    ) -> Saved:
        body = _dump(values)
        row = _ANSWER_ROW.first(self._session, round=round, person=person)
        before = row if row is not None and row.deleted_at is None else None
        if before is not None and (before.body, before.quote) == (body, quote):
            return Saved(_ANSWER.read(before), changed=False, first=False)
        said: dict[str, object] = {"body": body, "quote": quote, "changed_at": at, "begun": begun, "deleted_at": None}
        if before is None or (before.begun and not begun):
            said |= {"first_at": at, "late": late, "changed_late": False}
        else:
            changed_late = before.changed_late or (late and not before.late)
            said |= {"first_at": before.first_at, "late": before.late, "changed_late": changed_late}
        if row is None:
            id = _ADD_ANSWER.number(self._session, round=round, person=person, **said)
        else:
            id = row.id
            _CHANGE_ANSWER.row(self._session, id, **said)
        _REVISE.run(self._session, answer=id, body=body, quote=quote, way=way, at=at)
        answer = self.answer(round, person)
        assert answer is not None
        return Saved(answer, changed=True, first=before is None)

    def revision(self, answer: int) -> int:
        return _REVISION.one(self._session, answer=answer)

    def wordings(self, answer: int) -> Sequence[str]:
        query = select(RevisionRow.body).where(RevisionRow.answer == answer)
        return list({text for body in self._session.exec(query) for text in json.loads(body).values()})

    def delete_answer(self, answer: int, at: datetime) -> None:
        self._change(AnswerRow, answer, body="{}", quote=False, deleted_at=at)
        self._update(RevisionRow, RevisionRow.answer == answer, body="{}", quote=False)
        self._delete(PartRow, PartRow.answer == answer)

    def scrub(self, answer: int, values: Mapping[str, str], part: Part, at: datetime, begun: bool) -> None:
        self._change(AnswerRow, answer, body=_dump(values), changed_at=at, begun=begun)
        for revision in self._session.exec(select(RevisionRow).where(RevisionRow.answer == answer)):
            before = json.loads(revision.body)
            for text in (part.text, *part.earlier):
                if said := before.get(part.question):
                    before[part.question] = without(said, text)
            revision.body = _dump({name: said for name, said in before.items() if said})
        quote = self._session.get_one(AnswerRow, answer).quote
        _REVISE.run(self._session, answer=answer, body=_dump(values), quote=quote, way=part.way, at=at)

    # Chat messages

    def add_part(self, ref: MessageRef, text: str, person: int, way: Way) -> Part:
        none = {"answer": None, "question": "", "earlier": "[]"}
        id = _ADD_PART.number(self._session, person=person, way=way, text=text, **ref_columns(ref), **none)
        return Part(id, person, ref, text, way, None, "", ())

    def part(self, part: int) -> Part | None:
        return self._get(_PART, part)

    def part_at(self, ref: MessageRef) -> Part | None:
        query = select(PartRow).where(
            PartRow.workspace == ref.workspace, PartRow.channel == ref.channel, PartRow.message == ref.id
        )
        return self._first(_PART, query)

    def parts(self, answer: int) -> Sequence[Part]:
        return self._values(_PART, select(PartRow).where(PartRow.answer == answer).order_by(col(PartRow.id)))

    def assign_part(self, part: int, answer: int, question: str) -> None:
        _ASSIGN_PART.row(self._session, part, answer=answer, question=question)

    def change_part(self, part: int, text: str) -> None:
        row = self._session.get_one(PartRow, part)
        row.earlier = json.dumps([row.text, *json.loads(row.earlier)], ensure_ascii=False)
        row.text = text
        self._session.flush()

    def drop_part(self, part: int) -> None:
        self._session.delete(self._session.get_one(PartRow, part))
        self._session.flush()
