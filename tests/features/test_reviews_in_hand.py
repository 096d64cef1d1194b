"""The course changes while somebody has a piece in hand, as conversations. The first Monday is 5 January 2026."""

from pathlib import Path

from tests.features.test_reviews import MONDAY, REVIEWED, cohort, review
from tests.features.test_revisions import ines, upload
from tests.kit import new_world

WITHOUT = REVIEWED[: REVIEWED.index("reviews:\n")]
OTHERWISE = REVIEWED.replace("What works best?", "What works?")


async def test_a_preview_says_who_has_a_piece_that_the_change_takes_away(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=REVIEWED)
    mia, ben, cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await review(mia)
    await review(ben)
    preview = (await upload(world, WITHOUT)).reply
    assert preview is not None
    told = "2 learners have a piece for “Look at two drafts” in hand: it goes back, and they are told."
    assert told in preview.text
    assert "nobody is told" not in preview.text
    await ines(world).press(preview, "Use it")
    await world.wait(days=1)
    for learner in (mia, ben):
        assert any(
            "The piece that you had for “Look at two drafts” is not there any more" in t for t in learner.inbox()
        )
    assert not any("The piece that you had" in text for text in cem.inbox())
    world.app.storage.close()


async def test_a_preview_says_who_finds_other_questions_in_the_form_that_they_have(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=REVIEWED)
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    piece = await review(mia)
    preview = (await upload(world, OTHERWISE)).reply
    assert preview is not None
    finds = "1 learner has a piece for “Look at two drafts” in hand, and finds the new questions in its form."
    assert finds in preview.text
    assert "it goes back" not in preview.text
    await ines(world).press(preview, "Use it")
    await mia.press(piece, "Write the review")
    assert mia.form is not None
    assert "What works?" in [field.label for field in mia.form.fields]
    world.app.storage.close()
