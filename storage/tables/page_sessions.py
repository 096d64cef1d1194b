"""Invitations to pages, and the sessions of people who came in by one."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.sql.schema import instant


class PageSessionRow(SQLModel, table=True):
    """An invitation to a page (`path`), or a session if that is empty. `hash` is that of the secret. The table's name
    is from an earlier version."""

    __tablename__ = "doors"
    hash: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id")
    path: str
    until: datetime = instant(index=True)
