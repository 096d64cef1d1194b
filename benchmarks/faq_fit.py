"""Fits the two models of 'Asked before?' (bot/features/faq/asked.py), and evaluates them by five-fold
cross-validation.

    python benchmarks/faq_fit.py DOCS HIDDEN QUERIES
"""

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from benchmarks.faq_bench import Bench, read
from bot.features.faq.asked import evidence

FOLDS = 5
STEADY = 1.0
"""Strength of the L2 penalty; with a thousand queries it matters little."""


def fit(found: Any, known: Any) -> Any:
    """Weights of a logistic model by Newton's method; the last is the intercept. Feature scales do not matter."""
    scale = found.std(axis=0) + 1e-9
    x = np.c_[found / scale, np.ones(len(found))]
    weights = np.zeros(x.shape[1])
    steady = STEADY * np.eye(len(weights))
    steady[-1, -1] = 0
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (p - known) + steady @ weights
        weights -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + steady, slope)
    weights[:-1] /= scale
    return weights


def judge(weights: Any, found: Any) -> Any:
    return 1 / (1 + np.exp(-(found @ weights[:-1] + weights[-1])))


def report(name: str, found: Any, known: Any) -> None:
    parts = np.array([random.Random(n).randrange(FOLDS) for n in range(len(known))])
    p = np.zeros(len(known))
    for part in range(FOLDS):
        p[parts == part] = judge(fit(found[parts != part], known[parts != part]), found[parts == part])
    order = p[known == 1][:, None] - p[known == 0][None, :]
    weights = fit(found, known)
    print(f"{name}: base {weights[-1]:.3f}, weights {np.round(weights[:-1], 3).tolist()}")
    print(f"  AUROC {(order > 0).mean() + (order == 0).mean() / 2:.4f}; by threshold: precision, recall, F1")
    for threshold in (*np.arange(0.3, 0.91, 0.05), 0.95, 0.96, 0.97):
        said = p >= threshold
        right = float((said & (known == 1)).sum())
        precision, recall = right / max(said.sum(), 1), right / known.sum()
        print(f"  {threshold:.2f}  {precision:.3f} {recall:.3f} {2 * right / (said.sum() + known.sum()):.3f}")


def main(docs: Path, hidden: Path, queries: Path) -> None:
    gone = {(course, id) for course, id in json.loads(hidden.read_text(encoding="utf-8"))}
    meaning: list[Sequence[float]] = []
    words: list[Sequence[float]] = []
    known = []
    with Bench() as bench:
        bench.fill([doc for doc in read(docs) if (doc["course"], doc["id"]) not in gone])
        for query, hits in bench.look_up(read(queries)):
            if not hits:
                continue
            meaning.append(evidence(hits))
            known.append(query["asked"])
        for _, hits in bench.look_up(read(queries), by_meaning=False):
            if hits:
                words.append(evidence([replace(hit, cosine=None) for hit in hits]))
            elif len(words) < len(known):
                words.append((0.0, 0.0, 0.0, 0.0))
    report("MEANING", np.array(meaning), np.array(known, float))
    report("WORDS", np.array(words), np.array(known, float))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
