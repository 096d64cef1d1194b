"""Talk: every private message gets an answer, and nobody else reads it before its author has said what it is.

`rules` holds how a message is read, `choosing` the buttons below a message, `hearing` what people write, and
`mentioning` tells once, on a card that comes anyway, what nobody has read.
"""

from bot.features.talk import choosing, hearing, mentioning
from bot.features.talk.store import feature

__all__ = ["choosing", "feature", "hearing", "mentioning"]
