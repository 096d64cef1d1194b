"""Requests at /slack/events that are not Slack's, or that nobody can read: a refusal, one line in the log, and the next
question is heard."""

import json
import logging
import time
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.core.events import MessagePosted, PlaceFound
from tests.slack.local_slack import BEN, CHANNELS, TEAM
from tests.slack.proxy import signed
from tests.slack.test_deliveries import over_http

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
SECRET_WORDS = "words-of-a-person"

DEEP = '{"type": "event_callback", "event": ' + '{"a":' * 30_000 + "1" + "}" * 30_002
EVENT = {"type": "message", "channel": CHANNELS["questions"], "user": BEN, "ts": "1700000000.000100"}


def event(**changed: object) -> str:
    return json.dumps({"type": "event_callback", "team_id": TEAM, "event": {**EVENT, **changed}})


def callback(text: str) -> str:
    return event(text=text)


UNREADABLE = {
    "no JSON": (JSON, f"{{{SECRET_WORDS}"),
    "an array": (JSON, f'["{SECRET_WORDS}"]'),
    "a number": (JSON, "1"),
    "nothing": (JSON, ""),
    "deep nesting": (JSON, DEEP),
    "a number of 100,000 digits": (JSON, '{"type": ' + "9" * 100_000 + "}"),
    "NaN": (JSON, '{"type": NaN}'),
    "an infinity": (JSON, '{"type": 1e999}'),
    "an event that is a text": (JSON, f'{{"type": "event_callback", "event": "{SECRET_WORDS}"}}'),
    "a reaction on a text": (JSON, event(type="reaction_added", item=SECRET_WORDS)),
    "blocks that are a number": (JSON, event(blocks=5)),
    "authorizations that are numbers": (JSON, '{"type": "event_callback", "event": {}, "authorizations": [1]}'),
    "a payload that is no JSON": (FORM, f"payload=%7B{SECRET_WORDS}"),
    "a payload that nests too deep": (FORM, urlencode({"payload": "[" * 50_000})),
    "an empty payload": (FORM, "payload="),
    "ten thousand fields": (FORM, "&".join(f"a{n}=1" for n in range(10_000))),
    "a picture": ("image/png", SECRET_WORDS),
    "no type": ("", callback(SECRET_WORDS)),
}


async def test_what_nobody_can_read_is_refused_and_the_next_question_is_heard(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with over_http(tmp_path) as (_, bot, people, _proxy, own), aiohttp.ClientSession() as session:
        caplog.clear()
        for name, (kind, body) in UNREADABLE.items():
            async with session.post(f"{own}/slack/events", data=body.encode(), headers=signed(body, kind)) as answer:
                assert answer.status == 400, name
        assert len([r for r in caplog.records if r.levelno >= logging.WARNING]) == len(UNREADABLE)
        assert not any(r.exc_info for r in caplog.records)
        assert SECRET_WORDS not in caplog.text
        assert not [e for e in bot.heard.values() if not isinstance(e, PlaceFound)]
        said = await people.say("ben", "questions", "How long is the report?")
        assert [p.id for p in bot.all(MessagePosted)] == [said]


async def test_what_slack_did_not_sign_is_refused_before_it_is_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = callback("Hello?")
    proper = signed(good, JSON)
    mac, stamp = proper["X-Slack-Signature"], proper["X-Slack-Request-Timestamp"]
    unsigned = [
        {},
        {"Content-Type": JSON},
        {**proper, "X-Slack-Signature": ""},
        {**proper, "X-Slack-Signature": "v0=é".encode().decode("latin-1")},
        {**proper, "X-Slack-Signature": mac.replace("v0", "v1")},
        {**proper, "X-Slack-Request-Timestamp": ""},
        {**proper, "X-Slack-Request-Timestamp": "now"},
        {**proper, "X-Slack-Request-Timestamp": "²"},
        {**proper, "X-Slack-Request-Timestamp": "9" * 5000},
        {**proper, "X-Slack-Request-Timestamp": "-" + stamp},
        signed(good, JSON, at=int(time.time()) - 3600),
        signed(good, JSON, at=int(time.time()) + 3600),
        signed(good, JSON, secret="another"),
    ]
    async with over_http(tmp_path) as (_, bot, _people, _proxy, own), aiohttp.ClientSession() as session:
        caplog.clear()
        for headers in unsigned:
            for body in (good.encode(), DEEP.encode(), b"\xff\xfe\x00"):
                async with session.post(f"{own}/slack/events", data=body, headers=headers) as answer:
                    assert answer.status == 401, headers
        async with session.post(f"{own}/slack/events", data=b"\xff\xfe", headers=signed("x", JSON)) as answer:
            assert answer.status == 401
        assert not any(r.exc_info for r in caplog.records)
        assert not [e for e in bot.heard.values() if not isinstance(e, PlaceFound)]


async def test_a_message_with_what_no_database_keeps_is_heard_without_it(tmp_path: Path) -> None:
    async with over_http(tmp_path) as (_, bot, _people, _proxy, own), aiohttp.ClientSession() as session:
        body = callback("Is it \x00 half \ud83d a pair?")
        async with session.post(f"{own}/slack/events", data=body.encode(), headers=signed(body, JSON)) as answer:
            assert answer.status == 200
        assert [p.text for p in bot.all(MessagePosted)] == ["Is it  half \ufffd a pair?"]
