"""Opens what a command needs: settings, clock, database."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from bot.app.settings import Settings
from bot.core.errors import PacekeeperError
from bot.core.time import SystemClock
from storage.unit import SqlStorage


def load_settings() -> Settings:
    """Raises PacekeeperError that names each setting that does not do, and never prints a secret."""
    try:
        return Settings.load()
    except ValidationError as e:
        lines = [f"PACEKEEPER_{str(x['loc'][0]).upper()}: {x['msg']}" for x in e.errors(include_input=False)]
        raise PacekeeperError("Some settings need a mend:\n" + "\n".join(lines)) from None


@contextmanager
def opened() -> Iterator[SqlStorage]:
    """The database, brought to the newest schema."""
    from bot.app.compose import open_storage
    from storage.migrate import upgrade

    storage = open_storage(load_settings().database, SystemClock())
    try:
        upgrade(storage.engine)
        yield storage
    finally:
        storage.close()
