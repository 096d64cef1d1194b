"""The FAQ, first form: a draft from each solved question, reviewed in the chat, found before asking."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from bot.core.actions import read_number
from bot.core.commands import Param
from bot.core.errors import FormRefused, NotFound, Spent
from bot.core.facts import QuestionChanged, QuestionReopened, QuestionSolved, QuestionWithdrawn
from bot.core.feature import Press, Reply, Submission
from bot.core.message import clean
from bot.core.people import MEMBERS, STAFF, Cohort, Person
from bot.core.ports import Suggestion
from bot.core.turn import Turn, Upcoming
from bot.course.loader import course_of
from bot.features.faq import rules, views
from bot.features.faq.border import Entry, FaqStore, Flag, feature

__all__ = ["Entry", "FaqStore", "Known", "feature"]


class Known:
    """The `Suggest` of bot/core/ports.py: what was approved for the course."""

    def __init__(self, store: FaqStore) -> None:
        self._store = store

    def likely(self, course: str, cohort: int, text: str) -> Sequence[Suggestion]:
        found = rules.likely(self._store.standing(course, cohort), text)
        return [Suggestion(e.id, e.question, e.answer, checked=True) for e in found]


# Following the questions


@feature.on(QuestionSolved)
def draft(turn: Turn[FaqStore], fact: QuestionSolved) -> None:
    """What was asked without a name, or of the instructors alone, becomes no entry."""
    if fact.private:
        return
    entry = turn.store.of_source(fact.question)
    if entry is not None:
        turn.store.keep(rules.follow(entry, fact))
        return
    turn.store.add(
        Entry(
            0,
            fact.cohort,
            course_of(turn.here.course_text).id,
            rules.tidy(fact.asked),
            rules.tidy(fact.answer),
            "draft",
            fact.question,
            rules.source_stamp(fact),
            turn.now,
        )
    )


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


def _lose(turn: Turn[FaqStore], question: int, flag: Flag) -> None:
    entry = turn.store.of_source(question)
    if entry is not None:
        turn.store.keep(rules.lose(entry, flag))


# The review


@dataclass(frozen=True)
class Review:
    """Review the FAQ: what was drafted from answered questions, at most five at a time."""


@feature.command("faq", example="/cohort faq", roles=STAFF)
def review(turn: Turn[FaqStore], typed: Review) -> Reply:
    return _review(turn)


@feature.action("review", roles=STAFF, lane="private")
def press_review(turn: Turn[FaqStore], press: Press) -> Reply:
    return _review(turn)


def _review(turn: Turn[FaqStore]) -> Reply:
    return views.review(turn.store.waiting(turn.here.id, views.SITTING), turn.here.id)


def _meant(turn: Turn[FaqStore], subject: str) -> tuple[Entry, bool]:
    """The entry of a button, and whether it still reads as the presser saw it. Raises NotFound, Spent."""
    first, _, sign = subject.partition(".")
    number = read_number(first)
    entry = turn.store.entry(number) if number is not None else None
    if entry is None or entry.cohort != turn.here.id:
        raise NotFound("This entry is not here any more. `/cohort faq` shows what waits.")
    if entry.state in ("dropped", "removed"):
        raise NotFound("Its source was deleted or reopened meanwhile, so the draft is gone.")
    return entry, entry.stamp == sign


@feature.action("approve", roles=STAFF, lane="private")
def approve(turn: Turn[FaqStore], press: Press) -> Reply:
    entry, as_seen = _meant(turn, press.subject)
    if entry.state != "draft":
        raise Spent(f"FAQ {entry.id} was {entry.state} already. `/cohort faq` shows what waits.")
    if not as_seen:
        return views.changed_meanwhile(entry)
    return _vouch(turn, entry, "approved")


@feature.action("right", roles=STAFF, lane="private")
def still_right(turn: Turn[FaqStore], press: Press) -> Reply:
    entry, as_seen = _meant(turn, press.subject)
    if entry.state != "flagged":
        raise Spent(f"FAQ {entry.id} was looked at already. `/cohort faq` shows what waits.")
    if not as_seen:
        return views.changed_meanwhile(entry)
    return _vouch(turn, entry, "found still right")


def _vouch(turn: Turn[FaqStore], entry: Entry, act: str) -> Reply:
    """Somebody of the course team stands for the text as it is."""
    after = replace(entry, state="approved", verified_at=turn.now, flag="", news_question="", news_answer="")
    turn.store.keep(after)
    turn.store.keep_version(after, turn.me.id, act)
    turn.log(f"{act} FAQ {entry.id}")
    return _done(turn, after, f"FAQ {entry.id} {act}.")


def _done(turn: Turn[FaqStore], entry: Entry, said: str) -> Reply:
    return views.done(entry, said[0].upper() + said[1:], turn.store.waiting(turn.here.id, 0))


@feature.action("skip", roles=STAFF, lane="private")
def skip(turn: Turn[FaqStore], press: Press) -> Reply:
    entry, _ = _meant(turn, press.subject)
    if entry.state == "skipped":
        return _done(turn, entry, "Skipped.")
    if entry.state != "draft":
        raise Spent(f"FAQ {entry.id} was {entry.state} already. `/cohort faq` shows what waits.")
    after = replace(entry, state="skipped")
    turn.store.keep(after)
    turn.log(f"skipped FAQ {entry.id}")
    return _done(turn, after, "Skipped.")


@feature.action("undo", roles=STAFF, lane="private")
def undo_skip(turn: Turn[FaqStore], press: Press) -> Reply:
    entry, _ = _meant(turn, press.subject)
    if entry.state == "skipped":
        turn.store.keep(replace(entry, state="draft"))
        turn.log(f"took up FAQ {entry.id} again")
    return _review(turn)


@feature.action("remove", roles=STAFF, lane="private")
def remove(turn: Turn[FaqStore], press: Press) -> Reply:
    entry, _ = _meant(turn, press.subject)
    if entry.state != "flagged":
        raise Spent(f"FAQ {entry.id} was looked at already. `/cohort faq` shows what waits.")
    after = rules.blank(replace(entry, state="removed"))
    turn.store.keep(after)
    turn.log(f"removed FAQ {entry.id}")
    return _done(turn, after, f"FAQ {entry.id} removed.")


@feature.action("edit", roles=STAFF, lane="form")
def open_edit(turn: Turn[FaqStore], press: Press) -> Reply:
    entry, _ = _meant(turn, press.subject)
    return views.edit_form(entry)


@feature.form("edit", roles=STAFF)
def take_edit(turn: Turn[FaqStore], filled: Submission) -> Reply:
    entry, _ = _meant(turn, filled.subject)
    question, answer = (clean(filled.values.get(name, "")) for name in ("question", "answer"))
    missing = {n: "Please fill this in." for n, v in (("question", question), ("answer", answer)) if not v}
    if missing:
        raise FormRefused(missing)
    run_only = filled.values.get("run_only", "") == "yes"
    after = replace(entry, question=question, answer=answer, run_only=run_only)
    return _vouch(turn, after, "edited and approved")


# Finding


@dataclass(frozen=True)
class Find:
    """Look an answer up in the FAQ."""

    words: Annotated[str, Param("What are you looking for?", max_length=300)]


@feature.command("find", example="/cohort find report length", roles=MEMBERS)
def find(turn: Turn[FaqStore], typed: Find) -> Reply:
    entries = turn.store.standing(course_of(turn.here.course_text).id, turn.here.id)
    return views.found(rules.search(entries, typed.words), typed.words, turn.here.id)


@feature.agenda
def what_is_next(turn: Turn[FaqStore], person: Person, cohort: Cohort) -> list[Upcoming]:
    """For the course team: what waits for a review."""
    if not turn.roles & STAFF:
        return []
    waiting = turn.store.waiting(cohort.id, 0)
    if not waiting.number:
        return []
    return [Upcoming((f"FAQ: {views.summary(waiting)}",), button=views.review_button(cohort.id))]
