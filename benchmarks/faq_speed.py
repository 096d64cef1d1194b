"""Measures FAQ search and storage by size, compared with a plain FTS5 table over the same texts.

    python benchmarks/faq_speed.py [SIZES …]

Texts are drawn from a vocabulary in which few words are frequent and most are rare, as in a channel. Vectors are drawn
around topics, because encoding 100,000 texts takes most of an hour (the model is timed separately at the end).
Everything else is the bot's code. A search is a unit of work: transaction, counts, candidates, scores.
"""

import random
import resource
import sqlite3
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from benchmarks.faq_bench import NOW, Bench
from bot.features.faq import finding
from bot.features.faq.store import Entry
from storage.search.model import Model, is_installed
from storage.search.vectors import SIZE, pack
from storage.stores.faq import SqlFaq
from storage.unit import SqlUnit

SIZES = (1_000, 10_000, 100_000)
VOCABULARY = 30_000
TOPICS = 3_000
SEARCHES = 300
ADDED = 50
AT_ONCE = 500


class Drawn:
    """Random texts and vectors, the same in every run."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._vectors = np.random.default_rng(seed)
        self._topics = np.random.default_rng(1).normal(size=(TOPICS, SIZE)).astype(np.float32)

    def text(self, words: int) -> str:
        ranks = (int(VOCABULARY ** self._chance.random()) for _ in range(words))
        return " ".join(f"{'bcdfghklmnprstvz'[rank % 16]}o{rank}" for rank in ranks)

    def vectors(self, number: int) -> list[bytes]:
        """Vectors of one topic, closer to each other than to those of other topics."""
        topic = self._topics[self._vectors.integers(TOPICS)]
        raw = topic + 0.7 * self._vectors.normal(size=(number, SIZE))
        return pack(raw / np.linalg.norm(raw, axis=1, keepdims=True))


def spread(times: Sequence[tuple[float, float]]) -> str:
    last = len(times) - 1
    clock, work = (sorted(seconds * 1000 for seconds in each) for each in zip(*times, strict=True))
    p50, p99 = (min(int(len(times) * share), last) for share in (0.5, 0.99))
    return f"p50 {clock[p50]:6.2f} ms  p99 {clock[p99]:6.2f} ms  (work: {work[p50]:6.2f}, {work[p99]:6.2f})"


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """(wall-clock seconds, CPU seconds of this thread); on a busy machine the second is more reliable."""
    start, worked = perf_counter(), thread_time()
    work()
    return perf_counter() - start, thread_time() - worked


def memory() -> float:
    """Peak memory of this process in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(size: int) -> None:
    drawn = Drawn(size)
    texts = [(drawn.text(9), drawn.text(40)) for _ in range(size)]
    with Bench() as bench:
        storage, encoder = bench.storage, bench.encoder

        def add(unit: SqlUnit, some: Sequence[tuple[str, str]], groups: bool) -> None:
            faq: SqlFaq = unit.store("faq")
            for question, answer in some:
                entry = faq.add(Entry(0, bench.cohort, "c", question, answer, "approved", None, "", NOW))
                faq.index.encode(entry, drawn.vectors(3))
                if groups:
                    faq.index.group(entry.id)

        parts = [texts[n : n + AT_ONCE] for n in range(0, size, AT_ONCE)]
        build, _ = timed(lambda: [storage.run_now(partial(add, some=part, groups=False)) for part in parts])
        one_more = [
            timed(lambda: storage.run_now(partial(add, some=[(drawn.text(9), drawn.text(40))], groups=True)))
            for _ in range(ADDED)
        ]
        queries = [drawn.text(8) for _ in range(SEARCHES)]
        for query in queries:
            encoder.remember(query, drawn.vectors(1)[0])

        def look_up(unit: SqlUnit, query: str) -> object:
            return finding.search(unit.store("faq"), "c", bench.cohort, query)

        searches = [timed(lambda query=query: storage.run_now(partial(look_up, query=query))) for query in queries]  # type: ignore[misc]
        encoder.forget()
        by_words = [timed(lambda query=query: storage.run_now(partial(look_up, query=query))) for query in queries]  # type: ignore[misc]
        file = storage.engine.url.database or ""
        megabytes = Path(file).stat().st_size / 1e6
    print(f"{size:>7,} entries: built in {build:.1f} s without encoding, {megabytes:.0f} MB on disk")
    print(f"         search              {spread(searches)}")
    print(f"         search, words alone {spread(by_words)}")
    print(f"         bare FTS5           {spread(bare(texts, queries))}")
    print(f"         one thread more     {spread(one_more)}  with its group")
    print(f"         this process held {memory():.0f} MB at most", flush=True)


def bare(texts: Sequence[tuple[str, str]], queries: Sequence[str]) -> list[tuple[float, float]]:
    """The same searches with FTS5 only: any of the words, the best five by its rank."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5 (question, answer, tokenize='porter unicode61')")
    db.executemany("INSERT INTO t VALUES (?, ?)", texts)
    db.commit()
    sql = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t, 2, 1) LIMIT 5"
    return [timed(lambda q=q: db.execute(sql, (" OR ".join(q.split()),)).fetchall()) for q in queries]  # type: ignore[misc]


def encoding() -> None:
    if not is_installed():
        print("The sentence model is not installed; searches go by words.")
        return
    model = Model()
    loading, _ = timed(lambda: model.encode(["How long may the report be?"]))
    short = [timed(lambda n=n: model.encode([f"How do I install docker on machine {n}?"])) for n in range(100)]  # type: ignore[misc]
    long = [timed(lambda n=n: model.encode([f"{n} some words of an answer " * 30])) for n in range(20)]  # type: ignore[misc]
    print(f"The model: loaded in {loading * 1000:.0f} ms; a question {spread(short)}; a long answer {spread(long)}")
    print(f"         this process held {memory():.0f} MB at most (the bot keeps the model in another one)")


if __name__ == "__main__":
    for size in map(int, sys.argv[1:] or map(str, SIZES)):
        measure(size)
    encoding()
