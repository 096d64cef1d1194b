"""An instructor says by one tap on Friday's desk how long the week took."""

from datetime import timedelta
from functools import partial

from bot.app.rehearsal.player import Part
from bot.app.rehearsal.script import Line


class Saying(Part):
    def hear(self, line: Line) -> None:
        if (line.anchor or "").startswith("desk/") and (tap := line.action("teamtime.took")):
            self.player.plan(self.player.now + timedelta(hours=6), partial(self._tap, line, tap))

    async def _tap(self, line: Line, action: str) -> None:
        if self.player.there:
            await self.player.press(line.message, action)
