"""Pages for the course team: the manager's week with every figure, learners by week, dates and whom they suit."""

from collections import Counter
from collections.abc import Mapping

from bot.core.errors import NotAllowed, NotFound
from bot.core.feature import Press, Reply
from bot.core.message import Message, heading, message
from bot.core.pages import way_in
from bot.core.people import ANYONE, MANAGERS, STAFF, Role
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.features.digests import page_views, week_views
from bot.features.digests.charting import charted, in_row
from bot.features.digests.collecting import cohorts_of
from bot.features.digests.fairness import every_meeting
from bot.features.digests.looking import look_at
from bot.features.digests.participation import by_week
from bot.features.digests.store import DigestStore, feature

WEEK = "managers-week"
COHORT = "week/{cohort}"
LEARNERS = "learners/{cohort}"
DATES = "dates/{cohort}"

DRAWN = 12
"""Cohorts with a picture on the page, those that would like a look first."""


@feature.page(
    WEEK,
    title=N_("Your cohorts this week"),
    roles=MANAGERS,
    way=N_("In the chat, write `/cohort overview` and press 'All on a page' for a new link."),
    tab=N_("All cohorts"),
)
def show_page(turn: Turn[DigestStore], asked: Mapping[str, str]) -> Message:
    cohorts = cohorts_of(turn, turn.me, Role.MANAGER)
    if not cohorts:
        if turn.person is not None and cohorts_of(turn, turn.person, Role.MANAGER, ended=True):
            raise NotFound(_("None of your cohorts runs now. `/runs` has those that ended."))
        raise NotAllowed(_("This page is for the managers of cohorts that run."))
    found = sorted((look_at(turn, cohort) for cohort in cohorts), key=week_views.urgency)
    whole = [charted(turn, one) for one in found[:DRAWN]]
    first = week_views.summary([*whole, *(in_row(turn, one) for one in found[DRAWN:])]) if len(found) > 1 else message()
    each, address = week_views.page(whole + found[DRAWN:]), f"{turn.links.address}/{COHORT}"
    figures = page_views.figures(found)
    return message(
        *first.blocks,
        page_views.cohorts(found, address),
        *each.blocks,
        heading(_("Every figure"), folded=True) if figures else None,
        figures,
    )


@feature.page(COHORT, title=N_("The cohort this week"), roles=MANAGERS, tab=N_("This week"))
def show_cohort(turn: Turn[DigestStore], asked: Mapping[str, str]) -> Message:
    one = charted(turn, look_at(turn, turn.here))
    return message(*week_views.page([one]).blocks, page_views.figures([one]))


@feature.page(LEARNERS, title=N_("Learners by week"), roles=STAFF, tab=N_("Learners"))
def show_learners(turn: Turn[DigestStore], asked: Mapping[str, str]) -> Message:
    return page_views.learners(*by_week(turn, turn.here))


@feature.page(DATES, title=N_("Dates, and whom they suit"), roles=STAFF, tab=N_("Dates"))
def show_dates(turn: Turn[DigestStore], asked: Mapping[str, str]) -> Message:
    learners = turn.people.members(turn.here.id, Role.LEARNER)
    return page_views.dates(every_meeting(turn, turn.here, learners), Counter(p.zone for p in learners))


@feature.action("page", roles=ANYONE, lane="private")
def lead_to_page(turn: Turn[DigestStore], press: Press) -> Reply:
    return _way(turn, WEEK, _("Your cohorts on a page"))


@feature.action("pages", roles=STAFF, lane="private")
def lead_to_pages(turn: Turn[DigestStore], press: Press) -> Reply:
    """To the pages of a cohort, which lead to one another."""
    path = COHORT if Role.MANAGER in turn.roles else LEARNERS
    return _way(turn, path.format(cohort=turn.here.id), _("The pages of {title}", title=turn.here.title))


def _way(turn: Turn[DigestStore], path: str, label: str) -> Message:
    """A link for this person only."""
    if not turn.links.address:
        raise NotFound(_("Pages are not served here. `/cohort overview` and `/cohort desk` have what waits."))
    return way_in(turn.links.invite(turn.me.id, path), label)
