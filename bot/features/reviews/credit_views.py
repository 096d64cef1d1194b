"""Words about peer reviews that the completion rule asks for."""

from bot.core.contributions import Item
from bot.core.message import Text
from bot.core.translation import _, _n
from bot.features.reviews.views import about


def needs(number: int) -> str:
    return _n("{n} peer review", "{n} peer reviews", number)


def did(item: Item) -> Text:
    return (_("Reviewing others: “{title}”", title=about(item.title)),)
