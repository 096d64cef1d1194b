"""A post that is written in a discussion's thread, on every platform."""

from datetime import timedelta
from pathlib import Path

from bot.core.people import Role
from tests.platforms.people import Stage
from tests.platforms.test_discussions import TALK, fill_in, monday, press, shown
from tests.platforms.test_private_talk import whole_bot

POST = "Claim: bags are tea. Evidence: a blind tasting of 40 people. Question: who can taste it?"


async def test_their_next_card_asks_whether_it_is_their_post(stage: Stage, tmp_path: Path) -> None:
    clock = monday()
    async with whole_bot(stage, tmp_path, TALK, clock, Role.LEARNER) as app:
        root = await shown(stage, "mia", "general", "Are bags")
        await stage.people.say("mia", "general", POST, root.id)
        await app.runtime.settle()
        await app.runtime.advance(clock.now() + timedelta(days=4, hours=4, minutes=10))
        await shown(stage, "mia", "dm", "Shall this be your post")
        await press(stage, "mia", "dm", "Yes, look it over")
        form = await fill_in(stage, "mia")
        assert [*form.values.values()][:3] == ["bags are tea.", "a blind tasting of 40 people.", "who can taste it?"]
        assert "bags are tea." in (await shown(stage, "mia", "dm", "Thank you, Mia.")).text
