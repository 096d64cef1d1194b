"""How much the tests try at random: `make test` a quarter of what `THOROUGH=1 make test` does.

Only the number of examples, seeds and settings depends on it. Every test runs in both.
"""

import os

THOROUGH = os.environ.get("THOROUGH", "") not in ("", "0")


def tries(number: int) -> int:
    """How many of `number` examples or seeds to try, at least one."""
    return number if THOROUGH else -(-number // 4)
