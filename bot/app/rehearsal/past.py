"""Real questions and replies from an export, so that a rehearsal reads like a course."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from bot.app.importing import spool_files
from bot.app.rehearsal.words import Exchange
from bot.core.errors import PacekeeperError
from bot.core.history import PastThread
from bot.features.questions.rules import opens_question
from storage.stores.spool import Spool

MOST = 1000
"""Most exchanges that are read, enough for any cohort."""

LONGEST = 1500
"""Longest question or reply in characters; longer ones are skipped."""


class NothingAsked(PacekeeperError):
    """This export has no threads with a question and a reply. Give one of a channel in which people ask."""


def exchanges(files: Sequence[Path], seed: str) -> tuple[Exchange, ...]:
    """Exchanges of the export, the same for the same seed. Raises NothingAsked, or any error of `open_export`."""
    with Spool() as spool:
        spool_files(spool, files)
        found = [exchange for thread in spool.threads() for exchange in _exchange(thread)]
    if not found:
        raise NothingAsked
    return tuple(Random(f"{seed}/threads").sample(found, min(MOST, len(found))))


def _exchange(thread: PastThread) -> Iterator[Exchange]:
    root = thread.root
    replies = [reply for reply in thread.replies if len(reply.text) <= LONGEST]
    answers = tuple(reply.text for reply in replies if reply.author != root.author)
    own = tuple(reply.text for reply in replies if reply.author == root.author)
    if answers and len(root.text) <= LONGEST and opens_question(root.text):
        yield Exchange(root.text, answers, own)
