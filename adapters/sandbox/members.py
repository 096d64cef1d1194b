"""The people and places of the chat."""

import json
import re
from collections.abc import Callable, Iterable

from adapters.sandbox.database import Database
from adapters.sandbox.records import BOT, Human, Room
from adapters.sandbox.refusals import BadAct
from adapters.sandbox.rows import read_human, read_room
from bot.core.time import is_zone

_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


def is_id(text: str) -> bool:
    """Whether a person or a channel may have this id."""
    return bool(_ID.fullmatch(text))


def direct(person: str) -> str:
    """The id of a person's direct conversation."""
    return f"dm:{person}"


class Members:
    """People and places of the chat. `watchers` are functions that are called after each change."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.watchers: list[Callable[[], None]] = []

    def notify(self) -> None:
        """Calls the watchers."""
        for watcher in self.watchers:
            watcher()

    def add_person(self, id: str, name: str, zone: str, title: str = "") -> Human:
        """Adds a person, with a direct conversation with the bot, or changes an existing one.

        Raises BadAct for an id that is not a short word, an empty name or an unknown zone.
        """
        _check_id(id)
        if id == BOT:
            raise BadAct(f"'{BOT}' is the bot itself. Please choose another id.")
        if not name.strip() or len(name) > 80:
            raise BadAct("A name has 1 to 80 characters.")
        if not is_zone(zone):
            raise BadAct(f"'{zone[:40]}' is no time zone. Give one such as Europe/Berlin.")
        with self._db.unit():
            self._db.do(
                "INSERT INTO people (id, name, zone, title, active) VALUES (?, ?, ?, ?, 1) ON CONFLICT (id) DO UPDATE "
                "SET name = excluded.name, zone = excluded.zone, title = excluded.title",
                *(id, name.strip(), zone, title),
            )
            sql = (
                "INSERT OR IGNORE INTO places (id, kind, name, topic, owner) VALUES (?, 'direct', 'Pacekeeper', '', ?)"
            )
            self._db.do(sql, direct(id), id)
        self.notify()
        return self.human(id)

    def add_channel(self, name: str, topic: str = "", members: Iterable[str] | None = None) -> Room:
        """Adds a channel, or changes an existing one. `members` None: everybody is in it."""
        _check_id(name)
        if name == "dm":
            raise BadAct("'dm' stands for one's own conversation with the bot. Please choose another name.")
        inside = None if members is None else json.dumps(sorted(self.human(m).id for m in members))
        sql = (
            "INSERT INTO places (id, kind, name, topic, owner, members) VALUES (?, 'channel', ?, ?, NULL, ?) "
            "ON CONFLICT (id) DO UPDATE SET topic = excluded.topic, members = excluded.members"
        )
        self._db.do(sql, name, name, topic, inside)
        self.notify()
        return self.room(name)

    def remove_channel(self, id: str) -> None:
        """Removes a channel."""
        if self.room(id).kind != "channel":
            raise BadAct(f"'{id}' is no channel.")
        self._db.do("DELETE FROM places WHERE id = ?", id)
        self.notify()

    def remove_member(self, id: str, person: str) -> None:
        """Takes a person out of a channel. A channel that everybody is in stays as it is."""
        room = self.room(id)
        if room.members is not None:
            inside = json.dumps(sorted(room.members - {person}))
            self._db.do("UPDATE places SET members = ? WHERE id = ?", inside, id)
            self.notify()

    def archive_channel(self, id: str, archived: bool = True) -> None:
        """Closes a channel to writing, or opens it again."""
        self._db.do("UPDATE places SET archived = ? WHERE id = ?", archived, id)
        self.notify()

    def deactivate(self, person: str, active: bool = False) -> Human:
        """Closes an account, or opens it again."""
        self.human(person)
        self._db.do("UPDATE people SET active = ? WHERE id = ?", active, person)
        self.notify()
        return self.human(person)

    def set_standing(self, person: str, admin: bool | None = None, groups: Iterable[str] | None = None) -> Human:
        """Sets whether a person administers the chat, and their groups; None leaves either as it is."""
        self.human(person)
        if admin is not None:
            self._db.do("UPDATE people SET admin = ? WHERE id = ?", admin, person)
        if groups is not None:
            self._db.do("UPDATE people SET in_groups = ? WHERE id = ?", json.dumps(sorted(set(groups))), person)
        self.notify()
        return self.human(person)

    def groups(self) -> list[str]:
        """The groups that somebody is in."""
        return sorted({group for human in self.people() for group in human.groups or ()})

    def people(self) -> list[Human]:
        return [read_human(r) for r in self._db.rows("SELECT * FROM people ORDER BY rowid")]

    def human(self, id: str) -> Human:
        """Raises BadAct if nobody has this id."""
        if row := self._db.row("SELECT * FROM people WHERE id = ?", id):
            return read_human(row)
        names = ", ".join(h.id for h in self.people()[:8]) or "nobody is here yet"
        raise BadAct(f"There is no person '{id[:40]}'. Give one of those who are here: {names}.")

    def places(self, person: str | None = None) -> list[Room]:
        """All places, or those that a person is in: channels first, then the direct conversation."""
        # A person is in no direct conversation but their own, so those of the others need not be read.
        mine = "" if person is None else "WHERE owner IS NULL OR owner = ?"
        rows = self._db.rows(f"SELECT * FROM places {mine} ORDER BY kind, rowid", *([] if person is None else [person]))
        rooms = [read_room(r) for r in rows]
        return [r for r in rooms if person is None or r.open_to(person)]

    def to_choose(self, person: str) -> list[Room]:
        """The channels that a person is in and that take posts."""
        return [r for r in self.places(person) if r.kind == "channel" and not r.archived]

    def room_of(self, person: str, id: str) -> Room:
        """A place that a person is in. Raises BadAct."""
        room = self.room(id)
        if not room.open_to(person):
            raise BadAct(f"'{person}' is not in '{id}'. Give a place that they are in.")
        return room

    def room(self, id: str) -> Room:
        """Raises BadAct if there is no such place."""
        if row := self._db.row("SELECT * FROM places WHERE id = ?", id):
            return read_room(row)
        names = ", ".join(r.id for r in self.places() if r.kind == "channel")
        raise BadAct(f"There is no place '{id[:40]}'. Give a channel ({names}) or a direct one such as dm:NAME.")


def _check_id(id: str) -> None:
    if not is_id(id):
        raise BadAct(f"'{id[:40]}' will not do as an id: small letters, digits, '-', '_' and '.', at most 40.")
