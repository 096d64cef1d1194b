"""From any version to the newest, with data in it."""

import re
import shutil
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, Table, UniqueConstraint, inspect, text
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import storage.sql.migrate
from bot.app.compose import compose
from bot.core.errors import NeedsOperator
from bot.core.time import WoundClock
from bot.core.voice import Awaited
from bot.features.faq.store import Reviewer
from bot.features.recaps.store import Recap
from storage.sql.draft import STYLE, draft
from storage.sql.engine import open_engine
from storage.sql.migrate import configuration, lacking, migrate, upgrade, versions
from storage.sql.schema import Utc
from tests.features.test_milestones import WITH_WORK
from tests.kit import new_world


def test_an_older_file_is_copied_and_brought_up(tmp_path: Path) -> None:
    file = tmp_path / "pacekeeper.db"
    engine = open_engine(f"sqlite:///{file}")
    config = configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO people (name, zone, picked_zone, hour, met_at)"
                " VALUES ('Mia', 'UTC', 0, 9, '2026-01-05 08:00:00.000000')"
            )
        )
    upgrade(engine)
    newest = versions(engine)[1]
    assert versions(engine)[0] == newest
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM people")).scalar() == "Mia"
    upgrade(engine)
    assert [p.name for p in tmp_path.glob("*.before-*")] == [f"pacekeeper.db.before-{newest}"]
    copy = open_engine(f"sqlite:///{file}.before-{newest}")
    assert versions(copy)[0] == "0001"


def drafted(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A draft in a copy of the migrations. Its style is as `make check` wants it."""
    copy = tmp_path / "migrations"
    shutil.copytree(storage.sql.migrate.HERE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(storage.sql.migrate, "HERE", copy)
    path = draft(name)
    for looks in (["check"], ["format", "--check"]):
        subprocess.run([sys.executable, "-m", "ruff", *looks, "--config", str(STYLE), str(path)], check=True)
    return path


def test_a_draft_of_the_next_migration_has_nothing_to_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The migrations make what the models say; a draft would otherwise hold the difference."""
    text = drafted("nothing", monkeypatch, tmp_path).read_text()
    assert re.findall(r"^    pass$", text, re.MULTILINE) == ["    pass", "    pass"]


def test_a_draft_makes_the_table_of_a_new_feature(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clubs = Table(
        "book_clubs",
        SQLModel.metadata,
        Column("id", Integer, primary_key=True),
        Column("cohort", Integer, ForeignKey("cohorts.id"), nullable=False, index=True),
        Column("title", AutoString(), nullable=False),
        Column("open", Boolean, nullable=False),
        Column("pages", JSON, nullable=False),
        Column("begins_at", Utc(), nullable=False),
        UniqueConstraint("cohort", "title"),
    )
    try:
        path = drafted("book_clubs", monkeypatch, tmp_path)
        types = [sys.executable, "-m", "mypy", "--config-file", str(STYLE), str(path)]
        subprocess.run(types, check=True, cwd=STYLE.parent)
        engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")
        migrate(engine)
        assert {column["name"] for column in inspect(engine).get_columns("book_clubs")} == set(clubs.columns.keys())
        engine.dispose()
    finally:
        SQLModel.metadata.remove(clubs)


def test_a_draft_fills_a_new_column_of_a_table_that_has_rows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'pacekeeper.db'}")
    migrate(engine)
    people = SQLModel.metadata.tables["people"]
    with engine.begin() as connection:
        columns = ", ".join(c.name for c in people.columns if not c.nullable)
        values = ", ".join("'x'" if isinstance(c.type, AutoString) else "1" for c in people.columns if not c.nullable)
        connection.execute(text(f"INSERT INTO people ({columns}) VALUES ({values})"))
    new = [
        Column("mood", AutoString(), nullable=False),
        Column("asked", Boolean, nullable=False),
        Column("pages", Integer, nullable=False),
    ]
    try:
        for column in new:
            people.append_column(column)
        path = drafted("moods", monkeypatch, tmp_path)
        assert "sa.Boolean(), server_default=sa.false()" in path.read_text(), "PostgreSQL takes no number for it"
        migrate(engine)
        with engine.begin() as connection:
            assert connection.execute(text("SELECT mood, asked, pages FROM people")).all() == [("", 0, 0)]
    finally:
        for column in new:
            people._columns.remove(column)
    engine.dispose()


def test_a_draft_names_a_column_that_has_nothing_for_the_rows_that_are_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    people = SQLModel.metadata.tables["people"]
    people.append_column(asked := Column("asked_at", Utc(), nullable=False))
    try:
        with pytest.raises(SystemExit, match="Rows of people would have nothing in asked_at: let it be None"):
            drafted("asked", monkeypatch, tmp_path)
    finally:
        people._columns.remove(asked)


def test_a_table_without_a_migration_is_named(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'pacekeeper.db'}")
    clubs = Table("book_clubs", SQLModel.metadata, Column("id", Integer, primary_key=True))
    try:
        with pytest.raises(NeedsOperator, match=r"No migration makes book_clubs.*python -m storage\.sql\.draft NAME"):
            upgrade(engine)
    finally:
        SQLModel.metadata.remove(clubs)
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE people DROP COLUMN met_at"))
    assert lacking(engine) == ["people.met_at"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_what_a_new_version_brings_is_planned_for_cohorts_that_run(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, clock: WoundClock
) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}" if kind == "sqlite" else request.getfixturevalue("fresh_postgres")
    engine = open_engine(url)
    config = configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        cohort = {"course": WITH_WORK, "on": date(2026, 1, 5)}
        for table, values in (
            ("people (id, name, zone, picked_zone, hour, met_at)", f"1, 'Mia', 'UTC', {kind == 'sqlite'}, 9, :at"),
            ('accounts (workspace, "user", person, active, seen_at)', "'T1', 'mia', 1, true, :at"),
            (
                "cohorts (id, code, title, course_text, zone, starts_on, join_code)",
                "1, 'demo', 'Demo', :course, 'Europe/Berlin', :on, 'CODE'",
            ),
            ("memberships (id, cohort, person, role, joined_at)", "1, 1, 1, 'learner', :at"),
        ):
            statement = text(f"INSERT INTO {table} VALUES ({values})")
            wanted = {**cohort, "at": datetime(2026, 1, 4)}  # noqa: DTZ001
            connection.execute(statement, {k: v for k, v in wanted.items() if f":{k}" in values})
    upgrade(engine)
    engine.dispose()
    app = compose(url, clock, [])
    await app.runtime.settle()
    with app.storage.engine.connect() as connection:
        planned = connection.execute(text("SELECT count(*) FROM milestone_windows")).scalar()
        cards = connection.execute(text("SELECT count(*) FROM due WHERE kind = 'weekcard.open'")).scalar()
    app.storage.close()
    assert (planned, cards) == (3, 3)


async def test_a_cohort_that_runs_gets_the_card_for_its_end(tmp_path: Path) -> None:
    """The version before planned none."""
    world = new_world(tmp_path)
    await world.settle()
    with world.app.storage.engine.begin() as connection:
        connection.execute(text("DELETE FROM due WHERE kind = 'completion.over'"))
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "0027")
    upgrade(world.app.storage.engine)
    await world.until("2026-02-10T12:00:00Z")
    for name in ("ines", "omar"):
        assert len([t for t in world.chat.person(name).inbox() if "Demo course is over" in t]) == 1
    world.app.storage.close()


NO = {"sqlite": "0", "postgresql": "false"}
AT = "'2026-01-05 08:00:00'"
COHORT = (
    "cohorts (id, code, title, course_text, zone, starts_on, join_code)"
    " VALUES (1, 'demo', 'Demo', '', 'UTC', '2026-01-05', 'CODE')"
)


def older(kind: str, request: pytest.FixtureRequest, tmp_path: Path, version: str, *rows: str) -> str:
    """The address of a database of an earlier version with these rows, which was upgraded since."""
    url = f"sqlite:///{tmp_path / 'old.db'}" if kind == "sqlite" else request.getfixturevalue("fresh_postgres")
    engine = open_engine(url)
    config = configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        for row in rows:
            connection.execute(text(f"INSERT INTO {row}"))
    upgrade(engine)
    engine.dispose()
    return url


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_entry_of_the_first_form_knows_who_asked(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, clock: WoundClock
) -> None:
    no = NO[kind]
    rows = (
        f"people (id, name, zone, picked_zone, hour, met_at) VALUES (1, 'Mia', 'UTC', {no}, 9, {AT})",
        COHORT,
        "questions (id, cohort, asker, text, kind, state, plain, anonymous, asked_at, replies, revision)"
        f" VALUES (7, 1, 1, 'How?', 'questions', 'solved', {no}, {no}, {AT}, 1, '')",
        "faq_entries (id, cohort, course, question, answer, state, source, source_stamp, created_at, flag,"
        f" news_question, news_answer) VALUES (1, 1, 'demo', 'How?', 'So', 'approved', 7, 'x', {AT}, '', '', '')",
    )
    app = compose(older(kind, request, tmp_path, "0007", *rows), clock, [])
    entry, waiting = app.storage.run_now(
        lambda unit: (
            unit.store("faq").entry(1),
            unit.store("faq").waiting(Reviewer(1, "demo", clock.now() - timedelta(days=180)), 5),
        )
    )
    app.storage.close()
    assert (entry.askers, entry.last_asked) == (1, clock.now())
    assert waiting.drafts == 0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_recording_of_a_wrapup_round_is_the_recap_of_its_week(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, clock: WoundClock
) -> None:
    columns = "cohort, prompt, week, title, questions, opens_at, closes_at, state, posted, pages, recording"

    def round(prompt: str, week: int, recording: str) -> str:
        values = f"1, '{prompt}', {week}, 'Wrap-up', '[]', {AT}, {AT}, 'closed', {NO[kind]}, '[]', '{recording}'"
        return f"wrapup_rounds ({columns}) VALUES ({values})"

    link = "https://example.org/1"
    rows = (COHORT, round("wrapup", 1, link), round("minutes", 1, ""), round("wrapup", 2, ""))
    app = compose(older(kind, request, tmp_path, "0038", *rows), clock, [])
    found = app.storage.run_now(lambda unit: unit.store("recaps").of(1))
    app.storage.close()
    assert found == [Recap(1, 1, url=link, state="posted", posted_at=clock.now())]


def test_numbers_are_never_given_again_where_something_refers_to_them(tmp_path: Path) -> None:
    """A migration that makes a table anew could lose that."""
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(engine)
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        made = {table.name: table.sql for table in tables}
    engine.dispose()
    wanted = {t.name for t in SQLModel.metadata.tables.values() if t.dialect_options["sqlite"]["autoincrement"]}
    assert "remarks" in wanted
    assert wanted == {name for name in wanted if "AUTOINCREMENT" in made[name]}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_request_for_feedback_and_a_personal_word_keep_what_they_are(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, clock: WoundClock
) -> None:
    no = NO[kind]
    asked = '{"about": "My opening", "asked_at": "2026-01-05T08:00:00Z"}'
    # A colon would be a parameter.
    asked = asked.replace(":", r"\:")
    rows = (
        f"people (id, name, zone, picked_zone, hour, met_at) VALUES (1, 'Mia', 'UTC', {no}, 9, {AT})",
        COHORT,
        "live_sessions (id, cohort, name, week, title, minutes, state, since, times, changed, why, agreed, recording,"
        " transcript, word)"
        f" VALUES (1, 1, 'aloud', 1, 'Aloud', 30, 'over', {AT}, '[[],[]]', 0, '', '[]', '', '', '')",
        f"live_people (session, person, slot, by_word, answers, counted) VALUES (1, 1, 0, {no}, '{asked}', {no})",
        "remarks (person, cohort, key, is_card, body, at, until, role, urgent, rank, joins, about, change)"
        f""" VALUES (1, 1, 'word', {no}, '["Well done"]', {AT}, {AT}, '', {no}, 'awaited', {no}, '', 'personal')""",
    )
    app = compose(older(kind, request, tmp_path, "0055", *rows), clock, [])
    (taking,), (word,) = app.storage.run_now(
        lambda unit: (unit.store("live").takings([1]), unit.store("voice").waiting([1])[1])
    )
    app.storage.close()
    assert (taking.answers, taking.asked_at) == (("My opening",), clock.now())
    assert word.notice == Awaited(1, 1, "word", ("Well done",), clock.now(), personal=True)
