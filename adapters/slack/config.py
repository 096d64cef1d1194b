"""The settings of a workspace."""

from dataclasses import dataclass, field
from typing import Literal

SLACK_API = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class SlackWorkspace:
    """The tokens of our app in one workspace. `app_token` is for Socket Mode, `signing_secret` for HTTP events."""

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    mode: Literal["socket", "http"] = "socket"
    api_url: str = SLACK_API
