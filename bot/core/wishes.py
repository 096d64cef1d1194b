"""Reads what people wish for in short sentences, such as 'can I pause for a week?'.

Features declare patterns of whole clauses, so a word that occurs in another sentence means nothing: 'the pause in the
video' is no wish to pause.
"""

import re
from collections.abc import Iterator

from bot.core.day_words import WORDS
from bot.core.message import Link
from bot.core.typed import spans

LONGEST = 600
"""Maximum characters of a message in which a wish is looked for; a longer one is something to read."""

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

_BETWEEN = re.compile(
    rf"(?:[!?;,:]|(?<!\d)\.)(?:\s+|$)|(?<=\d)\.(?:$|\s+(?!{_GOES_ON}|\d))|\s[-–—]+\s|\n+|\s(?=(?:but|so) i\b)"
)
_LEAD = re.compile(
    r"^(?:(?:hi|hello|hey|dear|ok|okay|well|so|but|and|sorry|unfortunately|please|pls|quick question|excuse me|"
    r"good (?:morning|afternoon|evening)|(?:hi|hello|hey) (?:there|all|team|bot|everyone)|i(?:'m| am) afraid(?: that)?|"
    r"i think|i guess|i was wondering if|i wonder (?:if|whether)) )+"
)
_TRAIL = re.compile(r"(?: (?:please|pls|thanks|thank you|thx|sorry))+$")


def clauses(text: str) -> Iterator[str]:
    """The clauses of a short message in lower case, without greetings and courtesies; nothing of a long message. A web
    address is ADDRESS."""
    if len(text) > LONGEST:
        return
    said = "".join(part if isinstance(part, str) else f" {ADDRESS} " for part in spans(text) if _is_read(part))
    for clause in _BETWEEN.split(said.lower().replace("’", "'")):
        words = " ".join(clause.strip(" \t*_\"'()¿¡").split())
        words = _TRAIL.sub("", _LEAD.sub("", words, count=1))
        if words:
            yield words


def _is_read(part: object) -> bool:
    return isinstance(part, str | Link)


_GIVES_REASON = re.compile(rf".* {WHY}")


def says_more(text: str, *patterns: re.Pattern[str]) -> bool:
    """Whether a message that wishes for something also says something else, such as why."""
    found = list(clauses(text))
    return any(not any(p.fullmatch(c) for p in patterns) or _GIVES_REASON.fullmatch(c) for c in found)


def wish(text: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """The first clause of a message that matches as a whole."""
    return next((m for clause in clauses(text) if (m := pattern.fullmatch(clause))), None)


def wishes(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether a whole clause of a message matches."""
    return wish(text, pattern) is not None
