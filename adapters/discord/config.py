"""Settings of one Discord bot."""

import re
from dataclasses import dataclass, field

API_URL = "https://discord.com/api/v10"


@dataclass(frozen=True, slots=True)
class DiscordBot:
    """One bot account. Empty `api_url` and `gateway_url` mean Discord's own; `shards` > 1 spreads the guilds over
    several connections."""

    token: str = field(repr=False)
    api_url: str = ""
    gateway_url: str = ""
    shards: int = 1

    @property
    def api(self) -> str:
        """The base address of the REST API, with its version and without a trailing slash."""
        url = self.api_url.rstrip("/")
        if not url:
            return API_URL
        if re.search(r"/v\d+$", url):
            return url
        return f"{url}/v10" if url.endswith("/api") else f"{url}/api/v10"
