"""Which process holds the database."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.core.time import say_here
from storage.sql.schema import instant


class LeaseRow(SQLModel, table=True):
    """`machine` names the system in which `pid` is valid; `host` is for people."""

    __tablename__ = "leases"
    role: str = Field(primary_key=True)
    holder: str
    host: str
    machine: str
    pid: int
    since: datetime = instant()
    beat: int = 0

    def __str__(self) -> str:
        return f"on {self.host} (process {self.pid}), since {say_here(self.since)}"
