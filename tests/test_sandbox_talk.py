"""People and the bot talk in the sandbox: what each hears and sees."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.sandbox.acts import Act
from adapters.sandbox.driver import CannotSee
from adapters.sandbox.refusals import BadAct
from bot.core.errors import RateLimited, TargetGone, Unclear
from bot.core.events import (
    AccountChanged,
    ButtonPressed,
    CommandIssued,
    FormSubmitted,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
)
from bot.core.typed import visible
from tests.sandbox_kit import CARD, World, to_channel, to_person, whisper, words

ODD = [
    "x" * 10_000,
    "🙂👩‍👩‍👧‍👦🏳️‍🌈",
    "שלום עולם \u202e backwards",
    "<!channel> @everyone <@U123>",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "'; DROP TABLE messages; --",
    "line\nline\n\n```code```",
    "%s {0} {{x}} $HOME",
]


@pytest.fixture
async def world() -> World:
    return await World().start()


async def test_a_message_is_seen_by_all_and_heard_by_the_bot(world: World) -> None:
    said = await world.mia.say("general", "Hello")
    assert world.leo.last("general").text == "Hello"
    (event,) = world.bot.heard
    assert isinstance(event, MessagePosted)
    assert (event.actor.account.user, event.actor.zone, event.text) == ("mia", "Europe/Berlin", "Hello")
    assert (event.place.channel, event.place.thread, event.id) == ("general", None, str(said.message))


async def test_a_reply_to_a_reply_stays_in_the_thread(world: World) -> None:
    root = (await world.mia.say("questions", "Why?")).message
    reply = (await world.leo.say("questions", "Because.", thread=root)).message
    await world.mia.say("questions", "Thanks", thread=reply)
    assert [s.text for s in world.ida.thread(root or 0)] == ["Because.", "Thanks"]
    last = world.bot.heard[-1]
    assert isinstance(last, MessagePosted)
    assert last.place.thread == str(root)


@pytest.mark.parametrize("text", ODD)
async def test_odd_words_arrive_as_they_are(world: World, text: str) -> None:
    await world.mia.say("general", text)
    assert world.leo.last("general").text == text
    reply = await world.mia.command("say", text)
    assert visible(text).strip() in reply.text


async def test_half_a_character_and_nul_do_no_harm(world: World) -> None:
    await world.mia.say("general", "a\ud800b\0c")
    assert world.leo.last("general").text == "a\ufffdbc"


@pytest.mark.parametrize("text", ["", "   \n", "x" * 40_001])
async def test_no_words_and_too_many_are_refused(world: World, text: str) -> None:
    with pytest.raises(BadAct):
        await world.mia.say("general", text)
    assert world.bot.heard == []


async def test_edits_and_deletions_are_followed(world: World) -> None:
    id = (await world.mia.say("general", "Helo")).message or 0
    await world.mia.edit(id, "Hello")
    await world.mia.edit(id, "Hello")
    assert world.leo.last("general").edited
    await world.mia.delete(id)
    assert world.leo.sees("general") == []
    _, edited, deleted = world.bot.heard
    assert isinstance(edited, MessageEdited)
    assert (edited.text, edited.revision) == ("Hello", "1")
    assert isinstance(deleted, MessageDeleted)
    with pytest.raises(BadAct, match="was deleted"):
        await world.mia.edit(id, "again")


async def test_nobody_touches_the_words_of_another(world: World) -> None:
    id = (await world.mia.say("general", "Mine")).message or 0
    with pytest.raises(BadAct, match="mia's"):
        await world.leo.edit(id, "Yours")
    with pytest.raises(BadAct, match="mia's"):
        await world.leo.delete(id)


async def test_reactions_by_character_or_name_count_once(world: World) -> None:
    id = (await world.mia.say("general", "Done")).message or 0
    await world.leo.react(id, "white_check_mark")
    await world.leo.react(id, "✅")
    await world.leo.unreact(id, ":white_check_mark:")
    await world.leo.react(id, "✅")
    events = [e for e in world.bot.heard if isinstance(e, ReactionChanged)]
    assert [(e.emoji, e.added) for e in events] == [("✅", True), ("✅", False), ("✅", True)]
    assert len({e.key for e in events}) == 3
    with pytest.raises(BadAct, match="is no emoji"):
        await world.leo.react(id, "blorp")


async def test_commands_are_split_from_their_names(world: World) -> None:
    for typed in (
        "/cohort ask Why?",
        "ask Why?",
        "/ask Why?",
        "cohort ask Why?",
        "/COHORT ask Why?",
        "/Cohort Ask Why?",
    ):
        await world.mia.command(typed)
    await world.mia.command("")
    await world.mia.command("/cohort")
    await world.mia.command("/cohort nonsense here")
    heard = [(e.name, e.text) for e in world.bot.heard if isinstance(e, CommandIssued)]
    assert heard == [("ask", "Why?")] * 6 + [("", "")] * 2 + [("nonsense", "here")]


async def test_an_answer_is_private_and_in_the_readers_time(world: World) -> None:
    reply = await world.mia.command("ask", "Why?", place="general")
    assert "Week 3 closes Mon 12 Jan, 12:59." in reply.text
    assert reply.buttons == ["Hand in", "Not now", "Write to me at"]
    assert world.mia.last("general").to == "mia"
    assert world.leo.sees("general") == []


async def test_an_answer_keeps_to_the_zone_that_its_reader_picked(world: World) -> None:
    assert "Mon 12 Jan, 20:59" in (await world.mia.command("tokyo")).text


async def test_a_form_keeps_what_was_typed_until_it_is_right(world: World) -> None:
    reply = await world.mia.command("week")
    opened = await world.mia.press(reply, "Hand in")
    assert opened.form is not None
    assert opened.form.title == "Week 3"
    refused = await world.mia.submit(did="x" * 300, mood="good")
    assert refused.errors == {"did": "This is 300 characters long; 200 fit. Please shorten it."}
    assert world.mia.form is not None
    assert world.mia.form.fields[0].value == "x" * 300
    done = await world.mia.submit(did="The draft")
    assert done.text == "Thank you. You wrote: The draft"
    assert world.mia.form is None
    last = world.bot.heard[-1]
    assert isinstance(last, FormSubmitted)
    assert (last.values["mood"], last.draft) == ("good", "d1")
    with pytest.raises(BadAct, match="No such form is open"):
        await world.chat.act(Act("mia", "submit", action=last.action, values=last.values))


async def test_a_form_in_each_of_two_tabs(world: World) -> None:
    first = world.bot.form
    await world.mia.command("form")
    world.bot.form = replace(first, draft="d2")
    await world.mia.command("form")
    sent = await world.mia.submit(did="By the second tab")
    assert sent.text == "Thank you. You wrote: By the second tab"
    values = {"did": "x" * 300}
    late = await world.chat.act(Act("mia", "submit", action=first.action, draft="d1", values=values))
    assert "200 fit" in late.errors["did"]
    late = await world.chat.act(Act("mia", "submit", action=first.action, draft="d1", values={"did": "By the first"}))
    assert late.reply is not None
    with pytest.raises(BadAct, match="No such form is open"):
        await world.chat.act(Act("mia", "submit", action=first.action, draft="d1", values=values))


async def test_a_select_takes_its_own_choices_alone(world: World) -> None:
    reply = await world.mia.command("page")
    pressed = await world.mia.press(reply, "Write to me at", "17:00")
    assert pressed.text == "pressed quiz.hour/1/7: 17"
    with pytest.raises(BadAct, match="one of 9, 17"):
        await world.mia.press(reply, "Write to me at", "25")


async def test_nobody_presses_what_they_cannot_see(world: World) -> None:
    await world.mia.command("page")
    with pytest.raises(BadAct, match="You see no message"):
        await world.chat.act(Act("leo", "press", action="quiz.later/1/7:w3"))
    await world.sandbox.post(to_channel("k1", CARD))
    await world.chat.act(Act("leo", "press", action="quiz.later/1/7:w3"))
    event = world.bot.heard[-1]
    assert isinstance(event, ButtonPressed)
    assert event.message is not None
    with pytest.raises(CannotSee):
        await world.leo.press(world.leo.last("general"), "No such button")


async def test_a_press_on_a_button_that_has_just_changed_still_arrives(world: World) -> None:
    sent = await world.sandbox.post(to_channel("k1", CARD))
    seen = world.leo.last("general")
    await world.sandbox.edit(to_channel("k1", words("Closed.")), sent.refs)
    late = Act("leo", "press", message=seen.id, action="quiz.later/1/7:w3")
    assert (await world.chat.act(late)).reply is not None
    with pytest.raises(BadAct):
        await world.chat.act(Act("leo", "press", action="quiz.later/1/7:w3"))


async def test_a_repeated_delivery_is_the_same_thing_again(world: World) -> None:
    first = await world.mia.say("general", "Once", delivery="d-1")
    again = await world.mia.say("general", "Once", delivery="d-1")
    assert first.message == again.message
    assert len(world.leo.sees("general")) == 1
    one, two = world.bot.heard
    assert one == two
    asked = await world.mia.command("ask", "Why?", delivery="d-2")
    repeated = await world.mia.command("ask", "Why?", delivery="d-2")
    assert asked.reply == repeated.reply
    assert len(world.mia.sees("dm")) == 1
    with pytest.raises(BadAct, match="something else"):
        await world.leo.say("general", "Mine", delivery="d-1")


async def test_the_bots_message_stands_once_for_one_key(world: World) -> None:
    first = await world.sandbox.post(to_channel("k1", words("Week 1")))
    again = await world.sandbox.post(to_channel("k1", words("Week 1")))
    assert first == again
    assert await world.sandbox.find(to_channel("k1", words("Week 1"))) == first
    assert await world.sandbox.find(to_channel("k2", words("?"))) is None
    assert len(world.mia.sees("general")) == 1


async def test_a_whisper_is_heard_by_one(world: World) -> None:
    await world.sandbox.whisper(whisper("w1", words("Just you"), "mia"))
    await world.sandbox.whisper(whisper("w1", words("Just you"), "mia"))
    assert [s.text for s in world.mia.sees("general")] == ["Just you"]
    assert world.leo.sees("general") == []
    id = world.mia.last("general").id
    with pytest.raises(BadAct, match="There is no message"):
        await world.leo.react(id, "👍")


async def test_direct_conversations_and_closed_channels_are_private(world: World) -> None:
    world.platform.add_channel("staff", members=["ida"])
    await world.sandbox.post(to_person("p1", CARD))
    assert "12:59" in world.mia.inbox()[0]
    await world.sandbox.post(to_person("p2", CARD, zone="Asia/Tokyo"))
    assert "20:59" in world.mia.inbox()[1]
    for place in ("dm:mia", "staff"):
        with pytest.raises(BadAct, match="is not in"):
            await world.leo.say(place, "Hello?")
    assert [r.id for r in world.platform.places("leo")] == ["general", "questions", "dm:leo"]


async def test_the_bot_edits_and_withdraws_what_it_said(world: World) -> None:
    sent = await world.sandbox.post(to_channel("k1", CARD))
    await world.sandbox.edit(to_channel("k1", words("Closed.")), sent.refs)
    assert world.leo.last("general").text == "Closed."
    await world.sandbox.delete(sent.refs)
    await world.sandbox.delete(sent.refs)
    assert world.leo.sees("general") == []
    with pytest.raises(TargetGone):
        await world.sandbox.edit(to_channel("k1", words("?")), sent.refs)
    with pytest.raises(TargetGone):
        await world.sandbox.post(to_channel("k3", words("?"), channel="nowhere"))
    with pytest.raises(TargetGone):
        await world.sandbox.react(sent.refs[0], "✅", True)


async def test_faults_come_as_often_as_asked(world: World) -> None:
    world.platform.faults.plan("429", 1)
    with pytest.raises(RateLimited):
        await world.sandbox.post(to_channel("k1", words("One")))
    assert world.mia.sees("general") == []
    world.platform.faults.plan("sent-but-timeout", 1)
    with pytest.raises(Unclear):
        await world.sandbox.post(to_channel("k1", words("One")))
    assert await world.sandbox.find(to_channel("k1", words("One"))) is not None
    world.platform.faults.plan("gone", 1)
    with pytest.raises(TargetGone):
        await world.sandbox.post(to_channel("k2", words("Two")))
    await world.sandbox.post(to_channel("k2", words("Two")))
    assert [s.text for s in world.mia.sees("general")] == ["One", "Two"]


async def test_a_closed_account_neither_speaks_nor_is_written_to(world: World) -> None:
    await world.sandbox.change_account("mia", active=False)
    event = world.bot.heard[-1]
    assert isinstance(event, AccountChanged)
    assert not event.active
    with pytest.raises(BadAct, match="is closed"):
        await world.mia.say("general", "Still here")
    with pytest.raises(TargetGone):
        await world.sandbox.post(to_person("p1", words("Hello")))
    await world.sandbox.change_account("mia", active=True, zone="Asia/Tokyo")
    last = world.bot.heard[-1]
    assert isinstance(last, AccountChanged)
    assert (last.active, last.actor.zone) == (True, "Asia/Tokyo")
    await world.mia.say("general", "Back")


async def test_what_the_bot_could_not_take_is_handed_over_later(tmp_path: Path) -> None:
    world = await World(tmp_path / "chat.db").start()
    world.bot.down = True
    await world.mia.say("general", "Anyone?")
    await world.leo.say("general", "Me")
    assert world.bot.heard == []
    await world.sandbox.stop()
    world.platform.close()

    after = await World(tmp_path / "chat.db").start()
    assert [e.text for e in after.bot.heard if isinstance(e, MessagePosted)] == ["Anyone?", "Me"]
    assert [s.text for s in after.ida.sees("general")] == ["Anyone?", "Me"]


async def test_everything_survives_a_restart(tmp_path: Path) -> None:
    world = await World(tmp_path / "chat.db").start()
    root = (await world.mia.say("general", "Hello")).message or 0
    await world.leo.react(root, "🎉")
    reply = await world.mia.command("page")
    await world.mia.press(reply, "Hand in")
    world.platform.save_clock(world.clock.now())
    before = list(world.platform.transcript.read())
    world.platform.close()

    after = await World(tmp_path / "chat.db").start()
    assert list(after.platform.transcript.read()) == before
    assert after.platform.load_clock() == world.clock.now()
    assert after.platform.reactions([root]) == {root: {"🎉": ["leo"]}}
    assert (await after.mia.submit(did="Still here")).text.startswith("Thank you")
    assert (await after.mia.press(after.mia.find("page:"), "Not now")).text.startswith("pressed")


async def test_two_runs_leave_the_same_transcript() -> None:
    async def run() -> list[str]:
        world = await World().start()
        root = (await world.mia.say("general", "Hello")).message or 0
        world.wait(minutes=5)
        await world.leo.react(root, "🎉")
        await world.mia.command("ask", "Why?")
        await world.sandbox.post(to_channel("k1", CARD))
        return list(world.platform.transcript.read())

    first = await run()
    assert first == await run()
    assert first[0] == (
        '{"seq": 1, "at": "2026-01-05T09:00:00Z", "place": "general", "thread": null, "message": 1, "by": "mia", '
        '"to": null, "kind": "said", "text": "Hello", "actions": [], "anchor": null}\n'
    )
    assert '"text": "Week 3 closes Mon 12 Jan, 11:59 UTC.' in first[-1]


async def test_unread_marks_follow_the_reader(world: World) -> None:
    id = (await world.mia.say("general", "One")).message or 0
    await world.mia.say("general", "Two")
    assert world.platform.unread("leo")["general"] == 2
    assert world.platform.unread("mia")["general"] == 0
    world.platform.mark_seen("leo", "general", id)
    assert world.platform.unread("leo")["general"] == 1


@pytest.mark.parametrize("id", ["bot", "Mia", "a b", "", "x" * 41, "<b>"])
async def test_ids_are_short_words(world: World, id: str) -> None:
    with pytest.raises(BadAct):
        world.platform.add_person(id, "X", "UTC")
