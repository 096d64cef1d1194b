"""Actions: what a button, a select or a form does, written into the platform's message and nothing else.

An action lives as long as the message that carries it: weeks and restarts later it must still work, so it
holds all that is needed to find its subject again, and nothing of it is kept in memory.
"""

from dataclasses import dataclass

LIMIT = 90
"""Characters that the narrowest platform leaves for an action, less its own prefix."""


@dataclass(frozen=True, slots=True)
class Action:
    """`feature.name/version/cohort:subject`. The cohort decides which roles the presser has; a subject of several
    parts has dots between them."""

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
        """Reads an action back; None where it is not one of ours."""
        head, slash, rest = text.partition("/")
        version, slash2, tail = rest.partition("/")
        feature, dot, name = head.partition(".")
        cohort, colon, subject = tail.partition(":")
        number, home = read_number(version), read_number(cohort)
        if not (slash and slash2 and dot and colon) or number is None or home is None:
            return None
        return cls(feature, name, home, subject, number)


def read_number(text: str) -> int | None:
    """The number that a subject, or a part of it, stands for; None where it is none that we ever wrote.

    What comes in was on somebody's screen, so it may be anything: digits of other scripts, or more of them than a
    database takes.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
