"""'Change it': every answer of a session is edited by form, and goes through the same gate."""

from pathlib import Path

import pytest

from adapters.sandbox.driver import Speaker
from bot.course.keys import LIVE
from bot.features.live.changing_views import WORDS
from tests.features.test_live import HEAD, MONDAY, SUNDAY, course, tasting
from tests.features.test_revisions import upload
from tests.kit import World, new_world

CUP = "milestones:\n  - {id: cup, week: 1, title: Cup, minutes: 40}\n"


def made(tmp_path: Path, **answers: str) -> World:
    text = course(tasting(**answers))
    return new_world(tmp_path, now=SUNDAY, course=text.replace("live:\n", f"{CUP}live:\n"))


async def changed(ines: Speaker, **values: str) -> str:
    """Opens the session's form and uses what it makes. Returns the preview's text, or what the form refuses."""
    page = await ines.command("live", place="general")
    await ines.press(await ines.press(page, "Week 1: Tasting"), "Change it")
    preview = await ines.submit(values)
    if preview.errors:
        return " ".join(preview.errors.values())
    await ines.press(preview, "Use it")
    return preview.text


async def test_the_form_has_every_answer_as_it_stands(tmp_path: Path) -> None:
    world = made(tmp_path)
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    page = await ines.command("live", place="general")
    await ines.press(await ines.press(page, "Week 1: Tasting"), "Change it")
    assert ines.form is not None
    shown = {field.name: getattr(field, "value", "") for field in ines.form.fields}
    assert shown["pays"] == "Read it: 20\nWatch it: 10"
    assert shown["metric"] == "50, 70"
    assert shown["alternative"] == "recording"
    hints = {field.name: field.hint for field in ines.form.fields}
    assert "These would do: " in hints["slots"]
    assert "outside waking hours" in hints["slots"]
    assert "recording, feedback, cup" in hints["alternative"]
    assert "_" not in " ".join([*hints.values(), *(field.label for field in ines.form.fields)]), "no key of the file"


def test_each_answer_of_a_session_has_words() -> None:
    assert set(WORDS) == {key.name for key in LIVE.keys}


@pytest.mark.parametrize(
    ("held", "mend"),
    [
        ({"pays": "[{item: Read it, minutes: 10}]"}, {"pays": "Read it: 10\nWatch it = 20 min"}),
        ({"pays": "[{item: Read it, minutes: 10}]"}, {"pays": "cup 30"}),
        ({"alternative": "none"}, {"alternative": "cup"}),
        ({"alternative": "{item: gone}"}, {"alternative": "recording"}),
        ({"trial": "yes", "recorded": "no", "metric": "many"}, {"recorded": "yes", "metric": "60 % 80 %"}),
    ],
)
async def test_what_holds_a_session_is_mended_by_form(
    tmp_path: Path, held: dict[str, str], mend: dict[str, str]
) -> None:
    world = made(tmp_path, **held)
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    assert "Tasting" not in mia.find("Week 1: ").text
    await changed(ines, **mend)
    assert "Live, if you like: “Tasting”" in mia.find("Week 1: ").text


@pytest.mark.parametrize(
    ("values", "question"),
    [
        ({"pays": ""}, "Question 5"),
        ({"pays": "Read it: 20"}, "20 of its 30 min are paid"),
        ({"alternative": "none"}, "Question 3"),
        ({"recorded": "no"}, "Question 4"),
        ({"optional": "no"}, "Question 2"),
        ({"minutes": "180"}, "60 are the most"),
        ({"slots": "Wed 03:00\nWed 20:00"}, "outside 08:00-22:00 for everybody"),
    ],
)
async def test_an_announced_one_that_fails_after_the_form_is_taken_back(
    tmp_path: Path, values: dict[str, str], question: str
) -> None:
    """The preview says so first, and what has its minutes again."""
    world = made(tmp_path)
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    assert "Live, if you like: “Tasting”" in mia.find("Week 1: ").text
    preview = await changed(ines, **values)
    assert "“Tasting” would be held: it is on no card and in no calendar yet." in preview
    assert "Week 1: “Read it” has its 20 min again" in preview
    assert not any(key in preview for key in ("Write `", "`pays")), "who fills in a form reads no keys of the file"
    assert "Live, if you like" not in mia.find("Week 1: ").text
    assert question in (await ines.command("desk", place="general")).text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"pays": "Nothing at all"}, "all is not a whole number of minutes. Such as: Read it: 20"),
        ({"metric": "many"}, "Such as: 50, 70"),
        ({"metric": "50, 170"}, "170 is outside 1 to 100"),
    ],
)
async def test_what_nobody_can_count_is_said_at_its_field(tmp_path: Path, values: dict[str, str], said: str) -> None:
    world = made(tmp_path)
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    assert said in await changed(ines, **values)


async def test_the_preview_says_what_the_clock_holds(tmp_path: Path) -> None:
    """`check` knows no clock, and finds nothing."""
    world = new_world(tmp_path, now=SUNDAY, course=HEAD)
    await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    shown = await upload(world, course(tasting(slots="[Mon 09:00, Wed 20:00]")))
    held = "“Tasting” would be held: it is on no card and in no calendar yet."
    assert f"{held} “Mon 09:00” has passed. Choose another time for it, or leave it out." in shown.text.replace("*", "")
    await ines.press(shown, "Use it")
    assert "“Mon 09:00” has passed." in (await ines.command("desk", place="general")).text
    world.app.storage.close()


async def test_the_preview_says_once_why_a_new_one_would_be_held(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=HEAD)
    await world.learner("mia", "Mia")
    shown = (await upload(world, course(tasting(pays="[{item: Read it, minutes: 10}]")))).text
    assert "“Tasting” would be held" in shown
    assert shown.count("10 of its 30 min are paid.") == 1
    world.app.storage.close()
