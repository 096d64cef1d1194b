"""A small chat service: people, places, messages, reactions. It knows nothing of courses.

Everything is stored in its own file and survives a restart. A person's invalid act raises BadAct; the bot's invalid
calls raise the delivery errors of bot.core.errors.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from adapters.sandbox.database import Database
from adapters.sandbox.deliveries import Deliveries
from adapters.sandbox.faults import Faults
from adapters.sandbox.members import Members, direct
from adapters.sandbox.records import BOT, OpenForm, Post, Room
from adapters.sandbox.refusals import BadAct
from adapters.sandbox.rows import read_form, read_post, read_room
from adapters.sandbox.transcript import Transcript
from bot.core.codec import dump_form, dump_message
from bot.core.errors import Blocked, PersonGone, PlaceGone, TargetGone
from bot.core.events import Medium
from bot.core.forms import Form
from bot.core.message import Message
from bot.core.plain import plain
from bot.core.ports import Delivery
from bot.core.time import parse_instant, write_instant


class Platform(Members):
    """The chat service over one file (`path` None: in memory). `now` is the clock that it writes by. Without `keys` it
    posts what is delivered twice twice, as other chat services do.

    Used from one thread.
    """

    def __init__(self, path: Path | None, now: Callable[[], datetime], keys: bool = True) -> None:
        super().__init__(Database(path))
        self.now = now
        self._keys = keys
        self.faults = Faults()
        self.transcript = Transcript(self._db)
        self.deliveries = Deliveries(self._db)

    def close(self) -> None:
        self._db.close()

    def throw_away(self) -> None:
        """Makes commits fast, for a file that need not outlive this process (a rehearsal)."""
        self._db.throw_away()

    def unit(self) -> AbstractContextManager[None]:
        """A transaction."""
        return self._db.unit()

    # Messages

    def say(self, person: str, place: str, text: str, thread: int | None = None, medium: Medium = "text") -> Post:
        """A person's message."""
        with self.unit():
            post = self._insert(place, thread, person, text=text, medium=medium)
            self.record("said", post, person, text if medium == "text" else f"[{medium}] {text}".rstrip())
        self.notify()
        return post

    def rewrite(self, post: Post, text: str) -> Post:
        """Changes the text of a person's message."""
        with self.unit():
            self._change(post.id, "text = ?, revision = revision + 1", text)
            self.record("edited", post, post.by, text)
        self.notify()
        return self.post(post.id)

    def erase(self, post: Post) -> None:
        """Deletes a person's message. A tombstone stays, so that its thread keeps its place."""
        with self.unit():
            self._blank(post)
            self.deliveries.forget(post.id)
            self.record("deleted", post, post.by)
        self.notify()

    def react(self, post: Post, by: str, emoji: str, on: bool) -> int | None:
        """Adds or removes a reaction. Returns a number that grows with each change, None if nothing changed."""
        with self.unit():
            there = self._db.row(
                "SELECT id FROM reactions WHERE message = ? AND emoji = ? AND person = ?", post.id, emoji, by
            )
            if bool(there) == on:
                return None
            if on:
                sql = "INSERT INTO reactions (message, emoji, person) VALUES (?, ?, ?)"
            else:
                sql = "DELETE FROM reactions WHERE message = ? AND emoji = ? AND person = ?"
            self._db.do(sql, post.id, emoji, by)
            turn = self._change(post.id, "text = text")
            self.record("reacted" if on else "unreacted", post, by, emoji)
        self.notify()
        return turn

    def record(self, kind: str, post: Post, by: str, text: str = "", actions: Iterable[str] = ()) -> None:
        """Writes into the transcript what somebody did with a message."""
        more = {"to": post.to, "anchor": post.anchor} if by == BOT else {}
        write, at = self.transcript.write, self.now()
        write(kind, at, post.place, by, thread=post.thread, message=post.id, text=text, actions=actions, **more)

    def post(self, id: int) -> Post:
        """Raises BadAct if no message has this id."""
        if row := self._db.row("SELECT * FROM messages WHERE id = ?", id):
            return read_post(row)
        raise BadAct(f"There is no message {id}.")

    def sees(self, person: str, post: Post) -> bool:
        return post.to in (None, person) and self.room(post.place).open_to(person)

    def posts(
        self,
        place: str,
        person: str,
        *,
        after: int = 0,
        before: int | None = None,
        limit: int = 200,
        roots: bool = False,
    ) -> list[Post]:
        """The latest `limit` messages of a place that a person sees, with ids between the bounds, oldest first."""
        sql = (
            "SELECT * FROM messages WHERE place = ? AND id > ? AND id < ? AND (recipient IS NULL OR recipient = ?)"
            f"{' AND thread IS NULL' if roots else ''} ORDER BY id DESC LIMIT ?"
        )
        rows = self._db.rows(sql, place, after, before or 2**62, person, limit)
        return [read_post(r) for r in reversed(rows)]

    def thread(self, root: int, person: str) -> list[Post]:
        """The replies in a thread that a person sees, oldest first."""
        sql = "SELECT * FROM messages WHERE thread = ? AND (recipient IS NULL OR recipient = ?) ORDER BY id"
        return [read_post(r) for r in self._db.rows(sql, root, person)]

    def changes(self, person: str, after: int, limit: int = 200) -> list[Post]:
        """The messages that a person sees and that changed since the change with number `after`, in that order."""
        rooms = [r.id for r in self.places(person)]
        sql = (
            f"SELECT * FROM messages WHERE changed > ? AND place IN ({', '.join('?' * len(rooms))}) "
            "AND (recipient IS NULL OR recipient = ?) ORDER BY changed LIMIT ?"
        )
        return [read_post(r) for r in self._db.rows(sql, after, *rooms, person, limit)]

    def latest_change(self) -> int:
        row = self._db.row("SELECT max(changed) AS n FROM messages")
        return (row["n"] if row else None) or 0

    def latest(self, place: str) -> int:
        """The id of the newest message of a place, 0 if there is none."""
        row = self._db.row("SELECT max(id) AS n FROM messages WHERE place = ?", place)
        return (row["n"] if row else None) or 0

    def reactions(self, ids: Sequence[int]) -> dict[int, dict[str, list[str]]]:
        """Message -> emoji -> who, in the order in which they came."""
        found: dict[int, dict[str, list[str]]] = {}
        for part in _parts(ids):
            sql = f"SELECT * FROM reactions WHERE message IN ({', '.join('?' * len(part))}) ORDER BY id"
            for r in self._db.rows(sql, *part):
                found.setdefault(r["message"], {}).setdefault(r["emoji"], []).append(r["person"])
        return found

    def replies(self, ids: Sequence[int]) -> dict[int, int]:
        """Message -> number of replies, without whispers and deleted ones."""
        found: dict[int, int] = {}
        for part in _parts(ids):
            sql = (
                f"SELECT thread, count(*) AS n FROM messages WHERE thread IN ({', '.join('?' * len(part))}) "
                "AND deleted = 0 AND recipient IS NULL GROUP BY thread"
            )
            found.update((r["thread"], r["n"]) for r in self._db.rows(sql, *part))
        return found

    def posts_with_action(self, action: str, person: str, message: int | None = None) -> list[Post]:
        """The messages that a person sees and that have this action, or had it before an edit; newest first, at most
        twenty. `message` limits it to that one."""
        rooms = [r.id for r in self.places(person)]
        # Thousands of messages may have the same action, so a given message is looked up directly.
        named, one = ("", ()) if message is None else ("AND c.message = ? ", (message,))
        sql = (
            f"SELECT m.* FROM controls c JOIN messages m ON m.id = c.message WHERE c.action = ? {named}"
            f"AND m.deleted = 0 AND m.place IN ({', '.join('?' * len(rooms))}) "
            "AND (m.recipient IS NULL OR m.recipient = ?) ORDER BY c.message DESC LIMIT 20"
        )
        return [read_post(r) for r in self._db.rows(sql, action, *one, *rooms, person)]

    # The bot's own

    def bot_post(self, delivery: Delivery, to: str | None = None, kind: str = "posted") -> Post:
        """Posts a message of the bot. If one with the same key exists, returns that one unchanged.

        `to`: only that person sees it. Raises TargetGone if the place, the thread or the account is gone.
        """
        if there := self.by_key(delivery.key):
            return there
        place, thread = _where(delivery)
        room = self._writable(place)
        if thread is not None and not self._db.row("SELECT 1 FROM messages WHERE id = ? AND place = ?", thread, place):
            raise TargetGone("That thread is not here.")
        reader = to or room.owner
        zone = self.human(reader).zone if reader and not delivery.zone else delivery.zone
        with self.unit():
            content = self._content(delivery, zone)
            # Answers are no deliveries: whoever acts twice with one 'delivery' gets one answer.
            key = delivery.key if self._keys or kind == "replied" else None
            content |= {"recipient": to, "anchor": delivery.anchor or None, "key": key}
            post = self._insert(place, thread, BOT, **content)
            self._index(post.id, delivery.message)
            self.record(kind, post, BOT, post.text, delivery.message.actions())
        self.notify()
        return post

    def bot_edit(self, id: int, delivery: Delivery) -> Post:
        """Changes a message of the bot; the same content changes nothing. Raises TargetGone."""
        old = self._own(id)
        self._writable(old.place)
        zone, mentions = delivery.zone or old.zone, _mentions(delivery)
        if (old.message, old.zone, old.mentions, old.links) == (delivery.message, zone, mentions, delivery.links):
            return old
        with self.unit():
            content = self._content(delivery, zone)
            self._change(id, f"{', '.join(f'{c} = ?' for c in content)}, revision = revision + 1", *content.values())
            self._index(id, delivery.message)
            self.record("updated", old, BOT, content["text"] or "", delivery.message.actions())
        self.notify()
        return self.post(id)

    def bot_delete(self, id: int) -> None:
        """Deletes a message of the bot; does nothing if it is gone already."""
        try:
            old = self._own(id)
        except TargetGone:
            return
        with self.unit():
            self._blank(old)
            self.record("withdrawn", old, BOT)
        self.notify()

    def bot_pin(self, id: int, on: bool) -> None:
        """Pins or unpins a message of the bot. Raises TargetGone."""
        old = self._own(id)
        if old.pinned == on:
            return
        with self.unit():
            self._change(id, "pinned = ?", on)
            self.record("pinned" if on else "unpinned", old, BOT)
        self.notify()

    def attachment(self, file: int) -> bytes:
        """The content of an attachment; empty if it is gone."""
        row = self._db.row("SELECT data FROM attachments WHERE file = ?", file)
        return bytes(row["data"]) if row else b""

    def by_key(self, key: str) -> Post | None:
        """The message posted with an idempotency key."""
        row = self._db.row("SELECT * FROM messages WHERE key = ?", key)
        return read_post(row) if row else None

    def find(self, delivery: Delivery) -> Post | None:
        """What an earlier try of a delivery posted: by its key or, without keys, the newest message there that says the
        same."""
        if self._keys:
            return self.by_key(delivery.key)
        place, thread = _where(delivery)
        sql = (
            "SELECT * FROM messages WHERE place = ? AND thread IS ? AND author = ? AND anchor IS ? AND message = ? "
            "AND recipient IS NULL AND deleted = 0 ORDER BY id DESC LIMIT 1"
        )
        said = dump_message(delivery.message)
        row = self._db.row(sql, place, thread, BOT, delivery.anchor or None, said)
        return read_post(row) if row else None

    # Open forms, what was read, the clock

    def open_form(self, person: str, form: Form, place: str, thread: int | None = None) -> None:
        """Opens a form for a person. Another one may stay open in a second tab of theirs."""
        other = self.form_of(person)
        if other and other.form.draft not in (None, form.draft):
            sql = "UPDATE OR REPLACE forms SET person = ? WHERE person = ?"
            self._db.do(sql, _aside(person, other.form.draft), person)
        if form.draft:
            self._db.do("DELETE FROM forms WHERE person = ?", _aside(person, form.draft))
        sql = "INSERT OR REPLACE INTO forms VALUES (?, ?, ?, ?)"
        self._db.do(sql, person, place, thread, dump_form(form))

    def form_of(self, person: str, draft: str | None = None) -> OpenForm | None:
        """The form that a person has open; with `draft` that one, even if another was opened after it."""
        row = self._db.row("SELECT * FROM forms WHERE person = ?", person)
        if draft and (row is None or read_form(row["form"]).draft != draft):
            row = self._db.row("SELECT * FROM forms WHERE person = ?", _aside(person, draft)) or row
        return OpenForm(read_form(row["form"]), row["place"], row["thread"]) if row else None

    def close_form(self, person: str, draft: str | None = None) -> None:
        """Closes the form of this draft, or all forms of a person."""
        opened = self.form_of(person)
        if draft is None:
            self._db.do("DELETE FROM forms WHERE person = ? OR instr(person, ?) = 1", person, _aside(person, ""))
        elif opened and opened.form.draft == draft:
            self._db.do("DELETE FROM forms WHERE person = ?", person)
        else:
            self._db.do("DELETE FROM forms WHERE person = ?", _aside(person, draft))

    def forget(self, person: str) -> None:
        """Deletes what is kept of a person's typing besides their messages, which are theirs, and what others were
        shown and did: every message that only one person sees, every open form and every event that the bot has
        received may have their words or their name. Elsewhere these go when the app is opened anew."""
        with self.unit():
            self._db.do("DELETE FROM forms")
            self.deliveries.forget_taken()
            self.transcript.forget_person(person)
            sql = "SELECT * FROM messages WHERE recipient IS NOT NULL AND deleted = 0 ORDER BY id DESC"
            unseen = [read_post(row) for row in self._db.rows(sql)]
            if unseen and unseen[0].to == person and unseen[0].message and not [*unseen[0].message.actions()]:
                # The newest is what they were just told: that it is erased.
                del unseen[0]
            for post in unseen:
                self._blank(post)
        self._db.empty_log()
        self.notify()

    def mark_seen(self, person: str, place: str, upto: int) -> None:
        """Marks a place as read by a person, up to a message."""
        sql = (
            "INSERT INTO seen VALUES (?, ?, ?) ON CONFLICT (person, place) "
            "DO UPDATE SET upto = max(upto, excluded.upto)"
        )
        self._db.do(sql, person, place, upto)

    def unread(self, person: str) -> dict[str, int]:
        """Place -> unread messages by others, counted up to 100."""
        sql = (
            "SELECT count(*) AS n FROM (SELECT 1 FROM messages WHERE place = ?1 AND author != ?2 AND deleted = 0 "
            "AND id > coalesce((SELECT upto FROM seen WHERE person = ?2 AND place = ?1), 0) "
            "AND (recipient IS NULL OR recipient = ?2) LIMIT 100)"
        )
        found = {}
        for room in self.places(person):
            row = self._db.row(sql, room.id, person)
            found[room.id] = row["n"] if row else 0
        return found

    def load_clock(self) -> datetime | None:
        """The sandbox's last known time: where it was wound to, or the last event if that was later (a process killed
        while winding has not saved it). None at the very first start."""
        row = self._db.row("SELECT value FROM meta WHERE name = 'clock'")
        known = [parse_instant(row["value"])] if row else []
        if last := self.transcript.last_at():
            known.append(last)
        return max(known, default=None)

    def save_clock(self, instant: datetime) -> None:
        self._db.do("INSERT OR REPLACE INTO meta VALUES ('clock', ?)", write_instant(instant))

    def kept(self, name: str) -> str | None:
        """The value that `keep` stored under a name."""
        row = self._db.row("SELECT value FROM meta WHERE name = ?", name)
        return str(row["value"]) if row else None

    def keep(self, name: str, value: str | None) -> None:
        """Stores a value under a name; None removes it."""
        if value is None:
            self._db.do("DELETE FROM meta WHERE name = ?", name)
        else:
            self._db.do("INSERT OR REPLACE INTO meta VALUES (?, ?)", name, value)

    # Inside

    def _insert(self, place: str, thread: int | None, author: str, **more: str | None) -> Post:
        row = {"place": place, "thread": thread, "author": author, "at": write_instant(self.now()), **more}
        id = self._db.do(
            f"INSERT INTO messages (changed, {', '.join(row)}) "
            f"VALUES ((SELECT coalesce(max(changed), 0) + 1 FROM messages){', ?' * len(row)})",
            *row.values(),
        )
        if thread is not None:
            self._change(thread, "text = text")  # its count of replies changed
        return self.post(id)

    def _content(self, delivery: Delivery, zone: str | None) -> dict[str, str | None]:
        """The columns of a message of the bot. Stores the contents of its attachments, by their numbers."""
        for file, data in delivery.files.items():
            self._db.do("INSERT OR REPLACE INTO attachments VALUES (?, ?)", file, data)
        return {
            "text": plain(delivery.message, zone or "UTC"),
            "message": dump_message(delivery.message),
            "zone": zone,
            "mentions": json.dumps(_mentions(delivery)),
            "links": json.dumps(dict(delivery.links)),
        }

    def _change(self, id: int, what: str, *values: object) -> int:
        sql = f"UPDATE messages SET {what}, changed = (SELECT max(changed) + 1 FROM messages) WHERE id = ?"
        row = self._db.row(f"{sql} RETURNING changed", *values, id)
        return row["changed"] if row else 0

    def _blank(self, post: Post) -> None:
        self._change(post.id, "text = '', message = NULL, deleted = 1")
        self._db.do("DELETE FROM controls WHERE message = ?", post.id)
        if post.thread is not None:
            self._change(post.thread, "text = text")

    def _index(self, id: int, message: Message) -> None:
        rows = ((action, id) for action in dict.fromkeys(message.actions()))
        self._db.do_all("INSERT OR IGNORE INTO controls VALUES (?, ?)", rows)

    def _writable(self, place: str) -> Room:
        row = self._db.row("SELECT * FROM places WHERE id = ?", place)
        if row is None:
            raise PlaceGone(f"There is no place '{place}'.")
        room = read_room(row)
        if room.archived:
            raise Blocked(f"#{room.name} is archived.", why="archived")
        if room.owner is not None and not self.human(room.owner).active:
            raise PersonGone(f"The account of '{room.owner}' is closed.")
        return room

    def _own(self, id: int) -> Post:
        row = self._db.row("SELECT * FROM messages WHERE id = ? AND author = ? AND deleted = 0", id, BOT)
        if row is None:
            raise TargetGone(f"Message {id} is not there any more.")
        return read_post(row)


def _where(delivery: Delivery) -> tuple[str, int | None]:
    """The place and thread of a delivery."""
    if delivery.place is not None:
        return delivery.place.channel, int(delivery.place.thread) if delivery.place.thread else None
    if delivery.account is None:
        raise TargetGone("A delivery needs a place or an account.")
    return direct(delivery.account.user), None


def _mentions(delivery: Delivery) -> dict[int, str]:
    return {person: account.user for person, account in delivery.mentions.items()}


def _aside(person: str, draft: str | None) -> str:
    """The key of a form that another one replaced on screen."""
    return f"{person}/{draft or ''}"


def _parts(ids: Sequence[int], size: int = 500) -> Iterable[Sequence[int]]:
    return (ids[i : i + size] for i in range(0, len(ids), size))
