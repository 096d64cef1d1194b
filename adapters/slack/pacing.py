"""Keeps calls below Slack's rate limits.

https://docs.slack.dev/apis/web-api/rate-limits/: one message per second and channel; the other methods by tiers of
calls per minute and workspace.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """`a_minute` calls on average, of which `at_once` may come in one burst."""

    a_minute: float
    at_once: int = 1


POST = Rate(60)
"""Messages in one channel: one a second."""

TIER_2 = Rate(20, 5)
TIER_3 = Rate(50, 15)
TIER_4 = Rate(100, 40)
EVERYWHERE = Rate(300, 60)
"""Messages in a workspace: 'several hundred' a minute."""


class Pace:
    """Token buckets: how long a call of each kind has to wait.

    A bucket stores the instant at which it will be empty, so no timer is needed. `now` counts seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._empty_at: dict[str, float] = {}
        self._held_until: dict[str, float] = {}

    def wait(self, *rates: tuple[str, Rate], patience: float = 0.0) -> float:
        """Seconds until a call that counts in all these buckets may be made. It is counted if they are no more than
        `patience`: whoever comes first goes first."""
        now = self._now()
        needed = self.held(*rates)
        for key, rate in rates:
            early = self._empty_at.get(key, now) - now - (rate.at_once - 1) * 60 / rate.a_minute
            needed = max(needed, early)
        if needed <= patience:
            for key, rate in rates:
                self._empty_at[key] = max(now, self._empty_at.get(key, now)) + 60 / rate.a_minute
        return max(0.0, needed)

    def held(self, *rates: tuple[str, Rate]) -> float:
        """Seconds for which Slack asked us to wait."""
        now = self._now()
        return max(0.0, *(self._held_until.get(key, now) - now for key, _ in rates))

    def hold(self, key: str, seconds: float) -> None:
        """Blocks a bucket because Slack asked us to wait."""
        self._held_until[key] = self._now() + seconds

    def forget(self) -> None:
        """Removes empty buckets."""
        now = self._now()
        for table in (self._empty_at, self._held_until):
            for key in [k for k, at in table.items() if at <= now]:
                del table[key]
