"""What was typed into a form and not sent is in it when its button is pressed again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Speaker
from bot.core.codec import load_form
from bot.core.forms import Form, TextField
from storage.stores.inbox import quotes
from storage.tables.inbox import DraftRow
from storage.tables.people import PersonRow
from tests.features.test_erasure import forget
from tests.features.test_milestones import planned_anew
from tests.features.test_reviews import BEST, FIRST, MONDAY, REVIEWED, cohort, review
from tests.kit import World, new_world

RUBRIC = '["What works best?", "What would you change first?"]'
LONG = "x" * 40_000


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=REVIEWED)
    yield made
    made.app.storage.close()


def in_form(speaker: Speaker) -> dict[str, str]:
    assert speaker.form is not None
    return {f.name: f.value for f in speaker.form.fields}


async def test_a_refused_review_that_was_closed_comes_back_by_its_button(world: World) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    piece = await review(mia)
    await mia.press(piece, "Write the review")
    assert (await mia.submit(point_4f5742ef=BEST)).errors
    await world.wait(minutes=1)
    await mia.press(piece, "Write the review")
    assert in_form(mia) == {"point_4f5742ef": BEST, "point_4fc858b7": ""}
    assert (await mia.submit(point_4f5742ef=f"{BEST}, and the last")).errors
    await world.wait(minutes=1)
    await mia.press(piece, "Write the review")
    assert in_form(mia)["point_4f5742ef"] == f"{BEST}, and the last", "the newest"
    assert not (await mia.submit(point_4fc858b7=FIRST)).errors


async def test_what_was_sent_does_not_come_back(world: World) -> None:
    (mia,) = await cohort(world, "Mia")
    await mia.command("ask")
    assert (await mia.submit(text=LONG)).errors
    await world.wait(minutes=1)
    await mia.command("ask")
    assert in_form(mia)["text"] == LONG
    assert not (await mia.submit(text="How long may it be?")).errors
    await world.wait(minutes=1)
    await mia.command("ask")
    assert in_form(mia)["text"] == ""


async def test_words_for_an_older_version_do_not_come_back(world: World) -> None:
    """They would replace what was stored since."""
    (mia,) = await cohort(world, "Mia")
    receipt = mia.find("Thank you, Mia")
    await mia.press(receipt, "Edit")
    assert (await mia.submit(text=LONG)).errors
    await world.wait(minutes=1)
    await mia.press(receipt, "Edit")
    assert in_form(mia)["text"] == LONG
    assert not (await mia.submit(text="Other words")).errors
    await world.wait(minutes=1)
    await mia.press(mia.find("Thank you, Mia"), "Edit")
    assert in_form(mia)["text"] == "Other words"


async def test_what_somebody_else_takes_back_leaves_the_words_of_others(world: World) -> None:
    """A short answer stands in what many people write."""
    mia, ben, _ana = await cohort(world, "Mia", "Ben", "Ana")
    await world.until(MONDAY)
    await ben.press(await review(ben), "Write the review")
    receipt = await ben.submit(point_4f5742ef="good", point_4fc858b7="first")
    await mia.press(piece := await review(mia), "Write the review")
    said = "It is good that the cup comes first."
    again = await mia.submit(point_4f5742ef=said)
    assert again.errors
    await ben.press(receipt, "Edit")
    assert not (await ben.submit(point_4f5742ef="Quite another thing", point_4fc858b7="The end")).errors
    again = await mia.submit(point_4f5742ef=said)
    assert again.form is not None
    assert [f.label for f in again.form.fields] == ["What works best?", "What would you change first?"]
    await mia.press(piece, "Write the review")
    assert in_form(mia)["point_4f5742ef"] == said


async def test_an_open_form_keeps_its_own_words_that_somebody_else_takes_back(world: World) -> None:
    mia, ben, _ana = await cohort(world, "Mia", "Ben", "Ana")
    await world.until(MONDAY)
    receipts = {}
    for person in (mia, ben):
        await person.press(await review(person), "Write the review")
        receipts[person.id] = await person.submit(point_4f5742ef="The cups", point_4fc858b7="Their handles")
    await mia.press(receipts["mia"], "Edit")

    def opened() -> list[str]:
        person = next(row.id for row in world.rows(PersonRow) if row.name == "Mia")
        forms = [load_form(row.form) for row in world.rows(DraftRow) if row.person == person]
        return [field.value for form in forms for field in form.fields]

    await ben.press(receipts["ben"], "Edit")
    assert not (await ben.submit(point_4f5742ef="The saucers", point_4fc858b7="Their rims")).errors
    assert opened() == ["The cups", "Their handles"], "hers are no copies of his"
    await mia.press(receipts["mia"], "Edit")
    assert not (await mia.submit(point_4f5742ef="The spoons", point_4fc858b7="Their handles")).errors
    assert opened() == ["", "Their handles"], "what she replaced is gone"


async def test_who_is_erased_leaves_the_words_of_others(world: World) -> None:
    mia, _ben, _may = await cohort(world, "Mia", "Ben", "May")
    await world.until(MONDAY)
    await mia.press(await review(mia), "Write the review")
    said = "In May the leaves are best."
    await mia.submit(point_4f5742ef=said)
    await forget(world, "May")
    await mia.press(await review(mia), "Write the review")
    assert in_form(mia)["point_4f5742ef"] == said


@pytest.mark.parametrize("asked", ["Is tea hot?", "How long does it take until the herons come back?"])
async def test_a_form_loses_what_it_quotes_and_nothing_else(world: World, asked: str) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    told = await mia.say("questions", asked)
    assert told.message is not None
    opened = world.app.storage.run_now(
        lambda u: u.inbox.open_draft(
            2,
            Form(
                "x",
                f"About “{asked}”",
                (TextField("own", "Is tea hot?"), TextField("put", "P", value=asked)),
                intro=asked,
            ),
            world.clock.now(),
        )
    )
    typed = {"own": f"I said: {asked} Yes.", "put": f"{asked} And cold?"}
    world.app.storage.run_now(lambda u: u.inbox.fill_draft(opened, typed, world.clock.now()))
    await mia.delete(told.message)
    left = world.app.storage.run_now(lambda u: u.inbox.draft(opened, 2))
    assert left is not None
    assert (left.form.title, left.form.intro, left.form.fields[1].value) == ("…", "…", "")
    assert left.form.fields[0].label == "Is tea hot?"
    assert left.values == {"own": typed["own"]}


@pytest.mark.parametrize(
    ("said", "text", "quoted"),
    [
        ("good", "good", True),
        ("Ben handed in “The draft”: good", "good", True),
        ("Ben handed in “The draft”: good\nYour draft is below.", "good", True),
        ("yours is added to it: “good”", "good", True),
        ("It is good that", "good", False),
        ("A longer text that goes on…", "A longer text that goes on for a while", True),
        ("A longer text that\n\ngoes on for a while, it says", "A longer text that goes on for a while", True),
        ("A longer text that goes elsewhere", "A longer text that goes on for a while", False),
        ("I wait… for you, and then it is c…", "I wait… for you, and then it is cut off", True),
    ],
)
def test_what_quotes_a_text(said: str, text: str, quoted: bool) -> None:
    assert quotes(said, text) is quoted


async def test_each_word_stays_at_its_question_when_the_rubric_changes_under_an_open_form(world: World) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await mia.press(await review(mia), "Write the review")
    other = '["What is new?", "What would you change first?", "What works best?"]'
    planned_anew(world, REVIEWED.replace(RUBRIC, other).replace("reviews: 2\n", "reviews: 2\n    points: 10\n"))
    again = await mia.submit(point_4f5742ef=BEST, point_4fc858b7=FIRST)
    assert "The questions were changed meanwhile" in again.errors[""]
    assert again.form is not None
    assert [(f.label, f.value) for f in again.form.fields] == [
        ("What is new?", ""),
        ("What would you change first?", FIRST),
        ("What works best?", BEST),
        ("Points, from 0 to 10", ""),
    ]
    done = await mia.submit(values={again.form.fields[0].name: "The pot"}, points="7")
    assert not done.errors
    assert done.text.index("The pot") < done.text.index(FIRST) < done.text.index(BEST)


async def test_questions_in_another_order_take_each_word_to_its_own(world: World) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await mia.press(await review(mia), "Write the review")
    planned_anew(world, REVIEWED.replace(RUBRIC, '["What would you change first?", "What works best?"]'))
    done = await mia.submit(point_4f5742ef=BEST, point_4fc858b7=FIRST)
    assert not done.errors
    assert done.text.index("What would you change first?") < done.text.index(FIRST) < done.text.index(BEST)


async def test_a_form_that_was_closed_comes_back_with_the_questions_of_now(world: World) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await mia.press(piece := await review(mia), "Write the review")
    assert (await mia.submit(point_4f5742ef=BEST)).errors
    planned_anew(world, REVIEWED.replace(RUBRIC, '["What is new?", "What works best?"]'))
    await world.wait(minutes=1)
    await mia.press(piece, "Write the review")
    assert mia.form is not None
    assert [(f.label, f.value) for f in mia.form.fields] == [("What is new?", ""), ("What works best?", BEST)]


@pytest.fixture
def corrected() -> str:
    return REVIEWED.replace('"What works best?"', '"What works best"')


async def test_an_answer_whose_question_is_corrected_stands_in_the_form_to_be_copied(
    world: World, corrected: str
) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await mia.press(piece := await review(mia), "Write the review")
    planned_anew(world, corrected)
    again = await mia.submit(point_4f5742ef=BEST, point_4fc858b7=FIRST)
    assert "The questions were changed meanwhile" in again.errors[""]

    def shown(form: Form | None) -> list[tuple[str, str, bool]]:
        assert form is not None
        return [(f.label, f.value, f.required) for f in form.fields]

    now = [
        ("What works best", "", True),
        ("What would you change first?", FIRST, True),
        ("What works best?", BEST, False),
    ]
    assert shown(again.form) == now
    await world.wait(minutes=1)
    await mia.press(piece, "Write the review")
    assert shown(mia.form) == now, "also if it was closed"
    assert mia.form is not None
    done = await mia.submit(values={mia.form.fields[0].name: f"{BEST} indeed"})
    assert not done.errors
    assert done.text.count(BEST) == 1, "the copy is not sent"
    await mia.press(done, "Edit")
    assert mia.form is not None
    assert len(mia.form.fields) == 2


async def test_an_answer_is_back_at_its_question_if_that_is_asked_again(world: World, corrected: str) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await mia.press(await review(mia), "Write the review")
    planned_anew(world, corrected)
    assert (await mia.submit(point_4f5742ef=BEST, point_4fc858b7=FIRST)).errors
    assert mia.form is not None
    planned_anew(world, REVIEWED)
    again = await mia.submit(values={mia.form.fields[0].name: "The spout"})
    assert again.form is not None
    assert [(f.label, f.value) for f in again.form.fields] == [
        ("What works best?", BEST),
        ("What would you change first?", FIRST),
        ("What works best", "The spout"),
    ]
    assert not (await mia.submit()).errors


async def test_a_form_that_was_closed_shows_what_was_typed_for_a_question_that_is_gone(
    world: World, corrected: str
) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await mia.press(piece := await review(mia), "Write the review")
    assert (await mia.submit(point_4f5742ef=BEST)).errors
    planned_anew(world, corrected)
    await world.wait(minutes=1)
    await mia.press(piece, "Write the review")
    assert mia.form is not None
    assert [(f.label, f.value) for f in mia.form.fields][2:] == [("What works best?", BEST)]
