"""Reads what people wish for in short sentences, such as 'can I pause for a week?'.

Features declare the words of an act. A clause asks for it if its author speaks of themselves and all its other words
are small ones, in any order: 'the pause in the video' is no wish to pause, and 'should I leave the dough overnight?' is
none to leave. Where the order decides, features declare patterns of whole clauses.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.core.day_words import WORDS
from bot.core.message import Link
from bot.core.small_words import AUTHOR, SMALL, corrected, is_day, names_day, plain, words_of
from bot.core.typed import spans

LONGEST = 600
"""Maximum characters of a message in which a wish is looked for; a longer one is something to read."""

MOST_WORDS = 30
"""Maximum words of a clause that asks for something."""

ADDRESS = "§"
"""Stands for a web address in a clause."""

_DAY = (
    r"(?:for|about|around|the|next|this|coming|following|a|an|another|one|two|three|four|five|six|some|few|couple|of|"
    r"until|till|from|to|between|and|on|in|by|end|starting|after|today|tonight|tomorrow|now|then|later|soon|while|bit|"
    r"time|days?|weeks?|weekend|months?|morning|afternoon|evening|easter|christmas|(?:mon|tues|wednes|thurs|fri|satur|"
    r"sun)day|mon|tue|wed|thu|fri|sat|sun|january|february|march|april|may|june|july|august|september|october|november|"
    r"december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|[0-9./-]{1,12}(?:st|nd|rd|th)?|"
    rf"{'|'.join(WORDS)})"
)
DAYS = rf"{_DAY}(?: {_DAY}){{0,9}}"
"""When or for how long, as words between single spaces, in English or another language that is understood."""

WHY = r"(?:because|since|as|due to|so that) .*"

_GOES_ON = (
    r"(?:to|until|till|and|through|bis|und|até|jan|feb|fev|mar|mär|apr|abr|may|mai|jun|jul|aug|ago|sep|set|oct|okt|out|"
    r"nov|dec|dez)"
)
"""What follows the dot of a day in 'from 3. to 5. March', which ends no clause."""

_TO_DAY = re.compile(
    r"((?:\b\d{1,2}(?:st|nd|rd|th)?|\d\.|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*))\.?\s[-–—]+\s"
    r"(?=(?:the )?(?:\d|(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))"
)
"""A dash between two days, which ends no clause."""

_BETWEEN = re.compile(
    rf"(?:[!?;,:]|(?<!\d)\.)(?:\s+|$)|(?<=\d)\.(?:$|\s+(?!{_GOES_ON}|\d))|\s[-–—]+\s|\n+|"
    r"\s(?=(?:but|so|and|if|because|cause|cuz|as|since) (?:i|we|can|could|may|my|no)\b)|\s(?=so the\b)"
)
_LEAD = re.compile(
    r"^(?:(?:@[\w.'-]+|hi|hello|hey|dear|ok|okay|well|so|but|and|sorry|unfortunately|please|pls|quick question|"
    r"excuse me|good (?:morning|afternoon|evening)|(?:hi|hello|hey) (?:there|all|team|bot|everyone)|"
    r"i(?:'m| am) afraid(?: that)?|i think|i guess|i was wondering if|i wonder (?:if|whether)) )+"
)
_TRAIL = re.compile(r"(?: (?:please|pls|thanks|thank you|thx|sorry))+$")


def clauses(text: str) -> Iterator[str]:
    """The clauses of a short message in lower case, without greetings and courtesies; nothing of a long message. A web
    address is ADDRESS."""
    if len(text) > LONGEST:
        return
    said = "".join(part if isinstance(part, str) else f" {ADDRESS} " for part in spans(text) if _is_read(part))
    said = _TO_DAY.sub(r"\1 to ", said.lower().replace("’", "'"))
    for clause in _BETWEEN.split(said):
        words = " ".join(clause.strip(" \t*_\"'()¿¡").split())
        words = _TRAIL.sub("", _LEAD.sub("", words, count=1))
        if words:
            yield words


def _is_read(part: object) -> bool:
    return isinstance(part, str | Link)


@dataclass(frozen=True)
class Act:
    """What people ask for in their own words.

    `words`: how it is said, in the plain words of small_words.py. `beside`: other words that may stand in the clause,
    such as 'draft' for more time. `spare`: how many words of any kind may follow it where days are named. `dated`: days
    have to be named. `alone`: its words say by themselves that their author means themselves.
    """

    words: re.Pattern[str]
    beside: frozenset[str] = frozenset()
    spare: int = 0
    dated: bool = False
    alone: bool = False
    small: frozenset[str] = field(init=False)
    known: frozenset[str] = field(init=False)
    """The words that may have been meant by a slip."""

    def __post_init__(self) -> None:
        small = SMALL | self.beside
        object.__setattr__(self, "small", small)
        object.__setattr__(self, "known", small | frozenset(re.findall("[a-z]{5,}", self.words.pattern)))

    def about(self, titles: Iterable[str]) -> "Act":
        """The same act, which may also name one of these things."""
        return replace(self, beside=self.beside.union(*(plain(title) for title in titles)))

    def asks(self, clause: str) -> bool:
        """Whether a clause asks for it."""
        words = plain(_REASON.sub("", clause))
        if len(words) > MOST_WORDS or (self.dated and not any(names_day(w) for w in words)):
            return False
        return self._is_in(words) or self._is_in(list(corrected(words, self.known)))

    def _is_in(self, words: Sequence[str]) -> bool:
        said = " ".join(words)
        own = self.alone or not AUTHOR.isdisjoint(words) or tuple(words[:2]) in _OWN_STARTS
        return any(
            self._may_come_before(said[: m.start()].split(), own) and self._may_follow(said[m.end() :].split())
            for m in self.words.finditer(said)
        )

    def _may_come_before(self, words: Sequence[str], own: bool) -> bool:
        return all(self._may_stand(w) and (own or w in _COURTESY or is_day(w)) for w in words)

    def _may_follow(self, words: Sequence[str]) -> bool:
        strange = [w for w in words if not self._may_stand(w)]
        return not strange or (len(strange) <= self.spare and any(names_day(w) for w in words))

    def _may_stand(self, word: str) -> bool:
        return word in self.small or is_day(word)


_REASON = re.compile(r" (?:because|since|due to|so that|weil|porque|pois|parce que?|car) .*")
_COURTESY = words_of(
    "hi hey hello please pls bitte ok okay so sorry well just yes and then now is are would could can it be there "
    "possible to get have a an need ready couple few some"
)
"""What may come before an act whose author does not speak of themselves, as in 'two more days please'."""

_OWN_STARTS = frozenset({("will", "be"), ("will", "not"), ("can", "not"), ("could", "not"), ("going", "to")})
"""Beginnings that leave out 'I'."""

Way = Act | re.Pattern[str]
"""How a wish is recognised: by its words, or by a whole clause."""


def says_more(text: str, *ways: Way) -> bool:
    """Whether a message that wishes for something also says something else, such as why."""
    found = list(clauses(text))
    exact = [replace(way, spare=0) if isinstance(way, Act) else way for way in ways]
    return any(not any(_fits(c, way) for way in exact) or _gives_reason(c) for c in found)


def _gives_reason(clause: str) -> bool:
    return _REASON.search(clause) is not None or re.search(rf" {WHY}$", clause) is not None


def _fits(clause: str, way: Way) -> bool:
    return way.asks(clause) if isinstance(way, Act) else way.fullmatch(clause) is not None


def wished(text: str, *ways: Way) -> str:
    """The first clause of a message that wishes for something in one of these ways; '' without one."""
    return next((clause for clause in clauses(text) if any(_fits(clause, way) for way in ways)), "")


def wish(text: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """The first clause of a message that matches as a whole."""
    return next((m for clause in clauses(text) if (m := pattern.fullmatch(clause))), None)


def wishes(text: str, *ways: Way) -> bool:
    """Whether a clause of a message wishes for something in one of these ways."""
    return wished(text, *ways) != ""
