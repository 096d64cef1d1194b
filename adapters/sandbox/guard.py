"""Access control: this machine only, and no requests from other sites' pages."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.origin import sender

_HERE = {"127.0.0.1", "localhost", "::1"}

_HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'",
    "cache-control": "no-cache",
    # 'no-referrer' would hide our own pages from us, too.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


class Guard:
    """Refuses what does not come from this machine, names another host (DNS rebinding), or comes from another
    site's page; and tells the browser to run nothing but our own files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if refusal := _refusal(scope):
            status, text = refusal
            await JSONResponse({"errors": {"": text}}, status)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


def _refusal(scope: Scope) -> tuple[int, str] | None:
    headers = Headers(scope=scope)
    client = scope.get("client")
    if client and client[0] not in _HERE:
        return 403, "The sandbox serves this machine alone. Open it on 127.0.0.1."
    if _host(headers.get("host", "")) not in _HERE:
        return 403, "The sandbox answers to 127.0.0.1 and localhost alone. Use one of them as the address."
    sent_by = sender(headers, f"{scope['scheme']}://{headers['host']}")
    changes = scope["method"] not in ("GET", "HEAD", "OPTIONS")
    # A link from another site does no harm; a background request of another page names its origin.
    if ("origin" in headers and sent_by != "own") or (changes and sent_by == "other"):
        return 403, "The sandbox takes nothing from another site's page."
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if scope["method"] == "POST" and kind != "application/json":
        return 415, "Send JSON: with the header 'Content-Type: application/json'."
    return None


def _host(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
