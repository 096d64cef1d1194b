"""A large roster's first Monday: everybody's card comes once, in order, however Discord slows the bot down."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.discord.adapter import Discord
from adapters.discord.config import DiscordBot
from adapters.discord.direct import AT_ONCE, EVERY
from bot.app.cohorts import create_cohort
from bot.app.compose import compose
from bot.core.people import Role
from bot.core.time import WoundClock, parse_instant
from tests.discord.fake import FakeDiscord, Fault
from tests.kit import PLAN, _empty_database

OPENING = r"/users/@me/channels"
SENDING = r"/channels/\d+/messages"
FAULTS = [
    Fault("POST", OPENING, 403, {"code": 40003, "message": "too fast"}, spared=7),
    Fault("POST", SENDING, 429, {"retry_after": 30}, {"Retry-After": "30"}, spared=3),
    Fault("POST", OPENING, 429, {"retry_after": 60}, {"Retry-After": "60"}, times=2, spared=20),
    Fault("POST", SENDING, 0, after=True, spared=12),
    Fault("POST", OPENING, 502, "<html>Bad gateway</html>", spared=25),
    Fault("POST", SENDING, 403, {"code": 40062, "message": "slow"}, times=3, spared=25),
    Fault("POST", SENDING, 500, {"code": 0}, after=True, times=2, spared=40),
]
"""In one order and combination of many: openings refused and limited, answers lost, a service that is slow."""


@pytest.mark.parametrize("number", [40])
async def test_everybody_gets_one_card(tmp_path: Path, number: int) -> None:
    fake, clock = FakeDiscord(), WoundClock(start=parse_instant("2026-01-04T12:00:00Z"))
    main = fake.add_channel("general")["id"]
    people = [fake.add_person(f"p{n:03}", f"Person {n:03}")["id"] for n in range(number)]
    await fake.start()
    shutil.copyfile(_empty_database(), tmp_path / "pacekeeper.db")
    adapter = Discord(DiscordBot("token", fake.api, fake.gateway), tmp_path / "discord", clock)
    app = compose(f"sqlite:///{tmp_path / 'pacekeeper.db'}", clock, [adapter])
    plan = replace(
        PLAN,
        workspace=fake.guild["id"],
        channels={"main": main},
        people=tuple((Role.LEARNER, user) for user in people),
    )
    create_cohort(app.storage, app.registry, plan)
    fake.faults += FAULTS
    await app.runtime.start()
    try:
        # Unhindered the last would be opened after that; the faults add minutes.
        longest = (number - AT_ONCE) * EVERY + timedelta(hours=2)
        at = parse_instant("2026-01-05T09:00:00Z")
        while at < parse_instant("2026-01-05T09:00:00Z") + longest:
            at += timedelta(minutes=10)
            await app.runtime.advance(at)
        sent = {user: [m["content"] for m in fake.messages[fake.conversation(user)["id"]].values()] for user in people}
        # Nobody has anything twice, and all have the same: the welcome, and the week's card.
        for user, cards in sent.items():
            assert ["Welcome" in card for card in cards] == [True, False], f"{user}: {cards}"
        opened = [body["recipient_id"] for verb, path, body in fake.requests if path == OPENING]
        assert set(opened) == set(people)
        assert [f for f in fake.faults if f.times] == []
        assert fake.wrong == []
    finally:
        await app.runtime.stop()
        app.storage.close()
        await fake.stop()
