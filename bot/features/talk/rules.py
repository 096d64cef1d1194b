"""Pure decisions about private messages."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Literal

from bot.core.private import Meaning
from bot.core.small_words import SMALL, is_day, words_of

FRESH = timedelta(minutes=30)
"""How long after a question the next message is taken as its answer."""

LATE = timedelta(days=1)
"""How long after a question 'skip' and 'stop' are still about it."""

AFTER_END = timedelta(days=56)
"""How long after the end of a cohort messages can still reach its course team."""

KEPT_FOR = timedelta(days=30)
"""How long an undecided message is kept."""

Reading = Literal["nothing", "help", "stop", "skip", "command", "greeting", "thanks", "question", "words"]

_HELP = {"help", "?", "??", "help me", "menu", "start", "get started", "begin", "commands", "hilfe", "ayuda", "ajuda"}
_STOP = {
    "stop",
    "cancel",
    "quit",
    "exit",
    "abort",
    "enough",
    "never mind",
    "nevermind",
    "abbrechen",
    "cancelar",
    "parar",
}
_SKIP = {"skip", "pass", "skip it", "skip this", "überspringen", "pular", "saltar"}
_GREETING = re.compile(
    r"(hi|hello|hey|good (morning|afternoon|evening|night)|bye|see you( (soon|then|later|tomorrow))?|"
    r"hallo|moin|servus|guten (morgen|tag|abend)|gute nacht|tschüss|bis (bald|dann|morgen|später)|"
    r"olá|oi|bom dia|boa (tarde|noite)|tchau|até (logo|amanhã|breve|mais)|"
    r"hola|buenos días|buenas (tardes|noches)|adiós|hasta (luego|mañana|pronto))"
    r"( (pacekeeper|bot|there|all|again|zusammen|todos))?"
)
_THANKS = re.compile(
    r"((many|ok(ay)?|great|perfect) )?(thanks?( you)?( (so|very) much)?|thx|ty|cheers|merci)"
    r"( (pacekeeper|bot|a lot|again))?|ok(ay)?|great|perfect|cool|got it|will do|fine|sure|"
    r"(vielen |besten |ok )?(danke|dank)( (schön|sehr|dir|euch|vielmals))?|dankeschön|alles klar|"
    r"(muito |ok )?obrigad[oa]|valeu|(muchas |ok )?gracias"
)
_PLEASED = frozenset("👍👌🙏🙌👏🎉💯✅✔❤💜💙💚🧡💛🙂😊😀😃😄😁😉🥳😎⭐👋")
_OPENERS = re.compile(
    r"(who|what|why|where|when|which|how|can|could|may|is|are|does|do|did|should|would|will|anyone|anybody)\b.*\s", re.I
)
_PRIVATE = re.compile(
    r"\b(tell (nobody|no ?one)|(don.?t|do not|never|not) (tell|share|post|pass|show|repeat)|nobody|no ?one|"
    r"private(ly)?|confidential(ly)?|secret(ly)?|between (us|you and me|ourselves)|to yourself|"
    r"ill|illness|sick|hospital|surgery|cancer|died|dying|death|funeral|divorce\w*|pregnan\w*|depress\w*|anxi\w*|"
    r"panic\w*|burn(ed|t|ing)?[ -]?out|therap\w*|ashamed|embarrass\w*|crying|cried|struggl\w*|"
    r"quit(ting)?|drop(ping)? out|giv(e|ing) up|(have|want|going) to (stop|leave)|leav(e|ing) the (course|cohort)|"
    r"(my|his|her) (boss|manager|wife|husband|partner)|fired|laid off|lost my job|money|afford|"
    r"harass\w*|bull(y|ied|ying)|rude|uncomfortable|complain\w*|unfair|copy(ing)?|copied|cheat\w*|plagiar\w*|"
    r"passwords?|passcode|tokens?|api key|stop (messaging|writing|texting|sending|contacting)|"
    r"delete (my|all my|me)|doctor|can.?t (do (this|it)|take|cope|go on|keep up|any ?more)|overwhelm\w*|exhaust\w*|"
    r"too much|alone|lonely|"
    r"krank\w*|vertraulich|privat|niemand\w*|überfordert|erschöpft|gestorben|schwanger|aufgeben|aufhören|"
    r"enferm\w*|confidencial|nadie|murió|embarazada|secreto|"
    r"doente\w*|particular|ninguém|segredo|morreu|faleceu|grávida|desistir|não (aguento|consigo)|"
    r"fever|sad|grie(f|ving)|miscarriage|hopeless|(feel|feeling|am|i'm)( \w{1,12}){0,2} lost|remove me|take me off|"
    r"(a|take) break|paus(e|ing|ieren)|fieber|traurig|schäm\w*|verstorben|weinen?|aussteigen|"
    r"steige aus|einsam|trennung|(ha|han) (muerto|fallecido)|falleci\w*|triste\w*|vergüenza|perdid[oa]s?|vergonha|"
    r"fiebre|febre|(estoy|siento|tan) sol[ao]|sozinh[oa]|"
    r"llor\w*|chor(o|ei|ando)|pausa|malade\w*|honte|perdue?|morte?|décédée?|enceinte|hôpital|épuisée?|seule?|pleur\w*|"
    r"fièvre|quitt\w*|une pause|abandonn\w*|débordée?|deuil|"
    # health
    r"deaf\w*|hard of hearing|blind|dyslex\w*|dyscalcul\w*|adhd|adhs|tdah|autis\w*|disab\w*|disorder|diagnos\w*|"
    r"medicat\w*|migraine\w*|injur\w*|wheelchair|asthma\w*|chronic\w*|epilep\w*|diabet\w*|health|screen ?reader|"
    r"(my|bad) (eyes|eyesight|hearing|back|memory)|taub|gehörlos|schwerhörig|legasthen\w*|behinder\w*|gesundheit\w*|"
    r"surd[oa]s?|dislex\w*|deficiên\w*|saúde|sord[oa]s?|discapaci\w*|salud|sourde?|handicap\w*|santé|"
    # shame
    r"(feel|feeling|am|i'm|look|sound|seem)( \w{1,12}){0,2} (stupid|dumb|silly|foolish|slow|useless|bad|ashamed|"
    r"behind|an? "
    r"(idiot|impostor|imposter|fraud|failure))|(stupid|dumb|idiot|impostor|imposter|fool)|"
    r"(silly|basic|obvious) (question|mistake)|"
    r"(don.?t|do not|didn.?t|not) dare\w*|(afraid|scared|shy|nervous) (to|of)|too shy|mocked?|laugh(ed|ing)? at|"
    r"everyone else|everybody else|(the )?only one who|blöd|dumm|peinlich|trau\w* mich|burr[oa]|tont[oa]|bête|"
    # names and mistakes
    r"anonym\w*|anon|nameless|(my|without( a| any)?) names?|(meinen?|ohne) namen|(meu|mi|mon|sem|sin|sans) (nome|"
    r"nombre|nom)|"
    r"wrong (file|link|version|document|draft|attachment|one)|falsche \w+ (abgegeben|hochgeladen)|by (mistake|"
    r"accident)|"
    # reviews
    r"(who|whoever) (wrote|reviewed|read|marked|has (written|reviewed))|(whose|which) (work|draft|text|piece) (is|was) "
    r"(this|it|that)|(know|knew|guess|recogni[sz]e\w*) (who|whose|the (author|writer|reviewer))|"
    r"my (reviewers?|author)|hurt(s|ful|ing)?|offended|offensive|insult\w*|"
    r"wer (hat )?(das|dies\w*|mich|mein\w*|es) \w*|verletz\w*|beleidig\w*|quem (escreveu|revisou|me revisou)|"
    r"magoad?\w*|ofend\w*|qui[eé]n (escribi[oó]|revis[oó]|me revis[oó])|qui a (écrit|relu)|bless\w*|"
    # absence
    r"(i'?m|i am|i'?ll|i will|will|we'?re|we'?ll|going to|gonna)( be)?( \w{1,12})? (away|off|gone|out|absent|abroad|"
    r"unavailable|offline|travell?ing)|(i|we) (won.?t|will not|can.?t|cannot) (be|come|join|make|attend))\b",
    re.I,
)
_OF_FEW = re.compile(
    r"\b((peer[- ])?review(s|ed|er|ers|ing)?|pods?|podmates?|quiet rooms?|(in|leave) (the|this) room|"
    r"(my|our) (pair|partner|group|team|mates?)|(stille|ruhige)\w* raum|(sala|salle) (silencios|tranquil|calme)\w*|"
    r"begutacht\w*|rezension\w*|(mein|unser)\w* (gruppe|partner\w*|team)|"
    r"revis(ão|ões|or|ora|ores)|(meu|minha|nosso|nossa) (grupo|dupla|parceir[oa])|"
    r"revisi(ón|ones)|reseñas?|(mi|nuestro) (grupo|pareja|equipo)|"
    r"relectures?|relect(eur|rice)s?|(mon|notre) (groupe|binôme|équipe))\b",
    re.I,
)
"""Words of what happens among few: reviews, pods, pairs, quiet rooms."""
_OF_WORK = re.compile(
    r"\b(finish\w*|complet(ed|ing)|done|wrote|written|rewrote|read|tried|learn(ed|t|ing)|"
    r"practi[sc](ed|ing)|built|made|drew|coded|(writing|reading|making|building) (on|a|an|the|my)|"
    r"tested|testing|prepared|published|uploaded|submitted|handed in|watched|solved|understood|fixed|"
    r"worked (on|out|through)|working on|started|"
    r"managed to|got through|went through|drafts?|drafted|chapters?|exercises?|next week i|my next|"
    r"geschafft|fertig|geschrieben|gelesen|gelernt|gemacht|gebaut|geübt|ausprobiert|abgegeben|angefangen|entwurf|"
    r"kapitel|aufgaben?|terminei|acabei|escrevi|li|aprendi|fiz|tentei|comecei|consegui|rascunho|capítulos?|"
    r"terminé|acabé|escribí|leí|aprendí|hice|intenté|empecé|logré|borrador|"
    r"j'ai (fini|terminé|écrit|lu|appris|fait|essayé|commencé|réussi)|brouillon|chapitres?)\b",
    re.I,
)
_STUCK = re.compile(
    r"\b(stuck|blocked|no (?:idea|clue) (?:how|what|where|why)|(?:can.?t|cannot|can not|couldn.?t|could not) "
    r"(?:figure|understand|get (?:it|this|that|the \w+|past|through|any further))|(?:don.?t|do not|didn.?t|did not) "
    r"(?:get it|understand)|keeps? (?:breaking|failing|crashing)|breaks? (?:all|every|each)|"
    r"(?:do|does|did|is|are|will)(?:n.?t| not) (?:work|working|load|open|run|start)|"
    r"stecke? (?:\w+ ){0,3}fest|hänge (?:\w+ ){0,3}(?:fest|bei|an)|komme? (?:\w+ ){0,4}nicht (?:weiter|voran|klar)|"
    r"verstehe (?:\w+ ){0,3}nicht|travad[oa]|empacad[oa]|não entendo|atascad[oa]|no entiendo|coincée?|bloquée?|"
    r"bloquead[oa]|ne comprends (?:pas|rien)|n'y arrive pas)\b",
    re.I,
)
"""Words of somebody who cannot go on."""
_ASKS_STUCK = re.compile(
    r"\b(stuck|block\w*|struggl\w*|difficult\w*|hard\w*|troubl\w*|help|unclear|confus\w*|in (?:your|the) way|problems?|"
    r"fest|häng\w*|schwierig\w*|hilfe|travad\w*|dificuldade\w*|ajuda|dificultad\w*|ayuda|atascad\w*|bloqu\w*|coincée?|"
    r"aide)\b",
    re.I,
)
"""Words of a question that asks where somebody cannot go on."""
_ALSO_WORDS = words_of(
    "mark rose grace art bill max pat jack joy hope faith frank dean ray sky page drew rob sue chase dawn ivy iris "
    "lane "
    "dot king star sunny summer autumn christian german paris victor hunter mason carter taylor cook baker smith"
)
"""Names that are words, too: as a name they are written with a capital inside a sentence."""

_SAD = frozenset("😢😭😞😔😟😩😫😣😖😥😰😨😱🥺☹🙁😿💔🤒🤕🤢🤮😷🤧😪😓")
_LABEL = re.compile(r"[\W_]{0,4}(\w{1,40})\s?:")
_INLINE_LABEL = re.compile(r"[.;,!?]\s+(\w{1,40})\s?:")
_THANKS_TO = re.compile(
    r"\b((thanks|thank you|kudos|shout-?outs?|props)\b.{0,20}\bto|(want|would like|i'd like|like) to thank|danke an|"
    r"gracias a|obrigad[oa] (ao?|à)|merci à)\b",
    re.I,
)
_TOLD = r"(?:messages?|notifications?|reminders?|cards?|e-?mails?|pings?)"
_HELPS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("page", re.compile(r"\b(deadlines?|due|wrap-?ups?|what is next|what's next|my (progress|page|dates))\b", re.I)),
    (
        "progress",
        re.compile(
            r"\b(my progress|how far (am|have) i|how (am i|i am|i'm) doing|what (have i|did i) (done|finish\w*|"
            r"complet\w*)|"
            r"what('s| is) (still )?(open|missing) for me|am i on track|wie weit bin ich)\b",
            re.I,
        ),
    ),
    (
        "work",
        re.compile(
            r"\b(wrong (file|link|version|document|draft|attachment)|my (submission|hand-?ins?|uploaded? \w+)|"
            r"(remove|delete|undo|withdraw|replace|change|edit|take back) (my|the) (\w+ )?(submission|work|draft|"
            r"homework|"
            r"assignment|upload|hand-?in)|what (have i|did i) (hand\w* in|submit\w*))\b",
            re.I,
        ),
    ),
    (
        "week",
        re.compile(
            r"\b(materials?|the readings?|this week'?s \w+|week'?s (links?|tasks?|videos?|page)|"
            r"where (is|are|do i find|can i find) (the |this |all )?(videos?|texts?|slides|links?|chapters?|tasks?))\b",
            re.I,
        ),
    ),
    ("certificate", re.compile(r"\bcertificates?\b", re.I)),
    (
        "settings",
        re.compile(
            rf"\b(delete (my|all my|me)|my data|my settings|remind\w*|time ?zone|notifications?|mute|"
            rf"(turn|switch) (\w+ ){{0,3}}off|(too many|fewer|less|stop (the|these|those|all)|so many) (\w+ )?{_TOLD}|"
            rf"{_TOLD} off|(write|message|remind|ping|contact|send)( \w+){{0,3}} (in the (morning|afternoon|evening)|"
            r"later|earlier|at night|at \d|after \d|before \d|not (at|before|after)))",
            re.I,
        ),
    ),
    (
        "help",
        re.compile(r"\b(what can you|what do you do|how does this work|who are you|how do i (use|start))\b", re.I),
    ),
)
"""Words that suggest a command, which is offered below the choices."""


def read(text: str, commands: Collection[str]) -> Reading:
    """What a message is, judged by its words only. `commands`: the names of the bot's commands."""
    said = " ".join(text.lower().split())
    bare = said.rstrip(".!")
    if not said:
        return "nothing"
    if bare in _HELP or bare.lstrip("!/") in _HELP:
        return "help"
    if bare in _STOP:
        return "stop"
    if bare in _SKIP:
        return "skip"
    if command_in(text, commands) is not None:
        return "command"
    parts = [" ".join(re.sub(r"[^\w\s]", "", part).split()) for part in re.split(r"[.,;!\n]", text.lower())]
    parts = [part for part in parts if part]
    thanked = [part for part in parts if _THANKS.fullmatch(part)]
    if parts and all(part in thanked or _GREETING.fullmatch(part) for part in parts):
        return "thanks" if thanked else "greeting"
    if is_pleased(said):
        return "thanks"
    if re.search("[?？¿]", said) or _OPENERS.match(said):
        return "question"
    return "words"


def command_in(text: str, commands: Collection[str]) -> str | None:
    """The command that somebody typed as a message, such as 'away' or '/cohort away'; None for anything else."""
    said = text.lower().split()
    if not said:
        return None
    typed = said[0] in ("/cohort", "cohort")
    name = (said[1] if len(said) > 1 else "") if typed else said[0].lstrip("/")
    alone = len(said) == 1 and name != ""
    return name if name in commands and (typed or alone or said[0].startswith("/")) else None


def is_pleased(text: str) -> bool:
    """Whether only friendly emoji were sent."""
    signs = [c for c in text if not c.isspace() and unicodedata.category(c) not in ("Mn", "Cf", "Sk")]
    return bool(signs) and all(c in _PLEASED for c in signs)


def sounds_private(text: str) -> bool:
    """Whether a message contains something that its author may not want others to read. A wrong guess costs one more
    press."""
    return _PRIVATE.search(text) is not None or not _SAD.isdisjoint(text)


def names_somebody(text: str, names: Collection[str]) -> bool:
    """Whether a message names one of these people, by their whole name or a part of it. A wrong guess costs one more
    press."""
    parts = {part for name in names for part in re.findall(r"[^\W\d_]{3,}", name)}
    return any(_is_named(text, part) for part in parts)


def speaks_of_few(text: str) -> bool:
    """Whether a message may be about what happens among few people of the cohort, such as a review or a pod. A wrong
    guess costs one more press."""
    return _OF_FEW.search(text) is not None


def _is_named(text: str, part: str) -> bool:
    word = part.casefold()
    if word in SMALL or word in _ALSO_WORDS or is_day(word):
        return re.search(rf"(?<=[\w,;] ){re.escape(part)}(?:'s)?\b", text) is not None
    return re.search(rf"\b{re.escape(part)}(?:'?s)?\b", text, re.I) is not None


def tells_of_work(text: str) -> bool:
    """Whether a message says what somebody has done in the course, as an answer to a wrap-up does. Other messages may
    be about anything."""
    return _OF_WORK.search(text) is not None and not sounds_private(text)


def says_stuck(text: str) -> bool:
    """Whether its author cannot go on: the course team is who can help."""
    return _STUCK.search(text) is not None


def _asks_stuck(m: Meaning) -> bool:
    """Whether it is the question of an open form where somebody is stuck, which only the course team reads."""
    return m.audience == "team" and m.fits == "statement" and _ASKS_STUCK.search(m.field) is not None


def helps(text: str) -> list[str]:
    """What may help the author of a message, by the names in `views.HELPS`."""
    return [name for name, words in _HELPS if words.search(text)]


def thanks_somebody(text: str) -> bool:
    return _THANKS_TO.search(text) is not None


def labelled(text: str, fields: Sequence[Meaning]) -> list[Meaning]:
    """The questions that lines of a message begin with, such as 'Next: interviews' for 'What is next?'."""
    labels = [m[1].casefold() for line in text.splitlines() if (m := _LABEL.match(line))]
    labels += [m.casefold() for m in _INLINE_LABEL.findall(text)]
    return [f for f in fields if any(_names(label, f.field) for label in labels)]


def _names(label: str, question: str) -> bool:
    words = [w for w in re.findall(r"\w+", question.casefold()) if len(w) > 3]
    return len(label) > 3 and any(label.startswith(w) or w.startswith(label) for w in words)


def answers_several(text: str, meanings: Sequence[Meaning]) -> bool:
    """Whether a message answers several questions, some of which only the course team reads."""
    found = labelled(text, [m for m in meanings if m.field])
    return any(m.audience == "team" for m in found) and any(_wide(m) for m in found)


def in_order(
    meanings: Sequence[Meaning], text: str, reading: Reading, asked: Meaning | None = None, careful: bool = False
) -> list[Meaning]:
    """The meanings, most likely first. When in doubt the smaller audience is first: the cohort is only for a question
    about the course's matter, and for what tells of work in it. `careful`: it names somebody, is about few people, or
    comes after the end; then, as with what sounds private or like a wish, all with fewer readers come before. `asked`
    answers what its author was asked last: it comes first, unless it may be for somebody else. What is asked for in so
    many words comes before what may help in a hard time. Whoever is stuck is offered the question of the course team
    about that first, or a note."""
    stuck = reading != "question" and says_stuck(text)
    private = careful or stuck or sounds_private(text) or has_wish(meanings)
    asks, tells = not private and reading == "question", not private and reading != "question" and tells_of_work(text)
    first = asked if asked is not None and (asked.audience == "team" or tells) else None
    order: Sequence[str] = ("wish", "", "question", "statement")
    if asks:
        order = ("question", "", "statement")
    elif tells:
        order = ("statement", "", "question")
    elif not private:
        order = ("", "statement", "question")

    def place(m: Meaning) -> tuple[bool, bool, bool, bool, bool, int, bool, bool]:
        return (
            m.fits != "wish",
            m.opening != "",
            m != first,
            not (stuck and _asks_stuck(m)),
            private and _wide(m),
            order.index(m.fits),
            not (asks or tells) and _wide(m),
            m.fits != "wish" and m.group != "",
        )

    return sorted(meanings, key=place)


def one_of_each(meanings: Sequence[Meaning], text: str, asked: Meaning | None) -> list[Meaning]:
    """One meaning of each group: the one that was asked for, otherwise the most likely. If only the course team was to
    read the answer, none of its kind with more readers."""
    narrow, stuck = sounds_private(text) or answers_several(text, meanings), says_stuck(text)
    found: dict[tuple[str, int, str], list[Meaning]] = {}
    for m in meanings:
        found.setdefault((m.kind, m.cohort, m.group), []).append(m)
    chosen = []
    for same in found.values():
        if asked in same:
            chosen.append(asked)
            continue
        possible = [m for m in same if not m.asked_only]
        if asked is not None and asked.audience == "team":
            possible = [m for m in possible if m.kind != asked.kind or not _wide(m)]
        if possible:
            chosen.append(min(possible, key=lambda m: _rank(m, narrow, stuck)))
    return chosen


def _rank(m: Meaning, narrow: bool, stuck: bool) -> tuple[bool, bool, bool, bool]:
    fits = m.fits != "wish", not (stuck and _asks_stuck(m))
    return *fits, *((_wide(m), m.filled) if narrow or stuck else (m.filled, not _wide(m)))


def may_be_in_all(same: Sequence[Meaning]) -> bool:
    """Whether meanings of one kind differ in their cohorts alone, and can be done in all of these at once."""
    return len({m.cohort for m in same}) == len(same) > 1 and all(m.in_all for m in same)


def has_wish(meanings: Sequence[Meaning]) -> bool:
    """Whether a message asks for something that one of its meanings does."""
    return any(m.fits == "wish" for m in meanings)


def _wide(meaning: Meaning) -> bool:
    return meaning.audience == "cohort"


def is_fresh(asked_at: datetime, said_at: datetime, limit: timedelta = FRESH) -> bool:
    """Whether a message may answer what was asked."""
    return asked_at <= said_at <= asked_at + limit
