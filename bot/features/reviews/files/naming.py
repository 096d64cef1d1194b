"""Finds names in texts, however they are written: case, accents, breaks and what stands around them do not matter.

A name that is missed tells whose work it is, and one that is found wrongly costs its author a question. So this rather
finds too much.
"""

import re
import sys
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache

_SPACE = re.compile(r"\s+")
_PART = re.compile(r"[^\W\d_]+")
_EDGE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OF_ADDRESSES = re.compile(r"[@_/\\\d]")
_TWO_VOWELS = re.compile("([aou])e|aa", re.IGNORECASE)
_LETTER = r"[^\W\d_]"
_BETWEEN_LETTERS = re.compile(r"[\W_]+")
_BETWEEN = r"[\W_]{0,3}"

_OTHER_LETTERS = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D"}
    | {"þ": "th", "Þ": "Th", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ı": "i", "ـ": None}
    | dict.fromkeys("'`´‘’ʼʻʹ＇′", None)
)
"""Letters that no accent tells from others, and what stands within names or is left out."""

LONG = 5
"""Letters of a part of a name that is found within words, too. Shorter ones are found as words: 'Eva' is in 'evaluate'.
Scripts without capitals write words together or with prefixes, so there shorter parts are looked for anywhere."""

_WORDS = (
    "al an april art august bay bell berry bill black bloom bob brook brown bush carol chance church clay cook crystal "
    "da daisy dale dawn day de dean del den der di do dos drew earl ernest east faith field fields fisher forest fox "
    "frank gene glen gold good grace grant gray green guy hall harmony heath hill hope hunter iris ivy jack jade jean "
    "jewel joy june justice king la lane le lily little long love major mark marsh may mercy merry miles mills moore "
    "noble north olive page park pat patience pearl penny pierce pond porter price rain ray reed rich river rivers rob "
    "robin rock rod rose ruby sandy short sky small so south star stone sue summer tanner taylor terry the van victor "
    "von ward west white will winter wood woods young"
)
COMMON = frozenset(_WORDS.split())
"""Names that are words, too: found only with a capital, or as part of the whole name."""


def stands_in(texts: Iterable[str], names: Collection[str]) -> bool:
    """Whether one of these names, or a part of one, stands in one of the texts. '@' and the id of an account stand
    for whoever is mentioned so."""
    plain = [_plain(name) for name in names]
    looks = (_Look(plain), _Look([_wide(name) for name in plain]))
    for text in texts:
        given = _plain(text)
        if looks[0].finds(given) or looks[1].finds(_wide(given)):
            return True
    return False


class _Look:
    """Looks for names in texts that are as plain as they are."""

    def __init__(self, names: Collection[str]) -> None:
        self._anywhere = set[str]()
        self._in_addresses = set[str]()
        self._words = dict[str, str]()
        """How a name is written as words. Its letters stand first: few texts have these, whatever is between them."""
        self._mentions = dict[str, str]()
        """The same for accounts, whose ids may be names, too."""
        for name in names:
            if name.startswith("@"):
                self._mentions[_letters(name)] = rf"(?<=@)!?{re.escape(name[1:])}"
                continue
            parts = _PART.findall(name)
            if len(parts) > 1:
                for order in (parts, parts[::-1]):
                    self._whole("".join(order).lower(), _BETWEEN.join(order))
            has_capitals = name != name.lower()
            for part in parts:
                if not (has_capitals and part == part.lower() != part.upper() and len(part) < LONG):
                    self._part(part)

    def _whole(self, joined: str, apart: str) -> None:
        self._words[joined] = apart
        if len(joined) > LONG or _is_dense(joined):
            self._anywhere.add(joined)

    def _part(self, part: str) -> None:
        low = part.lower()
        if low == part.upper():
            if len(part) > 2 or _is_dense(part):
                self._anywhere.add(low)
            elif len(part) == 2:
                self._words[low] = part
        elif low in COMMON or len(part) == 2:
            first = part[0].upper() + low[1:]
            written = (first, first.upper(), " ".join(first), " ".join(first.upper()))
            self._words.setdefault(low, f"(?-i:{'|'.join(written)})")
        elif len(part) >= LONG:
            self._anywhere.add(low)
            # Letters stand apart in titles, and a column's end may part them anywhere.
            self._words[low] = "[-\u2010 ]{0,2}".join(part)
        elif len(part) > 2:
            self._in_addresses.add(low)
            self._words[low] = f"{part}|{' '.join(part)}|{part[0]} {part[1:]}"

    def finds(self, text: str) -> bool:
        low = text.lower()
        if any(one in low for one in self._anywhere):
            return True
        letters = _letters(low)
        if found := [one for one in self._in_addresses if one in letters]:
            addresses = " ".join(word for word in low.split() if _OF_ADDRESSES.search(word))
            if any(one in addresses for one in found):
                return True
        known = (*self._words.items(), *self._mentions.items())
        words = "|".join(word for one, word in known if one in letters)
        return bool(words) and _as_words(words).search(_EDGE.sub(" ", text)) is not None


def _as_words(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!{_LETTER})(?:{words})s?(?!{_LETTER})", re.IGNORECASE)


def _letters(text: str) -> str:
    return _BETWEEN_LETTERS.sub("", text.lower())


def _is_dense(part: str) -> bool:
    """Whether two characters are a name: Chinese, Japanese, Korean."""
    return len(part) > 1 and min(part) >= "\u2e80"


@cache
def _unseen() -> dict[int, None]:
    """Accents that stand apart, and what takes no place."""
    marks = ("Mn", "Mc", "Me", "Cf")
    return {c: None for c in range(0x80, sys.maxunicode) if unicodedata.category(chr(c)) in marks}


def _plain(text: str) -> str:
    apart = text.translate(_OTHER_LETTERS)
    if not apart.isascii():
        apart = unicodedata.normalize("NFC", unicodedata.normalize("NFKD", apart).translate(_unseen()))
    return _SPACE.sub(" ", apart).strip()


def _wide(text: str) -> str:
    """'ue' as 'u': Mueller is Müller."""
    return _TWO_VOWELS.sub(lambda found: found[0][0], text)
