"""Checking in: by form, changed and taken back."""

from datetime import datetime, timedelta

from bot.core.actions import read_number
from bot.core.errors import FormRefused, NotFound, Refused, Spent
from bot.core.events import PostHeld
from bot.core.facts import DeskChanged, ItemDone, ItemTakenBack, WordsWithdrawn
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.message import message, paragraph
from bot.core.people import MEMBERS, Role
from bot.core.time import say
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.core.voice import Awaited
from bot.features.checkins import posting, views
from bot.features.checkins.store import CheckinStore, Round, Update, desk_name, feature, item_name

Checkins = Turn[CheckinStore]

A_STEP = timedelta(minutes=5)
"""How long after somebody checked in the post may be shown again at the latest."""


def known(turn: Checkins, key: str) -> Round:
    """A round as the acting person has it. Raises NotFound if the course has none with this key."""
    round = posting.find(turn, key, turn.me)
    if round is None:
        raise NotFound(_("This check-in is not in the course any more. `/cohort` shows what is."))
    return round


@feature.action("answer", roles=MEMBERS, lane="form")
def open_form(turn: Checkins, press: Press) -> Reply:
    round = _open(turn, press.subject)
    before = turn.store.mine(turn.here.id, round.key, turn.me.id)
    late = turn.acted_at >= round.closes_at
    return views.form(turn.here.id, round, before, late, turn.me.zone, in_pod=bool(_pod(turn, round)))


def _pod(turn: Checkins, round: Round) -> str:
    """The key of the pod that reads what the acting learner says in a round; '' if the cohort does."""
    pod = posting.pod_of(turn, turn.me.id) if posting.in_pods(turn.here, round) else None
    return pod.key if pod is not None else ""


def stored(turn: Checkins, filled: Submission) -> list[Stored]:
    before = turn.store.mine(turn.here.id, filled.subject, turn.me.id)
    if before is None:
        return [Stored({}, _("taken back"))]
    values = {"done": before.done, "next": before.next, "stuck": before.stuck, "shown": "yes" if before.shown else ""}
    return [Stored(values, _("saved {say}", say=say(before.changed_at, turn.me.zone)))]


@feature.form("answer", roles=MEMBERS, replaces=stored)
def take(turn: Checkins, filled: Submission) -> Reply:
    round = _open(turn, filled.subject)
    done, following, stuck = (trim(filled.values.get(name, "")) for name in ("done", "next", "stuck"))
    if not (done or following or stuck):
        raise FormRefused({"done": views.nothing_said()})
    shown = bool(stuck) and filled.values.get("shown") == "yes"
    before = turn.store.mine(turn.here.id, round.key, turn.me.id)
    if before is not None:
        turn.forget(*(text for text in (before.done, before.next, before.stuck) if text))
    late = turn.acted_at >= round.closes_at
    update = turn.store.save(
        turn.here.id, round.key, turn.me.id, done, following, stuck, shown, late, pod=_pod(turn, round)
    )
    turn.happened(ItemDone(turn.here.id, item_name(round.key), turn.me.id))
    if before is not None and before.stuck and before.stuck != stuck:
        turn.happened(WordsWithdrawn(turn.here.id))
    if stuck:
        turn.happened(DeskChanged(turn.here.id, desk_name(update), again=before is None or before.stuck != stuck))
    posting.changed(turn, turn.here, update)
    return views.receipt(turn.here.id, round, update, turn.me.zone, _lost_at(turn) is None)


def forgive(turn: Checkins, person: int | None) -> None:
    """What one learner or (None) all said after a close is late no more if it came before the one they have now."""
    people = [turn.people.person(person)] if person else turn.people.members(turn.here.id, Role.LEARNER)
    said = turn.store.said(turn.here.id, {p.id for p in people})
    whose = {who for (_key, who), late in said.items() if late}
    for one in (p for p in people if p.id in whose):
        for round in posting.rounds(turn, turn.here, one):
            update = turn.store.mine(turn.here.id, round.key, one.id) if said.get((round.key, one.id)) else None
            if update is not None and update.first_at < round.closes_at:
                turn.store.forgive(update.id)
                posting.changed(turn, turn.here, update)


def _lost_at(turn: Checkins) -> datetime | None:
    """Since when we cannot change the posts in the cohort's channel."""
    place = turn.here.place("main")
    return turn.here.lost_at(place) if place is not None else None


def follow_post(turn: Checkins, event: PostHeld, key: str) -> None:
    """The post of a round does not have what people said since then: they hear that it waits, unless their receipt
    said so, and where it stands afterwards."""
    lost_at = _lost_at(turn) or turn.now
    for update in turn.store.of(turn.here.id, key):
        if not update.is_public or update.pod or update.changed_at < event.since - A_STEP or event.state == "dropped":
            continue
        receipt = f"{event.anchor}/held/{update.person}"
        shown = turn.links.ref(receipt) is not None
        zone = turn.people.person(update.person).zone
        line = views.in_the_post(posting.round_of(turn, update, turn.people.person(update.person)), zone, event.state)
        if shown or (event.state == "waits" and update.changed_at <= lost_at):
            turn.show_to(update.person, receipt, message(paragraph(*line)))
        elif event.state != "waits":
            turn.say(Awaited(update.person, turn.here.id, receipt, line, turn.now + WEEK))


def _open(turn: Checkins, key: str) -> Round:
    """A round that the acting learner can check in to. Raises Refused."""
    round = known(turn, key)
    if Role.LEARNER not in turn.roles:
        raise Refused(reply=views.for_learners(turn.here, round))
    if turn.now < round.opens_at:
        raise Refused(reply=views.not_yet(round))
    return round


@feature.action("read", roles=MEMBERS, lane="private", after_end=True)
def read(turn: Checkins, press: Press) -> Reply:
    """A page of a round's updates. The subject: its key, then '.' and the page from 1."""
    key, _dot, page = press.subject.rpartition(".")
    updates = turn.store.of(turn.here.id, key)
    round = posting.round_of(turn, updates[0], turn.me) if updates else known(turn, key)
    names = {p.id: p.name for p in turn.people.members(turn.here.id)}
    public = [u for u in updates if not u.pod]
    return views.page(turn.here, round, public, names, read_number(page) or 1, turn.me.zone)


@feature.action("read_pod", roles=MEMBERS, lane="private", kept=False)
def read_pod(turn: Checkins, press: Press) -> Reply:
    """The same of what one's own pod said."""
    key, _dot, page = press.subject.rpartition(".")
    round, pod = known(turn, key), posting.pod_of(turn, turn.me.id)
    if pod is None:
        raise NotFound(views.no_pod())
    updates = [u for u in turn.store.of(turn.here.id, key) if u.pod == pod.key]
    names = {p.id: p.name for p in turn.people.members(turn.here.id)}
    return views.page(turn.here, round, updates, names, read_number(page) or 1, turn.me.zone, in_pod=True)


@feature.action("delete", roles=MEMBERS, lane="private", after_end=True, after_leaving=True)
def ask_delete(turn: Checkins, press: Press) -> Reply:
    round, update = _own(turn, press.subject)
    return views.sure_to_delete(turn.here.id, round, update, turn.me.zone)


@feature.action("delete_now", roles=MEMBERS, lane="private", after_end=True, after_leaving=True)
def delete(turn: Checkins, press: Press) -> Reply:
    round, update = _own(turn, press.subject)
    remove(turn, update)
    turn.happened(ItemTakenBack(turn.here.id, item_name(round.key), turn.me.id))
    return views.taken_back(turn.here.id, round)


def remove(turn: Checkins, update: Update) -> None:
    """Deletes an update, and shows the post without it at once."""
    turn.forget(*(text for text in (update.done, update.next, update.stuck) if text))
    turn.store.delete(update.id)
    turn.happened(WordsWithdrawn(turn.here.id))
    posting.show_again(turn, posting.round_of(turn, update))


def _own(turn: Checkins, subject: str) -> tuple[Round, Update]:
    number = read_number(subject)
    update = next((u for c, u in turn.store.by(turn.me.id) if c == turn.here.id and u.id == number), None)
    if update is None:
        raise Spent(_("This was taken back already."))
    return posting.round_of(turn, update, turn.me), update
