"""Questions: asked by command, form or plain message, followed in their threads, and marked as answered.

`asking` and `answering` hold what people do by commands, buttons and forms, `private` the questions made of private
messages, `shortcuts` a message's own menu, `following` what people say and do in the channels, `marking` the changes of
a question's state, `helping` what its asker is asked and told about it, `lost` what could not be posted,
`queue` the page of what waits, `pace` what waited too long.
"""

from bot.features.questions import (
    answering,
    asking,
    contributing,
    following,
    helping,
    lost,
    pace,
    private,
    queue,
    reporting,
    shortcuts,
    writing,
)
from bot.features.questions.store import feature

__all__ = [
    "answering",
    "asking",
    "contributing",
    "feature",
    "following",
    "helping",
    "lost",
    "pace",
    "private",
    "queue",
    "reporting",
    "shortcuts",
    "writing",
]
