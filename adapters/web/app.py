"""The routes: pages, the way in by a link, and what is pressed or sent on a page."""

from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from secrets import token_hex
from urllib.parse import parse_qsl, urlsplit

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from adapters.web.render import Reader, draw, draw_form
from bot.core.errors import Unavailable
from bot.core.events import ButtonPressed, FormSubmitted
from bot.core.message import message, paragraph
from bot.core.pages import SIGNED_IN_FOR, File, Pages
from bot.core.people import Actor, Place
from bot.core.ports import Answer, Bot

COOKIE = "pacekeeper"
STATIC = Path(__file__).parent / "static"
MOST_BYTES = 200_000
"""Of what is sent at once: a form holds two long texts."""

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'self'"
    ),
    "cache-control": "no-store",
    # Links that sign somebody in shall not be told to whoever is linked to.
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Web:
    """Serves `pages`, and hands to `bot` what a reader does on one."""

    def __init__(self, pages: Pages, bot: Bot) -> None:
        self._pages = pages
        self._bot = bot

    def routes(self) -> list[Route]:
        """Everything that is served; to be mounted at the root of an address."""
        return [
            Route("/web.css", self._style),
            Route("/in/{key}", self._ask_in),
            Route("/in/{key}", self._let_in, methods=["POST"]),
            Route("/act", self._act, methods=["POST"]),
            *(Route(f"/{path}", self._page) for path in self._pages.paths),
            *(Route(f"/{path.rstrip('/')}", _with_slash) for path in self._pages.paths if path.endswith("/")),
        ]

    async def _style(self, request: Request) -> Response:
        return FileResponse(STATIC / "web.css", media_type="text/css", headers={"cache-control": "max-age=3600"})

    async def _page(self, request: Request) -> Response:
        return await self._show(request, request.url.path.removeprefix("/"))

    async def _show(self, request: Request, path: str, above: Answer | None = None) -> Response:
        """A page, with the answer to what was just done on it `above`."""
        session = request.cookies.get(COOKIE)
        opened = await self._pages.open(path, session)
        if isinstance(opened.shown, File):
            kind = f"{opened.shown.media_type}; charset=utf-8"
            return Response(opened.shown.text, media_type=kind, headers=HEADERS)
        reader = Reader(opened.zone, opened.links, self._carried(session, path))
        shown = draw(opened.shown, reader) if opened.shown else Markup("")
        if above is not None:
            shown = self._answered(above, reader) + shown
        return _html(opened.title, shown, opened.refused or 200)

    @staticmethod
    def _answered(answer: Answer, reader: Reader) -> Markup:
        if answer.message is None:
            return Markup("")
        zone, links = answer.zone or reader.zone, {**reader.links, **answer.links}
        notice = draw(answer.message, Reader(zone, links, reader.hidden))
        return Markup('<div class="notice" role="status">{}</div>').format(notice)

    # The way in

    async def _ask_in(self, request: Request) -> Response:
        """Only a person goes on from here: programs that look at every link in a chat use up none."""
        shape = Markup(
            '<form method="post"><p>This link is yours alone.</p><button class="primary">Go on</button></form>'
        )
        return _html("Sign in", shape)

    async def _let_in(self, request: Request) -> Response:
        if not _from_here(request):
            return _plain("Not here", "This was sent by another site's page.", 403)
        entered = await self._pages.enter(request.path_params["key"])
        if entered is None:
            return _plain("Not here", "This link was used already, or is too old. Ask for a new one in the chat.", 403)
        session, path = entered
        response = RedirectResponse(f"/{path}", 303, headers=HEADERS)
        secure = request.url.scheme == "https"
        seconds = round(SIGNED_IN_FOR.total_seconds())
        response.set_cookie(COOKIE, session, max_age=seconds, httponly=True, samesite="lax", secure=secure)
        return response

    # What is done on a page

    async def _act(self, request: Request) -> Response:
        if int(request.headers.get("content-length") or MOST_BYTES + 1) > MOST_BYTES:
            return _plain("Too much", "This is more than a form holds.", 413)
        session = request.cookies.get(COOKIE, "")
        actor = await self._pages.reader(session)
        values = dict(parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True))
        if actor is None or not _from_here(request) or not compare_digest(values.get("sign", ""), _sign(session)):
            return _plain("Not here", "You are not signed in any more. Ask for a new link in the chat.", 403)
        back = values.get("back", "")
        place = Place(actor.account.workspace, f"web/{actor.account.user}", direct=True)
        try:
            answer = await self._bot.receive(self._event(actor, place, values))
        except Unavailable as e:
            return _plain("Not saved", str(e), 503)
        if answer.form is None:
            return await self._show(request, back, answer)
        people = await self._bot.options(actor, place, "", "person", "")
        reader = Reader(answer.zone or "UTC", answer.links, self._carried(session, back))
        return _html(answer.form.title, draw_form(answer.form, answer.problems, people, reader), heading=False)

    def _event(self, actor: Actor, place: Place, values: Mapping[str, str]) -> ButtonPressed | FormSubmitted:
        # The page has a number, and each of its buttons counts once.
        does = values.get("form") or values.get("press", "")
        id, now = f"web/{values.get('id', '')[:64]}/{sha256(does.encode()).hexdigest()[:12]}", self._bot.now()
        if "form" in values:
            filled = {name.removeprefix("f-"): v for name, v in values.items() if name.startswith("f-")}
            # A browser sends line breaks of two characters.
            filled = {name: v.replace("\r\n", "\n") for name, v in filled.items()}
            draft = values.get("draft") or None
            return FormSubmitted(actor=actor, place=place, id=id, at=now, action=does, values=filled, draft=draft)
        return ButtonPressed(actor=actor, place=place, id=id, at=now, action=does, value=values.get("value", ""))

    def _carried(self, session: str | None, back: str) -> dict[str, str]:
        """What every form on a page carries: its own number, so that it counts once, and the sign that it is ours."""
        return {"id": token_hex(12), "sign": _sign(session or ""), "back": back} if session else {}


async def _with_slash(request: Request) -> Response:
    return RedirectResponse(f"{request.url.path}/")


def _sign(session: str) -> str:
    """What another site's page cannot know."""
    return sha256(f"sign/{session}".encode()).hexdigest()


def _from_here(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _plain(title: str, text: str, status: int) -> Response:
    return _html(title, draw(message(paragraph(text)), Reader()), status)


def _html(title: str, body: Markup, status: int = 200, heading: bool = True) -> Response:
    page = Markup(
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="robots" content="noindex">\n'
        '<title>{title}</title>\n<link rel="icon" href="data:,">\n<link rel="stylesheet" href="/web.css">\n</head>\n'
        "<body>\n<main>\n{heading}{body}\n</main>\n</body>\n</html>\n"
    )
    top = Markup("<h1>{}</h1>\n").format(title) if heading else ""
    return HTMLResponse(page.format(title=title, heading=top, body=body), status, headers=HEADERS)
