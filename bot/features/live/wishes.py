"""What learners write in private about a session: that they do not come, when it is, and where its recording is."""

import re
from collections.abc import Sequence

from bot.core.message import Text, shorten
from bot.core.people import Cohort, Role
from bot.core.private import Meaning, Receipt, Said
from bot.core.small_words import SMALL, plain, words_of
from bot.core.translation import _, phrase
from bot.core.wishes import Act, says_more, wishes
from bot.features.live import attending, attending_views, coming, weighing
from bot.features.live.store import Lives, Session, feature

_NOUNS = words_of(
    "session sessions live call meeting qa qna sitzung treffen sessao reuniao sesion reunion seance appel"
)
"""What a session is called besides its title."""

_BESIDE = _NOUNS | words_of("was were did does watch see find link video available")

NOT_COMING = Act(
    re.compile(
        r"\b(?:not (?:be able to )?(?:make (?:it|that|this)(?! (?:work|to work|do))|attend|join|be there|be coming|"
        r"come(?! (?:up|back|with|after|before))|coming(?! (?:up|back|with)))|"
        r"(?:unable|not able) to (?:make it|come|attend|join)|(?:have|need|going) to (?:miss|skip)|will (?:miss|skip)|"
        r"nicht (?:kommen|dabei(?: sein)?|teilnehmen)|(?:schaffe|komme) (?:\w+ ){0,3}nicht|"
        r"nao (?:vou|posso|consigo|poderei) (?:poder )?(?:ir|participar|comparecer)|"
        r"no (?:puedo|podre|voy a|voy a poder) (?:ir|asistir|venir|participar)|"
        r"(?:ne )?(?:peux|pourrai|viens|viendrai|serai) pas(?: (?:venir|la|participer))?)\b"
    ),
    _BESIDE,
    alone=True,
)
WHEN = Act(
    re.compile(
        r"\b(?:when|what (?:time|day|date)|wann|(?:wie viel|wieviel) uhr|quando|que horas?|cuando|quand|quelle heure)\b"
    ),
    _BESIDE | words_of("begin begins start starts take place happen happening beginnt findet statt comeca empieza"),
    alone=True,
)
RECORDING = Act(
    re.compile(
        r"\b(?:recordings?|recorded|record|aufzeichnung|aufnahme|aufgezeichnet|aufgenommen|gravacao|gravada|gravado|"
        r"grabacion|grabada|grabado|grabo|enregistrement|enregistree?)\b"
    ),
    _BESIDE | words_of("wird war wurde foi fue ete"),
    alone=True,
)


def _sessions(turn: Lives, cohort: Cohort) -> list[Session]:
    """Those that learners know of, the earliest first."""
    if Role.LEARNER not in turn.roles:
        return []
    return sorted((s for s in weighing.out(turn.store.of(cohort.id)) if s.slots), key=lambda s: s.begins_at)


def _names(text: str, session: Session) -> bool:
    words = set(plain(session.title)) - SMALL
    return bool(words) and words <= set(plain(text))


def _meant(text: str, act: Act, sessions: Sequence[Session]) -> Session | None:
    """The session that a message asks about: by its title, or else the first of these; None if it asks for nothing."""
    if not sessions or not wishes(text, act.about(s.title for s in sessions)):
        return None
    return next((s for s in sessions if _names(text, s)), sessions[0])


def _meaning(session: Session, label: str, text: Text) -> list[Meaning]:
    title = shorten(session.title, 60)
    return [Meaning(session.cohort, label, text, "author", "wish", str(session.id), title)]


# That they do not come


@feature.meanings("notcoming")
def may_not_come(turn: Lives, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """A yes that can still be taken back comes first; without one, a session has to be named."""
    mine = turn.store.taking(cohort.id, said.person)
    ahead = [s for s in _sessions(turn, cohort) if any(at > turn.now for at in s.slots)]
    yes = [s for s in ahead if s.id in mine and mine[s.id].slot and s.slots[mine[s.id].slot - 1] > turn.now]
    is_named = not _NOUNS.isdisjoint(plain(said.text))
    session = _meant(said.text, NOT_COMING, yes or [s for s in ahead if is_named or _names(said.text, s)])
    if session is None:
        return ()
    title = shorten(session.title, 60)
    return _meaning(session, _("I do not come"), phrase("to “{title}”; nobody reads your words", title=title))


@feature.takes("notcoming")
def take_not_coming(turn: Lives, said: Said | None, subject: str) -> Receipt:
    session, _live, _own = attending.mine(turn, subject)
    message = coming.answer(turn, session, 0)
    titles = [session.title]
    return Receipt(message, words_left=said is not None and says_more(said.text, NOT_COMING.about(titles)))


# When it is


@feature.meanings("when")
def may_ask_when(turn: Lives, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    ahead = [s for s in _sessions(turn, cohort) if any(at > turn.now for at in s.slots)]
    is_named = not _NOUNS.isdisjoint(plain(said.text)) or any(_names(said.text, s) for s in ahead)
    session = _meant(said.text, WHEN, ahead) if is_named else None
    if session is None:
        return ()
    return _meaning(session, _("When it is"), phrase("the times of “{title}”", title=shorten(session.title, 60)))


@feature.takes("when")
def take_when(turn: Lives, said: Said | None, subject: str) -> Receipt:
    session, _live, own = attending.mine(turn, subject)
    return Receipt(coming.page(turn, session, own))


# Its recording


@feature.meanings("recording")
def may_ask_for_recording(turn: Lives, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """Of the last session that began, or else of the next one."""
    known = _sessions(turn, cohort)
    begun = [s for s in known if s.has_begun(turn.now)][::-1]
    session = _meant(said.text, RECORDING, [*begun, *(s for s in known if s not in begun)])
    if session is None:
        return ()
    return _meaning(session, _("The recording"), phrase("of “{title}”", title=shorten(session.title, 60)))


@feature.takes("recording", after_end=True)
def take_recording(turn: Lives, said: Said | None, subject: str) -> Receipt:
    session, live, _own = attending.mine(turn, subject)
    return Receipt(attending_views.recording(session, live, turn.now))
