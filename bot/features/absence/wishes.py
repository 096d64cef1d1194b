"""What learners write in private when they would like to pause, will be away, or are back."""

import re
from collections.abc import Sequence
from datetime import date

from bot.core.days import Span, read_day, said_days
from bot.core.errors import FormRefused, Refused
from bot.core.people import Cohort, Role
from bot.core.private import Meaning, Receipt, Said
from bot.core.small_words import is_day, names_day, plain, words_of
from bot.core.time import local_day
from bot.core.timetable import DAY
from bot.core.translation import N_, _, phrase
from bot.core.turn import Turn
from bot.core.wishes import DAYS, WHY, Act, clauses, says_more, wish, wishes
from bot.features.absence import away, catchup, rules, views
from bot.features.absence.store import AbsenceStore, feature

Absences = Turn[AbsenceStore]

PAUSE = Act(
    re.compile(
        r"\b(?:paus(?:e|ing)(?! statement)|(?<=\w )(?:take|have|taking) an? (?:\w+ ){0,1}(?:break|breather|pause)|"
        r"(?:am|be) (?:out|away|off|gone|offline|unavailable) (?=until further notice|for good|indefinitely)|"
        r"(?:need|want|like) an? (?:\w+ ){0,1}(?:break|breather|pause)(?! statement)|"
        r"(?:take|need|have|taking)(?: some)? time (?:off|out)|on (?:hold|ice)|freeze|freezing|stop (?=for (?!now|"
        r"today))|step back|"
        r"pausieren|aussetzen|unterbrechen|eine (?:kurze |kleine )?(?:pause|auszeit)(?: machen| einlegen)?|"
        r"(?:fazer |dar |tirar |hacer |tomar |tomarme )?u[mn]a? (?:pequena )?pausa|pausar|parar|"
        r"(?:faire |prendre )?une (?:petite )?pause|(?:mettre .{0,20})?en pause)\b"
    ),
    words_of("put pick up semana further notice good indefinitely"),
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
_FROM = r"(?:(?:from|of|with|out of) )?(?:(?:the|this|my|your) )?"
LEAVE = Act(
    re.compile(
        rf"\b(?:(?:leave|leaving|quit|quitting|withdraw|drop(?:ping)? out|remove me|take me (?:off|out)) {_FROM}"
        r"(?:course|cohort|programme|program|class|run|list|thing)|(?:exit|stop|stopping|cancel|cancelling) "
        rf"{_FROM}(?:course|cohort|programme)|"
        r"(?:leave|leaving|quit|quitting|withdraw|withdrawing|drop(?:ping)? out|giv(?:e|ing) up)(?: for good)?$|"
        r"quitting|drop(?:ping)? out|unsubscribe|"
        r"(?:un|dis)-?enroll?|unregister|deregister|"
        r"cancel (?:my |the )?(?:participation|enrol?lment|registration|subscription|place|spot)|"
        r"(?<!can )not (?:want to |going to |be )?(?:continue|continuing|go on)|"
        r"abmelden|meldet mich ab|melde mich ab|aussteigen|(?:ich )?(?:steige aus|hore auf|breche ab|"
        r"mache nicht (?:mehr )?"
        r"weiter)|(?:aus )?(?:den|diesen|dem) kurs (?:ab|verlassen|abbrechen|beenden|aussteigen|austreten)|"
        r"(?:sair|saio|deixar|deixo|abandonar|abandono|desistir) (?:d?[oe](?:ste)? curso)|desistir|"
        r"cancelar (?:a |o |la |el )?(?:minha |meu |mi )?(?:inscri[a-z]+|matricula|participa[a-z]+)|"
        r"(?:dejar|dejo|abandonar|abandono|salir) (?:de|el|del)(?: este| el)? curso|darme de baja|"
        r"(?:quitter|quitte|arreter|arrete|abandonner|abandonne) (?:le|ce) cours|me desinscrire|desinscrire)\b"
    ),
)
_AM = r"\b(?:am|are|be|being|been)(?: (?:just|also|mostly|probably|now|unfortunately|completely|still|finally))?"
_GONE = r"(?:weg|fort|verreist|abwesend|unterwegs|im urlaub|in (?:den )?urlaub|offline|verhindert)"
AWAY = Act(
    re.compile(
        rf"(?:{_AM} (?:away|abroad|offline|travell?ing|unavailable|not available|out of (?:the )?office|off|"
        rf"in (?:the )?"
        r"hospital|on (?:vacation|holidays?|leave|(?:parental|annual|sick) leave|a (?:business |work )?trip|the road))|"
        r"\b(?:go|going|leaving|leave) (?:away|offline|on (?:vacation|holidays?|leave|a trip))|"
        r"^(?:away|offline|on (?:vacation|holidays?|leave)|out of office|travell?ing|(?:off|out) (?:sick|ill))|"
        r"\b(?:am|be) (?:off|out) (?:sick|ill)|"
        r"\b(?:have|having) (?:no|little) time|\bnot have (?:any |much )?time|"
        r"\bnot (?:be )?(?:able to )?(?:be (?:here|there|around|available)|here|around|available|take part|"
        r"participate)|"
        r"\b(?:a|one|two|three|some|few|couple of) days? off|"
        rf"\b(?:bin|fahre|fliege|reise|gehe|muss)(?! nicht)(?: .{{0,40}})? {_GONE}|"
        r"\bkeine zeit|\b(?:habe?|mache) (?:.{0,40} )?(?:urlaub|ferien)|"
        r"\b(?:estou|estar|estarei|fico|ficarei|estoy|estare) (?:fora|fuera|ausente|de ferias|viajando|"
        r"(?:em|de) viage[mn]?|de viaje|de vacaciones|sem internet|sin internet)|\b(?:vou viajar|viajo)|"
        r"\b(?:me voy|salgo|voy) de (?:viaje|vacaciones)|\bnao (?:tenho|terei|vou ter) tempo|"
        r"\bno (?:tengo|tendre|voy a tener) tiempo|"
        r"\b(?:suis|serai) (?:absente?|en vacances|en voyage|en deplacement|en conges?)|"
        r"\bje (?:pars|m absente)|\bn (?:ai|aurai) pas le temps)\b"
    ),
    words_of("through sick ill"),
    spare=2,
)
AWAY_ON = Act(
    re.compile(
        rf"(?:{_AM} (?:out|busy|gone|in (?!(?:the|a|an|my|our|class|time|touch|on|this|it|that)\b)\w+)|"
        r"^(?:vacation|holidays?|leave)|\bnot make|\b(?:can|will|could) not(?: be able to)?(?: make it|"
        r" do (?:anything|much))?|"
        r"\b(?:have )?no (?:internet|wi ?fi|connection|signal)(?: access)?|\bnicht da(?:bei)?|\bkein internet|"
        r"\bkann (?:.{0,40} )?nicht|\bbin (?:.{0,40} )?in \w+$|"
        r"\bnao (?:posso|consigo|estou|estarei|vou (?:poder|estar))|\bno (?:puedo|estoy|estare|voy a (?:estar|poder))|"
        r"\b(?:sem|sin|pas d) internet|\bne (?:peux|pourrai|suis|serai) pas(?: la)?)\b"
    ),
    words_of("through participate participer participar teilnehmen sein dabei kommen mitmachen es by"),
    dated=True,
)
"""Words that are about days away only beside days."""

_REASON = re.compile(rf" {WHY}$")
BACK_ON = re.compile(rf"(?:i(?:'m| am|'ll be| will be) )?back (?P<back>{DAYS})(?: {WHY})?")
BACK = Act(
    re.compile(
        rf"(?:(?:{_AM}|\b(?:have come|came|come|coming)) back(?! to)|^back(?! to)|\b(?:am|be) (?:here again|"
        rf"around again)|"
        r"\b(?:have |just )?returned(?! to)|\bun-?pause|(?:start|begin|continue|go on|carry on) again(?= after)|"
        r"^resume(?: the| my)? course|"
        r"\bwieder (?:da|hier|zuruck|dabei|zu hause)|\bzuruck$|\bvoltei|\bde (?:volta|vuelta|retour)|\bhe vuelto|"
        r"\bregrese|"
        r"\brevenue?)\b"
    ),
    words_of(
        "vacation holiday holidays leave trip break desk office home finally urlaub ferias vacaciones vacances "
        "continue start starting sending pause volta vuelta retour aus dem"
    ),
    alone=True,
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
    r"i (?:can't|cannot|can not) (?:do (?:this(?! one\b)|it)|take (?:this|it)|cope|go on|keep up)(?: with (?:this|it))?"
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
    if not _learns(turn) or not (hard or wishes(said.text, PAUSE, QUIET)):
        return ()
    if any(a.last_day is None and a.holds(turn.now) for a in turn.store.own(cohort.id, said.person)):
        text = (_("you are paused already, and nothing is sent to you"),)
    else:
        text = (_("nothing is sent to you until you say that you are back; nobody reads your words"),)
    opening = _(_SORRY) if hard else ""
    return [Meaning(cohort.id, _("Pause"), text, "author", "wish", opening=opening, in_all=True)]


@feature.meanings("leave")
def may_leave(turn: Absences, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if not _learns(turn) or cohort.ended_at or not wishes(said.text, QUIET, LEAVE):
        return ()
    text = (_("you are asked once more, and can pause instead; nobody reads your words"),)
    return [Meaning(cohort.id, _("Leave"), text, "author", "wish")]


@feature.meanings("away")
def may_be_away(turn: Absences, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """With days that are understood, the press is all there is to do. Days that can mean several are each offered."""
    hard = wishes(said.text, HARD)
    if not _learns(turn) or not (hard or wishes(said.text, AWAY, AWAY_ON, PAUSE, BACK_ON)):
        return ()
    today = local_day(turn.now, turn.people.person(said.person).zone)
    if not (ways := _ways(said.text, today)):
        text = (_("you pick the days, and nothing is sent to you then; nobody reads your words"),)
        opening = _(_SORRY) if hard else ""
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
            in_all=True,
        )
        for way in ways
    ]


def _ways(text: str, today: date) -> list[tuple[Span, ...]]:
    """Each way in which the days away that a message names can be read."""
    found: list[tuple[Span, ...]] = []
    if wishes(text, AWAY, AWAY_ON):
        found = rules.ways(said_days(_days_clause(text), today), today)
    elif said := wish(text, BACK_ON):
        days = read_day(said["back"].removeprefix("on ").removeprefix("by "), today)
        found = [(Span(None, day - DAY),) for day in days]
    return [way for way in found if len(way) <= rules.AT_ONCE and rules.is_possible(way, today)]


def days_of(text: str, today: date) -> list[str]:
    """The days away that a message names, each way as `rules.written` writes it."""
    return [rules.written(way) for way in _ways(text, today)]


def _days_clause(text: str) -> str:
    """The clause that says it, with clauses of days alone that follow ('on Monday, Tuesday and Friday'); '' if another
    clause names days, too: a part of what was said is never taken for the whole."""
    said = [_REASON.sub("", clause) for clause in clauses(text)]
    at = next((n for n, clause in enumerate(said) if wishes(clause, AWAY, AWAY_ON)), 0)
    end = at + 1
    while end < len(said) and all(is_day(word) or word in _BETWEEN_DAYS for word in plain(said[end])):
        end += 1
    beside = (clause for clause in (*said[:at], *said[end:]) if not _GIVES_REASON.match(clause))
    others = [word for clause in beside for word in plain(clause)]
    return "" if any(names_day(word) and word not in _NO_DAY for word in others) else ", ".join(said[at:end])


_GIVES_REASON = re.compile(r"(?:because|cause|cuz|since|as|due to|weil|porque|car)\b")
_BETWEEN_DAYS = words_of("and or the of on to from until also und e y et")
_NO_DAY = words_of("may march day days week weeks month months 1 2 3 4 5 6")


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
    return said is not None and says_more(said.text, PAUSE, QUIET, LEAVE, AWAY, AWAY_ON, BACK_ON, BACK, CATCH_UP)
