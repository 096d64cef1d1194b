"""HTTP events: signed requests at /slack/events, for one or several workspaces.

The signature is verified before the body is parsed. Unsigned requests get 401, signed but unreadable ones 400; each
is logged in one line that quotes nothing of it.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.core.incoming import Unreadable, read_json

log = logging.getLogger(__name__)

PATH = "/slack/events"
MOST_FIELDS = 100
"""Most form fields of a request; a command has about fifteen."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listener:
    """A workspace that takes HTTP events."""

    app: AsyncApp
    secret: str


def routes(listeners: Callable[[], Mapping[str, Listener]]) -> Sequence[Route]:
    """The route that all workspaces share. `listeners` returns the connected ones by team."""

    async def receive(request: Request) -> Response:
        listening = listeners()
        if not listening:
            return _refused(503, "Not connected to a workspace yet.")  # Slack delivers again.
        body = await request.body()
        headers = request.headers
        believed = {team: each for team, each in listening.items() if _is_signed(body, headers, each.secret)}
        if not believed:
            return _refused(401, "The signature is not Slack's, or is too old.")
        try:
            named = _teams(_payload(body, headers.get("content-type", "")))
            asked = to_async_bolt_request(request, body)
        except (Unreadable, UnicodeDecodeError, TypeError, AttributeError, KeyError, IndexError) as e:
            return _refused(400, f"The request cannot be read ({e if isinstance(e, Unreadable) else 'odd shape'}).")
        if not any(team in believed for team in named) and any(team in listening for team in named):
            return _refused(401, "The signature is another workspace's.")
        # Slack's URL verification names no team, so any workspace whose signature matches answers.
        addressed = next((team for team in named if team in believed), next(iter(believed)))
        return to_starlette_response(await believed[addressed].app.async_dispatch(asked))

    return (Route(PATH, receive, methods=["POST"]),)


def _refused(status: int, why: str) -> Response:
    log.warning("Refused a request to %s with %d: %s", PATH, status, why)
    return PlainTextResponse(why, status)


def _is_signed(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    timestamp = headers.get("x-slack-request-timestamp", "")
    signature = headers.get("x-slack-signature", "")
    # For other shapes, as for bytes that are not UTF-8, the verifier raises.
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12 and signature.isascii()):
        return False
    try:
        return SignatureVerifier(secret).is_valid(body, timestamp, signature)
    except UnicodeDecodeError:
        return False


def _payload(body: bytes, kind: str) -> Json:
    """Parses the payload from JSON or from a form. Raises Unreadable."""
    match kind.partition(";")[0].strip().lower():
        case "application/json":
            payload = read_json(body)
        case "application/x-www-form-urlencoded":
            try:
                form = {name: values[0] for name, values in parse_qs(body.decode(), max_num_fields=MOST_FIELDS).items()}
            except ValueError:
                raise Unreadable("it is no form") from None
            payload = read_json(form["payload"]) if "payload" in form else form
        case _:
            raise Unreadable("neither JSON nor a form")
    if not isinstance(payload, dict) or not payload:
        raise Unreadable("there is no object in it")
    if payload.get("type") == "event_callback" and not isinstance(payload.get("event"), dict):
        raise Unreadable("there is no event in it")
    return payload


def _teams(payload: Json) -> list[str]:
    """The workspaces that a payload may be for. In shared channels the one that it was sent for comes first."""
    named = [a.get("team_id") for a in payload.get("authorizations") or () if isinstance(a, dict)]
    team = payload.get("team")
    named += [team.get("id") if isinstance(team, dict) else None, payload.get("team_id")]
    return [str(t) for t in named if t]
