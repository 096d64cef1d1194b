"""Hostile messages in the chat cost little more than their length, and the next person is answered."""

import time

import pytest

from adapters.sandbox.driver import Speaker
from tests.kit import World

HOSTILE = {
    "angles": "<" * 40_000,
    "ticks": "`" * 39_999,
    "dots": "." * 40_000,
    "blanks": "a" + " " * 39_000 + "b",
    "lines": "a" + "\n" * 39_000 + "b",
    "mentions": "<@" * 20_000,
    "colons": ":a" * 20_000,
    "marks": "?!" * 20_000,
    "thanks": "thanks " * 5_700,
    "addresses": "https://" * 5_000,
    "one word": "a" * 40_000,
    "digits": "9" * 40_000,
    "turned around": "Why? " + "\u202e" * 20_000,
    "faces": "\U0001f600" * 20_000,
    "accents": "a" + "\u0301" * 39_000,
    "NUL and half a pair": "Why?\x00\ud800",
}


LONGEST = 39_990
"""The sandbox takes 40,000 characters, the name of a command included."""


async def bother(mia: Speaker, text: str) -> float:
    """Says a text in every way; CPU seconds that it took."""
    begun = time.process_time()
    said = await mia.say("questions", text)
    assert said.message
    await mia.edit(said.message, f"{text}?")
    await mia.say("dm", text)
    await mia.command("ask", text)
    await mia.command("find", text)
    return time.process_time() - begun


@pytest.mark.parametrize("kind", HOSTILE)
async def test_the_next_person_is_answered(kind: str, world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    usual = min([await bother(mia, f"Why, {n}? " + "some words " * 3600) for n in range(2)])
    assert await bother(mia, HOSTILE[kind][:LONGEST]) < 10 * usual + 0.3
    await ben.command("ask", "How long is the report?")
    assert any("How long is the report?" in seen.text for seen in ben.sees("questions"))
