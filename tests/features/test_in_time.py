"""Whether something is late goes by when it was said or pressed, not by when the bot came to it."""

import pytest

from adapters.sandbox.driver import Chat, Speaker
from bot.app.compose import compose
from storage.tables.schedule import OutageRow
from storage.tables.wrapups import AnswerRow
from tests.kit import World


def unheard(world: World, speaker: Speaker) -> Speaker:
    """The same person; the bot does not come to what they do."""
    return Chat(world.chat.sandbox).person(speaker.id)


async def wrap_up_root(world: World, reader: Speaker) -> int:
    await world.until("2026-01-10T12:00:00Z")
    return next(m.id for m in reader.sees("general") if "wrap-up" in m.text and "Week 1" in m.text and not m.thread)


@pytest.mark.parametrize("back", ["2026-01-12T11:05:00Z", "2026-01-12T11:40:00Z", "2026-01-15T11:00:00Z"])
async def test_a_reply_from_before_the_close_is_in_time_however_late_the_bot_comes_to_it(
    world: World, back: str
) -> None:
    """It closed at 12:00 in Berlin."""
    leo = await world.learner("leo", "Leo")
    root = await wrap_up_root(world, leo)
    await world.until("2026-01-12T10:50:00Z")
    await unheard(world, leo).say("general", "I finished the page, and wrote two letters.", root)
    world.clock.wind(world.at(back))
    await world.settle()
    assert [row.late for row in world.rows(AnswerRow)] == [False]


async def test_a_reply_after_the_close_is_late(world: World) -> None:
    leo = await world.learner("leo", "Leo")
    root = await wrap_up_root(world, leo)
    await world.until("2026-01-12T11:01:00Z")
    await leo.say("general", "I finished the page, and wrote two letters.", root)
    assert [row.late for row in world.rows(AnswerRow)] == [True]


async def test_a_private_message_from_before_the_close_is_in_time_if_its_author_says_later_what_it_is(
    world: World,
) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-12T10:50:00Z")
    await mia.say("dm", "I finished the page, and wrote two letters.")
    await world.until("2026-01-12T11:10:00Z")
    asked = mia.sees()[-1]
    await mia.press(asked, next(label for label in asked.buttons if "wrap-up" in label))
    assert [row.late for row in world.rows(AnswerRow)] == [False]


async def test_a_form_that_could_not_be_sent_during_a_restart_is_in_time_right_after_it(world: World) -> None:
    """It closed at 12:00 in Berlin; the bot came back at 12:20."""
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until("2026-01-12T10:50:00Z")
    await world.jump("2026-01-12T11:20:00Z")
    await mia.command("wrapup")
    assert mia.form is not None
    assert "late" not in mia.form.intro
    await mia.submit(done="all")
    await world.until("2026-01-12T11:51:00Z")
    over = await leo.command("wrapup")
    await leo.press(over, over.buttons[0])
    await leo.submit(done="all")
    assert sorted(row.late for row in world.rows(AnswerRow)) == [False, True]


async def test_a_downtime_begins_where_the_bot_stopped_and_moves_what_closed_in_it(world: World) -> None:
    """Nothing was planned between 10:50, when it stopped, and the close at 12:00 in Berlin."""
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-12T10:50:00Z")
    await world.app.runtime.start()
    await world.app.runtime.stop()
    world.clock.wind(world.at("2026-01-12T12:00:00Z"))
    again = compose(str(world.app.storage.engine.url), world.clock, [world.chat.sandbox])
    world.chat.sandbox._bot = again.runtime
    await again.runtime.start()
    back = Chat(world.chat.sandbox, again.runtime.settle).person("mia")
    await back.command("wrapup")
    await back.submit(done="all")
    await again.runtime.stop()
    assert [(r.since, r.until) for r in world.rows(OutageRow)] == [
        (world.at("2026-01-12T10:50:00Z"), world.at("2026-01-12T12:00:00Z"))
    ]
    assert [row.late for row in world.rows(AnswerRow)] == [False]
    assert "Edit until Tue 13 Jan, 13:00" in mia.find("Week 1 wrap-up").text


async def test_a_quiet_day_without_anything_due_is_no_downtime(world: World) -> None:
    await world.until("2026-03-01T12:00:00Z")
    await world.until("2026-03-09T12:00:00Z")
    assert world.rows(OutageRow) == []
