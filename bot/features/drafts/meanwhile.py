"""What others have changed of a cohort's course since a draft of it began: it is brought in, and never taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.contributions import Ran
from bot.course.difference import Change, changes
from bot.course.loader import course_of
from bot.course.merging import merged
from bot.features.drafts.store import Draft


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """`present`: the cohort's course now. `by`: who changed it (None: an operator), `changed`: what. `collides`: what
    the draft has otherwise, old as it is now and new as in the draft. `theirs` and `mine`: the course with all that
    does not collide, and that of others or of the draft where it does. `joins`: False if only one course can be kept
    as a whole."""

    present: str
    by: Sequence[int | None]
    changed: Sequence[Change]
    collides: Sequence[Change]
    theirs: str
    mine: str
    joins: bool


def level(draft: Draft, present: str) -> str:
    """The course of the cohort that the draft has all of: the one that it was used as, if it was."""
    return present if draft.text == present else draft.base


def found(draft: Draft, present: str, ran: Sequence[Ran]) -> Meanwhile | None:
    """None if nobody has changed anything, or the draft is another course."""
    base = level(draft, present)
    if base in ("", present) or course_of(draft.text).id != course_of(present).id:
        return None
    known = max((n for n, one in enumerate(ran) if one.text == base), default=-1)
    by = list(dict.fromkeys(one.by for one in ran[known + 1 :]))
    changed = changes(course_of(base), course_of(present))
    both = merged(base, present, draft.text)
    theirs = both or merged(base, present, draft.text, "theirs")
    mine = both or merged(base, present, draft.text, "mine")
    joins = theirs is not None and mine is not None
    if theirs is None or mine is None:
        theirs, mine = present, draft.text
    return Meanwhile(present, by, changed, changes(course_of(theirs), course_of(mine)), theirs, mine, joins)
