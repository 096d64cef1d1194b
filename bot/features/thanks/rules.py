"""Pure decisions about thanks."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

A_WEEK = 5
"""Maximum thanks of one person in seven days, few enough that each means something."""

USEFUL = timedelta(days=14)
"""How long it is useful to tell somebody."""


EVER = datetime(2000, 1, 1, tzinfo=UTC)
"""Before all thanks."""


def since(now: datetime) -> datetime:
    """From when on thanks count together."""
    return now - timedelta(days=7)


# Thanks in one's own words

LONGEST = 400
"""Maximum characters of a message that is read as thanks."""

FEW = 15
"""Words that say nothing beyond thanks."""

MOST = 3
"""People whom one message thanks at most."""

_THANKS = re.compile(
    r"\b(?:thanks|thank|thx|kudos|shout-?outs?|props|cheers|grateful|danke|dank|bedank\w{0,5}|dankbar|obrigad[oa]|"
    r"agrade\w{1,8}|valeu|gracias|merci)\b",
    re.IGNORECASE,
)
_HELPED = re.compile(
    r"\b(?:helped|been (?:so |very |really |such )?(?:a great |a big |a huge )?help(?:ful)?|was (?:so |very |really )?"
    r"helpful|saved me|saved my|geholfen|half mir|half uns|me ajudou|ajudou|me ayudó|nos ayudó|m'a aidée?)\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\?|\b(?:not|no|never|nobody|wish|could|would have|nicht|kein\w{0,2}|nie|não|nao|nunca|nadie)\b|n't\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?\n])\s+")


def thanked_in(text: str, names: Mapping[int, str]) -> list[int]:
    """Whom a short message thanks: those of `names`, by id, who stand with a word of thanks, or before what they helped
    with. A first name that two people have names nobody."""
    found: list[int] = []
    for sentence in _SENTENCE.split(text) if len(text) <= LONGEST else ():
        thanks, helped = _THANKS.search(sentence), _HELPED.search(sentence)
        if _NOT.search(sentence) or not (thanks or helped):
            continue
        for person, said in _called(names).items():
            at = [m.start() for one in said for m in re.finditer(rf"(?<!\w)@?{re.escape(one)}(?!\w)", sentence)]
            if (thanks and at) or (helped and any(place < helped.start() for place in at)):
                found.append(person)
    return list(dict.fromkeys(found))[:MOST]


def _called(names: Mapping[int, str]) -> dict[int, list[str]]:
    """What each person is called: their name, and the first word of it if that is nobody else's."""
    firsts = [name.split()[0] for name in names.values() if name.split()]
    return {
        person: [name, *(first for first in name.split()[:1] if firsts.count(first) == 1)]
        for person, name in names.items()
        if name.split()
    }


def says_more(text: str) -> bool:
    """Whether a message of thanks has words that the course team may want to read."""
    return len(text.split()) > FEW
