"""Words in a discussion's thread: their author is asked once, unseen by others, whether they are their post."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from adapters.sandbox.driver import Seen, Speaker
from storage.tables.discussions import DiscussionPostRow, DiscussionTalkRow
from tests.features.test_discussion_rounds import with_rounds
from tests.features.test_discussions import CLAIM, CLOSED, EVE, TALK, beginning, post, root
from tests.kit import World, new_world

POST = "Claim: bags are tea. Evidence: a blind tasting of 40 people. Question: who can taste it?"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=EVE, course=TALK)
    yield made
    made.app.storage.close()


def asked(speaker: Speaker) -> list[Seen]:
    """What asks them in the thread, unseen by others."""
    return [m for m in speaker.thread(root(speaker).id) if "Shall this be your post" in m.text]


async def test_a_post_written_in_the_thread_becomes_one_by_a_press(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await mia.say("general", POST, thread=root(mia).id)
    assert asked(ben) == []
    assert world.rows(DiscussionPostRow) == []
    await mia.press(asked(mia)[0], "Yes, look it over")
    form = mia.form
    assert form is not None
    assert [f.value for f in form.fields][:3] == ["bags are tea.", "a blind tasting of 40 people.", "who can taste it?"]
    await mia.submit()
    assert "Thank you, Mia" in mia.inbox()[-1]
    assert len(world.rows(DiscussionPostRow)) == 1
    assert [row.words for row in world.rows(DiscussionTalkRow)] == [""]
    # What they write there now is talk, and nothing asks about it.
    await mia.say("general", "Ben, what would you say about loose leaves then", thread=root(mia).id)
    assert len(asked(mia)) == 1
    await world.until(CLOSED)
    assert "1 of 2 posted" in root(ben).text


async def test_not_pressed_it_is_on_the_next_card_and_once(world: World) -> None:
    mia, *__ = await beginning(world, "Mia")
    said = await mia.say("general", "I think that bags are as good as leaves", thread=root(mia).id)
    await mia.say("general", "and nobody could ever show me the opposite", thread=root(mia).id)
    assert len(asked(mia)) == 1
    # An edit is followed.
    await mia.edit(said.message or 0, "I think that bags are as good as any leaves")
    await world.until("2026-01-09T15:10:00Z")
    card = mia.find("Shall this be your post")
    await mia.press(card, "Yes, look it over")
    assert mia.form is not None
    assert mia.form.fields[0].value == "I think that bags are as good as any leaves"
    await mia.submit(**{f.name: words for f, words in zip(mia.form.fields, ("A", "B", "C"), strict=False)})
    assert "You have posted in Bags or leaves" in "\n".join(mia.inbox())
    assert "Shall this be" not in "\n".join(mia.inbox())


async def test_no_is_heard_and_what_is_deleted_is_gone(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await mia.say("general", "I think that bags are as good as leaves", thread=root(mia).id)
    assert "stays in the thread" in (await mia.press(asked(mia)[0], "No")).text
    said = await ben.say("general", POST, thread=root(ben).id)
    await ben.delete(said.message or 0)
    await world.until("2026-01-09T15:10:00Z")
    assert "Shall this be" not in "\n".join([*mia.inbox(), *ben.inbox()])
    assert not [row for row in world.rows(DiscussionTalkRow) if row.words]


async def test_talk_is_left_alone(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    ines = world.chat.person("ines")
    await post(ben, **CLAIM)
    for words in ("Thanks for this!", "so true", "Does anybody else see the form there?"):
        await mia.say("general", words, thread=root(mia).id)
    await ben.say("general", "I would like to hear what the others have seen", thread=root(ben).id)
    await ines.say("general", POST, thread=root(ines).id)
    assert [asked(speaker) for speaker in (mia, ben, ines)] == [[], [], []]
    # After the close only what is written as a post is asked about: a late one is welcome.
    await world.until(CLOSED)
    await mia.say("general", "what a good week this was for all of us", thread=root(mia).id)
    assert asked(mia) == []
    await mia.say("general", POST, thread=root(mia).id)
    assert len(asked(mia)) == 1


async def test_the_reaction_brings_the_question_to_its_author_alone(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    said = await mia.say("general", POST, thread=root(mia).id)
    assert said.message is not None
    await ben.react(said.message, "📝")
    assert "Shall this be" not in "\n".join([*mia.inbox(), *ben.inbox()])
    await mia.react(said.message, "📝")
    await mia.press(mia.find("Shall this be your post"), "Yes, look it over")
    await mia.submit()
    assert "You have posted in Bags or leaves" in "\n".join(mia.inbox())


async def test_a_late_post_belongs_to_the_round_whose_labels_it_has(tmp_path: Path) -> None:
    sides = '{opens: "Mon 09:00", closes: Wed 18:00 cohort, fields: [One side, The other side]}'
    after = '{opens: "Thu 09:00", closes: Sat 18:00 cohort, fields: [What changed]}'
    world = new_world(tmp_path, now=EVE, course=with_rounds(sides, after))
    [mia] = await beginning(world, "Mia")
    await world.until("2026-01-08T08:30:00Z")
    late = "One side: bags are quick. The other side: leaves are better."
    await mia.say("general", late, thread=root(mia).id)
    assert "your post in Bags or leaves, round 1?" in asked(mia)[0].text
    await mia.press(asked(mia)[0], "Yes, look it over")
    assert mia.form is not None
    assert [f.value for f in mia.form.fields][:2] == ["bags are quick.", "leaves are better."]
    await mia.submit()
    # What has no labels is about the round that is open.
    await mia.say("general", "I think now that leaves are worth the time", thread=root(mia).id)
    assert "your post in Bags or leaves, round 2?" in asked(mia)[-1].text
    world.app.storage.close()
