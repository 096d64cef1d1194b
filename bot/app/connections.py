"""Creates the configured adapters. Each is imported only when needed, because imports slow the start down."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from starlette.routing import Route

from bot.app.settings import Settings
from bot.core.errors import PacekeeperError
from bot.core.ports import Adapter


def require(module: str, extra: str, what: str) -> None:
    """Raises PacekeeperError if an optional dependency is missing."""
    if find_spec(module) is None:
        raise PacekeeperError(
            f"{what} needs a part of Pacekeeper that is not installed here. Install it as pacekeeper[{extra}], "
            f"for instance with: uv tool install 'pacekeeper[{extra}]' (pacekeeper[all] has every part)."
        )


def connect(settings: Settings, data: Path | None, makes: bool = True) -> tuple[list[Adapter], list[Route]]:
    """The adapters, and the routes over which platforms reach them. Starts nothing. Their own files are below `data`,
    or in memory: also where they are not there yet and nothing `makes` them. Raises PacekeeperError if an adapter's
    optional dependency is missing."""

    def files(name: str) -> Path | None:
        return data / name if data and (makes or (data / name).exists()) else None

    adapters: list[Adapter] = []
    routes: list[Route] = []
    if settings.slack:
        require("slack_bolt", "slack", "Slack")
        from adapters.slack.adapter import Slack
        from adapters.slack.config import SlackWorkspace

        workspaces = [
            SlackWorkspace(
                bot_token=each.bot_token.get_secret_value(),
                app_token=each.app_token.get_secret_value(),
                signing_secret=each.signing_secret.get_secret_value(),
                mode=each.mode,
                api_url=each.api_url,
            )
            for each in settings.slack
        ]
        slack = Slack(workspaces, files("slack"))
        adapters.append(slack)
        if any(each.mode == "http" for each in settings.slack):
            routes += slack.routes
    if settings.discord:
        require("discord", "discord", "Discord")
        from adapters.discord.adapter import Discord
        from adapters.discord.config import DiscordBot

        for each in settings.discord:
            bot = DiscordBot(each.token.get_secret_value(), each.api_url, each.gateway_url, each.shards)
            adapters.append(Discord(bot, files("discord")))
    return adapters, routes


def summary(adapters: Sequence[Adapter]) -> str:
    """One sentence per platform: what is connected, and what is wrong with the rest."""
    return " ".join(map(_state, adapters))


def _state(adapter: Adapter) -> str:
    name, problems = type(adapter).__name__, adapter.problems
    up = len([workspace for workspace in adapter.workspaces if workspace not in problems])
    if up or not problems:
        return " ".join([f"{name}: {up} connected.", *(f"{what}: {why}" for what, why in problems.items())])
    return " ".join([f"{name}: not connected.", *dict.fromkeys(problems.values())])
