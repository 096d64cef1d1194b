"""What learners write in private when they hand in their work, or need more time for it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.core.contributions import Item
from bot.core.day_words import in_english
from bot.core.days import read_day
from bot.core.errors import Refused
from bot.core.message import Link, Text, shorten
from bot.core.people import Cohort, Person, Role
from bot.core.private import Meaning, Receipt, Said
from bot.core.small_words import SMALL, plain, whose, words_of
from bot.core.time import local_day
from bot.core.translation import _, phrase
from bot.core.turn import Turn
from bot.core.typed import spans
from bot.core.wishes import ADDRESS, DAYS, WHY, Act, clauses, says_more, wishes
from bot.course.loader import course_of
from bot.course.model import Milestone
from bot.course.readers import are_more, readers
from bot.features.milestones import closing, dates, handing, podding, rules, views
from bot.features.milestones.store import MilestoneStore, Window, feature

Milestones = Turn[MilestoneStore]

_WORK = (
    r"(?:(?:first|second|final|finished|revised|new|latest|last|week(?:'s)?|week \d+|weekly|short|own) )*"
    r"(?:draft|essay|report|homework|assignment|submission|work|piece|paper|project|exercise|task|solution|milestone|"
    r"portfolio|slides|deck|presentation|write-?up|document|doc|memo|proposal|outline|case study|summary|notebook|repo|"
    r"repository|pull request|page|text|version)"
)
_THING = (
    r"(?:(?!(?:question|problem|issue|idea|answer|feedback|opinion|calendar|profile|e-?mail|number|address|name|bug|"
    r"error|screen|screenshot|joke|blog|website|favou?rite|dog|cat|internet|family|friend|wife|husband|mother|father|"
    r"son|daughter|boss|life|first|last|only|next|best|new)s?\b)[^\W\d_]{3,30})"
)
"""What a course may ask for: a letter, a story, a plan."""
_MINE = rf"(?:my|our) {_WORK}"
_MY_THING = rf"(?:my|our) (?:{_WORK}|(?:{_THING} )?{_THING})"
_IT = rf"(?:it|this|that|(?:my|our|the|this|that|an?|last week's|this week's) {_WORK})"
_WORDS = r"(?: \w{1,15}){0,4}"
_FOR = rf"(?: (?:for|of) (?:the )?(?:week(?: \d+)?|milestone|course|today|{_WORK}))?"
_SHOWN = (
    r"(?:here (?:is|are|comes|it is|you go|we go)|here's|this is|that's|these are|attached(?: is)?|find|please find|"
    r"you (?:can )?find|i(?:'ve| have)? (?:put|uploaded|posted|shared|wrote|finished|completed|made)|"
    r"i(?:'m| am)? (?:submit|submitting|handing in|hand in|turning in)|(?:sharing|submitting|handing in|turning in))"
)
_PLACE = (
    r"(?: (?:is|are))?(?: (?:now|finally|done|finished|ready|here|online|there|attached|up|below))*"
    r"(?: (?:at|in|on|under|as))?"
)
HANDS_IN = re.compile(
    rf"(?:{_SHOWN} (?:{_MY_THING}|the {_WORK}){_FOR}{_PLACE}|{_MINE}{_FOR}{_PLACE}|"
    rf"(?:here it is|here you go|(?:i(?:'m| am) |it(?:'s| is) )?(?:done|finished|ready)|draft|homework|submission|"
    rf"assignment|my link|my answer|the link to {_MY_THING}|link to {_MY_THING})|"
    r"(?:hier (?:ist|sind|kommt)|anbei|das ist|aqui est[aá]|segue|este [eé]|aqu[ií] est[aá]|voici|voil[aà])"
    r" (?:(?:mein|unser)(?:e|en)?|(?:o |a )?(?:meu|minha|nosso|nossa)|mi|nuestr[oa]|mon|ma|notre) [^\W\d_]{3,30})"
    rf"(?: {ADDRESS})?"
)
"""A clause beside a web address, or with one."""

BEGINS = re.compile(rf"\W*(?:(?:hi|hello|hey)\b\W*)?(?:here is|here's|this is) {_MY_THING}{_FOR}\s*:\s*(?=\S)", re.I)
"""What comes before work that is written out."""

LABELLED = re.compile(
    rf"\W*(?:(?:my|our|the) )?{_WORK}(?: (?:no\.? ?|#)?\d{{1,2}})?(?: (?:for|of) week \d{{1,2}})?"
    r"\s*(?::|\n|\s[-–—]\s)\s*(?P<words>\S.*)",
    re.I | re.S,
)
"""Work that is written out below its name."""
_ABOUT_IT = re.compile(
    r"^(?:when|where|why|how|what|which|who|is|are|does|do|can|may|should)\b|"
    r"\b(?:stuck|help|need|question|(?:don.?t|do not) (?:get|know|understand)|can.?t|cannot|could|late|later|"
    r"more (?:time|days?)|sick|ill|did not|didn.?t|when is|how (?:do|to|can|should|long)|where (?:do|can|is))\b",
    re.I,
)
"""First words of what is said about work, and is none."""
_SOME_WORDS = 8

_PIECES = words_of(
    "draft essay report homework assignment submission work piece paper project exercise task solution milestone notes "
    "portfolio slides deck presentation document doc memo proposal outline summary notebook repo repository page text "
    "version first second third final revised new latest last weekly own link "
    "hausaufgabe hausaufgaben entwurf aufgabe abgabe arbeit trabalho rascunho tarefa borrador tarea entrega devoir "
    "devoirs brouillon travail letter story article post plan poem chapter brief carta lettre"
)
"""The words of work that is handed in."""

WANTS_IN = Act(
    re.compile(
        r"\b(?:(?:hand|turn|send|give)(?:ing)? (?:\w+ ){0,3}in|(?:submit|upload|deliver|(?:where|how) (?:do|can|"
        r"should) i (?:put|send)(?! the))(?:ting|ing)?"
        r"(?= (?:it|this|that|my|our|the|now|here|today)\b|$)|abgeben|einreichen|hochladen|entrego|entregar|rends|"
        r"rendre|depose|"
        r"deposer)\b"
    ),
    _PIECES | words_of(f"{ADDRESS} hand submit find button"),
)
HANDS_OVER = Act(
    re.compile(
        r"\b(?:here (?:is|are|it is|you go|comes)|this is|attached|submitting|handing in|turning in|finished|done|"
        r"ready|uploaded|"
        r"hier (?:ist |kommt )?mein(?:e|en)?|anbei|voici|voila|aqui (?:va|esta|tem)|segue|"
        r"my (?:\w+ ){0,3}(?:is|are)(?: \w+)? (?:up|online|done|ready|finished|here|attached))\b"
    ),
    _PIECES | words_of(f"{ADDRESS} finished lien vers up online delay"),
)
"""What may stand beside a web address, too."""

LATE = re.compile(
    rf"(?:(?:my|the) {_WORK} (?:is|will be|was) (?:still |a bit |so |very |too )*(?:late|overdue)|"
    rf"i(?:'m| am| was) (?:a bit |so |very |too )*late(?: with {_IT})?|"
    rf"i(?:'ve| have)? (?:missed|forgot|forgotten) (?:the (?:deadline|due date)|(?:about )?{_IT}|"
    rf"to (?:hand {_IT} in|hand in {_IT}|submit {_IT}|turn in {_IT}))|"
    rf"i (?:couldn't|could not|didn't|did not) (?:finish|complete|hand in|submit) {_IT}(?: (?:in|on) time)?)"
    rf"(?: {DAYS})?(?: {WHY})?"
)
"""Work that is late may still be taken."""

HERE_IT_IS = re.compile(rf"(?:here is|here's|here comes) {_MINE}{_FOR}")

_OTHERS = words_of(
    "discussion discussions wrap wraps up wrapup wrapups check checks checkin checkins post posts reply replies answer "
    "answers diskussion discussao discusion review reviews reviewing peer feedback begutachtung begutachten revisao "
    "revisar revision resena avaliacao relecture relire machen schreiben erledigen fazer "
    "escrever hacer escribir faire ecrire"
)
"""What else closes, as in 'my answer in the discussion', 'the wrap-up' and 'my review'."""

_SPAN = r"(?:time|days?|weeks?|hours?|tempo|tiempo|temps|dias?|jours?|semanas?|semaines?|horas?|heures?)"
_DEADLINE = r"(?:deadline|due date|dates?)"
MORE_TIME = Act(
    re.compile(
        rf"\b(?:(?:more|extra|additional|longer|further) {_SPAN}|another (?:\w+ )?(?:days?|weeks?)|(?:days?|"
        rf"weeks?) (?:more|longer|extra)|"
        rf"(?<!the )extension|later {_DEADLINE}|"
        rf"(?:extend|move|postpone|push|delay|shift) (?:\w+ ){{0,3}}{_DEADLINE}|"
        rf"{_DEADLINE} (?:\w+ ){{0,5}}(?:extended|moved|postponed|pushed|delayed|shifted)|"
        r"(?:hand|turn|submit|send|deliver) (?:[\w.]+ ){0,10}(?:late|later|instead|after the deadline)|"
        r"(?:do|post|reply|answer|write|join|take part|fill) (?:\w+ ){0,4}(?:discussion|wrap ?up|check ?in|review) "
        r"(?:\w+ ){0,6}(?:late|later|instead|after the deadline)|"
        r"review (?:\w+ ){0,4}(?:late|later|instead|after the deadline)|"
        r"(?:get|have|need|want|take) until|be (?:\w+ ){0,2}late(?: (?:with|on|handing)|$)|^extend(?: it| this|"
        r" mine)?$|"
        r"(?:need|take|want|have) (?:a )?(?:bit |little |while |much )?longer|"
        r"not (?:be able to )?make (?:by |until )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow)|"
        r"(?:will|going to|might|may|would) miss (?:the|my|this) (?:\w+ )?(?:deadline|due date)|"
        r"not (?:\w+ ){0,3}(?:finish|finished|complete|make|manage|done|ready|submit|meet|hand) (?:\w+ ){0,5}?"
        r"(?:in time|on time|by|before|until|deadline|due date)|"
        r"mehr zeit|(?:tage?n?|wochen?) (?:mehr|langer)|(?:mehr|weitere) tage|aufschub|verlangerung|spater (?:abgeben|"
        r"einreichen|machen|schreiben|erledigen|begutachten)|"
        r"schaffe (?:\w+ ){0,4}nicht (?:bis|rechtzeitig|mehr bis)|"
        rf"(?:mais|mas|plus de|plus) (?:\w+ ){{0,2}}{_SPAN}|{_SPAN} (?:a )?(?:mais|mas|de plus|supplementaires?|"
        rf"extras?|adicionais|"
        r"adicionales)|(?:prazo|plazo|delai) (?:maior|extra|mas largo|supplementaire|plus long)|"
        r"(?:entregar|fazer|escrever|revisar|hacer|escribir|rendre|faire|ecrire|relire) "
        r"(?:\w+ ){0,5}(?:mais tarde|depois|mas tarde|despues|plus tard|em vez|en vez|au lieu)|"
        r"no (?:voy a )?(?:llego|llegar) a (?:la|el|tiempo))\b"
    ),
    _PIECES
    | _OTHERS
    | words_of(
        "finish complete hand submit turn write polish revise done finished make behind extension given use up adhd "
        "adhs dyslexia give giving grant granted "
        "vez lieu instead largo acabar terminar finir falta entregar rendre haben bekommen deadline date late running "
        "getting"
    ),
)

_CLOSES = r"(?:discussions?|wrap ?ups?|check ?ins?|reviews?|diskussion|discussao|discusion|revisao|revision)"
_NOT_NOW = r"(?!(?:\w+ ){0,8}(?:today|tonight|now|heute|jetzt|hoje|agora|hoy|ahora)\b)"
ANOTHER_DAY = Act(
    re.compile(
        rf"\b(?:can|could|may|will|would) (?:i |only |it be ok to ){{1,2}}{_NOT_NOW}"
        rf"(?:answer|do|post|reply|write|fill|join|take|give|finish|complete) (?:\w+ ){{0,4}}{_CLOSES}\b|"
        rf"(?<!what )(?<!how )(?:can|could|may|will|would) i {_NOT_NOW}(?:\w+ ){{0,2}}review\b|"
        rf"(?:kann|darf|konnte) ich {_NOT_NOW}(?:\w+ ){{0,4}}(?:{_CLOSES}|begutachten)\b|"
        rf"(?:posso|poderia|puedo|podria) {_NOT_NOW}(?:(?:\w+ ){{1,4}}{_CLOSES}|(?:\w+ ){{0,2}}revisar)\b"
    ),
    _OTHERS
    | words_of(
        "do write fill join take part give finish complete instead only piece beantworten machen schreiben ausfullen "
        "erst responder contestar escribir escrever hacer fazer"
    ),
    dated=True,
)
"""'Can I answer the wrap-up on Tuesday?', 'Can I review until Friday?'"""

COMES_LATER = Act(
    re.compile(r"\bwill (?:only )?(?:come|arrive|follow|be (?:late|later|done|ready|finished))\b"),
    _PIECES | words_of("late later only"),
    dated=True,
    alone=True,
)
"""'My draft will come on Tuesday': what comes before it is the work."""

_OWN = re.compile(
    rf"\b(?:{_IT} (?:\w+ ){{0,3}}(?:is|are|comes?) (?:\w+ ){{0,2}}(?:at|here|up|online|done|ready|finished|attached|"
    rf"late)|"
    rf"here (?:it )?(?:is|are|comes|it is)(?: (?:my|our|the|it)\b|\W|$)|here you go|here's (?:my|our|the|it)\b|"
    rf"attached|"
    rf"(?:hand(?:ing|ed)?|turn(?:ing|ed)?) (?:\w+ ){{0,4}}in\b|submi(?:t|ssion|tted|tting)\b|uploaded|"
    rf"i did it|(?:finished|done|completed)(?! (?:reading|watching|with|listening))|too late|"
    rf"sorry (?:\w+ ){{0,2}}(?:late|"
    rf"for the delay)|it'?s (?:\w+ )?late|feedback (?:on|before|until|by)|abgabe|entrega|rendu)",
    re.I,
)
"""Words of somebody's own work, wherever they stand beside a web address."""


def content(text: str) -> tuple[str, str] | None:
    """(link, text) of the work in a message that hands it in; ("", "") if it is only announced, None without such a
    wish. A web address by itself is handed in by it."""
    link = next((part.url for part in spans(text) if isinstance(part, Link)), "")
    said = list(clauses(text))
    if link:
        if "?" not in text.replace(link, "") and (
            said == [ADDRESS] or any(HANDS_IN.fullmatch(c) or HANDS_OVER.asks(c) for c in said)
        ):
            beside = text.strip().removesuffix(link).strip().rstrip(":").rstrip()
            return link, beside
        return (link, text.strip()) if any(WANTS_IN.asks(c) for c in said) else None
    if BEGINS.match(text) or _is_written_out(text):
        return "", text.strip()
    return ("", "") if wishes(text, WANTS_IN, HERE_IT_IS, LATE) and not wishes(text, MORE_TIME) else None


def _is_written_out(text: str) -> bool:
    found = LABELLED.match(text)
    words = found["words"].split() if found is not None and "?" not in text else []
    return len(words) >= _SOME_WORDS and not _ABOUT_IT.search(" ".join(words[:_SOME_WORDS]))


# Handing in


@feature.meanings("work")
def may_hand_in(turn: Milestones, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if Role.LEARNER not in turn.roles or len(said.text) > views.LONGEST:
        return ()
    found = content(said.text)
    waits = handing.waiting(turn, cohort, said.person)
    named = [one for one in waits if _names(said.text, one[0].title)]
    own = found is not None or bool(named) or _OWN.search(said.text) is not None
    found = found or linked(said.text)
    if found is None:
        return ()
    return [
        Meaning(
            cohort.id,
            _("Hand it in"),
            _handed_in_as(turn, cohort, milestone, said.person)
            if any(found)
            else views.opens(milestone, window, turn.now),
            "team" if any(found) else "author",
            "wish" if own else "",
            milestone.id,
            shorten(milestone.title, 60),
            group=milestone.id,
        )
        for milestone, window in named or waits
    ]


def _who_reads(turn: Milestones, cohort: Cohort, milestone: Milestone, person: int) -> str:
    pod = podding.pod_of(replace(turn, cohort=cohort), milestone, person) is not None
    return readers(course_of(cohort.course_text), milestone.id, pod)


def _handed_in_as(turn: Milestones, cohort: Cohort, milestone: Milestone, person: int) -> Text:
    title = shorten(milestone.title, 80)
    if not are_more(course_of(cohort.course_text), milestone.id, milestone.pod):
        return phrase("as “{title}”; your instructors see it", title=title)
    return phrase("as “{title}”. {who}", title=title, who=_who_reads(turn, cohort, milestone, person).rstrip("."))


def linked(text: str) -> tuple[str, str] | None:
    """(link, text) of any message with a web address: its author alone knows whether it is their work."""
    link = next((part.url for part in spans(text) if isinstance(part, Link)), "")
    return (link, text.strip()) if link else None


def _names(text: str, title: str) -> bool:
    """Whether a message has all words of a title, except for small ones such as 'your'."""
    words = set(plain(title)) - SMALL
    return bool(words) and words <= set(plain(text))


@feature.takes("work", after_end=True)
def take_work(turn: Milestones, said: Said | None, subject: str) -> Receipt:
    if said is None or Role.LEARNER not in turn.roles:
        raise Refused
    milestone, _window = handing.mine(turn, subject)
    link, text = content(said.text) or linked(said.text) or ("", said.text)
    if not link and not text:
        return Receipt(views.to_hand_in(turn.here.id, milestone))
    if turn.store.submission(turn.here.id, milestone.id, turn.me.id) is not None:
        raise Refused(_("You have handed in “{title}” already. Its card has 'Edit'.", title=milestone.title))
    handing.take(turn, milestone.id, link, text)
    return Receipt(views.handed_in(milestone, _who_reads(turn, turn.here, milestone, turn.me.id)))


# More time


@feature.meanings("time")
def may_need_time(turn: Milestones, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if not _needs_time(turn, said, cohort):
        return ()
    found = _movable(turn, said.text, cohort, turn.people.person(said.person))
    if not found:
        return ()
    text: Text = (_("you choose a date of yours and a day; nobody reads your words"),)
    if len(found) == 1:
        text = phrase("for “{title}”, by a form; nobody reads your words", title=shorten(found[0][0].title, 60))
    return [Meaning(cohort.id, _("Ask for more time"), text, "author", "wish")]


def _movable(turn: Milestones, text: str, cohort: Cohort, person: Person) -> list[tuple[Milestone, Window]]:
    """The dates that a learner may move or ask to move, of what a message names: by its title, or else by its kind. One
    that names nothing is about work first, and about what else closes where no work waits. A draft that somebody is to
    review is not their own."""
    found = [(m, w) for m, w, _days in closing.movable(turn, cohort, person)]
    kinds = {kind for kind, words in _KINDS.items() if words.search(text)}
    of_kind = [one for one in found if one[0].id.partition("/")[0] in kinds]
    named = [one for one in found if _names_one(text, one[0])]
    reviews = [one for one in of_kind if one[0].id.startswith("review/")]
    if named and not (
        reviews and all(one not in reviews and not _KINDS["review"].search(one[0].title) for one in named)
    ):
        return named
    if kinds:
        return of_kind
    if any(_names(text, item.title) for item in _open(turn, cohort, person)):
        return []
    return [one for one in found if not rules.closes(one[0].id)] or found


def _names_one(text: str, meant: Milestone) -> bool:
    """What closes has its kind before its title ('Discuss: Bags or leaves')."""
    _kind, _colon, bare = meant.title.partition(": ")
    return _names(text, meant.title) or (rules.closes(meant.id) and _names(text, bare))


def _open(turn: Milestones, cohort: Cohort, person: Person) -> list[Item]:
    """What is open for a learner besides milestones, and not done."""
    return [i for i in dates.others(turn, person, cohort) if turn.now < i.due_at and not i.done]


def _wanted(turn: Milestones, text: str, found: Sequence[tuple[Milestone, Window]], zone: str) -> dict[str, str]:
    """The ISO date until which a message asks for time, for each of these where it says so."""
    day, more = day_wanted(text, local_day(turn.now, zone)), days_wanted(text)
    if not day and not more:
        return {}
    return {m.id: day or (local_day(w.due_at, zone) + timedelta(days=more)).isoformat() for m, w in found}


_MORE = re.compile(r"\b(?:more|longer|later|extra|extend|extension|until|mehr|mais|más|plus)\b", re.I)
"""Words of whoever asks for more time: with one of them a message is read beside the titles of what is open."""

_KINDS = {
    "discussion": re.compile(r"\b(?:discussions?|diskussion|discuss[aã]o|discusi[oó]n)\b", re.I),
    "wrapup": re.compile(r"\bwrap[- ]?ups?\b", re.I),
    "checkin": re.compile(r"\bcheck[- ]?ins?\b", re.I),
    "review": re.compile(
        r"\b(?:(?:peer[- ])?review(?:s|ing)?|begutacht(?:en|ung)|revisar|revis[aã]o|revisi[oó]n|rese[nñ]a|relecture|"
        r"relire)\b",
        re.I,
    ),
}
"""What closes and is no milestone: how the names of these items begin, and how people call them."""

_DAYS_MORE = re.compile(
    r"(?<!\bor )\b(?:(?P<before>\d{1,2}|an?|one) (?:more|extra|additional|further|mehr)|another|mais|mas|weitere) "
    r"(?:(?P<n>\d{1,2}|one) )?(?P<span>days?|weeks?)\b|"
    r"\b(?P<first>\d{1,2}|an?|one) (?P<unit>days?|weeks?) (?:more|longer|extra|later|mehr|langer|mas|a mais|of plus)\b"
)
"""A number of days, in the words of `in_english`."""


def days_wanted(text: str) -> int:
    """How many days more somebody asks for: 'two more days', 'another week'. 0 without a number, or with several."""
    found = {_days(m) for clause in clauses(text) for m in _DAYS_MORE.finditer(in_english(clause))}
    return found.pop() if len(found) == 1 else 0


def _days(found: re.Match[str]) -> int:
    number, span = found["n"] or found["before"] or found["first"] or "", found["span"] or found["unit"]
    if not number.isdecimal() and span.endswith("s"):
        return 0
    return (int(number) if number.isdecimal() else 1) * (7 if span.startswith("week") else 1)


_UNTIL = re.compile(r"\b(?:until|till|til|bis|hasta|até|jusqu'à)\s+")
_ON = re.compile(r"\b(?:to|on|for|am|instead of \w+ on)\s+")


def day_wanted(text: str, today: date) -> str:
    """The day until which somebody would like to have time, as ISO: 'until Tuesday' before 'on Tuesday'. '' without
    one, or where it can mean two."""
    for before in (_UNTIL, _ON):
        days = {
            d for clause in clauses(text) for m in before.finditer(clause) for d in _day_at(clause[m.end() :], today)
        }
        if days:
            return days.pop().isoformat() if len(days) == 1 else ""
    return ""


def _day_at(text: str, today: date) -> list[date]:
    words = text.split()[:4]
    return next((found for n in range(len(words), 0, -1) if (found := read_day(" ".join(words[:n]), today))), [])


@feature.meanings("private")
def may_ask_for_time(turn: Milestones, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """Where no date is the learner's to move, the course team is asked."""
    if cohort.ended_at or not _needs_time(turn, said, cohort):
        return ()
    if _movable(turn, said.text, cohort, turn.people.person(said.person)):
        return ()
    text = (_("your instructors move these dates, and answer you privately; instructors and managers alone read it"),)
    return [Meaning(cohort.id, _("A private question to the course team"), text, "team", "wish")]


def _needs_time(turn: Milestones, said: Said, cohort: Cohort) -> bool:
    if Role.LEARNER not in turn.roles:
        return False
    named = [milestone.title for milestone, _window in handing.waiting(turn, cohort, said.person)]
    if _KINDS["review"].search(said.text):
        named += whose(person.name for person in turn.people.members(cohort.id))
    if _MORE.search(said.text) or any(words.search(said.text) for words in _KINDS.values()):
        named += [item.title for item in _open(turn, cohort, turn.people.person(said.person))]
    return wishes(said.text, MORE_TIME.about(named), ANOTHER_DAY.about(named), COMES_LATER.about(named))


@feature.takes("time")
def take_time(turn: Milestones, said: Said | None, subject: str) -> Receipt:
    if Role.LEARNER not in turn.roles:
        raise Refused
    text = said.text if said is not None else ""
    found = _movable(turn, text, turn.here, turn.me)
    if not found:
        raise Refused(_("None of your dates can be moved just now."))
    left = says_more(text, MORE_TIME.about(m.title for m, _w in found), ANOTHER_DAY, COMES_LATER)
    days = _wanted(turn, text, found, turn.me.zone)
    if len(found) == 1 and said is not None:
        ((meant, window),) = found
        day = days.get(meant.id, "")
        if day and day <= local_day(window.due_at, turn.me.zone).isoformat():
            return Receipt(views.has_time(turn.here.id, meant, window), words_left=left)
        return Receipt(views.to_move(turn.here.id, meant, window, day), words_left=left)
    return Receipt(views.which_to_move(turn.here.id, found, days), words_left=left)
