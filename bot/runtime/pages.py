"""Pages: finds the page of a request, checks the reader's roles, and lets the feature make it."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.core.actions import read_number
from bot.core.errors import NotAllowed, Refused
from bot.core.incoming import clean
from bot.core.message import Message, message, paragraph, with_code
from bot.core.pages import TABS, Entered, File, Opened, Page, Tab, signed_out
from bot.core.people import STAFF, Actor, Cohort, MessageRef, Role
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
        found = self._find(clean(path))
        if found is None:
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
        if "cohort" in values:
            number = read_number(values["cohort"])
            cohort = unit.people.cohort(number) if number is not None else None
            if cohort is not None:
                # What people may read they may also read after the end.
                access.enter(turn, cohort)
        if page.roles and not page.roles & turn.roles:
            return _refused(403, _(_NOT_YOURS) if turn.person is not None else signed_out(page))
        try:
            shown = run(turn, values)
        except Refused as e:
            return _refused(403 if isinstance(e, NotAllowed) else 404, str(e))
        zone = turn.person.zone if turn.person else "UTC"
        if isinstance(shown, File) or turn.cohort is None:
            return Opened(_(page.title), shown, zone=zone)
        refs = unit.outbox.refs(set(anchors_in(shown)))
        shown = access.without_refused(self._registry, unit.people, shown)
        links = resolve(unit.people, shown, turn.cohort.workspace or "", refs, self._link)[1]
        tabs = self._tabs(page, turn.cohort, turn.roles)
        return Opened(_(page.title), shown, zone=zone, links=links, tabs=tabs, cohort=turn.cohort.title)

    def _tabs(self, page: Page, cohort: Cohort, roles: frozenset[Role]) -> list[Tab]:
        """The pages about a cohort that somebody may read, on each of these pages and what belongs to them."""
        if not page.roles or not page.roles <= STAFF:
            return []
        order = {tab: n for n, tab in enumerate(TABS)}
        theirs = [one for one in self.declared if one.tab and one.roles & roles]
        theirs.sort(key=lambda one: order.get(one.tab, len(TABS)))
        return [Tab(_(one.tab), one.path.format(cohort=cohort.id), one == page) for one in theirs]

    async def enter(self, invitation: str, browser: str) -> Entered | None:
        return await self._storage.run(lambda unit: unit.page_sessions.enter(invitation, browser))

    async def reader(self, session: str) -> Actor | None:
        def look(unit: Unit) -> Actor | None:
            inside = unit.page_sessions.inside(session)
            account = unit.people.account(inside) if inside is not None else None
            return Actor(account, unit.people.person(inside).name) if account and inside is not None else None

        return await self._storage.run(look)


def _refused(status: int, why: str) -> Opened:
    return Opened(_("Not here"), message(paragraph(*with_code(why))), refused=status)
