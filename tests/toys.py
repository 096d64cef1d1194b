"""Features that only tests mount."""

from functools import cache
from typing import Any

import pytest

from bot.app import compose
from bot.app import features as declared
from bot.core.contributions import DATES, RUNS, Date, Item
from bot.core.feature import Feature
from bot.core.people import Cohort, Person
from bot.core.turn import Turn
from bot.course.loader import course_of


def mount(monkeypatch: pytest.MonkeyPatch, *features: Feature[Any], store: Any = compose.nothing) -> None:
    """Mounts the features. The kit copies the database of an earlier test if the same ones are mounted."""
    monkeypatch.setattr(declared, "FEATURES", (*declared.FEATURES, *features))
    for feature in features:
        monkeypatch.setitem(compose.STORES, feature.name, store)


@cache
def live() -> Feature[None]:
    feature: Feature[None] = Feature("live")
    feature.contributes(RUNS)(lambda turn: ["live"])

    @feature.contributes(DATES)
    def dates(turn: Turn[None], cohort: Cohort, person: Person) -> list[Date]:
        return [
            Date(slot.at(cohort.timetable, one.week, person.zone), "live", f"{one.id}/{n}", one.title, one.minutes)
            for one in course_of(cohort.course_text).live
            for n, slot in enumerate(one.slots, 1)
        ]

    return feature


def _item(kind: str, of: Any, title: str, window: Any) -> Item:
    opens, due = window
    return Item(f"{kind}/{of.id}", of.id, of.week, title, (title,), opens, due, of.minutes)
