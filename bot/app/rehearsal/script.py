"""The transcript's lines as values."""

import json
from dataclasses import dataclass
from datetime import datetime

from bot.core.time import parse_instant

BOT = "bot"
DIRECT = "dm:"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened in the chat: see docs/INTERFACE.md."""

    seq: int
    at: datetime
    place: str
    thread: int | None
    message: int | None
    by: str
    to: str | None
    kind: str
    text: str
    actions: tuple[str, ...]
    anchor: str | None

    @property
    def reader(self) -> str | None:
        """The only person who sees the line: of a direct message or a whisper."""
        return self.to or (self.place.removeprefix(DIRECT) if self.place.startswith(DIRECT) else None)

    @property
    def heading(self) -> str:
        """Its first line."""
        return self.text.partition("\n")[0]

    def action(self, name: str) -> str | None:
        """The action of the first control with this name, such as `wrapups.answer`."""
        return next((a for a in self.actions if a.startswith(f"{name}/")), None)


def read(text: str) -> Line:
    """Parses a line of the transcript."""
    d = json.loads(text)
    return Line(
        d["seq"],
        parse_instant(d["at"]),
        d["place"],
        d["thread"],
        d["message"],
        d["by"],
        d["to"],
        d["kind"],
        d["text"],
        tuple(d["actions"]),
        d["anchor"],
    )
