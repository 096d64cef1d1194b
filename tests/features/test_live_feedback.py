"""Feedback in private in place of a sensitive session, as a conversation: whoever got it has taken part."""

from pathlib import Path

from tests.features.test_live import SUNDAY, course, everything, tasting
from tests.features.test_live_attendance import OVER
from tests.features.test_live_verdict import JUDGED, figures, learners
from tests.kit import World, new_world

SENSITIVE = {"kind": "sensitive", "recorded": "no", "alternative": "feedback", "reflection": ""}


async def test_who_gets_feedback_in_private_has_taken_part(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(**SENSITIVE)))
    people, ines = await learners(world, 6), world.chat.person("ines")
    mia, ben = people[0], people[1]
    await world.until(OVER)
    post = mia.find("Live, if you like", "general")
    assert "Written or recorded feedback, in private, counts in full instead." in post.text
    await mia.press(post, "Feedback in private")
    assert "What would you like feedback on?" in [f.label for f in mia.form.fields] if mia.form else False
    assert "you hear from them in private" in (await mia.submit(about="How I tell somebody no")).text
    assert "feedback in private counts in full instead" in (await ben.command("")).text
    assert figures(world)["reflected"] == 0, "it counts once it is there"
    desk = await ines.command("desk", place="general")
    assert "How I tell somebody no" in desk.text
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Give feedback")))
    await ines.submit(text="Say it in the first sentence.")
    assert figures(world)["reflected"] == 1
    await world.until(JUDGED)
    assert any("Say it in the first sentence." in text for text in mia.inbox())
    found = figures(world)
    assert (found["base"], found["attended"], found["reflected"], found["neither"]) == (6, 0, 1, 5)
    assert "How I tell somebody no" not in everything(ben)
    world.app.storage.close()


async def test_feedback_that_is_taken_back_does_not_count(tmp_path: Path) -> None:
    world: World = new_world(tmp_path, now=SUNDAY, course=course(tasting(**SENSITIVE)))
    mia, ines = (await learners(world, 6))[0], world.chat.person("ines")
    await world.until(OVER)
    await mia.press(mia.find("Live, if you like", "general"), "Feedback in private")
    await mia.submit(about="How I tell somebody no")
    desk = await ines.command("desk", place="general")
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Give feedback")))
    given = await ines.submit(text="Say it in the first sentence.")
    await ines.press(given, "Take it back")
    assert figures(world)["reflected"] == 0
    world.app.storage.close()
