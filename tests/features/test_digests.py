"""The desk, the instructor's recap and the manager's week, as conversations."""

from dataclasses import replace

from adapters.sandbox.driver import Speaker
from bot.app.cohorts import create_cohort
from tests.kit import PLAN, World


async def ask(speaker: Speaker, text: str) -> int:
    """A plain question in the question channel; returns the message."""
    asked = (await speaker.say("questions", text)).message
    assert asked is not None
    return asked


async def test_the_manager_reads_one_message_a_week(world: World) -> None:
    omar, mia = world.chat.person("omar"), await world.learner("mia", "Mia")
    await world.learner("leo", "Leo")
    await ask(mia, "Is the exam open book?")
    await world.until("2026-01-20T09:00:00Z")
    weeks = [t for t in omar.inbox() if t.startswith("Demo course:")]
    assert len(weeks) == 2
    assert "Demo course: would like a look" in weeks[0]
    assert "- Active: 1 of 2 (50 %)\n" in weeks[0]
    assert "- Questions asked: 1\n- Questions waiting too long: 1\n" in weeks[0]
    assert "May drop out: 0 of 2" in weeks[0]


async def test_a_manager_sees_the_questions_that_the_week_counts(world: World) -> None:
    omar, mia, ben = world.chat.person("omar"), await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    first = await ask(mia, "Is the exam open book?")
    await world.until("2026-01-06T11:00:00Z")
    second = await ask(ben, "Where is the template?")
    reply = (await mia.say("questions", "Below week one.", thread=second)).message
    assert reply is not None
    await ben.react(reply, "✅")
    await world.until("2026-01-12T09:00:00Z")
    overview = await omar.command("overview")
    assert "Questions waiting too long: 1" in overview.text
    assert "First reply after (median): less than a minute" in overview.text
    listed = (await omar.press(overview, "See questions")).text
    assert listed.startswith("1 question waits")
    assert "Is the exam open book?" in listed
    assert "Is the exam open book?\nwaits 7 days, Mia, longer than promised" in (await omar.command("desk")).text
    assert "Well done" not in (await omar.command("desk")).text
    # Whoever has a reply does not wait any more, by any count.
    await ben.say("questions", "I think so, but ask.", thread=first)
    overview = await omar.command("overview")
    assert "Questions waiting too long" not in overview.text
    assert "longer than promised" not in (await omar.command("desk")).text
    assert "waits, the oldest for" not in (await omar.command("")).text


async def test_everybody_who_may_drop_out_can_be_written_to(world: World) -> None:
    omar = world.chat.person("omar")
    for number in range(12):
        await world.learner(f"l{number}", f"Learner {number}")
    await world.until("2026-01-20T09:00:00Z")
    page = await omar.press(await omar.command("overview"), "Who may drop out")
    second = await omar.press(page, "7 more")
    third = await omar.press(second, "2 more")
    written = [b for shown in (page, second, third) for b in shown.buttons if b.startswith("Write to")]
    assert sorted(written) == sorted(f"Write to Learner {n}" for n in range(12))


async def test_who_was_away_in_the_week_before_counts_from_monday_on(world: World) -> None:
    omar, mia, zoe = world.chat.person("omar"), await world.learner("mia", "Mia"), await world.learner("zoe", "Zoe")
    await zoe.command("away", "2026-01-11")
    await world.until("2026-01-16T15:30:00Z")
    await mia.press(mia.find("Week 2 wrap-up"), "Answer")
    await mia.submit(done="Wrote it")
    await world.until("2026-01-20T09:00:00Z")
    assert "- Week 2 wrap-ups: 1 of 2 (50 %)" in (await omar.command("overview")).text


async def test_wrap_ups_are_counted_over_all_who_could_answer(world: World) -> None:
    omar, mia, leo = world.chat.person("omar"), await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    aiko = await world.learner("aiko", "Aiko")
    await ask(aiko, "Is the exam open book?")
    await world.until("2026-01-09T15:30:00Z")
    for learner in (mia, leo):
        await learner.press(learner.find("Week 1 wrap-up"), "Answer")
        await learner.submit(done="Read it")
    await world.wait(minutes=1)
    assert "- Week 1 wrap-ups: 2 of 3 (67 %)\n" in (await omar.command("overview")).text
    # In week 2 Leo is away; Aiko says nothing, and counts all the same; Tāne joins, and answers nothing.
    await world.until("2026-01-12T12:00:00Z")
    await leo.command("away", "2026-01-18")
    tane = await world.learner("tane", "Tāne")
    await world.until("2026-01-16T15:30:00Z")
    await ask(tane, "Where is the reader?")
    await mia.press(mia.find("Week 2 wrap-up"), "Answer")
    await mia.submit(done="Wrote it")
    await world.until("2026-01-20T09:00:00Z")
    assert "- Week 2 wrap-ups: 1 of 3 (33 %), -1 on the week before\n" in (await omar.command("overview")).text


async def test_the_quiet_are_named_to_the_manager_alone(world: World) -> None:
    omar = world.chat.person("omar")
    await world.learner("leo", "Leo")
    await world.until("2026-01-20T09:00:00Z")
    overview = await omar.command("overview")
    assert "May drop out: 1 of 1 (100 %), names for you alone" in overview.text
    assert "Leo" not in overview.text
    assert "Leo: nothing under their name since Mon 5 Jan" in (await omar.press(overview, "Who may drop out")).text


async def test_a_question_without_a_name_makes_nobody_active(world: World) -> None:
    leo, omar = await world.learner("leo", "Leo"), world.chat.person("omar")
    await world.until("2026-01-22T10:00:00Z")
    await leo.command("ask", "I feel lost, is it me? anonymous=yes")
    await world.wait(minutes=1)
    assert "Active: 0 of 1" in (await omar.command("overview")).text
    await leo.command("ask", "Where is the room for the session?")
    await world.wait(minutes=1)
    assert "Active: 1 of 1" in (await omar.command("overview")).text


async def test_who_wrote_in_a_channel_or_is_just_back_is_not_quiet(world: World) -> None:
    omar = world.chat.person("omar")
    leo, mia, _ = (
        await world.learner("leo", "Leo"),
        await world.learner("mia", "Mia"),
        await world.learner("ava", "Ava"),
    )
    await mia.command("away", "2026-01-12")
    await world.until("2026-01-08T09:00:00Z")
    await leo.say("general", "Good morning from the train.")
    await world.until("2026-01-20T09:00:00Z")
    names = (await omar.press(await omar.command("overview"), "Who may drop out")).text
    assert "Ava: nothing under their name since" in names
    for name in ("Leo", "Mia"):
        said = f"{name}: nothing under their name in the last seven days"
        assert said in names, "nobody did anything, so all are named"


async def test_what_was_left_out_after_a_downtime_is_sent_by_one_press(world: World) -> None:
    ines, mia, leo = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until("2026-01-11T12:00:00Z")
    await world.jump("2026-01-17T21:00:00Z")
    desk = await ines.command("desk")
    assert "1. The post that opens a week, Mon 12 Jan, 09:00: not posted\n" in desk.text
    assert "2. Week cards, Mon 12 Jan, 09:00: not sent to 2 learners\n" in desk.text
    assert "Left out." in (await ines.press(desk, "Leave it (1)")).text
    await leo.press(await leo.command("leave"), "Leave")
    assert (await ines.press(desk, "Send it now (2)")).text == "It goes to 1 learner by Sun 18 Jan, 09:00."
    # It is 22:00 in Berlin.
    await world.wait(minutes=5)
    assert "Week 2: Two" not in " ".join(mia.inbox())
    await world.until("2026-01-18T09:00:00Z")
    assert "settled" in (await ines.press(desk, "Send it now (2)")).text
    assert "Left out" not in (await ines.command("desk")).text
    await world.until("2026-01-19T09:00:00Z")
    assert sum("Week 2: Two" in text for text in mia.inbox()) == 1
    assert "Week 2: Two" not in " ".join(leo.inbox())


async def test_ending_a_cohort_asks_first_and_stops_everything(world: World) -> None:
    omar, mia = world.chat.person("omar"), await world.learner("mia", "Mia")
    sure = await omar.press(await omar.command("overview"), "End this cohort")
    ended = await omar.press(sure, "End the cohort")
    assert "has ended" in ended.text
    before = len(mia.inbox())
    await world.until("2026-01-30T12:00:00Z")
    assert len(mia.inbox()) == before
    assert "no cohort" in (await mia.command("")).text


async def test_a_manager_of_two_cohorts_sees_both_wherever_it_is_asked(world: World) -> None:
    omar = world.chat.person("omar")
    second = replace(PLAN, code="second", title="Second course", channels={"main": "staff"})
    create_cohort(world.app.storage, world.app.registry, second)
    for place in ("dm", "general"):
        overview = await omar.command("overview", place=place)
        assert "Demo course" in overview.text
        assert "Second course" in overview.text
