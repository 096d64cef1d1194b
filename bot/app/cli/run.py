"""`pacekeeper run`: the bot, until it is told to stop."""

import asyncio
import logging
import socket
from typing import Annotated

import typer

from bot.app.cli.opening import load_settings
from bot.app.cli.output import errors, screen
from bot.app.settings import Settings

log = logging.getLogger(__name__)


def run(
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Also serve the local chat, with a demonstration cohort at first.")
    ] = False,
) -> None:
    """Run the bot. An adapter starts if and only if it is configured."""
    settings = load_settings()
    if not sandbox:
        errors.print("Nothing is connected yet. Try it without any account: [bold]pacekeeper run --sandbox[/bold]")
        raise typer.Exit(2)
    asyncio.run(_run_sandbox(settings))


async def _run_sandbox(settings: Settings) -> None:
    from adapters.sandbox.app import door
    from bot.app.folder import own

    # First of all, so that whoever may not run here has changed nothing.
    with own(settings.data_dir), door(settings.port) as at:
        await _serve_sandbox(settings, at)


async def _serve_sandbox(settings: Settings, at: socket.socket) -> None:
    # Imported here: an adapter costs its start-up time only where it is used.
    from adapters.sandbox.adapter import Sandbox
    from adapters.sandbox.app import app, serve
    from adapters.sandbox.platform import Platform
    from bot.app.compose import compose
    from bot.app.demo import seed
    from storage.migrate import upgrade

    clock = settings.make_sandbox_clock()
    platform = Platform(settings.data_dir / "sandbox.db", clock.now)
    saved = platform.load_clock()
    if saved is not None:
        clock.wind(saved)
    clock.wound = platform.save_clock
    sandbox = Sandbox(platform)
    # A run that goes on after another draws other codes than that one did.
    chance = settings.make_chance(f"{clock.now().isoformat()}/{platform.transcript.last()}")
    house = compose(settings.database, clock, [sandbox], chance)
    upgrade(house.storage.engine)
    seed(house, platform)
    try:
        await house.runtime.start()
        # What waits goes out before anybody can do anything: the same order in every run.
        await house.runtime.settle()
        screen.print(f"\n  Pacekeeper is running. Open [bold]http://127.0.0.1:{settings.port}[/bold] in a browser.")
        screen.print("  Stop it with Ctrl+C; everything is kept.\n")
        await serve(app(sandbox, house.runtime), at)
    finally:
        await house.runtime.stop()
        house.storage.close()
        platform.close()
