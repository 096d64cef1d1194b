"""Pages: finds the page of a request, checks the reader's roles, and lets the feature make it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.core.actions import read_number
from bot.core.errors import NotAllowed, Refused
from bot.core.incoming import clean
from bot.core.message import Message, message, paragraph, shorten, with_code
from bot.core.pages import TABS, Entered, File, Opened, Page, Tab, signed_out
from bot.core.people import STAFF, Actor, Membership, MessageRef, Role
from bot.core.time import Clock
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.runtime import access
from bot.runtime.delivery import anchors_in, resolve
from bot.runtime.ports import Storage, Unit
from bot.runtime.registry import Registry
from bot.runtime.turns import blank_turn

_NOT_YOURS = N_("This page is for other people than you. `/cohort` in the chat shows what is yours.")

Run = Callable[[Turn[Any], Any], Message | File]


class FeaturePages:
    """The `Pages` of bot/core/pages.py."""

    def __init__(
        self, storage: Storage, registry: Registry, clock: Clock, link: Callable[[MessageRef], str | None]
    ) -> None:
        self._storage = storage
        self._registry = registry
        self._clock = clock
        self._link = link

    @property
    def declared(self) -> Sequence[Page]:
        return [page for page, _ in self._registry.pages]

    def declaration(self, path: str) -> Page | None:
        found = self._find(path)
        return found[0] if found else None

    async def open(self, path: str, session: str | None) -> Opened:
        found = self._find(path) if clean(path) == path else None
        if found is None or _is_other_number(found[2].get("cohort", "")):
            return _refused(404, _("There is no such page."))
        return await self._storage.run(lambda unit: self._open(unit, *found, session))

    def _find(self, path: str) -> tuple[Page, Run, dict[str, str]] | None:
        """The page at a path, what makes it, and the values in the path."""
        for page, run in self._registry.pages:
            if (values := page.match(path)) is not None:
                return page, run, values
        return None

    def _open(self, unit: Unit, page: Page, run: Run, values: dict[str, str], session: str | None) -> Opened:
        reader = unit.page_sessions.inside(session) if session else None
        turn = blank_turn(self._registry, unit, page.feature, self._clock.now())
        turn.person = unit.people.person(reader) if reader is not None else None
        of = unit.people.memberships
        mine = (*of(reader), *of(reader, ended=True)) if reader is not None else ()
        if "cohort" in values:
            number = read_number(values["cohort"])
            cohort = unit.people.cohort(number) if number is not None else None
            if cohort is not None:
                # What people may read they may also read after the end.
                access.enter(turn, cohort)
        elif page.roles:
            turn.roles = frozenset(m.role for m in mine)
        if page.roles and not page.roles & turn.roles:
            return _refused(403, _(_NOT_YOURS) if turn.person is not None else signed_out(page))
        try:
            shown = run(turn, values)
        except Refused as e:
            return _refused(403 if isinstance(e, NotAllowed) else 404, str(e))
        zone = turn.person.zone if turn.person else "UTC"
        if isinstance(shown, File):
            return Opened(_(page.title), shown, zone=zone)
        tabs = self._tabs(unit, page, values, turn, mine)
        if turn.cohort is None:
            return Opened(_(page.title), shown, zone=zone, tabs=tabs)
        refs = unit.outbox.refs(set(anchors_in(shown)))
        shown = access.without_refused(self._registry, unit.people, shown)
        links = resolve(unit.people, shown, turn.cohort.workspace or "", refs, self._link)[1]
        return Opened(_(page.title), shown, zone=zone, links=links, tabs=tabs, cohort=turn.cohort.title)

    def _tabs(
        self, unit: Unit, page: Page, values: Mapping[str, str], turn: Turn[Any], mine: Sequence[Membership]
    ) -> list[Tab]:
        """The pages that somebody may read beside this one: the course team's, about its cohort or about all, or one's
        own."""
        here = page.path.format(**values)
        team = {one.path for one in self.declared if one.roles and one.roles <= STAFF}
        if page.path not in team:
            own = [one for one in self.declared if one.tab and one.path not in team] if page.tab else []
            theirs = [found for one in own for found in _own(unit, one, mine)]
            return [Tab(label, path, path == here) for label, path in theirs] if len(theirs) > 1 else []
        in_all = frozenset(m.role for m in mine)
        in_this = turn.roles if turn.cohort is not None else frozenset()
        order = {tab: n for n, tab in enumerate(TABS)}
        read = [
            one
            for one in self.declared
            if one.tab and one.path in team and one.roles & (in_this if "{cohort}" in one.path else in_all)
        ]
        read.sort(key=lambda one: order.get(one.tab, len(TABS)))
        number = turn.cohort.id if turn.cohort else ""
        return [Tab(_(one.tab), path, path == here) for one in read if (path := one.path.format(cohort=number))]

    async def enter(self, invitation: str, browser: str) -> Entered | None:
        return await self._storage.run(lambda unit: unit.page_sessions.enter(invitation, browser))

    async def reader(self, session: str) -> Actor | None:
        def look(unit: Unit) -> Actor | None:
            inside = unit.page_sessions.inside(session)
            account = unit.people.account(inside) if inside is not None else None
            return Actor(account, unit.people.person(inside).name) if account and inside is not None else None

        return await self._storage.run(look)


def _own(unit: Unit, page: Page, mine: Sequence[Membership]) -> Iterator[tuple[str, str]]:
    """The name and path of a page of one's own: one for each cohort where somebody learns, if it is about one."""
    if "{cohort}" not in page.path:
        yield _(page.tab), page.path
        return
    cohorts = [unit.people.cohort(m.cohort) for m in mine if m.role is Role.LEARNER]
    for cohort in filter(None, cohorts):
        label = f"{_(page.tab)}: {shorten(cohort.title, 40)}" if len(cohorts) > 1 else _(page.tab)
        yield label, page.path.format(cohort=cohort.id)


def _is_other_number(cohort: str) -> bool:
    """Whether a cohort's number is written in another way than we write it: a page has one address."""
    number = read_number(cohort)
    return number is not None and str(number) != cohort


def _refused(status: int, why: str) -> Opened:
    return Opened(_("Not here"), message(paragraph(*with_code(why))), refused=status)
