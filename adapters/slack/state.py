"""The adapter's private cache. Losing the file costs some requests to Slack, and messages missed while
disconnected."""

import sqlite3
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

SCHEMA = """
create table if not exists identities (token text primary key, team text, url text, user text, bot text);
create table if not exists people (
    team text, user text, name text, zone text, admin int, active int, primary key (team, user));
create table if not exists directs (team text, user text, channel text, primary key (team, user));
create table if not exists files (team text, channel text, message text, name text, digest text, file text);
create index if not exists files_of_message on files (team, channel, message);
create table if not exists posts (
    key text, part int, channel text, print text, at real, message text, primary key (key, part));
create index if not exists posts_in on posts (channel);
create index if not exists posts_at on posts (at);
create table if not exists missed (team text, channel text, after text, primary key (team, channel));
create table if not exists heard (team text primary key, at real);
"""


KEPT = 2 * 86_400.0
"""Seconds for which posts are remembered; the outbox retries for a day."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot's identity in a workspace, from `auth.test`. `url` ends in a slash."""

    team: str
    url: str
    user: str
    bot: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's profile in a workspace."""

    name: str
    zone: str | None
    admin: bool = False
    active: bool = True


class State:
    """Stored in a SQLite file, or in memory if `file` is None."""

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._db = sqlite3.connect(":memory:" if folder is None else folder / "slack.db", isolation_level=None)
        self._db.executescript(
            "pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000;" + SCHEMA
        )

    def close(self) -> None:
        self._db.close()

    def identity(self, token: str) -> Identity | None:
        """The last known identity of a token."""
        row = self._one("select team, url, user, bot from identities where token = ?", digest(token.encode()))
        return Identity(*row) if row else None

    def know(self, token: str, identity: Identity) -> None:
        kept = (identity.team, identity.url, identity.user, identity.bot)
        self._do("insert or replace into identities values (?, ?, ?, ?, ?)", digest(token.encode()), *kept)

    def people(self, team: str) -> dict[str, Profile]:
        """The last known profiles of the people who have acted."""
        rows = self._db.execute("select user, name, zone, admin, active from people where team = ?", (team,))
        return {row[0]: Profile(row[1], row[2], bool(row[3]), bool(row[4])) for row in rows}

    def meet(self, team: str, user: str, profile: Profile) -> None:
        kept = (profile.name, profile.zone, profile.admin, profile.active)
        self._do("insert or replace into people values (?, ?, ?, ?, ?, ?)", team, user, *kept)

    def direct(self, team: str, user: str) -> str | None:
        row = self._one("select channel from directs where team = ? and user = ?", team, user)
        return str(row[0]) if row else None

    def open_direct(self, team: str, user: str, channel: str) -> None:
        self._do("insert or replace into directs values (?, ?, ?)", team, user, channel)

    def files(self, team: str, channel: str, message: str) -> dict[tuple[str, str], str]:
        """The files sent with a message: (name, digest) -> Slack's id."""
        rows = self._db.execute(
            "select name, digest, file from files where team = ? and channel = ? and message = ?",
            (team, channel, message),
        )
        return {(row[0], row[1]): row[2] for row in rows}

    def add_file(self, team: str, channel: str, message: str, name: str, digest: str, file: str) -> None:
        self._do("insert into files values (?, ?, ?, ?, ?, ?)", team, channel, message, name, digest, file)

    def drop_file(self, team: str, file: str) -> None:
        self._do("delete from files where team = ? and file = ?", team, file)

    def begin_post(self, key: str, part: int, channel: str, print: str, at: float) -> None:
        """Records what is about to be posted. An earlier attempt with the same text keeps its time.

        The record is synced to disk before this returns, because the post follows. Everything else here can be fetched
        from Slack again.
        """
        self._do("delete from posts where at < ?", at - KEPT)
        self._do("pragma synchronous = full")
        self._do(
            "insert into posts values (?, ?, ?, ?, ?, null) on conflict (key, part) do update set message = null, "
            "at = iif(print = excluded.print and message is null, at, excluded.at), "
            "channel = excluded.channel, print = excluded.print",
            *(key, part, channel, print, at),
        )
        self._do("pragma synchronous = normal")

    def end_post(self, key: str, part: int, message: str) -> None:
        self._do("update posts set message = ? where key = ? and part = ?", message, key, part)

    def begun_posts(self, key: str, channel: str) -> list[tuple[int, str, float, str | None]]:
        """(part, fingerprint, time, message if Slack responded) of a delivery's attempts in a channel."""
        sql = "select part, print, at, message from posts where key = ? and channel = ? order by part"
        return list(self._db.execute(sql, (key, channel)))

    def posts_in(self, channel: str) -> set[str]:
        """Messages in a channel that are known to belong to a delivery."""
        sql = "select message from posts where channel = ? and message is not null"
        return {str(row[0]) for row in self._db.execute(sql, (channel,))}

    def missed(self, team: str) -> dict[str, str]:
        """Channels with an unfinished catch-up: channel -> timestamp that it started from."""
        return dict(self._db.execute("select channel, after from missed where team = ?", (team,)))

    def begin(self, team: str, channel: str, after: str) -> None:
        """Records where a catch-up starts, unless an earlier start is recorded."""
        self._do("insert or ignore into missed values (?, ?, ?)", team, channel, after)

    def finish(self, team: str, channel: str) -> None:
        self._do("delete from missed where team = ? and channel = ?", team, channel)

    def heard(self, team: str) -> float | None:
        """When we were last connected, as Slack's seconds."""
        row = self._one("select at from heard where team = ?", team)
        return float(row[0]) if row else None

    def hear(self, team: str, at: float) -> None:
        self._do("insert or replace into heard values (?, ?)", team, at)

    def _one(self, statement: str, *values: object) -> tuple[str, ...] | None:
        row: tuple[str, ...] | None = self._db.execute(statement, values).fetchone()
        return row

    def _do(self, statement: str, *values: object) -> None:
        self._db.execute(statement, values)


def digest(data: bytes) -> str:
    """A short hash of a token or a file."""
    return sha256(data).hexdigest()[:32]
