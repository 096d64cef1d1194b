"""Opens settings, clock and database for a command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

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
    from pydantic import ValidationError

    from bot.app.settings import Settings, misspelt

    named = os.environ.get("PACEKEEPER_CONFIG")
    if named is not None and not Path(named).is_file():
        wrong = "which is no file with settings" if Path(named).exists() else "and there is no such file"
        raise PacekeeperError(f"PACEKEEPER_CONFIG names {named}, {wrong}.")
    try:
        lines = misspelt()
        settings = Settings.load()
    except ValidationError as e:
        lines += [
            f"{_setting(*x['loc'])}: {x['msg'].removeprefix('Value error, ')}"
            for x in e.errors(include_input=False)
            if x["type"] != "extra_forbidden"
        ]
    except ValueError as e:
        raise PacekeeperError(f"{named} cannot be read as TOML: {e}") from None
    if lines:
        raise PacekeeperError("Some settings need fixing:\n" + "\n".join(lines))
    return settings


def _setting(name: str | int = "", *within: str | int) -> str:
    """A setting's name as the operator wrote it: a variable, or a key in the file."""
    if within:
        return f"[[{name}]] no. {int(within[0]) + 1}{''.join(f', {part}' for part in within[1:])}"
    return f"PACEKEEPER_{str(name).upper()}" if name else "Together"


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
