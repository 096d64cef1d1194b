"""`pacekeeper run`: runs the bot until it is stopped."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.app import logs
from bot.app.cli.opening import load_settings
from bot.app.cli.output import FAILED, MISUSED, errors, program, screen

if TYPE_CHECKING:
    from bot.app.settings import Settings

log = logging.getLogger(__name__)


def run(
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Also serve the local chat, with a demonstration cohort at first.")
    ] = False,
) -> None:
    """Run the bot. An adapter starts if and only if it is configured."""
    from bot.app.settings import unconnected

    settings = load_settings()
    if not sandbox and not settings.connects:
        errors.print("Nothing is connected yet. Try it without any account: [bold]pacekeeper run --sandbox[/bold]")
        errors.print(f"To connect it: {unconnected()}", markup=False, soft_wrap=True)
        raise typer.Exit(MISUSED)
    # First of all, so that a user who may not run here has changed nothing.
    from bot.app import condition
    from bot.app.folder import lock_folder
    from bot.app.holding import NotSynced
    from bot.app.stopping import run_until_stopped

    with lock_folder(settings.data_dir):
        condition.check(settings)
        if settings.connects:
            condition.check_copy(settings)
        try:
            run_until_stopped(lambda: _run(settings, sandbox))
        except NotSynced as e:
            errors.print(str(e), style="red", markup=False, soft_wrap=True)
            logging.shutdown()
            os._exit(FAILED)


def spare_collector() -> None:
    """What is imported stays for good, and what handlers make has hardly a cycle. To look through all of it after a
    few hundred new values takes as long as making the page of a large cohort."""
    gc.freeze()
    gc.set_threshold(50_000, 10, 50)


async def _run(settings: Settings, with_sandbox: bool) -> None:
    # Imported here to keep the start of other commands fast.
    from bot.app import condition
    from bot.app.compose import compose
    from bot.app.connections import connect, summary
    from bot.app.holding import hold
    from bot.app.serving import combined, listening, serve
    from bot.core.time import Clock, SystemClock
    from storage.encoding import Encoding
    from storage.search.encoder import SentenceEncoder
    from storage.sql.migrate import versions

    adapters, routes = connect(settings, settings.data_dir)
    clock: Clock = SystemClock()
    pages, salt = None, ""
    errors: Mapping[Any, Any] = {}
    with ExitStack() as stack:
        own_address = f"http://127.0.0.1:{settings.port}" if with_sandbox else ""
        address = settings.public_url or own_address
        at = stack.enter_context(listening(settings.host, settings.port)) if address or routes else None
        if with_sandbox:
            from bot.app import sandbox

            box = stack.enter_context(sandbox.opened(settings))
            adapters.append(box.sandbox)
            clock = box.clock
            # A run that continues an earlier one must draw other codes.
            salt = f"{clock.now().isoformat()}/{box.platform.transcript.last()}"
        encoder = SentenceEncoder()
        if not encoder.is_installed:
            log.info("The FAQ is searched by words alone. Install pacekeeper[meaning] to search by meaning, too.")
        stack.callback(encoder.close)
        app = compose(settings.database, clock, adapters, settings.make_chance(salt), address, encoder, program())
        stack.callback(app.storage.close)
        lost = await hold(app.storage)
        condition.note_use(settings, versions(app.storage.engine)[0])
        if with_sandbox:
            from adapters.sandbox.app import app as sandbox_app
            from bot.app.demo import seed

            seed(app, box.platform)
            pages = sandbox_app(box.sandbox, app.runtime)
        if address:
            from adapters.web.app import Web

            web = Web(app.runtime.pages, app.runtime, address)
            routes, errors = [*routes, *web.routes()], web.errors
        encoding: asyncio.Task[None] | None = None
        serving: asyncio.Task[None] | None = None
        watching = asyncio.create_task(logs.watch())
        try:
            spare_collector()
            await app.runtime.start()
            # Waiting messages are sent before people can act, so that the order is the same in every run.
            await app.runtime.settle()
            encoding = asyncio.create_task(Encoding(app.storage, encoder).run())
            _say_where(
                settings, with_sandbox, summary([a for a in adapters if not with_sandbox or a is not box.sandbox])
            )
            if at:
                serving = asyncio.create_task(serve(combined(routes, pages, errors), at, settings.proxies))
            await asyncio.wait({lost, serving} if serving else {lost}, return_when=asyncio.FIRST_COMPLETED)
            await (lost if lost.done() or serving is None else serving)
        finally:
            if serving is not None and not serving.done():
                serving.cancel()
                await asyncio.wait({serving})
            watching.cancel()
            if encoding is not None:
                encoding.cancel()
                await asyncio.wait({encoding})
            await app.runtime.stop()


def _say_where(settings: Settings, with_sandbox: bool, connected: str) -> None:
    where = f"Open [bold]http://127.0.0.1:{settings.port}[/bold] in a browser." if with_sandbox else ""
    words = " ".join(filter(None, ("Pacekeeper is running.", connected, where)))
    screen.print(f"\n  {words}", soft_wrap=True)
    screen.print("  Stop it with Ctrl+C; everything is kept.\n")
