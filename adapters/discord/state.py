"""The Discord adapter's cache.

Besides attempts to send and facts (what was registered with Discord, where a catch-up began) it holds the guild through
which the bot knows a person, the private threads that replace closed direct conversations, and when sessions were
started.
"""

from datetime import datetime, timedelta
from pathlib import Path

from adapters.shared.cache import Cache
from bot.core.time import parse_instant, write_instant

_SCHEMA = """
CREATE TABLE IF NOT EXISTS identifies (at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS members (user TEXT PRIMARY KEY, guild TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS directs (
    guild TEXT NOT NULL, user TEXT NOT NULL, channel TEXT NOT NULL, until TEXT,
    PRIMARY KEY (guild, user, channel)
);
"""


class Store(Cache):
    """The cache of one bot account. `account` separates several in one folder."""

    def __init__(self, folder: Path | None, account: str = "") -> None:
        super().__init__(folder, f"discord{f'-{account}' if account else ''}.db", _SCHEMA)

    def note_identify(self, at: datetime) -> None:
        self._do("DELETE FROM identifies WHERE at < ?", write_instant(at - timedelta(days=1)))
        self._do("INSERT INTO identifies VALUES (?)", write_instant(at))

    def identifies(self, since: datetime) -> list[datetime]:
        rows = self._db.execute("SELECT at FROM identifies ORDER BY rowid")
        return [at for (text,) in rows if (at := parse_instant(text)) > since]

    def keep_member(self, user: str, guild: str, name: str) -> None:
        """Stores the guild in which a person was last seen, and their name."""
        sql = (
            "INSERT INTO members VALUES (?, ?, ?) ON CONFLICT (user) DO UPDATE SET guild = excluded.guild, "
            "name = iif(excluded.name = '', name, excluded.name) WHERE guild != excluded.guild OR name != excluded.name"
        )
        self._do(sql, user, guild, name)

    def member(self, user: str) -> tuple[str, str] | None:
        """(guild, name) of a known person."""
        row = self._one("SELECT guild, name FROM members WHERE user = ?", user)
        return (str(row[0]), str(row[1])) if row else None

    def forget_member(self, user: str) -> None:
        """Forgets a person, and their direct conversations."""
        self._do("DELETE FROM facts WHERE name IN (SELECT 'home/' || channel FROM directs WHERE user = ?)", user)
        self._do("DELETE FROM directs WHERE user = ?", user)
        self._do("DELETE FROM members WHERE user = ?", user)

    def keep_direct(self, guild: str, user: str, channel: str, until: datetime | None = None) -> None:
        """Stores a person's direct conversation, or, with `until`, the thread that replaces it until then."""
        ends = write_instant(until) if until else None
        self._do("INSERT OR REPLACE INTO directs VALUES (?, ?, ?, ?)", guild, user, channel, ends)

    def direct(self, guild: str, user: str, thread: bool) -> tuple[str, datetime | None] | None:
        """(channel, until when it is used) of a direct conversation or of the `thread` that replaces it."""
        row = self._one(
            "SELECT channel, until FROM directs WHERE guild = ? AND user = ? AND (until IS NOT NULL) = ? "
            "ORDER BY rowid DESC",
            *(guild, user, thread),
        )
        return (str(row[0]), parse_instant(row[1]) if row[1] else None) if row else None

    def drop_direct(self, channel: str) -> None:
        """Forgets a direct conversation, in all guilds."""
        self._do("DELETE FROM directs WHERE channel = ?", channel)

    def home(self, channel: str, guild: str) -> str:
        """The guild under which a direct conversation is known: the first, so that a message in it has one name also
        where the person shares several guilds with the bot."""
        known = self.fact(f"home/{channel}")
        if known is None:
            self.keep_fact(f"home/{channel}", guild)
        return known or guild

    def direct_of(self, channel: str) -> tuple[str, str] | None:
        """(guild, user) of a direct conversation's channel."""
        row = self._one("SELECT guild, user FROM directs WHERE channel = ?", channel)
        return (str(row[0]), str(row[1])) if row else None
