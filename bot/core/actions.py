"""Actions: what a button, a select or a form does, encoded in the platform's message and stored nowhere else.

An action must work weeks and restarts later, as long as its message exists. So it contains everything that is needed to
find its subject.
"""

from dataclasses import dataclass
from datetime import datetime

LIMIT = 90
"""Maximum characters of an action: what the narrowest platform allows, minus the adapter's own prefix."""


@dataclass(frozen=True, slots=True)
class Action:
    """`feature.name/version/cohort:subject`. The cohort determines which roles count. Parts of a subject are separated
    by dots."""

    feature: str
    name: str
    cohort: int = 0
    subject: str = ""
    version: int = 1

    def encode(self) -> str:
        """The action as text. Raises ValueError when it is longer than `LIMIT`."""
        text = f"{self.feature}.{self.name}/{self.version}/{self.cohort}:{self.subject}"
        if len(text) > LIMIT:
            raise ValueError(f"The action {text!r} is longer than {LIMIT} characters.")
        return text

    @classmethod
    def decode(cls, text: str) -> "Action | None":
        """Decodes an action; None if the text is not one of ours."""
        head, slash, rest = text.partition("/")
        version, slash2, tail = rest.partition("/")
        feature, dot, name = head.partition(".")
        cohort, colon, subject = tail.partition(":")
        number, home = read_number(version), read_number(cohort)
        if not (slash and slash2 and dot and colon) or number is None or home is None:
            return None
        return cls(feature, name, home, subject, number)


def read_number(text: str) -> int | None:
    """The number in a subject or in a part of it; None if we never wrote such a number.

    The text was on somebody's screen, so it may be anything: digits of other scripts, or more of them than a database
    takes.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def stamp(at: datetime) -> str:
    """An instant to the second, short enough for an action."""
    return f"{int(at.timestamp()):x}"


def read_stamp(text: str) -> int:
    """The seconds of a stamp; 0 if it is none."""
    return int(text, 16) if len(text) <= 9 and set(text) <= set("0123456789abcdef") and text else 0
