"""Reviews that the completion rule asks for."""

import csv
from io import StringIO
from pathlib import Path

from bot.course.loader import check, load
from bot.course.model import Quantity
from tests.features.test_completion import files, final
from tests.features.test_reviews import MONDAY, REVIEWED, cohort, review, write
from tests.kit import new_world

RULE = REVIEWED.replace("weekly_minutes: 300", "weekly_minutes: 300, completion: {milestones: 1, reviews: all}")


async def test_the_completion_rule_may_ask_for_reviews(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=RULE)
    mia, _ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    assert "0 of 1 peer review" in (await mia.command("")).text
    receipt = await write(mia, await review(mia))
    assert "0 of 1 peer review" in (await mia.command("")).text, "one of two"
    await write(mia, await mia.press(receipt, "Review another one"))
    page = (await mia.command("")).text
    assert "1 of 1 peer review" in page
    assert "You have all that it takes" in page
    world.app.storage.close()


async def test_the_list_and_the_certificate_follow_the_reviews(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=RULE)
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    receipt = await write(mia, await review(mia))
    await write(mia, await mia.press(receipt, "Review another one"))
    await write(ben, await review(ben))
    await world.until("2026-01-28T12:00:00Z")
    (card,) = final(mia)
    assert card.startswith("You have completed")
    assert "certificate.html" in files(world, mia, "You have completed")
    (card,) = final(ben)
    assert not card.startswith("You have completed")
    assert "Look at two drafts" in card, "what is missing"
    omar = world.chat.person("omar")
    seen = await omar.press(await omar.command("overview"), "Completion")
    assert "Completed:\n- Mia" in seen.text
    rows = list(csv.reader(StringIO(files(world, omar, "Completion of")["completion.csv"])))
    column = rows[0].index("reviews")
    assert {row[0]: row[column] for row in rows[1:]} == {"Mia": "1 of 1", "Ben": "0 of 1", "Cem": "0 of 1"}
    world.app.storage.close()


async def test_whoever_is_alone_need_not_review(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=RULE)
    (mia,) = await cohort(world, "Mia")
    await world.until(MONDAY)
    assert "You have all that it takes for now" in (await mia.command("")).text, "a piece may still come"
    await world.until("2026-01-23T09:30:00Z")
    page = (await mia.command("")).text
    assert "You have all that it takes" in page
    assert "for now" not in page
    world.app.storage.close()


def test_the_short_form_knows_them() -> None:
    words = REVIEWED.replace("weekly_minutes: 300", 'weekly_minutes: 300, completion: "1 milestone and 1 peer review"')
    assert load(words).completion.reviews == Quantity(count=1)
    too_many = words.replace("1 peer review", "2 reviews")
    assert [(p.line, p.code) for p in check(too_many, "course.yaml")] == [(1, "range")]
