"""What revisions report: what waits for the manager, what became looser, and what a cohort has run by."""

from bot.core.contributions import AGENDA, FIGURES, RAN, Figure, Ran, Upcoming
from bot.core.people import Cohort, Person, Role
from bot.core.time import say
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.revisions import rules, views
from bot.features.revisions.store import RevisionStore, Version, feature

Revisions = Turn[RevisionStore]


def name_of(turn: Revisions, version: Version | None) -> str:
    return turn.people.person(version.by).name if version and version.by else _("the operator")


@feature.contributes(AGENDA)
def to_decide(turn: Revisions, person: Person, cohort: Cohort) -> list[Upcoming]:
    if Role.MANAGER not in turn.roles:
        return []
    now = turn.store.present(cohort).course
    return [views.to_decide(cohort, proposal, now) for proposal in turn.store.asked(cohort.id)]


@feature.contributes(FIGURES)
def in_the_week(turn: Revisions, cohort: Cohort) -> list[Figure]:
    found, versions = turn.store.asked(cohort.id), turn.store.versions(cohort.id)
    named = [(one, name_of(turn, version)) for one, version in rules.named(versions, turn.now - WEEK)]
    loosened = [
        (one, name_of(turn, version), say(version.at, cohort.zone))
        for one, version in rules.loosened_since(versions, turn.now - WEEK)
        if version.at is not None
    ]
    return [
        *([views.waiting(cohort, found)] if found else []),
        *([views.loosened(loosened)] if loosened else []),
        *([views.named(cohort, named)] if named else []),
    ]


@feature.contributes(RAN)
def ran(turn: Revisions, cohort: Cohort) -> list[Ran]:
    return rules.ran(turn.store.versions(cohort.id), turn.store.present(cohort))
