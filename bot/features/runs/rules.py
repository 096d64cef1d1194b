"""Two runs compared: shares with what chance alone would do to them.

Intervals are Wilson's for one share and Newcombe's hybrid for a difference (Newcombe, 1998, methods 3 and 10), at 95 %.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from bot.core.contributions import Measure

Z = 1.96
"""Of a normal distribution, within which 95 % lie."""

LEAST = 10
"""Of fewer people in a run nothing is concluded: the interval is too narrow for a handful."""

FEW = 30
"""Below so many people in one of two runs, most differences are chance."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure of two runs. `between`: by how many percentage points the newer one lies above the earlier, at least
    and at most; None where people are not counted."""

    newer: Measure
    earlier: Measure
    between: tuple[int, int] | None

    @property
    def differs(self) -> bool:
        """Whether chance alone would hardly make this difference."""
        if self.between is None or self._people < LEAST:
            return False
        return not self.between[0] <= 0 <= self.between[1]

    @property
    def few(self) -> bool:
        return self.between is not None and self._people < FEW

    @property
    def _people(self) -> int:
        return min(self.newer.base or 0, self.earlier.base or 0)


def compared(newer: Sequence[Measure], earlier: Sequence[Measure]) -> list[Compared]:
    """What both have, in the order of the newer one."""
    known: Mapping[str, Measure] = {one.name: one for one in earlier}
    return [Compared(one, known[one.name], _between(one, known[one.name])) for one in newer if one.name in known]


def _between(newer: Measure, earlier: Measure) -> tuple[int, int] | None:
    if not (newer.people and earlier.people and newer.base and earlier.base):
        return None
    assert isinstance(newer.value, int)
    assert isinstance(earlier.value, int)
    a, b = newer.value / newer.base, earlier.value / earlier.base
    (a_low, a_high), (b_low, b_high) = wilson(newer.value, newer.base), wilson(earlier.value, earlier.base)
    low = a - b - sqrt((a - a_low) ** 2 + (b_high - b) ** 2)
    high = a - b + sqrt((a_high - a) ** 2 + (b - b_low) ** 2)
    return round(100 * low), round(100 * high)


def wilson(number: int, of: int) -> tuple[float, float]:
    """The interval of a share, each from 0 to 1. `of` is above 0."""
    share, spread = number / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * sqrt(share * (1 - share) / of + spread / (4 * of))
    return middle - half, middle + half
