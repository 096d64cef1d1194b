"""Does a message open a help thread? Features of the message, weighted by a small fitted model.

About a quarter of all questions have no question mark, and half of the messages with one only continue a conversation.
The weights are in weights.json; `benchmarks/fit_questions.py` fits them, and reports their quality on unseen channels.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

from bot.features.questions import weights

EARLIER = 8
"""Number of earlier messages that tell whether somebody continues a conversation."""

MARKS = ("?", "？", "؟", "⁇", "⁈")

TALK = timedelta(hours=1)
"""Within this time a conversation continues."""

LEAST = -3.2
"""Log-odds of the words below which a message opens nothing, whatever its context."""

LONGEST_SILENCE = timedelta(days=1)


def _any(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_PHRASES: Mapping[str, re.Pattern[str]] = {
    "greets": _any(r"^\W*(hi+|hello|hey+|heyo|hiya|howdy|yo|greetings|good (morning|afternoon|evening|day)|hallo)\b"),
    "calls all": _any(r"\b(everyone|everybody|all|guys|folks|people|y'?all|room|community|friends|gurus?)\b"),
    "calls anyone": _any(r"\b(any ?(one|body)|some ?(one|body))\b"),
    "any help": _any(r"\bany (ideas?|help|advice|thoughts|suggestions?|clue|reason|way|good|recommendations?|tips?)\b"),
    "begins to ask": _any(
        r"^\W*(so |and |but |ok |hi |hey |hello )?(how|what|whats|what's|why|where|when|which|who|is|are|can|could|"
        r"do|does|did|should|would|has|have|will|am|was|were)\b"
    ),
    "asks how": _any(
        r"\b(how (do|can|to|would|should|could|does|come)|is (there|it possible)|are there|"
        r"(what|which) (is|are|would be) the (best|right|proper)|best way|way to)\b"
    ),
    "tells of oneself": _any(
        r"\b(i ?'?a?m (trying|having|getting|new|using|looking|wondering|stuck|working|running|building|unable|seeing|"
        r"struggling|not able|facing)|trying to|i was wondering|i('ve| have) (a|an|some|been|got|just|installed|"
        r"created|tried|two|my)|i (want|need|would like|wanna|wish)|i'?d like|"
        r"i (get|got|keep|can'?t|cannot|tried|try|created|installed|run|use) )"
    ),
    "trouble": _any(
        r"\b(errors?|exceptions?|fail(s|ed|ing|ure)?|(not|n't|nt|n’t|never) (work(ing)?|find|start|run|load|connect|"
        r"able|update|see|get)|issues?|problems?|stuck|trouble|crash(es|ed|ing)?|unable|broken|wrong|weird|strange)\b"
    ),
    "wants help": _any(
        r"\b(help|question|wondering|looking for|advise|advice|recommend(ation|ed)?s?|tutorials?|explain|point me|"
        r"tell me|suggest(ion)?s?|newbie|noob|beginner|new to|assist(ance)?)\b"
    ),
    "to somebody": _any(r"^\W*+(?:(?<=@)\w|\w[\w.-]++: )"),
    "names somebody": re.compile(r"@\w"),
    "goes on": _any(
        r"^\W*(and|but|because|cause|cuz|then|also|or|ok|okay|yes|no|yeah|yea|yep|yup|nope|oh|ah|aha|well|lol|haha\w*|"
        r"hm+|sure|right|cool|nice|i see|got it|just|if|that'?s?|it'?s?|you|your|they|those|these|thx|ty|not|which|"
        r"with|for|in|on|to|from|as|thank|maybe|perhaps|probably|actually|exactly|"
        r"i (think|guess|mean|know|see|don'?t|did|thought|agree)|the|sorry|np|great|good|awesome|wow|btw|true|like|"
        r"use|try|see|check|look)\b"
    ),
    "thanks": _any(r"\b(thanks?|thank you|thx|ty|cheers)\b(?!.{0,200}\bin advance)"),
    "advises": _any(
        r"\b(you (can|could|need|should|have|may|might|must|just|want|will|would|'?re|are)|"
        r"try (to|it|the|this|using)|you'?(ll|d|re|ve)|make sure|use the|check (the|out)|look at|let me know|"
        r"i('d| would) (recommend|suggest|use)|i think|i don'?t think|it'?s (just|because|not|a|the)|that'?s|they)\b"
    ),
    "points back": _any(
        r"\b(that|it|this|those|them|he|she|they|then|there|too|either|instead|same|so|again|yet|still|actually)\b"
    ),
    "of oneself": _any(r"\b(i|i'm|i've|im|ive|my|me|we|our)\b"),
    "of you": _any(r"\b(you|your|u|ur|you're)\b"),
    "code": re.compile(r"<-CODE->|`|\(\)|[{};]|--\w|/\w+/|\$\w|\.\w{2,4}\b"),
    "link": re.compile(r"<-(LINK|IMG)->|https?://"),
}
_STANDS_FOR = (
    (re.compile(r"```.*?(```|\Z)|`[^`\n]+`", re.DOTALL), " <-CODE-> "),
    (re.compile(r"https?://\S+"), " <-LINK-> "),
    (re.compile(r"<[@!#][^<>\n]*>"), "@somebody "),
)
"""What is not speech is replaced by a symbol: a '?' in an address asks nothing."""
_SENTENCE_ENDS = re.compile(r"[.!?](?:\s|$)")
_LONGEST_READ = 4000
"""Maximum characters of a text that are read: nobody hides a question behind more."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Somebody said something in a channel."""

    by: int | str
    at: datetime


def signs(text: str) -> dict[str, float]:
    """Features of a message by itself."""
    text = text[:_LONGEST_READ]
    for kind, sign in _STANDS_FOR:
        text = kind.sub(sign, text)
    found = {name: float(phrase.search(text) is not None) for name, phrase in _PHRASES.items()}
    said = text.strip()
    length = len(re.findall(r"\w+", said))
    asks = any(mark in said for mark in MARKS)
    return found | {
        "question mark": float(asks),
        "ends asking": float(said.rstrip(" .!").endswith(MARKS)),
        "greets alone": found["greets"] * (length <= 4),
        "greets and says more": found["greets"] * (length > 4),
        "greets and asks": found["greets"] * asks,
        "length": log(1 + length),
        "under 4 words": float(length < 4),
        "under 8 words": float(length < 8),
        "over 25 words": float(length > 25),
        "begins small": float(said[:1].islower()),
        "ends as told": float(said.endswith(".")),
        "sentences": log(1 + len(_SENTENCE_ENDS.findall(said))),
    }


def signs_around(by: int | str, at: datetime, earlier: Sequence[Spoken]) -> dict[str, float]:
    """Features of the conversation in the channel, for a message that is not a reply. `earlier`: oldest first."""
    silence = min(at - earlier[-1].at, LONGEST_SILENCE) if earlier else LONGEST_SILENCE
    minutes = max(0.0, silence.total_seconds() / 60)
    lately = [s for s in earlier[-EARLIER:] if at - s.at < TALK]
    return {
        "silence": log(1 + minutes),
        "silence over 15 min": float(minutes > 15),
        "silence over 1 h": float(minutes > 60),
        "silence over 4 h": float(minutes > 240),
        "still the same speaker": float(bool(lately) and lately[-1].by == by),
        "spoke lately": float(any(s.by == by for s in lately)),
        "lively": len(lately) / EARLIER,
    }


def weigh(found: Mapping[str, float], table: Mapping[str, float]) -> float:
    """The log-odds of a model for these features; the table's 'always' is the intercept."""
    return table["always"] + sum(table[name] * value for name, value in found.items() if name in table)


def opens_thread(text: str, by: int | str = 0, at: datetime | None = None, earlier: Sequence[Spoken] = ()) -> bool:
    """Whether a message in a channel that is not for questions only opens a help thread.

    Without `at`, the message is judged by its words alone. If they do not ask anything, no preceding silence makes it a
    question.
    """
    found = signs(text)
    words = weigh(found, weights.OPENING)
    if at is None or words < LEAST or not text.strip():
        return bool(text.strip()) and words > weights.OPENING_FROM
    return weigh(found | signs_around(by, at, earlier), weights.OPENING_IN_TALK) > weights.OPENING_IN_TALK_FROM
