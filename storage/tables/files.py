"""Files that people uploaded."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, number


class FileRow(SQLModel, table=True):
    __tablename__ = "files"
    id: int = number()
    person: int = Field(foreign_key="people.id", index=True)
    name: str
    data: bytes = Field(sa_type=LargeBinary)
    at: datetime = instant(index=True)
