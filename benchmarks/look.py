"""How well `pacekeeper look` groups questions and judges calls.

    python benchmarks/look.py [GROUPING...] [--json]

GROUPING: JSON Lines of {id, text, cluster}; without any, those of ../shared/data/faq/grouping, if they are there. Calls
are the labelled ones of tests/looked. Precision and recall are of pairs of questions; `pure` is the share of questions
in groups of three or more that belong to the most of their group.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.app.look.questions import group_up
from storage.search.model import Model, is_installed
from tests.test_look import LABELLED, judged

DATA = Path(os.environ.get("PACEKEEPER_SHARED") or Path(__file__).parents[2] / "shared") / "data" / "faq" / "grouping"


def grouping(rows: Sequence[dict[str, Any]], model: Model | None) -> dict[str, float]:
    groups = group_up([row["text"] for row in rows], model)
    clusters = [[rows[n]["cluster"] for n in group] for group in groups]
    pairs = [a == b for group in clusters for a, b in combinations(group, 2)]
    there = sum(n * (n - 1) // 2 for n in Counter(row["cluster"] for row in rows).values())
    large = [group for group in clusters if len(group) >= 3]
    pure = sum(Counter(group).most_common(1)[0][1] for group in large)
    return {
        "groups": len(groups),
        "precision": round(sum(pairs) / (len(pairs) or 1), 3),
        "recall": round(sum(pairs) / (there or 1), 3),
        "of_three": len(large),
        "pure": round(pure / (sum(map(len, large)) or 1), 3),
    }


def calls() -> dict[str, int]:
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        verdicts = [(row["label"], judged(Path(folder), row).verdict) for row in rows]
    unclear = sum(verdict == "unclear" for _, verdict in verdicts)
    return {"calls": len(rows), "right": sum(a == b for a, b in verdicts), "unclear": unclear}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("grouping", type=Path, nargs="*")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    files = given.grouping or sorted(DATA.glob("*.jsonl"))
    if not files:
        print(f"No labelled questions in {DATA}: grouping is not measured.", file=sys.stderr)
    models = {"words": None, **({"meaning": Model()} if is_installed() else {})}
    found: dict[str, Any] = {"calls": calls()}
    for file in files:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        found[file.stem] = {name: grouping(rows, model) for name, model in models.items()}
    if given.json:
        print(json.dumps(found, indent=2))
        return
    one = found.pop("calls")
    said = one["calls"] - one["unclear"]
    print(f"calls: {one['right']} of {said} right, {one['unclear']} of {one['calls']} unclear")
    for name, ways in found.items():
        for way, figures in ways.items():
            print(f"{name} by {way}: " + ", ".join(f"{key} {value}" for key, value in figures.items()))


if __name__ == "__main__":
    main()
