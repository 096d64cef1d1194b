"""The Slack adapter's cache. Losing it costs some requests to Slack, and messages missed while disconnected."""

import json
from dataclasses import astuple, dataclass
from hashlib import sha256
from pathlib import Path

from adapters.shared.cache import Cache

SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    team TEXT, user TEXT, name TEXT, zone TEXT, admin INT, active INT, PRIMARY KEY (team, user));
CREATE TABLE IF NOT EXISTS directs (team TEXT, user TEXT, channel TEXT, PRIMARY KEY (team, user));
CREATE TABLE IF NOT EXISTS files (team TEXT, channel TEXT, message TEXT, name TEXT, digest TEXT, file TEXT);
CREATE INDEX IF NOT EXISTS files_of_message ON files (team, channel, message);

-- Tables of earlier versions, which are facts now.
CREATE TABLE IF NOT EXISTS missed (team TEXT, channel TEXT, after TEXT);
CREATE TABLE IF NOT EXISTS heard (team TEXT, at REAL);
INSERT OR IGNORE INTO facts SELECT 'missed/' || team || '/' || channel, after FROM missed;
INSERT OR IGNORE INTO facts SELECT 'heard/' || team, printf('%.6f', at) FROM heard;
DROP TABLE missed;
DROP TABLE heard;
DROP TABLE IF EXISTS posts;
DROP TABLE IF EXISTS identities;
"""


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


class State(Cache):
    """The cache of all workspaces, in `folder`, or in memory if it is None."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__(folder, "slack.db", SCHEMA)

    def identity(self, token: str) -> Identity | None:
        """The last known identity of a token."""
        known = self.fact(f"identity/{digest(token.encode())}")
        return Identity(*json.loads(known)) if known else None

    def know(self, token: str, identity: Identity) -> None:
        self.keep_fact(f"identity/{digest(token.encode())}", json.dumps(astuple(identity)))

    def people(self, team: str) -> dict[str, Profile]:
        """The last known profiles of the people who have acted."""
        rows = self._db.execute("SELECT user, name, zone, admin, active FROM people WHERE team = ?", (team,))
        return {row[0]: Profile(row[1], row[2], bool(row[3]), bool(row[4])) for row in rows}

    def meet(self, team: str, user: str, profile: Profile) -> None:
        self._do("INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?, ?)", team, user, *astuple(profile))

    def forget_person(self, team: str, user: str) -> None:
        self._do("DELETE FROM people WHERE team = ? AND user = ?", team, user)
        self.drop_direct(team, user)

    def direct(self, team: str, user: str) -> str | None:
        row = self._one("SELECT channel FROM directs WHERE team = ? AND user = ?", team, user)
        return str(row[0]) if row else None

    def open_direct(self, team: str, user: str, channel: str) -> None:
        self._do("INSERT OR REPLACE INTO directs VALUES (?, ?, ?)", team, user, channel)

    def drop_direct(self, team: str, user: str) -> None:
        self._do("DELETE FROM directs WHERE team = ? AND user = ?", team, user)

    def files(self, team: str, channel: str, message: str) -> dict[tuple[str, str], str]:
        """The files sent with a message: (name, digest) -> Slack's id."""
        sql = "SELECT name, digest, file FROM files WHERE team = ? AND channel = ? AND message = ?"
        return {(row[0], row[1]): row[2] for row in self._db.execute(sql, (team, channel, message))}

    def add_file(self, team: str, channel: str, message: str, name: str, digest: str, file: str) -> None:
        self._do("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)", team, channel, message, name, digest, file)

    def drop_file(self, team: str, file: str) -> None:
        self._do("DELETE FROM files WHERE team = ? AND file = ?", team, file)


def digest(data: bytes) -> str:
    """A short hash of a token or a file."""
    return sha256(data).hexdigest()[:32]
