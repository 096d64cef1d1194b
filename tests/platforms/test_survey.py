"""The survey on every platform: an answer of which nothing stays but itself, without a name."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import Session, select

from bot.app.compose import Application
from storage.tables.inbox import DraftRow, InteractionRow
from tests.features.test_live import course, tasting
from tests.platforms.people import Stage
from tests.platforms.test_live import monday
from tests.platforms.test_private_talk import in_private, others_see, whole_bot
from tests.waiting import eventually

TITLE = "CANARY *now* <!here> and a title that is longer than any platform's own title of a form"


def kept(app: Application) -> str:
    """What the bot stores of forms and their answers."""
    with Session(app.storage.engine) as session:
        drafts = [f"{row.form} {row.values_json}" for row in session.exec(select(DraftRow))]
        return "\n".join([*drafts, *(row.answer for row in session.exec(select(InteractionRow)))])


async def offered(stage: Stage, *labels: str) -> str:
    """A button in Mia's direct messages whose label begins so."""

    async def look() -> str | None:
        seen = [b for s in await stage.people.sees("mia", "dm") for b in s.buttons]
        return next((b for b in seen if b.startswith(labels)), None)

    return await eventually(look)


async def test_an_answer_is_stored_without_a_name_and_nothing_of_it_is_kept(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()
    async with whole_bot(stage, tmp_path, course(tasting(title=f'"{TITLE}"')), clock) as app:
        clock.wind(clock.now() + timedelta(days=14, hours=10))
        await people.command("mia", "dm", "")
        # From one's own page, or from the card that has come already.
        if (first := await offered(stage, "CANARY", "Answer without my name")).startswith("Answer"):
            await people.press("mia", "dm", first)
        await people.press("mia", "dm", await offered(stage, "CANARY"))
        form = await eventually(lambda: people.form("mia"))
        assert set(form.values) == {"came", "why", "worth", "words"}
        await people.submit("mia", {"came": "neither", "why": "time", "worth": "no", "words": "LEMUR, 3 < 4"})
        await in_private(stage, "is stored without your name")
        await people.press("mia", "dm", "The course as a whole")
        form = await eventually(lambda: people.form("mia"))
        assert set(form.values) == {"worth", "words"}
        await people.submit("mia", {"worth": "yes"})
        await in_private(stage, "Your answer about “The course as a whole”")
        assert "LEMUR" not in kept(app)
        assert "LEMUR" not in await others_see(stage)


async def test_a_refused_form_keeps_nothing_and_is_sent_again(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()
    async with whole_bot(stage, tmp_path, course(tasting()), clock) as app:
        clock.wind(clock.now() + timedelta(days=14, hours=10))
        await people.command("mia", "dm", "")
        if (first := await offered(stage, "Tasting", "Answer without my name")).startswith("Answer"):
            await people.press("mia", "dm", first)
        await people.press("mia", "dm", await offered(stage, "Tasting"))
        await eventually(lambda: people.form("mia"))
        await people.submit("mia", {"came": "came", "words": "LEMUR, 3 < 4"})

        async def told() -> bool:
            return "was it worth the time that you spent" in await people.problems("mia")

        await eventually(told)
        assert "LEMUR" not in kept(app)
        await people.reopen("mia")
        await people.submit("mia", {"came": "came", "worth": "no", "words": "LEMUR, 3 < 4"})
        await in_private(stage, "is stored without your name")
        assert "LEMUR" not in kept(app)
        assert "LEMUR" not in await others_see(stage)
