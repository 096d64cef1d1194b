"""A self-check that learners tried goes by an edit or a new version of the course, as conversations."""

from pathlib import Path

import pytest

from tests.features.test_revisions import ines, upload
from tests.features.test_selfchecks import CHECKS, beginning, checks, try_it
from tests.kit import COURSE, new_world

WHAT = "What is still there after you remove the container?"
SEES = "Where they see it, it says that it was taken out. In other words, it is a new one."


@pytest.mark.parametrize(
    ("names", "tried"),
    [
        (("Mia", "Ben"), "somebody has tried it."),
        (("Mia", "Ben", "Cem", "Dua", "Eve"), "5 learners have tried it."),
    ],
)
async def test_a_preview_says_that_learners_have_tried_what_goes(
    tmp_path: Path, names: tuple[str, ...], tried: str
) -> None:
    world = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=CHECKS)
    learners = await beginning(world, *names, "Zoe")
    for one in learners[:-1]:
        await try_it(one)
    for text in (COURSE, CHECKS.replace(WHAT, "What stays after you remove the container?")):
        preview = (await upload(world, text)).reply
        assert preview is not None
        assert f"The self-check “{WHAT}” goes, and {tried} {SEES}" in preview.text
        assert "Who starts it" not in preview.text, "nobody has tried that one"
        assert "Mia" not in preview.text
    await ines(world).press(preview, "Use it")
    await world.settle()
    assert "This question was taken out of the course." in learners[0].find("Check yourself\n").text
    await try_it(learners[0])
    assert checks(learners[0])[-1].startswith("Check yourself\nWhat stays after you remove the container?")
    world.app.storage.close()


async def test_a_preview_is_silent_where_another_week_or_answer_keeps_the_question(tmp_path: Path) -> None:
    world = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=CHECKS)
    (mia,) = await beginning(world, "Mia")
    await try_it(mia)
    shown = await upload(world, CHECKS.replace("Only what lies in a volume.", "What lies in a volume."))
    assert "tried it" not in shown.text
    world.app.storage.close()
