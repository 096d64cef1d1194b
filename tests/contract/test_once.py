"""What a unit of work found out is known until it writes, in whichever way it writes."""

import contextlib
from collections.abc import Callable

import pytest
from sqlmodel import col, update

from bot.core.people import Account, Actor
from storage.tables.people import AuditRow, PersonRow, forget_known
from storage.unit import SqlStorage, SqlUnit

MIA = Account("w", "mia")


def name(unit: SqlUnit) -> str:
    """As the database has it, past the cache of people."""
    forget_known(unit._session)
    found = unit.people.owner(MIA)
    assert found is not None
    return found.name


def by_statement(unit: SqlUnit) -> None:
    unit.people.meet(Actor(MIA, "Mia Adams", "Europe/Berlin"))


def by_object(unit: SqlUnit) -> None:
    row = unit._session.get_one(PersonRow, 1)
    row.name = "Mia Adams"


def by_update(unit: SqlUnit) -> None:
    unit._session.exec(update(PersonRow).where(col(PersonRow.id) == 1).values(name="Mia Adams"))


@pytest.mark.parametrize("write", [by_statement, by_object, by_update])
def test_what_was_read_is_read_again_once_something_was_written(
    storage: SqlStorage, write: Callable[[SqlUnit], None]
) -> None:
    def work(unit: SqlUnit) -> None:
        unit.people.meet(Actor(MIA, "Mia", "Europe/Berlin"))
        assert name(unit) == "Mia"
        unit.known["about her"] = "Mia"
        write(unit)
        assert "about her" not in unit.known
        assert name(unit) == "Mia Adams"

    storage.run_now(work)


def test_what_was_tried_out_is_not_known_afterwards(storage: SqlStorage) -> None:
    def work(unit: SqlUnit) -> None:
        unit.people.meet(Actor(MIA, "Mia", "Europe/Berlin"))
        with contextlib.suppress(ValueError), unit.savepoint():
            by_statement(unit)
            assert name(unit) == "Mia Adams"
            unit.known["about her"] = "Mia Adams"
            raise ValueError
        assert "about her" not in unit.known
        assert name(unit) == "Mia"

    storage.run_now(work)


def test_the_same_question_goes_to_the_database_once(storage: SqlStorage) -> None:
    asked: list[str] = []

    def work(unit: SqlUnit) -> None:
        unit.people.meet(Actor(MIA, "Mia", "Europe/Berlin"))
        if storage.engine.dialect.name == "sqlite":
            unit._session.connection().connection.driver_connection.set_trace_callback(asked.append)
        assert name(unit) == name(unit) == "Mia"
        unit._session.add(AuditRow(at=unit._now, act="something else"))
        assert name(unit) == "Mia"
        if storage.engine.dialect.name == "sqlite":
            unit._session.connection().connection.driver_connection.set_trace_callback(None)

    storage.run_now(work)
    if asked:
        assert sum("accounts.seen_at" in one for one in asked) == 2


def test_another_unit_finds_out_by_itself(storage: SqlStorage) -> None:
    def first(unit: SqlUnit) -> None:
        unit.people.meet(Actor(MIA, "Mia", "Europe/Berlin"))
        unit.known["about her"] = "Mia"

    storage.run_now(first)
    storage.run_now(lambda unit: by_statement(unit))
    assert storage.run_now(name) == "Mia Adams"
    assert storage.run_now(lambda unit: dict(unit.known)) == {}
