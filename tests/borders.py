"""Tries people's acts on a populated world, one at a time, and reports the rows that each would have changed.

Every act runs in a separate unit of work that is rolled back, so the next act finds the world unchanged.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import sqlalchemy as sa

from bot.core.events import Event, Interaction
from bot.core.people import Actor, Place
from bot.core.ports import Answer
from bot.runtime.chat import ChatEvents
from bot.runtime.commands import Commands
from bot.runtime.forms import Forms
from bot.runtime.interactions import Interactions
from bot.runtime.ports import Received
from storage.unit import SqlUnit
from tests.kit import World

Row = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A row that an act wrote: `before` is None if it is new, `after` if it was deleted."""

    table: str
    before: Row | None
    after: Row | None

    def __str__(self) -> str:
        if self.before and self.after:
            differs = {k: (v, self.after[k]) for k, v in self.before.items() if v != self.after[k]}
            return f"{self.table} {self.before.get('id', self.before)}: {differs}"
        return f"{self.table}: {'new' if self.after else 'gone'} {self.after or self.before}"


@dataclass(frozen=True)
class Tried:
    """The result of an act."""

    answer: Answer | None
    changes: Sequence[Change]


class _Undo(BaseException):
    def __init__(self, tried: Tried) -> None:
        self.tried = tried


class Trial:
    """Tries acts on a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        registry = world.app.registry
        self._chat, self._commands = ChatEvents(registry), Commands(registry, "pacekeeper")
        self._interactions = Interactions(registry, self._commands, Forms(registry), lambda ref: None)
        self._seq = 0
        _watch(world.app.storage.engine)

    def id(self) -> str:
        self._seq += 1
        return f"try/{self._seq}"

    def __call__(self, event: Event) -> Tried:
        """Tries an event."""
        return self._try(lambda unit: self._take(unit, event))

    def page(self, actor: Actor, workspace: str) -> Tried:
        """Tries opening one's own page."""
        return self._try(lambda unit: self._interactions.page(unit, actor, workspace, self._world.clock.now()))

    def options(self, actor: Actor, place: Place, command: str, parameter: str) -> Tried:
        now = self._world.clock.now()

        def look(unit: SqlUnit) -> Answer:
            self._commands.options(unit, actor, place, command, parameter, "", now)
            return Answer()

        return self._try(look)

    def _take(self, unit: SqlUnit, event: Event) -> Answer | None:
        now = self._world.clock.now()
        if isinstance(event, Interaction):
            return self._interactions.answer(unit, event, now)
        self._chat.handle(unit, Received(0, event, 0, now), now)
        return None

    def _try(self, act: Any) -> Tried:
        def work(unit: SqlUnit) -> None:
            answer = act(unit)
            unit._session.flush()
            rows = unit._session.connection().exec_driver_sql("SELECT name, before, after FROM touched ORDER BY rowid")
            raise _Undo(Tried(answer, [Change(n, *(json.loads(j) if j else None for j in r)) for n, *r in rows]))

        try:
            # With savepoints from the start: most acts are refused, and would be repeated with them.
            self._world.app.storage._work(work, careful=True, first=False)
        except _Undo as e:
            return e.tried
        raise AssertionError("unreachable")


def _watch(engine: sa.Engine) -> None:
    """Installs triggers, so that the database records every written row."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE touched (name TEXT, before TEXT, after TEXT)")
        tables = sa.inspect(connection).get_table_names()
        virtual = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
        searched = [name for (name,) in connection.exec_driver_sql(virtual)]
        for table in tables:
            if table in ("touched", "alembic_version") or any(table.startswith(name) for name in searched):
                continue
            names = [column["name"] for column in sa.inspect(connection).get_columns(table)]

            def row(which: str, names: Sequence[str] = names) -> str:
                value = "CASE typeof({0}) WHEN 'blob' THEN hex({0}) ELSE {0} END"
                pairs = (f"'{name}', " + value.format(f'{which}."{name}"') for name in names)
                return f"json_object({', '.join(pairs)})"

            for when, before, after in (
                ("INSERT", "NULL", row("NEW")),
                ("UPDATE", row("OLD"), row("NEW")),
                ("DELETE", row("OLD"), "NULL"),
            ):
                same = f"WHEN {before} IS NOT {after}"
                connection.exec_driver_sql(
                    f'CREATE TRIGGER touch_{table}_{when} AFTER {when} ON "{table}" {same} '
                    f"BEGIN INSERT INTO touched VALUES ('{table}', {before}, {after}); END"
                )


def controls(shown: object) -> Iterator[tuple[str, str]]:
    """Every action in a message, form or answer, with its options ('' for a button)."""
    action = getattr(shown, "action", None)
    if isinstance(action, str):
        yield action, ""
        for option in getattr(shown, "options", ()):
            yield action, option.value
    if is_dataclass(shown):
        for field in fields(shown):
            yield from controls(getattr(shown, field.name))
    elif isinstance(shown, tuple | list):
        for one in shown:
            yield from controls(one)
