"""The search index on both databases: the same candidates, the same order, kept up with every change."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sqlmodel import select

from bot.app.compose import open_storage
from bot.core.time import WoundClock, parse_instant
from bot.features.faq import finding
from bot.features.faq.store import Entry
from storage.search.encoder import Remembered
from storage.search.vectors import SIZE, VectorIndex, pack, unpack
from storage.stores.enrolment import SqlEnrolment
from storage.stores.faq import SqlFaq
from storage.tables.search import CourseRow, GroupRow, IndexedRow, TermRow, VectorRow
from storage.unit import SqlStorage, SqlUnit
from tests.kit import COURSE, fresh_database

WORDS = re.findall(r"\w+", "docker report exam grade upload error week video homework install memory port key team")


def entry(question: str, answer: str, cohort: int = 1, course: str = "demo", **more: object) -> Entry:
    made = Entry(0, cohort, course, question, answer, "approved", None, "", NOW)
    return replace(made, **more)  # type: ignore[arg-type]


NOW = parse_instant("2026-01-05T08:00:00Z")


def cohorts(unit: SqlUnit) -> None:
    enrolment: SqlEnrolment = unit.store("enrolment")
    for code in ("one", "two"):
        enrolment.create_cohort(code, code, COURSE, "UTC", date(2026, 1, 5), code.upper())


@pytest.fixture
def faq_storage(storage: SqlStorage) -> SqlStorage:
    storage.run_now(cohorts)
    return storage


def found(unit: SqlUnit, text: str, cohort: int = 1, course: str = "demo") -> list[int]:
    return [hit.entry for hit in finding.ranked(unit.store("faq"), course, cohort, text) if hit.score > 0]


def test_the_index_follows_every_change(faq_storage: SqlStorage) -> None:
    def work(unit: SqlUnit) -> None:
        faq: SqlFaq = unit.store("faq")
        one = faq.add(entry("How do I install Docker?", "With the installer"))
        two = faq.add(entry("Where is the exam?", "Online", state="draft"))
        assert found(unit, "installing docker") == [one.id]
        assert found(unit, "exam") == [two.id]
        faq.keep(replace(one, question="How do I install Podman?"))
        assert found(unit, "docker") == []
        assert found(unit, "podman") == [one.id]
        for state in ("skipped", "removed"):
            faq.keep(replace(two, state=state))
            assert found(unit, "exam") == []
            faq.keep(two)
            assert found(unit, "exam") == [two.id]
        faq.keep(replace(one, state="flagged", flag="changed"))
        assert found(unit, "docker podman") == [one.id]
        faq.keep(replace(one, state="flagged", flag="withdrawn"))
        assert found(unit, "docker podman") == []

    faq_storage.run_now(work)


def test_what_is_gone_leaves_nothing_behind(faq_storage: SqlStorage) -> None:
    def work(unit: SqlUnit) -> None:
        faq: SqlFaq = unit.store("faq")
        made = faq.add(entry("A secret word", "xyzzy"))
        faq.index.encode(made, pack(np.eye(SIZE)[:3]))
        faq.index.group(made.id)
        faq.keep(replace(made, state="removed", question="", answer=""))
        session = unit._session
        session.expire_all()
        assert [list(session.exec(select(t))) for t in (TermRow, IndexedRow, VectorRow, GroupRow)] == [[], [], [], []]
        course = session.exec(select(CourseRow)).one()
        assert (course.entries, course.words, course.meant) == (0, 0, 0)
        assert not np.frombuffer(course.meaning, "<f4").any()

    faq_storage.run_now(work)


def test_a_search_stays_in_its_course_and_its_run(faq_storage: SqlStorage) -> None:
    def work(unit: SqlUnit) -> None:
        faq: SqlFaq = unit.store("faq")
        faq.add(entry("When is the call?", "At noon", cohort=1, run_only=True))
        here = faq.add(entry("Where is the call?", "In room 3", cohort=2))
        other = faq.add(entry("What is the call?", "A meeting", course="other"))
        assert found(unit, "call", cohort=2) == [here.id]
        assert len(found(unit, "call", cohort=1)) == 2
        assert found(unit, "call", course="other") == [other.id]
        assert found(unit, "call", course="nowhere") == []

    faq_storage.run_now(work)


@pytest.mark.parametrize(
    "text", ["", "?!", "'; DROP TABLE x --", '"docker" OR *', "NEAR(docker)", "тест 测试 🎉", "a" * 9000]
)
def test_anything_may_be_looked_up(faq_storage: SqlStorage, text: str) -> None:
    def work(unit: SqlUnit) -> None:
        faq: SqlFaq = unit.store("faq")
        made = faq.add(entry(text, text))
        assert found(unit, text) in ([made.id], [])
        faq.keep(replace(made, state="removed", question="", answer=""))

    faq_storage.run_now(work)


@pytest.fixture
def both(tmp_path: Path, migrated_postgres: str) -> Iterator[list[tuple[SqlStorage, Remembered]]]:
    """The same entries on both databases, with vectors that are near where words are shared."""
    made = []
    for url in (fresh_database(tmp_path), migrated_postgres):
        encoder = Remembered()
        storage = open_storage(url, WoundClock(start=NOW), encoder=encoder)  # type: ignore[arg-type]
        storage.run_now(cohorts)
        storage.run_now(partial(_fill, chance=random.Random(7)))
        made.append((storage, encoder))
    yield made
    for storage, _ in made:
        storage.close()


def _vector(text: str) -> bytes:
    axes = np.random.default_rng(3).normal(size=(len(WORDS), SIZE))
    sum_ = sum((axes[n] for n, word in enumerate(WORDS) if word in text), start=np.full(SIZE, 0.1))
    return pack([sum_ / np.linalg.norm(sum_)])[0]


def _fill(unit: SqlUnit, chance: random.Random) -> None:
    faq: SqlFaq = unit.store("faq")
    for n in range(300):
        question, answer = " ".join(chance.sample(WORDS, 3)), " ".join(chance.choices(WORDS, k=8))
        made = faq.add(entry(question, answer, cohort=chance.choice((1, 2)), run_only=n % 10 == 0))
        if n % 7:
            faq.index.encode(made, [_vector(question), _vector(answer), _vector(question + answer)])
            faq.index.group(made.id)
        if n % 5 == 0:
            faq.keep(replace(made, question="", answer="", state="removed"))


def test_both_databases_give_the_same_order_and_groups(
    both: list[tuple[SqlStorage, Remembered]], monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(8)
    texts = [" ".join(chance.sample(WORDS, 4)) for _ in range(20)]
    answers, groups = [], []
    for storage, encoder in both:
        for text in texts[::2]:
            encoder.remember(text, _vector(text))

        def look(unit: SqlUnit) -> list[list[int]]:
            return [found(unit, text) for text in texts]

        answers.append(storage.run_now(look))
        groups.append(storage.run_now(lambda unit: unit.store("faq").index.groups()))
    assert answers[0] == answers[1]
    assert all(answers[0])
    assert groups[0] == groups[1]
    assert len(set(groups[0].values())) < len(groups[0])


def test_cells_find_what_a_look_at_all_would_find(faq_storage: SqlStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.search.vectors.ONE_CELL", 100)
    chance = np.random.default_rng(1)
    centres = chance.normal(size=(12, SIZE))
    raw = centres[chance.integers(12, size=400)] + 0.6 * chance.normal(size=(400, SIZE))
    vectors = pack(raw / np.linalg.norm(raw, axis=1, keepdims=True))

    def work(unit: SqlUnit) -> None:
        faq: SqlFaq = unit.store("faq")
        for vector in vectors:
            made = faq.add(entry("A question", "An answer"))
            faq.index.encode(made, [vector] * 3)
        unit._session.expire_all()
        course = unit._session.exec(select(CourseRow)).one()
        assert course.laid_out > 100
        assert len({row.cell for row in unit._session.exec(select(VectorRow))}) > 10
        shares = []
        for wanted in vectors[::40]:
            near = [entry for entry, _ in VectorIndex(unit._session, course.id).nearest(wanted, 10)]
            best = np.argsort(-(unpack(vectors) @ unpack([wanted])[0]), kind="stable")[:10] + 1
            shares.append(len(set(near) & set(best.tolist())) / 10)
        assert sum(shares) / len(shares) > 0.8

    faq_storage.run_now(work)
