"""A quiet room on every platform: opened by command, joined in the thread of the week, one post edited in place."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.app.compose import Application
from bot.core.events import Event, Interaction
from bot.core.people import Role
from bot.core.ports import Answer
from tests.kit import COURSE
from tests.platforms.people import Seen, Stage
from tests.platforms.test_discussions import HOSTILE, fill_in, monday, press, shown
from tests.platforms.test_private_talk import process, whole_bot
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
        await fill_in(stage, "ben", about="chapter two", nameless="yes")
        assert "someone: chapter two" in (await post("chapter two")).text
        assert "Ben" not in (await post("chapter two")).text
        await shown(stage, "mia", "dm", "You are in Quiet room")
        await press(stage, "mia", "dm", "What I got done")
        await fill_in(stage, "mia", done="MIA wrote")
        assert "Mia: MIA wrote" in (await post("MIA wrote")).text
        await app.runtime.advance(clock.now() + timedelta(minutes=26))
        closed = await post("has closed")
        assert "chapter two" not in closed.text
        await shown(stage, "ben", "dm", "Well worked.")
        assert (await posts())[0].id == one.id


class Elevenfold:
    """A line that delivers each press and form eleven times."""

    def __init__(self, app: Application) -> None:
        self._runtime: Any = app.runtime
        self.repeated = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._runtime, name)

    async def receive(self, event: Event) -> Answer:
        answer: Answer = await self._runtime.receive(event)
        for _ in range(10 if isinstance(event, Interaction) else 0):
            await self._runtime.receive(event)
            self.repeated += 1
        return answer


async def test_a_room_over_a_restart_with_eleven_deliveries_is_one_post(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()

    async def posts() -> list[Seen]:
        seen = [*await people.sees("ben", "general"), *await people.sees("ben", "general", week.id)]
        return list({s.id: s for s in seen if s.by_bot and not s.private and "Quiet room" in s.text}.values())

    async def post(words: str) -> Seen:
        async def look() -> Seen | None:
            found = await posts()
            assert len(found) <= 1, "one post"
            return next((one for one in found if words in one.text), None)

        return await eventually(look)

    async with whole_bot(stage, tmp_path, COURSE, clock, Role.LEARNER) as app:
        stage.bot = Elevenfold(app)  # type: ignore[assignment]
        await stage.restart()
        week = await shown(stage, "ben", "general", "Week 1")
        await people.command("mia", "dm", "room")
        await fill_in(stage, "mia", about="CANARY one", minutes="50")
        one = await post("Mia: CANARY one")
        assert one.text.count("CANARY one") == 1
        database = str(app.storage.engine.url)
    async with process(stage, database, clock) as app:
        stage.bot = line = Elevenfold(app)  # type: ignore[assignment]
        await stage.restart()
        assert (await post("Mia: CANARY one")).id == one.id
        await press(stage, "ben", "general", "I am here", week.id)
        await fill_in(stage, "ben", about="CANARY two")
        both = await post("Ben: CANARY two")
        assert both.id == one.id
        assert [both.text.count(words) for words in ("Mia: CANARY one", "CANARY two")] == [1, 1], "both are here"
        await press(stage, "ben", "dm", "Leave")
        await shown(stage, "ben", "dm", "You left Quiet room")
        await press(stage, "mia", "dm", "What I got done")
        await fill_in(stage, "mia", done="CANARY done", then="stay")
        said = await post("CANARY done")
        assert said.id == one.id, "the same post is edited"
        assert said.text.count("CANARY done") == 1
        assert said.text.count("CANARY one") == 1, "she goes on"
        assert "Ben" not in said.text
        await app.runtime.advance(clock.now() + timedelta(minutes=55))
        assert (await post("has closed")).id == one.id
        kept = await shown(stage, "mia", "dm", "stands in its post")
        assert [s.id for s in await people.sees("mia", "dm") if "Quiet room" in s.text] == [kept.id], "one message"
        assert len([s for s in await people.sees("ben", "dm") if "uiet room" in s.text]) == 1, "he left before the end"
        assert line.repeated == 50
