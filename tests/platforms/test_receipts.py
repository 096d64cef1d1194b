"""True receipts on every platform: whoever asks reads where their question stands, and it stands there once."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.app.compose import Application
from bot.runtime import delivery
from tests.platforms.people import Failure, Seen, Stage
from tests.platforms.test_private_talk import in_private, whole_bot
from tests.waiting import eventually

QUESTION = "How long may the report be?"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is tried again at once: how long it waits is for `tests/test_runtime.py`."""
    monkeypatch.setattr(delivery, "FIRST_LOOK", timedelta(seconds=1))
    monkeypatch.setattr(delivery, "FIRST_PAUSE", timedelta(seconds=1))


async def stands_once(stage: Stage) -> None:
    async def there() -> bool:
        return any(QUESTION in seen.text for seen in await stage.people.sees("ben", "questions"))

    await eventually(there)
    assert sum(QUESTION in seen.text for seen in await stage.people.sees("ben", "questions")) == 1


async def delivered(app: Application) -> None:
    """Waits until nothing is on its way."""

    async def empty() -> bool:
        return not await app.storage.run(lambda unit: {*unit.outbox.counts()} & {"waiting", "sending"})

    await eventually(empty)


async def ask(stage: Stage) -> None:
    await stage.people.command("mia", "general", f"ask {QUESTION}")


@pytest.mark.parametrize("how", ["gone", "waits"])
async def test_a_question_that_waits_for_its_channel_says_so_until_it_is_there(
    stage: Stage, tmp_path: Path, how: Failure
) -> None:
    async with whole_bot(stage, tmp_path) as app:
        await delivered(app)
        stage.fail(how)
        await ask(stage)
        await stands_once(stage)
        await in_private(stage, "waited, and is there now")
        await in_private(stage, "waits: I cannot write there", gone=True)


@pytest.mark.parametrize("how", ["paused", "tried again"])
async def test_a_question_that_is_only_late_needs_no_other_word(stage: Stage, tmp_path: Path, how: Failure) -> None:
    async with whole_bot(stage, tmp_path) as app:
        await delivered(app)
        stage.fail(how)
        await ask(stage)
        await stands_once(stage)
        seen = [*await stage.people.sees("mia", "dm"), *await stage.people.sees("mia", "general")]
        told = " ".join(one.text for one in seen)
        assert "Thank you" in told
        assert "I cannot write there" not in told


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_question_whose_answer_is_lost_is_looked_for_before_it_is_posted_again(
    stage: Stage, tmp_path: Path, arrived: bool
) -> None:
    async with whole_bot(stage, tmp_path) as app:
        await delivered(app)
        stage.lose_answer(arrived)
        await ask(stage)
        await stands_once(stage)
        await delivered(app)
        await stands_once(stage)


async def test_a_reply_that_its_thread_does_not_take_counts_as_none_and_goes_privately(
    stage: Stage, tmp_path: Path
) -> None:
    people = stage.people

    async def ben_reads(place: str, *words: str) -> Seen:
        async def look() -> Seen | None:
            seen = [*await people.sees("ben", place)]
            return next((one for one in reversed(seen) if all(word in one.text for word in words)), None)

        return await eventually(look)

    async with whole_bot(stage, tmp_path) as app:
        await delivered(app)
        await people.say("mia", "questions", QUESTION)
        await eventually(lambda: app.storage.run(lambda unit: unit.store("questions").asked(1)))
        await delivered(app)
        await people.command("ben", "general", "desk")
        await ben_reads("general", QUESTION)
        stage.fail("locked")
        await people.press("ben", "general", "Reply")
        await eventually(lambda: people.form("ben"))
        await people.submit("ben", {"text": "Ten pages."})
        told = await ben_reads("dm", "could not be posted", "Its thread is locked.", QUESTION, "Ten pages.")
        asked = await app.storage.run(lambda unit: unit.store("questions").asked(1))
        assert [one.answered_at for one in asked] == [None], "no figure counts it"
        send = next(label for label in told.buttons if label.startswith("Send it"))
        await people.press("ben", "dm", send)
        await ben_reads("dm", "gets it privately")
