"""Somebody who learns in two servers, each with a course of its own: one person with one direct conversation."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio

from bot.app.cohorts import CohortPlan, create_cohort
from bot.app.compose import Application, compose
from bot.core.people import Role
from bot.core.time import SystemClock, WoundClock, monday_of
from tests.discord import humans
from tests.discord.fake import FakeDiscord
from tests.kit import COURSE, fresh_database
from tests.platforms.discord_stage import DiscordPeople, make
from tests.waiting import eventually


@dataclass
class Two:
    """Mia learns in the server of the first course, and in the server of the second one."""

    fake: FakeDiscord
    people: DiscordPeople
    app: Application
    clock: WoundClock

    @property
    def mia(self) -> str:
        return self.people.users["mia"]

    @property
    def dm(self) -> str:
        return str(self.fake.conversation(self.mia)["id"])

    @property
    def private(self) -> list[str]:
        """What Mia reads in the direct conversation."""
        return [humans.read(m["content"]) for m in self.people._messages("mia", "dm")]

    def texts(self, room: str) -> list[str]:
        return [humans.read(m["content"]) for m in self.fake.messages[self.people.rooms[room]].values()]

    async def reads(self, words: str) -> dict[str, Any]:
        """What Mia reads in the direct conversation, once it is there."""

        async def look() -> dict[str, Any] | None:
            found = [m for m in self.people._messages("mia", "dm") if m["author"]["id"] == self.fake.bot["id"]]
            return next((m for m in reversed(found) if words in humans.read(m["content"])), None)

        return await eventually(look)

    async def posted(self, room: str, words: str) -> None:
        async def look() -> bool:
            return any(words in text for text in self.texts(room))

        await eventually(look)


@pytest_asyncio.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    fake = FakeDiscord()
    people = DiscordPeople(fake)
    second = fake.add_guild("Second")
    homes = {"first": fake.guild, "second": second}
    for name, guild in homes.items():
        people.rooms |= {f"{name} {use}": fake.add_channel(use, guild=guild)["id"] for use in ("main", "questions")}
    people.users = {name.lower(): fake.add_person(name.lower(), name)["id"] for name in ("Mia", "Ben")}
    await fake.start()
    clock = WoundClock(base=SystemClock())
    now = clock.now()
    clock.wind(now.replace(hour=12, minute=0) + timedelta(days=7 - now.weekday()))
    app = compose(fresh_database(tmp_path), clock, [make(fake, tmp_path)])
    for name, guild in homes.items():
        channels = {use: people.rooms[f"{name} {use}"] for use in ("main", "questions")}
        plan = CohortPlan(
            name,
            COURSE.replace("Demo course", f"{name.capitalize()} course"),
            monday_of(clock.now().date()),
            "UTC",
            guild["id"],
            channels,
            people=((Role.LEARNER, people.users["mia"]), (Role.INSTRUCTOR, people.users["ben"])),
        )
        create_cohort(app.storage, app.registry, plan)
    await app.runtime.start()
    try:
        yield Two(fake, people, app, clock)
        assert fake.wrong == []
    finally:
        await app.runtime.stop()
        app.storage.close()
        await fake.stop()


async def test_a_question_from_the_direct_conversation_goes_where_its_author_says(two: Two) -> None:
    humans.command(two.fake, two.mia, two.dm, "ask", text="How long may it be?")
    asked = await two.reads("You are in several cohorts. Which one is it for?")
    assert humans.labels(asked) == ("First course", "Second course")
    humans.press(two.fake, two.mia, asked, "Second course")
    receipt = await two.reads("Thank you.")
    assert "Second course" in humans.read(receipt["content"])
    await two.posted("second questions", "How long may it be?")
    assert not any("How long" in text for text in two.texts("first questions"))


async def test_a_private_note_reaches_the_course_team_that_it_is_for(two: Two) -> None:
    await two.people.say("mia", "dm", "I am stuck on sampling")
    asked = await two.reads("stuck on sampling")
    humans.press(two.fake, two.mia, asked, "A note for the course team")
    which = await two.reads("Which one is it for?")
    humans.press(two.fake, two.mia, which, "2. Second course")
    receipt = await two.reads("It is on the desk; instructors and managers alone read it. You hear")
    assert "Second course" in humans.read(receipt["content"])


async def test_both_courses_share_one_message_a_day_and_say_which_they_are(two: Two) -> None:
    for days in (1, 2):
        await two.app.runtime.advance(two.clock.now() + timedelta(days=1))
        await two.reads("Week 1: One")
        cards = [text for text in two.private if text.startswith("Week 1: One")]
        assert len(cards) == days
    assert {name for name in ("First course", "Second course") for text in cards if name in text} == {
        "First course",
        "Second course",
    }


async def test_a_button_of_either_course_works_in_the_one_conversation(two: Two) -> None:
    for days, course in ((1, "First course"), (2, "Second course")):
        await two.app.runtime.advance(two.clock.now() + timedelta(days=1))
        card = await two.reads(f"Week 1: One. About 1 h\n{course}")
        humans.press(two.fake, two.mia, card, "Ask")
        await eventually(lambda: two.people.form("mia"))
        await two.people.submit("mia", {"text": f"How long, on day {days}?"})
        await two.posted(f"{course.split()[0].lower()} questions", f"How long, on day {days}?")
