"""The sandbox on an address of this machine: its JSON interface and its pages."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from adapters.sandbox import api
from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.clock import Driver
from adapters.sandbox.guard import Guard
from adapters.sandbox.live import Live
from adapters.sandbox.pages import Pages
from adapters.sandbox.winding import Winding
from bot.core.errors import PacekeeperError

HOST = "127.0.0.1"


def app(sandbox: Sandbox, driver: Driver) -> Starlette:
    """All routes of the sandbox. `driver` winds the clock."""
    winding = Winding(sandbox.platform, driver)
    pages = Pages(sandbox)
    live = Live(sandbox.platform, pages, winding)
    # Static files and the pages' catch-all come last.
    routes = [*api.routes(sandbox, winding), *live.routes(), *pages.routes()]
    made = Starlette(routes=routes, middleware=[Middleware(Guard)])
    made.state.close = live.close
    return made


class Server(uvicorn.Server):
    """A server that ends the pages' open lines when it is told to stop, and does not wait for them in vain."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.config.app.state.close()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)


@contextmanager
def door(port: int) -> Iterator[socket.socket]:
    """The address to serve on; who calls early waits. Raises PacekeeperError where the port is taken."""
    # asyncio sends small answers at once only on a socket that says that it is TCP; others wait 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((HOST, port))
            opened.listen(128)
        except OSError as e:
            if e.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            why = "is in use already" if e.errno == errno.EADDRINUSE else "may not be used"
            raise PacekeeperError(f"Port {port} {why}. Choose another with the setting PACEKEEPER_PORT.") from None
        yield opened


async def serve(app: Starlette, at: socket.socket) -> None:
    """Serves until cancelled."""
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    await Server(config).serve(sockets=[at])
