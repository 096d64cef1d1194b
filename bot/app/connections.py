"""The adapters of what is configured. Each is imported only here and only then: it costs its start-up time."""

from collections.abc import Sequence

from starlette.routing import Route

from bot.app.settings import Settings
from bot.core.ports import Adapter


def connect(settings: Settings) -> tuple[list[Adapter], list[Route]]:
    """The adapters, and the addresses at which platforms reach them. Nothing is started."""
    adapters: list[Adapter] = []
    routes: list[Route] = []
    if settings.slack:
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
        slack = Slack(workspaces, settings.data_dir / "slack")
        adapters.append(slack)
        if any(each.mode == "http" for each in settings.slack):
            routes += slack.routes
    if settings.discord:
        from adapters.discord.adapter import Discord
        from adapters.discord.config import DiscordBot

        for each in settings.discord:
            bot = DiscordBot(each.token.get_secret_value(), each.api_url, each.gateway_url, each.shards)
            adapters.append(Discord(bot, settings.data_dir / "discord"))
    return adapters, routes


def said(adapters: Sequence[Adapter]) -> str:
    """How they stand, in words: whether each platform has answered."""
    return " ".join(
        f"{type(a).__name__}: {len(a.workspaces)} connected."
        if a.workspaces
        else f"{type(a).__name__}: not connected yet, and still trying; `pacekeeper doctor` says why."
        for a in adapters
    )
