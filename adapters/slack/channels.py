"""Creates, adopts and archives channels, and removes members."""

import logging
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from adapters.slack.api import Api
from adapters.slack.errors import Refusal, is_final
from bot.core.errors import DeliveryError, NameTaken, TargetGone, reason
from bot.core.people import Account, Place
from bot.core.translation import N_, _

log = logging.getLogger(__name__)

Closed = Literal["archived", "frozen", "posting", "threads"]
"""Why a channel takes nothing of the bot."""

_CLOSED: Mapping[Closed, str] = {
    "archived": N_("This channel is archived. Unarchive it, or choose another one."),
    "frozen": N_("This channel is frozen. Ask your Slack administrators, or choose another one."),
    "posting": N_(
        "I may not post here. Add me under 'Posting permissions' in its settings, or choose another channel."
    ),
    "threads": N_("I may start no threads here. Allow them under 'Posting permissions', or choose another channel."),
}

NAME = 80
"""Longest name of a channel."""

TOPIC = 250
INVITED = 100
"""People per invitation. Slack accepts more, but one bad account fails the whole call."""


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels of one workspace."""

    api: Api
    team: str
    me: str
    """The bot's own user."""

    async def create(
        self, name: str, topic: str, private: bool, members: Sequence[Account], place: Place | None = None
    ) -> Place:
        """See `Adapter.create`. Also raises Refusal."""
        channel = place.channel if place is not None else await self._make(name, private, members)
        if topic:
            await self._try("conversations.setTopic", channel=channel, topic=topic[:TOPIC])
        for start in range(0, len(members), INVITED):
            users = [m.user for m in members[start : start + INVITED]]
            if not await self._try("conversations.invite", channel=channel, users=",".join(users)):
                for user in users if len(users) > 1 else ():
                    await self._try("conversations.invite", channel=channel, users=user)
        return Place(self.team, channel)

    async def _make(self, name: str, private: bool, members: Sequence[Account]) -> str:
        """The channel of this name, without people in it yet."""
        plain = channel_name(name)
        try:
            made = await self.api.call("conversations.create", patient=True, name=plain, is_private=private)
            return str(made["channel"]["id"])
        except Refusal as e:
            if not is_final(e):
                raise
            if e.code != "name_taken":
                raise TargetGone(
                    _(
                        "Slack does not let me make channels ({code}). Make them with these names, write `/invite "
                        "@pacekeeper` in each, and press again.",
                        code=e.code,
                    )
                ) from e
            return await self._take(plain, private, {self.me, *(m.user for m in members)})

    async def enter(self, channel: str) -> None:
        """Joins a public channel, if Slack allows it."""
        await self._try("conversations.join", channel=channel)

    async def admit(self, channel: str) -> str:
        """Enters a channel that somebody has chosen, unless the bot is in it. Returns what keeps it from writing there,
        in words for the person; empty if nothing does."""
        try:
            found = (await self.api.call("conversations.info", channel=channel))["channel"]
            if problem := closed(found, self.me):
                return _(_CLOSED[problem])
            if not found.get("is_member"):
                await self.api.call("conversations.join", channel=channel)
        except DeliveryError as e:
            log.info("A chosen channel cannot be entered: %s", reason(e))
            if isinstance(e, Refusal) and is_final(e):
                return _("I cannot enter this channel. Invite me there first, or choose another one.")
            return _("Slack did not answer. Please send it again.")
        return ""

    async def remove_member(self, channel: str, user: str) -> None:
        await self._unless("conversations.kick", ("not_in_channel", "user_not_found"), channel=channel, user=user)

    async def archive(self, channel: str) -> None:
        await self._unless("conversations.archive", ("already_archived",), channel=channel)

    async def _unless(self, method: str, done: Sequence[str], **arguments: Any) -> None:
        """Calls a method. Treats the error codes in `done`, and a channel that is gone, as success."""
        try:
            await self.api.call(method, **arguments)
        except Refusal as e:
            if not is_final(e):
                raise
            if e.code not in (*done, "channel_not_found", "is_archived"):
                raise TargetGone(f"{e}.") from e

    async def _take(self, name: str, private: bool, known: Collection[str]) -> str:
        """Finds the existing channel of this name and joins it if we may. A public one is not taken for a private
        one, nor is a private one in which others are than those who are `known`."""
        types = "public_channel,private_channel"
        async for there in self.api.pages("conversations.list", "channels", types=types, exclude_archived="true"):
            if there.get("name") != name:
                continue
            if private and not there.get("is_private"):
                raise NameTaken(
                    _("There is a #{name} already, and everybody sees it. Rename it, and press again.", name=name)
                )
            if not there.get("is_member"):
                try:
                    await self.api.call("conversations.join", patient=True, channel=there["id"])
                except Refusal as e:
                    raise NameTaken(
                        _("There is a #{name} that I cannot enter. Invite me, and press again.", name=name)
                    ) from e
            if private and await self._others(str(there["id"]), known):
                raise NameTaken(
                    _(
                        "There is a private #{name} already, and others are in it, too. Rename it, and press again.",
                        name=name,
                    )
                )
            return str(there["id"])
        raise NameTaken(
            _(
                "There is a #{name} that I cannot see: it is private or archived. Invite me, and press again.",
                name=name,
            )
        )

    async def _others(self, channel: str, known: Collection[str]) -> bool:
        inside = self.api.pages("conversations.members", "members", channel=channel)
        return any([str(user) not in known async for user in inside])

    async def _try(self, method: str, **arguments: Any) -> bool:
        """Makes an optional call; False if Slack refuses it."""
        try:
            await self.api.call(method, patient=True, **arguments)
        except Refusal as e:
            if e.code not in ("already_in_channel", "cant_invite_self"):
                log.warning("%s", reason(e))
                return False
        return True


def closed(channel: Mapping[str, Any], me: str) -> Closed | None:
    """Why the bot `me` can post nothing in a channel, or in its threads; None if it can."""
    limits = channel.get("properties") or {}
    posting, threads = (
        bool(limit) and me not in (limit.get("user") or ())
        for limit in (limits.get(name) or {} for name in ("posting_restricted_to", "threads_restricted_to"))
    )
    if channel.get("is_archived"):
        return "archived"
    if channel.get("is_frozen"):
        return "frozen"
    if channel.get("is_read_only") or channel.get("is_thread_only") or posting:
        return "posting"
    if channel.get("is_non_threadable") or threads:
        return "threads"
    return None


def channel_name(name: str) -> str:
    """A name that Slack accepts: lower-case letters, digits, hyphens and underscores."""
    plain = re.sub(r"[^\w]+", "-", name.strip().lower().lstrip("#")).strip("-")
    return plain[:NAME].rstrip("-") or "course"
