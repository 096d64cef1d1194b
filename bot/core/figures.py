"""How a figure of a cohort's week reads, wherever the course team sees it."""

from datetime import timedelta

from bot.core.contributions import Figure
from bot.core.message import Bold, Text
from bot.core.time import say_minutes
from bot.core.translation import _


def is_told(figure: Figure) -> bool:
    """Whether there is anything to say."""
    said = figure.value or figure.base or figure.before or figure.wants_a_look
    return bool(said) or isinstance(figure.value, timedelta)


def line(figure: Figure) -> Text:
    """'Week 2 wrap-ups: 7 of 12 (58 %), +2 on the week before, 2 late'."""
    said = _span(figure.value) if isinstance(figure.value, timedelta) else str(figure.value)
    if figure.base is not None and isinstance(figure.value, int):
        share = f" ({round(100 * figure.value / figure.base)} %)" if figure.base else ""
        said = _("{value} of {base}{share}", value=figure.value, base=figure.base, share=share)
    change = figure.value - figure.before if figure.before is not None and isinstance(figure.value, int) else 0
    before = [_("{change:+d} on the week before", change=change)] if change else []
    said = ", ".join((said, *before, *figure.more))
    return (f"{figure.label}: ", Bold(said) if figure.wants_a_look else said)


def _span(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 1:
        return _("less than a minute")
    return say_minutes(minutes)
