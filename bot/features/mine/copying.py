"""A copy of what is kept about a person, for that person alone: a page and a file. A manager may send the way there to
somebody who asked them, and never sees the copy."""

from collections.abc import Mapping
from datetime import timedelta

from bot.core.actions import Action, read_number
from bot.core.errors import FormRefused, NotAllowed, NotFound
from bot.core.feature import Press, Reply, Submission
from bot.core.keeping import Copied
from bot.core.message import Message
from bot.core.pages import File, signed_out
from bot.core.people import ANYONE, MANAGERS
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.core.voice import Awaited
from bot.features.mine import views
from bot.features.mine.store import MineStore, feature

Mine = Turn[MineStore]

PAGE = "mine/"
FILE = "mine/{file}"
WAY = N_("In the chat, write `/cohort settings` and press 'Get a copy' for a new link.")

OFFERED_FOR = timedelta(days=14)


@feature.action("copy", roles=ANYONE, lane="private", after_end=True, kept=False)
def get_copy(turn: Mine, press: Press) -> Reply:
    """The way to the page; without pages, the file itself."""
    if turn.links.address:
        return views.way_to_copy(turn.links.invite(turn.me.id, PAGE))
    return views.copy_as_file(_copy(turn))


@feature.page(PAGE, title=N_("What is kept about you"), roles=ANYONE, way=WAY, tab=N_("What is kept"))
def show_copy(turn: Mine, asked: Mapping[str, str]) -> Message:
    return views.copy(_copy(turn), turn.links.address)


@feature.page(FILE, title=N_("What is kept about you"), roles=ANYONE, way=WAY)
def save_copy(turn: Mine, asked: Mapping[str, str]) -> Message | File:
    copied = _copy(turn)
    if asked["file"] == views.AS_JSON:
        return File("application/json", copied.document, views.AS_JSON)
    if asked["file"] == views.AS_ZIP:
        return File("application/zip", copied.packed, views.AS_ZIP)
    raise NotFound


def _copy(turn: Mine) -> Copied:
    if turn.person is None:
        raise NotAllowed(f"{signed_out(None).partition('.')[0]}. {_(WAY)}")
    return turn.features.copy_of(turn.person.id, turn.now)


# By a manager, for somebody who asked them


@feature.action("for_whom", roles=MANAGERS, lane="form", after_end=True)
def ask_for_whom(turn: Mine, press: Press) -> Reply:
    return views.for_whom(Action("mine", "for_whom", turn.here.id))


@feature.form("for_whom", roles=MANAGERS, replaces=None, after_end=True)
def offer_copy(turn: Mine, filled: Submission) -> Reply:
    number, cohort = read_number(filled.values.get("person", "")), turn.here
    members = {p.id: p for p in turn.people.members(cohort.id)}
    if number not in members:
        raise FormRefused({"person": _("Nobody of {title} was picked.", title=cohort.title)})
    offer = views.offer(turn.me, cohort)
    until = turn.now + OFFERED_FOR
    turn.say(Awaited(number, cohort.id, f"copy/{cohort.id}/{number}", offer.text, until, offer.below, personal=True))
    turn.log(f"sent {members[number].name} the way to their copy")
    return views.offered(members[number])
