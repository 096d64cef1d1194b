"""Forums, threads, private conversations and what stands in for them."""

from datetime import timedelta

import pytest

from bot.core.errors import Blocked, PersonGone, PlaceGone, TargetGone, Unclear
from bot.core.events import ButtonPressed, MessageDeleted, MessageEdited, MessagePosted, PlaceFound, PlaceLost
from bot.core.message import Button, Document, Message, buttons, message, paragraph
from bot.core.people import MessageRef, Place
from tests.discord import humans
from tests.discord.fake import Fault
from tests.discord.fake_rest import CREATE_PUBLIC_THREADS, MANAGE_THREADS, REQUIRE_TAG
from tests.discord.kit import Room
from tests.discord.test_discord_line import heard
from tests.waiting import eventually

HELLO = message(paragraph("Hello."))
MANAGE_CHANNELS = 1 << 4


def question(state: str = "open", topic: str = "How long may the report be?") -> Message:
    said = message(paragraph("Mia asks"), paragraph("How long?"), buttons(Button("I take it", "q.take/1/1:1")))
    return Message(said.blocks, topic, state)  # type: ignore[arg-type]


@pytest.fixture
async def forum(room: Room) -> str:
    channel = room.fake.add_channel("help", 15)
    await room.stage.restart()
    return str(channel["id"])


# Forums


async def test_a_question_is_a_post_with_a_tag(room: Room, forum: str) -> None:
    [ref] = (await room.adapter.post(room.delivery(question(), channel=forum))).refs
    post = room.fake.channels[ref.id]
    tags = {t["name"]: t["id"] for t in room.fake.channels[forum]["available_tags"]}
    assert (post["name"], post["parent_id"], post["type"]) == ("How long may the report be?", forum, 11)
    assert (post["applied_tags"], ref.channel) == ([tags["Open"]], forum)
    # Its people put a tag of their own to it; ours changes with the state, and theirs stays.
    theirs = {"id": "77", "name": "Docker", "moderated": False, "emoji_id": None, "emoji_name": None}
    room.fake.channels[forum]["available_tags"].append(theirs)
    room.fake._emit("CHANNEL_UPDATE", room.fake.channels[forum])
    # It stands on the post beside one that the forum does not have any more, which is not sent again.
    post["applied_tags"] += ["77", "78"]
    room.fake.say(room.mia, room.general, "Is it known now?")
    await eventually(lambda: room.bot.last(MessagePosted))
    again = await room.adapter.edit(room.delivery(question("answered"), "k2", forum), [ref])
    assert again.refs == (ref,)
    assert post["applied_tags"] == [tags["Answered"], "77"]
    assert len([b for b in room.sent("PATCH") if "available_tags" in b]) == 1


async def test_a_forum_without_the_right_to_make_tags_goes_without(room: Room, forum: str) -> None:
    room.fake.faults.append(Fault("PATCH", f"/channels/{forum}", 403, {"code": 50013}, times=9))
    [ref] = (await room.adapter.post(room.delivery(question(), channel=forum))).refs
    assert room.fake.channels[ref.id]["applied_tags"] == []


@pytest.mark.parametrize(("manages", "tag"), [(False, "Homework"), (True, "Staff")])
async def test_a_required_tag_is_one_that_the_bot_may_set(room: Room, forum: str, manages: bool, tag: str) -> None:
    plain = {"emoji_id": None, "emoji_name": None}
    names = {"Staff": True, "Open": True, "Homework": False}
    found = room.fake.channels[forum]
    found["available_tags"] = [{"id": room.fake.id(), "name": n, "moderated": m, **plain} for n, m in names.items()]
    found["flags"] = REQUIRE_TAG
    room.fake.forbid(forum, MANAGE_CHANNELS | (0 if manages else MANAGE_THREADS))
    await room.stage.restart()
    [ref] = (await room.adapter.post(room.delivery(question("" if manages else "open"), channel=forum))).refs
    ids = {t["id"]: t["name"] for t in found["available_tags"]}
    assert [ids[t] for t in room.fake.channels[ref.id]["applied_tags"]] == [tag]


async def test_a_persons_post_is_tagged_by_its_state(room: Room, forum: str) -> None:
    [own] = [{"id": room.fake.id(), "name": "Week 1", "moderated": False, "emoji_id": None, "emoji_name": None}]
    room.fake.channels[forum]["available_tags"].append(own)
    await room.stage.restart()
    post = room.fake.open_post(room.mia, forum, "Docker", "It exits with 137.", [own["id"]])
    ref = MessageRef(room.fake.guild["id"], forum, post)

    def tags() -> list[str]:
        names = {t["id"]: t["name"] for t in room.fake.channels[forum]["available_tags"]}
        return [names[t] for t in room.fake.channels[post]["applied_tags"]]

    await room.adapter.react(ref, "❓", True, "open")
    assert tags() == ["Open", "Week 1"]
    room.fake.channels[post]["thread_metadata"]["archived"] = True
    await room.adapter.react(ref, "✅", True, "answered")
    assert tags() == ["Answered", "Week 1"]
    await room.adapter.react(ref, "💡", True)
    assert tags() == ["Answered", "Week 1"]
    # Without the permission the reaction still comes, and Discord is not asked for what it would refuse.
    room.fake.forbid(forum, MANAGE_THREADS)
    await room.stage.restart()
    await room.adapter.react(ref, "✅", False, "open")
    assert tags() == ["Answered", "Week 1"]
    assert room.fake.messages[post][post]["reacted"] == {"❓", "💡"}


async def test_answers_hang_below_a_post(room: Room, forum: str) -> None:
    [ref] = (await room.adapter.post(room.delivery(question(), channel=forum))).refs
    said = room.fake.say(room.ben, ref.id, "Ten pages.")
    posted = await eventually(lambda: room.bot.last(MessagePosted))
    assert posted.place == Place(room.fake.guild["id"], forum, ref.id)
    assert posted.id == f"{ref.id}/{said['id']}"
    [reply] = (await room.adapter.post(room.delivery(HELLO, "k2", forum, ref.id))).refs
    assert reply.id.startswith(f"{ref.id}/")
    await room.adapter.edit(room.delivery(message(paragraph("Changed.")), "k3", forum, ref.id), [reply])
    assert room.texts(ref.id)[-1] == "Changed."
    await room.adapter.react(reply, "✅", True)
    assert room.adapter.link(reply) == f"https://discord.com/channels/{room.fake.guild['id']}/{reply.id}"
    shown = room.fake.messages[ref.id][ref.id]
    humans.press(room.fake, room.ben, shown, "I take it")
    pressed = await eventually(lambda: room.bot.last(ButtonPressed))
    assert (pressed.message, pressed.place) == (ref, Place(room.fake.guild["id"], forum))


async def test_what_somebody_asks_in_a_forum_has_its_title(room: Room, forum: str) -> None:
    post = room.fake.open_post(room.mia, forum, "Docker exits with 137", "What can I do?")
    posted = await eventually(lambda: room.bot.last(MessagePosted))
    assert posted.place == Place(room.fake.guild["id"], forum)
    assert (posted.id, posted.text, posted.titled) == (post, "Docker exits with 137\nWhat can I do?", True)
    room.fake.edit(post, post, "What now?")
    edited = await eventually(lambda: room.bot.last(MessageEdited))
    assert (edited.id, edited.place) == (posted.id, posted.place)
    room.fake._emit("THREAD_DELETE", {"id": post, "guild_id": room.fake.guild["id"], "parent_id": forum, "type": 11})
    deleted = await eventually(lambda: room.bot.last(MessageDeleted))
    assert (deleted.id, deleted.place) == (posted.id, posted.place)


async def test_a_title_that_was_changed_during_a_downtime_is_heard_once(room: Room, forum: str) -> None:
    post, other = (room.fake.open_post(room.mia, forum, title, "What now?") for title in ("Docker", "Compose"))
    await heard(room, 2)
    room.bot.watch(Place(room.fake.guild["id"], forum), other)

    async def meanwhile() -> None:
        room.fake.rename(post, "Docker dies of hunger")

    await room.stage.restart(meanwhile)
    edited = await eventually(lambda: room.bot.last(MessageEdited))
    assert (edited.place, edited.id) == (Place(room.fake.guild["id"], forum), post)
    assert (edited.text, edited.titled) == ("Docker dies of hunger\nWhat now?", True)
    await room.stage.restart()
    room.fake.rename(post, "Docker dies of thirst")
    room.fake.say(room.mia, post, "Nobody?")
    await heard(room, 3)
    await room.stage.restart()
    titles = [edit.text.partition("\n")[0] for edit in room.bot.all(MessageEdited)]
    assert titles == ["Docker dies of hunger", "Docker dies of thirst"]


async def test_a_post_too_long_goes_on_below(room: Room, forum: str) -> None:
    long = Message(message(*(paragraph("word " * 300) for _ in range(3))).blocks, "Long")
    refs = (await room.adapter.post(room.delivery(long, channel=forum))).refs
    assert len(refs) > 1
    assert all(r.id.startswith(f"{refs[0].id}/") for r in refs[1:])
    short = await room.adapter.edit(room.delivery(Message(HELLO.blocks, "Long"), "k2", forum), refs)
    assert short.refs == refs[:1]
    assert room.texts(refs[0].id) == ["Hello."]
    back = await room.adapter.edit(room.delivery(long, "k3", forum), short.refs)
    assert len(back.refs) == len(refs)
    assert back.refs[1].id.startswith(f"{refs[0].id}/")


# Threads


async def test_a_question_of_a_channel_gets_a_thread_at_once(room: Room) -> None:
    [ref] = (await room.adapter.post(room.delivery(question()))).refs
    assert room.fake.channels[ref.id]["name"] == "How long may the report be?"
    await room.adapter.post(room.delivery(HELLO, "k2", thread=ref.id))
    assert room.texts(ref.id) == ["Hello."]


async def test_a_thread_is_made_where_the_first_answer_comes_from_us(room: Room) -> None:
    root = room.fake.say(room.mia, room.general, "Is it due on Friday?")["id"]
    [ref] = (await room.adapter.post(room.delivery(HELLO, thread=root))).refs
    assert ref == MessageRef(room.fake.guild["id"], room.general, f"{root}/{next(iter(room.fake.messages[root]))}")
    with pytest.raises(TargetGone):
        await room.adapter.post(room.delivery(HELLO, "k2", thread="12345"))


async def test_a_reply_of_discords_own_kind_hangs_below_too(room: Room) -> None:
    root = room.fake.say(room.mia, room.general, "Is it due on Friday?")
    first = room.fake.say(room.ben, room.general, "Yes.", reply_to=root["id"])
    room.fake.say(room.mia, room.general, "Thanks!", reply_to=first["id"])

    async def three() -> bool:
        return len(room.bot.all(MessagePosted)) == 3

    await eventually(three)
    assert [p.place.thread for p in room.bot.all(MessagePosted)] == [None, root["id"], root["id"]]


async def test_a_thread_that_sleeps_is_woken_first(room: Room) -> None:
    root = room.fake.say(room.mia, room.general, "Is it due on Friday?")["id"]
    [ref] = (await room.adapter.post(room.delivery(HELLO, thread=root))).refs
    thread = room.fake.channels[root]["thread_metadata"]
    thread["archived"] = True
    await room.adapter.edit(room.delivery(message(paragraph("Better.")), "k2", thread=root), [ref])
    assert (thread["archived"], room.texts(root)) == (False, ["Better."])
    thread["archived"] = True
    await room.adapter.react(ref, "👀", True)
    thread |= {"archived": True, "locked": True}
    with pytest.raises(TargetGone, match="locked"):
        await room.adapter.edit(room.delivery(HELLO, "k3", thread=root), [ref])
    with pytest.raises(TargetGone):
        await room.adapter.post(room.delivery(HELLO, "k4", thread=root))


# Private conversations


async def test_a_closed_conversation_becomes_a_private_thread(room: Room) -> None:
    room.fake.closed.add(room.mia)
    room.bot.watch(room.stage.place("general"), None)
    [ref] = (await room.adapter.post(room.direct(HELLO))).refs
    thread = room.fake.channels[ref.channel]
    assert (thread["type"], thread["parent_id"], thread["people"]) == (12, room.general, {room.mia})
    assert room.texts(ref.channel) == ["Hello."]
    # The next goes there without another try, and it is a conversation like any other.
    before = len(room.fake.requests)
    await room.adapter.post(room.direct(HELLO, "d2"))
    assert len(room.fake.requests) == before + 1
    await room.adapter.edit(room.direct(message(paragraph("Changed.")), "d3"), [ref])
    room.fake.say(room.ben, ref.channel, "A moderator looks in.")
    room.fake.say(room.mia, ref.channel, "I finished the case.")
    posted = await eventually(lambda: room.bot.last(MessagePosted))
    assert posted.place == Place(room.fake.guild["id"], ref.channel, direct=True)
    assert [p.text for p in room.bot.all(MessagePosted)] == ["I finished the case."]
    # A day later their door is tried again.
    room.fake.closed.clear()
    room.adapter._store.keep_direct(room.fake.guild["id"], room.mia, ref.channel, room.bot.now() - timedelta(1))
    [ref] = (await room.adapter.post(room.direct(HELLO, "d4"))).refs
    assert ref.channel == room.fake.conversation(room.mia)["id"]


async def test_where_no_private_thread_may_be_a_button_shows_their_page(room: Room) -> None:
    room.fake.closed.add(room.mia)
    room.fake.faults.append(Fault("POST", rf"/channels/{room.general}/threads", 403, {"code": 50013}, times=1))
    room.bot.watch(room.stage.place("general"), None)
    secret = message(paragraph("Your mark is C."))
    [ref] = (await room.adapter.post(room.direct(secret))).refs
    thread = ref.id.partition("/")[0]
    [shown] = room.fake.messages[thread].values()
    assert "Your mark" not in shown["content"]
    assert (humans.labels(shown), shown["called"]) == (("Show",), [room.mia])
    humans.press(room.fake, room.mia, shown, "Show")
    await room.whispered("The page of Mia", thread)
    # An edit never writes it into the open.
    assert (await room.adapter.edit(room.direct(secret, "d2"), [ref])).refs == (ref,)
    assert "Your mark" not in str(room.fake.messages)


async def test_a_name_in_place_of_a_channels_id_is_said(room: Room) -> None:
    room.bot.watch(Place(room.fake.guild["id"], "general"), "123")
    await room.stage.restart()
    with pytest.raises(TargetGone, match="Copy Channel ID"):
        await room.adapter.post(room.delivery(HELLO, channel="general"))


async def test_a_conversation_that_discord_does_not_know_any_more_is_opened_anew(room: Room) -> None:
    [old] = (await room.adapter.post(room.direct(HELLO))).refs
    room.fake.drop_channel(old.channel)
    long = message(*(paragraph(f"{n} " + "word " * 300) for n in range(3)))
    refs = (await room.adapter.post(room.direct(long, "d2"))).refs
    new = room.fake.conversation(room.mia)["id"]
    assert new != old.channel
    assert {ref.channel for ref in refs} == {new}
    assert len(room.texts(new)) == len(refs) > 1
    # What Mia says there is heard, and the next message goes there at once.
    room.fake.say(room.mia, new, "I finished the case.")
    posted = await eventually(lambda: room.bot.last(MessagePosted))
    assert posted.place == Place(room.fake.guild["id"], new, direct=True)
    before = len(room.fake.requests)
    await room.adapter.post(room.direct(HELLO, "d3"))
    assert len(room.fake.requests) == before + 1


async def test_a_new_conversation_that_is_unknown_too_is_not_opened_again_at_once(room: Room) -> None:
    await room.adapter.post(room.direct(HELLO))
    path = r"/channels/\d+/messages"
    room.fake.faults.append(Fault("POST", path, 404, {"code": 10003, "message": "No"}, times=2))
    opened = len(room.sent("POST", "/users/@me/channels"))
    with pytest.raises(PlaceGone):
        await room.adapter.post(room.direct(HELLO, "d2"))
    assert len(room.sent("POST", "/users/@me/channels")) == opened + 1


async def test_who_left_while_their_conversation_was_closed_is_not_called_in_the_channel(room: Room) -> None:
    room.fake.closed.add(room.mia)
    room.bot.watch(room.stage.place("general"), None)
    room.fake.faults.append(Fault("PUT", r"/channels/\d+/thread-members/\d+", 404, {"code": 10007, "message": "No"}))
    with pytest.raises(PersonGone):
        await room.adapter.post(room.direct(HELLO))
    assert not any(m.get("called") for ms in room.fake.messages.values() for m in ms.values())


async def test_nobody_to_tell_is_said(room: Room) -> None:
    room.fake.closed.add(room.mia)
    with pytest.raises(TargetGone, match="closed"):
        await room.adapter.post(room.direct(HELLO))
    room.fake.faults.append(Fault("POST", "/users/@me/channels", 404, {"code": 10013}))
    room.adapter._store._db.execute("DELETE FROM directs")
    with pytest.raises(TargetGone):
        await room.adapter.post(room.direct(HELLO, "d2"))


async def test_a_whisper_opens_for_its_one_reader(room: Room) -> None:
    room.bot.whispers = {f"{room.mia}/w1": message(paragraph("Asked before: FAQ 14."))}
    root = room.fake.say(room.mia, room.general, "How long?")["id"]
    delivery = room.delivery(message(paragraph("Asked before: FAQ 14.")), "w1", thread=root)
    await room.adapter.whisper(
        type(delivery)("w1", "", delivery.message, place=delivery.place, account=room.stage.account("mia"))
    )
    [shown] = room.fake.messages[root].values()
    assert "FAQ" not in shown["content"]
    assert shown["called"] == [room.mia]
    humans.press(room.fake, room.ben, shown, "Show")
    assert (await room.whispered("for somebody else", root))["to"] == room.ben
    await room.stage.restart()
    humans.press(room.fake, room.mia, shown, "Show")
    assert (await room.whispered("FAQ 14", root))["to"] == room.mia


# Nothing is half made


async def test_a_question_stands_where_its_thread_cannot_be_made(room: Room) -> None:
    room.fake.forbid(room.general, CREATE_PUBLIC_THREADS)
    await room.stage.restart()
    long = Message(message(*(paragraph("word " * 300) for _ in range(3))).blocks, "Long")
    refs = (await room.adapter.post(room.delivery(long))).refs
    assert [m["id"] for m in room.fake.messages[room.general].values()] == [r.id for r in refs]
    await room.adapter.edit(room.delivery(Message(HELLO.blocks, "Long"), "k2"), refs)
    assert room.texts(room.general) == ["Hello."]
    # The thread comes as soon as it may, below the same message.
    room.fake.forbid(room.general, 0)
    await room.adapter.post(room.delivery(HELLO, "k3", thread=refs[0].id))
    assert room.texts(refs[0].id) == ["Hello."]


async def test_a_question_whose_line_is_cut_before_its_thread_gets_one(room: Room) -> None:
    room.fake.faults.append(Fault("POST", rf"/channels/{room.general}/messages/\d+/threads", 502))
    with pytest.raises(Unclear):
        await room.adapter.post(room.delivery(question()))
    found = await room.adapter.find(room.delivery(question()))
    assert [m["id"] for m in room.fake.messages[room.general].values()] == [found.refs[0].id]
    assert room.fake.channels[found.refs[0].id]["name"] == "How long may the report be?"


async def test_a_refused_post_of_a_forum_is_posted_once_it_may(room: Room, forum: str) -> None:
    room.fake.faults.append(Fault("POST", rf"/channels/{forum}/threads", 400, {"code": 40067}))
    with pytest.raises(Blocked, match="tag"):
        await room.adapter.post(room.delivery(question(), channel=forum))
    assert await room.adapter.find(room.delivery(question(), channel=forum)) is None
    [ref] = (await room.adapter.post(room.delivery(question(), channel=forum))).refs
    assert room.fake.channels[ref.id]["parent_id"] == forum


async def test_a_private_thread_that_its_reader_could_not_enter_is_used_later(room: Room) -> None:
    room.fake.closed.add(room.mia)
    room.bot.watch(room.stage.place("general"), "1")
    room.fake.faults.append(Fault("PUT", r"/channels/\d+/thread-members/\d+", 502, times=2))
    for _ in range(2):
        with pytest.raises(Unclear):
            await room.adapter.post(room.direct(HELLO))
    await room.adapter.post(room.direct(HELLO))
    [thread] = [c for c in room.fake.channels.values() if c["type"] == 12]
    assert (room.texts(thread["id"]), thread["people"]) == (["Hello."], {room.mia})


# Channels


async def test_a_channel_is_made_once(room: Room) -> None:
    guild = room.fake.guild["id"]
    made = await room.adapter.create(guild, "Data Engineering", "Week by week", True, [room.stage.account("mia")])
    channel = room.fake.channels[made.channel]
    assert (channel["name"], channel["topic"]) == ("data-engineering", "Week by week")
    assert {o["id"] for o in channel["permission_overwrites"]} == {guild, room.fake.bot["id"], room.mia}

    async def same() -> bool:
        return (await room.adapter.create(guild, "Data Engineering", "", True, [room.stage.account("mia")])) == made

    await eventually(same)
    room.fake.faults.append(Fault("POST", f"/guilds/{guild}/channels", 403, {"code": 50013}))
    with pytest.raises(TargetGone, match="Manage Channels"):
        await room.adapter.create(guild, "another", "", False, [])


@pytest.mark.parametrize("community", [True, False])
async def test_a_forum_is_made_where_the_server_has_forums(room: Room, community: bool) -> None:
    guild = room.fake.guild
    guild["features"] = ["COMMUNITY"] if community else []
    made = await room.adapter.create(guild["id"], "demo-questions", "Ask here", False, [], True)
    channel = room.fake.channels[made.channel]
    assert channel["type"] == (15 if community else 0)
    assert [t["name"] for t in channel.get("available_tags", [])] == (["Open", "Answered"] if community else [])
    again = await room.adapter.create(guild["id"], "demo-questions", "Ask here", False, [], True)
    assert again == made


async def test_what_is_lost_is_told(room: Room) -> None:
    guild = room.fake.guild["id"]
    room.fake._emit("CHANNEL_DELETE", room.fake.channels[room.general])
    lost = await eventually(lambda: room.bot.last(PlaceLost))
    assert (lost.place, lost.why) == (Place(guild, room.general), "gone")
    room.fake._emit("GUILD_DELETE", {"id": guild})

    async def removed() -> bool:
        return [p.why for p in room.bot.all(PlaceLost)] == ["gone", "removed"]

    await eventually(removed)
    assert list(room.adapter.workspaces) == []
    invited = room.fake.described(room.fake.guild)
    del invited["unavailable"]  # Discord sends it for a server that was there before
    room.fake._emit("GUILD_CREATE", invited)

    async def found() -> bool:
        events = [e for e in room.bot.heard.values() if isinstance(e, PlaceLost | PlaceFound)]
        return isinstance(events[-1], PlaceFound) and events[-1].place == Place(guild, "")

    await eventually(found)
    assert list(room.adapter.workspaces) == [guild]


async def test_files_and_pins(room: Room) -> None:
    said = message(paragraph("Here."), Document("course.yaml", "course: {}"))
    [ref] = (await room.adapter.post(room.delivery(said))).refs
    shown = room.fake.messages[room.general][ref.id]
    assert [a["filename"] for a in shown["attachments"]] == ["course.yaml"]
    assert room.fake.files[shown["attachments"][0]["id"]] == b"course: {}"
    await room.adapter.pin(ref, True)
    assert shown["pinned"]
    await room.adapter.edit(room.delivery(HELLO, "k2"), [ref])
    assert shown["attachments"] == []


async def test_several_guilds_are_kept_apart(room: Room) -> None:
    other = room.fake.add_guild("Second")
    channel = room.fake.add_channel("general", guild=other)["id"]
    await room.stage.restart()
    assert set(room.adapter.workspaces) == {room.fake.guild["id"], other["id"]}
    await room.adapter.post(room.delivery(HELLO, channel=channel))
    assert room.texts(channel) == ["Hello."]
    # Who writes directly is found in the guild that we share with them.
    room.fake.say(room.ben, room.fake.conversation(room.ben)["id"], "Hello?")
    posted = await eventually(lambda: room.bot.last(MessagePosted))
    assert posted.actor.account == room.stage.account("ben")
