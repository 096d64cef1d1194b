"""The real program against Discord: it is killed while a message is on its way, and nothing is said twice."""

import asyncio
import json
import os
import shutil
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.app.cohorts import create_cohort
from bot.app.compose import compose
from bot.core.people import Role
from bot.core.time import SystemClock
from tests.discord import humans
from tests.discord.fake import FakeDiscord
from tests.kit import PLAN, _empty_database
from tests.waiting import LONG, eventually

ROOT = Path(__file__).parents[2]
Json = dict[str, Any]


async def run(fake: FakeDiscord, folder: Path, *words: str) -> asyncio.subprocess.Process:
    (folder / "none.env").touch()
    mine = {
        "PACEKEEPER_DATA_DIR": str(folder),
        "PACEKEEPER_CONFIG": str(folder / "none.env"),
        "PACEKEEPER_DISCORD_TOKEN": "token",
        "PACEKEEPER_DISCORD_API_URL": fake.api,
        "PACEKEEPER_DISCORD_GATEWAY_URL": fake.gateway,
    }
    code = "import sys; from bot.app.cli import main; sys.argv[0] = 'pacekeeper'; main()"
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, *words),
        cwd=ROOT,
        env={**os.environ, **mine},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


def cohort(folder: Path, guild: str, channel: str, manager: str) -> str:
    """Makes one whose course has not begun, so that joining brings the welcome card alone on any weekday; returns the
    code to join with."""
    shutil.copyfile(_empty_database(), folder / "pacekeeper.db")
    app = compose(f"sqlite:///{folder / 'pacekeeper.db'}", SystemClock(), [])
    starts_on = SystemClock().now().date() + timedelta(days=14)
    plan = replace(
        PLAN, workspace=guild, channels={"main": channel}, people=((Role.MANAGER, manager),), starts_on=starts_on
    )
    _, code = create_cohort(app.storage, app.registry, plan)
    app.storage.close()
    return code


async def said(process: asyncio.subprocess.Process) -> str:
    output, _ = await asyncio.wait_for(process.communicate(), LONG)
    return output.decode()


async def test_the_command_line_asks_discord_where_a_cohort_can_be(tmp_path: Path) -> None:
    """Before the first start nothing is known of it here."""
    fake = FakeDiscord()
    general = fake.add_channel("general")["id"]
    await fake.start()
    try:
        guild = fake.guild["id"]
        made = ("cohort", "create", "courses/demo.yaml", "--start", "2030-01-07", "--zone", "Europe/Berlin")
        wrong = await said(await run(fake, tmp_path, *made, "--workspace", f"{guild[:-1]}x"))
        assert "None of your tokens is for the workspace" in wrong
        assert f"Did you mean {guild} (Academy)?" in wrong
        assert "starts 2030-01-07" in await said(await run(fake, tmp_path, *made, "--channel", f"main={general}"))
        found = json.loads(await said(await run(fake, tmp_path, "doctor", "--json")))
        assert {"what": "Cohort demo-2030-01-07, main", "state": "#general", "mend": "", "sure": True} in found
        more = (*made, "--code", "lost", "--channel", "main=99", "--workspace", guild)
        await said(await run(fake, tmp_path, *more))
        found = json.loads(await said(await run(fake, tmp_path, "doctor", "--json")))
        (lost,) = [f for f in found if f["what"] == "Cohort lost, main"]
        assert (lost["state"], "/cohort setup" in lost["mend"]) == ("there is no channel 99", True)
    finally:
        await fake.stop()


async def test_killed_while_a_card_is_on_its_way(tmp_path: Path) -> None:
    """When the program is back, Discord has forgotten the nonce: what stands there is found by its looks."""
    fake = FakeDiscord()
    general = fake.add_channel("general")["id"]
    mia = fake.add_person("mia", "Mia")["id"]
    await fake.start()
    process = None
    try:
        code = cohort(tmp_path, fake.guild["id"], general, mia)
        process = await run(fake, tmp_path, "run")

        async def connected() -> bool:
            return bool(fake.commands)

        await eventually(connected)
        # The welcome card arrives, and its answer never does: the program is killed before.
        arrived, post = asyncio.Event(), fake._post
        ben = fake.add_person("ben", "Ben")["id"]
        card = fake.conversation(ben)["id"]

        async def hang(channel: str, *args: Any, **kwargs: Any) -> Json:
            found = post(channel, *args, **kwargs)
            if channel == card:
                arrived.set()
                await asyncio.sleep(120)
            return found

        fake._post = hang  # type: ignore[method-assign,assignment]
        humans.command(fake, ben, general, "join", code=code)
        await asyncio.wait_for(arrived.wait(), LONG)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        fake._post = post  # type: ignore[method-assign]
        fake.nonces.clear()
        process = await run(fake, tmp_path, "run")

        async def sent_again() -> bool:
            return any(b and b.get("content") for m, p, b in fake.requests[-40:] if m == "PATCH" and card in p)

        await eventually(sent_again)
        assert len(fake.messages[card]) == 1
        assert process.stdout is not None
        running = await asyncio.wait_for(process.stdout.readuntil(b"Pacekeeper is running"), LONG)
        await asyncio.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert "Traceback" not in running.decode() + await said(process)
        assert process.returncode == 0
        assert fake.wrong == []
    finally:
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
        await fake.stop()
