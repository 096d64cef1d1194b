"""Measures how the cost of work grows with its input, in CPU time of this process.

A busy machine slows everything alike, so each figure is the least of several and the verdict is a ratio: four times
the input costs four times as much for linear work, and sixteen times for quadratic work.
"""

import signal
import time
from collections.abc import Callable
from types import FrameType

NOTHING = 0.02
"""CPU seconds that count as nothing. Some clocks tick every 4 ms."""

MOST_GROWTH = 9.0
LITTLE_GROWTH = 6.0
"""Growth up to this ratio is linear, even if the smaller figure came out twice too large."""

MOST_SECONDS = 1.0
LONGEST = 10.0
"""Longest time in seconds for work on large input."""

CUBE = 64
"""Cost ratio of four times the input for cubic work."""


class TooLong(Exception):
    """It took longer than anything may."""


def seconds(work: Callable[[], object], times: int = 1, most: float = MOST_SECONDS) -> float:
    """The least CPU seconds that the work takes. Raises TooLong after `most`."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    least = most
    try:
        for _ in range(times):
            signal.setitimer(signal.ITIMER_PROF, most)
            begun = time.process_time()
            work()
            least = min(least, time.process_time() - begun)
            signal.setitimer(signal.ITIMER_PROF, 0)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return least


def growth(work: Callable[[int], object], small: int, factor: int = 16) -> str:
    """Explains superlinear growth from `small` to `factor` times that; '' if there is none. Linear work costs at most
    `factor` times as much, quadratic work `factor` squared; the threshold lies between."""
    try:
        large = seconds(lambda: work(small * factor), 2, LONGEST)
        if large < NOTHING:
            return ""
        # Several at once, for a clock that ticks seldom.
        times = max(1, factor // 2)
        little = seconds(lambda: [work(small) for _ in range(times)], 3, LONGEST) / times
    except TooLong:
        return f"more than {LONGEST:.0f} s for {small * factor:,}"
    if large < factor**1.5 * little:
        return ""
    return f"{large * 1000:.1f} ms for {small * factor:,}, {little * 1000:.2f} ms for {small:,}"


def grows_too_fast(work: Callable[[str], object], short: str, long: str) -> str:
    """Explains superlinear growth from a text to one of four times its length; '' if there is none."""
    try:
        first = seconds(lambda: work(short))
        if first * CUBE < NOTHING:
            return ""
        once = seconds(lambda: work(long))
        if once < NOTHING or once < LITTLE_GROWTH * first:
            return ""
        much = min(once, seconds(lambda: work(long), 5))
        # Several at once, for a clock that ticks seldom.
        little = seconds(lambda: [work(short) for _ in range(8)], 3) / 8
    except TooLong:
        return f"more than {MOST_SECONDS:.0f} s for {len(long):,} characters"
    if much < NOTHING or much < MOST_GROWTH * little:
        return ""
    return f"{much * 1000:.1f} ms for {len(long):,} characters, {little * 1000:.2f} ms for {len(short):,}"
