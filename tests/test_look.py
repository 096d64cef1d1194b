"""A manager looks at what their course says, with its own export and calendar, before anything is installed."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner, Result

from bot.app.checking import problems
from bot.app.cli import app
from bot.app.look import calendars, calls
from bot.app.look.hiding import Hiding
from bot.app.look.questions import group_up
from bot.core.errors import PacekeeperError
from bot.core.history import PastMessage
from bot.core.people import MessageRef
from tests.exports import discord_json, discord_message, slack_message, slack_zip
from tests.looked.example import looked
from tests.test_sandbox_browser import BROWSER, Browser

MONDAY = datetime(2026, 3, 9, tzinfo=UTC)
"""The week after it, clocks in North America have changed already; in Europe they change on the 29th."""

USERS = [
    {"id": "U0ADA1111", "team_id": "T1", "name": "ada.q", "real_name": "Ada Quillfeather", "tz": "Europe/Berlin"},
    {"id": "U0RAVI222", "team_id": "T1", "name": "ravi", "real_name": "Ravi Canarywala", "tz": "Asia/Kolkata"},
    {"id": "U0WILL333", "team_id": "T1", "name": "will", "real_name": "Will Ochre", "tz": "America/New_York"},
    {"id": "U0WANG444", "team_id": "T1", "name": "wang", "real_name": "王小明", "deleted": True},
    {"id": "U0HELPER4", "team_id": "T1", "name": "helper", "is_bot": True, "tz": "America/Los_Angeles"},
]

Messages = list[dict[str, Any]]

SHARED = Path(os.environ.get("PACEKEEPER_SHARED") or Path(__file__).parents[2] / "shared")
GROUPING = SHARED / "data/faq/grouping"


def ts(hour: float) -> str:
    """An hour after the first Monday, as Slack names a message."""
    return f"{MONDAY.timestamp() + hour * 3600:.6f}"


def asked(hour: float, user: str, text: str, *replies: tuple[float, str, str]) -> Messages:
    """A question with replies, each so many hours later."""
    root = ts(hour)
    return [
        slack_message(root, user, text),
        *(slack_message(ts(hour + later), who, said, root) for later, who, said in replies),
    ]


CHAT = [
    *asked(9, "U0ADA1111", "How do I install docker on Windows?", (2, "U0WILL333", "With WSL, Ada.")),
    *asked(33, "U0RAVI222", "Hi <@U0WILL333>, how can I install docker on windows?", (30, "U0WILL333", "See above")),
    *asked(57, "U0WILL333", "installing docker on windows fails, how do I do that?", (1, "U0ADA1111", "WSL!")),
    *asked(58.5, "U0RAVI222", "May the report be in Portuguese?"),
    *asked(59, "U0ADA1111", "Thanks all!"),
]


def slack(folder: Path, messages: Messages = CHAT, users: Any = USERS) -> Path:
    return slack_zip(folder / "export.zip", {"questions/2026-03-09.json": messages}, users=users)


def event(title: str, *lines: str, start: str = "DTSTART:20260309T170000Z", end: str = "DTEND:20260309T180000Z") -> str:
    return "\r\n".join(
        ["BEGIN:VEVENT", f"UID:{title}@example.org", start, end, f"SUMMARY:{title}", *lines, "END:VEVENT"]
    )


def ics(folder: Path, *events: str, head: str = "", encoding: str = "utf-8") -> Path:
    file = folder / "calls.ics"
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//A//B//EN", *([head] if head else []), *events])
    file.write_bytes(f"{text}\r\nEND:VCALENDAR\r\n".encode(encoding))
    return file


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["look", *map(str, words)])


def seen(*words: object) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, (result.output, result.exception)
    return json.loads(result.stdout)


def called(found: Any, *titles: str) -> list[Any]:
    calls = {one["title"]: one for one in found["calls"]}
    return [calls[title] for title in titles]


def refused(*words: object) -> str:
    """What is said about an input that cannot be used: one line that says what to do, and no traceback."""
    result = run(*words)
    assert isinstance(result.exception, PacekeeperError), (result.output, result.exception)
    said = str(result.exception)
    assert said.count("\n") == 0
    assert re.search(r"\b(Give|Export|Write|Unpack|Add|give|export)\b", said), said
    return said


# What is asked


def test_a_manager_sees_what_is_asked_again_and_again_and_what_nobody_answered(tmp_path: Path) -> None:
    found = seen(slack(tmp_path))
    (again,) = found["questions"]
    assert "docker" in again["question"]
    assert (again["asked"], again["people"], again["answered"]) == (3, 3, 3)
    assert [one["question"] for one in found["unanswered"]] == ["May the report be in Portuguese?"]
    assert found["unanswered"][0]["on"] == "2026-03-11"


def test_how_long_answers_take_is_told_by_the_askers_own_clock(tmp_path: Path) -> None:
    answers = seen(slack(tmp_path))["answers"]
    assert (answers["questions"], answers["answered"], answers["unanswered"]) == (4, 3, 1)
    assert (answers["median_hours"], answers["within_24h"]) == (2.0, 50)
    at = {one["hour"]: one for one in answers["by_hour"] if one["questions"]}
    # 09:00 UTC is 10:00 in Berlin; 14:30 in Kolkata; 04:00 and 05:00 in New York.
    assert {hour: one["questions"] for hour, one in at.items()} == {10: 1, 14: 1, 5: 1, 16: 1}
    assert (at[14]["median_hours"], at[14]["within_24h"]) == (30.0, 0)
    days = {one["weekday"]: one["questions"] for one in answers["by_weekday"]}
    assert (days["Monday"], days["Tuesday"], days["Wednesday"], days["Sunday"]) == (1, 1, 2, 0)


def test_a_reply_below_a_question_in_the_channel_itself_answers_it(tmp_path: Path) -> None:
    """Not everybody uses threads."""
    flat = [
        *asked(1, "U0ADA1111", "Where is the rubric for the report?"),
        *asked(1.2, "U0RAVI222", "Good morning from a sunny place."),
        *asked(2, "U0WILL333", "The rubric for the report is pinned in #general."),
    ]
    found = seen(slack(tmp_path, flat))
    assert found["unanswered"] == []
    assert found["answers"]["median_hours"] == 1.0


def test_without_the_sentence_model_words_alone_find_what_is_asked_again() -> None:
    several = [
        "How do I install docker on Windows?",
        "Docker does not install on windows",
        "Windows: install docker how",
    ]
    others = ["May the report be in Portuguese?", "Who marks the second exercise?", "Where are the slides of week 3?"]
    assert group_up([*several, *others], None) == [[0, 1, 2]]


@pytest.mark.skipif(not GROUPING.is_dir(), reason="the measured data is not here (../shared/data/faq/grouping)")
@pytest.mark.parametrize("items", ["mix", "full"])
def test_four_in_five_questions_of_a_group_belong_there_by_words_alone(items: str) -> None:
    lines = (GROUPING / f"stackfaq_{items}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    groups = [[rows[n]["cluster"] for n in group] for group in group_up([row["text"] for row in rows], None)]
    large = [group for group in groups if len(group) >= 3]
    pure = sum(max(map(group.count, group)) for group in large)
    assert len(large) > 10
    assert pure >= 0.8 * sum(map(len, large))


def test_a_discord_export_is_looked_at_as_well_as_a_folder_of_them(tmp_path: Path) -> None:
    folder = tmp_path / "channels"
    folder.mkdir()
    discord_json(
        folder / "one.json", [discord_message("1", "7", "How do I submit?"), discord_message("2", "8", "So", "1")]
    )
    other = {"id": "300", "type": "GuildTextChat", "name": "other"}
    discord_json(folder / "two.json", [discord_message("3", "9", "How do I submit?")], channel=other)
    (folder / "notes.json").write_text("{}")
    assert seen(folder / "one.json")["export"]["messages"] == 2
    both = seen(folder)
    assert (both["export"]["messages"], both["questions"][0]["people"]) == (3, 2)


def test_an_unpacked_slack_export_is_looked_at_wherever_its_folder_lies(tmp_path: Path) -> None:
    packed = seen(slack(tmp_path))
    with ZipFile(tmp_path / "export.zip") as archive:
        archive.extractall(tmp_path / "around" / "My workspace export")
    assert seen(tmp_path / "around" / "My workspace export") == packed
    assert seen(tmp_path / "around") == packed
    with ZipFile(tmp_path / "again.zip", "w") as archive:
        for file in (tmp_path / "around").rglob("*.json"):
            archive.write(file, file.relative_to(tmp_path / "around"))
    assert seen(tmp_path / "again.zip") == packed


# Calls


def test_each_call_has_a_verdict_with_the_signs_it_rests_on(tmp_path: Path) -> None:
    calendar = ics(
        tmp_path,
        event("Weekly lecture", "RRULE:FREQ=WEEKLY;COUNT=6", "DESCRIPTION:We will cover one chapter."),
        event("Negotiation role play", "DESCRIPTION:In pairs: buyer and seller."),
        event("Catch up"),
    )
    found = seen(slack(tmp_path), calendar)
    lecture, play, other = called(found, "Weekly lecture", "Negotiation role play", "Catch up")
    assert lecture["verdict"] == "substitutable"
    assert lecture["replacement"] == "a recorded video with guided notes or pause prompts"
    assert any("“lecture”" in why for why in lecture["why"])
    assert any("6 times, every week" in why for why in lecture["why"])
    assert (play["verdict"], play["replacement"], play["kind"]) == ("essential", None, "simulation")
    assert (other["verdict"], other["replacement"]) == ("unclear", None)


LABELLED = Path(__file__).parent / "looked" / "calls.jsonl"


def judged(folder: Path, row: Any) -> calls.Call:
    """What is said of a labelled call, with the messages that were written around it."""
    file = folder / "one.ics"
    file.write_text("\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *row["event"], "END:VCALENDAR", ""]))
    (event,) = calendars.read(file, "UTC", None).events
    around = calls.Around([event])
    for number, text in enumerate(row["chat"]):
        around.hear(PastMessage(MessageRef("T1", "C1", str(number)), "U1", event.times[0][0], text))
    return calls.decide(event, Hiding(event.names).title(event.title), around.heard[0], {})


def test_nine_in_ten_labelled_calls_are_judged_rightly_where_anything_is_said(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    verdicts = [(row["label"], judged(tmp_path, row).verdict) for row in rows]
    said = [(label, verdict) for label, verdict in verdicts if verdict != "unclear"]
    right = sum(label == verdict for label, verdict in said)
    print(f"\n{len(rows)} labelled calls: {right} of {len(said)} right, {len(rows) - len(said)} unclear")
    assert right >= 0.9 * len(said)
    assert len(said) >= 0.9 * len(rows)


@pytest.mark.parametrize(
    ("title", "lines", "said"),
    [
        ("Workshop", (), "no word says"),
        ("Book club", (), "one sign alone"),
        ("Lecture: a simulation", (), "but its title says"),
        ("No lecture today", (), "no word says"),
        ("Interplanetary", ("DESCRIPTION:Amalgam and collaboratory",), "no word says"),
    ],
)
def test_what_has_fewer_than_two_signs_or_signs_of_both_kinds_is_unclear(
    tmp_path: Path, title: str, lines: Sequence[str], said: str
) -> None:
    (call,) = seen(slack(tmp_path), ics(tmp_path, event(title, *lines)))["calls"]
    assert call["verdict"] == "unclear"
    assert said in "; ".join(call["why"])


def test_what_people_write_around_a_call_counts(tmp_path: Path) -> None:
    messages = [*CHAT, *asked(20, "U0WILL333", "Is there a recording of the growth workshop?")]
    quiet, heard = (
        seen(slack(tmp_path, said), ics(tmp_path, event("Growth workshop", end="DTEND:20260309T190000Z")))["calls"][0]
        for said in (CHAT, messages)
    )
    assert quiet["verdict"] == "unclear"
    assert heard["verdict"] == "substitutable"
    assert "a message around it says “recording”" in heard["why"]


# When calls are


def test_a_weekly_call_stays_at_its_hour_over_a_change_of_the_clocks(tmp_path: Path) -> None:
    """18:00 in Berlin is 22:30 in Kolkata until the 29th of March, and 21:30 from then on."""
    start, end = "DTSTART;TZID=Europe/Berlin:20260309T180000", "DTEND;TZID=Europe/Berlin:20260309T183000"
    (call,) = seen(slack(tmp_path), ics(tmp_path, event("Lecture", "RRULE:FREQ=WEEKLY;COUNT=6", start=start, end=end)))[
        "calls"
    ]
    assert (call["times"], call["minutes"]) == (6, 30)
    assert call["outside"] == round(100 * 3 / 18)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=20", "workday"),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=8", "week on 2 days"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=3", "second week"),
        ("FREQ=DAILY;COUNT=5", "day"),
    ],
)
def test_how_often_a_call_comes_is_said_as_its_calendar_has_it(tmp_path: Path, rule: str, said: str) -> None:
    (found,) = calendars.read(ics(tmp_path, event("Daily stand-up", f"RRULE:{rule}")), "UTC", None).events
    assert found.every == said


def test_a_calendar_of_another_year_is_counted_and_said_to_be_so(tmp_path: Path) -> None:
    day = "20190304T170000Z", "20190304T180000Z"
    old = event("Weekly lecture", "RRULE:FREQ=WEEKLY;COUNT=4", start=f"DTSTART:{day[0]}", end=f"DTEND:{day[1]}")
    found = seen(slack(tmp_path), ics(tmp_path, old))
    assert [call["times"] for call in found["calls"]] == [4]
    assert any("of another time than the chat" in note for note in found["notes"])
    found = seen(slack(tmp_path), ics(tmp_path, old, event("Lecture")))
    assert [call["title"] for call in found["calls"]] == ["Lecture"]
    assert found["live"]["left_out"] == {"long before or after the chat": 1}
    assert not any("of another time" in note for note in found["notes"])


def test_changed_added_removed_and_cancelled_occurrences_are_followed(tmp_path: Path) -> None:
    zone = "TZID=Europe/Berlin"
    start, end = f"DTSTART;{zone}:20260309T180000", f"DTEND;{zone}:20260309T190000"
    rule = "RRULE:FREQ=WEEKLY;UNTIL=20260420T160000Z"
    more = (f"RDATE;{zone}:20260312T120000", f"EXDATE;{zone}:20260316T180000,20260323T180000", rule)
    main = event("Lecture", *more, start=start, end=end)
    moved = main.replace(f"{start}\r\n{end}", f"DTSTART;{zone}:20260401T090000\r\nDTEND;{zone}:20260401T093000")
    moved = moved.replace("\r\n".join(more), f"RECURRENCE-ID;{zone}:20260330T180000")
    gone = main.replace("\r\n".join(more), f"RECURRENCE-ID;{zone}:20260406T180000\r\nSTATUS:CANCELLED")
    found = seen(slack(tmp_path), ics(tmp_path, main, moved, gone))
    assert [call["times"] for call in found["calls"]] == [5]
    weeks = {one["week"]: one["minutes"] for one in found["live"]["weeks"]}
    # The rule ends with 20 April, 18:00 in Berlin, which is the instant of UNTIL.
    assert weeks == {
        "2026-03-09": 120,
        "2026-03-16": 0,
        "2026-03-23": 0,
        "2026-03-30": 30,
        "2026-04-06": 0,
        "2026-04-13": 60,
        "2026-04-20": 60,
    }
    assert found["live"]["minutes_a_week"] == round(270 / 7)


def test_what_is_no_call_or_nobodys_business_is_left_out(tmp_path: Path) -> None:
    found = seen(
        slack(tmp_path),
        ics(
            tmp_path,
            event("Holiday", start="DTSTART;VALUE=DATE:20260310", end="DTEND;VALUE=DATE:20260311"),
            event("Therapy", "CLASS:PRIVATE"),
            event("Lecture", "STATUS:CANCELLED"),
            event("Cancelled: office hours"),
            event("Essay deadline"),
            event("Retreat", end="DTEND:20260311T180000Z"),
            event("A note", end="DTEND:20260309T170000Z"),
        ),
    )
    assert found["calls"] == []
    assert found["live"]["left_out"] == {
        "cancelled": 2,
        "longer than eight hours": 1,
        "no calls by their title": 1,
        "private": 1,
        "whole days": 1,
        "without a length": 1,
    }


OUTLOOK = """BEGIN:VTIMEZONE\r
TZID:Our office\r
BEGIN:STANDARD\r
DTSTART:16010101T000000\r
TZOFFSETFROM:+0530\r
TZOFFSETTO:+0530\r
END:STANDARD\r
END:VTIMEZONE"""


@pytest.mark.parametrize(
    ("start", "head"),
    [
        ('DTSTART;TZID="India Standard Time":20260309T070000', ""),
        ("DTSTART;TZID=Asia/Kolkata:20260309T070000", ""),
        ("DTSTART;TZID=India Standard Time:20260309T070000", ""),
        ("DTSTART;TZID=/freeassociation.sourceforge.net/Asia/Kolkata:20260309T070000", ""),
        ("DTSTART;TZID=Our office:20260309T070000", OUTLOOK),
        ("DTSTART:20260309T070000", "X-WR-TIMEZONE:Asia/Kolkata"),
        ("DTSTART:20260309T013000Z", ""),
    ],
)
def test_a_zone_is_understood_however_a_calendar_names_it(tmp_path: Path, start: str, head: str) -> None:
    """07:00 in Kolkata is 02:30 in Berlin, and 21:30 on Sunday in New York."""
    calendar = ics(tmp_path, event("Lecture", "DURATION:PT30M", start=start, end="TRANSP:OPAQUE"), head=head)
    (call,) = seen(slack(tmp_path), calendar)["calls"]
    assert call["outside"] == 67


def test_without_zones_nothing_is_said_about_nights_until_somebody_writes_them(tmp_path: Path) -> None:
    export = discord_json(
        tmp_path / "e.json", [discord_message("1", "7", "How do I submit?"), discord_message("2", "8", "So", "1")]
    )
    calendar = ics(tmp_path, event("Lecture", start="DTSTART:20240301T230000Z", end="DTEND:20240302T000000Z"))
    found = seen(export, calendar)
    assert [call["outside"] for call in found["calls"]] == [None]
    assert any("--zones" in note for note in found["notes"])
    zones = tmp_path / "zones.csv"
    zones.write_text("account,zone\n7,Europe/Berlin\nNick 8,America/New_York\n")
    found = seen(export, calendar, "--zones", zones)
    assert [call["outside"] for call in found["calls"]] == [50]
    assert found["export"]["zones"] == {"America/New_York": 1, "Europe/Berlin": 1}


# Nobody is named

CANARIES = re.findall(
    r"\S+",
    "Quillfeather canary Canarywala Ochre ada.q ravi U0ADA1111 U0RAVI222 U0WILL333 quill@ @example ada@ Zebulon "
    "Marchbanks 小明 hidden-link 5550123 Ada",
)


def test_nobody_is_named_in_anything_that_is_written(tmp_path: Path) -> None:
    said = [
        "Hi <@U0RAVI222>, where is the rubric that Ada Quillfeather gave Ravi?",
        "where is the rubric, canarywala? Ask ada.q or ada@quill.example or +49 30 5550123",
        "Where is the rubric of Will Ochre's group, Ada?",
        "Can Zebulon Marchbanks open https://hidden-link.example/ada for U0ADA1111?",
        "Is QUILLFEATHER here? ravi says so",
        "王小明老师在吗？",
    ]
    messages = [m for n, text in enumerate(said * 2) for m in asked(n, USERS[n % 3]["id"], text)]
    calendar = ics(
        tmp_path,
        event(
            "Office hours with Zebulon Marchbanks",
            "ORGANIZER;CN=Zebulon Marchbanks:mailto:zebulon@quill.example",
            "ATTENDEE;CN=Ada Quillfeather:mailto:ada@quill.example",
            "DESCRIPTION:Ask Ada anything; get help.",
        ),
        event("Ravi / Ada"),
        event("Lecture by Ada Quillfeather"),
        event("1:1 Ravi Canarywala"),
        event("Tutoring – Zebulon Marchbanks"),
    )
    out, course = tmp_path / "out", tmp_path / "course.yaml"
    result = run(slack(tmp_path, messages), calendar, "--out", out, "--course", course)
    assert result.exit_code == 0, (result.output, result.exception)
    as_json = run(slack(tmp_path, messages), calendar, "--json").stdout
    written = {file.name: file.read_text(encoding="utf-8") for file in (*out.iterdir(), course)}
    assert written.keys() == {"index.html", "look.json", "course.yaml"}
    for name, text in {**written, "--json": as_json, "the screen": result.output.replace(str(tmp_path), "")}.items():
        assert "小明" not in text, name
        for canary in CANARIES:
            assert not re.search(rf"(?i)(?<!\w){re.escape(canary)}", text), (name, canary)
    assert "rubric" in as_json


# What comes of it


def test_the_drafted_course_has_no_error(tmp_path: Path) -> None:
    weekly = "RRULE:FREQ=WEEKLY;COUNT=6"
    calendar = ics(
        tmp_path,
        event("Weekly lecture", weekly),
        event("Book club", weekly),
        event("Team sync", weekly, end="DTEND:20260309T173000Z"),
        event("Office hours", weekly),
        event("Mock interviews", "DESCRIPTION:Everyone gets feedback.", end="DTEND:20260309T200000Z"),
        event(
            "Grade appeal", "DESCRIPTION:In private.", start="DTSTART:20260317T170000Z", end="DTEND:20260317T180000Z"
        ),
        event('Unclear: \\, "a # b" {c}'),
    )
    course = tmp_path / "new" / "course.yaml"
    result = run(slack(tmp_path), calendar, "--course", course)
    assert result.exit_code == 0, (result.output, result.exception)
    text = course.read_text(encoding="utf-8")
    assert [p for p in problems(text.encode(), "course.yaml") if p.severity == "error"] == []
    for section in ("discussions:", "checkins:", "live:", "milestones:", "prompts:", "Watch: Weekly lecture"):
        assert section in text, section
    assert "live-mock-interviews-1" in text
    assert "Instead of Office hours: a question thread" in text
    said = refused(slack(tmp_path), "--course", course)
    assert "stays as it is" in said
    assert course.read_text(encoding="utf-8") == text


def test_without_a_calendar_a_course_can_be_drafted_too(tmp_path: Path) -> None:
    course = tmp_path / "course.yaml"
    assert run(slack(tmp_path), "--course", course).exit_code == 0
    text = course.read_text(encoding="utf-8")
    assert [p for p in problems(text.encode(), "course.yaml") if p.severity == "error"] == []
    assert "docker" in text


def test_the_page_is_one_file_that_runs_and_fetches_nothing(tmp_path: Path) -> None:
    calendar = ics(tmp_path, event("Weekly lecture <b>", "RRULE:FREQ=WEEKLY;COUNT=6"))
    assert run(slack(tmp_path), calendar, "--out", tmp_path / "out").exit_code == 0
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "Weekly lecture &lt;b&gt;" in page
    assert "<b>Instead:</b> a recorded video" in page
    assert not re.search(r"<script|src=|href=|@import|url\(|style=", page)
    assert "default-src 'none'" in unescape(page)
    document = json.loads((tmp_path / "out" / "look.json").read_text(encoding="utf-8"))
    assert document == seen(slack(tmp_path), calendar)


@pytest.mark.skipif(BROWSER is None, reason="No chromium or chrome is installed to look with.")
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_fits_a_phone_and_needs_no_script(tmp_path: Path, width: int) -> None:
    export, calendar = looked(tmp_path)
    assert run(export, calendar, "--out", tmp_path / "out").exit_code == 0
    browser = Browser(tmp_path / "browser")
    try:
        tab = browser.open("about:blank")
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
        browser.ask("Emulation.setDeviceMetricsOverride", tab.session, **size)
        browser.ask("Emulation.setScriptExecutionDisabled", tab.session, value=True)
        browser.ask("Page.navigate", tab.session, url=(tmp_path / "out" / "index.html").as_uri())
        tab.until("document.readyState === 'complete' && location.href !== 'about:blank'")
        # The style counts although no other may: its hash stands in the page.
        assert tab.run("getComputedStyle(document.querySelector('.cards > li')).borderLeftWidth") == "4px"
        assert tab.run("document.documentElement.scrollWidth <= innerWidth")
        assert tab.run("[...document.querySelectorAll('h1, h2, h3, h4')].map(h => h.tagName).join(' ')").startswith(
            "H1 H2 H3 H4"
        )
    finally:
        browser.end()


# Bad inputs


def test_every_bad_export_gets_an_answer_that_says_what_to_do(tmp_path: Path) -> None:
    def file(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    whole = slack(tmp_path).read_bytes()
    (tmp_path / "wrong").mkdir()
    (tmp_path / "packed").mkdir()
    (tmp_path / "packed" / "export.zip").write_bytes(whole)
    locked = bytearray(whole)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = locked.find(mark)
        while start >= 0:
            locked[start + at] |= 1
            start = locked.find(mark, start + 4)
    assert "cannot be read" in refused(tmp_path / "nothere.zip")
    assert "is no export" in refused(tmp_path / "wrong")
    assert str(tmp_path / "packed" / "export.zip") in refused(tmp_path / "packed")
    half = refused(file("half.zip", whole[: len(whole) // 2]))
    assert "not downloaded to its end. Download it again" in half
    broken = refused(file("broken.zip", b"\x00\x01 what a page of a proxy says"))
    assert "broken.zip is no zip: it is broken, or not downloaded to its end." in broken
    assert "Give the zip that Slack offers, or JSON files of DiscordChatExporter." in broken
    assert "password" in refused(file("locked.zip", bytes(locked)))
    assert "Json" in refused(file("messages.csv", b"AuthorID,Author,Date\n1,mia,2026\n"))
    assert "Json" in refused(file("empty.json", b""))
    assert "Json" in refused(file("list.json", b"[]"))
    assert "calendar" in refused(ics(tmp_path, event("Lecture")))
    assert "no messages of people" in refused(slack(tmp_path, []))
    assert "no export" in refused(slack_zip(tmp_path / "none.zip", {}))
    folder = file("a.out", b"")
    assert "is a file" in refused(slack(tmp_path), "--out", folder)


def test_a_long_look_says_what_it_is_at(tmp_path: Path) -> None:
    told = run(slack(tmp_path), ics(tmp_path, event("Lecture"))).stderr
    begun = [line for line in told.splitlines() if line.endswith("…")]
    assert begun[:2] == ["Reading the export …", "Calendar …"]
    assert set(begun[2:]) <= {"Who asked and who answered …", "Questions that are alike …"}


def test_every_bad_calendar_and_list_of_zones_gets_an_answer_too(tmp_path: Path) -> None:
    def calendar(content: bytes, name: str = "c.ics") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    export = slack(tmp_path)
    assert "cannot be read" in refused(export, tmp_path / "nothere.ics")
    assert "is a folder" in refused(export, tmp_path)
    assert "is empty" in refused(export, calendar(b""))
    assert "is a zip" in refused(export, export)
    assert "table" in refused(export, calendar(b"Subject,Start\nLecture,2026", "c.csv"))
    assert "no events" in refused(export, calendar(b"BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n"))
    assert "Europe/Berlin" in refused(export, "--zones", calendar(b"ada.q,Berlin\n", "z.csv"))
    assert "abbreviation" in refused(export, "--zones", calendar(b"ada.q,EST\n", "z.csv"))
    assert "names no zone" in refused(export, "--zones", calendar(b"account,zone\n", "z.csv"))
    assert "cannot be read" in refused(export, "--zones", tmp_path / "nothere.csv")
    nobody = discord_json(tmp_path / "e.json", [discord_message("1", "7", "How do I submit?")])
    assert "None of the accounts" in refused(nobody, "--zones", calendar(b"mia,Europe/Berlin\n", "z.csv"))


def test_long_lines_and_odd_signs_in_a_calendar_are_read_as_its_program_meant_them(tmp_path: Path) -> None:
    text = "DESCRIPTION:We will co\r\n ver one chapter.\u2028Slides\\, too"
    (call,) = seen(slack(tmp_path), ics(tmp_path, event("Lecture", text)))["calls"]
    assert (call["verdict"], call["why"][1]) == ("substitutable", "its description says “slides”")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_calendars_in_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    calendar = ics(tmp_path, event("Übung für alle", "RRULE:FREQ=WEEKLY;COUNT=3"), encoding=encoding)
    (call,) = seen(slack(tmp_path), calendar)["calls"]
    assert (call["title"], call["kind"]) == ("Übung für alle", "problem")


def test_an_export_that_a_windows_program_saved_again_is_read(tmp_path: Path) -> None:
    file = discord_json(tmp_path / "e.json", [discord_message("1", "7", "Wie gebe ich die Übung ab?")])
    file.write_bytes(file.read_text(encoding="utf-8").encode("utf-16"))
    assert seen(file)["unanswered"][0]["question"] == "Wie gebe ich die Übung ab?"


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        ("DTSTART:20260309T170000Z", "RRULE:FREQ=DAILY;INTERVAL=-1"),
        ("DTSTART:20260309T170000Z", "RRULE:FREQ=DAILY;BYHOUR=77"),
        ("DTSTART:20260309T170000Z", "RRULE:FREQ=DAILY;UNTIL=20261399"),
        ("DTSTART:20260309T170000Z", "RRULE:FREQ=YEARLY;BYYEARDAY=" + ",".join(map(str, range(1, 367)))),
        ("DTSTART:00010101T000000", "RRULE:FREQ=WEEKLY"),
        ("DTSTART:99991231T230000Z", "RRULE:FREQ=WEEKLY"),
        ("DTSTART:99991231T230000Z", "COMMENT:No rule"),
    ],
)
def test_an_event_that_breaks_only_where_it_is_computed_is_left_out_and_counted(
    tmp_path: Path, start: str, rule: str
) -> None:
    calendar = ics(tmp_path, event("Broken", rule, start=start, end="DURATION:PT1H"), event("Lecture"))
    found = calendars.read(calendar, "UTC", None)
    assert ([e.title for e in found.events], found.broken) == (["Lecture"], 1)


def test_an_end_in_the_year_9999_is_no_end(tmp_path: Path) -> None:
    weekly = event("Lecture", "RRULE:FREQ=WEEKLY;UNTIL=99991231T235959Z")
    (lecture,) = calendars.read(ics(tmp_path, weekly), "UTC", None).events
    assert len(lecture.times) == calendars.MOST_TIMES


def test_many_events_that_recur_for_ever_are_read_in_bounded_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendars, "MOST_IN_ALL", 400)
    found = calendars.read(ics(tmp_path, *(event(f"Call {n}", "RRULE:FREQ=DAILY") for n in range(10))), "UTC", None)
    assert len(found.events) == 3
    assert found.left_out.total() == 7


def test_a_device_and_a_pipe_are_no_calendars(tmp_path: Path) -> None:
    pipe = tmp_path / "calls.ics"
    os.mkfifo(pipe)
    for file in (pipe, Path("/dev/zero")):
        with pytest.raises(PacekeeperError, match="is no file"):
            calendars.read(file, "UTC", None)


def test_what_cannot_be_read_is_told_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    file = discord_json(tmp_path / "e.json", [discord_message(str(n), "7", "How do I submit?") for n in range(1, 9)])
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: len(text) * 3 // 4], encoding="utf-8")
    broken = event("Broken", start="DTSTART:2026", end="DTEND:nonsense")
    calendar = ics(tmp_path, broken, event("Lecture"), "BEGIN:VEVENT\r\nSUMMARY:Half")
    result = run(file, calendar, "--json")
    assert result.exit_code == 3
    found = json.loads(result.stdout)
    assert 3 <= found["export"]["messages"] < 8
    assert [call["title"] for call in found["calls"]] == ["Lecture"]
    assert any("ends in the middle" in note for note in found["notes"])
    assert "Events that could not be read: 2." in found["notes"]


def test_a_calendar_made_to_do_harm_is_read_within_bounds(tmp_path: Path) -> None:
    """A call a second, a rule that never fits, and one without an end."""
    calendar = ics(
        tmp_path,
        event("Each second", "RRULE:FREQ=SECONDLY"),
        event("Never", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
        event("For ever", "RRULE:FREQ=DAILY"),
        event("Long", "DESCRIPTION:" + "x" * 300_000),
    )
    result = run(slack(tmp_path), calendar, "--json")
    assert result.exit_code == 3
    times = {call["title"]: call["times"] for call in json.loads(result.stdout)["calls"]}
    assert (times["Each second"], times["Never"]) == (1, 1)
    assert 50 < times["For ever"] < 200


def test_it_runs_before_anything_is_installed(tmp_path: Path) -> None:
    """No settings, no database, no folder of its own; progress goes to standard error alone."""
    program = Path(sys.executable).parent / "pacekeeper"
    empty = tmp_path / "empty"
    empty.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PACEKEEPER_")}
    done = subprocess.run(
        [program, "look", str(slack(tmp_path)), "--json"], cwd=empty, env=clean, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["export"]["people"] == 3
    assert list(empty.iterdir()) == []
