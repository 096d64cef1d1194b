"""Words that may stand in any wish: of the author, of courtesy, of time, of a course as such. What a course is about is
not among them, so 'leave the dough overnight' is no wish to leave."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from bot.core.day_words import WORDS


def words_of(text: str) -> frozenset[str]:
    """A set of words that are written in a row."""
    return frozenset(text.split())


_ENGLISH = words_of("""
i we me my our us myself you your am are is be been will would can could may might must should shall do have has need
needs want like love wish prefer going go gonna get take taking let make making ask asking to a an the of for from at
in on with by and or as about around after before until till til if it this that these there here so then also just
maybe perhaps please pls really still only ok okay fine all alright possible possibly any some way chance how where
what able allowed best idea option now today tonight soon later while bit little short longer long few couple time
times moment course cohort programme program class participation everything thing things again more much too very
quite honestly actually basically definitely probably unfortunately sadly finally currently think guess afraid decided
decide feel feeling know wondering wonder believe considering thinking hope tell telling letting fyi btw tbh heads up
sorry hi hey hello thanks thank thx yes well because since due work working home family personal private reasons
private health job life trip mostly completely partly ready
""")
_GERMAN = words_of("""
ich wir brauche brauchte mich mir mein meine meinen meinem meiner uns bin sind bitte kann konnte konnen mochte will
muss darf wurde gern gerne gibt es geht das ist ein eine einen einem einer den der die dem des fur von vom ab bis am
an im in zum zur mit und oder auch nur mal kurz kurze kleine leider noch etwas ein paar bisschen wie wo was hier da
jetzt wieder gerade gar dass ob kurs kurses alles leute zeit lang beruflich privat sie ihr du ihnen
""")
_PORTUGUESE = words_of("""
eu nos me meu minha meus minhas estou vou posso podia poderia pode preciso precisava quero queria gostaria tenho terei
ser se de do da dos das o a os as um uma uns umas no na em por para com e ou que isto isso este esta neste aqui agora
tambem so ja ainda mais por favor desculpe desculpem infelizmente curso causa trabalho tempo pouco como onde
""")
_SPANISH = words_of("""
yo nosotros mi mis estoy voy puedo podria podrias podeis puedes necesito quiero quisiera quería tengo tendre hay ser
se de del el la los las un una unos unas en por para con y o que esto eso este esta aqui ahora tambien solo ya todavia
aun favor siento lamentablemente curso trabajo tiempo poco rato como donde
""")
_FRENCH = words_of("""
je j ai avoir nous me m mon ma mes suis serai vais peux puis pourrais voudrais veux dois souhaite aimerais aurais
besoin est ce qu que c s il vous tu te ete de d du des le la l les un une en par pour avec et ou ici maintenant aussi
juste seulement encore desole desolee malheureusement cours travail temps peu comment y a t possible
""")

SMALL = _ENGLISH | _GERMAN | _PORTUGUESE | _SPANISH | _FRENCH

AUTHOR = words_of(
    "i we me my our us ich bin wir mich mir mein meine meinen meinem eu meu minha estou vou posso podia poderia "
    "preciso quero queria gostaria tenho yo mi mis estoy voy puedo podria necesito quiero quisiera tengo tendre je j m "
    "mon ma mes"
)
"""Words by which somebody speaks of themselves."""

_SHORT = {
    "im": "i am",
    "ive": "i have",
    "id": "i would",
    "dont": "do not",
    "cant": "can not",
    "cannot": "can not",
    "wont": "will not",
    "isnt": "is not",
    "didnt": "did not",
    "couldnt": "could not",
    "havent": "have not",
    "shant": "shall not",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "got to",
    "til": "until",
    "till": "until",
    "frm": "from",
    "thurs": "thu",
    "tues": "tue",
    "weds": "wed",
}
_IN_GERMAN = words_of("ich bin ist wir")
"""Beside these, 'im' is not 'I am'."""

_ENDS = (("can't", "can not"), ("won't", "will not"), ("shan't", "shall not"), ("n't", " not"), ("'ll", " will"))
_ENDS_OF_BE = (("'m", " am"), ("'re", " are"), ("'ve", " have"), ("'d", " would"), ("'s", " is"))
_FRENCH_START = re.compile(r"\b([cdjlmnst]|qu)'")
_WORD = re.compile(r"[a-z§]+|[0-9][0-9./:]{0,11}(?:st|nd|rd|th)?")
_DATE = re.compile(
    r"[0-9][0-9./:]*(?:st|nd|rd|th)?|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?|"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|days?|weeks?|weekend|months?|easter|christmas|tomorrow|today|tonight|semana"
)
_COUNT = words_of(
    "next coming following one two three four five six seven eight nine ten another morning afternoon evening hours "
    "hour between end starting rest whole vem viene proxima prochaine"
)


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


_OF_DAYS = frozenset(w for word in WORDS for w in _without_accents(word.lower()).split())


def plain(clause: str) -> list[str]:
    """The words of a clause in lower case, without accents and short forms: \"I'm\" is 'i', 'am'."""
    said = _without_accents(clause.lower().replace("’", "'")).replace("&", " and ").replace(" + ", " and ")
    for end, whole in (*_ENDS, *_ENDS_OF_BE):
        said = said.replace(end, whole)
    said = _FRENCH_START.sub(r"\1 ", said).replace("'", "")
    words = _WORD.findall(said)
    if not _IN_GERMAN.isdisjoint(words):
        return words
    return [w for word in words for w in _SHORT.get(word, word).split()]


def whose(names: Iterable[str]) -> Iterator[str]:
    """These names, also as German says whose something is: 'Bens'."""
    for name in names:
        yield f"{name} {' '.join(f'{word}s' for word in name.split())}"


def is_day(word: str) -> bool:
    """Whether a word may be of a day or a span."""
    return word in _COUNT or word in _OF_DAYS or _DATE.fullmatch(word) is not None


def names_day(word: str) -> bool:
    """Whether a word by itself is a day or a span."""
    return _DATE.fullmatch(word) is not None or (len(word) > 2 and word in _OF_DAYS and word not in SMALL | _COUNT)


def corrected(words: list[str], known: frozenset[str]) -> Iterator[str]:
    """The words with slips of one letter put right: a long word that nobody knows is the known one that is nearest."""
    for word in words:
        if len(word) < 5 or word in known or word in SMALL or is_day(word):
            yield word
        else:
            yield next((k for k in sorted(known) if _near(word, k)), word)


def _near(word: str, other: str) -> bool:
    """Whether two words differ by one letter, or by two that changed places."""
    if word == other or abs(len(word) - len(other)) > 1 or len(other) < 5:
        return False
    start = next((n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    left, right = word[start:], other[start:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or _changed_places(left, right)


def _changed_places(left: str, right: str) -> bool:
    return left[:2] == right[1::-1] and left[2:] == right[2:]


_NOTHING = re.compile(
    r"\W*+(no(thing|ne|pe|where|t)?|n/?a|not stuck|i('?m| am) not( stuck)?|all (good|fine|well))?"
    r"(\W++(really|special|much|yet|at all|this week|so far|thanks?|thank you|thx|ty)){0,3}\W*+"
)


def says_nothing(text: str) -> bool:
    """Whether somebody who was asked what hinders them says that nothing does: 'nothing really', 'No thx'."""
    return _NOTHING.fullmatch(text.lower().strip()) is not None
