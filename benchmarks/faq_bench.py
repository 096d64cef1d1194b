"""A database with a benchmark's entries, filled and searched as the bot does."""

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.app.compose import open_storage
from bot.core.time import WoundClock
from bot.features.faq import finding
from bot.features.faq.scoring import Hit
from bot.features.faq.store import Entry
from storage.encoding import Encoding
from storage.search.encoder import InProcess
from storage.sql.migrate import upgrade
from storage.stores.enrolment import SqlEnrolment
from storage.stores.faq import SqlFaq
from storage.unit import SqlUnit

Row = dict[str, Any]
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
AT_ONCE = 64
COURSE = "course: {id: bench, title: Bench, weekly_minutes: 60}\nweeks: [{title: One, goal: Begin}]\n"


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


class Bench:
    """A temporary database."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="pacekeeper-bench-")
        self.encoder = InProcess()
        url = f"sqlite:///{self._folder.name}/bench.db"
        self.storage = open_storage(url, WoundClock(start=NOW), encoder=self.encoder)
        upgrade(self.storage.engine)
        self.names: dict[int, str] = {}
        self.cohort = self.storage.run_now(_cohort)

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.storage.close()
        self._folder.cleanup()

    def fill(self, docs: Sequence[Row]) -> None:
        """Adds approved entries, then runs the background work that adds vectors and groups."""
        for start in range(0, len(docs), AT_ONCE):
            self.storage.run_now(partial(self._add, docs=docs[start : start + AT_ONCE]))
        asyncio.run(Encoding(self.storage, self.encoder, AT_ONCE).catch_up())

    def _add(self, unit: SqlUnit, docs: Sequence[Row]) -> None:
        faq: SqlFaq = unit.store("faq")
        for doc in docs:
            made = Entry(
                0,
                self.cohort,
                doc["course"],
                doc["question"],
                doc["answer"],
                "approved",
                None,
                "",
                NOW,
                verified_at=NOW,
            )
            self.names[faq.add(made).id] = doc["id"]

    def look_up(self, queries: Sequence[Row], by_meaning: bool = True) -> Iterator[tuple[Row, list[Hit]]]:
        """Each query with its hits, best first; without `by_meaning` by words only, as before the model is loaded."""
        if not by_meaning:
            self.encoder.forget()
        for query in queries:
            if by_meaning:
                asyncio.run(self.encoder.prepare(query["query"]))
            yield query, self.storage.run_now(partial(_hits, course=query["course"], text=query["query"]))

    def groups(self) -> dict[str, int]:
        """Entry -> its group."""

        def read(unit: SqlUnit) -> dict[int, int]:
            faq: SqlFaq = unit.store("faq")
            return faq.index.groups()

        return {self.names[entry]: group for entry, group in self.storage.run_now(read).items()}


def _cohort(unit: SqlUnit) -> int:
    enrolment: SqlEnrolment = unit.store("enrolment")
    return enrolment.create_cohort("bench", "Bench", COURSE, "UTC", date(2026, 1, 5), "CODE")


def _hits(unit: SqlUnit, course: str, text: str) -> list[Hit]:
    faq: SqlFaq = unit.store("faq")
    return finding.ranked(faq, course, None, text)
