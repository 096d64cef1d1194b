"""A quiet room on every platform: opened by command, joined in the thread of the week, one post edited in place."""

from datetime import timedelta
from pathlib import Path

from bot.core.people import Role
from tests.kit import COURSE
from tests.platforms.people import Seen, Stage
from tests.platforms.test_discussions import HOSTILE, fill_in, monday, press, shown
from tests.platforms.test_private_talk import whole_bot
from tests.waiting import eventually


async def test_two_people_work_side_by_side(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()
    async with whole_bot(stage, tmp_path, COURSE, clock, Role.LEARNER) as app:
        week = await shown(stage, "ben", "general", "Week 1")

        async def posts() -> list[Seen]:
            seen = [*await people.sees("ben", "general"), *await people.sees("ben", "general", week.id)]
            return list({s.id: s for s in seen if s.by_bot and not s.private and "Quiet room" in s.text}.values())

        async def post(words: str) -> Seen:
            async def look() -> Seen | None:
                found = await posts()
                assert len(found) <= 1
                return next((one for one in found if words in one.text), None)

            return await eventually(look)

        await people.command("mia", "dm", "room")
        form = await fill_in(stage, "mia", about=HOSTILE[:60], minutes="25")
        assert form.title == "Open a quiet room"
        one = await post("<!channel> @everyone")
        assert one.calls == ()
        assert one.id not in {s.id for s in await people.sees("ben", "general")}, "it stands in the thread of the week"
        await press(stage, "ben", "general", "I am here", week.id)
        await fill_in(stage, "ben", about="BEN reads", nameless="yes")
        assert "someone: BEN reads" in (await post("BEN reads")).text
        assert "Ben" not in (await post("BEN reads")).text
        await shown(stage, "mia", "dm", "You are in Quiet room")
        await press(stage, "mia", "dm", "What I got done")
        await fill_in(stage, "mia", done="MIA wrote")
        assert "Mia: MIA wrote" in (await post("MIA wrote")).text
        await app.runtime.advance(clock.now() + timedelta(minutes=26))
        closed = await post("has closed")
        assert "BEN reads" not in closed.text
        await shown(stage, "ben", "dm", "Well worked.")
        assert (await posts())[0].id == one.id
