"""Being there, by a press or by the code word, and what counts as much: a reflection on the recording."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.actions import read_number
from bot.core.errors import FormRefused, Refused
from bot.core.facts import ItemsChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Form, Stored
from bot.core.message import Message
from bot.core.people import INSTRUCTORS, MEMBERS, Cohort, Role
from bot.core.private import Meaning, Receipt, Said
from bot.core.translation import _
from bot.core.typed import trim
from bot.course.loader import course_of
from bot.course.model import Live
from bot.features.live import attending_views, coming, overseeing, rules, telling, weighing
from bot.features.live.store import Lives, Session, Taking, feature

WORD = 200
"""Characters of a message that may say a code word; a longer one is about something else."""


@feature.action("here", roles=MEMBERS, lane="private")
def say_here(turn: Lives, press: Press) -> Reply:
    """From the beginning of a slot until half an hour after its end."""
    session, live, own = mine(turn, press.subject)
    if own.here_at is None and not any(rules.is_on(session, at) for at in (turn.acted_at, turn.now)):
        raise Refused(reply=_not_on(turn, session, live))
    if own.here_at is None:
        _keep(turn, session, replace(own, here_at=turn.now))
    return attending_views.was_here(session, rules.runs(session, turn.now))


def _not_on(turn: Lives, session: Session, live: Live) -> Message:
    return attending_views.not_on(session, live, course_of(turn.here.course_text), turn.now)


def _keep(turn: Lives, session: Session, own: Taking) -> None:
    """Stores what they did; their card and page follow."""
    turn.store.take(own)
    if own.here_at is not None and own.slot:
        telling.forget_soon(turn, session, own.person, own.slot)
    turn.happened(ItemsChanged(turn.here.id, own.person))


@feature.action("word", roles=MEMBERS, lane="form")
def ask_word(turn: Lives, press: Press) -> Reply:
    session, _live, own = mine(turn, press.subject)
    return attending_views.word_form(session) if own.here_at is None else attending_views.was_here(session)


@feature.form("word", roles=MEMBERS, replaces=None)
def take_word(turn: Lives, filled: Submission) -> Reply:
    """The word counts as long as a reflection does."""
    session, live, own = mine(turn, filled.subject)
    if turn.now < session.begins_at or turn.acted_at >= rules.closes_at(session):
        raise Refused(reply=_not_on(turn, session, live))
    if not rules.same_word(filled.values.get("word", ""), session.word):
        raise FormRefused({"word": _("That is not the word of this session. It was said in the call.")})
    if own.here_at is None:
        _keep(turn, session, replace(own, here_at=turn.now, by_word=True))
    return attending_views.was_here(session)


@feature.meanings("live")
def may_be_the_word(turn: Lives, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """A learner writes the code word of a session to the bot. Also once they are noted: it is offered for no channel,
    where others would read it."""
    if Role.LEARNER not in turn.roles:
        return ()
    if len(said.text) > WORD:
        return ()
    sessions = weighing.out(turn.store.of(cohort.id))
    said_of = [s for s in sessions if _is_word(turn, s, said)] or [s for s in sessions if _is_nearly(turn, s, said)]
    own = turn.store.taking(cohort.id, said.person)
    # Two sessions may have one word: the one that they are not noted at comes first.
    said_of.sort(key=lambda s: s.id in own and own[s.id].here_at is not None)
    return [attending_views.as_word(session) for session in said_of[:1]]


def _is_word(turn: Lives, session: Session, said: Said) -> bool:
    """Within a sentence a word that the course has too may stand by chance: once the call is over, it counts beside
    words about having been there."""
    if not session.begins_at <= turn.now < rules.closes_at(session):
        return False
    can_be_meant = rules.is_on(session, turn.now) or rules.is_about_it(said.text)
    return rules.same_word(said.text, session.word) or (can_be_meant and rules.says_word(said.text, session.word))


def _is_nearly(turn: Lives, session: Session, said: Said) -> bool:
    """While the call is on, who mistypes its code word hears that."""
    return rules.is_on(session, turn.now) and rules.nearly_word(said.text, session.word)


@feature.takes("live")
def take_said_word(turn: Lives, said: Said | None, subject: str) -> Receipt:
    session, live, own = mine(turn, subject)
    if said is not None and own.here_at is not None:
        return Receipt(attending_views.was_noted(session))
    if said is not None:
        if not _is_word(turn, session, said) and _is_nearly(turn, session, said):
            raise Refused(attending_views.not_the_word(session))
        if not _is_word(turn, session, said):
            raise Refused(reply=_not_on(turn, session, live))
        _keep(turn, session, replace(own, here_at=turn.now, by_word=True))
        if not rules.same_word(said.text, session.word):
            return Receipt(attending_views.was_here(session).with_blocks(attending_views.for_nobody()))
    return Receipt(attending_views.was_here(session))


@feature.action("reflect", roles=MEMBERS, lane="form", after_end=True)
def open_reflection(turn: Lives, press: Press) -> Reply:
    session, live, own = _reflecting(turn, press.subject)
    return attending_views.reflection_form(session, live, own)


def stored(turn: Lives, filled: Submission) -> list[Stored]:
    """What the form would replace: the learner's own answers."""
    _session, _live, own = _reflecting(turn, filled.subject)
    return [Stored(attending_views.answers_in(own), _("your earlier answers"))]


@feature.form("reflect", roles=MEMBERS, replaces=stored, after_end=True)
def take_reflection(turn: Lives, filled: Submission) -> Reply:
    session, live, own = _reflecting(turn, filled.subject)
    form: Form = attending_views.reflection_form(session, live, own)
    answers = tuple(trim(filled.values.get(field.name, "")) for field in form.fields)
    if empty := {f.name: _("Please fill this in.") for f, said in zip(form.fields, answers, strict=True) if not said}:
        raise FormRefused(empty, form)
    turn.forget(*(before for before in own.answers if before not in answers))
    _keep(turn, session, replace(own, reflected_at=own.reflected_at or turn.now, answers=answers))
    return attending_views.reflected(session)


def mine(turn: Lives, subject: str) -> tuple[Session, Live, Taking]:
    """A session, and what the acting learner has to do with it. Raises Refused."""
    session, live = coming.known(turn, subject)
    if Role.LEARNER not in turn.roles:
        # For the course team each button of a session opens what is theirs.
        raise Refused(reply=overseeing.page(turn, session))
    return session, live, coming.taking(turn, session)


def _reflecting(turn: Lives, subject: str) -> tuple[Session, Live, Taking]:
    """Also after the end of the cohort, as long as was promised."""
    session, live, own = mine(turn, subject)
    until = turn.here.taken_until(session.begins_at, rules.reflect_until(session))
    can = any(rules.can_reflect(session, at) for at in (turn.acted_at, turn.now))
    if not can or (until is not None and until <= turn.acted_at):
        raise Refused(attending_views.no_reflection(session, live, turn.now))
    return session, live, own


@feature.action("read", roles=INSTRUCTORS, lane="private", after_end=True)
def read_reflections(turn: Lives, press: Press) -> Reply:
    """What learners took from a session, for instructors alone: 'ID', or 'ID.PAGE'."""
    session, live = coming.known(turn, press.subject)
    names = {p.id: p.name for p in turn.people.members(turn.here.id, Role.LEARNER)}
    said: Sequence[tuple[str, Sequence[str]]] = [
        (names[one.person], one.answers)
        for one in turn.store.takings([session.id])
        if one.answers and one.asked_at is None and one.person in names
    ]
    return attending_views.reflections(session, live, said, read_number(press.subject.partition(".")[2]) or 1)
