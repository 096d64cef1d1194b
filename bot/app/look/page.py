"""The page to forward: one self-contained file, readable on a phone, on paper, and without JavaScript."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from bot.app.look.answers import DAYS, Waits, say_hours
from bot.app.look.looking import Look
from bot.app.look.signs import ESSENTIAL
from bot.core.time import say_day

HERE = Path(__file__).parent

KIND_WORDS = {
    "content": "content",
    "discussion": "discussion",
    "problem": "working together",
    "office_hours": "office hours",
    "one_to_one": "one-to-one",
    "rehearsal": "rehearsal with feedback",
    "simulation": "simulation",
    "decision": "group decision",
    "sensitive": "sensitive feedback",
    "community": "community",
}

VERDICTS = (
    ("substitutable", "Could be something else", "They go as well, or better, in everybody's own time."),
    ("essential", "Worth being there together", "Keep them optional, short, recorded and offered at two times."),
    ("unclear", "Unclear", "There are too few signs, or they contradict one another. Ask whoever leads the call."),
)


def render(found: Look) -> str:
    """The page as HTML. Quoted words are escaped, and no script may run."""
    style = (HERE / "page.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"hours": say_hours, "day": lambda day: say_day(day, "plain"), "number": lambda n: f"{n:,}"}
    template = environment.from_string((HERE / "page.html").read_text(encoding="utf-8"))
    return template.render(
        look=found,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'",
        style=Markup(style),
        days=_rows(list(zip(DAYS, found.answers.by_day, strict=True))),
        hours=_rows(_by_hours(found)),
        groups=_groups(found),
        weeks=_weeks(found),
        kinds=KIND_WORDS,
        essential=ESSENTIAL,
    )


def _by_hours(found: Look) -> list[tuple[str, Waits]]:
    return [(f"{n:02d}:00", one) for n, one in enumerate(found.answers.by_hour) if one.questions]


def _rows(named: list[tuple[str, Waits]]) -> list[dict[str, Any]]:
    """Rows of a table; `bar` is the share answered within a day, as one of 21 widths, since no style may be inline."""
    return [
        {"name": name, "waits": waits, "bar": None if waits.soon is None else 5 * round(waits.soon / 5)}
        for name, waits in named
    ]


def _groups(found: Look) -> list[dict[str, Any]]:
    groups = []
    for verdict, title, about in VERDICTS:
        calls = [call for call in found.calls or () if call.verdict == verdict]
        if calls:
            groups.append({"verdict": verdict, "title": title, "about": about, "calls": calls})
    return groups


def _weeks(found: Look) -> list[dict[str, Any]]:
    """The minutes of each week; of very many weeks the last."""
    most = max(found.weeks.values(), default=0) or 1
    return [
        {"week": say_day(week, "plain"), "minutes": minutes, "bar": 5 * round(20 * minutes / most)}
        for week, minutes in list(found.weeks.items())[-26:]
    ]
