"""Writes what the product answers to the tasks of a question benchmark, as JSON Lines on standard output.

    python benchmarks/faq.py retrieval DOCS QUERIES > predicted.jsonl

Each task runs the code that the bot runs, over files whose gold fields may be absent. One function a task; remarks go
to standard error.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.features.faq import rules
from bot.features.faq.border import Entry
from bot.features.questions.detecting import EARLIER, Spoken, opens_thread
from bot.features.questions.resolving import Said, judge

Row = dict[str, Any]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def retrieval(docs: Path, queries: Path) -> Iterator[Row]:
    """For each query the ids of the entries that a search in its course finds, best first."""
    names: dict[int, str] = {}
    courses: dict[str, list[Entry]] = defaultdict(list)
    for number, doc in enumerate(read(docs)):
        names[number] = doc["id"]
        entry = Entry(
            number,
            1,
            doc["course"],
            doc["question"],
            doc["answer"],
            "approved",
            0,
            "",
            datetime(2026, 1, 5, tzinfo=UTC),
        )
        courses[doc["course"]].append(entry)
    for query in read(queries):
        found = rules.search(courses[query["course"]], query["query"], limit=10)
        yield {"qid": query["qid"], "ranked": [names[e.id] for e in found]}


def accepted(threads: Path) -> Iterator[Row]:
    """For each thread its replies, the likeliest answer first, and whether the question looks solved."""
    for thread in read(threads):
        question, *replies = (Said(message["author"], message["text"]) for message in thread["messages"])
        verdict = judge(question, replies)
        ids = [message["id"] for message in thread["messages"][1:]]
        yield {"thread": thread["thread"], "ranked": [ids[n] for n in verdict.ranked], "answered": verdict.solved}


def questions(items: Path) -> Iterator[Row]:
    """For each message of a channel whether it opens a thread of help."""
    for row, earlier in rooms(read(items)):
        at = row_time(row)
        yield {"id": row["id"], "question": int(opens_thread(row["text"], row.get("author", ""), at, earlier))}


def rooms(rows: Sequence[Row]) -> Iterator[tuple[Row, list[Spoken]]]:
    """Each message with what was said in its channel before it: when and by whom alone. Which talk a message belongs
    to is for nobody to know beforehand, so nothing else of the row is looked at."""
    told = sorted((row for row in rows if row_time(row)), key=lambda row: (row.get("channel", ""), row_time(row)))
    heard: dict[str, list[Spoken]] = defaultdict(list)
    for row in told:
        at = row_time(row)
        assert at is not None
        earlier = heard[row.get("channel", "")]
        yield row, earlier[-EARLIER:]
        earlier.append(Spoken(row.get("author", ""), at))
    yield from ((row, []) for row in rows if not row_time(row))


def row_time(row: Row) -> datetime | None:
    try:
        return datetime.fromisoformat(row.get("time") or "").replace(tzinfo=None)
    except ValueError:
        return None


TASKS: dict[str, tuple[Callable[..., Iterable[Row]], tuple[str, ...]]] = {
    "retrieval": (retrieval, ("docs", "queries")),
    "accepted": (accepted, ("threads",)),
    "questions": (questions, ("items",)),
}
"""Each task with the files that it reads."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    tasks = parser.add_subparsers(dest="task", required=True)
    for name, (run, files) in TASKS.items():
        task = tasks.add_parser(name, help=run.__doc__)
        for file in files:
            task.add_argument(file, type=Path)
    given = vars(parser.parse_args())
    run, files = TASKS[given["task"]]
    for row in run(*(given[file] for file in files)):
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
