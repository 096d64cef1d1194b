"""What comes in is cleaned at the border: text that every database keeps, names of one line, JSON of bounded shape."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.events import CommandIssued, MessagePosted
from bot.core.incoming import Unreadable, clean, cleaned, one_line, read_json
from bot.core.people import Account, Actor, Place
from bot.core.time import SystemClock
from bot.runtime.loop import LONGEST
from storage.tables.questions import QuestionRow
from tests.kit import World

# Half pairs too: what JSON may hold.
ANY = st.text(st.characters(exclude_categories=()), max_size=50)


@given(ANY)
def test_what_is_cleaned_can_be_stored_and_is_what_was_typed(text: str) -> None:
    kept = clean(text)
    assert "\x00" not in kept
    assert kept.encode().decode() == kept == clean(kept)
    if "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text):
        assert kept == text or (kept == "" and not any(c.isprintable() and c.isalnum() and c.isascii() for c in text))


@pytest.mark.parametrize("unseen", ["\u200b\u202e", "\u2060", "\u3164", "\u2800 \u2800", "\ufeff\n\u00a0", "\ufe0f"])
async def test_what_nobody_can_see_is_no_answer(world: World, unseen: str) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("ask", text=unseen)
    assert (await mia.submit(text=unseen)).errors == {"text": "Please fill this in."}
    await world.settle()
    assert not mia.sees("questions")


@pytest.mark.parametrize("seen", ["👩‍💻", "✔️", "ᄀ", "नमस्ते", "\u200fשלום", "a\u200b"])
def test_what_can_be_seen_stays_as_typed(seen: str) -> None:
    assert clean(seen) == seen


def test_the_two_halves_of_a_pair_are_joined() -> None:
    assert clean("\ud83d\ude00") == "\U0001f600"
    assert read_json('"\\ud83d\\ude00 \\ud83d \\u0000"') == "\U0001f600 \ufffd "


@given(ANY)
def test_a_name_is_one_line_that_turns_nothing_around(text: str) -> None:
    line = one_line(text, 20)
    assert len(line) <= 20
    assert line.isprintable() or not set(line) & set("\n\r\t\x00\x1b\u202e\u2066\u2028\x85")
    assert one_line(line, 20) == line


def test_an_event_is_cleaned_in_all_its_parts() -> None:
    actor = Actor(Account("T\x00", "U1"), "Mia\n\u202egnorw\x00", groups=("a\x00",))
    issued = CommandIssued(
        actor=actor,
        place=Place("T", "C\x00"),
        id="1\x00",
        at=SystemClock().now(),
        name="ask",
        values={"a\x00": "b\ud800"},
    )
    kept = cleaned(issued)
    assert kept.actor == Actor(Account("T", "U1"), "Mia gnorw", groups=("a",))
    assert (kept.place.channel, kept.id, kept.values) == ("C", "1", {"a": "b\ufffd"})
    assert cleaned(kept) is kept


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * 65 + "]" * 65,
        '{"a":' * 500 + "1" + "}" * 500,
        "NaN",
        "-Infinity",
        "1e400",
        "9" * 5000,
        "9" * 41,
        "0." + "1" * 5000,
        "",
        "{",
        b"\xff",
        b'"\xed\xa0\x80"',
    ],
)
def test_json_of_no_bounded_shape_is_refused(text: str | bytes) -> None:
    with pytest.raises(Unreadable):
        read_json(text)


@given(st.recursive(st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(), st.lists, max_leaves=20))
def test_other_json_is_read_as_ever(value: object) -> None:
    assert read_json(json.dumps(value)) == json.loads(json.dumps(cleaned(value)))


async def test_a_message_longer_than_any_platform_allows_is_read_so_far_and_says_so(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    place = Place("sandbox", "questions")
    actor = Actor(Account("sandbox", "mia"), "Mia")
    said = MessagePosted(actor=actor, place=place, id="900", at=world.clock.now(), text="How? " + "x" * LONGEST)
    await world.app.runtime.receive(said)
    await world.settle()
    (question,) = world.rows(QuestionRow)
    assert question.text.startswith("How? xxx")
    assert question.text.endswith("\n[… 5 more characters stand in the message itself.]")
    assert "its last 5 characters were not read" in mia.find("Your message is too long", "questions").text
