"""From a wanted change to an applied one: the same way for the chat and the command line."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.calendar import calendar
from bot.core.contributions import CREDITS, IN_HAND, PAYS, TOOK_PART, UNTOLD, YES_TOLD
from bot.core.errors import Refused, Spent
from bot.core.facts import CohortPlanned, DatesMoved
from bot.core.message import Text
from bot.core.moving import away_of, items_of, moved_key, tell
from bot.core.people import Cohort, Role
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Hush, Line
from bot.course.gate.loosening import Loosened
from bot.course.inspection import inspect
from bot.course.loader import course_of
from bot.course.problems import Problem
from bot.features.revisions import rules, views
from bot.features.revisions.rules import Difference, Standing
from bot.features.revisions.store import Proposal, RevisionStore, Setup, Version

Revisions = Turn[RevisionStore]

USEFUL = timedelta(days=21)
"""How long it is of use to hear why dates moved."""


class NothingDiffers(Refused):
    """This is what is used already, so nothing would change."""


class Overtaken(Refused):
    """Somebody has changed the course since; look at what your change would do now."""


class ManagersAlone(Refused):
    """Learners were promised something else: less time a week, less room for live sessions, or a review without names.
    Only the cohort's manager can change that, in the chat: `/cohort course`."""


def changed(present: Setup, text: str | None, values: Mapping[str, str | None]) -> Setup:
    """The present setup with another course file, and with what is given of the form of dates (None: as it is).

    Raises FormRefused. The text was checked before.
    """
    with_text = rules.with_text(present, text) if text is not None else present
    if all(value is None for value in values.values()):
        return with_text
    given = {name: value for name, value in values.items() if value is not None}
    return rules.dates_of({**rules.date_values(present), **given}, with_text)


def refusals(turn: Revisions, setup: Setup) -> list[tuple[str, str]]:
    """Why this setup is refused: see `rules.refusals`."""
    took_part = turn.collect(TOOK_PART, turn.here)
    return rules.refusals(turn.store.present(turn.here), setup, took_part, turn.now, _zones(turn))


def propose(turn: Revisions, setup: Setup) -> tuple[Proposal, Difference]:
    """Stores a proposal with its effects. Raises Refused if the change is not allowed."""
    present = turn.store.present(turn.here)
    if setup == present:
        raise NothingDiffers
    _refuse(turn, setup)
    if turn.person is None and _loosens(turn, setup):
        raise ManagersAlone
    by = turn.person.id if turn.person else None
    proposal = turn.store.propose(turn.here.id, turn.store.number(turn.here.id), setup, by)
    return proposal, difference(turn, setup)


def difference(turn: Revisions, setup: Setup) -> Difference:
    """What this setup would change now: it is tried out, and the dates before and after are compared."""
    cohort, before = turn.here, _standing(turn, setup.zone)

    def change(own: Revisions) -> None:
        own.store.change(cohort.id, setup)
        own.happened(CohortPlanned(cohort.id))

    after = turn.features.try_out(turn, change, lambda own: _standing(own, setup.zone))
    present = turn.store.present(cohort)
    findings = (_findings(turn, present, before.zones), _findings(turn, setup, before.zones))
    learners = turn.people.members(cohort.id, Role.LEARNER)
    return rules.compare(present, setup, findings, before, after, learners, turn.now)


def _standing(turn: Revisions, zone: str) -> Standing:
    """The cohort's dates: everybody's own, and those that most learners have in `zone`."""
    cohort = turn.people.cohort(turn.here.id)
    assert cohort is not None
    learners = turn.people.members(cohort.id, Role.LEARNER)
    zones, gone = [p.zone for p in learners], frozenset(turn.people.gone(cohort.id))
    messages = course_of(cohort.course_text).messages
    awake = {p.id: messages.waking(turn.now, p.hour, p.zone) for p in learners}
    items, away = items_of(turn, cohort, learners), away_of(turn, cohort)
    credits = {(person, credit.column): credit for person, credit in turn.collect(CREDITS, cohort, learners)}
    news, paid = turn.collect(YES_TOLD, cohort), turn.collect(PAYS, cohort)
    held, in_hand = turn.collect(UNTOLD, cohort), turn.collect(IN_HAND, cohort)
    return Standing(calendar(turn, cohort, zone), items, credits, zones, gone, away, awake, news, paid, held, in_hand)


def _findings(turn: Revisions, setup: Setup, zones: Sequence[str]) -> list[Problem]:
    holidays = frozenset(setup.holidays)
    cohort = replace(turn.here, course_text=setup.text, starts_on=setup.starts_on, zone=setup.zone, holidays=holidays)
    return inspect(turn, cohort, "course.yaml", zones)


def use(turn: Revisions, proposal: Proposal) -> tuple[Version, Difference]:
    """Applies the proposal: everything ahead is planned again, and the people concerned are told.

    Raises Overtaken if the course has changed since the proposal was made, Spent if the proposal was used or discarded,
    ManagersAlone if only a manager may do it, Refused if it is no longer allowed.
    """
    cohort = turn.here
    check_open(proposal)
    if proposal.base != turn.store.number(cohort.id):
        raise Overtaken
    _refuse(turn, proposal.setup)
    loosened = _loosens(turn, proposal.setup)
    if loosened and not is_for(turn):
        raise ManagersAlone
    found = difference(turn, proposal.setup)
    if not proposal.base:
        turn.store.add_version(cohort.id, found.present, None, None)
    version = turn.store.add_version(cohort.id, proposal.setup, turn.person.id if turn.person else None, turn.now)
    turn.store.change(cohort.id, proposal.setup)
    turn.store.settle(proposal.id, "used")
    turn.log(f"changed the course: version {version.number}")
    for objective in proposal.setup.course.live_only:
        if objective not in found.present.course.live_only:
            turn.log(f"named an objective of live sessions: {objective}")
    for one in loosened:
        turn.log(f"loosened {one.key} from {one.old} to {one.new}")
    turn.happened(CohortPlanned(cohort.id))
    known = {person: [m.old for m in mine if m.old is not None] for person, mine in found.told.items()}
    turn.happened(DatesMoved(cohort.id, known))
    _tell(turn, cohort, found)
    return version, found


def rebased(turn: Revisions, proposal: Proposal) -> Setup | None:
    """The proposal as a change of what is used now; None if that would undo what somebody else has changed since."""
    present, number = turn.store.present(turn.here), turn.store.number(turn.here.id)
    base = next((v.setup for v in turn.store.versions(turn.here.id) if v.number == proposal.base), None)
    if proposal.base == number or base is None:
        return proposal.setup
    setup = rules.rebased(base, present, proposal.setup)
    return setup if setup is not None and not refusals(turn, setup) else None


def check_open(proposal: Proposal) -> None:
    """Raises Spent if the proposal was used or discarded."""
    if proposal.state == "used":
        raise Spent(_("This change was used already. `/cohort course` shows how the course stands."))
    if proposal.state == "discarded":
        raise Spent(_("This change was discarded already. `/cohort course` shows how the course stands."))


def is_for(turn: Revisions) -> bool:
    """Whether the acting person may loosen what learners were promised."""
    return turn.person is not None and Role.MANAGER in turn.roles


def waits_for_the_manager(turn: Revisions, setup: Setup) -> Sequence[Loosened]:
    """What of this setup takes effect by somebody else's word alone."""
    return () if is_for(turn) else _loosens(turn, setup)


def _loosens(turn: Revisions, setup: Setup) -> Sequence[Loosened]:
    """What only the manager decides: see `rules.loosens`."""
    present, versions = turn.store.present(turn.here), turn.store.versions(turn.here.id)
    return rules.loosens(present, setup, versions, turn.now, _zones(turn))


def _zones(turn: Revisions) -> Collection[str]:
    """The zones of the learners: the first of their clocks decides what has begun."""
    return {p.zone for p in turn.people.members(turn.here.id, Role.LEARNER)}


def _tell(turn: Revisions, cohort: Cohort, found: Difference) -> None:
    """Says what happened to everybody whom it concerns: learners with their dates, the rest of the course team with
    the number of those. Who has not heard of earlier changes is told how the course now differs from the one that they
    know, and nothing if it does not."""
    said = [*views.what_happened(found.present, found.proposed), *views.to_study(found.study)]
    turn.say(*_why(turn, cohort, found), *_what_to_study(turn, cohort, found))
    turn.say(*(Hush(moved_key(cohort.id, item, person)) for person, item in found.unsaid))
    turn.say(*tell(cohort.id, found.told, turn.now))
    if said or found.told:
        turn.say(*_team_lines(turn, cohort, found, said))


def _why(turn: Revisions, cohort: Cohort, found: Difference) -> Iterator[Line]:
    """Why dates move, for learners. Who has no such date is told only where they would hear of an earlier change."""
    said = views.what_happened(found.present, found.proposed, yours=True)
    if not said:
        return
    tells: dict[str, Text] = {}
    for name, known in _known(turn, rules.shape).items():
        if since := views.what_happened(known, found.proposed, yours=True):
            tells[name] = (" ".join(since),)
    until, knows = turn.now + USEFUL, rules.shape(found.present)
    for person in {*(p.id for p in turn.people.members(cohort.id, Role.LEARNER)), *found.told}:
        urgent = any(m.is_urgent(turn.now) for m in found.told.get(person, ()))
        text = (" ".join(said),) if found.for_all or person in found.told else ()
        key = f"changed/{cohort.id}/{person}"
        yield Line(person, cohort.id, key, text, until, urgent=urgent, knows=knows, tells=tells)


def _what_to_study(turn: Revisions, cohort: Cohort, found: Difference) -> Iterator[Line]:
    """What is new on this week's card, for learners who have it: cards change where they stand, which nobody sees."""
    if not (said := views.to_study(found.study)):
        return
    tells: dict[str, Text] = {}
    for name, known in _known(turn, rules.materials).items():
        if since := views.to_study(rules.study(known, found.proposed, (), turn.now)):
            tells[name] = (" ".join(since),)
    until, knows = cohort.timetable.over(found.study.week), rules.materials(found.present)
    for person in found.study.readers:
        key = f"study/{cohort.id}/{person}/{found.study.week}"
        yield Line(person, cohort.id, key, (" ".join(said),), until, knows=knows, tells=tells)


def _team_lines(turn: Revisions, cohort: Cohort, found: Difference, said: Sequence[str]) -> Iterator[Line | Hush]:
    tells: dict[str, Text] = {}
    for name, known in _known(turn, rules.whole).items():
        study = rules.study(known, found.proposed, (), turn.now)
        since = [*views.what_happened(known, found.proposed), *views.to_study(study)]
        if since or not rules.same_dates(known, found.proposed):
            tells[name] = views.team_line(cohort, turn.person, since, len(found.told))
    text, knows = views.team_line(cohort, turn.person, said, len(found.told)), rules.whole(found.present)
    roles = {p.id: role for role in (Role.MANAGER, Role.INSTRUCTOR) for p in turn.people.members(cohort.id, role)}
    for person, role in roles.items():
        key = f"version/{cohort.id}/{person}"
        if turn.person is not None and person == turn.person.id:
            # Who changes the course has seen how it stood.
            yield Hush(key)
        else:
            yield Line(person, cohort.id, key, text, turn.now + USEFUL, role, knows=knows, tells=tells)


def _known(turn: Revisions, name: Callable[[Setup], str]) -> dict[str, Setup]:
    """Every course that somebody may know, by its name."""
    return {name(version.setup): version.setup for version in turn.store.versions(turn.here.id)}


def _refuse(turn: Revisions, setup: Setup) -> None:
    if reasons := refusals(turn, setup):
        raise Refused(" ".join(why for _, why in reasons))
