"""A pod on every platform: a private channel, given to its people, left by one, and archived."""

from datetime import timedelta
from itertools import count
from pathlib import Path

from bot.app.compose import Application
from bot.app.personal import erase, find_person
from bot.core.errors import Blocked, TargetGone
from bot.core.people import Place, Role
from tests.kit import COURSE
from tests.platforms.people import Stage
from tests.platforms.test_channels import hello
from tests.platforms.test_contract import post
from tests.platforms.test_discussions import fill_in, monday, press, shown
from tests.platforms.test_private_talk import whole_bot
from tests.waiting import eventually

PODS = f"{COURSE}pods: {{size: 4, opens: Mon 09:00 cohort}}\n"
HANDED = f"""\
{PODS}
milestones:
  - {{id: map, week: 1, title: The map, due: Sun 23:59 aoe, essential: yes, pod: yes}}
"""


async def _together(stage: Stage, app: Application) -> Place:
    """Mia and Ben ask for a pod; returns the channel of theirs."""

    async def pod() -> Place | None:
        found = app.storage.run_now(lambda unit: unit.store("pods").pods(1))
        return found[0].place if found else None

    for who in ("mia", "ben"):
        await stage.people.command(who, "dm", "")
        await press(stage, who, "dm", "I'd like a pod")
    place = await eventually(pod)
    assert stage.inside(place) == {"mia", "ben"}
    return place


async def _alone(stage: Stage, place: Place, who: str) -> None:
    """Waits until nobody else is in the channel, and it is archived."""

    async def left() -> bool:
        return stage.inside(place) == {who}

    await eventually(left)
    await archived(stage, place)


async def archived(stage: Stage, place: Place) -> None:
    """Waits until a channel takes nothing any more."""
    keys = count()

    async def refused() -> bool:
        try:
            # A platform answers a key that it knows with the message that is there.
            await post(stage, hello(f"k{next(keys)}", place))
        except (Blocked, TargetGone):
            return True
        return False

    await eventually(refused)


async def test_two_people_are_a_pod_until_one_leaves(stage: Stage, tmp_path: Path) -> None:
    people = stage.people
    async with whole_bot(stage, tmp_path, PODS, monday(), Role.LEARNER) as app:
        place = await _together(stage, app)
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
        await _alone(stage, place, "ben")


async def test_one_hands_in_and_the_card_of_the_other_says_so(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()
    async with whole_bot(stage, tmp_path, HANDED, clock, Role.LEARNER) as app:
        place = await _together(stage, app)
        await app.runtime.advance(clock.now() + timedelta(days=1))
        assert "to hand in" in (await shown(stage, "ben", "dm", "The map · ")).text
        before = len(await people.sees("ben", "dm"))
        await people.command("mia", "dm", "submit")
        await fill_in(stage, "mia", text="Our map")
        await shown(stage, "ben", "dm", "The map · handed in by your pod")
        assert len(await people.sees("ben", "dm")) == before, "what stands there is changed"
        await people.command("ben", "dm", "submit")
        await press(stage, "ben", "dm", "Edit: The map")
        assert (await fill_in(stage, "ben", text="Our map, with a legend")).values["text"] == "Our map"
        await shown(stage, "mia", "dm", "Ben handed in, for your whole pod")
        # Mia is erased: she is in no channel any more, and that of the pod, which is over, is archived.
        kept = app.registry.kept
        app.storage.run_now(lambda unit: erase(app.registry, unit, find_person(unit, "Mia", kept), clock.now()))
        await _alone(stage, place, "ben")


async def test_a_pod_does_not_move_in_with_others(stage: Stage, tmp_path: Path) -> None:
    """Whoever has a private channel with the name of a pod's keeps it for themselves."""
    workspace = stage.place("general").workspace
    async with whole_bot(stage, tmp_path, PODS, monday(), Role.LEARNER) as app:
        theirs = await stage.adapter.create(workspace, "demo-pod-1", "Surprise for Mia", True, [stage.account("ines")])
        place = await _together(stage, app)
        assert place != theirs
        assert stage.inside(theirs) == {"ines"}
        assert not app.storage.run_now(lambda unit: unit.store("pods").pods(1))[0].why
