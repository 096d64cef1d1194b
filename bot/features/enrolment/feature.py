"""Enrolment: who is in a cohort, in which role, in which zone, and at which hour they like to be written to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from bot.core.codes import new_code
from bot.core.commands import Param
from bot.core.due import Due
from bot.core.errors import Refused
from bot.core.facts import CohortPlanned, Left, NameChanged, PersonErased, WordsWithdrawn
from bot.core.feature import Press, Reply
from bot.core.message import message, paragraph, with_code
from bot.core.people import ANYONE, MEMBERS, Role
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.features.enrolment import channels, groups, pages, presence, reporting, settings, setup, views
from bot.features.enrolment.joining import enrol, invited_to
from bot.features.enrolment.rules import LINK_CODE_LENGTH
from bot.features.enrolment.store import EnrolmentStore, feature

__all__ = ["channels", "feature", "groups", "pages", "presence", "reporting", "settings", "setup"]

LINK_GOOD_FOR = timedelta(minutes=15)


# Joining and leaving


@dataclass(frozen=True)
class Join:
    """Join a cohort with the code of your invitation."""

    code: Annotated[str, Param(N_("The code of your invitation"), max_length=200)]


@feature.command("join", example="/cohort join SUNNY-42", roles=ANYONE, needs_cohort=False)
def join(turn: Turn[EnrolmentStore], typed: Join) -> Reply:
    cohort = invited_to(turn, typed.code)
    if cohort is None:
        raise Refused(
            _("No cohort has this code. Please copy it from your invitation once more, or ask whoever sent it.")
        )
    turn.cohort = cohort
    if not enrol(turn, cohort, turn.me.id, Role.LEARNER, asked=True):
        return message(
            paragraph(*with_code(_("You are in {title} already. `/cohort` shows where you stand.", title=cohort.title)))
        )
    title, name = cohort.title, turn.me.greeted
    return message(
        paragraph(
            _("Welcome to {title}, {name}. A card with your settings is on its way.", title=title, name=name)
            if name
            else _("Welcome to {title}. A card with your settings is on its way.", title=title)
        )
    )


@dataclass(frozen=True)
class Leave:
    """Leave a cohort; all its messages to you stop."""


@feature.command(
    "leave",
    example="/cohort leave",
    roles=MEMBERS,
    near=dict.fromkeys(("quit", "exit", "stop", "unsubscribe", "drop", "dropout", "withdraw", "unjoin"), "leave"),
)
def leave(turn: Turn[EnrolmentStore], typed: Leave) -> Reply:
    return views.sure_to_leave(turn.here)


@feature.action("leave", roles=MEMBERS, lane="private")
def leave_now(turn: Turn[EnrolmentStore], press: Press) -> Reply:
    managers = [p.id for p in turn.people.members(turn.here.id, Role.MANAGER)]
    if managers == [turn.me.id]:
        raise Refused(
            _("You are the only manager here, and a cohort needs one. Name another with `/cohort setup` first.")
        )
    turn.store.end_membership(turn.here.id, turn.me.id)
    turn.happened(Left(turn.here.id, turn.me.id))
    return views.left(turn.here, turn.store.join_code(turn.here.id))


@feature.on(PersonErased)
def leave_all(turn: Turn[EnrolmentStore], fact: PersonErased) -> None:
    for cohort in dict.fromkeys(m.cohort for m in turn.people.memberships(fact.person)):
        if [p.id for p in turn.people.members(cohort, Role.MANAGER)] == [fact.person]:
            title = turn.people.cohort(cohort)
            named = title.title if title else _("a cohort")
            if turn.person is not None and turn.person.id == fact.person:
                said = _(
                    "You are the only manager of {named}, and a cohort needs one. Name another one first: `/cohort "
                    "setup`, 'Name somebody'. Then come back, and nothing of yours stays.",
                    named=named,
                )
                raise Refused(said)
            raise Refused(
                _("They are the only manager of {named}. Name another one first with `/cohort setup`.", named=named)
            )
        turn.store.end_membership(cohort, fact.person)
        turn.happened(Left(cohort, fact.person))
        turn.happened(WordsWithdrawn(cohort))


# Upgrades


@feature.due("plan_anew", within=timedelta(days=36_500))
def plan_anew(turn: Turn[EnrolmentStore], batch: Sequence[Due]) -> None:
    """After an upgrade (a migration requests it), features plan a running cohort again."""
    turn.happened(CohortPlanned(turn.here.id))


# Accounts


@dataclass(frozen=True)
class Link:
    """Use a second account as the same person: get a code here, and enter it there."""

    code: Annotated[str, Param(N_("The code from your other account"), max_length=20)] = ""


@feature.command("link", example="/cohort link", roles=ANYONE, needs_cohort=False)
def link(turn: Turn[EnrolmentStore], typed: Link) -> Reply:
    if not typed.code:
        code = new_code(turn.store.choose, LINK_CODE_LENGTH)
        turn.store.offer_link(turn.me.id, code, turn.now + LINK_GOOD_FOR)
        return views.link_code(code, turn.now + LINK_GOOD_FOR)
    account = turn.event.actor.account if turn.event and turn.event.actor else None
    if turn.people.memberships(turn.me.id):
        raise Refused(_("This account is in a cohort by itself. Leave that first with `/cohort leave`, then link it."))
    person = turn.store.take_link(typed.code.strip().upper())
    if person is None or account is None:
        raise Refused(_("This code is not good any more. Write `/cohort link` in your other account for a new one."))
    turn.store.link_account(account, person, turn.me.name)
    turn.happened(NameChanged(person))
    return message(paragraph(_("Done. Here too you are {name} now.", name=turn.people.person(person).name)))
