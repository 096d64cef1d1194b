"""The routes: pages, sign-in by link, and the buttons and forms on pages."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from secrets import token_hex
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from adapters.shared.interactions import people_for
from adapters.web.attempts import Attempts
from adapters.web.cookies import Cookies
from adapters.web.render import PageRenderer, draw_form, draw_hidden
from adapters.web.shell import HEADERS, draw_tabs, html, plain, say_error, too_many
from adapters.web.tables import View, taken_along
from adapters.web.uploads import sent
from bot.core.errors import Unavailable
from bot.core.events import ButtonPressed, FormSubmitted
from bot.core.forms import Form, with_labels
from bot.core.message import Bold, bullets, message, paragraph, with_code
from bot.core.origin import Sender, sender
from bot.core.pages import File, Page, Pages, link_again, signed_out
from bot.core.people import Actor, Place
from bot.core.ports import Answer, Bot
from bot.core.translation import N_, _

STATIC = Path(__file__).parent / "static"
MEDIA = {"web.css": "text/css", "live.js": "text/javascript"}
log = logging.getLogger(__name__)

ELSEWHERE = N_("This was not sent by a page of this site, so nothing was changed. Open the page, and try again there.")
SEND_AGAIN = N_("Open it in this browser, come back to this page, and press 'Send it again': nothing here is lost.")
ANOTHERS = N_(
    "You are signed in as {name}, and this page was made for another person, or long ago. So nothing was sent, and "
    "nothing was changed."
)
COPY = N_("What was typed stands below, to be copied. Whoever wrote it can sign in, come back to it, and send it.")


class Web:
    """Serves `pages`, and passes what readers do there to `bot`. `address` is where browsers reach them, such as
    'https://bot.example.org'; by default the host of the request."""

    def __init__(self, pages: Pages, bot: Bot, address: str = "", attempts: Callable[[], Attempts] = Attempts) -> None:
        self._pages = pages
        self._bot = bot
        self._address = address
        self._cookies = Cookies(address.startswith("https:"))
        # Counted separately, so that wrong certificate codes do not block sign-in, nor wrong links certificates.
        self._keys = attempts()
        self._secrets = attempts()
        self.errors: Mapping[Any, Any] = {404: say_error, 405: say_error, 500: say_error}
        """Error handlers for the application that mounts the routes."""

    def routes(self) -> list[Route]:
        """All routes, to be mounted at the root."""
        return [
            Route("/web.css", self._static),
            Route("/live.js", self._static),
            Route("/in/{key}", self._ask_in),
            Route("/in/{key}", self._let_in, methods=["POST"]),
            *(route for page in self._pages.declared for route in self._routes_of(page)),
        ]

    def _routes_of(self, page: Page) -> list[Route]:
        bare = page.path.rstrip("/")
        other = f"/{bare}" if page.path.endswith("/") else f"/{bare}/"
        own = f"/{page.path}"
        return [Route(own, self._page), Route(own, self._act, methods=["POST"]), Route(other, _other_slash)]

    async def _static(self, request: Request) -> Response:
        name = request.url.path.removeprefix("/")
        return FileResponse(STATIC / name, media_type=MEDIA[name], headers={"cache-control": "max-age=3600"})

    async def _page(self, request: Request) -> Response:
        return await self._show(request)

    async def _show(self, request: Request, above: Answer | None = None) -> Response:
        """A page, with the answer to what was just done on it `above`."""
        path, client = _path(request), request.client.host if request.client else ""
        page = self._pages.declaration(path)
        if page is not None and page.secret and (wait := self._secrets.wait(client)):
            return too_many(wait)
        session = self._cookies.session(request)
        opened = await self._pages.open(path, session)
        if page is not None and page.secret and opened.refused:
            self._secrets.wrong(client)
        if isinstance(opened.shown, File):
            return _file(request, opened.shown)
        if opened.shown is not None and not opened.refused and "as" in request.query_params:
            taken = taken_along(opened.shown, path, request.query_params)
            return _file(request, taken) if taken else plain(_("Not found"), _("This page has no such table."), 404)
        browser = self._cookies.browser(request)
        actor = await self._pages.reader(session) if session else None
        carried = _carried(browser, actor) if actor else {}
        renderer = PageRenderer(opened.zone, opened.links, request.url.path, carried, View.of(request.query_params))
        shown = renderer.draw(opened.shown) if opened.shown else Markup("")
        if above is not None:
            shown = _answered(above, renderer) + shown
        goes_on = opened.shown is not None and opened.shown.goes_on
        tabs = draw_tabs(opened.tabs, opened.cohort)
        response = html(opened.title, shown, opened.refused or 200, above=tabs, goes_on=goes_on)
        return self._cookies.keep_browser(response, browser) if session else response

    # Sign-in

    async def _ask_in(self, request: Request) -> Response:
        """Asks for a press before the link is used, because link previews fetch every link in a chat."""
        return self._ask(request, _("This link is yours alone."))

    def _ask(self, request: Request, said: str, status: int = 200) -> Response:
        browser = self._cookies.browser(request)
        carried = draw_hidden({"sign": _sign(browser, request.url.path)})
        shape = Markup('<form method="post">{}<p>{}</p><button class="primary">{}</button></form>')
        return self._cookies.keep_browser(html(_("Sign in"), shape.format(carried, said, _("Go on")), status), browser)

    async def _let_in(self, request: Request) -> Response:
        if (received := await sent(request)) is None:
            return _too_much()
        values = received.values
        if self._sender(request) == "other":
            return plain(_("Not here"), _(ELSEWHERE), 403)
        if not self._cookies.has_browser(request):
            said = _("Your browser kept no cookie from this page. Allow cookies for it, and press once more.")
            return self._ask(request, said, 403)
        browser = self._cookies.browser(request)
        if not compare_digest(values.get("sign", "").encode(), _sign(browser, request.url.path).encode()):
            return self._ask(request, _("This page was open for long. Please press once more."), 403)
        client = request.client.host if request.client else ""
        if wait := self._keys.wait(client):
            return too_many(wait)
        entered = await self._pages.enter(request.path_params["key"], browser)
        if entered is None:
            self._keys.wrong(client)
            said = _("This link leads nowhere: it is not whole, or very old. {again}", again=link_again(None))
            return plain(_("Not here"), said, 403)
        if not entered.session:
            again = link_again(self._pages.declaration(entered.path))
            said = _("This link was used already, or is too old. {again}", again=again)
            return plain(_("Not here"), said, 403)
        response = RedirectResponse(f"/{entered.path}", 303, headers=HEADERS)
        return self._cookies.keep_session(response, entered.session)

    # Acts on a page

    async def _act(self, request: Request) -> Response:
        if (received := await sent(request)) is None:
            return _too_much()
        values = received.values
        browser, sent_by = self._cookies.browser(request), self._sender(request)
        signed = compare_digest(values.get("sign", "").encode(), _sign(browser).encode())
        if sent_by == "other" or not (signed or sent_by == "own"):
            return plain(_("Not here"), _(ELSEWHERE), 403)
        actor = await self._pages.reader(self._cookies.session(request) or "")
        if actor is None or (not signed and values.get("reader") == _name(actor)):
            # The session ended, or its cookies were deleted.
            again = signed_out(self._pages.declaration(_path(request)))
            return self._hold(request, _("Not signed in"), f"{again} {_(SEND_AGAIN)}", values, 403)
        if values.get("reader") != _name(actor):
            return _not_theirs(request, actor, values)
        place = Place(actor.account.workspace, f"web/{actor.account.user}", direct=True)
        event = self._event(actor, place, values)
        if "try" in values and isinstance(event, FormSubmitted):
            open_form = (await self._bot.draft(actor, event.draft)).form if event.draft else None
            beside = _beside(await self._bot.tried(event), received.unread, open_form)
            return HTMLResponse(beside, headers=HEADERS)
        try:
            answer = await self._bot.receive(event)
        except Unavailable as e:
            return self._hold(request, _("Not saved"), str(e), values, 503)
        if answer.form is None:
            return await self._show(request, answer)
        problems, made = {**answer.problems, **received.unread}, Markup("")
        if answer.form.tried:
            tried = await self._bot.tried(_sent_as(event, answer.form))
            made = _beside(tried, received.unread, answer.form)
            if answer.form.goes_on:
                # What was typed before is not stored: it comes back with its marks.
                problems = {**tried.problems, **problems}
        people = await people_for(self._bot, answer.form, actor, place)
        renderer = PageRenderer(answer.zone or "UTC", answer.links, request.url.path, _carried(browser, actor))
        return html(
            answer.form.title,
            draw_form(answer.form, problems, people, renderer, made),
            heading=False,
        )

    def _hold(self, request: Request, title: str, said: str, values: Mapping[str, str], status: int) -> Response:
        """Shows input that cannot be accepted now, with a button that sends it again."""
        browser = self._cookies.browser(request)
        shape = Markup('{}<form method="post" action="{}">{}{}<button class="primary">{}</button></form>')
        carried = draw_hidden({**values, "sign": _sign(browser)})
        shown = PageRenderer().draw(message(paragraph(*with_code(said))))
        response = html(
            title, shape.format(shown, request.url.path, carried, _typed(values), _("Send it again")), status
        )
        return self._cookies.keep_browser(response, browser)

    def _sender(self, request: Request) -> Sender:
        own = self._address or f"{request.url.scheme}://{request.headers.get('host', '')}"
        return sender(request.headers, own)

    def _event(self, actor: Actor, place: Place, values: Mapping[str, str]) -> ButtonPressed | FormSubmitted:
        does, value = values.get("form") or values.get("press", ""), values.get("value", "")
        # Browsers send CRLF.
        filled = {n.removeprefix("f-"): v.replace("\r\n", "\n") for n, v in values.items() if n.startswith("f-")}
        # Each page has a number, and each act on it counts once; a form with different values is a different act.
        what = sha256(repr((does, value, sorted(filled.items()))).encode(errors="replace")).hexdigest()[:16]
        id, now = f"web/{values.get('id', '')[:64]}/{what}", self._bot.now()
        if "form" in values:
            draft = values.get("draft") or None
            return FormSubmitted(actor=actor, place=place, id=id, at=now, action=does, values=filled, draft=draft)
        return ButtonPressed(actor=actor, place=place, id=id, at=now, action=does, value=value)


def _file(request: Request, file: File) -> Response:
    kind = file.media_type if isinstance(file.text, bytes) else f"{file.media_type}; charset=utf-8"
    if file.name:
        saved = {"content-disposition": f'attachment; filename="{file.name}"'}
        return Response(file.text, media_type=kind, headers={**HEADERS, **saved})
    content = file.text if isinstance(file.text, bytes) else file.text.encode()
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    # Kept by its reader alone, who asks each time whether it is still so.
    headers = {**HEADERS, "cache-control": "private,no-cache", "etag": etag}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if known & {etag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)


def _path(request: Request) -> str:
    return request.url.path.removeprefix("/")


def _not_theirs(request: Request, actor: Actor, values: Mapping[str, str]) -> Response:
    """Another person signed in in this browser meanwhile: shows the typed values without sending them."""
    typed = _typed(values)
    said = message(paragraph(_(ANOTHERS, name=actor.name)), paragraph(_(COPY)) if typed else None)
    back = Markup('<p><a href="{}">{}</a></p>').format(request.url.path, _("Open this page as {name}", name=actor.name))
    return html(_("Not yours"), PageRenderer().draw(said) + typed + back, 403)


def _typed(values: Mapping[str, str]) -> Markup:
    """What the reader wrote into the fields of a form."""
    texts = [v for name, v in values.items() if name.startswith("f-") and v.strip()]
    return Markup("").join(Markup('<blockquote dir="auto">{}</blockquote>').format(text) for text in texts)


def _answered(answer: Answer, page: PageRenderer) -> Markup:
    if answer.message is None:
        return Markup("")
    zone, links = answer.zone or page.zone, {**page.links, **answer.links}
    notice = replace(page, zone=zone, links=links).draw(answer.message)
    return Markup('<div class="notice" role="status">{}</div>').format(notice)


def _beside(tried: Answer, unread: Mapping[str, str], form: Form | None) -> Markup:
    """What stands beside a form while somebody types."""
    zone = tried.zone or "UTC"
    shown = PageRenderer(zone, tried.links).draw(tried.message) if tried.message else Markup("")
    if problems := with_labels(form, {**tried.problems, **unread}):
        wrong = message(paragraph(Bold(_("Not yet:"))), bullets(*map(with_code, problems)))
        return PageRenderer().draw(wrong) + shown
    return shown


def _sent_as(event: ButtonPressed | FormSubmitted, form: Form) -> FormSubmitted:
    """A form as it stands, as if it were sent."""
    values = {field.name: field.value for field in form.fields}
    return FormSubmitted(
        actor=event.actor,
        place=event.place,
        id=event.id,
        at=event.at,
        action=form.action,
        values=values,
        draft=form.draft,
    )


async def _other_slash(request: Request) -> Response:
    """Redirects to the same address with or without a trailing slash."""
    path, query = request.url.path, request.url.query
    path = path.rstrip("/") if path.endswith("/") else f"{path}/"
    # Without the host, which differs from the browser's behind a proxy.
    return RedirectResponse(f"/{path.lstrip('/')}{'?' + query if query else ''}", 308)


def _carried(browser: str, actor: Actor) -> dict[str, str]:
    """The hidden fields of every form on a page: its number, so that it counts once, the CSRF sign, and the reader for
    whom the page was made."""
    return {"id": token_hex(12), "sign": _sign(browser), "reader": _name(actor)}


def _name(actor: Actor) -> str:
    """Distinguishes the readers of one browser. It is not a secret and proves nothing."""
    return f"{actor.account.workspace}/{actor.account.user}"


def _sign(browser: str, what: str = "") -> str:
    """The CSRF sign, derived from a cookie of this browser, which other sites cannot know."""
    return sha256(f"sign/{what}/{browser}".encode()).hexdigest()


def _too_much() -> Response:
    return plain(_("Too much"), _("This has more fields than a form. Go back, and open the page again."), 413)
