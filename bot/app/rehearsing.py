"""Rehearsals that are started from a page: each in a process of its own, so that people are answered meanwhile."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.core.errors import PacekeeperError
from bot.core.ports import Rehearsed

LEARNERS = 5
"""Enough for the dates, the budget and the live sessions; `pacekeeper rehearse` plays with more."""

SECONDS = 20 * 60
"""A rehearsal that takes longer is ended."""

LONGEST_LINE = 10_000_000
INHERITED = ("PATH", "HOME", "LANG", "SYSTEMROOT", "PYTHONPATH", "VIRTUAL_ENV")
"""What the process knows of the environment: none of the secrets."""


class Rehearsals:
    """The `Rehearse` of bot/core/ports.py."""

    def __init__(self) -> None:
        self._shares: dict[str, float] = {}

    def share(self, key: str) -> float:
        return self._shares.get(key, 0.0)

    async def play(self, key: str, text: str, starts_on: date, zone: str) -> Rehearsed:
        # Here and not in the process, which may be killed.
        with TemporaryDirectory(prefix="rehearsal-") as folder:
            known = {name: os.environ[name] for name in INHERITED if name in os.environ}
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.app.rehearsing"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=LONGEST_LINE,
                env={**known, "TMPDIR": folder},
            )
            asked = {"text": text, "start": starts_on.isoformat(), "zone": zone, "out": str(Path(folder) / "out")}
            try:
                async with asyncio.timeout(SECONDS):
                    return await self._hear(key, process, json.dumps(asked))
            except TimeoutError:
                return Rehearsed("failed", (f"It was ended after {SECONDS // 60} minutes.",))
            finally:
                self._shares.pop(key, None)
                if process.returncode is None:
                    process.kill()
                    await process.wait()

    async def _hear(self, key: str, process: asyncio.subprocess.Process, asked: str) -> Rehearsed:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(asked.encode())
        process.stdin.close()
        async for line in process.stdout:
            said = json.loads(line)
            if "outcome" in said:
                return Rehearsed(said["outcome"], tuple(said["found"]), tuple(said["notes"]))
            self._shares[key] = said["share"]
        return Rehearsed("failed", ("It ended before its end.",))


# In the process


def main() -> None:
    from bot.app.rehearsal import Plan, rehearse
    from bot.app.rehearsal.load import by_card

    os.nice(10)
    asked = json.load(sys.stdin)

    def tell(began: datetime, now: datetime, end: datetime) -> None:
        _say({"share": min(1.0, (now - began) / (end - began))})

    plan = Plan(asked["text"], "course.yaml", LEARNERS, "1", date.fromisoformat(asked["start"]), asked["zone"])
    try:
        done = rehearse(plan, Path(asked["out"]), tell)
    except PacekeeperError as failed:
        _say({"outcome": "failed", "found": [str(failed)], "notes": []})
        return
    found = [*(f"Over the budget: {one}" for one in done.over), *(str(one) for one in done.findings)]
    notes = [f"The budget dropped something: {one}." for one in by_card(done.dropped)]
    most = f"At most {done.figures.most_in_a_week} unasked messages a week to a learner."
    _say({"outcome": "found" if found else "well", "found": found, "notes": [most, *notes]})


def _say(what: Mapping[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
