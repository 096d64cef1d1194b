"""Serves everything at one address: the sandbox, Slack's HTTP events, pages."""

import asyncio
import errno
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from bot.app.limits import Limit
from bot.core.errors import PacekeeperError

FINISHING = 2


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Binds the address before the start; early clients wait. Raises PacekeeperError if the port is in use."""
    # asyncio sets TCP_NODELAY only on sockets with an explicit protocol; without it small responses wait 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((host, port))
            opened.listen(128)
        except socket.gaierror:
            raise PacekeeperError(f"{host} is no address of this machine. Fix the setting PACEKEEPER_HOST.") from None
        except OSError as e:
            if e.errno == errno.EADDRNOTAVAIL:
                raise PacekeeperError(
                    f"{host} is no address of this machine. Fix the setting PACEKEEPER_HOST."
                ) from None
            if e.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            why = "is in use already" if e.errno == errno.EADDRINUSE else "may not be used"
            raise PacekeeperError(f"Port {port} {why}. Choose another with the setting PACEKEEPER_PORT.") from None
        yield opened


def combined(routes: Sequence[Route], sandbox: Starlette | None, errors: Mapping[Any, Any] | None = None) -> Starlette:
    """Combines all routes, each with the body limit; the sandbox gets all other paths, with its own guard and limit.
    `errors` are the error pages."""
    if sandbox is not None and not routes:
        return sandbox
    limited = [
        Route(r.path, r.endpoint, methods=r.methods, name=r.name, middleware=[Middleware(Limit)]) for r in routes
    ]
    made = Starlette(routes=[*limited, Mount("/", sandbox)] if sandbox else limited, exception_handlers=errors or {})
    # Starlette's redirects would contain the proxy's internal host. Pages redirect by themselves.
    made.router.redirect_slashes = False
    if sandbox is not None:
        made.state.close = sandbox.state.close
    return made


class Server(uvicorn.Server):
    """A server without signal handlers: uvicorn would re-raise signals and end the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: Starlette, at: socket.socket, proxies: str) -> None:
    """Serves until cancelled. Then it accepts no more requests, closes the event streams of pages, and gives requests
    in progress `FINISHING` seconds. `proxies` are the addresses whose `X-Forwarded-For` is trusted."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=FINISHING,
        forwarded_allow_ips=proxies,
    )
    server = Server(config)
    serving = asyncio.create_task(server.serve(sockets=[at]))
    try:
        await asyncio.shield(serving)
    finally:
        close = getattr(app.state, "close", None)
        if close is not None:
            close()
        server.should_exit = True
        await serving
