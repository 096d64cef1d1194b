"""Imports history from exports into a cohort: spooled to disk first, then stored thread by thread."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from bot.app.cohorts import find_cohort, turn_in
from bot.core.errors import PacekeeperError, Refused
from bot.core.history import LeftOut, PastMessage, PastPerson, Unread
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
    """The contents of the files. `unread` names the first unreadable parts, `broken` counts them all. `people`: account
    -> what the files say about it."""

    messages: int = 0
    twice: int = 0
    threads: int = 0
    lost: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    unread: list[Unread] = field(default_factory=list)
    broken: int = 0
    people: dict[str, PastPerson] = field(default_factory=dict)


MOST_FILES = 10_000
"""Most files of a folder that are read as exports."""

_HEAD = 64 * 1024
"""Bytes in which an export of DiscordChatExporter names its server and channel."""


def open_exports(path: Path) -> list[History]:
    """The readers for a file, chosen by its first bytes, or for a folder: an unpacked Slack export, or the files of
    DiscordChatExporter in it. Raises PacekeeperError for an unknown format."""
    try:
        if path.is_dir():
            return _in_folder(path)
        start = _start(path)
    except OSError as e:
        raise PacekeeperError(f"{path} cannot be read: {e.strerror}. Give the path of an export.") from None
    if b"BEGIN:VCALENDAR" in start:
        raise PacekeeperError(f"{path.name} is a calendar. Give the export of the chat first.")
    if start.startswith(b"PK"):
        from adapters.slack.export import SlackExport

        return [SlackExport(path)]
    if path.suffix.lower() == ".zip" and not start.lstrip().startswith(b"{"):
        raise PacekeeperError(
            f"{path.name} is no zip: it is broken, or not downloaded to its end. Download it again. Give the zip that "
            "Slack offers, or JSON files of DiscordChatExporter."
        )
    from adapters.discord.export import DiscordExport

    return [DiscordExport(path)]


def _start(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_HEAD)


def _in_folder(folder: Path) -> list[History]:
    from adapters.discord.export import DiscordExport
    from adapters.slack.export import SlackExport

    if (folder / "channels.json").is_file() or any(folder.glob("*/channels.json")):
        return [SlackExport(folder)]
    files = sorted(islice((file for file in folder.glob("*.json") if file.is_file()), MOST_FILES))
    found: list[History] = [DiscordExport(file) for file in files if b'"guild"' in _start(file)]
    if found:
        return found
    packed = sorted(file.name for file in folder.glob("*.zip"))
    instead = f" Give the file, such as {folder / packed[0]}." if packed else ""
    raise PacekeeperError(
        f"{folder} is no export: it has neither the channels.json of a Slack export nor JSON files of "
        f"DiscordChatExporter.{instead}"
    )


def spool_files(spool: Spool, files: Sequence[Path], tell: Tell = lambda *_: None) -> Read:
    """Reads the exports into the spool."""
    read = Read()
    exports = [export for file in files for export in open_exports(file)]
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
                tell("Reading the export", before + export.done, whole)
        before += export.size
        for account, person in export.people.items():
            known = read.people.get(account, person)
            read.people[account] = PastPerson(known.names | person.names, known.zone or person.zone)
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
