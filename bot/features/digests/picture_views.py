"""The picture of a cohort's weeks: one template, for pages as it is and for chats as PNG."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from bot.core.message import Picture, shorten
from bot.core.translation import _
from bot.features.digests.store import IN_ROW, Chart, Overview, Share

DRAWN = Path(__file__).parent / "drawn"

PHONE = 360
"""The width of a picture, in units."""

LEFT, WIDTH, GAP = 16, 328, 4
"""Of its charts."""

TALL = 96
"""A week in which everybody was active."""

ACROSS = 42
"""Characters that fit beside each other above a bar, also wide ones: a title, and how many handed in."""

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1f2328",
    "soft": "#57606a",
    "bed": "#8c959f",
    "bar": "#0b62c4",
    "late": "#b35900",
}
DARK = {
    "paper": "#1c2128",
    "ink": "#e6edf3",
    "soft": "#a9b4c0",
    "bed": "#6e7681",
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


ROW, CELL, BESIDE = 24, 46, 122
"""The height of a cohort's row, the width of its weeks, and where the first of these begins."""

MOST, TITLE = 40, 15
"""Cohorts in one picture, and characters of each title."""


Row = tuple[Overview, Sequence[Share]]
"""A cohort with its newest weeks."""


def side_by_side(found: Sequence[Overview]) -> Picture | None:
    """Several cohorts in one picture, a row each: who took part in their newest weeks. None if fewer than two
    have had a week."""
    rows = _newest(found)
    return Picture("cohorts", drawn_rows(rows), _told(rows)) if len(rows) > 1 else None


def _newest(found: Sequence[Overview]) -> list[Row]:
    return [(one, one.chart.weeks[-IN_ROW:]) for one in found if one.chart is not None][:MOST]


def drawn_rows(rows: Sequence[Row], *, dark: bool = False) -> str:
    """As SVG, like `drawn`."""
    titles = _titles(rows, TITLE)
    return template("cohorts.svg").render(
        title=_("Who took part, in percent"),
        legend=_("Of all who were there; small: the week's number"),
        alt=_told(rows),
        rows=[
            {
                "y": 70 + ROW * n,
                "title": titles[n],
                "look": one.verdict == "look",
                "cells": [
                    {
                        "x": BESIDE + CELL * m,
                        "week": week.label,
                        "percent": week.percent,
                        "width": 36 * week.percent / 100,
                    }
                    for m, week in enumerate(weeks, IN_ROW - len(weeks))
                ],
            }
            for n, (one, weeks) in enumerate(rows)
        ],
        height=66 + ROW * len(rows),
        colours=DARK if dark else LIGHT,
        dark=dark,
    )


def _titles(rows: Sequence[Row], length: int) -> list[str]:
    """Those that begin alike are told apart by their codes."""
    titles = [shorten(one.cohort.title, length) for one, _weeks in rows]
    codes = [shorten(one.cohort.code, length) for one, _weeks in rows]
    return [title if titles.count(title) == 1 else code for title, code in zip(titles, codes, strict=True)]


def _told(rows: Sequence[Row]) -> str:
    """In words: of each cohort its newest week, after the one before."""
    said = [
        ", ".join([title, *(_("week {n}: {percent} %", n=w.label, percent=w.percent) for w in weeks[-2:])])
        for title, (_one, weeks) in zip(_titles(rows, 30), rows, strict=True)
    ]
    return _("Active, of all who were there. {said}.", said="; ".join(said))


def of_one_or_several(found: Sequence[Overview], *, dark: bool = False) -> str:
    """As SVG: the picture of a cohort, or the one of several; empty if none has one."""
    charts = [(one, one.chart) for one in found if one.chart is not None]
    if len(charts) > 1:
        return drawn_rows(_newest(found), dark=dark)
    return "".join(drawn(one, chart, dark=dark) for one, chart in charts)


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
            "label": shorten(step.label, ACROSS - len(_said(step))),
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
