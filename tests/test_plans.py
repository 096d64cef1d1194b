"""How the database looks for things: never through a whole cohort for one person, nor through a table that grows."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel

import storage
from bot.app.compose import open_storage
from bot.core.time import WoundClock
from storage.sql.migrate import upgrade
from storage.sql.statements import Change, Query

SMALL = {"cohorts", "faq_runs", "no_reminders", "cursors"}
"""Tables that may be read as a whole: a few rows for each cohort, and those who want no reminders."""


def statements() -> Iterator[tuple[str, Any, bool]]:
    """Each statement that is compiled once, with its name, and whether it is about some people."""
    for module in pkgutil.walk_packages(storage.__path__, "storage."):
        if ".migrations" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            yield from _within(f"{module.name}.{name}", value)


def _within(name: str, value: object) -> Iterator[tuple[str, Any, bool]]:
    if isinstance(value, Query):
        yield name, value._all, False
        if value._some is not None:
            yield f"{name}, some", value._some, True
    elif isinstance(value, Change):
        yield name, value._statement, False
    elif isinstance(value, tuple):
        for one in value:
            yield from _within(name, one)
    elif isinstance(value, dict) and "postgresql" not in value:
        for one in value.values():
            yield from _within(name, one)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    file: Path = tmp_path_factory.mktemp("plans") / "pacekeeper.db"
    opened = open_storage(f"sqlite:///{file}", WoundClock(start=datetime(2026, 1, 5, tzinfo=UTC)))
    upgrade(opened.engine)
    return opened.engine


def plan(engine: Engine, statement: Any) -> list[str]:
    sql = str(statement.built.compile(dialect=sqlite.dialect(), column_keys=statement.columns))
    if sql.startswith("INSERT"):
        return []
    with engine.connect() as connection:
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("[]",) * sql.count("?"))
        return [row[3] for row in found]


def test_no_statement_reads_a_table_that_grows_from_one_end_to_the_other(engine: Engine) -> None:
    whole = [
        (name, step)
        for name, statement, _ in statements()
        for step in plan(engine, statement)
        # An index that holds only what waits is as small as that.
        if step.startswith("SCAN ") and "USING" not in step and step.split()[1] not in {*SMALL, "CONSTANT", "json_each"}
        if "VIRTUAL TABLE" not in step
    ]
    assert whole == []


def test_the_clean_up_finds_what_names_a_file_by_an_index(engine: Engine) -> None:
    named = [table.name for table in SQLModel.metadata.sorted_tables if "file" in table.columns]
    assert named
    with engine.connect() as connection:
        for name in named:
            steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN SELECT file FROM {name} WHERE file != ''").all()
            assert "USING COVERING INDEX" in str(steps)


PERSON = re.compile(r"\b(?:person|reviewer|author)=\?")


def test_what_is_asked_about_some_people_is_sought_by_the_person(engine: Engine) -> None:
    about = [(name, plan(engine, statement)) for name, statement, some in statements() if some]
    assert len(about) > 10
    assert [(name, steps) for name, steps in about if not any(map(PERSON.search, steps))] == []
