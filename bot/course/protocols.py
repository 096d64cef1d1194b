"""The named protocols of discussions: the fields of a post in order, each with what it is for."""

from collections.abc import Mapping
from difflib import get_close_matches

from bot.core.translation import N_
from bot.course.model import Argument, PostField

DEFAULT = "claim, evidence, question"

PROTOCOLS: Mapping[str, tuple[PostField, ...]] = {
    DEFAULT: (
        PostField(N_("Claim"), N_("What you hold to be true, in a sentence or two."), "claim"),
        PostField(N_("Evidence"), N_("What speaks for it: a number, a source, something that you saw."), "evidence"),
        PostField(N_("Question"), N_("What you would like the others to answer."), "question"),
    ),
    "case and critique": (
        PostField(N_("Case"), N_("What happened, so that somebody who was not there can follow.")),
        PostField(N_("Critique"), N_("What went well in it, and what you would do differently.")),
        PostField(N_("Question"), N_("Where you would like the advice of the others."), "question"),
    ),
    "two sides": (
        PostField(N_("One side"), N_("The strongest reason for it.")),
        PostField(N_("The other side"), N_("The strongest reason against it.")),
        PostField(N_("Where you stand"), N_("What decides it for you, and what would change your mind.")),
    ),
    "gallery walk": (
        PostField(N_("Your work"), N_("A link, or the work itself.")),
        PostField(N_("Where to look first"), N_("The part that you would like the others to look at.")),
        PostField(N_("Question"), N_("What you would like to hear about it."), "question"),
    ),
}


def named(text: str) -> tuple[PostField, ...] | None:
    """The fields of the protocol with this name; None if there is none."""
    return PROTOCOLS.get(_plain(text))


def nearest(text: str) -> str:
    """The name of a protocol that was probably meant; '' if none resembles it. A slip leaves no word out."""
    words = _plain(text)
    near = get_close_matches(words, PROTOCOLS, 1, 0.75)
    return near[0] if near and len(near[0].split()) == len(words.split()) else ""


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def argument(title: str) -> Argument:
    """What a field with this title is in an argument, by its words."""
    words = title.lower().replace(",", " ").split()
    for part in ("claim", "evidence", "question"):
        if part in words:
            return part
    return ""
