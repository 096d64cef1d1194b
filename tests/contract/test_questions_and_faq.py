"""The stores of questions and the FAQ, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

from sqlmodel import select

from bot.core.people import Account, Actor, MessageRef
from bot.core.time import WoundClock
from bot.features.faq.border import Entry, FaqStore
from bot.features.questions.border import Question, QuestionStore, Response
from storage.people import Enrolment
from storage.questions import RevisionRow
from storage.unit import SqlStorage, SqlUnit


def seed(unit: SqlUnit) -> tuple[int, int]:
    """A cohort and a person."""
    person = unit.people.meet(Actor(Account("w", "mia"), "Mia", "Europe/Berlin"))
    enrolment: Enrolment = unit.store("enrolment")
    return enrolment.create_cohort("demo", "Demo", "course: {}", "Europe/Berlin", date(2026, 1, 5), "JOIN"), person.id


def revisions(unit: SqlUnit) -> list[str]:
    return sorted(r.text for r in unit._session.exec(select(RevisionRow)))


def test_texts_have_revisions_until_they_are_deleted(storage: SqlStorage, clock: WoundClock) -> None:
    ref, below = MessageRef("w", "c", "1"), MessageRef("w", "c", "2")

    def work(unit: SqlUnit) -> None:
        cohort, mia = seed(unit)
        store: QuestionStore = unit.store("questions")
        first = store.add(Question(0, cohort, mia, "One?", "questions", "open", True, False, ref, asked_at=clock.now()))
        reply = store.respond(Response(0, first.id, mia, False, "Ten", clock.now(), below))
        store.keep(replace(first, text="Two? 😀"))
        store.keep_response(replace(reply, text="Twelve"))
        assert store.question_at(ref) == replace(first, text="Two? 😀")
        assert store.response_at(below) == replace(reply, text="Twelve")
        assert revisions(unit) == ["One?", "Ten"]
        store.keep(replace(first, text="", state="withdrawn"))
        assert revisions(unit) == ["Ten"]
        store.keep_response(replace(reply, text="", deleted=True))
        assert revisions(unit) == []
        assert store.responses(first.id) == []

    storage.run_now(work)


def test_the_last_mark_counts_and_each_person_has_one(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        cohort, mia = seed(unit)
        ben = unit.people.meet(Actor(Account("w", "ben"), "Ben")).id
        store: QuestionStore = unit.store("questions")
        question = store.add(
            Question(0, cohort, mia, "One?", "questions", "open", False, False, None, asked_at=clock.now())
        )
        one, two = (store.respond(Response(0, question.id, ben, False, t, clock.now(), None)) for t in "ab")
        store.mark(one, mia)
        store.mark(two, ben)
        store.mark(one, mia)
        assert store.marked(question.id) == two.id
        store.unmark(two, ben)
        assert store.marked(question.id) == one.id
        store.clear_marks(question.id)
        assert store.marked(question.id) is None

    storage.run_now(work)


def test_what_waits_is_counted_and_the_oldest_comes_first(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        cohort, mia = seed(unit)
        store: QuestionStore = unit.store("questions")
        now = clock.now()
        for hours in (1, 3, 2):
            at = now - timedelta(hours=hours)
            store.add(Question(0, cohort, mia, f"{hours}?", "main", "elsewhere", True, False, None, asked_at=at))
        answered = store.add(Question(0, cohort, mia, "4?", "questions", "open", False, True, None, asked_at=now))
        store.keep(replace(answered, first_answer_at=now, replies=1))
        number, oldest = store.waiting(cohort, 2)
        assert (number, [q.text for q in oldest]) == (3, ["3?", "2?"])
        again = store.asked_since(cohort, mia, "4?", now - timedelta(minutes=1))
        assert again is not None
        assert again.id == answered.id
        gone = MessageRef("w", "c", "9")
        store.remember_deleted(gone)
        store.remember_deleted(gone)
        assert store.was_deleted(gone)

    storage.run_now(work)


def test_an_entry_without_text_has_no_versions(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        cohort, mia = seed(unit)
        store: FaqStore = unit.store("faq")
        entry = store.add(Entry(0, cohort, "demo", "One?", "Ten", "draft", 7, "x", clock.now()))
        assert store.of_source(7) == entry
        assert store.standing("demo") == []
        approved = replace(entry, state="approved", verified_at=clock.now())
        store.keep(approved)
        store.keep_version(approved, mia, "approved")
        assert store.standing("demo") == [approved]
        store.keep(replace(approved, state="flagged", flag="changed", news_answer="Twelve"))
        assert [e.stands for e in store.standing("demo")] == [True]
        assert (store.waiting(cohort, 5).flagged, len(store.waiting(cohort, 5).entries)) == (1, 1)
        store.keep(replace(approved, state="removed", question="", answer=""))
        assert store.standing("demo") == []

    storage.run_now(work)
