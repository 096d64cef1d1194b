"""The picture of a cohort's weeks: one template, for pages as it is and for chats as PNG."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from bot.core.message import Picture, shorten
from bot.core.translation import _
from bot.features.digests.store import Chart, Overview, Share

DRAWN = Path(__file__).parent / "drawn"

PHONE = 360
"""The width of a picture, in units."""

LEFT, WIDTH, GAP = 16, 328, 4
"""Of its charts."""

TALL = 96
"""A week in which everybody was active."""

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1f2328",
    "soft": "#57606a",
    "bed": "#e4e9ef",
    "bar": "#0b62c4",
    "late": "#b35900",
}
DARK = {
    "paper": "#1c2128",
    "ink": "#e6edf3",
    "soft": "#a9b4c0",
    "bed": "#2d3540",
    "bar": "#58a6ff",
    "late": "#e3a13b",
}


def picture(one: Overview) -> Picture | None:
    if one.chart is None:
        return None
    return Picture("weeks", drawn(one, one.chart), described(one, one.chart))


def drawn(one: Overview, found: Chart, *, dark: bool = False) -> str:
    """As SVG. It follows its reader's light or dark screen, or is (`dark`) always dark."""
    steps = _steps(found.steps)
    return template("picture.svg").render(
        title=shorten(one.cohort.title, 42),
        alt=described(one, found),
        active=_("Active in each week, of all who were there"),
        handed_in=_("Handed in (the end of a bar: late)") if any(s.late for s in found.steps) else _("Handed in"),
        weeks=_weeks(found.weeks),
        steps=steps,
        height=_height(found),
        colours=DARK if dark else LIGHT,
        dark=dark,
    )


def together(found: Sequence[Overview], *, dark: bool = False) -> str:
    """The pictures of several cohorts, one below the other; empty if none has one."""
    charts = [(one, one.chart) for one in found if one.chart is not None]
    drawings = [Markup(drawn(one, chart, dark=dark)) for one, chart in charts]
    tops = list(accumulate((_height(chart) + GAP for _one, chart in charts), initial=0))
    parts = list(zip(tops, drawings, strict=False))
    if len(drawings) < 2:
        return "".join(drawings)
    return template("together.svg").render(parts=parts, height=tops[-1] - GAP)


def described(one: Overview, found: Chart) -> str:
    """The same in words, for whoever does not see it."""
    weeks = ", ".join(_("week {n}: {said}", n=week.label, said=_said(week)) for week in found.weeks)
    said = [_("{title}. Active: {weeks}.", title=one.cohort.title, weeks=weeks)]
    steps = ", ".join(f"“{step.label}” {_said(step)}" for step in found.steps)
    return " ".join([*said, _("Handed in: {steps}.", steps=steps)] if steps else said)


def _height(found: Chart) -> int:
    return 228 + 36 * len(found.steps) if found.steps else 196


def _said(share: Share) -> str:
    said = _("{n} of {base}", n=share.number, base=share.base)
    return _("{said}, {late} late", said=said, late=share.late) if share.late else said


def _weeks(found: Sequence[Share]) -> list[Mapping[str, Any]]:
    width = min(56.0, (WIDTH + GAP) / max(len(found), 1) - GAP)
    return [
        {
            "x": round(LEFT + n * (width + GAP), 1),
            "width": round(width, 1),
            "height": round(TALL * week.percent / 100, 1),
            "number": f"{week.number}/{week.base}" if len(found) <= 6 else str(week.number),
            "label": week.label,
        }
        for n, week in enumerate(found)
    ]


def _steps(found: Sequence[Share]) -> list[Mapping[str, Any]]:
    return [
        {
            "y": 236 + 36 * n,
            "label": shorten(step.label, 26),
            "said": _said(step),
            "width": round(WIDTH * step.percent / 100, 1),
            "late": round(WIDTH * step.late / step.base, 1) if step.base else 0,
        }
        for n, step in enumerate(found)
    ]


@cache
def template(name: str) -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((DRAWN / name).read_text(encoding="utf-8"))
