"""A kind letter of a manager to the learners who fell silent: as it is drafted, or as they write it."""

from bot.core.contributions import LETTER
from bot.core.errors import FormRefused
from bot.core.feature import Press, Reply, Submission
from bot.core.message import Message
from bot.core.people import MANAGERS
from bot.core.time import local_day
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.features.digests import letter_views
from bot.features.digests.looking import look_at
from bot.features.digests.store import DigestStore, feature

Digests = Turn[DigestStore]


@feature.action("letter", roles=MANAGERS, lane="private")
def show_letter(turn: Digests, press: Press) -> Reply:
    return _shown(turn)


@feature.action("send_letter", roles=MANAGERS, lane="private")
def send_draft(turn: Digests, press: Press) -> Reply:
    """The subject: the day of the list. Whoever presses a day later has not seen who gets it, so they see it first."""
    return _send(turn, letter_views.draft()) if press.subject == _today(turn) else _shown(turn)


@feature.action("edit_letter", roles=MANAGERS, lane="form")
def edit(turn: Digests, press: Press) -> Reply:
    return letter_views.form(turn.here, press.subject) if press.subject == _today(turn) else _shown(turn)


@feature.form("edit_letter", roles=MANAGERS, replaces=None)
def take_letter(turn: Digests, filled: Submission) -> Reply:
    text = trim(filled.values.get("text", ""))
    if not text:
        raise FormRefused({"text": letter_views.empty()}, letter_views.form(turn.here, filled.subject))
    return _send(turn, text)


def _today(turn: Digests) -> str:
    return local_day(turn.now, turn.me.zone).isoformat()


def _shown(turn: Digests) -> Message:
    one = look_at(turn, turn.here)
    names = [one.at_risk[p][0].name for p in one.quiet if p not in one.written]
    return letter_views.letter(turn.here, names, len(one.written), _today(turn))


def _send(turn: Digests, text: str) -> Message:
    quiet = look_at(turn, turn.here).quiet
    reached = turn.collect(LETTER, turn.here, quiet, text)
    turn.log(f"wrote a letter to {len(reached)} who fell silent")
    return letter_views.sent(len(reached), len(quiet) - len(reached), text)
