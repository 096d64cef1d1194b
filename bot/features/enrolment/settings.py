"""A person's settings: their zone, which follows the platform's until they pick one, and their hour."""

from dataclasses import dataclass
from typing import Annotated

from bot.core.actions import read_number
from bot.core.commands import Param
from bot.core.contributions import ON_SETTINGS
from bot.core.errors import FormRefused, NotFound
from bot.core.events import AccountChanged
from bot.core.facts import ZoneChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.message import Option
from bot.core.people import ANYONE, Person, Role
from bot.core.time import find_zones, is_zone
from bot.core.timetable import DAY, WEEK
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.core.voice import Card, Hush
from bot.course.loader import course_of
from bot.features.enrolment import presence, views
from bot.features.enrolment.joining import welcome
from bot.features.enrolment.rules import hours_of, same_clock, zone_meant
from bot.features.enrolment.store import EnrolmentStore, feature


def suggest_zones(turn: Turn[EnrolmentStore], typed: str) -> list[Option]:
    """Zones whose city or name contains what was typed, those that begin with it first."""
    return [Option(zone, label) for zone, label in find_zones(typed, turn.now)]


@dataclass(frozen=True)
class Settings:
    """Your time zone, and the hour at which you like to be written to."""

    zone: Annotated[str, Param(N_("Your city or zone"), max_length=60, suggest=suggest_zones)] = ""


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
    turn.say(Hush(_offered(turn, zone)))
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
    _welcome_again(turn, changed=True)
    return _settings(turn, me)


def _settings(turn: Turn[EnrolmentStore], me: Person) -> Reply:
    cohorts = [turn.people.cohort(m.cohort) for m in turn.people.memberships(me.id) if m.role is Role.LEARNER]
    learned = [course_of(cohort.course_text) for cohort in cohorts if cohort is not None]
    return views.settings(me, hours_of(learned), turn.now, bool(learned)).with_blocks(*turn.collect(ON_SETTINGS, me))


# The platform's zone


@feature.on(AccountChanged)
def follow_account(turn: Turn[EnrolmentStore], event: AccountChanged) -> None:
    """A deactivated account gets no messages. The zone of the person's profile is adopted, or offered if they picked
    another one. Their welcome card follows, also one that was made before the profile was known."""
    presence.note(turn, event)
    zone = event.actor.zone if event.actor.zone and is_zone(event.actor.zone) else None
    adopted = zone is not None and turn.store.assume_zone(turn.me.id, zone)
    if adopted:
        turn.happened(ZoneChanged(turn.me.id))
    elif zone is not None and not same_clock(zone, turn.me.zone, turn.now):
        _offer_zone(turn, zone)
    if event.active:
        _welcome_again(turn, adopted)


def _welcome_again(turn: Turn[EnrolmentStore], changed: bool) -> None:
    """Shows the welcome cards of the person again: those of the last day, also on their way, and if their settings
    `changed` all others. One that waits for the morning is made then."""
    anchors = {m: f"welcome/{m.cohort}/{turn.me.id}" for m in turn.people.memberships(turn.me.id)}
    shown = turn.links.shown(list(anchors.values()))
    for membership, anchor in anchors.items():
        cohort, recent = turn.people.cohort(membership.cohort), turn.now - membership.joined_at < DAY
        if cohort is not None and anchor in shown and (recent or changed):
            turn.cohort = cohort
            turn.show_to(turn.me.id, anchor, welcome(turn, cohort, turn.me.id, membership.role))


def _offer_zone(turn: Turn[EnrolmentStore], zone: str) -> None:
    """Asks once for each zone, on the next card that comes anyway."""
    member = next(iter(turn.people.memberships(turn.me.id)), None)
    key = _offered(turn, zone)
    if member is None or turn.links.ref(key) is not None:
        return
    said = views.other_zone(turn.me, zone)
    until = turn.now + WEEK
    turn.say(Card(turn.me.id, member.cohort, key, said, turn.now, until, member.role, about=_("Your time zone")))


def _offered(turn: Turn[EnrolmentStore], zone: str) -> str:
    return f"zone/{turn.me.id}/{zone}"


@feature.action("use_zone", roles=ANYONE, lane="private")
def use_zone(turn: Turn[EnrolmentStore], press: Press) -> Reply:
    if not is_zone(press.subject):
        raise NotFound
    turn.store.set_zone(turn.me.id, press.subject, picked=False)
    return _zone_settled(turn, press.subject)


@feature.action("keep_zone", roles=ANYONE, lane="private")
def keep_zone(turn: Turn[EnrolmentStore], press: Press) -> Reply:
    return _zone_settled(turn, press.subject)


def _zone_settled(turn: Turn[EnrolmentStore], offered: str) -> Reply:
    settings = _settings_changed(turn)
    me = turn.people.person(turn.me.id)
    key = _offered(turn, offered)
    if turn.links.ref(key) is None:
        return settings
    turn.show_to(me.id, key, views.zone_settled(me))
    return None
