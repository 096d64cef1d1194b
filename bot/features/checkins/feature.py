"""Check-ins: everybody works in a shared document, and says on fixed days how it goes.

A round opens and closes by the course file's dates. What people say stands in one post; where they are stuck goes to
the course team.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.due import Due, Plan
from bot.core.events import PostHeld
from bot.core.facts import CameUp, ItemsChanged, MoreTimeGiven, NameChanged, PersonErased, PodClosed
from bot.core.planning import Planning
from bot.core.translation import N_
from bot.core.turn import Turn
from bot.features.checkins import answering, contributing, posting, reporting
from bot.features.checkins.store import CheckinStore, feature

__all__ = ["contributing", "feature", "reporting"]

Checkins = Turn[CheckinStore]


@feature.planned("open", "close", again=[MoreTimeGiven, ItemsChanged])
def plan(turn: Checkins, planning: Planning) -> Iterator[Plan]:
    return posting.plan(turn, planning)


@feature.due("open", within=posting.WITHIN, title=N_("The post of a check-in"), by_day=True)
def open_round(turn: Checkins, batch: Sequence[Due]) -> None:
    posting.show_due(turn, batch)


@feature.due("show", within=timedelta(days=14), fold=True, after_end=True, by_day=True)
def show_again(turn: Checkins, batch: Sequence[Due]) -> None:
    """The post after people checked in."""
    posting.show_due(turn, batch)


@feature.on(MoreTimeGiven)
def follow_more_time(turn: Checkins, fact: MoreTimeGiven) -> None:
    answering.forgive(turn, fact.person)


@feature.on(CameUp)
def follow_downtime(turn: Checkins, fact: CameUp) -> None:
    posting.follow_downtime(turn)


@feature.due("close", within=timedelta(days=14), fold=True, by_day=True)
def close_round(turn: Checkins, batch: Sequence[Due]) -> None:
    """The post says that it is closed."""
    posting.show_due(turn, batch)


@feature.on(PersonErased)
def erase(turn: Checkins, fact: PersonErased) -> None:
    for cohort, update in turn.store.by(fact.person):
        if (home := turn.people.cohort(cohort)) is not None:
            answering.remove(replace(turn, cohort=home), update)


@feature.on(PodClosed)
def follow_pod(turn: Checkins, fact: PodClosed) -> None:
    posting.withdraw_from_pod(turn, fact.place)


@feature.on(NameChanged)
def follow_name(turn: Checkins, fact: NameChanged) -> None:
    for cohort, update in turn.store.by(fact.person):
        home = turn.people.cohort(cohort)
        if home is not None and update.is_public:
            posting.changed(replace(turn, cohort=home), home, update)


@feature.on(PostHeld)
def follow_held(turn: Checkins, event: PostHeld) -> None:
    """Tells whoever checked in whether the cohort sees it."""
    match event.anchor.split("/", 2):
        case ["checkin", number, key] if (home := turn.people.cohort(int(number))) is not None:
            answering.follow_post(replace(turn, cohort=home), event, key)
