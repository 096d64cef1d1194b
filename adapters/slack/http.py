"""HTTP events: signed requests at /slack/events, for one or several workspaces."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/slack/events"
NOT_SIGNED = 401

Json = dict[str, Any]


def routes(apps: Callable[[], Mapping[str, AsyncApp]]) -> Sequence[Route]:
    """The route that all workspaces share. `apps` gives those that listen at present, by their team; each checks its
    own signature."""

    async def receive(request: Request) -> Response:
        addressed = _addressed(await request.body(), apps())
        # 503: Slack delivers again.
        response = Response("Not connected to this workspace.", status_code=503)
        for app in addressed:
            response = await AsyncSlackRequestHandler(app).handle(request)
            if response.status_code != NOT_SIGNED:
                break
        return response

    return (Route(PATH, receive, methods=["POST"]),)


def _addressed(body: bytes, apps: Mapping[str, AsyncApp]) -> Sequence[AsyncApp]:
    for team in _teams(_read(body)):
        if team in apps:
            return [apps[team]]
    # Slack's own checks of the address name no team: whose signature it is, that one answers.
    return list(apps.values())


def _read(body: bytes) -> Json:
    """The payload, whether it came as JSON or in a form; empty where it is neither."""
    text = body.decode("utf-8", "replace")
    try:
        if text.startswith("{"):
            return dict(json.loads(text))
        form = {name: values[0] for name, values in parse_qs(text).items()}
        return dict(json.loads(form["payload"])) if "payload" in form else form
    except (ValueError, TypeError):
        return {}


def _teams(payload: Json) -> list[str]:
    """The workspaces that a payload may be meant for: in shared channels, the one that it was sent for comes first."""
    named = [a.get("team_id") for a in payload.get("authorizations") or () if isinstance(a, dict)]
    team = payload.get("team")
    named += [team.get("id") if isinstance(team, dict) else None, payload.get("team_id")]
    return [str(t) for t in named if t]
