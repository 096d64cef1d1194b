"""Pacing: below Slack's rates before Slack says so.

https://docs.slack.dev/apis/web-api/rate-limits/: a message a second in a channel, the other methods by tiers of calls
a minute and workspace.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """`a_minute` calls on average, `at_once` of them without a pause."""

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
    """Says for each kind of call how long it has to wait.

    A bucket keeps the instant at which it would be empty again; nothing has to run for that. `now` counts seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._empty_at: dict[str, float] = {}
        self._held_until: dict[str, float] = {}

    def wait(self, *rates: tuple[str, Rate]) -> float:
        """Seconds until a call may go out that counts in all these buckets; 0: now, and it is counted."""
        now = self._now()
        needed = 0.0
        for key, rate in rates:
            early = self._empty_at.get(key, now) - now - (rate.at_once - 1) * 60 / rate.a_minute
            needed = max(needed, early, self._held_until.get(key, now) - now)
        if needed > 0:
            return needed
        for key, rate in rates:
            self._empty_at[key] = max(now, self._empty_at.get(key, now)) + 60 / rate.a_minute
        return 0.0

    def hold(self, key: str, seconds: float) -> None:
        """Slack asks to wait."""
        self._held_until[key] = self._now() + seconds

    def forget(self) -> None:
        """Lets go of buckets that are empty again."""
        now = self._now()
        for table in (self._empty_at, self._held_until):
            for key in [k for k, at in table.items() if at <= now]:
                del table[key]
