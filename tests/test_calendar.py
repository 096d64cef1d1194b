"""The calendar of a run: every date as a learner in a zone has it, on the screen, as JSON and as a file."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from sqlmodel import Session
from typer.testing import CliRunner, Result

from bot.app.cli import app
from bot.app.cli.opening import opened
from bot.app.unstored import of_course
from bot.core.calendar import most_have
from bot.core.contributions import Date, Item
from bot.core.errors import PacekeeperError
from bot.core.people import Cohort
from bot.core.time import local, monday_of, parse_instant, resolve
from bot.course.loader import load
from bot.course.reminding import Ahead, reminders
from storage.tables.milestones import MoveRow
from tests import toys

DEMO = Path(__file__).parents[1] / "courses" / "demo.yaml"
COURSES = sorted(DEMO.parent.glob("*.yaml"))
START = date(2026, 3, 2)
LIVE = """\
course: {id: live, title: With a call, weekly_minutes: 300}
weeks: [{title: One, goal: Begin, minutes: 60}, {title: Two, goal: End, minutes: 60}]
milestones:
  - {id: essay, week: 1, title: Essay, due: Sun 23:59 aoe, grace: 2 h, late: no, minutes: 60}
reviews:
  - {id: swap, milestone: essay, week: 2, title: Read one, opens: Wed 12:00, due: Sun 20:00 learner, minutes: 30,
     rubric: [Clear]}
discussions:
  - {id: talk, week: 2, title: Talk, question: Why, opens: Mon 09:00, closes: Fri 18:00 learner, minutes: 30}
live:
  - {id: clinic, week: 2, title: Clinic, minutes: 45, slots: [Tue 17:00 cohort, Thu 09:00 cohort], goal: Ask,
     optional: yes, alternative: Read, recorded: yes, workload: "-45", metric: none}
messages: {hours: "10:00-20:00"}
"""


wall = datetime.fromisoformat


def dates(
    text: str, zone: str = "Europe/Berlin", start: date = START, off: tuple[date, ...] = (), hour: int = 9
) -> list[Date]:
    cohort = Cohort(0, "demo", "Demo", text, "Europe/Berlin", start, holidays=frozenset(off))
    return of_course(cohort, [zone], hour)[0]


def calendar(
    text: str, zone: str = "Europe/Berlin", start: date = START, off: tuple[date, ...] = (), **more: Any
) -> dict[tuple[str, str], datetime]:
    """(kind, id) -> the wall time in the zone."""
    found = dates(text, zone, start, off, **more)
    assert found == sorted(found, key=lambda e: e.at)
    walls = {(e.kind, e.id): local(e.at, zone) for e in found}
    assert len(walls) == len(found)
    return walls


def test_a_run_from_its_first_week_to_its_end() -> None:
    walls = calendar(DEMO.read_text(), "Asia/Kolkata")
    assert walls["week", "1"] == wall("2026-03-02T09:00")
    assert walls["opens", "wrapup/3"] == wall("2026-03-20T16:00")
    assert walls["closes", "wrapup/3"] == wall("2026-03-22T23:59")
    # The report waits for the morning by the cohort's clock, and a date 'anywhere on Earth' is one instant for all.
    assert walls["report", "wrapup/3"] == wall("2026-03-23T12:30")
    assert walls["due", "draft"] == wall("2026-03-16T17:29")
    assert walls["late until", "page"] == walls["due", "page"] + timedelta(days=7)
    # Late work without an end has none.
    assert ("late until", "draft") not in walls
    assert walls["end", "demo"] == walls["due", "page"]


def test_reviews_discussions_and_slots_of_live_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    toys.mount(monkeypatch, toys.live())
    walls = calendar(LIVE, "America/New_York")
    assert walls["opens", "talk"] == wall("2026-03-09T09:00")
    assert walls["closes", "talk"] == wall("2026-03-13T18:00")
    assert walls["due", "swap"] == wall("2026-03-15T20:00")
    # The Americas change their clocks before Europe does.
    assert walls["live", "clinic/1"] == wall("2026-03-10T12:00")
    assert walls["live", "clinic/2"] == wall("2026-03-12T04:00")
    # Work that is not taken late is taken within the grace.
    assert walls["late until", "essay"] - walls["due", "essay"] == timedelta(hours=2)


def test_a_start_in_mid_week_and_holidays() -> None:
    off = (date(2026, 3, 9), *(date(2026, 3, 16) + timedelta(days=n) for n in range(7)))
    walls = calendar(DEMO.read_text(), start=date(2026, 3, 4), off=off)
    assert [walls["week", str(n)].date() for n in (1, 2, 3)] == [date(2026, 3, 4), date(2026, 3, 10), date(2026, 3, 23)]


def test_the_hour_keeps_to_the_hours_of_the_course() -> None:
    assert calendar(LIVE, hour=6)["week", "1"].time() == time(10)
    assert calendar(LIVE, hour=22)["week", "1"].time() == time(19)
    assert calendar(LIVE, hour=13)["week", "1"].time() == time(13)


def test_reminders_are_few_and_at_least_a_day_ahead() -> None:
    for file in COURSES:
        course = load(file.read_text())
        for zone in ("Europe/Berlin", "Pacific/Apia", "America/Los_Angeles"):
            found = dates(file.read_text(), zone)
            said = [e for e in found if e.kind == "reminder"]
            weeks = [monday_of(local(e.at, zone).date()) for e in said]
            assert said
            assert max(map(weeks.count, weeks)) <= course.messages.reminders
            for reminder in said:
                assert local(reminder.at, zone).time() == time(9)
                # It speaks of something that is due half a day later, or two days at most.
                ends = [
                    e.at - reminder.at for e in found if e.kind in ("closes", "due") and e.subject in reminder.subject
                ]
                assert any(timedelta(hours=12) <= ahead < timedelta(hours=49) for ahead in ends)


def test_of_several_reminders_the_one_for_essential_work_stays_then_the_one_before_most_work() -> None:
    def ahead(name: str, at: str, opens: str = "2026-03-02T00:00:00Z", essential: bool = False) -> Ahead:
        return Ahead(name, parse_instant(opens), parse_instant(at), essential)

    first, second, third = (
        ahead("first", "2026-03-05T08:00:00Z"),
        ahead("second", "2026-03-07T09:00:00Z"),
        ahead("third", "2026-03-07T12:00:00Z"),
    )
    # Open for less than a day: there is no hour at which a reminder makes sense.
    brief = ahead("brief", "2026-03-04T09:00:00Z", opens="2026-03-03T12:00:00Z")
    everything = [third, brief, first, second]
    (only,) = reminders(everything, "UTC", time(9), 1)
    assert (only.key, only.at, only.of) == ("2026-03-02/1", parse_instant("2026-03-06T09:00:00Z"), (second, third))
    (only,) = reminders([first, second], "UTC", time(9), 1)
    assert (only.at, only.of) == (parse_instant("2026-03-03T09:00:00Z"), (first,))
    assert [r.of for r in reminders(everything, "UTC", time(9), 5)] == [(first,), (second, third)]
    assert reminders(everything, "UTC", time(9), 0) == []
    essential = ahead("third", "2026-03-07T12:00:00Z", essential=True)
    assert [r.of for r in reminders([first, second, essential], "UTC", time(9), 1)] == [(second, essential)]


# The command


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "PORT", "CONFIG"):
        monkeypatch.delenv(f"PACEKEEPER_{name}", raising=False)
    monkeypatch.setenv("PACEKEEPER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PACEKEEPER_CLOCK", "virtual:2026-02-01T12:00:00Z")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


@pytest.mark.usefixtures("shell")
def test_a_cohorts_calendar_as_json() -> None:
    run("cohort", "create", str(DEMO), "--start", "2026-03-02", "--zone", "Europe/Berlin", "--code", "demo")
    rows = json.loads(run("calendar", "demo", "--zone", "Asia/Kolkata", "--json").stdout)
    assert {tuple(r) for r in rows} == {("at", "local", "zone", "kind", "id", "subject")}
    due = next(r for r in rows if r["kind"] == "due" and r["id"] == "draft")
    assert (due["at"], due["local"]) == ("2026-03-16T11:59:00Z", "2026-03-16T17:29:00+05:30")
    with opened() as storage, Session(storage.engine) as session, session.begin():
        session.add(MoveRow(cohort=1, milestone="draft", person=0, days=2, at=storage.now()))
    rows = json.loads(run("calendar", "demo", "--json").stdout)
    assert {r["zone"] for r in rows} == {"Europe/Berlin"}
    assert next(r["at"] for r in rows if r["kind"] == "due" and r["id"] == "draft") == "2026-03-18T11:59:00Z"


@pytest.mark.usefixtures("shell")
def test_a_column_for_each_zone() -> None:
    shown = run("calendar", str(DEMO), "--start", "2026-03-02", "--zone", "Europe/Berlin", "--zone", "Asia/Tokyo")
    (line,) = [line for line in shown.stdout.splitlines() if line.startswith("due") and "first draft" in line]
    assert "Mon 16 Mar, 12:59  " in line
    assert "Mon 16 Mar, 20:59  " in line
    (line,) = [line for line in shown.stdout.splitlines() if line.startswith("report") and "Week 1" in line]
    assert line.rstrip().endswith("Mon 9 Mar, 08:00      Mon 9 Mar, 16:00")
    assert any(line.startswith("closes") and line.rstrip().endswith("23:59 *") for line in shown.stdout.splitlines())


@pytest.mark.usefixtures("shell")
def test_learners_elsewhere_do_not_change_what_a_clock_shows() -> None:
    """A wrap-up closes by each learner's own clock, also in zones where nobody is yet."""
    Path("people.csv").write_text("account,name,zone\nanna,Anna,Asia/Tokyo\n", encoding="utf-8")
    made = run(
        "cohort", "create", str(DEMO), "--start", "2026-03-02", "--zone", "Europe/London", "--roster", "people.csv"
    )
    assert made.exit_code == 0, made.output
    shown = run("calendar", "demo-2026-03-02", "--zone", "Europe/London", "--zone", "America/New_York", "--json")
    closes = [r["local"][11:16] for r in json.loads(shown.stdout) if r["kind"] == "closes" and r["id"] == "wrapup/1"]
    assert closes == ["23:59", "23:59"]
    # The person is found although the cohort has no channel yet.
    assert run("calendar", "demo-2026-03-02", "--person", "anna").exit_code == 0


@pytest.mark.usefixtures("shell")
def test_a_course_with_a_long_id_makes_a_cohort() -> None:
    long = DEMO.read_text(encoding="utf-8").replace("id: demo", "id: short_stories-from-the-idea-to-the-draft", 1)
    Path("long.yaml").write_text(long, encoding="utf-8")
    made = run("cohort", "create", "long.yaml", "--start", "2026-03-02", "--zone", "Europe/London")
    assert "(short-stories-from-the-idea-to-the-draft-2026-03-02)" in made.output
    with pytest.raises(PacekeeperError, match="too long for a cohort's code: at most 51 characters"):
        run("cohort", "create", "long.yaml", "--start", "2026-03-02", "--zone", "Europe/London", "--code", "x" * 60)


def test_a_file_for_other_calendars_updates_what_it_brought_before(shell: Path) -> None:
    words = ("calendar", str(DEMO), "--start", "2026-03-02", "--zone", "Asia/Tokyo", "--ics", "run.ics")
    assert run(*words).exit_code == 0
    first = (shell / "run.ics").read_bytes()
    assert run(*words).exit_code == 0
    assert (shell / "run.ics").read_bytes() == first
    events = Calendar.from_ical(first).walk("VEVENT")
    assert len({str(e["uid"]) for e in events}) == len(events) == 47
    assert {e["dtstamp"].dt.isoformat() for e in events} == {"2026-02-01T12:00:00+00:00"}
    assert not [e for e in events if "2026" in str(e["uid"])]
    (due,) = [e for e in events if "first draft" in str(e["summary"]) and str(e["summary"]).endswith("is due")]
    assert due["dtstart"].to_ical() == b"20260316T115900Z"
    assert (int(due["sequence"]), str(due["status"])) == (0, "CONFIRMED")
    assert b"VALARM" not in first


def test_what_moved_is_raised_and_what_went_is_cancelled(shell: Path) -> None:
    run("cohort", "create", str(DEMO), "--start", "2026-03-02", "--zone", "Europe/Berlin", "--code", "demo")
    words = ("calendar", "demo", "--ics")
    run(*words, "first.ics")
    text = DEMO.read_text().replace("id: reader", "id: readers")
    (shell / "other.yaml").write_text(text)
    run("cohort", "change", "demo", "--course", "other.yaml", "--start", "2026-03-09", "--yes")
    run(*words, "second.ics")
    first, second = (
        {str(e["uid"]): e for e in Calendar.from_ical((shell / f"{name}.ics").read_bytes()).walk("VEVENT")}
        for name in ("first", "second")
    )
    gone = [uid for uid, e in second.items() if str(e["status"]) == "CANCELLED"]
    assert gone
    assert set(gone) <= first.keys() <= second.keys()
    for uid in first.keys() - set(gone):
        later = second[uid]["dtstart"].dt - first[uid]["dtstart"].dt
        assert (int(second[uid]["sequence"]) > int(first[uid]["sequence"])) == (later != timedelta(0))
    run("cohort", "change", "demo", "--course", str(DEMO), "--start", "2026-03-02", "--yes")
    run(*words, "third.ics")
    third = Calendar.from_ical((shell / "third.ics").read_bytes()).walk("VEVENT")
    assert all(int(e["sequence"]) >= int(second[str(e["uid"])]["sequence"]) for e in third)
    back = [e for e in third if str(e["uid"]) in gone]
    assert {str(e["status"]) for e in back} == {"CONFIRMED"}


def test_only_live_sessions_take_up_time(shell: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toys.mount(monkeypatch, toys.live())
    (shell / "live.yaml").write_text(LIVE)
    run("calendar", "live.yaml", "--start", "2026-03-02", "--zone", "Europe/Berlin", "--ics", "live.ics")
    events = Calendar.from_ical((shell / "live.ics").read_bytes()).walk("VEVENT")
    busy = [e for e in events if e.get("transp") != "TRANSPARENT"]
    assert [e["dtend"].dt - e["dtstart"].dt for e in busy] == [timedelta(minutes=45)] * 2


@pytest.mark.usefixtures("shell")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((str(DEMO),), "Add --start DATE"),
        ((str(DEMO), "--start", "2026-03-02"), "--zone ZONE"),
        (("nothere.yaml", "--start", "2026-03-02", "--zone", "UTC"), "cannot be read"),
        (("nobody",), "no cohort 'nobody'"),
        (("nobody", "--start", "2026-03-02"), "--start is for a course file"),
        ((str(DEMO), "--start", "2026-03-02", "--zone", "Berlin"), "no IANA time zone. Write Europe/Berlin"),
        ((str(DEMO), "--start", "2026-03-02", "--zone", "EST"), "an abbreviation and not a place"),
        ((str(DEMO), "--start", "2026-03-02", "--zone", "UTC", "--zone", "Asia/Tokyo", "--ics", "x"), "--zone once"),
        ((str(DEMO), "--start", "2026-03-02", "--zone", "UTC", "--ics", "no/such/x.ics"), "cannot be written"),
    ],
)
def test_what_cannot_be_shown_says_what_to_do(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(PacekeeperError, match=said):
        run("calendar", *words)


def test_what_most_have_is_not_the_date_of_the_one_learner_in_the_cohort_s_zone() -> None:
    """Lena is alone in Los Angeles, the cohort's zone, and kept the 19th; the four others have the 18th."""
    opens, early, late = (parse_instant(f"2026-04-{day}T12:00:00Z") for day in ("13", "18", "19"))

    def letter(due: datetime) -> Item:
        return Item("milestone/letter", "letter", 1, "One letter", ("Hand in",), opens, due)

    zones = ("Asia/Tokyo", "Europe/Berlin", "Europe/Lisbon")
    theirs = [(zone, letter(early)) for zone in zones]
    theirs.append(("America/Los_Angeles", letter(late)))
    (item,) = most_have([letter(late)], theirs, "America/Los_Angeles")
    assert item.due_at == early


def test_what_most_have_on_their_own_clocks_is_one_wall_time() -> None:
    """Lena is alone in Los Angeles and has the 19th; the three others have the 18th, 18:00, at three instants."""

    def letter(due: str, zone: str) -> Item:
        opens, at = parse_instant("2026-04-13T12:00:00Z"), resolve(wall(due), zone)
        return Item("milestone/letter", "letter", 1, "One letter", ("Hand in",), opens, at, own_clock=True)

    zones, here = ("Asia/Tokyo", "Europe/Berlin", "Europe/Lisbon"), "America/Los_Angeles"
    theirs = [(zone, letter("2026-04-18T18:00", zone)) for zone in zones]
    theirs.append((here, letter("2026-04-19T18:00", here)))
    (item,) = most_have([letter("2026-04-19T18:00", here)], theirs, here)
    assert local(item.due_at, here) == wall("2026-04-18T18:00")
