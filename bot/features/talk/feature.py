"""Talk: every private message gets an answer, and nobody else reads it before its author has said what it is.

`rules` holds how a message is read, `choosing` the buttons below a message, `hearing` what people write.
"""

from bot.features.talk import choosing, hearing
from bot.features.talk.store import feature

__all__ = ["choosing", "feature", "hearing"]
