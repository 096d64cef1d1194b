"""Certificates: one's own, anybody's by its code, and the page that its owner may publish."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from bot.core.codes import grouped
from bot.core.codes import typed as code_typed
from bot.core.commands import Param
from bot.core.errors import NotFound, Refused, Spent
from bot.core.feature import Press, Reply
from bot.core.message import Message
from bot.core.people import ANYONE
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.features.completion import views
from bot.features.completion.store import Certificate, CompletionStore, feature

TRIES = 10
"""Unknown codes that one person may try within the span."""

SPAN = timedelta(hours=1)

PAGE = "certificate/{code}"


@dataclass(frozen=True)
class Check:
    """Your certificate; with a code, whose certificate that is: who completed what, and when."""

    code: Annotated[str, Param(N_("The code on a certificate, to check it"), max_length=40)] = ""


@feature.command(
    "certificate", example="/cohort certificate ABCD-EFGH-JKMN", roles=ANYONE, needs_cohort=False, after_end=True
)
def certificate(turn: Turn[CompletionStore], typed: Check) -> Reply:
    if not typed.code:
        mine = turn.store.certificates_of(turn.me.id)
        if not mine:
            return views.none_yet()
        return views.certificate(mine[0]) if len(mine) == 1 else views.several(mine)
    if turn.store.tries(turn.me.id, turn.now - SPAN) >= TRIES:
        raise Refused(_("These were many codes that are none. Please try again in an hour."))
    found = turn.store.certificate(code_typed(typed.code))
    if found is None:
        turn.store.note_try(turn.me.id)
        return views.unknown()
    return views.genuine(found)


@feature.action("mine", roles=ANYONE, lane="private", after_end=True)
def my_certificate(turn: Turn[CompletionStore], press: Press) -> Reply:
    """Shows the acting person their certificate."""
    return views.certificate(_mine(turn))


def _mine(turn: Turn[CompletionStore]) -> Certificate:
    """The acting person's certificate, whether or not they are still in the cohort."""
    found = turn.store.certificates(turn.here.id, {turn.me.id}).get(turn.me.id)
    if found is None:
        raise Spent(_("There is no certificate of yours here; `/cohort` shows what is missing."))
    return found


# Its page


@feature.action("page", roles=ANYONE, lane="private", after_end=True)
def ask_page(turn: Turn[CompletionStore], press: Press) -> Reply:
    found = _mine(turn)
    if not turn.links.address:
        return views.as_text(found)
    return views.shown(found, _address(turn, found)) if found.shown_at else views.ask_page(found)


@feature.action("show", roles=ANYONE, lane="private", after_end=True)
def show_page(turn: Turn[CompletionStore], press: Press) -> Reply:
    found = _mine(turn)
    if not turn.links.address:
        return views.as_text(found)
    if found.shown_at is None:
        turn.store.show(found.code, turn.now)
    return views.shown(found, _address(turn, found))


@feature.action("hide", roles=ANYONE, lane="private", after_end=True)
def hide_page(turn: Turn[CompletionStore], press: Press) -> Reply:
    turn.store.show(_mine(turn).code, None)
    return views.hidden()


def _address(turn: Turn[CompletionStore], found: Certificate) -> str:
    return f"{turn.links.address}/{PAGE.format(code=grouped(found.code))}"


@feature.page(PAGE, title=N_("Certificate of completion"), roles=ANYONE, secret=True)
def page(turn: Turn[CompletionStore], asked: Mapping[str, str]) -> Message:
    found = turn.store.certificate(code_typed(asked["code"]))
    if found is None or found.shown_at is None:
        # The same words whether it does not exist or its owner has unpublished it.
        raise NotFound(
            _("There is no certificate at this address. Compare its code letter by letter, or ask its owner.")
        )
    return views.public(found)
