"""An answer that is marked at once, on every platform: who asked reads of it at their next hour."""

from datetime import timedelta
from pathlib import Path

from bot.core.time import SystemClock, WoundClock
from tests.kit import COURSE
from tests.platforms.people import Stage
from tests.platforms.test_private_talk import in_private, whole_bot
from tests.waiting import eventually


async def test_an_answer_that_is_marked_at_once_reaches_whoever_asked(stage: Stage, tmp_path: Path) -> None:
    people = stage.people

    clock = WoundClock(base=SystemClock())
    async with whole_bot(stage, tmp_path, COURSE, clock) as app:
        await people.command("mia", "dm", "ask")
        await eventually(lambda: people.form("mia"))
        await people.submit("mia", {"text": "Which font may the page have?"})
        await in_private(stage, "Thank you.")
        await people.command("ben", "dm", "desk")
        await in_private(stage, "Which font may the page have?", who="ben")
        await people.press("ben", "dm", "Reply")
        await eventually(lambda: people.form("ben"))
        await people.submit("ben", {"text": "Any that a stranger can read."})
        await in_private(stage, "It goes to the thread", who="ben")
        await people.press("ben", "dm", "This answers it")
        await in_private(stage, "Marked", who="ben")
        await app.runtime.advance(clock.now() + timedelta(days=1))
        await in_private(stage, "Your question “Which font may the page have?” has an answer")
        await people.press("mia", "dm", "Look")
        await in_private(stage, "Any that a stranger can read.")
