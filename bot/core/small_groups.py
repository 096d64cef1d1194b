"""Numbers that tell nothing about a few people."""

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")


def disclosable(numbers: Mapping[K, int], of: int, smallest: int) -> dict[K, int]:
    """Those numbers of people that are not about fewer than `smallest`, also where they are subtracted from `of`."""
    shown = {key: n for key, n in numbers.items() if n >= smallest and not 0 < of - n < smallest}
    while shown and 0 < of - sum(shown.values()) < smallest:
        del shown[min(shown, key=lambda key: shown[key])]
    return shown
