"""What the database holds about a person, as declared by the features: export and erasure."""

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from bot.core.keeping import KeptTable, Through
from bot.core.people import Account, MessageRef, Person
from storage.sql.gone import for_good
from storage.sql.mapper import Mapper
from storage.tables.erasures import ErasureRow
from storage.tables.outbox import RefRow
from storage.tables.people import AccountRow, FormerNameRow, PersonRow

NOBODY = "Somebody"
"""Replaces the name of an erased person in the bot's texts."""

SHORTEST = 2
"""Shorter names are not replaced: they identify nobody, and are also parts of sentences."""

_PERSON = Mapper(Person, PersonRow)


def folded(name: str) -> str:
    """A name without regard to case and accents: 'Inês' is 'ines'."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


class SqlPersonalData:
    """The `PersonalData` of bot/runtime/ports.py, over all declared tables."""

    def __init__(self, session: Session, kept: Sequence[KeptTable]) -> None:
        self._session = session
        self._kept = {k.table: k for k in kept}

    def exists(self, person: int) -> bool:
        return self._session.get(PersonRow, person) is not None

    def named(self, name: str, part: bool = False) -> Sequence[Person]:
        wanted = folded(name)
        rows = self._session.exec(select(PersonRow).order_by(col(PersonRow.id)))
        names = ((row, folded(row.name)) for row in rows)
        return [_PERSON.read(r) for r, n in names if n == wanted or (part and wanted and f" {wanted} " in f" {n} ")]

    def accounts(self, person: int) -> Sequence[Account]:
        query = select(AccountRow).where(AccountRow.person == person)
        return [Account(r.workspace, r.user) for r in self._session.exec(query)]

    def note_erasure(self, account: Account, now: datetime) -> None:
        self._session.merge(ErasureRow(hash=_hash(account), at=now))

    def erasures(self) -> Mapping[str, datetime]:
        return {row.hash: row.at for row in self._session.exec(select(ErasureRow).order_by(col(ErasureRow.at)))}

    def with_hashes(self, hashes: Collection[str]) -> Sequence[int]:
        rows = self._session.exec(select(AccountRow).order_by(col(AccountRow.person)))
        return list(dict.fromkeys(r.person for r in rows if _hash(Account(r.workspace, r.user)) in hashes))

    def rows(self, person: int) -> Iterator[tuple[KeptTable, Sequence[Mapping[str, Any]]]]:
        """The person's rows by declared table, without the columns that name somebody else, and the rows that they were
        shown (`KeptTable.shown_to`, `nameless`, `letters`)."""
        for table, kept in self._personal():
            named = {*kept.names, *kept.quotes, kept.of}
            columns = [c for c in table.c if c.name not in named]
            queries = [sa.select(*_read(kept, columns, kept.of)).where(self._own(kept, person))]
            if (nameless := kept.nameless) is not None:
                read = _read(kept, columns, nameless.column)
                there = table.c[nameless.since].is_not(None) & (table.c[nameless.since] != "")
                queries.append(sa.select(*read).where(table.c[nameless.column] == person, there))
            to_them = [(_read(kept, columns, column), table.c[column] == person) for column in kept.shown_to]
            to_them += [(columns, self._through(table, letter, person)) for letter in kept.letters]
            for read, condition in to_them:
                shown = sa.select(*read, col(PersonRow.name).label(f"{kept.of}_name"))
                of = table.c[kept.of] == PersonRow.id
                queries.append(shown.join(PersonRow, of).where(condition, table.c[kept.of] != person))
            if rows := [dict(row) for query in queries for row in self._session.execute(query).mappings()]:
                self._tell(table, kept, rows)
                yield kept, rows

    def _tell(self, table: sa.Table, kept: KeptTable, rows: Sequence[dict[str, Any]]) -> None:
        """Reads the JSON in the rows, and adds the titles of the rows that they refer to."""
        for row in rows:
            row.update({name: json.loads(row[name]) for name in kept.documents if row.get(name)})
        for column in table.c:
            whole = next((key.column.table for key in column.foreign_keys if "title" in key.column.table.c), None)
            if whole is None or any(column.name not in row for row in rows):
                continue
            (key,) = whole.primary_key.columns
            query = sa.select(key, whole.c.title).where(key.in_({row[column.name] for row in rows}))
            titles = {found[0]: found[1] for found in self._session.execute(query)}
            for row in rows:
                row[f"{column.name}_title"] = titles.get(row[column.name])

    def said(self, person: int) -> Sequence[MessageRef]:
        where = ("workspace", "channel", "message")
        found: dict[MessageRef, None] = {}
        for table, kept in self._personal():
            if kept.table != "refs" and set(where) <= set(table.c.keys()):
                query = sa.select(*(table.c[name] for name in where)).where(self._own(kept, person))
                rows = self._session.execute(query.where(table.c.message.is_not(None), table.c.message != ""))
                found |= {MessageRef(*row): None for row in rows}
        theirs = [ref for ref in found if not self._is_the_bots(ref)]
        return sorted(theirs, key=lambda ref: (len(ref.id), ref.id), reverse=True)

    def _is_the_bots(self, ref: MessageRef) -> bool:
        here = (RefRow.workspace == ref.workspace, RefRow.channel == ref.channel, RefRow.message == ref.id)
        return self._session.exec(select(RefRow.anchor).where(*here).limit(1)).first() is not None

    def counts(self, person: int) -> Mapping[str, int]:
        """Table -> how many rows are the person's or letters to them, as `erase` takes them; without empty tables."""
        found = {}
        for table, kept in self._personal():
            query = sa.select(sa.func.count()).select_from(table).where(self._gone(kept, person))
            if number := self._session.execute(query).scalar_one():
                found[kept.table] = number
        return found

    def erase(self, person: int) -> None:
        """Deletes and empties the rows as declared, parts before the rows that they belong to."""
        self._session.flush()
        self._unname(person)
        for table, kept in reversed(list(self._personal())):
            if kept.erasure == "deleted":
                self._session.execute(sa.delete(table).where(self._gone(kept, person)))
            elif kept.blank:
                self._session.execute(sa.update(table).where(self._gone(kept, person)).values(dict(kept.blank)))
        self._session.expire_all()
        for_good(self._session)

    def _unname(self, person: int) -> None:
        """Replaces the person's names in the bot's texts, in everybody's rows."""
        former = self._session.exec(select(FormerNameRow.name).where(FormerNameRow.person == person))
        for name in {self._session.get_one(PersonRow, person).name, *former}:
            if len(name) >= SHORTEST:
                self._replace(name)

    def _replace(self, name: str) -> None:
        for kept in self._kept.values():
            table = SQLModel.metadata.tables[kept.table]
            for quoting in kept.quotes:
                (key,) = table.primary_key.columns
                column = table.c[quoting]
                inside = json.dumps(name, ensure_ascii=False)[1:-1]
                word = re.compile(rf"(?<!\w){re.escape(inside)}(?!\w)")
                query = sa.select(key, column).where(column.contains(inside, autoescape=True))
                for id, text in self._session.execute(query).all():
                    change = sa.update(table).where(key == id).values({quoting: word.sub(NOBODY, text)})
                    self._session.execute(change)

    def _personal(self) -> Iterator[tuple[sa.Table, KeptTable]]:
        """The tables about people, each after those that it refers to."""
        for table in SQLModel.metadata.sorted_tables:
            kept = self._kept.get(table.name)
            if kept is not None and kept.is_personal:
                yield table, kept

    def _own(self, kept: KeptTable, person: int) -> sa.ColumnElement[bool]:
        table = SQLModel.metadata.tables[kept.table]
        columns = table.c
        conditions = [columns[kept.of] == person] if kept.of else []
        conditions += [self._through(table, rows, person) for rows in kept.also]
        unset: list[sa.ColumnElement[bool]] = []
        for column, whole in kept.part_of.items():
            (key,) = SQLModel.metadata.tables[whole].primary_key.columns
            own = sa.select(key).where(self._own(self._kept[whole], person))
            conditions.append(sa.and_(columns[column].in_(own), *unset))
            unset.append(columns[column].is_(None))
        return sa.or_(*conditions)

    def _gone(self, kept: KeptTable, person: int) -> sa.ColumnElement[bool]:
        """What erasure takes: a person's own rows, letters to them, and the parts of both."""
        table = SQLModel.metadata.tables[kept.table]
        conditions = [self._own(kept, person)]
        conditions += [self._through(table, letter, person) for letter in kept.letters]
        for column, whole in kept.part_of.items():
            parents = SQLModel.metadata.tables[whole]
            (key,) = parents.primary_key.columns
            letters = [self._through(parents, letter, person) for letter in self._kept[whole].letters]
            conditions += [table.c[column].in_(sa.select(key).where(letter)) for letter in letters]
        return sa.or_(*conditions)

    def _through(self, table: sa.Table, rows: Through, person: int) -> sa.ColumnElement[bool]:
        whole = SQLModel.metadata.tables[rows.table]
        (key,) = whole.primary_key.columns
        within = [_one_of(whole.c[column], values) for column, values in rows.within.items()]
        own = sa.select(key).where(self._own(self._kept[rows.table], person), *within)
        when = [_one_of(table.c[column], values) for column, values in rows.when.items()]
        return sa.and_(table.c[rows.column].in_(own), *when)


def _one_of(column: sa.Column[Any], values: Sequence[object]) -> sa.ColumnElement[bool]:
    return sa.or_(*(column == value for value in values))


def _hash(account: Account) -> str:
    return sha256(f"{account.workspace}/{account.user}".encode()).hexdigest()


def _read(kept: KeptTable, columns: Sequence[sa.Column[Any]], reader: str) -> list[sa.Column[Any]]:
    return [c for c in columns if kept.is_read(c.name, reader)]
