"""The manager's week as data and as files, from the same source as the message."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.core.contributions import Figure
from bot.core.csv_files import as_csv
from bot.core.figures import change, is_told, line, value
from bot.core.people import Cohort
from bot.core.plain import plain_text
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.digests import pictures, week_views
from bot.features.digests.charting import chart
from bot.features.digests.looking import look_at, look_back
from bot.features.digests.store import Chart, DigestStore, Overview


@dataclass(frozen=True, slots=True)
class Digest:
    """A cohort in a week, with what its picture shows."""

    one: Overview
    chart: Chart


def digest(turn: Turn[DigestStore], cohort: Cohort, week: int | None) -> Digest:
    """`week`: of its course; None: the last seven days. Raises Refused."""
    one = look_at(turn, cohort) if week is None else look_back(turn, cohort, week)
    return Digest(one, chart(turn, cohort))


def as_data(found: Sequence[Digest], week: int | None) -> dict[str, Any]:
    """Spans are in minutes. `week` is null for the last seven days."""
    return {"week": week, "cohorts": [_data(one.one) for one in found]}


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


def as_table(found: Sequence[Digest]) -> str:
    """One line of CSV for each figure."""
    rows = [
        (d.one.cohort.code, d.one.verdict, f.name, f.label, _number(f.value), _number(f.base), _number(f.change))
        for d in found
        for f in d.one.figures
        if is_told(f)
    ]
    return as_csv(("code", "verdict", "key", "figure", "value", "of", "change"), rows)


def as_markdown(found: Sequence[Digest], week: int | None) -> str:
    parts = [f"# {title(week)}"]
    for one in (d.one for d in found):
        parts.append(f"## {_escaped(week_views.verdict(one))}")
        parts += ["\n".join(f"- {_escaped(why)}" for why in week_views.reasons(one))] if week_views.reasons(one) else []
        parts.append("\n".join(f"- {_escaped(plain_text(line(f)))}" for f in one.figures if is_told(f)))
        if acts := week_views.acts([one]):
            parts.append(_("What to do: {acts}.", acts=", ".join(_escaped(b.label) for b in acts)))
    return "\n\n".join(part for part in parts if part) + "\n"


def as_page(found: Sequence[Digest], week: int | None) -> str:
    """A page of its own, with the picture of each cohort."""
    return pictures.template("digest.html").render(
        title=title(week),
        columns=(_("Figure"), _("Value"), _("Change")),
        acts=_("What to do:"),
        cohorts=[_section(d) for d in found],
    )


def _section(found: Digest) -> Mapping[str, Any]:
    svg = b64encode(pictures.drawn(found.one, found.chart).encode()).decode()
    return {
        "verdict": week_views.verdict(found.one),
        "why": week_views.reasons(found.one),
        "picture": f"data:image/svg+xml;base64,{svg}" if found.chart.weeks else "",
        "alt": pictures.described(found.one, found.chart),
        "rows": [_row(f) for f in found.one.figures if is_told(f)],
        "acts": [button.label for button in week_views.acts([found.one])],
    }


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
