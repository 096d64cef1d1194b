"""Pure decisions about questions."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from statistics import median
from typing import get_args

from bot.core.events import MEDIA, Medium
from bot.core.message import Status
from bot.core.translation import N_, _
from bot.core.uptime import Uptime
from bot.features.questions import weights
from bot.features.questions.detecting import MARKS, Spoken, opens_thread, signs, weigh
from bot.features.questions.resolving import doubts
from bot.features.questions.store import Asked, Question, Response, State

ASKS = "❓"
DONE = "✅"
KNOWN = "💡"
"""On a question: the FAQ knows something. Its author gets that privately by adding the same reaction."""
TICKS = frozenset({"✅", "✔", "☑"})
CROSSES = frozenset({"❌", "✖"})
THANKS = frozenset("🙏❤💜💙💚🧡💛🎉🙌💯👏👍🥰😍🤩⭐")
_THANKED = re.compile(
    r"\b(?:thanks?|thank you|thx|danke(?:sch[öo]n)?|dank|gracias|merci|obrigad[oa]|grazie|bedankt|dzi[eę]kuj[eę])\b",
    re.I,
)
"""Words of thanks, in the languages of many courses."""
_TONES = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")

LONGEST = 3000
"""Maximum characters of a question or a reply."""

ENOUGH = 3
"""So many answers say whether a cohort waits for them too long."""

SHORT = 80
"""Characters of a reply that may only say thanks."""

LONG = 40
"""Characters from which a message that begins with a courtesy may be more than that."""

LIKELY = -2.6
"""Log-odds of its words from which a first message in the question channel counts as a question without further
evidence. Most are questions there, and a wrong ❓ is undone by one gesture."""

_OPENERS = frozenset(
    re.findall(
        r"\w+",
        """
        who what why where when which how can could is are does do did should would has have will am anyone anybody
        somebody someone help error issue problem stuck wondering question
        """,
    )
)
_SIGNS = re.compile(
    r"\b(how (do|can|to|should)|is there|are there|any ?(one|body|idea|ideas)|help|errors?|exceptions?|"
    r"stuck|fails?|failed|failing|trouble|(not|n't|n’t) (work|working|find|start|run|load))\b"
)
_COURTESIES = re.compile(
    r"^(hi|hello|hey|good (morning|afternoon|evening)|welcome|thanks?|thank you|thx|congrats|congratulations|"
    r"great|awesome|nice|cheers|bye|ok|okay|sure|yes|no|fyi|done|solved|never ?mind)\b"
)
_SETTLED = re.compile(
    r"(?<!not )(?<!n't )(?<!n’t )\b(solved|resolved|answered|found (it|out|the (answer|solution))|"
    r"(figured|sorted) (it |that |this )?out|never ?mind|nvm|got it|(it|this|that)( now)? works|works (now|again)|"
    r"fixed( it| now)?|(no longer|not) needed( any ?more)?|(don'?t|do not) need (it|this|that) any ?more)\b"
)
_REFUSES = re.compile(r"^(no|nope|not)\b(?! (problem|worries|need|longer|more)\b).* ")
"""What begins like a courtesy and may be a protest."""
_FORMATS = re.compile(r"[~*_`>]")
_NOISE = re.compile(r"```.*?```|`[^`]*`|https?://\S+|<[^<>\n]*>", re.DOTALL)


def unfit(text: str, what: str) -> str:
    """Why a text cannot be a question or a reply; empty if it can."""
    if not text:
        return _("Please write your {what}.", what=what)
    if len(text) > LONGEST:
        return _(
            "This is {number:,} characters long; {longest:,} fit. Please shorten it.", number=len(text), longest=LONGEST
        )
    if what == "question" and not any(letter.isalnum() for letter in text):
        return _("Nothing here is in words. What would you like to ask?")
    return ""


def wordless(medium: Medium) -> str:
    """What is shown for a reply without words: a picture, a voice message."""
    return f"[{_(_named(medium))}]"


def has_words(text: str) -> bool:
    """`text` may have been stored before the language was set."""
    return text not in {f"[{said}]" for medium in get_args(Medium) for said in (_named(medium), _(_named(medium)))}


def _named(medium: Medium) -> str:
    return MEDIA.get(medium, N_("nothing in words"))


def opens_question(text: str) -> bool:
    """Whether a first message in the question channel asks for help. A wrong guess is undone by one gesture."""
    said = " ".join(_NOISE.sub(" ", text).lower().split())
    words = re.findall(r"\w+", said)
    if not words:
        return False
    if any(mark in said for mark in MARKS):
        return True
    if _COURTESIES.match(said):
        return bool(_SIGNS.search(said)) and len(said) > LONG
    return words[0] in _OPENERS or bool(_SIGNS.search(said)) or weigh(signs(text), weights.OPENING) > LIKELY


def is_over(before: str, after: str) -> bool:
    """Whether an edit says that nothing is asked any more: what was added says so, or words that ask nothing took the
    place of the question."""
    old, new = _said(before), _said(after)
    if _SETTLED.search(" ".join(old)):
        return False
    added = " ".join(_added(old, new))
    if _SETTLED.search(added) and not any(mark in added for mark in MARKS):
        return not doubts(_SETTLED.sub(" ", added))
    return not opens_question(after) and 2 * len(set(old) & set(new)) <= len(set(old))


def _said(text: str) -> list[str]:
    return _FORMATS.sub("", text.lower()).split()


def _added(old: Sequence[str], new: Sequence[str]) -> Sequence[str]:
    """The words between what both texts begin with and what both end with."""
    least = min(len(old), len(new))
    begin = next((n for n in range(least) if old[n] != new[n]), least)
    end = next((n for n in range(least - begin) if old[-1 - n] != new[-1 - n]), least - begin)
    return new[begin : len(new) - end]


def asks_elsewhere(text: str, by: int, at: datetime, earlier: Sequence[Spoken]) -> bool:
    """Whether a message outside the question channel opens a help thread. A greeting may begin one, but there is
    nothing to answer yet: the next message will say more."""
    return not is_courtesy(text) and opens_thread(text, by, at, earlier)


def is_courtesy(text: str) -> bool:
    """Whether it is only a greeting, thanks or the like."""
    said = " ".join(_NOISE.sub(" ", text).lower().split())
    return bool(_COURTESIES.match(said)) and not _SIGNS.search(said) and not any(mark in said for mark in MARKS)


def gesture(emoji: str) -> str:
    """The meaning of a reaction: `tick`, `cross`, `known`, or nothing."""
    if emoji == KNOWN:
        return "known"
    return "tick" if is_tick(emoji) else "cross" if _TONES.sub("", emoji) in CROSSES else ""


def is_tick(emoji: str) -> bool:
    return _TONES.sub("", emoji) in TICKS


def is_thanks(emoji: str) -> bool:
    """Whether a reaction on a reply says thanks, or well done."""
    return _TONES.sub("", emoji) in THANKS


def newer(revision: str, known: str) -> bool:
    """Whether a message's revision (a counter or an edit's time) is later than the stored one."""
    try:
        return not known or Decimal(revision) > Decimal(known)
    except InvalidOperation:
        return revision > known


def is_word(question: Question, response: Response) -> bool:
    """Whether a reply came first: the course team wrote to the learner, and the note answers that."""
    return question.kind == "note" and not response.own and response.at <= question.asked_at


def has_answered(question: Question, responses: Sequence[Response]) -> bool:
    """Whether the asker spoke last. To what the course team wrote first, the note itself is the answer."""
    last = responses[-1] if responses else None
    return last is not None and (last.own or (is_word(question, last) and bool(question.text)))


def unsolved(question: Question) -> State:
    """The state to which a question returns if it is neither solved nor dropped."""
    if question.kind == "history":
        return "past"
    return "elsewhere" if question.plain and question.kind == "main" else "open"


def badges(question: Question) -> frozenset[str]:
    """The bot's own reactions on a learner's question."""
    shown = set()
    if question.kind == "questions" and question.state in ("open", "solved"):
        shown.add(ASKS)
    if question.state == "solved":
        shown.add(DONE)
    return frozenset(shown)


def status(question: Question) -> Status:
    """The status of the conversation that a question opens in its channel."""
    shown: dict[State, Status] = {"open": "open", "solved": "answered"}
    return shown.get(question.state, "")


def may_decide(question: Question, person: int, is_staff: bool, openly: bool) -> bool:
    """Whether a person decides what the answer is: the asker and the course team do.

    `openly`: by a gesture that others see. It does not count for anonymous askers, since its effect would reveal them.
    """
    return is_staff or (person == question.asker and not (openly and question.anonymous))


def is_own(question: Question, author: int) -> bool:
    """Whether a reply is the asker's own, as far as others may know: under their name, anonymous askers are treated
    like anybody else."""
    return author == question.asker and not question.anonymous


def waits_since(question: Question, last: Response | None) -> datetime | None:
    """Since when the asker waits for somebody else; None if the last word was not theirs. `last`: the last reply."""
    if question.kind == "note":
        return None
    if last is None or not question.replies:
        return question.asked_at
    asks_again = last.own and not only_thanks(last.text)
    return last.at if asks_again or question.guess == "not_yet" else None


def only_thanks(text: str) -> bool:
    """Whether a reply of the asker thanks and asks nothing, so nobody is waited for. Whether the question is answered
    is for the asker to say."""
    return len(text) <= SHORT and "?" not in text and _THANKED.search(text) is not None


def insists(text: str) -> bool:
    """Whether its asker still needs a question that somebody else has closed. Anything but thanks, a nod or 'found it'
    says so."""
    if doubts(text) or any(mark in text for mark in MARKS):
        return True
    said = " ".join(_NOISE.sub(" ", text).lower().split())
    nods = is_courtesy(text) and not _REFUSES.match(said)
    return has_words(text) and not (nods or only_thanks(text) or _SETTLED.search(said))


def asks_more(text: str) -> bool:
    """Whether its asker writes below a marked answer that it is none, or that it leaves something open."""
    return not only_thanks(text) and (doubts(text) or text.rstrip(" .!)\n").endswith(MARKS))


def is_quiet(question: Question, last: Response | None, since: datetime) -> bool:
    """Whether somebody else had the last word, the asker did not say that it has not helped, and nothing was written
    since then."""
    return (
        question.kind != "note"
        and last is not None
        and last.at < since
        and question.asked_at < since
        and waits_since(question, last) is None
    )


def in_time(asked: Sequence[Asked], promised: timedelta, uptime: Uptime) -> tuple[int, int]:
    """(answered in time, all that were answered or whose time is up)."""
    judged = [a for a in asked if a.answered_at is not None or uptime.since(a.at) > promised]
    kept = [a for a in judged if a.answered_at is not None and uptime.between(a.at, a.answered_at) <= promised]
    return len(kept), len(judged)


def known_at(asked: Sequence[Asked], now: datetime) -> list[Asked]:
    """What had been asked at an instant, as it was known then."""
    return [
        replace(a, answered_at=None) if a.answered_at is not None and a.answered_at > now else a
        for a in asked
        if a.at <= now
    ]


def is_slow(asked: Sequence[Asked], promised: timedelta, uptime: Uptime) -> bool:
    """Whether half of the answers, of three or more, took longer than promised."""
    wait = median_wait(asked, uptime)
    return sum(a.answered_at is not None for a in asked) >= ENOUGH and wait is not None and wait > promised


def median_wait(asked: Sequence[Asked], uptime: Uptime) -> timedelta | None:
    """The median time to the first answer; None if nothing was answered."""
    waits = [uptime.between(a.at, a.answered_at).total_seconds() for a in asked if a.answered_at is not None]
    return timedelta(seconds=median(waits)) if waits else None
