"""Imports history from exports into a cohort: spooled to disk first, then stored thread by thread."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from bot.app.cohorts import find_cohort, turn_in
from bot.core.errors import PacekeeperError, Refused
from bot.core.history import LeftOut, PastMessage, Unread
from bot.core.people import Place
from bot.core.ports import History
from bot.course.loader import course_of
from bot.features.questions.importing import take_in
from bot.runtime.ports import Unit
from bot.runtime.registry import Registry
from storage.stores.spool import Spool
from storage.unit import SqlStorage

BATCH = 50
"""Threads stored per transaction, so that a running bot can write in between."""

MOST_UNREAD = 1000
"""Most unreadable parts that are named individually."""

Tell = Callable[[str, int, int], None]
"""Progress callback: (step, amount done, total)."""


@dataclass(slots=True)
class Read:
    """The contents of the files. `unread` names the first unreadable parts, `broken` counts them all."""

    messages: int = 0
    twice: int = 0
    threads: int = 0
    lost: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    unread: list[Unread] = field(default_factory=list)
    broken: int = 0


def open_export(file: Path) -> History:
    """The reader for a file, chosen by its first bytes. Raises PacekeeperError for an unknown format."""
    try:
        with file.open("rb") as opened:
            start = opened.read(4)
    except OSError as e:
        raise PacekeeperError(f"{file} cannot be read: {e.strerror}. Give the path of an export.") from None
    if start.startswith(b"PK"):
        from adapters.slack.export import SlackExport

        return SlackExport(file)
    from adapters.discord.export import DiscordExport

    return DiscordExport(file)


def spool_files(spool: Spool, files: Sequence[Path], tell: Tell = lambda *_: None) -> Read:
    """Reads the exports into the spool."""
    read = Read()
    exports = [open_export(file) for file in files]
    whole = sum(export.size for export in exports)
    before = 0
    for export in exports:
        for number, one in enumerate(export.messages()):
            match one:
                case PastMessage():
                    read.messages += 1
                    read.twice += not spool.add(one)
                case LeftOut(why):
                    read.left_out[why] += 1
                case Unread():
                    read.broken += 1
                    if read.broken <= MOST_UNREAD:
                        read.unread.append(one)
            if number % 500 == 0:
                tell("Reading", before + export.done, whole)
        before += export.size
    read.threads, read.lost = spool.sort()
    return read


def choose_cohort(unit: Unit, code: str, course: str, places: Sequence[Place] = ()) -> str:
    """The code of the cohort to import into: the one named, the newest of a course, the one that uses the history's
    channels, or the only running one. Raises Refused if it is ambiguous."""
    if code:
        return find_cohort(unit, code, ended=True).code
    found = [cohort for cohort in unit.people.cohorts() if course in ("", course_of(cohort.course_text).id)]
    if course and found:
        return max(found, key=lambda cohort: (cohort.starts_on, cohort.id)).code
    used = {at[0].code for place in places if (at := unit.people.cohort_at(place, ended=True))}
    if len(used) == 1 and not course:
        return used.pop()
    if len(found) == 1:
        return found[0].code
    if not found:
        what = f"of the course {course!r} runs" if course else "runs"
        raise Refused(f"No cohort {what}. Make one with `pacekeeper cohort create`, or name one with --cohort CODE.")
    raise Refused(f"Whose history is it? Add --cohort CODE, one of: {', '.join(c.code for c in found)}.")


def store_threads(
    storage: SqlStorage, registry: Registry, code: str, spool: Spool, read: Read, tell: Tell = lambda *_: None
) -> Counter[str]:
    """Stores the new ones of the spooled threads; see `take_in`. An interrupted import resumes where it stopped."""
    done: Counter[str] = Counter()
    threads = spool.threads()
    count = 0
    while batch := list(islice(threads, BATCH)):
        stored = turn_in(storage, registry, code, "questions", partial(take_in, threads=batch), ended=True)
        done.update(stored)
        count += len(batch)
        tell("Storing", count, read.threads)
    return done
