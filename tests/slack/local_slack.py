"""Runs local-slack (npm) on loopback for a test. `make local-slack` fetches it."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.platforms.people import CROWD
from tests.waiting import eventually

Json = dict[str, Any]

ROOT = Path(__file__).parents[2]
BINARY = Path(os.environ.get("LOCAL_SLACK", ROOT / ".venv/node/node_modules/local-slack-linux-x64/bin/local-slack"))
BOT, MIA, BEN, INES = "U0BOT", "U0MIA", "U0BEN", "U0INES"
PEOPLE = {"mia": MIA, "ben": BEN, "ines": INES} | {who: f"U0{who.upper()}" for who in CROWD}
CHANNELS = {"general": "C0GENERAL", "questions": "C0QUESTIONS", "staff": "C0STAFF"}
TEAM = "T0TEST"
SECRET = "a-signing-secret"


def config(request_url: str | None = None, team: str = TEAM) -> Json:
    everybody = [BOT, *PEOPLE.values()]
    zones = {MIA: "Europe/Berlin", BEN: "Asia/Kolkata", INES: "Europe/Lisbon"}
    mode = {"mode": "events", "requestUrl": request_url} if request_url else {"mode": "socket"}
    return {
        "workspace": {"name": "Test", "domain": "test", "teamId": team},
        "apps": [
            {
                "appId": "A0TEST",
                "botUserId": BOT,
                "botName": "pacekeeper",
                "botToken": f"xoxb-{team}",
                "appToken": f"xapp-{team}",
                "signingSecret": SECRET,
                **mode,
            }
        ],
        "users": [
            {
                "id": user,
                "name": name.capitalize(),
                "real_name": name.capitalize(),
                "tz": zones.get(user, "Europe/Berlin"),
            }
            for name, user in PEOPLE.items()
        ],
        "channels": [{"id": id, "name": name, "members": everybody} for name, id in CHANNELS.items()],
    }


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@asynccontextmanager
async def local_slack(folder: Path, settings: Json) -> AsyncIterator[str]:
    """Runs an instance; gives its address (http://127.0.0.1:PORT)."""
    if not BINARY.exists():
        pytest.skip("local-slack is not here: `make local-slack` fetches it from npm")
    path, port = folder / "local-slack.json", free_port()
    path.write_text(json.dumps(settings))
    process = await asyncio.create_subprocess_exec(
        str(BINARY),
        *("--config", str(path), "--port", str(port), "--base-host", "127.0.0.1", "--files-dir", str(folder / "files")),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        async with aiohttp.ClientSession() as session:

            async def answers() -> bool:
                assert process.returncode is None, "local-slack has ended"
                with suppress(aiohttp.ClientError):
                    async with session.get(f"{address}/_control/state") as response:
                        return response.status == 200
                return False

            await eventually(answers)
        yield address
    finally:
        process.kill()
        await process.wait()
