"""Reminders and the card of a week say each thing once, as conversations."""

from pathlib import Path

from tests.kit import COURSE, new_world

SIX = (
    COURSE
    + "milestones:\n"
    + "".join(
        f"  - {{id: m{n}, week: 1, title: Part {n}, due: Sat 18:00 learner, extension: none}}\n" for n in range(1, 7)
    )
)
TUESDAY = COURSE + "milestones:\n  - {id: notes, week: 2, title: The notes, due: Tue 08:00 learner}\n"


async def test_a_reminder_says_how_many_things_it_does_not_list(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=SIX)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T20:00:00Z")
    reminder = mia.find("6 things are still open").text.partition("6 things")[2]
    lines = [line for line in reminder.splitlines() if line.startswith("- ")]
    assert len(lines) == 6
    assert lines[-1] == "- And 1 more: /cohort shows it."
    world.app.storage.close()


async def test_no_reminder_stands_below_the_card_that_lists_the_same(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=TUESDAY)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-12T20:00:00Z")
    card = mia.find("Week 2: Two").text
    assert "The notes" in card
    assert "still open" not in card
    assert card.count("Tue 13 Jan, 08:00") == 1
    world.app.storage.close()
