"""Keeps people out of what is shown: names, mentions, addresses and account ids become words such as 'somebody'."""

import re
from collections import Counter
from collections.abc import Iterable

from bot.core.message import shorten
from bot.features.faq.kinds import KINDS
from bot.features.faq.naming import Names, first_names
from bot.features.faq.personal import leave_out
from bot.features.faq.wording import headed
from bot.features.faq.words import listed

SOMEBODY = "somebody"
ONE_TO_ONE = "One-to-one"

LONGEST = 160
"""Characters of a quoted question."""

USUAL = 3
"""Texts that write a word in lower case, so that it is no name."""

READ = 2000
"""Characters of a message from which a quote is taken."""

_CODE = re.compile(r"```.{0,3000}?(?:```|\Z)|<[^<>]{1,300}>", re.DOTALL)
_LINK = re.compile(r"\(?\b(?:https?://|www\.)[^\s()<>]{1,500}\)?", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>()]{1,100}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}")
_MENTION = re.compile(r"(?<![\w.])@[\w.-]{1,60}")
_ID = re.compile(
    r"\b(?=[A-Z]{0,10}\d)[UWBCDGT][A-Z0-9]{7,14}\b|\b\d[\d ()./-]{5,30}\d\b|\b\d{6,30}\b|"
    r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|\b(?=[a-f]{0,40}\d)[0-9a-f]{16,80}\b"
)
_PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(map(re.escape, KINDS))})\]")
_SAID = {"[link]": "(link)", "[e-mail]": "(address)"}
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_LOWER = re.compile(r"(?<![\w.@/-])[a-zà-ÿ]{2,30}(?![\w@/-])")
_SPLIT = re.compile(r"[\W_]+")
_WITH = re.compile(
    r"\b(?P<link>with|mit|con|com|avec|by|w/)\s+(?P<names>[^\W\d_a-zß-ÿ][\w'’-]{1,30}(?:\s[^\W\d_a-zß-ÿ][\w'’-]{0,30}){0,3})"
    r"(?=\s*(?:$|[,;:)(&/|-]|and\b|und\b|y\b|e\b|et\b))"
)
_TOGETHER = re.compile(
    r"\b1[:-]1s?\b|\bone[ -](?:on|to)[ -]one\b|<>|\b(?P<a>[^\W\d_]{2,30})\s?(?:/|x|×|&|\+)\s?(?P<b>[^\W\d_]{2,30})\b",
    re.IGNORECASE,
)
_DASH = re.compile(r" [–—|-] ")
_FEW = re.compile(rf"{SOMEBODY}(?:(?:,? (?:and |& )?|/){SOMEBODY})+")

_TERMS = listed("terms")
_ORDINARY = listed("ordinary") | listed("nonames")


class Hiding:
    """Hides the people of an export and of a calendar, by all forms of their names. `usual`: lower-case words of the
    course, which name nobody where they are capitalised."""

    def __init__(self, names: Iterable[str], accounts: Iterable[str] = (), usual: Iterable[str] = ()) -> None:
        whole = {" ".join(name.split()).casefold() for name in names}
        self._whole = {name for name in whole if len(name) > 1}
        self._words = max((len(name.split(" ")) for name in self._whole), default=1)
        parts = {part for name in self._whole for part in _SPLIT.split(name)}
        self._parts = {part for part in parts if len(part) > 1 and not part.isdigit()} - _TERMS
        self._usual = frozenset(usual) - first_names() - self._parts
        self._accounts = {account.casefold() for account in accounts if len(account) > 3}

    def question(self, text: str) -> str:
        """A question as it can be quoted: its first line, without what identifies anybody."""
        return shorten(self._hide(headed(_CODE.sub(" ", text[:READ])).split("\n")[0]), LONGEST)

    def title(self, text: str) -> str:
        """The title of a call. People who meet one another there are often its whole title."""
        said = " ".join(text[:READ].split())
        pair = _TOGETHER.search(said)
        if pair and (pair["a"] is None or self._is_name(pair["a"]) or self._is_name(pair["b"])):
            return ONE_TO_ONE
        said = _WITH.sub(lambda m: m[0] if _no_name(m["names"]) else f"{m['link']} {SOMEBODY}", said)
        # A name after a dash is found as one after a colon is.
        marked = _DASH.sub(" : ", said)
        hidden = self._hide(marked)
        shown = self._hide(said) if hidden == marked else hidden.replace(" : ", " - ")
        return shorten(shown, LONGEST) or "A call without a title"

    def _hide(self, text: str) -> str:
        said = _ADDRESS.sub("(address)", _LINK.sub("(link)", text))
        said = self._without_names(_MENTION.sub(SOMEBODY, said))
        said, _ = leave_out(said, Names(self._known_in(said), self._usual))
        said = _PLACEHOLDER.sub(lambda m: _SAID.get(m[0], SOMEBODY if "name" in m[0] else "(…)"), said)
        return _FEW.sub(SOMEBODY, " ".join(_ID.sub("(…)", said).replace("someone", SOMEBODY).split()))

    def _known_in(self, text: str) -> tuple[str, ...]:
        return tuple({part for part in _SPLIT.split(text.casefold()) if part in self._parts})

    def _is_name(self, word: str) -> bool:
        """Whether a part of a name, in any spelling of its letters."""
        said = word.casefold()
        bare = said.removesuffix("'s").removesuffix("’s")
        return any(form in self._parts for form in (said, bare, bare.removesuffix("s"))) and len(bare) > 1

    def _without_names(self, text: str) -> str:
        """The text without whole names, accounts, and single parts of names. A part that is also an ordinary word is
        one where it is capitalised within a sentence."""
        found = list(_WORD.finditer(text))
        spans: list[tuple[int, int]] = []
        n = 0
        while n < len(found):
            for m in range(min(len(found), n + self._words + 1), n, -1):
                said = " ".join(text[found[n].start() : found[m - 1].end()].split()).casefold()
                if said in self._whole and not (m == n + 1 and not self._counts(text, found[n])):
                    spans.append((found[n].start(), found[m - 1].end()))
                    n = m - 1
                    break
            else:
                word = found[n]
                if word[0].casefold() in self._accounts or self._counts(text, word):
                    spans.append(word.span())
            n += 1
        # Scripts without spaces have no word boundaries.
        for name in self._whole if not text.isascii() else ():
            if len(name) > 1 and not any(c < "\u0370" for c in name if c != " ") and (at := text.find(name)) >= 0:
                spans.append((at, at + len(name)))
        before = len(text)
        for start, end in sorted(spans, key=lambda span: (span[1], -span[0]), reverse=True):
            if end <= before:
                text = f"{text[:start]}{SOMEBODY}{text[end:]}"
                before = start
        return text

    def _counts(self, text: str, word: re.Match[str]) -> bool:
        said = word[0].casefold()
        if said in self._whole and said not in _TERMS and said not in _ORDINARY and len(said) > 2:
            return True
        if not any(map(self._is_name, [word[0], *_SPLIT.split(word[0])])):
            return False
        bare = said.removesuffix("'s").removesuffix("’s")
        if bare in _ORDINARY or len(bare) < 3:
            before = text[: word.start()].rstrip(" \"'“(")
            return word[0].istitle() and bool(before) and before[-1] not in ".!?:\n"
        return True


def usual_words(texts: Iterable[str]) -> set[str]:
    """The words that several of these texts write in lower case."""
    found = Counter(word for text in texts for word in set(_LOWER.findall(text)))
    return {word for word, times in found.items() if times >= USUAL}


def _no_name(words: str) -> bool:
    return all(word.casefold() in _TERMS | _ORDINARY or word.isupper() for word in words.split())
