"""What learners write in private about quiet rooms: that they want one, are done, or leave, and who is there."""

import re
from collections.abc import Sequence

from bot.core.people import MEMBERS, Cohort
from bot.core.private import Meaning, Receipt, Said
from bot.core.small_words import words_of
from bot.core.translation import _
from bot.core.wishes import Act, says_more, wishes
from bot.course.loader import course_of
from bot.features.rooms import coming, opening, rules, views
from bot.features.rooms.opening import Rooms
from bot.features.rooms.store import feature

_CALM = r"(?:quiet|silent|stille[nrs]?|ruhige[nr]?|leise[nr]?|silencios[oa]|tranquil[oa]|silencieuse|calme|tranquille)"
_ROOM = rf"(?:(?:{_CALM} )?(?:rooms?|raum|sala|salle)|ruheraum|(?:sala|salle) {_CALM})"
_SOON = rf"(?=(?: \w{{1,15}}){{0,6}} {_ROOM}\b)"
_OTHERS = r"(?:others|other people|other learners|somebody|someone|people)"
_BESIDE = words_of(
    "quiet silent quietly silently room rooms stille stillen stiller ruhige ruhigen ruhiger leise raum ruheraum sala "
    "salle "
    "silenciosa silencioso tranquila tranquilo silencieuse calme tranquille who when open opened join joining enter "
    "go leave leaving exit others other people somebody someone anybody anyone else beside alongside now right in into "
    "wer jemand offnen aufmachen offen betreten verlassen raus anderen zusammen neben arbeiten "
    "quem alguem abrir aberta entrar sair outros outras pessoas trabalhar ao lado tem estao "
    "quien alguien abierta salir otros otras personas trabajar lado "
    "qui quelqu ouvrir ouverte entrer sortir rejoindre quitter autres d avec travailler dans a"
)

LEAVE = Act(
    re.compile(
        r"\b(?:leave|leaving|exit|quit|(?:out|go out|get out) of|verlasse|verlassen|raus aus|sair|saio|deixar|salir|"
        rf"salgo|dejar|quitter|quitte|sortir|sors){_SOON}|\b{_ROOM} (?:verlassen|raus)\b"
    ),
    _BESIDE,
    alone=True,
)
"""'Can I leave the quiet room?'"""

DONE = Act(
    re.compile(
        r"\b(?:done|finished|fertig|terminei|acabei|pront[oa]|termine|acabe|list[oa]|fini)\b|"
        r"^(?:i )?(?:have to|must|need to|gotta) (?:go|leave)\b|^ich muss (?:los|gehen|weg)\b"
    ),
    _BESIDE | words_of("got what have fertig now ai he ja mit"),
    alone=True,
)
"""'I'm done', of whoever is in a room."""

WHO = Act(
    re.compile(
        r"\b(?:who|where|when|which|is there|any ?(?:body|one)|some(?:body|one)|show|find|is|are|wer|wo|wann|jemand|"
        rf"gibt|quem|onde|quando|alguem|tem|quien|donde|cuando|alguien|hay|qui|ou|quand|quelqu){_SOON}|"
        rf"^(?:(?:the|my|der|die|a|la) )?(?:{_CALM} {_ROOM}|(?:sala|salle) {_CALM}|ruheraum)\b"
    ),
    _BESIDE,
    alone=True,
)
"""'Who is in the room?', 'Is there a quiet room?'"""

ONE = Act(
    re.compile(
        r"\b(?:open|opening|start|create|make|want|like|need|have|join|enter|go|come|get|use|offne|mochte|will|brauche|"
        r"abrir|abro|quero|queria|gostaria|entrar|quiero|quisiera|entrer|ouvrir|ouvre|voudrais|veux|aimerais|rejoindre)"
        rf"{_SOON}|\b{_ROOM} (?:offnen|aufmachen|betreten)\b|"
        rf"\b(?:work|study|learn) (?:(?:together|quietly|silently) )?(?:with|beside|alongside|next to) {_OTHERS}\b|"
        r"\b(?:mit|neben) anderen (?:zusammen )?(?:arbeiten|lernen)\b|"
        r"\b(?:trabalhar|estudar) (?:com|ao lado de) (?:os )?outr[oa]s\b|"
        r"\b(?:trabajar|estudiar) (?:con|al lado de) (?:los )?otr[oa]s\b|"
        r"\b(?:travailler|etudier) (?:avec|a cote) (?:d |de |les |des )?autres\b"
    ),
    _BESIDE,
    alone=True,
)
"""'Open a quiet room', 'I want to work with others'."""

_QUIET = re.compile(rf"\b(?:{_CALM}|ruheraum)\b", re.I)
"""Without one of these words a room is a quiet one only where there are some."""


def _means(cohort: Cohort, label: str, text: str) -> list[Meaning]:
    return [Meaning(cohort.id, label, (text,), "author", "wish")]


@feature.meanings("gotdone")
def may_be_done(turn: Rooms, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if not wishes(said.text, DONE) or coming.seat_of(turn, said.person) is None:
        return ()
    return _means(cohort, _("What I got done"), _("a line in the room's post, by a form, and then you leave or go on"))


@feature.meanings("leaveroom")
def may_leave(turn: Rooms, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if not wishes(said.text, LEAVE, DONE) or coming.seat_of(turn, said.person) is None:
        return ()
    return _means(cohort, _("Leave the room"), _("the post does not have you any more; nobody reads your words"))


@feature.meanings("room")
def may_want_one(turn: Rooms, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """The room that is open, or the way to open one; also for whoever would like to leave and is in none."""
    if not turn.roles & MEMBERS or not wishes(said.text, WHO, ONE, LEAVE):
        return ()
    room, is_inside = opening.to_join(turn), coming.seat_of(turn, said.person) is not None
    if room is None and not (course_of(cohort.course_text).rooms or _QUIET.search(said.text)):
        return ()
    if is_inside and wishes(said.text, LEAVE):
        return ()
    if is_inside:
        text = _("until when it is open, and how to leave it; nobody reads your words")
        return _means(cohort, _("The quiet room"), text)
    if room is not None:
        text = _("until when it is open, and how to come in; nobody reads your words")
        return _means(cohort, _("The quiet room"), text)
    return _means(cohort, _("Open a quiet room"), _("you work silently beside others; nobody reads your words"))


@feature.takes("gotdone")
def take_done(turn: Rooms, said: Said | None, subject: str) -> Receipt:
    return _receipt(turn, said)


@feature.takes("room")
def take_room(turn: Rooms, said: Said | None, subject: str) -> Receipt:
    return _receipt(turn, said)


@feature.takes("leaveroom")
def take_leave(turn: Rooms, said: Said | None, subject: str) -> Receipt:
    found = coming.seat_of(turn, turn.me.id)
    if found is None:
        return _receipt(turn, said)
    return Receipt(coming.go(turn, *found), words_left=_says_more(said))


def _receipt(turn: Rooms, said: Said | None) -> Receipt:
    found = coming.seat_of(turn, turn.me.id)
    room, seat = found or (opening.to_join(turn), None)
    here = rules.here(turn.store.seats(room.id)) if room is not None else ()
    return Receipt(views.how_it_stands(turn.here.id, room, len(here), seat), words_left=_says_more(said))


def _says_more(said: Said | None) -> bool:
    return said is not None and says_more(said.text, LEAVE, DONE, WHO, ONE)
