"""A rehearsal plays live sessions, and fails where somebody was shown a held one."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.app.rehearsal import Plan, Rehearsal, cast, rehearse
from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.parts.live import PROPOSED, NothingHeld
from bot.app.rehearsal.script import read
from bot.app.rehearsal.twists import Twist
from bot.app.rehearsal.watch import named_in
from bot.core.people import Cohort, Role
from tests.features.test_live import course, tasting

FILE = course(tasting(), tasting(id="held", week="2", title="The held one", recorded="no"))
MONDAY = date(2026, 3, 2)
LEARNERS = 8


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="module")
def played(out: Path) -> Rehearsal:
    return rehearse(Plan(FILE, "tea.yaml", LEARNERS, "1", MONDAY), out)


def test_people_come_watch_and_reflect(played: Rehearsal, out: Path) -> None:
    tea, held = json.loads((out / "live.json").read_text(encoding="utf-8"))
    assert (tea["id"], tea["state"], held["id"], held["state"]) == ("tasting", "over", "held", "over")
    assert tea["attended"] > 0
    assert tea["reflected"] > 0
    assert tea["attended"] + tea["reflected"] + tea["neither"] == tea["base"] <= LEARNERS
    assert tea["verdict"] in ("keep", "replace", "drop", "few")
    assert held["base"] is None, "nobody was offered it"
    assert played.over == []
    assert [f for f in played.findings if f.kind in ("broken", "failed")] == []
    assert played.stumbles == []


def test_no_learner_reads_of_a_held_one_and_a_rehearsal_fails_where_somebody_did(played: Rehearsal, out: Path) -> None:
    people = {p.id: p for p in [*cast.team(LEARNERS, "Europe/Berlin"), *cast.learners(LEARNERS, "1", 3)]}
    transcript = (out / "transcript.jsonl").read_text(encoding="utf-8").splitlines()
    lines = [read(text) for text in transcript]
    learners = {p.id for p in people.values() if p.role is Role.LEARNER}
    assert not [line for line in lines if line.reader in learners and "The held one" in line.text]
    cohort = Cohort(1, "rehearsal", "Tea", FILE, "Europe/Berlin", MONDAY)
    watch = NothingHeld(people)
    for line in lines:
        watch.hear(line)
    assert [b.what for b in watch.broken(cohort, lines[-1].at) if b.kind == "broken"] == []
    card = next(line for line in lines if line.reader in learners and "Live, if you like: “Tasting”" in line.text)
    watch.hear(replace(card, text=card.text.replace("Tasting", "The held one")))
    (found,) = watch.broken(cohort, lines[-1].at)
    assert found.what == "was told of “The held one”, which the gate holds"


def test_what_no_learner_was_offered_is_said_with_its_reason(played: Rehearsal) -> None:
    (found,) = [f for f in played.findings if f.kind == "held"]
    assert found.what.startswith("“The held one” of week 2 was announced to nobody. Question 3, is there another way")
    assert found.what.endswith("Write `recorded: yes`.")
    assert not played.well


def test_times_that_do_not_suit_a_cast_are_said_with_times_that_would(tmp_path: Path) -> None:
    """The author of a course cannot know who will take it."""
    zones = ["Pacific/Auckland", "Australia/Sydney", "Asia/Tokyo"]
    rehearsal = rehearse(Plan(course(tasting()), "tea.yaml", 3, "1", MONDAY, zones=zones), tmp_path)
    (found,) = rehearsal.findings
    assert found.kind == "held"
    assert found.what.startswith("“Tasting” of week 1 was announced to nobody. “Wed")
    assert "is outside 08:00-22:00 for" in found.what
    (tea,) = json.loads((tmp_path / "live.json").read_text(encoding="utf-8"))
    assert (tea["state"], tea["base"]) == ("over", None)
    first, second = re.findall(r"(\w{3} \d\d:\d\d) \(\d+ %\)", found.what)
    text = course(tasting(slots=f"[{first}, {second}]"))
    again = rehearse(Plan(text, "tea.yaml", 3, "1", MONDAY, zones=zones), tmp_path)
    assert again.findings == []
    (tea,) = json.loads((tmp_path / "live.json").read_text(encoding="utf-8"))
    assert tea["state"] == "over"


def test_who_has_a_name_and_a_number_is_not_taken_for_a_namesake() -> None:
    people = [Persona("mia", "Mia", "UTC"), Persona("mia2", "Mia 2", "UTC"), Persona("ida", "Ida", "UTC")]
    assert [p.id for p in named_in("Thanks of the week go to Mia 2.", people)] == ["mia2"]
    assert [p.id for p in named_in("Thanks go to Mia, and not to Idaho.", people)] == ["mia"]


def test_a_proposal_is_played_and_learners_hear_of_it_once_it_passes(tmp_path: Path) -> None:
    rehearsal = rehearse(Plan(course(), "tea.yaml", LEARNERS, "1", MONDAY, twists=[Twist.PROPOSED]), tmp_path)
    found = json.loads((tmp_path / "live.json").read_text(encoding="utf-8"))
    assert [(one["id"], one["state"]) for one in found] == [("live-2", "over")]
    lines = [read(text) for text in (tmp_path / "transcript.jsonl").read_text(encoding="utf-8").splitlines()]
    assert any("Live, if you like" in line.text and PROPOSED in line.text for line in lines)
    assert [f for f in rehearsal.findings if f.kind in ("broken", "failed")] == []
    assert rehearsal.over == []
