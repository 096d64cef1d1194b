"""The machine's clock is set while the bot runs: nothing stops, and nothing comes twice."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.driver import Chat, Speaker
from adapters.sandbox.platform import Platform
from bot.app.cohorts import create_cohort
from bot.app.compose import Application, compose
from bot.core.people import Role
from bot.core.time import SystemClock
from tests.kit import PLAN, fresh_database
from tests.waiting import eventually

HOUR = 3600


class Machine:
    """A bot on a machine whose clock can be set."""

    def __init__(self, folder: Path) -> None:
        self.clock = time_machine.travel(datetime(2026, 1, 7, 10, tzinfo=UTC), tick=True)
        self.set = self.clock.start()
        self.url = fresh_database(folder)
        self.platform = Platform(None, SystemClock().now)
        for name in ("general", "questions"):
            self.platform.add_channel(name)
        self.sandbox = Sandbox(self.platform)
        self.mia = Chat(self.sandbox).person("mia", "Mia", "Europe/Berlin")
        self.app = self.make()
        create_cohort(self.app.storage, self.app.registry, replace(PLAN, people=((Role.LEARNER, "mia"),)))

    def make(self) -> Application:
        return compose(self.url, SystemClock(), [self.sandbox])

    async def restart(self) -> None:
        await self.app.runtime.stop()
        self.app.storage.close()
        self.app = self.make()
        await self.app.runtime.start()

    async def sees(self, text: str, times: int = 1) -> None:
        """Waits, by real seconds, until a text stands in the channel for questions so often."""

        async def seen() -> bool:
            return sum(text in s.text for s in self.mia.sees("questions") if s.by == "bot" and s.to is None) == times

        await eventually(seen)

    async def delivered(self) -> None:
        """Waits, by real seconds, until nothing is left to deliver."""

        async def nothing_left() -> bool:
            counts = self.app.storage.run_now(lambda unit: unit.outbox.counts())
            return not counts.keys() & {"waiting", "sending", "held"}

        await eventually(nothing_left)


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    made = Machine(tmp_path)
    await made.app.runtime.start()
    yield made
    await made.app.runtime.stop()
    made.app.storage.close()
    made.clock.stop()


async def ask(mia: Speaker, text: str) -> None:
    await mia.command("ask", text)


@pytest.mark.parametrize("shift", [-HOUR, HOUR, -30 * 24 * HOUR])
async def test_what_is_asked_around_the_change_is_posted_once(machine: Machine, shift: int) -> None:
    machine.platform.faults.plan("429", 1)
    await ask(machine.mia, "Before the change, how long?")
    machine.set.shift(shift)
    await ask(machine.mia, "After the change, how long?")
    await machine.sees("Before the change")
    await machine.sees("After the change")
    machine.set.shift(-shift)
    await ask(machine.mia, "Set right again, how long?")
    # A second post would come later than the first, so the count is taken once nothing is left to deliver.
    await machine.sees("Set right again")
    await machine.delivered()
    for text in ("Before the change", "After the change", "Set right again"):
        await machine.sees(text)


async def test_what_waits_for_the_platform_goes_out_by_itself(machine: Machine) -> None:
    # A tick has been planned for the next second by then.
    await asyncio.sleep(1.5)
    machine.platform.faults.plan("429", 1)
    await ask(machine.mia, "Who stirs, after the change?")
    machine.set.shift(-HOUR)
    await machine.sees("Who stirs, after the change?")


async def test_what_was_leased_in_the_future_goes_out_after_a_start(machine: Machine) -> None:
    machine.platform.faults.plan("sent-but-timeout", 1)
    await ask(machine.mia, "Whose answer was lost?")
    await machine.sees("Whose answer was lost?")
    machine.set.shift(-HOUR)
    await machine.restart()
    # As late as a delivery that failed is ever tried again.
    machine.set.shift(15 * 60)
    await machine.delivered()
    await machine.sees("Whose answer was lost?")


def test_a_small_step_back_is_made_up_for_and_others_are_followed() -> None:
    with time_machine.travel(datetime(2026, 1, 7, 10, tzinfo=UTC), tick=False) as machine:
        clock = SystemClock()
        before = clock.now()
        machine.shift(-30)
        assert before <= clock.now() < before + timedelta(seconds=1)
        machine.shift(60)
        assert clock.now() == before + timedelta(seconds=30)
        # The clock was an hour ahead: nobody's work is late by the right one.
        machine.shift(-HOUR)
        assert clock.now() == before + timedelta(seconds=30 - HOUR)
