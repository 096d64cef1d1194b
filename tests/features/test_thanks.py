"""Thanks, as conversations."""

from tests.kit import World


async def test_thanks_are_heard_in_private_with_the_next_message(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    said = await leo.say("general", "Here is how I did it.")
    assert said.message is not None
    before = len(leo.inbox())
    assert "Leo hears it from me" in (await mia.choose(said.message, "Thank")).text
    assert len(leo.inbox()) == before  # not a message of its own at once
    await world.until("2026-01-09T15:00:00Z")
    assert any("Thanks from Mia for what you wrote" in text for text in leo.inbox())
    assert not any("Thanks from" in s.text for s in mia.sees("general"))


async def test_thanks_are_few_and_not_for_oneself(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    own = await mia.say("general", "Look at this.")
    assert own.message is not None
    assert "your own message" in (await mia.choose(own.message, "Thank")).text
    for n in range(5):
        said = await leo.say("general", f"Tip {n}")
        assert said.message is not None
        assert "Leo hears it" in (await mia.choose(said.message, "Thank")).text
        assert "Leo hears it" in (await mia.choose(said.message, "Thank")).text  # a second press counts once
    said = await leo.say("general", "Tip 6")
    assert said.message is not None
    assert "5 times in seven days" in (await mia.choose(said.message, "Thank")).text


async def test_a_stranger_gets_a_kind_word(world: World) -> None:
    eve = world.chat.person("eve", "Eve")
    mia = await world.learner("mia", "Mia")
    said = await mia.say("general", "Hello")
    assert said.message is not None
    assert "members of the cohort" in (await eve.choose(said.message, "Thank")).text
