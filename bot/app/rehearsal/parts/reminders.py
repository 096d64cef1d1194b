"""Turning reminders off."""

from functools import partial

from bot.app.rehearsal.player import Part
from bot.app.rehearsal.script import Line


class WantingNone(Part):
    def hear(self, line: Line) -> None:
        settings = line.action("reminders.show")
        if settings and (line.anchor or "").startswith("reminder/") and self.player.chance(0.03):
            self.player.later(partial(self._want_none, line, settings), 0.1, 1)

    async def _want_none(self, line: Line, settings: str) -> None:
        await self.player.follow(await self.player.press(line.message, settings), "reminders.off")
