"""What is handed to the bot: kept, so that it can be handed over again in the same words."""

from adapters.sandbox.database import Database
from adapters.sandbox.records import Delivered
from adapters.sandbox.rows import read_delivered


class Deliveries:
    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, delivery: str) -> Delivered | None:
        """What was handed to the bot under a delivery id."""
        row = self._db.row("SELECT * FROM deliveries WHERE delivery = ?", delivery)
        return read_delivered(row) if row else None

    def next_interaction(self) -> str:
        """An id for an interaction that brought none: the same in every run of the same acts."""
        row = self._db.row("SELECT max(seq) AS n FROM deliveries")
        return f"~{((row['n'] if row else None) or 0) + 1}"

    def add(self, delivery: str | None, person: str, do: str, event: str | None, message: int | None) -> Delivered:
        """Notes what is about to be handed to the bot. It counts as taken once `taken` says so."""
        sql = "INSERT INTO deliveries (delivery, person, do, event, message, taken) VALUES (?, ?, ?, ?, ?, ?)"
        seq = self._db.do(sql, delivery, person, do, event, message, event is None)
        return Delivered(seq, person, do, event, message)

    def taken(self, seq: int) -> None:
        """The bot has it."""
        self._db.do("UPDATE deliveries SET taken = 1 WHERE seq = ?", seq)

    def forget(self, message: int) -> None:
        """A message was deleted: what it said is not handed over any more."""
        sql = "UPDATE deliveries SET event = NULL, taken = 1 WHERE message = ? AND do IN ('say', 'edit')"
        self._db.do(sql, message)

    def answered(self, seq: int, event: str) -> None:
        """The bot knows it by its key now: what was typed need not be kept here."""
        self._db.do("UPDATE deliveries SET event = ? WHERE seq = ?", event, seq)

    def waiting(self) -> list[Delivered]:
        """What the bot has not taken yet, oldest first."""
        return [read_delivered(r) for r in self._db.rows("SELECT * FROM deliveries WHERE taken = 0 ORDER BY seq")]
