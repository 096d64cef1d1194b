"""Thanks, as conversations."""

import pytest

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


@pytest.mark.parametrize(
    "words",
    [
        "Thanks @Ben for the walk-through!",
        "Ben helped me a lot this week.",
        "I'd like to thank Ben",
        "Danke an Ben, das war super",
        "Ben hat mir sehr geholfen",
        "Obrigada Ben pela ajuda",
        "O Ben me ajudou muito",
    ],
)
async def test_thanks_in_ones_own_words_are_one_press(world: World, words: str) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben Okoro")
    await mia.say("dm", words)
    asked = mia.last()
    assert asked.buttons[0] == "Thank Ben Okoro"
    assert "nobody reads your words" in asked.text
    assert "Ben Okoro hears it from me" in (await mia.press(asked, "Thank Ben Okoro")).text + mia.last().text
    await world.until("2026-01-09T15:00:00Z")
    [told] = [text for text in ben.inbox() if "Thanks from Mia." in text]
    assert words not in told


@pytest.mark.parametrize("words", ["Did Ben say thanks?", "Thanks, that's it", "Ben has not helped me", "I helped Ben"])
async def test_what_thanks_nobody_offers_no_thanks(world: World, words: str) -> None:
    mia, _ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben Okoro")
    await mia.say("dm", words)
    assert not [label for label in mia.last().buttons if label.startswith("Thank")]
