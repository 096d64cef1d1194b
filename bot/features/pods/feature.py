"""Pods: small groups of learners in near zones, each with a private channel.

They are formed at the moment that the course file names, and kept in order from then on: whoever asks later gets a free
place, and a pod that becomes small is refilled or merged. What is written in a pod's channel is never read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.actions import read_number
from bot.core.causes import why_not_there
from bot.core.due import Due, Plan
from bot.core.events import PlaceMade, PostHeld
from bot.core.facts import (
    CohortEnded,
    CohortPlanned,
    DeskChanged,
    Joined,
    Left,
    NameChanged,
    PersonErased,
    PodClosed,
    PresenceChanged,
)
from bot.core.people import Role
from bot.core.planning import Planning
from bot.features.pods import contributing, desk_views, joining, overseeing, reporting, settling, showing, wishes
from bot.features.pods.finding import CohortPods, Turns
from bot.features.pods.store import Pod, feature

__all__ = ["contributing", "feature", "joining", "overseeing", "reporting", "wishes"]

FORM = "pods.form"

MOST_NAMES = 3
"""So many names are tried for the channel of a pod."""


# Forming


@feature.planned("form")
def plan(turn: Turns, planning: Planning) -> Iterator[Plan]:
    """The one moment at which pods are formed."""
    here = CohortPods(turn, planning.cohort)
    if planning.whole and here.formed_at is not None and not here.pods:
        at = max(here.formed_at, turn.now)
        yield Plan(FORM, str(planning.cohort.id), at.isoformat(), at, planning.cohort.id)


@feature.due("form", within=timedelta(days=90), fold=True, by_day=True)
def form(turn: Turns, batch: Sequence[Due]) -> None:
    due = CohortPods(turn, turn.here).formed_at
    if due is not None and due <= turn.now:
        settling.settle(turn, first=True)


# As people come and go


@feature.on(Joined)
def follow_newcomer(turn: Turns, fact: Joined) -> None:
    if Role(fact.role) is Role.LEARNER and CohortPods(turn, turn.here).wants(fact.person):
        settling.settle(turn, coming=fact.person)


@feature.on(Left)
def follow_leaver(turn: Turns, fact: Left) -> None:
    """Whoever left one of several roles may still be a learner."""
    if not turn.people.joined(fact.cohort, {fact.person}):
        settling.take_out(turn, fact.person, wants=True)
        settling.settle(turn)


@feature.on(PresenceChanged)
def follow_presence(turn: Turns, fact: PresenceChanged) -> None:
    for there, here in _everywhere(turn, fact.person):
        if (pod := here.of(fact.person)) is not None:
            showing.show(there, here, pod)
        settling.settle(there, coming=fact.person)


def _everywhere(turn: Turns, person: int) -> Iterator[tuple[Turns, CohortPods]]:
    """Each cohort in which somebody is."""
    for cohort in dict.fromkeys(m.cohort for m in turn.people.memberships(person)):
        if (home := turn.people.cohort(cohort)) is not None:
            there = replace(turn, cohort=home)
            yield there, CohortPods(there, home)


@feature.on(PersonErased)
def erase(turn: Turns, fact: PersonErased) -> None:
    for cohort in (*turn.people.cohorts(), *turn.people.cohorts(ended=True)):
        # While they have an account, so that the platform can be told.
        settling.take_out(replace(turn, cohort=cohort), fact.person, wants=False)
        if (said := turn.store.introductions(cohort.id).get(fact.person)) is not None:
            turn.forget(*said.answers.values())
    turn.store.forget(fact.person)


@feature.on(NameChanged)
def follow_name(turn: Turns, fact: NameChanged) -> None:
    for there, here in _everywhere(turn, fact.person):
        if (pod := here.of(fact.person)) is not None:
            showing.show(there, here, pod)
            settling.publish(there, {p.id for p in here.people(pod)})


# Channels


@feature.on(PlaceMade)
def follow_made(turn: Turns, event: PlaceMade) -> None:
    """The channel of a pod is there, or cannot be made."""
    kind, *rest = event.anchor.split("/")
    pod = turn.store.pod(read_number(rest[0]) or 0) if kind == "pods" and len(rest) in (3, 4) else None
    cohort = turn.people.cohort(pod.cohort) if pod is not None else None
    # A request that was made before an upgrade does not name people.
    invited = {read_number(id) or 0 for id in rest[3].split(".")} if len(rest) == 4 else set()
    if pod is None or cohort is None or rest[1] != str(pod.opened):
        return
    there = replace(turn, cohort=cohort)
    here = CohortPods(there, cohort)
    if event.place is None:
        if pod.over or cohort.ended_at is not None:
            return
        if event.name_taken and pod.opened < MOST_NAMES:
            named = replace(pod, channel="", opened=pod.opened + 1)
            turn.store.change(named)
            showing.make_channel(there, CohortPods(there, cohort), named)
        else:
            turn.store.change(replace(pod, why=event.why))
            there.happened(DeskChanged(cohort.id, pod.desk_name, again=True))
        return
    made = replace(pod, channel=event.place.channel, why="")
    turn.store.change(made)
    if pod.over or cohort.ended_at is not None:
        there.archive_channel(event.place)
        return
    now = {p.id for p in here.people(made)}
    for person in sorted(invited - now):
        # They left while it was being made.
        there.remove_member(event.place, person)
    if now - invited:
        # They came while it was being made.
        showing.make_channel(there, here, made)
    if pod.why:
        there.happened(DeskChanged(cohort.id, pod.desk_name, done=True))
    here = CohortPods(there, cohort)
    showing.show(there, here, made)
    if not pod.channel:
        people = [p.id for p in here.people(made)]
        showing.tell(there, here, made, people)
        settling.publish(there, people)


@feature.on(PostHeld)
def follow_post(turn: Turns, event: PostHeld) -> None:
    """The channel of a pod takes nothing, or takes messages again."""
    kind, *rest = event.anchor.split("/")
    pod = turn.store.pod(read_number(rest[1]) or 0) if kind == "pod" and len(rest) == 3 else None
    if pod is None or pod.over or pod.closed_at is not None or event.state == "dropped":
        return
    why = "" if event.state == "posted" else why_not_there(event.why, event.needs) or desk_views.takes_nothing()
    if why != pod.why:
        turn.store.change(replace(pod, why=why))
        turn.happened(DeskChanged(pod.cohort, pod.desk_name, done=not why, again=bool(why)))


# The end of a cohort, and its return


@feature.on(CohortEnded)
def close_all(turn: Turns, fact: CohortEnded) -> None:
    here = CohortPods(turn, turn.here)
    for pod in here.pods:
        showing.close(turn, here, pod, over=False)


@feature.on(PodClosed)
def archive(turn: Turns, fact: PodClosed) -> None:
    """After other features have taken their words out of the channel: this one is mounted after them."""
    pod = turn.store.pod(read_number(fact.pod.partition("/")[2]) or 0)
    if pod is not None:
        showing.archive(turn, CohortPods(turn, turn.here), pod, fact.place)


@feature.on(CohortPlanned)
def open_again(turn: Turns, fact: CohortPlanned) -> None:
    """A cohort that was opened again has pods with the same people, in new channels: archived ones stay as they are."""
    here = CohortPods(turn, turn.here)
    if turn.here.ended_at is not None:
        return
    for pod in [pod for pod in here.pods if pod.closed_at is not None]:
        again = Pod(pod.id, pod.cohort, pod.number, pod.workspace, pod.formed_at, opened=pod.opened + 1)
        turn.store.change(again)
        here.pods[here.pods.index(pod)] = again
        showing.make_channel(turn, here, again)
    settling.settle(turn)
