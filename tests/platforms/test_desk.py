"""A full desk on every platform: three cohorts, each line with its own buttons, forms and pages."""

from pathlib import Path

from bot.app.cohorts import CohortPlan, create_cohort
from bot.app.compose import Application
from bot.core.people import Actor, Role
from bot.core.time import SystemClock, local_day
from bot.features.questions.store import Kind, Question, QuestionStore
from storage.unit import SqlUnit
from tests.kit import COURSE
from tests.platforms.people import Seen, Stage
from tests.platforms.test_private_talk import ZONE, in_private, whole_bot
from tests.waiting import eventually

KINDS: tuple[Kind, ...] = ("private", "note", "questions", "private")
LONG = "I get an error in the second exercise, and the third one does not start at all. " * 12


def fill(stage: Stage, app: Application) -> None:
    """Two more cohorts of Ben's, and in each of the three what learners asked and told the course team."""
    now, ben, mia = SystemClock().now(), stage.account("ben").user, stage.account("mia").user
    people = ((Role.INSTRUCTOR, ben), (Role.LEARNER, mia))
    for code in ("second", "third"):
        text = COURSE.replace(
            "title: Demo course", f"title: The {code} course with a long title that says what it is for"
        )
        plan = CohortPlan(code, text, local_day(now, ZONE), ZONE, stage.place("general").workspace, {}, people=people)
        create_cohort(app.storage, app.registry, plan)

    def ask(unit: SqlUnit) -> None:
        store: QuestionStore = unit.store("questions")
        asker = unit.people.meet(Actor(stage.account("mia"), "Mia"))
        for cohort in (1, 2, 3):
            for number, kind in enumerate(KINDS, 1):
                text = f"{cohort}.{number} *bold* `code` <@{mia}> @everyone {LONG}"
                store.add(Question(0, cohort, asker.id, text, kind, "open", False, False, None, asked_at=now))

    app.storage.run_now(ask)


async def test_a_full_desk_is_worked_through(stage: Stage, tmp_path: Path) -> None:
    people = stage.people

    async def press(label: str, *told: str) -> None:
        await people.press("ben", "dm", label)
        for words in told[:-1]:
            await eventually(lambda: people.form("ben"))
            await people.submit("ben", {"text": words})
        await in_private(stage, told[-1], who="ben")

    async def whole_desk() -> list[Seen] | None:
        """The messages of the desk, of which Discord needs several, when the buttons of the last line are there."""
        parts = [s for s in await people.sees("ben", "dm") if s.by_bot and "Change my zone" not in s.buttons]
        return parts if any(label == "Reply (8)" for part in parts for label in part.buttons) else None

    async with whole_bot(stage, tmp_path) as app:
        fill(stage, app)
        await people.command("ben", "dm", "desk")
        desk = await eventually(whole_desk)
        labels = [label for part in desk for label in part.buttons]
        assert not [call for part in desk for call in part.calls]
        assert len([label for label in labels if label.startswith("Reply")]) == 8
        assert len(set(labels)) == len(labels)
        await press("Reply (4)", "With which part?", "Who asked sees it privately")
        await press("I take it (5)", "You have it.")
        await press("Not needed (6)", "Closed as not needed any more")
        await press(
            next(label for label in labels if label.startswith("The second course")), "Notes to the course team: 1"
        )
        await press("Mark as read (3)", "Its author hears that")
