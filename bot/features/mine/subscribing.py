"""One's own dates as a calendar feed, at a secret address that can be renewed and taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.calendar import calendar
from bot.core.contributions import ON_SETTINGS, ON_WELCOME, Date, Extra
from bot.core.errors import NotFound
from bot.core.feature import Press, Reply
from bot.core.ics import as_feed
from bot.core.message import Block
from bot.core.pages import File
from bot.core.people import ANYONE, Cohort, Person, Role
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.features.mine import feed_views
from bot.features.mine.store import MineStore, feature

Mine = Turn[MineStore]

PAGE = "calendar/{file}"
ENDS = ".ics"


@feature.contributes(ON_WELCOME)
def on_the_welcome_card(turn: Mine, cohort: Cohort, person: Person, role: Role) -> Sequence[Extra]:
    return [feed_views.on_welcome()] if turn.links.address else []


@feature.contributes(ON_SETTINGS)
def on_settings(turn: Mine, person: Person) -> Sequence[Block]:
    return feed_views.on_settings() if turn.links.address else []


@feature.action("calendar", roles=ANYONE, lane="private", kept=False)
def subscribe(turn: Mine, press: Press) -> Reply:
    """The address, the first time. It is stored as a hash, so it cannot be shown again."""
    _need_pages(turn)
    since = turn.store.feed(turn.me.id)
    return feed_views.there(since) if since is not None else _made(turn)


@feature.action("calendar_new", roles=ANYONE, lane="private", kept=False)
def renew(turn: Mine, press: Press) -> Reply:
    _need_pages(turn)
    return _made(turn)


@feature.action("calendar_off", roles=ANYONE, lane="private")
def take_back(turn: Mine, press: Press) -> Reply:
    turn.store.drop_feed(turn.me.id)
    return feed_views.off()


def _need_pages(turn: Mine) -> None:
    if not turn.links.address:
        raise NotFound(_("Pages are not served here, so there is no calendar feed."))


def _made(turn: Mine) -> Reply:
    secret = turn.store.renew_feed(turn.me.id)
    return feed_views.made(f"{turn.links.address}/{PAGE.format(file=secret + ENDS)}")


@feature.page(PAGE, title=N_("Calendar"), roles=ANYONE, secret=True)
def read_feed(turn: Mine, asked: Mapping[str, str]) -> File:
    owner = turn.store.owner(asked["file"].removesuffix(ENDS))
    since = turn.store.feed(owner) if owner is not None else None
    if owner is None or since is None:
        raise NotFound(_("There is no calendar at this address. `/cohort settings` in the chat leads to yours."))
    person = turn.people.person(owner)
    found: list[tuple[str, str, Sequence[Date]]] = []
    for number in dict.fromkeys(m.cohort for m in turn.people.memberships(owner)):
        cohort = turn.people.cohort(number)
        if cohort is not None:
            own = calendar(replace(turn, cohort=cohort), cohort, person.zone, person.hour, person)
            page = f"{turn.links.address}/progress/{cohort.id}"
            found.append((cohort.code, cohort.title, [replace(d, place=d.place or page) for d in own]))
    # The same dates are the same bytes, so that a reader who has them is told so.
    return File("text/calendar", as_feed(_("My courses"), found, since).decode())
