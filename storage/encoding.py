"""Makes the vectors of entries, and groups entries that ask the same, after they were committed."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from bot.core.failures import log_failure
from bot.features.faq.store import Entry
from storage.search.encoder import NoVectors
from storage.search.index import readings
from storage.stores.faq import SqlFaq
from storage.unit import SqlStorage, SqlUnit

EVERY = 5.0
"""Seconds between two checks for entries without vectors."""

AT_ONCE = 4
"""Entries in one go. People who search meanwhile wait no longer than these take."""

log = logging.getLogger(__name__)


class Encodes(Protocol):
    async def encode(self, texts: Sequence[str]) -> list[bytes]: ...


class Encoding:
    """`at_once` entries are encoded in one go."""

    def __init__(self, storage: SqlStorage, encoder: Encodes, at_once: int = AT_ONCE) -> None:
        self._storage = storage
        self._encoder = encoder
        self._at_once = at_once

    async def run(self) -> None:
        """Runs until it is cancelled."""
        while True:
            try:
                await self.catch_up()
            except NoVectors:
                pass
            except Exception:
                log_failure(log, "Entries will get their vectors later")
            await asyncio.sleep(EVERY)

    async def catch_up(self) -> int:
        """Encodes everything that waits; returns the number of entries. Raises NoVectors."""
        done = 0
        while await self._storage.run(lambda unit: _faq(unit).index_missing()):
            pass
        while waiting := await self._storage.run(self._waiting):
            texts = [text for entry in waiting for text in readings(entry.question, entry.answer)]
            vectors = await self._encoder.encode(texts)
            made = [(entry, vectors[3 * n : 3 * n + 3]) for n, entry in enumerate(waiting)]
            await self._storage.run(lambda unit, made=made: _keep(unit, made))  # type: ignore[misc]
            done += len(waiting)
        return done

    def _waiting(self, unit: SqlUnit) -> Sequence[Entry]:
        faq = _faq(unit)
        return faq.entries(faq.index.unencoded(self._at_once))


def _keep(unit: SqlUnit, made: Sequence[tuple[Entry, Sequence[bytes]]]) -> None:
    faq = _faq(unit)
    for entry, vectors in made:
        if faq.index.encode(entry, vectors) and faq.is_english(entry.course):
            faq.index.group(entry.id)


def _faq(unit: SqlUnit) -> SqlFaq:
    store: SqlFaq = unit.store("faq")
    return store
