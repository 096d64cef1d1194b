"""HTTP events: signed requests at /slack/events, for one or several workspaces.

The signature is verified before the body is parsed. Unsigned requests get 401, signed but unreadable ones 400, and an
event that could not be stored 500; each is logged in one line that quotes nothing of it. What is for a workspace that
is not configured gets 200, so that Slack does not send it again. Bolt gets interactions alone.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qs

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from adapters.slack.teams import Addressee, Hearing, Teams
from bot.core.errors import Unavailable
from bot.core.incoming import Unreadable, read_json

log = logging.getLogger(__name__)

PATH = "/slack/events"
MOST_FIELDS = 100
"""Most form fields of a request; a command has about fifteen."""

Json = dict[str, Any]


class Listener(Addressee, Protocol):
    """A workspace that takes HTTP events."""

    @property
    def secret(self) -> str: ...


def routes(listeners: Sequence[Listener], teams: Teams) -> Sequence[Route]:
    """The route that all workspaces share."""

    async def receive(request: Request) -> Response:
        body = await request.body()
        headers = request.headers
        believed = [each for each in listeners if _is_signed(body, headers, each.secret)]
        if not believed:
            return _refused(401, "The signature is not Slack's, or is too old.")
        try:
            payload = _payload(body, headers.get("content-type", ""))
            if payload.get("type") == "url_verification" or payload.get("ssl_check"):
                # Both name no workspace.
                addressed = next((each for each in believed if each.connected), believed[0])
            elif (found := await teams.find(payload, believed)) is not None:
                addressed = found
            else:
                return Response()
            hearing = addressed.hearing
            if payload.get("type") == "event_callback":
                return await _stored(hearing, payload)
            asked = to_async_bolt_request(request, body)
        except (Unreadable, UnicodeDecodeError, TypeError, AttributeError, KeyError, IndexError) as e:
            return _refused(400, f"The request cannot be read ({e if isinstance(e, Unreadable) else 'odd shape'}).")
        except Unavailable as e:
            return _refused(503, str(e))  # Slack delivers again.
        return to_starlette_response(await hearing.app.async_dispatch(asked))

    return (Route(PATH, receive, methods=["POST"]),)


async def _stored(hearing: Hearing, payload: Json) -> Response:
    try:
        await hearing.take(payload)
    except Unavailable:
        return Response(status_code=500)  # Slack delivers again.
    return Response()


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
