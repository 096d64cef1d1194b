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
_MENTION = re.compile(r"@!?([\w.-]*\w)")
_LETTER = r"[^\W\d_]"
_BETWEEN_LETTERS = re.compile(r"[\W_]+")
_BETWEEN = r"[\W_]{0,3}"

_PARTED = "[. ]{1,2}"
_DENSE = "\u2e80"
_VOWELS = "aeiouyаеёиоуыэюяієїαεηιουω"

_OTHER_LETTERS = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D"}
    | {"þ": "th", "Þ": "Th", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ı": "i", "ـ": None}
    | dict.fromkeys("`´‘’ʼʻʹ＇′", "'")
)
"""Letters that no accent tells from others, and the apostrophes."""

_CONTRACTED = re.compile(r"'(?=(?:t|d|m|ll|re|ve)\b)", re.IGNORECASE)
"""'Don't' names no Don."""

_ENDINGS_LATIN = "a|u|y|i|om|em|ow|owi|ovi|in|nin|ie"
_ENDINGS_OF_VOWELS = "y|e|i|ie|u|o|ou|om|oj|em|ej|ii|in|nin"

LONG = 5
"""Letters of a part of a name that is found within words, too. Shorter ones are found as words: 'Eva' is in 'evaluate'.
Scripts without capitals write words together or with prefixes, so there shorter parts are looked for anywhere."""

_WORDS = (
    "ah al am an april art as at august bay be bell berry bill black bloom bob brook brown bush by carol ce chance "
    "church clay cook crystal da daisy dale dawn day de dean del den der di do dos drew du earl east ed eh en ernest "
    "es et eu faith field fields fisher forest fox frank gene glen go gold good grace grant gray green guy ha hall "
    "harmony he heath hi hill ho hope hunter if il in iris is it ivy ja jack jade je jean jewel joy june justice king "
    "la lane le lily little long love ma major mark marsh may me mercy merry mi miles mills mo moore my ne no noble "
    "north nu of oh ok olive on or os ot pa page park pat patience pearl penny pierce pond porter price rain ray re "
    "reed rich river rivers rob robin rock rod rose ruby sandy se short si sky small so south star stone sue summer "
    "tanner taylor terry the to tu un up us van victor von ward we west white will winter wo wood woods ya yo young "
    "zu"
)
COMMON = frozenset(_WORDS.split())
"""Names that are words, too: found only with a capital, or as part of the whole name."""


def stands_in(texts: Iterable[str], names: Collection[str]) -> bool:
    """Whether one of these names, or a part of one, stands in one of the texts. '@' and the id of an account stand
    for whoever is mentioned so."""
    return _stands(texts, names, parts=True)


def whole_in(texts: Iterable[str], names: Iterable[str]) -> list[str]:
    """Those of these names that stand in one of the texts whole, or as a mention."""
    texts = list(texts)
    return [name for name in names if _stands(texts, [name], parts=False)]


def whole_among(texts: Iterable[str], names: Iterable[str]) -> list[str]:
    """The same of very many names, whose people need not have to do with the texts. Each text is read once, and only
    names all of whose words stand in it are looked for. A name of one word is nobody's here: it may be anybody's, or a
    word, unless its script writes whole names without a space."""
    texts = list(texts)
    words = {word for text in texts for form in _spellings(text) for word in _words_of(form)}
    mentioned = {mention.lower() for text in texts for mention in _MENTION.findall(text)}

    def may_stand(name: str) -> bool:
        if name.startswith("@"):
            return name[1:].lower() in mentioned
        first = name.split(" ", 1)[0].lower()
        if first.isascii() and first.isalpha() and first not in words and not _TWO_VOWELS.search(first):
            # Most names are gone here, before they are spelled in all ways.
            return False
        for form in _spellings(name):
            parts = _PART.findall(form.lower())
            if all(part in words for part in parts) and (len(parts) > 1 or (len(form) > 2 and _is_dense(form))):
                return True
        return False

    return whole_in(texts, [name for name in names if may_stand(name)]) if words else []


def _spellings(text: str) -> set[str]:
    plain = _plain(text)
    return {form for given in (plain, _wide(plain)) for form in _forms(given)}


def _words_of(text: str) -> set[str]:
    """The words of a text. Where a script puts no space between them, all that can be one."""
    found = {word for given in (text, _EDGE.sub(" ", text)) for word in _PART.findall(given.lower())}
    dense = (word for word in found if _is_dense(max(word)))
    return found | {word[at : at + n] for word in dense for at in range(len(word)) for n in range(1, 5)}


def _stands(texts: Iterable[str], names: Collection[str], parts: bool) -> bool:
    plain = [form for name in names for form in _forms(_plain(name))]
    looks = (_Look(plain, parts), _Look([_wide(name) for name in plain], parts))
    for text in texts:
        for given in _forms(_plain(text)):
            if looks[0].finds(given) or looks[1].finds(_wide(given)):
                return True
    return False


def _forms(text: str) -> set[str]:
    """Without apostrophes, and parted by them: 'O'Brien' is written 'OBrien', and a suffix may stand behind one."""
    return {text.replace("'", ""), _CONTRACTED.sub("", text).replace("'", " ")}


class _Look:
    """Looks for names, and their `parts`, in texts that are as plain as they are."""

    def __init__(self, names: Collection[str], parts: bool) -> None:
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
            found = _PART.findall(name)
            if len(found) > 1:
                for order in (found, found[::-1]):
                    self._whole("".join(order).lower(), _BETWEEN.join(order))
                if not parts:
                    continue
            has_capitals = name != name.lower()
            for part in found:
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
        elif low in COMMON:
            first = part[0].upper() + low[1:]
            written = (first, first.upper(), " ".join(first), " ".join(first.upper()))
            self._words.setdefault(low, f"(?-i:{'|'.join(written)})")
        elif len(part) >= LONG:
            self._anywhere.add(low)
            # Letters stand apart in titles, and a column's end may part them anywhere.
            self._words[low] = "[-\u2010 ]{0,2}".join(part)
        elif len(part) == 2:
            self._words[low] = f"{part}|{_PARTED.join(part)}"
        elif len(part) > 2:
            self._in_addresses.add(low)
            self._words[low] = f"{part}|{_PARTED.join(part)}|{part[0]} {part[1:]}"
            stem, endings = _inflected(low)
            first = stem[0].upper() + stem[1:]
            self._words[stem] = "|".join((*filter(None, [self._words.get(stem)]), f"(?-i:{first}(?:{endings}))"))

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
    """Whether one or two characters are a name: Chinese, Japanese, Korean."""
    return min(part) >= _DENSE


def _inflected(name: str) -> tuple[str, str]:
    """What stays of a short name in other cases, and how it may go on there: few endings in Latin letters, where many
    words begin so."""
    vowel = name[-1] in _VOWELS
    stem = name[:-1] if vowel else name
    if not name.isascii():
        return stem, _LETTER + "{1,3}"
    return stem, _ENDINGS_OF_VOWELS if vowel else _ENDINGS_LATIN


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
