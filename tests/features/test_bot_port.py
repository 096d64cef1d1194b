"""What adapters ask of the bot besides handing in events: see `Bot` in bot/core/ports.py."""

from adapters.sandbox.performer import actor
from bot.core.message import message, paragraph
from bot.core.people import Actor, Place
from bot.core.plain import plain
from bot.core.turn import Turn
from bot.runtime.turns import take_turn
from storage.tables.outbox import OutboxRow
from tests.kit import World


def as_actor(world: World, person: str) -> Actor:
    return actor(world.chat.sandbox.platform.human(person))


async def test_the_page_is_the_same_as_by_command_and_is_kept_under_no_key(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    runtime = world.app.runtime
    first = await runtime.page(as_actor(world, "mia"), "sandbox")
    assert first.message is not None
    assert plain(first.message, "Europe/Berlin") == (await mia.command("")).text
    await world.until("2026-01-12T10:00:00Z")
    later = await runtime.page(as_actor(world, "mia"), "sandbox")
    assert later.message is not None
    assert "Week 2 of 3" in plain(later.message)


async def test_a_form_is_opened_again_with_what_was_typed_by_its_person_alone(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.learner("leo", "Leo")
    form = (await mia.command("ask")).form
    assert form is not None
    assert form.draft is not None
    runtime = world.app.runtime
    await runtime.keep(as_actor(world, "mia"), form.draft, {"text": "Half a quest"})
    again = await runtime.draft(as_actor(world, "mia"), form.draft)
    assert again.form is not None
    assert again.form.draft == form.draft
    assert again.form.fields[0].value == "Half a quest"
    await runtime.keep(as_actor(world, "leo"), form.draft, {"text": "Not mine"})
    other = await runtime.draft(as_actor(world, "leo"), form.draft)
    assert other.form is None
    assert other.message is not None
    mine = await runtime.draft(as_actor(world, "mia"), form.draft)
    assert mine.form is not None
    assert mine.form.fields[0].value == "Half a quest"


async def test_what_was_typed_with_a_command_is_in_its_form_whenever_that_is_opened(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    form = (await mia.command("ask", "anonymous=yes")).form
    assert form is not None
    assert form.draft is not None
    later = await world.app.runtime.draft(as_actor(world, "mia"), form.draft)
    assert later.form is not None
    assert {f.name: f.value for f in later.form.fields}["anonymous"] == "yes"


async def test_a_whisper_is_said_again_to_whom_it_was_for_alone(world: World) -> None:
    await world.learner("mia", "Mia")
    await world.learner("leo", "Leo")
    app = world.app

    def whisper(turn: Turn[object]) -> int:
        person = turn.people.meet(as_actor(world, "mia")).id
        turn.whisper(person, Place("sandbox", "questions"), message(paragraph("For you alone")))
        return person

    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "home", world.clock.now(), whisper))
    await world.settle()
    (row,) = [r for r in world.rows(OutboxRow, lane="questions") if r.person is not None]
    assert row.body == ""
    said = await app.runtime.recall(as_actor(world, "mia"), row.key)
    assert said.message is not None
    assert plain(said.message) == "For you alone"
    other = await app.runtime.recall(as_actor(world, "leo"), row.key)
    assert other.message is not None
    assert "somebody else" in plain(other.message)


async def test_conversations_are_watched_from_their_newest_message_on(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    before = {w.place.channel: w.after for w in await world.app.runtime.watched("sandbox")}
    assert before == {"general": None, "questions": None}
    said = await mia.say("questions", "How long may the page be?")
    await mia.say("dm", "Hello")
    after = {(w.place.channel, w.place.direct): w.after for w in await world.app.runtime.watched("sandbox")}
    assert after["questions", False] == str(said.message)
    assert ("dm:mia", True) in after
    assert await world.app.runtime.watched("elsewhere") == []
