"""Files that people uploaded."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.core.forms import Upload
from storage.tables.files import FileRow


class SqlFiles:
    """The `Files` of bot/runtime/ports.py, over a table."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, person: int, upload: Upload, now: datetime) -> int:
        row = FileRow(person=person, name=upload.name, data=upload.data, at=now)
        self._session.add(row)
        self._session.flush()
        return row.id

    def load(self, files: Collection[int]) -> Mapping[int, bytes]:
        if not files:
            return {}
        query = select(FileRow.id, FileRow.data).where(col(FileRow.id).in_(files))
        return {id: data for id, data in self._session.exec(query) if id is not None}

    def drop(self, file: int) -> None:
        self._session.exec(delete(FileRow).where(col(FileRow.id) == file))
