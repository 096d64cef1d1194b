"""Joining, moving to another zone, leaving; the hour and zone that people pick."""

from datetime import datetime, timedelta
from functools import partial

from bot.app.rehearsal.player import Part, Player
from bot.app.rehearsal.script import Line
from bot.app.rehearsal.stage import BEFORE
from bot.core.people import INSTRUCTORS

WELCOMES = "welcome/"


def joins_at(player: Player) -> datetime:
    """When a learner joins; repeated calls give the same instant."""
    known = player.troupe.shared(Joining, lambda _: Joining()).at
    if player.id not in known:
        persona, random = player.persona, player.random
        if persona.habit == "newcomer":
            known[player.id] = player.wall(persona.turning, random.randrange(4), random.randint(9, 20))
        else:
            known[player.id] = player.now + (BEFORE - timedelta(days=1)) * random.random()
    return known[player.id]


class Joining:
    def __init__(self) -> None:
        self.at: dict[str, datetime] = {}


class Membership(Part):
    def begin(self) -> None:
        player, turning = self.player, self.player.persona.turning
        player.plan(joins_at(player), self._join)
        if player.persona.habit == "mover":
            player.plan(player.wall(turning, 2, 12), self._move)
        elif player.persona.habit == "leaver":
            player.plan(player.wall(turning, 1, 18), self._leave)

    def hear(self, line: Line) -> None:
        if (hour := line.action("enrolment.hour")) and self.player.persona.hour != 9:
            self.player.later(partial(self._pick_hour, line, hour), 0.1, 2)

    async def _join(self) -> None:
        await self.player.command(f"join {self.player.stage.join_code}")
        self.player.joined = True

    async def _leave(self) -> None:
        await self.player.follow(await self.player.command("leave"), "enrolment.leave")
        self.player.joined = False

    async def _move(self) -> None:
        """Changes the zone: by the platform's profile, or by command."""
        player = self.player
        player.zone = player.persona.moves_to
        player.troupe.moved(player.id, player.zone)
        await player.stage.sandbox.change_account(player.id, zone=player.zone)
        await player.command(f"settings {player.zone}")

    async def _pick_hour(self, line: Line, action: str) -> None:
        await self.player.press(line.message, action, str(self.player.persona.hour))


class Zone(Part):
    roles = INSTRUCTORS

    def begin(self) -> None:
        if self.player.zone != self.player.stage.cohort.zone:
            self.player.later(self._say_zone, 0.5, 3)

    async def _say_zone(self) -> None:
        await self.player.command(f"settings {self.player.zone}")
