"""Feedback in private in place of a sensitive session: a learner asks for it, and whoever got it has taken part."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.core.actions import read_number
from bot.core.contributions import WORK, Work
from bot.core.errors import FormRefused, Refused
from bot.core.facts import DeskChanged, FeedbackGiven, FeedbackTakenBack, ItemsChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.people import MEMBERS, Cohort
from bot.core.translation import _
from bot.core.typed import trim
from bot.course.loader import course_of
from bot.course.model import Live
from bot.features.live import attending, attending_views, rules
from bot.features.live.store import Lives, Session, Taking, feature, wish


@feature.action("wish", roles=MEMBERS, lane="form", after_end=True)
def open_wish(turn: Lives, press: Press) -> Reply:
    session, _live, own = _wishing(turn, press.subject)
    return attending_views.wish_form(session, own)


def stored(turn: Lives, filled: Submission) -> list[Stored]:
    _session, _live, own = _wishing(turn, filled.subject)
    return [Stored({"about": attending_views.wished(own)}, _("what you asked for before"))]


@feature.form("wish", roles=MEMBERS, replaces=stored, after_end=True)
def take_wish(turn: Lives, filled: Submission) -> Reply:
    session, _live, own = _wishing(turn, filled.subject)
    about = trim(filled.values.get("about", ""))
    if not about:
        raise FormRefused({"about": _("Please fill this in.")})
    turn.forget(*(before for before in own.answers if before != about))
    turn.store.take(replace(own, asked_at=turn.now, answers=(about,)))
    turn.happened(DeskChanged(turn.here.id, wish(session, turn.me.id), again=True))
    turn.happened(ItemsChanged(turn.here.id, turn.me.id))
    return attending_views.wish_taken(session)


def _wishing(turn: Lives, subject: str) -> tuple[Session, Live, Taking]:
    """As long as a reflection would be taken. Raises Refused."""
    session, live, own = attending.mine(turn, subject)
    until = turn.here.taken_until(session.begins_at, rules.closes_at(session))
    if not rules.can_wish(session, own, turn.now) or (until is not None and until <= turn.now):
        raise Refused(_("The time for this has passed. Nothing is lost: go on with this week."))
    return session, live, own


@feature.contributes(WORK)
def wishes(turn: Lives, cohort: Cohort, people: Collection[int] | None) -> Sequence[Work]:
    """What learners would like feedback on."""
    places = {live.id: n for n, live in enumerate(course_of(cohort.course_text).live)}
    sessions = {s.id: s for s in turn.store.of(cohort.id) if s.is_out}
    return [
        _work(sessions[one.session], one, places.get(sessions[one.session].name))
        for one in turn.store.takings(sessions.keys())
        if one.asked_at is not None and (people is None or one.person in people)
    ]


def _work(session: Session, one: Taking, place: int | None) -> Work:
    """`place`: in the course file; None if it is there no more."""
    assert one.asked_at is not None
    name, path = wish(session, one.person), f"live[{place}]" if place is not None else "live"
    return Work(
        name, one.person, name, path, session.title, one.asked_at, one.asked_at, text=attending_views.wished(one)
    )


@feature.on(FeedbackGiven)
def follow_feedback(turn: Lives, fact: FeedbackGiven) -> None:
    """It counts as having come."""
    _counts(turn, fact.work, fact.person, True)


@feature.on(FeedbackTakenBack)
def follow_taking_back(turn: Lives, fact: FeedbackTakenBack) -> None:
    _counts(turn, fact.work, fact.person, False)


def _counts(turn: Lives, work: str, person: int, given: bool) -> None:
    number = read_number(work.partition("/")[2].partition(".")[0]) if work.startswith("live/") else None
    session = turn.store.get(turn.here.id, number) if number else None
    if session is None or work != wish(session, person):
        return
    own = next((one for one in turn.store.takings([session.id]) if one.person == person), None)
    if own is not None and own.asked_at is not None:
        turn.store.take(replace(own, reflected_at=(own.reflected_at or turn.now) if given else None))
        turn.happened(ItemsChanged(session.cohort, person))
