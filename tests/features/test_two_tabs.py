"""A form that stands open twice, or that a platform sends twice, undoes and doubles nothing, as conversations."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.sandbox.driver import Seen, Speaker
from bot.core.forms import Form
from storage.tables.inbox import DraftRow
from tests.features.test_conflicts import LEAVE, Tabs
from tests.features.test_discussions import EVE, beginning, post, read
from tests.kit import COURSE, World, new_world

WITH_ALL = (
    COURSE
    + """\
milestones:
  - {id: draft, week: 1, title: The draft, opens: Mon 00:00, due: Sun 20:00}
discussions:
  - {id: bags, week: 1, title: Bags or leaves, question: "Are bags tea?", opens: Mon 09:00, closes: Sat 18:00 cohort,
     minutes: 20}
checkins:
  - {id: page, week: 1, title: The shared page, days: [Tue 09:00], minutes: 5, link: "https://docs.example.org/page"}
"""
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path, now=EVE, course=WITH_ALL)
    yield made
    made.app.storage.close()


async def opened(world: World, who: Speaker, where: Seen, label: str) -> Form:
    """The form in another tab, a minute later."""
    await world.wait(minutes=1)
    await who.press(where, label)
    assert who.form is not None
    return who.form


async def test_a_post_edited_in_one_tab_is_not_undone_by_another(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await post(mia)
    tabs, receipt = Tabs(world, mia), mia.find("Thank you, Mia")
    a = await opened(world, mia, receipt, "Edit")
    b = await opened(world, mia, receipt, "Edit")
    claim, evidence = a.fields[0].name, a.fields[1].name
    assert not (await tabs.send(a, **{claim: "Leaves are tea."})).problems
    refused = await tabs.send(b, **{evidence: "A tasting of 12 people."})
    assert refused.problems[""] == f"Newer: posted Mon 5 Jan, 09:32. {LEAVE}"
    assert refused.problems[claim] == "Now: Leaves are tea."
    await world.settle()
    assert "Leaves are tea." in mia.find("Thank you, Mia").text
    assert "12 people" not in mia.find("Thank you, Mia").text
    assert refused.form is not None
    assert not (await tabs.send(refused.form, **{claim: "Leaves are tea."})).problems
    await world.settle()
    assert "Leaves are tea." in mia.find("Thank you, Mia").text
    assert "12 people" in mia.find("Thank you, Mia").text


async def test_a_check_in_changed_in_one_tab_is_not_undone_by_another(world: World) -> None:
    (mia,) = await beginning(world, "Mia", until="2026-01-06T08:30:00Z")
    where = next(m for root in mia.sees("general") for m in mia.thread(root.id) if "The shared page" in m.text)
    await mia.press(where, "Check in")
    await mia.submit({"done": "An outline", "next": "The text"})
    tabs = Tabs(world, mia)
    a = await opened(world, mia, where, "Check in")
    b = await opened(world, mia, where, "Check in")
    await tabs.send(a, done="The first page")
    refused = await tabs.send(b, next="The pictures")
    assert refused.problems["done"] == "Now: The first page"
    assert "The pictures" not in str([m.text for m in mia.sees("general")])


async def test_feedback_changed_in_one_tab_is_not_undone_by_another(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    ines = world.chat.person("ines")
    await mia.command("submit")
    await mia.submit({"text": "My draft"})
    await ines.press(await ines.command("desk"), "Give feedback")
    given = await ines.submit({"text": "Good."})
    tabs = Tabs(world, ines)
    a = await opened(world, ines, given.message or given, "Edit")
    b = await opened(world, ines, given.message or given, "Edit")
    await tabs.send(a, text="Very good.")
    refused = await tabs.send(b, link="https://example.org/recording")
    assert refused.problems["text"] == "Now: Very good."


async def test_what_is_forgotten_is_in_no_form_that_stands_open(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await post(mia, f0="Bags are the best invention since the kettle.")
    receipt = mia.find("Thank you, Mia")
    await opened(world, mia, receipt, "Edit")
    await mia.press(await mia.press(receipt, "Take it back"), "Yes, take it back")
    assert not [row for row in world.rows(DraftRow) if "kettle" in f"{row.form} {row.values_json}"]


async def test_a_short_text_that_changes_leaves_the_forms_of_others_whole(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia, f1="no")
    form = await opened(world, ben, ben.find("Bags or leaves", "general"), "Post")
    await mia.press(mia.find("Thank you, Mia"), "Edit")
    assert mia.form is not None
    await mia.submit({mia.form.fields[1].name: "Nobody knows another way."})
    tabs = Tabs(world, ben)
    names = [field.name for field in form.fields]
    empty = await tabs.send(form, **{names[0]: "Bags are tea.", names[1]: "Nobody noticed."})
    assert empty.form is not None
    assert [f.label for f in empty.form.fields] == [f.label for f in form.fields]


async def test_a_reply_that_arrives_again_as_another_event_stands_once(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia)
    await post(ben)
    await ben.press(await read(ben), "Reply")
    tabs = Tabs(world, ben)
    form = tabs.form
    answers = [await tabs.send(form, text="Who tasted it?", delivery=f"again/{n}") for n in range(4)]
    assert all(answer.message == answers[0].message for answer in answers)
    await world.settle()
    assert (await read(ben)).text.count("Who tasted it?") == 1
    await tabs.send(form, text="And who did not?", delivery="another")
    assert (await read(ben)).text.count("Ben replied:") == 2


async def test_an_edit_that_arrives_again_does_not_undo_a_newer_one(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await post(mia)
    tabs, receipt = Tabs(world, mia), mia.find("Thank you, Mia")
    a = await opened(world, mia, receipt, "Edit")
    claim = a.fields[0].name
    await tabs.send(a, delivery="first", **{claim: "Leaves are tea."})
    b = await opened(world, mia, receipt, "Edit")
    await tabs.send(b, **{claim: "Both are tea."})
    await tabs.send(a, delivery="second", **{claim: "Leaves are tea."})
    await world.settle()
    assert "Both are tea." in mia.find("Thank you, Mia").text
