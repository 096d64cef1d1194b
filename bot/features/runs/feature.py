"""The page of a manager's runs, and of one run beside the last of the same course."""

from collections.abc import Mapping

from bot.core.contributions import MEASURES
from bot.core.errors import NotFound
from bot.core.message import Message
from bot.core.pages import ON_PAGES
from bot.core.people import MANAGERS, Cohort, Role
from bot.core.translation import N_
from bot.core.turn import Turn
from bot.course.difference import changes
from bot.course.loader import course_of
from bot.features.runs import rules, views
from bot.features.runs.store import RunsStore, feature

__all__ = ["feature"]

Runs = Turn[RunsStore]

ALL = "runs"
ONE = "runs/{cohort}"


@feature.page(ALL, title=N_("Your runs, side by side"), roles=MANAGERS, way=ON_PAGES, tab=N_("All runs"))
def show_all(turn: Runs, asked: Mapping[str, str]) -> Message:
    mine = _managed(turn)
    address = f"{turn.links.address}/{ONE}"
    return views.side_by_side([(cohort, turn.collect(MEASURES, cohort)) for cohort in mine], address)


@feature.page(ONE, title=N_("This run beside the last one"), roles=MANAGERS, tab=N_("Runs"))
def show_one(turn: Runs, asked: Mapping[str, str]) -> Message:
    """Beside the newest earlier run of the same course that this manager managed, too: of others they see nothing."""
    here = turn.here
    course = course_of(here.course_text)
    same = [c for c in _managed(turn) if c.starts_on < here.starts_on and course_of(c.course_text).id == course.id]
    measures = turn.collect(MEASURES, here)
    if not same:
        return views.alone(here, measures, f"{turn.links.address}/{ALL}")
    last = max(same, key=lambda cohort: cohort.starts_on)
    found = rules.compared(measures, turn.collect(MEASURES, last))
    return views.beside(here, last, found, changes(course_of(last.course_text), course), f"{turn.links.address}/{ALL}")


def _managed(turn: Runs) -> list[Cohort]:
    """The cohorts that the reader manages or managed, the latest start first."""
    if turn.person is None:
        raise NotFound
    both = [*turn.people.memberships(turn.person.id), *turn.people.memberships(turn.person.id, ended=True)]
    ids = dict.fromkeys(m.cohort for m in both if m.role is Role.MANAGER)
    found = [cohort for id in ids if (cohort := turn.people.cohort(id)) is not None]
    return sorted(found, key=lambda cohort: cohort.starts_on, reverse=True)
