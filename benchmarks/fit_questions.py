"""Fits the small models that read questions and threads, and evaluates them on held-out data.

    python benchmarks/fit_questions.py ../shared/data/faq            # the report
    python benchmarks/fit_questions.py ../shared/data/faq --write    # and bot/features/questions/weights.json

Ridge logistic regression by Newton's method in plain Python; takes about 15 seconds. Each figure is from
cross-validation that leaves out one room (or forum) at a time.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp, sqrt
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from faq import read, rooms

from bot.features.questions import resolving
from bot.features.questions.detecting import signs, signs_around
from bot.features.questions.resolving import reply_signs, thread_signs

WEIGHTS = Path(__file__).parents[1] / "bot/features/questions/weights.json"
STEPS = 12

Signs = Mapping[str, float]
Vector = list[float]


@dataclass(frozen=True)
class Case:
    """A message or a thread with its source and its label."""

    signs: Signs
    true: bool
    source: str


@dataclass(frozen=True)
class Choice:
    """Candidates, of which the one at `chosen` is correct."""

    rivals: Sequence[Signs]
    chosen: int
    source: str


class Scale:
    """Scales features, and converts weights of scaled features back."""

    def __init__(self, rows: Sequence[Signs]) -> None:
        self.names = sorted({name for row in rows for name in row})
        columns = [[row.get(name, 0.0) for row in rows] for name in self.names]
        self.means = [sum(column) / len(rows) for column in columns]
        self.spreads = [
            max(sqrt(sum((x - mean) ** 2 for x in column) / len(rows)), 0.05)
            for column, mean in zip(columns, self.means, strict=True)
        ]

    def vector(self, row: Signs) -> Vector:
        each = zip(self.names, self.means, self.spreads, strict=True)
        return [(row.get(name, 0.0) - mean) / spread for name, mean, spread in each]

    def table(self, weights: Vector, always: float) -> dict[str, float]:
        """The weights as the bot uses them, rounded."""
        plain = [w / spread for w, spread in zip(weights, self.spreads, strict=True)]
        always -= sum(w * mean for w, mean in zip(plain, self.means, strict=True))
        return {"always": round(always, 3)} | {n: round(w, 3) for n, w in zip(self.names, plain, strict=True)}


def solve(matrix: list[Vector], right: Vector) -> Vector:
    """Solves a system of linear equations by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for n in range(size):
        pivot = max(range(n, size), key=lambda m: abs(rows[m][n]))
        rows[n], rows[pivot] = rows[pivot], rows[n]
        for m in range(n + 1, size):
            factor = rows[m][n] / rows[n][n]
            if factor:
                rows[m] = [a - factor * b for a, b in zip(rows[m], rows[n], strict=True)]
    found = [0.0] * size
    for n in reversed(range(size)):
        known = sum(a * b for a, b in zip(rows[n][n + 1 : size], found[n + 1 :], strict=True))
        found[n] = (rows[n][-1] - known) / rows[n][n]
    return found


def climb(size: int, ridge: Vector, slope: Any) -> Vector:
    """Newton's method. `slope(weights)` yields (vector, its residual, its curvature) for each term of the sum."""
    weights = [0.0] * size
    for _ in range(STEPS):
        gradient = [-r * w for r, w in zip(ridge, weights, strict=True)]
        curve = [[0.0] * size for _ in range(size)]
        for n in range(size):
            curve[n][n] = ridge[n]
        for vector, residual, weight in slope(weights):
            for n, x in enumerate(vector):
                if not x:
                    continue
                gradient[n] += residual * x
                line, bent = curve[n], weight * x
                for m in range(n, size):
                    line[m] += bent * vector[m]
        for n in range(size):
            for m in range(n):
                curve[n][m] = curve[m][n]
        step = solve(curve, gradient)
        weights = [w + s for w, s in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-4:
            break
    return weights


def dot(a: Vector, b: Vector) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def fit_cases(cases: Sequence[Case], ridge: float) -> dict[str, float]:
    scale = Scale([case.signs for case in cases])
    vectors = [([1.0, *scale.vector(case.signs)], float(case.true)) for case in cases]

    def slope(weights: Vector) -> Iterator[tuple[Vector, float, float]]:
        for vector, true in vectors:
            p = 1 / (1 + exp(-max(-30.0, min(30.0, dot(weights, vector)))))
            yield vector, true - p, p * (1 - p)

    always, *weights = climb(len(scale.names) + 1, [1e-6, *[ridge] * len(scale.names)], slope)
    return scale.table(weights, always)


def fit_choices(choices: Sequence[Choice], ridge: float) -> dict[str, float]:
    scale = Scale([signs for choice in choices for signs in choice.rivals])
    groups = [([scale.vector(rival) for rival in choice.rivals], choice.chosen) for choice in choices]

    def slope(weights: Vector) -> Iterator[tuple[Vector, float, float]]:
        for rivals, chosen in groups:
            scores = [dot(weights, rival) for rival in rivals]
            whole = sum(exp(s - max(scores)) for s in scores)
            shares = [exp(s - max(scores)) / whole for s in scores]
            mean = [sum(p * x for p, x in zip(shares, column, strict=True)) for column in zip(*rivals, strict=True)]
            for n, (rival, p) in enumerate(zip(rivals, shares, strict=True)):
                yield [x - m for x, m in zip(rival, mean, strict=True)], (n == chosen) - p, p

    table = scale.table(climb(len(scale.names), [ridge] * len(scale.names), slope), 0.0)
    return table | {"always": 0.0}


def f1(pairs: Sequence[tuple[float, bool]], start: float) -> tuple[float, float, float]:
    """(precision, recall, F1) at the threshold `start`."""
    said = [true for odds, true in pairs if odds > start]
    hits, there = sum(said), sum(true for _, true in pairs)
    return hits / max(1, len(said)), hits / max(1, there), 2 * hits / max(1, len(said) + there)


def best_start(pairs: Sequence[tuple[float, bool]]) -> float:
    """The threshold with the best F1, averaged over its neighbourhood so that no single case decides."""
    grid = [n / 20 for n in range(-60, 41)]
    return max(grid, key=lambda at: sum(f1(pairs, at + d)[2] for d in (-0.3, -0.15, 0, 0.15, 0.3)))


def held_out(cases: Sequence[Case], ridge: float) -> dict[str, list[tuple[float, bool]]]:
    """By source: (log-odds, label) of each case, from a model fitted without that source."""
    found = {}
    for source in sorted({case.source for case in cases}):
        table = fit_cases([case for case in cases if case.source != source], ridge)
        mine = [case for case in cases if case.source == source]
        found[source] = [(resolving.weigh(case.signs, table), case.true) for case in mine]
    return found


def report(name: str, by_source: Mapping[str, Sequence[tuple[float, bool]]]) -> float:
    pairs = [pair for some in by_source.values() for pair in some]
    start = best_start(pairs)
    precision, recall, score = f1(pairs, start)
    each = ", ".join(f"{source} {f1(some, start)[2]:.3f}" for source, some in by_source.items())
    print(f"{name}: F1 {score:.3f} (precision {precision:.3f}, recall {recall:.3f}) from {start:+.2f}; {each}")
    return start


def openings(rows: Sequence[dict[str, Any]], in_talk: bool) -> list[Case]:
    found = []
    for row, earlier in rooms(rows):
        around = signs_around(row["author"], datetime.fromisoformat(row["time"]), earlier) if in_talk else {}
        found.append(Case(signs(row["text"]) | around, bool(row["starter"]), row["channel"]))
    return found


def said(message: dict[str, Any]) -> resolving.Said:
    return resolving.Said(message["author"], message["text"])


def answers(threads: Sequence[dict[str, Any]]) -> list[Choice]:
    """Threads with one accepted reply among several."""
    found = []
    for thread in threads:
        question, *replies = thread["messages"]
        if len(thread["accepted"]) == 1 and len(replies) > 1:
            chosen = [reply["id"] for reply in replies].index(thread["accepted"][0])
            rivals = reply_signs(said(question), [said(reply) for reply in replies])
            found.append(Choice(rivals, chosen, thread["thread"].rpartition("-")[0]))
    return found


def right(choice: Choice, table: Signs) -> bool:
    scores = [resolving.weigh(rival, table) for rival in choice.rivals]
    return scores.index(max(scores)) == choice.chosen


def solved(threads: Sequence[dict[str, Any]], table: Signs) -> list[Case]:
    found = []
    for thread in threads:
        question, *replies = [said(message) for message in thread["messages"]]
        if replies:
            scores = [resolving.weigh(found, table) for found in reply_signs(question, replies)]
            signs = thread_signs(question, replies, scores)
            found.append(Case(signs, thread["resolved"], thread["thread"].rpartition("-")[0]))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("data", type=Path, help="the folder with questions/ and answers/")
    parser.add_argument("--write", action="store_true", help="write the weights that the bot uses")
    given = parser.parse_args()
    rows = read(given.data / "questions/livechat_dialogs.jsonl")
    threads = read(given.data / "answers/accepted.jsonl")

    alone, in_talk = openings(rows, False), openings(rows, True)
    start_alone = report("opens a thread, by its words", held_out(alone, 10.0))
    start_in_talk = report("opens a thread, in its talk", held_out(in_talk, 10.0))

    choices = answers(threads)
    by_source: dict[str, list[bool]] = defaultdict(list)
    for source in sorted({choice.source for choice in choices}):
        table = fit_choices([c for c in choices if c.source != source], 20.0)
        by_source[source] = [right(c, table) for c in choices if c.source == source]
    hits = [hit for some in by_source.values() for hit in some]
    each = ", ".join(f"{source} {sum(some) / len(some):.3f}" for source, some in by_source.items())
    print(f"the accepted answer: accuracy {sum(hits) / len(hits):.3f} of {len(hits)}; {each}")
    answer = fit_choices(choices, 20.0)
    start_solved = report("solved", held_out(solved(threads, answer), 10.0))
    if given.write:
        tables = {
            "OPENING": fit_cases(alone, 10.0),
            "OPENING_FROM": start_alone,
            "OPENING_IN_TALK": fit_cases(in_talk, 10.0),
            "OPENING_IN_TALK_FROM": start_in_talk,
            "ANSWER": answer,
            "SOLVED": fit_cases(solved(threads, answer), 10.0),
            "SOLVED_FROM": start_solved,
        }
        WEIGHTS.write_text(json.dumps(tables, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
