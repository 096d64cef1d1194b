"""Words that stand without their author's name: what in them may show it all the same, which is asked about before they
are sent."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from bot.core.contacts import has_contact, has_link
from bot.core.errors import FormRefused
from bot.core.forms import Doubt, Form, Values
from bot.core.names_in_text import stands_in
from bot.core.translation import N_, _
from bot.core.turn import Turn

CONTACT = N_("There is an e-mail address, an account or a phone number in it.")


def names_of(turn: Turn[Any], person: int) -> list[str]:
    """The names by which others may know somebody, and how they are mentioned."""
    found = (turn.people.account(person, place.workspace) for place in turn.here.places("main"))
    names = turn.people.names([turn.people.person(person)])[person]
    return [*names, *(f"@{account.user}" for account in found if account is not None)]


def shows_author(text: str, names: Collection[str], *, pod: bool = False) -> str:
    """All by which words to somebody who must not know whose they are may show one of the `names` behind them; '' if
    nothing is known that does."""
    why = []
    if has_link(text):
        why.append(_("There is a link in it: it may show your name."))
    if has_contact(text):
        why.append(_(CONTACT))
    if stands_in([text], names):
        why.append(_("The name of somebody in your pod stands in it.") if pod else _("Your name stands in it."))
    return " ".join(why)


def doubts(values: Values, names: Collection[str], *, pod: bool = False) -> list[Doubt]:
    """What may show by whom something is that somebody typed without their name: they are asked before it is sent."""
    shows = {name: shows_author(text, names, pod=pod) for name, text in values.items()}
    return [Doubt(name, values[name], why) for name, why in shows.items() if why]


def own_doubts(turn: Turn[Any], **values: str) -> list[Doubt]:
    """The same about what the acting person typed."""
    return doubts(values, names_of(turn, turn.me.id))


def doubted(doubts: Collection[Doubt], form: Form) -> FormRefused:
    """Asks about what a command brought, in the form that sends it."""
    problems = {"": _("Change it, or send it again as it is."), **{doubt.field: doubt.why for doubt in doubts}}
    return FormRefused(problems, replace(form, seen={doubt.part: doubt.stamp for doubt in doubts}))
