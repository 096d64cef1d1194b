"""What Slack refuses, and what comes of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count

import pytest

from adapters.slack.errors import ABSENT, MEANINGS, NOBODY, Refusal, is_final, meaning_of, refusal
from adapters.slack.pacing import Pace
from bot.core.errors import Blocked, PersonGone, PersonShut, PlaceGone, RateLimited, TargetGone, Unavailable, Unclear
from bot.core.events import PlaceFound, PlaceLost
from bot.core.message import Button, Document, bullets, buttons, heading, message, paragraph
from bot.core.people import Account, MessageRef, Place
from bot.core.ports import Delivery
from tests.platforms.slack_stage import SlackStage
from tests.platforms.test_contract import patiently
from tests.slack.local_slack import BEN, CHANNELS, MIA, TEAM
from tests.slack.proxy import Json, Reply
from tests.waiting import eventually

HELLO = message(paragraph("Hello."))


def to(channel: str, key: str = "k1", said: object = HELLO) -> Delivery:
    return Delivery(key, "a", said, place=Place(TEAM, CHANNELS.get(channel, channel)))  # type: ignore[arg-type]


def refusing(method: str, code: str, times: int = 1_000_000) -> object:
    left = [times]

    def refuse(called: str, arguments: Json) -> Reply | None:
        if called != method or not left[0]:
            return None
        left[0] -= 1
        return 200, {"ok": False, "error": code}, {}

    return refuse


async def test_a_limit_says_for_how_long_and_only_that_channel_waits(stage: SlackStage) -> None:
    def limited(method: str, arguments: Json) -> Reply | None:
        if method == "chat.postMessage" and arguments["channel"] == CHANNELS["general"]:
            return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "7"}
        return None

    stage.proxy.refuse = limited
    with pytest.raises(RateLimited) as told:
        await stage.adapter.post(to("general"))
    assert told.value.retry_after.total_seconds() == 7
    asked = len(stage.proxy.called("chat.postMessage"))
    with pytest.raises(RateLimited) as kept:
        await stage.adapter.post(to("general"))
    assert 6 < kept.value.retry_after.total_seconds() <= 7
    assert len(stage.proxy.called("chat.postMessage")) == asked  # Slack was not asked again
    assert (await stage.adapter.post(to("questions"))).refs


async def test_one_message_a_second_in_a_channel_before_slack_says_so(stage: SlackStage) -> None:
    tries = [stage.adapter.post(to("general", f"k{n}")) for n in range(4)]
    *posted, refused = await asyncio.gather(*tries, return_exceptions=True)
    assert not [one for one in posted if isinstance(one, Exception)]
    assert isinstance(refused, RateLimited), "two stood before it in line already"
    assert 2 < refused.retry_after.total_seconds() <= 3
    await stage.adapter.post(to("questions", "k5"))
    assert len(stage.proxy.called("chat.postMessage")) == 4


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("channel_not_found", "gone"),
        ("is_archived", "archived"),
        ("not_in_channel", "removed"),
        ("restricted_action", "posting"),
        ("method_not_supported_for_channel_type", "unfit"),
    ],
)
async def test_a_channel_that_takes_nothing_says_why(stage: SlackStage, code: str, why: str) -> None:
    stage.proxy.refuse = refusing("chat.postMessage", code)  # type: ignore[assignment]
    with pytest.raises(Blocked) as told:
        await stage.adapter.post(to("general"))
    assert told.value.why == why


ERRORS = {
    "place gone": PlaceGone,
    "person gone": PersonGone,
    "person shut": PersonShut,
    "gone": TargetGone,
    "waits": Blocked,
    "paused": RateLimited,
    "looked for": Unclear,
    "tried again": Unavailable,
}


NEW = "something_new"
"""A code that Slack may think of."""

HARMLESS = {
    "chat.delete": ABSENT,
    "chat.postEphemeral": NOBODY,
    "conversations.archive": {"channel_not_found", "is_archived"},
    "conversations.kick": {"channel_not_found", "is_archived", "not_in_channel", "user_not_found"},
}
"""Where a code comes to what was wanted, or to a direct message instead."""

WORTHLESS = {"conversations.invite", "conversations.setTopic", "files.getUploadURLExternal"}
"""Calls without which the rest is done all the same."""

FINAL = {"conversations.archive", "conversations.create", "conversations.kick"}
"""Calls that are given up unless Slack itself has failed: the person reads why, and can do it by hand."""


async def test_each_code_has_at_each_call_the_outcome_that_the_manual_names(stage: SlackStage) -> None:
    await stage.meet("mia")
    opened = stage.adapter._all[0].opened
    opened.api.pace = Pace(count(0, 10_000).__next__)  # hours between two calls: we wait for nothing
    ref = (await stage.adapter.post(to("general"))).refs[0]
    here, mia = stage.place("general"), stage.account("mia")
    made = partial(stage.adapter.create, TEAM, "data", "Data", False, [mia])
    file = message(paragraph("The calendar."), Document("week.ics", "BEGIN:VCALENDAR"))
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "chat.postMessage": lambda: stage.adapter.post(to("general")),
        "chat.update": lambda: stage.adapter.edit(to("general"), [ref]),
        "chat.delete": lambda: stage.adapter.delete([replace(ref, id="1700000000.000001")]),
        "chat.postEphemeral": lambda: stage.adapter.whisper(Delivery("w", "", HELLO, place=here, account=mia)),
        "conversations.open": lambda: stage.adapter.post(Delivery("d", "", HELLO, account=Account(TEAM, "U0BEN"))),
        "reactions.add": lambda: stage.adapter.react(ref, "👀", True),
        "reactions.remove": lambda: stage.adapter.react(ref, "👀", False),
        "pins.add": lambda: stage.adapter.pin(ref, True),
        "pins.remove": lambda: stage.adapter.pin(ref, False),
        "conversations.create": made,
        "conversations.invite": made,
        "conversations.setTopic": made,
        "conversations.kick": lambda: stage.adapter.remove_member(here, mia),
        "conversations.archive": lambda: stage.adapter.archive(here),
        "files.getUploadURLExternal": lambda: stage.adapter.post(to("questions", said=file)),
    }
    await opened.people.actor(BEN)
    wrong = []
    for method, call in calls.items():
        one_of_each = {meaning: code for code, meaning in MEANINGS.items()}.values()
        for code in MEANINGS if method == "chat.postMessage" else {*one_of_each, *HARMLESS.get(method, ()), NEW}:
            stage.proxy.refuse = refusing(method, code, 1)  # type: ignore[assignment]
            then, error = meaning_of(code).then, refusal(method, code)
            if method in FINAL and isinstance(error, Refusal) and is_final(error):
                then = "gone"
            waited_out = method == "conversations.create" and then == "paused"
            fine = code in HARMLESS.get(method, ()) or method in WORTHLESS or waited_out
            try:
                await call()
                said: object = "done"
            except Exception as e:
                said = e
            if said != "done" if fine else not isinstance(said, ERRORS[then]):
                wrong.append((method, code, said))
            elif isinstance(said, Blocked):
                meaning = meaning_of(code)
                assert (said.why, said.needs) == (meaning.why, meaning.needs)
    assert not wrong


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_revoked_token_loses_the_workspace_until_it_is_repaired(stage: SlackStage, code: str) -> None:
    stage.proxy.refuse = refusing("chat.postMessage", code, 1)  # type: ignore[assignment]
    with pytest.raises(Unavailable):
        await stage.adapter.post(to("general"))
    lost = await eventually(lambda: stage.bot.last(PlaceLost))
    assert (lost.place, lost.why) == (Place(TEAM, ""), "removed")
    before = len(stage.bot.all(PlaceFound))
    await stage.adapter.post(to("questions"))

    async def found() -> bool:
        return [f.place for f in stage.bot.all(PlaceFound)[before:]] == [Place(TEAM, "")]

    await eventually(found)


async def test_a_conversation_that_slack_does_not_know_any_more_is_opened_anew(stage: SlackStage) -> None:
    await stage.meet("mia")
    mia = stage.account("mia")
    [ref] = (await stage.adapter.post(Delivery("k1", "a", HELLO, account=mia))).refs
    stage.adapter._state.open_direct(TEAM, MIA, "D0UNKNOWN")
    for key in ("k2", "k3"):
        [again] = (await patiently(lambda key=key: stage.adapter.post(Delivery(key, "a", HELLO, account=mia)))).refs
        assert again.channel == ref.channel
    asked = [c.arguments["channel"] for c in stage.proxy.calls if c.method == "chat.postMessage"]
    assert asked == [ref.channel, "D0UNKNOWN", ref.channel, ref.channel]


async def test_a_message_that_may_stand_in_an_unknown_conversation_is_sent_anew(stage: SlackStage) -> None:
    await stage.meet("mia")
    mia = stage.account("mia")
    said = Delivery("k1", "a", HELLO, account=mia)
    stage.adapter._state.open_direct(TEAM, MIA, "D0UNKNOWN")
    stage.adapter._state.begin("k1", 0, "D0UNKNOWN", "print", datetime.now(UTC))
    assert await patiently(lambda: stage.adapter.find(said)) is None
    [ref] = (await stage.adapter.post(said)).refs
    assert ref.channel != "D0UNKNOWN"


async def test_a_conversation_that_slack_opens_under_the_same_id_is_not_tried_at_once_again(stage: SlackStage) -> None:
    await stage.meet("mia")
    mia = stage.account("mia")
    await stage.adapter.post(Delivery("k1", "a", HELLO, account=mia))
    stage.proxy.refuse = refusing("chat.postMessage", "channel_not_found")  # type: ignore[assignment]
    with pytest.raises(Blocked):
        await patiently(lambda: stage.adapter.post(Delivery("k2", "a", HELLO, account=mia)))
    assert [len(stage.proxy.called(m)) for m in ("chat.postMessage", "conversations.open")] == [2, 2]


async def test_a_conversation_that_stays_unknown_makes_the_message_wait(stage: SlackStage) -> None:
    await stage.meet("mia")
    said = Delivery("k1", "a", HELLO, account=stage.account("mia"))
    stage.proxy.refuse = refusing("chat.postMessage", "channel_not_found")  # type: ignore[assignment]
    stage.adapter._state.open_direct(TEAM, MIA, "D0UNKNOWN")
    with pytest.raises(Blocked):
        await stage.adapter.post(said)
    assert len(stage.proxy.called("chat.postMessage")) == 2


@pytest.mark.parametrize("code", ["user_not_found", "cannot_dm_bot", "user_disabled"])
async def test_somebody_who_cannot_be_written_to(stage: SlackStage, code: str) -> None:
    await stage.meet("mia")
    stage.proxy.refuse = refusing("conversations.open", code)  # type: ignore[assignment]
    with pytest.raises(TargetGone):
        await stage.adapter.post(Delivery("k1", "a", HELLO, account=stage.account("mia")))
    assert not stage.bot.all(PlaceLost)


async def test_a_missing_permission_waits_for_the_operator(stage: SlackStage) -> None:
    stage.proxy.refuse = refusing("chat.postMessage", "missing_scope")  # type: ignore[assignment]
    with pytest.raises(Blocked, match="missing_scope") as told:
        await stage.adapter.post(to("general"))
    assert told.value.why == "app"


def test_whatever_is_about_the_app_is_for_the_operator() -> None:
    """No manager can mend it in a channel's settings."""
    for code in ("access_denied", "app_access_restricted", "enterprise_is_restricted", "team_not_found"):
        refused = refusal("chat.postMessage", code)
        assert isinstance(refused, Blocked)
        assert (refused.why, meaning_of(code).about) == ("app", "app")
    assert {m.why for m in MEANINGS.values() if m.about == "app"} == {"app"}
    assert "app" not in {m.why for m in MEANINGS.values() if m.about != "app"}


async def test_what_slack_finds_too_long_is_split_again(stage: SlackStage) -> None:
    stage.proxy.refuse = refusing("chat.postMessage", "msg_blocks_too_long", 1)  # type: ignore[assignment]
    long = message(bullets(*[f"{n} {'word ' * 40}" for n in range(40)]))
    first = await _patiently(stage, to("general", said=long))
    assert len(first.refs) > 1  # 8,000 characters, in less than half of what we put into one


async def test_blocks_that_slack_does_not_take_are_said_as_text(stage: SlackStage) -> None:
    stage.proxy.refuse = refusing("chat.postMessage", "invalid_blocks", 1)  # type: ignore[assignment]
    await stage.adapter.post(to("general"))
    assert [s.text for s in await stage.people.sees("mia", "general")] == ["Hello."]


async def test_a_cut_line_is_unclear_and_read_back_before_anything_is_said_twice(stage: SlackStage) -> None:
    faults = iter(["after"])
    stage.proxy.refuse = lambda method, arguments: next(faults, None) if method == "chat.postMessage" else None
    with pytest.raises(Unclear):
        await stage.adapter.post(to("general"))
    with pytest.raises(RateLimited):
        await stage.adapter.find(to("general"))  # the traffic has not settled yet
    await asyncio.sleep(3)
    found = await stage.adapter.find(to("general"))
    assert found is not None
    assert [s.id for s in await stage.people.sees("mia", "general")] == [r.id for r in found.refs]
    mark = next(iter(stage.proxy.metadata.values()))
    assert mark == {"event_type": "pacekeeper", "event_payload": {"key": "k1", "part": 0}}


async def test_where_marks_do_not_come_back_the_words_and_the_time_tell_which_it_was(stage: SlackStage) -> None:
    stage.proxy.drops_metadata = True
    earlier = await stage.adapter.post(replace(to("general"), key="k0"))
    await asyncio.sleep(1.1)  # our own pace in one channel
    faults = iter(["after"])
    stage.proxy.refuse = lambda method, arguments: next(faults, None) if method == "chat.postMessage" else None
    with pytest.raises(Unclear):
        await stage.adapter.post(to("general"))
    await asyncio.sleep(3)
    found = await stage.adapter.find(to("general"))
    assert found is not None
    there = [s.id for s in await stage.people.sees("mia", "general")]
    assert there == [earlier.refs[0].id, found.refs[0].id]
    assert await stage.adapter.find(to("general")) == found
    assert await stage.adapter.find(replace(to("general"), key="k2")) is None


async def test_a_line_that_was_cut_before_leaves_nothing(stage: SlackStage) -> None:
    faults = iter(["cut"])
    stage.proxy.refuse = lambda method, arguments: next(faults, None) if method == "chat.postMessage" else None
    with pytest.raises(Unclear):
        await stage.adapter.post(to("general"))
    await asyncio.sleep(3)
    assert await stage.adapter.find(to("general")) is None


async def test_of_a_long_message_that_was_cut_in_the_middle_the_rest_is_sent(stage: SlackStage) -> None:
    said = message(heading("Report"), bullets(*[f"{n} {'word ' * 40}" for n in range(80)]))
    posts = iter([None, "cut"])
    stage.proxy.refuse = lambda method, arguments: next(posts, None) if method == "chat.postMessage" else None
    with pytest.raises(Unclear):
        await stage.adapter.post(to("general", said=said))
    await asyncio.sleep(3)
    found = await stage.adapter.find(to("general", said=said))
    assert found is not None
    assert len(found.refs) == 1
    whole = await _patiently(stage, to("general", said=said), found.refs)
    assert len(whole.refs) == 2
    assert len(stage.proxy.metadata) == 2


@pytest.mark.parametrize("status", [500, 503])
async def test_slacks_own_failure_is_unclear(stage: SlackStage, status: int) -> None:
    stage.proxy.refuse = lambda method, arguments: (status, {}, {}) if method == "chat.postMessage" else None
    with pytest.raises(Unclear):
        await stage.adapter.post(to("general"))


async def test_a_workspace_that_cannot_be_reached_has_taken_nothing(stage: SlackStage) -> None:
    with pytest.raises(Unavailable):
        await stage.adapter.post(Delivery("k", "a", HELLO, place=Place("T0OTHER", "C1")))


async def test_a_whisper_to_somebody_outside_goes_to_their_direct_conversation(stage: SlackStage) -> None:
    stage.proxy.refuse = refusing("chat.postEphemeral", "user_not_in_channel")  # type: ignore[assignment]
    await stage.adapter.whisper(Delivery("k1", "", HELLO, place=stage.place("general"), account=Account(TEAM, MIA)))

    async def told() -> bool:
        return [s.text for s in await stage.people.sees("mia", "dm")] == ["Hello."]

    await eventually(told)


async def test_a_file_that_slack_does_not_take_keeps_nothing_back(stage: SlackStage) -> None:
    stage.proxy.refuse = refusing("files.getUploadURLExternal", "missing_scope")  # type: ignore[assignment]
    said = message(paragraph("The calendar."), Document("week.ics", "BEGIN:VCALENDAR"))
    await stage.adapter.post(to("general", said=said))
    assert "week.ics" in (await stage.people.sees("mia", "general"))[0].text


async def test_files_go_with_their_message_and_are_not_sent_twice(stage: SlackStage) -> None:
    said = message(paragraph("The calendar."), Document("week.ics", "BEGIN:VCALENDAR"))
    sent = await stage.adapter.post(to("general", said=said))

    async def files() -> list[str]:
        below = await stage.people.messages("mia", "general")
        return [f["name"] for m in below if m.get("thread_ts") == sent.refs[0].id for f in m.get("files") or ()]

    assert await files() == ["week.ics"]
    await stage.adapter.edit(to("general", said=said), sent.refs)
    assert len(stage.proxy.called("files.completeUploadExternal")) == 1
    moved = message(paragraph("The calendar."), Document("week.ics", "BEGIN:VCALENDAR moved"))
    await stage.adapter.edit(to("general", said=moved), sent.refs)
    assert len(stage.proxy.called("files.completeUploadExternal")) == 2
    assert len(stage.proxy.called("files.delete")) == 1


async def test_pins_and_reactions_that_are_there_already(stage: SlackStage) -> None:
    ref = (await stage.adapter.post(to("general"))).refs[0]
    await stage.adapter.pin(ref, True)
    assert stage.proxy.pins == [ref.id]
    stage.proxy.refuse = refusing("pins.add", "already_pinned")  # type: ignore[assignment]
    await stage.adapter.pin(ref, True)
    await stage.adapter.pin(ref, False)
    assert stage.proxy.pins == []
    with pytest.raises(TargetGone):
        await stage.adapter.react(replace(ref, id="1700000000.000001"), "✅", True)
    with pytest.raises(TargetGone):
        await stage.adapter.react(ref, "no emoji", True)


async def test_a_channel_is_made_or_taken(stage: SlackStage) -> None:
    made = await stage.adapter.create(TEAM, "Data 2026: Questions", "Ask here", False, [stage.account("mia")])
    created = stage.proxy.called("conversations.create")[0]
    assert created == {"name": "data-2026-questions", "is_private": False}
    assert stage.proxy.called("conversations.invite") == [{"channel": made.channel, "users": MIA}]
    assert stage.proxy.called("conversations.setTopic") == [{"channel": made.channel, "topic": "Ask here"}]
    stage.proxy.refuse = refusing("conversations.create", "name_taken")  # type: ignore[assignment]
    assert await stage.adapter.create(TEAM, "general", "", False, []) == stage.place("general")
    with pytest.raises(TargetGone, match="cannot see"):
        await stage.adapter.create(TEAM, "hidden", "", True, [])


async def test_links(stage: SlackStage) -> None:
    assert stage.adapter.link(MessageRef(TEAM, "C1", "1700000000.000100")) == (
        "http://test.slack.local/archives/C1/p1700000000000100"
    )
    assert stage.adapter.link(MessageRef("T0OTHER", "C1", "1.1")) is None


async def test_buttons_with_one_action_stand_side_by_side(stage: SlackStage) -> None:
    twice = message(buttons(Button("Yes", "q.a/1/1:"), Button("Sure", "q.a/1/1:")))
    await stage.adapter.post(to("general", said=twice))
    assert (await stage.people.sees("mia", "general"))[0].buttons == ("Yes", "Sure")


async def _patiently(stage: SlackStage, delivery: Delivery, refs: object = None) -> object:
    while True:
        try:
            if refs is None:
                return await stage.adapter.post(delivery)
            return await stage.adapter.edit(delivery, refs)  # type: ignore[arg-type]
        except RateLimited as e:
            await asyncio.sleep(e.retry_after.total_seconds())
