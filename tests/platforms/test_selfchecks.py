"""A self-check on every platform: one's own try by form, then the answer in place, for oneself alone."""

from pathlib import Path

from tests.kit import COURSE
from tests.platforms.people import Stage
from tests.platforms.test_private_talk import in_private, others_see, whole_bot
from tests.waiting import eventually

QUESTION = "What is still there after you stop and remove the container, and what has to be built again? " * 3
CHECKED = COURSE.replace(
    "goal: Begin,", f'goal: Begin, self_check: [{{question: "{QUESTION.strip()}", answer: "Only *volumes* <!here>."}}],'
)


async def test_the_answer_follows_ones_own_try_and_nobody_else_sees_either(stage: Stage, tmp_path: Path) -> None:
    people = stage.people
    async with whole_bot(stage, tmp_path, CHECKED):
        await people.command("mia", "dm", "")
        await in_private(stage, "This week's card")
        await people.press("mia", "dm", "This week")
        await in_private(stage, "Check yourself: What is still there")
        await people.press("mia", "dm", "Try it")
        form = await eventually(lambda: people.form("mia"))
        assert form.title == "Check yourself"
        await people.submit("mia", {"try": "CANARY"})
        await in_private(stage, "What you wrote is not kept.")
        await people.press("mia", "dm", "Show the answer")
        await in_private(stage, "A good answer")
        card = await in_private(stage, "Did you have it?")
        assert not isinstance(card, bool)
        assert "<!here>" in card.text
        assert "volumes" in card.text
        await people.press("mia", "dm", "I had it")
        await in_private(stage, "Did you have it?", gone=True)
        await in_private(stage, "Well done.")
        seen = await others_see(stage)
        assert "CANARY" not in seen
        assert "volumes" not in seen
