"""The `doctor` checks of a workspace."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.channels import Closed, closed
from adapters.slack.config import SlackWorkspace
from adapters.slack.manifest import OPTIONAL, SCOPES
from adapters.slack.sources import APP, wrong_tokens
from adapters.slack.tokens import (
    app_of,
    bot_token_refused,
    code_of,
    is_lasting,
    no_bot_token,
    of_different_apps,
    socket_refused,
)
from bot.core.errors import Unavailable, reason
from bot.core.people import Place
from bot.core.ports import Finding
from bot.core.time import SystemClock

SKEW = 60
"""Seconds that the machine's clock may be off. From 300 on, Slack's signed requests are refused."""

MANIFESTS = {
    "socket": "deploy/slack-manifest.yaml",
    "http": "what `pacekeeper slack-manifest --address https://…` writes (with the bot's address)",
}
"""The manifest of an app, by its mode: the other one would end its deliveries."""

CLOSED: Mapping[Closed, tuple[str, str]] = {
    "archived": ("is archived", "Unarchive it."),
    "frozen": ("is frozen", "Ask the administrators of the workspace."),
    "posting": ("takes no posts of the bot", "Add the bot under 'Posting permissions' in the channel's settings."),
    "threads": ("takes no threads of the bot", "Allow them under 'Posting permissions' in the channel's settings."),
}
ADD = "if you need that, add it at api.slack.com/apps, 'OAuth & Permissions', and install the app again"

OTHER = "Or choose another channel with `/cohort setup`."
NETWORK = (aiohttp.ClientError, TimeoutError, AttributeError)
"""What the SDK raises if Slack does not answer, or not in JSON."""


async def check(config: SlackWorkspace, channels: Mapping[Place, str]) -> Sequence[Finding]:
    """Checks tokens, permissions, the clock and the channels of one workspace; see `Adapter.check`."""
    wrong = wrong_tokens(config.bot_token, config.app_token, config.signing_secret, config.mode)
    if wrong and no_bot_token(config.bot_token):
        return [Finding("Slack", *wrong)]
    async with _asking(config) as web:
        try:
            who = await web.auth_test()
        except SlackApiError as e:
            return [Finding("Slack", *bot_token_refused(code_of(e)))]
        except NETWORK as e:
            return [Finding("Slack", f"could not be reached at {config.api_url}: {reason(e)}", "Look at the network.")]
        name, team = f"Slack, {who.get('team') or who.get('team_id')}", str(who.get("team_id"))
        headers = {k.lower(): v for k, v in (who.headers or {}).items()}
        found = [Finding(name, f"connected as {who.get('user') or who.get('user_id')} in {team}")]
        found += [_scopes(name, headers.get("x-oauth-scopes", ""), config.mode), _clock(name, headers.get("date", ""))]
        if wrong:
            found.append(Finding(f"{name}: events", *wrong))
        else:
            found.append(await _delivery(name, config, web, str(who.get("bot_id") or "")))
        found.append(await _joined(name, web))
        for place, use in channels.items():
            if place.workspace == team:
                found.append(await _channel(use, web, place.channel, str(who.get("user_id"))))
        return [f for f in found if f.state]


async def reach(config: SlackWorkspace) -> Mapping[str, str]:
    """See `Adapter.reach`."""
    async with _asking(config) as web:
        try:
            who = await web.auth_test()
        except (SlackApiError, *NETWORK) as e:
            raise Unavailable(f"Slack could not be asked which workspace the bot token is for: {reason(e)}.") from e
    return {str(who.get("team_id")): str(who.get("team") or "")}


@asynccontextmanager
async def _asking(config: SlackWorkspace) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        yield AsyncWebClient(token=config.bot_token, base_url=config.api_url, session=session, retry_handlers=[])


def _scopes(name: str, granted: str, mode: str) -> Finding:
    if not granted:
        return Finding(f"{name}: permissions", "")  # Slack did not say
    has = {s.strip() for s in granted.split(",")}
    missing = sorted(set(SCOPES) - has)
    if not missing:
        without = [
            f"without {scope}, the bot cannot {use}; {ADD}" for scope, use in OPTIONAL.items() if scope not in has
        ]
        return Finding(f"{name}: permissions", "; ".join(["all there", *without]))
    return Finding(f"{name}: permissions", f"missing: {', '.join(missing)}", reinstall(mode, has))


def reinstall(mode: str, has: Collection[str] = ()) -> str:
    """How an app gets the manifest's permissions. `has`: what it is granted now."""
    added = [scope for scope in OPTIONAL if scope in has]
    again = f" under 'OAuth & Permissions' add {', '.join(added)} again, which it leaves out;" if added else ""
    return (
        f"{APP}. Under 'App Manifest' put {MANIFESTS[mode]}, and save;{again} under 'Install App' install it again, "
        "and set PACEKEEPER_SLACK_BOT_TOKEN to the bot token there (xoxb-…)."
    )


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


async def _delivery(name: str, config: SlackWorkspace, bot: AsyncWebClient, bot_id: str) -> Finding:
    """Checks how events reach us."""
    what = f"{name}: events"
    if config.mode == "http":
        return Finding(what, "by signed HTTP requests at /slack/events")
    session, app = bot.session, app_of(config.app_token)
    web = AsyncWebClient(token=config.app_token, base_url=config.api_url, session=session, retry_handlers=[])
    try:
        await web.apps_connections_open(app_token=config.app_token)
    except SlackApiError as e:
        return Finding(what, *socket_refused(code_of(e)))
    except NETWORK as e:
        return Finding(what, f"Socket Mode could not be reached: {reason(e)}", "Look at the network.")
    if app and (own := await _app_of_bot(bot, bot_id)) and own != app:
        return Finding(what, *of_different_apps(own, app))
    return Finding(what, "by Socket Mode")


async def _app_of_bot(web: AsyncWebClient, bot_id: str) -> str:
    """'' if Slack does not say."""
    try:
        return str(((await web.bots_info(bot=bot_id)).get("bot") or {}).get("app_id") or "")
    except (SlackApiError, *NETWORK):
        return ""


async def _joined(name: str, web: AsyncWebClient) -> Finding:
    what = f"{name}: channels"
    try:
        answer = await web.users_conversations(types="public_channel,private_channel", exclude_archived=True, limit=200)
    except (SlackApiError, *NETWORK) as e:
        return Finding(what, f"Slack does not tell: {_why(e)}", sure=False)
    joined: list[Any] = answer.get("channels") or []
    return Finding(what, ", ".join(f"#{c.get('name')}" for c in joined[:20]) or "in none yet")


def _why(error: Exception) -> str:
    return code_of(error) if isinstance(error, SlackApiError) else reason(error)


async def _channel(use: str, web: AsyncWebClient, channel: str, me: str) -> Finding:
    """Whether the bot `me` may write in a channel that a cohort uses."""
    try:
        there: dict[str, Any] = (await web.conversations_info(channel=channel)).get("channel") or {}
    except SlackApiError as e:
        if (code := code_of(e)) != "channel_not_found":
            fix = bot_token_refused(code)[1] if is_lasting(code) else ""
            return Finding(use, f"Slack does not tell about the channel {channel}: {code}", fix, sure=False)
        fix = f"If it is there, write `/invite @pacekeeper` in it. {OTHER}"
        return Finding(use, f"there is no channel {channel}, or it is private and the bot is not in it", fix)
    except NETWORK as e:
        return Finding(use, f"Slack does not tell about the channel {channel}: {reason(e)}", sure=False)
    name = f"#{there.get('name') or channel}"
    if problem := closed(there, me):
        state, fix = CLOSED[problem]
        return Finding(use, f"{name} {state}", f"{fix} {OTHER}")
    if there.get("is_member") is False:
        return Finding(use, f"the bot is not in {name}", f"Write `/invite @pacekeeper` there. {OTHER}")
    return Finding(use, name)
