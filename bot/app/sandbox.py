"""The sandbox of `pacekeeper run`: its chat, its windable clock, its demonstration cohort."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.platform import Platform
from bot.app.settings import Settings
from bot.core.time import WoundClock


@dataclass(frozen=True, slots=True)
class Box:
    platform: Platform
    sandbox: Sandbox
    clock: WoundClock


@contextmanager
def opened(settings: Settings) -> Iterator[Box]:
    """Opens the chat with the clock where an earlier run left it."""
    clock = settings.make_sandbox_clock()
    platform = Platform(settings.data_dir / "sandbox.db", clock.now, settings.sandbox_keys == "on")
    saved = platform.load_clock()
    if saved is not None:
        clock.wind(saved)
    clock.wound = platform.save_clock
    platform.keep("still", "yes" if clock.still else None)
    try:
        yield Box(platform, Sandbox(platform), clock)
    finally:
        platform.close()
