"""The command line's way to a new course file, and to another course or other dates for a cohort that runs."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner, Result

from bot.app.cli import app
from bot.app.cli.opening import opened
from bot.core.errors import Malformed, PacekeeperError
from bot.course.loader import load
from bot.course.problems import CourseInvalid
from storage.tables.people import AuditRow, CohortRow, HolidayRow
from storage.tables.revisions import CourseVersionRow, ProposalRow


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "PORT", "CONFIG"):
        monkeypatch.delenv(f"PACEKEEPER_{name}", raising=False)
    monkeypatch.setenv("PACEKEEPER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PACEKEEPER_CLOCK", "virtual:2026-11-23T08:00:00Z")
    return tmp_path


def run(*words: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, words, input=answer, catch_exceptions=False)


def rows(table: type) -> list[object]:
    with opened() as storage, Session(storage.engine) as session:
        return list(session.exec(select(table)))


def make() -> None:
    run("new", "tea.yaml", "--title", "Tea")
    made = run("cohort", "create", "tea.yaml", "--start", "2026-12-07", "--zone", "Europe/Berlin", "--code", "tea")
    assert made.exit_code == 0


def test_a_new_course_file_loads_and_is_not_written_over(folder: Path) -> None:
    written = run("new", "courses/tea.yaml", "--title", "Tea: two weeks")
    assert "pacekeeper check courses/tea.yaml" in written.output
    text = (folder / "courses" / "tea.yaml").read_text(encoding="utf-8")
    assert load(text).title == "Tea: two weeks"
    assert run("check", "courses/tea.yaml").exit_code == 0
    schema = text.partition("$schema=")[2].partition("\n")[0]
    assert (folder / "courses" / schema).resolve().name == "course.schema.json"
    with pytest.raises(PacekeeperError, match="stays as it is"):
        run("new", "courses/tea.yaml")
    assert (folder / "courses" / "tea.yaml").read_text(encoding="utf-8") == text


def test_a_change_is_shown_asked_about_and_used(folder: Path) -> None:
    make()
    text = (folder / "tea.yaml").read_text(encoding="utf-8").replace("minutes: 110", "minutes: 100")
    (folder / "tea.yaml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    words = ["cohort", "change", "tea", "--course", "tea.yaml", "--start", "2026-12-14", "--country", "DE"]
    words += ["--holiday", "2026-12-21..2026-12-22 Retreat"]
    left = run(*words, answer="n\n")
    assert "Start: Mon 7 Dec 2026 → Mon 14 Dec 2026" in left.output
    assert "minutes: 110 → 100" in left.output
    assert "Mon 21 Dec 2026, Retreat" in left.output
    assert "Nothing was changed." in left.output
    assert [p.state for p in rows(ProposalRow)] == ["discarded"]  # type: ignore[attr-defined]
    used = run(*words, "--yes")
    assert "Version 2 is used from now on. The first day of the course is Mon 14 Dec 2026, not" in used.output
    (cohort,) = rows(CohortRow)
    assert isinstance(cohort, CohortRow)
    assert (cohort.starts_on, cohort.course_text) == (date(2026, 12, 14), text.replace("\n", "\r\n"))
    days = {h.day: h.name for h in rows(HolidayRow)}  # type: ignore[attr-defined]
    assert days[date(2026, 12, 22)] == "Retreat"
    assert date(2026, 12, 25) in days
    assert [v.number for v in rows(CourseVersionRow)] == [1, 2]  # type: ignore[attr-defined]
    assert "changed the course: version 2" in [a.act for a in rows(AuditRow)]  # type: ignore[attr-defined]
    # Another country, and the cohort's own days stay.
    assert "Retreat" not in run("cohort", "change", "tea", "--country", "", "--yes").output
    assert [h.name for h in rows(HolidayRow)] == ["Retreat", "Retreat"]  # type: ignore[attr-defined]


def test_the_country_that_a_cohort_was_made_with_can_be_another_one(folder: Path) -> None:
    run("new", "tea.yaml", "--title", "Tea")
    words = ["cohort", "create", "tea.yaml", "--start", "2026-12-07", "--zone", "Europe/Berlin", "--code", "tea"]
    assert run(*words, "--country", "de", "--holiday", "2026-12-14 Retreat").exit_code == 0
    names = {h.name for h in rows(HolidayRow)}  # type: ignore[attr-defined]
    assert {"Christmas Day", "Second Day of Christmas", "Retreat"} <= names
    assert run("cohort", "change", "tea", "--country", "FR", "--yes").exit_code == 0
    names = {h.name for h in rows(HolidayRow)}  # type: ignore[attr-defined]
    assert {"Christmas Day", "Retreat"} <= names
    assert "Second Day of Christmas" not in names


def test_what_cannot_be_changed_says_what_to_do(folder: Path) -> None:
    make()
    with pytest.raises(PacekeeperError, match="Say what to change"):
        run("cohort", "change", "tea")
    with pytest.raises(PacekeeperError, match="cohort list"):
        run("cohort", "change", "coffee", "--zone", "UTC")
    with pytest.raises(Malformed, match="Did you mean Europe/Berlin"):
        run("cohort", "change", "tea", "--zone", "Europe/Berln")
    with pytest.raises(Malformed, match="2026-12-24"):
        run("cohort", "change", "tea", "--holiday", "tomorrow")
    with pytest.raises(PacekeeperError, match="used already"):
        run("cohort", "change", "tea", "--start", "2026-12-07")
    (folder / "bad.yaml").write_text("course: {}\n", encoding="utf-8")
    with pytest.raises(CourseInvalid):
        run("cohort", "change", "tea", "--course", "bad.yaml")
    text = (folder / "tea.yaml").read_text(encoding="utf-8").replace("weekly_minutes: 240", "weekly_minutes: 100")
    (folder / "tea.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PacekeeperError, match="of a 1 h 40 budget"):
        run("cohort", "change", "tea", "--course", "tea.yaml", "--yes")
    assert rows(ProposalRow) == []


def test_a_cohort_that_starts_in_the_past_is_made_with_figures(folder: Path) -> None:
    run("new", "tea.yaml", "--title", "Tea")
    Path("people.csv").write_text("account,name\nu1,Ada\nu2,Ben\n", encoding="utf-8")
    words = ["cohort", "create", "tea.yaml", "--start", "2020-01-06", "--zone", "Europe/Berlin", "--code", "tea"]
    made = run(*words, "--roster", "people.csv")
    assert "The start 2020-01-06 lies in the past." in made.output
    assert re.search(r"(\d+) of \1 dates are over for 2 learners\.", made.output)
