"""A person erases what is theirs: asked first, and done at once."""

from datetime import timedelta

from bot.core.feature import Press, Reply
from bot.core.people import ANYONE
from bot.core.turn import Turn
from bot.features.mine import views
from bot.features.mine.store import MineStore, feature

Mine = Turn[MineStore]

PACE = timedelta(seconds=2)
"""How long a platform may take to change one message. The slowest allows 50 a minute."""

AT_LEAST = timedelta(minutes=1)


@feature.action("erase", roles=ANYONE, lane="private", after_end=True, kept=False)
def ask(turn: Mine, press: Press) -> Reply:
    """Says what an erasure does. Raises Refused for the last manager of a cohort."""
    found = turn.features.erasure(turn, turn.me.id)
    return views.sure(turn.features.kept_about(turn.me.id), found.messages, turn.me.id)


@feature.action("erase_now", roles=ANYONE, lane="private", after_end=True)
def erase(turn: Mine, press: Press) -> Reply:
    if press.subject != str(turn.me.id):
        # Pressed once more: whoever pressed it first is somebody else by now.
        return views.nothing_left()
    found = turn.features.erasure(turn, turn.me.id)
    turn.erase(turn.me.id)
    return views.erased(turn.now + AT_LEAST + PACE * found.messages, found)
