"""Looks up the accounts of a workspace by id, e-mail address or name, without a running bot."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.config import SlackWorkspace
from adapters.slack.people import A_PAGE, read_profile
from bot.core.errors import Unavailable, reason
from bot.core.people import Account, Actor


async def look_up(config: SlackWorkspace, team: str, wanted: Sequence[str]) -> Mapping[str, Sequence[Actor]] | None:
    """See `Adapter.look_up`. Profiles have e-mail addresses only with the scope `users:read.email`."""
    own: dict[str, list[Actor]] = defaultdict(list)
    called: dict[str, list[Actor]] = defaultdict(list)
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        web = AsyncWebClient(token=config.bot_token, base_url=config.api_url, session=session, retry_handlers=[])
        try:
            if (await web.auth_test()).get("team_id") != team:
                return None
            async for page in await web.users_list(limit=A_PAGE):
                for member in page["members"]:
                    if member.get("deleted") or member.get("is_bot"):
                        continue
                    profile = member.get("profile") or {}
                    known = read_profile(member, team)
                    actor = Actor(Account(team, member["id"]), known.name, known.zone)
                    for key in filter(None, (member["id"], profile.get("email"), member.get("name"))):
                        own[key.casefold()].append(actor)
                    for key in filter(None, {profile.get("display_name"), profile.get("real_name")}):
                        called[key.casefold()].append(actor)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, AttributeError) as e:
            raise Unavailable(f"Slack could not be asked who is who: {reason(e)}.") from e
    return {name: own.get(name.casefold()) or called.get(name.casefold(), []) for name in wanted}
