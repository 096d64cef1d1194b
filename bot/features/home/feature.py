"""Home: `/cohort`, `/cohort next` and `/cohort help`. They always work, and always say what is next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.contributions import Upcoming
from bot.core.feature import Press, Reply
from bot.core.people import ANYONE, MEMBERS, Cohort, Role
from bot.core.turn import Turn
from bot.features.home import views
from bot.features.home.store import HomeStore, feature

__all__ = ["feature"]


@dataclass(frozen=True)
class Page:
    """Your page: the week, what is next, and your settings."""


@dataclass(frozen=True)
class Next:
    """The one thing to do next."""


@dataclass(frozen=True)
class Help:
    """What you can do here."""


@feature.command("", example="/cohort", roles=ANYONE, needs_cohort=False)
def page(turn: Turn[HomeStore], typed: Page) -> Reply:
    mine, over = _cohorts(turn), _over(turn)
    here = _ended(turn)
    if here is not None:
        # In its own channel an ended cohort comes first.
        mine = [o for o in over if o[0].id == here.id] or mine
    shown = mine or over[:1]
    if not shown:
        return views.nowhere(here, bool(turn.links.address))
    others = [c for c, _ in over if all(c.id != s.id for s, _ in shown)]
    newest = [(cohort, _upcoming(turn, cohort, roles)) for cohort, roles in shown[-views.COHORTS :]]
    return views.page(turn.me, turn.now, newest, others, bool(mine), len(shown) - len(newest))


@feature.action("ended", roles=MEMBERS, lane="private", after_end=True)
def ended_page(turn: Turn[HomeStore], press: Press) -> Reply:
    """What a person can still use in a cohort that has ended."""
    return views.page(turn.me, turn.now, [(turn.here, _upcoming(turn, turn.here, turn.roles))])


@feature.action("all", roles=MEMBERS, lane="private", after_end=True)
def whole_page(turn: Turn[HomeStore], press: Press) -> Reply:
    """All that is next in one cohort, where the page has no room for it."""
    return views.page(turn.me, turn.now, [(turn.here, _upcoming(turn, turn.here, turn.roles))], whole=True)


def _upcoming(turn: Turn[HomeStore], cohort: Cohort, roles: frozenset[Role]) -> Sequence[Upcoming]:
    return turn.features.upcoming(_inside(turn, cohort, roles), turn.me, cohort)


@feature.command("next", example="/cohort next", roles=ANYONE, needs_cohort=False)
def what_is_next(turn: Turn[HomeStore], typed: Next) -> Reply:
    mine = _cohorts(turn)
    if not mine:
        return page(turn, Page())
    return views.next_thing(_first(turn, mine))


@feature.command("help", example="/cohort help", roles=ANYONE, needs_cohort=False)
def help_page(turn: Turn[HomeStore], typed: Help) -> Reply:
    mine = _cohorts(turn)
    roles = frozenset(role for _, own in mine for role in own)
    may = [c for c in turn.features.commands if not c.roles or c.roles & roles]
    first = _first(turn, mine)
    return views.help_page(may, roles, first[1] if first else None)


def _cohorts(turn: Turn[HomeStore]) -> list[tuple[Cohort, frozenset[Role]]]:
    """The person's cohorts with their roles: only the channel's if they are a member of it, otherwise all."""
    memberships = turn.people.memberships(turn.me.id)
    found = []
    for cohort_id in dict.fromkeys(m.cohort for m in memberships):
        cohort = turn.people.cohort(cohort_id)
        if cohort is not None:
            found.append((cohort, frozenset(m.role for m in memberships if m.cohort == cohort_id)))
    here = [f for f in found if turn.cohort is not None and f[0].id == turn.cohort.id]
    return here or found


def _over(turn: Turn[HomeStore]) -> list[tuple[Cohort, frozenset[Role]]]:
    """The person's ended cohorts with their roles, most recent end first."""
    memberships = turn.people.memberships(turn.me.id, ended=True)
    found = []
    for cohort_id in dict.fromkeys(m.cohort for m in memberships):
        cohort = turn.people.cohort(cohort_id)
        if cohort is not None:
            found.append((cohort, frozenset(m.role for m in memberships if m.cohort == cohort_id)))
    return found


def _ended(turn: Turn[HomeStore]) -> Cohort | None:
    """The cohort of this channel if it has ended."""
    found = turn.people.cohort_at(turn.place, ended=True) if turn.place is not None else None
    return found[0] if found is not None and found[0].ended_at is not None else None


def _first(turn: Turn[HomeStore], mine: Sequence[tuple[Cohort, frozenset[Role]]]) -> tuple[Cohort, Upcoming] | None:
    """The one thing to do next: what is due first in any cohort, otherwise something that can be done at any time."""
    found = [(c, u) for c, roles in mine for u in turn.features.upcoming(_inside(turn, c, roles), turn.me, c)]
    found = [f for f in found if not f[1].last]
    return min(found, key=lambda f: (not f[1].first, f[1].at is None, f[1].at or turn.now), default=None)


def _inside(turn: Turn[HomeStore], cohort: Cohort, roles: frozenset[Role]) -> Turn[object]:
    return replace(turn, cohort=cohort, roles=roles)
