"""The survey on both databases: an answer is in its table alone, and nothing tells whose it is."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.tables.inbox import DraftRow
from storage.tables.survey import SurveyAnswerRow
from tests.features.test_erasure import everything as stored
from tests.features.test_live import SUNDAY, course, tasting
from tests.features.test_survey import CANARY, LAST_WEEK, learners, say
from tests.kit import new_world


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_an_answer_is_nowhere_but_in_its_table(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("bot", "adapters", "storage"):
        caplog.set_level("DEBUG", name)
    database = request.getfixturevalue("migrated_postgres") if kind == "postgresql" else None
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()), database=database)
    mia = (await learners(world, 1))[0]
    await world.until(LAST_WEEK)
    refused = await say(mia, words=CANARY, came="")
    assert refused.errors
    assert CANARY not in stored(world)
    await mia.submit({"came": "came", "worth": "no", "words": CANARY})
    (row,) = world.rows(SurveyAnswerRow)
    assert row.words == CANARY
    with world.app.storage.engine.connect() as db:
        # The search's index cannot be read as a table; what it is made from is one.
        tables = [t for t in sa.inspect(db).get_table_names() if t not in ("survey_answers", "search_fts")]
        held = {t: str(db.execute(sa.text(f'SELECT * FROM "{t}"')).all()) for t in tables}
    assert [t for t, rows in held.items() if CANARY in rows] == []
    platform = "".join(world.chat.sandbox.platform._db._db.iterdump())
    assert '"submitted"' in platform
    assert CANARY not in platform
    assert CANARY not in "\n".join(mia.inbox())
    assert CANARY not in caplog.text
    assert [row for row in world.rows(DraftRow) if "survey" in row.form] == []
    world.app.storage.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_each_answer_rewrites_all_and_tells_no_order(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    database = request.getfixturevalue("migrated_postgres") if kind == "postgresql" else None
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()), database=database)
    people = await learners(world, 8)
    await world.until(LAST_WEEK)
    keys: set[str] = set()
    for n, one in enumerate(people):
        await say(one, words=f"answer {n}")
        now = {row.key for row in world.rows(SurveyAnswerRow)}
        assert len(now) == n + 1
        assert not keys & now
        keys = now
    with world.app.storage.engine.connect() as db:
        found = db.execute(sa.text("SELECT words FROM survey_answers")).scalars().all()
        columns = {c["name"] for c in sa.inspect(db).get_columns("survey_answers")}
        if kind == "sqlite":
            with pytest.raises(sa.exc.OperationalError, match="rowid"):
                db.execute(sa.text("SELECT rowid FROM survey_answers"))
        else:
            assert len(set(db.execute(sa.text("SELECT xmin::text FROM survey_answers")).scalars())) == 1
    assert columns == {"key", "cohort", "element", "came", "why", "worth", "words"}
    # One order of 40,320; if this ever fails, it does so once.
    assert list(found) != [f"answer {n}" for n in range(8)]
    world.app.storage.close()
