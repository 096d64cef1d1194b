"""Runs the bot in a local imitation of Slack, without an account: `make try-slack`.

Nothing is kept after the end.
"""

import asyncio
import contextlib
import json
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from adapters.slack.adapter import Slack
from adapters.slack.config import SlackWorkspace
from bot.app.compose import Application, compose
from bot.app.demo import CHANNELS, PEOPLE, make_cohort
from bot.core.people import STAFF
from bot.core.time import SystemClock
from storage.sql.migrate import upgrade

TEAM = "T0DEMO"
BOT = "U0PACEKEEPER"
TOKENS = ("xoxb-demo", "xapp-demo")
PORT = 8421
WAIT = 60.0
"""Seconds until local-slack answers."""


def user(id: str) -> str:
    """The Slack id of a person of the demonstration."""
    return f"U0{id.upper()}"


def channel(name: str) -> str:
    return f"C0{name.upper().replace('-', '')}"


def settings_of_local_slack() -> dict[str, Any]:
    """A workspace with the people and channels of the sandbox's demonstration."""
    people = [(id, name, zone) for id, name, zone, _ in PEOPLE]
    staff = [user(id) for id, _, _, role in PEOPLE if role in STAFF]
    everybody = [user(id) for id, *_ in people]
    bot_token, app_token = TOKENS
    app = {
        "appId": "A0PACEKEEPER",
        "botUserId": BOT,
        "botName": "pacekeeper",
        "botToken": bot_token,
        "appToken": app_token,
        "mode": "socket",
    }
    return {
        "workspace": {"name": "Demo course", "domain": "demo", "teamId": TEAM},
        "apps": [app],
        "users": [{"id": user(id), "name": name, "real_name": name, "tz": zone} for id, name, zone in people],
        "channels": [
            {
                "id": channel(name),
                "name": name,
                "topic": topic,
                "members": [BOT, *(staff if purpose == "staff" else everybody)],
            }
            for name, topic, purpose in CHANNELS
        ],
    }


def seed(app: Application) -> str:
    """Creates the demonstration cohort in this workspace; returns its join code."""
    return make_cohort(app, TEAM, channel, user)


async def run(binary: Path, folder: Path, port: int, until: asyncio.Event) -> None:
    """Runs local-slack with the bot until `until` is set. Raises OSError if local-slack does not start."""
    (folder / "local-slack.json").write_text(json.dumps(settings_of_local_slack()))
    arguments = ("--config", str(folder / "local-slack.json"), "--port", str(port), "--base-host", "127.0.0.1")
    slack = await asyncio.create_subprocess_exec(str(binary), *arguments, stdout=asyncio.subprocess.DEVNULL)
    try:
        await _answers(port)
        workspace = SlackWorkspace(*TOKENS, api_url=f"http://127.0.0.1:{port}/api/")
        app = compose(f"sqlite:///{folder / 'pacekeeper.db'}", SystemClock(), [Slack([workspace], folder / "slack")])
        upgrade(app.storage.engine)
        seed(app)
        await app.runtime.start()
        print(f"\n  Open http://127.0.0.1:{port} in a browser, and choose whom to be.")
        print("  Try /cohort in any channel, a question in #questions, a reply in its thread, and a ✅ on that reply.")
        print("  Ctrl+C ends it, and nothing is kept.\n")
        try:
            await until.wait()
        finally:
            await app.runtime.stop()
            app.storage.close()
    finally:
        slack.terminate()
        await slack.wait()


async def _answers(port: int) -> None:
    """Waits until something listens on the port."""
    loop = asyncio.get_running_loop()
    end = loop.time() + WAIT
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        if loop.time() > end:
            raise OSError("local-slack does not answer")
        await asyncio.sleep(0.1)


async def _until_told(binary: Path, port: int) -> None:
    told = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, told.set)
    with TemporaryDirectory(prefix="pacekeeper-slack-") as folder:
        await run(binary, Path(folder), port, told)


def main(arguments: Sequence[str]) -> None:
    """`python -m tests.slack.trial LOCAL_SLACK [PORT]`"""
    port = int(arguments[1]) if len(arguments) > 1 else PORT
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            sys.exit(f"Port {port} is in use already. Choose another: make try-slack PORT=9000")
    asyncio.run(_until_told(Path(arguments[0]), port))


if __name__ == "__main__":
    main(sys.argv[1:])
