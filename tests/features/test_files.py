"""Work that is handed in as a file, as conversations."""

import pytest

from adapters.sandbox.driver import Result, Speaker
from bot.core.forms import Upload
from bot.core.message import Attachment
from storage.tables.files import FileRow
from tests.features.test_milestones import WITH_WORK
from tests.kit import World, new_world

PDF = Upload("Größe/plan.pdf", b"%PDF-1.7 \x00\xff")


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return new_world(tmp_path_factory.mktemp("world"), course=WITH_WORK)


def attached(world: World, shown: Result | Speaker) -> list[bytes]:
    """What the files of a private answer, or of the newest direct message, hold."""
    platform = world.chat.sandbox.platform
    seen = shown.reply if isinstance(shown, Result) else shown.find("Thank you, Mia")
    assert seen is not None
    found = platform.post(seen.id).message
    assert found is not None
    return [platform.attachment(b.file) for b in found.blocks if isinstance(b, Attachment)]


async def hand_in(mia: Speaker, file: Upload | None, **values: str) -> Result:
    await mia.command("submit")
    return await mia.submit(milestone="draft", files={"file": file} if file else {}, **values)


async def test_a_file_is_handed_in_and_the_course_team_can_save_it(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    assert "is in" in (await hand_in(mia, PDF)).text
    assert attached(world, mia) == [PDF.data]
    receipt = mia.find("Thank you, Mia").text
    assert "[File: Größe/plan.pdf]" in receipt
    assert "> the file Größe/plan.pdf" in receipt
    page = await ines.command("week", "milestones")
    page = await ines.press(page, "The first draft")
    came = await ines.press(page, "What came in")
    assert attached(world, came) == [PDF.data]


async def test_a_file_stays_when_the_rest_is_edited_and_goes_when_it_is_taken_back(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await hand_in(mia, PDF)
    await mia.press(mia.find("Thank you, Mia"), "Edit")
    await mia.submit(text="With a word about it", file="999:somebody-elses.pdf")
    assert attached(world, mia) == [PDF.data]
    assert "With a word about it" in mia.find("Thank you, Mia").text
    desk = (await world.chat.person("ines").command("desk")).text
    assert "Mia, “The first draft”, with the file Größe/plan.pdf" in desk
    await mia.press(mia.find("Thank you, Mia"), "Edit")
    await mia.submit(files={"file": Upload("second.pdf", b"2")})
    assert attached(world, mia) == [b"2"]
    sure = await mia.press(mia.find("Thank you, Mia"), "Take it back")
    await mia.press(sure, "Take it back")
    assert world.rows(FileRow) == []


async def test_a_file_that_is_too_large_is_refused_at_its_field_and_nothing_typed_is_lost(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    refused = await hand_in(mia, Upload("film.mp4", b"x" * 8_000_001), text="My text")
    assert "larger than 8 MB" in refused.errors["file"]
    assert mia.form is not None
    assert {f.name: f.value for f in mia.form.fields}["text"] == "My text"
    assert "is in" in (await mia.submit()).text


async def test_nothing_at_all_is_no_work(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    assert "send a file" in (await hand_in(mia, None)).errors["link"]


async def test_a_file_that_comes_with_the_command_is_handed_in(world: World) -> None:
    """Once several things wait the form asks which, and has the file."""
    mia = await world.learner("mia", "Mia")
    await mia.command("submit", "My draft", files={"file": PDF})
    assert mia.form is not None
    shown = {f.name: f.value for f in mia.form.fields}
    assert (shown["text"], shown["file"].partition(":")[2]) == ("My draft", PDF.name)
    assert f"{PDF.name} is attached. Choose what you hand in with it." in mia.form.intro
    assert "is in" in (await mia.submit(milestone="draft")).text
    assert attached(world, mia) == [PDF.data]


async def test_a_file_goes_nowhere_unasked_while_several_milestones_can_be_meant(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    while True:
        await mia.command("submit")
        assert mia.form is not None
        several = any(f.name == "milestone" for f in mia.form.fields)
        if not several:
            break
        await mia.submit(text="Words")
    # What is in already can be meant, too.
    await mia.command("submit", files={"file": PDF})
    assert mia.form is not None
    last = next(f.options[0].value for f in mia.form.fields if f.name == "milestone")
    assert "it replaces what you handed in." in mia.form.intro
    assert "is in" in (await mia.submit(milestone=last)).text
    # Nothing waits any more: the form asks again, with the new file in it.
    await mia.command("submit", files={"file": Upload("second.pdf", b"2")})
    assert mia.form is not None
    assert mia.form.intro.startswith("second.pdf is attached.")
    assert f"it replaces {PDF.name}." in mia.form.intro
    assert mia.form.fields[0].value == last, "the newest comes first"
    await mia.submit(milestone=last)
    assert attached(world, mia)[-1:] == [b"2"]


async def test_what_is_typed_names_no_file(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await hand_in(mia, PDF)
    await leo.command("submit", "file=1:plan.pdf", values={"file": "1:plan.pdf"})
    assert leo.form is not None
    assert {f.name: f.value for f in leo.form.fields}["file"] == ""


async def test_a_file_of_somebody_who_hands_in_nothing_is_not_kept(world: World) -> None:
    ines = world.chat.person("ines")
    await ines.command("submit", files={"file": PDF})
    assert world.rows(FileRow) == []
    mia = await world.learner("mia", "Mia")
    refused = await mia.command("submit", files={"file": Upload("film.mp4", b"x" * 8_000_001)})
    assert "larger than 8 MB" in refused.text
    assert world.rows(FileRow) == []


async def test_a_file_that_came_with_something_unfinished_is_kept_for_thirty_days(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await hand_in(mia, PDF)
    await leo.command("submit", files={"file": Upload("forgotten.pdf", b"1")})
    await leo.command("submit", files={"file": Upload("later.pdf", b"2")})
    await world.wait(days=5)
    await leo.submit(milestone="draft", link="no link")

    async def kept() -> set[str]:
        await world.app.runtime._clean_up()
        return {row.name for row in world.rows(FileRow)}

    assert await kept() == {PDF.name, "forgotten.pdf", "later.pdf"}
    await world.wait(days=24, hours=23)
    assert await kept() == {PDF.name, "forgotten.pdf", "later.pdf"}
    await world.wait(hours=2)
    assert await kept() == {PDF.name}
    assert attached(world, mia) == [PDF.data]


async def test_a_form_that_is_still_being_filled_in_keeps_its_file(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("submit", files={"file": PDF})
    for _ in range(7):
        await world.wait(days=5)
        assert (await mia.submit(milestone="draft", link="no link")).errors
        await world.app.runtime._clean_up()
    assert [row.name for row in world.rows(FileRow)] == [PDF.name]
    await world.wait(days=8)
    await world.app.runtime._clean_up()
    assert world.rows(FileRow) == []


async def test_the_receipt_and_the_desk_name_all_that_was_handed_in(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await hand_in(mia, PDF, link="https://example.org/page", text="Page 2 is new.")
    await world.settle()
    desk = (await ines.command("desk")).text
    for words in ("https://example.org/page", "Page 2 is new.", PDF.name):
        assert words in mia.last().text
        assert words in desk
