"""The copy of a file that reviewers without names get: cleaned, or as it is where its author agreed."""

from bot.core.contributions import Work
from bot.core.forms import Kept, Upload
from bot.features.reviews.cleaning import Cleaned, Uncleaned, cleaned, neutral
from bot.features.reviews.finding import Reviews


def looked_into(turn: Reviews, work: Work) -> Cleaned | Uncleaned | None:
    """What can be taken out of the file of a piece; None if it has none."""
    content = turn.features.read_file(work.file.file) if work.file else None
    if work.file is None or content is None:
        return None
    name = turn.people.person(work.person).name
    return cleaned(work.file.name, content, [name, *name.split()])


def earlier(turn: Reviews, work: Work) -> Kept | None:
    """The copy that another reviewer has of this version."""
    handed_out = turn.store.about(turn.here.id, {work.person})
    same = (a for a in handed_out if a.work == work.name and a.version == work.changed_at and a.anonymous)
    return next((a.file for a in same if a.file is not None), None)


def kept(turn: Reviews, work: Work, found: Cleaned | Uncleaned | None) -> Kept | None:
    """Stores the copy, as one of its author's files."""
    if work.file is None or found is None:
        return None
    if isinstance(found, Cleaned):
        upload = Upload(found.name, found.content)
    else:
        upload = Upload(neutral(work.file.name), turn.features.read_file(work.file.file) or b"")
    return turn.features.keep_file(turn, work.person, upload)
