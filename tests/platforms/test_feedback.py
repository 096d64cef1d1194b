"""Feedback on every platform: from the desk by form, whole although it is long, and the learner's one reply."""

from datetime import timedelta
from pathlib import Path

from bot.core.time import SystemClock, WoundClock
from bot.features.feedback.views import LONGEST
from tests.kit import COURSE
from tests.platforms.people import Stage
from tests.platforms.test_private_talk import in_private, whole_bot
from tests.waiting import eventually

WORK = f"""\
{COURSE}
milestones:
  - {{id: draft, week: 1, title: The draft, due: Sun 23:59 aoe, late: accepted}}
"""
SAID = "Start with the *second* paragraph <!here> @everyone, it is the one that a stranger understands. "
LONG = (SAID * 40)[: LONGEST - 10] + " THE END."


async def test_long_feedback_is_given_read_and_replied_to_once(stage: Stage, tmp_path: Path) -> None:
    people = stage.people

    clock = WoundClock(base=SystemClock())
    async with whole_bot(stage, tmp_path, WORK, clock) as app:
        await people.command("mia", "dm", "submit")
        await eventually(lambda: people.form("mia"))
        await people.submit("mia", {"text": "A page about tea"})
        await in_private(stage, "Received")
        await people.command("ben", "dm", "desk")
        await in_private(stage, "Work that came in", who="ben")
        await people.press("ben", "dm", "Give feedback")
        form = await eventually(lambda: people.form("ben"))
        assert "Feedback for" in form.title
        await people.submit("ben", {"text": LONG})
        await in_private(stage, "gets it at their next hour", who="ben")
        await app.runtime.advance(clock.now() + timedelta(days=1))
        await in_private(stage, "gives you feedback on “The draft”:")
        await people.press("mia", "dm", "Read it with my work")
        await in_private(stage, "THE END.")
        await people.press("mia", "dm", "Reply")
        await eventually(lambda: people.form("mia"))
        await people.submit("mia", {"text": "CANARY"})
        await in_private(stage, "Your reply is sent.")
        await people.command("ben", "dm", "desk")
        await in_private(stage, "CANARY", who="ben")
        await people.press("ben", "dm", "Open")
        await in_private(stage, "A page about tea", who="ben")
        for place in ("general", "questions"):
            for seen in await people.sees("mia", place):
                assert "CANARY" not in seen.text
                assert "stranger" not in seen.text
