"""Enrolment: who is in a cohort, in which role, in which zone, and at which hour they like to be written to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from bot.core.actions import read_number
from bot.core.codes import new_code
from bot.core.commands import Param
from bot.core.due import Due
from bot.core.errors import FormRefused, NotFound, Refused
from bot.core.events import AccountChanged
from bot.core.facts import CohortPlanned, Left, PersonErased, WordsWithdrawn, ZoneChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.message import Option, message, paragraph, with_code
from bot.core.people import ANYONE, MEMBERS, Person, Role
from bot.core.time import find_zones, is_zone
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.enrolment import channels, groups, reporting, setup, views
from bot.features.enrolment.joining import enrol, welcome
from bot.features.enrolment.rules import LINK_CODE_LENGTH, hours_of, zone_meant
from bot.features.enrolment.store import EnrolmentStore, feature

__all__ = ["channels", "feature", "groups", "reporting", "setup"]

LINK_GOOD_FOR = timedelta(minutes=15)


# Joining and leaving


@dataclass(frozen=True)
class Join:
    """Join a cohort with the code of your invitation."""

    code: Annotated[str, Param("The code of your invitation", max_length=40)]


@feature.command("join", example="/cohort join SUNNY-42", roles=ANYONE, needs_cohort=False)
def join(turn: Turn[EnrolmentStore], typed: Join) -> Reply:
    found = turn.store.cohort_by_join_code(typed.code.strip())
    cohort = turn.people.cohort(found) if found else None
    if cohort is None:
        raise Refused(
            _("No cohort has this code. Please copy it from your invitation once more, or ask whoever sent it.")
        )
    turn.cohort = cohort
    if not enrol(turn, cohort, turn.me.id, Role.LEARNER):
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


@feature.command("leave", example="/cohort leave", roles=MEMBERS)
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
            raise Refused(
                _("They are the only manager of {named}. Name another one first with `/cohort setup`.", named=named)
            )
        turn.store.end_membership(cohort, fact.person)
        turn.happened(Left(cohort, fact.person))
        turn.happened(WordsWithdrawn(cohort))


# Settings


def suggest_zones(turn: Turn[EnrolmentStore], typed: str) -> list[Option]:
    """Zones whose city or name contains what was typed, those that begin with it first."""
    return [Option(zone, label) for zone, label in find_zones(typed, turn.now)]


@dataclass(frozen=True)
class Settings:
    """Your time zone, and the hour at which you like to be written to."""

    zone: Annotated[str, Param("Your city or zone", max_length=60, suggest=suggest_zones)] = ""


@feature.command("settings", example="/cohort settings", roles=ANYONE, needs_cohort=False)
def settings(turn: Turn[EnrolmentStore], typed: Settings) -> Reply:
    return _use_zone(turn, typed.zone) if typed.zone else _settings(turn, turn.me)


@feature.action("zone", roles=ANYONE, lane="form")
def ask_zone(turn: Turn[EnrolmentStore], press: Press) -> Reply:
    return views.zone_form(turn.me)


def stored_zone(turn: Turn[EnrolmentStore], filled: Submission) -> list[Stored]:
    return [
        Stored({"zone": turn.me.zone if turn.me.picked_zone else ""}, _("your zone is {zone} now", zone=turn.me.zone))
    ]


@feature.form("zone", roles=ANYONE, replaces=stored_zone)
def take_zone(turn: Turn[EnrolmentStore], filled: Submission) -> Reply:
    return _use_zone(turn, filled.values.get("zone", ""))


def _use_zone(turn: Turn[EnrolmentStore], typed: str) -> Reply:
    found = zone_meant(typed, find_zones(typed, turn.now))
    if not found:
        raise FormRefused({"zone": _("No zone has this name. Try the next large city, such as Lisbon or Kolkata.")})
    if len(found) > 1:
        return views.pick_zone(found)
    return _set_zone(turn, found[0][0])


@feature.action("pick_zone", roles=ANYONE, lane="private")
def pick_zone(turn: Turn[EnrolmentStore], press: Press) -> Reply:
    if not is_zone(press.value):
        raise NotFound
    return _set_zone(turn, press.value)


def _set_zone(turn: Turn[EnrolmentStore], zone: str) -> Reply:
    turn.store.set_zone(turn.me.id, zone)
    return _settings_changed(turn)


@feature.action("hour", roles=ANYONE, lane="private")
def pick_hour(turn: Turn[EnrolmentStore], press: Press) -> Reply:
    hour = read_number(press.value)
    if hour is None or hour > 23:
        raise NotFound
    turn.store.set_hour(turn.me.id, hour)
    return _settings_changed(turn)


def _settings_changed(turn: Turn[EnrolmentStore]) -> Reply:
    """Shows the new settings, also on the welcome cards, and has every feature plan again."""
    me = turn.people.person(turn.me.id)
    turn.happened(ZoneChanged(me.id))
    for membership in turn.people.memberships(me.id):
        anchor = f"welcome/{membership.cohort}/{me.id}"
        cohort = turn.people.cohort(membership.cohort)
        if cohort is not None and turn.links.ref(anchor) is not None:
            turn.cohort = cohort
            turn.show_to(me.id, anchor, welcome(turn, cohort, me.id, membership.role))
    return _settings(turn, me)


def _settings(turn: Turn[EnrolmentStore], me: Person) -> Reply:
    cohorts = [turn.people.cohort(m.cohort) for m in turn.people.memberships(me.id) if m.role is Role.LEARNER]
    learned = [course_of(cohort.course_text) for cohort in cohorts if cohort is not None]
    return views.settings(me, hours_of(learned), turn.now, learns=bool(learned))


# Upgrades


@feature.due("plan_anew", within=timedelta(days=36_500))
def plan_anew(turn: Turn[EnrolmentStore], batch: Sequence[Due]) -> None:
    """After an upgrade (a migration requests it), features plan a running cohort again."""
    turn.happened(CohortPlanned(turn.here.id))


# Accounts


@dataclass(frozen=True)
class Link:
    """Use a second account as the same person: get a code here, and enter it there."""

    code: Annotated[str, Param("The code from your other account", max_length=20)] = ""


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
    turn.store.link_account(account, person)
    return message(paragraph(_("Done. Here too you are {name} now.", name=turn.people.person(person).name)))


@feature.on(AccountChanged)
def follow_account(turn: Turn[EnrolmentStore], event: AccountChanged) -> None:
    """A deactivated account gets no messages. A zone that the platform knows better is adopted."""
    turn.store.set_active(event.actor.account, event.active)
    zone = event.actor.zone
    if zone and is_zone(zone) and turn.store.assume_zone(turn.me.id, zone):
        turn.happened(ZoneChanged(turn.me.id))
