"""The manager's week as data and as files, from the same source as the message."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.core.contributions import Figure
from bot.core.csv_files import as_csv
from bot.core.figures import change, is_told, line, value
from bot.core.message import Picture
from bot.core.people import Cohort
from bot.core.plain import plain_text
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.digests import picture_views, week_views
from bot.features.digests.charting import charted
from bot.features.digests.looking import look_at, look_back
from bot.features.digests.store import DigestStore, Overview


def digest(turn: Turn[DigestStore], cohort: Cohort, week: int | None) -> Overview:
    """`week`: of its course; None: the last seven days. Raises Refused."""
    one = look_at(turn, cohort) if week is None else look_back(turn, cohort, week)
    return charted(turn, one)


def as_data(found: Sequence[Overview], week: int | None) -> dict[str, Any]:
    """Spans are in minutes. `week` is null for the last seven days."""
    return {"week": week, "cohorts": [_data(one) for one in found]}


def _data(one: Overview) -> dict[str, Any]:
    return {
        "code": one.cohort.code,
        "verdict": one.verdict,
        "why": week_views.reasons(one),
        "figures": [
            {"key": f.name, "value": _number(f.value), "of": _number(f.base), "change": _number(f.change)}
            for f in one.figures
            if is_told(f)
        ],
        "acts": [button.label for button in week_views.acts([one])],
    }


def _number(number: int | timedelta | None) -> int | None:
    return round(number.total_seconds() / 60) if isinstance(number, timedelta) else number


def as_table(found: Sequence[Overview]) -> str:
    """One line of CSV for each figure."""
    rows = [
        (
            *(one.cohort.code, one.verdict, f.name, f.label, _number(f.value), _number(f.base), _number(f.change)),
            *(f.share, "minutes" if isinstance(f.value, timedelta) else None, "yes" if f.wants_a_look else None),
        )
        for one in found
        for f in one.figures
        if is_told(f)
    ]
    columns = ("code", "verdict", "key", "figure", "value", "of", "change", "percent", "unit", "look")
    return as_csv(columns, rows)


def as_markdown(found: Sequence[Overview], week: int | None) -> str:
    parts = [f"# {title(week)}", *([week_views.verdict_of_all(found)] if len(found) > 1 else ())]
    for one in found:
        parts.append(f"## {_escaped(week_views.verdict(one))}")
        parts += ["\n".join(f"- {_escaped(why)}" for why in week_views.reasons(one))] if week_views.reasons(one) else []
        parts.append("\n".join(f"- {_escaped(plain_text(line(f)))}" for f in one.figures if is_told(f)))
        if acts := week_views.acts([one]):
            parts.append(_("What to do: {acts}.", acts=", ".join(_escaped(b.label) for b in acts)))
    return "\n\n".join(part for part in parts if part) + "\n"


def as_page(found: Sequence[Overview], week: int | None) -> str:
    """A page of its own, with the picture of each cohort, and of several the one that has them all."""
    return picture_views.template("digest.html").render(
        title=title(week),
        verdict=week_views.verdict_of_all(found) if len(found) > 1 else "",
        picture=_image(picture_views.side_by_side(found)),
        columns=(_("Figure"), _("Value"), _("Change")),
        acts=_("What to do:"),
        cohorts=[_section(one) for one in found],
    )


def _section(one: Overview) -> Mapping[str, Any]:
    return {
        "verdict": week_views.verdict(one),
        "why": week_views.reasons(one),
        "picture": _image(picture_views.picture(one)),
        "rows": [_row(f) for f in one.figures if is_told(f)],
        "acts": [button.label for button in week_views.acts([one])],
    }


def _image(picture: Picture | None) -> Mapping[str, str] | None:
    if picture is None:
        return None
    return {"src": f"data:image/svg+xml;base64,{b64encode(picture.svg.encode()).decode()}", "alt": picture.alt}


def _row(figure: Figure) -> Mapping[str, Any]:
    return {
        "label": figure.label,
        "value": ", ".join([value(figure), *figure.more]),
        "change": change(figure),
        "look": figure.wants_a_look,
    }


def title(week: int | None) -> str:
    return _("The last seven days") if week is None else _("Week {week}", week=week)


def _escaped(text: str) -> str:
    """As Markdown that shows these letters."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text)
