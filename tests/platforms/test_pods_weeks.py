"""Pods over three weeks on every platform: across the date line, as people leave, with few messages."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

from bot.app.cohorts import turn_in
from bot.app.compose import Application
from bot.core.facts import ZoneChanged
from bot.core.people import Account, Place, Role
from bot.features.completion import closing
from tests.kit import COURSE
from tests.platforms.people import CROWD, Stage
from tests.platforms.test_discussions import fill_in, monday, press, shown
from tests.platforms.test_pods import archived
from tests.platforms.test_private_talk import whole_bot
from tests.waiting import eventually

WEEKS = f"""\
{COURSE}
pods: {{size: 4, opens: Wed 09:00 cohort}}
checkins:
  - {{id: page, title: The shared page, weekly: yes, days: [Mon 09:00 cohort, Thu 09:00 cohort], minutes: 5, pod: yes}}
"""
EAST, WEST, NEAR = ("mia", "ben"), ("ada", "cem"), ("dia", "eva", "fay")
ZONES = dict.fromkeys(EAST, "Pacific/Tongatapu") | dict.fromkeys(WEST, "Pacific/Pago_Pago")
"""UTC+13 and UTC-11 have the same time of day, on two dates."""


class Watch:
    """Counts what the bot writes in the channels of pods, and in the direct messages of who is in none."""

    def __init__(self, stage: Stage, app: Application) -> None:
        self.stage, self.app = stage, app
        self.known: set[str] = set()

    def pods(self) -> list[tuple[Place, set[str]]]:
        found = self.app.storage.run_now(lambda unit: unit.store("pods").pods(1))
        return [(pod.place, self.stage.inside(pod.place)) for pod in found if pod.place is not None]

    async def new(self) -> Counter[str]:
        """How many messages are new in each channel since the last look."""
        found: Counter[str] = Counter()
        for place, people in self.pods():
            reader = min(people)
            roots = await self.stage.people.sees(reader, place.channel)
            below = [s for root in roots for s in await self.stage.people.sees(reader, place.channel, root.id)]
            ids = {f"{place.channel}/{s.id}" for s in [*roots, *below] if s.by_bot and not s.private}
            found[place.channel] = len(ids - self.known)
            self.known |= ids
        return found


async def test_pods_across_the_date_line_as_people_come_and_go(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()
    begins = clock.now()
    others = dict.fromkeys(CROWD, Role.LEARNER) | {"ines": Role.INSTRUCTOR}
    async with whole_bot(stage, tmp_path, WEEKS, clock, Role.LEARNER, others) as app:
        watch = Watch(stage, app)
        for who, zone in ZONES.items():
            move(app, stage.account(who), zone)
        for who in (*EAST, *WEST, *NEAR):
            await people.command(who, "dm", "")
            await press(stage, who, "dm", "I'd like a pod")
            await shown(stage, who, "dm", "pod")
        await app.runtime.advance(begins + timedelta(days=2))

        async def formed() -> list[tuple[Place, set[str]]] | None:
            found = watch.pods()
            return found if len(found) == 2 else None

        pods = {frozenset(inside): place for place, inside in await eventually(formed)}
        assert pods.keys() == {frozenset((*EAST, *WEST)), frozenset(NEAR)}
        home, small = pods[frozenset((*EAST, *WEST))], pods[frozenset(NEAR)]
        counts = [await watch.new()]
        # Somebody speaks, and somebody checks in.
        await press(stage, "mia", home.channel, "Introduce yourself")
        await fill_in(stage, "mia", q1="CANARY on a boat")
        await shown(stage, "ada", home.channel, "CANARY on a boat")
        await app.runtime.advance(begins + timedelta(days=3))
        await press(stage, "ada", home.channel, "Check in")
        await fill_in(stage, "ada", done="CANARY page", shown="yes")
        await shown(stage, "ben", home.channel, "CANARY page")
        await app.runtime.advance(begins + timedelta(days=6))
        counts[0] += await watch.new()
        # Fay leaves the cohort, so that two are left in her pod: they join the others, who hear of it.
        await people.command("fay", "dm", "leave")
        await press(stage, "fay", "dm", "Leave")

        async def merged() -> bool:
            return stage.inside(home) >= {*EAST, *WEST, "dia", "eva"} and "fay" not in stage.inside(small)

        await eventually(merged)
        assert "CANARY" not in "".join(s.text for s in await people.sees("dia", small.channel))
        await app.runtime.advance(begins + timedelta(days=8))
        await shown(stage, "dia", "dm", "Your pod had become small")
        await shown(stage, "mia", "dm", "It is you,")
        await app.runtime.advance(begins + timedelta(days=13))
        counts.append(await watch.new())
        await app.runtime.advance(begins + timedelta(days=20))
        counts.append(await watch.new())
        assert all(n <= 2 for week in counts for n in week.values()), counts
        assert "CANARY" not in "".join([s.text for s in await people.sees("fay", "general")])
        turn_in(app.storage, app.registry, "demo", "completion", lambda turn: closing.close(turn, turn.here))
        await app.runtime.settle()
        for place in (small, home):
            await archived(stage, place)


def move(app: Application, account: Account, zone: str) -> None:
    """Somebody picks a zone."""

    def pick(turn: object) -> None:
        found = turn.people.owner(account)  # type: ignore[attr-defined]
        turn.store.set_zone(found.id, zone, picked=True)  # type: ignore[attr-defined]
        turn.happened(ZoneChanged(found.id))  # type: ignore[attr-defined]

    turn_in(app.storage, app.registry, "demo", "enrolment", pick)
