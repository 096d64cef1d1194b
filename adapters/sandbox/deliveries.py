"""Events that were handed to the bot, stored so that the same event can be handed over again."""

from adapters.sandbox.database import Database
from adapters.sandbox.records import Delivered
from adapters.sandbox.rows import read_delivered


class Deliveries:
    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, delivery: str) -> Delivered | None:
        """The event that was handed to the bot under a delivery id."""
        row = self._db.row("SELECT * FROM deliveries WHERE delivery = ?", delivery)
        return read_delivered(row) if row else None

    def next_interaction(self) -> str:
        """An id for an interaction without one. The same acts get the same ids in every run."""
        row = self._db.row("SELECT max(seq) AS n FROM deliveries")
        return f"~{((row['n'] if row else None) or 0) + 1}"

    def add(self, delivery: str | None, person: str, do: str, event: str | None, message: int | None) -> Delivered:
        """Stores an event before it is handed to the bot. `taken` marks it as received."""
        sql = "INSERT INTO deliveries (delivery, person, do, event, message, taken) VALUES (?, ?, ?, ?, ?, ?)"
        seq = self._db.do(sql, delivery, person, do, event, message, event is None)
        return Delivered(seq, person, do, event, message)

    def taken(self, seq: int) -> None:
        """Marks an event as received by the bot."""
        self._db.do("UPDATE deliveries SET taken = 1 WHERE seq = ?", seq)

    def forget(self, message: int) -> None:
        """Removes the events of a deleted message, so that its text is not handed over any more."""
        sql = "UPDATE deliveries SET event = NULL, taken = 1 WHERE message = ? AND do IN ('say', 'edit')"
        self._db.do(sql, message)

    def forget_taken(self) -> None:
        """Removes the events that the bot has received: each may have what a person typed, or the name of another."""
        self._db.do("UPDATE deliveries SET event = NULL WHERE taken = 1")

    def answered(self, seq: int, event: str) -> None:
        """Replaces an answered event: the bot knows its key, so the typed text need not be kept here."""
        self._db.do("UPDATE deliveries SET event = ? WHERE seq = ?", event, seq)

    def waiting(self) -> list[Delivered]:
        """The events that the bot has not received yet, oldest first."""
        return [read_delivered(r) for r in self._db.rows("SELECT * FROM deliveries WHERE taken = 0 ORDER BY seq")]
