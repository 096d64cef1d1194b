"""Which reply answered a question, and was it solved? Used if nobody has marked anything.

The replies of one thread compete with each other, so a small conditional model over their features ranks them; another
model rates the thread as a whole. `benchmarks/fit_questions.py` fits both.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from bot.features.questions import weights
from bot.features.questions.detecting import MARKS, weigh

SURE = -0.5
"""Log-odds of being solved above which the asker's own satisfied last message is believed."""

_LONGEST_READ = 4000
"""Maximum characters of a text that are read."""


def _any(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_THANKS = _any(r"\b(thanks?|thank ?you|thx|cheers|appreciate|much obliged|grateful)\b")
_WORKED = _any(
    r"\b((it|that|this|everything|all)('s| is| has)?( now| all| just)?( been)? ?"
    r"(works?|worked|working|solved|fixed|resolved)|works? (now|great|fine|perfectly|like a charm|well)|worked|"
    r"did the trick|that was it|was the (problem|issue|trick)|got it( to work| working)?|makes? sense|perfect|"
    r"exactly what|solved|resolved|figured (it|this|that)? ?out|(now|finally) works?|good catch|that helps?|helpful|"
    r"very clear|answers my|that did it|i see now|will (do|try|give)|good to know|aha|awesome|excellent)\b"
)
_FOUND = _any(
    r"\b(i (have |'ve )?(just |finally |also |actually )?(figured|found|resolved|solved|fixed|got|discovered|realized|"
    r"realised|managed|was able)|the (problem|issue|solution|fix|trick|answer|cause|reason|culprit) (was|is|turned)|"
    r"turn(s|ed) out|never ?mind|i was (missing|using|passing|sending|not)|i had to|"
    r"(it|that|this) (worked|resolved|fixed|solved)|now (it )?works|resolved|solved|my (mistake|bad|fault))\b"
)
_CHANGED = _any(
    r"\b(i('ve| have)? (just |finally |also |actually |now )?(figured|found|resolved|solved|fixed|discovered|realized|"
    r"realised|managed|changed|switched|added|removed|had to|needed to)|my (mistake|bad|fault|own)|never ?mind|"
    r"i was (missing|using|passing|sending|not|able)|work ?around|answered my|i('m| am) (now )?able|solved|resolved|"
    r"turn(s|ed) out|the (problem|issue|error|cause|reason) was)\b"
)
_STILL = _any(
    r"\b(still|however|unfortunately|but (now|i|it|the|when)|same (error|issue|problem)|"
    r"(does|did|do|is|was|are|can)(n't|nt|n’t| not)|can ?not|no luck|another (issue|question|problem)|now i|error|"
    r"not sure|confus\w*)\b"
)
_GLAD = _any(
    r"^.{0,40}\b(glad|great to hear|good to hear|you'?re (very )?welcome|no problem|np|happy to|anytime|excellent|"
    r"awesome|cool|good luck|nice|sounds good|my pleasure|no worries|great!)\b"
)
_SAME = _any(
    r"\b(same (problem|issue|error|question|thing)|me too|also (having|getting|seeing|looking|interested|need)|"
    r"any (update|news|luck|progress|solution|word)|bump|similar (issue|problem)|i'?( a)?m having|"
    r"did you (ever|find|get|manage)|ever (get|find|figure))\b"
)
_LATER = _any(
    r"\b(i('| wi)ll (test|check|look|find|try|see|get|let|ask|have|follow|escalate|pass|forward|take|be)|"
    r"get back to you|stay tuned|escalat\w*|looking into|we('| a)re (looking|working|investigating)|"
    r"let me (check|look|see|find|test|get)|working on (it|this)|sorry for the delay)\b"
)
_TRIES = _any(r"\b(will|'ll|gonna|going to|let me) (try|test|give|check|look|see)\b")
_WORD = re.compile(r"\w{3,}")
_COMMON = frozenset(
    _WORD.findall(
        """
        the and that this for you with are have not can but was your from what there they will would when how all any
        just has about get
        """
    )
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message in a thread; `by` only tells people apart."""

    by: int | str | None
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ranked`: the replies by number from 0, the likeliest answer first. `solved`: one of them probably was it.
    `sure`: the asker's last message confirms that. `doubted`: that message says the contrary."""

    ranked: tuple[int, ...]
    solved: bool
    sure: bool = False
    doubted: bool = False


def judge(question: Said, replies: Sequence[Said]) -> Verdict:
    """Reads a thread in which the asker and the instructors have marked nothing."""
    if not replies:
        return Verdict((), False)
    found = reply_signs(question, replies)
    scores = [weigh(signs, weights.ANSWER) for signs in found]
    ranked = tuple(sorted(range(len(replies)), key=lambda n: (-scores[n], n)))
    odds = weigh(thread_signs(question, replies, scores), weights.SOLVED)
    last = next((r.text[:_LONGEST_READ] for r in reversed(replies) if r.by == question.by), "")
    others = any(reply.by != question.by for reply in replies)
    unsure = _STILL.search(last) or _TRIES.search(last) or any(mark in last for mark in MARKS)
    satisfied = _pleased(last) and not unsure
    sure = odds > SURE and others and satisfied and says_something(replies[ranked[0]].text)
    doubted = _asks(last) or (bool(_STILL.search(last)) and not _pleased(last))
    return Verdict(ranked, odds > weights.SOLVED_FROM, sure, doubted)


def says_something(text: str) -> bool:
    """Whether a reply is an answer, and does not only ask back or promise one."""
    return not _asks(text) and not (_LATER.search(text[:_LONGEST_READ]) and len(_words(text)) < 40)


def doubts(text: str) -> bool:
    """Whether somebody says that it does not work yet."""
    return _STILL.search(text[:_LONGEST_READ]) is not None


def _pleased(text: str) -> bool:
    text = text[:_LONGEST_READ]
    return bool(_THANKS.search(text) or _WORKED.search(text) or _FOUND.search(text)) and not _asks(text)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _asks(text: str) -> bool:
    return text.rstrip(" .!)\n").endswith(MARKS)


def reply_signs(question: Said, replies: Sequence[Said]) -> list[dict[str, float]]:
    """Features of each reply, for and against its being the answer."""
    asker = question.by
    texts = [reply.text[:_LONGEST_READ] for reply in replies]
    words = [_words(text) for text in texts]
    own = [reply.by == asker for reply in replies]
    others = [n for n, mine in enumerate(own) if not mine]
    longest = max(others, key=lambda n: len(words[n]), default=-1)
    asked = set(_words(question.text[:_LONGEST_READ])) - _COMMON
    first_own = own.index(True) if True in own else -1
    heard: set[int | str | None] = set()
    found = []
    for n, text in enumerate(texts):
        signs: dict[str, object] = {"length": log(1 + len(words[n])), "has a question mark": "?" in text}
        if own[n]:
            signs |= {
                "own": True,
                "own, found it": _FOUND.search(text),
                "own, changed something": _CHANGED.search(text),
                "own, it worked": _WORKED.search(text),
                "own, but": _STILL.search(text),
                "own, asks": "?" in text,
                "own, the first": n == first_own,
            }
        else:
            signs |= _signs_of_other(replies, texts, own, n)
            about = set(words[n]) - _COMMON
            signs |= {
                "the only other": len(others) == 1,
                "the last other": n == others[-1],
                "the longest other": n == longest,
                "first, asker silent": n == others[0] and first_own < 0,
                "somebody new": replies[n].by not in heard,
                "shares words": len(about & asked) / (1 + len(about)) ** 0.5,
                "mere gladness": bool(_GLAD.search(text)) and len(words[n]) < 40,
            }
        heard.add(replies[n].by)
        found.append({name: _number(value) for name, value in signs.items()})
    return found


def _number(value: object) -> float:
    """A measure keeps its value; anything else is 1 or 0."""
    return value if isinstance(value, float) else float(bool(value))


def _signs_of_other(replies: Sequence[Said], texts: Sequence[str], own: Sequence[bool], n: int) -> dict[str, object]:
    """Features of the context of a reply by somebody else: what the asker said before and after it."""
    text = texts[n]
    first, last = n, n
    while first > 0 and replies[first - 1].by == replies[n].by:
        first -= 1
    while last + 1 < len(replies) and replies[last + 1].by == replies[n].by:
        last += 1
    at_once = texts[n + 1] if n + 1 < len(replies) and own[n + 1] else ""
    then = texts[last + 1] if last + 1 < len(replies) and own[last + 1] else ""
    before = texts[first - 1] if first > 0 and own[first - 1] else ""
    thanked = bool(_THANKS.search(at_once))
    return {
        "asker speaks next": bool(at_once),
        "asker thanks": thanked,
        "asker thanks shortly": thanked and len(at_once) < 200,
        "then it worked": _WORKED.search(then),
        "then asker changed something": _CHANGED.search(then),
        "after the asker": bool(before),
        "after the asker asked": "?" in before,
        "other found it": _FOUND.search(text),
        "other thanks": _THANKS.search(text),
        "promises": _LATER.search(text),
        "the same with me": _SAME.search(text),
    }


def thread_signs(question: Said, replies: Sequence[Said], scores: Sequence[float]) -> Mapping[str, float]:
    """Features of whether the question was solved. `scores`: the log-odds of the replies."""
    own = [reply.text[:_LONGEST_READ] for reply in replies if reply.by == question.by]
    others = [reply.text[:_LONGEST_READ] for reply in replies if reply.by != question.by]
    last = replies[-1]
    best = max(scores)
    ahead = -log(sum(exp(score - best) for score in scores))
    ends = own[-1] if own else ""
    found = {
        "asker came back": bool(own),
        "asker ends pleased": _pleased(ends),
        "asker ends asking": _asks(ends),
        "asker ends with but": _STILL.search(ends) is not None,
        "asker found it": any(_FOUND.search(text) for text in own),
        "it worked": any(_WORKED.search(text) for text in own),
        "asker has the last word": last.by == question.by,
        "ends in a question": _asks(last.text),
        "somebody is glad": any(_GLAD.search(text) for text in others),
        "nobody else": not others,
        "replies": log(1 + len(replies)),
        "best": best,
        "ahead": ahead,
        "is short": len(replies) < 2,
    }
    return {name: float(value) for name, value in found.items()}
