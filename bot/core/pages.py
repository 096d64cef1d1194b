"""Pages: what a browser shows. Features declare them like commands; the server knows no feature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from bot.core.message import Link, Message, message, note, paragraph
from bot.core.people import Actor, Role
from bot.core.translation import N_, _

INVITED_FOR = timedelta(minutes=15)
"""How long a sign-in link is valid. It works once."""

SIGNED_IN_FOR = timedelta(hours=12)


TABS = (
    N_("All cohorts"),
    N_("This week"),
    N_("Learners"),
    N_("Questions"),
    N_("Milestones"),
    N_("Stuck"),
    N_("Feedback"),
    N_("Live sessions"),
    N_("Dates"),
    N_("FAQ"),
    N_("Runs"),
    N_("All runs"),
    N_("Log"),
    N_("Delivery"),
)
"""The pages of the course team, in the order in which they are named; further ones come last."""


@dataclass(frozen=True, slots=True)
class File:
    """A finished document; its maker has escaped what people typed. With a `name` the browser saves it under that."""

    media_type: str
    text: str | bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A declared page. `path` has its values in braces, each a part between slashes: 'faq/{course}/'. With a value
    `cohort` (its number) it is about that cohort, and `roles` are those that the reader needs in it; without, in any
    cohort, also one that has ended.

    `tab` is its name among the pages of the course team (`roles` of theirs), or among those of one's own. Each of them
    leads to the others for whoever may read them.
    `way` says how to get a link to it in the chat ('In the chat, write `/cohort faq` ….'); a tab needs none.
    `secret`: anybody with its address may read it, so wrong addresses are limited.
    """

    path: str
    title: str
    feature: str
    roles: frozenset[Role]
    way: str = ""
    secret: bool = False
    tab: str = ""

    def match(self, path: str) -> dict[str, str] | None:
        """The values of an address, if it is this page's."""
        declared, given = self.path.split("/"), path.split("/")
        if len(declared) != len(given):
            return None
        values = {}
        for part, said in zip(declared, given, strict=True):
            if part.startswith("{") and said:
                values[part[1:-1]] = said
            elif part != said:
                return None
        return values


ON_PAGES = N_("In the chat, write `/cohort desk` or `/cohort overview`, and press 'On pages' for a new link.")
"""The way to the pages that lead to one another."""


def link_again(page: Page | None) -> str:
    """How to get a link to a page in the chat."""
    way = (page.way or (ON_PAGES if page.tab else "")) if page else ""
    return _(way) if way else _("`/cohort` in the chat leads to what is yours.")


def way_in(address: str, label: str) -> Message:
    """Somebody's own link to a page, as an answer in the chat. `address` is from `Links.invite`."""
    return message(
        paragraph(Link(address, label)),
        note(_("For you alone: the link works once, within 15 minutes, and you stay signed in for 12 hours.")),
    )


def signed_out(page: Page | None) -> str:
    """The text for readers who are no longer signed in."""
    return f"{_('You are not signed in, or not any more.')} {link_again(page)}"


@dataclass(frozen=True, slots=True)
class Tab:
    """A page that belongs to the one that is read, at `path`; `here`: that one itself."""

    label: str
    path: str
    here: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """What a reader gets. `refused` says why they get nothing: the page does not exist (404), or is not for them (403).
    `links` is as in `Delivery`; `zone` is the reader's. `cohort`: the title of the one that it is about, if any."""

    title: str = ""
    shown: Message | File | None = None
    refused: int = 0
    zone: str = "UTC"
    links: Mapping[str, str] = field(default_factory=dict)
    tabs: Sequence[Tab] = ()
    cohort: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """Where an invitation leads. `session` is empty if it was used up or has expired."""

    path: str
    session: str = ""


class Pages(Protocol):
    """All pages, as the server sees them. `session` is the value in the reader's cookie."""

    @property
    def declared(self) -> Sequence[Page]: ...

    def declaration(self, path: str) -> Page | None:
        """The page at an address."""
        ...

    async def open(self, path: str, session: str | None) -> Opened: ...

    async def enter(self, invitation: str, browser: str) -> Entered | None:
        """Uses up an invitation; None if it does not exist. `browser` is a secret that one browser keeps: it can press
        twice, or open the link again, and has the same session."""
        ...

    async def reader(self, session: str) -> Actor | None:
        """The signed-in person, as the platform knows them."""
        ...
