"""The copy of a file that reviewers without names get: cleaned, or as it is where its author agreed."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.core.contributions import WORK, Work
from bot.core.due import Due, Plan
from bot.core.forms import Kept, Upload
from bot.features.reviews.cleaning import Cleaned, Uncleaned, cleaned, neutral
from bot.features.reviews.finding import Reviews, elsewhere, named, names_of, outsiders
from bot.features.reviews.store import Copy

CLEAN = "reviews.clean"


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a file that was looked into for these `names`."""

    names: tuple[str, ...]
    result: Cleaned | Uncleaned


def found(turn: Reviews, work: Work) -> Copy | None:
    """What is known of the present file of a piece; None if it has none, or it was not looked into."""
    copy = turn.store.copy(turn.here.id, work.name) if work.file else None
    return copy if copy is not None and work.file is not None and copy.original == work.file.file else None


def ask_for(turn: Reviews, work: Work) -> None:
    """Has a file looked into: see `prepare`."""
    if work.file is not None:
        _plan(turn, work, str(work.file.file))


def look_again(turn: Reviews, work: Work) -> None:
    """Somebody behind the work has another name: what was found in its file holds no more. What has happened is never
    planned again, so this is another occurrence."""
    drop(turn, work.name)
    if work.file is not None:
        _plan(turn, work, f"{work.file.file}/{turn.now.isoformat()}")


def _plan(turn: Reviews, work: Work, occurrence: str) -> None:
    subject = f"{turn.here.id}/{work.person}/{work.name}"
    turn.plan(Plan(CLEAN, subject, occurrence, turn.now, turn.here.id))


def meant(turn: Reviews, due: Due) -> Work | None:
    """The piece whose file was to be looked into; None if it was changed or taken back meanwhile."""
    _cohort, person, name = due.subject.split("/", 2)
    works = turn.collect(WORK, turn.here, {int(person)}) if turn.cohort is not None else ()
    same, file = (w for w in works if w.name == name), due.occurrence.partition("/")[0]
    return next((w for w in same if w.file is not None and str(w.file.file) == file), None)


def prepare(turn: Reviews, due: Due) -> Callable[[], Looked] | None:
    """Looking into a file takes up to some seconds, so it is done outside of a unit of work."""
    work = meant(turn, due)
    content = turn.features.read_file(work.file.file) if work is not None and work.file else None
    if work is None or work.file is None or content is None:
        return None
    name, names, others = work.file.name, tuple(names_of(turn, work)), elsewhere(turn, work)
    return lambda: Looked(names, cleaned(name, content, names, others))


def keep(turn: Reviews, work: Work, result: Cleaned | Uncleaned) -> None:
    """Stores what was found, and the copy, as one of its author's files."""
    drop(turn, work.name)
    original = work.file.file if work.file else 0
    if isinstance(result, Uncleaned):
        copy = Copy(work.name, work.person, original, why=result.why)
    else:
        file = turn.features.keep_file(turn, work.person, Upload(result.name, result.content))
        people = {person for person, name in named(turn, work) if name in result.named}
        there = tuple(sorted(people | outsiders(turn, work, result.named)))
        copy = Copy(work.name, work.person, original, file, visible=result.visible, named=there, contact=result.contact)
    turn.store.keep_copy(turn.here.id, copy)


def to_hand_out(turn: Reviews, work: Work, copy: Copy | None) -> Kept | None:
    """The file that reviewers get. One that could not be cleaned has another name alone."""
    if work.file is None or copy is None:
        return None
    if copy.file is None:
        upload = Upload(neutral(work.file.name), turn.features.read_file(work.file.file) or b"")
        copy = replace(copy, file=turn.features.keep_file(turn, work.person, upload))
        turn.store.keep_copy(turn.here.id, copy)
    return copy.file


def drop(turn: Reviews, name: str) -> None:
    """Nobody gets this copy any more; those who took the piece with it keep it."""
    before = turn.store.copy(turn.here.id, name)
    if before is None:
        return
    turn.store.drop_copy(turn.here.id, name)
    if before.file is None:
        return
    people = {before.person}
    pods = {w.pod for w in turn.collect(WORK, turn.here, people) if w.pod}
    taken = (*turn.store.about(turn.here.id, people), *turn.store.of_pods(turn.here.id, pods))
    if all(a.file != before.file for a in taken):
        turn.discard(before.file.file)
