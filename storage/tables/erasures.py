"""Who was erased, so that a restored backup erases them again."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.sql.schema import instant


class ErasureRow(SQLModel, table=True):
    """An account of an erased person, as a hash, and when that was."""

    __tablename__ = "erasures"
    hash: str = Field(primary_key=True)
    at: datetime = instant()
