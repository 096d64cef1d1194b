"""Codes that a person can read out and type."""

from collections.abc import Callable, Sequence

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without letters and digits that are easily confused."""


def new_code(choose: Callable[[Sequence[str]], str], length: int) -> str:
    """A code of `length` letters; `choose` picks one of several."""
    return "".join(choose(LETTERS) for _ in range(length))


def grouped(code: str) -> str:
    """Groups a code for reading: 'ABCD-EFGH-JKMN'."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def typed(text: str) -> str:
    """Normalizes a code as typed: upper case, letters and digits only."""
    return "".join(c for c in text.upper() if c.isalnum())
