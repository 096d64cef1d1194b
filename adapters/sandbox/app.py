"""The sandbox's JSON interface and its pages, as one application."""

from starlette.applications import Starlette
from starlette.middleware import Middleware

from adapters.sandbox import api
from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.clock import Driver
from adapters.sandbox.guard import Guard
from adapters.sandbox.live import Live
from adapters.sandbox.pages import Pages
from adapters.sandbox.refusals import BadAct
from adapters.sandbox.winding import Winding


def app(sandbox: Sandbox, driver: Driver) -> Starlette:
    """All routes of the sandbox. `driver` winds the clock."""
    winding = Winding(sandbox.platform, driver)
    pages = Pages(sandbox)
    live = Live(sandbox.platform, pages, winding)
    # Static files and the pages' catch-all come last.
    routes = [*api.routes(sandbox, winding), *live.routes(), *pages.routes()]
    made = Starlette(
        routes=routes,
        middleware=[Middleware(Guard)],
        exception_handlers={
            404: pages.say_error,
            405: pages.say_error,
            BadAct: pages.say_lost,
            OverflowError: pages.say_lost,
        },
    )
    made.state.close = live.close
    return made
