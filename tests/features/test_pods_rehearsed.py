"""A rehearsal plays pods: asked for, introduced, checked in to; and counts what the bot writes in them."""

from collections import Counter
from datetime import date
from pathlib import Path

from bot.app.rehearsal import Plan, rehearse
from bot.app.rehearsal.script import BOT, read
from tests.kit import COURSE

PODS = f"""\
{COURSE}
pods: {{size: 5}}
checkins:
  - {{id: page, title: The shared page, weekly: yes, days: [Thu 09:00], minutes: 5, pod: yes}}
milestones:
  - {{id: map, week: 2, title: The map, due: Sun 23:59 aoe, essential: yes, pod: yes, minutes: 30}}
"""


def test_people_are_in_pods_and_the_bot_writes_there_twice_a_week_at_most(tmp_path: Path) -> None:
    played = rehearse(Plan(PODS, "pods.yaml", 14, "3", date(2027, 1, 11)), tmp_path)
    assert played.over == []
    assert [f for f in played.findings if f.kind in ("broken", "failed")] == []
    lines = [read(line) for line in (tmp_path / "transcript.jsonl").read_text(encoding="utf-8").splitlines()]
    written = Counter(
        (line.place, line.at.isocalendar()[:2])
        for line in lines
        if "-pod-" in line.place and line.by == BOT and line.kind == "posted" and line.to is None
    )
    assert written
    assert max(written.values()) <= 2
    assert any("-pod-" in line.place and "checked in" in line.text for line in lines)
    assert any(line.text.startswith("Thank you, that is saved. It stands in #") for line in lines)
