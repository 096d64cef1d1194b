"""The same conversation on both databases: join, ask, answer, mark, approve, wrap up, read the week."""

from pathlib import Path

import pytest

from tests.kit import new_world


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_week_from_joining_to_the_managers_digest(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    database = request.getfixturevalue("fresh_postgres") if kind == "postgresql" else None
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
    assert any("Demo course" in text and "of 2 active" in text for text in omar.inbox())
    world.house.storage.close()
