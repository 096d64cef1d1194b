"""What people were promised to be deleted stays in no log beside a SQLite database, and what was deleted cannot be told
from the order of the log's commits: the unit of work that deletes it empties the log."""

from sqlmodel import Session

_FOR_GOOD = "for good"


def for_good(session: Session) -> None:
    """What this session deletes is promised to be gone."""
    session.info[_FOR_GOOD] = True


def is_for_good(session: Session) -> bool:
    return _FOR_GOOD in session.info
