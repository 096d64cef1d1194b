"""Peer review on every platform: taken by one press, written by form, read in one message, without names."""

from datetime import timedelta
from pathlib import Path

from bot.core.people import Role
from tests.kit import COURSE
from tests.platforms.people import Stage
from tests.platforms.test_discussions import HOSTILE, monday, press
from tests.platforms.test_private_talk import in_private, whole_bot
from tests.waiting import eventually

REVIEWED = f"""\
{COURSE}
milestones:
  - {{id: draft, week: 1, title: The draft, opens: Mon 06:00 cohort, due: Tue 12:00 cohort, late: accepted}}
reviews:
  - id: look
    milestone: draft
    week: 1
    title: Look at the draft
    opens: Wed 06:00 cohort
    due: Sun 20:00 cohort
    reviews: 1
    anonymous: yes
    points: 10
    rubric: ["What works best?", "What would you change first?"]
"""


async def test_two_people_review_each_other_and_neither_name_is_seen(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()
    async with whole_bot(stage, tmp_path, REVIEWED, clock, Role.LEARNER) as app:
        for who, text in (("mia", "A page about tea"), ("ben", "A page about coffee")):
            await people.command(who, "dm", "submit")
            await eventually(lambda who=who: people.form(who))
            await people.submit(who, {"text": text})
            await in_private(stage, "is in", who=who)
        await app.runtime.advance(clock.now() + timedelta(days=2))
        await people.command("mia", "dm", "")
        await press(stage, "mia", "dm", "Review")
        piece = await in_private(stage, "A page about coffee")
        assert not isinstance(piece, bool)
        assert "Ben" not in piece.text
        assert "You see no name" in piece.text
        await press(stage, "mia", "dm", "Write the review")
        form = await eventually(lambda: people.form("mia"))
        assert "Look at the draft" in form.title
        await people.submit("mia", {"point0": HOSTILE, "point1": "The end CANARY", "points": "7"})
        await in_private(stage, "your review is in")
        await app.runtime.advance(clock.now() + timedelta(days=1))
        came = await in_private(stage, "1 review of your work", who="ben")
        assert not isinstance(came, bool)
        assert "The end CANARY" in came.text
        assert "Mia" not in came.text
        assert came.calls == ()
        await press(stage, "ben", "dm", "Read them")
        await in_private(stage, "Points: 7", who="ben")
        await press(stage, "ben", "dm", "Was review 1 useful?")
        await eventually(lambda: people.form("ben"))
        await people.submit("ben", {"useful": "very", "reply": "I cut it"})
        await in_private(stage, "that is saved", who="ben")
        await app.runtime.advance(clock.now() + timedelta(days=1))
        answer = await in_private(stage, "The author answers your review")
        assert not isinstance(answer, bool)
        assert "I cut it" in answer.text
        assert "Ben" not in answer.text
        for place in ("general", "questions"):
            assert not any("CANARY" in seen.text for seen in await people.sees("ben", place))
