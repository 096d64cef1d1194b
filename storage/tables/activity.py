"""Activity: who did something in a cohort."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables.milestones import SubmissionRow
from storage.tables.questions import QuestionRow, ReplyRow
from storage.tables.wrapups import AnswerRow, RoundRow


def active(session: Session, cohort: int, start: datetime, end: datetime) -> frozenset[int]:
    """Who did something in a cohort during [start, end)."""
    asked = select(QuestionRow.asker).where(
        QuestionRow.cohort == cohort, QuestionRow.asked_at >= start, QuestionRow.asked_at < end
    )
    replied = (
        select(ReplyRow.author)
        .join(QuestionRow, col(QuestionRow.id) == col(ReplyRow.question))
        .where(QuestionRow.cohort == cohort, ReplyRow.at >= start, ReplyRow.at < end)
    )
    answered = (
        select(AnswerRow.person)
        .join(RoundRow, col(RoundRow.id) == col(AnswerRow.round))
        .where(RoundRow.cohort == cohort, AnswerRow.changed_at >= start, AnswerRow.first_at < end)
    )
    handed_in = select(SubmissionRow.person).where(
        SubmissionRow.cohort == cohort, SubmissionRow.changed_at >= start, SubmissionRow.first_at < end
    )
    found = [p for query in (asked, replied, answered, handed_in) for p in session.exec(query)]
    return frozenset(person for person in found if person is not None)
