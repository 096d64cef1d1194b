"""How events reach us: over Socket Mode and as signed HTTP requests, late, twice, or not at all."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
import uvicorn

from adapters.slack.adapter import Slack
from adapters.slack.config import SlackWorkspace
from bot.app.serving import combined
from bot.core.events import (
    AccountChanged,
    ButtonPressed,
    CommandIssued,
    MessageEdited,
    MessagePosted,
    PlaceFound,
    PlaceLost,
    PlaceMoved,
    ReactionChanged,
)
from bot.core.message import Button, buttons, message, paragraph
from bot.core.people import Place
from bot.core.ports import Answer, Delivery
from tests.platforms.ears import Ears
from tests.platforms.slack_stage import SlackStage
from tests.slack.humans import Humans, humans
from tests.slack.local_slack import BEN, CHANNELS, MIA, SECRET, TEAM, config, free_port, local_slack
from tests.slack.proxy import Json, Proxy, Reply, proxied, signed
from tests.waiting import eventually

# Socket Mode


@pytest.mark.parametrize("new_ids", [False, True])
async def test_a_repeated_delivery_is_one_message(stage: SlackStage, new_ids: bool) -> None:
    stage.proxy.times, stage.proxy.new_ids = 3, new_ids
    said = await stage.people.say("mia", "questions", "How long is the report?")

    async def thrice() -> bool:
        return len(stage.bot.repeated) == 2

    await eventually(thrice)
    assert [p.id for p in stage.bot.all(MessagePosted)] == [said]


async def test_what_is_not_stored_is_not_acknowledged(stage: SlackStage) -> None:
    stage.bot.deaf = True
    saying = asyncio.create_task(stage.people.say("mia", "questions", "Hello?"))

    async def delivered() -> bool:
        return bool(stage.proxy.unacknowledged.total())

    await eventually(delivered)
    await asyncio.sleep(0.3)
    assert stage.proxy.unacknowledged.total() == 1
    stage.bot.deaf = False
    await stage.people.say("ben", "questions", "Hello!")
    await eventually(lambda: stage.bot.last(MessagePosted))
    assert stage.proxy.unacknowledged.total() == 1
    await saying


async def test_a_dropped_connection_comes_back_and_what_was_missed_is_fetched(stage: SlackStage) -> None:
    before = await stage.people.say("mia", "questions", "Before.")
    await eventually(lambda: stage.bot.last(MessagePosted))
    stage.bot.watch(stage.place("questions"), before)
    await stage.proxy.drop()
    await stage.people.say("ben", "questions", "Meanwhile.")

    async def both() -> bool:
        return {p.text for p in stage.bot.all(MessagePosted)} == {"Before.", "Meanwhile."}

    await eventually(both)
    history = stage.proxy.called("conversations.history")
    assert history
    assert all(len(str(h["oldest"]).partition(".")[2]) <= 6 for h in history)


async def test_a_connection_that_stands_and_says_nothing_is_given_up(stage: SlackStage) -> None:
    """The proxy swallows everything, pongs too: the SDK sees an open socket."""
    opened = stage.adapter._all[0].opened
    assert opened.socket is not None
    stage.proxy.silent = True
    connections = len(stage.proxy.called("apps.connections.open"))

    async def noticed() -> bool:
        return len(stage.proxy.called("apps.connections.open")) > connections

    await eventually(noticed)
    stage.proxy.silent = False
    await eventually(_alive(stage))
    await stage.people.say("mia", "questions", "Do you hear me?")
    await eventually(lambda: stage.bot.last(MessagePosted))


def _alive(stage: SlackStage) -> object:
    async def look() -> bool:
        socket = stage.adapter._all[0].opened.socket
        return socket is not None and socket.alive

    return look  # type: ignore[return-value]


async def test_what_was_missed_is_told_with_its_edits_and_reactions(stage: SlackStage) -> None:
    before = await stage.people.say("mia", "questions", "Before.")
    await eventually(lambda: stage.bot.last(MessagePosted))

    async def meanwhile() -> None:
        asked = await stage.people.say("mia", "questions", "How long is teh report?")
        await stage.people.edit("mia", "questions", asked, "How long is the report?")
        answer = await stage.people.say("ben", "questions", "Ten pages.", below=asked)
        await stage.people.react("mia", "questions", answer, "✅")

    stage.bot.watch(stage.place("questions"), before)
    await stage.restart(meanwhile)
    reaction = await eventually(lambda: stage.bot.last(ReactionChanged))
    assert (reaction.emoji, reaction.actor.account.user) == ("✅", MIA)
    assert [p.text for p in stage.bot.all(MessagePosted)] == ["Before.", "How long is the report?", "Ten pages."]
    assert [e.text for e in stage.bot.all(MessageEdited)] == ["How long is the report?"]


@pytest.mark.parametrize("fault", ["cut", (200, {"ok": False, "error": "internal_error"}, {})])
async def test_catching_up_that_was_cut_off_begins_again_where_it_began(stage: SlackStage, fault: Reply | str) -> None:
    before = await stage.people.say("mia", "questions", "Before.")
    await eventually(lambda: stage.bot.last(MessagePosted))

    async def meanwhile() -> None:
        await stage.people.say("mia", "questions", "Missed.")
        stage.proxy.refuse = lambda method, _: fault if method == "conversations.history" else None

    stage.bot.watch(stage.place("questions"), before)
    await stage.restart(meanwhile)

    async def tried() -> bool:
        return bool(stage.proxy.called("conversations.history"))

    await eventually(tried)
    # A new message moves the bot's own mark on, past the one that was missed.
    newest = await stage.people.say("ben", "questions", "New.")
    stage.bot.watch(stage.place("questions"), newest)
    stage.proxy.refuse = lambda method, _: None
    await stage.restart()

    async def all_three() -> bool:
        return {p.text for p in stage.bot.all(MessagePosted)} == {"Before.", "Missed.", "New."}

    await eventually(all_three)


async def test_what_no_human_says_is_not_heard(stage: SlackStage) -> None:
    await stage.adapter.post(Delivery("k", "a", message(paragraph("I am the bot.")), place=stage.place("general")))
    reader = stage.adapter._all[0].opened.history.reader
    base: Json = {"type": "message", "channel": CHANNELS["general"], "ts": "1700000000.000100", "text": "x"}
    for event in (
        {**base, "user": "U0BOT", "bot_id": "B0BOT"},
        {**base, "user": MIA, "subtype": "channel_join"},
        {**base, "subtype": "bot_message"},
        {**base, "user": "USLACKBOT"},
        {**base, "subtype": "message_changed", "message": {**base, "user": "U0BOT"}, "previous_message": {}},
        {**base, "subtype": "message_deleted", "deleted_ts": "1.1", "previous_message": {"user": "U0BOT"}},
        {
            "type": "reaction_added",
            "user": "U0BOT",
            "reaction": "eyes",
            "item": {"type": "message", "channel": "C1", "ts": "1.1"},
        },
        {"type": "reaction_added", "user": MIA, "reaction": "eyes", "item": {"type": "file", "file": "F1"}},
    ):
        assert list(await reader.read(event)) == []
    # A preview that Slack adds is no edit, and the stone that a deleted root leaves is a deletion.
    same = {**base, "user": MIA}
    assert not await reader.read({**base, "subtype": "message_changed", "message": same, "previous_message": same})
    stone = {
        **base,
        "subtype": "message_changed",
        "message": {**base, "subtype": "tombstone"},
        "previous_message": same,
    }
    assert [e.kind for e in await reader.read(stone)] == ["deleted"]


async def test_an_edit_that_says_no_time_is_told_from_another_and_from_its_repetition(stage: SlackStage) -> None:
    reader = stage.adapter._all[0].opened.history.reader
    said: Json = {"type": "message", "user": MIA, "ts": "1700000000.000100"}
    keys = []
    for text in ("One?", "Two?", "Two?"):
        now = {**said, "text": text}
        (event,) = await reader.read(
            {"type": "message", "subtype": "message_changed", "channel": CHANNELS["general"], "message": now}
        )
        assert isinstance(event, MessageEdited)
        assert event.at.year >= 2026
        keys.append(event.key)
    assert keys[0] != keys[1] == keys[2]


async def test_a_reaction_that_says_no_time_has_that_of_its_delivery(tmp_path: Path) -> None:
    async with over_http(tmp_path) as (_, bot, _people, _proxy, own):
        item = {"type": "message", "channel": CHANNELS["questions"], "ts": "1700000000.000100"}
        event = {"type": "reaction_added", "user": MIA, "reaction": "eyes", "item": item}
        async with aiohttp.ClientSession() as session:
            for at in (1700000100, 1700000100, 1700000200):
                body = json.dumps({"type": "event_callback", "team_id": TEAM, "event": event, "event_time": at})
                headers = signed(body, "application/json")
                async with session.post(f"{own}/slack/events", data=body, headers=headers) as answer:
                    assert answer.status == 200
        assert len({e.key for e in bot.all(ReactionChanged)}) == 2


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ({"type": "channel_archive", "channel": "C1"}, "archived"),
        ({"type": "group_deleted", "channel": "C1"}, "gone"),
        ({"type": "channel_left", "channel": "C1"}, "removed"),
        ({"type": "member_left_channel", "channel": "C1", "user": "U0BOT"}, "removed"),
        ({"type": "app_uninstalled"}, "removed"),
        ({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}, "removed"),
    ],
)
async def test_slack_says_that_a_place_is_lost(stage: SlackStage, event: Json, why: str) -> None:
    reader = stage.adapter._all[0].opened.history.reader
    (lost,) = await reader.read({**event, "event_ts": "1700000000.000100"})
    assert isinstance(lost, PlaceLost)
    assert (lost.place, lost.why) == (Place(TEAM, event.get("channel", "")), why)


@pytest.mark.parametrize(
    "event",
    [
        {"type": "channel_unarchive", "channel": "C1"},
        {"type": "group_unarchive", "channel": "C1"},
        {"type": "member_joined_channel", "channel": "C1", "user": "U0BOT"},
    ],
)
async def test_slack_says_that_a_channel_is_open_again(stage: SlackStage, event: Json) -> None:
    reader = stage.adapter._all[0].opened.history.reader
    (found,) = await reader.read({**event, "event_ts": "1700000000.000100"})
    assert isinstance(found, PlaceFound)
    assert found.place == Place(TEAM, "C1")


@pytest.mark.parametrize(
    "event",
    [
        {"type": "channel_rename", "channel": {"id": "C1", "name": "new-name"}},
        {"type": "channel_shared", "channel": "C1", "connected_team_id": "T2"},
        {"type": "member_joined_channel", "channel": "C1", "user": MIA},
        {"type": "tokens_revoked", "tokens": {"oauth": [MIA], "bot": []}},
        {"type": "something_new", "channel": ["C1"]},
    ],
)
async def test_what_changes_nothing_for_a_course_is_not_told(stage: SlackStage, event: Json) -> None:
    assert not await stage.adapter._all[0].opened.history.reader.read({**event, "event_ts": "1700000000.000100"})


async def test_a_shared_channel_gets_another_id(stage: SlackStage) -> None:
    reader = stage.adapter._all[0].opened.history.reader
    event = {"type": "channel_id_changed", "old_channel_id": "G1", "new_channel_id": "C1", "event_ts": "1.1"}
    (moved,) = await reader.read(event)
    assert isinstance(moved, PlaceMoved)
    assert (moved.place, moved.to) == (Place(TEAM, "G1"), Place(TEAM, "C1"))


# Signed HTTP events


async def told(own: str, event: Json) -> int:
    """Slack delivers an event; returns the status of the answer."""
    body = json.dumps({"type": "event_callback", "team_id": TEAM, "event": event, "event_id": "E1"})
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{own}/slack/events", data=body, headers=signed(body, "application/json")) as answer,
    ):
        return answer.status


async def test_the_bot_goes_back_into_a_channel_of_a_cohort_that_is_unarchived(tmp_path: Path) -> None:
    async with over_http(tmp_path) as (_, bot, _people, proxy, own):
        bot.watch(Place(TEAM, CHANNELS["questions"]), None)
        for channel in (CHANNELS["questions"], CHANNELS["general"]):
            event = {"type": "channel_unarchive", "channel": channel, "user": BEN, "event_ts": "1700000000.000100"}
            for _ in range(2):
                assert await told(own, event) == 200
        assert {c["channel"] for c in proxy.called("conversations.join")} == {CHANNELS["questions"]}
        assert {f.place.channel for f in bot.all(PlaceFound)} - {""} == {CHANNELS["questions"], CHANNELS["general"]}


async def test_a_profile_that_was_not_stored_is_news_at_the_next_delivery(tmp_path: Path) -> None:
    async with over_http(tmp_path) as (_, bot, people, _proxy, own):
        await people.command("mia", "general", "help")
        await eventually(lambda: bot.last(CommandIssued))
        mia = {"id": MIA, "name": "mia", "tz": "Asia/Tokyo", "profile": {"display_name": "Mia"}, "deleted": True}
        event = {"type": "user_change", "user": mia, "event_ts": "1700000000.000100"}
        bot.deaf = True
        assert await told(own, event) == 500
        bot.deaf = False
        for _ in range(2):
            assert await told(own, event) == 200
        (changed,) = [e for e in bot.all(AccountChanged) if e.actor.zone == "Asia/Tokyo"]
        assert not changed.active


@asynccontextmanager
async def served(adapter: Slack) -> AsyncIterator[str]:
    """The adapter's routes on a port, as the composition root serves them."""
    port = free_port()
    settings = uvicorn.Config(combined(list(adapter.routes), None), port=port, log_level="error", lifespan="off")
    server = uvicorn.Server(settings)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await running


@asynccontextmanager
async def over_http(folder: Path) -> AsyncIterator[tuple[Slack, Ears, Humans, Proxy, str]]:
    port = free_port()
    async with (
        local_slack(folder, config(f"http://127.0.0.1:{port}/slack/events")) as address,
        proxied(address, port) as proxy,
        humans(address, proxy) as people,
    ):
        settings = SlackWorkspace(f"xoxb-{TEAM}", "", SECRET, "http", f"{proxy.address}/api/")
        adapter, bot = Slack([settings], folder / "store"), Ears()
        async with served(adapter) as own:
            proxy.bot = own
            await adapter.start(bot)
            yield adapter, bot, people, proxy, own
            await adapter.stop()
        assert proxy.faults == []


async def test_events_and_commands_come_as_signed_requests(tmp_path: Path) -> None:
    async with over_http(tmp_path) as (_, bot, people, proxy, _own):
        bot.answer = lambda event: Answer(message=message(paragraph("Here you are.")))
        said = await people.say("ben", "questions", "How long is the report?")
        posted = await eventually(lambda: bot.last(MessagePosted))
        assert (posted.id, posted.actor.account.user) == (said, BEN)
        # The event waits for no profile; the bot is told it right afterwards.
        met = await eventually(lambda: bot.last(AccountChanged))
        assert (met.actor.account.user, met.actor.name) == (BEN, "Ben")
        await people.command("mia", "general", "help me please")
        issued = await eventually(lambda: bot.last(CommandIssued))
        assert (issued.name, issued.text) == ("help", "me please")

        async def answered() -> bool:
            return "Here you are." in [s.text for s in await people.sees("mia", "general") if s.private]

        await eventually(answered)
        assert {status for _, status in proxy.deliveries} == {200}


@pytest.mark.parametrize("new_ids", [False, True])
async def test_a_retry_changes_nothing(tmp_path: Path, new_ids: bool) -> None:
    async with over_http(tmp_path) as (_, bot, people, proxy, _own):
        proxy.times, proxy.new_ids = 3, new_ids
        await people.say("ben", "questions", "How long is the report?")
        assert [status for _, status in proxy.deliveries] == [200, 200, 200]
        assert len(bot.all(MessagePosted)) == 1
        assert len(bot.repeated) == 2


async def test_what_is_not_stored_is_answered_with_500_so_that_slack_comes_again(tmp_path: Path) -> None:
    async with over_http(tmp_path) as (_, bot, people, proxy, _own):
        bot.deaf = True
        await people.say("ben", "questions", "How long is the report?")
        assert [status for _, status in proxy.deliveries] == [500]
        bot.deaf = False
        async with aiohttp.ClientSession() as session:
            body = json.dumps(proxy.deliveries[0][0])
            retry = signed(body, "application/json") | {"x-slack-retry-num": "1"}
            async with session.post(f"{proxy.bot}/slack/events", data=body, headers=retry) as response:
                assert response.status == 200
        assert len(bot.all(MessagePosted)) == 1


async def test_sixty_people_whom_nobody_has_seen_are_heard_at_once_while_slack_is_slow(tmp_path: Path) -> None:
    async with over_http(tmp_path) as (_, bot, _people, proxy, own):
        proxy.refuse = lambda method, _: (429, {}, {"Retry-After": "30"}) if method == "users.info" else None
        begun = asyncio.get_running_loop().time()
        said = [
            {
                "type": "message",
                "channel": CHANNELS["questions"],
                "user": f"U0NEW{n}",
                "ts": f"17{n:08}.000100",
                "text": "?",
            }
            for n in range(60)
        ]
        assert await asyncio.gather(*(told(own, event) for event in said)) == [200] * 60
        assert asyncio.get_running_loop().time() - begun < 2
        assert len(bot.all(MessagePosted)) == 60


async def test_only_slack_is_believed(tmp_path: Path) -> None:
    event = {"type": "message", "channel": CHANNELS["general"], "user": BEN, "ts": "1700000000.000100", "text": "x"}
    body = json.dumps({"type": "event_callback", "team_id": TEAM, "event": event, "event_id": "E1"})
    command = urlencode({"command": "/cohort", "team_id": TEAM, "user_id": BEN, "channel_id": "C1", "text": "setup"})
    async with over_http(tmp_path) as (_, bot, _people, _proxy, own), aiohttp.ClientSession() as session:
        for kind, what in (("application/json", body), ("application/x-www-form-urlencoded", command)):
            good = signed(what, kind)
            unsigned = {"Content-Type": kind}
            forged = signed(what, kind, secret="another")
            old = signed(what, kind, at=1_700_000_000)
            other = {**good, "X-Slack-Signature": good["X-Slack-Signature"][:-1] + "0g"}
            for headers in (unsigned, forged, old, other):
                async with session.post(f"{own}/slack/events", data=what, headers=headers) as response:
                    assert response.status == 401
        assert not [event for event in bot.heard.values() if not isinstance(event, PlaceFound)]
        challenge = json.dumps({"type": "url_verification", "challenge": "c1", "token": "t"})
        headers = signed(challenge, "application/json")
        async with session.post(f"{own}/slack/events", data=challenge, headers=headers) as response:
            assert (response.status, "c1" in await response.text()) == (200, True)
        async with session.post(f"{own}/slack/events", data="nonsense", headers=signed("nonsense", "text/plain")) as r:
            assert r.status < 500


async def test_several_workspaces_in_one_process(tmp_path: Path) -> None:
    """Each has its tokens and its secret; what is meant for one never reaches the other."""
    folders = {team: tmp_path / team for team in ("T0ONE", "T0TWO")}
    for folder in folders.values():
        folder.mkdir()
    async with (
        local_slack(folders["T0ONE"], config(team="T0ONE")) as one,
        local_slack(folders["T0TWO"], config(team="T0TWO")) as two,
        proxied(one) as first,
        proxied(two) as second,
        humans(one, first) as people_of_one,
        humans(two, second) as people_of_two,
    ):
        settings = [
            SlackWorkspace(f"xoxb-{team}", f"xapp-{team}", api_url=f"{proxy.address}/api/")
            for team, proxy in (("T0ONE", first), ("T0TWO", second))
        ]
        adapter, bot = Slack(settings, tmp_path / "store"), Ears()
        await adapter.start(bot)
        assert set(adapter.workspaces) == {"T0ONE", "T0TWO"}
        await people_of_two.say("mia", "general", "From two.")
        heard = await _said(bot, people_of_two, "From two.")
        assert heard.place == Place("T0TWO", CHANNELS["general"])
        await adapter.post(Delivery("k", "a", message(paragraph("To one.")), place=Place("T0ONE", CHANNELS["general"])))
        assert [s.text for s in await people_of_one.sees("mia", "general")] == ["To one."]
        assert not [s for s in await people_of_two.sees("mia", "general") if s.by_bot]
        await adapter.stop()


async def _said(bot: Ears, people: Humans, text: str) -> MessagePosted:
    """The connection may stand a moment after the start: what was said before that is said again."""

    async def look() -> MessagePosted | None:
        found = await bot.last(MessagePosted)
        if found is None:
            await people.say("mia", "general", text)
        return found

    return await eventually(look)


async def test_a_workspace_that_does_not_answer_joins_later(stage: SlackStage) -> None:
    stage.proxy.refuse = lambda method, _: (503, {}, {}) if method == "auth.test" else None
    await stage.adapter.stop()
    adapter = stage.fresh()
    await adapter.start(stage.bot)
    assert adapter.workspaces == (TEAM,)  # remembered from the run before
    stage.proxy.refuse = lambda method, _: None

    async def connected() -> bool:
        return adapter._all[0]._opened is not None

    await eventually(connected)


# When somebody acted


@pytest.mark.parametrize(("ago", "believed"), [(40, True), (2 * 3600, False), (-90, False)])
async def test_a_press_is_of_the_time_that_slack_says(stage: SlackStage, ago: int, believed: bool) -> None:
    """A press that comes late through no fault of its author is not late; a time that cannot be true is not used."""
    pressed_at = stage.bot.now() - timedelta(seconds=ago)

    def late(payload: Json) -> Json:
        action = {**payload["actions"][0], "action_ts": f"{pressed_at.timestamp():.6f}"}
        return {**payload, "actions": [action]}

    asks = message(paragraph("Done?"), buttons(Button("Done", "toy.done/1/1")))
    await stage.adapter.post(Delivery("k", "a", asks, place=stage.place("questions")))
    stage.people.proxy.rewrite = late
    await stage.people.press("mia", "questions", "Done")
    event = await eventually(lambda: stage.bot.last(ButtonPressed))
    assert (abs((event.at - pressed_at).total_seconds()) < 1) == believed
    assert abs((stage.bot.now() - event.at).total_seconds()) < 60
