"""An invented course with calls: its Slack export and its calendar, for pictures."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.exports import slack_message, slack_zip

BEGINS = datetime(2026, 3, 2, tzinfo=UTC)
ZONES = ("Europe/Berlin", "Europe/Lisbon", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Europe/Berlin")
PEOPLE = 36

OFTEN = {
    "Docker": [
        "How do I install Docker on Windows?",
        "Installing Docker on Windows fails. How do I do it?",
        "Can somebody tell me how to install Docker on a Windows laptop?",
        "docker install on windows, which version do I need?",
    ],
    "pages": [
        "How many pages may the final report have?",
        "Is there a limit of pages for the final report?",
        "What is the maximum number of pages of the report?",
    ],
    "extension": [
        "Can I get an extension for the second homework?",
        "Is an extension possible for homework 2?",
        "How do I ask for an extension of homework two?",
    ],
    "recording": [
        "Where do I find the recording of the lecture?",
        "Where is the recording of yesterday's lecture?",
    ],
    "port": ["Port 5432 is in use when I start Postgres. What can I do?", "Postgres says that port 5432 is in use?"],
    "teams": ["May we change teams after the first week?", "Is it possible to change the team after week 1?"],
}
ONCE = (
    "Which of the two datasets is meant in exercise 4?",
    "Does the mean include the zeros?",
    "Is the second case in the book optional?",
    "Can the slides be in Spanish?",
    "Why does my chart have two legends?",
    "What does 'held out' mean in the brief?",
)

CALLS = """
Weekly lecture|20260302T180000|90|FREQ=WEEKLY;COUNT=6|34|We will cover one chapter. Slides come afterwards.
Office hours|20260304T210000|60|FREQ=WEEKLY;COUNT=6||Drop in with any questions.
Team sync|20260303T093000|30|FREQ=WEEKLY;COUNT=6|6|What did you do, blockers, next steps.
Mock interviews|20260325T170000|90||12|Everyone gets ten minutes and feedback from two peers.
Workshop|20260318T180000|120|||
"""


def looked(folder: Path) -> tuple[Path, Path]:
    """The export and the calendar."""
    chance = random.Random(7)
    users = [
        {"id": f"U0PERSON{n:02}", "team_id": "T1", "name": f"person-{n}", "tz": ZONES[n % len(ZONES)]}
        for n in range(PEOPLE)
    ]
    messages: list[dict[str, Any]] = []
    texts = [text for group in OFTEN.values() for text in group * 2] + list(ONCE)
    chance.shuffle(texts)
    for number, text in enumerate(texts):
        at = BEGINS + timedelta(days=number, hours=7 + chance.random() * 14)
        root = f"{at.timestamp():.6f}"
        who, helper = chance.sample(users, 2)
        messages.append(slack_message(root, str(who["id"]), text))
        if chance.random() < 0.85:
            late = at + timedelta(hours=chance.choice((0.5, 2, 4, 9, 20, 31)))
            messages.append(slack_message(f"{late.timestamp():.6f}", str(helper["id"]), "Like this: …", root))
    export = slack_zip(folder / "export.zip", {"questions/2026-03-02.json": messages}, users=users)
    calendar = folder / "calls.ics"
    calendar.write_text("\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *_events(), "END:VCALENDAR", ""]))
    return export, calendar


def _events() -> list[str]:
    lines: list[str] = []
    for number, row in enumerate(CALLS.strip().splitlines()):
        title, start, minutes, rule, invited, about = row.split("|")
        lines += ["BEGIN:VEVENT", f"UID:{number}@example.org", f"SUMMARY:{title}", f"DURATION:PT{minutes}M"]
        lines += [f"DTSTART;TZID=Europe/Berlin:{start}", *([f"RRULE:{rule}"] if rule else [])]
        lines += [f"ATTENDEE:mailto:p{n}@example.org" for n in range(int(invited or 0))]
        lines += [f"DESCRIPTION:{about.replace(',', chr(92) + ',')}", "END:VEVENT"]
    return lines
