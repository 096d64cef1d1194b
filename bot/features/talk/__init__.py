"""Talk: every private message gets an answer, and nobody else reads it before its author has said what it is.

`border` holds the values and the store that is needed, `rules` how a message is read, `choosing` the buttons below a
message, `hearing` what people write.
"""

from bot.features.talk import choosing, hearing
from bot.features.talk.border import feature

__all__ = ["choosing", "feature", "hearing"]
