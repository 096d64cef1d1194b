"""Peer review on every platform: taken by one press, written by form, read in one message, without names."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.core.people import Role
from bot.core.turn import Turn
from bot.features.reviews import reading, rules, telling
from bot.runtime.turns import take_turn
from storage.tables.people import change_cohort
from tests.kit import COURSE
from tests.platforms.people import Stage
from tests.platforms.test_discussions import HOSTILE, monday, press
from tests.platforms.test_live_life import Effort
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

POINTS = [f"Point {n}: what would its reader say of it?" for n in range(1, 9)]
LONG = REVIEWED.replace('["What works best?", "What would you change first?"]', str(POINTS).replace("'", '"'))


def words(point: int) -> list[str]:
    """As much as an answer may hold, in words that occur nowhere else."""
    return [f"p{point}w{n:03}" for n in range(1500 // 7)]


async def hand_in(stage: Stage) -> None:
    """Mia and Ben, so that each has a piece to review."""
    people = stage.people
    for who, text in (("mia", "A page about tea"), ("ben", "A page about coffee")):
        await people.command(who, "dm", "submit")
        await eventually(lambda who=who: people.form(who))
        await people.submit(who, {"text": text})
        await in_private(stage, "is in", who=who)


async def test_two_people_review_each_other_and_neither_name_is_seen(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()
    async with whole_bot(stage, tmp_path, REVIEWED, clock, Role.LEARNER) as app:
        await hand_in(stage)
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
        typed = {"point_4f5742ef": HOSTILE, "point_4fc858b7": "The end CANARY", "points": "7"}
        await people.submit("mia", {**typed, "point_4fc858b7": "The end CANARY, yours Mia"})

        async def asked() -> bool:
            return "Your name stands in it." in await people.problems("mia")

        await eventually(asked)
        form = await people.reopen("mia")
        assert form.values["point_4fc858b7"] == "The end CANARY, yours Mia", "nothing is lost"
        await people.submit("mia", typed)
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


async def test_a_review_of_eight_long_answers_arrives_whole(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()
    async with whole_bot(stage, tmp_path, LONG, clock, Role.LEARNER) as app:
        await hand_in(stage)
        await app.runtime.advance(clock.now() + timedelta(days=2))
        await people.command("mia", "dm", "")
        await press(stage, "mia", "dm", "Review")
        for point in POINTS:
            await in_private(stage, point)
        await press(stage, "mia", "dm", "Write the review")
        said = {rules.field(point): " ".join(words(n)) for n, point in enumerate(POINTS)}
        await Effort(stage, "mia").fill_in({**said, "points": "7"})
        await in_private(stage, "your review is in")
        await app.runtime.advance(clock.now() + timedelta(days=1))
        await in_private(stage, "1 review of your work", who="ben")
        for n, point in enumerate(POINTS):
            await in_private(stage, point, who="ben")
            assert not isinstance(begun := await in_private(stage, words(n)[0], who="ben"), bool)
            assert "…" in begun.text, "it says that there is more"
        await press(stage, "ben", "dm", "Read them")
        await eventually(lambda: everything(stage, "ben"))


async def everything(stage: Stage, who: str) -> bool:
    """Whether somebody reads each word of all answers."""
    read = "\n".join(s.text for s in await stage.people.sees(who, "dm"))
    return {word for n in range(len(POINTS)) for word in words(n)} <= set(read.split())


async def test_a_review_that_was_taken_back_is_gone_where_its_author_opened_it(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()
    async with whole_bot(stage, tmp_path, REVIEWED, clock, Role.LEARNER) as app:
        await hand_in(stage)
        await app.runtime.advance(clock.now() + timedelta(days=2))
        await people.command("mia", "dm", "")
        await press(stage, "mia", "dm", "Review")
        await press(stage, "mia", "dm", "Write the review")
        await eventually(lambda: people.form("mia"))
        await people.submit("mia", {"point_4f5742ef": "HURTFUL words", "point_4fc858b7": "Give up", "points": "1"})
        await in_private(stage, "your review is in")
        await app.runtime.advance(clock.now() + timedelta(days=1))
        await in_private(stage, "1 review of your work", who="ben")
        await press(stage, "ben", "dm", "Read them")
        await in_private(stage, "Points: 1", who="ben")

        def leave_out(turn: Turn[Any]) -> None:
            turn.cohort = turn.people.cohorts()[0]
            (one,) = turn.store.of(turn.here.id)
            gone = replace(one, out_at=turn.now, why="It hurts", enough=False)
            turn.store.change(gone)
            turn.forget("HURTFUL words")
            telling.show_again(turn, gone)
            reading.follow(turn, gone)

        app.storage.run_now(lambda unit: take_turn(app.registry, unit, "reviews", clock.now(), leave_out))
        await app.runtime.advance(clock.now() + timedelta(minutes=5))
        await in_private(stage, "HURTFUL", gone=True, who="ben")


async def test_the_form_shows_the_corrected_question_and_what_was_typed_for_the_old_one(
    stage: Stage, tmp_path: Path
) -> None:
    people, clock = stage.people, monday()
    async with whole_bot(stage, tmp_path, REVIEWED, clock, Role.LEARNER) as app:
        await hand_in(stage)
        await app.runtime.advance(clock.now() + timedelta(days=2))
        await people.command("mia", "dm", "")
        await press(stage, "mia", "dm", "Review")
        await in_private(stage, "A page about coffee")
        await press(stage, "mia", "dm", "Write the review")
        await eventually(lambda: people.form("mia"))
        corrected = REVIEWED.replace('"What works best?"', '"What works best"')

        def correct(turn: Turn[Any]) -> None:
            change_cohort(turn.store._session, 1, course_text=corrected)

        app.storage.run_now(lambda unit: take_turn(app.registry, unit, "enrolment", clock.now(), correct))
        typed = {"point_4f5742ef": "The cups", "point_4fc858b7": "The end", "points": "7"}
        await people.submit("mia", typed)

        async def refused() -> bool:
            return "The questions were changed meanwhile" in await people.problems("mia")

        await eventually(refused)
        form = await people.reopen("mia")
        new, *others = form.values
        assert (form.values[new], others) == ("", ["point_4fc858b7", "points", "unasked_point_4f5742ef"])
        assert form.values["unasked_point_4f5742ef"] == "The cups"
        await people.submit("mia", {**form.values, new: "The cups, all of them"})
        receipt = await in_private(stage, "your review is in")
        assert not isinstance(receipt, bool)
        assert receipt.text.count("The cups") == 1
