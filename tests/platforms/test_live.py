"""A live session on every platform: a yes to one of its times, for oneself alone."""

from datetime import timedelta
from pathlib import Path

from bot.core.time import SystemClock, WoundClock, next_monday
from tests.features.test_live import course, tasting
from tests.platforms.people import Stage
from tests.platforms.test_private_talk import in_private, others_see, whole_bot
from tests.waiting import eventually


def monday() -> WoundClock:
    """A clock that shows a Monday, so that the sessions of the week are ahead."""
    clock = WoundClock(base=SystemClock())
    clock.wind(next_monday(clock.now(), 8, "UTC"))
    return clock


async def test_a_yes_is_said_and_taken_back_and_nobody_else_sees_it(stage: Stage, tmp_path: Path) -> None:
    people = stage.people
    async with whole_bot(stage, tmp_path, course(tasting(title="CANARY *now* <!here>")), monday()):
        await people.command("mia", "dm", "")
        await in_private(stage, "Live, if you like: “CANARY *now* <!here>”")
        await people.press("mia", "dm", "Choose a time")
        page = await in_private(stage, "You can change this until it begins.")
        assert not isinstance(page, bool)
        evening = next(b for b in page.buttons if "20:00" in b or "21:00" in b)
        await people.press("mia", "dm", evening)
        await in_private(stage, "You said that you come:")
        await people.press("mia", "dm", "I do not come")
        await in_private(stage, "you do not come. That is fine")
        assert "You said" not in await others_see(stage)


async def test_what_somebody_took_from_it_is_read_by_nobody_else(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()
    question = "Which *leaf* did you taste, <!here>? " * 4
    made = course(tasting(reflection=f'["{question.strip()}"]'))
    async with whole_bot(stage, tmp_path, made, clock):
        clock.wind(clock.now() + timedelta(days=2, hours=14))
        await people.command("ben", "dm", "desk")
        desk = await in_private(stage, "Tasting", who="ben")
        assert not isinstance(desk, bool)
        await people.press("ben", "dm", next(b for b in desk.buttons if b.startswith("Add the recording")))
        await eventually(lambda: people.form("ben"))
        await people.submit("ben", {"url": "https://video.example.org/tea", "transcript": "captions"})
        await in_private(stage, "The recording goes into the thread of week 1", who="ben")
        await people.command("mia", "dm", "")
        await in_private(stage, "what you took from it")
        await people.press("mia", "dm", "What I took from it")
        form = await eventually(lambda: people.form("mia"))
        assert form.title == "What I took from it"
        await people.submit("mia", {"q1": "CANARY"})
        await in_private(stage, "It counts in full")
        assert "CANARY" not in await others_see(stage)


async def test_the_course_teams_notes_are_saved_and_the_code_word_stays_theirs(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()
    title = "Tasting with a title that is longer than any platform's own title of a form may be"
    async with whole_bot(stage, tmp_path, course(tasting(title=title)), clock):
        clock.wind(clock.now() + timedelta(days=3, hours=4))
        await people.command("ben", "dm", "desk")
        desk = await in_private(stage, "Tasting with", who="ben")
        assert not isinstance(desk, bool)
        await people.press("ben", "dm", next(b for b in desk.buttons if b.startswith("Add the recording")))
        form = await eventually(lambda: people.form("ben"))
        assert set(form.values) == {"word", "heads", "url", "transcript"}
        video = "https://video.example.org/watch?v=1&t=2"
        await people.submit("ben", {"word": "green <tea>", "url": video})

        async def refused() -> bool:
            return "add a transcript" in await people.problems("ben")

        await eventually(refused)
        await people.reopen("ben")
        await people.submit("ben", {"word": "green <tea>", "url": video, "transcript": "All said: it's green & <hot>."})
        await in_private(stage, "The recording goes into the thread of week 1", who="ben")
        await people.command("mia", "dm", "")
        await in_private(stage, ", and what you took from it")
        assert "green" not in "".join(seen.text for seen in await people.sees("mia", "dm"))
