"""Setting up: the manifest, what `doctor` looks at, groups and profiles that change, and the trial."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import yaml
from typer.testing import CliRunner

from adapters.slack import socket
from adapters.slack.adapter import Slack
from adapters.slack.api import FORMS, READS, WRITES
from adapters.slack.config import SlackWorkspace
from adapters.slack.manifest import EVENTS, SCOPES, manifest
from bot.app.cli import app
from bot.app.connections import summary
from bot.app.features import make_registry
from bot.core.commands import Command, Shortcut
from bot.core.errors import Malformed, RateLimited
from bot.core.events import AccountChanged, CommandIssued, FormSubmitted, GroupListed
from bot.core.forms import ChannelField, Form
from bot.core.message import message, paragraph
from bot.core.people import Place
from bot.core.ports import Answer, Delivery, Finding
from tests.platforms.slack_stage import SlackStage
from tests.slack import trial
from tests.slack.local_slack import BEN, BINARY, BOT, CHANNELS, INES, MIA, TEAM, free_port
from tests.slack.proxy import Json, Reply
from tests.waiting import eventually


@dataclass(frozen=True)
class Nothing:
    """Ask a question."""


ROOT = Path(__file__).parents[2]


def test_the_manifest_in_deploy_is_current() -> None:
    written = CliRunner().invoke(app, ["slack-manifest"], catch_exceptions=False).output
    assert (ROOT / "deploy/slack-manifest.yaml").read_text() == written, "`pacekeeper slack-manifest` writes it anew"


def test_the_manifest_keeps_slacks_limits() -> None:
    registry = make_registry()
    made = manifest(registry.commands, registry.shortcuts)
    assert made["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    (command,) = made["features"]["slash_commands"]
    assert (command["command"], "url" in command) == ("/cohort", False)
    assert len(made["features"]["shortcuts"]) <= 10
    for entry in made["features"]["shortcuts"]:
        assert len(entry["name"]) <= 24
        assert 0 < len(entry["description"]) <= 150
    assert made["settings"]["socket_mode_enabled"]


@pytest.mark.parametrize("address", ["course.example.org", "http://course.example.org"])
def test_an_address_that_slack_would_refuse_is_refused_first(address: str) -> None:
    with pytest.raises(Malformed, match="begins with https://"):
        CliRunner().invoke(app, ["slack-manifest", "--address", address], catch_exceptions=False)


def test_a_manifest_for_http_events_has_the_address_everywhere() -> None:
    said = CliRunner().invoke(app, ["slack-manifest", "--address", "https://c.example.org/"], catch_exceptions=False)
    made = yaml.safe_load(said.output)
    address = "https://c.example.org/slack/events"
    assert made["features"]["slash_commands"][0]["url"] == address
    assert made["settings"]["event_subscriptions"]["request_url"] == address
    assert made["settings"]["interactivity"]["request_url"] == address
    assert not made["settings"]["socket_mode_enabled"]
    assert "shortcuts" not in manifest((), ())["features"]
    assert manifest((), (Shortcut("a", "A", "b"),))["features"]["shortcuts"][0]["callback_id"] == "a"


NEEDS = {
    "auth.test": "",
    "bots.info": "users:read",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.archive": "channels:manage groups:write",
    "conversations.create": "channels:manage groups:write",
    "conversations.history": "channels:history groups:history im:history",
    "conversations.invite": "channels:manage groups:write",
    "conversations.info": "channels:read groups:read",
    "conversations.join": "channels:join",
    "conversations.kick": "channels:manage groups:write",
    "conversations.list": "channels:read groups:read",
    "conversations.members": "channels:read groups:read",
    "conversations.open": "im:write",
    "conversations.replies": "channels:history groups:history im:history",
    "conversations.setTopic": "channels:manage groups:write",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "files.getUploadURLExternal": "files:write",
    "files.info": "files:read",
    "pins.add": "pins:write",
    "pins.remove": "pins:write",
    "reactions.add": "reactions:write",
    "reactions.remove": "reactions:write",
    "usergroups.list": "usergroups:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "views.open": "",
    "views.publish": "",
    "views.update": "",
}
"""The permissions of each method for the kinds of conversations that we use: https://docs.slack.dev/reference/methods"""

HEARS = {
    "app_home_opened": "",
    "app_uninstalled": "",
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_id_changed": "groups:read",
    "channel_left": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read groups:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "tokens_revoked": "",
    "user_change": "users:read",
}
"""The permissions of each event: https://docs.slack.dev/reference/events"""


def test_each_permission_is_needed_by_what_the_code_calls_and_hears() -> None:
    code = "".join(path.read_text() for path in (ROOT / "adapters/slack").glob("*.py") if path.stem != "api")
    called = {method for method in (*READS, *FORMS, *WRITES) if f'"{method}"' in code}
    assert called == {*READS, *FORMS, *WRITES} == set(NEEDS), "what nobody calls has no place in the tables"
    assert set(EVENTS) == set(HEARS)
    needed = {scope for scopes in (*NEEDS.values(), *HEARS.values()) for scope in scopes.split()}
    assert needed | {"commands"} == set(SCOPES)


# What `doctor` looks at


def found(findings: object, what: str) -> Finding:
    return next(f for f in findings if what in f.what)  # type: ignore[attr-defined]


async def test_the_check_names_what_is_missing_and_the_fix(stage: SlackStage) -> None:
    findings = await stage.adapter.check({})
    assert "connected as pacekeeper" in found(findings, "Slack, Test").state
    missing = found(findings, "permissions")
    assert "users:read" in missing.state  # the proxy grants chat:write and commands alone
    assert "chat:write," not in missing.state
    assert missing.fix
    assert "Socket Mode" in found(findings, "events").state
    assert "#questions" in found(findings, "channels").state
    assert found(findings, "clock").fix == ""


async def test_the_check_says_what_the_optional_permission_brings(stage: SlackStage) -> None:
    who = {"ok": True, "team": "Test", "team_id": TEAM, "user": "pacekeeper", "user_id": "U0"}
    granted = ",".join(SCOPES)
    stage.proxy.refuse = lambda method, _: (200, who, {"x-oauth-scopes": granted}) if method == "auth.test" else None
    without = found(await stage.adapter.check({}), "permissions")
    assert without.fix == "", "nothing is wrong"
    assert "without users:read.email, the bot cannot find the people of a roster by e-mail address" in without.state
    granted += ",users:read.email"
    assert found(await stage.adapter.check({}), "permissions").state == "all there"


async def test_the_check_without_a_connection(stage: SlackStage, tmp_path: Path) -> None:
    url = stage.settings.api_url
    stage.proxy.refuse = lambda method, _: (
        (200, {"ok": False, "error": "invalid_auth"}, {}) if method == "auth.test" else None
    )
    (refused,) = await stage.adapter.check({})
    assert ("invalid_auth" in refused.state, bool(refused.fix)) == (True, True)
    stage.proxy.refuse = lambda method, _: (
        (200, {"ok": False, "error": "not_allowed_token_type"}, {}) if method == "apps.connections.open" else None
    )
    assert found(await stage.adapter.check({}), "events").fix
    for number, token in enumerate(("", "xoxb-1", f"xapp-{TEAM}")):
        wrong = Slack([SlackWorkspace(f"xoxb-{TEAM}", token, api_url=url)], tmp_path / str(number))
        fix = found(await wrong.check({}), "events").fix
        assert "'Basic Information', 'App-Level Tokens', 'Generate Token and Scopes'; add connections:write" in fix
    stage.proxy.refuse = lambda method, _: (
        (200, {"ok": False, "error": "forbidden_team"}, {}) if method == "apps.connections.open" else None
    )
    assert "'Socket Mode'" in found(await stage.adapter.check({}), "events").fix
    swapped = Slack([SlackWorkspace(f"xapp-{TEAM}", f"xoxb-{TEAM}", api_url=url)], tmp_path / "swapped")
    assert "in each other's place" in found(await swapped.check({}), "Slack").state
    unsigned = Slack([SlackWorkspace(f"xoxb-{TEAM}", mode="http", api_url=url)], tmp_path / "b")
    assert "SIGNING_SECRET" in found(await unsigned.check({}), "events").fix
    nowhere = Slack([SlackWorkspace("xoxb-1", api_url=f"http://127.0.0.1:{free_port()}/api/")], tmp_path / "c")
    (lost,) = await nowhere.check({})
    assert "could not be reached" in lost.state


async def test_doctor_looks_at_the_channels_that_cohorts_use_and_says_nothing_of_others(stage: SlackStage) -> None:
    general, elsewhere = stage.place("general"), Place("T0OTHER", "C0GENERAL")

    async def seen(**there: object) -> Finding:
        reply = {"ok": True, "channel": {"id": "C0GENERAL", "name": "general", **there}}
        if "error" in there:
            reply = {"ok": False, **there}
        stage.proxy.refuse = lambda method, _: (200, reply, {}) if method == "conversations.info" else None
        findings = await stage.adapter.check({general: "Cohort demo, main", elsewhere: "Cohort demo, staff"})
        assert not [f for f in findings if "staff" in f.what]  # another workspace's
        return found(findings, "Cohort demo, main")

    assert await seen(is_member=True) == Finding("Cohort demo, main", "#general")
    assert "`/invite @pacekeeper`" in (await seen(is_member=False)).fix
    assert "Unarchive it" in (await seen(is_member=False, is_archived=True)).fix
    gone = await seen(error="channel_not_found")
    assert ("there is no channel C0GENERAL" in gone.state, "`/cohort setup`" in gone.fix) == (True, True)
    assert "install the app again" in (await seen(error="missing_scope")).fix
    passing = await seen(error="internal_error")
    assert (passing.fix, passing.sure) == ("", False), "it was not looked at, so it is not well"


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({"properties": {"posting_restricted_to": {"type": ["admin"], "user": []}}}, "takes no posts of the bot"),
        ({"is_read_only": True}, "takes no posts of the bot"),
        ({"is_thread_only": True}, "takes no posts of the bot"),
        ({"is_non_threadable": True}, "takes no threads of the bot"),
        ({"properties": {"threads_restricted_to": {"type": ["admin"], "user": []}}}, "takes no threads of the bot"),
        ({"is_frozen": True}, "is frozen"),
    ],
)
async def test_doctor_names_what_setup_refuses(stage: SlackStage, there: dict[str, object], said: str) -> None:
    general = stage.place("general")
    reply = {"ok": True, "channel": {"id": general.channel, "name": "general", "is_member": True, **there}}
    stage.proxy.refuse = lambda method, _: (200, reply, {}) if method == "conversations.info" else None
    closed = found(await stage.adapter.check({general: "Cohort demo, main"}), "Cohort demo, main")
    assert closed.state == f"#general {said}"
    assert closed.fix.endswith("choose another channel with `/cohort setup`.")


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        ("account_inactive", "'Install App': install it again"),
        ("team_access_not_granted", "'Install App': install it again"),
        ("invalid_auth", "'Bot User OAuth Token'"),
        ("not_allowed_token_type", "'Bot User OAuth Token'"),
        ("ratelimited", "Wait a minute"),
        ("fatal_error", "look again in some minutes"),
        ("accesslimited", "allow its address"),
    ],
)
async def test_the_fix_fits_the_code_with_which_slack_refuses_a_token(stage: SlackStage, code: str, fix: str) -> None:
    refused = (200, {"ok": False, "error": code}, {})
    stage.proxy.refuse = lambda method, _: refused if method == "auth.test" else None
    (told,) = await stage.adapter.check({})
    assert (code in told.state, fix in told.fix) == (True, True), told


async def test_an_app_over_http_is_told_of_its_own_manifest(stage: SlackStage, tmp_path: Path) -> None:
    """That of Socket Mode would end its deliveries; and either one leaves out what was added by hand."""
    who = {"ok": True, "team": "Test", "team_id": TEAM, "user": "pacekeeper", "user_id": "U0"}
    granted = {"x-oauth-scopes": "chat:write,commands,users:read.email"}
    stage.proxy.refuse = lambda method, _: (200, who, granted) if method == "auth.test" else None
    url = stage.settings.api_url
    http = Slack([SlackWorkspace(f"xoxb-{TEAM}", signing_secret="s", mode="http", api_url=url)], tmp_path)
    fix = found(await http.check({}), "permissions").fix
    assert "`pacekeeper slack-manifest --address https://…`" in fix
    assert "deploy/slack-manifest.yaml" not in fix
    assert "add users:read.email again" in fix
    assert "deploy/slack-manifest.yaml" in found(await stage.adapter.check({}), "permissions").fix


async def test_doctor_finds_nothing_wrong_with_a_bot_that_is_in_no_channel_yet(stage: SlackStage) -> None:
    none = {"ok": True, "channels": []}
    stage.proxy.refuse = lambda method, _: (200, none, {}) if method == "users.conversations" else None
    assert found(await stage.adapter.check({}), "channels") == Finding("Slack, Test: channels", "in none yet")


async def test_connected_is_said_once_slack_says_hello(
    stage: SlackStage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bot token alone is not enough: without Socket Mode nobody is heard."""
    monkeypatch.setattr(socket, "FIRST_PAUSE", 0.05)
    await stage.adapter.stop()
    for code, fix in (("invalid_auth", "'App-Level Tokens'"), ("forbidden_team", "'Socket Mode'")):
        caplog.clear()
        refused = (200, {"ok": False, "error": code}, {})
        stage.proxy.refuse = lambda method, _, r=refused: r if method == "apps.connections.open" else None  # type: ignore[misc]
        adapter = stage.fresh()
        await adapter.start(stage.bot)
        said = summary([adapter])
        assert said.startswith(f"Slack: not connected. Socket Mode was refused: {code}. ")
        assert fix in said
        assert fix in caplog.text
        assert f"workspace {TEAM} is connected" not in caplog.text
        if code == "forbidden_team":
            break
        await adapter.stop()
    caplog.set_level("INFO")
    stage.proxy.refuse = lambda method, _: None

    async def hears() -> bool:
        return summary([stage.adapter]) == "Slack: 1 connected."

    await eventually(hears)
    assert f"Slack workspace {TEAM} is connected (socket)" in caplog.text


async def test_tokens_of_two_apps_are_named_before_anything_is_taken_from_the_other_app(
    stage: SlackStage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bot = {"ok": True, "bot": {"id": "B1", "app_id": "A0AAAA"}}
    stage.proxy.refuse = lambda method, _: (200, bot, {}) if method == "bots.info" else None
    url = stage.settings.api_url
    adapter = Slack([SlackWorkspace(f"xoxb-{TEAM}", "xapp-1-A0OTHER-1-abc", api_url=url)], tmp_path / "other")
    asked = len(stage.proxy.called("apps.connections.open"))
    try:
        await adapter.start(stage.bot)
        said = summary([adapter])
        assert "the two tokens are of different apps: the bot token of A0AAAA, the app token of A0OTHER" in said
        assert "A0OTHER" in caplog.text
        assert len(stage.proxy.called("apps.connections.open")) == asked
    finally:
        await adapter.stop()
    # local-slack takes the token that it knows alone
    open_ = (200, {"ok": True, "url": "ws://127.0.0.1:1/"}, {})
    stage.proxy.refuse = lambda method, _: {"bots.info": (200, bot, {}), "apps.connections.open": open_}.get(method)  # type: ignore[assignment]
    mixed = found(await adapter.check({}), "events")
    assert "of different apps" in mixed.state
    assert "'App-Level Tokens'" in mixed.fix


# Groups and profiles


async def test_a_bound_group_is_listed_and_again_when_it_changes(stage: SlackStage) -> None:
    stage.proxy.groups = [{"id": "S1", "handle": "tutors", "date_update": 1, "users": [INES, BEN]}]
    stage.bot.bound = ["S1"]
    await stage.restart()
    listed = await eventually(lambda: stage.bot.last(GroupListed))
    assert (listed.group, [m.name for m in listed.members]) == ("S1", ["Ben", "Ines"])
    assert listed.members[0].zone == "Asia/Kolkata"
    await stage.people.command("ben", "general", "desk")
    issued = await eventually(lambda: stage.bot.last(CommandIssued))
    assert issued.actor.groups == ("S1",)
    stage.proxy.groups = [{"id": "S1", "handle": "tutors", "date_update": 2, "users": [INES]}]
    stage.adapter._all[0]._groups_stirred.set()  # as `subteam_members_changed` does

    async def changed() -> bool:
        return [len(g.members) for g in stage.bot.all(GroupListed)] == [2, 1]

    await eventually(changed)


async def test_a_workspace_without_user_groups_goes_on(stage: SlackStage) -> None:
    stage.proxy.refuse = lambda method, _: (
        (200, {"ok": False, "error": "paid_teams_only"}, {}) if method == "usergroups.list" else None
    )
    stage.bot.bound = ["S1"]
    await stage.restart()
    await stage.people.command("ben", "general", "desk")
    issued = await eventually(lambda: stage.bot.last(CommandIssued))
    assert issued.actor.groups is None


async def test_who_moves_or_is_deactivated_is_told_and_of_strangers_nothing(stage: SlackStage) -> None:
    await stage.people.command("mia", "general", "help")
    await eventually(lambda: stage.bot.last(CommandIssued))
    reader = stage.adapter._all[0].opened.history.reader
    mia = {"id": MIA, "name": "mia", "tz": "Asia/Tokyo", "profile": {"display_name": "Mia"}, "updated": 5}
    (moved,) = await reader.read({"type": "user_change", "user": mia, "event_ts": "1700000000.000100"})
    assert isinstance(moved, AccountChanged)
    assert (moved.actor.zone, moved.active) == ("Asia/Tokyo", True)
    reader.people.told(MIA)
    assert not await reader.read({"type": "user_change", "user": mia, "event_ts": "1700000001.000100"})  # a status
    (gone,) = await reader.read({"type": "user_change", "user": {**mia, "deleted": True}, "event_ts": "1700000002.1"})
    assert isinstance(gone, AccountChanged)
    assert not gone.active
    assert not await reader.read({"type": "user_change", "user": {**mia, "id": "U0STRANGER"}, "event_ts": "1.1"})


async def test_who_moved_while_nobody_ran_is_noticed_at_the_start(stage: SlackStage) -> None:
    await stage.people.command("mia", "general", "help")
    await eventually(lambda: stage.bot.last(CommandIssued))

    def moved(method: str, arguments: dict[str, str]) -> object:
        if method == "users.info" and arguments["user"] == MIA:
            user = {"id": MIA, "name": "mia", "tz": "Asia/Tokyo", "profile": {"display_name": "Mia"}}
            return 200, {"ok": True, "user": user}, {}
        return None

    stage.proxy.refuse = moved  # type: ignore[assignment]
    await stage.restart()
    changed = await eventually(lambda: stage.bot.last(AccountChanged))
    assert (changed.actor.account.user, changed.actor.zone) == (MIA, "Asia/Tokyo")


async def test_the_bot_knows_who_that_is_before_it_writes_to_somebody(stage: SlackStage) -> None:
    said = Delivery("k", "a", message(paragraph("Welcome.")), account=stage.account("ben"))
    with pytest.raises(RateLimited):  # the message waits, since it may greet them by their name
        await stage.adapter.post(said)
    changed = await stage.bot.last(AccountChanged)
    assert changed is not None
    assert (changed.actor.name, changed.actor.zone) == ("Ben", "Asia/Kolkata")
    await stage.adapter.post(said)
    await stage.restart()
    opened = len(stage.proxy.called("conversations.open"))
    await stage.adapter.post(said)
    assert len(stage.proxy.called("conversations.open")) == opened  # remembered over the restart


async def test_the_bot_knows_who_came_by_a_list_from_the_start(stage: SlackStage) -> None:
    stage.bot.enrolled = [BEN, MIA, "U0NOBODY"]
    await stage.restart()
    told = {e.actor.account.user: e.actor for e in stage.bot.heard.values() if isinstance(e, AccountChanged)}
    assert {user: actor.name for user, actor in told.items()} == {BEN: "Ben", MIA: "Mia"}
    await stage.adapter.post(Delivery("k", "a", message(paragraph("Welcome.")), account=stage.account("ben")))


@pytest.mark.parametrize("fault", [(500, {}, {}), (200, {"ok": False, "error": "internal_error"}, {})])
async def test_a_profile_that_slack_did_not_tell_in_time_is_told_later(stage: SlackStage, fault: object) -> None:
    silent = True

    def refuse(method: str, arguments: dict[str, str]) -> object:
        return fault if silent and method == "users.info" else None

    stage.proxy.refuse = refuse  # type: ignore[assignment]
    await stage.people.command("mia", "general", "help")
    issued = await eventually(lambda: stage.bot.last(CommandIssued))
    assert issued.actor.zone is None
    said = Delivery("k", "card", message(paragraph("Hello Mia.")), account=stage.account("mia"))
    await stage.adapter.post(said)  # nobody waits for ever for a name
    silent = False
    with pytest.raises(RateLimited):
        await stage.adapter.post(said)
    changed = await eventually(lambda: stage.bot.last(AccountChanged))
    assert (changed.actor.account.user, changed.actor.name) == (MIA, "Mia")


# The trial


async def test_the_trial_brings_the_demonstration_into_a_slack(tmp_path: Path) -> None:
    if not BINARY.exists():
        pytest.skip("local-slack is not here: `make local-slack` fetches it from npm")
    port, told = free_port(), asyncio.Event()
    trying = asyncio.create_task(trial.run(BINARY, tmp_path, port, told))
    address = f"http://127.0.0.1:{port}/_control"
    async with aiohttp.ClientSession() as session:

        async def asked(path: str) -> dict[str, list[dict[str, object]]]:
            async with session.get(f"{address}/{path}") as response:
                return dict(await response.json())

        async def welcomed() -> bool:
            if trying.done():
                trying.result()
            try:
                rooms = [c["id"] for c in (await asked("state"))["channels"] if trial.user("mia") in c["members"]]  # type: ignore[operator]
                texts = [str(m["text"]) for r in rooms for m in (await asked(f"messages/{r}"))["messages"]]
            except aiohttp.ClientError:
                return False
            return any("Hello Mia" in text for text in texts)

        assert await eventually(welcomed)
    told.set()
    await trying


CHOICE = Form("enrolment.channel/1/1:", "Choose a channel", (ChannelField("channel", "Channel"),), draft="d1")
ADMINS = {"type": ["admin"], "user": []}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"is_read_only": True}, "I may not post here"),
        ({"is_thread_only": True}, "I may not post here"),
        ({"properties": {"posting_restricted_to": ADMINS}}, "I may not post here"),
        ({"properties": {"posting_restricted_to": {"type": ["admin"], "user": [BOT]}}}, ""),
        ({"is_non_threadable": True}, "I may start no threads here"),
        ({"properties": {"threads_restricted_to": ADMINS}}, "I may start no threads here"),
        ({"is_frozen": True}, "is frozen"),
        (None, "Slack did not answer"),
    ],
)
async def test_a_channel_that_would_take_no_posts_is_not_chosen(
    stage: SlackStage, found: dict[str, object] | None, said: str
) -> None:
    """Mia learns it in the form, and not by the first question that waits."""
    stage.bot.commands = (Command("ask", "questions", Nothing, "/cohort ask", frozenset(), "form", False),)
    stage.bot.answer = lambda event: Answer(form=CHOICE) if isinstance(event, CommandIssued) else Answer()
    await stage.restart()

    def answer(method: str, arguments: Json) -> Reply | None:
        if method != "conversations.info":
            return None
        here = {"id": CHANNELS["questions"], "is_member": True, **(found or {})}
        return 200, {"ok": True, "channel": here} if found else {"ok": False, "error": "internal_error"}, {}

    await stage.people.command("mia", "general", "ask")
    await eventually(lambda: stage.people.form("mia"))
    stage.proxy.refuse = answer
    await stage.people.submit("mia", {"channel": CHANNELS["questions"]})
    if not said:
        await eventually(lambda: stage.bot.last(FormSubmitted))
        return

    async def refused() -> bool:
        return said in await stage.people.problems("mia")

    await eventually(refused)
    assert not stage.bot.all(FormSubmitted)
