"""Peer review: what each module declares.

The pieces are the work that others contribute (`WORK`). A piece is handed out when somebody presses 'Review', so
nothing is assigned beforehand and nobody has to be replaced: what is open, how often it was reviewed and what nobody is
left to review follow from the work and from what was taken.
"""

from bot.features.reviews import (
    consenting,
    contributing,
    crediting,
    following,
    heartening,
    overseeing,
    receiving,
    reporting,
    sending,
    taking,
    telling,
    wishes,
)
from bot.features.reviews.store import feature

__all__ = [
    "consenting",
    "contributing",
    "crediting",
    "feature",
    "following",
    "heartening",
    "overseeing",
    "receiving",
    "reporting",
    "sending",
    "taking",
    "telling",
    "wishes",
]
