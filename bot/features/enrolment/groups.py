"""Roles that come from the platform's own groups: looked up before every interaction, and kept in sync."""

from bot.core.errors import FormRefused
from bot.core.events import ActorMet, GroupListed
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.people import MANAGERS, Role
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.enrolment import setup_views as views
from bot.features.enrolment.joining import enrol
from bot.features.enrolment.setup import end_role, page
from bot.features.enrolment.store import EnrolmentStore, GroupRole, feature


@feature.action("group", roles=MANAGERS, lane="form")
def ask_group(turn: Turn[EnrolmentStore], press: Press) -> Reply:
    return views.group_form(turn.here)


def stored_groups(turn: Turn[EnrolmentStore], filled: Submission) -> list[Stored]:
    """The roles that groups of this workspace give, or the selected role."""
    picked, workspace = filled.values.get("group", "").partition(":")[0], turn.place.workspace if turn.place else ""
    bound = {g.group: g for g in turn.store.groups_of(turn.here.id) if g.workspace == workspace}
    found = []
    for group in [picked] if picked else list(bound):
        role = bound[group].role.value if group in bound else ""
        said = (
            _("the group {name} gives the role {role} now", name=bound[group].name, role=role)
            if role
            else _("the group gives no role now")
        )
        found.append(Stored({"role": role}, said, group))
    return found


@feature.form("group", roles=MANAGERS, replaces=stored_groups)
def take_group(turn: Turn[EnrolmentStore], filled: Submission) -> Reply:
    group, colon, name = filled.values.get("group", "").partition(":")
    workspace = turn.place.workspace if turn.place else ""
    if not colon or not group:
        raise FormRefused({"group": _("Please pick one of the groups of this workspace.")})
    role = filled.values["role"]
    if role == "none":
        turn.store.unbind_group(turn.here.id, workspace, group)
        for person in turn.store.through(turn.here.id, group):
            _take_back(turn, turn.here.id, person, group)
        turn.log(f"took its role from the group {name}")
    else:
        turn.store.bind_group(GroupRole(turn.here.id, workspace, group, name, Role(role)))
        turn.log(f"let the group {name} give the role {role}")
    return page(turn, turn.here)


@feature.on(ActorMet)
def follow_actor(turn: Turn[EnrolmentStore], event: ActorMet) -> None:
    """Before a person acts, updates their roles through groups from their present groups."""
    bound = turn.store.roles_of_groups(event.actor.account.workspace)
    mine = set(event.actor.groups or ())
    for each in bound:
        if each.group in mine:
            _give(turn, each, turn.me.id)
        elif turn.me.id in turn.store.through(each.cohort, each.group):
            _take_back(turn, each.cohort, turn.me.id, each.group)


@feature.on(GroupListed)
def follow_group(turn: Turn[EnrolmentStore], event: GroupListed) -> None:
    bound = [g for g in turn.store.roles_of_groups(event.workspace) if g.group == event.group]
    members = [turn.people.meet(actor).id for actor in event.members] if bound else []
    for each in bound:
        for person in members:
            _give(turn, each, person)
        for person in set(turn.store.through(each.cohort, each.group)) - set(members):
            _take_back(turn, each.cohort, person, each.group)


def _give(turn: Turn[EnrolmentStore], bound: GroupRole, person: int) -> None:
    has = any(m.cohort == bound.cohort and m.role is bound.role for m in turn.people.memberships(person))
    cohort = turn.people.cohort(bound.cohort)
    if has or cohort is None or not turn.store.may_return(cohort.id, person, bound.role, bound.group):
        return
    turn.cohort = cohort
    enrol(turn, cohort, person, bound.role, bound.group)
    turn.log(f"{_who(turn, person)}became {bound.role.value} through the group {bound.name}")


def _take_back(turn: Turn[EnrolmentStore], cohort_id: int, person: int, group: str) -> None:
    cohort = turn.people.cohort(cohort_id)
    if cohort is None:
        return
    turn.cohort = cohort
    for role in turn.store.roles_through(cohort.id, person, group):
        end_role(turn, cohort, person, role, by_group=True)
        turn.log(f"{_who(turn, person)}lost the role {role.value} with its group")


def _who(turn: Turn[EnrolmentStore], person: int) -> str:
    """The name, unless the log already has it."""
    return "" if turn.person is not None and turn.person.id == person else f"{turn.people.person(person).name} "
