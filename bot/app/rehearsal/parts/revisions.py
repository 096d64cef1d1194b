"""Moving the start or the zone of the cohort, by an instructor."""

from datetime import timedelta
from functools import partial

from bot.app.rehearsal.player import Part
from bot.app.rehearsal.twists import Twist
from bot.core.people import INSTRUCTORS
from bot.core.timetable import WEEK

ELSEWHERE = "America/New_York"


class MovingTheCohort(Part):
    roles = INSTRUCTORS

    def begin(self) -> None:
        player, cohort, twists = self.player, self.player.stage.cohort, self.player.troupe.twists
        if player is not player.troupe.of(INSTRUCTORS)[0]:
            return
        if Twist.MOVED_START in twists:
            later = (cohort.starts_on + WEEK).isoformat()
            player.plan(player.now + timedelta(days=3), partial(self._change, starts_on=later))
        if Twist.MOVED_ZONE in twists:
            player.plan(player.wall(2, 2, 11), partial(self._change, zone=ELSEWHERE))

    async def _change(self, **changes: str) -> None:
        player = self.player
        opened = await player.follow(await player.command("course"), "revisions.dates")
        if opened is not None and opened.form is not None:
            same = {field.name: field.value for field in opened.form.fields}
            await player.follow(await player.submit(opened.form, **(same | changes)), "revisions.use")
        player.stage.look_again()
