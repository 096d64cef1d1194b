"""Finds names of people in a text: known people, those who are mentioned, greeted or quoted, and likely names."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.features.faq.words import listed

Span = tuple[int, int, bool]
"""Start, end, and whether it is certainly a name."""


@dataclass(frozen=True, slots=True)
class Names:
    """`people`: names of the cohort's people. `words`: lower-case words of the course that name no person. `calls`: the
    addresses of its live sessions, which only those who said yes read."""

    people: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    calls: tuple[str, ...] = ()


_ORDINARY = listed("ordinary")
"""Names that are also words: the context decides."""

_NO_NAMES = listed("nonames")

_ABSTRACT = (
    "tion", "tions", "sion", "sions", "ment", "ments", "ness", "ity", "ities", "ing", "ings", "able", "ible", "ical",
    "ics", "ance", "ence", "ous", "ful", "less", "ism", "ship", "ware", "ized", "ised", "ated", "ology", "graph",
    "ative", "ential", "izer", "iser", "ator", "ators", "script", "base", "book", "board", "flow", "hub", "cloud",
)  # fmt: skip
"""Endings of words that are not names."""

_TERMS = listed("terms")
"""Words of headings and technical terms, which are capitalised in 'Random Forest' and the like."""

_WORD = r"[A-ZÀ-ÖØ-ÞŁŚŻČŠŽĐİ][\w'’-]{1,30}"
_PLAIN = r"[^\W\d_][\w'’-]{1,30}"
_PART = r"(?:(?:van|von|de|del|della|di|da|dos|el|al|bin|ben|la|le|der|den|ter|Mc|O['’])[ ]){0,2}"
_FULL = rf"{_WORD}(?: {_PART}{_WORD}){{0,3}}"
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Herr|Frau|Señora?|Sra?|Mme|Mlle|Sir|Madam)\b\.?"

_MENTION = re.compile(
    r"<@!?[^>\s]{1,200}>|(?<![\w.@/`])@(?!(?:everyone|here|channel|property|dataclass|staticmethod|"
    r"classmethod|cached_property|override|param|return|returns|throws|see|author|since|deprecated|test|autowired|component|input|media|import|abstractmethod|contextmanager)\b|(?:app|pytest|click|router|"
    r"api|bot|functools|task|dag|media|types)\b\.?)[A-Za-z][\w.-]{0,60}\w(?![\w/@(])"
)
_TITLED = re.compile(rf"\b{_TITLE}[ ](?:{_TITLE}[ ])?(?P<name>{_FULL})")
_SAYING = (
    r"(?:said|says|say|told|tells|asked|asks|wrote|writes|suggested|suggests|mentioned|mentions|explained|"
    r"explains|answered|answers|"
    r"replied|replies|helped|showed|shows me|thinks|thought|posted|pointed|recommended|recommends|confirmed|noticed|"
    r"claims|claimed|sent|gave|fixed|solved|found|tried|shared|uploaded|pushed|reviewed|joined|is ill|"
    r"was ill|is sick|"
    r"has the|had the|"
    r"can (?:give|help|share|send|tell|show|explain)|knows|does not answer|doesn't answer|"
    r"never answered|and I|and me|here[,.])"
)
_SPEAKS = re.compile(
    rf"(?:(?<=[\s(\"'*“])|^)(?P<name>{_FULL})(?P<poss>['’]s)?,? (?:also |already |just |kindly |has |have |"
    rf"who |too |both )?{_SAYING}\b",
    re.MULTILINE,
)
_SPOKEN_TO = re.compile(
    rf"\b(?:[Aa]sk|[Aa]sked|[Aa]sking|[Tt]ell|[Tt]old|[Cc]ontact(?:ed)?|[Mm]essage[ds]?|e-?mail(?:ed)?|"
    rf"DM(?:ed)?|[Pp]ing(?:ed)?|[Pp]inging|[Cc]all(?:ed)? me|[Cc]c|"
    rf"[Tt]alk(?:ed|ing)? (?:to|with)|[Ss]p(?:eak|oke) (?:to|with)|[Mm]et|[Mm]eet|[Tt]hanks,?(?: to|"
    rf" also to)?|[Tt]hank you,?|[Tt]hx,?|[Kk]udos to|[Cc]redits? (?:go )?to|[Aa]ccording to|"
    rf"[Ww]ritten by|[Mm]ade by|[Ss]et ?up by|[Dd]one by|[Pp]osted by|[Rr]ecommended by|[Rr]each|"
    rf"[Hh]elp(?:ed)? by|[Tt]ogether with|[Ww]ork(?:ed|ing)? with|[Tt]eam(?:ed)? up with|[Pp]aired with|"
    rf"[Ww]rite to|[Gg]roup of|[Pp]art of|[Pp]od of|[Tt]hread (?:of|by)|[Rr]eply (?:of|by|from)|[Aa]nswer (?:of|by|"
    rf"from))"
    rf" (?:{_TITLE} )?(?P<name>{_FULL})"
)
_INTRODUCED = re.compile(
    rf"(?:\b[Mm]y (?:full |real |first |last |legal |sur)?name(?:'s| is|:)|\b[Cc]all me|\b[Ii] ?am called|"
    rf"\bI go by|\bmy name as|\bname is|(?:^|(?<=[.!?,\n] ))[Tt]his is|\bI(?:'m| am|’m)) (?:(?:also|"
    rf"just) )?(?P<name>{_FULL})"
)
_RELATED = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur|[Tt]he|[Hh]is|[Hh]er|[Aa])(?: (?:good|old|new|study|team|former|best|own|dear|"
    rf"first|second))? "
    rf"(?:friend|colleague|co-?worker|class ?mate|team ?mate|partner|mentor|teacher|tutor|instructor|"
    rf"brother|sister|wife|husband|"
    rf"buddy|peer|pod ?mate|room ?mate|flat ?mate|boss|manager|supervisor|lead|professor|reviewer|coach|"
    rf"assistant|learner|student|son|daughter|girlfriend|boyfriend)"
    rf"(?: of (?:my|our|the) \w{{2,12}})?,? (?P<name>{_FULL})"
)
_GREETED = re.compile(
    rf"(?:^|(?<=[.!?\n] )|(?<=\n))[ \t]*(?:[Hh]i|[Hh]ey|[Hh]ello|[Hh]iya|[Dd]ear|[Hh]ola|[Hh]allo|"
    rf"[Bb]onjour|[Gg]ood (?:morning|evening|afternoon|"
    rf"day))[ ,]+(?:{_TITLE} )?(?P<name>{_PLAIN}(?: {_WORD}){{0,2}})(?=[ ]?[,!.\n:–-]|$)",
    re.MULTILINE,
)
_SIGNED = re.compile(
    rf"(?:\b(?:[Rr]egards|[Cc]heers|[Bb]est(?: wishes|(?=[,\n]))|[Tt]hanks(?: (?:a lot|in advance|again|so much))?|"
    rf"[Tt]hank you(?: in advance)?|[Ss]incerely|[Ss]aludos|[Gg]r(?:uß|üße)|[Yy]ours)[,.!]{{0,3}}\s{{0,4}}|"
    rf"(?:^|\n)[ \t]{{0,4}}[-–—~]{{1,3}} ?|(?<=[.!?]) [-–—~]{{1,2}} ?)(?P<name>{_FULL})[ \t.!]{{0,5}}(?=$|"
    rf"\n)"
)
_OWNED = re.compile(rf"(?:(?<=[\s(“])|^)(?P<name>{_FULL}(?<!['’]s))(?:['’]s|(?<=s)['’]) (?=[a-z]{{3}})", re.MULTILINE)
_PAIR = re.compile(rf"(?:(?<=[a-z,;:(] )|(?<=\())(?P<name>{_WORD}(?: {_PART}{_WORD}){{1,3}})")
_CAPITAL = re.compile(rf"(?<![\w.@/'’-]){_WORD}(?: {_PART}{_WORD}){{0,3}}")
_DATE = re.compile(
    r"\b\d{1,2}\.? (?:Jan|April|May|June|August)\b,? \d{2,4}\b|\b(?:Jan|April|May|June|August) \d{1,2},? \d{4}\b"
)
"""Dates whose month is also a first name."""

_ALSO = re.compile(rf",? (?:and|or|&|y|und) (?P<name>{_FULL})")


@lru_cache(maxsize=1)
def first_names() -> frozenset[str]:
    """First names of many countries, in lower case; hardly any is also a word."""
    return listed("firstnames") - _ORDINARY


def name_spans(text: str, names: Names) -> Iterator[Span]:
    """Where people are named. Spans may overlap."""
    known, surely = _roster(names.people), set[str]()
    # In an address or an account a name is in lower case: that does not make it an ordinary word.
    lowered = set(re.findall(r"(?<![\w.@/+-])[a-zà-ÿ]{2,30}(?![\w@/+-]|\.\w)", text))
    found: list[Span] = [(*m.span(), True) for m in _MENTION.finditer(text)]
    surely.update(m[0].strip("@<>!").lower() for m in _MENTION.finditer(text) if m[0][0] == "@")
    for pattern, sure in (
        (_TITLED, True),
        (_GREETED, True),
        (_SIGNED, True),
        (_RELATED, True),
        (_INTRODUCED, True),
        (_SPOKEN_TO, True),
        (_SPEAKS, True),
        (_OWNED, False),
        (_PAIR, False),
    ):
        for match in pattern.finditer(text):
            spans = _named(match["name"], match.start("name"), sure, names.words, lowered, pattern)
            # 'Dr. Petrov' is left out as a whole.
            found += [(match.start(), end, sure) for _, end, sure in spans] if pattern is _TITLED else spans
    for match in _CAPITAL.finditer(text):
        found += _listed(match[0], match.start(), known, names.words, lowered, _begins(text, match.start()))
    found += [(start, end, True) for start, end in _lower(text, known)]
    dates = [m.span() for m in _DATE.finditer(text)]
    found = [one for one in found if not any(start <= one[0] and one[1] <= end for start, end in dates)]
    surely |= {text[start:end].lower() for start, end, sure in found if sure}
    for _, end, sure in list(found):
        also = _ALSO.match(text, end) if sure else None
        if also:
            found += _named(also["name"], also.start("name"), False, names.words, lowered, _ALSO)
    # A word that is a name somewhere in the text is a name everywhere in it.
    parts = {part for name in surely for part in re.split(r"[ .]", name) if len(part) > 2} - _ORDINARY - _NO_NAMES
    found += [
        (m.start(), m.end() - len(_genitive(m[0])), True)
        for m in re.finditer(rf"\b{_WORD}", text)
        if _bare(m[0]) in parts
    ]
    yield from found


def _genitive(word: str) -> str:
    found = re.search(r"['’]s?$", word)
    return found[0] if found else ""


def _bare(word: str) -> str:
    """A word in lower case, without a genitive ending."""
    return word.removesuffix(_genitive(word)).lower()


def names_something(word: str) -> bool:
    """Whether a capitalised word could be the name of a company, and is not an ordinary word."""
    return _bare(word) not in _NO_NAMES or _bare(word) in ("google", "microsoft", "amazon", "meta", "samsung", "ibm")


def _roster(people: Collection[str]) -> frozenset[str]:
    parts = {part.strip(".,()'\"").lower() for name in people for part in re.split(r"[\s._]+", name)}
    return frozenset(part for part in parts if len(part) > 2 and not part.isdigit() and part not in _NO_NAMES)


def _likely(word: str, words: Collection[str], lowered: Collection[str]) -> bool:
    """Whether a capitalised word could be a name at all."""
    bare = _bare(word)
    if bare in first_names():
        return True
    if bare in _NO_NAMES or bare in words or bare in lowered or len(bare) < 2:
        return False
    if bare.endswith(_ABSTRACT) or bare in _TERMS:
        return False
    # 'NumPy', 'ERR', 'F1': not the name of a person.
    inner = re.sub(r"^(?:Mc|Mac|O['’]|De|Van|El|Al|La|Di)(?=[A-Z])", "", word.partition("-")[0])[1:]
    return not any(c.isupper() or c.isdigit() or c == "_" for c in inner)


def _named(
    said: str, start: int, sure: bool, words: Collection[str], lowered: Collection[str], pattern: re.Pattern[str]
) -> list[Span]:
    """The part of the words in a name's position that is a name."""
    end, taken = start, 0
    for match in re.finditer(r"[^ ]+", said):
        word = match[0].rstrip(".,")
        if not word[:1].isupper() and pattern is not _GREETED:
            continue
        if not _likely(word, words, lowered if pattern is not _GREETED else ()):
            break
        end, taken = start + match.start() + len(word) - len(_genitive(word)), taken + 1
    if not taken:
        return []
    first = _bare(said.split(" ")[0])
    if first in _ORDINARY and taken == 1 and pattern in (_SPEAKS, _OWNED):
        return []
    if pattern is _PAIR and taken < 2:
        return []
    return [(start, end, sure or first in first_names())]


def _listed(
    said: str, start: int, known: Collection[str], words: Collection[str], lowered: Collection[str], begins: bool
) -> list[Span]:
    """Names of the cohort's people and first names, with what follows them."""
    found: list[Span] = []
    spans = [(match[0], match.start(), match.end()) for match in re.finditer(r"[^ ]+", said)]
    n = 0
    while n < len(spans):
        word, at, end = spans[n]
        bare = _bare(word)
        ordinary = bare in _ORDINARY
        of_cohort = bare in known and not (ordinary and (begins and n == 0))
        is_first = bare in first_names() and bare not in words
        if not (of_cohort or is_first):
            n += 1
            continue
        last = n
        while last + 1 < len(spans):
            following = spans[last + 1][0]
            if following[:1].isupper() and not _likely(following, words, lowered) and _bare(following) not in known:
                break
            last += 1
        while last > n and not spans[last][0][:1].isupper():
            last -= 1
        end = spans[last][2]
        found.append((start + at, start + end - len(_genitive(spans[last][0])), True))
        n = last + 1
    return found


def _lower(text: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
    """Names of the cohort's people in lower case."""
    wanted = {name for name in known if len(name) > 3 and name not in _ORDINARY}
    for match in re.finditer(r"(?<![\w./@-])[a-zà-ÿ]{4,30}(?![\w/=(-])", text) if wanted else ():
        if match[0] in wanted:
            yield match.span()


def _begins(text: str, at: int) -> bool:
    """Whether a sentence begins there."""
    before = text[:at].rstrip(" \t\"'“(*")
    return not before or before[-1] in ".!?:\n•-"
