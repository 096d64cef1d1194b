"""What is kept about a person, as that person sees it: it follows from what all features declare that they keep."""

from collections.abc import Sequence

from bot.core.contributions import ON_SETTINGS
from bot.core.feature import Press, Reply
from bot.core.message import Block
from bot.core.people import ANYONE, Person
from bot.core.turn import Turn
from bot.features.mine import copying, erasing, expiring, subscribing, views
from bot.features.mine.store import MineStore, feature

__all__ = ["copying", "erasing", "expiring", "feature", "subscribing"]

Mine = Turn[MineStore]


@feature.contributes(ON_SETTINGS)
def on_settings(turn: Mine, person: Person) -> Sequence[Block]:
    return views.on_settings()


@feature.action("kept", roles=ANYONE, lane="private", after_end=True, kept=False)
def what_is_kept(turn: Mine, press: Press) -> Reply:
    return views.kept(turn.features.kept_about(turn.me.id))
