"""Ending the cohort, by the manager."""

from datetime import timedelta

from bot.app.rehearsal.player import Part
from bot.app.rehearsal.twists import Twist
from bot.core.people import MANAGERS

TELLS_AT_ONCE = MAY_EXCEED = "completion.close_now"
"""The card that ends a cohort is its last message, and comes at once: nothing may ask for what cannot be done any more.
"""


class Closing(Part):
    roles = MANAGERS

    def begin(self) -> None:
        player, weeks = self.player, len(self.player.stage.course.weeks)
        early = Twist.CLOSED in player.troupe.twists
        player.plan(player.wall(weeks // 2 + 1, 2, 11) if early else player.stage.end - timedelta(days=1), self._close)

    async def _close(self) -> None:
        asked = await self.player.follow(await self.player.command("overview"), "completion.close")
        await self.player.follow(asked, "completion.close_now")
