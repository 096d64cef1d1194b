"""Updates entries when questions are answered, edited, reopened or deleted, and when a run begins."""

from dataclasses import replace

from bot.core.facts import (
    CohortEnded,
    CohortPlanned,
    QuestionChanged,
    QuestionReopened,
    QuestionSolved,
    QuestionWithdrawn,
    WordsErased,
)
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.faq import rules
from bot.features.faq.drafting import cover, names_in, proposed
from bot.features.faq.posting import refresh
from bot.features.faq.store import Entry, FaqStore, Flag, feature


@feature.on(CohortPlanned)
def begin(turn: Turn[FaqStore], fact: CohortPlanned) -> None:
    """Once a cohort is created, entries of earlier runs are verified again for it."""
    course = course_of(turn.here.course_text)
    turn.store.open_run(turn.here.id, course.id, turn.now)
    turn.store.share_drafts(turn.here.id, course.faq.unreviewed == "course")
    if not course.is_english:
        turn.store.ungroup(course.id)
    for entry in turn.store.uncovered(turn.here.id):
        covered = cover(entry.question, entry.answer, names_in(turn))
        turn.store.keep(replace(entry, question=covered.question, answer=covered.answer, left_out=covered.left_out))


@feature.on(CohortEnded)
def end(turn: Turn[FaqStore], fact: CohortEnded) -> None:
    turn.store.end_run(turn.here.id, course_of(turn.here.course_text).id, turn.here.workspace)


@feature.on(QuestionSolved)
def draft(turn: Turn[FaqStore], fact: QuestionSolved) -> None:
    """Questions that were asked anonymously or for instructors only become no entry."""
    if fact.private:
        return
    entry = turn.store.of_source(fact.question)
    if entry is not None:
        turn.store.keep(rules.follow(entry, proposed(turn, fact, entry.kept), rules.source_stamp(fact)))
        turn.store.add_source(entry.into or entry.id, fact.question)
        if entry.state == "flagged":
            refresh(turn)
        return
    known = turn.store.entry(fact.entry) if fact.entry is not None else None
    if known is not None and known.stands:
        # The answer was an entry: it gets one more asker, and there is no second draft.
        turn.store.add_source(known.id, fact.question)
        return
    course, sign, new = course_of(turn.here.course_text).id, rules.source_stamp(fact), proposed(turn, fact)
    draft = Entry(0, fact.cohort, course, new.question, new.answer, "draft", fact.question, sign, turn.now)
    turn.store.add(replace(draft, left_out=new.left_out))


@feature.on(QuestionChanged)
def follow_change(turn: Turn[FaqStore], fact: QuestionChanged) -> None:
    entry = turn.store.of_source(fact.question)
    if entry is not None and entry.state != "dropped":
        turn.store.keep(rules.follow(entry, proposed(turn, fact, entry.kept), rules.source_stamp(fact)))


@feature.on(QuestionReopened)
def follow_reopening(turn: Turn[FaqStore], fact: QuestionReopened) -> None:
    _lose(turn, fact.question, "reopened")


@feature.on(QuestionWithdrawn)
def follow_withdrawal(turn: Turn[FaqStore], fact: QuestionWithdrawn) -> None:
    _lose(turn, fact.question, "withdrawn")
    turn.store.drop_source(fact.question)


@feature.on(WordsErased)
def erase(turn: Turn[FaqStore], fact: WordsErased) -> None:
    """An entry stays only where the course team's own words have replaced those of the erased person."""
    for entry in turn.store.answering(fact.question):
        for version in turn.store.versions(entry.id):
            if rules.has_words_of(f"{version.question}\n{version.answer}", fact.words):
                turn.store.drop_version(version)
        stands = entry.stands
        if rules.has_words_of(f"{entry.question}\n{entry.answer}", fact.words):
            turn.store.keep(rules.blank(replace(entry, state="dropped")))
        elif rules.has_words_of(f"{entry.news_question}\n{entry.news_answer}\n{entry.kept}", fact.words):
            turn.store.keep(replace(rules.decided(entry), kept=(), flag="withdrawn", state="flagged"))
        else:
            continue
        if stands:
            refresh(turn)


def _lose(turn: Turn[FaqStore], question: int, flag: Flag) -> None:
    entry = turn.store.of_source(question)
    if entry is not None:
        turn.store.keep(rules.lose(entry, flag))
        if entry.stands:
            refresh(turn)
