"""A wrap-up that is written in the thread where its post stands, in a week with two prompts, on every platform."""

from datetime import timedelta
from pathlib import Path

from bot.core.people import Role
from tests.kit import COURSE
from tests.platforms.people import Seen, Stage
from tests.platforms.test_discussions import monday, shown
from tests.platforms.test_private_talk import whole_bot
from tests.waiting import eventually

INTRO = (
    "  - {id: start, week: 1, title: Before we begin, opens: Mon 11:00, closes: Wed 23:59,\n"
    "     questions: [{id: hope, kind: text, audience: cohort, text: 'What do you hope for?'}]}\n"
)


async def thread_of(stage: Stage, words: str) -> str:
    """The root of the thread in which a post of the bot stands."""

    async def look() -> str | None:
        roots: list[Seen] = await stage.people.sees("mia", "general")
        for root in (one for one in roots if one.by_bot):
            below = await stage.people.sees("mia", "general", root.id)
            if any(one.by_bot and words in one.text for one in below):
                return root.id
        return None

    return await eventually(look)


async def test_a_wrap_up_in_another_post_s_thread_is_taken(stage: Stage, tmp_path: Path) -> None:
    clock = monday()
    async with whole_bot(stage, tmp_path, COURSE + INTRO, clock, Role.LEARNER) as app:
        await shown(stage, "mia", "general", "Before we begin")
        await app.runtime.advance(clock.now() + timedelta(days=4, hours=4, minutes=10))
        thread = await thread_of(stage, "the week together")
        await stage.people.say("mia", "general", "Finished the offer. It showed me who buys.", thread)
        assert "Finished the offer" in (await shown(stage, "mia", "dm", "Wrap-up received")).text
