"""Authors read the reviews of their work, say how useful each was, and may answer once."""

from dataclasses import replace

from bot.core import nameless
from bot.core.actions import read_number
from bot.core.errors import FormRefused, NotFound, Spent
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Doubt, Stored
from bot.core.people import MEMBERS
from bot.core.time import say
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.typed import trim
from bot.core.voice import Awaited, Hush
from bot.features.reviews import author_views, finding, reading, rules, telling
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import DEGREES, UNWANTED, Assignment, feature

NEWS_FOR = 2 * WEEK
"""How long a reviewer is still told of an answer."""


@feature.action("read", roles=MEMBERS, lane="private", after_end=True)
def read(turn: Reviews, press: Press) -> Reply:
    """All reviews of one's own work. What was opened here does not come as a message, too."""
    found = reading.received(turn, turn.me.id, press.subject)
    for one in found:
        if one.read_at is None:
            turn.store.change(replace(one, read_at=turn.now))
    keys = {telling.anchor(a, turn.me.id) for a in found}
    for key in keys - turn.links.shown(keys):
        turn.say(Hush(key))
    if not found:
        raise NotFound(_("There are no reviews of your work here. `/cohort` shows what there is."))
    return reading.open_received(turn, press.subject, found)


def _received_by_me(turn: Reviews, subject: str) -> tuple[Assignment, int]:
    """A review of the acting learner's work, and its number among those that they read. Raises NotFound, or Spent if
    it was taken back."""
    found = turn.store.find(turn.here.id, read_number(subject) or 0)
    mine = found is not None and (found.author == turn.me.id or any(a.id == found.id for a in _of_pod(turn, found)))
    if found is None or not mine or not found.told:
        raise NotFound
    if not found.counts:
        raise Spent(_("This review was taken back. `/cohort` shows the others."))
    return found, rules.numbers(finding.of_piece(turn, found))[found.id]


def _of_pod(turn: Reviews, found: Assignment) -> list[Assignment]:
    return finding.about(turn, turn.here, turn.me.id) if found.pod else []


@feature.action("useful", roles=MEMBERS, lane="form", after_end=True)
def ask(turn: Reviews, press: Press) -> Reply:
    found, number = _received_by_me(turn, press.subject)
    return author_views.useful_form(found, number, finding.reviewer_of(turn, found))


def stored(turn: Reviews, filled: Submission) -> list[Stored | Doubt]:
    """What was said of a review before, and what in the answer may show whose it is."""
    found, _number = _received_by_me(turn, filled.subject)
    doubts = nameless.doubts(filled.values, _names(turn, found), pod=bool(found.pod)) if found.anonymous else []
    said = _("saved {say}", say=say(found.useful_at, turn.me.zone)) if found.useful_at else _("taken back")
    return [Stored({"useful": found.useful} if found.useful else {}, said), *doubts]


def _names(turn: Reviews, found: Assignment) -> list[str]:
    """Those by which a reviewer would know whose work it is."""
    work = finding.work(turn, turn.here, found) if found.pod else None
    return finding.names_of(turn, work) if work is not None else nameless.names_of(turn, turn.me.id)


@feature.form("useful", roles=MEMBERS, replaces=stored, after_end=True)
def take(turn: Reviews, filled: Submission) -> Reply:
    before, _number = _received_by_me(turn, filled.subject)
    text = trim(filled.values.get("reply", ""))
    if before.reply and text == before.reply:
        text = ""
    if before.reply and text:
        raise FormRefused({"reply": author_views.answered_once(before)})
    useful = next((u for u in DEGREES if u == filled.values.get("useful")), before.useful)
    found = replace(before, useful=useful, useful_at=turn.now, read_at=before.read_at or turn.now)
    if before.pod:
        found = replace(found, said_by=turn.me.id)
    if text:
        found = replace(found, reply=text, reply_at=turn.now)
    turn.store.change(found)
    reading.follow(turn, found)
    if {before.useful, useful}.intersection(UNWANTED):
        turn.happened(DeskChanged(turn.here.id, found.desk_name, again=useful in UNWANTED))
    if text:
        line, below = author_views.answered(found, "" if found.anonymous else turn.me.name)
        turn.say(Awaited(found.reviewer, turn.here.id, _reply_key(found), line, turn.now + NEWS_FOR, below))
    return author_views.thanked(found, bool(text))


def _reply_key(found: Assignment) -> str:
    return f"{found.desk_name}/reply"


def withdraw_reply(turn: Reviews, found: Assignment) -> None:
    """The reviewer's message no longer has an answer whose author is erased."""
    if turn.links.shown([_reply_key(found)]):
        turn.show_to(found.reviewer, _reply_key(found), author_views.withdrawn(found.title))
    else:
        turn.say(Hush(_reply_key(found)))


@feature.action("mine", roles=MEMBERS, lane="private", after_end=True)
def given(turn: Reviews, press: Press) -> Reply:
    """The reviews that one gave."""
    return reading.open_given(turn)
