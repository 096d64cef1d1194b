"""Tells buttons of one message apart that would have the same label."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from bot.core.message import Button


class Labels:
    """The labels of one message, each used once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, label: str) -> None:
        self._taken.add(label)

    def once(self, button: Button, mark: str = "") -> Button:
        """The button; if its label is used already, with `mark`, and with a number if that is used, too."""
        label = next(one for one in _labels(button.label, mark) if one not in self._taken)
        self.take(label)
        return replace(button, label=label)


def _labels(label: str, mark: str) -> Iterator[str]:
    yield label
    if mark:
        yield f"{label} ({mark})"
    yield from (f"{label} ({mark}, {n})" if mark else f"{label} ({n})" for n in count(2))
