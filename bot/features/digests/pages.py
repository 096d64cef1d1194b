"""The manager's week as a page: every figure of every cohort."""

from collections.abc import Mapping

from bot.core.errors import NotAllowed, NotFound
from bot.core.feature import Press, Reply
from bot.core.message import Link, Message, message, note, paragraph
from bot.core.people import ANYONE, Role
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.features.digests import week_views
from bot.features.digests.charting import charted
from bot.features.digests.collecting import cohorts_of
from bot.features.digests.looking import look_at
from bot.features.digests.store import DigestStore, feature

WEEK = "managers-week"

DRAWN = 12
"""Cohorts with a picture on the page, those that would like a look first."""


@feature.page(
    WEEK,
    title=N_("Your cohorts this week"),
    roles=ANYONE,
    way=N_("In the chat, write `/cohort overview` and press 'All on a page' for a new link."),
)
def show_page(turn: Turn[DigestStore], asked: Mapping[str, str]) -> Message:
    cohorts = cohorts_of(turn, turn.person, Role.MANAGER) if turn.person is not None else []
    if not cohorts:
        raise NotAllowed(_("This page is for the managers of cohorts that run."))
    found = sorted((look_at(turn, cohort) for cohort in cohorts), key=week_views.urgency)
    return week_views.page([charted(turn, one) for one in found[:DRAWN]] + found[DRAWN:])


@feature.action("page", roles=ANYONE, lane="private")
def lead_to_page(turn: Turn[DigestStore], press: Press) -> Reply:
    """A link for this person only."""
    if not turn.links.address:
        raise NotFound(_("Pages are not served here. 'All figures of …' shows one cohort after the other."))
    return message(
        paragraph(Link(turn.links.invite(turn.me.id, WEEK), _("Your cohorts on a page"))),
        note(_("For you alone: the link works once, within 15 minutes, and you stay signed in for 12 hours.")),
    )
