"""What somebody writes who wants to ask without their name: a wish, and the words that are to be posted."""

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.core.small_words import words_of
from bot.core.wishes import Act, wishes

_NAMELESS = (
    r"(?:without (?:using |showing |giving |my |a )*names?|without (?:naming me|saying (?:who|that|it is)\b[^:]{0,15})|"
    r"not (?:\w+ ){0,3}my (?:real )?name|no names?|"
    r"(?:leave|keep) (?:my name|me) out(?: of it)?|not (?:\w+ ){0,3}who (?:i am|asks|asked|wrote)|"
    r"anon(?:ym[a-z]*)?|nameless(?:ly)?|ohne (?:meinen )?namen?|nicht (?:mit )?mein(?:en|em)? namen?|namenlos|"
    r"sem (?:o )?(?:meu )?nome|sin (?:mi )?nombre|sans (?:mon )?nom)"
)
NAMELESS = Act(
    re.compile(rf"\b{_NAMELESS}\b"),
    words_of(
        "question questions someone somebody one post posted posting send sent put it channel cohort group "
        "everybody everyone others name "
        "show use using asked keep stay remain submit publish say write writing see sees names stellen frage fragen "
        "pergunta perguntar fazer pregunta preguntar hacer forma question poser demander facon maniere"
    ),
    alone=True,
)
"""A clause that asks for it."""

_ASKS = (
    r"(?:ask(?:ing)?|post(?:ing)?|send|submit|put|question|frag(?:e|en)|pergunta|pergunto|pregunta|pregunto|demande)"
)
_BEFORE = re.compile(
    rf"(?=.{{0,80}}\b{_ASKS}\b)(?:[\w']+ ){{0,7}}?{_NAMELESS}(?: (?:please|pls|bitte|por favor))?[\s,]+"
    r"(?:(?:if|whether|about) )?(?=(?:who|what|why|where|when|which|how|is|are|do|does|can|could|may|should|will|would|"
    r"i|my|we)\b)",
    re.I,
)
"""What comes before a question in the same clause."""

_NAMES_IT = re.compile(rf"\b{_NAMELESS}\b", re.I)
_ENDS = re.compile(r"(?<![.!?:;,)])[.!?:;,)]++(?:\s++|$)|\n++|\s[-–—]++\s++|\s(?=\()")
_COURTESY = re.compile(r"\W*(?:please|pls|thanks|thank you|bitte|danke|por favor|s'il vous plaît)?\W*", re.I)


def asks_nameless(text: str) -> bool:
    """Whether a message asks for being passed on without its author's name."""
    return any(wishes(piece, NAMELESS) for piece in _pieces(text)) or _BEFORE.match(text) is not None


def speaks_of_it(text: str) -> bool:
    """Whether a message has words of it at all, which may be about something else."""
    return _NAMES_IT.search(text) is not None or asks_nameless(text)


def to_post(text: str) -> str:
    """The words of a message without the wish itself, which nobody else needs to read; '' if there are no others."""
    pieces = [p for p in _pieces(text) if not wishes(p, NAMELESS)]
    if pieces == list(_pieces(text)):
        return _BEFORE.sub("", text, count=1)
    return "".join(p for p in pieces if not _COURTESY.fullmatch(p)).strip(" ,;:–—-\n")


def _pieces(text: str) -> Iterator[str]:
    """The clauses of a message as they stand, each with what ends it."""
    ends = [m.end() for m in _ENDS.finditer(text)]
    yield from (text[start:end] for start, end in pairwise([0, *ends, len(text)]) if start < end)
