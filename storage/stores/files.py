"""Files that people uploaded."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import col, select

from bot.core.forms import Upload
from storage.sql.store import Store
from storage.tables.files import FileRow


class SqlFiles(Store):
    """The `Files` of bot/runtime/ports.py, over a table."""

    def keep(self, person: int, upload: Upload, now: datetime) -> int:
        return self._add(FileRow(person=person, name=upload.name, data=upload.data, at=now)).id

    def load(self, files: Collection[int]) -> Mapping[int, bytes]:
        if not files:
            return {}
        query = select(FileRow.id, FileRow.data).where(col(FileRow.id).in_(files))
        return {id: data for id, data in self._session.exec(query) if id is not None}

    def drop(self, file: int) -> None:
        self._delete(FileRow, FileRow.id == file)
