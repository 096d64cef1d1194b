"""The survey: each answer writes all of its survey anew, so that nothing stored tells an order."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from secrets import token_hex

from sqlalchemy import func, insert
from sqlmodel import col, select

from bot.features.survey.store import Advice, Answer, Result, Survey
from storage.sql.gone import for_good
from storage.sql.mapper import Mapper
from storage.sql.store import Store
from storage.tables.survey import SurveyAnswerRow, SurveyPersonRow, SurveyResultRow, SurveyRow

_SURVEY = Mapper(Survey, SurveyRow)
_ANSWER = Mapper(Answer, SurveyAnswerRow)
_RESULT = Mapper(Result, SurveyResultRow, figures=lambda row: json.loads(row.figures))


class SqlSurvey(Store):
    """The `SurveyStore` of bot/features/survey, over tables."""

    def survey(self, cohort: int) -> Survey | None:
        return self._first(_SURVEY, select(SurveyRow).where(SurveyRow.cohort == cohort))

    def keep(self, survey: Survey) -> None:
        self._put(SurveyRow(**_SURVEY.columns(survey)))

    def lock(self, cohort: int) -> Survey | None:
        query = select(SurveyRow).where(SurveyRow.cohort == cohort)
        return self._first(_SURVEY, query.with_for_update().execution_options(populate_existing=True))

    def has_answered(self, cohort: int, person: int) -> frozenset[str]:
        mine = (SurveyPersonRow.cohort == cohort, SurveyPersonRow.person == person)
        return frozenset(self._all(select(SurveyPersonRow.element).where(*mine)))

    def answered(self, cohort: int) -> Mapping[str, int]:
        counted = select(SurveyAnswerRow.element, func.count()).where(SurveyAnswerRow.cohort == cohort)
        return self._pairs(counted.group_by(col(SurveyAnswerRow.element)))

    def answer(self, cohort: int, person: int, answer: Answer) -> None:
        self._write(cohort, [*self.answers(cohort), answer])
        self._add(SurveyPersonRow(cohort=cohort, person=person, element=answer.element))

    def answers(self, cohort: int) -> Sequence[Answer]:
        # Read as plain rows: they are replaced as a whole, so the session must not know them.
        names = [field.name for field in fields(Answer)]
        columns = (getattr(SurveyAnswerRow, name) for name in names)
        query = select(*columns).where(SurveyAnswerRow.cohort == cohort).order_by(col(SurveyAnswerRow.key))
        return [Answer(**dict(zip(names, row, strict=True))) for row in self._session.execute(query).all()]

    def _write(self, cohort: int, answers: Sequence[Answer]) -> None:
        # Also after each answer: the log would tell which row was new with whose.
        for_good(self._session)
        self._delete(SurveyAnswerRow, SurveyAnswerRow.cohort == cohort)
        rows = [{"key": token_hex(16), "cohort": cohort, **_ANSWER.columns(one)} for one in answers]
        if rows:
            self._session.execute(insert(SurveyAnswerRow), sorted(rows, key=lambda row: str(row["key"])))

    def results(self, cohort: int) -> Sequence[Result]:
        query = select(SurveyResultRow).where(SurveyResultRow.cohort == cohort)
        return self._values(_RESULT, query.order_by(col(SurveyResultRow.place)))

    def draft(self, cohort: int, results: Sequence[Result]) -> None:
        for place, result in enumerate(results):
            figures = json.dumps(result.figures)
            self._put(SurveyResultRow(cohort=cohort, place=place, figures=figures, **_RESULT.columns(result)))

    def decide(self, cohort: int, element: str, advice: Advice) -> None:
        self._change(SurveyResultRow, (cohort, element), advice=advice, decided=True)

    def keep_words(self, cohort: int, words: Mapping[str, Sequence[str]]) -> None:
        self._delete(SurveyPersonRow, SurveyPersonRow.cohort == cohort)
        self._write(cohort, [Answer(element, words=text) for element, texts in words.items() for text in texts])

    def forget_words(self, cohort: int, element: str | None = None) -> None:
        self._write(cohort, [a for a in self.answers(cohort) if element not in (None, a.element)])
