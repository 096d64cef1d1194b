"""What learners write in private about reviews: those of their work, and the piece that they have under way."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.core.errors import Refused, Spent
from bot.core.message import Text, shorten
from bot.core.people import Cohort, Role
from bot.core.private import Meaning, Receipt, Said
from bot.core.small_words import whose, words_of
from bot.core.translation import N_, _, phrase
from bot.core.wishes import LONGEST, Act, says_more, wishes
from bot.course.loader import course_of
from bot.features.reviews import author_views, contributing, finding, taking
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Assignment, feature

_IT = r"(?:(?:it|this|that|one|them|(?:peer )?review|piece|work|draft|text|paper|assignment) )"
GIVE_BACK = Act(
    re.compile(
        rf"\b(?:(?:give|giving|hand|handing|send|put|pass) (?:(?:the|this|that|my|a) )?{_IT}?back(?! to me)|"
        r"return (?=it|this|that|the (?:review|piece|work|draft|text|paper))|"
        r"(?:take|have) (?:(?:the|this|that) )?(?:it|review|piece|work) back|"
        rf"not (?:be able to )?(?:do|write|finish|complete|review|take) (?:(?:the|this|that|my) )?{_IT}?"
        r"(?:review|piece)\b(?! (?:in|on) time| (?:by|before|until))|"
        r"not review (?:it|this|that)(?! (?:in|on) time| (?:by|before|until))|"
        r"(?:somebody|someone|anybody|anyone) else (?:\w+ ){0,2}(?:review|take|do) (?:it|this|that|the)|"
        r"(?:(?:es|das|die|den) )?(?:\w+ ){0,2}(?:zuruckgeben|gebe (?:\w+ ){1,3}zuruck)|"
        r"devolver(?:lo|la)?|devolvo|devuelvo|(?:le |la |l )?rendre (?=la relecture|le texte)|"
        r"rends (?=la relecture|le texte)|"
        r"not (?:be able to |want to )?(?:do|write|finish|complete|review|take) (?:(?:this|that|the) one|"
        r"(?:this|that|the|my) "
        r"(?:\w+ )?(?:review|piece|draft|text|work)|it|this)\b(?! (?:(?:in|on) time|(?:by|before|until|today|"
        r"tonight)\b))|"
        r"(?:not have|have no|no|not enough) (?:the |any |enough )?time (?:for|to (?:do|write|review|"
        r"finish)) (?:this|that|"
        r"the|my)(?: peer)? (?:review|piece|draft|text|one)|"
        r"not (?:be able to |want to )?(?:do|review) (?:\w+ ){1,3}is (?:review|piece|draft|text|work)|"
        r"know (?:who (?:wrote|made|did)|whose|the author)|"
        r"wei(?:ss)? wer|^wer (?:es|das|de[nr] \w+|die \w+) (?:geschrieben|gemacht) hat|"
        r"sei quem (?:escreveu|fez)|se quien (?:lo )?(?:escribio|hizo)|sais qui (?:l )?a (?:ecrit|fait)|"
        r"schaffe (?:\w+ ){0,3}(?:review|begutachtung|stuck|text) nicht(?! (?:bis|rechtzeitig|mehr bis))|"
        r"(?:kann|mochte|will|darf) (?:\w+ ){0,4}nicht (?:begutachten|reviewen|beurteilen)|"
        r"nao (?:posso|consigo|quero) (?:fazer|escrever|revisar) (?:\w+ ){0,2}(?:revisao|texto|trabalho)|"
        r"no (?:puedo|quiero) (?:hacer|escribir|revisar) (?:\w+ ){0,2}(?:revision|resena|texto|trabajo)|"
        r"ne (?:peux|veux|pourrai) pas (?:faire|ecrire|relire) (?:\w+ ){0,2}(?:relecture|texte|travail))\b"
    ),
    words_of(
        "who whose wrote author made did this one it wer hat geschrieben gemacht wei weiss diese diesen dieses arbeit "
        "entwurf esta sei quem escreveu fez se quien escribio hizo sais qui ecrit fait "
        "review reviews reviewing peer piece work draft text paper assignment back give return stuck somebody someone "
        "anybody anyone else revisao revision texto trabalho trabajo relecture begutachtung"
    ),
    alone=True,
)

_NONE = r"(?:another|different|other|new)"
ANOTHER = Act(
    re.compile(
        rf"\b(?:(?:get|have|give me|take|want|like|need|for|review|do|be) (?:a |an |the )?{_NONE} (?:one|piece|"
        rf"review|draft|"
        r"text|work)|(?:swap|exchange|switch|change|trade) (?:it|this|the|my|that)\b|"
        r"(?:swap|exchange|trade|tauschen|trocar|cambiar|echanger)(?: pieces| drafts| texts)?$|"
        r"ander(?:e|en|es) (?:arbeit|text|stuck|entwurf|review)|(?:arbeit|text|stuck|entwurf|review) tauschen|"
        r"outr[oa] (?:texto|trabalho|peca)|otr[oa] (?:texto|trabajo|pieza)|un(?:e)? autre (?:texte|travail|copie))\b"
    ),
    words_of(
        "can could may we i please kann konnen wir posso podemos puedo peux pouvons on "
        "review piece work draft text one another different other new for swap instead put in eine einen haben "
        "dar dame "
        "revisar outro outra otro otra autre"
    ),
)
"""'Can I swap this for another piece?', of whoever has one."""

FINISHED = Act(
    re.compile(
        r"\b(?:finished|done|completed|wrote|written|fertig)\b(?=.{0,30}\breview)|"
        r"\breview\b(?=.{0,20}\b(?:fertig|done))|"
        r"^(?:(?:i|am|have|ich|bin|estou|estoy|ja|j ai) ){0,3}(?:done|finished|fertig|terminei|acabei|termine|fini)$"
    ),
    words_of("review reviews with finished done completed wrote written fertig reviewing peer"),
    alone=True,
)
"""'I finished my review', 'I am done', of whoever has a piece and has sent nothing."""

_REVIEW = (
    r"(?:peer )?(?:reviews?|feedback|ruckmeldung(?:en)?|begutachtung(?:en)?|revisao|revisoes|revision|revisiones|"
    r"resenas?|relectures?)"
)
_FEW = r"(?: \w{1,15}){0,6}"
MY_REVIEWS = Act(
    re.compile(
        r"\b(?:who (?:has |have )?(?:reviewed|read|wrote)|reviewed me|when|where|how many|see|show|find|read|get|who|"
        r"wer hat|wann|wo|wie viele|quem|quando|onde|quantas|quien|cuando|donde|cuantas|qui|quand|ou|combien)"
        rf"(?={_FEW} {_REVIEW}$|{_FEW} {_REVIEW} )|"
        r"\b(?:nobody|no one|noone|niemand|ninguem|nadie|personne) (?:\w+ ){0,4}"
        r"(?:reviewed|begutachtet|revisou|reviso|relu)\b|"
        r"\bnothing (?:came )?back\b|"
        r"\b(?:what|which|can|do|did|have|already|still|was|welche|kann|muss|habe)(?: \w{1,15}){0,4} "
        r"(?:review|reviewed|begutachten|begutachtet)$|"
        r"\bwho (?:has |have )?(?:reviewed (?:me|my|us|our|it|this)|wrote (?:this|that|it|my review))|"
        r"\bwer hat (?:mich|meine?n?|das|dies)(?= .{0,30}(?:begutachtet|reviewt|geschrieben))|"
        r"\bquem (?:me )?(?:revisou|escreveu)|\bquien (?:me )?(?:reviso|escribio)|\bqui (?:m )?a (?:relu|ecrit)|"
        rf"^(?:my|meine|minhas|mis|mes) {_REVIEW}$"
    ),
    words_of(
        "review reviews reviewed feedback ruckmeldung got get nothing nobody back what which already still now "
        "next have niemand ninguem nadie personne begutachten was welche muss habe kann schon wrote who "
        "when where how many see show find read draft work text piece did do "
        "other others "
        "peer bekomme does come comes came begutachtung begutachtungen begutachtet reviewt geschrieben wer wann viele "
        "revisao revisoes minhas revisou quem quando quantas revision revisiones resena resenas quien cuando cuantas "
        "relecture relectures relu ecrit texte qui quand combien mis mes ca trabalho trabajo texto arbeit entwurf"
    ),
    alone=True,
)
"""'Who reviewed me?', 'How many reviews do I have to do?'"""

HURT = re.compile(
    r"\b(?:hurt|hurtful|rude|mean|unfair|harsh|offensive|insult\w{0,5}|complain|useless|nasty|verletz\w{0,6}|"
    r"gemein|unfair|"
    r"beleidig\w{0,6}|magoou|ofend\w{0,6}|injust[oa]|hiri[oó]|ofensiv[oa]|bless\w{0,5}|m[eé]chante?)\b",
    re.I,
)
THANKS = re.compile(
    r"\b(?:thanks?|thank you|thx|helpful|useful|danken?|bedanken|agradec\w{1,5}|remercier|"
    r"hilfreich|obrigad[oa]|[uú]til|gracias|merci|utile)\b",
    re.I,
)
HOW_TO_THANK = re.compile(
    r"\b(?:thank|bedanken|danken|agradecer|(?:dar|doy) (?:las )?gracias|remercier|"
    r"(?:dire|dizer) (?:merci|obrigad[oa]))\b",
    re.I,
)
OF_MINE = re.compile(
    r"\b(?:reviews?|reviewers?|reviewed|revisou|revis[oó]|relu|begutachtung|revis[aã]o|revisi[oó]n|rese[nñ]a|"
    r"relecture)(?: (?P<number>\d{1,2}))?\b",
    re.I,
)


def _held(turn: Reviews, cohort: Cohort, person: int) -> list[Assignment]:
    """What somebody has under way, as the card of its piece has 'Give it back'."""
    here = replace(turn, cohort=cohort)
    mine = turn.store.by(cohort.id, {person}) if Role.LEARNER in turn.roles else ()
    return [a for a in mine if a.is_under_way(turn.now) and finding.work(here, cohort, a) is not None]


def _own(cohort: Cohort, one: Assignment, label: str, text: Text) -> Meaning:
    title = shorten(one.title, 60)
    return Meaning(cohort.id, label, text, "author", "wish", str(one.id), title, group=str(one.id))


@feature.meanings("another")
def may_want_another(turn: Reviews, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    held = _held(turn, cohort, said.person) if wishes(said.text, ANOTHER) else ()
    text = _("the piece that you have goes back, and you can take the next one; nobody reads your words")
    return [_own(cohort, one, _("Another piece"), (text,)) for one in held]


@feature.meanings("giveback")
def may_give_back(turn: Reviews, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """Each piece is offered by itself; nobody who has none is."""
    named = GIVE_BACK.about(whose(person.name for person in turn.people.members(cohort.id)))
    held = _held(turn, cohort, said.person) if wishes(said.text, named) else ()
    text = N_("the piece that you have for “{title}”; somebody else can review it then, and nobody reads your words")
    return [_own(cohort, one, _("Give it back"), phrase(text, title=shorten(one.title, 60))) for one in held]


@feature.takes("giveback", after_end=True)
@feature.takes("another", after_end=True)
def take_back(turn: Reviews, said: Said | None, subject: str) -> Receipt:
    if Role.LEARNER not in turn.roles:
        raise Refused
    taken = finding.own(turn, subject)
    if not taken.is_under_way(turn.now):
        raise Spent(_("You have this piece no more. `/cohort` shows your reviews."))
    left = said is not None and says_more(said.text, GIVE_BACK, ANOTHER)
    return Receipt(taking.given_back(turn, taken), words_left=left)


# Those of one's work, and those that one gave


@feature.meanings("reviews")
def may_see_theirs(turn: Reviews, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if Role.LEARNER not in turn.roles or not course_of(cohort.course_text).reviews:
        return ()
    sees = wishes(said.text, MY_REVIEWS) and not may_say_how_useful(turn, said, cohort)
    if not sees and not (wishes(said.text, FINISHED) and _held(turn, cohort, said.person)):
        return ()
    text = _("those of your work, those that you gave, and what is asked of you; nobody reads your words")
    return [Meaning(cohort.id, _("My reviews"), (text,), "author", "wish")]


@feature.takes("reviews")
def take_theirs(turn: Reviews, said: Said | None, subject: str) -> Receipt:
    lines = contributing.upcoming(turn, turn.me, turn.here)
    unread = {line.button for line in lines}
    read = [one for one in contributing.received_by(turn, turn.here, turn.me) if one.button not in unread]
    return Receipt(author_views.how_reviews_stand([*read, *lines]))


@feature.meanings("useful")
def may_say_how_useful(turn: Reviews, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """For whoever thanks for a review, or was hurt by one."""
    about, hurt = OF_MINE.search(said.text), HURT.search(said.text)
    if Role.LEARNER not in turn.roles or about is None or len(said.text) > LONGEST:
        return ()
    thanks = (HOW_TO_THANK if "?" in said.text else THANKS).search(said.text)
    if not thanks and not (hurt and "?" not in said.text):
        return ()
    found = finding.told_of(turn, cohort, said.person)
    found = [one for one in found if about["number"] == str(one[0])] or found
    if not found:
        return ()
    (number, one), *others = found
    label = _("Was a review useful?") if others else _("Was review {number} useful?", number=number)
    text = _("you say it by a form, as useful or hurtful as it was, and may answer once; it opens by a button")
    return [Meaning(cohort.id, label, (text,), "author", "wish", "" if others else str(one.id))]


@feature.takes("useful")
def take_useful(turn: Reviews, said: Said | None, subject: str) -> Receipt:
    found = [one for one in finding.told_of(turn, turn.here, turn.me.id) if subject in ("", str(one[1].id))]
    if not found:
        raise Spent(_("This review was taken back. `/cohort` shows the others."))
    return Receipt(author_views.to_say_how_useful(found), words_left=True)
