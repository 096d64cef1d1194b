"""Lists of words, one file each: first names, and words that are neither names nor secrets."""

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=16)
def listed(name: str) -> frozenset[str]:
    """The words of a list, in lower case."""
    return frozenset(files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8").lower().split())
