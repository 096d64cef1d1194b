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
    said = ", ".join(part for part in (value(figure), change(figure), *figure.more) if part)
    return (f"{figure.label}: ", Bold(said) if figure.wants_a_look else said)


def value(figure: Figure) -> str:
    """'7 of 12 (58 %)'"""
    said = _said(figure.value)
    if figure.base is None:
        return said
    share = f" ({figure.share} %)" if figure.share is not None else ""
    return _("{value} of {base}{share}", value=said, base=_said(figure.base), share=share)


def change(figure: Figure) -> str:
    """'+2 on the week before'; empty without a change."""
    if isinstance(figure.change, timedelta):
        minutes = round(figure.change.total_seconds() / 60)
        if not minutes:
            return _("as the week before")
        span = say_minutes(abs(minutes))
        if minutes > 0:
            return _("{span} more than the week before", span=span)
        return _("{span} less than the week before", span=span)
    if figure.change is None:
        return ""
    return _("{change:+d} on the week before", change=figure.change) if figure.change else _("as the week before")


def _said(value: int | timedelta) -> str:
    return _span(value) if isinstance(value, timedelta) else str(value)


def _span(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 1:
        return _("less than a minute")
    return say_minutes(minutes)
