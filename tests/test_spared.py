"""A feature fails to add its part to a view: the rest is shown, and nothing that people do fails with it."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.contributions import AGENDA, ATTENTION, DESK, FIGURES
from bot.core.feature import Feature
from storage.tables.questions import QuestionRow
from tests.kit import new_world
from tests.toys import mount

broken: Feature[None] = Feature("broken")


def fail(*about: Any) -> Any:
    raise RuntimeError("boom")


KINDS: tuple[Any, ...] = (DESK, FIGURES, AGENDA, ATTENTION)
broken.contributions = {kind.name: [fail] for kind in KINDS}


async def test_one_broken_feature_takes_no_view_down_and_stops_no_deletion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    mount(monkeypatch, broken)
    world = new_world(tmp_path)
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    asked = (await mia.say("questions", "How long may the report be, and in which font?")).message
    assert asked is not None
    assert "How long may the report be" in (await ines.command("desk")).text
    assert "Demo course" in (await omar.command("overview")).text
    assert (await mia.command("")).text
    await world.until("2026-01-06T09:00:00Z")
    assert any("How long may the report be" in text for text in ines.inbox())
    await mia.delete(asked)
    await world.settle()
    assert [q.text for q in world.rows(QuestionRow)] == [""]
    assert not [text for text in ines.inbox() if "How long may the report be" in text]
    failures = [r.getMessage() for r in caplog.records if r.name == "bot.runtime.mounted"]
    assert failures
    assert all(line.startswith("broken: ") for line in failures)
    caplog.clear()
    world.app.storage.close()
