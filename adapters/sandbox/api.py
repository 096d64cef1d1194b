"""The JSON interface under `/api/v1`, for tests and programs."""

import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from adapters.sandbox import completion, views
from adapters.sandbox.acts import read_act
from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.refusals import BadAct
from adapters.sandbox.winding import Winding, until
from bot.core.errors import PacekeeperError, Unavailable, reason
from bot.core.failures import log_failure
from bot.core.incoming import Unreadable, read_json
from bot.core.people import UNKNOWN_ZONE
from bot.core.time import parse_instant, say, write_instant

log = logging.getLogger(__name__)

AGAIN = "Nothing was saved; the same request can be sent again."

LARGEST = 16_000_000
"""Largest request in bytes: the largest file, encoded as JSON."""

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(sandbox: Sandbox, winding: Winding) -> list[Route]:
    api = Api(sandbox, winding)
    posts: dict[str, Endpoint] = {
        "act": api.act,
        "clock": api.clock,
        "wind": api.wind,
        "close": api.close_form,
        "fault": api.fault,
        "seen": api.seen,
        "people": api.add_person,
        "places": api.add_place,
        "account": api.account,
    }
    gets: dict[str, Endpoint] = {
        "state": api.state,
        "transcript": api.transcript,
        "people": api.people,
        "commands": api.commands,
        "complete": api.complete,
        "options": api.options,
    }
    return [
        *(Route(f"/api/v1/{name}", _told(endpoint), methods=["POST"]) for name, endpoint in posts.items()),
        *(Route(f"/api/v1/{name}", _told(endpoint), methods=["GET"]) for name, endpoint in gets.items()),
    ]


class Api:
    def __init__(self, sandbox: Sandbox, winding: Winding) -> None:
        self._sandbox = sandbox
        self._platform = sandbox.platform
        self._winding = winding

    async def act(self, request: Request) -> Response:
        """Performs an act as a person. `settle: true` waits until all its consequences are done. That always applies
        while the clock stands still, so that the same acts give the same transcript."""
        body = await _body(request)
        act = read_act(body)
        outcome = await self._sandbox.act(act)
        if body.get("settle", self._winding.still):
            await self._winding.settle()
        return JSONResponse(views.outcome_json(outcome, self._platform.human(act.person)))

    async def state(self, request: Request) -> Response:
        q = request.query_params
        limit = min(_whole(q.get("limit"), "limit", views.LATEST), 2000)
        after = _whole(q.get("after"), "after", 0)
        return JSONResponse(views.state(self._platform, _who(q), q.get("place"), after, limit))

    async def transcript(self, request: Request) -> Response:
        after = _whole(request.query_params.get("after"), "after", 0)
        return StreamingResponse(
            _pieces(self._platform.transcript.read(after)), media_type="application/x-ndjson; charset=utf-8"
        )

    async def clock(self, request: Request) -> Response:
        """Winds the clock forward: `advance` plays all that falls due, `jump` is downtime."""
        body = await _body(request)
        if ("advance" in body) == ("jump" in body):
            raise BadAct("Give 'advance' or 'jump', with an instant such as 2026-01-05T09:00:00Z.")
        how: Literal["advance", "jump"] = "advance" if "advance" in body else "jump"
        now = await self._winding.wind(how, _instant(body[how]))
        return JSONResponse({"now": write_instant(now)})

    async def wind(self, request: Request) -> Response:
        """Moves the clock as the clock bar does: {as, to}, `to` as in `winding.until`; -> {now, local, summary}."""
        body = await _body(request)
        human = self._platform.human(_word(body, "as"))
        summary = await self._winding.wind_and_tell(until(_word(body, "to"), self._winding.now(), human.zone))
        now = self._winding.now()
        return JSONResponse({"now": write_instant(now), "local": say(now, human.zone), "summary": summary})

    async def close_form(self, request: Request) -> Response:
        """Closes the form that a person has open."""
        body = await _body(request)
        self._platform.close_form(self._platform.human(_word(body, "as")).id)
        return JSONResponse({})

    async def fault(self, request: Request) -> Response:
        body = await _body(request)
        times = body.get("times", 1)
        if not isinstance(times, int) or isinstance(times, bool):
            raise BadAct("'times' is a number.")
        self._platform.faults.plan(str(body.get("kind", "")), times)
        return JSONResponse({"faults": self._platform.faults.left()})

    async def seen(self, request: Request) -> Response:
        """Marks a place as read by a person, up to a message; without `upto`, all of it."""
        body = await _body(request)
        human = self._platform.human(str(body.get("as", "")))
        room = self._platform.room(str(body.get("place", "")))
        upto = _whole(str(body.get("upto") or ""), "upto", 0)
        self._platform.mark_seen(human.id, room.id, upto or self._platform.latest(room.id))
        return JSONResponse({})

    async def people(self, request: Request) -> Response:
        return JSONResponse([views.human_json(h, self._platform) for h in self._platform.people()])

    async def add_person(self, request: Request) -> Response:
        body = await _body(request)
        words = {k: _word(body, k) for k in ("id", "name", "zone", "title")}
        human = self._platform.add_person(words["id"], words["name"], words["zone"] or UNKNOWN_ZONE, words["title"])
        return JSONResponse(views.human_json(human, self._platform))

    async def add_place(self, request: Request) -> Response:
        body = await _body(request)
        members = body.get("members")
        if members is not None and not isinstance(members, list):
            raise BadAct("'members' is a list of people's ids, or absent where everybody is in the channel.")
        inside = None if members is None else [str(m) for m in members]
        room = self._platform.add_channel(_word(body, "name") or _word(body, "id"), _word(body, "topic"), inside)
        return JSONResponse({"id": room.id, "name": room.name, "kind": room.kind, "topic": room.topic})

    async def account(self, request: Request) -> Response:
        """Changes a person's account: {as, active, zone, name, admin, groups}, each but the first optional."""
        body = await _body(request)
        person = _word(body, "as")
        active = body.get("active")
        if active is not None and not isinstance(active, bool):
            raise BadAct("'active' is true or false.")
        admin, groups = body.get("admin"), body.get("groups")
        if admin is not None and not isinstance(admin, bool):
            raise BadAct("'admin' is true or false.")
        if groups is not None and not (isinstance(groups, list) and all(isinstance(g, str) for g in groups)):
            raise BadAct("'groups' is a list of words.")
        before = set(self._platform.human(person).groups or ())
        self._platform.set_standing(person, admin, groups)
        for group in before ^ set(groups if groups is not None else before):
            await self._sandbox.list_group(group)
        await self._sandbox.change_account(
            person, active=active, zone=_word(body, "zone") or None, name=_word(body, "name") or None
        )
        return JSONResponse(views.human_json(self._platform.human(person), self._platform))

    async def commands(self, request: Request) -> Response:
        return JSONResponse(completion.commands_json(self._sandbox.commands))

    async def complete(self, request: Request) -> Response:
        q = request.query_params
        found = await completion.complete(self._sandbox, _who(q), q.get("place", ""), q.get("text", ""))
        return JSONResponse(found)

    async def options(self, request: Request) -> Response:
        """The people, or the completions of a command's parameter, that match what was typed."""
        q = request.query_params
        wanted = (q.get("command", ""), q.get("parameter", "person"), q.get("typed", ""))
        found = await self._sandbox.options(_who(q), q.get("place", ""), *wanted)
        return JSONResponse([{"value": o.value, "label": o.label} for o in found])


def _told(endpoint: Endpoint) -> Endpoint:
    """Wraps an endpoint, so that its errors become JSON with a text."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except TooLarge as e:
            return _errors(413, str(e))
        except BadAct as e:
            return _errors(400, str(e))
        except sqlite3.OperationalError as e:
            # The sandbox's own file cannot be written, usually because the disk is full.
            log.error("%s: nothing was saved: %s", request.url.path, reason(e))
            return _errors(503, f"This could not be saved just now. {AGAIN}")
        except Unavailable as e:
            return _errors(503, f"{e} {AGAIN}")
        except PacekeeperError as e:
            return _errors(409, str(e))
        except Exception:
            log_failure(log, "%s failed", request.url.path)
            return _errors(500, "Something went wrong in the bot; its log says what. Please try again.")

    return answered


class TooLarge(BadAct):
    """The request is larger than the sandbox takes."""


def _errors(status: int, text: str) -> JSONResponse:
    return JSONResponse({"message": None, "reply": None, "form": None, "errors": {"": text}}, status)


async def _body(request: Request) -> dict[str, Any]:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST:
            raise TooLarge(f"The request is larger than {LARGEST:,} bytes.")
        parts.append(part)
    try:
        body = read_json(b"".join(parts))
    except Unreadable as e:
        raise BadAct(f"The body cannot be read: {e}.") from None
    if not isinstance(body, dict):
        raise BadAct("The body is one JSON object.")
    return body


def _who(query: Mapping[str, str]) -> str:
    if not query.get("as"):
        raise BadAct("'as' is missing: the id of the person who looks, such as ?as=mia.")
    return query["as"]


def _word(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > 250:
        raise BadAct(f"'{name}' is a text of at most 250 characters.")
    return value


def _whole(text: str | None, name: str, default: int) -> int:
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise BadAct(f"'{name}' is a number.")
    return int(text)


def _instant(value: Any) -> datetime:
    try:
        return parse_instant(str(value))
    except (ValueError, OverflowError):
        raise BadAct("Give an instant with its zone, such as 2026-01-05T09:00:00Z.") from None


async def _pieces(lines: Iterable[str], size: int = 500) -> AsyncIterator[str]:
    piece: list[str] = []
    for line in lines:
        piece.append(line)
        if len(piece) >= size:
            yield "".join(piece)
            piece = []
    if piece:
        yield "".join(piece)
