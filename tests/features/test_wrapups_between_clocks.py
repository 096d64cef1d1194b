"""Between the cohort's opening and one's own, a wrap-up is open in every view."""

from tests.features.test_wrapups import FRIDAY_BERLIN, roots
from tests.kit import World


async def test_once_the_channel_says_that_it_is_open_it_is_open_to_everybody(world: World) -> None:
    lola = await world.learner("lola", "Lola", "America/Los_Angeles")
    await world.until("2026-01-09T14:00:00Z")
    assert "No wrap-up is open just now" in (await lola.command("wrapup")).text
    await world.until(FRIDAY_BERLIN)
    assert "The wrap-up is open" in roots(lola)[0].text
    assert "Answer the week 1 wrap-up" in (await lola.command("")).text
    await lola.command("wrapup")
    assert lola.form is not None
    await lola.say("dm", "Finished the funnel sheet. Next: numbers")
    assert "week 1 wrap-up" in lola.last().text
    await lola.press(lola.last(), "My wrap-up, for the cohort")
    # Who has answered is not asked at their own hour.
    count = len(lola.inbox())
    await world.until("2026-01-10T03:00:00Z")
    assert len(lola.inbox()) == count


async def test_words_go_to_the_week_that_the_channel_says_is_open(world: World) -> None:
    lola = await world.learner("lola", "Lola", "America/Los_Angeles")
    await world.until("2026-01-16T15:10:00Z")
    await lola.say("dm", "Finished the funnel sheet. Next: numbers")
    offered = lola.last().text
    assert "week 2 wrap-up" in offered
    assert "marked late" not in offered
    await lola.press(lola.last(), "My wrap-up, for the cohort")
    assert "Saved as your week 2 answer" in lola.find("Saved as").text
