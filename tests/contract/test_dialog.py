"""The same conversations on both databases: join, ask, answer, mark, approve, wrap up, read the week; hand in, extend,
be away, change the course, close."""

from pathlib import Path

import pytest

from storage.tables.milestones import SubmissionRevisionRow
from storage.tables.schedule import DueRow
from tests.kit import COURSE, new_world

WITH_WORK = f"""\
{COURSE}milestones:
  - {{id: draft, week: 1, title: The first draft, due: Sun 23:59 aoe, late: accepted, extension: 3 days, essential: yes,
     minutes: 60}}
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_week_from_joining_to_the_managers_digest(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    database = request.getfixturevalue("migrated_postgres") if kind == "postgresql" else None
    world = new_world(tmp_path, database=database)
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo", "America/New_York")

    question = (await mia.say("questions", "May I use last year's data?")).message
    answer = (await leo.say("questions", "Yes, it is in the shared folder.", thread=question)).message
    assert answer is not None
    await mia.react(answer, "✅")
    await ines.press(await ines.command("faq"), "Approve")
    assert "shared folder" in (await leo.command("find", "last year's data")).text

    await world.until("2026-01-09T15:00:00Z")
    await mia.press(mia.find("wrap-up"), "Answer")
    assert "Thank you" in (await mia.submit(done="The survey", stuck="Sampling")).text
    await world.until("2026-01-12T12:00:00Z")
    together = [s.text for s in leo.sees("general") if "the week together" in s.text.split("\n")[0]]
    assert len(together) == 1
    assert "1 of 2" in together[0]
    assert "Sampling" not in " ".join(s.text for s in leo.sees("general"))
    week = omar.find("Demo course: all is well").text
    assert "Active: 2 of 2 (100 %)" in week
    assert "Week 1 wrap-ups: 1 of 2 (50 %)" in week
    world.app.storage.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_course_with_work_from_its_first_card_to_its_end(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    database = request.getfixturevalue("migrated_postgres") if kind == "postgresql" else None
    world = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=WITH_WORK, database=database)
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo", "America/New_York")

    await world.until("2026-01-05T14:00:00Z")
    assert "“The first draft”" in (await mia.command("")).text
    for one in (mia, leo):
        assert "Mon 12 Jan" in one.find("Week 1: One").text
    assert "is in." in (await mia.command("submit", "https://example.org/draft")).text
    await mia.press(mia.find("The first draft\nThank you"), "Edit")
    await mia.submit(link="https://example.org/better")
    assert len(world.rows(SubmissionRevisionRow)) == 2

    await ines.press(await ines.command("week"), "Extend a date")
    await ines.submit(milestone="draft", days="2")
    await ines.press(ines.find("Move The first draft for everybody?"), "Move it")
    assert "Wed 14 Jan" in leo.find("Week 1: One").text
    await leo.command("away", "2026-01-07 2026-01-14")
    assert "“The first draft”" in leo.find("away from Wed 7 Jan").text

    await ines.press(await ines.command("course", place="general"), "Change dates")
    used = await ines.press(await ines.submit(holidays="2026-01-19..2026-01-25 A break"), "Use it")
    assert "Version 2" in used.text
    await world.until("2026-01-15T15:00:00Z")
    assert "“The first draft”" in leo.find("Welcome back, Leo").text
    assert "marked late" in (await leo.command("submit", "https://example.org/late")).text
    await world.until("2026-01-26T15:00:00Z")
    # Leo was away when the second came: the card about being back said where to go on.
    for one, had in ((mia, ["Week 1: One", "Week 2: Two", "Week 3: Three"]), (leo, ["Week 1: One", "Week 3: Three"])):
        titles = [s.text.split(".")[0] for s in one.sees() if s.text.startswith("Week") and "wrap-up" not in s.text]
        assert titles == had

    overview = await omar.command("overview")
    await omar.press(await omar.press(overview, "End this cohort"), "End the cohort")
    assert not [r for r in world.rows(DueRow, cohort=world.cohort.id) if r.state == "planned"]
    world.app.storage.close()
