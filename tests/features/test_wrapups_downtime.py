"""A wrap-up that opened and closed while the bot was down: the course team decides whether it is asked late."""

from datetime import datetime

from bot.core.facts import CohortPlanned
from storage.tables.wrapups import AnswerRow
from tests.features.test_wrapups import happen, prompts, roots, wrap_up
from tests.kit import World


async def test_a_wrap_up_that_a_downtime_swallowed_is_asked_by_one_press(world: World) -> None:
    ines, omar, mia = world.chat.person("ines"), world.chat.person("omar"), await world.learner("mia", "Mia")
    await world.until("2026-01-08T12:00:00Z")
    await world.jump("2026-01-13T09:30:00Z")
    assert not prompts(mia)
    desk = await ines.command("desk")
    assert "Wrap-ups, Fri 9 Jan" in desk.text
    assert "not sent to 1 learner" in desk.text
    assert "Messages left out while Pacekeeper was down: 2" in (await omar.command("overview")).text
    assert (await ines.press(desk, "Send it now (1)")).text == "It goes to 1 learner by Wed 14 Jan, 09:00."
    await world.until("2026-01-14T12:00:00Z")
    assert [t.split("\n")[0] for t in prompts(mia)] == ["Week 1 wrap-up"]
    await mia.command("wrapup")
    await mia.submit(done="all")
    assert "1 of 1 answered" in (await ines.command("week")).text
    await world.until("2026-01-20T12:00:00Z")
    assert "1 of 1 answered" in mia.find("Week 1: the week together", "general").text
    assert len([t for t in prompts(mia) if t.startswith("Week 1")]) == 1
    # The reminder of the downtime is not offered any more: that of the next week has been due.
    assert "left out while Pacekeeper was down" not in (await omar.command("overview")).text


async def test_a_prompt_that_closed_in_a_downtime_says_until_when_it_is_open_now(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until("2026-01-09T18:00:00Z")
    await wrap_up(ben, "The page")
    asked = mia.find("Week 1 wrap-up")
    assert "Open until Mon 12 Jan, 12:00 your time" in asked.text
    await world.jump("2026-01-12T15:00:00Z")
    (now,) = [seen for seen in mia.sees() if seen.id == asked.id]
    assert "Open until Tue 13 Jan, 16:00 your time" in now.text
    assert len(prompts(mia)) == 1
    assert "The page" in ben.find("Thank you, Ben.").text


async def test_the_week_together_waits_for_those_whom_a_downtime_gave_more_time(world: World) -> None:
    """Zed in Auckland was asked before the bot was down, and Mia was not."""
    zed, mia = await world.learner("zed", "Zed", "Pacific/Auckland"), await world.learner("mia", "Mia")
    await world.until("2026-01-09T08:30:00Z")
    await world.jump("2026-01-12T12:00:00Z")
    assert [m.text for m in mia.sees("general") if "the week together" in m.text] == []
    ines = world.chat.person("ines")
    await ines.press(await ines.command("desk"), "Send it now (1)")
    await world.until("2026-01-14T12:00:00Z")
    assert [t.split("\n")[0] for t in prompts(mia)] == ["Week 1 wrap-up"]
    assert not [m for m in mia.sees("general") if "0 of 2 answered" in m.text]
    await mia.command("wrapup")
    await mia.submit(done="all")
    await world.until("2026-01-16T12:00:00Z")
    assert "1 of 2 answered" in zed.find("Week 1: the week together", "general").text


async def test_a_prompt_that_came_after_a_downtime_is_open_for_a_day(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T12:00:00Z")
    await world.jump("2026-01-12T08:00:00Z")
    assert "Open until Tue 13 Jan, 09:00 your time" in mia.find("Week 1 wrap-up").text
    assert "The wrap-up is open until Tue 13 Jan, 09:00." in mia.find("Week 1: the week together", "general").text
    assert "due Tue 13 Jan, 09:00" in (await mia.command("")).text
    await world.until("2026-01-13T07:00:00Z")
    assert "answered" not in mia.find("Week 1: the week together", "general").text
    await world.until("2026-01-13T12:00:00Z")
    assert "0 of 1 answered" in mia.find("Week 1: the week together", "general").text


async def test_posts_that_a_downtime_delayed_come_in_the_order_of_their_time(world: World) -> None:
    """Mia in Tokyo was asked before the channel's post of the first week was due."""
    mia = await world.learner("mia", "Mia", "Asia/Tokyo")
    await world.until("2026-01-09T08:30:00Z")
    await world.jump("2026-01-23T16:00:00Z")
    posts = [post.text.split("\n")[0] for post in mia.sees("general") if post.by == "bot"]
    titles = [title for title in posts if title.startswith("Week")]
    assert titles == ["Week 1: One", "Week 3: Three", "Week 3: the week together"]
    alone = [post.text.split("\n")[0] for post in mia.sees("general") if post.by == "bot" and post.thread is None]
    # What came at once with the first is below the post that opens the week.
    assert [t for t in alone if t.startswith("Week")] == titles[:2]


async def test_a_swallowed_wrap_up_that_is_left_stays_away(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until("2026-01-08T12:00:00Z")
    await world.jump("2026-01-13T09:30:00Z")
    assert "Left out." in (await ines.press(await ines.command("desk"), "Leave it (1)")).text
    await world.until("2026-01-15T12:00:00Z")
    assert not prompts(mia)
    assert not roots(mia)
    assert "Wrap-ups, Fri 9 Jan" not in (await ines.command("desk")).text


async def test_a_prompt_that_is_sent_at_night_survives_a_new_plan(world: World) -> None:
    """New dates plan everything again between the press and the morning."""
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until("2026-01-08T12:00:00Z")
    await world.jump("2026-01-13T21:30:00Z")
    await ines.press(await ines.command("desk"), "Send it now (1)")
    await world.wait(minutes=5)
    assert "Week 1 wrap-up" not in " ".join(mia.inbox())
    happen(world, CohortPlanned(world.cohort.id))
    await world.until("2026-01-14T12:00:00Z")
    # It comes with the week's card.
    assert sum("Week 1 wrap-up\n" in text for text in mia.inbox()) == 1


async def test_of_several_missed_weeks_the_newest_is_asked(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until("2026-01-08T12:00:00Z")
    await world.jump("2026-01-20T09:30:00Z")
    await mia.command("")
    desk = await ines.command("desk")
    for label in [label for label in desk.buttons if label.startswith("Send it now")]:
        await ines.press(desk, label)
    await world.wait(days=2)
    heard = "\n".join(mia.inbox())
    assert (heard.count("Week 1 wrap-up\n"), heard.count("Week 2 wrap-up\n")) == (0, 1)
    posts = [post.text.split("\n")[0] for post in mia.sees("general") if post.by == "bot"]
    assert [title for title in posts if "the week together" in title] == ["Week 2: the week together"]


async def test_what_a_newer_card_has_made_up_for_is_not_sent_and_says_so(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until("2026-01-11T12:00:00Z")
    await world.jump("2026-01-18T10:00:00Z")
    desk = await ines.command("desk")
    line = next(line for line in desk.text.split("\n") if "Week cards" in line)
    await world.until("2026-01-20T12:00:00Z")
    said = await ines.press(desk, f"Send it now ({line.partition('.')[0]})")
    assert said.text == "This is settled: somebody has sent it or left it, or a newer one has come."
    await world.wait(days=1)
    assert "Week 2: Two" not in " ".join(mia.inbox())
    assert "Week cards" not in (await ines.command("desk")).text


async def test_what_was_written_while_the_bot_was_down_is_not_late_by_it(world: World) -> None:
    """It closed at 12:00 in Berlin; what was written comes in first when the bot is back."""
    leo = await world.learner("leo", "Leo")
    await world.until("2026-01-10T12:00:00Z")
    root = next(m for m in leo.sees("general") if "Week 1" in m.text and m.thread is None and "wrap-up" in m.text)
    world.clock.wind(datetime.fromisoformat("2026-01-12T15:00:00+00:00"))
    await leo.say("general", "I finished the page, and wrote two letters.", root.id)
    await world.settle()
    assert [row.late for row in world.rows(AnswerRow)] == [False]


async def test_a_wrap_up_that_closed_during_a_downtime_is_open_for_another_day_in_every_view(world: World) -> None:
    """Down from the Saturday before the close until Tuesday, 10:00 in Berlin."""
    ines, mia, leo = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until("2026-01-10T12:00:00Z")
    await world.jump("2026-01-13T09:00:00Z")
    page = await mia.command("")
    assert "Answer the week 1 wrap-up, due Wed 14 Jan, 10:00" in page.text
    assert "marked late then" not in page.text
    missing = await ines.command("week", "missing")
    assert "Still in time: " in missing.text
    assert "Their time is over" not in missing.text
    await mia.command("wrapup")
    assert mia.form is not None
    assert "is over" not in mia.form.intro
    receipt = mia.find("Week 1 wrap-up") if not (await mia.submit(done="all")).errors else None
    assert receipt is not None
    assert "Edit until Wed 14 Jan, 10:00 your time" in receipt.text
    assert [row.late for row in world.rows(AnswerRow)] == [False]
    await world.until("2026-01-14T09:30:00Z")
    assert "eek 1 wrap-up can still be answered; it is marked late then" in (await leo.command("")).text
