"""The `doctor` checks of a workspace."""

from collections.abc import Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.config import SlackWorkspace
from adapters.slack.errors import REVOKED
from adapters.slack.manifest import OPTIONAL, SCOPES
from bot.core.errors import reason
from bot.core.ports import Finding
from bot.core.time import SystemClock

SKEW = 60
"""Seconds that the machine's clock may be off. From 300 on, Slack's signed requests are refused."""

APP = "At api.slack.com/apps choose the app"
REINSTALL = (
    f"{APP}. Under 'App Manifest' put deploy/slack-manifest.yaml, and save; under 'Install App' install it again, and "
    "set PACEKEEPER_SLACK_BOT_TOKEN to the bot token there (xoxb-…)."
)
BOT_TOKEN = f"{APP}, 'Install App'. PACEKEEPER_SLACK_BOT_TOKEN is the 'Bot User OAuth Token' there (xoxb-…)."
APP_TOKEN = (
    f"{APP}, 'Basic Information', 'App-Level Tokens', 'Generate Token and Scopes'; add connections:write, and set "
    "PACEKEEPER_SLACK_APP_TOKEN to the token (xapp-…)."
)
SECRET = f"{APP}, 'Basic Information'. PACEKEEPER_SLACK_SIGNING_SECRET is the 'Signing Secret' there."
SOCKET_MODE = f"{APP}, 'Socket Mode', and switch it on."
ADD = "if you need that, add it at api.slack.com/apps, 'OAuth & Permissions', and install the app again"

NO_APP_TOKEN = REVOKED | {"missing_scope", "not_allowed_token_type"}
"""Codes with which Slack refuses a token for Socket Mode."""


async def check(config: SlackWorkspace) -> Sequence[Finding]:
    """Checks tokens, permissions, channels and the clock of one workspace."""
    if not config.bot_token.startswith("xoxb-"):
        return [Finding("Slack", "PACEKEEPER_SLACK_BOT_TOKEN is no bot token", BOT_TOKEN)]
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        web = AsyncWebClient(token=config.bot_token, base_url=config.api_url, session=session, retry_handlers=[])
        try:
            who = await web.auth_test()
        except SlackApiError as e:
            code = _code(e)
            fix = BOT_TOKEN if code in REVOKED else "See what Slack says about this code, and try again."
            return [Finding("Slack", f"refused the bot token: {code}", fix)]
        except (aiohttp.ClientError, TimeoutError, AttributeError) as e:
            return [Finding("Slack", f"could not be reached at {config.api_url}: {reason(e)}", "Look at the network.")]
        name = f"Slack, {who.get('team') or who.get('team_id')}"
        headers = {k.lower(): v for k, v in (who.headers or {}).items()}
        found = [Finding(name, f"connected as {who.get('user') or who.get('user_id')} in {who.get('team_id')}")]
        found += [_scopes(name, headers.get("x-oauth-scopes", "")), _clock(name, headers.get("date", ""))]
        found.append(await _delivery(name, config, session))
        found.append(await _channels(name, web))
        return [f for f in found if f.state]


def _scopes(name: str, granted: str) -> Finding:
    if not granted:
        return Finding(f"{name}: permissions", "")  # Slack did not say
    has = {s.strip() for s in granted.split(",")}
    missing = sorted(set(SCOPES) - has)
    if not missing:
        without = [
            f"without {scope}, the bot cannot {use}; {ADD}" for scope, use in OPTIONAL.items() if scope not in has
        ]
        return Finding(f"{name}: permissions", "; ".join(["all there", *without]))
    return Finding(f"{name}: permissions", f"missing: {', '.join(missing)}", REINSTALL)


def _clock(name: str, date: str) -> Finding:
    try:
        theirs = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return Finding(f"{name}: clock", "")
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    return _skew(name, abs((SystemClock().now() - theirs).total_seconds()))


def _skew(name: str, seconds: float) -> Finding:
    if seconds <= SKEW:
        return Finding(f"{name}: clock", "in step with Slack's")
    return Finding(f"{name}: clock", f"{seconds:.0f} s from Slack's", "Let the machine keep its time by NTP.")


async def _delivery(name: str, config: SlackWorkspace, session: aiohttp.ClientSession) -> Finding:
    """Checks how events reach us."""
    what = f"{name}: events"
    if config.mode == "http":
        if config.signing_secret:
            return Finding(what, "by signed HTTP requests at /slack/events")
        return Finding(what, "no signing secret", SECRET)
    if not config.app_token:
        return Finding(what, "no token for Socket Mode", APP_TOKEN)
    if not config.app_token.startswith("xapp-"):
        return Finding(what, "PACEKEEPER_SLACK_APP_TOKEN is no app-level token", APP_TOKEN)
    web = AsyncWebClient(token=config.app_token, base_url=config.api_url, session=session, retry_handlers=[])
    try:
        await web.apps_connections_open(app_token=config.app_token)
    except SlackApiError as e:
        code = _code(e)
        return Finding(what, f"Socket Mode was refused: {code}", APP_TOKEN if code in NO_APP_TOKEN else SOCKET_MODE)
    except (aiohttp.ClientError, TimeoutError, AttributeError) as e:
        return Finding(what, f"Socket Mode could not be reached: {reason(e)}", "Look at the network.")
    return Finding(what, "by Socket Mode")


async def _channels(name: str, web: AsyncWebClient) -> Finding:
    what = f"{name}: channels"
    try:
        answer = await web.users_conversations(types="public_channel,private_channel", exclude_archived=True, limit=200)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, AttributeError):
        return Finding(what, "")
    joined: list[Any] = answer.get("channels") or []
    if not joined:
        return Finding(what, "in none yet", "Write `/invite @pacekeeper` in the channels of the course.")
    return Finding(what, ", ".join(f"#{c.get('name')}" for c in joined[:20]))


def _code(error: SlackApiError) -> str:
    data = getattr(error.response, "data", None)
    status = getattr(error.response, "status_code", "")
    return str(data.get("error", status)) if isinstance(data, dict) else f"status {status}"
