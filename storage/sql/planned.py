"""The timetable by which something is planned, in two columns."""

import json
from datetime import date
from typing import Any

from bot.core.timetable import PlannedBy, Timetable


def read_planned(row: Any) -> PlannedBy | None:
    """The value in a row; None if it was planned before timetables were stored."""
    if row.planned_at is None:
        return None
    starts_on, zone, *holidays = json.loads(row.planned_by)
    days = frozenset(map(date.fromisoformat, holidays))
    return PlannedBy(Timetable(date.fromisoformat(starts_on), zone, days), row.planned_at)


def planned_columns(planned: PlannedBy | None) -> dict[str, Any]:
    if planned is None:
        return {"planned_by": "", "planned_at": None}
    table = planned.table
    days = [day.isoformat() for day in (table.starts_on, *sorted(table.holidays))]
    return {"planned_by": json.dumps([days[0], table.zone, *days[1:]]), "planned_at": planned.since}
