"""Looking at the week, by the manager."""

from bot.app.rehearsal.player import Part
from bot.app.rehearsal.script import Line
from bot.core.people import MANAGERS


class Looking(Part):
    roles = MANAGERS

    def hear(self, line: Line) -> None:
        if line.action("enrolment.hour") is None:
            self.player.later(self._look, 0.5, 8)

    async def _look(self) -> None:
        await self.player.command("overview")
