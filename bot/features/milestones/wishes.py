"""What learners write in private when they hand in their work, or need more time for it."""

import re
from collections.abc import Sequence

from bot.core.errors import Refused
from bot.core.message import Link, shorten
from bot.core.people import Cohort, Role
from bot.core.private import Meaning, Receipt, Said
from bot.core.translation import _, phrase
from bot.core.turn import Turn
from bot.core.typed import spans
from bot.core.wishes import ADDRESS, DAYS, WHY, clauses, says_more, wishes
from bot.features.milestones import handing, views
from bot.features.milestones.store import MilestoneStore, feature

Milestones = Turn[MilestoneStore]

_WORK = (
    r"(?:(?:first|second|final|finished|revised|new|latest|last|week(?:'s)?|week \d+|weekly|short|own) )*"
    r"(?:draft|essay|report|homework|assignment|submission|work|piece|paper|project|exercise|task|solution|milestone|"
    r"portfolio|slides|deck|presentation|write-?up|document|doc|memo|proposal|outline|case study|summary|notebook|repo|"
    r"repository|pull request|page|text|version)"
)
_THING = (
    r"(?:(?!(?:question|problem|issue|idea|answer|feedback|opinion|calendar|profile|e-?mail|number|address|name|bug|"
    r"error|screen|screenshot|joke|blog|website|favou?rite|dog|cat|internet|family|friend|wife|husband|mother|father|son|"
    r"daughter|boss|life|first|last|only|next|best|new)s?\b)[^\W\d_]{3,30})"
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

WANTS_IN = re.compile(
    rf"(?:(?:can|could|may) i(?: still| also)?|i(?:'d| would) like to|i (?:want|need|have) to|"
    rf"i(?:'m| am) ready to|ready to|let me|how (?:do|can) i|where (?:do|can|should) i|time to|"
    rf"i(?:'ll| will)|i(?:'m| am) going to)?(?: now)? ?"
    rf"(?:(?:hand|turn|send|give)(?:ing)? {_IT} in|(?:hand|turn)(?:ing)? in {_IT}|submit(?:ting)? {_IT})"
    rf"{_FOR}(?: now| here| today| {ADDRESS})*|"
    rf"(?:kann|darf) ich{_WORDS} (?:abgeben|einreichen)|posso(?: ainda)? entregar{_WORDS}|"
    rf"puedo(?: todav[ií]a| a[uú]n)? entregar{_WORDS}"
)
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

_NUMBER = r"(?:\d{1,2}|one|two|three|four|five|six|seven|ten|a few|a couple of|several|some)"
_MUCH = r"(?:(?:a bit|a little|a little bit|some|much|a lot|just|even) ){0,2}"
_MORE = (
    rf"(?:{_MUCH}(?:more|extra|additional|longer) time|(?:an?|another|{_NUMBER}) "
    rf"(?:more |extra |additional )(?:days?|weeks?|hours?)|"
    rf"(?:another|{_NUMBER})(?: {_NUMBER})? (?:days?|weeks?) (?:more|longer|extra)|another {_NUMBER} (?:days|weeks)|"
    rf"another (?:day|week)|an? (?:short |little )?(?:extension|later (?:deadline|date)))"
)
_DO = r"(?:finish|complete|hand in|submit|turn in|do|write|polish|revise)"
_ITS_NAME = r"(?:the|my|our|this|that) (?:[^\W\d_]{1,20} )?[^\W\d_]{1,20}"
_TO = rf"(?: (?:for|with|on|to {_DO}) (?:{_IT}|{_ITS_NAME}))?(?: to (?:{_DO}))?(?: {DAYS})?(?: {WHY})?"
_MAY = (
    r"(?:can|could|may|might) (?:i|we)(?: please| maybe| perhaps| possibly| also)*|"
    r"(?:is it|would it be) (?:possible|ok|okay|all right|alright|fine) (?:to|if i|if we)|am i allowed to|"
    r"(?:i|we)(?:'d| would) like to|(?:i|we) (?:want|need|have) to|i(?:'ll| will) have to|how (?:can|do) i"
)
_SPAN = r"(?:dias?|d[ií]as?|jours?|semanas?|semaines?|horas?|heures?)"
_LONGER = (
    rf"(?:(?:mais|m[aá]s|plus de) (?:tempo|tiempo|temps|(?:[^\W\d_]{{2,6}} |\d{{1,2}} )?{_SPAN})|"
    rf"(?:[^\W\d_]{{2,6}} |\d{{1,2}} ){{1,3}}{_SPAN} (?:a )?"
    rf"(?:mais|m[aá]s|de plus|suppl[eé]mentaires?|extras?|adicionais|adicionales)|"
    rf"(?:um|un) (?:prazo (?:maior|extra)|plazo m[aá]s largo|d[eé]lai))"
)
"""More time, in Portuguese, Spanish and French."""
MORE_TIME = re.compile(
    rf"(?:(?:(?:i|we)(?: (?:will|would|really|just|still|probably|may|might|also|do))*(?:'ll|'d)? "
    rf"(?:need|want|require|could use|like)|(?:{_MAY}) (?:have|get|ask for|take|request|be given)|need|requesting|"
    rf"(?:is|would) there(?: be)? any chance (?:of|for)) {_MORE}{_TO}|{_MORE}|"
    rf"(?:{_MAY}|please|i) (?:extend|move|postpone|push back|push|shift|delay) "
    rf"(?:my|the) (?:deadline|due date|dates?){_TO}|(?:extend|move|postpone) (?:my|the) (?:deadline|due date){_TO}|"
    rf"(?:can|could) (?:you|my deadline|the deadline)(?: please)?(?: be)? "
    rf"(?:extend(?:ed)?|move(?:d)?|postponed?)(?: (?:my|the) (?:deadline|due date|date))?{_TO}|"
    rf"(?:{_MAY}) (?:hand in|hand {_IT} in|submit|turn in|turn {_IT} in)(?: {_IT})? "
    rf"(?:late|later|after the deadline|a bit later|(?:a|one|two|three|\d+|a few) (?:days?|weeks?) later?)"
    rf"(?: {DAYS})?(?: {WHY})?|"
    rf"i(?:'m not going to| am not going to| can't| cannot| won't| will not| can not)(?: be able to)? "
    rf"(?:make (?:it (?:by |to )?)?(?:the|my) (?:deadline|due date)|(?:finish|complete)(?: {_IT})? (?:in|on) time|"
    rf"meet (?:the|my) (?:deadline|due date)|hand (?:it|{_MINE}) in (?:in|on) time)(?: {WHY})?|"
    rf"(?:ich (?:brauche|bräuchte|möchte|hätte gern(?:e)?)|(?:kann|könnte|darf) ich){_WORDS} "
    rf"(?:mehr zeit|(?:tage?n?|wochen?) (?:mehr|länger)|(?:mehr|weitere) tage|aufschub|eine verlängerung)"
    rf"(?: (?:für|bei|mit|zum|zur){_WORDS})?(?: (?:haben|bekommen))?|"
    rf"(?:kann|könnte|darf) ich{_WORDS} später (?:abgeben|einreichen)|"
    rf"(?:(?:eu )?(?:preciso(?: de)?|gostaria de|queria)|posso ter|pode me dar|necesito|quisiera|puedo tener|"
    rf"me puede dar|puedes darme|me falta|j'ai besoin(?: de| d')?|il me faut|je voudrais(?: avoir)?|"
    rf"puis-je avoir|(?:est-ce que )?je peux avoir) {_LONGER}{_WORDS}|"
    rf"posso entregar{_WORDS} (?:mais tarde|depois)|puedo entregar{_WORDS} (?:m[aá]s tarde|despu[eé]s)|"
    rf"(?:puis-je|je peux) rendre{_WORDS} plus tard)"
)


def content(text: str) -> tuple[str, str] | None:
    """(link, text) of the work in a message that hands it in; ("", "") if it is only announced, None without such a
    wish. A web address by itself is handed in by it."""
    link = next((part.url for part in spans(text) if isinstance(part, Link)), "")
    said = list(clauses(text))
    if link:
        if "?" not in text.replace(link, "") and (said == [ADDRESS] or any(HANDS_IN.fullmatch(c) for c in said)):
            beside = text.strip().removesuffix(link).strip().rstrip(":").rstrip()
            return link, beside
        return (link, text.strip()) if any(WANTS_IN.fullmatch(c) for c in said) else None
    if BEGINS.match(text):
        return "", text.strip()
    announced = (WANTS_IN, HERE_IT_IS, LATE)
    return ("", "") if any(p.fullmatch(c) for c in said for p in announced) else None


# Handing in


@feature.meanings("work")
def may_hand_in(turn: Milestones, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if Role.LEARNER not in turn.roles or len(said.text) > views.LONGEST:
        return ()
    found = content(said.text)
    if found is None:
        return ()
    return [
        Meaning(
            cohort.id,
            _("Hand it in"),
            phrase("as “{title}”; your instructors see it", title=shorten(milestone.title, 80))
            if any(found)
            else views.opens(milestone, window, turn.now),
            "team" if any(found) else "author",
            "wish",
            milestone.id,
            shorten(milestone.title, 60),
            group=milestone.id,
        )
        for milestone, window in handing.waiting(turn, cohort, said.person)
    ]


@feature.takes("work", after_end=True)
def take_work(turn: Milestones, said: Said | None, subject: str) -> Receipt:
    if said is None or Role.LEARNER not in turn.roles:
        raise Refused
    milestone, _window = handing.mine(turn, subject)
    link, text = content(said.text) or ("", said.text)
    if not link and not text:
        return Receipt(views.to_hand_in(turn.here.id, milestone))
    if turn.store.submission(turn.here.id, milestone.id, turn.me.id) is not None:
        raise Refused(_("You have handed in “{title}” already. Its card has 'Edit'.", title=milestone.title))
    handing.take(turn, milestone.id, link, text)
    return Receipt(views.handed_in(milestone))


# More time


@feature.meanings("time")
def may_need_time(turn: Milestones, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if not _needs_time(turn, said) or not handing.movable(turn, cohort, said.person):
        return ()
    text = (_("you choose a date of yours and a day; nobody reads your words"),)
    return [Meaning(cohort.id, _("Ask for more time"), text, "author", "wish")]


@feature.meanings("private")
def may_ask_for_time(turn: Milestones, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """Where no date is the learner's to move, the course team is asked."""
    if cohort.ended_at or not _needs_time(turn, said) or handing.movable(turn, cohort, said.person):
        return ()
    text = (_("your instructors move these dates, and answer you privately; instructors and managers alone read it"),)
    return [Meaning(cohort.id, _("A private question to the course team"), text, "team", "wish")]


def _needs_time(turn: Milestones, said: Said) -> bool:
    return Role.LEARNER in turn.roles and wishes(said.text, MORE_TIME)


@feature.takes("time")
def take_time(turn: Milestones, said: Said | None, subject: str) -> Receipt:
    if Role.LEARNER not in turn.roles:
        raise Refused
    found = handing.movable(turn, turn.here, turn.me.id)
    if not found:
        raise Refused(_("None of your dates can be moved just now."))
    left = said is not None and says_more(said.text, MORE_TIME)
    return Receipt(views.which_to_move(turn.here.id, [(m, w) for m, w, _days in found]), words_left=left)
