"""Going away for a week, and coming back after a silence."""

from datetime import timedelta

from bot.app.rehearsal.player import SILENT_WEEKS, Part, Player
from bot.app.rehearsal.script import Line


class Away(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._quiet: Line | None = None
        """The card about their silence."""

    def begin(self) -> None:
        player, turning = self.player, self.player.persona.turning
        if player.persona.habit == "away":
            player.plan(player.wall(turning - 1, 6, 18), self._go_away)
        elif player.persona.habit == "returner":
            player.plan(player.wall(turning + SILENT_WEEKS, 0, 19), self._come_back)

    def hear(self, line: Line) -> None:
        if (line.anchor or "").startswith("silence/"):
            self._quiet = line

    async def _go_away(self) -> None:
        first = self.player.stage.cohort.timetable.monday(self.player.persona.turning)
        if self.player.joined:
            await self.player.command(f"away {first} {first + timedelta(days=6)}")

    async def _come_back(self) -> None:
        if self._quiet is not None:
            await self.player.press(self._quiet.message, self._quiet.action("absence.catch_up") or "")
        else:
            await self.player.command("")
