"""A learner asks for a pod, introduces themselves in it, and leaves it."""

from bot.core.actions import read_number
from bot.core.errors import FormRefused, NotFound, Refused
from bot.core.facts import DeskChanged, ItemsChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.message import Message
from bot.core.people import MEMBERS, Role
from bot.core.time import say
from bot.core.translation import _
from bot.core.typed import trim
from bot.course.model import INTRODUCED
from bot.features.pods import settling, showing, views
from bot.features.pods.finding import CohortPods, Turns
from bot.features.pods.store import Member, Pod, feature


def _here(turn: Turns) -> CohortPods:
    if Role.LEARNER not in turn.roles:
        raise Refused(views.for_learners())
    return CohortPods(turn, turn.here)


def _mine(turn: Turns) -> tuple[CohortPods, Pod]:
    here = _here(turn)
    pod = here.of(turn.me.id)
    if pod is None:
        raise NotFound(views.no_pod_of_yours())
    return here, pod


@feature.action("join", roles=MEMBERS, lane="private")
def join(turn: Turns, press: Press) -> Reply:
    enter(turn)
    return _page(turn, 1)


def enter(turn: Turns) -> None:
    """Puts the learner on the list, or into a pod with a free place."""
    here = _here(turn)
    if here.asked is None:
        raise NotFound(views.no_pods())
    if here.of(turn.me.id) is None:
        before = here.members.get(turn.me.id)
        asked_at = before.asked_at if before is not None and before.wants else turn.now
        here.keep(Member(turn.me.id, True, asked_at))
        settling.settle(turn)
        turn.happened(ItemsChanged(turn.here.id, turn.me.id))
        pod = CohortPods(turn, turn.here).of(turn.me.id)
        if pod is not None and pod.place is not None:
            # The answer says it already.
            showing.hush(turn, turn.here.id, turn.me.id)


def _page(turn: Turns, number: int) -> Reply:
    here = CohortPods(turn, turn.here)
    pod = here.of(turn.me.id)
    if pod is not None:
        return views.mine(turn.here, pod, turn.me, here.people(pod), here.introductions, number)
    if here.formed_at is not None and here.wants(turn.me.id):
        return views.listed(turn.here, here.formed_at, turn.now)
    raise NotFound(views.no_pod_of_yours())


@feature.action("drop", roles=MEMBERS, lane="private")
def drop(turn: Turns, press: Press) -> Reply:
    return stay_out(turn)


def stay_out(turn: Turns) -> Message:
    """Takes the learner off the list. Whoever is in a pod is asked first."""
    here = _here(turn)
    if here.of(turn.me.id) is not None:
        return views.sure_to_leave(turn.here)
    here.keep(Member(turn.me.id, False, turn.now))
    showing.hush(turn, turn.here.id, turn.me.id)
    turn.happened(ItemsChanged(turn.here.id, turn.me.id))
    return views.dropped(turn.here)


@feature.action("show", roles=MEMBERS, lane="private", kept=False)
def show(turn: Turns, press: Press) -> Reply:
    _here(turn)
    return _page(turn, read_number(press.subject) or 1)


@feature.action("leave", roles=MEMBERS, lane="private")
def leave(turn: Turns, press: Press) -> Reply:
    _mine(turn)
    return views.sure_to_leave(turn.here)


@feature.action("leave_now", roles=MEMBERS, lane="private")
def leave_now(turn: Turns, press: Press) -> Reply:
    _here_now, pod = _mine(turn)
    settling.take_out(turn, turn.me.id, wants=False)
    settling.settle(turn)
    turn.happened(ItemsChanged(turn.here.id, turn.me.id))
    if turn.place is not None and turn.place.channel == pod.channel:
        # They do not see the channel any more, and no answer in it.
        turn.show_to(turn.me.id, f"{pod.anchor}/left/{turn.me.id}", views.left(turn.here))
    return views.left(turn.here)


# Introductions


@feature.action("introduce", roles=MEMBERS, lane="form")
def open_form(turn: Turns, press: Press) -> Reply:
    here, _pod = _mine(turn)
    earlier = turn.me.id not in here.introductions
    return views.form(turn.here, _questions(here), here.written.get(turn.me.id), earlier)


def _questions(here: CohortPods) -> tuple[str, ...]:
    return here.asked.questions if here.asked else INTRODUCED


def stored(turn: Turns, filled: Submission) -> list[Stored]:
    here, _pod = _mine(turn)
    before = here.written.get(turn.me.id)
    if before is None:
        return [Stored({}, _("taken back"))]
    values = {f"q{n}": before.answers.get(question, "") for n, question in enumerate(_questions(here), 1)}
    return [Stored(values, _("saved {say}", say=say(before.changed_at, turn.me.zone)))]


@feature.form("introduce", roles=MEMBERS, replaces=stored)
def introduce(turn: Turns, filled: Submission) -> Reply:
    here, pod = _mine(turn)
    typed = {question: trim(filled.values.get(f"q{n}", "")) for n, question in enumerate(_questions(here), 1)}
    answers = {question: text for question, text in typed.items() if text}
    if not answers:
        raise FormRefused({"q1": views.nothing_said()})
    if (before := here.written.get(turn.me.id)) is not None:
        turn.forget(*(text for text in before.answers.values() if text not in answers.values()))
    turn.store.introduce(turn.here.id, turn.me.id, answers)
    showing.show(turn, CohortPods(turn, turn.here), pod)
    turn.happened(ItemsChanged(turn.here.id, turn.me.id))
    turn.happened(DeskChanged(turn.here.id, pod.quiet_name))
    return views.introduced(turn.here, pod.place)
