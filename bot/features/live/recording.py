"""After the call: its recording goes into the week's thread, and the head count stands beside the presses."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.actions import read_number
from bot.core.due import Due, Plan
from bot.core.errors import FormRefused
from bot.core.facts import DeskChanged, ItemsChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.fingerprints import fingerprint
from bot.core.forms import Stored
from bot.core.people import STAFF, Role
from bot.core.translation import N_, _, _n
from bot.core.typed import is_address, trim, typed_link
from bot.course.gate.objectives import says_what
from bot.features.live import coming, notes_views, posting, rules
from bot.features.live.store import Lives, Session, are_apart, feature, on_desk, post, recording


@feature.action("notes", roles=STAFF, lane="form", after_end=True)
def open_notes(turn: Lives, press: Press) -> Reply:
    session, live = coming.known(turn, press.subject)
    return notes_views.notes_form(session, live, rules.is_closed(session, turn.here, turn.now))


def stored(turn: Lives, filled: Submission) -> list[Stored]:
    session, live = coming.known(turn, filled.subject)
    form = notes_views.notes_form(session, live, rules.is_closed(session, turn.here, turn.now))
    return [Stored({f.name: f.value for f in form.fields if f.value}, _("another note"))]


@feature.form("notes", roles=STAFF, replaces=stored, after_end=True)
def take_notes(turn: Lives, filled: Submission) -> Reply:
    """The code word, the head count, and the recording with what can be read of it."""
    session, _live = coming.known(turn, filled.subject)
    said = {name: trim(value) for name, value in filled.values.items()}
    # What the form does not ask for stays.
    url, transcript = typed_link(said.get("url", session.recording)), said.get("transcript", session.transcript)
    heads = said.get("heads", notes_views.heads(session))
    wrong = {}
    if "url" in said and url and not is_address(url):
        wrong["url"] = _("Please give a whole link that starts with https://.")
    if "transcript" in said and url and not says_what(transcript):
        wrong["transcript"] = _("Please add a transcript or a link to one, or write 'captions' if the video has them.")
    if heads != notes_views.heads(session) and (problem := _doubt(turn, session, heads)):
        wrong["heads"] = problem
    if wrong:
        raise FormRefused(wrong)
    new = replace(
        session,
        recording=url,
        transcript=transcript if url else "",
        recorded_at=(session.recorded_at or turn.now) if url else None,
        heads=read_number(heads),
        word=said.get("word", session.word),
    )
    if new != session:
        turn.store.keep(new)
        turn.log(f"changed the notes of live session {session.name}")
        turn.happened(DeskChanged(turn.here.id, on_desk(session), done=bool(url)))
        if turn.links.shown([post(session)]):
            posting.show(turn, new)
    if (new.recording, new.transcript) != (session.recording, session.transcript):
        if url:
            words = fingerprint(f"{url}{new.transcript}")
            subject = f"{turn.here.id}/live.{session.id}"
            turn.plan(Plan("live.recording", subject, f"{turn.now.isoformat()}/{words}", turn.now, turn.here.id))
        else:
            turn.withdraw_post("main", recording(session))
        turn.plan(*posting.plan(turn, turn.here))
        turn.happened(ItemsChanged(turn.here.id))
    return notes_views.noted(new, bool(url) and rules.is_late(new))


def _doubt(turn: Lives, session: Session, heads: str) -> str:
    """What is wrong with a head count; empty if nothing is."""
    if rules.is_closed(session, turn.here, turn.now):
        return _("How it went was told before this count, and what was told stands. Please leave this as it was.")
    number = read_number(heads)
    if heads and number is None:
        return _("Please write a number.")
    here = {p.id for p in turn.people.members(turn.here.id, Role.LEARNER)}
    # Whoever left since was there that day.
    here |= {one.person for one in turn.store.takings([session.id]) if one.counted or one.here_at is not None}
    if number is not None and number > len(here) and are_apart(number, len(here)):
        learners = _n("there is {n} learner", "there are {n} learners", len(here))
        said = N_("Is it {number}? In this course {learners}. Please count each of them once.")
        return _(said, number=number, learners=learners)
    return ""


@feature.due("recording", within=timedelta(days=366), fold=True, by_day=True)
def show_recordings(turn: Lives, batch: Sequence[Due]) -> None:
    """In the thread of the week, if that is there; it is on the week card anyway."""
    for due in batch:
        session = turn.store.get(turn.here.id, int(due.subject.rpartition(".")[2]))
        if session is not None and session.is_out and session.recording:
            posting.show_recording(turn, session)
