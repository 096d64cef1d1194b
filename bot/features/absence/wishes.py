"""What learners write in private when they would like to pause, will be away, or are back."""

import re
from collections.abc import Sequence
from datetime import date

from bot.core.days import Span, read_day, said_days
from bot.core.errors import FormRefused, Refused
from bot.core.people import Cohort, Role
from bot.core.private import Meaning, Receipt, Said
from bot.core.time import local_day
from bot.core.timetable import DAY
from bot.core.translation import N_, _, phrase
from bot.core.turn import Turn
from bot.core.wishes import DAYS, WHY, says_more, wish, wishes
from bot.features.absence import away, catchup, rules, views
from bot.features.absence.store import AbsenceStore, feature

Absences = Turn[AbsenceStore]

_FROM = r"(?: (?:from )?(?:the|this|my) (?:course|cohort|programme|program|class|participation))?"
_TAIL = rf"{_FROM}(?: {DAYS})?(?: {WHY})?"
_ASKS = (
    r"(?:(?:can|could|may|might) (?:i|we)(?: please| maybe| perhaps| also| just)?|"
    r"(?:i|we)(?:'d| would)? (?:like|love|want|wish|need|have) to|i must|i(?:'m| am) going to|"
    r"i(?:'ll| will)|i'd rather|"
    r"(?:is it|would it be) (?:possible|ok|okay|all right|alright|fine) (?:to|if i)|am i allowed to|"
    r"how (?:do|can) (?:i|we)|let me|is there a way to)"
)
PAUSE = re.compile(
    rf"(?:{_ASKS} (?:pause|(?:take|have) a (?:short |little |longer )?(?:break|pause)(?! statement))|"
    rf"pause(?: me| my participation| everything| all(?: of it)?| it all)?|put me on (?:pause|hold)|"
    rf"(?:i(?:'d| would)? )?(?:need|want|like) (?:a|to (?:take|have) a) (?:short |little |longer )?(?:break|pause)|"
    rf"(?:can|could) you (?:please )?(?:pause me|put me on (?:pause|hold))){_TAIL}|"
    r"(?:ich (?:brauche|möchte|will|mache)|kann ich)(?: bitte)? eine (?:kurze |kleine )?(?:pause|auszeit)(?: machen)?|"
    r"(?:ich (?:möchte|muss|will|würde gern(?:e)?)|kann ich)(?: bitte| mal| kurz| gern(?:e)?){0,2} pausieren|"
    r"(?:je (?:voudrais|veux|dois|souhaite)|j'aimerais|puis-je|je peux) (?:faire|prendre) une (?:petite )?pause|"
    r"j'ai besoin d'une pause|"
    r"(?:eu )?(?:preciso|quero|gostaria)(?: de)?(?: fazer)? uma (?:pequena )?pausa|posso (?:fazer uma pausa|pausar)|"
    r"(?:necesito|quiero)(?: hacer)? una pausa|puedo (?:hacer una pausa|pausar)"
)
_STOP = r"(?:messag|writ|text|send|contact|remind|bother|ping)"
QUIET = re.compile(
    rf"(?:(?:can|could) you )?(?:please )?(?:stop {_STOP}(?:ing|ting)(?: (?:to )?me| these| this| so many)*"
    rf"(?: messages| reminders| things)?|(?:don't|do not) {_STOP}e? (?:(?:to )?me)(?: any ?more| again| messages)*|"
    r"no more (?:messages|reminders))|"
    r"(?:bitte )?(?:hör(?:t|en sie)?(?: bitte)? auf(?:,)? mir zu schreiben|schreib(?:t|en sie)? mir nicht mehr|"
    r"keine (?:nachrichten|erinnerungen) mehr)|"
    r"(?:por favor )?(?:pare?m? de me (?:escrever|mandar mensagens)|n[aã]o me escreva(?:m)? mais|chega de mensagens|"
    r"deja(?:d)? de escribirme|no me escriba(?:s|n)? m[aá]s)|"
    r"arr[eê]te[zs]? de m'[eé]crire|ne m'[eé]cri(?:s|vez) plus"
)
_COURSE = r"(?:the|this|my|your) (?:course|cohort|programme|program|class|run)"
LEAVE = re.compile(
    rf"(?:{_ASKS} (?:leave|quit|drop out of|exit|unsubscribe from|withdraw from|stop with) {_COURSE}|"
    rf"{_ASKS} (?:quit|drop out|unsubscribe|leave)|(?:i(?:'m| am) )?(?:leaving|quitting|dropping out of) {_COURSE}|"
    rf"(?:leave|quit|drop out of|unsubscribe from) {_COURSE}|i(?:'m| am) (?:quitting|dropping out)|i quit|"
    rf"unsubscribe(?: me)?|(?:remove me from|take me (?:off|out of)) {_COURSE}){_TAIL}|"
    r"ich (?:steige aus|höre auf|breche (?:den kurs )?ab)|je (?:quitte|abandonne|arrête) (?:le|ce) cours|"
    r"(?:dejo|abandono) (?:el|este) curso|(?:saio do|deixo o|abandono o) curso|"
    r"(?:ich (?:möchte|will|muss)|kann ich)(?: bitte| gern(?:e)?)? (?:den|diesen|aus dem) kurs "
    r"(?:verlassen|abbrechen|beenden|austreten|aussteigen)|"
    r"(?:eu )?(?:quero|gostaria de|preciso|vou|posso) "
    r"(?:sair d[oe](?:ste)? curso|deixar o curso|desistir(?: do curso)?)|"
    r"(?:quiero|quisiera|puedo|voy a) (?:dejar|abandonar|salir de) (?:el|este) curso|"
    r"(?:je veux|je voudrais|je souhaite|je dois|puis-je|je peux) (?:quitter|arrêter|abandonner) (?:le|ce) cours"
)
_AM = r"(?:i|we)(?:'m| am|'re| are|'ll be| will be| have to be| must be|'m going to be| am going to be)"
_WORDS = r"(?: [\w.]{1,12}){0,8}"
AWAY = re.compile(
    rf"(?:(?:{_AM} (?:away|abroad|offline|travell?ing|unavailable|not available|out of (?:the )?office|off|"
    rf"on (?:vacation|holidays?|leave|parental leave|annual leave|a (?:business |work )?trip))|"
    rf"(?:i|we) (?:have|will have|won't have|will not have|don't have) (?:no|any|much|little)? ?time|"
    rf"(?:i|we)(?:'m| am|'re| are)? (?:go|going|leaving|leave) (?:away|on (?:vacation|holidays?|leave|a trip))|"
    rf"(?:i|we) (?:can't|cannot|won't|will not) (?:be here|be there|take part|participate|make it(?! by)(?= {DAYS}))|"
    rf"(?:{_AM} (?:out|busy)|(?:i|we) (?:can't|cannot)|(?:(?:i|we) (?:have|will have) )?no (?:internet|wi-?fi|"
    rf"connection|signal)(?: access)?)(?= {DAYS})|"
    rf"i (?:need|have|take|would like) (?:a|one|two|three|some|a few|a couple of) days? off|"
    rf"(?:away|on (?:vacation|holidays?|leave)|out of office))(?: {DAYS})?(?: {WHY})?|"
    rf"(?:ich )?(?:bin|fahre|fliege|reise|gehe|muss)(?! nicht){_WORDS} "
    r"(?:weg|fort|verreist|abwesend|nicht da|nicht dabei|unterwegs|im urlaub|in (?:den )?urlaub|offline|verhindert)|"
    rf"ich (?:habe|hab){_WORDS} (?:keine zeit|kein internet|urlaub|ferien)|"
    rf"(?:ich kann(?: leider)? {DAYS}(?: leider)? nicht|{DAYS} (?:kann|schaffe) ich(?: es)?(?: leider)? nicht|"
    rf"{DAYS} bin ich(?: leider)? (?:weg|verreist|nicht da|im urlaub|unterwegs))"
    r"(?: teilnehmen| dabei sein| mitmachen| kommen)?|"
    rf"(?:eu )?(?:estou|vou estar|estarei|fico|ficarei) (?:fora|ausente|de f[eé]rias|viajando|em viagem|"
    rf"sem internet){_WORDS}|(?:eu )?(?:vou viajar|viajo){_WORDS}|(?:eu )?n[aã]o (?:tenho|terei|vou ter) tempo{_WORDS}|"
    rf"(?:(?:eu )?n[aã]o (?:posso|consigo|vou poder)(?: participar)?|sem internet|no puedo(?: participar)?|"
    rf"sin internet|je ne peux pas(?: participer)?|pas d'internet) {DAYS}|"
    rf"{DAYS} (?:eu )?(?:n[aã]o (?:posso|consigo|estou|estarei)|no (?:puedo|estoy|estar[eé])|je ne (?:peux pas|"
    rf"suis pas l[aà]|serai pas l[aà]))(?: participar| participer)?|"
    rf"(?:estoy|estar[eé]) (?:fuera|ausente|de vacaciones|de viaje|sin internet){_WORDS}|"
    rf"(?:me voy|salgo|voy) de (?:viaje|vacaciones){_WORDS}|no (?:tengo|tendr[eé]) tiempo{_WORDS}|"
    rf"(?:je suis|je serai) (?:absente?|en vacances|en voyage|en d[eé]placement|en cong[eé]s?){_WORDS}|"
    rf"je (?:pars|m'absente){_WORDS}|je (?:n'ai|n'aurai) pas le temps{_WORDS})"
)
_REASON = re.compile(rf" {WHY}$")
BACK_ON = re.compile(rf"(?:i(?:'m| am|'ll be| will be) )?back (?P<back>{DAYS})(?: {WHY})?")
BACK = re.compile(
    r"i(?:'m| am)? (?:back|here)(?: again| now| today)?(?: from (?:my )?(?:vacation|holidays?|leave|trip|break))?|"
    r"back(?: again| now)?|(?:ich bin )?(?:wieder (?:da|hier|zurück)|zurück)|"
    r"(?:eu )?(?:j[aá] )?voltei|estou de volta|ya he vuelto|he vuelto|estoy de vuelta"
)
CATCH_UP = re.compile(
    r"(?:what (?:did|have) i miss(?:ed)?(?: so far)?|did i miss (?:anything|something|much)|how (?:do|can) i catch up|"
    r"i(?:'m| am|'ve fallen| have fallen)(?: so| very| far)? behind|"
    r"i missed (?:the )?(?:last|this|first|whole|two)? ?(?:few )?weeks?|"
    r"(?:sorry )?for being (?:so )?(?:quiet|silent|absent|late|away)|"
    r"was (?:habe|hab) ich(?: alles)? verpasst|o que(?: eu)? perdi|qu[eé] me (?:he perdido|perd[ií]))"
)
_VERY = r"(?:so |very |really |quite |still |just |feeling |at home )*"
HARD = re.compile(
    rf"(?:i(?:'m| am|'ve been| have been| feel| got| was) {_VERY}(?:ill|sick|unwell|in (?:the )?hospital|injured|"
    rf"overwhelmed|exhausted|burn(?:ed|t) out|at my limit|not well|depressed)|"
    rf"i have (?:the flu|covid|a fever|a migraine)|"
    r"my (?:\w{1,15} )?(?:mother|father|mum|mom|dad|son|daughter|child|kid|baby|wife|husband|partner|brother|sister|"
    r"grandmother|grandfather|friend|family) (?:is (?:very )?(?:ill|sick|in (?:the )?hospital|dying)|(?:has )?died)|"
    r"i (?:can't|cannot|can not) (?:do (?:this|it)|take (?:this|it)|cope|go on|keep up)(?: with (?:this|it))?"
    r"(?: any ?more| any longer)?|(?:this|it)(?:'s| is)(?: all)? too much(?: for me)?|"
    r"(?:ich )?bin (?:leider |heute |gerade )*(?:krank|erkrankt|im krankenhaus|überfordert|erschöpft)|"
    r"ich (?:kann|schaffe (?:das|es))(?: das| es)?(?: einfach)? nicht mehr|"
    r"(?:eu )?(?:estou|fiquei) (?:muito )?(?:doente|gripad[oa]|exaust[oa]|no hospital|internad[oa])|"
    r"(?:eu )?n[aã]o (?:aguento|consigo|posso) mais|"
    r"estoy (?:muy )?(?:enferm[oa]|agotad[oa]|en el hospital)|no (?:puedo|aguanto) m[aá]s)"
    rf"(?: {DAYS})?(?: {WHY})?"
)
"""A hard time, in which a pause may help."""

_SORRY = N_("I am sorry to hear that. Take the time that you need.")


def _learns(turn: Absences) -> bool:
    return Role.LEARNER in turn.roles


@feature.meanings("pause")
def may_pause(turn: Absences, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    hard = wishes(said.text, HARD)
    if not _learns(turn) or not (hard or any(wishes(said.text, p) for p in (PAUSE, QUIET))):
        return ()
    if any(a.last_day is None and a.holds(turn.now) for a in turn.store.own(cohort.id, said.person)):
        text = (_("you are paused already, and nothing is sent to you"),)
    else:
        text = (_("nothing is sent to you until you say that you are back; nobody reads your words"),)
    opening = _(_SORRY) if hard else ""
    return [Meaning(cohort.id, _("Pause"), text, "author", "wish", opening=opening)]


@feature.meanings("leave")
def may_leave(turn: Absences, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if not _learns(turn) or cohort.ended_at or not any(wishes(said.text, p) for p in (QUIET, LEAVE)):
        return ()
    text = (_("you are asked once more, and can pause instead; nobody reads your words"),)
    return [Meaning(cohort.id, _("Leave"), text, "author", "wish")]


@feature.meanings("away")
def may_be_away(turn: Absences, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """With days that are understood, the press is all there is to do. Days that can mean several are each offered."""
    plain = any(wishes(said.text, p) for p in (AWAY, PAUSE, BACK_ON))
    if not _learns(turn) or not (plain or wishes(said.text, HARD)):
        return ()
    opening = "" if plain else _(_SORRY)
    today = local_day(turn.now, turn.people.person(said.person).zone)
    if not (ways := _ways(said.text, today)):
        text = (_("you pick the days, and nothing is sent to you then; nobody reads your words"),)
        return [Meaning(cohort.id, _("I'm away"), text, "author", "wish", opening=opening)]
    return [
        Meaning(
            cohort.id,
            _("I'm away"),
            phrase("{days}; nothing is sent to you then, and nobody reads your words", days=views.all_days(way, today)),
            "author",
            "wish",
            rules.written(way),
            views.all_days(way, today),
            group=rules.written(way),
        )
        for way in ways
    ]


def _ways(text: str, today: date) -> list[tuple[Span, ...]]:
    """Each way in which the days away that a message names can be read."""
    found: list[tuple[Span, ...]] = []
    if said := wish(text, AWAY):
        found = rules.ways(said_days(_REASON.sub("", said[0]), today), today)
    elif said := wish(text, BACK_ON):
        days = read_day(said["back"].removeprefix("on ").removeprefix("by "), today)
        found = [(Span(None, day - DAY),) for day in days]
    return [way for way in found if len(way) <= rules.AT_ONCE and rules.is_possible(way, today)]


@feature.meanings("returned")
def may_be_back(turn: Absences, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if not _learns(turn) or not wishes(said.text, BACK):
        return ()
    return [Meaning(cohort.id, _("I'm back"), _one_card(), "author", "wish")]


@feature.meanings("catchup")
def may_catch_up(turn: Absences, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if not _learns(turn) or not wishes(said.text, CATCH_UP):
        return ()
    return [Meaning(cohort.id, _("Catch up"), _one_card(), "author", "wish")]


def _one_card() -> tuple[str]:
    return (_("one short card says where to go on; nobody reads your words"),)


@feature.takes("pause")
def take_pause(turn: Absences, said: Said | None, subject: str) -> Receipt:
    _check(turn)
    return Receipt(away.pause(turn), words_left=_says_more(said))


@feature.takes("leave")
def take_leave(turn: Absences, said: Said | None, subject: str) -> Receipt:
    _check(turn)
    return Receipt(views.may_leave(turn.here.id), words_left=_says_more(said))


@feature.takes("away")
def take_away(turn: Absences, said: Said | None, subject: str) -> Receipt:
    _check(turn)
    spans = rules.read_written(subject)
    try:
        receipt = away.go_away_in(turn, spans) if spans else away.page(turn)
        return Receipt(receipt, words_left=_says_more(said))
    except FormRefused as e:
        raise Refused(str(e)) from e


@feature.takes("returned")
def take_back(turn: Absences, said: Said | None, subject: str) -> Receipt:
    _check(turn)
    begun = any(not a.lies_ahead(turn.now) for a in turn.store.own(turn.here.id, turn.me.id))
    return Receipt(away.come_back(turn) if begun else catchup.page(turn), words_left=_says_more(said))


@feature.takes("catchup")
def take_catch_up(turn: Absences, said: Said | None, subject: str) -> Receipt:
    _check(turn)
    return Receipt(catchup.page(turn), words_left=_says_more(said))


def _check(turn: Absences) -> None:
    if not _learns(turn):
        raise Refused(reply=views.for_learners())


def _says_more(said: Said | None) -> bool:
    """What is hard to tell is worth telling: its author is asked whether the course team may read it."""
    return said is not None and says_more(said.text, PAUSE, QUIET, LEAVE, AWAY, BACK_ON, BACK, CATCH_UP)
