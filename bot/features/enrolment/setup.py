"""Setting a cohort up from the chat: its page, people's roles, and what was done."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated

from bot.core.actions import read_number
from bot.core.commands import Param
from bot.core.errors import FormRefused, NotAllowed, Refused
from bot.core.facts import Joined, Left
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.message import Text, message, paragraph
from bot.core.people import ANYONE, MANAGERS, Cohort, Role
from bot.core.time import local_day
from bot.core.translation import N_, _, any_of
from bot.core.turn import Turn
from bot.course.calendar import behind
from bot.course.loader import course_of
from bot.features.enrolment import setup_views as views
from bot.features.enrolment.joining import enrol, invited_to
from bot.features.enrolment.rules import may_end_role
from bot.features.enrolment.store import EnrolmentStore, feature

ACTS_AT_ONCE = 15


@dataclass(frozen=True)
class Setup:
    """Set a cohort up: its channels, who has which role, what was done."""

    code: Annotated[str, Param(N_("The code of a cohort"), N_("To connect one to this workspace."), max_length=40)] = ""


@feature.command("setup", example="/cohort setup", roles=MANAGERS, needs_cohort=False, admins=True)
def setup(turn: Turn[EnrolmentStore], typed: Setup) -> Reply:
    """For managers, and for workspace administrators who have the cohort's code, since a new cohort has no manager."""
    if typed.code:
        return _connect(turn, typed.code)
    mine = managed(turn)
    if turn.cohort is not None and turn.cohort.id in {c.id for c in mine}:
        return page(turn, turn.cohort)
    if len(mine) == 1:
        return page(turn, mine[0])
    if mine:
        return views.which(mine)
    return views.connect_form()


@feature.form("connect", roles=ANYONE, replaces=None)
def take_code(turn: Turn[EnrolmentStore], filled: Submission) -> Reply:
    return _connect(turn, filled.values.get("code", ""))


@feature.action("setup", roles=MANAGERS, lane="private")
def open_page(turn: Turn[EnrolmentStore], press: Press) -> Reply:
    return page(turn, turn.here)


def page(turn: Turn[EnrolmentStore], cohort: Cohort, warning: Text | None = None) -> Reply:
    people = {role: turn.people.members(cohort.id, role) for role in Role}
    groups, code = turn.store.groups_of(cohort.id), turn.store.join_code(cohort.id)
    late = None
    if local_day(turn.now, cohort.zone) > cohort.starts_on and not people[Role.LEARNER]:
        late = behind(course_of(cohort.course_text), cohort.timetable, cohort.zone, turn.now)
    return views.page(cohort, people, groups, code, late, warning)


def managed(turn: Turn[EnrolmentStore]) -> list[Cohort]:
    """The running cohorts that the person manages."""
    ids = [m.cohort for m in turn.people.memberships(turn.me.id) if m.role is Role.MANAGER]
    return [c for c in map(turn.people.cohort, ids) if c is not None]


def is_admin(turn: Turn[EnrolmentStore]) -> bool:
    """Whether the platform says that the person administers the workspace."""
    return bool(turn.event and turn.event.actor and turn.event.actor.admin)


def _connect(turn: Turn[EnrolmentStore], code: str) -> Reply:
    """Makes a workspace administrator who has the cohort's code its manager."""
    cohort = invited_to(turn, code)
    if cohort is None:
        raise FormRefused({"code": _("No cohort has this code. Whoever made the cohort has it; copy it once more.")})
    if cohort.id in {c.id for c in managed(turn)}:
        return page(turn, cohort)
    if not is_admin(turn):
        raise NotAllowed(
            _(
                "Only who administers this workspace or server can connect {title} to it. To take part, write `/cohort "
                "join {strip}`.",
                title=cohort.title,
                strip=code.strip(),
            )
        )
    if managers := turn.people.members(cohort.id, Role.MANAGER):
        # Every learner knows the code, and anybody may administer a workspace of their own.
        raise Refused(
            _(
                "{title} has a manager already: {managers}. To become one, too, write `/cohort join {strip}`, and ask "
                "{managers} to choose you with `/cohort setup`, 'Name somebody'. If that is you in another workspace, "
                "`/cohort link` makes both accounts the same person.",
                title=cohort.title,
                strip=code.strip(),
                managers=any_of([p.name for p in managers]),
            )
        )
    turn.cohort = cohort
    enrol(turn, cohort, turn.me.id, Role.MANAGER, asked=True)
    turn.log(f"became manager as an administrator of {turn.place.workspace if turn.place else 'a workspace'}")
    return page(turn, cohort)


# People


@feature.action("person", roles=MANAGERS, lane="form")
def ask_person(turn: Turn[EnrolmentStore], press: Press) -> Reply:
    return views.person_form(turn.here)


def stored_roles(turn: Turn[EnrolmentStore], filled: Submission) -> list[Stored]:
    """The course team with their roles, or the selected person."""
    picked, roles = read_number(filled.values.get("person", "")), defaultdict[int, list[str]](list)
    for role in (Role.INSTRUCTOR, Role.MANAGER):
        for person in turn.people.members(turn.here.id, role):
            roles[person.id].append(role.value)
    found = []
    for number in [picked] if picked is not None else list(roles):
        name = turn.people.person(number).name if number in roles else _("this person")
        said = _("{name} is {listed} now", name=name, listed=" and ".join(roles[number]) or _("not in the course team"))
        found.append(Stored({"team": " ".join(roles[number])}, said, str(number)))
    return found


@feature.form("person", roles=MANAGERS, replaces=stored_roles)
def take_person(turn: Turn[EnrolmentStore], filled: Submission) -> Reply:
    """Names an instructor or another manager, or takes a role away."""
    number, cohort = read_number(filled.values.get("person", "")), turn.here
    members = {p.id: p for p in turn.people.members(cohort.id)}
    if number not in members:
        raise FormRefused(
            {"person": _("Nobody of {title} was picked. People join with its code first.", title=cohort.title)}
        )
    person, role = members[number], Role(filled.values["role"])
    if not filled.values.get("remove"):
        if not turn.store.add_member(cohort.id, person.id, role):
            return message(paragraph(_("{name} is {a} already.", name=person.name, a=views.a(role))))
        turn.happened(Joined(cohort.id, person.id, role.value))
        turn.show_to(person.id, f"role/{cohort.id}/{person.id}/{role.value}", views.named(cohort, role))
        turn.log(f"named {person.name} {role.value}")
        return message(
            paragraph(_("{name} is now {a} of {title}.", name=person.name, a=views.a(role), title=cohort.title))
        )
    if not may_end_role(role, person.id, [p.id for p in turn.people.members(cohort.id, Role.MANAGER)]):
        raise FormRefused({"role": _("A cohort needs a manager. Name another one first.")})
    if person.id not in {p.id for p in turn.people.members(cohort.id, role)}:
        raise FormRefused(
            {"role": _("{name} is no {value} of {title}.", name=person.name, value=role.value, title=cohort.title)}
        )
    end_role(turn, cohort, person.id, role)
    turn.log(f"took the role {role.value} from {person.name}")
    return message(
        paragraph(_("{name} is no longer {a} of {title}.", name=person.name, a=views.a(role), title=cohort.title))
    )


def end_role(turn: Turn[EnrolmentStore], cohort: Cohort, person: int, role: Role, by_group: bool = False) -> None:
    """Takes a role from a person. With their last role they leave the cohort."""
    turn.store.end_membership(cohort.id, person, role, by_group)
    if all(m.cohort != cohort.id for m in turn.people.memberships(person)):
        turn.happened(Left(cohort.id, person))


# What was done


@feature.action("log", roles=MANAGERS, lane="private")
def show_log(turn: Turn[EnrolmentStore], press: Press) -> Reply:
    acts = turn.store.acts(turn.here.id, read_number(press.subject), ACTS_AT_ONCE + 1)
    return views.log(turn.here, acts[:ACTS_AT_ONCE], len(acts) > ACTS_AT_ONCE)
