"""Files that people uploaded."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from bot.core.codec import load_form
from bot.core.forms import Kept, Upload, UploadField
from storage.sql.schema import Utc
from storage.sql.statements import Query
from storage.sql.store import Store
from storage.tables.files import FileRow
from storage.tables.inbox import DraftRow

UNUSED = timedelta(days=30)
"""How long a file is kept that came with a form or a command that nobody finished."""

_OLD = Query(select(FileRow.id).where(FileRow.at < sa.bindparam("before", type_=Utc)))


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

    def forget(self, now: datetime) -> None:
        unused = set(_OLD.all(self._session, before=now - UNUSED))
        if unused:
            unused -= {kept.file for text in self._stored() if (kept := Kept.read(text))}
        if unused:
            unused -= {kept.file for text in self._typed(unused) if (kept := Kept.read(text))}
            self._delete(FileRow, col(FileRow.id).in_(unused))

    def _stored(self) -> Iterator[str]:
        """The values of all columns that name a file: those called `file`, each with an index of its values."""
        for table in SQLModel.metadata.sorted_tables:
            if "file" in table.columns:
                named = table.columns["file"] != sa.literal_column("''")
                yield from self._session.scalars(sa.select(table.columns["file"]).where(named))

    def _typed(self, files: Collection[int]) -> Iterator[str]:
        """What the kept forms of these files' owners have in their upload fields."""
        owners = select(FileRow.person).where(col(FileRow.id).in_(files))
        for draft in self._session.exec(select(DraftRow).where(col(DraftRow.person).in_(owners))):
            values = json.loads(draft.values_json)
            for field in load_form(draft.form).fields:
                if isinstance(field, UploadField):
                    yield field.value
                    yield values.get(field.name, "")
