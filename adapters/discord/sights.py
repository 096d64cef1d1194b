"""Notices channels that the bot may not see or write in any more, and those in which it may again.

Discord tells what a role or a channel allows, but sends no event that says what it means for the bot. What was told is
kept, so that a change during a downtime is noticed at the next start.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.discord.places import Places
from adapters.discord.state import Store
from bot.core.errors import Why
from bot.core.events import PlaceFound, PlaceLost
from bot.core.ports import Watched

POSTING = ("view_channel", "send_messages")
"""Without these a channel takes nothing at all. What else is missing shows when a post needs it."""

GONE = "gone"
FORBIDDEN = "forbidden/"


@dataclass(frozen=True, slots=True)
class Sights:
    """Compares what the bot may do in its channels with what it has told."""

    places: Places
    store: Store
    now: Callable[[], datetime]

    def changes(self, watched: Sequence[Watched]) -> Iterator[PlaceLost | PlaceFound]:
        """What has changed since the last look at these channels of a guild that is connected."""
        for one in watched:
            place, fact = one.place, f"lacks/{one.place.channel}"
            if place.direct:
                continue
            told, lacks = self.store.fact(fact), self._lacks(place.channel)
            at = self.now()
            if lacks and self._is_news(one.lost, told, lacks):
                self.store.keep_fact(fact, lacks)
                needs = "" if lacks == GONE else lacks
                why: Why = "gone" if lacks == GONE else "forbidden"
                yield PlaceLost(place=place, why=why, needs=needs, at=at, turn=at.isoformat())
            elif told is not None and not lacks and not self.places.lacks(place.channel):
                self.store.drop_fact(fact)
                yield PlaceFound(place=place, at=at, turn=at.isoformat())

    def untagged(self, watched: Sequence[Watched]) -> Iterator[str]:
        """Forums in which the bot may not tag people's posts, and has not said so."""
        for channel in [one.place.channel for one in watched if not one.place.direct]:
            told, lacks = self.store.fact(f"untagged/{channel}"), self.places.lacks_for_tags(channel)
            if lacks and told is None:
                self.store.keep_fact(f"untagged/{channel}", lacks)
                yield channel
            elif told is not None and not lacks:
                self.store.drop_fact(f"untagged/{channel}")

    def _lacks(self, channel: str) -> str:
        """What keeps the bot out of a channel: the missing permissions, or that it is not there."""
        if not self.places.is_known(channel):
            return GONE
        return self.places.needs(channel) if self.places.lacks(channel, POSTING) else ""

    def _is_news(self, lost: str, told: str | None, lacks: str) -> bool:
        """Another cause that is known already (a quarantine) stays."""
        return lost == "" or (told != lacks and lost.startswith(FORBIDDEN) and lost != FORBIDDEN + lacks)
