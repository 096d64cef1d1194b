"""What becomes of the entries when questions are answered, edited, opened again or deleted, and when a run begins."""

from bot.core.facts import (
    CohortEnded,
    CohortPlanned,
    QuestionChanged,
    QuestionReopened,
    QuestionSolved,
    QuestionWithdrawn,
)
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.faq import rules
from bot.features.faq.border import Entry, FaqStore, Flag, feature
from bot.features.faq.posting import refresh
from bot.features.faq.wording import answering, headed


@feature.on(CohortPlanned)
def begin(turn: Turn[FaqStore], fact: CohortPlanned) -> None:
    """From when a cohort is made, what earlier runs left is verified again for it."""
    course = course_of(turn.here.course_text)
    turn.store.open_run(turn.here.id, course.id, turn.now)
    turn.store.share_drafts(turn.here.id, course.faq.unreviewed == "course")


@feature.on(CohortEnded)
def end(turn: Turn[FaqStore], fact: CohortEnded) -> None:
    turn.store.end_run(turn.here.id, course_of(turn.here.course_text).id, turn.here.workspace)


@feature.on(QuestionSolved)
def draft(turn: Turn[FaqStore], fact: QuestionSolved) -> None:
    """What was asked without a name, or of the instructors alone, becomes no entry."""
    if fact.private:
        return
    entry = turn.store.of_source(fact.question)
    if entry is not None:
        turn.store.keep(rules.follow(entry, fact))
        turn.store.add_source(entry.into or entry.id, fact.question)
        if entry.state == "flagged":
            refresh(turn)
        return
    course, answer = course_of(turn.here.course_text).id, answering(fact.answer)
    known = turn.store.entry(fact.entry) if fact.entry is not None else None
    if known is not None and known.stands:
        # They were sent an entry: one more who asked it, and no second draft.
        turn.store.add_source(known.id, fact.question)
        return
    sign = rules.source_stamp(fact)
    turn.store.add(Entry(0, fact.cohort, course, headed(fact.asked), answer, "draft", fact.question, sign, turn.now))


@feature.on(QuestionChanged)
def follow_change(turn: Turn[FaqStore], fact: QuestionChanged) -> None:
    entry = turn.store.of_source(fact.question)
    if entry is not None and entry.state != "dropped":
        turn.store.keep(rules.follow(entry, fact))


@feature.on(QuestionReopened)
def follow_reopening(turn: Turn[FaqStore], fact: QuestionReopened) -> None:
    _lose(turn, fact.question, "reopened")


@feature.on(QuestionWithdrawn)
def follow_withdrawal(turn: Turn[FaqStore], fact: QuestionWithdrawn) -> None:
    _lose(turn, fact.question, "withdrawn")
    turn.store.drop_source(fact.question)


def _lose(turn: Turn[FaqStore], question: int, flag: Flag) -> None:
    entry = turn.store.of_source(question)
    if entry is not None:
        turn.store.keep(rules.lose(entry, flag))
        if entry.stands:
            refresh(turn)
