"""From a wanted change to an applied one: the same way for the chat and the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.contributions import RUNS
from bot.core.errors import Refused, Spent
from bot.core.facts import CohortPlanned
from bot.core.people import Role
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Line
from bot.course.inspection import inspect
from bot.course.problems import Problem
from bot.features.revisions import rules, views
from bot.features.revisions.rules import Difference, Known
from bot.features.revisions.store import Proposal, RevisionStore, Setup, Version

Revisions = Turn[RevisionStore]


class NothingDiffers(Refused):
    """This is what is used already, so nothing would change."""


class Overtaken(Refused):
    """Somebody has changed the course since; look at what your change would do now."""


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
    return rules.refusals(turn.store.present(turn.here), setup, turn.store.done(turn.here.id))


def propose(turn: Revisions, setup: Setup) -> tuple[Proposal, Difference]:
    """Stores a proposal with its effects. Raises Refused if the change is not allowed."""
    present = turn.store.present(turn.here)
    if setup == present:
        raise NothingDiffers
    _refuse(turn, setup)
    by = turn.person.id if turn.person else None
    proposal = turn.store.propose(turn.here.id, turn.store.number(turn.here.id), setup, by)
    return proposal, difference(turn, setup)


def difference(turn: Revisions, setup: Setup) -> Difference:
    """What this setup would change now."""
    cohort = turn.here
    learners = turn.people.members(cohort.id, Role.LEARNER)
    present, runs = turn.store.present(cohort), frozenset(turn.collect(RUNS))
    known = Known(turn.store.done(cohort.id), turn.store.moves(cohort.id), turn.store.own_dates(cohort.id), runs)
    zones = [p.zone for p in learners]
    findings = (_findings(turn, present, zones), _findings(turn, setup, zones))
    return rules.compare(present, setup, findings, learners, known, turn.now)


def _findings(turn: Revisions, setup: Setup, zones: Sequence[str]) -> list[Problem]:
    holidays = frozenset(setup.holidays)
    cohort = replace(turn.here, course_text=setup.text, starts_on=setup.starts_on, zone=setup.zone, holidays=holidays)
    return inspect(turn, cohort, "course.yaml", zones)


def use(turn: Revisions, proposal: Proposal) -> tuple[Version, Difference]:
    """Applies the proposal: everything ahead is planned again, and the people concerned are told.

    Raises Overtaken if the course has changed since the proposal was made, Spent if the proposal was used or discarded,
    Refused if it is no longer allowed.
    """
    cohort = turn.here
    if proposal.state != "waiting":
        raise Spent(
            _("This change was {state} already. `/cohort course` shows how the course stands.", state=proposal.state)
        )
    if proposal.base != turn.store.number(cohort.id):
        raise Overtaken
    _refuse(turn, proposal.setup)
    found = difference(turn, proposal.setup)
    if not proposal.base:
        turn.store.add_version(cohort.id, found.present, None, None)
    version = turn.store.add_version(cohort.id, proposal.setup, turn.person.id if turn.person else None, turn.now)
    turn.store.change(cohort.id, proposal.setup)
    turn.store.settle(proposal.id, "used")
    turn.log(f"changed the course: version {version.number}")
    turn.happened(CohortPlanned(cohort.id))
    _tell(turn, version, found)
    return version, found


def _refuse(turn: Revisions, setup: Setup) -> None:
    if reasons := refusals(turn, setup):
        raise Refused(" ".join(why for _, why in reasons))


def _tell(turn: Revisions, version: Version, found: Difference) -> None:
    """Tells each learner once what moves for them."""
    for person, moved in found.told.items():
        urgent = any(rules.is_urgent(m, turn.now) for m in moved)
        for n, (text, m) in enumerate(zip(views.told(moved), moved, strict=False), 1):
            key = f"revisions/{turn.here.id}/{version.number}/{n}"
            turn.say(Line(person, turn.here.id, key, text, m.date.at, urgent=urgent))
