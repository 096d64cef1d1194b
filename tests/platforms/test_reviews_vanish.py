"""Peer review without names on every platform, while people vanish: whoever stays hears back, or the course team has
their piece."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.app.compose import Application
from bot.core.people import Role
from tests.platforms.people import CROWD, Seen, Stage
from tests.platforms.test_discussions import fill_in, monday, press
from tests.platforms.test_private_talk import in_private, whole_bot
from tests.platforms.test_reviews import REVIEWED
from tests.waiting import eventually

TWICE = REVIEWED.replace("reviews: 1", "reviews: 2").replace("    points: 10\n", "")
TEA = ("oolong", "sencha", "assam", "darjeeling", "keemun", "matcha", "pu-erh")
COHORTS = {
    2: {"ben": "with a piece"},
    3: {"ada": "after one review"},
    7: {"ben": "with a piece", "ada": "after one review", "fay": "before their work"},
}
"""Who vanishes when, by the number of learners."""


class Crowd:
    """The learners, each with a tea as their work, and what each of them saw."""

    def __init__(self, stage: Stage, app: Application, size: int) -> None:
        self.stage, self.app = stage, app
        self.names = ("mia", "ben", *CROWD)[:size]
        self.teas = dict(zip(self.names, TEA, strict=False))
        self.gave = dict.fromkeys(self.names, 0)
        self.forms: dict[str, str] = dict.fromkeys(self.names, "")

    async def hand_in(self, who: str) -> None:
        await self.stage.people.command(who, "dm", "submit")
        await fill_in(self.stage, who, text=f"A page about {self.teas[who]}")
        await in_private(self.stage, "is in", who=who)

    async def takes(self, who: str) -> Seen | None:
        """Presses 'Review' on their own page, if it is there; returns the piece."""
        people = self.stage.people
        seen = {s.id for s in await people.sees(who, "dm")}
        await people.command(who, "dm", "")

        async def page() -> Seen | None:
            return next((s for s in await people.sees(who, "dm") if s.id not in seen and s.by_bot), None)

        label = next((b for b in (await eventually(page)).buttons if b in ("Review", "Review another one")), None)
        if label is None:
            return None
        seen = {s.id for s in await people.sees(who, "dm")}
        await people.press(who, "dm", label)
        # A page that is shown for the same press again is edited, or is a new message.
        return await eventually(page)

    async def writes(self, who: str) -> None:
        await press(self.stage, who, "dm", "Write the review")
        said = f"{self.teas[who]} says"
        form = await fill_in(self.stage, who, point_4f5742ef=f"{said} the cup", point_4fc858b7=f"{said} the leaf")
        self.forms[who] += f"{form.title} {form.values}"
        self.gave[who] += 1

        async def sent() -> bool:
            texts = [s.text for s in await self.stage.people.sees(who, "dm")]
            return sum("your review is in" in text for text in texts) == self.gave[who]

        await eventually(sent)

    async def read(self, who: str) -> str:
        places = [*(await self.stage.people.sees(who, "dm"))]
        for place in ("general", "questions"):
            for root in await self.stage.people.sees(who, place):
                places += [root, *await self.stage.people.sees(who, place, root.id)]
        return self.forms[who] + "\n".join(f"{s.text} {s.buttons} {s.calls}" for s in places)


@pytest.mark.parametrize("size", COHORTS)
async def test_whoever_stays_hears_back_or_the_course_team_has_their_piece(
    stage: Stage, tmp_path: Path, size: int
) -> None:
    clock, vanish = monday(), COHORTS[size]
    others = dict.fromkeys(CROWD[: size - 2], Role.LEARNER) | {"ines": Role.INSTRUCTOR}
    async with whole_bot(stage, tmp_path, TWICE, clock, Role.LEARNER, others) as app:
        crowd = Crowd(stage, app, size)
        works = [who for who in crowd.names if vanish.get(who) != "before their work"]
        for who in works:
            await crowd.hand_in(who)
        await app.runtime.advance(clock.now() + timedelta(days=2))
        for turn in range(2):
            for who in works:
                moment = vanish.get(who)
                if turn == 0 or moment is None:
                    piece = await crowd.takes(who)
                    if piece is None or "Write the review" not in piece.buttons:
                        continue
                    assert f"A page about {crowd.teas[who]}" not in piece.text, "nobody gets their own"
                    if moment != "with a piece":
                        await crowd.writes(who)
            # What somebody held who vanished is free again.
            await app.runtime.advance(clock.now() + timedelta(hours=49))
        await app.runtime.advance(clock.now() + timedelta(days=4))
        texts = {who: await crowd.read(who) for who in works}
        unheard = [who for who in works if who not in vanish and "of your work" not in texts[who]]
        if unheard:
            await stage.people.command("ines", "dm", "desk")
            desk = await in_private(stage, "Work without a peer review", who="ines")
            assert not isinstance(desk, bool)
            for who in unheard:
                assert crowd.teas[who] in desk.text
        for who in works:
            for other in set(crowd.names) - {who}:
                assert other.capitalize() not in texts[who], (who, other)
