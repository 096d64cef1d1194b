"""Writes the product's answers to the tasks of a question benchmark as JSON Lines to standard output.

    python benchmarks/faq.py retrieval DOCS QUERIES > predicted.jsonl

Each task runs the bot's own code over files whose gold fields may be absent. There is one function per task; remarks go
to standard error. `faq_bench.py` loads files into a database as the bot would.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.faq_bench import Bench, Row, read
from bot.features.faq import asked as before
from bot.features.faq.scoring import asked as words
from bot.features.questions.detecting import EARLIER, Spoken, opens_thread
from bot.features.questions.resolving import Said, judge


def retrieval(docs: Path, queries: Path) -> Iterator[Row]:
    """For each query the ids of the entries found in its course, best first."""
    with Bench() as bench:
        bench.fill(read(docs))
        for query, hits in bench.look_up(read(queries)):
            yield {"qid": query["qid"], "ranked": [bench.names[hit.entry] for hit in hits[:10]]}


def asked(docs: Path, hidden: Path, queries: Path) -> Iterator[Row]:
    """For each query whether 'Asked before?' would show, with the entries of `docs` that are not hidden."""
    gone = {(course, id) for course, id in json.loads(hidden.read_text(encoding="utf-8").strip() or "[]")}
    said: list[tuple[bool, bool]] = []
    sure: list[bool] = []
    with Bench() as bench:
        bench.fill([doc for doc in read(docs) if (doc["course"], doc["id"]) not in gone])
        for query, hits in bench.look_up(read(queries)):
            shown = [bench.names[hit.entry] for hit in before.likely(words(query["query"]), hits)]
            ranked = [bench.names[hit.entry] for hit in hits[:10]]
            yield {"qid": query["qid"], "asked": bool(shown), "score": before.likelihood(hits), "ranked": ranked}
            if shown and "asked" in query and "relevant" in query:
                said.append((query["asked"], bool(set(shown) & set(query["relevant"]))))
                sure += [ranked[0] in query["relevant"]] if before.likely(words(query["query"]), hits, True) else []
    if said:
        known, shown_right = (sum(each) / len(said) for each in zip(*said, strict=True))
        remark(f"threshold {before.MEANING.threshold}: it speaks up {len(said)} times")
        remark(f"precision {known:.3f} (it was asked before), {shown_right:.3f} (what is shown holds the answer)")
    if sure:
        right = sum(sure) / len(sure)
        remark(f"sure from {before.MEANING.sure}: to {len(sure)} authors in the channel, {right:.3f} of them rightly")


def grouping(items: Path) -> Iterator[Row]:
    """The group of each question after all of them arrived in order."""
    rows = read(items)
    with Bench() as bench:
        bench.fill([{"id": row["id"], "course": "course", "question": row["text"], "answer": ""} for row in rows])
        for id, group in bench.groups().items():
            yield {"id": id, "cluster": group}


def accepted(threads: Path) -> Iterator[Row]:
    """For each thread its replies, most likely answer first, and whether the question looks solved."""
    for thread in read(threads):
        messages = thread["messages"]
        if not messages:
            yield {"thread": thread["thread"], "ranked": [], "answered": False}
            continue
        # Without authors the first message is the asker's, and every other one is from a different person.
        question, *replies = (Said(author(message, n), message["text"]) for n, message in enumerate(messages))
        verdict = judge(question, replies)
        ids = [message["id"] for message in messages[1:]]
        yield {"thread": thread["thread"], "ranked": [ids[n] for n in verdict.ranked], "answered": verdict.solved}


def author(message: Row, number: int) -> str:
    name = message.get("author")
    return f"number {number}" if name is None else str(name)


def questions(items: Path) -> Iterator[Row]:
    """For each message of a channel whether it starts a help thread."""
    for row, earlier in rooms(read(items)):
        at = row_time(row)
        yield {"id": row["id"], "question": int(opens_thread(row["text"], writer(row), at, earlier))}


def rooms(rows: Sequence[Row]) -> Iterator[tuple[Row, list[Spoken]]]:
    """Each message with the times and authors of earlier messages in its channel. Nothing else of the rows is used,
    since the conversation that a message belongs to is not known in advance."""
    told = sorted((row for row in rows if row_time(row)), key=lambda row: (channel(row), row_time(row)))
    heard: dict[str, list[Spoken]] = defaultdict(list)
    for row in told:
        at = row_time(row)
        assert at is not None
        earlier = heard[channel(row)]
        yield row, earlier[-EARLIER:]
        earlier.append(Spoken(writer(row), at))
    yield from ((row, []) for row in rows if not row_time(row))


def writer(row: Row) -> str:
    return str(row.get("author") or "")


def channel(row: Row) -> str:
    return str(row.get("channel") or "")


def row_time(row: Row) -> datetime | None:
    try:
        return datetime.fromisoformat(str(row.get("time"))).replace(tzinfo=None)
    except ValueError:
        return None


TASKS: dict[str, tuple[Callable[..., Iterable[Row]], tuple[str, ...]]] = {
    "retrieval": (retrieval, ("docs", "queries")),
    "asked": (asked, ("docs", "hidden", "queries")),
    "grouping": (grouping, ("items",)),
    "accepted": (accepted, ("threads",)),
    "questions": (questions, ("items",)),
}
"""Task -> the files that it reads."""


def remark(text: str) -> None:
    print(text, file=sys.stderr)


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
