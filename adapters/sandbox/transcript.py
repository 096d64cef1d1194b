"""The transcript: everything that happened in the chat, in order, as JSON Lines.

Two runs with one seed give the same bytes: the keys have one order, instants come from the injected clock,
and nothing random (delivery ids, draft ids) is written down.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from adapters.sandbox.database import Database
from adapters.sandbox.records import BOT
from bot.core.time import parse_instant, write_instant

PAGE = 1000
"""Lines read from the file at a time."""


class Transcript:
    def __init__(self, db: Database) -> None:
        self._db = db

    def write(
        self,
        kind: str,
        at: datetime,
        place: str,
        by: str,
        *,
        thread: int | None = None,
        message: int | None = None,
        to: str | None = None,
        text: str = "",
        actions: Iterable[str] = (),
        anchor: str | None = None,
    ) -> None:
        """Adds a line. `seq` is put in front of it when it is read."""
        line = {
            "at": write_instant(at),
            "place": place,
            "thread": thread,
            "message": message,
            "by": by,
            "to": to,
            "kind": kind,
            "text": text,
            "actions": list(actions),
            "anchor": anchor,
        }
        self._db.do("INSERT INTO transcript (line) VALUES (?)", json.dumps(line, ensure_ascii=False)[1:])

    def forget_person(self, person: str) -> None:
        """Empties what a person typed, besides their messages, and what the bot said: it may quote them."""
        for row in self._db.rows("SELECT seq, line FROM transcript"):
            line = json.loads("{" + row["line"])
            typed = line["by"] == person and line["kind"] not in ("said", "edited")
            if typed or line["by"] == BOT:
                emptied = json.dumps({**line, "text": "", "actions": []}, ensure_ascii=False)[1:]
                self._db.do("UPDATE transcript SET line = ? WHERE seq = ?", emptied, row["seq"])

    def read(self, after: int = 0) -> Iterator[str]:
        """The lines whose `seq` is greater than `after`, each with its line break."""
        while rows := self._page(after):
            for seq, line in rows:
                yield f'{{"seq": {seq}, {line}\n'
                after = seq

    def _page(self, after: int) -> Sequence[tuple[int, str]]:
        sql = "SELECT seq, line FROM transcript WHERE seq > ? ORDER BY seq LIMIT ?"
        return [(r["seq"], r["line"]) for r in self._db.rows(sql, after, PAGE)]

    def last(self) -> int:
        """The `seq` of the newest line, 0 if there is none."""
        row = self._db.row("SELECT max(seq) AS n FROM transcript")
        return (row["n"] if row else None) or 0

    def last_at(self) -> datetime | None:
        """When the newest line was written."""
        row = self._db.row("SELECT line FROM transcript ORDER BY seq DESC LIMIT 1")
        return parse_instant(json.loads("{" + row["line"])["at"]) if row else None
