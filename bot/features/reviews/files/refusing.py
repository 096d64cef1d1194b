"""Why a file is not cleaned, and how much it may hold."""

from dataclasses import dataclass, field
from typing import Literal, get_args

Why = Literal[
    "kind", "missing", "locked", "macros", "embedded", "signed", "picture", "large", "slow", "broken", "unknown"
]
"""Why a file cannot be cleaned."""

WHYS: tuple[Why, ...] = get_args(Why)

MOST_BYTES = 10_000_000
"""Bytes of a file."""

MOST_UNPACKED = 4 * MOST_BYTES
"""Bytes of everything that is packed in a file."""

MOST_XML = 24_000_000
"""Those of XML among them: a tree takes about ten times as much memory."""

MOST_PARTS = 4_000


class Uncleanable(Exception):
    """This file cannot be cleaned."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


@dataclass
class Budget:
    """What one file may still unpack to, with the files in it."""

    all: int = MOST_UNPACKED
    xml: int = MOST_XML
    parts: int = MOST_PARTS

    def spend(self, data: bytes, is_xml: bool) -> None:
        """Raises Uncleanable once it is spent."""
        self.all -= len(data)
        self.xml -= len(data) if is_xml else 0
        if self.all < 0 or self.xml < 0:
            raise Uncleanable("large")


@dataclass
class Seen:
    """The texts that remain in a file, which are searched for names. `read`: those among them that people read, as
    paragraphs, cells or pages."""

    texts: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    def add(self, *texts: str | None) -> None:
        """Adds texts of any kind. Those that people read go through `add_read`."""
        self.texts += [text for text in texts if text and not text.isspace()]

    def add_read(self, text: str) -> None:
        self.add(text)
        self.read.append(text)
