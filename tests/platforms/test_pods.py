"""A pod on every platform: a private channel, given to its people, left by one, and archived."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.errors import Blocked, TargetGone
from bot.core.people import Place, Role
from bot.features.pods.store import Pod
from tests.kit import COURSE
from tests.platforms.people import Stage
from tests.platforms.test_channels import hello
from tests.platforms.test_contract import post
from tests.platforms.test_discussions import fill_in, monday, press, shown
from tests.platforms.test_private_talk import whole_bot
from tests.waiting import eventually

PODS = f"{COURSE}pods: {{size: 4, opens: Mon 09:00 cohort}}\n"


async def test_two_people_are_a_pod_until_one_leaves(stage: Stage, tmp_path: Path) -> None:
    people = stage.people
    async with whole_bot(stage, tmp_path, PODS, monday(), Role.LEARNER) as app:

        async def pod(number: int = 0) -> Pod | None:
            found = app.storage.run_now(lambda unit: unit.store("pods").pods(1))
            return found[number] if len(found) > number and found[number].channel else None

        for who in ("mia", "ben"):
            await people.command(who, "dm", "")
            await press(stage, who, "dm", "I'd like a pod")
        place = (await eventually(pod)).place
        assert place is not None
        assert stage.inside(place) == {"mia", "ben"}
        await people.command("mia", "dm", "")
        await press(stage, "mia", "dm", "My pod")
        assert "With Ben" in (await shown(stage, "mia", "dm", "Your pod\n")).text
        await press(stage, "mia", "dm", "Introduce yourself")
        await fill_in(stage, "mia", q1="CANARY on a boat")
        await shown(stage, "mia", "dm", "It stands in")
        assert not [s for s in await people.sees("ben", "general", None) if "CANARY" in s.text]
        await people.command("mia", "dm", "")
        await press(stage, "mia", "dm", "My pod")
        await press(stage, "mia", "dm", "Leave the pod")
        await shown(stage, "mia", "dm", "Leave your pod?")
        await press(stage, "mia", "dm", "Leave the pod")
        await shown(stage, "mia", "dm", "You have left the pod")

        async def left() -> bool:
            return stage.inside(place) == {"ben"}

        await eventually(left)
        with pytest.raises((Blocked, TargetGone)):
            await eventually(lambda: _refused(stage, place))


async def _refused(stage: Stage, place: Place) -> bool:
    """Whether the channel takes a post still; raises once it is archived."""
    await post(stage, hello(f"k{timedelta()}", place))
    return False
