"""The two cookies: one identifies the session, the other the browser."""

from secrets import token_urlsafe

from starlette.requests import Request
from starlette.responses import Response

from bot.core.pages import SIGNED_IN_FOR

_BROWSER_FOR = 30 * 24 * 3600
"""Lifetime in seconds; a form opened before a session ended can be sent after the next sign-in."""


class Cookies:
    """`secure`: browsers reach the pages over HTTPS, even if a proxy forwards plain HTTP. The cookies' names then
    guarantee that neither another host nor an attacker on the network has set them."""

    def __init__(self, secure: bool) -> None:
        self._secure = secure
        prefix = "__Host-" if secure else ""
        self._session = f"{prefix}pacekeeper"
        self._browser = f"{prefix}pacekeeper-browser"

    def session(self, request: Request) -> str | None:
        return request.cookies.get(self._session)

    def has_browser(self, request: Request) -> bool:
        return bool(request.cookies.get(self._browser))

    def browser(self, request: Request) -> str:
        """This browser's secret from its cookie, or a new one for this request."""
        if not hasattr(request.state, "browser"):
            request.state.browser = request.cookies.get(self._browser) or token_urlsafe(30)
        secret: str = request.state.browser
        return secret

    def keep_browser(self, response: Response, secret: str) -> Response:
        return self._keep(response, self._browser, secret, _BROWSER_FOR)

    def keep_session(self, response: Response, secret: str) -> Response:
        return self._keep(response, self._session, secret, round(SIGNED_IN_FOR.total_seconds()))

    def _keep(self, response: Response, name: str, value: str, seconds: int) -> Response:
        response.set_cookie(name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=self._secure)
        return response
