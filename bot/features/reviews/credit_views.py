"""Words about peer reviews that the completion rule asks for."""

from datetime import datetime

from bot.core.contributions import Item, Promise
from bot.core.message import Bold, Instant, Text
from bot.core.translation import _, _n, phrase
from bot.features.reviews.views import about


def needs(number: int) -> str:
    return _n("{n} peer review", "{n} peer reviews", number)


def did(item: Item) -> Text:
    return (_("Reviewing others: “{title}”", title=about(item.title)),)


def missing(item: Item, now: datetime) -> Text:
    """A review that somebody lacks, and until when it is taken."""
    title, until = about(item.title), item.taken_until or item.due_at
    if not item.is_pending(now):
        return phrase("Reviewing others: “{title}”: its time is over", title=title)
    if now < item.due_at:
        return phrase("Reviewing others: “{title}”: counts until {at}", title=title, at=Instant(until))
    return phrase("Reviewing others: “{title}”: a late review counts until {at}", title=title, at=Instant(until))


def promise(number: int, item: Item) -> Promise:
    """'Look at two drafts, due Thu 22 Jan, 20:00: taken until Thu 29 Jan, 20:00'"""
    return Promise(
        (number, item.own_date, str(item.due_at)),
        phrase(
            "{title}, due {due}: taken until {at}",
            title=Bold(about(item.title)),
            due=Instant(item.due_at),
            at=Instant(item.taken_until or item.due_at),
        ),
    )
