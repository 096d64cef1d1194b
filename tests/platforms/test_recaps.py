"""The instructor's recap on every platform: from the desk by form, refused at a field, and read by the cohort."""

from datetime import timedelta
from pathlib import Path

from tests.platforms.people import OpenForm, Stage
from tests.platforms.test_discussions import fill_in, monday, press, shown
from tests.platforms.test_private_talk import whole_bot
from tests.waiting import eventually

LINK = "https://example.org/week-1"
SCRIPT = "Hello all. Tea was the word of this week, and *Thursday* <!here> @everyone is for the draft."
SAID = f"{SCRIPT} So I said it."


async def test_a_recap_is_edited_refused_corrected_and_read(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()

    async def refused(words: str) -> OpenForm:
        async def told() -> bool:
            return words in await people.problems("ben")

        await eventually(told)
        return await people.reopen("ben")

    async with whole_bot(stage, tmp_path, clock=clock) as app:
        await app.runtime.advance(clock.now() + timedelta(days=4, hours=4, minutes=10))
        root = await shown(stage, "mia", "general", "the week together")
        # Her name is known to the bot once she has done something.
        await people.command("mia", "dm", "")
        await people.command("ben", "general", "desk")
        await press(stage, "ben", "general", "Read and edit")
        draft = await shown(stage, "ben", "general", "A draft from what happened this week")
        assert draft.private
        await press(stage, "ben", "general", "Edit")
        form = await fill_in(stage, "ben", script=SCRIPT)
        assert "week 1: One" in form.values["script"]
        await shown(stage, "ben", "general", "Edited by the course team")
        # Half a link, then no transcript, then somebody who has not agreed to be named.
        await press(stage, "ben", "general", "Add recording link")
        form = await fill_in(stage, "ben", url="example.org", script=SAID)
        assert form.values["script"] == SCRIPT
        again = await refused("a whole link")
        assert again.values["script"] == SAID
        await people.submit("ben", {"url": LINK, "script": " "})
        again = await refused("Please fill this in")
        assert again.values["url"] == LINK
        await people.submit("ben", {"script": "I think that Mia explained it best."})
        again = await refused("It names Mia")
        assert again.values["url"] == LINK
        await people.submit("ben", {"script": SAID})
        await shown(stage, "ben", "general", "Thank you. Your recap of week 1")
        # The cohort has it.
        await app.runtime.advance(clock.now() + timedelta(minutes=5))
        told = await shown(stage, "mia", "general", "The instructor's recap of week 1")
        assert told.id == root.id
        below = await shown(stage, "mia", "general", "So I said it.", root.id)
        assert below.calls == ()
        await press(stage, "mia", "general", "Read the recap")
        read = await shown(stage, "mia", "general", "So I said it.")
        assert read.private
        assert "<!here> @everyone" in read.text
        assert read.calls == ()
