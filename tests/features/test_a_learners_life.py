"""One learner through everything: joins late, moves, is away, gets more time, hands in late, edits, falls silent, and
comes back. What is counted at each step is what she was sent unasked."""

import pytest

from adapters.sandbox.driver import Seen, Speaker
from bot.core.people import Role
from storage.tables.voice import SpokenRow
from tests.kit import World, new_world, receipt_of

COURSE = """\
course: {id: life, title: A course of a life, weekly_minutes: 300, completion: all essential milestones}
weeks:
  - {title: One, goal: Begin, minutes: 60}
  - {title: Two, goal: Go on, minutes: 60}
  - {title: Three, goal: Deeper, minutes: 60}
  - {title: Four, goal: Wider, minutes: 60}
  - {title: Five, goal: Nearly there, minutes: 60}
  - {title: Six, goal: More, minutes: 60}
  - {title: Seven, goal: And more, minutes: 60}
  - {title: Eight, goal: End, minutes: 60}
prompts:
  - id: wrapup
    title: Weekly wrap-up
    weekly: true
    opens: Fri 16:00
    closes: Mon 12:00
    questions:
      - {id: done, kind: long, text: "What did you finish?", audience: cohort}
milestones:
  - {id: plan, week: 1, title: Your plan, due: Sun 23:59 aoe, late: accepted, extension: 3 days, essential: yes,
     minutes: 60}
  - {id: notes, week: 1, title: Your notes, due: Sun 23:59 aoe, late: accepted, extension: none, minutes: 30}
  - {id: draft, week: 4, title: The draft, opens: Mon 00:00, due: Sun 23:59 aoe, late: 7 days, extension: 3 days,
     essential: yes, minutes: 60}
"""


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return new_world(tmp_path_factory.mktemp("world"), course=COURSE)


def unasked(world: World) -> int:
    return len(world.rows(SpokenRow, role=Role.LEARNER.value))


def titled(speaker: Speaker, words: str) -> list[Seen]:
    return [s for s in speaker.sees() if s.by == "bot" and s.to is None and words in s.text.split("\n")[0]]


async def test_a_learners_life(world: World) -> None:
    # Wednesday of week 2: she joins late. This week's card comes the next morning; week 1 is optional for her, and
    # its essential milestone is due a week or more from now.
    await world.until("2026-01-14T10:00:00Z")
    mia = await world.learner("mia", "Mia", "Europe/Berlin")
    await world.until("2026-01-15T08:00:00Z")
    (card,) = titled(mia, "Week 2: Two")
    assert "Week 1 is optional for you" in card.text
    assert unasked(world) == 1
    page = await mia.command("")
    assert "Hand in “Your plan”, due Mon 26 Jan, 12:59" in page.text
    assert "Optional for you: “Your notes”" in page.text

    # Friday: the prompt by her clock. Then she flies to Auckland, twelve hours ahead.
    await world.until("2026-01-16T15:00:00Z")
    assert len(titled(mia, "Week 2 wrap-up")) == 1
    await mia.press(await mia.command("settings"), "Change my zone")
    await mia.submit(zone="Pacific/Auckland")
    await world.until("2026-01-18T21:00:00Z")
    assert len(titled(mia, "Week 2 wrap-up")) == 1
    assert len(titled(mia, "Week 3: Three")) == 1
    before = unasked(world)

    # Away from Tuesday of week 3 to Thursday of week 4: over a prompt, a reminder, a deadline and a week card.
    await world.until("2026-01-19T22:00:00Z")
    await mia.command("away", "2026-01-20 2026-01-29")
    receipt = receipt_of(mia)
    assert "away until Thu 29 Jan" in receipt.text
    assert "Your plan" in receipt.text
    await mia.press(await mia.press(receipt, "Move my dates"), "Your plan")
    await mia.submit(days="3")
    await world.until("2026-01-29T11:00:00Z")
    assert unasked(world) == before
    assert not titled(mia, "Week 4: Four")

    # Friday at nine, in Auckland: one card says where to go on.
    await world.until("2026-01-29T20:00:00Z")
    (back,) = titled(mia, "Welcome back")
    assert "“Your plan”" in back.text
    assert unasked(world) == before + 1

    # She hands in what is late by then, changes it, and each time the receipt says so.
    await mia.command("submit", "https://example.org/plan")
    if mia.form is not None:
        await mia.submit(milestone="plan")
    receipt_card = titled(mia, "Your plan")[0]
    assert "marked late" in receipt_card.text
    await mia.press(receipt_card, "Edit")
    await world.wait(hours=1)
    await mia.submit(link="https://example.org/better-plan")
    assert "Edited" in titled(mia, "Your plan")[0].text

    # The instructor gives her alone three more days for the draft; she is told once.
    ines = world.chat.person("ines")
    await ines.press(await ines.command("week"), "Extend a date")
    await ines.submit(milestone="draft", days="3", person="3")
    await ines.press(ines.find("Move The draft for Mia?"), "Move it")
    await world.until("2026-02-02T11:30:00Z")
    assert sum("The draft is due Fri 6 Feb, 00:59" in s.text for s in mia.sees() if s.to is None) == 1

    # She falls silent. One card about the missed draft, one after two silent weeks, and then nothing.
    await world.until("2026-02-28T00:00:00Z")
    assert len(titled(mia, "It has been quiet")) == 1
    silent = unasked(world)
    await world.until("2026-03-05T00:00:00Z")
    assert unasked(world) == silent

    # A word from her, and it goes on.
    page = await mia.command("")
    assert "A course of a life" in page.text
