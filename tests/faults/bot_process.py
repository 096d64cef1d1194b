"""A bot over files in a separate process, which is killed while it works.

    python bot_process.py DIRECTORY COUNT KEYS

It asks COUNT questions by command, one after the other, while the outbox works, and prints the number of each
that was answered. It ends by itself once everything is delivered. KEYS is 'off' for a chat without idempotency keys.
"""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.driver import Chat
from adapters.sandbox.platform import Platform
from bot.app.compose import compose
from bot.core.time import SystemClock


class Hasty(SystemClock):
    """Runs 600 times faster, so that leases and pauses of a killed run end soon."""

    def __init__(self) -> None:
        super().__init__()
        self._start = super().now()

    def now(self):  # type: ignore[no-untyped-def]
        real = super().now()
        return real + 600 * (real - self._start) + timedelta(hours=1) * _runs()


def _runs() -> int:
    return int(Path(sys.argv[1], "runs").read_text())


async def main() -> None:
    directory, count = Path(sys.argv[1]), int(sys.argv[2])
    clock = Hasty()
    platform = Platform(directory / "sandbox.db", clock.now, keys=sys.argv[3] == "on")
    sandbox = Sandbox(platform)
    app = compose(f"sqlite:///{directory / 'pacekeeper.db'}", clock, [sandbox])
    await app.runtime.start()
    mia = Chat(sandbox).person("mia")
    for n in range(count):
        # The same delivery after a restart: the person acted once, and the platform redelivers.
        await mia.command("ask", f"Question number {n:03}, please?", delivery=f"ask-{n}")
        print(n, flush=True)
    while True:
        counts = app.storage.run_now(lambda unit: unit.outbox.counts())
        if not any(counts.get(state) for state in ("waiting", "held", "sending")):
            break
        await asyncio.sleep(0.05)
    await app.runtime.stop()
    app.storage.close()


asyncio.run(main())
