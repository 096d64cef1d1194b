"""The line: what breaks between us and Discord, and what then."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest

from adapters.discord import connection, history
from adapters.discord.adapter import Discord
from adapters.discord.budget import AN_HOUR, IdentifyBudget
from adapters.discord.check import NEEDED, invitation
from adapters.discord.config import DiscordBot
from adapters.discord.direct import AT_ONCE, EVERY, Opening
from adapters.discord.failures import MEANINGS
from adapters.discord.state import Store
from bot.app.connections import summary
from bot.core.errors import Blocked, PersonGone, PersonShut, PlaceGone, RateLimited, TargetGone, Unavailable, Unclear
from bot.core.events import CommandIssued, MessageEdited, MessagePosted, PlaceFound, ReactionChanged
from bot.core.message import Message, message, paragraph
from bot.core.people import MessageRef, Place
from bot.core.ports import Finding
from bot.core.time import SystemClock, WoundClock
from tests.discord import humans
from tests.discord.fake import FakeDiscord, Fault
from tests.discord.kit import Room
from tests.platforms.ears import Ears
from tests.waiting import LONG, eventually

HELLO = message(paragraph("Hello."))


async def heard(room: Room, number: int) -> list[str]:
    async def look() -> bool:
        return len(room.bot.all(MessagePosted)) >= number

    await eventually(look)
    return [p.text for p in room.bot.all(MessagePosted)]


# The gateway


async def test_a_line_that_breaks_is_taken_up_again(room: Room) -> None:
    await room.fake.cut(resume=True)
    room.fake.say(room.mia, room.general, "While the line was cut.")
    assert await heard(room, 1) == ["While the line was cut."]
    assert len(room.fake.identifies) == 1


async def test_a_session_that_is_lost_is_caught_up_with(room: Room) -> None:
    before = room.fake.say(room.mia, room.general, "Before.")["id"]
    await heard(room, 1)
    room.bot.watch(room.stage.place("general"), before)
    await room.fake.cut(resume=False)
    room.fake.say(room.mia, room.general, "In between.")
    room.fake.edit(room.general, before, "Before, corrected.")

    async def back() -> bool:
        return len(room.fake.identifies) == 2

    await eventually(back)
    room.fake.say(room.ben, room.general, "After.")
    assert await heard(room, 3) == ["Before.", "In between.", "After."]
    edited = await eventually(lambda: room.bot.last(MessageEdited))
    assert edited.text == "Before, corrected."


async def test_many_missed_messages_come_in_order_and_sleeping_threads_too(room: Room) -> None:
    before = room.fake.say(room.mia, room.general, "Before.")["id"]
    await heard(room, 1)
    room.bot.watch(room.stage.place("general"), before)

    async def meanwhile() -> None:
        for n in range(150):
            room.fake.say(room.ben, room.general, f"No. {n}")
        room.fake.add_thread(room.general, "Thread", room.mia, id=before)
        answer = room.fake.say(room.ben, before, "Asleep again.")["id"]
        room.fake.react(room.mia, before, answer, "✅")
        room.fake.channels[before]["thread_metadata"]["archived"] = True

    await room.stage.restart(meanwhile)
    texts = await heard(room, 152)
    assert texts == ["Before.", *(f"No. {n}" for n in range(150)), "Asleep again."]
    [last] = [p for p in room.bot.all(MessagePosted) if p.text == "Asleep again."]
    assert last.place.thread == before
    reaction = await eventually(lambda: room.bot.last(ReactionChanged))
    assert (reaction.id, reaction.emoji, reaction.actor.account) == (last.id, "✅", room.stage.account("mia"))


async def test_a_channel_that_may_not_be_read_stops_no_other(room: Room) -> None:
    place = room.stage.place("general")
    room.bot.watch(
        room.stage.place("questions"), room.fake.say(room.mia, room.stage.people.rooms["questions"], "A")["id"]
    )
    room.bot.watch(place, room.fake.say(room.mia, room.general, "B")["id"])
    await heard(room, 2)

    async def meanwhile() -> None:
        room.fake.say(room.ben, room.general, "C")

    questions = room.stage.people.rooms["questions"]
    room.fake.faults.append(Fault("GET", f"/channels/{questions}/messages", 403, {"code": 50001}, times=9))
    await room.stage.restart(meanwhile)
    assert await heard(room, 3) == ["A", "B", "C"]


async def test_a_rate_limit_makes_catching_up_slower_and_nothing_else(room: Room) -> None:
    before = room.fake.say(room.mia, room.general, "Before.")["id"]
    await heard(room, 1)
    room.bot.watch(room.stage.place("general"), before)
    path = f"/channels/{room.general}/messages"
    limit = Fault("GET", path, 429, {"retry_after": 0.1}, {"Retry-After": "0.1"}, times=2)
    room.fake.faults.append(limit)

    async def meanwhile() -> None:
        room.fake.say(room.ben, room.general, "Missed.")

    await room.stage.restart(meanwhile)
    assert await heard(room, 2) == ["Before.", "Missed."]
    assert limit.times == 0


async def test_catching_up_that_was_cut_off_begins_there_again(room: Room) -> None:
    before = room.fake.say(room.mia, room.general, "Before.")["id"]
    await heard(room, 1)
    room.bot.watch(room.stage.place("general"), before)
    path = f"/channels/{room.general}/messages"
    away = Fault("GET", path, 503, times=99)
    room.fake.faults.append(away)

    async def meanwhile() -> None:
        room.fake.say(room.ben, room.general, "Missed.")

    history.PAUSES, patient = (0.0,), history.PAUSES
    try:
        await room.stage.restart(meanwhile)
        newest = room.fake.say(room.ben, room.general, "Live.")["id"]
        assert await heard(room, 2) == ["Before.", "Live."]
        # What the bot has is newer now than what it missed.
        room.bot.watch(room.stage.place("general"), newest)
        away.times = 0
        await room.stage.restart()
        assert await heard(room, 3) == ["Before.", "Live.", "Missed."]
    finally:
        history.PAUSES = patient


async def test_catching_up_goes_on_at_the_page_where_it_was_cut_off(room: Room) -> None:
    before = room.fake.say(room.mia, room.general, "Before.")["id"]
    await heard(room, 1)
    room.bot.watch(room.stage.place("general"), before)
    # One look for edits and two pages are answered.
    away = Fault("GET", f"/channels/{room.general}/messages", 503, times=99, spared=3)
    room.fake.faults.append(away)

    async def meanwhile() -> None:
        for n in range(250):
            room.fake.say(room.ben, room.general, f"No. {n}")

    history.PAUSES, patient = (0.0,), history.PAUSES
    try:
        await room.stage.restart(meanwhile)
        assert len(await heard(room, 201)) == 201
        room.bot.repeated.clear()
        away.times = 0
        await room.stage.restart()
        assert len(await heard(room, 251)) == 251
        assert room.bot.repeated == []
    finally:
        history.PAUSES = patient


async def test_the_first_message_of_a_channel_is_fetched_too(room: Room) -> None:
    room.bot.watch(room.stage.place("general"), None)
    await room.stage.restart()

    async def meanwhile() -> None:
        room.fake.say(room.ben, room.general, "The first one here.")

    await room.stage.restart(meanwhile)
    assert await heard(room, 1) == ["The first one here."]


async def test_who_is_mentioned_is_read_by_name(room: Room) -> None:
    role = room.fake.add_role("teachers")
    await room.stage.restart()
    text = f"<@{room.ben}> <@&{role}> <#{room.general}> <:tada:123> <@999>"
    said = room.fake._message(room.general, room.fake.members[room.mia]["user"], {"content": text})
    said["mentions"] = [room.fake.members[room.ben]["user"]]
    room.fake._deliver("MESSAGE_CREATE", said)
    assert await heard(room, 1) == ["@Ben @teachers #general :tada: <@999>"]


async def test_what_the_gateway_says_twice_counts_once(room: Room) -> None:
    said = room.fake.say(room.mia, room.general, "Hello")["id"]
    await heard(room, 1)
    room.fake.react(room.ben, room.general, said, "✅")
    await eventually(lambda: room.bot.last(ReactionChanged))
    await room.fake.repeat()

    async def repeated() -> bool:
        return len(room.bot.repeated) == 1

    await eventually(repeated)
    assert len(room.bot.all(ReactionChanged)) == 1


async def test_what_could_not_be_saved_is_handed_over_again(room: Room) -> None:
    room.bot.deaf = True
    room.fake.say(room.mia, room.general, "First")
    room.fake.say(room.mia, room.general, "Second")
    await asyncio.sleep(0.2)
    room.bot.deaf = False
    assert await heard(room, 2) == ["First", "Second"]


async def test_bots_pins_and_links_that_were_looked_up_are_nothing_said(room: Room) -> None:
    other = room.fake._user("other", "Other", bot=True)
    room.fake.members[other["id"]] = room.fake._member(other)
    room.fake.say(other["id"], room.general, "I am a bot")
    room.fake.say(room.mia, room.general, "", type=6)
    said = room.fake.say(room.mia, room.general, "https://example.org")
    room.fake._deliver("MESSAGE_UPDATE", said)
    assert await heard(room, 1) == ["https://example.org"]
    await room.adapter.post(room.delivery(HELLO))
    room.fake.say(room.mia, room.general, "Last")
    assert await heard(room, 2) == ["https://example.org", "Last"]
    assert not room.bot.all(MessageEdited)


async def test_without_the_intent_for_contents_it_runs_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    fake = FakeDiscord()
    fake.no_content = True
    await fake.start()
    adapter = Discord(DiscordBot("token", fake.api, fake.gateway), None)
    try:
        await adapter.start(Ears())
        assert list(adapter.workspaces) == [fake.guild["id"]]
        assert "switch on 'Message Content Intent'" in caplog.text
        found = {f.what: f for f in await adapter.check({})}
        assert "Message Content Intent" in found["Discord: message content"].fix
    finally:
        await adapter.stop()
        await fake.stop()


async def test_it_begins_where_little_is_told_about_the_application() -> None:
    fake = FakeDiscord()
    fake.faults = [
        Fault("GET", "/oauth2/applications/@me", 404, {"code": 0, "message": "404: Not Found"}, times=9),
        Fault("GET", r"/gateway/bot|/guilds/\d+/members/\d+", 404, {"code": 0, "message": "404: Not Found"}, times=9),
    ]
    await fake.start()
    adapter = Discord(DiscordBot("token", fake.api, fake.gateway), None)
    try:
        await adapter.start(Ears())
        assert list(adapter.workspaces) == [fake.guild["id"]]
        found = {f.what: f for f in await adapter.check({})}
        assert found["Discord"].fix == ""
        assert "not told" in found[f"Discord: server {fake.guild['id']}"].state
    finally:
        await adapter.stop()
        await fake.stop()


async def test_an_event_that_cannot_be_read_is_left_out_and_the_line_stands(room: Room) -> None:
    room.fake._emit("MESSAGE_CREATE", {"id": "no number", "guild_id": room.fake.guild["id"]})
    room.fake.say(room.mia, room.general, "Hello?")
    await eventually(lambda: room.bot.last(MessagePosted))
    assert len(room.fake.identifies) == 1


async def test_an_interaction_may_leave_out_what_the_bot_has_no_use_for(room: Room) -> None:
    direct = room.fake.conversation(room.mia)["id"]
    for count, channel in ((2, room.general), (4, direct)):
        told = humans.command(room.fake, room.mia, channel, "help")
        lean = {k: v for k, v in told.items() if k not in ("version", "attachment_size_limit", "channel")}
        room.fake._emit("INTERACTION_CREATE", {**lean, "id": room.fake.id()})

        async def both(count: int = count) -> bool:
            return len(room.bot.all(CommandIssued)) == count

        await eventually(both)
    full, short, full_direct, short_direct = [e.place for e in room.bot.all(CommandIssued)]
    assert (short, short_direct) == (full, full_direct)
    assert short_direct.direct


async def test_a_bad_token_is_said_at_once_and_tried_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "REFUSED_PAUSE", 0.05)
    fake = FakeDiscord()
    fake.bad_token = True
    await fake.start()
    adapter = Discord(DiscordBot("token", fake.api, fake.gateway), None)
    try:
        await asyncio.wait_for(adapter.start(Ears()), LONG)
        assert "does not know the bot's token" in caplog.text
        assert "It is tried again in" in caplog.text
        assert summary([adapter]).startswith("Discord: not connected. Discord does not know the bot's token.")
        [finding] = await adapter.check({})
        assert "Reset Token" in finding.fix
        with pytest.raises(Unavailable):
            await adapter.react(MessageRef("1", "2", "3"), "👀", True)
        fake.bad_token = False

        async def connected() -> bool:
            return summary([adapter]) == "Discord: 1 connected."

        await eventually(connected)
    finally:
        await adapter.stop()
        await fake.stop()


async def test_a_token_that_is_revoked_stops_it_in_words(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    room.fake.bad_token = True
    await room.fake.cut(resume=False)

    async def said() -> bool:
        return "does not know the bot's token" in caplog.text

    await eventually(said)
    assert list(room.adapter.workspaces) == []
    with pytest.raises(Unavailable):
        await room.adapter.post(room.delivery(HELLO))


async def test_discord_away_is_found_when_it_comes_back(caplog: pytest.LogCaptureFixture) -> None:
    fake = FakeDiscord()
    await fake.start()
    adapter = Discord(DiscordBot("token", fake.api), None)
    port = fake.port
    await fake.stop()
    try:
        starting = asyncio.create_task(adapter.start(Ears()))

        async def said() -> bool:
            return "is tried again" in caplog.text

        await eventually(said)
        await fake.start(port)
        await asyncio.wait_for(starting, LONG)
        assert list(adapter.workspaces) == [fake.guild["id"]]
    finally:
        await adapter.stop()
        await fake.stop()


async def test_shards_share_the_guilds() -> None:
    fake = FakeDiscord()
    channel = fake.add_channel("general")["id"]
    mia = fake.add_person("mia", "Mia")["id"]
    await fake.start()
    adapter, bot = Discord(DiscordBot("token", fake.api, fake.gateway, shards=2), None), Ears()
    try:
        await adapter.start(bot)
        assert [d["shard"] for d in fake.identifies] == [[0, 2], [1, 2]]
        fake.say(mia, channel, "Hello")
        posted = await eventually(lambda: bot.last(MessagePosted))
        # One shard loses its session: what was missed is fetched, and what happens later is heard.
        bot.watch(posted.place, posted.id)
        shard = next(s for s in fake.sessions.values() if fake._is_for(s, fake.guild["id"]))
        del fake.sessions[shard.id]
        assert shard.socket is not None
        await shard.socket.close(code=4000)
        fake.say(mia, channel, "In between")

        async def again() -> bool:
            return len(fake.identifies) == 3

        await eventually(again)
        fake.say(mia, channel, "After")

        async def all_three() -> bool:
            return [p.text for p in bot.all(MessagePosted)] == ["Hello", "In between", "After"]

        await eventually(all_three)
    finally:
        await adapter.stop()
        await fake.stop()


# IDENTIFYs


async def test_a_crash_loop_leaves_connections_for_the_rest_of_the_day(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    clock = WoundClock(start=datetime(2026, 1, 5, tzinfo=UTC))
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.wind(clock.now() + timedelta(seconds=seconds))

    store = Store(tmp_path)
    store._db.execute("PRAGMA synchronous=OFF")
    while clock.now() < datetime(2026, 1, 6, tzinfo=UTC):  # each is a process of its own that dies after 20 s
        await IdentifyBudget(store, clock, sleep=sleep).take()
        clock.wind(clock.now() + timedelta(seconds=20))
    store.close()
    again = Store(tmp_path)
    used = len(again.identifies(datetime(2026, 1, 4, 23, tzinfo=UTC)))
    assert 800 < used < 1000
    assert slept
    left = IdentifyBudget(again, clock).left()
    assert 0 < left < 200
    assert f"{left} of 1000 starts in 24 hours are left" in caplog.text
    assert "40 times within the hour" in caplog.text
    found = IdentifyBudget(again, clock).finding()
    assert found.state == f"{1000 - left} used in 24 hours, {left} left"
    assert "look into the log" in found.fix


async def test_the_first_connections_need_not_wait() -> None:
    store = Store(None)
    for _ in range(AN_HOUR):
        await IdentifyBudget(store, SystemClock()).take()
    assert IdentifyBudget(store, SystemClock()).pause() > 3000


# REST


async def test_a_rate_limit_goes_to_the_outbox(room: Room) -> None:
    headers = {"Retry-After": "7", "Via": "1.1 proxy", "X-RateLimit-Scope": "user"}
    room.fake.faults.append(
        Fault("POST", r"/channels/\d+/messages", 429, {"retry_after": 7.0, "global": False}, headers)
    )
    with pytest.raises(RateLimited) as limited:
        await room.adapter.post(room.delivery(HELLO))
    assert limited.value.retry_after == timedelta(seconds=7)
    assert len((await room.adapter.post(room.delivery(HELLO))).refs) == 1
    assert room.texts(room.general) == ["Hello."]
    # A limit without discord.py's favourite header is one, too.
    room.fake.faults.append(Fault("POST", r"/channels/\d+/messages", 429, {"retry_after": 3}, {"Retry-After": "3"}))
    with pytest.raises(RateLimited):
        await room.adapter.post(room.delivery(HELLO, "k2"))


@pytest.mark.parametrize("within_minutes", [True, False])
async def test_a_lost_answer_posts_nothing_twice(room: Room, within_minutes: bool) -> None:
    room.fake.say(room.mia, room.general, "Hello.")  # the same words by somebody else are not ours
    [other] = (await room.adapter.post(room.delivery(HELLO, "k0"))).refs  # nor are ours for another row
    room.fake.faults.append(Fault("POST", r"/channels/\d+/messages", 502, after=True))
    with pytest.raises(Unclear):
        await room.adapter.post(room.delivery(HELLO))
    await room.stage.restart()
    if within_minutes:
        [again] = (await room.adapter.post(room.delivery(HELLO))).refs
    else:
        room.fake.nonces.clear()
        # What is to be said may have changed in the meantime; what was sent is found all the same.
        found = await room.adapter.find(room.delivery(message(paragraph("Changed."))))
        assert found is not None
        [again] = found.refs
    ours = [m["id"] for m in room.fake.messages[room.general].values() if m["author"]["id"] == room.fake.bot["id"]]
    assert ours == [other.id, again.id]


@pytest.mark.parametrize("told", [True, False])
async def test_what_cannot_be_looked_for_waits(room: Room, told: bool) -> None:
    room.fake.faults.append(Fault("POST", r"/channels/\d+/messages", 502, after=True))
    with pytest.raises(Unclear):
        await room.adapter.post(room.delivery(HELLO))
    if told:
        # Discord shows an empty channel then, and refuses nothing.
        room.fake.forbid(room.general, discord.Permissions.read_message_history.flag)

        async def lacking() -> bool:
            return bool(room.adapter._places.lacks(room.general))

        await eventually(lacking)
    else:
        room.fake.faults.append(Fault("GET", r"/channels/\d+/messages", 403, {"code": 50013}))
    with pytest.raises(Blocked) as waits:
        await room.adapter.find(room.delivery(HELLO))
    assert waits.value.needs == ("Read Message History" if told else "")
    # Another channel that was chosen since is not the one that cannot be read.
    other = room.fake.add_channel("other")["id"]
    if told:
        with pytest.raises(Unavailable):
            await room.adapter.find(room.delivery(HELLO, channel=other))
        room.fake.forbid(room.general, 0)

        async def back() -> bool:
            return not room.adapter._places.lacks(room.general)

        await eventually(back)
    found = await room.adapter.find(room.delivery(HELLO, channel=other))
    assert found is not None
    (there,) = room.fake.messages[room.general]
    assert found.refs == (MessageRef(room.fake.guild["id"], room.general, there),)


async def test_what_never_arrived_is_not_found(room: Room) -> None:
    room.fake.faults.append(Fault("POST", r"/channels/\d+/messages", 502))
    with pytest.raises(Unclear):
        await room.adapter.post(room.delivery(HELLO))
    assert await room.adapter.find(room.delivery(HELLO)) is None
    await room.adapter.post(room.delivery(HELLO))
    assert room.texts(room.general) == ["Hello."]


async def test_a_lost_post_of_a_forum_is_found(room: Room) -> None:
    forum = room.fake.add_channel("help", 15)["id"]
    await room.stage.restart()
    said = Message(HELLO.blocks, "Why?", "open")
    room.fake.faults.append(Fault("POST", rf"/channels/{forum}/threads", 504, after=True))
    with pytest.raises(Unclear):
        await room.adapter.post(room.delivery(said, channel=forum))
    found = await room.adapter.find(room.delivery(said, channel=forum))
    assert found is not None
    assert found.refs[0].id in room.fake.channels
    assert (await room.adapter.post(room.delivery(said, channel=forum))).refs == found.refs


async def test_a_split_message_goes_on_where_it_was_cut_off(room: Room) -> None:
    long = message(*(paragraph(f"{n} " + "word " * 300) for n in range(4)))
    room.fake.faults.append(Fault("POST", "-never-", 500))
    path = rf"/channels/{room.general}/messages"
    posts = Fault("POST", path, 429, {"retry_after": 9}, {"Retry-After": "9"}, times=0)
    room.fake.faults.append(posts)
    first = room.fake._post

    def then_fail(*args, **kwargs):  # type: ignore[no-untyped-def]
        posts.times = 1
        room.fake._post = first  # type: ignore[method-assign]
        return first(*args, **kwargs)

    room.fake._post = then_fail  # type: ignore[method-assign]
    with pytest.raises(RateLimited):
        await room.adapter.post(room.delivery(long))
    assert len(room.texts(room.general)) == 1
    room.fake.nonces.clear()
    refs = (await room.adapter.post(room.delivery(long))).refs
    assert len(refs) == len(room.texts(room.general)) > 1


ERRORS = {
    "place gone": PlaceGone,
    "person gone": PersonGone,
    "person shut": PersonShut,
    "gone": TargetGone,
    "waits": Blocked,
    "paused": RateLimited,
    "tried again": Unavailable,
}


async def test_each_code_has_the_outcome_that_the_manual_names(room: Room) -> None:
    path = r"/channels/\d+/messages"
    for code, meaning in MEANINGS.items():
        status = 404 if 10_000 <= code < 20_000 else 403
        room.fake.faults.append(Fault("POST", path, status, {"code": code, "message": "No"}))
        with pytest.raises(ERRORS[meaning.then]):
            await room.adapter.post(room.delivery(HELLO, f"k{code}"))


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, 50035, Unavailable),
        (401, 0, Unavailable),
        (404, 0, Unavailable),
        (403, 0, RateLimited),
        (403, 99_999, Blocked),
        (500, 0, Unclear),
    ],
)
async def test_a_refusal_without_a_rule_goes_by_its_status(
    room: Room, status: int, code: int, error: type[Exception]
) -> None:
    room.fake.faults.append(Fault("POST", r"/channels/\d+/messages", status, {"code": code, "message": "No"}))
    with pytest.raises(error):
        await room.adapter.post(room.delivery(HELLO))


async def test_a_refusal_names_the_permission_that_is_missing(room: Room) -> None:
    channel = room.fake.channels[room.general]
    channel["permission_overwrites"] = [{"id": room.fake.guild["id"], "type": 0, "allow": "0", "deny": str(1 << 15)}]
    room.fake._emit("CHANNEL_UPDATE", room.fake._shown(channel))

    async def lacking() -> bool:
        return bool(room.adapter._places.lacks(room.general))

    await eventually(lacking)
    room.fake.faults.append(Fault("POST", r"/channels/\d+/messages", 403, {"code": 50013, "message": "No"}))
    with pytest.raises(Blocked) as told:
        await room.adapter.post(room.delivery(HELLO))
    assert told.value.needs == "Attach Files"
    channel["permission_overwrites"] = []
    room.fake._emit("CHANNEL_UPDATE", room.fake._shown(channel))

    async def found() -> bool:
        return room.stage.place("general") in [f.place for f in room.bot.all(PlaceFound)]

    await eventually(found)


async def test_many_direct_conversations_are_opened_one_after_another() -> None:
    pace, now = Opening(), datetime(2026, 1, 5, 8, tzinfo=UTC)
    waits: list[timedelta] = []
    for person in range(300):
        try:
            pace.take(str(person), now)
        except RateLimited as e:
            waits.append(e.retry_after)
    assert len(waits) == 300 - AT_ONCE
    assert (waits[0], waits[-1]) == (EVERY, len(waits) * EVERY)
    pace.take(str(AT_ONCE), now + waits[0])
    # That one was refused: it comes first after the pause, and nobody loses their place.
    pace.hold(str(AT_ONCE), now + timedelta(hours=1))
    with pytest.raises(RateLimited) as told:
        pace.take(str(AT_ONCE + 1), now + waits[1])
    assert told.value.retry_after == timedelta(hours=1) + EVERY - waits[1]
    pace.take(str(AT_ONCE), now + timedelta(hours=1))
    pace.take(str(AT_ONCE + 1), now + timedelta(hours=1) + EVERY)


# What `doctor` says


async def test_doctor_says_what_is_missing_and_how_to_fix_it(room: Room) -> None:
    found = await room.adapter.check({})
    by_name = {f.what: f for f in found}
    assert by_name["Discord: message content"].fix == ""
    assert by_name["Discord: clock"].fix == ""
    assert by_name["Discord: connections left today"].state == "990"
    assert by_name["Discord: session starts"].state == "1 used in 24 hours, 999 left"
    room.fake.guild["roles"][0]["permissions"] = str(sum(discord.Permissions(**{n: True}).value for n in NEEDED))
    useful = [f for f in await room.adapter.check({}) if "without" in f.state]
    assert [f.fix for f in useful] == [""]
    assert "without 'Manage Channels', the bot cannot make channels" in useful[0].state
    assert f"If you need that, let the bot in once more: {invitation(room.fake.bot['id'])}" in useful[0].state
    view_and_send = (1 << 10) | (1 << 11)
    room.fake.guild["roles"][0]["permissions"] = str(view_and_send)
    found = await room.adapter.check({})
    wide = next(f for f in found if "missing" in f.state)
    assert invitation(room.fake.bot["id"]) in wide.fix
    room.fake.guilds.clear()
    found = await room.adapter.check({})
    assert "oauth2/authorize" in next(f for f in found if f.what == "Discord: servers").fix


async def test_doctor_looks_at_the_channels_that_cohorts_use_and_says_nothing_of_others(room: Room) -> None:
    guild = room.fake.guild["id"]

    def closed(bit: int) -> list[dict[str, object]]:
        return [{"id": guild, "type": 0, "allow": "0", "deny": str(1 << bit)}]

    hidden = room.fake.add_channel("hidden", permission_overwrites=closed(10))["id"]
    quiet = room.fake.add_channel("quiet", permission_overwrites=closed(16))["id"]
    voice = room.fake.add_channel("voice", 2)["id"]
    room.fake.add_channel("rules", permission_overwrites=closed(11))  # as every server has
    used = {"well": room.general, "hidden": hidden, "quiet": quiet, "voice": voice, "gone": "99"}
    found = await room.adapter.check({Place(guild, channel): name for name, channel in used.items()})
    by_name = {f.what: f for f in found}
    assert by_name["well"] == Finding("well", "#general")
    assert by_name["hidden"].fix.endswith("allow the bot 'View Channel'.")
    assert by_name["quiet"].fix.endswith("allow the bot 'Read Message History'.")
    assert "a text channel or a forum" in by_name["voice"].fix
    assert (by_name["gone"].state, "/cohort setup" in by_name["gone"].fix) == ("there is no channel 99", True)
    assert "rules" not in str(found)
    assert not [f for f in await room.adapter.check({}) if f.fix]


async def test_doctor_names_a_forum_in_which_no_post_can_be_made(room: Room) -> None:
    """It wants a tag for each post, and there is none that the bot may set; setup refuses it for that, too."""
    forum = room.fake.add_channel("asks", 15, flags=1 << 4)
    place = Place(room.fake.guild["id"], forum["id"])
    role = room.fake.guild["roles"][0]

    async def said() -> Finding:
        return next(f for f in await room.adapter.check({place: "questions"}) if f.what == "questions")

    assert await said() == Finding("questions", "#asks"), "the bot makes its tags"
    role["permissions"] = str(sum(discord.Permissions(**{n: True}).value for n in NEEDED))
    refused = await said()
    assert "wants a tag for each post" in refused.state
    assert "add a tag that everybody may use" in refused.fix
    forum["available_tags"] = [{"id": "7", "name": "x", "moderated": True, "emoji_id": None, "emoji_name": None}]
    assert (await said()).fix, "a tag for moderators alone does not help"
    forum["available_tags"][0]["moderated"] = False
    tagged = await said()
    assert tagged.fix == ""
    assert "without 'Manage Threads'" in tagged.state
    found = await room.adapter.check({place: "Cohort DE-26, main"})
    assert "Choose a text channel" in next(f for f in found if f.what == "Cohort DE-26, main").fix


async def test_doctor_knows_when_discord_reviews_what_the_bot_may_read(room: Room) -> None:
    """From 10,000 people on, which one large server has; and who could let the bot in there."""

    async def told() -> tuple[Finding, str]:
        by_name = {f.what: f for f in await room.adapter.check({})}
        return by_name["Discord: people who can see the bot"], by_name["Discord: who can invite the bot"].state

    few, who = await told()
    assert (few.state.startswith("at most 40;"), few.fix) == (True, "")
    assert "only its owner" in who
    room.fake.population, room.fake.public = 10_001, True
    many, who = await told()
    assert "apply for Message Content" in many.fix
    assert "anybody" in who


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("", "https://discord.com/api/v10"),
        ("http://127.0.0.1:1/api/v10/", "http://127.0.0.1:1/api/v10"),
        ("http://127.0.0.1:1/api", "http://127.0.0.1:1/api/v10"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1/api/v10"),
    ],
)
def test_addresses_are_understood(given: str, meant: str) -> None:
    assert DiscordBot("t", given).api == meant
