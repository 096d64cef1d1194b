"""Every view at its extremes: none, one and many; before the start, in the last week and after the end. None of them
says '0 people', '1 of them', a plural of one, or a heading with nothing below it."""

import re
from pathlib import Path

import pytest

from adapters.sandbox.driver import Speaker
from tests.features.test_live import HEAD, course, tasting
from tests.kit import MONDAY, World, new_world

MANY = "".join(
    f"  - {{id: m{n}, week: 1, title: Work {n}, due: Fri 12:00, minutes: 5, late: 7 days}}\n" for n in range(9)
)
EVERYTHING = (
    course(tasting(), head=HEAD.replace("weekly_minutes: 300", "weekly_minutes: 900"))
    + "live_rules: {weeks_share: 100}\n"
    + "milestones:\n"
    + MANY
    + "discussions:\n"
    + '  - {id: bags, week: 1, title: Bags or leaves, question: "Are bags tea?", opens: Mon 09:00, closes: Sat 18:00}\n'
    + "checkins:\n"
    + "  - {id: page, title: The shared page, weekly: yes, days: [Tue 09:00], minutes: 5}\n"
)
BARE = (
    "course: {id: demo, title: Demo course, weekly_minutes: 300}\nweeks:\n  - {title: One, goal: Begin, minutes: 60}\n"
)

NAMES = ("mia", "ben", "leo", "zoe", "tom", "ida", "max")
OF_LEARNERS = (
    "",
    "next",
    "progress",
    "week",
    "wrapup",
    "submit",
    "ask",
    "find tea",
    "away",
    "settings",
    "help",
    "live",
)
OF_THE_TEAM = ("", "desk", "week", "week milestones", "overview", "course", "live", "faq", "help", "next")
WHEN = {
    "before": "2026-01-03T12:00:00Z",
    "the first day": "2026-01-05T12:00:00Z",
    "in a week": "2026-01-09T16:00:00Z",
    "as it closed": "2026-01-12T12:30:00Z",
    "in the last week": "2026-01-23T16:00:00Z",
    "after the end": "2026-02-20T12:00:00Z",
}
BAD = (
    r"\b0 (?!min|h\b|of\b|%)[a-z]+s\b",
    r"(?<![\d.:,/-])(?<!eek )\b1 (?:learners|people|questions|hand-ins|answers|replies|weeks|days|hours|minutes|posts|"
    r"milestones|prompts|dates|others|cohorts|drafts|entries|sessions|lines|things|wrap-ups|of them)\b",
    r"(?<![\d.:,/-])\b1 (?:learner|person|question|other|date|thing|post) (?:are|have|were)\b",
    r"\b(?:[2-9]|\d\d+) (?:learner|person|question|week|day|post|date) (?:is|has|was)?\b",
    r"\bNone\b(?! (?:of|this)\b)|\bnan\b|\{\w*\}|<\w+ object|\bFalse\b|\bTrue\b",
    r"\b0 of 0\b|\bof 0\b",
    r" ,| \.(?:\s|$)|\.\.(?!\.)|,,|;;|: *[.;]|\(\)|“”|  +\S+ is \.",
)


def wrong(text: str) -> list[str]:
    """What is not said so."""
    return [m[0] for pattern in BAD for line in text.split("\n") for m in re.finditer(pattern, line)]


async def views(world: World, learners: list[Speaker]) -> dict[str, str]:
    """What everybody reads, by who and where."""
    found: dict[str, str] = {}
    for who in [*learners[:2], world.chat.person("ines"), world.chat.person("omar")]:
        mine = OF_LEARNERS if who in learners else OF_THE_TEAM
        for command in mine:
            shown = await who.command(command, place="general")
            found[f"{who.id}: /cohort {command}"] = shown.text
            for label in shown.buttons[:8] if command in ("desk", "overview", "week milestones", "") else ():
                pressed = await who.press(shown, label)
                found[f"{who.id}: /cohort {command} [{label}]"] = pressed.text if pressed is not None else ""
        for place in ("dm", "general", "questions"):
            found |= {f"{who.id}: {place}/{m.id}": m.text for m in who.sees(place)}
    return found


CASES = [
    (BARE, 0, "after the end"),
    (BARE, 1, "before"),
    (EVERYTHING, 0, "the first day"),
    (EVERYTHING, 0, "after the end"),
    (EVERYTHING, 1, "in a week"),
    (EVERYTHING, 1, "in the last week"),
    (EVERYTHING, len(NAMES), "as it closed"),
]


@pytest.mark.parametrize(("text", "number", "when"), CASES, ids=[f"{n} {when}" for _text, n, when in CASES])
async def test_every_view_reads_well(tmp_path: Path, text: str, number: int, when: str) -> None:
    world = new_world(tmp_path, course=text, now="2026-01-02T08:00:00Z", starts_on=MONDAY)
    learners = [await world.learner(name, name.title()) for name in NAMES[:number]]
    await world.until(WHEN[when])
    found = await views(world, learners)
    bad = {where: wrong(said) for where, said in found.items() if wrong(said)}
    assert not bad, "\n\n".join(f"{where}: {what}\n{found[where]}" for where, what in bad.items())
    world.app.storage.close()
