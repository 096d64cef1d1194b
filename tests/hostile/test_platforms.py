"""Hostile texts on every platform and both databases: an answer or a refusal in words, no traceback, and the next
person is heard."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.core.actions import Action
from bot.core.events import ButtonPressed, CommandIssued, FormSubmitted, Interaction, MessagePosted
from bot.core.forms import Form, TextField
from bot.core.message import message, paragraph, quote
from bot.core.people import Account, Actor, Place
from bot.core.ports import Answer
from tests.contract.conftest import _schema, migrated_postgres, postgres  # noqa: F401
from tests.kit import World, new_world
from tests.platforms import discord_stage
from tests.platforms.conftest import stage  # noqa: F401
from tests.platforms.people import Stage
from tests.slack.local_slack import BEN, CHANNELS, MIA, TEAM
from tests.slack.proxy import signed
from tests.slack.test_deliveries import over_http
from tests.waiting import eventually

LONGEST = 38_900
"""With the name of a command, as much as the sandbox takes."""
TEXTS: Mapping[str, str] = {
    "NUL": "Why \x00?",
    "half a pair": "Why \ud83d?",
    "both halves": "Why \ud83d\ude00?",
    "turned around": "Why \u202e?" + "\u2067" * 1000,
    "one character": "a" * LONGEST,
    "angles": "<" * LONGEST,
    "ticks": "`" * LONGEST,
    "lines": "a" + "\n" * LONGEST,
    "nesting": "[" * 20_000 + "]" * 19_000,
    "a large integer": "9" * 20_000,
    "NaN": "NaN",
    "options": "text=" * 7000,
}


def echo(event: Interaction) -> Answer:
    """Says what was said, so that it is rendered, too."""
    said = event.text if isinstance(event, CommandIssued) else ""
    return Answer(message=message(paragraph("Taken."), quote(said or "-")))


def tracebacks(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.exc_info or r.levelno >= logging.ERROR]


async def test_a_platform_goes_on(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:  # noqa: F811
    stage.bot.answer = echo
    for n, text in enumerate(TEXTS.values()):
        said = await stage.people.say("mia", "questions", text)
        await stage.people.edit("mia", "questions", said, f"{n} {text}")
        await stage.people.say("mia", "dm", text)
        await stage.people.command("mia", "questions", f"ask {text}")
    await stage.people.say("ben", "questions", "How long is the report?")

    async def heard() -> bool:
        return any(m.text == "How long is the report?" for m in stage.bot.all(MessagePosted))

    await eventually(heard)
    assert tracebacks(caplog) == []
    assert len(stage.bot.all(CommandIssued)) == len(TEXTS)
    for event in stage.bot.heard.values():
        assert "\x00" not in str(event)
        assert str(event).encode()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_a_database_goes_on(
    database: str, tmp_path: Path, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    url: str | None = request.getfixturevalue("migrated_postgres") if database == "postgresql" else None
    world = new_world(tmp_path, database=url)
    try:
        mia, ben = await world.learner("mia", "Mia \u202e\x00"), await world.learner("ben", "Ben")
        for text in TEXTS.values():
            said = await mia.say("questions", text)
            assert said.message
            await mia.edit(said.message, f"{text}?")
            await mia.say("dm", text)
            for command in ("ask", "find", "settings", "setup", "away", text[:1000]):
                answer = await mia.command(command, text[:LONGEST])
                assert answer.text or answer.form or answer.errors
                assert "Something went wrong" not in answer.text
                assert len(answer.text) < 2 * LONGEST
        await ben.command("ask", "How long is the report?")
        assert any("How long is the report?" in seen.text for seen in ben.sees("questions"))
        assert tracebacks(caplog) == []
    finally:
        world.app.storage.close()


async def test_signed_requests_of_slack(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    form = Form("demo.take/1/", "Form", (TextField("text", "Text"),), draft="d1")
    async with over_http(tmp_path) as (_, bot, people, _proxy, own), aiohttp.ClientSession() as session:
        bot.answer = lambda event: Answer(form=form) if isinstance(event, ButtonPressed) else echo(event)

        async def post(body: str, kind: str) -> int:
            async with session.post(f"{own}/slack/events", data=body.encode(), headers=signed(body, kind)) as answer:
                return answer.status

        known = {"team": {"id": TEAM}, "user": {"id": MIA, "team_id": TEAM}, "api_app_id": "A1", "trigger_id": "1.2"}
        for n, text in enumerate(TEXTS.values()):
            event = {"type": "message", "channel": CHANNELS["questions"], "user": BEN, "text": text, "ts": f"17{n}.1"}
            statuses = [await post(json.dumps({"type": "event_callback", "team_id": TEAM, "event": event}), JSON)]
            written = text.encode("utf-8", "replace").decode()
            command = {"command": "/cohort", "text": f"ask {written}", "team_id": TEAM, "user_id": MIA}
            command |= {"channel_id": CHANNELS["questions"], "trigger_id": f"{n}.1", "user_name": "mia"}
            statuses.append(await post(urlencode(command), FORM))
            for action in (text[:2000], "demo.open/1/"):
                pressed = {"type": "button", "action_id": action, "value": text, "action_ts": f"{n}.2"}
                where = {"channel": {"id": CHANNELS["questions"]}, "message": {"ts": "1.1"}}
                payload = {"type": "block_actions", **known, **where, "actions": [pressed]}
                statuses.append(await post(urlencode({"payload": json.dumps(payload)}), FORM))
            state = {"text": {"text": {"type": "plain_text_input", "value": text}}}
            view = {"id": f"V{n}", "callback_id": text[:200], "private_metadata": text[:2900], "hash": "1"}
            view |= {"type": "modal", "state": {"values": state}, "blocks": []}
            submitted = {"type": "view_submission", **known, "view": view}
            statuses.append(await post(urlencode({"payload": json.dumps(submitted)}), FORM))
            assert set(statuses) <= {200, 400}, (text[:20], statuses)
            assert statuses[:2] == [200, 200]
        await people.say("ben", "questions", "How long is the report?")
        assert bot.all(MessagePosted)[-1].text == "How long is the report?"
        assert len(bot.all(MessagePosted)) == len(TEXTS) + 1
        assert all("\x00" not in str(e) and str(e).encode() for e in bot.heard.values())
        assert bot.all(FormSubmitted) or bot.all(CommandIssued)
    assert tracebacks(caplog) == []


JSON, FORM = "application/json", "application/x-www-form-urlencoded"


async def test_interactions_of_discord(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with discord_stage.open_stage(tmp_path) as opened:
        fake, people, bot = opened.fake, opened.people, opened.bot
        bot.answer = echo
        mia, room = people.users["mia"], people.rooms["questions"]
        shown = fake.say(mia, room, "Press.")
        for text in TEXTS.values():
            fake.interact(mia, room, 2, {"id": "1", "name": text[:100], "type": 1, "options": []})
            fake.interact(mia, room, 3, {"custom_id": text[:100], "component_type": 2, "id": 1}, shown)
            field = {"type": 4, "custom_id": text[:100], "id": 2, "value": text[:4000]}
            labelled = {"type": 18, "id": 3, "component": field}
            fake.interact(mia, room, 5, {"custom_id": text[:100], "components": [labelled]}, shown)
        await people.say("ben", "questions", "How long is the report?")

        async def heard() -> bool:
            return any(m.text == "How long is the report?" for m in bot.all(MessagePosted))

        await eventually(heard)
        assert all("\x00" not in str(e) and str(e).encode() for e in bot.heard.values())
    assert tracebacks(caplog) == []


async def test_a_form_that_nobody_knows_takes_no_more_than_a_form(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    actor = Actor(Account("sandbox", "mia"), "Mia")
    place, now = Place("sandbox", "questions"), world.clock.now()
    action = Action("command", "ask", world.cohort.id).encode()
    for n, values in enumerate(({"text": "a" * 3001}, {f"a{k}": "1" for k in range(60)})):
        sent = FormSubmitted(actor=actor, place=place, id=f"f{n}", at=now, action=action, values=values)
        answer = await world.app.runtime.receive(sent)
        assert "not kept any more" in " ".join(answer.problems.values())
    assert mia.sees("questions") == []
