"""Opens settings, clock and database for a command."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.app.cli.output import read_file
from bot.core.errors import PacekeeperError
from bot.core.time import Clock, SystemClock, WoundClock

if TYPE_CHECKING:
    from bot.app.settings import Settings
    from bot.core.ports import Encoder
    from bot.course.model import Course
    from storage.unit import SqlStorage


def load_settings() -> Settings:
    """Raises PacekeeperError that names each invalid setting, without printing secrets."""
    settings, lines = read_settings()
    if lines or settings is None:
        raise PacekeeperError("Some settings need fixing:\n" + "\n".join(lines))
    return settings


def read_settings() -> tuple[Settings | None, list[str]]:
    """The settings without those that are wrong, and a line for each of these. None if a wrong one decides where the
    data is. Raises PacekeeperError if the file cannot be read."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from bot.app.settings import DECISIVE, Settings, left_out, misspelt, with_tokens

    named = os.environ.get("PACEKEEPER_CONFIG")
    if named is not None and not Path(named).is_file():
        wrong = "which is no file with settings" if Path(named).exists() else "and there is no such file"
        raise PacekeeperError(f"PACEKEEPER_CONFIG names {named}, {wrong}.")
    try:
        lines = misspelt()
        faulty: set[tuple[int | str, ...]] = set()
        while True:
            try:
                with left_out(faulty):
                    return Settings.load(), lines
            except ValidationError as e:
                errors = e.errors(include_input=False)
            lines += [
                f"{_setting(*x['loc'])}{_expected(x['type'], x['msg'], x.get('ctx', {}), str(x['loc'][-1:]))}"
                for x in errors
                if x["type"] != "extra_forbidden"
            ]
            if (found := {x["loc"][:2] for x in errors}) <= faulty or found & DECISIVE:
                return None, lines
            faulty |= with_tokens(found)
    except SettingsError:
        raise PacekeeperError(
            "PACEKEEPER_SLACK or PACEKEEPER_DISCORD cannot be read. Write several workspaces as tables [[slack]] or "
            "[[discord]] into a file that ends in .toml, and name it with PACEKEEPER_CONFIG."
        ) from None
    except ValueError as e:
        raise PacekeeperError(f"{named} cannot be read as TOML: {e}") from None


def _setting(name: str | int = "", *within: str | int) -> str:
    """A setting's name as the operator wrote it: a variable, or a key in the file. '' where the text names it."""
    if within:
        return f"[[{name}]] no. {int(within[0]) + 1}{''.join(f', {part}' for part in within[1:])}: "
    return f"PACEKEEPER_{str(name).upper()}: " if name else ""


def _expected(kind: str, message: str, about: Mapping[str, Any], where: str) -> str:
    """What a setting takes instead. Only messages of our own are passed on; those of the library are not."""
    match kind:
        case "value_error":
            return message.removeprefix("Value error, ")
        case "missing":
            return "is missing. Write it into this table."
        case "literal_error":
            return f"write {about['expected']}."
        case "tuple_type" | "model_type" | "model_attributes_type":
            return 'write a table for each workspace, such as [[slack]] with bot_token = "xoxb-…" below it.'
        case "greater_than_equal" | "less_than_equal" | "finite_number":
            return "write a whole number from 1 to 65535, such as 8420." if "port" in where else "write 1 or more."
    if kind.startswith("int_") or "port" in where or "shards" in where:
        return f"write a whole number, such as {8420 if 'port' in where else 1}."
    return 'write a text in quotes, such as "…"; see docs/INTERFACE.md for what it means.'


def present_clock(settings: Settings) -> Clock:
    """The clock of the bot in the data folder. A sandbox's clock may be wound, or stand still: then it also does so for
    a command that is run without PACEKEEPER_CLOCK."""
    file = settings.data_dir / "sandbox.db"
    if not file.exists():
        return SystemClock() if settings.clock == "system" else settings.make_sandbox_clock()
    from adapters.sandbox.platform import Platform

    clock = settings.make_sandbox_clock()
    platform = Platform(file, clock.now)
    saved, still = platform.load_clock(), platform.kept("still")
    platform.close()
    if saved is None:
        return clock
    if still and not clock.still:
        return WoundClock(start=saved)
    clock.wind(saved)
    return clock


@contextmanager
def opened(salt: str = "", encoder: Encoder | None = None) -> Iterator[SqlStorage]:
    """Opens the database and upgrades its schema. `salt` separates random values made for different purposes."""
    from bot.app import condition
    from bot.app.compose import open_storage
    from storage.sql.migrate import upgrade, versions

    settings = load_settings()
    condition.check(settings)
    storage = open_storage(settings.database, present_clock(settings), settings.make_chance(salt), encoder=encoder)
    try:
        upgrade(storage.engine)
        condition.note_use(settings, versions(storage.engine)[0])
        yield storage
    finally:
        storage.close()


def read_course(file: Path) -> tuple[str, Course]:
    """A course file that the operator named: its text, and what it says. Raises CourseInvalid with all its errors."""
    from bot.course.loader import load

    data = read_file(file, "a course file")
    course = load(data, str(file))
    return data.decode("utf-8-sig"), course
