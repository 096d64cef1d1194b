"""The fitted weights of detecting.py and resolving.py, from weights.json; `benchmarks/fit_questions.py` writes that."""

import json
from importlib.resources import files
from typing import Any

_fitted: dict[str, Any] = json.loads(files(__package__).joinpath("weights.json").read_text(encoding="utf-8"))
OPENING: dict[str, float] = _fitted["OPENING"]
OPENING_FROM: float = _fitted["OPENING_FROM"]
OPENING_IN_TALK: dict[str, float] = _fitted["OPENING_IN_TALK"]
OPENING_IN_TALK_FROM: float = _fitted["OPENING_IN_TALK_FROM"]
ANSWER: dict[str, float] = _fitted["ANSWER"]
SOLVED: dict[str, float] = _fitted["SOLVED"]
SOLVED_FROM: float = _fitted["SOLVED_FROM"]
