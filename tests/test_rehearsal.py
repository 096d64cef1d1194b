"""The rehearsal: a small cohort played through, and checks that can fail."""

import ast
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from graphlib import TopologicalSorter
from html import unescape
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.app.cli import app
from bot.app.features import FEATURES
from bot.app.rehearsal import cast
from bot.app.rehearsal import parts as rehearsed
from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.checks import Checks, Finding, dropped_for_many
from bot.app.rehearsal.load import Class, Dropped, Load, Over, Spoken, by_card, lost
from bot.app.rehearsal.parts import misspelt, modules, parts
from bot.app.rehearsal.parts.discussions import InTheThread
from bot.app.rehearsal.past import NothingAsked
from bot.app.rehearsal.script import BOT, Line, read
from bot.core.actions import Action
from bot.core.people import Cohort, Role
from bot.core.time import local, parse_instant
from bot.core.uptime import Outage
from bot.course.loader import course_of
from tests.exports import discord_json, discord_message
from tests.features.test_absence import WORK
from tests.kit import COURSE as LONG
from tests.kit import new_world

COURSE = """\
course: {id: small, title: Small <course>, weekly_minutes: 120}
weeks:
  - {title: One, goal: Begin, minutes: 60, materials: [{title: Read the first page, minutes: 20}]}
  - {title: Two, goal: End, minutes: 60}
prompts:
  - id: wrapup
    weekly: true
    opens: Fri 16:00
    closes: Mon 12:00
    questions:
      - {id: done, kind: long, text: "What did you finish?", audience: cohort}
      - {id: hours, kind: number, text: "How many hours?", audience: instructors}
milestones:
  - {id: draft, week: 1, title: The draft, due: Sun 23:59 aoe, essential: yes, minutes: 30}
"""
MONDAY = date(2026, 3, 23)
"""Clocks change in Europe on the Sunday after it."""


def run(course: Path, out: Path, *more: str) -> Result:
    words = ["rehearse", str(course), "--start", str(MONDAY), "--out", str(out), *more]
    return CliRunner().invoke(app, words, catch_exceptions=False)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("course") / "course.yaml"
    file.write_text(COURSE)
    return file


@pytest.fixture(scope="module")
def out(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rehearsal of eight learners."""
    folder = tmp_path_factory.mktemp("rehearsal") / "out"
    done = run(course, folder, "--learners", "8", "--seed", "7", "--json")
    (folder / "summary.json").write_text(done.stdout)
    return folder


def lines(folder: Path) -> list[Line]:
    return [read(text) for text in (folder / "transcript.jsonl").read_text().splitlines()]


def test_everything_is_written(out: Path) -> None:
    summary = json.loads((out / "summary.json").read_text())
    assert summary["learners"] == 8
    assert summary["over"] == []
    # Whether a reminder is stale depends on who does what when; the rest may never be.
    assert [f for f in summary["findings"] if f["kind"] != "stale"] == []
    assert summary["stumbles"] == 0
    load = json.loads((out / "load.json").read_text())
    learners = [p for p in load["people"] if p["role"] == "learner"]
    assert len(learners) == 8
    assert all(d.keys() == {"person", "week", "what", "why"} for d in load["dropped"])
    assert all(w["unasked"] == sum(w["days"].values()) for p in load["people"] for w in p["weeks"])
    assert max(w["unasked"] for p in learners for w in p["weeks"]) in (1, 2, 3)
    assert {c["place"] for c in load["channels"]} >= {"main"}
    assert (out / "faq" / "faq.md").read_text().startswith("# Small &lt;course&gt;")
    names = {re.sub(r"^[\d-]+", "", f.name) for f in (out / "digests").iterdir()}
    assert {"everybody-week-1.txt", "oscar-overview.txt", "ingrid-desk.txt"} <= names


def test_it_says_how_it_is_called() -> None:
    assert "Example: pacekeeper rehearse" in CliRunner().invoke(app, ["rehearse", "--help"]).output


def test_people_do_what_people_do(out: Path) -> None:
    script = lines(out)
    acts = {line.kind for line in script if line.by != BOT}
    assert {"command", "pressed", "submitted", "said", "reacted"} <= acts
    assert {line.place.partition(":")[0] for line in script} >= {"dm", "main", "questions"}
    zones = {p["zone"] for p in json.loads((out / "load.json").read_text())["people"]}
    assert {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"} <= zones


def test_prompts_come_at_the_learners_own_hour(out: Path) -> None:
    people = {p["person"]: p for p in json.loads((out / "load.json").read_text())["people"]}
    came = [
        (line.place[3:], line.at) for line in lines(out) if line.kind == "posted" and line.heading == "Week 1 wrap-up"
    ]
    shown = {f"{local(at, people[person]['zone']):%a %H:%M}" for person, at in came if person in people}
    assert len(came) >= 5
    assert "Fri 16:00" in shown


def test_the_same_seed_gives_the_same_bytes(course: Path, out: Path, tmp_path: Path) -> None:
    program = "from bot.app.cli import main; main()"
    words = ["rehearse", str(course), "--start", str(MONDAY), "--learners", "8", "--seed", "7", "--out", str(tmp_path)]
    subprocess.run(
        [sys.executable, "-c", program, *words],
        env=os.environ | {"PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo"},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        timeout=120,
    )
    for name in ("transcript.jsonl", "load.json", "index.html"):
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes(), name


def test_another_seed_casts_other_people() -> None:
    assert cast.learners(20, "1", 10) == cast.learners(20, "1", 10)
    assert cast.learners(20, "1", 10) != cast.learners(20, "2", 10)


def test_a_cast_has_every_habit_and_the_odd_zones() -> None:
    people = cast.learners(30, "x", 10)
    assert {p.habit for p in people} == {habit for habit, _ in cast.HABITS}
    assert {p.zone for p in people} >= set(cast.ALWAYS)
    assert len({p.id for p in people}) == 30


def test_the_page_needs_nothing_and_runs_nothing_that_was_typed(out: Path) -> None:
    html = (out / "index.html").read_text()
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", html)
    assert "default-src 'none'" in unescape(html)
    assert "Small &lt;course&gt;" in html
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert data is not None
    assert "<" not in data[1]
    document = json.loads(data[1])
    assert len(document["people"]) == 10
    assert any("Small <course>" in line[8] for line in document["lines"])


def test_a_course_with_errors_is_refused_as_by_check(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("course: {id: bad}\n")
    done = run(file, tmp_path / "out")
    assert done.exit_code == 3
    assert f"{file}:1:" in done.stdout
    assert not (tmp_path / "out").exists()


# Checks that can fail


MIA = Persona("mia", "Mia", "America/New_York")
INES = Persona("ines", "Inês", "Europe/Berlin", Role.INSTRUCTOR, "staff")
OPENED = datetime(2026, 3, 18, 7, tzinfo=UTC)
END = datetime(2026, 4, 20, tzinfo=UTC)
COHORT = Cohort(1, "small", "Small", COURSE, "Europe/Berlin", MONDAY)


class Script:
    """Lines as they might have been written, to see what is found in them."""

    def __init__(self) -> None:
        people = {p.id: p for p in (MIA, INES)}
        self.zones = {p.id: [(OPENED, p.zone)] for p in people.values()}
        declaring = modules({"completion", "milestones", "questions", "weekcard", "wrapups"})
        self.load = Load(COHORT, people, self.zones, OPENED, declaring)
        self.checks = Checks(course_of(COURSE), COHORT, END, people, self.load, declaring)
        self.spoken: list[Spoken] = []
        self._seq = 0

    def line(self, at: str, **what: Any) -> None:
        self._seq += 1
        given = {"place": "dm:mia", "thread": None, "message": self._seq, "to": None, "anchor": None, **what}
        line = Line(seq=self._seq, at=parse_instant(at), **{"actions": (), "text": "", **given})
        self.load.hear(line)
        self.checks.hear(line)

    def acts(self, at: str, text: str = "/cohort join X", **what: Any) -> None:
        self.line(at, **{"by": "mia", "kind": "command", "text": text, **what})

    def says(self, at: str, text: str, spoken: bool = True, kind: Class = "unasked", **what: Any) -> None:
        self.line(at, **{"by": BOT, "kind": "posted", "text": text, **what})
        if spoken:
            self.spoken.append(("mia", Role.LEARNER, parse_instant(at), kind))

    def joins(self) -> None:
        """Mia joins, and gets her two week cards."""
        self.acts("2026-03-19T12:02:00Z")
        self.says("2026-03-23T13:00:00Z", "Week 1: One\nGoal: Begin")
        self.says("2026-03-30T13:00:00Z", "Week 2: Two\nGoal: End")

    def over(self) -> list[Over]:
        return self.load.over(self.load.unasked(self.spoken))

    def findings(self, kind: str) -> list[Finding]:
        return [f for f in self.checks.findings(self.load.unasked(self.spoken)) if f.kind == kind]


def test_a_second_message_on_a_day_is_over_the_budget() -> None:
    script = Script()
    script.says("2026-03-24T13:00:00Z", "One")
    script.says("2026-03-25T03:59:00Z", "Two")
    (over,) = script.over()
    assert (over.who, over.span, len(over.at)) == ("mia", "day", 2)
    # The same instants on another day of the reader's clock.
    script = Script()
    script.says("2026-03-24T13:00:00Z", "One")
    script.says("2026-03-25T04:01:00Z", "Two")
    assert script.over() == []


def test_a_fourth_message_in_a_week_is_over_the_budget() -> None:
    script = Script()
    for day in (23, 24, 25, 26):
        script.says(f"2026-03-{day}T13:00:00Z", "Card")
    (over,) = script.over()
    assert (over.span, len(over.at), str(over)) == (
        "week",
        4,
        "mia (learner): 4 in the week 2026-W13; 3 may come",
    )


def test_what_the_voice_does_not_know_of_counts_as_well() -> None:
    script = Script()
    script.says("2026-03-24T13:00:00Z", "One")
    script.says("2026-03-24T15:00:00Z", "Two", spoken=False)
    assert len(script.over()) == 1
    assert [f.who for f in script.findings("past the voice")] == ["mia"]


def test_a_receipt_is_no_unasked_message() -> None:
    script = Script()
    script.says("2026-03-24T13:00:00Z", "One")
    script.acts("2026-03-24T15:02:00Z", "/cohort submit x")
    script.says("2026-03-24T15:02:00Z", "Thank you", spoken=False)
    assert script.over() == []
    (mia, _) = script.load.as_data(script.load.unasked(script.spoken), [], [])["people"]
    assert mia["weeks"] == [{"week": "2026-W13", "unasked": 1, "days": {"2026-03-24": 1}, "awaited": 0, "answers": 1}]


def test_who_moves_gets_no_day_twice() -> None:
    script = Script()
    script.zones["mia"].append((parse_instant("2026-03-24T14:00:00Z"), "Asia/Tokyo"))
    script.says("2026-03-24T13:00:00Z", "One")
    script.says("2026-03-24T15:30:00Z", "Two")
    # It is Wednesday in Tokyo by now, and One came there on Tuesday at 22:00.
    assert script.over() == []


def test_a_fourth_root_post_is_over_the_budget() -> None:
    script = Script()
    for hour in (8, 9, 10, 11):
        script.says(f"2026-03-24T{hour:02}:00:00Z", "Post", spoken=False, place="main")
    (over,) = script.over()
    assert (over.who, over.role) == ("#main", "channel")


def test_what_features_declare_is_counted_in_another_way() -> None:
    script = Script()
    script.says("2026-03-24T08:00:00Z", "One")
    script.acts("2026-03-31T09:02:00Z", by="ines", actions=("milestones.move/1/1:2",))
    script.says("2026-03-31T09:02:00Z", "Your date has moved")
    script.acts("2026-03-25T09:02:00Z", by="ines", actions=("completion.close_now/1/1:",))
    script.says("2026-03-25T09:02:00Z", "The course is over", spoken=False)
    for hour in (8, 9, 10, 11):
        script.acts(f"2026-03-24T{hour:02}:02:00Z", f"/cohort ask {hour}?")
        script.says(f"2026-03-24T{hour:02}:02:00Z", f"{hour}?", spoken=False, place="main", anchor=f"question/{hour}")
    assert script.over() == []
    assert script.findings("past the voice") == []


def test_a_card_that_comes_twice_is_found() -> None:
    script = Script()
    for day in (27, 28):
        script.says(f"2026-03-{day}T20:00:00Z", "Week 1 wrap-up", anchor="wrapup/1/1")
    assert len(script.findings("twice")) == 1


def test_a_line_about_a_moved_date_is_not_its_card() -> None:
    script = Script()
    script.joins()
    script.says("2026-03-27T20:00:00Z", "Week 1 wrap-up\n- What did you finish?")
    script.says("2026-03-28T20:00:00Z", "Week 1 wrap-up closes Thu 2 Apr, 23:59, not Mon 30 Mar, 12:00.")
    script.says("2026-04-03T20:00:00Z", "Week 2 wrap-up")
    assert script.checks.findings(script.load.unasked(script.spoken)) == []


@pytest.mark.parametrize(
    ("came", "found"),
    [
        ("2026-03-27T20:00:00Z", []),
        ("2026-03-27T19:00:00Z", ["early"]),
        ("2026-03-27T21:00:00Z", ["late"]),
        (None, ["missing"]),
    ],
)
def test_a_prompt_off_its_wall_time_is_found(came: str | None, found: list[str]) -> None:
    script = Script()
    script.joins()
    if came:
        script.says(came, "Week 1 wrap-up\n- What did you finish?")
    script.says("2026-04-03T20:00:00Z", "Week 2 wrap-up")
    assert [f.kind for f in script.checks.findings(script.load.unasked(script.spoken))] == found


def test_a_prompt_that_shares_the_message_of_a_later_card_of_the_day_is_not_late() -> None:
    script = Script()
    script.joins()
    script.says("2026-03-27T22:00:00Z", "A card\nWeek 1 wrap-up\n- What did you finish?")
    script.says("2026-04-03T20:00:00Z", "Week 2 wrap-up")
    assert script.checks.findings(script.load.unasked(script.spoken)) == []
    assert len(script.checks.put_off) == 1


def test_a_week_card_that_never_came_is_found() -> None:
    script = Script()
    script.acts("2026-03-19T12:02:00Z")
    missing = {f.what for f in script.findings("missing")}
    assert "“Week 1: One” never came" in missing


def test_an_answer_in_time_needs_no_prompt_and_one_long_after_is_no_prompt() -> None:
    for at, missing in (("2026-03-28T15:02:00Z", 0), ("2026-04-10T15:02:00Z", 1)):
        script = Script()
        script.joins()
        script.acts(at, "/cohort wrapup")
        script.says(at, "Week 1 wrap-up\nThank you", spoken=False)
        found = [f.what for f in script.findings("missing") if "Week 1 wrap-up" in f.what]
        assert len(found) == missing, at


def test_who_is_away_is_not_missed() -> None:
    script = Script()
    script.joins()
    script.says("2026-03-27T20:00:00Z", "Week 1 wrap-up")
    script.acts("2026-03-30T15:02:00Z", "/cohort away 2026-04-01 2026-04-05")
    assert script.findings("missing") == []


def test_a_prompt_that_other_messages_put_off_to_another_day_is_found() -> None:
    script = Script()
    script.joins()
    script.says("2026-03-27T13:00:00Z", "Something else")
    script.says("2026-03-28T13:00:00Z", "Week 1 wrap-up")
    script.says("2026-04-03T20:00:00Z", "Week 2 wrap-up")
    (late,) = script.findings("late")
    assert late.what.endswith("other messages put it off by 17 h")


def test_what_many_never_got_is_found() -> None:
    few, many = (Dropped("2026-W40", "The ballot", "no room", people, 23) for people in (7, 16))
    (found,) = dropped_for_many([few, many])
    assert str(found) == "dropped: learners: 16 of 23 learners did not get “The ballot” in 2026-W40: no room"


async def test_what_was_tried_again_and_came_is_not_dropped(tmp_path: Path) -> None:
    weeks = "".join(f"  - {{title: Week {n}, goal: Goal {n}, minutes: 60}}\n" for n in ("Four", "Five", "Six", "Seven"))
    world = new_world(tmp_path, course=LONG.replace("prompts:", f"{weeks}prompts:") + WORK)
    mia = await world.learner("mia", "Mia")
    load = Load(world.cohort, {"mia": MIA}, {"mia": [(world.clock.now(), "Europe/Berlin")]}, world.clock.now(), [])
    await mia.press(await mia.command("away"), "Move my dates")
    await mia.submit(days="3")
    await world.until("2026-01-10T12:00:00Z")
    await mia.say("general", "Good morning from the train.")
    # The week's other messages leave the card about the missed draft no room before Tuesday.
    await world.until("2026-01-19T12:00:00Z")
    (waits,) = [one for one in lost(world.app, load) if "“The first draft” did not arrive" in one.what]
    assert (waits.person, waits.week, waits.why) == ("mia", "2026-W04", "no room")
    await world.until("2026-01-20T12:00:00Z")
    assert [text for text in mia.inbox() if "Mia, “The first draft” and “The page” did not arrive" in text]
    assert not [one for one in lost(world.app, load) if "The first draft" in one.what]
    world.app.storage.close()


def test_what_the_budget_dropped_in_many_weeks_is_one_line_for_each_card() -> None:
    weeks = [Dropped(f"2026-W{week}", "Still open", "no room", people, 23) for week, people in ((40, 1), (41, 2))]
    assert by_card([*weeks, Dropped("2026-W40", "The ballot", "no room", 3, 23)]) == [
        "up to 2 of 23 learners a week did not get “Still open” in 2 weeks: no room",
        "3 of 23 learners did not get “The ballot” in 2026-W40: no room",
    ]


def test_a_reminder_of_what_is_done_is_found() -> None:
    script = Script()
    receipt = ("milestones.open/1/1:draft", "milestones.delete/1/1:4")
    script.acts("2026-03-28T15:02:00Z", "/cohort submit x")
    script.says(
        "2026-03-28T15:02:00Z", "The draft\nThank you.", spoken=False, anchor="milestone/1/draft/1", actions=receipt
    )
    script.says("2026-03-29T13:00:00Z", "Still open", anchor="reminder/1/1/2026-03-23", actions=receipt[:1])
    (stale,) = script.findings("stale")
    assert "The draft" in stale.what


def test_people_ask_and_answer_in_the_words_of_an_export(course: Path, tmp_path: Path) -> None:
    said = []
    for n in range(1, 40, 2):
        said.append(discord_message(f"{n}", "7", f"How do I <b>fold</b> paper number {n}?\nI tried twice, @everyone."))
        said.append(discord_message(f"{n + 1}", "8", f"Along the line for {n}.", f"{n}"))
    export = discord_json(tmp_path / "e.json", said)
    out = tmp_path / "out"
    assert run(course, out, "--learners", "12", "--seed", "3", "--threads", str(export)).exit_code in (0, 3)
    channel = [line for line in lines(out) if line.place.startswith("questions") and line.kind in ("said", "posted")]
    asked = [line for line in channel if line.thread is None]
    assert len(asked) > 1
    for line in asked:
        assert re.search(r"How do I <b>fold</b> paper number \d+\?", line.text)
    answers = [line for line in channel if line.thread is not None and line.text.startswith("Along the line")]
    assert answers
    for line in answers:
        root = next(one for one in asked if one.message == line.thread)
        assert f"number {line.text.split()[-1].rstrip('.')}?" in root.text


def test_an_export_in_which_nobody_asks_is_refused(course: Path, tmp_path: Path) -> None:
    export = discord_json(tmp_path / "e.json", [discord_message("1", "7", "Nice weather.")])
    with pytest.raises(NothingAsked):
        run(course, tmp_path / "out", "--threads", str(export))


def test_whatever_is_played_is_a_mounted_feature() -> None:
    mounted = {feature.name for feature in FEATURES}
    played = {m.name for m in iter_modules(rehearsed.__path__)}
    assert played <= mounted
    assert modules(()) == []
    assert {part.__module__.rpartition(".")[2] for part in parts(mounted)} | {"weekcard"} == played
    # Only those that somebody has can be played; the rest is left out.
    assert {part.__module__ for part in parts({"talk"})} == {"bot.app.rehearsal.parts.talk"}


def test_no_two_modules_import_one_another() -> None:
    folder, package = Path(rehearsed.__path__[0]).parent, "bot.app.rehearsal"
    known = {f"{package}.{'.'.join(f.relative_to(folder).with_suffix('').parts)}": f for f in folder.rglob("*.py")}
    imports: dict[str, set[str]] = {}
    for name, file in known.items():
        found = [n for n in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(n, ast.ImportFrom)]
        named = {n.module or "" for n in found} | {f"{n.module}.{a.name}" for n in found for a in n.names}
        imports[name] = named & known.keys()
    assert imports[f"{package}.parts.wrapups"] >= {f"{package}.player", f"{package}.words"}
    TopologicalSorter(imports).prepare()


def test_a_misspelt_action_of_a_part_is_named_with_the_nearest_right_one() -> None:
    actions = {"absence.catch_up", "enrolment.hour"}
    [said] = misspelt(modules(["absence"]), {"absence.catchup"})
    assert "parts/absence.py, line " in said
    assert "no feature has the action 'absence.catch_up'. Write 'absence.catchup'." in said
    assert not misspelt(modules(["absence"]), actions)


@pytest.mark.parametrize(
    ("closes", "down", "judged", "broken"),
    [
        ("Sat 18:00 cohort", (), "2026-03-29T18:00:00Z", 1),
        # The bot was down at the close, so the round closes a day after it ran again.
        ("Sat 18:00 cohort", ("2026-03-28T12:00:00Z", "2026-03-29T08:00:00Z"), "2026-03-31T07:00:00Z", 0),
        ("Sat 18:00 cohort", ("2026-03-28T12:00:00Z", "2026-03-29T08:00:00Z"), "2026-03-31T09:00:00Z", 1),
        # By the clock of New York it closes five hours later than in Berlin.
        ("Sat 18:00 learner", (), "2026-03-29T20:00:00Z", 0),
        ("Sat 18:00 learner", (), "2026-03-29T23:00:00Z", 1),
    ],
)
def test_a_discussion_is_judged_after_the_close_that_runs(
    closes: str, down: tuple[str, ...], judged: str, broken: int
) -> None:
    bags = f"{{id: bags, week: 1, title: Bags, question: Talk of tea, opens: Wed 09:00, closes: {closes}}}"
    cohort = replace(COHORT, course_text=f"{COURSE}discussions:\n  - {bags}\n")
    watch = InTheThread({MIA.id: MIA})
    watch.outages = [Outage(*map(parse_instant, down))] if down else []
    take_back = Action("discussions", "take_back", 1, "1").encode()
    at, anchor = parse_instant("2026-03-26T12:00:00Z"), "discussion/1/bags/own/0/1"
    watch.hear(Line(1, at, "dm:mia", None, 1, BOT, None, "posted", "Bags\nThank you.", (take_back,), anchor))
    assert len(list(watch.broken(cohort, parse_instant(judged)))) == broken
