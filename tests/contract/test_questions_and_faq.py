"""The stores of questions and the FAQ, on both databases."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlmodel import select

from bot.app.cohorts import create_cohort
from bot.app.features import make_registry
from bot.app.importing import spool_files, store_threads
from bot.core.people import Account, Actor, MessageRef, Place
from bot.core.time import WoundClock
from bot.features.faq.store import Entry, FaqStore, Reviewer
from bot.features.questions.detecting import Spoken
from bot.features.questions.store import Question, QuestionStore, Response
from storage.stores.enrolment import SqlEnrolment
from storage.stores.spool import Spool
from storage.tables.people import change_cohort
from storage.tables.questions import RevisionRow
from storage.unit import SqlStorage, SqlUnit
from tests.exports import discord_json, discord_message, discord_tick
from tests.kit import COURSE, PLAN


def seed(unit: SqlUnit) -> tuple[int, int]:
    """A cohort and a person."""
    person = unit.people.meet(Actor(Account("w", "mia"), "Mia", "Europe/Berlin"))
    enrolment: SqlEnrolment = unit.store("enrolment")
    return enrolment.create_cohort("demo", "Demo", COURSE, "Europe/Berlin", date(2026, 1, 5), "JOIN"), person.id


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
        store.add(Question(0, cohort, mia, "so tired", "note", "open", False, False, None, asked_at=now))
        assert store.count_unsolved(cohort, ("main", "note")) == 4
        assert [q.text for q in store.unsolved(cohort, ("main",), 2)] == ["3?", "2?"]
        again = store.asked_since(cohort, mia, "4?", now - timedelta(minutes=1))
        assert again is not None
        assert again.id == answered.id
        gone = MessageRef("w", "c", "9")
        store.remember_deleted(gone)
        store.remember_deleted(gone)
        assert store.was_deleted(gone)

    storage.run_now(work)


def ask(unit: SqlUnit, cohort: int, person: int, text: str, at: datetime) -> int:
    store: QuestionStore = unit.store("questions")
    return store.add(Question(0, cohort, person, text, "questions", "solved", False, False, None, asked_at=at)).id


def test_an_entry_without_text_has_no_versions(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        cohort, mia = seed(unit)
        store: FaqStore = unit.store("faq")
        team = Reviewer(cohort, "demo", clock.now() - timedelta(days=100))
        source = ask(unit, cohort, mia, "One?", clock.now())
        entry = store.add(Entry(0, cohort, "demo", "One?", "Ten", "draft", source, "x", clock.now()))
        assert store.of_source(source) == entry
        assert (entry.askers, entry.last_asked) == (1, clock.now())
        assert store.standing("demo") == []
        approved = replace(entry, state="approved", verified_at=clock.now())
        store.keep(approved)
        store.keep_version(approved, mia, "approved")
        assert [(v.answer, v.by, v.act) for v in store.versions(entry.id)] == [("Ten", mia, "approved")]
        assert store.standing("demo") == [approved]
        store.keep(replace(approved, state="flagged", flag="changed", news_answer="Twelve"))
        assert [e.stands for e in store.standing("demo")] == [True]
        assert (store.waiting(team, 5).flagged, len(store.waiting(team, 5).entries)) == (1, 1)
        store.keep(replace(approved, state="removed", question="", answer=""))
        assert store.standing("demo") == []
        assert store.versions(entry.id) == []

    storage.run_now(work)


def test_askers_are_counted_once_wherever_they_asked(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        cohort, mia = seed(unit)
        leo = unit.people.meet(Actor(Account("w", "leo"), "Leo", "Europe/Berlin")).id
        store: FaqStore = unit.store("faq")
        now, day = clock.now(), timedelta(days=1)
        first, again, other, late = (
            ask(unit, cohort, who, text, now - ago)
            for who, text, ago in ((mia, "a?", 3 * day), (mia, "b?", 2 * day), (leo, "c?", day), (leo, "d?", 0 * day))
        )
        one = store.add(Entry(0, cohort, "demo", "One?", "Ten", "draft", first, "x", now))
        two = store.add(Entry(0, cohort, "demo", "Two?", "Ten", "draft", other, "x", now))
        store.add_source(one.id, again)
        store.add_source(two.id, again)
        store.add_source(two.id, late)
        found = store.entry(one.id), store.entry(two.id)
        assert [(e.askers, e.first_asked, e.last_asked) for e in found if e] == [
            (1, now - 3 * day, now - 2 * day),
            (1, now - day, now),
        ]
        store.keep(replace(two, state="merged", into=one.id))
        store.merge(two, one)
        assert [e.askers for n in (one.id, two.id) if (e := store.entry(n))] == [2, 0]
        assert [s.question for s in store.sources(one.id)] == [late, other, again, first]
        assert store.merged("demo") == {one.id: [two.id]}
        store.drop_source(first)
        assert [e.first_asked for e in [store.entry(one.id)] if e] == [now - 2 * day]
        back = replace(two, state="draft", into=None)
        store.unmerge(replace(two, into=one.id))
        store.keep(back)
        assert [e.askers for n in (one.id, two.id) if (e := store.entry(n))] == [1, 1]

    storage.run_now(work)


def test_what_waits_for_a_review_comes_most_asked_first(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        old, mia = seed(unit)
        enrolment: SqlEnrolment = unit.store("enrolment")
        new = enrolment.create_cohort("new", "New", COURSE, "Europe/Berlin", date(2026, 2, 2), "JOIN2")
        leo = unit.people.meet(Actor(Account("w", "leo"), "Leo", "Europe/Berlin")).id
        store: FaqStore = unit.store("faq")
        now, day = clock.now(), timedelta(days=1)

        def add(question: str, askers: tuple[int, ...], cohort: int = old, **more: object) -> Entry:
            asked = [ask(unit, cohort, who, question, now) for who in askers]
            entry = store.add(Entry(0, cohort, "demo", question, "A", "draft", asked[0], "x", now))
            for source in asked[1:]:
                store.add_source(entry.id, source)
            kept = replace(entry, **more)  # type: ignore[arg-type]
            store.keep(kept)
            return kept

        add("draft", (mia,))
        add("asked by two", (mia, leo))
        add("later", (mia, leo), later_until=now + day)
        add("old", (mia, leo), state="approved", verified_at=now - 200 * day)
        add("checked", (mia,), state="approved", verified_at=now - 10 * day)
        add("of that run", (mia, leo), state="approved", verified_at=now - 200 * day, run_only=True)
        add("flagged", (mia,), state="flagged", flag="changed", verified_at=now)
        add("elsewhere", (mia,), cohort=new)
        here = Reviewer(old, "demo", now - 180 * day)
        waiting = store.waiting(here, 9)
        assert (waiting.flagged, waiting.unverified, waiting.drafts) == (1, 2, 2)
        assert [e.question for e in waiting.entries] == ["flagged", "asked by two", "old", "of that run", "draft"]
        assert [e.question for e in store.waiting(here, 2, skip=3).entries] == ["of that run", "draft"]
        there = replace(here, cohort=new)
        store.open_run(new, "demo", now - day)
        store.open_run(new, "demo", now)
        assert [e.question for e in store.waiting(there, 9).entries] == ["old", "elsewhere", "checked"]
        assert store.reviewed(1, there) is None
        # Drafts of a run that ended elsewhere stay there; what had been approved is looked after by every run.
        enrolment.bind_channel(new, "main", Place("w", "C1"))
        change_cohort(enrolment._session, old, ended_at=enrolment._now)
        store.end_run(old, "demo", "another")
        assert [e.question for e in store.waiting(there, 9).entries] == ["flagged", "old", "elsewhere", "checked"]
        store.end_run(old, "demo", "w")
        assert [e.question for e in store.waiting(there, 9).entries] == [
            "flagged",
            "asked by two",
            "old",
            "draft",
            "elsewhere",
            "checked",
        ]
        assert store.courses() == ["demo"]
        store.set_posted(new, "demo", True)
        store.set_posted(old, "demo", True)
        store.set_posted(old, "demo", False)
        assert set(store.posted("demo")) == {new}
        assert store.course_text("demo") == COURSE

    storage.run_now(work)


def test_talk_is_remembered_for_a_day_without_its_words(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        _, mia = seed(unit)
        ben = unit.people.meet(Actor(Account("w", "ben"), "Ben")).id
        store: QuestionStore = unit.store("questions")
        here, elsewhere = Place("w", "c"), Place("w", "d")
        now = clock.now()
        for number, (person, minutes) in enumerate([(mia, 2000), (ben, 30), (mia, 20), (mia, 20), (ben, 10)]):
            store.remember_talk(MessageRef("w", "c", str(number)), Spoken(person, now - timedelta(minutes=minutes)))
        store.remember_talk(MessageRef("w", "c", "4"), Spoken(ben, now - timedelta(minutes=10)))
        store.remember_talk(MessageRef("w", "d", "4"), Spoken(mia, now))
        said = [(spoken.by, (now - spoken.at) // timedelta(minutes=1)) for spoken in store.talk(here)]
        assert said == [(ben, 30), (mia, 20), (mia, 20), (ben, 10)]
        assert store.talk(elsewhere) == [Spoken(mia, now)]

    storage.run_now(work)


def test_history_comes_in_once(storage: SqlStorage, tmp_path: Path) -> None:
    registry = make_registry()
    create_cohort(storage, registry, PLAN)
    said = []
    for n in range(1, 60, 2):
        said.append(discord_message(f"{n}", f"{n}", f"How do I do number {n}? \U0001f600 \x00"))
        said.append(discord_message(f"{n + 1}", "8", f"Like {n}.", f"{n}", reactions=discord_tick(f"{n}")))
    file = discord_json(tmp_path / "e.json", said)
    for new in (30, 0):
        with Spool() as spool:
            read = spool_files(spool, [file])
            done = store_threads(storage, registry, "demo", spool, read)
        assert (done["new"], done["marked"], done["known"]) == (new, new, 30 - new)

    def drafts(unit: SqlUnit) -> int:
        store: FaqStore = unit.store("faq")
        cohort = unit.people.cohorts()[0]
        return store.waiting(Reviewer(cohort.id, "demo", storage.now()), 0).drafts

    assert storage.run_now(drafts) == 30
