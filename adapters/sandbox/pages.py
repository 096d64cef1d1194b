"""The pages: the choice of a person, the chat as that person sees it, and the fragments that are updated in place."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.sandbox.acts import FILE_LIMIT
from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.emoji import QUICK
from adapters.sandbox.members import direct
from adapters.sandbox.platform import Platform
from adapters.sandbox.records import BOT, Human, Post, Room
from adapters.sandbox.refusals import BadAct
from adapters.sandbox.render import ChatRenderer, draw_medium, draw_said
from adapters.sandbox.views import documents
from adapters.shared.html import draw_time
from bot.core.events import MEDIA, Medium
from bot.core.forms import Kept
from bot.core.message import Attachment, Document
from bot.core.time import local, place_of, say, write_instant
from bot.core.translation import N_, _, _n


def kinds() -> list[tuple[Medium, str]]:
    """What the composer can send, with the label in its menu."""
    return [("text", _("Words")), *((kind, _(label)[:1].upper() + _(label)[1:]) for kind, label in MEDIA.items())]


SCRIPT_WORDS = {
    "cut": N_("The sandbox does not answer. Start it again; what you typed is still here."),
    "again": N_("That did not get through. Trying again…"),
    "editing": N_("Edit your message; Enter saves, Escape leaves it as it was"),
    "sure": N_("Really delete?"),
    "delete": N_("Delete"),
    "winding": N_("Winding the clock…"),
    "wound": N_("It is {time}. {summary}"),
    "file": N_("A file"),
    "bytes": N_("{n} bytes"),
    "large": N_("{file} has {is} bytes; {fit} fit. Please choose a smaller one."),
    "unreadable": N_("{file} cannot be read as text. Please save it as UTF-8, then choose it once more."),
    "upload": N_("{file} is larger than {fit} MB. Please send a link to it instead."),
}
"""What the scripts of the pages say."""

NOTHING = N_("There is nothing at this address.")
_HERE = Path(__file__).parent

PAGE = 60
"""Messages on a page when it opens, not counting replies in threads."""


class Pages:
    """Renders for one person at a time. `post` and `thread` render what changes in place."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._platform: Platform = sandbox.platform
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            _=_,
            _n=_n,
            kinds=kinds,
            script_words=lambda: {name: _(words) for name, words in SCRIPT_WORDS.items()},
            place_of=place_of,
            quick=QUICK,
            hue=_hue,
            initials=_initials,
            file_limit=FILE_LIMIT,
            kept=Kept.read,
        )

    def routes(self) -> list[Route | Mount]:
        return [
            Route("/", self._start),
            Route("/as/{person}", self._enter),
            Route("/parts/{person}/thread/{root:int}", self._thread),
            Route("/parts/{person}/form", self._form),
            Route("/parts/{person}/earlier/{place}", self._earlier),
            Route("/as/{person}/{place}", self._chat),
            Route("/message/{id:int}", self._message),
            Route("/file/{id:int}/{number:int}", self._file),
            Mount("/static", StaticFiles(directory=_HERE / "static")),
        ]

    # Pages

    async def _start(self, request: Request) -> Response:
        return self._choose(next_message=None)

    def _choose(self, next_message: int | None) -> Response:
        people = [{"human": h, "now": draw_time(self._platform.now(), h.zone)} for h in self._platform.people()]
        return self._html("start.html", people=people, next_message=next_message, places=self._platform.places())

    async def _enter(self, request: Request) -> Response:
        human = self._who(request)
        first = self._platform.places(human.id)[0]
        return RedirectResponse(f"/as/{human.id}/{address(first)}")

    async def _message(self, request: Request) -> Response:
        """Redirects to the place of a message."""
        person, id = request.query_params.get("as"), int(request.path_params["id"])
        if not person:
            return self._choose(next_message=id)
        human, post, room = self._seen(person, id)
        thread = f"?thread={post.thread}" if post.thread else ""
        return RedirectResponse(f"/as/{human.id}/{address(room)}{thread}#m{id}")

    async def _file(self, request: Request) -> Response:
        """A file of a message, as a download: the browser never shows or runs it."""
        number = int(request.path_params["number"])
        post = self._seen(request.query_params.get("as", ""), int(request.path_params["id"]))[1]
        found = documents(post.message)
        if not 1 <= number <= len(found):
            raise BadAct(_("This file is not here any more. Look at its message once more."))
        file = found[number - 1]
        kind, data = self._content(file)
        # Without separators, so that the name cannot choose another folder.
        name = quote(file.name.replace("/", "-").replace("\\", "-"))
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(data, media_type=kind, headers=headers)

    def _content(self, file: Document | Attachment) -> tuple[str, bytes]:
        if isinstance(file, Document):
            return "text/plain; charset=utf-8", file.text.encode()
        return "application/octet-stream", self._platform.attachment(file.file)

    async def _chat(self, request: Request) -> Response:
        me = self._who(request)
        place = request.path_params["place"]
        room = self._platform.room_of(me.id, direct(me.id) if place == "dm" else place)
        changed = self._platform.latest_change()
        root = request.query_params.get("thread", "")
        opened = self._platform.form_of(me.id)
        return self._html(
            "chat.html",
            me=me,
            room=room,
            here=address(room),
            address=address,
            people=self._platform.people(),
            places=self._platform.places(me.id),
            unread=self._platform.unread(me.id),
            posts=self._roots(room, me, None),
            thread=self.thread(int(root), me) if root.isascii() and root.isdigit() and len(root) < 16 else "",
            now=self.clock(me),
            changed=changed,
            unfinished=opened.form.title if opened else None,
        )

    def clock(self, me: Human) -> dict[str, str]:
        """What the clock bar shows, and where 'to a moment' starts from."""
        now = self._platform.now()
        return {
            "at": write_instant(now),
            "local": say(now, me.zone),
            "year": f"{local(now, me.zone):%Y}",
            "wall": f"{local(now + timedelta(hours=1), me.zone):%Y-%m-%dT%H:00}",
            "zone": me.zone.replace("_", " "),
        }

    # Parts

    def post(self, post: Post, me: Human) -> Markup:
        """A message with its author, time, reactions and controls."""
        return self._posts([post], me)

    def thread(self, root: int, me: Human) -> Markup:
        """The panel of a thread; empty if the person sees no such message."""
        try:
            post = self._platform.post(root)
        except BadAct:
            return Markup("")
        if post.to is not None or not self._platform.sees(me.id, post):
            return Markup("")
        replies = self._platform.thread(root, me.id)
        return self._part("thread.html", me=me, root=post, first=self.post(post, me), replies=self._posts(replies, me))

    async def _thread(self, request: Request) -> Response:
        return HTMLResponse(self.thread(int(request.path_params["root"]), self._who(request)))

    async def _earlier(self, request: Request) -> Response:
        me = self._who(request)
        room = self._platform.room_of(me.id, request.path_params["place"])
        before = request.query_params.get("before", "")
        return HTMLResponse(self._roots(room, me, int(before) if before.isascii() and before.isdigit() else None))

    async def _form(self, request: Request) -> Response:
        """The form that a person has open; empty if there is none."""
        me = self._who(request)
        opened = self._platform.form_of(me.id)
        if opened is None:
            return HTMLResponse("")
        people = await self._sandbox.people_for(opened.form, me.id, opened.place)
        channels, groups = self._sandbox.channels_for(opened.form, me.id), self._platform.groups()
        shown = self._part("form.html", form=opened.form, people=people, channels=channels, groups=groups)
        return HTMLResponse(shown)

    # Inside

    def _seen(self, person: str, id: int) -> tuple[Human, Post, Room]:
        """A message that the person sees, and its place. Raises BadAct if they do not see it."""
        human, post = self._platform.human(person), self._platform.post(id)
        if not self._platform.sees(person, post):
            raise BadAct(_("There is no message {id} that {name} sees.", id=id, name=human.name))
        return human, post, self._platform.room(post.place)

    def _roots(self, room: Room, me: Human, before: int | None) -> Markup:
        posts = self._platform.posts(room.id, me.id, before=before, limit=PAGE + 1, roots=True)
        more = len(posts) > PAGE
        posts = posts[-PAGE:]
        shown = self._posts(posts, me)
        if more:
            button = '<button type="button" class="earlier" data-before="{}">{}</button>'
            shown = Markup(button).format(posts[0].id, _("Show earlier messages")) + shown
        return shown

    def _posts(self, posts: Sequence[Post], me: Human) -> Markup:
        ids = [p.id for p in posts]
        reactions, replies = self._platform.reactions(ids), self._platform.replies(ids)
        names = {h.id: h.name for h in self._platform.people()} | {BOT: "Pacekeeper"}
        one = partial(self._part, "post.html", me=me, names=names, shortcuts=self._sandbox.shortcuts)
        return Markup("\n").join(
            one(
                post=p,
                body=self._body(p, me),
                time=draw_time(p.at, me.zone, "time"),
                day=say(p.at, me.zone, "date"),
                reactions=reactions.get(p.id, {}),
                replies=replies.get(p.id, 0),
            )
            for p in posts
        )

    def _body(self, post: Post, me: Human) -> Markup:
        if post.message is None:
            return draw_medium(post.medium) + draw_said(post.text)
        renderer = ChatRenderer(post.zone or me.zone, post.links, me.id, post.mentions, post.id)
        return renderer.draw(post.message)

    def _who(self, request: Request) -> Human:
        return self._platform.human(request.path_params["person"])

    async def say_lost(self, request: Request, error: Exception) -> Response:
        """The page for what a person cannot see."""
        # SQLite refuses numbers that no message has.
        said = _(NOTHING) if isinstance(error, OverflowError) else str(error)
        return self._html("lost.html", status=404, text=said)

    async def say_error(self, request: Request, error: Exception) -> Response:
        """The answer for an unknown address or method: a page, or JSON below `/api/`."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        headers = error.headers if isinstance(error, HTTPException) else None
        if request.method == "OPTIONS" and status == 405:
            return Response(status_code=204, headers=headers)
        said = _(NOTHING) if status == 404 else _("This address takes no such request.")
        if request.url.path.startswith("/api/"):
            return JSONResponse({"errors": {"": said}}, status, headers)
        response = self._html("lost.html", status=status, text=said)
        response.headers.update(headers or {})
        return response

    def _part(self, name: str, **values: Any) -> Markup:
        return Markup(self._templates.get_template(name).render(values))

    def _html(self, name: str, status: int = 200, **values: Any) -> Response:
        return HTMLResponse(self._part(name, **values), status)


def address(room: Room) -> str:
    """A place in an address: its name, or 'dm' for one's own conversation with the bot."""
    return "dm" if room.kind == "direct" else room.id


def _hue(id: str) -> str:
    """The colour class of a person's picture."""
    return f"hue-{sum(id.encode()) % 8}"


def _initials(name: str) -> str:
    words = name.split()
    return ((words[0][:1] + words[-1][:1]) if len(words) > 1 else name[:1]).upper()
